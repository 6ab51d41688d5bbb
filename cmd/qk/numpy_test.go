package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// exportPython is the environment variable that names a Python with the packages numpy,
// safetensors and, for some tests, tensorboard.
const exportPython = "QK_EXPORT"

// wantPython skips a test, audibly, where there is no Python with some packages.
func wantPython(t *testing.T, packages ...string) {
	t.Helper()
	py := os.Getenv(exportPython)
	for _, p := range packages {
		if py == "" || exec.Command(py, "-c", "import "+p).Run() != nil {
			t.Skipf("NOT TESTED: %s, without %s, the path of a Python that has it (pip install %s)", p, exportPython, strings.Join(packages, " "))
		}
	}
}

// python runs a program of testdata in that Python and returns what it prints.
func python(t *testing.T, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(os.Getenv(exportPython), append([]string{program}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, stderr.String())
	}
	return string(out)
}

// TestNumpyReadsExport has numpy and the reference implementation of safetensors read
// what export writes of several runs, and compare every number with the JSON of qk.
func TestNumpyReadsExport(t *testing.T) {
	wantPython(t, "numpy", "safetensors")
	program, err := filepath.Abs(filepath.Join("testdata", "export.py"))
	must(t, err)
	for name, args := range map[string][]string{
		"diary":    {"--corpus", "diary"},
		"words":    {"--corpus", "text.txt", "--tokens", "fields", "--keep-case", "--max-vocab", "60", "--steps", "5", "--scaled"},
		"recall":   {"--corpus", "text.txt", "--max-vocab", "70", "--task", "recall", "--steps", "5", "--boundary", "--rank", "5"},
		"logistic": {"--corpus", "candle", "--task", "recall", "--objective", "logistic", "--steps", "50"},
		"one-hot":  {"--corpus", "coat", "--one-hot", "--null=false", "--steps", "20"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "text.txt", tokenText())
			if r := (session{}).run(append([]string{"train", "-q", "--out", "run"}, args...)...); r.code > exitCheckFailed {
				t.Fatalf("%+v", r)
			}
			var settings []string // of the text, which count takes as well
			for i := 0; i < len(args); i++ {
				switch args[i] {
				case "--corpus", "--tokens", "--max-vocab":
					settings = append(settings, args[i], args[i+1])
				case "--keep-case", "--boundary":
					settings = append(settings, args[i])
				}
			}
			count := qk(t, append([]string{"count", "--json"}, settings...)...)
			write(t, "count.json", []byte(count))
			var counted struct{ Vocabulary []string }
			decode(t, count, &counted)
			var lookups bytes.Buffer
			for _, w := range counted.Vocabulary {
				must(t, json.Compact(&lookups, []byte(qk(t, "lookup", "run", "--json", "--top", "100", "--", w))))
				lookups.WriteByte('\n')
			}
			write(t, "lookup.jsonl", lookups.Bytes())
			qk(t, "export", "run", "--npz", "dense.npz", "--safetensors", "double.safetensors")
			qk(t, "export", "run", "--npz", "sparse.npz", "--dense", "1B")
			qk(t, "export", "run", "--npz", "single.npz", "--safetensors", "single.safetensors", "--float32")
			tables := []string{"q", "scores", "masks"}
			if name == "recall" {
				tables = tables[:2]
			}
			for _, table := range tables {
				qk(t, "export", "run", "--csv", table, "--out", table+".csv")
			}
			compared, err := strconv.Atoi(strings.TrimSpace(python(t, program, ".")))
			if V := len(counted.Vocabulary); err != nil || compared < 4*V*V {
				t.Errorf("%d numbers were compared, %v", compared, err)
			}
			t.Log(compared, "numbers are equal")
		})
	}
}
