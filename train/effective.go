package train

import "qk/graph"

// Effective returns the configuration without the settings that change nothing
// beside the others, and for each of these, by its name, what makes it so.
func (c Config) Effective() (Config, map[string]string) {
	unused := map[string]string{}
	drop := func(reason string, names ...string) {
		for _, name := range names {
			s, _ := FindSetting(name)
			unused[name] = reason
			_ = s.Set(&c, s.zero()) // a zero can be read
		}
	}
	if c.Solver != "momentum" {
		drop("it is for --solver momentum", "momentum")
	}
	if c.Solver != "adam" {
		drop("it is for --solver adam", "beta1", "beta2")
	}
	if c.Task != graph.Predict {
		drop("the null slot is part of --task predict", "null")
	}
	if c.Table() {
		drop("a table of next words looks at no earlier word", "context")
	}
	if c.OneHot {
		drop("in the one-hot form nothing is drawn", "init")
		if c.Batch == 0 && c.HoldOut == 0 {
			drop("in the one-hot form nothing is drawn", "seed")
		}
	}
	if c.HoldOut > 0 {
		drop("with sentences held out a run stops by the loss of those for tuning", "grad-tol", "tolerance")
	} else if c.Batch > 0 {
		drop("the loss of a batch goes up and down, so a run in batches takes all steps", "grad-tol", "tolerance", "patience")
	}
	return c, unused
}

// zero is a value that the setting can be set to.
func (s Setting) zero() string {
	switch s.Kind {
	case BoolValue:
		return "false"
	case WholeValue, RealValue:
		return "0"
	}
	return ""
}

// Unit is what the loss counts, over the positions of a text or the cells of a mask.
func (c Config) Unit() string {
	switch c.Objective {
	case graph.Squared:
		return "‖S−T‖²"
	case graph.Logistic:
		return "nats per cell"
	}
	return "nats per word"
}
