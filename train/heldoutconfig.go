package train

// tuneHeldOut sets the defaults of a run that holds sentences out.
func (c *Config) tuneHeldOut() {
	c.Patience, c.Schedule = 20, Constant
	c.Init, c.Start, c.L2 = 0.2, -3, 3e-6
}

// heldOutSteps is the most steps of a run that holds sentences out.
const heldOutSteps = 400

// heldOutRate is the rate of such a run when none is given.
func heldOutRate(solver string) float64 {
	switch solver {
	case "adam":
		return 0.02
	}
	return 30
}
