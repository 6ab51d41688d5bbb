package text

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"time"
)

// collector takes the chunks in the order of the texts, puts together what was
// cut, and passes the words on.
type collector struct {
	*pipeline
	visit func(Chunk) error

	sentences, tokens uint64
	digest            digest

	// Of the text at hand.
	source int
	line   int  // line feeds so far
	open   bool // the line so far has a word

	rest     hash.Hash // of the line so far, if it was cut
	dropped  []dropped
	progress progress
}

// dropped is a word that a worker counted but that is none, see scanner.led.
type dropped struct {
	lexicon int
	word    uint32
}

func newCollector(p *pipeline, visit func(Chunk) error) *collector {
	return &collector{pipeline: p, visit: visit, rest: sha256.New(), progress: progress{call: p.o.Progress, total: p.total, last: time.Now()}}
}

// run visits all chunks.
func (c *collector) run() error {
	for {
		select {
		case k, ok := <-c.ordered:
			if !ok {
				return c.ctx.Err()
			}
			select {
			case <-k.ready:
			case <-c.ctx.Done():
				return c.ctx.Err()
			}
			if err := c.ctx.Err(); err != nil {
				return err
			}
			if err := c.take(k); err != nil {
				return err
			}
			c.progress.report(k.read, false)
			c.free <- k
		case <-c.ctx.Done():
			return c.ctx.Err()
		}
	}
}

// take passes on one chunk.
func (c *collector) take(k *chunk) error {
	if k.source != c.source {
		c.source, c.line = k.source, 0
	}
	if err := c.failure(k); err != nil {
		return err
	}
	words := c.join(k)
	c.line += k.lines
	if len(words) == 0 {
		return nil
	}
	return c.visit(Chunk{Lexicon: k.lexicon, Words: words})
}

// join returns the words of a chunk, after it has put what goes on from the chunk
// before, or into the next one, in order.
func (c *collector) join(k *chunk) []uint32 {
	words, sentences := k.words, k.sentences
	if k.led && !c.open {
		c.dropped = append(c.dropped, dropped{k.lexicon, words[0]})
		words = words[1:]
	}
	c.digest.add(k.digest)
	if k.inside {
		head := k.text[:k.head]
		c.addRest(withoutLineEnd(head))
		if len(head) > 0 && head[len(head)-1] == '\n' {
			if len(words) > 0 && words[0] == EndOfSentence && !c.open {
				words = words[1:]
				sentences--
			} else {
				c.endCutLine()
			}
			c.open = false
		}
	}
	if k.tail < k.n {
		c.rest.Reset()
		c.addRest(k.text[k.tail:k.n])
	}
	if n := len(words); n > 0 {
		c.open = words[n-1] != EndOfSentence
	}
	c.tokens += uint64(len(words)) - sentences
	if k.last && c.open {
		c.endCutLine()
		words = append(words, EndOfSentence)
		if cap(words) > cap(k.words) {
			k.words = words
		}
		sentences++
		c.open = false
	}
	c.sentences += sentences
	return words
}

// addRest adds a part of a line that was cut.
func (c *collector) addRest(part []byte) {
	if !c.o.NoDigest {
		c.rest.Write(part)
	}
}

// endCutLine adds the digest of a line that was cut.
func (c *collector) endCutLine() {
	if c.o.NoDigest {
		return
	}
	var sum [sha256.Size]byte
	c.rest.Sum(sum[:0])
	c.digest.addSum(sum)
}

// failure returns what is wrong with a chunk, if anything is.
func (c *collector) failure(k *chunk) error {
	name, line := c.names[k.source], c.line+1
	l := lineReader{name: name, line: line, start: k.offset, limit: c.o.limit}
	switch {
	case k.clash >= 0:
		return &BoundaryError{Name: name, Line: line + k.clash, Boundary: c.o.Boundary}
	case k.bad >= 0:
		l.line += bytes.Count(k.text[:k.bad], []byte("\n"))
		return l.byteError(k.bad, k.text[k.bad])
	case k.err != nil:
		return k.err
	case k.tooLong:
		return l.runError()
	case k.encoding != "":
		return l.encodingError(k.encoding)
	case k.failed != nil:
		l.line += k.lines
		return l.readError(k.n, k.failed)
	}
	return nil
}

// numbered returns the result at the end of all texts.
func (c *collector) numbered() (*Numbered, error) {
	c.progress.report(0, true)
	n := &Numbered{Bytes: c.bytes, Sentences: c.sentences, Tokens: c.tokens, Digest: c.digest.bytes()}
	if c.sum != nil {
		c.sum.Sum(n.SHA256[:0])
	}
	for _, s := range c.scanners {
		n.Lexicons = append(n.Lexicons, s.lexicon)
	}
	for _, d := range c.dropped {
		n.Lexicons[d.lexicon].n[d.word]--
	}
	return n, nil
}
