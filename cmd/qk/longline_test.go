package main

import (
	"io"
	"runtime"
	"testing"

	"qk/data/text"
)

// endless is a line without an end. It counts what is read of it.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.read > 4*text.MaxLine {
		return 0, io.EOF // the test has failed; do not go on for ever
	}
	for i := range p {
		p[i] = "word "[(e.read+int64(i))%5]
	}
	e.read += int64(len(p))
	return len(p), nil
}

// TestEndlessLine gives a line that never ends on standard input: it is refused
// once it is too long, without reading on, and in memory that its length
// bounds.
func TestEndlessLine(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, args := range [][]string{{"count", "--corpus", "-"}, {"train", "--corpus", "-"}} {
		var input endless
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := session{stdin: &input}.run(args...)
		runtime.ReadMemStats(&after)
		wantRefusal(t, r, "standard input: line 1, byte offset 0: line longer than 16 MiB: a sentence is a line")
		if input.read > text.MaxLine+1<<20 {
			t.Errorf("%d bytes were read", input.read)
		}
		// A growing buffer is copied a few times over.
		if used := after.TotalAlloc - before.TotalAlloc; used > 20*text.MaxLine {
			t.Errorf("%d MiB were allocated", used>>20)
		}
	}
	if files := snapshot(t, "."); len(files) > 0 {
		t.Errorf("files were written: %v", files)
	}
}

// TestLongSentence is a line far longer than any context that is still a line.
func TestLongSentence(t *testing.T) {
	input := io.MultiReader(io.LimitReader(&endless{}, 5*20000-1), newline{})
	var r countResult
	got := session{stdin: input}.run("count", "--corpus", "-", "--json")
	wantCode(t, got, exitOK)
	decode(t, got.stdout, &r)
	if r.Data.Positions != 19999 || r.Data.Sentences != 1 {
		t.Errorf("%+v", r.Data)
	}
}

type newline struct{}

func (newline) Read(p []byte) (int, error) {
	p[0] = '\n'
	return 1, io.EOF
}
