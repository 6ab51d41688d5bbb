package tally

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"qk/data"
	"qk/data/table"
	"qk/data/text"
)

// zipfText is a text of about so many words by the law of Zipf and Mandelbrot, in
// sentences of 6 to 35 words; a third of the words hang on the one before.
func zipfText(words int) string {
	const vocabulary, resolution = 300_000, 1 << 20
	table, sum, k := make([]int32, resolution), 0.0, 0
	cumulated := make([]float64, vocabulary)
	for i := range cumulated {
		sum += 1 / math.Pow(float64(i)+2.7, 1.08)
		cumulated[i] = sum
	}
	for i := range table {
		for k < vocabulary-1 && cumulated[k]/sum < (float64(i)+0.5)/resolution {
			k++
		}
		table[i] = int32(k)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	before := int32(0)
	for left := words; left > 0; {
		n := min(left, 6+r.IntN(30))
		left -= n
		for range n {
			w := table[r.IntN(resolution)]
			if r.IntN(3) == 0 {
				w = table[(int(before)*7919+r.IntN(24)*104729)%resolution]
			}
			before = w
			for x := w; ; x = x/40 - 1 {
				b.WriteByte("tnrsdlkm"[x%8])
				b.WriteByte("aeiou"[x/8%5])
				if x < 40 {
					break
				}
			}
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// BenchmarkCount counts 2 million words from text to rows, V = 20,000 and L = 8.
func BenchmarkCount(b *testing.B) {
	in := []byte(zipfText(2_000_000))
	for _, tables := range [][]table.Name{{table.Transitions}, {table.Transitions, table.Cooccurrences}, {table.Transitions, table.Pairs}} {
		b.Run(fmt.Sprint(tables), func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			observations := int64(0)
			for b.Loop() {
				observations = 0
				o := Options{Options: data.Options{Tokenizer: text.Tokenizer{Tokens: text.Words}, MaxVocab: 20_000}, Context: 8, Tables: tables, NoSHA256: true, Memory: 1 << 30}
				_, err := Count(b.Context(), []*text.Source{text.FromBytes("text", in)}, o, func(t table.Name, r table.Rows) error {
					if t == tables[len(tables)-1] {
						for _, n := range r.N {
							observations += n
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(observations)*float64(b.N)/b.Elapsed().Seconds()/1e6, "M"+string(tables[len(tables)-1])+"/s")
		})
	}
}

// BenchmarkEngine counts words that are numbered already, in memory, and in segments
// that are merged.
func BenchmarkEngine(b *testing.B) {
	in := zipfText(4_000_000)
	for _, V := range []int{20_000, 0} {
		for _, segments := range []int64{1, 4} {
			b.Run(fmt.Sprintf("V=%d/segments=%d", V, segments), func(b *testing.B) {
				o := &Options{Options: data.Options{Tokenizer: text.Tokenizer{Tokens: text.Fields}, MaxVocab: V}, Context: 8, Tables: []table.Name{table.Transitions, table.Pairs}, Workers: 2, Memory: 1 << 32}
				observations := int64(0)
				for b.Loop() {
					b.StopTimer()
					p, err := planFor(o, facts{})
					if err != nil {
						b.Fatal(err)
					}
					s := &stream{shape: shape{p.shift, 8}, limit: 1 << 40, temp: newTemporary(b.TempDir())}
					numbered, err := read(b.Context(), texts(in), o, s, p)
					if err != nil {
						b.Fatal(err)
					}
					v, err := settle(numbered.Lexicons, o)
					if err != nil {
						b.Fatal(err)
					}
					if p, err = planFor(o, s.facts(v)); err != nil {
						b.Fatal(err)
					}
					p.segment = (s.n + segments - 1) / segments
					observations = 0
					c := counting{o: o, plan: p, v: v, s: s, temp: s.temp, result: newResult(o, v, numbered), tell: &teller{}, sink: func(t table.Name, r table.Rows) error {
						if t == table.Pairs {
							for _, n := range r.N {
								observations += n
							}
						}
						return nil
					}}
					b.StartTimer()
					if len(v.words) < 1<<16 {
						err = countSegments[uint16, uint32](b.Context(), &c)
					} else {
						err = countSegments[uint32, uint64](b.Context(), &c)
					}
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(observations)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpairs/s")
			})
		}
	}
}
