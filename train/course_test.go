package train

import (
	"context"
	"errors"
	"os"
	"testing"

	"qk/data"
)

// TestCourse ends runs in every way there is, and says what their records must hold.
func TestCourse(t *testing.T) {
	broken := errors.New("the display is broken")
	for name, test := range map[string]struct {
		config Config
		change func(*Course, context.CancelFunc)
		status RunStatus
		want   error
	}{
		"done":        {predict(steps(10)), func(*Course, context.CancelFunc) {}, Done, nil},
		"interrupted": {predict(steps(10)), func(c *Course, stop context.CancelFunc) { c.Attached = stop }, Interrupted, ErrInterrupted},
		"interrupted check": {predict(steps(10)), func(c *Course, stop context.CancelFunc) {
			c.Look = func(w data.Word, _ []float64) {
				if w == 3 {
					stop()
				}
			}
		}, Interrupted, ErrInterrupted},
		"interrupted reference": {predict(steps(10)), func(c *Course, stop context.CancelFunc) {
			c.Reference = func(context.Context, func() (data.Ladder, error)) (data.Ladder, error) {
				return data.Ladder{}, ErrInterrupted
			}
		}, Interrupted, ErrInterrupted},
		"observer": {predict(steps(10)), func(c *Course, _ context.CancelFunc) {
			c.Loop.Observers = append(c.Loop.Observers, ObserverFunc(func(e Event) error {
				if e.Step == 4 {
					return broken
				}
				return nil
			}))
		}, Failed, broken},
		"diverged": {predict(steps(50), func(c *Config) { c.Solver, c.LR, c.L2 = "sgd", 1e200, 1 }), func(*Course, context.CancelFunc) {}, Diverged, nil},
	} {
		d, e, l := newRun(t, test.config)
		d.log.Close()
		d.log = nil
		ctx, stop := context.WithCancel(context.Background())
		ended := 0
		c := &Course{Dir: d, Experiment: e, Loop: l, Now: still, Watch: func(data.Ladder) func() { return func() { ended++ } }}
		l.Observers = nil
		test.change(c, stop)
		result, err := c.Run(ctx)
		stop()
		var diverged *DivergedError
		if test.want != nil && !errors.Is(err, test.want) || (test.status == Diverged) != errors.As(err, &diverged) || (result != nil) != (test.status == Done) {
			t.Errorf("%s: error %v, result %v", name, err, result)
		}
		r, err := ReadRecord(d.Path)
		must(t, err)
		if r.Status != test.status || (r.Result != nil) != (test.status == Done) {
			t.Errorf("%s: the record says %s, %v", name, r.Status, r.Result)
		}
		if want := 1; name != "interrupted reference" && ended != want {
			t.Errorf("%s: the display ended %d times", name, ended)
		}
	}
}

// TestCourseResumed interrupts a run in its check and takes it up again: it ends in
// the bytes of a run left alone.
func TestCourseResumed(t *testing.T) {
	t.Chdir(t.TempDir())
	e := count(t, predict(steps(30)), "")
	follow(t, "whole", e)
	must(t, os.Rename("whole", "aside"))
	d, err := CreateRun("whole", e, birthday, nil)
	must(t, err)
	closeAfter(t, d)
	ctx, stop := context.WithCancel(context.Background())
	l := loop(t, e)
	l.Observers = append(l.Observers, ObserverFunc(func(ev Event) error {
		if ev.Step == 17 {
			stop()
		}
		return nil
	}))
	if _, err := (&Course{Dir: d, Experiment: e, Loop: l, Now: still}).Run(ctx); !errors.Is(err, ErrInterrupted) {
		t.Fatalf("error %v", err)
	}
	d, e, l = reopen(t, "whole")
	if l.Step != 18 {
		t.Errorf("it goes on at step %d, want 18", l.Step)
	}
	_, err = (&Course{Dir: d, Experiment: e, Loop: l, Now: still}).Run(context.Background())
	must(t, err)
	wantSameFiles(t, "resumed", "whole", "aside")
}
