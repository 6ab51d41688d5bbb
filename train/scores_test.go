package train

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data"
	"qk/graph"
)

// allForms lists a configuration for every task and objective.
func allForms() []Config {
	return []Config{
		predict(), predict(withoutNull), predict(func(c *Config) { c.OneHot = true }),
		recall(graph.CrossEntropy), recall(graph.Squared), recall(graph.Logistic),
	}
}

// TestCheckStreams: rows that are pulled out block by block, and compared in any
// order, give the very rows and figures that the whole table S gives, compared
// row by row.
func TestCheckStreams(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := rapid.SampledFrom(allForms()).Draw(rt, "form")
		c.Scaled = rapid.Bool().Draw(rt, "scaled")
		words := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g"})
		var text strings.Builder
		for range rapid.IntRange(1, 8).Draw(rt, "lines") {
			text.WriteString(strings.Join(rapid.SliceOfN(words, 3, 8).Draw(rt, "line"), " ") + "\n")
		}
		e := count(t, c, text.String())
		w := graph.NewWeights(e.Counts.V(), e.Config.Rank, c.OneHot, c.Scaled)
		w.Draw(rapid.Uint64().Draw(rt, "seed"), 2)
		if c.OneHot {
			for i := range w.K {
				w.K[i] = float64(i%7) - 3
			}
		}
		s, err := w.Scores()
		must(t, err)
		got, err := Check(e, w, 1)
		must(t, err)
		if want := judge(t, e, s, 1); fmt.Sprintf("%+v %+v", got.Checks, got.Rows) != fmt.Sprintf("%+v %+v", want.Checks, want.Rows) {
			rt.Errorf("streamed %+v\nof a table %+v", got, want)
		}
		for w, row := range got.Rows {
			if want := AgreeRow(e, learnedRow(e, s, data.Word(w))); !reflect.DeepEqual(row, want) {
				rt.Errorf("row %d is %+v, want %+v", w, row, want)
			}
		}
	})
}

// zipfText draws a text with V words, every one at least once.
func zipfText(V, lines int) string {
	random := rand.New(rand.NewPCG(3, 4))
	zipf := rand.NewZipf(random, 1.2, 1, uint64(V-1))
	var text strings.Builder
	for i := range V {
		fmt.Fprintf(&text, "w%d w%d\n", i, zipf.Uint64())
	}
	for range lines {
		for range 10 {
			fmt.Fprintf(&text, "w%d ", zipf.Uint64())
		}
		text.WriteByte('\n')
	}
	return text.String()
}

// TestCheckMemory: a check of a large vocabulary takes a small part of the memory
// of S, of whatever task.
func TestCheckMemory(t *testing.T) {
	const V = 3000
	text := zipfText(V, 200)
	for _, c := range []Config{recall(graph.CrossEntropy, ranked(2)), recall(graph.Squared, ranked(2)), predict(ranked(2))} {
		e := count(t, c, text)
		if e.Counts.V() != V {
			t.Fatalf("%d words", e.Counts.V())
		}
		_, err := e.Ladder()
		must(t, err)
		w := graph.NewWeights(V, 2, false, false)
		w.Draw(1, 0.1)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		o, err := Check(e, w, 1)
		must(t, err)
		runtime.ReadMemStats(&after)
		if len(o.Rows) != V {
			t.Errorf("%d rows", len(o.Rows))
		}
		if got, most := after.TotalAlloc-before.TotalAlloc, uint64(V*V*8/4); got > most {
			t.Errorf("%s %s: %d bytes were allocated, more than %d", c.Task, c.Objective, got, most)
		}
	}
}

// short is a source of too few rows, and failing one that fails in
// the middle.
type short struct{ table }

func (s short) EachRow(f func(data.Word, []float64) error) error {
	return f(0, s.table[:13])
}

var errMiddle = errors.New("in the middle")

type failing struct{ table }

func (s failing) EachRow(f func(data.Word, []float64) error) error {
	return s.table.EachRow(func(w data.Word, row []float64) error {
		if w == 7 {
			return errMiddle
		}
		return f(w, row)
	})
}

// TestCheckRefuses rows that are not those of S, and returns the error of a
// source.
func TestCheckRefuses(t *testing.T) {
	e, s := count(t, predict(), ""), make(table, 13*13)
	_, err := Check(e, short{s}, 1)
	wantError(t, err, "1 rows of scores, expected 13")
	_, err = Check(e, s[:12*12], 1)
	wantError(t, err, "row 0 of the scores has 12 numbers, expected row 0 of 13")
	if _, err = Check(e, failing{s}, 1); !errors.Is(err, errMiddle) {
		t.Errorf("error %v", err)
	}
}

// TestGradCheckOfTable: an experiment that learns a table holds no pairs, and the
// models that need them are checked all the same.
func TestGradCheckOfTable(t *testing.T) {
	e := count(t, recall(graph.CrossEntropy), "")
	if e.Masks != nil || e.Counts.Pairs != nil {
		t.Fatal("pairs or masks are kept")
	}
	got, err := GradCheck(t.Context(), e)
	must(t, err)
	for _, r := range got {
		if !r.Pass {
			t.Errorf("%+v", r)
		}
	}
	want, err := GradCheck(t.Context(), count(t, predict(), ""))
	must(t, err)
	if len(got) != len(want) {
		t.Errorf("%d gradients, want %d", len(got), len(want))
	}
	if _, err := graph.New(predict(ranked(2)).Spec(), e.Counts, nil); err == nil {
		t.Error("predict was built without pairs")
	}
}
