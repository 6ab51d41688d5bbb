package graph

import (
	"errors"

	G "gorgonia.org/gorgonia"

	"qk/data"
)

// The tasks of this file learn to reproduce a counted table T [V,V], rows w. Row
// i of a batch is a word w; words that have no row in the table are left out.

// entropyTask is the cross-entropy of P(y|w) against softmax(S_w), weighted by
// how often w occurs, in nats per position:
//
//	Σ_w c1(w)/N · (ln Σ_y e^{S[w,y]} − Σ_y P(y|w) S[w,y])
//
// By Gibbs' inequality it is never below the conditional entropy H(y|w), and
// equal to it where softmax(S_w) = P(·|w).
type entropyTask struct {
	counts *data.Counts
	words  []data.Word // with at least one transition

	x      []float64 // X [B,V], one-hot rows
	target []float64 // c1(w,y)/N [B,V]
	weight []float64 // c1(w)/N [B,1]
}

func newEntropyTask(c *data.Counts) *entropyTask {
	t := &entropyTask{counts: c}
	for w, row := range c.Transitions {
		if row.Total > 0 {
			t.words = append(t.words, data.Word(w))
		}
	}
	return t
}

func (t *entropyTask) rows() int        { return len(t.words) }
func (t *entropyTask) query() []float64 { return t.x }

func (t *entropyTask) allocate(B int) {
	V := t.counts.V()
	t.x, t.target, t.weight = make([]float64, B*V), make([]float64, B*V), make([]float64, B)
}

func (t *entropyTask) load(first, n int) {
	V, N := t.counts.V(), float64(t.counts.Total)
	clear(t.x)
	clear(t.target)
	clear(t.weight)
	for i, w := range t.words[first : first+n] {
		row := t.counts.Transitions[w]
		t.x[i*V+int(w)] = 1
		t.weight[i] = float64(row.Total) / N
		for _, cell := range row.Cells {
			t.target[i*V+int(cell.Word)] = float64(cell.N) / N
		}
	}
}

func (t *entropyTask) loss(b *builder, B int, scores *G.Node) *G.Node {
	V := t.counts.V()
	none := b.filled("no null slot", B, 1, negInf)
	normaliser := b.logSumExp(b.rows(V), scores, none)
	expected := b.total(b.times(b.matrix("c1(w,y)/N", B, V, t.target), scores))
	weighted := b.total(b.times(b.matrix("c1(w)/N", B, 1, t.weight), normaliser))
	return b.sub(weighted, expected)
}

// squaredTask is ‖S − T‖²_F with T = P(y|w), all words alike and no softmax. The
// rows of words that nothing follows are zero in T.
type squaredTask struct {
	counts *data.Counts

	x      []float64 // X [B,V], one-hot rows
	target []float64 // P(y|w) [B,V]
}

func (t *squaredTask) rows() int        { return t.counts.V() }
func (t *squaredTask) query() []float64 { return t.x }

func (t *squaredTask) allocate(B int) {
	V := t.counts.V()
	t.x, t.target = make([]float64, B*V), make([]float64, B*V)
}

func (t *squaredTask) load(first, n int) {
	V := t.counts.V()
	clear(t.x)
	clear(t.target)
	for i, row := range t.counts.Transitions[first : first+n] {
		t.x[i*V+first+i] = 1
		for _, cell := range row.Cells {
			t.target[i*V+int(cell.Word)] = float64(cell.N) / float64(row.Total)
		}
	}
}

func (t *squaredTask) loss(b *builder, B int, scores *G.Node) *G.Node {
	return b.total(b.square(b.sub(scores, b.matrix("P(y|w)", B, t.counts.V(), t.target))))
}

// logisticTask is the cross-entropy of the binary counted mask (layer 1, the
// support) against sigmoid(S), as a mean over the cells (w,u) that were
// observed, in nats per cell:
//
//	ln(1 + e^{S[w,u]}) − M[w,u]·S[w,u]
//
// What was never observed has no part in it. The infimum is 0 and is not
// reached: on the way the scores grow like the logarithm of the steps.
type logisticTask struct {
	counts *data.Counts
	masks  []data.MaskRow // with at least one candidate
	cells  float64        // observed cells of the whole table

	x      []float64 // X [B,V], one-hot rows
	target []float64 // M[w,u]/cells [B,V]
	weight []float64 // 1/cells where observed, else 0 [B,V]
}

var errNoMasks = errors.New("graph: the objective logistic needs the counted masks")

var errNoCandidates = errors.New("no sentence has a third word, so no word ever comes before a current word and there is no mask to recall: use --objective cross-entropy, or a text with longer lines")

func newLogisticTask(c *data.Counts, m *data.Masks) (*logisticTask, error) {
	if m == nil {
		return nil, errNoMasks
	}
	t := &logisticTask{counts: c}
	for _, row := range m.Rows {
		if len(row.Candidates) > 0 {
			t.masks = append(t.masks, row)
			t.cells += float64(len(row.Candidates))
		}
	}
	if len(t.masks) == 0 {
		return nil, errNoCandidates
	}
	return t, nil
}

func (t *logisticTask) rows() int        { return len(t.masks) }
func (t *logisticTask) query() []float64 { return t.x }

func (t *logisticTask) allocate(B int) {
	V := t.counts.V()
	t.x, t.target, t.weight = make([]float64, B*V), make([]float64, B*V), make([]float64, B*V)
}

func (t *logisticTask) load(first, n int) {
	V := t.counts.V()
	clear(t.x)
	clear(t.target)
	clear(t.weight)
	for i, row := range t.masks[first : first+n] {
		t.x[i*V+int(row.Word)] = 1
		for _, cand := range row.Candidates {
			t.weight[i*V+int(cand.Word)] = 1 / t.cells
			if cand.Informs {
				t.target[i*V+int(cand.Word)] = 1 / t.cells
			}
		}
	}
}

func (t *logisticTask) loss(b *builder, B int, scores *G.Node) *G.Node {
	V := t.counts.V()
	m := b.apply(positivePart{}, scores) // see stable.go
	softplus := b.add(m, b.log(b.add(b.exp(b.neg(m)), b.exp(b.sub(scores, m)))))
	weighted := b.total(b.times(b.matrix("1/cells", B, V, t.weight), softplus))
	return b.sub(weighted, b.total(b.times(b.matrix("M/cells", B, V, t.target), scores)))
}
