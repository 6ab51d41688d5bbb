package export

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"
)

// CSVOptions says how a table is written.
type CSVOptions struct {
	// Runs puts the folder of the run into a first column, for a table of several runs.
	Runs bool
	// Spreadsheet puts an apostrophe before every text that a spreadsheet would take
	// for a formula: one that begins with =, +, -, @, a tab or a carriage return, see
	// https://owasp.org/www-community/attacks/CSV_Injection. Without it a word is
	// written as it is, because programs join tables by it.
	Spreadsheet bool
}

// CSV writes a table of one run or more, by RFC 4180 but for the ends of lines, which
// are \n.
type CSV struct {
	// Formulas counts the texts of two or more characters that a spreadsheet would
	// take for formulas.
	Formulas int

	table   Table
	options CSVOptions
	out     *bufio.Writer
	csv     *csv.Writer
	record  []string
	begun   bool
	run     string
}

// NewCSV begins a table.
func NewCSV(w io.Writer, t Table, o CSVOptions) *CSV {
	out := bufio.NewWriterSize(w, 1<<16)
	return &CSV{table: t, options: o, out: out, csv: csv.NewWriter(out)}
}

// ErrNoResult says that a run has not come to a result.
var ErrNoResult = errors.New("it has no result yet")

// Add writes the rows of a run. The error of a run that has not what the table is
// about wraps [ErrNoResult], or is a [*NoTableError].
func (c *CSV) Add(r *Run) error {
	if err := c.possible(r); err != nil {
		return fmt.Errorf("run %s: %w", r.Path, err)
	}
	c.run = filepath.ToSlash(r.Path)
	if !c.begun {
		c.begun = true
		if err := c.head(r); err != nil {
			return err
		}
	}
	write := map[Table]func(*Run) error{
		Vocabulary: c.vocabulary, Transitions: c.transitions, Pairs: c.pairs, Masks: c.masks,
		Scores: c.scores, Attention: c.attention, Queries: c.queries, Keys: c.keys,
		Metrics: c.metrics, Checks: c.checks, Lines: c.lines, Settings: c.settings,
	}
	return write[c.table](r)
}

// NoTableError says that a run has no such table.
type NoTableError struct{ Table Table }

func (e *NoTableError) Error() string {
	return fmt.Sprintf("it learns the table of transitions, so it counts no %s: use transitions, or attention for what was learned", e.Table)
}

// possible tells what keeps a run from having the table.
func (c *CSV) possible(r *Run) error {
	switch {
	case (c.table == Pairs || c.table == Masks) && r.Experiment.Masks == nil:
		return &NoTableError{c.table}
	case (c.table == Checks || c.table == Lines) && r.Record.Result == nil:
		return fmt.Errorf("%w: go on with `qk train --resume %s`", ErrNoResult, r.Path)
	}
	return nil
}

// Flush writes what is buffered.
func (c *CSV) Flush() error {
	c.csv.Flush()
	if err := c.csv.Error(); err != nil {
		return err
	}
	return c.out.Flush()
}

func (c *CSV) head(r *Run) error {
	if c.options.Runs {
		c.record = append(c.record, "run")
	}
	for _, name := range c.table.header(r) {
		c.text(name)
	}
	return c.end()
}

// start begins a line.
func (c *CSV) start() {
	if c.options.Runs {
		c.text(c.run)
	}
}

// text adds a cell of text.
func (c *CSV) text(s string) {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		if len(s) > 1 {
			c.Formulas++
		}
		if c.options.Spreadsheet {
			s = "'" + s
		}
	}
	c.record = append(c.record, s)
}

// number adds a cell with all digits of a number, or an empty one if it is none.
func (c *CSV) number(x float64) {
	if math.IsNaN(x) {
		c.record = append(c.record, "")
		return
	}
	c.record = append(c.record, strconv.FormatFloat(x, 'g', -1, 64))
}

// optional adds a number that may be missing.
func (c *CSV) optional(x *float64) {
	if x == nil {
		c.number(math.NaN())
		return
	}
	c.number(*x)
}

func (c *CSV) count(n uint64) { c.record = append(c.record, strconv.FormatUint(n, 10)) }

// binary adds 1 or 0.
func (c *CSV) binary(yes bool) {
	if yes {
		c.count(1)
		return
	}
	c.count(0)
}

// end writes the line.
func (c *CSV) end() error {
	err := c.csv.Write(c.record)
	c.record = c.record[:0]
	return err
}
