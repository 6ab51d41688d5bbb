package text

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
)

// NumberOptions says how [Number] splits and numbers.
type NumberOptions struct {
	Tokenizer
	// Boundary is a token that the text must not hold, or "": what stands for the
	// ends of sentences elsewhere. One that it holds is a [*BoundaryError].
	Boundary string
	// Workers is how many goroutines split and number, 0 for one a core. With one,
	// words are numbered in the order in which they first occur.
	Workers int
	// NoDigest and NoSHA256 leave out these sums, which take time, the digest more
	// of it the shorter the lines are.
	NoDigest, NoSHA256 bool
	// Progress, unless nil, is called now and then, and at the end. Calls never
	// overlap with each other or with those of visit.
	Progress func(Progress)

	chunk int // bytes of a chunk, 0 for chunkSize
	limit int // bytes of the longest run without a place to cut, 0 for MaxLine
}

// Chunk is a part of a text as numbers of words.
type Chunk struct {
	// Lexicon tells which of the lexicons numbers the words, an index into
	// [Numbered.Lexicons].
	Lexicon int
	// Words are the words in the order of the text, with [EndOfSentence] after the
	// last one of every sentence. A sentence can go on in the next chunk.
	Words []uint32
}

// Numbered is what [Number] knows of a text when it has come to the end.
type Numbered struct {
	Lexicons  []*Lexicon // which can hold a word that occurs 0 times
	Bytes     uint64     // of all texts, decompressed
	Sentences uint64     // lines with a word, equal ones counted each time
	Tokens    uint64
	// Digest is the sum over all sentences, modulo 2^256, of the SHA-256 of the
	// line without its end, a number with its high byte first. It does not hang on
	// the order of the lines, nor on how they are shared out among texts, so that
	// the digests of parts add up to that of the whole.
	Digest [sha256.Size]byte
	SHA256 [sha256.Size]byte // of all bytes of the texts, decompressed, one text after another
}

// BoundaryError says that a text holds the token that stands for the ends of its
// sentences.
type BoundaryError struct {
	Name     string // file name, or "standard input"
	Line     int    // counted from 1
	Boundary string
}

func (e *BoundaryError) Error() string {
	return fmt.Sprintf("%s: line %d holds the word %s itself, which marks the ends of sentences with --boundary: rename it in the text, or leave --boundary out", e.Name, e.Line, e.Boundary)
}

// Number reads texts one after another, splits them into words just as
// [Tokenizer.Split] splits the lines of [Lines], and numbers the words. It calls visit
// with one chunk after another, in the order of the texts. The calls never
// overlap; a chunk is valid during the call only. The end of a text ends a
// sentence. A line without a word is no sentence.
//
// The texts are read in chunks, so neither they nor their lines need to fit into
// memory. Only a run of more than [MaxLine] bytes without white space, and without
// ideographs either, is refused.
//
// Errors are those of [Lines], in the order of the texts; an error of visit, which
// ends the reading, and that of ctx are returned as they are. When Number returns, its
// goroutines have ended; but after ctx has ended, one that waits for a text which
// can be read only [Source.Once] is left to end when that read does.
func Number(ctx context.Context, sources []*Source, o NumberOptions, visit func(Chunk) error) (*Numbered, error) {
	if o.Tokens != "" {
		if _, err := ParseTokens(string(o.Tokens)); err != nil {
			return nil, err
		}
	}
	if o.Workers < 1 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.chunk == 0 {
		o.chunk = chunkSize
	}
	if o.limit == 0 {
		o.limit = MaxLine
	}
	p := newPipeline(ctx, sources, o)
	defer p.stop()
	c := newCollector(p, visit)
	if err := c.run(); err != nil {
		return nil, err
	}
	return c.numbered()
}
