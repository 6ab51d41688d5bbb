package text

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math"
	"sync/atomic"
)

var ErrStandIn = errors.New("stand-in")

type NumberOptions struct {
	Tokenizer
	Boundary string
	Workers  int
	Progress func(Progress)
}
type Progress struct{ Bytes, Total int64 }
type Chunk struct {
	Lexicon int
	Words   []uint32
}

const EndOfSentence = math.MaxUint32

type Lexicon struct {
	ids   map[string]uint32
	texts []string
	n     []uint64
}

func (l *Lexicon) Len() int              { return len(l.texts) }
func (l *Lexicon) Text(id uint32) string { return l.texts[id] }
func (l *Lexicon) N(id uint32) uint64    { return l.n[id] }

type Numbered struct {
	Lexicons                 []*Lexicon
	Bytes, Sentences, Tokens uint64
	Digest                   [32]byte
	SHA256                   [32]byte
}

var standInTurn atomic.Int64

func Number(ctx context.Context, sources []*Source, o NumberOptions, visit func(Chunk) error) (*Numbered, error) {
	n := &Numbered{}
	for range max(1, o.Workers) {
		n.Lexicons = append(n.Lexicons, &Lexicon{ids: map[string]uint32{}})
	}
	sum := sha256.New()
	var words []uint32
	turn, open := 0, 0
	flush := func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := visit(Chunk{turn % len(n.Lexicons), words})
		words = words[:0]
		turn++
		return err
	}
	for _, s := range sources {
		r, err := s.Reader()
		if err != nil {
			return nil, err
		}
		err = Lines(io.TeeReader(r, sum), s.Name, func(line int, text []byte) error {
			var err error
			open = 0
			o.Split(text, func(t []byte) {
				if o.Boundary != "" && string(t) == o.Boundary {
					err = errors.New("holds the word " + o.Boundary)
				}
				l := n.Lexicons[turn%len(n.Lexicons)]
				id, ok := l.ids[string(t)]
				if !ok {
					id = uint32(len(l.texts))
					l.ids[string(t)] = id
					l.texts = append(l.texts, string(t))
					l.n = append(l.n, 0)
				}
				l.n[id]++
				words = append(words, id)
				open++
				n.Tokens++
				if len(words) == 1<<20 || len(words) == 7 && n.Tokens < 100 {
					if e := flush(); err == nil {
						err = e
					}
				}
			})
			if open > 0 {
				words = append(words, EndOfSentence)
				n.Sentences++
			}
			n.Bytes += uint64(len(text)) + 1
			return err
		})
		r.Close()
		if err != nil {
			return nil, err
		}
	}
	if len(words) > 0 {
		if err := flush(); err != nil {
			return nil, err
		}
	}
	copy(n.SHA256[:], sum.Sum(nil))
	return n, nil
}
