package train

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"qk/data"
)

// follow takes a new run of an experiment through its course.
func follow(t testing.TB, path string, e *Experiment) *Ended {
	t.Helper()
	d, err := CreateRun(path, e, birthday, nil)
	must(t, err)
	closeAfter(t, d)
	ended, err := (&Course{Dir: d, Experiment: e, Loop: loop(t, e), Now: still}).Run(context.Background())
	must(t, err)
	return ended
}

// sharing are settings that share counts in several groups.
func sharing() map[string][]Config {
	held := func(c *Config) { c.HoldOut, c.Steps = 0.3, 20; c.Tune() }
	return map[string][]Config{
		"predict": {
			predict(steps(20)), predict(steps(20), seeded(2), ranked(3)), predict(steps(20), withoutNull),
			predict(steps(20), func(c *Config) { c.Graph = Fused }), predict(steps(20), func(c *Config) { c.OneHot = true }),
			predict(steps(20), func(c *Config) { c.Batch, c.Precision = 5, Float32 }),
		},
		"logistic":  {recall("logistic", steps(20)), recall("logistic", steps(20), seeded(3))},
		"recall":    {recall("cross-entropy", steps(20)), recall("squared", steps(20), ranked(2)), recall("squared", steps(20), ranked(3))},
		"held out":  {predict(held), predict(held, seeded(2)), predict(held, ranked(2))},
		"no escape": {predict(held, withoutNull), predict(held, withoutNull, seeded(2))},
	}
}

// text for all of them, of which some sentences are held out.
func sharedText() string {
	text := ""
	for i := range 40 {
		text += fmt.Sprintf("the %d cats and %d dogs went out again\n", i%5, i%7)
	}
	return text
}

// TestWith takes runs that share what is counted through their course at the same
// time, and compares every file with that of a run on a text counted for it alone.
func TestWith(t *testing.T) {
	for name, configs := range sharing() {
		dir, alone := t.TempDir(), t.TempDir()
		t.Chdir(dir) // run.json holds the path, which is relative
		whole := count(t, configs[len(configs)-1], sharedText())
		var wg sync.WaitGroup
		shared := make([]*Experiment, len(configs))
		for i, c := range configs {
			var err error
			shared[i], err = whole.With(c)
			must(t, err)
			shared[i].Workers = 1 + i%2
		}
		for i, e := range shared {
			wg.Add(1)
			go func() {
				defer wg.Done()
				follow(t, fmt.Sprint(i), e)
			}()
		}
		wg.Wait()
		t.Chdir(alone)
		for i, c := range configs {
			follow(t, fmt.Sprint(i), count(t, c, sharedText()))
			wantSameFiles(t, fmt.Sprintf("%s, run %d", name, i), filepath.Join(dir, fmt.Sprint(i)), fmt.Sprint(i))
		}
	}
}

// TestWithRefuses asks for settings that need another count.
func TestWithRefuses(t *testing.T) {
	e := count(t, predict(), "")
	for _, change := range []func(*Config){
		func(c *Config) { c.Corpus = "coat" }, func(c *Config) { c.Context = 3 }, func(c *Config) { c.KeepCase = true },
		func(c *Config) { c.HoldOut = 0.1 }, func(c *Config) { c.Task = "recall" },
	} {
		_, err := e.With(predict(change))
		wantError(t, err, "another count")
	}
	_, err := e.With(predict(func(c *Config) { c.Batch, c.Graph = 1000, Fused }))
	wantError(t, err, "--batch 1000: there are only")
}

// TestLadderIsComputedOnce counts how often the reference losses are computed.
func TestLadderIsComputedOnce(t *testing.T) {
	e := count(t, predict(), "")
	first, err := e.Ladder()
	must(t, err)
	with, err := e.With(predict(seeded(2)))
	must(t, err)
	again, err := with.Ladder()
	must(t, err)
	if first.Floor != again.Floor { // the same place in memory
		t.Error("the reference losses were computed twice")
	}
	without, err := e.With(predict(withoutNull))
	must(t, err)
	other, err := without.Ladder()
	must(t, err)
	if want := data.PredictLadder(e.Counts, e.Masks, false); *other.Floor != *want.Floor || other.Floor == first.Floor {
		t.Errorf("without the null slot the floor is %g, want %g", *other.Floor, *want.Floor)
	}
}

// TestEffective trains with and without a change that is said to have no effect, or
// the same change where it is said to have one.
func TestEffective(t *testing.T) {
	oneHot := func(c *Config) { c.OneHot = true }
	solver := func(s string) func(*Config) { return func(c *Config) { c.Solver = s } }
	batch := func(c *Config) { c.Batch, c.Graph = 5, Fused }
	table := recall("cross-entropy", steps(8))
	for name, c := range map[string]struct {
		from   Config
		change func(*Config)
		none   bool
	}{
		"momentum of adam":       {predict(steps(8)), func(c *Config) { c.Momentum = 0.1 }, true},
		"momentum of momentum":   {predict(steps(8), solver("momentum")), func(c *Config) { c.Momentum = 0.1 }, false},
		"beta1 of sgd":           {predict(steps(8), solver("sgd")), func(c *Config) { c.Beta1 = 0.1 }, true},
		"beta2 of adam":          {predict(steps(8)), func(c *Config) { c.Beta2 = 0.1 }, false},
		"null of recall":         {table, withoutNull, true},
		"null of predict":        {predict(steps(8)), withoutNull, false},
		"context of a table":     {table, func(c *Config) { c.Context = 2 }, true},
		"context of predict":     {predict(steps(8)), func(c *Config) { c.Context = 2 }, false},
		"seed of one-hot":        {predict(steps(8), oneHot), seeded(2), true},
		"seed of one-hot, batch": {predict(steps(8), oneHot, batch), seeded(2), false},
		"init of one-hot":        {predict(steps(8), oneHot), func(c *Config) { c.Init = 3 }, true},
		"start of one-hot":       {predict(steps(8), oneHot), func(c *Config) { c.Start = 3 }, false},
		"grad-tol of batches":    {predict(steps(8), batch), func(c *Config) { c.GradTol = 1e9 }, true},
		"grad-tol":               {predict(steps(8)), func(c *Config) { c.GradTol = 1e9 }, false},
		"patience of batches":    {predict(steps(8), batch), func(c *Config) { c.Patience = 1 }, true},
		"rank":                   {predict(steps(8)), ranked(2), false},
		"scaled":                 {predict(steps(8)), func(c *Config) { c.Scaled = true }, false},
	} {
		to := c.from
		c.change(&to)
		a, _ := c.from.Effective()
		b, _ := to.Effective()
		if (a == b) != c.none {
			t.Errorf("%s: said to be without effect: %v", name, a == b)
		}
		if same := sameBits(learn(t, c.from, "").weights(), learn(t, to, "").weights()); same != c.none {
			t.Errorf("%s: is without effect: %v", name, same)
		}
	}
}

// weights are Q and K, one after the other.
func (r result) weights() []float64 {
	w := r.loop.Model.Weights
	return append(append([]float64{}, w.Q...), w.K...)
}
