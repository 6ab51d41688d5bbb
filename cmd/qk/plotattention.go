package main

import (
	"fmt"
	"path/filepath"

	"qk/cmd/qk/internal/picture"
	"qk/data"
)

// maxAttentionWords is how long a sentence may be that is drawn.
const maxAttentionWords = 60

// plotAttention draws who attends to whom in a sentence.
func (a *app) plotAttention(args []string, _ plotOptions) (picture.Figure, error) {
	if len(args) < 1 || len(args) > 2 {
		return nil, fmt.Errorf("plot attention needs some words in quotes, after the run if not the newest")
	}
	name, text := runAndRest(args)
	l, err := a.load(name)
	if err != nil {
		return nil, err
	}
	return l.attentionOf(text)
}

// attentionOf is the picture of the attention within a sentence.
func (l *loaded) attentionOf(text string) (*picture.Attention, error) {
	if l.e.Config.Table() {
		return nil, fmt.Errorf("run %s learned a table of transitions, which has no earlier words: plot attention needs a run of the task predict, or of recall with --objective logistic", l.dir.Path)
	}
	words, err := l.e.Split(text)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", l.dir.Path, err)
	}
	return l.attentionFigure(words)
}

// attentionFigure is [loaded.attentionOf] for words.
func (l *loaded) attentionFigure(words []data.Word) (*picture.Attention, error) {
	if len(words) > maxAttentionWords {
		return nil, fmt.Errorf("a sentence of %d words is too long to draw: give %d at most", len(words), maxAttentionWords)
	}
	f := &picture.Attention{
		Heading: "Attention in " + filepath.Base(l.dir.Path),
		Words:   l.e.Corpus.Vocab.Texts(words), Focus: len(words) - 1,
	}
	if l.e.Config.Null {
		f.Note = "Grey bars: attention to nothing, in percent. In colour: the attention of the last word."
	} else {
		f.Note = "In colour: the attention of the last word."
	}
	for to := range words {
		arcs, null, err := l.attentionAt(words[:to+1])
		if err != nil {
			return nil, err
		}
		f.Arcs = append(f.Arcs, arcs...)
		if l.e.Config.Null {
			f.Null = append(f.Null, null)
		}
	}
	return f, nil
}

// attentionAt is the attention of the last of some words, see [train.Experiment.Attend].
func (l *loaded) attentionAt(words []data.Word) (arcs []picture.Arc, null float64, err error) {
	last := len(words) - 1
	scores, err := l.weights.Lookup(words[last])
	if err != nil {
		return nil, 0, err
	}
	attention := l.e.Attend(words, scores)
	for i, from := range attention.Places {
		arcs = append(arcs, picture.Arc{From: from, To: last, Share: attention.Shares[i]})
	}
	return arcs, attention.Null, nil
}
