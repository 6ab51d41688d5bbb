package main

import (
	"fmt"
	"strings"
)

// shape is one line of the benchmark's programme.
type shape struct {
	Task    string // "recall" or "predict"
	V, R    int
	B       int     // rows or positions of a batch; 0 takes all rows
	L       int     // context, predict only
	Density float64 // recall: draws of a next word for each word of the vocabulary, on average
}

// batches is how many different batches the steps go round.
const batches = 16

// programme lists what is measured. A density of 0 asks for the dense bigram
// table; the others give some 50 distinct next words a row.
func programme() []shape {
	return []shape{
		{Task: "recall", V: 27, R: 27},
		{Task: "recall", V: 1000, R: 32, Density: 110},
		{Task: "recall", V: 5000, R: 64, Density: 90},
		{Task: "recall", V: 20000, R: 64, B: 512, Density: 80},
		{Task: "predict", V: 2000, R: 32, B: 512, L: 16},
		{Task: "predict", V: 20000, R: 64, B: 4096, L: 16},
	}
}

// String names a shape as --shape takes it, such as 20000x64x512.
func (s shape) String() string {
	name := fmt.Sprintf("%dx%d", s.V, s.R)
	if s.B > 0 {
		name += fmt.Sprintf("x%d", s.B)
	}
	return name
}

// choose returns the shapes of a task ("all" for both) that are named, or all of
// the task when none is.
func choose(task string, named []string) ([]shape, error) {
	if task != "recall" && task != "predict" && task != "all" {
		return nil, fmt.Errorf("--task %s: use recall, predict or all", task)
	}
	var of, chosen []shape
	for _, s := range programme() {
		if task == "all" || s.Task == task {
			of = append(of, s)
		}
	}
	if len(named) == 0 {
		return of, nil
	}
	for _, name := range named {
		var valid []string
		found := false
		for _, s := range of {
			valid = append(valid, s.String())
			if s.String() == name {
				chosen, found = append(chosen, s), true
			}
		}
		if !found {
			return nil, fmt.Errorf("--shape %s: with --task %s use one of %s", name, task, strings.Join(valid, ", "))
		}
	}
	return chosen, nil
}
