package live

import (
	"math"
	"slices"
	"strings"

	"qk/data"
	"qk/data/text"
	"qk/train"
)

// sentence is the sentence of the user's choice: who attends to whom in it, and how the
// words vote for the one that comes next.
type sentence struct {
	Text    string   `json:"text"`
	Words   []string `json:"words"`
	Unknown []int    `json:"unknown"` // places of words that were not counted
	Error   string   `json:"error"`
	Arcs    []arc    `json:"arcs"`
	Null    []*real  `json:"null"` // by word; null where it attends to nobody at all
	Groups  []group  `json:"groups"`

	numbers []data.Word // nil if there is an error
}

// arc is the attention of one word to another, by their places.
type arc struct {
	From  int  `json:"from"`
	To    int  `json:"to"`
	Share real `json:"share"`
}

// group is the votes for the next word in one way of weighing.
type group struct {
	Name  string `json:"name"`
	Note  string `json:"note"`
	Votes []vote `json:"votes"`
}

type vote struct {
	Word  string `json:"word"`
	Share real   `json:"share"`
	Sum   real   `json:"sum"`
}

// What is shown of a sentence at most.
const (
	maxSentence = 48
	maxVotes    = 4
	minShare    = 1e-3 // of an arc
)

// read splits a sentence into the words of the run.
func (s *session) read(sentenceText string) *sentence {
	x := &sentence{Text: sentenceText, Words: []string{}, Unknown: []int{}}
	var words []data.Word
	for i, t := range s.e.Tokens(sentenceText) {
		if !t.Known {
			x.Unknown = append(x.Unknown, i)
		}
		words, x.Words = append(words, t.Word), append(x.Words, t.Text)
	}
	switch {
	case len(x.Words) > maxSentence:
		x.Error = "this sentence is too long to be drawn: give up to 48 words"
		x.Words, x.Unknown = x.Words[:maxSentence], slices.DeleteFunc(x.Unknown, func(i int) bool { return i >= maxSentence })
	case slices.Contains(words, -1):
		first := x.Words[x.Unknown[0]]
		x.Error = "“" + first + "” is not a word of this text"
		if near := text.Nearest(first, s.e.Corpus.Vocab.All(), 3); len(near) > 0 {
			x.Error += ": did you mean " + strings.Join(near, ", ") + "?"
		}
	case len(words) == 0:
		x.Error = "type the beginning of a sentence"
	default:
		x.numbers = words
	}
	return x
}

// told returns the sentence with what the run makes of it now.
func (x *sentence) told(s *session) (*sentence, error) {
	now := *x
	now.Arcs, now.Null, now.Groups = []arc{}, []*real{}, []group{}
	if x.numbers == nil {
		return &now, nil
	}
	last := len(x.numbers) - 1
	rows, err := s.scoresOf(x.numbers)
	if err != nil {
		return nil, err
	}
	if s.e.Config.Table() {
		now.Groups = s.tableGroups(x.numbers[last], rows[x.numbers[last]])
		return &now, nil
	}
	for to, w := range x.numbers {
		a := s.e.Attend(x.numbers[:to+1], rows[w])
		for i, from := range a.Places {
			if a.Shares[i] >= minShare {
				now.Arcs = append(now.Arcs, arc{from, to, real(a.Shares[i])})
			}
		}
		null := real(a.Null)
		if math.IsNaN(a.Null) || !s.e.Config.Null {
			now.Null = append(now.Null, nil)
		} else {
			now.Null = append(now.Null, &null)
		}
	}
	now.Groups = s.voteGroups(x.numbers, rows[x.numbers[last]])
	return &now, nil
}

// scoresOf returns the rows of some words.
func (s *session) scoresOf(words []data.Word) (map[data.Word][]float64, error) {
	distinct := slices.Clone(words)
	slices.Sort(distinct)
	distinct = slices.Compact(distinct)
	rows := map[data.Word][]float64{}
	err := s.puller.Rows(distinct, func(w data.Word, scores []float64) error {
		rows[w] = slices.Clone(scores)
		return nil
	})
	return rows, err
}

// voteGroups lets the words vote before and after masking.
func (s *session) voteGroups(words []data.Word, scores []float64) []group {
	earlier, current, _ := s.e.Counts.Earlier(words)
	if s.e.Counts.Transitions[current].Total == 0 {
		return []group{}
	}
	row := train.AgreeRow(s.e, train.LearnRow(s.e, current, scores))
	v := s.e.WeighingsOf(row, scores, earlier)
	counted := "{" + strings.Join(s.e.Corpus.Vocab.Texts(row.Counted), ", ") + "}"
	if len(row.Counted) == 0 {
		counted = "empty, so P(next | current)"
	}
	learned := ""
	if s.e.Config.Null {
		learned = "with the null slot"
	}
	return []group{
		s.group("all earlier words", "", current, earlier, v.All),
		s.group("counted mask", counted, current, earlier, v.Counted),
		s.group("learned mask", learned, current, earlier, v.Learned),
	}
}

func (s *session) group(name, note string, w data.Word, earlier []data.Word, v train.Weighing) group {
	g := group{Name: name, Note: note, Votes: []vote{}}
	votes, _ := s.e.Votes(w, earlier, v.Weight, v.Null)
	for _, x := range votes[:min(maxVotes, len(votes))] {
		g.Votes = append(g.Votes, vote{s.e.Corpus.Vocab.Text(x.Word), real(x.Share), real(x.Sum)})
	}
	return g
}

// tableGroups holds the learned next words against the counted ones.
func (s *session) tableGroups(w data.Word, scores []float64) []group {
	counted := s.e.CountedRow(w)
	learned := train.LearnRow(s.e, w, scores).Attention
	return []group{
		s.likeliest("counted", "P(y|w)", counted),
		s.likeliest("learned", "", learned),
	}
}

func (s *session) likeliest(name, note string, p []float64) group {
	g := group{Name: name, Note: note, Votes: []vote{}}
	order := make([]data.Word, len(p))
	for y := range order {
		order[y] = data.Word(y)
	}
	slices.SortStableFunc(order, func(a, b data.Word) int {
		switch {
		case p[a] > p[b]:
			return -1
		case p[a] < p[b]:
			return 1
		}
		return 0
	})
	for _, y := range order[:min(maxVotes, len(order))] {
		if p[y] > 0 {
			g.Votes = append(g.Votes, vote{s.e.Corpus.Vocab.Text(y), real(p[y]), real(p[y])})
		}
	}
	return g
}
