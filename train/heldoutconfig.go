package train

import "strconv"

// tuneHeldOut sets the defaults of a run that holds sentences out.
func (c *Config) tuneHeldOut() {
	c.Patience, c.Schedule = 20, Constant
	c.Init, c.Start, c.L2 = 0.1, -3, UnsetL2
}

// heldOutSteps is the most steps of a run that holds sentences out.
const heldOutSteps = 400

// heldOutRate is the rate of such a run when none is given.
func heldOutRate(solver string) float64 {
	switch solver {
	case "sgd":
		return 300
	case "momentum":
		return 30
	}
	return 0.02
}

// heldOutPenalty returns λ = 2/N, rounded to two digits. Over the N positions the
// penalty then adds up to 2(‖Q‖² + ‖K‖²), which is the prior of independent normal
// numbers of standard deviation ½: the more text, the less it weighs.
func heldOutPenalty(positions uint64) float64 {
	l2, err := strconv.ParseFloat(strconv.FormatFloat(2/float64(positions), 'e', 1, 64), 64)
	if err != nil {
		return 0 // it was written a moment ago
	}
	return l2
}
