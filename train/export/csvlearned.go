package export

import (
	"qk/data"
	"qk/train"
)

func (c *CSV) scores(r *Run) error {
	words := r.words()
	return r.Weights.EachRow(func(w data.Word, s []float64) error { return c.wide(words[w], s) })
}

func (c *CSV) attention(r *Run) error {
	words := r.words()
	return r.Weights.EachRow(func(w data.Word, s []float64) error {
		return c.wide(words[w], train.LearnRow(r.Experiment, w, s).Attention)
	})
}

func (c *CSV) queries(r *Run) error { return c.matrix(r, r.Weights.Q) }
func (c *CSV) keys(r *Run) error    { return c.matrix(r, r.Weights.K) }

// matrix writes Q or K.
func (c *CSV) matrix(r *Run, m []float64) error {
	R := r.Weights.R
	for w, word := range r.words() {
		if err := c.wide(word, m[w*R:(w+1)*R]); err != nil {
			return err
		}
	}
	return nil
}

// wide writes the row of a word.
func (c *CSV) wide(word string, row []float64) error {
	c.start()
	c.text(word)
	for _, x := range row {
		c.number(x)
	}
	return c.end()
}
