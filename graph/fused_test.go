package graph

import (
	"fmt"
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"pgregory.net/rapid"

	"qk/data"
)

// fusedPair returns the plain and the fused model of a spec with equal weights.
func fusedPair(t tb, c corpus, s Spec, seed uint64, scale float64) (plain, fused *Model) {
	s.Fused = false
	plain = newModel(t, c, s)
	s.Fused = true
	fused = newModel(t, c, s)
	randomise(plain, seed, scale)
	randomise(fused, seed, scale)
	return plain, fused
}

func figuresOf(t tb, m *Model) []float64 {
	loss := run(t, m)
	return append([]float64{loss.Data, loss.Penalty}, gradients(m)...)
}

// TestFusedEqualsPlain holds the fused graph against the plain one on random
// texts, forms and sizes of scores. The tolerance is relative to the largest
// figure; the plain graph's own error grows with the scores.
func TestFusedEqualsPlain(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := drawCorpus(r)
		s := rapid.SampledFrom(losses()).Draw(r, "loss")
		if !c.canLearn(s) {
			r.Skip("no pair of words")
		}
		s.Scaled, s.OneHot = rapid.Bool().Draw(r, "scaled"), rapid.Bool().Draw(r, "one-hot")
		s.Rank, s.L2 = rapid.IntRange(1, 9).Draw(r, "rank"), 0.01
		scale := rapid.SampledFrom([]float64{0.01, 1, 3, 100, 1e4}).Draw(r, "scale")
		plain, fused := fusedPair(r, c, s, rapid.Uint64().Draw(r, "seed"), scale)
		want, got := figuresOf(r, plain), figuresOf(r, fused)
		most := largest(want[0])
		for i := range plain.Params() {
			most = max(most, largest(plain.Params()[i].Gradient...))
		}
		for i := range want {
			if d := math.Abs(got[i] - want[i]); d > 1e-12*max(most, scale*scale) {
				r.Fatalf("%s, figure %d: %v fused, %v plain", describe(s), i, got[i], want[i])
			}
		}
	})
}

// TestFusedFarScores has rows whose scores lie so far apart that the row's shift
// leaves nothing of some positions: each must be computed with a shift of its
// own. The expected values are those of the reference, written out place by
// place.
func TestFusedFarScores(t *testing.T) {
	c := newCorpus(t, "a x b\nc x d\na c x b\ne x d\ne a x b\nx b\nx d", 16)
	for _, null := range []bool{false, true} {
		for _, size := range []float64{300, 700, 1e4, 1e15} {
			s := Spec{Task: Predict, Objective: CrossEntropy, Null: null, OneHot: true, Rank: c.counts.V(), Fused: true}
			m := newModel(t, c, s)
			for i := range m.Weights.K {
				m.Weights.K[i] = size * math.Sin(float64(3*i+1))
			}
			scores, err := m.Weights.Scores()
			if err != nil {
				t.Fatal(err)
			}
			want := referenceOf(s, c.tally, scores)
			loss := run(t, m)
			wantNear(t, fmt.Sprintf("loss at %g", size), []float64{loss.Data}, []float64{want.loss}, largest(want.loss), 1e-14)
			V := c.counts.V()
			for w := range V {
				for u := range V {
					got, want := m.Params()[0].Gradient[u*V+w], want.grad[w*V+u]
					if math.Abs(got-want) > 1e-15 {
						t.Errorf("null %v, size %g: ∂loss/∂S[%d,%d] is %v, want %v", null, size, w, u, got, want)
					}
				}
			}
		}
	}
}

// TestFusedUpstream checks the gradient for an upstream gradient that is not 1,
// and that a second backward pass over the same forward pass gives the same: the
// graph is 3·loss + loss·loss, with the derivative (3 + 2·loss)·dloss.
func TestFusedUpstream(t *testing.T) {
	c := builtInCorpus(t, "candle")
	for _, s := range specs() {
		if !s.Fused || s.L2 > 0 {
			continue
		}
		m := newModel(t, c, s)
		randomise(m, 3, 1)
		loss := run(t, m)
		direct := gradients(m)

		b := newBuilder()
		nodes := make([]*G.Node, len(m.params))
		for i, p := range m.params {
			nodes[i] = b.tensor(p.Name, p.value)
		}
		other := newModel(t, c, s) // for an operation that no other graph has
		l := b.apply(other.fused, nodes...)
		total := b.add(b.times(b.scalar("three", 3), l), b.square(l))
		if b.err != nil {
			t.Fatal(b.err)
		}
		grads, err := G.Grad(total, nodes...)
		if err != nil {
			t.Fatal(err)
		}
		machine, err := NewMachine(b.g)
		if err != nil {
			t.Fatal(err)
		}
		want := make([]float64, len(direct))
		for i, g := range direct {
			want[i] = (3 + 2*loss.Data) * g
		}
		for pass := range 3 {
			if err := machine.RunAll(); err != nil {
				t.Fatal(err)
			}
			var got []float64
			for _, g := range grads {
				got = append(got, numbersOf(t, g.Value())...)
			}
			wantNear(t, fmt.Sprintf("%s, pass %d", describe(s), pass), got, want, largest(want...), 1e-14)
		}
	}
}

// TestFusedCores checks that the number of processors does not change a bit of
// the result, on a text large enough for several goroutines.
func TestFusedCores(t *testing.T) {
	c := zipfCorpus(t, 400, 600)
	if pairs := newPositions[float64](data.NewVoters(c.counts)).whole(c.counts.V()).pairs.len(); pairs*32 < teamWork {
		t.Fatalf("only %d pairs: too small to be divided", pairs)
	}
	for _, s := range losses() {
		if !s.Fused {
			continue
		}
		s.Rank, s.L2 = 32, 0.01
		m := newModel(t, c, s)
		randomise(m, 1, 1)
		var want []float64
		for _, cores := range []int{1, 2, 3, 16} {
			m.Start(cores)
			got := figuresOf(t, m)
			m.Stop()
			if want == nil {
				want = got
			}
			if !sameBits(got, want) {
				t.Errorf("%s: %d processors give other bits than 1", describe(s), cores)
			}
		}
	}
}

// TestFusedRefusals checks inputs that no model hands over.
func TestFusedRefusals(t *testing.T) {
	c := builtInCorpus(t, "coat")
	op := newModel(t, c, Spec{Null: true, Rank: 2, Fused: true}).fused
	b := newBuilder()
	l := b.apply(op, b.filled("Q", 3, 2, 0), b.filled("K", 7, 2, 0))
	if b.err != nil {
		t.Fatal(b.err)
	}
	m, err := NewMachine(l.Graph())
	if err != nil {
		t.Fatal(err)
	}
	if err := m.RunAll(); err == nil {
		t.Error("Q of a wrong shape is accepted")
	}
}
