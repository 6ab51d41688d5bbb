package data

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// checkCounts checks what holds for the counts of every corpus.
func checkCounts(t tb, c *Counts) {
	t.Helper()
	if len(c.Transitions) != c.V() || len(c.Pairs) != c.V() {
		t.Fatalf("%d rows and %d lists of pairs for %d words", len(c.Transitions), len(c.Pairs), c.V())
	}
	var total uint64
	for _, s := range c.Corpus.Sentences {
		total += uint64(len(s.Words)-1) * s.N
	}
	if c.Total != total {
		t.Fatalf("N is %d, but the sentences have %d places", c.Total, total)
	}
	var rows uint64
	for w := range c.Transitions {
		row := c.Transitions[w]
		checkRow(t, c, row)
		rows += row.Total
		for i, p := range c.Pairs[w] {
			checkRow(t, c, p.Next)
			if i > 0 && c.Pairs[w][i-1].Earlier >= p.Earlier || p.Earlier < 0 || int(p.Earlier) >= c.V() || p.Earlier == c.Corpus.Boundary || p.Next.Total == 0 {
				t.Fatalf("row %d has the pairs %+v", w, c.Pairs[w])
			}
			for _, cell := range p.Next.Cells {
				if cell.N > row.Count(cell.Word) {
					t.Fatalf("c2(%d,%d,%d) is %d, more than c1 = %d", p.Earlier, w, cell.Word, cell.N, row.Count(cell.Word))
				}
			}
		}
	}
	if rows != total {
		t.Fatalf("the rows add up to %d, not to N = %d", rows, total)
	}
	checkPositions(t, c)
}

// checkRow checks that a row is in order and adds up to its total.
func checkRow(t tb, c *Counts, row Row) {
	t.Helper()
	var sum uint64
	for i, cell := range row.Cells {
		if cell.N == 0 || cell.Word < 0 || int(cell.Word) >= c.V() || i > 0 && row.Cells[i-1].Word >= cell.Word {
			t.Fatalf("row %+v", row)
		}
		sum += cell.N
	}
	if sum != row.Total {
		t.Fatalf("row %+v adds up to %d", row, sum)
	}
}

// checkPositions checks that the positions are in order, and adds them up to
// the rows again.
func checkPositions(t tb, c *Counts) {
	t.Helper()
	c1, c2 := map[[2]Word]uint64{}, map[[3]Word]uint64{}
	cells, triples := 0, 0
	for i, p := range c.Positions() {
		if p.N == 0 || len(p.Earlier) > c.Context {
			t.Fatalf("position %+v with a context of %d", p, c.Context)
		}
		for j, u := range p.Earlier {
			if u < 0 || int(u) >= c.V() || u == c.Corpus.Boundary || j > 0 && p.Earlier[j-1] >= u {
				t.Fatalf("position %+v", p)
			}
			c2[[3]Word{u, p.Current, p.Next}] += p.N
		}
		c1[[2]Word{p.Current, p.Next}] += p.N
		if i > 0 {
			q := c.Positions()[i-1]
			if cmp.Or(cmp.Compare(q.Current, p.Current), slices.Compare(q.Earlier, p.Earlier), cmp.Compare(q.Next, p.Next)) >= 0 {
				t.Fatalf("position %+v comes before %+v", q, p)
			}
		}
	}
	at := 0
	for w := range c.Transitions {
		of := c.PositionsOf(Word(w))
		for _, p := range of {
			if p.Current != Word(w) {
				t.Fatalf("the positions of %d have %+v", w, p)
			}
		}
		at += len(of)
		for _, cell := range c.Transitions[w].Cells {
			cells++
			if c1[[2]Word{Word(w), cell.Word}] != cell.N {
				t.Fatalf("c1(%d,%d) is %d, but %d in the positions", w, cell.Word, cell.N, c1[[2]Word{Word(w), cell.Word}])
			}
		}
		for _, p := range c.Pairs[w] {
			for _, cell := range p.Next.Cells {
				triples++
				if key := [3]Word{p.Earlier, Word(w), cell.Word}; c2[key] != cell.N {
					t.Fatalf("c2%v is %d, but %d in the positions", key, cell.N, c2[key])
				}
			}
		}
	}
	if cells != len(c1) || triples != len(c2) || at != len(c.Positions()) {
		t.Fatalf("%d and %d entries, %d positions; the positions give %d and %d, %d", cells, triples, at, len(c1), len(c2), len(c.Positions()))
	}
}

// TestCountProperties compares every count with the plain tally of the text.
func TestCountProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, want := drawCounts(t)
		checkCounts(t, c)
		if c.Total != uint64(len(want.places)) {
			t.Fatalf("N is %d, want %d", c.Total, len(want.places))
		}
		text := c.Corpus.Vocab.Text
		cells, triples := 0, 0
		for w, row := range c.Transitions {
			if row.Total != uint64(want.row[text(Word(w))]) {
				t.Fatalf("c1(%s) is %d, want %d", text(Word(w)), row.Total, want.row[text(Word(w))])
			}
			for _, cell := range row.Cells {
				cells++
				if key := [2]string{text(Word(w)), text(cell.Word)}; cell.N != uint64(want.c1[key]) {
					t.Fatalf("c1%q is %d, want %d", key, cell.N, want.c1[key])
				}
			}
			for _, p := range c.Pairs[w] {
				if key := [2]string{text(p.Earlier), text(Word(w))}; p.Next.Total != uint64(want.pair[key]) {
					t.Fatalf("c2%q is %d, want %d", key, p.Next.Total, want.pair[key])
				}
				for _, cell := range p.Next.Cells {
					triples++
					if key := [3]string{text(p.Earlier), text(Word(w)), text(cell.Word)}; cell.N != uint64(want.c2[key]) {
						t.Fatalf("c2%q is %d, want %d", key, cell.N, want.c2[key])
					}
				}
			}
		}
		if cells != len(want.c1) || triples != len(want.c2) {
			t.Fatalf("%d and %d entries, want %d and %d", cells, triples, len(want.c1), len(want.c2))
		}

		places := map[string]uint64{}
		key := func(w, y string, u []string) string {
			u = slices.Clone(u)
			slices.Sort(u)
			return w + ">" + y + ":" + strings.Join(u, " ")
		}
		for _, p := range want.places {
			places[key(p.current, p.next, p.earlier)]++
		}
		for _, p := range c.Positions() {
			k := key(text(p.Current), text(p.Next), c.Corpus.Vocab.Texts(p.Earlier))
			if p.N != places[k] {
				t.Fatalf("place %s is counted %d times, want %d", k, p.N, places[k])
			}
			delete(places, k)
		}
		if len(places) != 0 {
			t.Fatalf("places %v are not counted", places)
		}
	})
}

// TestCountOrderOfLines: the counts are the same in whatever order the lines
// stand.
func TestCountOrderOfLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawText(t)
		lines := rapid.Permutation(strings.Split(text, "\n")).Draw(t, "order")
		a, b := countText(t, text, unbounded), countText(t, strings.Join(lines, "\n"), unbounded)
		if showPlaces(a) != showPlaces(b) {
			t.Fatalf("%s\nand %s", showPlaces(a), showPlaces(b))
		}
	})
}

// TestCountWithBoundary: the boundary adds a place before and after every line,
// and leaves the earlier words as they are.
func TestCountWithBoundary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawText(t)
		plain := countText(t, text, unbounded)
		corpus := loadText(t, text, Options{Boundary: true})
		marked, err := Count(corpus, unbounded)
		if err != nil {
			t.Fatal(err)
		}
		checkCounts(t, marked)
		var inner []Position
		for _, p := range marked.Positions() {
			if p.Current != corpus.Boundary && p.Next != corpus.Boundary {
				inner = append(inner, p)
			}
		}
		if got := showPlaces(&Counts{Corpus: corpus, positions: inner}); got != showPlaces(plain) {
			t.Fatalf("with the boundary %s\nwithout %s", got, showPlaces(plain))
		}
		if marked.Total != plain.Total+2*corpus.Lines() {
			t.Fatalf("N is %d with the boundary, %d without, for %d lines", marked.Total, plain.Total, corpus.Lines())
		}
	})
}
