package data

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// occurrence is where a word stands with a next word: in which sentence, and at
// which of its words.
type occurrence struct{ sentence, index int32 }

// concordance lists the occurrences of every word.
type concordance struct {
	all   []occurrence // by word, then in the order of the text
	start []int        // [V+1] those of w are all[start[w]:start[w+1]]
}

func newConcordance(sentences []Sentence, V int) *concordance {
	c := &concordance{start: make([]int, V+1)}
	for _, s := range sentences {
		for i := 0; i+1 < len(s.Words); i++ {
			c.start[s.Words[i]+1]++
		}
	}
	for w := range V {
		c.start[w+1] += c.start[w]
	}
	c.all = make([]occurrence, c.start[V])
	at := slices.Clone(c.start)
	for n, s := range sentences {
		for i := 0; i+1 < len(s.Words); i++ {
			w := s.Words[i]
			c.all[at[w]] = occurrence{int32(n), int32(i)}
			at[w]++
		}
	}
	return c
}

func (c *concordance) of(w Word) []occurrence { return c.all[c.start[w]:c.start[w+1]] }

// eachWord calls a function for every word below V, in as many goroutines as
// there are processors, and returns when all have ended. Each gets its function,
// with its buffers, from worker. What is done for a word must not depend on
// another.
func eachWord(V int, worker func() func(Word)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), V) {
		all.Add(1)
		go func() {
			defer all.Done()
			visit := worker()
			for w := int(next.Add(1)) - 1; w < V; w = int(next.Add(1)) - 1 {
				visit(Word(w))
			}
		}()
	}
	all.Wait()
}
