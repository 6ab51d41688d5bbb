package export

import (
	"math"
	"slices"

	"qk/data"
	"qk/train"
)

func (c *CSV) vocabulary(r *Run) error {
	for w, word := range r.words() {
		c.start()
		c.count(uint64(w))
		c.text(word)
		c.count(r.Experiment.Counts.Transitions[w].Total)
		if err := c.end(); err != nil {
			return err
		}
	}
	return nil
}

func (c *CSV) transitions(r *Run) error {
	words := r.words()
	for w, row := range r.Experiment.Counts.Transitions {
		for _, cell := range row.Cells {
			c.start()
			c.text(words[w])
			c.text(words[cell.Word])
			c.count(cell.N)
			c.number(float64(cell.N) / float64(row.Total))
			if err := c.end(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *CSV) pairs(r *Run) error {
	words := r.words()
	for w, pairs := range r.Experiment.Counts.Pairs {
		for _, p := range pairs {
			for _, cell := range p.Next.Cells {
				c.start()
				c.text(words[p.Earlier])
				c.text(words[w])
				c.text(words[cell.Word])
				c.count(cell.N)
				c.number(float64(cell.N) / float64(p.Next.Total))
				if err := c.end(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// masks writes, for every pair that was seen, the counted mask beside the learned one.
func (c *CSV) masks(r *Run) error {
	words := r.words()
	return r.Weights.EachRow(func(w data.Word, s []float64) error {
		learned := train.LearnRow(r.Experiment, w, s)
		agreed := train.AgreeRow(r.Experiment, learned)
		mask := r.Experiment.Masks.Rows[w]
		for _, m := range mask.Candidates {
			c.start()
			c.text(words[w])
			c.text(words[m.Word])
			c.count(m.N)
			c.binary(m.Informs)
			c.number(m.Divergence)
			c.number(m.G)
			c.count(uint64(m.Degrees))
			c.number(m.P)
			c.count(uint64(m.Class))
			if mask.Best == nil {
				c.number(math.NaN())
			} else {
				c.binary(slices.Contains(mask.Best.Mask, m.Word))
			}
			c.binary(slices.Contains(agreed.Counted, m.Word))
			c.binary(slices.Contains(agreed.Learned, m.Word))
			c.number(s[m.Word])
			c.number(learned.Attention[m.Word])
			if err := c.end(); err != nil {
				return err
			}
		}
		return nil
	})
}
