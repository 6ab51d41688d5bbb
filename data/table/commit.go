package table

import (
	"errors"
	"fmt"

	"qk/train/disk"
)

// Commit ends the writing: it adds the vocabulary, which must be sorted by bytes,
// and the totals, and puts the directory in its place. What does not fit together
// is an error: a word number without a word, or transitions that are not as many
// as the positions. After an error nothing is left of the directory.
func (w *Writer) Commit(words []Word, totals Totals) error {
	if w.closed {
		return fmt.Errorf("count %s: is committed or discarded already", w.Dir())
	}
	for _, f := range w.files {
		if f.filling != nil {
			_ = w.submit(f) // the error is looked at below
		}
	}
	w.drain()
	err := w.failure()
	if err == nil {
		err = w.complete(words, totals)
	}
	if err != nil {
		for _, f := range w.files {
			_ = f.out.Close() // some are closed already, and all are removed next
		}
		return errors.Join(err, w.dir.Discard())
	}
	return w.dir.Commit()
}

// complete checks the tables as a whole and writes what is missing.
func (w *Writer) complete(words []Word, totals Totals) error {
	if at, reason := checkWords(words); at >= 0 {
		return &Error{Dir: w.Dir(), File: Vocabulary.fileName(), Row: int64(at) + 1, Reason: reason}
	}
	if err := totals.check(); err != nil {
		return &Error{Dir: w.Dir(), Reason: err.Error(), Err: err}
	}
	for _, f := range w.files {
		if f.check.rows > 0 && int(f.check.largest) >= len(words) {
			return f.fail(0, fmt.Sprintf("holds the word number %d, and the vocabulary has only %d words", f.check.largest, len(words)))
		}
		if f.name == Transitions && f.check.sum != totals.Positions {
			return f.fail(0, fmt.Sprintf("counts %d transitions in all, and the text has %d positions", f.check.sum, totals.Positions))
		}
	}
	m := manifest{Format: formatName, Version: Version, Settings: w.settings, MinPairs: w.options.MinPairs, Totals: &totals, Tables: map[Name]*entry{}}
	for _, f := range w.files {
		e, err := f.finish(m.describe(f.name))
		if err != nil {
			return err
		}
		m.Tables[f.name] = &e
	}
	e, err := w.writeVocabulary(words, m.describe(Vocabulary))
	if err != nil {
		return err
	}
	m.Tables[Vocabulary] = &e
	text, err := m.encode()
	if err != nil {
		return err
	}
	out, err := w.dir.Create(manifestName)
	if err != nil {
		return err
	}
	return writeAndFinish(out, text)
}

// rows returns how many rows each table has. It is for use after Commit.
func (w *Writer) rows() map[Name]int64 {
	rows := map[Name]int64{}
	for _, f := range w.files {
		rows[f.name] = f.check.rows
	}
	return rows
}

// describe returns the metadata of one of the count's tables.
func (m *manifest) describe(t Name) description {
	return description{Version: m.Version, Table: t, Settings: m.Settings, MinPairs: m.MinPairs}
}

// writeAndFinish gives a file its content.
func writeAndFinish(out *disk.File, content []byte) error {
	if _, err := out.Write(content); err != nil {
		return errors.Join(err, out.Close())
	}
	return out.Finish()
}
