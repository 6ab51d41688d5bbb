package train

import (
	"math"
	"testing"
)

// TestSchedules holds the factors against closed forms. cos π/4 = √½,
// cos π/3 = ½.
func TestSchedules(t *testing.T) {
	for _, test := range []struct {
		s           Schedule
		step, steps int
		want        float64
	}{
		{Constant, 0, 10, 1}, {Constant, 7, 10, 1}, {Constant, 10, 10, 1},
		{Linear, 0, 8, 1}, {Linear, 2, 8, 0.75}, {Linear, 7, 8, 0.125}, {Linear, 8, 8, 0},
		{Cosine, 0, 12, 1}, {Cosine, 3, 12, (1 + math.Sqrt(0.5)) / 2}, {Cosine, 4, 12, 0.75},
		{Cosine, 6, 12, 0.5}, {Cosine, 9, 12, (1 - math.Sqrt(0.5)) / 2}, {Cosine, 12, 12, 0},
		{Linear, 0, 1, 1}, {Cosine, 0, 1, 1},
	} {
		wantNear(t, string(test.s), test.s.Factor(test.step, test.steps), test.want, 1e-15)
	}
}

// TestSchedulesFall says that no schedule ever rises or leaves [0, 1].
func TestSchedulesFall(t *testing.T) {
	for _, s := range Schedules() {
		last := 1.0
		for step := range 101 {
			f := s.Factor(step, 100)
			if f > last || f < 0 {
				t.Errorf("%s: %g after %g at step %d", s, f, last, step)
			}
			last = f
		}
	}
	if s := Schedules(); len(s) != 3 || s[0] != predict().Schedule {
		t.Errorf("schedules %q, the default %q is to come first", s, predict().Schedule)
	}
}
