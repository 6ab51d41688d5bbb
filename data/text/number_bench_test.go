package text

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// benchmarkText is some megabytes of made-up words that are as long and as frequent
// as English ones, in sentences with capitals and marks.
func benchmarkText(megabytes int) []byte {
	rng := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(rng, 1.07, 2, 30_000)
	words := map[uint64]string{}
	word := func() string {
		n := zipf.Uint64()
		if words[n] == "" {
			// Frequent words are short.
			length := 2 + rng.IntN(2+min(10, len(fmt.Sprint(n))*2))
			var b strings.Builder
			for range length {
				b.WriteByte("etaoinshrdlucmwfgypbvk"[min(21, int(rng.ExpFloat64()*6))])
			}
			words[n] = b.String()
		}
		return words[n]
	}
	var text bytes.Buffer
	for text.Len() < megabytes<<20 {
		for i := range 6 + rng.IntN(30) {
			w := word()
			if i == 0 || rng.IntN(20) == 0 {
				w = strings.ToUpper(w[:1]) + w[1:]
			}
			if i > 0 {
				text.WriteByte(' ')
			}
			text.WriteString(w)
			switch rng.IntN(40) {
			case 0, 1, 2:
				text.WriteByte(',')
			case 3:
				text.WriteString("'s")
			case 4:
				text.WriteString(". 19")
			}
		}
		text.WriteString(".\n")
	}
	return text.Bytes()
}

// BenchmarkNumber numbers text on one and on two workers, and in the plainest way.
func BenchmarkNumber(b *testing.B) {
	content := benchmarkText(16)
	source := FromBytes("text", content)
	visit := func(Chunk) error { return nil }
	for _, tok := range []Tokenizer{{}, {KeepCase: true}, {Punctuation: true}, {Tokens: Fields}, {Tokens: Chars}} {
		name := fmt.Sprintf("%s,case=%v,marks=%v", tok.Tokens, tok.KeepCase, tok.Punctuation)
		for workers := 1; workers <= 2; workers++ {
			b.Run(fmt.Sprintf("%s/workers=%d", name, workers), func(b *testing.B) {
				b.SetBytes(int64(len(content)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Number(context.Background(), []*Source{source}, NumberOptions{Tokenizer: tok, Workers: workers}, visit); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(name+"/map", func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			for b.Loop() {
				numbers := map[string]int{}
				var words []int
				err := Lines(bytes.NewReader(content), "text", func(_ int, line []byte) error {
					words = words[:0]
					tok.Split(line, func(token []byte) {
						n, ok := numbers[string(token)]
						if !ok {
							n = len(numbers)
							numbers[string(token)] = n
						}
						words = append(words, n)
					})
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
