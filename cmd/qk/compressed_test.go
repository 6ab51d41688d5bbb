package main

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

// TestCompressedCorpus learns the same from a text and from the text compressed, in a
// file of any name and on standard input.
func TestCompressedCorpus(t *testing.T) {
	t.Chdir(t.TempDir())
	const content = "the cat sat on the mat\nthe dog sat on the rug\n"
	var compressed bytes.Buffer
	w := gzip.NewWriter(&compressed)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, "plain.txt", []byte(content))
	write(t, "text.gz", compressed.Bytes())
	write(t, "misnamed.txt", compressed.Bytes())
	write(t, "cut.gz", compressed.Bytes()[:compressed.Len()-3])

	qk(t, "train", "-q", "--corpus", "plain.txt", "--out", "plain")
	for _, corpus := range []string{"text.gz", "misnamed.txt"} {
		qk(t, "train", "-q", "--corpus", corpus, "--out", "run-"+corpus)
		wantSameModel(t, "run-"+corpus, "plain")
		qk(t, "check", "-q", "run-"+corpus)
	}
	r := session{stdin: bytes.NewReader(compressed.Bytes())}.run("train", "-q", "--corpus", "-", "--out", "input")
	wantCode(t, r, exitOK)
	wantSameModel(t, "input", "plain")
	if got := string(read(t, "input", "corpus.txt")); got != content {
		t.Errorf("kept %q", got)
	}
	qk(t, "check", "-q", "input")

	wantRefusal(t, session{}.run("count", "--corpus", "cut.gz"), "cut.gz: byte offset ", "the gzip data ends too early", "copy or download it once more")
	wantRefusal(t, session{stdin: strings.NewReader("\x1f\x8b")}.run("count", "--corpus", "-"), "standard input: byte offset 2: the gzip data ends too early")
}
