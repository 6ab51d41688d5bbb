package tally

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"qk/data/table"
	"qk/data/text"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// faulty is a temporary file that something happens to.
type faulty struct {
	*os.File
	room   int64                     // bytes that can be written
	damage func(at int64, b []byte)  // what is read
	opened *atomic.Int64             // files that are open
	left   func(at int64, n int) int // bytes that can be read
}

func (f *faulty) WriteAt(b []byte, at int64) (int, error) {
	if at+int64(len(b)) > f.room {
		return 0, &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	return f.File.WriteAt(b, at)
}

func (f *faulty) ReadAt(b []byte, at int64) (int, error) {
	n, err := f.File.ReadAt(b, at)
	if f.left != nil {
		if most := f.left(at, n); most < n {
			n, err = most, io.EOF
		}
	}
	if f.damage != nil {
		f.damage(at, b[:n])
	}
	return n, err
}

func (f *faulty) Close() error {
	f.opened.Add(-1)
	return f.File.Close()
}

// faultyCount counts with files that something happens to, and wants an error with
// certain parts, and nothing left of the files.
func faultyCount(t *testing.T, prepare func(*faulty), ctx context.Context, sink func(table.Name, table.Rows) error) (*Result, error) {
	t.Helper()
	dir := t.TempDir()
	var opened atomic.Int64
	temp := temporary{dir: dir, open: func(dir string) (spillFile, string, error) {
		f, err := os.CreateTemp(dir, "x")
		if err != nil {
			return nil, "", err
		}
		opened.Add(1)
		bad := &faulty{File: f, room: 1 << 40, opened: &opened}
		if prepare != nil {
			prepare(bad)
		}
		return bad, f.Name(), nil
	}}
	o := fields(4)
	in := strings.Repeat("the quick brown fox jumps over the lazy dog\n", 2000)
	r, err := count(ctx, []*text.Source{text.FromText("text", in)}, &o, func(*Options, facts) (plan, error) {
		p := small
		p.stream, p.segment = 1<<10, 4_000
		return p, nil
	}, temp, sink)
	if n := opened.Load(); n != 0 {
		t.Errorf("%d files are still open", n)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left are %q", left)
	}
	if err != nil && !strings.Contains(err.Error(), dir) && sink == nil {
		t.Errorf("the error does not name %s: %v", dir, err)
	}
	return r, err
}

func ignore(table.Name, table.Rows) error { return nil }

func TestTemporaryFilesAreRemoved(t *testing.T) {
	r, err := faultyCount(t, nil, context.Background(), ignore)
	if err != nil {
		t.Fatal(err)
	}
	if r.Spilled < 30_000 {
		t.Errorf("%d bytes were spilled; the text has 18,000 words of two bytes", r.Spilled)
	}
	stop := errors.New("enough")
	if _, err := faultyCount(t, nil, context.Background(), func(table.Name, table.Rows) error { return stop }); err != stop {
		t.Errorf("got %v, want the error of the sink", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := faultyCount(t, nil, ctx, func(table.Name, table.Rows) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v after a cancel while rows are given out", err)
	}
	if _, err := faultyCount(t, nil, ctx, ignore); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v after a cancel before the start", err)
	}
}

// TestFullDirectory has room for so many bytes: not for the numbered words, or not for
// the counts.
func TestFullDirectory(t *testing.T) {
	for _, room := range []int64{0, 10, 20_000, 45_000} {
		files := 0
		_, err := faultyCount(t, func(f *faulty) {
			f.room = room - int64(files)*20_000
			files++
		}, context.Background(), ignore)
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("room for %d: got %v", room, err)
			continue
		}
		for _, part := range []string{"temporary directory", "cannot be written", "no space left", "--temp", "--memory"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q is not in: %v", part, err)
			}
		}
	}
}

// TestDamagedFiles flips each bit of some bytes, in the header and in the contents of
// frames, of the numbered words and of the counts, and cuts frames short.
func TestDamagedFiles(t *testing.T) {
	for number := range 2 { // the first file has the words, the second counts
		for at := range int64(60) {
			files := -1
			_, err := faultyCount(t, func(f *faulty) {
				if files++; files == number {
					f.damage = func(from int64, b []byte) {
						if i := at - from; i >= 0 && i < int64(len(b)) {
							b[i] ^= 1 << (at % 8)
						}
					}
				}
			}, context.Background(), ignore)
			wantDamage(t, err)
		}
		for _, most := range []int{0, 1, frameHeader, frameHeader + 1} {
			files := -1
			_, err := faultyCount(t, func(f *faulty) {
				if files++; files == number {
					f.left = func(_ int64, n int) int { return min(n, most) }
				}
			}, context.Background(), ignore)
			wantDamage(t, err)
		}
	}
}

func wantDamage(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Error("damage is not found")
		return
	}
	for _, part := range []string{"temporary directory", "was changed while it was in use", "--temp"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in: %v", part, err)
		}
	}
}

// TestNoDirectory has temporary directories that cannot be used.
func TestNoDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{filepath.Join(t.TempDir(), "nowhere"), file} {
		p := small
		p.stream = 10
		o := fields(4)
		o.Temp = dir
		_, _, err := collect(o, &p, "a b c d e f g h i j k")
		if err == nil || !strings.Contains(err.Error(), "temporary directory "+dir) || !strings.Contains(err.Error(), "--temp") {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

// TestOpenSpill says that a temporary file has no name where the system allows it.
func TestOpenSpill(t *testing.T) {
	dir := t.TempDir()
	f, path, err := openSpill(dir)
	if err != nil {
		t.Fatal(err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, "*"))
	if runtime.GOOS != "windows" && (len(left) > 0 || path != "") {
		t.Errorf("the file is called %q, and %q are there", path, left)
	}
	to := tempFile{file: f, path: path, dir: dir}
	if err := to.close(); err != nil {
		t.Error(err)
	}
}
