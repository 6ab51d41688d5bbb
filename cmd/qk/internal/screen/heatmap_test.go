package screen

import (
	"math"
	"slices"
	"strconv"
	"testing"
)

func exampleHeatmaps() Heatmaps {
	nan := math.NaN()
	return Heatmaps{
		Rows:     []string{"again", "it", "went"},
		Columns:  []string{"candle", "the", "train", "understanding"},
		RowTitle: "current word", ColumnTitle: "earlier word",
		Legend: []Mark{{'●', "in the counted mask"}, {'x', "never seen here"}},
		Maps: []Heatmap{
			{Title: "learned σ(QKᵀ)",
				Values: [][]float64{{nan, 0.4, nan, 0.1}, {0.2, 0.8, 0.3, 0}, {0.97, 0.02, 0.95, 7}},
				Marks:  [][]rune{nil, nil, {'●', 0, '●'}}},
			{Title: "counted", Values: [][]float64{{nan, 0, nan, 0}, {0, 0, 0}, {1, 0, 1, -1}}},
		},
	}
}

func TestHeatmaps(t *testing.T) {
	same(t, drawn(80, func(s *Screen) { s.Heatmaps(exampleHeatmaps()) }), `
      learned σ(QKᵀ)   counted
             u                u
             n                n
       c     d          c     d
       a   t e          a   t e
       n   r r          n   r r
       d t a s          d t a s
       l h i t          l h i t
       e e n ⋮          e e n ⋮
      ┌────────┐       ┌────────┐
again │· ▒▒·   │       │·   ·   │
   it │░░▓▓░░  │       │      · │
 went │●█  ●███│       │██  ██  │
      └────────┘       └────────┘

      blank 0   ░░ 0.25   ▒▒ 0.5   ▓▓ 0.75   ██ 1   · not determined by the data
      ● in the counted mask   rows: current word, columns: earlier word
`)
}

func TestHeatmapsColoured(t *testing.T) {
	same(t, coloured(80, func(s *Screen) { s.Heatmaps(exampleHeatmaps()) }), `
      ^[1mlearned σ(QKᵀ)^[0m   ^[1mcounted^[0m
            ^[38;5;244mu^[0m                ^[38;5;244mu^[0m
            ^[38;5;244mn^[0m                ^[38;5;244mn^[0m
      ^[38;5;244mc^[0m     ^[38;5;244md^[0m          ^[38;5;244mc^[0m     ^[38;5;244md^[0m
      ^[38;5;244ma^[0m   ^[38;5;244mt^[0m ^[38;5;244me^[0m          ^[38;5;244ma^[0m   ^[38;5;244mt^[0m ^[38;5;244me^[0m
      ^[38;5;244mn^[0m   ^[38;5;244mr^[0m ^[38;5;244mr^[0m          ^[38;5;244mn^[0m   ^[38;5;244mr^[0m ^[38;5;244mr^[0m
      ^[38;5;244md^[0m ^[38;5;244mt^[0m ^[38;5;244ma^[0m ^[38;5;244ms^[0m          ^[38;5;244md^[0m ^[38;5;244mt^[0m ^[38;5;244ma^[0m ^[38;5;244ms^[0m
      ^[38;5;244ml^[0m ^[38;5;244mh^[0m ^[38;5;244mi^[0m ^[38;5;244mt^[0m          ^[38;5;244ml^[0m ^[38;5;244mh^[0m ^[38;5;244mi^[0m ^[38;5;244mt^[0m
      ^[38;5;244me^[0m ^[38;5;244me^[0m ^[38;5;244mn^[0m ^[38;5;244m⋮^[0m          ^[38;5;244me^[0m ^[38;5;244me^[0m ^[38;5;244mn^[0m ^[38;5;244m⋮^[0m
again · ^[48;5;133;38;5;16m  ^[0m· ^[48;5;97;38;5;231m  ^[0m         · ^[48;5;60;38;5;231m  ^[0m· ^[48;5;60;38;5;231m  ^[0m
   it ^[48;5;97;38;5;231m  ^[0m^[48;5;215;38;5;16m  ^[0m^[48;5;133;38;5;16m  ^[0m^[48;5;60;38;5;231m  ^[0m         ^[48;5;60;38;5;231m      ^[0m·
 went ^[48;5;221;38;5;16m● ^[0m^[48;5;60;38;5;231m  ^[0m^[48;5;221;38;5;16m●   ^[0m         ^[48;5;221;38;5;16m  ^[0m^[48;5;60;38;5;231m  ^[0m^[48;5;221;38;5;16m  ^[0m^[48;5;60;38;5;231m  ^[0m

      ^[38;5;244m0 ^[0m^[48;5;60;38;5;231m  ^[0m^[48;5;97;38;5;231m  ^[0m^[48;5;133;38;5;16m  ^[0m^[48;5;168;38;5;16m  ^[0m^[48;5;209;38;5;16m  ^[0m^[48;5;215;38;5;16m  ^[0m^[48;5;221;38;5;16m  ^[0m^[38;5;244m 1^[0m   ·^[38;5;244m not determined by the data^[0m   ●^[38;5;244m in the counted mask^[0m
      ^[38;5;244mrows: current word, columns: earlier word^[0m
`)
}

func TestHeatmapsStacked(t *testing.T) {
	same(t, drawn(32, func(s *Screen) { s.Heatmaps(exampleHeatmaps()) }), `
      learned σ(QKᵀ)
             u
             n
       c     d
       a   t e
       n   r r
       d t a s
       l h i t
       e e n ⋮
      ┌────────┐
again │· ▒▒·   │
   it │░░▓▓░░  │
 went │●█  ●███│
      └────────┘

      counted
             u
             n
       c     d
       a   t e
       n   r r
       d t a s
       l h i t
       e e n ⋮
      ┌────────┐
again │·   ·   │
   it │      · │
 went │██  ██  │
      └────────┘

      blank 0   ░░ 0.25   ▒▒ 0.5
      ▓▓ 0.75   ██ 1
      · not determined by the d…
      ● in the counted mask
      rows: current word
      columns: earlier word
`)
}

// numbered returns one map of n rows and columns, whose weights rise to the
// middle and fall again.
func numbered(n int) Heatmaps {
	h := Heatmaps{Maps: []Heatmap{{Title: "all"}}}
	for i := range n {
		h.Rows = append(h.Rows, "w"+strconv.Itoa(i))
		h.RowWeights = append(h.RowWeights, -math.Abs(float64(i)-float64(n)/2))
		row := make([]float64, n)
		for j := range row {
			row[j] = float64((i*j)%5) / 4
		}
		h.Maps[0].Values = append(h.Maps[0].Values, row)
	}
	h.Columns, h.ColumnWeights = h.Rows, h.RowWeights
	return h
}

func TestHeatmapsCut(t *testing.T) {
	h := numbered(27)
	h.MaxRows = 4
	h.Maps[0].Marks = [][]rune{{'*'}} // marks need the wide cells
	same(t, drawn(26, func(s *Screen) { s.Heatmaps(h) }), `
    all
       w w w w w w w w w
     w 1 1 1 1 1 1 1 1 1
     9 0 1 2 3 4 5 6 7 8
    ┌────────────────────┐
w12 │▓▓  ▒▒██░░▓▓  ▒▒██░░│
w13 │▒▒  ▓▓░░██▒▒  ▓▓░░██│
w14 │░░  ██▓▓▒▒░░  ██▓▓▒▒│
w15 │                    │
    └────────────────────┘

    blank 0   ░░ 0.25
    ▒▒ 0.5   ▓▓ 0.75
    ██ 1
    showing 4 of 27 rows
    and 10 of 27 columns:
    those with the most to
    tell
`)
}

func TestHeatmapsNarrowCells(t *testing.T) {
	h := numbered(27)
	h.MaxRows = 3
	same(t, drawn(40, func(s *Screen) { s.Heatmaps(h) }), `
    all
               wwwwwwwwwwwwwwwww
     wwwwwwwwww11111111112222222
     012345678901234567890123456
    ┌───────────────────────────┐
w12 │ ▒█░▓ ▒█░▓ ▒█░▓ ▒█░▓ ▒█░▓ ▒│
w13 │ ▓░█▒ ▓░█▒ ▓░█▒ ▓░█▒ ▓░█▒ ▓│
w14 │ █▓▒░ █▓▒░ █▓▒░ █▓▒░ █▓▒░ █│
    └───────────────────────────┘

    blank 0   ░░ 0.25   ▒▒ 0.5   ▓▓ 0.75
    ██ 1
    showing 3 of 27 rows: those with the
    most to tell
`)
}

func TestHeatmapsOwnColumns(t *testing.T) {
	h := Heatmaps{
		Rows: []string{"went", "out"}, Lo: -2, Hi: 2,
		Columns: []string{"a", "b", "c"}, MaxColumns: 2,
		Maps: []Heatmap{
			{Title: "Q", Columns: []string{"1", "2", "3", "4"}, ColumnWeights: []float64{1, math.NaN(), 3, 2}, Values: [][]float64{{-2, 0, 1, 2}, {2, 1, 0, -1}}},
			{Title: "S, a long title that is cut", Values: [][]float64{{1, 2, 3}, {-1, -2, math.Inf(-1)}}},
			{Title: "no columns at all", Columns: nil, Values: nil},
		},
	}
	same(t, drawn(60, func(s *Screen) { s.Heatmaps(h) }), `
     Q        S, a long title tha…   no columns at all
      3 4      a b                    a b
     ┌────┐   ┌────┐                 ┌────┐
went │▓▓██│   │▓▓██│                 │· · │
 out │▒▒░░│   │░░  │                 │· · │
     └────┘   └────┘                 └────┘

     blank -2   ░░ -1   ▒▒ 0   ▓▓ 1   ██ 2
     · not determined by the data
     showing 2 of 4 columns of Q and 2 of 3 columns
`)
}

func TestHeatmapsNothing(t *testing.T) {
	for _, h := range []Heatmaps{
		{}, {Rows: []string{"a"}}, {Rows: []string{"a"}, Maps: []Heatmap{{}}}, {Columns: []string{"a"}, Maps: []Heatmap{{}}},
	} {
		same(t, drawn(60, func(s *Screen) { s.Heatmaps(h) }), "nothing to show\n")
	}
}

func TestKeep(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		weights []float64
		n, most int
		want    []int
	}{
		{nil, 4, 2, []int{0, 1}},
		{nil, 2, 9, []int{0, 1}},
		{[]float64{1, 5, 2, 4}, 4, 2, []int{1, 3}},
		{[]float64{1, 1, 1, 2}, 4, 2, []int{0, 3}},
		{[]float64{nan, 1, nan, 0}, 4, 3, []int{0, 1, 3}},
		{[]float64{1, 2}, 4, 3, []int{0, 1, 2}},
		{[]float64{1, 2}, 2, 0, []int{}},
		{[]float64{1, 2}, 2, -1, []int{}},
	}
	for _, tt := range tests {
		if got := keep(tt.weights, tt.n, tt.most); !slices.Equal(got, tt.want) {
			t.Errorf("keep(%v, %d, %d) = %v, want %v", tt.weights, tt.n, tt.most, got, tt.want)
		}
	}
}
