package graph

import (
	"sort"

	"qk/graph/kernel"
)

// pairTable lists cells (w, u) of a [V,V] table by rows and by columns: the cells
// at which scores are needed, when they are few. Only rows and columns that have
// a cell are listed; the cells of a row are contiguous. A cell may occur several
// times, each with a derivative of its own.
type pairTable struct {
	words []int32 // [rows] w, ascending
	start []int32 // [rows+1] the pairs of words[i] are start[i] … start[i+1]−1
	u     []int32 // [pairs] the column

	columns     []int32 // [columns] u, ascending
	columnStart []int32 // [columns+1]
	columnPair  []int32 // [pairs] pairs by column, then by row
	columnWord  []int32 // [pairs] their w

	count []int32 // [V] scratch of index
}

func (t *pairTable) len() int { return len(t.u) }

// reset empties the table and keeps its memory.
func (t *pairTable) reset() {
	t.words, t.start, t.u = t.words[:0], append(t.start[:0], 0), t.u[:0]
}

// row begins a row; the columns of its pairs are to be appended to u, and then
// endRow is to be called.
func (t *pairTable) row(w int32) { t.words = append(t.words, w) }
func (t *pairTable) endRow()     { t.start = append(t.start, int32(len(t.u))) }

// index lists the pairs by columns, once all rows are there.
func (t *pairTable) index(V int) {
	t.count = grow(t.count, V)
	clear(t.count)
	for _, u := range t.u {
		t.count[u]++
	}
	t.columns, t.columnStart = t.columns[:0], append(t.columnStart[:0], 0)
	at := int32(0)
	for u, n := range t.count {
		if n > 0 {
			t.columns = append(t.columns, int32(u))
			t.count[u] = at // from here on where its next pair goes
			at += n
			t.columnStart = append(t.columnStart, at)
		}
	}
	t.columnPair, t.columnWord = grow(t.columnPair, len(t.u)), grow(t.columnWord, len(t.u))
	for i, w := range t.words {
		for p := t.start[i]; p < t.start[i+1]; p++ {
			u := t.u[p]
			t.columnPair[t.count[u]], t.columnWord[t.count[u]] = p, w
			t.count[u]++
		}
	}
}

// share returns the rows or columns that a member takes, of those that begin at
// the given places: about as many pairs for each.
func share(start []int32, member, members int) (first, last int) {
	n := len(start) - 1
	at := func(m int) int {
		if m == members {
			return n
		}
		goal := int32(int(start[n]) * m / members)
		return sort.Search(n, func(i int) bool { return start[i] >= goal })
	}
	return at(member), at(member + 1)
}

// pairMath computes with the pairs of a table.
type pairMath[F kernel.Float] struct {
	shape
	set *kernel.Set[F]
	*pairTable
}

// scores writes S[w,u] for the pairs of row i: products of rows of Q and K, or
// entries of K in the one-hot form (q nil).
func (t pairMath[F]) scores(i int, q, k, out []F) {
	w, first, last := int(t.words[i]), t.start[i], t.start[i+1]
	if q != nil {
		t.set.Dots(t.u[first:last], q[w*t.R:(w+1)*t.R], k, F(t.scale), out[first:last])
		return
	}
	for p := first; p < last; p++ {
		out[p] = k[int(t.u[p])*t.R+w] * F(t.scale)
	}
}

// queryGradient writes dQ[w,·] = Σ_u ds[w,u] K[u,·] for row i. It is for the two
// forms that have Q.
func (t pairMath[F]) queryGradient(i int, ds, k, dq []F) {
	w, first, last := int(t.words[i]), t.start[i], t.start[i+1]
	t.set.Mix(t.u[first:last], ds[first:last], k, dq[w*t.R:(w+1)*t.R], false)
}

// keyGradients writes dK[u,·] = Σ_w ds[w,u] Q[w,·] for some columns, or
// dK[u,w] = ds[w,u] in the one-hot form. by is scratch [pairs].
func (t pairMath[F]) keyGradients(first, last int, ds, by, q, dk []F) {
	for c := first; c < last; c++ {
		from, to := t.columnStart[c], t.columnStart[c+1]
		out := dk[int(t.columns[c])*t.R:][:t.R]
		if q == nil {
			for _, w := range t.columnWord[from:to] {
				out[w] = 0
			}
			for i := from; i < to; i++ {
				out[t.columnWord[i]] += ds[t.columnPair[i]]
			}
			continue
		}
		for i := from; i < to; i++ {
			by[i] = ds[t.columnPair[i]]
		}
		t.set.Mix(t.columnWord[from:to], by[from:to], q, out, false)
	}
}

// footprint remembers where a gradient was written, so that it can be wiped out.
type footprint struct {
	whole bool // by all rows of the text
	pairTable
}

// stamp remembers the pairs of a table. whole says that the table is that of the
// whole text, which does not change.
func (f *footprint) stamp(t *pairTable, whole, oneHot bool) {
	if whole {
		f.whole, f.pairTable = true, *t
		return
	}
	if f.whole {
		f.whole, f.pairTable = false, pairTable{} // the memory is the text's own
	}
	f.words = append(f.words[:0], t.words...)
	f.columns = append(f.columns[:0], t.columns...)
	if oneHot {
		f.columnStart = append(f.columnStart[:0], t.columnStart...)
		f.columnWord = append(f.columnWord[:0], t.columnWord...)
	}
}

// wipe sets the gradient to zero where it was written: one member's part of that.
func wipe[F kernel.Float](f *footprint, s shape, dq, dk []F, member, members int) {
	if dq != nil {
		first, last := part(len(f.words), member, members)
		for _, w := range f.words[first:last] {
			clear(dq[int(w)*s.R : (int(w)+1)*s.R])
		}
	}
	first, last := part(len(f.columns), member, members)
	for c := first; c < last; c++ {
		out := dk[int(f.columns[c])*s.R:][:s.R]
		if !s.oneHot {
			clear(out)
			continue
		}
		for _, w := range f.columnWord[f.columnStart[c]:f.columnStart[c+1]] {
			out[w] = 0
		}
	}
}
