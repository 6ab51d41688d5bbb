package train

import "math"

// Schedule says how the learning rate changes over a run.
type Schedule string

// The schedules. Linear and cosine fall from the full rate at the first step
// towards zero after the last.
const (
	Constant Schedule = "constant"
	Linear   Schedule = "linear"
	Cosine   Schedule = "cosine" // I. Loshchilov and F. Hutter, "SGDR", https://arxiv.org/abs/1608.03983, equation 5
)

// Schedules lists every schedule, the default first.
func Schedules() []Schedule { return []Schedule{Cosine, Linear, Constant} }

// Factor returns what the rate is multiplied by at a step, counted from 0, of a
// run of so many steps.
func (s Schedule) Factor(step, steps int) float64 {
	done := float64(step) / float64(steps)
	switch s {
	case Linear:
		return 1 - done
	case Cosine:
		return (1 + math.Cos(math.Pi*done)) / 2
	}
	return 1
}
