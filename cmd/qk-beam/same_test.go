package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSameAsQk: the directories are those of `qk count --out`, built from its own
// module, byte for byte. The text is large enough that its pages are compressed.
func TestSameAsQk(t *testing.T) {
	dir := t.TempDir()
	qk := filepath.Join(dir, "qk")
	if out, err := exec.Command("go", "build", "-C", filepath.Join("..", ".."), "-o", qk, "./cmd/qk").CombinedOutput(); err != nil {
		t.Fatalf("build qk: %v\n%s", err, out)
	}
	var content strings.Builder
	for i := range 3000 { // numbers as words, of which some are frequent
		for k := range 12 {
			n := (i*i + 7*k*i + k*k*k) % 1999
			content.WriteString(strings.Repeat("x", n%3))
			content.WriteString([]string{"a", "be", "sea", "The", "é"}[n%5])
			content.WriteByte(byte('a' + n%26))
			content.WriteByte(" -.\t"[k%4])
		}
		content.WriteByte('\n')
	}
	large := writeFile(t, dir, "large", []byte(content.String()))
	vocab := writeFile(t, dir, "vocab", []byte("the\nseab\n<unk>\nnever\nab\n"))
	for name, args := range map[string]string{
		"diary":      "--corpus diary",
		"large":      "--corpus " + large,
		"several":    "--corpus candle --corpus " + large + " --boundary --tables transitions,cooccurrences,pairs",
		"limited":    "--corpus " + large + " --max-vocab 50 --min-count 2 --context 3 --punctuation --keep-case",
		"vocabulary": "--corpus " + large + " --vocab " + vocab + " --tokens fields",
		"pruned":     "--corpus " + large + " --tokens chars --min-pairs 3",
	} {
		t.Run(name, func(t *testing.T) {
			got, want := filepath.Join(t.TempDir(), "got"), filepath.Join(t.TempDir(), "want")
			if out, err := exec.Command(qk, append(strings.Fields("count "+args), "--out", want)...).CombinedOutput(); err != nil {
				t.Fatalf("qk count %s: %v\n%s", args, err, out)
			}
			if code, _, stderr := runCommand(append(strings.Fields(args), "--out", got)...); code != exitOK {
				t.Fatalf("qk-beam %s: %s", args, stderr)
			}
			sameDirectory(t, got, want)
		})
	}
}

// TestVersions: what compresses and lays out the tables is of the version that qk
// itself uses, without which the bytes could differ.
func TestVersions(t *testing.T) {
	read := func(name string) string {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	ours, theirs := read("go.mod"), read(filepath.Join("..", "..", "go.mod"))
	for _, c := range []struct{ module, ours string }{
		{"github.com/klauspost/compress", `=> github.com/klauspost/compress (v\S+)`}, // Beam asks for a newer one
		{"github.com/parquet-go/parquet-go", `parquet-go/parquet-go (v\S+)`},
		{"github.com/clipperhouse/uax29/v2", `uax29/v2 (v\S+)`},
	} {
		version := regexp.MustCompile(c.module + ` (v\S+)`).FindStringSubmatch(theirs)
		own := regexp.MustCompile(c.ours).FindStringSubmatch(ours)
		if len(version) < 2 || len(own) < 2 || own[1] != version[1] {
			t.Errorf("%s is %v here and %v in qk's go.mod", c.module, own, version)
		}
	}
}
