package sweep

import (
	"qk/train"
)

// Figure is a number that a run ends with.
type Figure struct {
	Name string // of JSON and CSV
	Unit string
	of   func(*train.Document) (float64, bool)
}

// Of returns the figure of a result, or false where there is none.
func (f Figure) Of(d *train.Document) (float64, bool) { return f.of(d) }

// Figures lists the figures that the table of a sweep may have, in its order.
func Figures() []Figure {
	always := func(of func(*train.Document) float64) func(*train.Document) (float64, bool) {
		return func(d *train.Document) (float64, bool) { return of(d), true }
	}
	return []Figure{
		{"loss", "nats", always(func(d *train.Document) float64 { return d.Loss })},
		{"above_floor", "nats", func(d *train.Document) (float64, bool) {
			if d.Lines.Floor == nil {
				return 0, false
			}
			return d.Loss - *d.Lines.Floor, true
		}},
		{"heldout", "nats", func(d *train.Document) (float64, bool) {
			if d.HeldOut == nil {
				return 0, false
			}
			return d.HeldOut.Loss, true
		}},
		{"recovered", "rows", func(d *train.Document) (float64, bool) {
			r := RecoveryOf(d)
			return float64(r.Exact), r.Counted > 0
		}},
		{"spurious", "rows", func(d *train.Document) (float64, bool) {
			r := RecoveryOf(d)
			return float64(r.Spurious), r.Judged
		}},
		{"passed", "runs", always(func(d *train.Document) float64 {
			if d.Pass {
				return 1
			}
			return 0
		})},
		{"steps", "steps", always(func(d *train.Document) float64 { return float64(d.Steps) })},
		{"seconds", "s", always(func(d *train.Document) float64 { return d.Seconds })},
	}
}

// Recovery is how many rows of the counted masks a run found.
type Recovery struct {
	Counted  int  // rows whose counted set is not empty, and no estimate
	Exact    int  // of them, those whose learned set is the counted one
	Spurious int  // rows, of all, whose learned set has a word that the counted one lacks
	Judged   bool // false where sentences are held out, as counted sets are estimates there
}

// RecoveryOf counts the rows of a result.
func RecoveryOf(d *train.Document) Recovery {
	r := Recovery{Judged: d.HeldOut == nil}
	if !r.Judged {
		return r
	}
	for _, m := range d.Masks {
		if m.Estimate {
			continue
		}
		if len(m.Counted) > 0 {
			r.Counted++
		}
		switch m.Status {
		case train.Exact:
			r.Exact++
		case train.Spurious:
			r.Spurious++
		}
	}
	return r
}
