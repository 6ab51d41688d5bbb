package train

import (
	"fmt"
	"runtime"
	"sync"

	"qk/data"
)

// Scores is where the scores S [V,V] that are checked come from, one row at a
// time: [graph.Weights].
type Scores interface {
	// EachRow calls f for every current word w with S[w,·] [V], which is valid only
	// during the call. An error of f ends it and is returned.
	EachRow(f func(w data.Word, s []float64) error) error
}

// compare goes through the rows of the scores and compares each with the counts.
// Of a row it keeps what is as large as its sets.
func (c *checker) compare(scores Scores) error {
	V := c.e.Counts.V()
	c.o.Rows = make([]RowAgreement, V)
	if !c.e.Config.Table() {
		c.ranks = make([]rowRank, V)
	}
	return eachRow(scores, V, func(w data.Word, s, attention []float64) {
		l := learnRow(c.e, w, s, attention)
		c.o.Rows[w] = AgreeRow(c.e, l)
		if c.ranks != nil {
			c.ranks[w] = rankRow(c.e.Masks.Rows[w], l.Determined, s)
		}
	})
}

// eachRow calls f for every row of scores, while the next ones are computed, in
// as many goroutines as there are processors, and returns when all have ended.
// scratch is room for V numbers. What f does for a row must not depend on
// another.
func eachRow(scores Scores, V int, f func(w data.Word, s, scratch []float64)) error {
	type job struct {
		w data.Word
		s []float64
	}
	workers := min(runtime.GOMAXPROCS(0), V)
	jobs, free := make(chan job), make(chan []float64, 2*workers)
	for range 2 * workers {
		free <- make([]float64, V)
	}
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			scratch := make([]float64, V)
			for j := range jobs {
				f(j.w, j.s, scratch)
				free <- j.s
			}
		}()
	}
	rows := 0
	err := scores.EachRow(func(w data.Word, s []float64) error {
		if len(s) != V || int(w) != rows {
			return fmt.Errorf("train: row %d of the scores has %d numbers, expected row %d of %d", w, len(s), rows, V)
		}
		rows++
		own := <-free
		copy(own, s)
		jobs <- job{w, own}
		return nil
	})
	close(jobs)
	wg.Wait()
	if err == nil && rows != V {
		err = fmt.Errorf("train: %d rows of scores, expected %d", rows, V)
	}
	return err
}
