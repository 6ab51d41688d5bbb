package text

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// pipeline is a reader, which cuts the texts into chunks, and the workers that
// number their words. Every chunk goes to whichever worker is free, and to the
// collector, which waits for it to be ready and hands it back.
type pipeline struct {
	ctx     context.Context
	cancel  context.CancelFunc
	sources []*Source
	o       NumberOptions
	names   []string
	total   int64 // bytes of all sources, or −1

	free    chan *chunk
	work    chan *chunk
	ordered chan *chunk // the chunks in the order of the texts

	scanners []*scanner
	sum      hash.Hash // of all bytes
	bytes    uint64

	workers sync.WaitGroup
	reading chan struct{} // closed when the reader has ended
	once    atomic.Bool   // it reads a text that can make it wait for ever
}

func newPipeline(parent context.Context, sources []*Source, o NumberOptions) *pipeline {
	// So many chunks are in memory: one in each worker and one waiting for each, one
	// that is read and one that is visited.
	chunks := 2*o.Workers + 2
	p := &pipeline{
		sources: sources, o: o,
		free: make(chan *chunk, chunks), work: make(chan *chunk, chunks), ordered: make(chan *chunk, chunks),
		reading: make(chan struct{}),
	}
	p.ctx, p.cancel = context.WithCancel(parent)
	if !o.NoSHA256 {
		p.sum = sha256.New()
	}
	for range chunks {
		p.free <- &chunk{ready: make(chan struct{}, 1)}
	}
	for _, s := range sources {
		p.names = append(p.names, DisplayName(s.Name))
		switch size := s.Size(); {
		case size < 0:
			p.total = -1
		case p.total >= 0:
			p.total += size
		}
	}
	if p.total >= 0 && o.chunk == chunkSize { // a short text needs no long buffer
		p.o.chunk = int(max(minChunk, min(p.total+1, chunkSize)))
	}
	for i := range o.Workers {
		p.scanners = append(p.scanners, newScanner(o.Tokenizer, !o.NoDigest))
		p.workers.Add(1)
		go p.serve(i)
	}
	go p.read()
	return p
}

// stop ends the goroutines and waits for them, but not for a read that may never
// return.
func (p *pipeline) stop() {
	p.cancel()
	p.workers.Wait()
	if !p.once.Load() {
		<-p.reading
	}
}

// read is the reader: it sends the chunks of all texts, up to the first error.
func (p *pipeline) read() {
	defer close(p.reading)
	defer close(p.work)
	defer close(p.ordered)
	var before int64 // bytes of the sources that are done
	for i, source := range p.sources {
		n, ok := p.readSource(i, source, before)
		if !ok {
			return
		}
		before += n
	}
}

// readSource sends the chunks of one text and returns how many bytes its source
// has, or false to end the reading.
func (p *pipeline) readSource(i int, source *Source, before int64) (n int64, ok bool) {
	p.once.Store(source.Once)
	defer p.once.Store(false)
	var in *stream
	var err error
	if failure := attempt(func() { in, err = source.stream() }); failure != nil {
		err = failure
	}
	if err != nil {
		p.fail(i, err)
		return 0, false
	}
	defer in.Close()
	c := newCutter(&hashing{p.ctx, in, p.sum, &p.bytes}, p.o)
	for {
		var k *chunk
		select {
		case k = <-p.free:
		case <-p.ctx.Done():
			return 0, false
		}
		k.source = i
		if failure := attempt(func() { c.next(k) }); failure != nil {
			k.err, k.n, k.text = failure, 0, pad(nil)
		}
		if p.ctx.Err() != nil {
			return 0, false
		}
		k.read = before + in.stored()
		last, failed := k.last, k.broken()
		p.ordered <- k
		p.work <- k
		if last || failed {
			return in.stored(), !failed
		}
	}
}

// fail sends an error in the place of the next chunk.
func (p *pipeline) fail(source int, err error) {
	select {
	case k := <-p.free:
		k.piece, k.source, k.err = piece{text: pad(nil)}, source, err
		k.tooLong, k.encoding, k.failed = false, "", nil
		p.ordered <- k
		p.work <- k
	case <-p.ctx.Done():
	}
}

// serve is a worker.
func (p *pipeline) serve(worker int) {
	defer p.workers.Done()
	for {
		select {
		case k, ok := <-p.work:
			if !ok {
				return
			}
			if failure := attempt(func() { p.number(worker, k) }); failure != nil {
				k.err = failure
			}
			k.ready <- struct{}{}
		case <-p.ctx.Done():
			return
		}
	}
}

// number checks a chunk and numbers its words.
func (p *pipeline) number(worker int, k *chunk) {
	s := p.scanners[worker]
	k.bad, k.clash, k.lines = -1, -1, 0
	text := k.text[:k.n]
	checked := text
	if k.broken() { // and it may end within a character
		checked = text[:len(text)-halfCharacter(text)]
	}
	if k.bad = firstBad(checked); k.bad >= 0 {
		// The lines before are whole, and the first error counts.
		whole := text[:bytes.LastIndexByte(text[:k.bad], '\n')+1]
		k.clash = p.boundaryIn(whole)
		return
	}
	s.words = k.words
	s.scan(k.piece)
	k.lexicon, k.words, k.sentences, k.digest = worker, s.words, s.sentences, s.digest
	k.head, k.tail, k.led = s.head, s.tail, s.led
	k.lines = bytes.Count(text, []byte("\n"))
	if _, clash := s.lexicon.find(p.o.Boundary); clash {
		k.clash = p.boundaryIn(text)
	}
	if s.lexicon.full {
		k.err = fmt.Errorf("%s: more distinct words than 32 bits can number", p.names[k.source])
	}
}

// boundaryIn returns the number of line feeds before the first boundary in a text,
// or −1.
func (p *pipeline) boundaryIn(text []byte) int {
	if p.o.Boundary == "" {
		return -1
	}
	feeds := 0
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		found := false
		p.o.Split(line, func(token []byte) { found = found || string(token) == p.o.Boundary })
		if found {
			return feeds
		}
		feeds++
	}
	return -1
}

// attempt calls f and returns its panic as an error.
func attempt(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("text: this is a mistake in qk, please report it: %v\n%s", r, debug.Stack())
		}
	}()
	f()
	return nil
}

// hashing sums up what is read, until ctx ends.
type hashing struct {
	ctx context.Context
	in  io.Reader
	sum hash.Hash // or nil
	n   *uint64
}

func (h *hashing) Read(p []byte) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := h.in.Read(p)
	if h.sum != nil {
		h.sum.Write(p[:n])
	}
	*h.n += uint64(n)
	return n, err
}
