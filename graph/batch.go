package graph

// Batch is some rows of what a fused model learns from, with the weight of each:
// the loss of the batch is the sum of the rows' losses, each times its weight.
//
// The rows of recall are current words; those of predict are indices of
// data.Counts.Positions. Rows are in ascending order, each once. With
// [Model.Rows] a caller can draw batches whose expected loss and gradient are
// those of the whole text.
type Batch struct {
	Rows    []int32
	Weights []float64

	plan any // what the loss needs to know of it
}

// planOf returns the plan of a batch, a new one at first.
func planOf[T any](b *Batch) *T {
	p, ok := b.plan.(*T)
	if !ok {
		p = new(T)
		b.plan = p
	}
	return p
}
