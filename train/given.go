package train

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"qk/data"
	"qk/data/text"
	"qk/graph"
	"qk/train/matrix"
)

// Given are attention matrices that no run of this program learned: Q and K, or the
// scores S = Q·Kᵀ themselves. Row i, of scores column i too, belongs to word i of
// the list.
type Given struct {
	Words []string // distinct, in any order
	List  string   // the file of the words, for messages
	Q, K  *GivenMatrix
	S     *GivenMatrix // instead of Q and K
}

// GivenMatrix is a matrix with the flag and the file that it comes from.
type GivenMatrix struct {
	Flag, Name string
	*matrix.Dense
}

func (m *GivenMatrix) errorf(format string, args ...any) error {
	return &FlagError{m.Flag, m.Name, fmt.Sprintf(format, args...)}
}

// all lists the matrices.
func (g *Given) all() []*GivenMatrix {
	if g.S != nil {
		return []*GivenMatrix{g.S}
	}
	return []*GivenMatrix{g.Q, g.K}
}

// Validate checks that the matrices go with the words and with each other, and that
// every number is one. Its error is a [*FlagError].
func (g *Given) Validate() error {
	V := len(g.Words)
	for _, m := range g.all() {
		switch {
		case m.Rows != V && m.Cols == V:
			return m.errorf("it has %d rows and %d columns, and %s lists %d words: it lies on its side: give the transpose, such as numpy.save(file, W.T)", m.Rows, m.Cols, g.List, V)
		case m.Rows != V:
			return m.errorf("it has %d rows, and %s lists %d words: row i has to belong to the word in line i", m.Rows, g.List, V)
		}
		if i := slices.IndexFunc(m.Data, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }); i >= 0 {
			return m.errorf("column %d of %q (row %d, from 0) is %g: give finite numbers", i%m.Cols, g.Words[i/m.Cols], i/m.Cols, m.Data[i])
		}
	}
	if g.S != nil {
		if g.S.Cols != V {
			return g.S.errorf("it has %d columns for %d words: scores have a row and a column for each word", g.S.Cols, V)
		}
		return nil
	}
	if g.Q.Cols != g.K.Cols {
		return g.K.errorf("it has %d columns, and --%s %s has %d: Q·Kᵀ needs as many", g.K.Cols, g.Q.Flag, g.Q.Name, g.Q.Cols)
	}
	if top := largest(g.Q.Data) * largest(g.K.Data) * float64(g.Q.Cols); !(top < 1e200) {
		return g.Q.errorf("its numbers reach %.3g and those of --%s %s %.3g: their products are too large to compute with: scale them down", largest(g.Q.Data), g.K.Flag, g.K.Name, largest(g.K.Data))
	}
	return nil
}

func largest(x []float64) float64 {
	top := 0.0
	for _, v := range x {
		top = max(top, math.Abs(v))
	}
	return top
}

// Configure puts the form of the matrices into settings: their rank, and for scores
// the one-hot form, of which K is Sᵀ.
func (g *Given) Configure(c *Config) {
	if c.OneHot = g.S != nil; c.OneHot {
		c.Rank = Unset // which [Config.Complete] makes V
		return
	}
	c.Rank = g.Q.Cols
}

// CheckCase is an error if a word of the list cannot be in any text that the
// settings fold to lower case, and its folded form is not listed either. Words in
// angle or square brackets, such as <PAD>, stand for something else and may be.
func (g *Given) CheckCase(c Config) error {
	if c.KeepCase {
		return nil
	}
	fold := text.Tokenizer{Tokens: c.Tokens, Punctuation: c.Punctuation}
	listed := make(map[string]bool, len(g.Words))
	for _, w := range g.Words {
		listed[w] = true
	}
	first, n := "", 0
	for _, w := range g.Words {
		if isMark(w) || strings.IndexFunc(w, unicode.IsUpper) < 0 {
			continue
		}
		var folded []string
		fold.Split([]byte(w), func(token []byte) { folded = append(folded, string(token)) })
		if len(folded) == 1 && folded[0] != w && !listed[folded[0]] {
			if n == 0 {
				first = w
			}
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return &FlagError{"vocab", g.List, fmt.Sprintf("it lists %q, which the text cannot have, as it is folded to lower case (%d such words): add --keep-case, or put what is no word of the text in brackets, as <%s>", first, n, first)}
}

// isMark tells whether a word of a list is one that stands for something else.
func isMark(w string) bool {
	return strings.HasPrefix(w, "<") && strings.HasSuffix(w, ">") || strings.HasPrefix(w, "[") && strings.HasSuffix(w, "]")
}

// Weights puts the rows in the order of the experiment's vocabulary, which must have
// been counted over the words of the list, see [CountWords]. The word [data.Unknown]
// has zeros if the list is without it; it is silent then, see [data.Corpus.Silent].
func (g *Given) Weights(e *Experiment) (*graph.Weights, error) {
	c, vocab := e.Config, e.Corpus.Vocab
	w := graph.NewWeights(vocab.Len(), c.Rank, c.OneHot, c.Scaled)
	at := make([]data.Word, len(g.Words))
	for i, word := range g.Words {
		var ok bool
		if at[i], ok = vocab.Lookup(word); !ok {
			return nil, fmt.Errorf("train: the text was counted without the word %q", word)
		}
	}
	for i, to := range at {
		if g.S != nil {
			for j, x := range g.S.Row(i) {
				w.K[int(at[j])*w.R+int(to)] = x // K = Sᵀ
			}
			continue
		}
		copy(w.Q[int(to)*w.R:][:w.R], g.Q.Row(i))
		copy(w.K[int(to)*w.R:][:w.R], g.K.Row(i))
	}
	return w, nil
}

// Never returns the words of the list that the text does not have, in the order of
// the list. Of these it says nothing.
func (g *Given) Never(e *Experiment) []string {
	there := make([]bool, e.Corpus.Vocab.Len())
	for _, part := range [][]data.Sentence{e.Corpus.Sentences, e.Corpus.Tuning, e.Corpus.HeldOut} {
		for _, s := range part {
			for _, w := range s.Words {
				there[w] = true
			}
		}
	}
	never := []string{}
	for _, word := range g.Words {
		if w, ok := e.Corpus.Vocab.Lookup(word); ok && !there[w] {
			never = append(never, word)
		}
	}
	return never
}
