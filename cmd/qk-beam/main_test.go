package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/runners"
	"pgregory.net/rapid"
)

// TestMain makes the random texts the same in every run. A run with other ones is
// asked for with -rapid.seed.
func TestMain(m *testing.M) {
	flag.Parse()
	if seed := flag.Lookup("rapid.seed"); seed.Value.String() == "0" {
		if err := seed.Value.Set("1"); err != nil {
			panic(err)
		}
	}
	beam.Init()
	os.Exit(m.Run())
}

// writeFile writes a file of a test and returns its path.
func writeFile(t testing.TB, dir, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// runCommand executes a command line and returns the exit code and what was printed.
func runCommand(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(context.Background(), args, &out, &errs)
	return code, out.String(), errs.String()
}

// drawLines draws lines of a few words each, with line ends of both kinds. Small
// alphabets make words recur.
func drawLines(t *rapid.T) string {
	letters := strings.Split("a b c d é 世 X ½", " ")[:rapid.IntRange(2, 8).Draw(t, "letters")]
	words := rapid.SliceOfN(rapid.SampledFrom(letters), 0, 9)
	var text strings.Builder
	for range rapid.IntRange(1, 12).Draw(t, "lines") {
		text.WriteString(strings.Join(words.Draw(t, "line"), " "))
		text.WriteString(rapid.SampledFrom([]string{"\n", "\n", "\r\n"}).Draw(t, "end"))
	}
	text.WriteString("a b")
	text.WriteString(rapid.SampledFrom([]string{"", "\n", "\n\n"}).Draw(t, "last end"))
	return text.String()
}

// resetRunner puts the flags of Beam that tests set back to what Prism in this process
// needs.
func resetRunner() {
	*runners.Runner = ""
	*jobopts.EnvironmentType = "loopback"
}
