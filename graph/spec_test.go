package graph

import (
	"math"
	"strings"
	"testing"
)

// TestNewRefuses gives specs that are wrong. None may panic, and the error says
// what is wrong.
func TestNewRefuses(t *testing.T) {
	const V = 13
	good := Spec{Task: Predict, Objective: CrossEntropy, Rank: 2}
	for name, x := range map[string]struct {
		change func(s *Spec)
		says   string
	}{
		"an unknown task":           {func(s *Spec) { s.Task = "guess" }, `unknown task "guess"`},
		"no task":                   {func(s *Spec) { s.Task = "" }, `unknown task ""`},
		"an unknown objective":      {func(s *Spec) { s.Objective = "hinge" }, `no objective "hinge"`},
		"no objective":              {func(s *Spec) { s.Objective = "" }, `no objective ""`},
		"predict and squared":       {func(s *Spec) { s.Objective = Squared }, `predict has no objective "squared"`},
		"predict and logistic":      {func(s *Spec) { s.Objective = Logistic }, `predict has no objective "logistic"`},
		"rank 0":                    {func(s *Spec) { s.Rank = 0 }, "rank 0"},
		"rank -1":                   {func(s *Spec) { s.Rank = -1 }, "rank -1"},
		"one-hot of another rank":   {func(s *Spec) { s.OneHot, s.Rank = true, V-1 }, "rank V = 13"},
		"one-hot of rank 0":         {func(s *Spec) { s.OneHot, s.Rank = true, 0 }, "rank V = 13"},
		"a negative penalty":        {func(s *Spec) { s.L2 = -1e-9 }, "L2 penalty -1e-09"},
		"a penalty of minus ∞":      {func(s *Spec) { s.L2 = negInf }, "L2 penalty -Inf"},
		"a penalty that is NaN":     {func(s *Spec) { s.L2 = math.NaN() }, "L2 penalty NaN"},
		"a penalty of ∞":            {func(s *Spec) { s.L2 = math.Inf(1) }, "L2 penalty +Inf"},
		"a negative number of rows": {func(s *Spec) { s.BatchRows = -1 }, "rows in a batch, -1"},
	} {
		t.Run(name, func(t *testing.T) {
			c := builtInCorpus(t, "diary")
			s := good
			x.change(&s)
			m, err := New(s, c.counts, c.masks)
			if err == nil {
				t.Fatalf("%+v is accepted", s)
			}
			if m != nil {
				t.Error("a model comes with the error")
			}
			if !strings.Contains(err.Error(), x.says) {
				t.Errorf("the error is %q, want %q in it", err, x.says)
			}
		})
	}
	c := builtInCorpus(t, "diary")
	if _, err := New(good, c.counts, c.masks); err != nil {
		t.Errorf("the spec that the others were made from: %v", err)
	}
}

// TestLogisticNeedsCandidates: with two words a line no word is ever earlier.
func TestLogisticNeedsCandidates(t *testing.T) {
	c := newCorpus(t, "a b\nb a", 16)
	s := Spec{Task: Recall, Objective: Logistic, Rank: 1}
	if _, err := New(s, c.counts, c.masks); err == nil || !strings.Contains(err.Error(), "no sentence has a third word") {
		t.Errorf("error is %v, want one that says why", err)
	}
}

// TestLogisticNeedsMasks leaves them out.
func TestLogisticNeedsMasks(t *testing.T) {
	c := builtInCorpus(t, "diary")
	s := Spec{Task: Recall, Objective: Logistic, Rank: 1}
	if _, err := New(s, c.counts, nil); err == nil || !strings.Contains(err.Error(), "masks") {
		t.Errorf("error is %v, want one that asks for the masks", err)
	}
}

// TestObjectives checks that every objective listed can be built, and that the
// default comes first.
func TestObjectives(t *testing.T) {
	c := builtInCorpus(t, "diary")
	for _, task := range Tasks() {
		if Objectives(task)[0] != CrossEntropy {
			t.Errorf("the default objective of %s is %s", task, Objectives(task)[0])
		}
		for _, o := range Objectives(task) {
			run(t, newModel(t, c, Spec{Task: task, Objective: o, Rank: 1}))
		}
	}
	if Tasks()[0] != Predict {
		t.Errorf("the default task is %s", Tasks()[0])
	}
}
