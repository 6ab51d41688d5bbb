package export

import (
	"fmt"

	"qk/data"
	"qk/train"
)

func (c *CSV) metrics(r *Run) error {
	logged, err := train.ReadMetrics(r.Path)
	if err != nil {
		return err
	}
	for _, m := range logged {
		c.start()
		c.count(uint64(m.Step))
		c.number(m.Loss)
		c.number(m.Penalty)
		c.number(m.GradNorm)
		c.number(m.Rate)
		c.optional(m.Tuning)
		var above *float64
		if d := r.Record.Result; d != nil && d.Lines.Floor != nil {
			x := m.Loss - *d.Lines.Floor
			above = &x
		}
		c.optional(above)
		if err := c.end(); err != nil {
			return err
		}
	}
	return nil
}

func (c *CSV) checks(r *Run) error {
	for _, k := range r.Record.Result.Checks {
		c.start()
		c.text(k.Name)
		c.number(k.Figure)
		c.number(k.Bound)
		c.binary(k.AtLeast)
		c.binary(k.Pass)
		c.text(k.Note)
		if err := c.end(); err != nil {
			return err
		}
	}
	return nil
}

func (c *CSV) lines(r *Run) error {
	d := r.Record.Result
	if err := c.ladder("training", d.Loss, d.Lines); err != nil || d.HeldOut == nil {
		return err
	}
	return c.ladder("heldout", d.HeldOut.Loss, d.HeldOut.Lines)
}

// ladder writes the losses that are defined.
func (c *CSV) ladder(part string, learned float64, l data.Ladder) error {
	for _, line := range []struct {
		name string
		loss *float64
	}{
		{"unigram", l.Unigram}, {"first_order", l.FirstOrder}, {"all_votes", l.AllVotes}, {"graded_mask", l.GradedMask},
		{"best_mask", l.BestMask}, {"learned", &learned}, {"floor", l.Floor},
	} {
		if line.loss == nil {
			continue
		}
		c.start()
		c.text(part)
		c.text(line.name)
		c.number(*line.loss)
		if err := c.end(); err != nil {
			return err
		}
	}
	return nil
}

func (c *CSV) settings(r *Run) error {
	all, err := r.Record.Config.Fields()
	if err != nil {
		return err
	}
	for _, s := range all {
		c.start()
		c.record = append(c.record, s.Name)
		if text, ok := s.Value.(string); ok {
			c.text(text)
		} else {
			c.record = append(c.record, fmt.Sprint(s.Value))
		}
		if err := c.end(); err != nil {
			return err
		}
	}
	return nil
}
