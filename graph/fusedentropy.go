package graph

import (
	"qk/data"
	"qk/graph/kernel"
)

// fusedEntropy is the loss of entropyTask: cross-entropy of the sparse P(y|w)
// against softmax(S_w), for the rows w of a batch with weights a_w, which for the
// whole table are c1(w)/N:
//
//	loss = Σ_w a_w (ln Σ_y e^S[w,y] − Σ_y P(y|w) S[w,y])
//	G = scale·a_w (softmax(S_w) − P(·|w)),   dQ = G·K,   dK = Gᵀ·Q
//
// The scores [V,V] never exist. Rows go through in blocks, and the V columns of a
// block in panels that fit into the first-level cache. Scores are stored
// transposed, so that K is read as it lies, and maxima and sums over y run down
// the columns, never across a vector. Exponentials are powers of 2: Q is
// multiplied by log₂e on its way in. For a block of rows b:
//
//	scores:  E = 2^(K·Q_bᵀ − m), with m = max and z = Σ E, for each panel
//	between: M = max m and Z = Σ z·2^(m−M) over the panels
//	push:    G = scale·a/Z·2^(m−M)·E − scale·a·P,   dQ_b += Gᵀ·K,   dK += G·Q_b
//
// Source of the softmax in panels: M. Milakov and N. Gimelshein, "Online
// normalizer calculation for softmax", https://arxiv.org/abs/1805.02867; of a
// cross-entropy whose logits never exist: E. Wijmans et al., "Cut your losses in
// large-vocabulary language models", https://arxiv.org/abs/2411.09009.
//
// Work is divided by shards, fixed groups of panels. A member of the team owns the
// columns of its shards, and with them their rows of dK; members wait for each
// other once a block. dQ is summed over the shards in their order. So the number
// of members changes no bit.
type fusedEntropy[F kernel.Float] struct {
	shape
	set     *kernel.Set[F]
	team    *team
	targets *targets[F]
	dense   [][]F        // [blocks][V,cols] P transposed, if the table is dense
	all     cellPlan[F]  // the cells of the whole table, if it is not
	cells   *cellPlan[F] // those of the batch; nil if dense serves

	words        []int32   // the rows of the batch
	weights      []float64 // [rows] a_w
	whole        bool      // they are all rows of the table
	written      []int32   // those of the last gradient
	wholeWritten bool

	panel, panels int // columns of a panel, and how many there are
	shards        int

	packed  []F       // [rows,R] by blocks, each [R,cols]: Q_bᵀ · scale · log₂e
	copies  []F       // [rows,R] Q_b, where the words of a block do not follow each other
	scores  []F       // [V,blockRows] E, then G, of the block under way
	m, z    [2][]F    // [panels,blockRows] of the block under way and the one before
	partial [2][]F    // [shards,blockRows,R] dQ_b
	logs    []float64 // [rows] a_w · ln Σ e^S
	expects []float64 // [shards] Σ a_w · P · S · log₂e
	own     []entropyMember[F]

	q, k, dq, dk []F // of the run under way; dq and dk are nil without gradient
	share        func(member, members int)
}

// entropyMember is what a member of the team needs for itself.
type entropyMember[F kernel.Float] struct {
	factors     []F     // [panels,blockRows] scale·a/Z·2^(m−M)
	top, z      []F     // [blockRows] M, Z
	scaled      []F     // [blockRows] scale·a, or scale·a/Z
	sums        []F     // [blockRows]
	shardRows   []int32 // [shards] rows of partial
	shardScales []F     // [shards] ones
}

// blockRows is how many rows of the table go through at a time, and panelBytes
// the size of a panel of scores: 96 columns of float32, a whole number of the
// kernels' tiles. Of the sizes 64 to 192 by 72 to 512 these were the fastest, or
// as good, at V = 1,000, 5,000 and 20,000 on a processor with 48 KiB of
// first-level and 2 MiB of second-level cache.
const (
	blockRows  = 128
	panelBytes = 48 << 10
)

// maxShards bounds the number of members that can share the work, and shardColumns
// is the least number of columns that makes a shard: each adds its dQ to the
// others'.
const (
	maxShards    = 16
	shardColumns = 240
)

func newFusedEntropy[F kernel.Float](c *data.Counts, s shape, set *kernel.Set[F], t *team) *fusedEntropy[F] {
	o := &fusedEntropy[F]{shape: s, set: set, team: t, targets: newTargets[F](c)}
	o.panel, o.panels = panelsFor(o.V, panelBytes/(blockRows*kernel.Size[F]()))
	o.shards = max(1, min(maxShards, o.panels, o.V/shardColumns))
	o.scores = make([]F, o.V*blockRows)
	for i := range 2 {
		o.m[i], o.z[i] = make([]F, o.panels*blockRows), make([]F, o.panels*blockRows)
		o.partial[i] = make([]F, o.shards*blockRows*o.R)
	}
	o.expects = make([]float64, o.shards)
	o.own = make([]entropyMember[F], o.shards)
	for i := range o.own {
		block := func() []F { return make([]F, blockRows) }
		o.own[i] = entropyMember[F]{
			factors: make([]F, o.panels*blockRows), top: block(), z: block(), scaled: block(), sums: block(),
			shardRows: make([]int32, o.shards), shardScales: make([]F, o.shards),
		}
		for s := range o.shards {
			o.own[i].shardScales[s] = 1
		}
	}
	o.share = o.descend
	if words := o.targets.words; o.targets.isDense() {
		for first := 0; first < len(words); first += blockRows {
			block := words[first:min(first+blockRows, len(words))]
			o.dense = append(o.dense, o.targets.block(block, wholeVectors[F](len(block))))
		}
	} else {
		o.targets.lay(&o.all, words, o.targets.weights, o.panels, o.panel)
	}
	o.use(nil)
	return o
}

// panelsFor cuts V columns into panels of at most so many columns: all of one size
// but the last, which is a whole number of the kernels' tiles, and as a rule a
// multiple of four, so that two or four members have the same to do.
func panelsFor(V, most int) (size, n int) {
	const tile = 6
	n = (V + most - 1) / most
	if n > 1 {
		n = (n + 3) / 4 * 4
	}
	size = ((V+n-1)/n + tile - 1) / tile * tile
	return size, (V + size - 1) / size
}

func (o *fusedEntropy[F]) rows() ([]int32, []uint64, float64) {
	return o.targets.words, o.targets.masses, o.targets.unit
}

func (o *fusedEntropy[F]) prepare(b *Batch) {
	o.targets.lay(planOf[cellPlan[F]](b), b.Rows, b.Weights, o.panels, o.panel)
}

// use makes the rows of a batch those that run is about. Its slices are used
// until the next call.
func (o *fusedEntropy[F]) use(b *Batch) {
	o.words, o.weights, o.cells, o.whole = o.targets.words, o.targets.weights, &o.all, b == nil
	switch {
	case b != nil:
		o.words, o.weights, o.cells = b.Rows, b.Weights, planOf[cellPlan[F]](b)
	case o.dense != nil:
		o.cells = nil
	}
	n := o.blocks() * blockRows
	o.logs = grow(o.logs, n)
	if !o.oneHot {
		o.packed, o.copies = grow(o.packed, n*o.R), grow(o.copies, n*o.R)
	}
}

// wipe clears the rows of dQ that the last run wrote. All of dK is written by
// every run that has a row; in the one-hot form it is the columns that belong to
// rows.
func (o *fusedEntropy[F]) wipe(dq, dk []F) {
	if o.wholeWritten && o.whole {
		return
	}
	if len(o.words) == 0 {
		clear(dk)
	}
	for _, w := range o.written {
		if !o.oneHot {
			clear(dq[int(w)*o.R:][:o.R])
			continue
		}
		for y := range o.V {
			dk[y*o.V+int(w)] = 0
		}
	}
}

func (o *fusedEntropy[F]) blocks() int { return (len(o.words) + blockRows - 1) / blockRows }

// block returns the words of a block.
func (o *fusedEntropy[F]) block(b int) []int32 {
	return o.words[b*blockRows : min((b+1)*blockRows, len(o.words))]
}

// run returns the loss of the batch for Q and K and, unless dk is nil, writes its
// gradient.
func (o *fusedEntropy[F]) run(q, k, dq, dk []F) float64 {
	o.q, o.k, o.dq, o.dk = q, k, dq, dk
	o.team.run(o.team.size(o.shards, len(o.words)*o.V*o.R), o.share)
	o.q, o.k, o.dq, o.dk = nil, nil, nil, nil
	if dk != nil {
		o.written, o.wholeWritten = append(o.written[:0], o.words...), o.whole
	}
	var loss, expected float64
	for _, l := range o.logs[:len(o.words)] {
		loss += l
	}
	for _, e := range o.expects {
		expected += e
	}
	return loss - expected*ln2
}

// grow returns x with length n, keeping its memory if it is large enough. Its
// contents are of no interest.
func grow[T any](x []T, n int) []T {
	if cap(x) < n {
		return make([]T, n)
	}
	return x[:n]
}
