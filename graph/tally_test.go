package graph

import (
	"math/big"
	"slices"
	"strings"
)

// tally is a text counted by the plain definitions, in exact numbers: what the
// losses of the models are held against. It shares no code with package data.
type tally struct {
	words  []string // in byte order
	places []place  // every place of the text, equal ones each time
	after  map[int]int64
	next   map[[2]int]int64 // (w,y): how often y follows w
	before map[[2]int]int64 // (u,w): at how many places of w the word u came earlier
	pair   map[[3]int]int64 // (u,w,y): at how many of them y follows
}

// place is current word, distinct earlier words and next word.
type place struct {
	w       int
	earlier []int
	y       int
}

func newTally(text string, context int) *tally {
	t := &tally{
		after: map[int]int64{}, next: map[[2]int]int64{},
		before: map[[2]int]int64{}, pair: map[[3]int]int64{},
	}
	t.words = strings.Fields(text)
	slices.Sort(t.words)
	t.words = slices.Compact(t.words)
	for line := range strings.Lines(text) {
		var ids []int
		for _, word := range strings.Fields(line) {
			ids = append(ids, slices.Index(t.words, word))
		}
		for i := 0; i+1 < len(ids); i++ {
			p := place{w: ids[i], y: ids[i+1]}
			for _, u := range ids[max(0, i-context):i] {
				if !slices.Contains(p.earlier, u) {
					p.earlier = append(p.earlier, u)
				}
			}
			t.add(p)
		}
	}
	return t
}

func (t *tally) add(p place) {
	t.places = append(t.places, p)
	t.after[p.w]++
	t.next[[2]int{p.w, p.y}]++
	for _, u := range p.earlier {
		t.before[[2]int{u, p.w}]++
		t.pair[[3]int{u, p.w, p.y}]++
	}
}

func (t *tally) V() int          { return len(t.words) }
func (t *tally) total() int64    { return int64(len(t.places)) }
func (t *tally) n() float64      { return float64(len(t.places)) }
func (t *tally) id(s string) int { return slices.Index(t.words, s) }

// first is P(y|w).
func (t *tally) first(w, y int) *big.Rat {
	return big.NewRat(t.next[[2]int{w, y}], t.after[w])
}

// second is P(y|u,w), of a pair that occurs.
func (t *tally) second(u, w, y int) *big.Rat {
	return big.NewRat(t.pair[[3]int{u, w, y}], t.before[[2]int{u, w}])
}

// informs tells whether u, seen before w, changes what follows: whether P(y|u,w)
// differs from P(y|w) for some y.
func (t *tally) informs(u, w int) bool {
	for y := range t.words {
		if t.second(u, w, y).Cmp(t.first(w, y)) != 0 {
			return true
		}
	}
	return false
}

// pairs calls visit for every u that was ever seen before w.
func (t *tally) pairs(visit func(w, u int)) {
	for w := range t.words {
		for u := range t.words {
			if t.before[[2]int{u, w}] > 0 {
				visit(w, u)
			}
		}
	}
}

// table is a [V,V] table of exact numbers, row-major, all zero at first.
type table []*big.Rat

func (t *tally) newTable() table {
	x := make(table, t.V()*t.V())
	for i := range x {
		x[i] = new(big.Rat)
	}
	return x
}

// floats rounds every number once.
func (x table) floats() []float64 {
	f := make([]float64, len(x))
	for i, r := range x {
		f[i] = float(r)
	}
	return f
}

func float(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}

func quo(x, y *big.Rat) *big.Rat { return new(big.Rat).Quo(x, y) }
func sub(x, y *big.Rat) *big.Rat { return new(big.Rat).Sub(x, y) }
func mul(x, y *big.Rat) *big.Rat { return new(big.Rat).Mul(x, y) }
func add(x, y *big.Rat) *big.Rat { return new(big.Rat).Add(x, y) }

var one = big.NewRat(1, 1)
