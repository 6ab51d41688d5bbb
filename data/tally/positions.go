package tally

// ranged is the positions in the buckets from a to b: at[start[i]:start[i+1]] are those
// in bucket a+i. Of transitions alone, the next words stand in their place. There is
// room for the largest range.
type ranged[W number] struct {
	*buckets
	a, b  int
	start []int
	at    []uint32
	next  []W
}

// of returns the positions in a bucket as a range of indices.
func (r *ranged[W]) of(bucket int) (from, to int) {
	return r.start[bucket-r.a], r.start[bucket-r.a+1]
}

// collect sorts the positions in the buckets from a to b by bucket: a counting sort,
// in which every worker writes its own share of the segment.
func (s *segment[W]) collect(r *ranged[W], a, b int) {
	r.a, r.b, r.start = a, b, append(r.start[:0], 0)
	workers := len(s.counts)
	cursors := make([][]uint32, workers)
	for j := range cursors {
		cursors[j] = make([]uint32, b-a)
	}
	all := 0
	for i := a; i < b; i++ {
		for j, counts := range r.counts {
			cursors[j][i-a] = uint32(all)
			all += int(counts[i])
		}
		r.start = append(r.start, all)
	}
	inParallel(workers, func(j int) {
		cursor := cursors[j]
		switch {
		case r.next != nil:
			s.collectNext(j, a, cursor, r.next)
		case r.class == nil:
			s.collectByWord(j, a, cursor, r.at)
		default:
			s.collectByNext(j, a, cursor, r.at, r.buckets)
		}
	})
}

// collectNext writes the next words of a worker's share.
func (s *segment[W]) collectNext(j, a int, cursor []uint32, to []W) {
	s.each(s.shares[j], s.shares[j+1], func(_ int, run, after []W) {
		after = after[:len(run)]
		for p, w := range run {
			if i := uint(int(w) - a); i < uint(len(cursor)) {
				to[cursor[i]] = after[p]
				cursor[i]++
			}
		}
	})
}

// collectByWord writes the positions of a worker's share, where buckets are words.
func (s *segment[W]) collectByWord(j, a int, cursor, to []uint32) {
	s.each(s.shares[j], s.shares[j+1], func(at int, run, _ []W) {
		for p, w := range run {
			if i := uint(int(w) - a); i < uint(len(cursor)) {
				to[cursor[i]] = uint32(at + p)
				cursor[i]++
			}
		}
	})
}

// collectByNext is collectByWord for other buckets.
func (s *segment[W]) collectByNext(j, a int, cursor, to []uint32, b *buckets) {
	of, class, words := b.of, b.class, len(b.class)-1
	s.each(s.shares[j], s.shares[j+1], func(at int, run, after []W) {
		after = after[:len(run)]
		for p, w := range run {
			in := of[min(int(w), words)]
			bucket := in.bucket + class[min(int(after[p]), words)]&in.mask
			if i := uint(int(bucket) - a); i < uint(len(cursor)) {
				to[cursor[i]] = uint32(at + p)
				cursor[i]++
			}
		}
	})
}

// starts counts the first words of the sentences that begin after an end within the
// segment, by word.
func (s *segment[W]) starts(words int) []uint32 {
	workers := len(s.counts)
	found := make([][]uint32, workers)
	inParallel(workers, func(j int) {
		n := make([]uint32, words)
		s.each(s.shares[j], s.shares[j+1], func(_ int, run, after []W) {
			for p, w := range run {
				if y := after[p]; w == endOf[W]() && y != endOf[W]() {
					n[y]++
				}
			}
		})
		found[j] = n
	})
	for _, n := range found[1:] {
		for w := range n {
			found[0][w] += n[w]
		}
	}
	return found[0]
}
