package tally

// facts are what is known of a text once its vocabulary is settled.
type facts struct {
	words   int   // with the ends of sentences
	largest int64 // count of the most frequent word
	V       int
	stream  int64 // bytes of the numbers in memory
}

func (s *stream) facts(v *vocabulary) facts {
	f := facts{words: int(s.n), V: len(v.words), stream: s.bytes}
	for _, w := range v.words {
		f.largest = max(f.largest, w.N)
	}
	return f
}

func planFor(o *Options, f facts) (plan, error) {
	return plan{shift: 20, stream: 1 << 40, piece: 1 << 18, segment: 1 << 31, positions: 1 << 31,
		unit: max(1, (1<<17)/max(1, o.contextNeeded())), outputs: 4 * o.Workers}, nil
}
