package tally

// buckets say how the positions of a segment are sorted. A bucket has the positions
// of one current word; or, where these are many, those of them whose next word is in
// one class. Buckets are in the order of the current word and the next word.
type buckets struct {
	word   []int32     // of each bucket
	all    []int64     // positions of each bucket
	counts [][]uint32  // the same by worker
	of     []placement // by current word; the end of a sentence comes last
	// class is the class of each next word; the end of a sentence comes last. Classes
	// are ranges of words: class c begins with the word first[c]. It is nil if there are
	// none.
	class []uint32
	first []int
}

// placement is the first bucket of a current word, and a mask of the class that is
// added: all ones, or 0 for a word with one bucket.
type placement struct{ bucket, mask uint32 }

// classesWanted is about how many classes of next words there are, equally frequent
// as far as single words allow; and frequentWords how many words can have a bucket for
// each class at most.
const (
	classesWanted = 256
	frequentWords = 2048
)

// byWord makes a bucket of every word.
func (s *segment[W]) byWord(words int) *buckets {
	b := &buckets{word: make([]int32, words), all: make([]int64, words), counts: s.counts}
	for w := range b.word {
		b.word[w] = int32(w)
		for _, counts := range s.counts {
			b.all[w] += int64(counts[w])
		}
	}
	return b
}

// byNext makes a bucket of every word of at most so many positions, and several of
// every other, unless these are too many. The boundary is a next word like any other, if there is one.
func (s *segment[W]) byNext(words, boundary, most int) *buckets {
	plain := s.byWord(words)
	most = max(most, s.n/frequentWords)
	b := &buckets{of: make([]placement, words+1), class: make([]uint32, words+1)}
	share, sum := int64(s.n/classesWanted+1), int64(0)
	for w, n := range plain.all {
		if w == 0 || sum+n > share {
			b.first = append(b.first, w)
			sum = 0
		}
		sum += n
		b.class[w] = uint32(len(b.first) - 1)
	}
	b.class[words] = uint32(len(b.first)) // no next word
	if boundary >= 0 {
		b.class[words] = b.class[boundary]
	}
	b.first = append(b.first, words)
	for w, n := range plain.all {
		b.of[w] = placement{bucket: uint32(len(b.word))}
		number := 1
		if n > int64(most) {
			b.of[w].mask = 1<<32 - 1
			number = len(b.first) // one for no next word
		}
		for range number {
			b.word = append(b.word, int32(w))
		}
	}
	if len(b.word) == words {
		return plain
	}
	b.of[words] = placement{bucket: uint32(len(b.word))} // one more, which is not used
	b.counts = make([][]uint32, len(s.counts))
	inParallel(len(s.counts), func(j int) {
		counts := make([]uint32, len(b.word)+1)
		of, class := b.of, b.class
		s.each(s.shares[j], s.shares[j+1], func(_ int, run, after []W) {
			after = after[:len(run)]
			for p, w := range run {
				to := of[min(int(w), words)]
				counts[to.bucket+class[min(int(after[p]), words)]&to.mask]++
			}
		})
		b.counts[j] = counts
	})
	b.all = make([]int64, len(b.word))
	for _, counts := range b.counts {
		for i := range b.all {
			b.all[i] += int64(counts[i])
		}
	}
	return b
}

// ranges shares the buckets out among ranges of at most so many positions, but of one
// bucket at least. It returns where each ends, and the positions of the largest.
func (b *buckets) ranges(positions int64) (ends []int, largest int64) {
	n := int64(0)
	for i, more := range b.all {
		if n > 0 && n+more > positions {
			ends = append(ends, i)
			n = 0
		}
		n += more
		largest = max(largest, n)
	}
	return append(ends, len(b.all)), largest
}

// next returns the next words of the positions in a bucket, from and to.
func (b *buckets) next(bucket int) (from, to int) {
	if b.class == nil || b.of[b.word[bucket]].mask == 0 {
		return 0, len(b.word)
	}
	class := bucket - int(b.of[b.word[bucket]].bucket)
	if class+1 == len(b.first) {
		return b.first[class], b.first[class] // none
	}
	return b.first[class], b.first[class+1]
}
