package export

import (
	"fmt"
	"io"

	"qk/graph"
)

// DefaultDense is the size of all [V,V] arrays of a .npz, in bytes, above which they
// are left out unless more is allowed: that of some 2,200 words.
const DefaultDense = 256 << 20

// NPZOptions says how a .npz is written.
type NPZOptions struct {
	Float32 bool // Q and K
	// MaxDense is the most bytes that the [V,V] arrays may take together.
	MaxDense int64
}

// DenseSize returns the bytes that the [V,V] arrays of a run take together.
func DenseSize(r *Run) int64 {
	V, each := int64(r.Experiment.Counts.V()), int64(0)
	for _, m := range matrices(r) {
		each += int64(width(m.descr))
	}
	return V * V * each
}

// WriteNPZ writes a run as arrays for numpy.load. Rows are current words, columns
// earlier words, or next words in c1 and P; both are numbered by vocabulary.
//
//	vocabulary [V]     the words, as Unicode; of very long words, or one that ends in
//	                   NUL, which numpy would cut, vocabulary_utf8 holds the bytes of all
//	                   and vocabulary_offsets [V+1] where each begins
//	settings []        what the run is, as JSON
//	Q, K [V,R]         float64, or float32
//	S [V,V]            QKᵀ, divided by √R if the run is scaled
//	attention [V,V]    the learned mask, see [train.LearnRow]; NaN where the data do
//	                   not determine it
//	c1, P [V,V]        transitions c1(w,y), uint64, and P(y|w), NaN where w has no next
//
// and unless the run learns a table
//
//	c2 [V,V]           c2(u,w), uint64: at how many positions of w the word came earlier
//	support [V,V]      layer 1 of the counted mask, 0 or 1
//	divergence [V,V]   layer 2, in nats
//	best [V,V]         layer 3, 0 or 1; NaN in rows too large for the search
//
// where NaN stands for pairs that were never seen. If the [V,V] arrays take more
// than MaxDense bytes together, they are sparse: the numbers of c1 and P in the order
// of transitions_indptr [V+1] and transitions_indices, those of the others in that of
// pairs_indptr and pairs_indices, as scipy.sparse.csr_array takes them; what is not
// listed was never seen. A table's S and attention have no such order, and are left
// out then. Memory does not grow with V² either way.
func WriteNPZ(w io.Writer, r *Run, o NPZOptions) error {
	a := newArchive(w)
	if err := a.words(r.words()); err != nil {
		return err
	}
	settings, err := r.settings()
	if err != nil {
		return err
	}
	characters := len([]rune(settings))
	err = a.array("settings", fmt.Sprintf("<U%d", characters), nil, func(n *numbers) error {
		n.text(settings, characters)
		return nil
	})
	if err != nil {
		return err
	}
	if err := a.weights(r.Weights, o.Float32); err != nil {
		return err
	}
	if DenseSize(r) > o.MaxDense {
		err = a.sparse(r)
	} else {
		err = a.dense(r)
	}
	if err != nil {
		return err
	}
	return a.close()
}

// maxWords is the most bytes that the words may take as fields of equal size.
const maxWords = 64 << 20

// words writes the vocabulary.
func (a archive) words(words []string) error {
	longest, plain := 1, true
	for _, s := range words {
		longest = max(longest, len([]rune(s)))
		plain = plain && s != "" && s[len(s)-1] != 0
	}
	if plain && 4*longest*len(words) <= maxWords {
		return a.array("vocabulary", fmt.Sprintf("<U%d", longest), []int{len(words)}, func(n *numbers) error {
			for _, s := range words {
				n.text(s, longest)
			}
			return nil
		})
	}
	total := 0
	err := a.array("vocabulary_offsets", int64s, []int{len(words) + 1}, func(n *numbers) error {
		n.u64(0)
		for _, s := range words {
			total += len(s)
			n.u64(uint64(total))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.array("vocabulary_utf8", bytes8, []int{total}, func(n *numbers) error {
		for _, s := range words {
			n.put([]byte(s))
		}
		return nil
	})
}

// weights writes Q and K.
func (a archive) weights(w *graph.Weights, single bool) error {
	descr := float64s
	if single {
		descr = float32s
	}
	for _, m := range []struct {
		name string
		data []float64
	}{{"Q", w.Q}, {"K", w.K}} {
		err := a.array(m.name, descr, []int{w.V, w.R}, func(n *numbers) error {
			for _, x := range m.data {
				if single {
					n.f32(float32(x))
				} else {
					n.f64(x)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
