package data

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// CountTransitions is [Count] for those who need c1 alone: neither the positions
// nor the pairs are kept, whose number grows with the context times the text.
// Pairs is nil, and PairCells is the same as after [Count].
func CountTransitions(corpus *Corpus, context int) (*Counts, error) {
	c, err := newCounts(corpus, context)
	if err != nil {
		return nil, err
	}
	words := newConcordance(corpus)
	V := corpus.Vocab.Len()
	c.Transitions = make([]Row, V)
	var cells, next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), V) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var row []triple
			var keys []uint64
			var earlier []Word
			for w := int(next.Add(1)) - 1; w < V; w = int(next.Add(1)) - 1 {
				row, keys = row[:0], keys[:0]
				for _, at := range words.of(Word(w)) {
					s := corpus.Sentences[at.sentence]
					y := s.Words[at.index+1]
					row = append(row, triple{next: y, n: s.N})
					earlier = c.earlier(earlier[:0], s.Words[max(0, int(at.index)-context):at.index])
					for _, u := range earlier {
						keys = append(keys, uint64(u)<<32|uint64(y))
					}
				}
				if rows := sumTriples(row); len(rows) > 0 {
					c.Transitions[w] = rows[0].Next
				}
				cells.Add(int64(distinct(keys)))
			}
		}()
	}
	wg.Wait()
	c.PairCells = int(cells.Load())
	return c, nil
}

// distinct sorts numbers and returns how many different ones there are.
func distinct(keys []uint64) int {
	slices.Sort(keys)
	n := 0
	for i, k := range keys {
		if i == 0 || k != keys[i-1] {
			n++
		}
	}
	return n
}

// occurrence is where a word stands with a next word: in which sentence, and at which
// of its words.
type occurrence struct{ sentence, index int32 }

// concordance lists the occurrences of every word.
type concordance struct {
	all   []occurrence // by word, then in the order of the text
	start []int        // [V+1] those of w are all[start[w]:start[w+1]]
}

func newConcordance(corpus *Corpus) *concordance {
	V := corpus.Vocab.Len()
	p := &concordance{start: make([]int, V+1)}
	for _, s := range corpus.Sentences {
		for i := 0; i+1 < len(s.Words); i++ {
			p.start[s.Words[i]+1]++
		}
	}
	for w := range V {
		p.start[w+1] += p.start[w]
	}
	p.all = make([]occurrence, p.start[V])
	at := slices.Clone(p.start)
	for n, s := range corpus.Sentences {
		for i := 0; i+1 < len(s.Words); i++ {
			w := s.Words[i]
			p.all[at[w]] = occurrence{int32(n), int32(i)}
			at[w]++
		}
	}
	return p
}

func (p *concordance) of(w Word) []occurrence { return p.all[p.start[w]:p.start[w+1]] }
