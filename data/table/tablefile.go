package table

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
	"path/filepath"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"qk/train/disk"
)

const (
	magic     = "PAR1"
	createdBy = "qk version 1"
)

// tableFile is a table that is being written.
type tableFile struct {
	name    Name
	out     *disk.File
	to      io.Writer // out, and the checksum
	sum     hash.Hash
	offset  int64
	groups  []format.RowGroup
	check   rowCheck
	filling *group        // rows that make no full group yet, or nil
	queue   chan *group   // groups in the order of their rows
	written chan struct{} // closed when the queue is closed and written
	err     error         // the first; to be read after written
}

func newTableFile(t Name, out *disk.File, ahead int) *tableFile {
	f := &tableFile{name: t, out: out, sum: sha256.New(), check: rowCheck{keys: len(t.Keys())},
		queue: make(chan *group, ahead), written: make(chan struct{})}
	f.to = io.MultiWriter(out, f.sum)
	return f
}

// run writes the groups of the queue, each when it is encoded, and hands them on
// to free. The first error is also told to fail, and the rest is passed over.
func (f *tableFile) run(free func(*group), fail func(error)) {
	defer close(f.written)
	f.err = f.write([]byte(magic))
	for g := range f.queue {
		<-g.done
		if f.err == nil {
			f.err = f.add(g)
		}
		if f.err != nil {
			fail(f.err)
		}
		free(g)
	}
}

// add writes a group, if its rows follow those written before.
func (f *tableFile) add(g *group) error {
	if g.err != nil {
		return g.err
	}
	if g.bad < 0 && f.check.rows > 0 && compareKeys(f.check.last, g.check.first) >= 0 {
		g.bad, g.reason = 0, fmt.Sprintf("has the keys %v, and the row before has %v: rows have to be in ascending order", g.check.first[:f.check.keys], f.check.last[:f.check.keys])
	}
	if g.bad < 0 && f.check.sum+g.check.sum < 0 {
		g.bad, g.reason = 0, "the sum of n is above 2^63−1 from about here on"
	}
	if g.bad >= 0 {
		return f.fail(f.check.rows+int64(g.bad)+1, g.reason)
	}
	f.groups = append(f.groups, g.describe(f.name, f.offset))
	f.check.rows += g.check.rows
	f.check.sum += g.check.sum
	f.check.largest = max(f.check.largest, g.check.largest)
	f.check.last = g.check.last
	return f.write(g.out)
}

// fail makes an error about the rows; row is counted from 1, or 0.
func (f *tableFile) fail(row int64, reason string) error {
	return &Error{Dir: filepath.Dir(f.out.Path()), File: f.name.fileName(), Row: row, Reason: reason}
}

func (f *tableFile) write(p []byte) error {
	n, err := f.to.Write(p)
	f.offset += int64(n)
	return err
}

// finish writes the metadata, syncs and closes the file.
func (f *tableFile) finish(d description) (entry, error) {
	meta, err := d.metadata()
	if err != nil {
		return entry{}, err
	}
	schema, orders := schemaOf(f.name)
	footer, err := thrift.Marshal(new(thrift.CompactProtocol), &format.FileMetaData{
		Version: 2, Schema: schema, NumRows: f.check.rows, RowGroups: f.groups,
		KeyValueMetadata: meta, CreatedBy: createdBy, ColumnOrders: orders,
	})
	if err != nil {
		return entry{}, err
	}
	length := uint32(len(footer))
	footer = binary.LittleEndian.AppendUint32(footer, length)
	if err := f.write(append(footer, magic...)); err != nil {
		return entry{}, err
	}
	return entry{Rows: f.check.rows, N: f.check.sum, Bytes: f.offset, SHA256: fmt.Sprintf("%x", f.sum.Sum(nil))}, f.out.Finish()
}
