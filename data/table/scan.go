package table

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// Scan calls visit with the rows of a table in ascending order, some at a time;
// they are valid during the call only. It needs little memory, whatever the size
// of the table.
//
// The checksum of the file, if there is one, is compared before the first row is
// handed out. Rows out of order or twice, word numbers outside the vocabulary and
// counts below 1 are an [*Error] that names the row; so are, at the end, sums that
// are not what the directory says. An error of visit ends the scan and is returned
// as it is.
func (c *Count) Scan(t Name, visit func(Rows) error) error {
	s, err := c.scanner(t)
	if err != nil {
		return err
	}
	defer s.close()
	for {
		rows, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := visit(rows); err != nil {
			return err
		}
	}
}

// scanner hands out the rows of a table in turn. Each column is read ahead by a
// goroutine of its own.
type scanner struct {
	file    *parquetFile
	check   rowCheck
	columns []*pageReader
	current []block // what is left of the block of each column
	stop    chan struct{}
}

// readAhead is how many blocks of each column wait for their turn.
const readAhead = 2

// scanner opens a table and compares its checksum.
func (c *Count) scanner(t Name) (*scanner, error) {
	if !slices.Contains(c.tables, t) {
		return nil, &Error{Dir: c.dir, File: t.fileName(), Reason: "is not there, as the table was not asked for when the text was counted", Hint: "count it with `qk count --tables`"}
	}
	f, err := c.open(t)
	if err != nil {
		return nil, err
	}
	if err := f.verify(); err != nil {
		f.close()
		return nil, err
	}
	s := &scanner{file: f, check: rowCheck{keys: len(t.Keys())}, stop: make(chan struct{})}
	for i := range t.columns() {
		p := &pageReader{file: f, index: i, blocks: make(chan block, readAhead), stop: s.stop}
		s.columns = append(s.columns, p)
		go func() {
			defer close(p.blocks)
			p.run()
		}()
	}
	s.current = make([]block, len(s.columns))
	return s, nil
}

// close ends the goroutines and closes the file.
func (s *scanner) close() {
	close(s.stop)
	for _, p := range s.columns {
		for range p.blocks { // until its goroutine is done with the file
		}
	}
	s.file.close()
}

// next returns the next rows, which are valid until the next call. The end is
// io.EOF.
func (s *scanner) next() (Rows, error) {
	n, ended := 0, 0
	for i, p := range s.columns {
		for s.current[i].err == nil && s.current[i].len() == 0 {
			if page := s.current[i].page; page != nil {
				parquet.Release(page)
			}
			s.current[i] = <-p.blocks
		}
		b := s.current[i]
		switch {
		case errors.Is(b.err, io.EOF):
			ended++
		case b.err != nil:
			return Rows{}, b.err
		case n == 0 || b.len() < n:
			n = b.len()
		}
	}
	if ended == len(s.columns) {
		return Rows{}, s.end()
	}
	if ended > 0 {
		return Rows{}, s.file.fail(0, "is damaged: its columns are not equally long", hintRecount)
	}
	return s.take(n)
}

// take takes n rows from the current blocks and checks them.
func (s *scanner) take(n int) (Rows, error) {
	var rows Rows
	for i := range s.current {
		b := &s.current[i]
		if i < len(s.columns)-1 {
			rows.Keys = append(rows.Keys, b.keys[:n:n])
			b.keys = b.keys[n:]
		} else {
			rows.N = b.n[:n:n]
			b.n = b.n[n:]
		}
	}
	before := s.check.rows
	if at, reason := s.check.add(rows); at >= 0 {
		return Rows{}, s.file.fail(before+int64(at)+1, reason, s.file.hint())
	}
	if V := len(s.file.count.words); int(s.check.largest) >= V {
		for i := range rows.N {
			for k, key := range rows.Keys {
				if int(key[i]) >= V {
					return Rows{}, s.file.fail(before+int64(i)+1, fmt.Sprintf("the column %s is %d, and the vocabulary numbers words from 0 to %d", s.file.name.Keys()[k], key[i], V-1), s.file.hint())
				}
			}
		}
	}
	return rows, nil
}

// end checks the sums and returns io.EOF.
func (s *scanner) end() error {
	c, f := s.file.count, s.file
	if rows := f.NumRows(); rows != s.check.rows {
		return f.fail(0, fmt.Sprintf("is damaged: it has %d rows, and its metadata says %d", s.check.rows, rows), hintRecount)
	}
	if e := c.m.Tables[f.name]; e != nil && (e.Rows != s.check.rows || e.N != s.check.sum) {
		return f.fail(0, fmt.Sprintf("has %d rows with a sum of %d, and %s says %d with %d", s.check.rows, s.check.sum, manifestName, e.Rows, e.N), hintRecount)
	}
	if t := c.m.Totals; t != nil && f.name == Transitions && t.Positions != s.check.sum {
		return f.fail(0, fmt.Sprintf("counts %d transitions in all, and %s says that the text has %d positions", s.check.sum, manifestName, t.Positions), f.hint())
	}
	return io.EOF
}
