package train

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"qk/data/text"
	"qk/graph"
	"qk/train/matrix"
)

// given are the weights of an experiment as matrices from elsewhere, their rows in
// the order of the words, which are those of the vocabulary shuffled.
func given(e *Experiment, w *graph.Weights, seed uint64) *Given {
	order := rand.New(rand.NewPCG(seed, 1)).Perm(w.V)
	g := &Given{
		List: "words.txt",
		Q:    &GivenMatrix{"q", "q.npy", &matrix.Dense{Rows: w.V, Cols: w.R, DType: "float64"}},
		K:    &GivenMatrix{"k", "k.npy", &matrix.Dense{Rows: w.V, Cols: w.R, DType: "float64"}},
	}
	words := e.Corpus.Vocab.All()
	for _, i := range order {
		g.Words = append(g.Words, words[i])
		g.Q.Data = append(g.Q.Data, w.Q[i*w.R:][:w.R]...)
		g.K.Data = append(g.K.Data, w.K[i*w.R:][:w.R]...)
	}
	return g
}

// adopt counts a text over the words of the matrices and judges them.
func adopt(t *testing.T, c Config, g *Given, content string) (*Experiment, *graph.Weights, *Outcome) {
	t.Helper()
	must(t, g.Validate())
	must(t, g.CheckCase(c))
	g.Configure(&c)
	e, err := CountWords(c, g.Words, nil, text.FromText("text", content))
	must(t, err)
	e.DeriveMasks()
	w, err := g.Weights(e)
	must(t, err)
	loss, err := e.Loss(w)
	must(t, err)
	o, err := e.Judge(w, w, loss.Data)
	must(t, err)
	return e, w, o
}

const diaryText = trainLine + "\n" + candleLine + "\n"

// TestGivenRoundTrip: what a run learned has the same verdict and the same loss to the
// last bit when it comes back as matrices in any order of words, rounded to float32
// within 10⁻⁶, and as the table of scores within rounding.
func TestGivenRoundTrip(t *testing.T) {
	for _, change := range []func(*Config){
		func(*Config) {}, withoutNull, func(c *Config) { c.Scaled = true }, func(c *Config) { c.L2 = 0 }, func(c *Config) { c.Boundary = true },
	} {
		c := predict(change)
		e := count(t, c, diaryText)
		l, err := e.Loop()
		must(t, err)
		must(t, l.Run(t.Context()))
		w, _ := l.Result()
		loss, err := e.Loss(w)
		must(t, err)
		want, err := e.Judge(w, w, loss.Data)
		must(t, err)

		_, back, got := adopt(t, c, given(e, w, c.Seed), diaryText)
		if !slices.Equal(back.Q, w.Q) || !slices.Equal(back.K, w.K) || got.Loss != want.Loss {
			t.Errorf("%+v: loss %.17g, want %.17g", c, got.Loss, want.Loss)
		}
		if !slices.Equal(got.Checks, want.Checks) {
			t.Errorf("%+v: checks %+v, want %+v", c, got.Checks, want.Checks)
		}

		g := given(e, w, 7)
		for _, x := range [][]float64{g.Q.Data, g.K.Data} {
			for i := range x {
				x[i] = float64(float32(x[i]))
			}
		}
		if _, _, got = adopt(t, c, g, diaryText); math.Abs(got.Loss-want.Loss) > 1e-6 || got.Pass != want.Pass {
			t.Errorf("%+v: float32 gives loss %g, pass %v; want %g, %v", c, got.Loss, got.Pass, want.Loss, want.Pass)
		}

		g = given(e, w, 8)
		g.S = &GivenMatrix{"scores", "s.npy", &matrix.Dense{Rows: w.V, Cols: w.V}}
		for i := range w.V {
			for j := range w.V {
				sum := 0.0
				for r, q := range g.Q.Row(i) {
					sum += q * g.K.Row(j)[r]
				}
				if c.Scaled {
					sum /= math.Sqrt(float64(w.R))
				}
				g.S.Data = append(g.S.Data, sum)
			}
		}
		scores := c
		scores.Scaled = false
		if _, _, got = adopt(t, scores, g, diaryText); math.Abs(got.Loss-want.Loss) > 1e-12 || got.Pass != want.Pass {
			t.Errorf("%+v: scores give loss %.17g, pass %v; want %.17g, %v", c, got.Loss, got.Pass, want.Loss, want.Pass)
		}
	}
}

// TestGivenWithoutRows: words without rows are next words alone, and words that the
// text lacks change nothing.
func TestGivenWithoutRows(t *testing.T) {
	e := count(t, predict(), diaryText)
	V := e.Counts.V()
	g := &Given{Words: e.Corpus.Vocab.All(), List: "words.txt", S: &GivenMatrix{"scores", "s.npy", &matrix.Dense{Rows: V, Cols: V}}}
	g.S.Data = byHand(t, e, map[string]string{"went": "candle train"})
	_, _, want := adopt(t, predict(), g, diaryText)

	more := &Given{Words: append(slices.Clone(g.Words), "zebra"), List: "words.txt", S: &GivenMatrix{"scores", "s.npy", &matrix.Dense{Rows: V + 1, Cols: V + 1}}}
	for i := range V {
		more.S.Data = append(append(more.S.Data, g.S.Row(i)...), 9)
	}
	more.S.Data = append(more.S.Data, make([]float64, V+1)...)
	with, _, got := adopt(t, predict(), more, diaryText)
	if math.Abs(got.Loss-want.Loss) > 1e-12 || got.Pass != want.Pass || !slices.Equal(more.Never(with), []string{"zebra"}) {
		t.Errorf("with a word more: loss %g, pass %v, never %q; want %g, %v", got.Loss, got.Pass, more.Never(with), want.Loss, want.Pass)
	}

	// Without the row of "the", whose 2 positions of 21 hold all of the entropy that the
	// best mask leaves.
	drop := slices.Index(g.Words, "the")
	less := &Given{List: "words.txt", S: &GivenMatrix{"scores", "s.npy", &matrix.Dense{Rows: V - 1, Cols: V - 1}}}
	for i, word := range g.Words {
		if i == drop {
			continue
		}
		less.Words = append(less.Words, word)
		less.S.Data = append(less.S.Data, slices.Delete(slices.Clone(g.S.Row(i)), drop, drop+1)...)
	}
	without, _, got := adopt(t, predict(), less, diaryText)
	if without.Counts.Total != 19 || *got.Ladder.Floor > 1e-12 || !got.Pass {
		t.Errorf("without the: %d positions, floor %g, pass %v: %+v", without.Counts.Total, *got.Ladder.Floor, got.Pass, got.Checks)
	}
	for _, row := range got.Rows {
		if without.Corpus.Vocab.Text(row.Word) == "<unk>" && row.Status != Undetermined {
			t.Errorf("the row of <unk> is %s", row.Status)
		}
	}
}

// TestGivenRefused names the flag, the file, what is found and what to do.
func TestGivenRefused(t *testing.T) {
	dense := func(rows, cols int, set ...float64) *matrix.Dense {
		m := &matrix.Dense{Rows: rows, Cols: cols, Data: make([]float64, rows*cols)}
		copy(m.Data, set)
		return m
	}
	words := []string{"a", "b", "c"}
	for _, test := range []struct {
		q, k, s *matrix.Dense
		want    string
	}{
		{dense(2, 3), dense(3, 2), nil, "--q q.npy: it has 2 rows and 3 columns, and words.txt lists 3 words: it lies on its side: give the transpose"},
		{dense(3, 2), dense(4, 2), nil, "--k k.npy: it has 4 rows, and words.txt lists 3 words: row i has"},
		{dense(3, 2), dense(3, 4), nil, "--k k.npy: it has 4 columns, and --q q.npy has 2"},
		{dense(3, 2, 0, 0, 0, math.NaN()), dense(3, 2), nil, `--q q.npy: column 1 of "b" (row 1, from 0) is NaN: give finite numbers`},
		{dense(3, 2), dense(3, 2, 0, 0, 0, 0, math.Inf(-1)), nil, `--k k.npy: column 0 of "c" (row 2, from 0) is -Inf`},
		{dense(3, 2, 1e200), dense(3, 2, -1e200), nil, "their products are too large"},
		{nil, nil, dense(3, 2), "--scores s.npy: it has 2 columns for 3 words"},
		{nil, nil, dense(2, 2), "--scores s.npy: it has 2 rows, and words.txt lists 3 words"},
		{dense(3, 2), dense(3, 2), nil, ""}, {nil, nil, dense(3, 3), ""},
	} {
		g := &Given{Words: words, List: "words.txt"}
		if test.s != nil {
			g.S = &GivenMatrix{"scores", "s.npy", test.s}
		} else {
			g.Q, g.K = &GivenMatrix{"q", "q.npy", test.q}, &GivenMatrix{"k", "k.npy", test.k}
		}
		err := g.Validate()
		var flag *FlagError
		if test.want == "" && err != nil || test.want != "" && (!errors.As(err, &flag) || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("error %v, want %q", err, test.want)
		}
	}
}

// TestGivenCase finds lists of words that a folded text cannot have.
func TestGivenCase(t *testing.T) {
	for _, test := range []struct {
		words string
		keep  bool
		want  string
	}{
		{"the Cat sat On", false, `it lists "Cat", which the text cannot have, as it is folded to lower case (2 such words): add --keep-case`},
		{"the Cat sat", true, ""}, {"the cat Cat", false, ""}, {"the <PAD> [CLS] cat", false, ""}, {"ÉTÉ", false, `"ÉTÉ"`},
	} {
		c := predict()
		c.KeepCase = test.keep
		err := (&Given{Words: strings.Fields(test.words), List: "words.txt"}).CheckCase(c)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: error %v, want %q", test.words, err, test.want)
		}
	}
}

// TestFitScale: the softmax of S = c·ln P(y|w) is the table itself at the scale 1/c,
// and its loss there the entropy of the next word.
func TestFitScale(t *testing.T) {
	const content = "a a b a b b a b a a b b b a a a b a\n"
	for _, factor := range []float64{1, 0.3, 5, 100} {
		c := recall(graph.CrossEntropy)
		e := count(t, c, content)
		V := e.Counts.V()
		g := &Given{Words: e.Corpus.Vocab.All(), List: "words.txt", S: &GivenMatrix{"scores", "s.npy", &matrix.Dense{Rows: V, Cols: V}}}
		for _, row := range e.Counts.Transitions {
			for _, cell := range row.Cells {
				g.S.Data = append(g.S.Data, factor*math.Log(float64(cell.N)/float64(row.Total)))
			}
		}
		e, w, o := adopt(t, c, g, content)
		f, err := e.FitScale(w)
		must(t, err)
		if math.Abs(f.Scale*factor-1) > 0.01 || f.Loss-*o.Ladder.Floor > 1e-6 || f.Loss < *o.Ladder.Floor-1e-12 {
			t.Errorf("scores × %g: scale %g, loss %.9f, floor %.9f", factor, f.Scale, f.Loss, *o.Ladder.Floor)
		}
		if factor == 1 && f.Scale != 1 {
			t.Errorf("the scale of the best scores is %g", f.Scale)
		}
	}
}
