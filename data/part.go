package data

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Part says what a sentence of a text is for.
type Part uint8

// The parts of a text. Without [Options.HoldOut] all of it is for training.
const (
	// Training sentences are counted and learned from. The vocabulary is theirs.
	Training Part = iota
	// Tuning sentences decide when learning stops, and nothing else.
	Tuning
	// HeldOut sentences are neither counted nor learned from nor looked at before
	// the result is there: they are what a result is reported for.
	HeldOut
	parts // how many there are
)

func (p Part) String() string { return [parts]string{"training", "tuning", "held-out"}[p] }

// TuningShare returns the share of all sentences that is set aside for tuning
// when a share is held out: of the sentences that are not held out, half that
// share.
func TuningShare(holdOut float64) float64 { return holdOut * (1 - holdOut) / 2 }

// partOf decides the part of a sentence from its words alone, each followed by a
// NUL, which no word holds. The first eight bytes of their SHA-256 are a number x,
// uniform in [0,1): the sentence is held out if x < share, and for tuning if
// x ≥ 1 − [TuningShare]. So equal sentences are on one side, a sentence keeps its
// side when the text grows, what a smaller share holds out a larger one does too,
// and small shares never tune on what another holds out.
func partOf(words []byte, share float64) Part {
	if share == 0 {
		return Training
	}
	sum := sha256.Sum256(words)
	x := float64(binary.BigEndian.Uint64(sum[:8])>>11) * 0x1p-53
	switch {
	case x < share:
		return HeldOut
	case x >= 1-TuningShare(share):
		return Tuning
	}
	return Training
}

// part decides the parts of the sentences.
func (l *loader) part() {
	l.parts = make([]Part, len(l.sentences))
	if l.opts.HoldOut == 0 {
		return
	}
	var line []byte
	for i, s := range l.sentences {
		line = line[:0]
		for _, w := range s.Words {
			line = append(append(line, l.words[w].text...), 0)
		}
		l.parts[i] = partOf(line, l.opts.HoldOut)
	}
}

// whole makes sure that every part has a sentence with a transition.
func (l *loader) whole() error {
	if l.opts.HoldOut == 0 {
		return nil
	}
	var have [parts]bool
	for i, s := range l.sentences {
		if len(s.Words) > 1 || l.opts.Boundary {
			have[l.parts[i]] = true
		}
	}
	for p, ok := range have {
		if !ok {
			return errEmptyPart(Part(p), l.opts.HoldOut, len(l.sentences))
		}
	}
	return nil
}

// errEmptyPart says that a text is too short to be parted.
func errEmptyPart(p Part, share float64, sentences int) error {
	advice := "give a text of more different sentences"
	switch {
	case p == Training && share > 0.5:
		advice += ", or a smaller share"
	case p != Training && share < 0.5:
		advice += ", or a larger share"
	}
	different := fmt.Sprintf("%d different ones", sentences)
	if sentences == 1 {
		different = "1 different one"
	}
	return fmt.Errorf("--holdout %g: no %s sentence with two words is left: sentences are parted by a hash of their words, equal ones alike, and the text has only %s: %s", share, p, different, advice)
}
