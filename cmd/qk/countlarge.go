package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"qk/cmd/qk/internal/screen"
	"qk/data/table"
	"qk/data/text"
	"qk/train"
)

// wholeText is the size in bytes up to which a text is looked at as a whole: what
// every earlier word tells takes a minute for a text twice as large.
const wholeText = 4 << 20

// isLarge reports whether texts are known to be larger than that.
func isLarge(sources []*text.Source) bool {
	var sum int64
	for _, s := range sources {
		sum += max(0, s.Size())
	}
	return sum > wholeText
}

// countLarge shows what the transitions alone say of a text of any size.
func (a *app) countLarge(ctx context.Context, c train.Config, o countOptions, sources []*text.Source) error {
	t, err := o.settings(c)
	if err != nil {
		return err
	}
	t.Tables, t.NoDigest, t.NoSHA256 = []table.Name{table.Transitions}, true, true
	started := a.now()
	sum := &transitionSum{top: o.top}
	t.Settled = sum.begin
	r, err := a.tally(ctx, sources, t, sum.add)
	if err != nil {
		return err
	}
	s := a.screenOn(a.stdout)
	showTally(s, c, r, a.now().Sub(started))
	sum.show(s, r.Rows[table.Transitions])
	s.Aside("What earlier words tell is counted in texts of up to 4 MiB. With --out or --csv, the pairs of this one are counted too.")
	return s.Err()
}

// transitionSum sums up transitions as they come.
type transitionSum struct {
	top   int
	words []table.Word

	best   []transition // the most frequent ones, the last of them first to go
	from   []int64      // c1(w), by word
	to     []int64      // how often each is the next word
	n      int64
	within float64 // Σ n ln n over all transitions
}

type transition struct {
	w, y int32
	n    int64
}

func (t *transitionSum) begin(words []table.Word) error {
	t.words, t.from, t.to = words, make([]int64, len(words)), make([]int64, len(words))
	return nil
}

func (t *transitionSum) add(_ table.Name, r table.Rows) error {
	for i, n := range r.N {
		x := transition{r.Keys[0][i], r.Keys[1][i], n}
		t.from[x.w] += n
		t.to[x.y] += n
		t.n += n
		t.within += float64(n) * math.Log(float64(n))
		if len(t.best) == t.top && n <= t.best[t.top-1].n {
			continue // of equal ones, the first stay
		}
		at, _ := slices.BinarySearchFunc(t.best, n, func(b transition, n int64) int {
			return cmp.Or(cmp.Compare(n, b.n), -1)
		})
		t.best = slices.Insert(t.best, at, x)
		t.best = t.best[:min(len(t.best), t.top)]
	}
	return nil
}

// lines returns the mean of −ln P(y), and that of −ln P(y|w), in nats.
func (t *transitionSum) lines() (unigram, first float64) {
	n := float64(t.n)
	unigram, first = n*math.Log(n), -t.within
	for w := range t.from {
		unigram -= timesLog(t.to[w])
		first += timesLog(t.from[w])
	}
	return unigram / n, first / n
}

// timesLog is n ln n, and 0 for 0.
func timesLog(n int64) float64 {
	if n == 0 {
		return 0
	}
	return float64(n) * math.Log(float64(n))
}

func (t *transitionSum) show(s *screen.Screen, rows int64) {
	shown := screen.Table{Columns: []screen.Column{{Title: "word"}, {Title: "next"}, {Title: "count", Right: true}, {Title: "P(next | word)", Right: true}}}
	for _, x := range t.best {
		shown.Rows = append(shown.Rows, []string{t.words[x.w].Text, t.words[x.y].Text, fmt.Sprint(x.n), fmt.Sprintf("%.4f", float64(x.n)/float64(t.from[x.w]))})
	}
	s.Heading(fmt.Sprintf("Transitions: the %s", most(t.top, int(rows), "most frequent")))
	s.Table(shown)
	unigram, first := t.lines()
	s.Heading("Loss, without earlier words")
	s.Table(screen.Table{
		Columns: []screen.Column{{Title: ""}, {Title: "nats per word", Right: true}, {Title: ""}},
		Rows: [][]string{
			{"no word", fmt.Sprintf("%.6f", unigram), "P(next) alone"},
			{"first order", fmt.Sprintf("%.6f", first), "P(next | current)"},
		},
	})
}
