package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	"qk/cmd/qk-beam/internal/runs"
	"qk/data/table"
)

// batchRows is how many rows are handed on at a time.
const batchRows = 1 << 14

// scan visits the rows of a table in ascending order, shard by shard. The rows are
// valid only during the call.
func (m *manifest) scan(ctx context.Context, staging string, t table.Name, visit func(table.Rows) error) error {
	columns := len(t.Keys())
	if t == table.Vocabulary {
		columns = 1
	}
	layout := runs.NewLayout(len(m.Words), m.Job.Ranges)
	for _, s := range m.Shards {
		if s.Table != string(t) {
			continue
		}
		if err := s.scan(ctx, staging, layout, columns, visit); err != nil {
			return fmt.Errorf("read %s: %w", join(staging, s.File), err)
		}
	}
	return nil
}

// errShard says that a staged file is not what the job wrote.
var errShard = errors.New("it is damaged or not complete: count again")

// scan visits the rows of the shard.
func (s shard) scan(ctx context.Context, staging string, layout runs.Layout, columns int, visit func(table.Rows) error) error {
	in, err := openFile(ctx, "shard", join(staging, s.File))
	if err != nil {
		return err
	}
	defer in.Close()
	sum := &summed{in: bufio.NewReaderSize(in, 1<<16), sum: crc32.New(castagnoli)}
	d := runs.NewDecoder(sum)
	rows := table.Rows{Keys: make([][]int32, columns)}
	words := make([]int32, columns)
	for n := int64(0); ; n++ {
		err := d.Next()
		if err == io.EOF && n == s.Rows && sum.n == s.Bytes && int64(sum.sum32()) == s.CRC {
			break
		}
		if err != nil || !layout.Unpack(s.Range, d.Key, words) {
			return errors.Join(errShard, withoutEOF(err))
		}
		for i, w := range words {
			rows.Keys[i] = append(rows.Keys[i], w)
		}
		rows.N = append(rows.N, d.N)
		if len(rows.N) == batchRows {
			if err := visit(rows); err != nil {
				return err
			}
			for i := range rows.Keys {
				rows.Keys[i] = rows.Keys[i][:0]
			}
			rows.N = rows.N[:0]
		}
	}
	if len(rows.N) == 0 {
		return nil
	}
	return visit(rows)
}

// withoutEOF drops an end that came too early or too late.
func withoutEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// summed reads bytes, and counts and sums them.
type summed struct {
	in      *bufio.Reader
	sum     hash.Hash32
	n       int64
	pending []byte // read, not summed yet
}

// ReadByte reads a byte.
func (r *summed) ReadByte() (byte, error) {
	b, err := r.in.ReadByte()
	if err != nil {
		return 0, err
	}
	r.n++
	r.pending = append(r.pending, b)
	if len(r.pending) == 4096 {
		r.sum32()
	}
	return b, nil
}

// sum32 returns the checksum so far.
func (r *summed) sum32() uint32 {
	_, _ = r.sum.Write(r.pending) // never fails
	r.pending = r.pending[:0]
	return r.sum.Sum32()
}

// write writes the directory of counts from what the workers of a job wrote, and
// says what it holds. The rows come one shard after another, as they do not overlap.
func write(ctx context.Context, staging, out string, stdout io.Writer) error {
	m, err := readManifest(ctx, staging)
	if err != nil {
		return err
	}
	names := make([]table.Name, len(m.Job.Tables))
	for i, t := range m.Job.Tables {
		names[i] = table.Name(t)
	}
	w, err := table.Create(out, m.Job.Settings.table(), names, table.Options{MinPairs: m.Job.MinPairs})
	if err != nil {
		return err
	}
	rows := make([]int64, len(names))
	for i, t := range names {
		err := m.scan(ctx, staging, t, func(r table.Rows) error {
			rows[i] += int64(r.Len())
			return errors.Join(ctx.Err(), w.Append(t, r))
		})
		if err != nil {
			return errors.Join(err, w.Discard())
		}
	}
	words, err := m.words(ctx, staging)
	if err != nil {
		return errors.Join(err, w.Discard())
	}
	if err := w.Commit(words, m.Totals.table()); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s: %d words of text, %d positions; %d words in the vocabulary", out, m.Totals.Tokens, m.Totals.Positions, len(words))
	for i, t := range names {
		fmt.Fprintf(stdout, ", %d %s", rows[i], t)
	}
	fmt.Fprintln(stdout)
	return nil
}

// words returns the vocabulary with its counts.
func (m *manifest) words(ctx context.Context, staging string) ([]table.Word, error) {
	words := make([]table.Word, len(m.Words))
	for i, text := range m.Words {
		words[i].Text = text
	}
	err := m.scan(ctx, staging, table.Vocabulary, func(r table.Rows) error {
		for i, w := range r.Keys[0] {
			words[w].N = r.N[i]
		}
		return nil
	})
	return words, err
}
