package data

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestEckartYoung has tables whose singular values are known in closed form.
func TestEckartYoung(t *testing.T) {
	third, two := 1./3, 2./3
	for _, c := range []struct {
		name  string
		table []float64
		v     int
		tails []float64 // from rank 0 on
	}{
		{"diagonal, signs and order do not matter", []float64{0.5, 0, 0, 0, 0, -3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2}, 4, []float64{14.25, 5.25, 1.25, 0.25, 0, 0}},
		{"one product of a column and a row", []float64{4, 5, 8, 10}, 2, []float64{205, 0, 0}},              // (1,2)ᵀ(4,5): 5·41
		{"√45 and √5", []float64{3, 0, 4, 5}, 2, []float64{50, 5, 0}},                                       // TTᵀ = (9 12; 12 41)
		{"golden ratio and its inverse", []float64{1, 1, 1, 0}, 2, []float64{3, (3 - math.Sqrt(5)) / 2, 0}}, // eigenvalues (1±√5)/2
		{"Hadamard: all of them 2", []float64{1, 1, 1, 1, 1, -1, 1, -1, 1, 1, -1, -1, 1, -1, -1, 1}, 4, []float64{16, 12, 8, 4, 0}},
		{"a rotation: all of them 1", []float64{two, -third, two, two, two, -third, -third, two, two}, 3, []float64{3, 2, 1, 0}}, // rows of length 1, at right angles
		{"nothing", make([]float64, 9), 3, []float64{0, 0, 0, 0}},
		{"one entry", []float64{-7}, 1, []float64{49, 0}},
	} {
		given := slices.Clone(c.table)
		for rank, want := range c.tails {
			got, err := EckartYoung(c.table, c.v, rank)
			if err != nil {
				t.Errorf("%s: rank %d: %v", c.name, rank, err)
			}
			isNear(t, c.name, got, want, 1e-13)
		}
		if !slices.Equal(c.table, given) {
			t.Errorf("%s: the table has become %v", c.name, c.table)
		}
	}
}

// TestEckartYoungOfTwo: the squares of the singular values of a table of two
// rows add up to ‖T‖² and have the product det² T.
func TestEckartYoungOfTwo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entry := rapid.Float64Range(-10, 10)
		table := []float64{entry.Draw(t, "a"), entry.Draw(t, "b"), entry.Draw(t, "c"), entry.Draw(t, "d")}
		sum := table[0]*table[0] + table[1]*table[1] + table[2]*table[2] + table[3]*table[3]
		det := table[0]*table[3] - table[1]*table[2]
		want := 0.0
		if sum > 0 {
			// The smaller root, as product over the larger one.
			want = det * det / ((sum + math.Sqrt(max(0, sum*sum-4*det*det))) / 2)
		}
		got, err := EckartYoung(table, 2, 1)
		if err != nil || math.Abs(got-want) > 1e-12*sum {
			t.Fatalf("%v has the tail %g, %v; want %g", table, got, err, want)
		}
	})
}

// TestEckartYoungProperties: a sum of r products has no tail after r; and for
// any table the tail falls with the rank from ‖T‖², and no other table of the
// rank is nearer.
func TestEckartYoungProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		V := rapid.IntRange(1, 9).Draw(t, "V")
		rank := rapid.IntRange(0, V).Draw(t, "rank")
		product := func(rank int) []float64 {
			table := make([]float64, V*V)
			for range rank {
				column, row := make([]float64, V), make([]float64, V)
				for i := range V {
					column[i], row[i] = random.NormFloat64(), random.NormFloat64()
				}
				for i := range table {
					table[i] += column[i/V] * row[i%V]
				}
			}
			return table
		}
		squares := func(a, b []float64) float64 {
			var sum float64
			for i := range a {
				sum += (a[i] - b[i]) * (a[i] - b[i])
			}
			return sum
		}
		tail := func(table []float64, rank int) float64 {
			got, err := EckartYoung(table, V, rank)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}

		low := product(rank)
		if got := tail(low, rank); got > 1e-24*squares(low, make([]float64, V*V)) {
			t.Fatalf("a table of rank %d has a tail of %g after it", rank, got)
		}
		if rank > 0 && tail(low, rank-1) == 0 {
			t.Fatalf("a table of rank %d has no tail after rank %d", rank, rank-1)
		}

		full := product(V)
		isNear(t, "the tail after rank 0", tail(full, 0), squares(full, make([]float64, V*V)), 1e-13)
		for r := 1; r <= V; r++ {
			if tail(full, r) > tail(full, r-1) {
				t.Fatalf("the tail grows from %g to %g at rank %d", tail(full, r-1), tail(full, r), r)
			}
		}
		// The table itself with its last rows left out is of the rank, too.
		cut := slices.Clone(full)
		clear(cut[rank*V:])
		for what, other := range map[string][]float64{"a random table": low, "the first rows": cut} {
			if d := squares(full, other); d < tail(full, rank)*(1-1e-12) {
				t.Fatalf("%s of rank %d is at %g, nearer than %g", what, rank, d, tail(full, rank))
			}
		}
	})
}

func TestEckartYoungLimit(t *testing.T) {
	_, err := EckartYoung(nil, MaxSVD+1, 3)
	if !errors.Is(err, ErrTooLarge) || err.Error() != "V = 2001 is above 2000: too large for an exact singular value decomposition" {
		t.Errorf("got %v", err)
	}
	if got, err := EckartYoung(nil, MaxSVD, MaxSVD); got != 0 || err != nil {
		t.Errorf("a rank as large as V leaves %g, %v", got, err)
	}
}

// TestTransitionTable: the rows of coat are the unit vectors of me and my, the
// shares 0.2, 0.3 and 0.5 of what is mine, and three times the unit vector of
// today, all at right angles. So the squares of the singular values are 3, 1, 1
// and 0.04 + 0.09 + 0.25 = 0.38.
func TestTransitionTable(t *testing.T) {
	c := countBuiltIn(t, "coat")
	table := TransitionTable(c)
	for rank, want := range []float64{5.38, 2.38, 1.38, 0.38, 0, 0, 0, 0} {
		got, err := EckartYoung(table, c.V(), rank)
		if err != nil {
			t.Fatal(err)
		}
		isNear(t, "the tail of coat", got, want, 1e-14)
	}
	// Words: bring, coat, me, my, scarf, today, umbrella.
	for i, want := range []float64{
		0, 0, 1, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 1, 0,
		0, 0, 0, 1, 0, 0, 0,
		0, 0.2, 0, 0, 0.3, 0, 0.5,
		0, 0, 0, 0, 0, 1, 0,
		0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 1, 0,
	} {
		if table[i] != want {
			t.Errorf("entry [%d,%d] is %g, want %g", i/7, i%7, table[i], want)
		}
	}
}

// TestTransitionTableProperty: the table holds P(y|w), and every row adds up to
// one or is empty.
func TestTransitionTableProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, want := drawCounts(t)
		table := TransitionTable(c)
		for w := range c.V() {
			var sum float64
			for y := range c.V() {
				p := 0.0
				if want.row[c.Corpus.Vocab.Text(Word(w))] > 0 {
					p = want.p1(c.Corpus.Vocab.Text(Word(w)), c.Corpus.Vocab.Text(Word(y)))
				}
				if table[w*c.V()+y] != p {
					t.Fatalf("entry [%d,%d] is %g, want %g", w, y, table[w*c.V()+y], p)
				}
				sum += p
			}
			if len(c.Transitions[w].Cells) > 0 {
				isNear(t, "the sum of a row", sum, 1, 1e-15)
			}
		}
	})
}
