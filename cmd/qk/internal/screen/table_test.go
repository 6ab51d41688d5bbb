package screen

import (
	"strings"
	"testing"
)

func exampleTable() Table {
	return Table{
		Columns: []Column{{Title: "current"}, {Title: "earlier"}, {Title: "pairs", Right: true}, {Title: "KL, nats", Right: true}},
		Rows: [][]string{
			{"went", "candle", "1", "0.693147"},
			{"went", "日記 cafe\u0301", "1,234", "0.000000"},
			{"a\x1b[31mb\n", "x\u202ey"},
			{"one", "two", "3", "4", "too many"},
		},
		Strong: []int{0, 99},
	}
}

func TestTable(t *testing.T) {
	same(t, drawn(80, func(s *Screen) { s.Table(exampleTable()) }), `
  current       earlier    pairs  KL, nats
──────────────────────────────────────────
▸ went          candle         1  0.693147
  went          日記 café  1,234  0.000000
  a\x1b[31mb\n  x\u202ey
  one           two            3         4
`)
}

func TestTableColoured(t *testing.T) {
	same(t, coloured(80, func(s *Screen) { s.Table(exampleTable()) }), `
  ^[1mcurrent^[0m       ^[1mearlier^[0m    ^[1mpairs^[0m  ^[1mKL, nats^[0m
^[38;5;244m──────────────────────────────────────────^[0m
^[1;38;5;32m▸^[0m ^[1;38;5;32mwent^[0m          ^[1;38;5;32mcandle^[0m         ^[1;38;5;32m1^[0m  ^[1;38;5;32m0.693147^[0m
  went          日記 café  1,234  0.000000
  a\x1b[31mb\n  x\u202ey
  one           two            3         4
`)
}

func TestTableCut(t *testing.T) {
	same(t, drawn(36, func(s *Screen) { s.Table(exampleTable()) }), `
  current  earlier   pairs  KL, nats
────────────────────────────────────
▸ went     candle        1  0.693147
  went     日記 ca…  1,234  0.000000
  a\x1b[…  x\u202ey
  one      two           3         4
`)
}

func TestTableDropsColumns(t *testing.T) {
	same(t, drawn(20, func(s *Screen) { s.Table(exampleTable()) }), `
  cur…  ear…  pai…
──────────────────
▸ went  can…     1
  went  日…   1,2…
  a\x…  x\u…
  one   two      3
columns left out for
want of room: 1
`)
}

func TestTableEmpty(t *testing.T) {
	same(t, drawn(80, func(s *Screen) { s.Table(Table{Rows: [][]string{{"x"}}}) }), "")
	same(t, drawn(80, func(s *Screen) { s.Table(Table{Columns: []Column{{Title: "word"}}}) }), `
word
────
`)
}

func examplePairs() []Pair {
	return []Pair{
		{"corpus", "diary"}, {"task", "predict"}, {"rank", "4"}, {"null slot", "yes"},
		{"steps", "10,000"}, {"learning rate", "0.05"}, {"solver", "adam"},
		{"sha256", "7b22f8a1c0de0b1f53c1e29aa51d5a76c1c6e6b1f4b1ad3cfa1e14a6a0b0c5a2"},
	}
}

func TestPairs(t *testing.T) {
	same(t, drawn(80, func(s *Screen) { s.Pairs(examplePairs()) }), `
corpus  diary      rank       4      steps          10,000    solver  adam
task    predict    null slot  yes    learning rate  0.05
sha256  7b22f8a1c0de0b1f53c1e29aa51d5a76c1c6e6b1f4b1ad3cfa1e14a6a0b0c5a2
`)
}

func TestPairsNarrow(t *testing.T) {
	same(t, drawn(40, func(s *Screen) { s.Pairs(examplePairs()) }), `
corpus         diary
task           predict
rank           4
null slot      yes
steps          10,000
learning rate  0.05
solver         adam
sha256  7b22f8a1c0de0b1f53c1e29aa51d5a76
        c1c6e6b1f4b1ad3cfa1e14a6a0b0c5a2
`)
}

func TestPairsColoured(t *testing.T) {
	same(t, coloured(40, func(s *Screen) { s.Pairs(examplePairs()[:2]) }), `
^[38;5;244mcorpus^[0m  diary    ^[38;5;244mtask^[0m  predict
`)
}

// TestTableOptional leaves out optional columns, the highest number first, before a
// cell is cut.
func TestTableOptional(t *testing.T) {
	table := Table{
		Columns: []Column{{Title: "word"}, {Title: "first", Optional: 2}, {Title: "n", Right: true}, {Title: "second", Optional: 1}},
		Rows:    [][]string{{"went home again", "aaaaa", "12", "bbbbbb"}, {"it"}},
	}
	for width, want := range map[int]string{34: "word first n second", 33: "word n second", 27: "word n second", 26: "word n", 21: "word n"} {
		head, _, _ := strings.Cut(drawn(width, func(s *Screen) { s.Table(table) }), "\n")
		if got := strings.Join(strings.Fields(head), " "); got != want {
			t.Errorf("%d wide: %q, want %q", width, got, want)
		}
	}
}
