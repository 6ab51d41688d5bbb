package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"qk/data/table"
	"qk/data/text"
	"qk/train"
)

// countCSV prints the counts of a text of any size as they come. They are sorted by
// the word and the next word: a transition, and then the pairs that it is part of.
func (a *app) countCSV(ctx context.Context, c train.Config, o countOptions) error {
	t, err := o.settings(c)
	if err != nil {
		return err
	}
	if len(t.Tables) > 1 && slices.Contains(t.Tables, table.Cooccurrences) {
		return &train.FlagError{Flag: "tables", Value: shown(o.tables), Why: "co-occurrences are in another order than transitions and pairs: with --csv, print them alone"}
	}
	sources, err := text.OpenAll(c.Corpus.Names(), a.stdin)
	if err != nil {
		return err
	}
	t.NoDigest, t.NoSHA256 = true, true
	w := csvWriter{out: bufio.NewWriterSize(a.stdout, 1<<16), both: len(t.Tables) == 2}
	t.Settled = w.head
	if _, err := a.tally(ctx, sources, t, w.rows); err != nil {
		return err
	}
	if err := w.end(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// csvWriter writes rows as CSV.
type csvWriter struct {
	out    *bufio.Writer
	quoted []string // the words as they are written
	both   bool     // transitions wait for their pairs
	held   []heldTransition
	line   []byte
}

type heldTransition struct {
	w, y int32
	n    int64
}

// head writes the names of the columns.
func (c *csvWriter) head(words []table.Word) error {
	var quoted bytes.Buffer
	lines := csv.NewWriter(&quoted)
	for _, w := range words {
		if err := lines.Write([]string{w.Text}); err != nil {
			return err
		}
		lines.Flush()
		c.quoted = append(c.quoted, strings.TrimSuffix(quoted.String(), "\n"))
		quoted.Reset()
	}
	_, err := io.WriteString(c.out, "earlier,word,next,n\n")
	return err
}

// rows writes the rows of a table.
func (c *csvWriter) rows(t table.Name, r table.Rows) error {
	w, last := r.Keys[0], r.Keys[len(r.Keys)-1]
	for i, n := range r.N {
		switch {
		case t == table.Cooccurrences:
			c.write(c.quoted[last[i]], w[i], "", n)
		case t == table.Transitions && c.both:
			c.held = append(c.held, heldTransition{w[i], last[i], n})
		case t == table.Transitions:
			c.write("", w[i], c.quoted[last[i]], n)
		default:
			c.release(w[i], r.Keys[1][i])
			c.write(c.quoted[last[i]], w[i], c.quoted[r.Keys[1][i]], n)
		}
	}
	if err := c.out.Flush(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// release writes the transitions that are held up to that of two words.
func (c *csvWriter) release(w, y int32) {
	for len(c.held) > 0 && (c.held[0].w < w || c.held[0].w == w && c.held[0].y <= y) {
		h := c.held[0]
		c.held = c.held[1:]
		c.write("", h.w, c.quoted[h.y], h.n)
	}
}

// write writes a line. An error of the writer is kept by it.
func (c *csvWriter) write(earlier string, word int32, next string, n int64) {
	c.line = append(append(c.line[:0], earlier...), ',')
	c.line = append(append(c.line, c.quoted[word]...), ',')
	c.line = append(append(c.line, next...), ',')
	c.line = append(strconv.AppendInt(c.line, n, 10), '\n')
	_, _ = c.out.Write(c.line)
}

// end writes what is held still.
func (c *csvWriter) end() error {
	for _, h := range c.held {
		c.write("", h.w, c.quoted[h.y], h.n)
	}
	return c.out.Flush()
}
