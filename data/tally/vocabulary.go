package tally

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"qk/data"
	"qk/data/table"
	"qk/data/text"
)

// vocabulary is the settled vocabulary, and what became of every word of the
// lexicons.
type vocabulary struct {
	words    []table.Word // in byte order
	boundary int          // number of [data.Boundary], or −1
	unknown  int64        // words of the text outside it
	numbers  [][]uint32   // by lexicon: the number in the vocabulary
}

// candidate is a word that may enter the vocabulary.
type candidate struct {
	text string
	n    uint64
	kept bool
}

// settle chooses the vocabulary as [data.Load] does: the words counted at least
// MinCount times, of these the MaxVocab most frequent, equal counts in byte order;
// or the fixed one. Numbers are in byte order.
func settle(lexicons []*text.Lexicon, o *Options) (*vocabulary, error) {
	at, candidates := propose(lexicons, o)
	v := &vocabulary{boundary: -1, numbers: make([][]uint32, len(lexicons))}
	inParallel(len(lexicons), func(j int) { // first the place among the candidates, 0 for none
		l := lexicons[j]
		places := make([]uint32, l.Len())
		for id := range places {
			places[id] = at[string(l.Text(uint32(id)))]
		}
		v.numbers[j] = places
	})
	var tokens, kept uint64
	for j, l := range lexicons {
		for id, place := range v.numbers[j] {
			n := l.N(uint32(id))
			tokens += n
			if place > 0 {
				candidates[place-1].n += n
			}
		}
	}
	keep(candidates, o)
	texts := make([]string, 0, len(candidates)+2)
	for _, c := range candidates {
		if c.kept {
			texts = append(texts, c.text)
			kept += c.n
		}
	}
	if len(texts) == 0 && tokens > 0 && o.Vocabulary == nil {
		return nil, fmt.Errorf("no word occurs %d times, so --min-count %d leaves none: lower it", o.MinCount, o.MinCount)
	}
	if v.unknown = int64(tokens - kept); v.unknown > 0 || o.Vocabulary != nil {
		texts = append(texts, data.Unknown)
	}
	if o.Boundary {
		texts = append(texts, data.Boundary)
	}
	slices.Sort(texts)
	return v, v.number(slices.Compact(texts), candidates, o)
}

// propose returns the words that may enter the vocabulary, without their counts,
// and the place of each, from 1. Of a large text most words are so rare that their
// texts need not be compared: where the k-th most frequent word of one lexicon
// occurs t times, at least k words occur t times, so no word that occurs less than
// t/J times in each of J lexicons is among the k most frequent.
func propose(lexicons []*text.Lexicon, o *Options) (map[string]uint32, []candidate) {
	if o.Vocabulary != nil {
		candidates := make([]candidate, len(o.Vocabulary))
		at := make(map[string]uint32, len(candidates))
		for i, w := range o.Vocabulary {
			candidates[i].text = w
			at[w] = uint32(i + 1)
		}
		return at, candidates
	}
	least := max(1, o.MinCount)
	if o.MaxVocab > 0 {
		for _, l := range lexicons {
			if o.MaxVocab <= l.Len() {
				counts := make([]uint64, l.Len())
				for id := range counts {
					counts[id] = l.N(uint32(id))
				}
				slices.Sort(counts)
				least = max(least, counts[len(counts)-o.MaxVocab])
			}
		}
	}
	least = (least + uint64(len(lexicons)) - 1) / uint64(len(lexicons))
	at := map[string]uint32{}
	var candidates []candidate
	for _, l := range lexicons {
		for id := range l.Len() {
			if l.N(uint32(id)) < least {
				continue
			}
			if b := l.Text(uint32(id)); at[string(b)] == 0 {
				w := string(b)
				candidates = append(candidates, candidate{text: w})
				at[w] = uint32(len(candidates))
			}
		}
	}
	return at, candidates
}

// keep marks the candidates that enter the vocabulary.
func keep(candidates []candidate, o *Options) {
	left := make([]int, 0, len(candidates))
	for i, c := range candidates {
		if o.Vocabulary != nil || c.n >= o.MinCount {
			left = append(left, i)
		}
	}
	if o.Vocabulary == nil && o.MaxVocab > 0 && len(left) > o.MaxVocab {
		slices.SortFunc(left, func(a, b int) int {
			x, y := candidates[a], candidates[b]
			return cmp.Or(cmp.Compare(y.n, x.n), cmp.Compare(x.text, y.text))
		})
		left = left[:o.MaxVocab]
	}
	for _, i := range left {
		candidates[i].kept = true
	}
}

// errTooManyWords is beyond what the tables can number.
var errTooManyWords = errors.New("the vocabulary has more than 2^31 − 1 words: keep fewer with --max-vocab or --min-count")

// number gives the words their numbers, given the texts in byte order.
func (v *vocabulary) number(texts []string, candidates []candidate, o *Options) error {
	if int64(len(texts)) > 1<<31-1 {
		return errTooManyWords
	}
	v.words = make([]table.Word, len(texts))
	for i, t := range texts {
		v.words[i].Text = t
	}
	find := func(t string) uint32 {
		i, _ := slices.BinarySearch(texts, t)
		return uint32(i)
	}
	var unknown uint32
	if v.unknown > 0 || o.Vocabulary != nil {
		unknown = find(data.Unknown)
		v.words[unknown].N = v.unknown
	}
	if o.Boundary {
		v.boundary = int(find(data.Boundary))
	}
	numbers := make([]uint32, len(candidates)+1) // by place
	numbers[0] = unknown
	for i, c := range candidates {
		numbers[i+1] = unknown
		if c.kept {
			w := find(c.text)
			numbers[i+1] = w
			v.words[w].N += int64(c.n)
		}
	}
	inParallel(len(v.numbers), func(j int) {
		for id, place := range v.numbers[j] {
			v.numbers[j][id] = numbers[place]
		}
	})
	return nil
}
