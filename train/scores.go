package train

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

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
	return eachRow(scores, V, c.e.Workers, func(w data.Word, s, attention []float64) {
		l := learnRow(c.e, w, s, attention)
		c.o.Rows[w] = AgreeRow(c.e, l)
		if c.ranks != nil {
			c.ranks[w] = rankRow(c.e.Masks.Rows[w], l.Determined, s)
		}
	})
}

// eachRow calls f for every row of scores, while the next ones are computed, in so
// many goroutines, or as many as there are processors if workers is 0, and returns
// when all have ended. scratch is room for V numbers. What f does for a row must
// not depend on another. A panic of f is one of eachRow.
func eachRow(scores Scores, V, workers int, f func(w data.Word, s, scratch []float64)) error {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	rows := 0
	inOrder := func(w data.Word, s []float64) error {
		if len(s) != V || int(w) != rows {
			return fmt.Errorf("train: row %d of the scores has %d numbers, expected row %d of %d", w, len(s), rows, V)
		}
		rows++
		return nil
	}
	var err error
	if workers == 1 {
		own, scratch := make([]float64, V), make([]float64, V)
		err = scores.EachRow(func(w data.Word, s []float64) error {
			if err := inOrder(w, s); err != nil {
				return err
			}
			copy(own, s)
			f(w, own, scratch)
			return nil
		})
	} else {
		err = eachRowOf(scores, V, min(workers, V), inOrder, f)
	}
	if err == nil && rows != V {
		err = fmt.Errorf("train: %d rows of scores, expected %d", rows, V)
	}
	return err
}

// eachRowOf is eachRow in several goroutines. check is called for the rows as they
// come.
func eachRowOf(scores Scores, V, workers int, check func(data.Word, []float64) error, f func(w data.Word, s, scratch []float64)) error {
	type job struct {
		w data.Word
		s []float64
	}
	jobs, free := make(chan job), make(chan []float64, 2*workers)
	for range 2 * workers {
		free <- make([]float64, V)
	}
	var broken atomic.Pointer[any] // a panic
	do := func(j job, scratch []float64) {
		defer func() {
			if r := recover(); r != nil {
				broken.CompareAndSwap(nil, &r)
			}
			free <- j.s
		}()
		f(j.w, j.s, scratch)
	}
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			scratch := make([]float64, V)
			for j := range jobs {
				do(j, scratch)
			}
		}()
	}
	err := scores.EachRow(func(w data.Word, s []float64) error {
		if err := check(w, s); err != nil {
			return err
		}
		own := <-free
		copy(own, s)
		jobs <- job{w, own}
		return nil
	})
	close(jobs)
	wg.Wait()
	if r := broken.Load(); r != nil {
		panic(*r)
	}
	return err
}
