package runs

import "slices"

// Partial collects observations of one table, range by range.
type Partial struct {
	keys [][]uint64 // of each range, one an observation
	n    int
}

// NewPartial returns an empty collection for so many ranges.
func NewPartial(ranges int) *Partial { return &Partial{keys: make([][]uint64, ranges)} }

// Observe counts one observation of a key in a range.
func (p *Partial) Observe(r int, key uint64) {
	p.keys[r] = append(p.keys[r], key)
	p.n++
}

// Len returns the number of observations since the last flush.
func (p *Partial) Len() int { return p.n }

// Flush hands out the runs of the ranges in which anything was observed, in
// ascending order, and forgets the observations. A run is the caller's to keep.
func (p *Partial) Flush(emit func(r int, run []byte)) error {
	for r, keys := range p.keys {
		if len(keys) == 0 {
			continue
		}
		slices.Sort(keys)
		run := make([]byte, 0, 2*len(keys)+16)
		var e Encoder
		for i := 0; i < len(keys); {
			first := i
			for i++; i < len(keys) && keys[i] == keys[first]; i++ {
			}
			var err error
			if run, err = e.Append(run, keys[first], int64(i-first)); err != nil {
				return err
			}
		}
		emit(r, run)
		p.keys[r] = keys[:0]
	}
	p.n = 0
	return nil
}
