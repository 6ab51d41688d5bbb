package sweep_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"qk/train"
	"qk/train/sweep"
	"qk/train/sweep/sweeptest"
)

// TestMain fails if a test leaves a goroutine behind. With [victimDir] set, the test
// binary is a sweep that waits to be killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		os.Exit(victim(dir))
	}
	goleak.VerifyTestMain(m)
}

func still() time.Time { return sweeptest.Born }

// setting and axis are what a grid is made of.
func setting(name, value string) sweep.Fixed { return sweep.Fixed{Name: name, Value: value} }

func axis(name string, values ...string) sweep.Axis { return sweep.Axis{Name: name, Values: values} }

// files returns the content of every file below a folder, by path within it; the lock,
// which is empty, does not count.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == "sweep.lock" {
			return err
		}
		content, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(rel)] = string(content)
		return err
	}))
	return all
}

func wantSame(t testing.TB, what string, got, want map[string]string) {
	t.Helper()
	for name := range want {
		if _, ok := got[name]; !ok {
			t.Errorf("%s: %s is missing", what, name)
		} else if got[name] != want[name] {
			t.Errorf("%s: %s differs", what, name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: %s is there", what, name)
		}
	}
}

// mixed is a grid of two texts, two tasks' worth of settings and seeds, with a large
// share of early ends.
func mixed() ([]sweep.Fixed, []sweep.Axis) {
	return []sweep.Fixed{setting("steps", "20")}, []sweep.Axis{
		axis("null", "true", "false"), axis("corpus", "coat", "diary"), axis("rank", "1", "3"), axis("seed", "1", "2"),
	}
}

// TestRunsAreThoseOfTrain runs a grid with any number of jobs and compares every file
// with those of runs that were trained one by one.
func TestRunsAreThoseOfTrain(t *testing.T) {
	fixed, axes := mixed()
	t.Chdir(t.TempDir()) // the records hold paths, which are relative
	sweeptest.Train(t, sweeptest.New(t, "grid", fixed, axes))
	want := files(t, "grid")
	for _, jobs := range []int{1, 2, 5, 0} {
		t.Chdir(t.TempDir())
		s := sweeptest.New(t, "grid", fixed, axes)
		must(t, s.Run(t.Context(), sweep.Options{Jobs: jobs, Now: still}))
		wantSame(t, fmt.Sprintf("%d jobs", jobs), files(t, "grid"), want)
	}
}

// statuses reads how the runs stand.
func statuses(t testing.TB, s *sweep.Sweep) []string {
	t.Helper()
	results, err := s.Results()
	must(t, err)
	var list []string
	for _, r := range results {
		switch {
		case r.Err != nil:
			list = append(list, "unreadable")
		case r.Record == nil:
			list = append(list, "missing")
		default:
			list = append(list, string(r.Record.Status))
		}
	}
	return list
}

func wantStatuses(t testing.TB, s *sweep.Sweep, want ...string) {
	t.Helper()
	if got := statuses(t, s); !slices.Equal(got, want) {
		t.Errorf("the runs are %q, want %q", got, want)
	}
}

// TestOneRunFails lets one run of three diverge, panic in a step, panic before it, or
// be damaged on disk: the others come to their end, and what can go on does.
func TestOneRunFails(t *testing.T) {
	for name, c := range map[string]struct {
		axes    []sweep.Axis
		prepare func(s *sweep.Sweep)
		begun   func(p sweep.Point, l *train.Loop)
		status  string
		message string
		resumed string
	}{
		"diverges": {
			axes:   []sweep.Axis{axis("lr", "0.1", "1e200", "0.2")},
			status: "diverged", message: "diverged at step", resumed: "diverged",
		},
		"panics": {
			axes: []sweep.Axis{axis("seed", "1", "2", "3")},
			begun: func(p sweep.Point, l *train.Loop) {
				if p.Name == "seed=2" {
					l.Observers = append(l.Observers, train.ObserverFunc(func(e train.Event) error {
						if e.Step == 7 {
							panic("index out of range")
						}
						return nil
					}))
				}
			},
			status: "failed", message: "panic: index out of range: this is an error in qk", resumed: "done",
		},
		"observer": {
			axes: []sweep.Axis{axis("seed", "1", "2", "3")},
			begun: func(p sweep.Point, l *train.Loop) {
				if p.Name == "seed=2" {
					l.Observers = append(l.Observers, train.ObserverFunc(func(train.Event) error { return errors.New("no idea") }))
				}
			},
			status: "failed", message: "no idea", resumed: "done",
		},
		"damaged": {
			axes: []sweep.Axis{axis("seed", "1", "2", "3")},
			prepare: func(s *sweep.Sweep) {
				must(t, os.Mkdir(filepath.Join(s.Path, "seed=2"), 0o777))
				must(t, os.WriteFile(filepath.Join(s.Path, "seed=2", "run.json"), []byte("{"), 0o666))
			},
			status: "unreadable", message: "damaged", resumed: "unreadable",
		},
		"occupied": {
			axes: []sweep.Axis{axis("seed", "1", "2", "3")},
			prepare: func(s *sweep.Sweep) {
				must(t, os.Mkdir(filepath.Join(s.Path, "seed=2"), 0o777))
				must(t, os.WriteFile(filepath.Join(s.Path, "seed=2", "notes.txt"), []byte("mine"), 0o666))
			},
			status: "missing", message: "holds notes.txt and no run: move it away", resumed: "missing",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := sweeptest.New(t, filepath.Join(t.TempDir(), "grid"), []sweep.Fixed{setting("steps", "20"), setting("solver", "sgd"), setting("l2", "1")}, c.axes)
			if c.prepare != nil {
				c.prepare(s)
			}
			var failed []string
			must(t, s.Run(t.Context(), sweep.Options{Jobs: 2, Now: still, Begun: c.begun, Ended: func(p sweep.Point, _ *train.Record, err error) {
				if err != nil {
					failed = append(failed, p.Name+": "+err.Error())
				}
			}}))
			wantStatuses(t, s, "done", c.status, "done")
			if len(failed) != 1 || !strings.Contains(failed[0], c.message) {
				t.Errorf("failed: %q, want %q", failed, c.message)
			}
			before := files(t, s.Path)
			must(t, s.Run(t.Context(), sweep.Options{Now: still}))
			wantStatuses(t, s, "done", c.resumed, "done")
			for path, content := range files(t, s.Path) {
				if !strings.Contains(path, s.Points()[1].Name) && before[path] != content {
					t.Errorf("%s was touched", path)
				}
			}
		})
	}
}

// TestFullDisk stops the whole sweep, as every other run would fail too.
func TestFullDisk(t *testing.T) {
	s := sweeptest.New(t, filepath.Join(t.TempDir(), "grid"), quick, []sweep.Axis{axis("seed", "1", "2", "3", "4", "5", "6")})
	full := func(p sweep.Point, l *train.Loop) {
		if p.Name == "seed=2" {
			l.Observers = append(l.Observers, train.ObserverFunc(func(train.Event) error {
				return &os.PathError{Op: "write", Path: "metrics.jsonl", Err: syscall.ENOSPC}
			}))
		}
	}
	err := s.Run(t.Context(), sweep.Options{Jobs: 1, Now: still, Begun: full})
	var stopped *sweep.StoppedError
	if !errors.As(err, &stopped) || stopped.Point != "seed=2" || !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("error %v", err)
	}
	if got := statuses(t, s); got[0] != "done" || got[5] != "missing" {
		t.Errorf("the runs are %q", got)
	}
	must(t, s.Run(t.Context(), sweep.Options{Now: still}))
	wantStatuses(t, s, "done", "done", "done", "done", "done", "done")
}

// TestInterrupted interrupts a sweep again and again and resumes it, from disk: it ends
// in the bytes of a sweep left alone.
func TestInterrupted(t *testing.T) {
	fixed, axes := mixed()
	t.Chdir(t.TempDir())
	must(t, sweeptest.New(t, "grid", fixed, axes).Run(t.Context(), sweep.Options{Now: still}))
	want := files(t, "grid")
	t.Chdir(t.TempDir())
	sweeptest.New(t, "grid", fixed, axes)
	for round := 0; ; round++ {
		if round == 100 {
			t.Fatal("the sweep never comes to its end")
		}
		s, err := sweep.Open("grid")
		must(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		var steps sync.Mutex
		left := 70 // steps, of all runs together
		err = s.Run(ctx, sweep.Options{Jobs: 2, Now: still, Begun: func(_ sweep.Point, l *train.Loop) {
			l.Observers = append(l.Observers, train.ObserverFunc(func(train.Event) error {
				steps.Lock()
				defer steps.Unlock()
				if left--; left == 0 {
					cancel()
				}
				return nil
			}))
		}})
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, train.ErrInterrupted) {
			t.Fatal(err)
		}
		if got := statuses(t, s); slices.Contains(got, "running") {
			t.Fatalf("the runs are %q", got)
		}
	}
	wantSame(t, "interrupted", files(t, "grid"), want)
}

// TestFinishedSweep resumes a sweep that has come to its end, even with its text gone:
// nothing is touched.
func TestFinishedSweep(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.txt")
	must(t, os.WriteFile(text, []byte(strings.Repeat("the cat sat on the mat\n", 3)), 0o666))
	s := newSweep(t, filepath.Join(dir, "grid"), nil, []sweep.Fixed{setting("corpus", text), setting("steps", "5")}, grid)
	must(t, s.Run(t.Context(), sweep.Options{Now: still}))
	wantStatuses(t, s, "done", "done", "done", "done")
	must(t, os.Remove(text))
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	for path := range files(t, s.Path) {
		must(t, os.Chtimes(filepath.Join(s.Path, path), old, old))
	}
	before := files(t, s.Path)
	again, err := sweep.Open(s.Path)
	must(t, err)
	must(t, again.Run(t.Context(), sweep.Options{Begun: func(p sweep.Point, _ *train.Loop) { t.Errorf("%s is run again", p.Name) }}))
	wantSame(t, "resumed", files(t, s.Path), before)
	for path := range before {
		info, err := os.Stat(filepath.Join(s.Path, path))
		must(t, err)
		if !info.ModTime().Equal(old) {
			t.Errorf("%s was written", path)
		}
	}
}

// newSweep makes a sweep over any texts.
func newSweep(t testing.TB, path string, stdin *strings.Reader, fixed []sweep.Fixed, axes []sweep.Axis) *sweep.Sweep {
	t.Helper()
	p, points, err := sweep.NewPlan(fixed, axes, 1000)
	must(t, err)
	p.Created = sweeptest.Born
	s, err := sweep.New(t.Context(), p, points, stdin, nil)
	must(t, err)
	must(t, s.Create(path))
	return s
}

// TestTexts runs a sweep over a file, several texts at once, and standard input, which
// can be read only once, and compares it with runs on the same texts. Then the runs
// and the sweep find their texts again.
func TestTexts(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	const one, two = "the cat sat on the mat again\n", "the dog ran on the road home\n"
	must(t, os.WriteFile("one.txt", []byte(one), 0o666))
	s := newSweep(t, "grid", strings.NewReader(two), []sweep.Fixed{setting("steps", "5")}, []sweep.Axis{
		axis("corpus", "one.txt", "-", `["one.txt","-"]`, "coat"), axis("seed", "1", "2"),
	})
	must(t, os.WriteFile("both.txt", []byte(one+two), 0o666))
	must(t, os.WriteFile("two.txt", []byte(two), 0o666))
	alone := newSweep(t, "alone", nil, []sweep.Fixed{setting("steps", "5")}, []sweep.Axis{
		axis("corpus", "one.txt", "two.txt", "both.txt", "coat"), axis("seed", "1", "2"),
	})
	must(t, s.Run(t.Context(), sweep.Options{Now: still}))
	must(t, alone.Run(t.Context(), sweep.Options{Now: still}))
	t.Chdir(t.TempDir()) // paths that are relative lead nowhere now
	s, err := sweep.Open(filepath.Join(dir, "grid"))
	must(t, err)
	results, err := s.Results()
	must(t, err)
	for i, r := range results {
		model, err := os.ReadFile(filepath.Join(r.Path, "model.safetensors"))
		must(t, err)
		want, err := os.ReadFile(filepath.Join(dir, "alone", alone.Points()[i].Name, "model.safetensors"))
		must(t, err)
		if string(model) != string(want) {
			t.Errorf("%s differs from %s", r.Name, alone.Points()[i].Name)
		}
		d, err := train.OpenRun(r.Path)
		must(t, err)
		if _, err := d.Experiment(); err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
		must(t, os.RemoveAll(r.Path))
	}
	must(t, s.Run(t.Context(), sweep.Options{Now: still}))
	for i, status := range statuses(t, s) {
		if status != "done" {
			t.Errorf("run %d is %s", i, status)
		}
	}
}

// TestChangedText changes a text, or takes it away, when half of its runs are done.
func TestChangedText(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.txt")
	must(t, os.WriteFile(text, []byte("the cat sat on the mat\n"), 0o666))
	s := newSweep(t, filepath.Join(dir, "grid"), nil, []sweep.Fixed{setting("corpus", text), setting("steps", "5")}, grid)
	must(t, s.Run(t.Context(), sweep.Options{Now: still}))
	must(t, os.RemoveAll(filepath.Join(s.Path, "rank=2,seed=1")))
	must(t, os.WriteFile(text, []byte("the dog sat on the mat\n"), 0o666))
	s, err := sweep.Open(s.Path)
	must(t, err)
	err = s.Run(t.Context(), sweep.Options{Now: still})
	if err == nil || !strings.Contains(err.Error(), "has changed since run rank=1,seed=1 learned from it") {
		t.Errorf("error %v", err)
	}
	must(t, os.Remove(text))
	err = s.Run(t.Context(), sweep.Options{Now: still})
	if err == nil || !strings.Contains(err.Error(), "text.txt of the sweep: no such file or directory: put it back, or make a new sweep") {
		t.Errorf("error %v", err)
	}
	wantStatuses(t, s, "done", "done", "missing", "done")
}

// TestNewRefuses has settings that do not suit their text: nothing is written.
func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		fixed []sweep.Fixed
		axes  []sweep.Axis
		want  string
	}{
		{nil, []sweep.Axis{axis("batch", "5", "1000")}, "run batch=1000 of the grid: --batch 1000: there are only"},
		{nil, []sweep.Axis{axis("rank", "999999999", "1")}, "run rank=999999999 of the grid: --rank 999999999: with a vocabulary of 13 words"},
		{nil, []sweep.Axis{axis("corpus", "coat", "nothing")}, "corpus nothing: no such file"},
		{nil, []sweep.Axis{axis("corpus", "coat", "-")}, "the text holds no words"},
		{[]sweep.Fixed{setting("task", "recall")}, []sweep.Axis{axis("counts", "a", "b")}, "a"},
	} {
		p, points, err := sweep.NewPlan(c.fixed, c.axes, 100)
		must(t, err)
		_, err = sweep.New(t.Context(), p, points, strings.NewReader(""), nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}

// TestBusy lets two processes' worth of sweeps meet in one folder.
func TestBusy(t *testing.T) {
	s := sweeptest.New(t, filepath.Join(t.TempDir(), "grid"), quick, grid)
	var busy *sweep.BusyError
	must(t, s.Run(t.Context(), sweep.Options{Jobs: 1, Now: still, Ended: func(p sweep.Point, _ *train.Record, err error) {
		must(t, err)
		if p.Name == s.Points()[0].Name {
			other, err := sweep.Open(s.Path)
			must(t, err)
			if err := other.Run(t.Context(), sweep.Options{}); !errors.As(err, &busy) {
				t.Errorf("error %v", err)
			}
		}
	}}))
	wantStatuses(t, s, "done", "done", "done", "done")
}
