package screen

import (
	"math"
	"testing"
)

func exampleRungs() []Rung {
	return []Rung{
		{Name: "best mask", Value: 0.0660140172, Floor: true, Note: "exhaustive search"},
		{Name: "first order", Value: 0.1320280344, Note: "no attention"},
		{Name: "learned", Value: 0.0660140175, Highlight: true},
		{Name: "all votes", Value: 0.121994, Note: "uniform attention"},
		{Name: "graded mask", Value: math.NaN()},
	}
}

func TestLadder(t *testing.T) {
	same(t, drawn(80, func(s *Screen) { s.Ladder("nats per word", exampleRungs()) }), `
        nats per word  above floor
first order  0.132028    +0.066014  ────────────────────────●  no attention
all votes    0.121994    +0.055980  ────────────────────●      uniform attention
learned      0.066014    +3.00e-10  ◆
best mask    0.066014        floor  ┃                          exhaustive search
`)
}

func TestLadderNarrow(t *testing.T) {
	same(t, drawn(40, func(s *Screen) { s.Ladder("nats per word", exampleRungs()) }), `
        nats per word
first order  0.132028  ────────────────●
  no attention
all votes    0.121994  ──────────────●
  uniform attention
learned      0.066014  ◆
best mask    0.066014  ┃
  exhaustive search
`)
}

func TestLadderColoured(t *testing.T) {
	same(t, coloured(60, func(s *Screen) { s.Ladder("nats", exampleRungs()[:3]) }), `
                 ^[38;5;244mnats^[0m  ^[38;5;244mabove floor^[0m
first order  0.132028    +0.066014  ^[38;5;244m───────────────────────●^[0m
  ^[38;5;244mno attention^[0m
^[1;38;5;32mlearned^[0m      ^[1;38;5;32m0.066014^[0m    ^[1;38;5;32m+3.00e-10^[0m  ^[1;38;5;32m◆^[0m
best mask    0.066014        floor  ^[38;5;244m┃^[0m
  ^[38;5;244mexhaustive search^[0m
`)
}

func TestLadderBelowFloorAndInfinite(t *testing.T) {
	same(t, drawn(60, func(s *Screen) {
		s.Ladder("nats", []Rung{
			{Name: "floor", Value: 0.5, Floor: true},
			{Name: "hopeless", Value: math.Inf(1)},
			{Name: "learned", Value: 0.25, Highlight: true},
			{Name: "counted", Value: 1.5},
			{Name: "equal to the floor and with a long name", Value: 0.5},
		})
	}), `
                          nats  above floor
hopeless                     ∞           +∞  ──────────────▶
counted               1.500000    +1.000000  ──────────────●
equal to the floor …  0.500000            0  ───●
floor                 0.500000        floor  ───┃
learned               0.250000    -0.250000  ◆
`)
}

func TestLadderOfOne(t *testing.T) {
	same(t, drawn(60, func(s *Screen) { s.Ladder("nats", []Rung{{Name: "learned", Value: 1}}) }), `
             nats  above floor
learned  1.000000            0  ●
`)
	same(t, drawn(60, func(s *Screen) { s.Ladder("nats", []Rung{{Name: "none", Value: math.NaN()}}) }), "")
}
