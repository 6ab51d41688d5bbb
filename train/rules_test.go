package train

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data"
	"qk/graph"
)

// rulesOf reads the rules off scores [V,V].
func rulesOf(t testing.TB, e *Experiment, s []float64, o RuleOptions) *Book {
	t.Helper()
	b, err := Rules(e, table(s), o)
	must(t, err)
	return b
}

// allRules asks for every rule.
func allRules() RuleOptions { return RuleOptions{MinSave: math.Inf(-1)} }

// near is wantNear within a property.
func near(rt *rapid.T, what string, got, want, tolerance float64) {
	if !(math.Abs(got-want) <= tolerance) { // also if got is NaN
		rt.Errorf("%s is %.15g, want %.15g ± %g", what, got, want, tolerance)
	}
}

// onlyRow is the one row of a book and its rules by the earlier word.
func onlyRow(t *testing.T, e *Experiment, b *Book, current string) (RowRules, map[string]Rule) {
	t.Helper()
	if len(b.Rows) != 1 || e.Corpus.Vocab.Text(b.Rows[0].Word) != current {
		t.Fatalf("rows %+v, want that of %s alone", b.Rows, current)
	}
	rules := map[string]Rule{}
	for _, r := range b.Rows[0].Rules {
		rules[e.Corpus.Vocab.Text(r.Earlier)] = r
	}
	return b.Rows[0], rules
}

// nineToOne are scores of diary in which candle and train have the weight 9 and the
// other eight words before went 1/8 each, which is 1 together.
func nineToOne(e *Experiment) []float64 {
	s := map[string]float64{"candle": math.Log(9), "train": math.Log(9)}
	for _, u := range []string{"and", "diary", "it", "look", "open", "the", "up", "when"} {
		s[u] = -math.Log(8)
	}
	return rowScores(e, s)
}

// TestRulesByHand: went is followed by again once and by out once, so that the
// null slot and the eight words that are in both sentences vote ½ for either. With
// the null slot each sentence has
//
//	p = (½ + 9·1 + 1·½) / (1 + 9 + 1) = 10/11, without its train or candle p′ = ½,
//
// which saves ln 20/11. By the rules alone p = (½ + 9) / (1 + 9) = 0.95. Without the
// null slot p = (9 + ½) / 10 = 0.95, which saves ln 1.9, and by the rules alone p = 1.
func TestRulesByHand(t *testing.T) {
	for _, test := range []struct {
		name                      string
		change                    func(*Config)
		p, alone, saves, attended float64
		neutral                   float64
	}{
		{"null slot", func(*Config) {}, 10.0 / 11, 0.95, math.Log(20.0 / 11), 0.9, 0},
		{"no null slot", withoutNull, 0.95, 1, math.Log(1.9), 9.0 / 19, (math.Log(9) - math.Log(8)) / 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := count(t, predict(test.change), "")
			b := rulesOf(t, e, nineToOne(e), allRules())
			row, rules := onlyRow(t, e, b, "went")
			if len(rules) != 2 || row.Raised != 2 || row.Lowered != 0 || row.Others != 8 || row.N != 2 || row.Status != Exact || row.Estimate {
				t.Errorf("row %+v", row)
			}
			for u, next := range map[string][2]string{"train": {"again", "out"}, "candle": {"out", "again"}} {
				r := rules[u]
				if r.Kind != Raised || !r.Counted || r.Seen.N != 1 || len(r.Twins) != 0 || r.WithMore != 0 || r.OtherMore != 0 {
					t.Errorf("%s: %+v", u, r)
				}
				wantNear(t, "score", r.Score, math.Log(9), 0)
				wantNear(t, "attention", r.Attention, test.attended, 1e-15)
				wantNear(t, "saves", r.Saves, test.saves, 1e-15)
				wantNear(t, "taken away", r.TakenAway, test.saves, 1e-15)
				wantNear(t, "tells", r.Seen.Divergence, math.Ln2, 1e-15)
				for i, list := range [][]NextWord{r.With, r.Without} {
					if len(list) != 1 || e.Corpus.Vocab.Text(list[0].Word) != next[i] || list[0].P != 1 {
						t.Errorf("%s: follows %+v, want %s", u, list, next[i])
					}
				}
			}
			wantNear(t, "neutral", row.Neutral, test.neutral, 1e-15)
			wantNear(t, "row saves", row.Saves, 2*test.saves, 1e-15)
			wantNear(t, "together", row.Together, 2*test.saves, 1e-15)
			wantNear(t, "loss of the row", row.Loss, -2*math.Log(test.p), 1e-15)
			wantNear(t, "alone", row.Alone, -2*math.Log(test.alone), 1e-15)
			// The other loss is 2 ln 2, after "the", among 21 positions.
			wantNear(t, "loss", b.Loss, (2*math.Ln2-2*math.Log(test.p))/21, 1e-15)
			wantNear(t, "loss by the rules alone", b.Alone, (2*math.Ln2-2*math.Log(test.alone))/21, 1e-15)
			wantNear(t, "first order", b.FirstOrder, 2*math.Ln2/10.5, 1e-15)
			if b.Found != 2 || b.Shown != 2 || b.Harmful != 0 || b.Undetermined != 2 || b.Flat != 10 {
				t.Errorf("book %+v", b)
			}
		})
	}
}

// TestRulesLearned: as the scores of candle and train grow, p goes to 1 in both
// sentences, and is ½ without them: each saves ln 2, less what the penalty leaves.
func TestRulesLearned(t *testing.T) {
	for name, c := range map[string]Config{"null slot": predict(), "no null slot": predict(withoutNull), "one-hot": predict(func(c *Config) { c.OneHot = true })} {
		r := learn(t, c, "")
		b, err := Rules(r.e, r.loop.Model.Weights, allRules())
		must(t, err)
		_, rules := onlyRow(t, r.e, b, "went")
		if len(rules) != 2 {
			t.Errorf("%s: rules %+v", name, rules)
		}
		for _, u := range []string{"candle", "train"} {
			wantNear(t, name+": "+u, rules[u].Saves, math.Ln2, 4e-3)
		}
		wantNear(t, name+": loss", b.Loss, r.Loss, 1e-12)
	}
}

// TestRuleLowered, without the null slot: P(x|a,w) = 1, P(x|b,w) = ⅔, P(x|w) = ¾.
// Scores of 2 and 0 have the middle 1.
//
//	a w x    p = 1, without a nobody votes: p′ = ¾
//	b w y    p = ⅓, without b nobody votes: p′ = ¼; with b at 1, p′ = p
//	a b w x  twice p = (e² + ⅔)/(e² + 1), without a ⅔, without b 1, with b at 1 (e² + ⅔e)/(e² + e)
func TestRuleLowered(t *testing.T) {
	e := count(t, predict(withoutNull), "a w x\nb w y\na b w x\na b w x")
	V, s := e.Counts.V(), make([]float64, e.Counts.V()*e.Counts.V())
	at := func(text string) int { w, _ := e.Corpus.Vocab.Lookup(text); return int(w) }
	s[at("w")*V+at("a")] = 2
	row, rules := onlyRow(t, e, rulesOf(t, e, s, allRules()), "w")
	a, b, square := rules["a"], rules["b"], math.Exp(2)
	p := (square + 2.0/3) / (square + 1)
	if row.Neutral != 1 || a.Kind != Raised || b.Kind != Lowered || row.Raised != 1 || row.Lowered != 1 {
		t.Fatalf("rules %+v", row)
	}
	wantNear(t, "a saves", a.Saves, math.Log(4.0/3)+2*math.Log(p*1.5), 1e-15)
	wantNear(t, "b saves", b.Saves, 2*math.Log(p*(square+math.E)/(square+2*math.E/3)), 1e-15)
	wantNear(t, "b taken away", b.TakenAway, math.Log(4.0/3)+2*math.Log(p), 1e-15)
	wantNear(t, "alone", row.Alone, row.Loss, 1e-15)
	if got := e.Corpus.Vocab.Texts([]data.Word{b.With[0].Word, b.With[1].Word, b.Without[0].Word}); !slices.Equal(got, []string{"x", "y", "x"}) {
		t.Errorf("b is followed by %q", got)
	}
}

// TestLowerMargin: a word is lowered from [FlatRange] below the null slot's 0 on,
// and without the slot from half of that below the middle on.
func TestLowerMargin(t *testing.T) {
	for _, test := range []struct {
		change  func(*Config)
		a, b    float64
		lowered int
	}{
		{func(*Config) {}, 2, -0.25, 1}, {func(*Config) {}, 2, -0.249, 0}, {func(*Config) {}, 2, 0, 0},
		{withoutNull, 2, 1.75, 1}, {withoutNull, 2, 1.751, 0},
	} {
		e := count(t, predict(test.change), "a w x\nb w y\na b w x\na b w x")
		V, s := e.Counts.V(), make([]float64, e.Counts.V()*e.Counts.V())
		w, _ := e.Corpus.Vocab.Lookup("w")
		s[int(w)*V], s[int(w)*V+1] = test.a, test.b
		lowered := 0
		for _, row := range rulesOf(t, e, s, allRules()).Rows {
			lowered += row.Lowered
		}
		if lowered != test.lowered {
			t.Errorf("scores %g and %g: %d lowered, want %d", test.a, test.b, lowered, test.lowered)
		}
	}
}

// TestRuleHarm: a word that tells nothing of what follows, and is learned all the
// same, does harm: "it" votes ½ where train or candle is right.
func TestRuleHarm(t *testing.T) {
	e := count(t, predict(), "")
	s := nineToOne(e)
	went, _ := e.Corpus.Vocab.Lookup("went")
	it, _ := e.Corpus.Vocab.Lookup("it")
	s[int(went)*e.Counts.V()+int(it)] = math.Log(9)
	b := rulesOf(t, e, s, allRules())
	row, rules := onlyRow(t, e, b, "went")
	// p = (½ + 9 + 9/2 + 7/16) / (1 + 9 + 9 + 7/8), without it (½ + 9 + 7/16) / (1 + 9 + 7/8)
	p, without := (0.5+9+4.5+7.0/16)/(19+7.0/8), (9.5+7.0/16)/(10+7.0/8)
	wantNear(t, "it saves", rules["it"].Saves, 2*math.Log(p/without), 1e-14)
	if row.Status != Spurious || rules["it"].Counted || b.Harmful != 1 || row.Rules[2].Earlier != it {
		t.Errorf("row %+v", row)
	}
}

// TestRulesOfLargeScores: neither overflow nor the loss of all digits. In both
// sentences train or candle, at 3000, has e times the weight of "it", at 2999, beside
// which the null slot has none.
func TestRulesOfLargeScores(t *testing.T) {
	e := count(t, predict(), "")
	s := rowScores(e, map[string]float64{"candle": 3000, "train": 3000, "it": 2999})
	_, rules := onlyRow(t, e, rulesOf(t, e, s, allRules()), "went")
	p := (math.E + 0.5) / (math.E + 1)
	wantNear(t, "saves", rules["train"].Saves, math.Log(p/0.5), 1e-15)
	s = rowScores(e, map[string]float64{"candle": 60, "train": 60}) // e^−60 beside 1 is nothing
	_, rules = onlyRow(t, e, rulesOf(t, e, s, allRules()), "went")
	wantNear(t, "saves", rules["train"].Saves, math.Ln2, 1e-15)
}

// place is a position with the votes of its words, for brute force.
type place struct {
	data.Position
	base  float64
	votes []float64
}

// plainPlaces lists the positions of w with the counts' own shares.
func plainPlaces(e *Experiment, w data.Word) (places []place) {
	for _, p := range e.Counts.PositionsOf(w) {
		x := place{Position: p, base: e.Counts.Transitions[w].P(p.Next)}
		for _, u := range p.Earlier {
			pair, _ := e.Counts.Pair(w, u)
			x.votes = append(x.votes, pair.P(p.Next))
		}
		places = append(places, x)
	}
	return places
}

// bruteLoss is −Σ ln p of some positions, by the formula as it stands.
func bruteLoss(e *Experiment, places []place, score func(u data.Word) float64) float64 {
	var loss float64
	for _, p := range places {
		num, den := 0.0, 0.0
		if e.Config.Null {
			num, den = p.base, 1
		}
		for i, u := range p.Earlier {
			num += math.Exp(score(u)) * p.votes[i]
			den += math.Exp(score(u))
		}
		if den == 0 {
			num, den = p.base, 1
		}
		loss -= float64(p.N) * math.Log(num/den)
	}
	return loss
}

// drawRules draws a text and scores for it.
func drawRules(rt *rapid.T, t *testing.T) (*Experiment, []float64) {
	words := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"})
	var text strings.Builder
	for range rapid.IntRange(1, 10).Draw(rt, "lines") {
		text.WriteString(strings.Join(rapid.SliceOfN(words, 2, 8).Draw(rt, "line"), " ") + "\n")
	}
	c := predict()
	c.Null = rapid.Bool().Draw(rt, "null")
	e := count(t, c, text.String())
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
	scale := rapid.SampledFrom([]float64{0.1, 1, 10}).Draw(rt, "scale")
	s := make([]float64, e.Counts.V()*e.Counts.V())
	for i := range s {
		s[i] = scale * random.NormFloat64()
	}
	return e, s
}

// TestRulesByBruteForce: what a rule saves is the loss computed anew with the score
// at −∞, or at the neutral one, less the loss as learned.
func TestRulesByBruteForce(t *testing.T) {
	rules := 0
	rapid.Check(t, func(rt *rapid.T) {
		e, s := drawRules(rt, t)
		b := rulesOf(t, e, s, allRules())
		if b.HeldOut != nil {
			rt.Errorf("nothing is held out, and is worth %+v", b.HeldOut)
		}
		rules += wantWorth(rt, e, s, b, plainPlaces, b.BookWorth,
			func(r RowRules) *RowWorth { return &r.RowWorth }, func(r Rule) *RuleWorth { return &r.RuleWorth })
	})
	if rules == 0 {
		t.Error("no text had a rule")
	}
}

// wantWorth computes anew what all rules are worth over some positions, and returns
// how many rules come before any of them.
func wantWorth(rt *rapid.T, e *Experiment, s []float64, b *Book, placesOf func(*Experiment, data.Word) []place,
	got BookWorth, ofRow func(RowRules) *RowWorth, ofRule func(Rule) *RuleWorth) (rules int) {
	V := e.Counts.V()
	want := BookWorth{}
	rows := map[data.Word]RowRules{}
	for _, row := range b.Rows {
		rows[row.Word] = row
	}
	for w := range V {
		row, places := rows[data.Word(w)], placesOf(e, data.Word(w))
		learned := func(u data.Word) float64 { return s[w*V+int(u)] }
		at := func(x float64, which func(u data.Word) bool) float64 {
			return bruteLoss(e, places, func(u data.Word) float64 {
				if which(u) {
					return x
				}
				return learned(u)
			})
		}
		kind := map[data.Word]Kind{}
		loss, sum, n := bruteLoss(e, places, learned), 0.0, uint64(0)
		for _, p := range places {
			n += p.N
		}
		tolerance := 1e-9 * (1 + math.Abs(loss))
		for _, r := range row.Rules {
			kind[r.Earlier] = r.Kind
			this := func(u data.Word) bool { return u == r.Earlier }
			before := uint64(0)
			for _, p := range places {
				if slices.Contains(p.Earlier, r.Earlier) {
					before += p.N
				}
			}
			worth, away := ofRule(r), at(math.Inf(-1), this)-loss
			near(rt, "taken away", worth.TakenAway, away, tolerance)
			if r.Kind == Lowered {
				away = at(row.Neutral, this) - loss
			}
			near(rt, "saves", worth.Saves, away, tolerance)
			near(rt, "places", float64(worth.N), float64(before), 0)
			sum += worth.Saves
			switch {
			case before == 0:
				want.Unseen++
			case worth.Saves < 0:
				want.Harmful++
			}
			if before > 0 {
				rules++
			}
		}
		alone := at(math.Inf(-1), func(u data.Word) bool { return kind[u] == "" })
		if _, ok := rows[data.Word(w)]; ok {
			worth := ofRow(row)
			near(rt, "row", worth.Loss, loss, tolerance)
			near(rt, "positions", float64(worth.N), float64(n), 0)
			near(rt, "sum", worth.Saves, sum, tolerance)
			near(rt, "together", worth.Together, at(math.Inf(-1), func(u data.Word) bool { return kind[u] == Raised })-loss, tolerance)
			near(rt, "alone", worth.Alone, alone, tolerance)
		}
		want.Positions += n
		want.Loss += loss
		want.Alone += alone
		for _, p := range places {
			want.FirstOrder -= float64(p.N) * math.Log(p.base)
		}
	}
	N := float64(want.Positions)
	near(rt, "loss of the text", got.Loss, want.Loss/N, 1e-9*(1+want.Loss))
	near(rt, "by rules alone", got.Alone, want.Alone/N, 1e-9*(1+want.Alone))
	near(rt, "first order", got.FirstOrder, want.FirstOrder/N, 1e-9*(1+want.FirstOrder))
	if got.Positions != want.Positions || got.Harmful != want.Harmful || got.Unseen != want.Unseen {
		rt.Errorf("worth %+v, want %+v", got, want)
	}
	return rules
}

// TestRiseFormula: ln p − ln p′ = ln(1 − α) − ln(1 − α P(y|u,w)/p).
func TestRiseFormula(t *testing.T) {
	e := count(t, predict(), "")
	went, _ := e.Corpus.Vocab.Lookup("went")
	s := nineToOne(e)[int(went)*13 : int(went+1)*13]
	w := weigher{s: s, null: true}
	for _, p := range plainPlaces(e, went) {
		w.look(p.Earlier, p.base, p.votes)
		for i, u := range p.Earlier {
			pair, _ := e.Counts.Pair(went, u)
			alpha := math.Exp(s[u]) / 11
			wantNear(t, "rise", w.takenAway(i), math.Log(1-alpha)-math.Log(1-alpha*pair.P(p.Next)/w.p), 1e-14)
		}
	}
}

// TestRuleOptions: what is asked for is what sorting and filtering all rules gives,
// with equal ones by the number of the current word, then of the earlier one.
func TestRuleOptions(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e, s := drawRules(rt, t)
		if rapid.Bool().Draw(rt, "equal") { // as many ties as there can be
			for i := range s {
				s[i] = math.Round(s[i])
			}
		}
		wanted := func(w data.Word) bool { return w%2 == 0 }
		type key struct{ w, u data.Word }
		saves := map[key]float64{}
		var want []key
		small := 0
		o := RuleOptions{Wanted: wanted, Top: rapid.IntRange(0, 6).Draw(rt, "top"), MinSave: rapid.Float64Range(-0.5, 0.5).Draw(rt, "least")}
		everything := rulesOf(t, e, s, allRules())
		for _, row := range everything.Rows {
			for _, r := range row.Rules {
				switch {
				case !wanted(row.Word):
				case r.Saves < o.MinSave:
					small++
				default:
					k := key{row.Word, r.Earlier}
					saves[k] = r.Saves
					want = append(want, k)
				}
			}
		}
		slices.SortFunc(want, func(a, b key) int {
			switch {
			case saves[a] != saves[b]:
				if saves[a] > saves[b] {
					return -1
				}
				return 1
			case a.w != b.w:
				return int(a.w - b.w)
			}
			return int(a.u - b.u)
		})
		found := len(want) + small
		if o.Top > 0 && len(want) > o.Top {
			want = want[:o.Top]
		}
		b := rulesOf(t, e, s, o)
		var got []key
		for i, row := range b.Rows {
			for _, r := range row.Rules {
				got = append(got, key{row.Word, r.Earlier})
			}
			if i > 0 && row.Saves > b.Rows[i-1].Saves {
				rt.Errorf("row %d saves more than the one before", i)
			}
		}
		inOrder := func(a, b key) int { return int(a.w-b.w)*100 + int(a.u-b.u) }
		slices.SortFunc(got, inOrder)
		slices.SortFunc(want, inOrder)
		if !slices.Equal(got, want) {
			rt.Errorf("got %v, want %v", got, want)
		}
		if b.Shown != len(got) || b.Found != found || b.Small != small || b.Loss != everything.Loss || b.Alone != everything.Alone {
			rt.Errorf("book %+v, of all %+v", b, everything)
		}
	})
}

// TestRulesCutAmongEqual: of rules that save the same, no more are kept than were
// asked for, those of the first words.
func TestRulesCutAmongEqual(t *testing.T) {
	e := count(t, predict(), "a w x\nb w y\na v x\nb v y\n")
	V, s := e.Counts.V(), make([]float64, e.Counts.V()*e.Counts.V())
	for current, score := range map[string]float64{"v": 5, "w": 3} { // v saves more
		w, _ := e.Corpus.Vocab.Lookup(current)
		s[int(w)*V], s[int(w)*V+1] = score, score // a and b are words 0 and 1
	}
	for top := range 5 {
		o := allRules()
		o.Top = top
		b := rulesOf(t, e, s, o)
		var got []string
		for _, row := range b.Rows {
			for _, r := range row.Rules {
				got = append(got, e.Corpus.Vocab.Text(r.Earlier)+e.Corpus.Vocab.Text(row.Word))
			}
		}
		want := []string{"av", "bv", "aw", "bw"}
		if top > 0 {
			want = want[:top]
		}
		if !slices.Equal(got, want) || b.Shown != len(want) || b.Found != 4 {
			t.Errorf("--top %d: %q, want %q", top, got, want)
		}
	}
}

// BenchmarkRules reads the rules off a text of 60,000 words, about 2,000 of them
// different.
func BenchmarkRules(b *testing.B) {
	e := count(b, predict(ranked(8)), zipfText(2000, 6000))
	w := graph.NewWeights(e.Counts.V(), 8, false, false)
	w.Draw(5, 1)
	for b.Loop() {
		book, err := Rules(e, w, RuleOptions{Top: 20, MinSave: math.Inf(-1)})
		must(b, err)
		if book.Shown != 20 {
			b.Fatalf("%d rules", book.Shown)
		}
	}
}

// TestRulesOnAnyCores: the same rules to the last bit.
func TestRulesOnAnyCores(t *testing.T) {
	plain := count(t, predict(ranked(3)), zipfText(60, 80))
	heldOut := count(t, predict(holding(0.2), ranked(3)), planted(3, 300))
	for _, e := range []*Experiment{plain, heldOut} {
		w := graph.NewWeights(e.Counts.V(), 3, false, false)
		w.Draw(5, 1)
		var first *Book
		for _, n := range []int{1, 2, 7} {
			before := runtime.GOMAXPROCS(n)
			b, err := Rules(e, w, RuleOptions{Top: 50, MinSave: math.Inf(-1)})
			runtime.GOMAXPROCS(before)
			must(t, err)
			if first == nil {
				first = b
			}
			if !reflect.DeepEqual(b, first) {
				t.Errorf("on %d cores the rules differ", n)
			}
			if b.Shown != 50 || (b.HeldOut != nil) != (e == heldOut) || !slices.ContainsFunc(b.Rows, func(r RowRules) bool { return r.Estimate }) {
				t.Errorf("%d rules, held out %v, and no row is an estimate", b.Shown, b.HeldOut)
			}
		}
	}
}

// TestRuleTwins: words that always come together are named with each other.
func TestRuleTwins(t *testing.T) {
	e := count(t, predict(), "a b w x\nc w y")
	V := e.Counts.V()
	s := make([]float64, V*V)
	at := func(text string) data.Word { w, _ := e.Corpus.Vocab.Lookup(text); return w }
	s[int(at("w"))*V+int(at("a"))], s[int(at("w"))*V+int(at("c"))] = 3, 3
	_, rules := onlyRow(t, e, rulesOf(t, e, s, allRules()), "w")
	if got := rules["a"].Twins; !slices.Equal(got, []data.Word{at("b")}) || len(rules["c"].Twins) != 0 {
		t.Errorf("twins of a are %v, of c %v", got, rules["c"].Twins)
	}
}

// TestMostFrequent counts by hand: c, a and d lead, equal ones by their number.
func TestMostFrequent(t *testing.T) {
	all := data.Row{Total: 20, Cells: []data.Cell{{Word: 0, N: 6}, {Word: 1, N: 2}, {Word: 2, N: 7}, {Word: 3, N: 4}, {Word: 4, N: 1}}}
	pair := data.Row{Total: 10, Cells: []data.Cell{{Word: 0, N: 2}, {Word: 1, N: 2}, {Word: 2, N: 3}, {Word: 3, N: 3}}}
	next, more := mostFrequent(pair)
	if want := []NextWord{{2, 0.3}, {3, 0.3}, {0, 0.2}}; !slices.Equal(next, want) || more != 1 {
		t.Errorf("%v and %d more", next, more)
	}
	next, more = mostFrequent(absent(pair, all))
	if want := []NextWord{{0, 0.4}, {2, 0.4}, {3, 0.1}}; !slices.Equal(next, want) || more != 1 {
		t.Errorf("without: %v and %d more", next, more)
	}
	if next, more = mostFrequent(absent(all, all)); next != nil || more != 0 {
		t.Errorf("of nothing %v and %d more", next, more)
	}
}

// TestRulesRefuse what are no scores, and runs that learn nothing of earlier words
// that vote.
func TestRulesRefuse(t *testing.T) {
	e := count(t, predict(), "")
	s := nineToOne(e)
	for _, o := range []graph.Objective{graph.CrossEntropy, graph.Squared, graph.Logistic} {
		if _, err := Rules(count(t, recall(o), ""), table(s), allRules()); !errors.Is(err, ErrNoRules) {
			t.Errorf("%s: error %v", o, err)
		}
	}
	if _, err := Rules(e, failing{s}, allRules()); !errors.Is(err, errMiddle) {
		t.Errorf("error %v", err)
	}
	_, err := Rules(e, short{s}, allRules())
	wantError(t, err, "1 rows of scores, expected 13")
	s[5*13+2] = math.NaN()
	_, err = Rules(e, table(s), allRules())
	wantError(t, err, `the scores of "look" hold NaN: the weights are damaged, so train anew`)
}
