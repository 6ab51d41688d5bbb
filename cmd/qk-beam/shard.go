package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"

	"qk/cmd/qk-beam/internal/runs"
	"qk/data/table"
	"qk/train/disk"
)

// shard is a file with the rows of one table in one range of current words, as a
// run.
type shard struct {
	Table string
	Range int
	File  string // within the staging folder
	Rows  int64
	N     int64 // sum of the counts, those of rows that are left out too
	Bytes int64
	CRC   int64 // CRC-32, Castagnoli, of the bytes
}

// castagnoli makes the checksums of shards.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// shardFn merges the runs of a group and writes the result into a file.
type shardFn struct {
	Staging  string
	MinPairs int64
	Limits   limits
}

// ProcessElement writes the shard of a group. Its name is a new one at every try, so
// that a worker that was given up on does no harm.
func (f *shardFn) ProcessElement(ctx context.Context, group int64, each func(*[]byte) bool, emit func(shard)) error {
	t, r := ungroup(group)
	if t < 0 || t >= len(tables) {
		return reported(fmt.Errorf("there is no table %d: this is a bug", t))
	}
	s := shard{Table: string(tables[t]), Range: r}
	var merged [][]byte
	var run []byte
	size, limit := 0, f.Limits.RunBytes
	for each(&run) {
		merged = append(merged, append([]byte(nil), run...))
		if size += len(run); size >= limit {
			one, err := mergeRuns(merged)
			if err != nil {
				return reported(f.inTable(s, err))
			}
			merged, size = [][]byte{one}, len(one)
			limit = max(limit, 2*size) // so that no row is merged too often
		}
	}
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails
	s.File = fmt.Sprintf("%s-%05d-%s.run", s.Table, s.Range, hex.EncodeToString(id[:]))
	if err := f.write(ctx, &s, merged); err != nil {
		return reported(err)
	}
	emit(s)
	return nil
}

// mergeRuns adds up runs in memory.
func mergeRuns(parts [][]byte) ([]byte, error) {
	var sum []byte
	var e runs.Encoder
	err := runs.Merge(parts, func(key uint64, n int64) (err error) {
		sum, err = e.Append(sum, key, n)
		return err
	})
	return sum, err
}

// write writes the sum of runs and fills in the shard.
func (f *shardFn) write(ctx context.Context, s *shard, parts [][]byte) (err error) {
	name := join(f.Staging, s.File)
	files, err := filesystem.New(ctx, name)
	if err != nil {
		return fmt.Errorf("--staging %s: %w", f.Staging, err)
	}
	defer files.Close()
	out, err := files.OpenWrite(ctx, name)
	if err != nil {
		return fmt.Errorf("--staging %s: %w", f.Staging, disk.WithoutPath(err))
	}
	sum := crc32.New(castagnoli)
	buffered := bufio.NewWriterSize(io.MultiWriter(out, sum), 1<<16)
	defer func() {
		if err == nil {
			err = buffered.Flush()
		}
		if closed := out.Close(); err == nil {
			err = closed
		}
		if err != nil {
			err = fmt.Errorf("write %s: %w", name, disk.WithoutPath(err))
		}
		s.CRC = int64(sum.Sum32())
	}()
	var e runs.Encoder
	var row []byte
	err = runs.Merge(parts, func(key uint64, n int64) (err error) {
		s.N += n
		if n < f.MinPairs && s.Table == string(table.Pairs) {
			return nil
		}
		if row, err = e.Append(row[:0], key, n); err != nil {
			return err
		}
		s.Bytes += int64(len(row))
		_, err = buffered.Write(row)
		return err
	})
	s.Rows = e.Rows
	return f.inTable(*s, err)
}

// inTable says which table an error is about.
func (f *shardFn) inTable(s shard, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("table %s: %w", s.Table, err)
}

// join puts a file into a folder of any file system.
func join(folder, file string) string { return strings.TrimRight(folder, "/") + "/" + file }
