package live

import (
	"cmp"
	"math"
	"slices"

	"qk/data"
	"qk/graph"
	"qk/train"
)

// focus is one cell of the matrix, taken apart.
type focus struct {
	Row       data.Word `json:"row"`
	Column    data.Word `json:"column"`
	Score     real      `json:"score"`
	Attention real      `json:"attention"` // null where it is not determined
	RowCount  uint64    `json:"row_count"`
	PairCount uint64    `json:"pair_count"`
	Next      []next    `json:"next"`
	Gradient  *real     `json:"gradient"`
	Start     *start    `json:"start"`
}

// next is a next word with its counts.
type next struct {
	Word string `json:"word"`
	Row  uint64 `json:"row"`  // c1(w,y)
	Pair uint64 `json:"pair"` // c2(u,w,y)
}

// start is a gradient before the first step, by differentiation and by counting.
type start struct {
	Kind    string  `json:"kind"` // gate or scores
	Auto    real    `json:"auto"`
	Counted real    `json:"counted"`
	Share   float64 `json:"share"` // P(u,w), or P(w)
	Chi2    *real   `json:"chi2"`
}

// maxNext is how many next words of a cell are listed.
const maxNext = 8

// setFocus takes a cell into focus, or none.
func (s *session) setFocus(c cell) {
	V := data.Word(s.e.Counts.V())
	if c.row < 0 || c.row >= V || c.column >= V {
		c = cell{-1, -1}
	}
	s.focus = c
}

// focused takes the cell in focus apart; nil if there is none.
func (s *session) focused() (*focus, error) {
	w, u := s.focus.row, s.focus.column
	if w < 0 || u < 0 {
		return nil, nil
	}
	f := &focus{Row: w, Column: u, RowCount: s.e.Counts.Transitions[w].Total, PairCount: together(s.e, w, u)}
	err := s.puller.Rows([]data.Word{w}, func(_ data.Word, scores []float64) error {
		f.Score, f.Attention = real(scores[u]), real(train.LearnRow(s.e, w, scores).Attention[u])
		return nil
	})
	if err != nil {
		return nil, err
	}
	pair := data.Row{}
	if !s.e.Config.Table() {
		pair, _ = s.e.Counts.Pair(w, u)
	}
	f.Next = s.nextWords(s.e.Counts.Transitions[w], pair)
	if f.Gradient, err = s.gradient(w, u); err != nil {
		return nil, err
	}
	f.Start, err = s.start(w, u)
	return f, err
}

// nextWords lists what follows a word, and what follows it after the other one.
func (s *session) nextWords(all, pair data.Row) []next {
	words := []next{}
	for _, c := range all.Cells {
		words = append(words, next{s.e.Corpus.Vocab.Text(c.Word), c.N, pair.Count(c.Word)})
	}
	slices.SortStableFunc(words, func(a, b next) int {
		return cmp.Or(cmp.Compare(b.Pair, a.Pair), cmp.Compare(b.Row, a.Row))
	})
	return words[:min(maxNext, len(words))]
}

// start compares the gradient before the first step with the counted figure.
func (s *session) start(w, u data.Word) (*start, error) {
	V := s.e.Counts.V()
	at := int(w)*V + int(u)
	N := float64(s.e.Counts.Total)
	if s.e.Config.Task == graph.Predict {
		g, err := s.text.gates()
		if err != nil || g == nil {
			return nil, err
		}
		st := &start{Kind: "gate", Auto: real(g.auto[at]), Counted: real(g.counted[at])}
		if pair, ok := s.e.Counts.Pair(w, u); ok {
			chi := real(data.ChiSquared(pair, s.e.Counts.Transitions[w]))
			st.Share, st.Chi2 = float64(pair.Total)/N, &chi
		}
		return st, nil
	}
	if s.e.Config.Objective != graph.CrossEntropy {
		return nil, nil
	}
	p, err := s.probeAt()
	if err != nil || p == nil {
		return nil, err
	}
	first, err := p.atZero()
	if err != nil {
		return nil, err
	}
	row := s.e.Counts.Transitions[w]
	share := float64(row.Total) / N
	counted := 0.0
	if row.Total > 0 {
		counted = -share * (row.P(u) - 1/float64(V))
	}
	return &start{Kind: "scores", Auto: real(first[int(u)*V+int(w)]), Counted: real(counted), Share: share}, nil
}

// gradient is ∂loss/∂S[w,u] now, or nil where the matrix is too large for it.
func (s *session) gradient(w, u data.Word) (*real, error) {
	p, err := s.probeAt()
	if err != nil || p == nil {
		return nil, err
	}
	g, err := p.at(s)
	if err != nil {
		return nil, err
	}
	x := real(g[int(u)*s.e.Counts.V()+int(w)])
	if math.IsNaN(float64(x)) {
		return nil, nil
	}
	return &x, nil
}
