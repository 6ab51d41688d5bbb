package main

import (
	"io"
	"runtime"
	"testing"

	"qk/data/text"
)

// endless is a line without an end, which repeats a pattern. It counts what is
// read of it.
type endless struct {
	pattern string
	read    int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.read > 4*text.MaxLine {
		return 0, io.EOF // the test has failed; do not go on for ever
	}
	for i := range p {
		p[i] = e.pattern[(e.read+int64(i))%int64(len(e.pattern))]
	}
	e.read += int64(len(p))
	return len(p), nil
}

// TestEndlessRun gives a line that never ends, nor holds any white space, on
// standard input: it is refused once it is too long to be held, without reading
// on, and in memory that this length bounds.
func TestEndlessRun(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, args := range [][]string{{"count", "--corpus", "-"}, {"train", "--corpus", "-"}} {
		input := endless{pattern: "word-"}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := session{stdin: &input}.run(args...)
		runtime.ReadMemStats(&after)
		wantRefusal(t, r, "standard input: line 1, byte offset 0: no white space for 16 MiB: put a line break")
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
	input := io.MultiReader(io.LimitReader(&endless{pattern: "word "}, 5*20000-1), newline{})
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
