package graph

// pairTable lists cells (w, u) of a [V,V] table by rows and by columns: the
// cells at which scores are needed, when they are few. The pairs of a row are
// contiguous, in ascending order of u.
type pairTable struct {
	start []int32 // [V+1] the pairs of row w are start[w] … start[w+1]−1
	u     []int32 // [pairs] the column
	w     []int32 // [pairs] the row

	columnStart []int32 // [V+1] the pairs of column u are column[columnStart[u]] …
	column      []int32 // [pairs] indices of pairs, by u and then by w
}

// newPairTable takes the columns of each of V rows, in ascending order.
func newPairTable(V int, columns func(w int) []int32) pairTable {
	t := pairTable{start: make([]int32, V+1), columnStart: make([]int32, V+1)}
	for w := range V {
		for _, u := range columns(w) {
			t.u = append(t.u, u)
			t.w = append(t.w, int32(w))
			t.columnStart[u+1]++
		}
		t.start[w+1] = int32(len(t.u))
	}
	for u := range V {
		t.columnStart[u+1] += t.columnStart[u]
	}
	at := append([]int32(nil), t.columnStart...)
	t.column = make([]int32, len(t.u))
	for pair, u := range t.u {
		t.column[at[u]] = int32(pair)
		at[u]++
	}
	return t
}

func (t *pairTable) len() int { return len(t.u) }

// scores writes S[w,u], times scale, for the pairs of row w: inner products of
// rows of Q and K, or entries of K in the one-hot form (q nil).
func (t *pairTable) scores(w int, q, k []float64, R int, scale float64, out []float64) {
	for p := t.start[w]; p < t.start[w+1]; p++ {
		u := int(t.u[p])
		if q == nil {
			out[p] = k[u*R+w] * scale
		} else {
			out[p] = dot(q[w*R:(w+1)*R], k[u*R:(u+1)*R]) * scale
		}
	}
}

// gradients writes dQ and dK [V,R] for a derivative ds of each pair:
//
//	dQ[w,·] = g Σ_u ds[w,u] K[u,·]      dK[u,·] = g Σ_w ds[w,u] Q[w,·]
//
// and in the one-hot form (q nil) dK[u,w] = g·ds[w,u]. Every row of the results
// is a sum in a fixed order, so the number of goroutines changes nothing.
func (t *pairTable) gradients(g float64, ds, q, k, dq, dk []float64, R int) {
	V := len(t.start) - 1
	work := t.len() * R
	if q == nil {
		parallel(V, work, func(first, last int) {
			for u := first; u < last; u++ {
				out := dk[u*V : (u+1)*V]
				clear(out)
				for _, pair := range t.column[t.columnStart[u]:t.columnStart[u+1]] {
					out[t.w[pair]] = g * ds[pair]
				}
			}
		})
		return
	}
	parallel(V, work, func(first, last int) {
		for w := first; w < last; w++ {
			out := dq[w*R : (w+1)*R]
			clear(out)
			for p := t.start[w]; p < t.start[w+1]; p++ {
				u := int(t.u[p])
				axpy(g*ds[p], k[u*R:(u+1)*R], out)
			}
		}
	})
	parallel(V, work, func(first, last int) {
		for u := first; u < last; u++ {
			out := dk[u*R : (u+1)*R]
			clear(out)
			for _, p := range t.column[t.columnStart[u]:t.columnStart[u+1]] {
				w := int(t.w[p])
				axpy(g*ds[p], q[w*R:(w+1)*R], out)
			}
		}
	})
}

// dot is the inner product of two vectors of one length, in four partial sums.
func dot(x, y []float64) float64 {
	y = y[:len(x)]
	var a, b, c, d float64
	for len(x) >= 4 && len(y) >= 4 {
		a += x[0] * y[0]
		b += x[1] * y[1]
		c += x[2] * y[2]
		d += x[3] * y[3]
		x, y = x[4:], y[4:]
	}
	for i := range x {
		a += x[i] * y[i]
	}
	return (a + b) + (c + d)
}

// axpy adds a·x to y.
func axpy(a float64, x, y []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += a * v
	}
}
