package tally

import (
	"encoding/binary"
	"math"

	"qk/data/text"
)

// The numbers of a stream are 16 bits wide. Two of the values stand for something
// else.
const (
	wide    = math.MaxUint16 - 1 // the number does not fit, and is among those kept apart
	lineEnd = math.MaxUint16     // the end of a sentence
)

// stream keeps the text as numbers of lexicons, as they come out of [text.Number],
// until the vocabulary is known. They are kept in memory, and from a certain size on
// in a temporary file.
type stream struct {
	shape
	limit  int64 // bytes that may be in memory
	pieces []piece
	n      int64 // words, with the ends of sentences
	bytes  int64 // in memory

	sentence, longest int64 // words in the sentence so far, and in the longest one

	blocks [][]uint16 // as in a segment, nil where they are in the file
	file   *tempFile
	temp   temporary
	frame  []byte
}

// piece is some numbers of one lexicon.
type piece struct {
	lexicon int
	start   int64 // place in the stream
	n       int
	wide    []uint32 // the numbers that are too large for 16 bits, in their order
	wideN   int      // how many these are, where they are in the file
	first   uint32   // the first number
	at      int64    // where it is in the file
}

// shape is how a text is cut into blocks: every block has 1<<shift words, before
// them the halo, the last words of the block before, and behind them the first word
// of the next. So a position and its context are in one block.
type shape struct {
	shift uint
	halo  int
}

// reaching returns a shape with a halo that is large enough.
func (s shape) reaching(halo int) shape {
	if s.halo < halo {
		s.halo = halo
	}
	for 1<<s.shift < 2*s.halo {
		s.shift++
	}
	return s
}

func (s shape) newBlock() []uint16 { return make([]uint16, s.halo+1<<s.shift+1) }

// add appends a chunk.
func (s *stream) add(c text.Chunk, most int) error {
	for words := c.Words; len(words) > 0; {
		n := min(len(words), most)
		if err := s.addPiece(c.Lexicon, words[:n]); err != nil {
			return err
		}
		words = words[n:]
	}
	return nil
}

func (s *stream) addPiece(lexicon int, words []uint32) error {
	p := piece{lexicon: lexicon, start: s.n, n: len(words), first: words[0]}
	if s.file == nil && s.bytes+s.grows(len(words)) > s.limit {
		if err := s.spill(); err != nil {
			return err
		}
	}
	if s.file != nil {
		return s.write(p, words)
	}
	s.bytes += s.grows(len(words))
	for at := s.n; len(words) > 0; {
		if at>>s.shift == int64(len(s.blocks)) {
			s.blocks = append(s.blocks, s.newBlock())
		}
		to := s.blocks[at>>s.shift][s.halo+int(at&(1<<s.shift-1)) : s.halo+1<<s.shift]
		n := min(len(words), len(to))
		p.wide = s.narrow(to[:n], words[:n], p.wide)
		at += int64(n)
		words = words[n:]
	}
	s.bytes += 4 * int64(len(p.wide))
	p.wideN = len(p.wide)
	s.n += int64(p.n)
	s.pieces = append(s.pieces, p)
	return nil
}

// grows returns how many bytes of blocks so many more words take.
func (s *stream) grows(words int) int64 {
	return int64(blocksFor(s.n+int64(words), s.shift)-len(s.blocks)) * 2 * int64(s.halo+1<<s.shift+1)
}

func blocksFor(words int64, shift uint) int { return int((words + 1<<shift - 1) >> shift) }

// narrow writes numbers in 16 bits and appends those that do not fit.
func (s *stream) narrow(to []uint16, words []uint32, large []uint32) []uint32 {
	to = to[:len(words)]
	begin := -s.sentence // of the sentence
	for i, w := range words {
		switch {
		case w < wide:
			to[i] = uint16(w)
		case w == text.EndOfSentence:
			to[i] = lineEnd
			s.longest = max(s.longest, int64(i)-begin)
			begin = int64(i) + 1
		default:
			to[i] = wide
			large = append(large, w)
		}
	}
	s.sentence = int64(len(words)) - begin
	s.longest = max(s.longest, s.sentence)
	return large
}

// spill moves what is in memory to a file.
func (s *stream) spill() error {
	f, err := s.temp.create("the numbered words")
	if err != nil {
		return err
	}
	s.file = f
	var words []uint16
	for i := range s.pieces {
		p := &s.pieces[i]
		words = words[:0]
		s.eachRun(*p, func(_ int, run []uint16) { words = append(words, run...) })
		if err := s.writeFrame(p, words); err != nil {
			return err
		}
		for b := p.start >> s.shift; b < (p.start+int64(p.n))>>s.shift; b++ {
			s.blocks[b] = nil // all of it is in the file
		}
	}
	s.blocks, s.bytes = nil, 0
	return nil
}

// eachRun visits the parts of a piece in the blocks, each with its place in the
// piece.
func (s *stream) eachRun(p piece, visit func(at int, run []uint16)) {
	for at, left := p.start, p.n; left > 0; {
		block := s.blocks[at>>s.shift]
		o := int(at & (1<<s.shift - 1))
		n := min(left, 1<<s.shift-o)
		visit(p.n-left, block[s.halo+o:s.halo+o+n])
		at += int64(n)
		left -= n
	}
}

func (s *stream) write(p piece, words []uint32) error {
	narrowed := make([]uint16, len(words))
	p.wide = s.narrow(narrowed, words, nil)
	p.wideN = len(p.wide)
	if err := s.writeFrame(&p, narrowed); err != nil {
		return err
	}
	s.n += int64(p.n)
	s.pieces = append(s.pieces, p)
	return nil
}

// writeFrame writes a piece to the file.
func (s *stream) writeFrame(p *piece, words []uint16) error {
	s.frame = s.frame[:0]
	for _, w := range words {
		s.frame = append(s.frame, byte(w), byte(w>>8))
	}
	for _, w := range p.wide {
		s.frame = append(s.frame, byte(w), byte(w>>8), byte(w>>16), byte(w>>24))
	}
	p.wide = nil
	at, err := s.file.write(s.frame)
	p.at = at
	return err
}

// read gives back a piece from the file, with memory that is used again.
func (s *stream) read(p piece, buffer []byte) (words []byte, wide []uint32, _ []byte, _ error) {
	buffer, err := s.file.read(p.at, 2*p.n+4*p.wideN, buffer)
	if err != nil {
		return nil, nil, buffer, err
	}
	words = buffer[frameHeader : frameHeader+2*p.n]
	for b := buffer[frameHeader+2*p.n:]; len(b) > 0; b = b[4:] {
		wide = append(wide, binary.LittleEndian.Uint32(b))
	}
	return words, wide, buffer, nil
}

func (s *stream) close() error {
	if s.file == nil {
		return nil
	}
	return s.file.close()
}
