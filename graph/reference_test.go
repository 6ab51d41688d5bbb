package graph

import (
	"math"
	"slices"
)

// reference is a loss and its derivative with respect to the scores S [V,V],
// written out place by place or cell by cell, without matrices and without
// automatic differentiation. Nothing in it overflows or cancels, so it is exact
// to a few units in the last place for scores of any size.
type reference struct {
	loss float64
	grad []float64
}

// referenceOf returns the reference of a spec, without its penalty.
func referenceOf(s Spec, t *tally, scores []float64) reference {
	r := reference{grad: make([]float64, len(scores))}
	switch {
	case s.Task == Predict:
		r.predict(t, scores, s.Null)
	case s.Objective == Squared:
		r.squared(t, scores)
	case s.Objective == Logistic:
		r.logistic(t, scores)
	default:
		r.entropy(t, scores)
	}
	return r
}

// predict is the mean of −ln(Σ e^{s_k} P_k / Σ e^{s_k}) over the voters k of
// every place. The exponentials are taken relative to the greatest score. A
// voter gives the place's own next word at least one of its counts, so neither
// sum is near zero. The derivative is attention minus its posterior.
func (r *reference) predict(t *tally, scores []float64, null bool) {
	V := t.V()
	for _, p := range t.places {
		s, votes := []float64{}, []float64{}
		for _, u := range p.earlier {
			s, votes = append(s, scores[p.w*V+u]), append(votes, float(t.second(u, p.w, p.y)))
		}
		if null || len(p.earlier) == 0 {
			s, votes = append(s, 0), append(votes, float(t.first(p.w, p.y)))
		}
		m := slices.Max(s)
		var attention, voted float64
		for k := range s {
			attention += math.Exp(s[k] - m)
			voted += math.Exp(s[k]-m) * votes[k]
		}
		r.loss += (math.Log(attention) - math.Log(voted)) / t.n()
		for k, u := range p.earlier {
			e := math.Exp(s[k] - m)
			r.grad[p.w*V+u] += (e/attention - e*votes[k]/voted) / t.n()
		}
	}
}

// entropy is Σ_{w,y} c1(w,y)/N · (ln Σ e^{S_w} − S[w,y]), a sum of positive
// terms.
func (r *reference) entropy(t *tally, scores []float64) {
	V := t.V()
	for w := range V {
		if t.after[w] == 0 {
			continue
		}
		s := scores[w*V : (w+1)*V]
		m, sum := slices.Max(s), 0.0
		for _, x := range s {
			sum += math.Exp(x - m)
		}
		for y, x := range s {
			c := float64(t.next[[2]int{w, y}]) / t.n()
			if c > 0 {
				r.loss += c * (m - x + math.Log(sum))
			}
			r.grad[w*V+y] = float64(t.after[w])/t.n()*math.Exp(x-m)/sum - c
		}
	}
}

// squared is Σ_{w,y} (S[w,y] − P(y|w))², with P = 0 in the rows of words that
// nothing follows.
func (r *reference) squared(t *tally, scores []float64) {
	V := t.V()
	for i, s := range scores {
		if w := i / V; t.after[w] > 0 {
			s -= float(t.first(w, i%V))
		}
		r.loss += s * s
		r.grad[i] = 2 * s
	}
}

// logistic is the mean over the observed cells of ln(1 + e^{∓S}), minus where
// the cell is in the mask.
func (r *reference) logistic(t *tally, scores []float64) {
	V, cells := t.V(), float64(len(t.before))
	t.pairs(func(w, u int) {
		s, sign := scores[w*V+u], 1.0
		if t.informs(u, w) {
			s, sign = -s, -1
		}
		if s > 0 {
			r.loss += (s + math.Log1p(math.Exp(-s))) / cells
		} else {
			r.loss += math.Log1p(math.Exp(s)) / cells
		}
		r.grad[w*V+u] = sign / (1 + math.Exp(-s)) / cells
	})
}

// chain turns ∂loss/∂S into the gradients of the parameters by the product
// rule: of K alone, S being Kᵀ, or of Q and K, S being QKᵀ. It adds those of the
// penalty.
func (r *reference) chain(w *Weights, lambda float64) []float64 {
	inner, V := r.grad, w.V
	if w.Scaled {
		inner = slices.Clone(inner)
		for i := range inner {
			inner[i] /= math.Sqrt(float64(w.R))
		}
	}
	all, params := transposed(inner, V, V), w.K
	if !w.OneHot {
		q, k := product(inner, w.K, V, V, w.R), product(transposed(inner, V, V), w.Q, V, V, w.R)
		all, params = slices.Concat(q, k), slices.Concat(w.Q, w.K)
	}
	for i, x := range params {
		all[i] += 2 * lambda * x
	}
	return all
}

// plainScores is S = QKᵀ, or Kᵀ, by plain sums.
func plainScores(w *Weights) []float64 {
	s := transposed(w.K, w.V, w.R)
	if !w.OneHot {
		s = product(w.Q, s, w.V, w.R, w.V)
	}
	if w.Scaled {
		for i := range s {
			s[i] /= math.Sqrt(float64(w.R))
		}
	}
	return s
}

// product is x [n,k] times y [k,m].
func product(x, y []float64, n, k, m int) []float64 {
	z := make([]float64, n*m)
	for i := range n {
		for j := range m {
			for l := range k {
				z[i*m+j] += x[i*k+l] * y[l*m+j]
			}
		}
	}
	return z
}

// transposed is the transpose of x [n,m].
func transposed(x []float64, n, m int) []float64 {
	z := make([]float64, len(x))
	for i := range n {
		for j := range m {
			z[j*n+i] = x[i*m+j]
		}
	}
	return z
}
