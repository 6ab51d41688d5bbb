package train

import (
	"context"
	"errors"
	"strings"
	"testing"

	"qk/graph"
)

// TestAbort keeps the state and the cause of a run that did not come to its end.
func TestAbort(t *testing.T) {
	for _, test := range []struct {
		cause  error
		status RunStatus
	}{
		{ErrInterrupted, Interrupted},
		{&DivergedError{Step: 3, Tensor: "loss", Advice: "try less"}, Diverged},
		{errors.New("no idea"), Failed},
	} {
		d, _, l := newRun(t, predict(steps(10)))
		watch(l, func(e Event) error {
			if e.Step == 3 {
				return test.cause
			}
			return nil
		})
		err := l.Run(context.Background())
		if err != test.cause {
			t.Fatal(err)
		}
		must(t, d.Abort(l, err))
		r, err := ReadRecord(d.Path)
		must(t, err)
		if r.Status != test.status || r.Error != test.cause.Error() || r.Result != nil {
			t.Errorf("%s, %q, %+v", r.Status, r.Error, r.Result)
		}
		_, _, resumed := reopen(t, d.Path)
		if resumed.Step != 3 || !sameBits(resumed.Model.Weights.Q, l.Model.Weights.Q) {
			t.Errorf("resumed at step %d", resumed.Step)
		}
	}
}

// TestDivergedRun keeps the last good state on disk.
func TestDivergedRun(t *testing.T) {
	d, _, l := newRun(t, recall(graph.Squared, func(c *Config) { c.Solver, c.LR = "sgd", 1 }))
	err := l.Run(context.Background())
	var diverged *DivergedError
	if !errors.As(err, &diverged) {
		t.Fatal(err)
	}
	must(t, d.Abort(l, err))
	_, _, resumed := reopen(t, d.Path)
	loss, err := resumed.Model.Run()
	must(t, err)
	if resumed.Step != diverged.Good || loss != l.Loss {
		t.Errorf("resumed at step %d with loss %v, want %d and %v", resumed.Step, loss, diverged.Good, l.Loss)
	}
	if strings.Contains(string(read(t, d.Path, metricsFile)), "null") {
		t.Error("the log holds figures that are not finite")
	}
}
