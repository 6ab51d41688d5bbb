package tensorboard

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"

	"qk/train"
)

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	return content
}

// TestFollow wants of a run that writes its file by itself the beginning of the one
// that is made from its log.
func TestFollow(t *testing.T) {
	f := begin(t, predict(func(c *train.Config) { c.Steps = 1500 }), diary) // which are not all logged
	whole := f.finish()
	live := readFile(t, f.file())
	if !bytes.HasPrefix(whole, live) {
		t.Fatal("the file that grew is not the beginning of that from the log")
	}
	if n := len(readEvents(t, live)["loss/learned"]); n < 200 || n > 1001 {
		t.Errorf("%d steps", n)
	}
	must(t, Update(f.file(), whole, false))
	if !bytes.Equal(readFile(t, f.file()), whole) {
		t.Error("the file was not continued")
	}
}

// TestFollowResumed interrupts a run at every few steps; some of what it wrote is lost,
// and sometimes more was written than its log counts. It ends in the bytes of a run
// left alone.
func TestFollowResumed(t *testing.T) {
	c := predict(func(c *train.Config) { c.Steps = 25 })
	want := begin(t, c, diary).finish()
	f := begin(t, c, diary)
	for _, stop := range []int{3, 4, 11, 24} {
		ctx, cancel := context.WithCancel(context.Background())
		f.loop.Observers = append(f.loop.Observers, train.ObserverFunc(func(e train.Event) error {
			if e.Step == stop {
				cancel()
			}
			return nil
		}))
		if err := f.loop.Run(ctx); !errors.Is(err, train.ErrInterrupted) {
			t.Fatal(err)
		}
		cancel()
		must(t, f.live.Close())
		must(t, f.dir.Abort(f.loop, train.ErrInterrupted))
		if !bytes.HasPrefix(want, f.encode()) {
			t.Errorf("stopped at %d, the file from the log is no beginning", stop)
		}
		switch file := readFile(t, f.file()); stop {
		case 4: // a torn record
			must(t, os.WriteFile(f.file(), file[:len(file)-5], 0o666))
		case 11: // of a run that was killed a moment after its checkpoint
			must(t, os.WriteFile(f.file(), append(file, file[len(file)-50:]...), 0o666))
		case 24:
			must(t, os.Remove(f.file()))
		}
		f = resume(t, f.dir.Path)
	}
	whole := f.finish()
	if !bytes.Equal(whole, want) {
		t.Error("made from the log, the file differs from that of a run left alone")
	}
	if live := readFile(t, f.file()); !bytes.HasPrefix(want, live) || len(live) < len(want)/2 {
		t.Error("the file that grew is not the beginning of that of a run left alone")
	}
}

// TestFollowFails puts a directory in the way: the run must go on.
func TestFollowFails(t *testing.T) {
	f := begin(t, predict(func(c *train.Config) { c.Steps = 3 }), diary)
	must(t, f.live.Close())
	must(t, os.Remove(f.file()))
	must(t, os.Mkdir(f.file(), 0o777))
	lines, err := f.e.Ladder()
	must(t, err)
	f.loop.Observers = f.loop.Observers[:1]
	live := Follow(f.dir, f.loop, lines)
	must(t, f.loop.Run(context.Background()))
	if err := live.Close(); err == nil {
		t.Error("no error")
	}
	must(t, f.dir.Abort(f.loop, train.ErrInterrupted))
}

// TestUpdate has every way in which a file can be there before.
func TestUpdate(t *testing.T) {
	for name, c := range map[string]struct {
		before, content string
		further         bool
		want            string
		kept            bool // the very file
	}{
		"new":         {"", "abc", false, "abc", false},
		"a beginning": {"a", "abc", false, "abc", true},
		"the same":    {"abc", "abc", false, "abc", true},
		"another":     {"xbc", "abcd", false, "abcd", false},
		"longer":      {"abcd", "abc", false, "abc", true},
		"further":     {"abcd", "abc", true, "abcd", true},
		"changed":     {"abxd", "abc", true, "abc", false},
	} {
		path := t.TempDir() + "/file"
		if c.before != "" {
			must(t, os.WriteFile(path, []byte(c.before), 0o600))
		}
		before, _ := os.Stat(path)
		must(t, Update(path, []byte(c.content), c.further))
		after, err := os.Stat(path)
		must(t, err)
		if got := string(readFile(t, path)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if c.before != "" && os.SameFile(before, after) != c.kept {
			t.Errorf("%s: the file was replaced: %v", name, c.kept)
		}
	}
	if err := Update(t.TempDir(), []byte("x"), false); err == nil {
		t.Error("a directory was no error")
	}
}
