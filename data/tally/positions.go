package tally

// ranged is the positions of the current words from a to b: at[start[i]:start[i+1]]
// are those of word a+i. Of transitions alone, the next words stand in their place.
type ranged[W number] struct {
	a, b  int
	start []int
	at    []uint32
	next  []W
}

// of returns the positions of a word as a range of indices.
func (r *ranged[W]) of(w int) (from, to int) { return r.start[w-r.a], r.start[w-r.a+1] }

// collect sorts the positions of the words from a to b by word: a counting sort, in
// which every worker writes its own share of the segment. It uses the memory of a
// former range again.
func (s *segment[W]) collect(r *ranged[W], a, b int, nextOnly bool) {
	r.a, r.b, r.start = a, b, append(r.start[:0], 0)
	workers := len(s.counts)
	cursors := make([][]uint32, workers)
	for j := range cursors {
		cursors[j] = make([]uint32, b-a)
	}
	all := 0
	for w := a; w < b; w++ {
		for j, counts := range s.counts {
			cursors[j][w-a] = uint32(all)
			all += int(counts[w])
		}
		r.start = append(r.start, all)
	}
	if nextOnly {
		r.next = resized(r.next, all)
		inParallel(workers, func(j int) {
			cursor, to := cursors[j], r.next
			s.each(s.shares[j], s.shares[j+1], func(_ int, run, after []W) {
				after = after[:len(run)]
				for p, w := range run {
					if i := uint(int(w) - a); i < uint(len(cursor)) {
						to[cursor[i]] = after[p]
						cursor[i]++
					}
				}
			})
		})
		return
	}
	r.at = resized(r.at, all)
	inParallel(workers, func(j int) {
		cursor, to := cursors[j], r.at
		s.each(s.shares[j], s.shares[j+1], func(at int, run, _ []W) {
			for p, w := range run {
				if i := uint(int(w) - a); i < uint(len(cursor)) {
					to[cursor[i]] = uint32(at + p)
					cursor[i]++
				}
			}
		})
	})
}

// resized returns a slice of that length with the memory of another if it is enough.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
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
