package counting

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"qk/data"
	"qk/data/table"
	"qk/data/text"
)

const (
	// endOfSentence stands after the last word of a sentence.
	endOfSentence = math.MaxUint32
	// standIn is written for data.Unknown in the text of the peers, some of which
	// refuse that. No word in lower case is equal to it.
	standIn = "UNKNOWN"
)

// prepared is a text as the peers get it: a sentence a line, its words with a
// space between them, in lower case, words outside the vocabulary all alike.
type prepared struct {
	Path      string
	Words     []table.Word // in byte order, as qk numbers them
	Spelled   []string     // the same as the peers' text spells them
	Numbers   map[string]uint32
	Sentences int64
	Tokens    int64
	Longest   int   // words of the longest sentence
	Ends      int64 // different words that begin a sentence and that end one, added up
	Want      map[table.Name]figures
}

// prepare splits the text of a file with the reference segmentation of Unicode, keeps
// the most frequent words and writes the peers' text.
func prepare(raw, path string, maxVocab, context int) (*prepared, error) {
	f, err := os.Open(raw)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	ids := map[string]uint32{}
	var words []table.Word
	var sentences []uint32
	p := &prepared{Path: path, Numbers: map[string]uint32{}}
	err = text.Lines(f, raw, func(_ int, line []byte) error {
		before := len(sentences)
		text.Tokenizer{}.Split(line, func(token []byte) {
			id, ok := ids[string(token)]
			if !ok {
				id = uint32(len(words))
				words = append(words, table.Word{Text: string(token)})
				ids[words[id].Text] = id
			}
			words[id].N++
			sentences = append(sentences, id)
			p.Tokens++
		})
		if len(sentences) > before {
			sentences = append(sentences, endOfSentence)
			p.Sentences++
			p.Longest = max(p.Longest, len(sentences)-1-before)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("%s holds no words: give a text", raw)
	}
	number := p.choose(words, maxVocab)
	for i, id := range sentences {
		if id != endOfSentence {
			sentences[i] = number[id]
		}
	}
	p.Ends = ends(sentences)
	p.Want = reference(sentences, context)
	return p, p.write(sentences)
}

// choose settles the vocabulary and returns the number of every word of the text.
func (p *prepared) choose(words []table.Word, maxVocab int) []uint32 {
	kept := slices.Clone(words)
	slices.SortFunc(kept, func(a, b table.Word) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Text, b.Text)) })
	if maxVocab > 0 && len(kept) > maxVocab {
		unknown := table.Word{Text: data.Unknown}
		for _, w := range kept[maxVocab:] {
			unknown.N += w.N
		}
		kept = append(kept[:maxVocab], unknown)
	}
	slices.SortFunc(kept, func(a, b table.Word) int { return cmp.Compare(a.Text, b.Text) })
	p.Words = kept
	unknown := uint32(0)
	for i, w := range kept {
		spelled := w.Text
		if spelled == data.Unknown {
			spelled, unknown = standIn, uint32(i)
		}
		p.Spelled = append(p.Spelled, spelled)
		p.Numbers[spelled] = uint32(i)
	}
	number := make([]uint32, len(words))
	for id, w := range words {
		n, ok := p.Numbers[w.Text]
		if !ok {
			n = unknown
		}
		number[id] = n
	}
	return number
}

// ends counts the different words that begin a sentence, and those that end one.
func ends(sentences []uint32) int64 {
	first, last := map[uint32]bool{}, map[uint32]bool{}
	before := uint32(endOfSentence)
	for _, w := range sentences {
		if before == endOfSentence {
			first[w] = true
		}
		if w == endOfSentence {
			last[before] = true
		}
		before = w
	}
	return int64(len(first) + len(last))
}

// write writes the peers' text.
func (p *prepared) write(sentences []uint32) error {
	f, err := os.Create(p.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	separator := ""
	for _, n := range sentences {
		if n == endOfSentence {
			separator = ""
			_ = w.WriteByte('\n')
			continue
		}
		_, _ = io.WriteString(w, separator)
		_, _ = io.WriteString(w, p.Spelled[n]) // errors stay until Flush
		separator = " "
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}
