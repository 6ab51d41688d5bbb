package tally

import (
	"qk/data/table"
)

// plan is how large things may be, so that the memory keeps to a ceiling. The rows
// do not hang on it.
type plan struct {
	shift     uint  // log2 of the words in a block, at least
	halo      int   // words before a block while the words are read, at most
	stream    int64 // bytes of the numbered words that may be in memory
	reading   int64 // bytes on the heap while they are read, 0 for any number
	piece     int   // words in a piece of them
	segment   int64 // words in a segment
	positions int   // positions that are sorted at a time
	unit      int   // positions that a worker works on at a time
	outputs   int   // units that may wait for their turn
	frame     int   // bytes of a frame of a run
	fan       int   // runs that are merged at a time
	job       int   // frames that are merged at a time
}

// facts are what is known of a text once its vocabulary is settled; nothing is
// known before.
type facts struct {
	words    int64 // with the ends of sentences
	longest  int64 // words in a sentence
	largest  int64 // count of the most frequent word
	V        int
	textual  int64 // bytes of the words of the vocabulary
	lexicons int64 // words in all lexicons
	inMemory bool  // the numbered words
}

// What the program takes by itself, and for every worker that reads: two chunks of
// text and their numbers.
const (
	baseMemory   = 20 << 20
	workerMemory = 5 << 20
)

// planFor makes a plan for a ceiling of memory. The error of one that is too low
// says which would do.
func planFor(o *Options, f facts) (plan, error) {
	ceiling, base := o.Memory, o.Reserved+baseMemory
	p := plan{shift: 18, halo: 1 << 12, piece: 1 << 16, frame: 1 << 16, fan: 64, outputs: 3*o.Workers + 2}
	if f.words == 0 {
		least := base + int64(o.Workers)*workerMemory + 4<<20
		if ceiling < least {
			return p, memoryError(ceiling, least, "reading and counting a text")
		}
		p.reading = (ceiling - o.Reserved - programMemory) * 7 / 10
		p.stream = (ceiling - base - int64(o.Workers)*workerMemory) * 2 / 3
		p.segment = 1
		return p, nil
	}
	// A part is left for garbage, lest it be collected all the time.
	return p, p.divide(o, f, ceiling, ceiling-base-ceiling/16)
}

// divide shares out the memory that is left among the segment, its positions, and
// what is worked on.
func (p *plan) divide(o *Options, f facts, ceiling, left int64) error {
	width := int64(2)
	if f.V >= 1<<16 {
		width = 4
	}
	V, workers, context := int64(f.V), int64(o.Workers), int64(o.contextWithin(f.longest))
	// The vocabulary, its numbers by lexicon, and counters by worker.
	left -= f.textual + 32*V + 4*f.lexicons + 32*V*workers
	// The scratch of the workers and the outputs: of each observation two keys and an
	// earlier word, and a row of each table in each output.
	observation := workers*(5*width) + int64(p.outputs)*rowBytes(o)
	keys := int64(1 << 17)
	for keys > 1<<12 && keys*observation > left/4 {
		keys /= 2
	}
	p.unit = int(max(1, keys/max(1, context)))
	perUnit := workers * (context + 2) * width
	left -= int64(p.unit)*(context*observation+perUnit) + int64(p.outputs)*V*rowBytes(o)
	if o.wants(table.Pairs) {
		left -= frequentWords * (classesWanted + 1) * (12 + 4*workers)
	}
	p.job = max(16, 1<<20/p.frame)

	position := int64(4)
	if context == 0 {
		position = width
	}
	// The whole text, if there is room for the positions of the most frequent word, or
	// an eighth of all; and for those in a class of next words to be sorted once more.
	to := shape{shift: p.shift}.reaching(haloFor(int(context)))
	blocks := f.words>>to.shift + 1
	whole := width * (f.words + blocks*int64(to.halo+1) + 1<<to.shift)
	if f.inMemory && (width == 4 || to.halo > p.halo) {
		whole += 2 * f.words
	}
	sorted := func(words int64) int64 { return (words/classesWanted + 1) * (position + width) * workers }
	if positions := (left - whole - sorted(f.words)) / position; positions >= max(f.largest, f.words/8) && f.words < 1<<31 {
		p.segment, p.positions = f.words, int(min(positions, 1<<31-1))
		if context == 0 {
			p.positions /= 2 // which is doubled
		}
		return nil
	}
	// Segments of which everything fits, even if all words are the same.
	const parts = 1 << 20
	left -= width * int64(to.halo+1+1<<to.shift)
	each := (width+width*int64(to.halo+1)>>to.shift)*parts + position*parts + sorted(parts)
	p.segment = min(left*parts/each, 1<<31-1)
	p.positions = int(p.segment)
	least := max(1<<16, 4*context, f.words>>12) + int64(p.piece)
	if p.segment < least {
		return memoryError(ceiling, ceiling-left+least*each/parts, "the words of this text")
	}
	return nil
}

// rowBytes is the memory of a row in an output, for a run too.
func rowBytes(o *Options) int64 {
	if o.wants(table.Pairs) {
		return 4*3 + 8 + 4
	}
	return 4*2 + 8 + 4
}

// facts are what the vocabulary tells of the stream.
func (s *stream) facts(v *vocabulary) facts {
	f := facts{words: s.n, longest: s.longest, V: len(v.words), inMemory: s.file == nil}
	for _, w := range v.words {
		f.largest = max(f.largest, w.N)
		f.textual += int64(len(w.Text)) + 16
	}
	for _, numbers := range v.numbers {
		f.lexicons += int64(len(numbers))
	}
	return f
}
