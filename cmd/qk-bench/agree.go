package main

import (
	"fmt"
	"math"
	"slices"
)

// trial is one way to run a contestant: a setting of its environment and a
// variant, with the first losses and the time of a step.
type trial struct {
	contestant int // index
	setting    int
	variant    string
	losses     []float64
	seconds    float64
}

// differs returns the first step at which losses are further from a reference
// than the relative tolerance, or −1.
func differs(losses, reference []float64, tolerance float64) int {
	for i, x := range losses {
		if !(math.Abs(x-reference[i]) <= tolerance*math.Abs(reference[i])) { // NaN differs
			return i
		}
	}
	return -1
}

// consensus returns the losses that most contestants agree on: each one's median
// over its trials, and of these the median. Of two that disagree the first, qk,
// is believed, as there is no third to tell.
func consensus(trials []trial) []float64 {
	of := map[int][][]float64{}
	var order []int
	for _, t := range trials {
		if _, ok := of[t.contestant]; !ok {
			order = append(order, t.contestant)
		}
		of[t.contestant] = append(of[t.contestant], t.losses)
	}
	if len(order) == 0 {
		return nil
	}
	each := make([][]float64, len(order))
	for i, c := range order {
		each[i] = medians(of[c])
	}
	if len(each) < 3 {
		return each[0]
	}
	return medians(each)
}

// medians returns the median of every column; a NaN counts as largest, and of an
// even number of rows the lower of the middle two is taken.
func medians(rows [][]float64) []float64 {
	out := make([]float64, len(rows[0]))
	column := make([]float64, len(rows))
	for i := range out {
		for j, r := range rows {
			column[j] = r[i]
			if math.IsNaN(r[i]) {
				column[j] = math.Inf(1)
			}
		}
		slices.Sort(column)
		out[i] = column[(len(column)-1)/2]
	}
	return out
}

// agreeing splits trials into those whose losses agree with the consensus and
// complaints about the others.
func agreeing(trials []trial, list []contestant, tolerance float64) (good []trial, complaints []string) {
	reference := consensus(trials)
	for _, t := range trials {
		at := differs(t.losses, reference, tolerance)
		if at < 0 {
			good = append(good, t)
			continue
		}
		complaints = append(complaints, fmt.Sprintf(
			"%s: the loss before step %d is %.8g, the others have %.8g (tolerance %g): DROPPED, its time would compare something else",
			t.name(list), at+1, t.losses[at], reference[at], tolerance))
	}
	return good, complaints
}

// name says which contestant, variant and setting a trial is.
func (t trial) name(list []contestant) string {
	c := list[t.contestant]
	return fmt.Sprintf("%s (%s)", c.Name, how(t.variant, c.Settings[t.setting].Name))
}

// how joins a variant and a setting.
func how(variant, setting string) string {
	if setting == "" {
		return variant
	}
	return variant + ", " + setting
}
