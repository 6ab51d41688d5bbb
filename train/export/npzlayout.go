package export

import (
	"math"

	"qk/data"
)

// dense writes every matrix as [V,V].
func (a archive) dense(r *Run) error {
	V := r.Experiment.Counts.V()
	for _, m := range matrices(r) {
		err := a.array(m.name, m.descr, []int{V, V}, func(n *numbers) error {
			return r.each(m, func(_ data.Word, row []uint64) {
				for _, bits := range row {
					n.bits(m.descr, bits)
				}
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sparse writes the matrices that have an order as the numbers at its columns, and
// the columns of each order once.
func (a archive) sparse(r *Run) error {
	totals := map[order]int{}
	for _, o := range []order{byTransitions, byPairs} {
		if o == byPairs && r.Experiment.Masks == nil {
			continue
		}
		total, err := a.columns(r, o)
		if err != nil {
			return err
		}
		totals[o] = total
	}
	for _, m := range matrices(r) {
		if m.order == unordered {
			continue
		}
		err := a.array(m.name, m.descr, []int{totals[m.order]}, func(n *numbers) error {
			return r.each(m, func(w data.Word, row []uint64) {
				for _, u := range r.columns(m.order, w) {
					n.bits(m.descr, row[u])
				}
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// columns writes where each row of an order begins, and its columns, and returns how
// many there are.
func (a archive) columns(r *Run, o order) (total int, err error) {
	V := r.Experiment.Counts.V()
	err = a.array(string(o)+"_indptr", int64s, []int{V + 1}, func(n *numbers) error {
		n.u64(0)
		for w := range V {
			total += len(r.columns(o, data.Word(w)))
			n.u64(uint64(total))
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return total, a.array(string(o)+"_indices", int64s, []int{total}, func(n *numbers) error {
		for w := range V {
			for _, u := range r.columns(o, data.Word(w)) {
				n.u64(uint64(u))
			}
		}
		return nil
	})
}

// each calls f with every row of a matrix, which is valid only during the call.
func (r *Run) each(m matrix, f func(w data.Word, row []uint64)) error {
	row := make([]uint64, r.Experiment.Counts.V())
	if m.scored {
		return r.Weights.EachRow(func(w data.Word, s []float64) error {
			m.row(row, w, s)
			f(w, row)
			return nil
		})
	}
	for w := range row {
		m.row(row, data.Word(w), nil)
		f(data.Word(w), row)
	}
	return nil
}

// bits writes a number of a type by its bits.
func (n *numbers) bits(descr string, bits uint64) {
	if descr == float32s {
		n.u32(uint32(bits & math.MaxUint32))
		return
	}
	n.u64(bits)
}
