package screen

import "testing"

func exampleChecks() []Check {
	return []Check{
		{Name: "learned sets equal the counted sets", Pass: true, Figure: "13 of 13 rows", Bound: "all"},
		{Name: "loss above the floor", Pass: true, Figure: "0.000199", Bound: "≤ 0.001000"},
		{Name: "no unrelated row lights up", Figure: "2 rows", Bound: "none",
			Note: "Rows and, look: both have {candle, train}, which no count supports. K is shared by all rows; a little L2 removes it."},
	}
}

func TestVerdict(t *testing.T) {
	same(t, drawn(80, func(s *Screen) { s.Verdict(exampleChecks()) }), `
✓ learned sets equal the counted sets  13 of 13 rows  all
✓ loss above the floor                      0.000199  ≤ 0.001000
✗ no unrelated row lights up                  2 rows  none
    Rows and, look: both have {candle, train}, which no count supports. K is
    shared by all rows; a little L2 removes it.

FAIL  1 of 3 checks: no unrelated row lights up
`)
}

func TestVerdictNarrow(t *testing.T) {
	same(t, drawn(36, func(s *Screen) { s.Verdict(exampleChecks()) }), `
✓ learned sets equal the counted
  sets
    13 of 13 rows (bound: all)
✓ loss above the floor
    0.000199 (bound: ≤ 0.001000)
✗ no unrelated row lights up
    2 rows (bound: none)
    Rows and, look: both have
    {candle, train}, which no count
    supports. K is shared by all
    rows; a little L2 removes it.

FAIL  1 of 3 checks: no unrelated
      row lights up
`)
}

func TestVerdictWrapsNames(t *testing.T) {
	same(t, drawn(56, func(s *Screen) { s.Verdict(exampleChecks()[:2]) }), `
✓ learned sets equal the       13 of 13 rows  all
  counted sets
✓ loss above the floor              0.000199  ≤ 0.001000

PASS  both checks hold
`)
}

func TestVerdictColoured(t *testing.T) {
	same(t, coloured(80, func(s *Screen) { s.Verdict(exampleChecks()[1:]) }), `
^[38;5;29m✓^[0m loss above the floor        0.000199  ^[38;5;244m≤ 0.001000^[0m
^[38;5;161m✗^[0m no unrelated row lights up    2 rows  ^[38;5;244mnone^[0m
    ^[38;5;244mRows and, look: both have {candle, train}, which no count supports. K is^[0m
    ^[38;5;244mshared by all rows; a little L2 removes it.^[0m

^[1;38;5;161mFAIL^[0m  1 of 2 checks: no unrelated row lights up
`)
}

func TestVerdictFewChecks(t *testing.T) {
	same(t, drawn(80, func(s *Screen) { s.Verdict(nil) }), `
nothing was checked
`)
	same(t, drawn(80, func(s *Screen) { s.Verdict([]Check{{Name: "loss is a number", Pass: true}}) }), `
✓ loss is a number

PASS  the one check holds
`)
	same(t, drawn(80, func(s *Screen) {
		s.Verdict([]Check{{Name: "a", Pass: true}, {Name: "b", Pass: true}, {Name: "c", Pass: true}})
	}), `
✓ a
✓ b
✓ c

PASS  all 3 checks hold
`)
}
