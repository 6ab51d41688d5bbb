package data

import (
	"fmt"
	"math"
)

// Tallied are transitions that were counted elsewhere, without a [Corpus].
type Tallied struct {
	Name                       string   // of the counts, for messages
	SHA256                     string   // of what they are, in hexadecimal
	Words                      []string // the vocabulary, in byte order
	Boundary                   bool     // [Boundary] marks the ends of sentences, see [Options]
	Sentences, Tokens, Unknown uint64   // as [Corpus] has them; 0 if not known
	Context                    int
	Transitions                []Row // c1, by current word
	PairCells                  int   // entries of c2 that are not zero; 0 if not known
}

// Counts returns what [CountTransitions] would, save that the corpus has no
// sentences. The error says what cannot be true of any text; [ErrNoTransitions] is
// returned (wrapped) when there is none.
func (t *Tallied) Counts() (*Counts, error) {
	vocab := NewVocabulary(t.Words)
	if vocab.Len() != len(t.Words) || len(t.Transitions) != len(t.Words) {
		return nil, fmt.Errorf("counts %s: %d rows for %d words, of which %d are different", t.Name, len(t.Transitions), len(t.Words), vocab.Len())
	}
	corpus := &Corpus{Name: t.Name, SHA256: t.SHA256, Vocab: vocab, Tokens: t.Tokens, Unknown: t.Unknown, Boundary: -1, uncounted: t.Sentences}
	for i, text := range t.Words {
		if vocab.Text(Word(i)) != text {
			return nil, fmt.Errorf("counts %s: word %d, %q, is not in the order of bytes", t.Name, i, text)
		}
	}
	if t.Boundary {
		if w, ok := vocab.Lookup(Boundary); ok {
			corpus.Boundary = w
		}
	}
	c := &Counts{Corpus: corpus, Context: t.Context, Transitions: t.Transitions, PairCells: t.PairCells}
	for w, row := range t.Transitions {
		var total uint64
		for i, cell := range row.Cells {
			switch {
			case cell.Word < 0 || int(cell.Word) >= len(t.Words), i > 0 && cell.Word <= row.Cells[i-1].Word:
				return nil, fmt.Errorf("counts %s: the row of %q is not in ascending order", t.Name, t.Words[w])
			case cell.N == 0 || cell.N > math.MaxUint64-total:
				return nil, fmt.Errorf("counts %s: the row of %q has a count that cannot be", t.Name, t.Words[w])
			}
			total += cell.N
		}
		if total != row.Total || total > math.MaxUint64-c.Total {
			return nil, fmt.Errorf("counts %s: the row of %q has a sum that cannot be", t.Name, t.Words[w])
		}
		c.Total += total
	}
	if c.Total == 0 {
		return nil, fmt.Errorf("counts %s: %w", t.Name, ErrNoTransitions)
	}
	return c, nil
}
