package text

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// numbered is what Number finds, in words.
type numbered struct {
	sentences []string // tokens with | between them
	tokens    uint64
	bytes     uint64
	n         map[string]uint64 // how often each token is found
	digest    string
	sum       string
	err       string
}

func (n numbered) String() string {
	return fmt.Sprintf("%q, %d tokens, %d bytes, %v, %s, %s, %s", n.sentences, n.tokens, n.bytes, n.n, n.digest, n.sum, n.err)
}

// numberAll returns what Number finds in texts.
func numberAll(texts []string, o NumberOptions) numbered {
	var sources []*Source
	for i, text := range texts {
		sources = append(sources, FromText(fmt.Sprint("text", i), text))
	}
	type part struct {
		lexicon int
		words   []uint32
	}
	var parts []part
	result, err := Number(context.Background(), sources, o, func(c Chunk) error {
		parts = append(parts, part{c.Lexicon, slices.Clone(c.Words)})
		return nil
	})
	if err != nil {
		return numbered{err: err.Error()}
	}
	n := numbered{tokens: result.Tokens, bytes: result.Bytes, n: map[string]uint64{}}
	n.digest, n.sum = fmt.Sprintf("%x", result.Digest), fmt.Sprintf("%x", result.SHA256)
	var current []string
	for _, p := range parts {
		for _, w := range p.words {
			if w != EndOfSentence {
				current = append(current, string(result.Lexicons[p.lexicon].Text(w)))
				continue
			}
			n.sentences = append(n.sentences, strings.Join(current, "|"))
			current = nil
		}
	}
	if current != nil {
		n.err = "the last sentence has no end"
	}
	for _, l := range result.Lexicons {
		for id := range uint32(l.Len()) {
			if l.N(id) > 0 {
				n.n[string(l.Text(id))] += l.N(id)
			}
		}
	}
	if uint64(len(n.sentences)) != result.Sentences {
		n.err = fmt.Sprintf("%d sentences are said to be %d", len(n.sentences), result.Sentences)
	}
	return n
}

// expectNumbered is what Number must find: the tokens of Split, line by line.
func expectNumbered(texts []string, o NumberOptions) numbered {
	n := numbered{n: map[string]uint64{}}
	digest := new(big.Int)
	all := sha256.New()
	for i, text := range texts {
		err := Lines(strings.NewReader(text), fmt.Sprint("text", i), func(line int, content []byte) error {
			tokens := tokensOf(o.Tokenizer, string(content))
			if o.Boundary != "" && slices.Contains(tokens, o.Boundary) {
				return &BoundaryError{Name: fmt.Sprint("text", i), Line: line, Boundary: o.Boundary}
			}
			if len(tokens) == 0 {
				return nil
			}
			n.sentences = append(n.sentences, strings.Join(tokens, "|"))
			n.tokens += uint64(len(tokens))
			for _, token := range tokens {
				n.n[token]++
			}
			sum := sha256.Sum256(content)
			digest.Add(digest, new(big.Int).SetBytes(sum[:]))
			return nil
		})
		if err != nil {
			return numbered{err: err.Error()}
		}
		n.bytes += uint64(len(text))
		all.Write([]byte(text))
	}
	digest.Mod(digest, new(big.Int).Lsh(big.NewInt(1), 256))
	n.digest, n.sum = fmt.Sprintf("%064x", digest), fmt.Sprintf("%x", all.Sum(nil))
	return n
}

// checkNumber compares Number with what it must find, with chunks of some sizes.
func checkNumber(t interface {
	Helper()
	Fatalf(string, ...any)
}, texts []string, o NumberOptions, sizes ...int) {
	t.Helper()
	want := expectNumbered(texts, o).String()
	for i, size := range sizes {
		o.chunk, o.Workers = size, 1+2*(i%2)
		if got := numberAll(texts, o).String(); got != want {
			t.Fatalf("%+v, chunks of %d, %d workers: %q gives\n%s\nwant\n%s", o.Tokenizer, size, o.Workers, texts, got, want)
		}
	}
}

// numberPieces are textPieces and what matters to chunks, digests and the paths
// for ASCII.
func numberPieces() []string {
	return append(textPieces(), "\n", "\n", "\n", "\r\n", " ", " ", " ", "the", "THE", "Don't", "3.14", "a.b", "x1", "1x", "_", "__", "a_b", ",,", "::", "'",
		"eightlet", "EIGHTLET", "ninelette", "sixteenlettersss", "SeventeenLettersX", strings.Repeat("Long", 20), strings.Repeat("世界", 9),
		"\x01", "\x7f", "1,2", "1,a", "a,1", "a'1", "1'1", "a.é", "1,\u0301", "(x)", "a-b", "\u00a0", "\u3000 ", "\v", "\f", "<s>")
}

func TestNumberProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(numberPieces()), 0, 30), func(p []string) string { return strings.Join(p, "") })
		texts := rapid.SliceOfN(text, 0, 3).Draw(t, "texts")
		size := rapid.IntRange(1, 40).Draw(t, "size")
		for _, tok := range tokenizers() {
			checkNumber(t, texts, NumberOptions{Tokenizer: tok}, size, size, chunkSize)
		}
	})
}

// TestNumberErrorsProperties has texts with bytes that do not belong there.
func TestNumberErrorsProperties(t *testing.T) {
	pieces := append(numberPieces(), "\x00", "\xff", "\xe2\x82", "\xf0\x9f", "\x80", "\xff\xfe", "\ufeff", "<s>", "<s>")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 20), func(p []string) string { return strings.Join(p, "") })
		texts := rapid.SliceOfN(text, 1, 2).Draw(t, "texts")
		o := NumberOptions{Tokenizer: rapid.SampledFrom(tokenizers()).Draw(t, "tokenizer"), Boundary: rapid.SampledFrom([]string{"", "<s>", "the"}).Draw(t, "boundary")}
		size := rapid.IntRange(1, 40).Draw(t, "size")
		checkNumber(t, texts, o, size, size, chunkSize)
	})
}

func FuzzNumber(f *testing.F) {
	for _, seed := range []string{
		"See whether the candle went out yet.\n\n Don't pay 3.14\r\n", "\ufeffa b\n", "世界の カタカナ ไทยดี नमस्ते\n한국어", "👩‍👩‍👧 🇩🇪🇫🇷 1️⃣ ❤️ a.é 1,\u0301",
		" \u0308 \u0600 \u200d😀", "\xff a\xe2\x82 B", "a\x00", "a_b __ (x) a,b 1,2 a:b",
	} {
		for kind := range tokenizers() {
			f.Add(seed, uint8(kind), uint8(7))
		}
	}
	f.Fuzz(func(t *testing.T, text string, kind, size uint8) {
		if len(text) > 1000 {
			t.Skip("a long text takes long and shows nothing more")
		}
		o := NumberOptions{Tokenizer: tokenizers()[int(kind)%len(tokenizers())]}
		checkNumber(t, []string{text}, o, 1+int(size%64), chunkSize)
	})
}

func TestNumberStopsAtAnErrorOfVisit(t *testing.T) {
	stop := errors.New("enough")
	_, err := Number(context.Background(), []*Source{FromText("x", strings.Repeat("a\n", 1000))}, NumberOptions{chunk: 10}, func(Chunk) error { return stop })
	if err != stop {
		t.Errorf("got %v", err)
	}
}
