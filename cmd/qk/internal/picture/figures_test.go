package picture

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

// figures draws figures of any words and numbers.
func figures() map[string]func(*rapid.T) Figure {
	text := rapid.OneOf(rapid.StringN(0, 12, 60), rapid.SampledFrom(hostile))
	number := rapid.OneOf(rapid.Float64Range(0, 2), rapid.SampledFrom([]float64{0, 1, 1e-300, 1e300, math.NaN(), math.Inf(1)}))
	floor := func(t *rapid.T) *float64 {
		if rapid.Bool().Draw(t, "no floor") {
			return nil
		}
		x := rapid.Float64Range(0, 2).Draw(t, "floor")
		return &x
	}
	return map[string]func(*rapid.T) Figure{
		"loss": func(t *rapid.T) Figure {
			l := &Loss{Heading: text.Draw(t, "heading"), Unit: "nats", Floor: floor(t), Note: text.Draw(t, "note")}
			for range rapid.IntRange(0, 9).Draw(t, "curves") {
				c := Curve{Name: text.Draw(t, "name"), Apart: rapid.Bool().Draw(t, "apart")}
				for i := range rapid.IntRange(0, 5).Draw(t, "steps") {
					c.Steps, c.Loss = append(c.Steps, i*7), append(c.Loss, number.Draw(t, "loss"))
				}
				l.Curves = append(l.Curves, c)
			}
			for range rapid.IntRange(0, 4).Draw(t, "levels") {
				l.Levels = append(l.Levels, Level{text.Draw(t, "name"), rapid.Float64Range(0, 2).Draw(t, "level")})
			}
			return l
		},
		"masks": func(t *rapid.T) Figure {
			m := &Masks{Heading: text.Draw(t, "heading"), RowTitle: "row", ColumnTitle: "column", Top: rapid.Float64Range(0, 1).Draw(t, "top"), Note: text.Draw(t, "note")}
			rows, columns := rapid.IntRange(0, 5).Draw(t, "rows"), rapid.IntRange(0, 5).Draw(t, "columns")
			matrix := func(name string) [][]float64 {
				out := make([][]float64, rows)
				for i := range out {
					out[i] = rapid.SliceOfN(number, columns, columns).Draw(t, name)
				}
				return out
			}
			m.Counted, m.Learned, m.Difference = Matrix{Title: "a", Values: matrix("a")}, Matrix{Title: "b", Values: matrix("b")}, matrix("c")
			m.Rows, m.Columns = rapid.SliceOfN(text, rows, rows).Draw(t, "words"), rapid.SliceOfN(text, columns, columns).Draw(t, "words")
			return m
		},
		"attention": func(t *rapid.T) Figure {
			a := &Attention{Heading: text.Draw(t, "heading"), Words: rapid.SliceOfN(text, 1, 8).Draw(t, "words"), Note: text.Draw(t, "note")}
			a.Focus = len(a.Words) - 1
			for to := range a.Words {
				for from := range to {
					a.Arcs = append(a.Arcs, Arc{from, to, rapid.Float64Range(0, 1).Draw(t, "share")})
				}
				a.Null = append(a.Null, rapid.Float64Range(0, 1).Draw(t, "null"))
			}
			return a
		},
		"rank": func(t *rapid.T) Figure {
			r := &Rank{Heading: text.Draw(t, "heading"), Note: text.Draw(t, "note")}
			for range rapid.IntRange(0, 3).Draw(t, "panels") {
				p := RankPanel{Label: "loss", Log: rapid.Bool().Draw(t, "log"), Whole: rapid.Bool().Draw(t, "whole")}
				for range rapid.IntRange(0, 3).Draw(t, "groups") {
					g := RankGroup{Name: text.Draw(t, "name")}
					for i := range rapid.IntRange(0, 4).Draw(t, "ranks") {
						x := number.Draw(t, "median")
						g.Ranks, g.Median = append(g.Ranks, float64(i+1)), append(g.Median, x)
						g.Low, g.High = append(g.Low, x), append(g.High, x)
						g.Runs = append(g.Runs, [2]float64{float64(i + 1), x})
					}
					p.Groups = append(p.Groups, g)
				}
				p.Lines = []RankLine{{Name: "level", Values: []float64{number.Draw(t, "level")}, Floor: true}}
				r.Panels = append(r.Panels, p)
			}
			return r
		},
	}
}

// TestAnyFigure draws figures of anything, in both themes: no panic, whole XML, the
// same bytes again, and no place that is not a number.
func TestAnyFigure(t *testing.T) {
	for name, figure := range figures() {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				f := figure(r)
				for _, theme := range []Theme{Light(), Dark()} {
					var one, two bytes.Buffer
					if err := Render(&one, f, theme, SVG, Options{}); err != nil {
						r.Fatal(err)
					}
					if err := Render(&two, f, theme, SVG, Options{}); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
						r.Fatal("drawn again it differs")
					}
					textOf(t, one.Bytes())
					for _, bad := range []string{"NaN", "Inf"} {
						if strings.Contains(placesOf(one.String()), bad) {
							r.Fatalf("a place is %s", bad)
						}
					}
				}
			})
		})
	}
}

// placesOf drops the texts of an SVG and keeps what says where things are.
func placesOf(svg string) string {
	var b strings.Builder
	for i, part := range strings.Split(svg, "<") {
		if i > 0 {
			tag, _, _ := strings.Cut(part, ">")
			b.WriteString(tag)
		}
	}
	return b.String()
}

// TestSpread wants labels that keep their order and do not overlap, inside the room,
// and none moved that need not be.
func TestSpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wanted := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 200), func(i int) vg.Length { return vg.Length(i) }), 0, 12).Draw(t, "wanted")
		places := spread(wanted, 10, 0, 200)
		order := make([]int, len(wanted))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return int(wanted[a] - wanted[b]) })
		apart := true
		for k, i := range order {
			if places[i] < 5-1e-9 || places[i] > 195+1e-9 {
				t.Fatalf("%v is outside", places[i])
			}
			apart = apart && wanted[i] >= 5 && wanted[i] <= 195
			if k > 0 {
				last := order[k-1]
				if places[i]-places[last] < 10-1e-9 {
					t.Fatalf("%v and %v overlap", places[last], places[i])
				}
				apart = apart && wanted[i]-wanted[last] >= 10
			}
		}
		if apart && !slices.Equal(places, wanted) {
			t.Fatalf("%v were moved to %v", wanted, places)
		}
	})
	if got := spread([]vg.Length{50, 50, 50}, 60, 0, 100); got[0] != 30 || got[2] != 70 {
		t.Errorf("without room for all: %v", got)
	}
}

// TestSeriate finds the diagonal of a permuted one: by construction every order of
// blocks along the diagonal is right, so that equal blocks must end side by side.
func TestSeriate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "blocks")
		rows := rapid.Permutation(twice(n)).Draw(t, "rows")
		columns := rapid.Permutation(twice(n)).Draw(t, "columns")
		weights := make([][]float64, len(rows))
		for i, block := range rows {
			weights[i] = make([]float64, len(columns))
			for j, other := range columns {
				if block == other {
					weights[i][j] = 1
				}
			}
		}
		rowOrder, columnOrder := seriate(weights, len(columns))
		for k := 0; k < len(rows); k += 2 {
			if rows[rowOrder[k]] != rows[rowOrder[k+1]] || columns[columnOrder[k]] != rows[rowOrder[k]] {
				t.Fatalf("rows %v, columns %v", rowOrder, columnOrder)
			}
		}
	})
}

func twice(n int) []int {
	var out []int
	for i := range n {
		out = append(out, i, i)
	}
	return out
}

// TestTicks names scales as people do.
func TestTicks(t *testing.T) {
	for _, c := range []struct {
		ticks     string
		low, high float64
		log       bool
	}{
		{"0 100 200 300 400 500", 0, 500, false},
		{"0.060 0.065 0.070", 0.0581, 0.0719, false},
		{"0.0 0.5 1.0", -0.1, 1.1, false},
		{"1e-5 1e-4 1e-3 0.01 0.1 1", 9e-6, 2, true},
		{"0.2 0.5 1 2", 0.15, 3, true},
		{"1e-12 1e-10 1e-8 1e-6 1e-4 0.01 1", 1e-12, 1, true},
	} {
		var labels []string
		ticks := linearTicks(5).Ticks(c.low, c.high)
		if c.log {
			ticks = logTicks{}.Ticks(c.low, c.high)
		}
		for _, tick := range ticks {
			if tick.Label != "" {
				labels = append(labels, tick.Label)
			}
		}
		if got := strings.Join(labels, " "); got != c.ticks {
			t.Errorf("%g to %g: %s, want %s", c.low, c.high, got, c.ticks)
		}
	}
}

// TestAlt tells figures in words.
func TestAlt(t *testing.T) {
	floor := 0.5
	l := &Loss{Unit: "nats", Curves: []Curve{{Name: "learned", Steps: []int{0, 9}, Loss: []float64{2, 1}}}, Levels: []Level{{"all votes", 1.5}}, Floor: &floor}
	want := "Line chart of the loss in nats against steps. learned: 2 after step 0, 1 after step 9. all votes: 1.5. Floor: 0.5."
	if got := l.Alt(); got != want {
		t.Errorf("%s", got)
	}
	a := &Attention{Words: []string{"a", "b"}, Arcs: []Arc{{0, 1, 0.7}}, Focus: 1}
	if got := a.Alt(); got != "The sentence a b, with an arc for attention. b attends to a: 70 %." {
		t.Errorf("%s", got)
	}
}
