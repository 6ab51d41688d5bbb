package graph

import "math"

const ln2 = math.Ln2

// descend is the work of one member: for every block of rows the scores of its
// own shards, then, when all members have theirs, the gradient.
//
// A block writes to one half of what members read of each other, m, z and
// partial, and the next block to the other: whoever is a block ahead of another
// member has waited for it in between.
func (o *fusedEntropy[F]) descend(member, members int) {
	me := &o.own[member]
	firstShard, lastShard := part(o.shards, member, members)
	o.pack(part(o.blocks(), member, members))
	for s := firstShard; s < lastShard; s++ {
		o.expects[s] = 0
	}
	o.team.wait()
	for b := range o.blocks() {
		for s := firstShard; s < lastShard; s++ {
			o.shardScores(me, b, s)
		}
		o.team.wait()
		o.between(me, b, member, members)
		if o.dk == nil {
			continue
		}
		if b > 0 {
			o.reduce(me, b-1, member, members)
		}
		for s := lastShard - 1; s >= firstShard; s-- { // backwards, as what came last is still in the cache
			o.shardPush(me, b, s)
		}
	}
	if o.dk != nil && o.blocks() > 0 {
		o.team.wait()
		o.reduce(me, o.blocks()-1, member, members)
	}
}

// pack lays out the rows of Q for some blocks.
func (o *fusedEntropy[F]) pack(first, last int) {
	if o.oneHot {
		return
	}
	R, factor := o.R, F(o.scale*math.Log2E)
	for b := first; b < last; b++ {
		words := o.block(b)
		cols := wholeVectors[F](len(words))
		dst := o.packed[b*blockRows*R:][:cols*R]
		if cols > len(words) {
			clear(dst)
		}
		i := 0
		for ; i+4 <= len(words); i += 4 { // four rows of Q are four neighbours in each row of the transpose
			q0 := o.q[int(words[i])*R:][:R]
			q1 := o.q[int(words[i+1])*R:][:len(q0)]
			q2 := o.q[int(words[i+2])*R:][:len(q0)]
			q3 := o.q[int(words[i+3])*R:][:len(q0)]
			at := i
			for r, x := range q0 {
				d := (*[4]F)(dst[at:])
				d[0], d[1], d[2], d[3] = factor*x, factor*q1[r], factor*q2[r], factor*q3[r]
				at += cols
			}
		}
		for ; i < len(words); i++ {
			for r, x := range o.q[int(words[i])*R:][:R] {
				dst[r*cols+i] = factor * x
			}
		}
		if !consecutive(words) {
			rows := o.copies[b*blockRows*R:]
			for i, w := range words {
				copy(rows[i*R:(i+1)*R], o.q[int(w)*R:(int(w)+1)*R])
			}
		}
	}
}

// queries returns the rows of Q of a block.
func (o *fusedEntropy[F]) queries(b int, words []int32) []F {
	if consecutive(words) {
		return o.q[int(words[0])*o.R:][:len(words)*o.R]
	}
	return o.copies[b*blockRows*o.R:][:len(words)*o.R]
}

// consecutive tells whether words, which ascend, have no gap.
func consecutive(words []int32) bool {
	return int(words[len(words)-1]-words[0]) == len(words)-1
}

// panelsOf returns the panels of a shard.
func (o *fusedEntropy[F]) panelsOf(shard int) (first, last int) {
	return part(o.panels, shard, o.shards)
}

// columnsOf returns the range of y in a panel.
func (o *fusedEntropy[F]) columnsOf(panel int) (first, last int) {
	return panel * o.panel, min((panel+1)*o.panel, o.V)
}

// shardScores computes E, m and z of the panels of a shard, and what the targets
// expect of the scores.
func (o *fusedEntropy[F]) shardScores(me *entropyMember[F], b, shard int) {
	words := o.block(b)
	cols := wholeVectors[F](len(words))
	firstPanel, lastPanel := o.panelsOf(shard)
	clear(me.sums)
	var expected float64
	for p := firstPanel; p < lastPanel; p++ {
		y, end := o.columnsOf(p)
		n, e := end-y, o.scores[y*blockRows:]
		if o.oneHot {
			o.pull(e, words, y, end, cols)
		} else {
			o.set.Gemm(n, cols, o.R, o.k[y*o.R:], o.R, 1, o.packed[b*blockRows*o.R:], cols, e, cols, false)
		}
		if o.cells == nil {
			o.set.Expect(n, cols, e, o.dense[b][y*cols:], cols, me.sums)
		} else {
			at, value := o.cellsOf(b, p)
			expected += o.set.Pick(at, value, e[:n*cols])
		}
		o.set.Softmax(n, cols, e, cols, o.m[b%2][p*blockRows:], o.z[b%2][p*blockRows:])
	}
	if o.cells == nil {
		for i := range words {
			expected += o.weights[b*blockRows+i] * float64(me.sums[i])
		}
	}
	o.expects[shard] += expected
}

// pull copies the scores of a panel out of K [V,V], in the one-hot form.
func (o *fusedEntropy[F]) pull(e []F, words []int32, y, end, cols int) {
	factor := F(o.scale * math.Log2E)
	for r := y; r < end; r++ {
		row, k := e[(r-y)*cols:][:cols], o.k[r*o.V:][:o.V]
		for i, w := range words {
			row[i] = factor * k[w]
		}
		clear(row[len(words):])
	}
}

// cellsOf returns the cells of a panel in a block.
func (o *fusedEntropy[F]) cellsOf(b, panel int) (at []int32, value []F) {
	i := b*o.panels + panel
	first, last := o.cells.start[i], o.cells.start[i+1]
	return o.cells.at[first:last], o.cells.value[first:last]
}

// between puts the panels of a block together: M and Z of every row, the factors
// of E, and for the rows of this member a·ln Σ e^S.
func (o *fusedEntropy[F]) between(me *entropyMember[F], b, member, members int) {
	words, weights := o.block(b), o.weights[b*blockRows:]
	cols := wholeVectors[F](len(words))
	copy(me.factors, o.m[b%2])
	o.set.Softmax(o.panels, cols, me.factors, blockRows, me.top, me.sums)
	clear(me.z)
	o.set.Expect(o.panels, cols, me.factors, o.z[b%2], blockRows, me.z)
	first, last := part(len(words), member, members)
	for i := first; i < last; i++ {
		o.logs[b*blockRows+i] = weights[i] * (float64(me.top[i])*ln2 + math.Log(float64(me.z[i])))
	}
	if o.dk == nil {
		return
	}
	clear(me.scaled[len(words):cols])
	for i := range words {
		me.scaled[i] = F(o.scale * weights[i] / float64(me.z[i]))
	}
	o.set.Rescale(o.panels, cols, me.factors, blockRows, me.scaled)
	for i := range words {
		me.scaled[i] = F(o.scale * weights[i])
	}
}

// shardPush computes G in the panels of a shard and adds what it gives to dQ and
// dK.
func (o *fusedEntropy[F]) shardPush(me *entropyMember[F], b, shard int) {
	words := o.block(b)
	cols := wholeVectors[F](len(words))
	firstPanel, lastPanel := o.panelsOf(shard)
	partial := o.partial[b%2][shard*blockRows*o.R:]
	if o.direct(words) {
		partial = o.dq[int(words[0])*o.R:]
	}
	for p := lastPanel - 1; p >= firstPanel; p-- {
		y, end := o.columnsOf(p)
		n, g := end-y, o.scores[y*blockRows:]
		o.set.Rescale(n, cols, g, cols, me.factors[p*blockRows:])
		if o.cells == nil {
			o.set.Retract(n, cols, g, o.dense[b][y*cols:], cols, me.scaled)
		} else {
			at, value := o.cellsOf(b, p)
			o.set.Place(at, value, F(-o.scale), g[:n*cols])
		}
		if o.oneHot {
			for r := y; r < end; r++ {
				for i, w := range words {
					o.dk[r*o.V+int(w)] = g[(r-y)*cols+i]
				}
			}
			continue
		}
		k, dk := o.k[y*o.R:end*o.R], o.dk[y*o.R:end*o.R]
		o.set.Gemm(len(words), o.R, n, g, 1, cols, k, o.R, partial, o.R, p < lastPanel-1)
		o.set.Gemm(n, o.R, len(words), g, cols, 1, o.queries(b, words), o.R, dk, o.R, b > 0)
	}
}

// direct tells whether the only shard writes dQ_b where it belongs.
func (o *fusedEntropy[F]) direct(words []int32) bool {
	return !o.oneHot && o.shards == 1 && consecutive(words)
}

// reduce adds up the shards' parts of dQ for the rows of this member.
func (o *fusedEntropy[F]) reduce(me *entropyMember[F], b, member, members int) {
	words := o.block(b)
	if o.oneHot || o.direct(words) {
		return
	}
	first, last := part(len(words), member, members)
	for i := first; i < last; i++ {
		for s := range me.shardRows {
			me.shardRows[s] = int32(s*blockRows + i)
		}
		o.set.Mix(me.shardRows, me.shardScales, o.partial[b%2], o.dq[int(words[i])*o.R:][:o.R], false)
	}
}

var _ fusedLoss[float32] = (*fusedEntropy[float32])(nil)
