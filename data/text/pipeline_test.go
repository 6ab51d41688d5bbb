package text

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func ignore(Chunk) error { return nil }

// fromReader is a source that can be read only once.
func fromReader(name string, r io.Reader) *Source {
	return &Source{Name: name, Once: true, size: -1, open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }}
}

// TestNumberOfALongLine has a text in one line, far longer than a chunk and than
// the longest run: the sentence goes on across chunks.
func TestNumberOfALongLine(t *testing.T) {
	content := strings.Repeat("one two three ", 1000) + "four\n" + strings.Repeat("世界", 1000) + " b\nc"
	for _, tok := range tokenizers() {
		if tok.Tokens == Fields {
			continue // which has no place to cut in the second line
		}
		o := NumberOptions{Tokenizer: tok, limit: 500}
		checkNumber(t, []string{content, "d " + content}, o, 100, 999, 1000, chunkSize)
	}
	// Parts of a line that have a word, have none, or could have a space before it.
	for _, line := range []string{"a - - - -\nb", "- - - - a\nb", "- - - - -\nb", "a - - b - - c -\n- a - b - c\n", "   a   -   b   -   \r\n \nc", "世世世-世 - 世\n-"} {
		for size := 8; size < 24; size++ {
			for _, tok := range tokenizers() {
				checkNumber(t, []string{line, "x" + line}, NumberOptions{Tokenizer: tok}, size, size)
			}
		}
	}
	chunks, sentences := 0, 0
	_, err := Number(context.Background(), []*Source{FromText("x", strings.Repeat("one two ", 1000))}, NumberOptions{chunk: 100}, func(c Chunk) error {
		chunks++
		for _, w := range c.Words {
			if w == EndOfSentence {
				sentences++
			}
		}
		return nil
	})
	if err != nil || chunks < 75 || sentences != 1 {
		t.Errorf("%d chunks, %d sentences, %v; want at least 75, and 1", chunks, sentences, err)
	}
}

// TestNumberOfALongRun: what cannot be cut is held in memory up to the limit, and
// then refused, whatever the size of the chunks.
func TestNumberOfALongRun(t *testing.T) {
	const hint = ": no white space for 100 bytes: put a line break between sentences, and white space between words"
	run := strings.Repeat("é-", 33) + "x" // of 100 bytes
	for _, c := range []struct{ text, want string }{
		{run, ""},
		{run + "\r\n", ""},
		{"a " + run + "\r\nb", ""},
		{"a " + run + "x b", ""},
		{run + "xxx", "line 1, byte offset 0" + hint},
		{run + "xxx b", "line 1, byte offset 0" + hint},
		{run + "xxx\n", "line 1, byte offset 0" + hint},
		{"a\nb c " + run + "xxx", "line 2, byte offset 6" + hint},
		{"\ufeffa\nb c " + run + run + run, "line 2, byte offset 9" + hint},
		{"a\nb c " + run[:50] + "\xff" + run[50:] + run, "line 2, byte offset 56: not valid UTF-8 (0xff): convert the file first, for example with iconv -f windows-1252 -t utf-8"},
		{strings.Repeat("世", 50), ""},
	} {
		for size := 8; size < 200; size += 7 {
			for _, tok := range []Tokenizer{{}, {Tokens: Chars}} {
				o := NumberOptions{Tokenizer: tok, limit: 100, chunk: size, Workers: 2}
				_, err := Number(context.Background(), []*Source{FromText("a.txt", c.text)}, o, ignore)
				if got := fmt.Sprint(err); c.want == "" && err != nil || c.want != "" && got != "a.txt: "+c.want {
					t.Fatalf("%q in chunks of %d: %s; want %s", c.text, size, got, c.want)
				}
			}
		}
	}
}

// TestNumberReadError: the messages are those of Lines.
func TestNumberReadError(t *testing.T) {
	broken := errors.New("the cable came out")
	for _, before := range []string{"", "ab\ncd", "ab\n", "ab\n\xe2\x82", "\ufeffab", "a\xffb", "a long line with words\nand \xff another", "a\x00\n"} {
		in := func() io.Reader { return io.MultiReader(strings.NewReader(before), failing{broken}) }
		want := Lines(in(), "a.txt", func(int, []byte) error { return nil })
		for _, size := range []int{8, 9, 16, chunkSize} {
			_, err := Number(context.Background(), []*Source{fromReader("a.txt", in())}, NumberOptions{chunk: size}, ignore)
			if fmt.Sprint(err) != fmt.Sprint(want) || errors.Is(err, broken) != errors.Is(want, broken) {
				t.Errorf("after %q in chunks of %d: %v; want %v", before, size, err, want)
			}
		}
	}
	_, err := Number(context.Background(), []*Source{fromReader("a.txt", nothing{})}, NumberOptions{}, ignore)
	if !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("got %v of a reader that gives nothing", err)
	}
	gone := &Source{Name: "gone", open: func() (io.ReadCloser, error) { return nil, broken }}
	if _, err := Number(context.Background(), []*Source{FromText("x", "a b"), gone}, NumberOptions{}, ignore); err != broken {
		t.Errorf("got %v of a source that cannot be opened", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, nil }

// TestNumberEnds has no goroutine left behind, whichever way it ends.
func TestNumberEnds(t *testing.T) {
	before := goleak.IgnoreCurrent()
	content := strings.Repeat("one two three\n", 10_000)
	stop := errors.New("enough")
	visits := 0
	for name, f := range map[string]func() error{
		"at the end": func() error {
			_, err := Number(context.Background(), []*Source{FromText("x", content)}, NumberOptions{chunk: 100}, ignore)
			return err
		},
		"in visit": func() error {
			_, err := Number(context.Background(), []*Source{FromText("x", content)}, NumberOptions{chunk: 100}, func(Chunk) error {
				visits++
				if visits == 10 {
					return stop
				}
				return nil
			})
			if err == stop && visits == 10 {
				return nil
			}
			return fmt.Errorf("%v after %d visits", err, visits)
		},
		"with bad text": func() error {
			_, err := Number(context.Background(), []*Source{FromText("x", content+"\xff"+content)}, NumberOptions{chunk: 100}, ignore)
			if err == nil || !strings.Contains(err.Error(), "line 10001, byte offset 140000") {
				return fmt.Errorf("got %v", err)
			}
			return nil
		},
		"by ctx": func() error {
			ctx, cancel := context.WithCancel(context.Background())
			_, err := Number(ctx, []*Source{FromText("x", content)}, NumberOptions{chunk: 100}, func(Chunk) error { cancel(); return nil })
			if err != context.Canceled {
				return fmt.Errorf("got %v", err)
			}
			return nil
		},
		"before it begins": func() error {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			_, err := Number(ctx, []*Source{FromText("x", content)}, NumberOptions{}, ignore)
			if err != context.Canceled {
				return fmt.Errorf("got %v", err)
			}
			return nil
		},
		"by a panic of a source": func() error {
			_, err := Number(context.Background(), []*Source{fromReader("x", panicking{})}, NumberOptions{}, ignore)
			if err == nil || !strings.Contains(err.Error(), "a mistake in qk") || !strings.Contains(err.Error(), "nobody expects it") {
				return fmt.Errorf("got %v", err)
			}
			return nil
		},
		"by a panic of visit": func() (err error) {
			defer func() {
				if r := recover(); r != "as expected" {
					err = fmt.Errorf("recovered %v", r)
				}
			}()
			_, err = Number(context.Background(), []*Source{FromText("x", content)}, NumberOptions{chunk: 100}, func(Chunk) error { panic("as expected") })
			return err
		},
		"with unknown tokens": func() error {
			_, err := Number(context.Background(), nil, NumberOptions{Tokenizer: Tokenizer{Tokens: "wrods"}}, ignore)
			if err == nil || !strings.Contains(err.Error(), "use one of words, chars, fields") {
				return fmt.Errorf("got %v", err)
			}
			return nil
		},
	} {
		if err := f(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		goleak.VerifyNone(t, before)
	}
}

type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("nobody expects it") }

// TestNumberOfABlockedReader is cancelled while it waits for a terminal, say: it
// returns at once, and what waits ends with the wait.
func TestNumberOfABlockedReader(t *testing.T) {
	before := goleak.IgnoreCurrent()
	in, out := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		_, err := Number(ctx, []*Source{fromReader("-", in)}, NumberOptions{}, ignore)
		done <- err
	}()
	if _, err := out.Write([]byte("one two\n")); err != nil {
		t.Fatal(err)
	}
	cancel()
	select {
	case err := <-done:
		if err != context.Canceled {
			t.Errorf("got %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it waits on")
	}
	out.Close()
	goleak.VerifyNone(t, before)
}

// TestNumberProgress is told of the bytes as they are stored.
func TestNumberProgress(t *testing.T) {
	content := []byte(strings.Repeat("one two three\n", 5000))
	gz := gzipped(t, content)
	for _, c := range []struct {
		sources []*Source
		want    Progress
	}{
		{nil, Progress{}},
		{[]*Source{FromBytes("x", content)}, Progress{70_000, 70_000}},
		{[]*Source{FromBytes("x", content), FromBytes("x.gz", gz)}, Progress{int64(70_000 + len(gz)), int64(70_000 + len(gz))}},
		{[]*Source{FromBytes("x", content), fromReader("-", bytes.NewReader(content))}, Progress{140_000, -1}},
	} {
		var all []Progress
		slow := func(Chunk) error { time.Sleep(5 * time.Millisecond); return nil }
		o := NumberOptions{chunk: 1500, Progress: func(p Progress) { all = append(all, p) }}
		if _, err := Number(context.Background(), c.sources, o, slow); err != nil {
			t.Fatal(err)
		}
		if last := all[len(all)-1]; last != c.want {
			t.Errorf("the last of %d is %+v; want %+v", len(all), last, c.want)
		}
		if len(c.sources) > 0 && len(all) < 2 {
			t.Errorf("only %d calls", len(all))
		}
		if !slices.IsSortedFunc(all, func(a, b Progress) int { return int(a.Done - b.Done) }) {
			t.Errorf("it goes back: %v", all)
		}
	}
}

// TestProgressIsNotToldTooOften calls report far more often than its function.
func TestProgressIsNotToldTooOften(t *testing.T) {
	calls := 0
	p := progress{call: func(Progress) { calls++ }, last: time.Now()}
	start := time.Now()
	for i := int64(0); time.Since(start) < progressEvery/4; i++ {
		p.report(i, false)
	}
	most := 1 + int(time.Since(start)/progressEvery)
	p.report(0, true)
	if calls < 1 || calls > most+1 {
		t.Errorf("%d calls", calls)
	}
}

// TestNumberMemory reads a text that is much larger than what may be allocated.
func TestNumberMemory(t *testing.T) {
	line := []byte("See whether the candle, or the train, went out yet; it's 3.14 miles to café 世界.\n")
	const size = 16 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	source := fromReader("x", io.LimitReader(&endless{pattern: string(line)}, size))
	n, err := Number(context.Background(), []*Source{source}, NumberOptions{Workers: 2, chunk: 1 << 16}, ignore)
	runtime.ReadMemStats(&after)
	if err != nil || n.Bytes != size {
		t.Fatalf("%+v, %v", n, err)
	}
	// Six chunks, each with buffers for its words that grew to about its own size.
	if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
		t.Errorf("%d MiB were allocated for %d MiB of text", used>>20, size>>20)
	}
}
