package tally

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data"
	"qk/data/table"
	"qk/data/text"
)

// collected are the rows of a count, each as its keys and its count.
type collected map[table.Name][][4]int64

// collect counts a text and checks the form of the rows.
func collect(o Options, p *plan, texts ...string) (*Result, collected, error) {
	var sources []*text.Source
	for i, t := range texts {
		sources = append(sources, text.FromText(fmt.Sprint("text", i), t))
	}
	planned := planFor
	if p != nil {
		planned = func(*Options, facts) (plan, error) { return *p, nil }
	}
	if err := o.check(); err != nil {
		return nil, nil, err
	}
	o.Workers = max(1, o.Workers)
	all := collected{}
	r, err := count(context.Background(), sources, &o, planned, newTemporary(o.Temp), func(t table.Name, rows table.Rows) error {
		if len(rows.Keys) != len(t.Keys()) || rows.Len() == 0 {
			return fmt.Errorf("%s: %d rows of %d keys", t, rows.Len(), len(rows.Keys))
		}
		for i, n := range rows.N {
			row := [4]int64{3: n}
			for k := range rows.Keys {
				row[k] = int64(rows.Keys[k][i])
			}
			all[t] = append(all[t], row)
		}
		return nil
	})
	return r, all, err
}

// expected counts a text with package data.
func expected(o Options, name string) (*data.Corpus, collected, error) {
	corpus, err := data.Load(text.FromText("text", name), o.Options)
	if err != nil {
		return nil, nil, err
	}
	counts, err := data.Count(corpus, max(1, o.Context))
	if err != nil {
		return nil, nil, err
	}
	all := collected{}
	for w, row := range counts.Transitions {
		for _, c := range row.Cells {
			all[table.Transitions] = append(all[table.Transitions], [4]int64{int64(w), int64(c.Word), 0, int64(c.N)})
		}
		for _, p := range counts.Pairs[w] {
			all[table.Cooccurrences] = append(all[table.Cooccurrences], [4]int64{int64(w), int64(p.Earlier), 0, int64(p.Next.Total)})
			for _, c := range p.Next.Cells {
				if int64(c.N) >= o.MinPairs {
					all[table.Pairs] = append(all[table.Pairs], [4]int64{int64(w), int64(c.Word), int64(p.Earlier), int64(c.N)})
				}
			}
		}
	}
	for _, rows := range all {
		slices.SortFunc(rows, func(a, b [4]int64) int { return slices.Compare(a[:], b[:]) })
	}
	return corpus, all, nil
}

// someText draws a text of few words, so that many come together, and of some rare
// ones.
func someText(t *rapid.T) string {
	word := rapid.OneOf(
		rapid.SampledFrom([]string{"a", "b", "c", "the", "<unk>"}),
		rapid.StringMatching(`[a-f]{1,2}|é|世`),
	)
	line := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(word, 0, rapid.SampledFrom([]int{3, 12, 90}).Draw(t, "length")).Draw(t, "line"), " ")
	})
	return strings.Join(rapid.SliceOfN(line, 1, 12).Draw(t, "lines"), "\n")
}

// someTables draws which tables are counted.
func someTables(t *rapid.T) []table.Name {
	return rapid.SampledFrom([][]table.Name{
		{table.Transitions}, {table.Cooccurrences}, {table.Pairs},
		{table.Transitions, table.Pairs}, {table.Cooccurrences, table.Transitions},
		{table.Transitions, table.Cooccurrences, table.Pairs},
	}).Draw(t, "tables")
}

// TestCountProperty has the rows of package data, which counts in another way, for
// every plan.
func TestCountProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := someText(t)
		o := Options{
			Options: data.Options{
				Tokenizer: text.Tokenizer{Tokens: text.Fields},
				Boundary:  rapid.Bool().Draw(t, "boundary"),
				MinCount:  rapid.SampledFrom([]uint64{0, 1, 2, 3}).Draw(t, "min-count"),
				MaxVocab:  rapid.SampledFrom([]int{0, 0, 1, 3, 7}).Draw(t, "max-vocab"),
			},
			Context:  rapid.OneOf(rapid.IntRange(1, 20), rapid.SampledFrom([]int{65, 100, 100_000})).Draw(t, "context"),
			Tables:   someTables(t),
			MinPairs: rapid.SampledFrom([]int64{0, 1, 2}).Draw(t, "min-pairs"),
			Workers:  rapid.SampledFrom([]int{1, 2, 3, 7}).Draw(t, "workers"),
			Temp:     "",
		}
		corpus, want, wantErr := expected(o, in)
		got, rows, err := collect(o, somePlan(t), in)
		if err != nil || wantErr != nil {
			if err == nil || wantErr == nil || !strings.Contains(wantErr.Error(), err.Error()) {
				t.Fatalf("error %v, want %v", err, wantErr)
			}
			return
		}
		for _, name := range []table.Name{table.Transitions, table.Cooccurrences, table.Pairs} {
			if !o.wants(name) {
				delete(want, name)
			}
			if !slices.Equal(rows[name], want[name]) {
				t.Errorf("%s: rows\n%v, want\n%v", name, rows[name], want[name])
			}
			if got.Rows[name] != int64(len(want[name])) {
				t.Errorf("%s: %d rows are told of %d", name, got.Rows[name], len(want[name]))
			}
		}
		var words []string
		for _, w := range got.Words {
			words = append(words, w.Text)
		}
		if !slices.Equal(words, corpus.Vocab.All()) {
			t.Errorf("vocabulary %q, want %q", words, corpus.Vocab.All())
		}
		var positions uint64
		for _, s := range corpus.Sentences {
			positions += s.N * uint64(len(s.Words)-1)
		}
		if got.Totals.Tokens != int64(corpus.Tokens) || got.Totals.Unknown != int64(corpus.Unknown) ||
			got.Totals.Sentences != int64(corpus.Lines()) || got.Totals.Positions != int64(positions) || got.SHA256 != corpus.SHA256 {
			t.Errorf("totals %+v of %s, want %d tokens, %d unknown, %d sentences, %d positions of %s",
				got.Totals, got.SHA256, corpus.Tokens, corpus.Unknown, corpus.Lines(), positions, corpus.SHA256)
		}
	})
}

// somePlan draws a plan for a very small memory.
func somePlan(t *rapid.T) *plan {
	return &plan{
		shift:     uint(rapid.IntRange(0, 9).Draw(t, "shift")),
		halo:      rapid.SampledFrom([]int{0, 8, 30, 1000}).Draw(t, "halo"),
		stream:    rapid.SampledFrom([]int64{0, 700, 1 << 30}).Draw(t, "stream"),
		piece:     rapid.SampledFrom([]int{1, 3, 50}).Draw(t, "piece"),
		segment:   rapid.SampledFrom([]int64{1, 10, 50, 200, 1 << 30}).Draw(t, "segment"),
		positions: rapid.SampledFrom([]int{1, 10, 1000}).Draw(t, "positions"),
		unit:      rapid.SampledFrom([]int{1, 2, 5, 30, 1000}).Draw(t, "unit"),
		outputs:   rapid.IntRange(1, 9).Draw(t, "outputs"),
		frame:     rapid.SampledFrom([]int{1, 40, 1000}).Draw(t, "frame"),
		fan:       rapid.IntRange(2, 9).Draw(t, "fan"),
		job:       rapid.IntRange(1, 5).Draw(t, "job"),
	}
}
