package main

import (
	"math"
	"slices"

	"qk/cmd/qk-bench/internal/wire"
)

// reference trains on a problem in float64 by the definitions, without any of
// qk's code.
type reference struct {
	p     *wire.Problem
	x     [2][]float64 // Q, K
	m, v  [2][]float64
	steps int
}

func newReference(p *wire.Problem) *reference {
	r := &reference{p: p}
	for i, name := range []string{"Q", "K"} {
		for _, x := range p.Floats(name) {
			r.x[i] = append(r.x[i], float64(x))
		}
		r.m[i], r.v[i] = make([]float64, len(r.x[i])), make([]float64, len(r.x[i]))
	}
	return r
}

// score is S[w,u].
func (r *reference) score(w, u int32) float64 {
	s, R := 0.0, r.p.R
	for j := range R {
		s += r.x[0][int(w)*R+j] * r.x[1][int(u)*R+j]
	}
	return s
}

// derive returns the loss of a batch, and adds ∂loss/∂S[w,u] with f.
func (r *reference) derive(b int, f func(w, u int32, ds float64)) float64 {
	if r.p.Task == "recall" {
		return r.recall(b, f)
	}
	p, loss := r.p, 0.0
	for i := b * p.B; i < (b+1)*p.B; i++ {
		w := p.Ints("current")[i]
		over, under := float64(p.Floats("base")[i]), 1.0
		for j := i * p.L; j < (i+1)*p.L; j++ {
			e := float64(p.Floats("mask")[j]) * math.Exp(r.score(w, p.Ints("earlier")[j]))
			under += e
			over += e * float64(p.Floats("vote")[j])
		}
		loss += math.Log(under/over) / float64(p.B)
		for j := i * p.L; j < (i+1)*p.L; j++ {
			u := p.Ints("earlier")[j]
			e := float64(p.Floats("mask")[j]) * math.Exp(r.score(w, u))
			f(w, u, e*(1/under-float64(p.Floats("vote")[j])/over)/float64(p.B))
		}
	}
	return loss
}

func (r *reference) recall(b int, f func(w, u int32, ds float64)) float64 {
	p, loss := r.p, 0.0
	start, word, count := p.Ints("c1_start"), p.Ints("c1_word"), p.Ints("c1_count")
	for i, w := range p.Ints("rows")[b*p.B : (b+1)*p.B] {
		weight := float64(p.Floats("weight")[b*p.B+i])
		target := make([]float64, p.V)
		total, sum := 0.0, 0.0
		for c := start[w]; c < start[w+1]; c++ {
			total += float64(count[c])
			target[word[c]] = float64(count[c])
		}
		for y := range target {
			sum += math.Exp(r.score(w, int32(y)))
		}
		for y := range target {
			q := math.Exp(r.score(w, int32(y))) / sum
			loss -= weight * target[y] / total * math.Log(q)
			f(w, int32(y), weight*(q-target[y]/total))
		}
	}
	return loss
}

// Step takes a step and returns the loss before it.
func (r *reference) Step() (float64, error) {
	p, R := r.p, r.p.R
	g := [2][]float64{make([]float64, len(r.x[0])), make([]float64, len(r.x[1]))}
	loss := r.derive(r.steps%p.Batches, func(w, u int32, ds float64) {
		for j := range R {
			g[0][int(w)*R+j] += ds * r.x[1][int(u)*R+j]
			g[1][int(u)*R+j] += ds * r.x[0][int(w)*R+j]
		}
	})
	r.steps++
	for i := range r.x {
		for j, d := range g[i] {
			r.m[i][j] = 0.9*r.m[i][j] + 0.1*d
			r.v[i][j] = 0.999*r.v[i][j] + 0.001*d*d
			first := r.m[i][j] / (1 - math.Pow(0.9, float64(r.steps)))
			second := r.v[i][j] / (1 - math.Pow(0.999, float64(r.steps)))
			r.x[i][j] -= 0.01 * first / (math.Sqrt(second) + 1e-8)
		}
	}
	return loss, nil
}

// Close implements wire.Trainer.
func (r *reference) Close() {}

// first returns the first losses of a trainer.
func first(t wire.Trainer, n int) ([]float64, error) {
	var losses []float64
	for range n {
		x, err := t.Step()
		if err != nil {
			return nil, err
		}
		losses = append(losses, x)
	}
	return slices.Clip(losses), nil
}
