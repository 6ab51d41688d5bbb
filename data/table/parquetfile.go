package table

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
)

// parquetFile is a table that is open for reading.
type parquetFile struct {
	count *Count
	name  Name
	file  *os.File
	*parquet.File
	leaves []*parquet.Column // in the order of our columns
}

// open opens the file of a table and checks its columns.
func (c *Count) open(t Name) (f *parquetFile, err error) {
	file, err := os.Open(filepath.Join(c.dir, t.fileName()))
	if err != nil {
		return nil, c.failed(t.fileName(), err)
	}
	f = &parquetFile{count: c, name: t, file: file}
	if err := f.read(); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

func (f *parquetFile) close() { _ = f.file.Close() } // it was only read

// fail makes an error about the file; row is counted from 1, or 0.
func (f *parquetFile) fail(row int64, reason, hint string) error {
	return &Error{Dir: f.count.dir, File: f.name.fileName(), Row: row, Reason: reason, Hint: hint}
}

// hint returns what to do about wrong rows, which only another program can have
// written if there is no checksum.
func (f *parquetFile) hint() string {
	if f.count.Sealed() {
		return hintRecount
	}
	return hintOwn
}

// caught turns a panic of the Parquet library, which trusts what it reads, into
// an error.
func (f *parquetFile) caught(err *error) {
	if r := recover(); r != nil {
		*err = f.fail(0, fmt.Sprintf("is damaged: %v", r), hintRecount)
	}
}

// read reads the metadata.
func (f *parquetFile) read() (err error) {
	defer f.caught(&err)
	info, err := f.file.Stat()
	if err != nil {
		return f.count.failed(f.name.fileName(), err)
	}
	// The library would make room for whatever length the last bytes say.
	var tail [8]byte
	if info.Size() < int64(len(tail)+len(magic)) {
		return f.fail(0, fmt.Sprintf("is not a Parquet file: it has %d bytes", info.Size()), hintRecount)
	}
	if _, err := f.file.ReadAt(tail[:], info.Size()-int64(len(tail))); err != nil {
		return f.count.failed(f.name.fileName(), err)
	}
	if string(tail[4:]) != magic || int64(binary.LittleEndian.Uint32(tail[:])) > info.Size()-12 {
		return f.fail(0, "does not end as a Parquet file does: it was cut short, or is none", hintRecount)
	}
	if f.File, err = parquet.OpenFile(f.file, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(1<<18)); err != nil {
		return f.fail(0, "is damaged: "+err.Error(), hintRecount)
	}
	if err := f.checkDescription(); err != nil {
		return err
	}
	return f.checkColumns()
}

// checkDescription holds what the file says about itself, if it does, against the
// manifest.
func (f *parquetFile) checkDescription() error {
	text, ok := f.Lookup(metadataKey)
	if !ok {
		if f.count.Sealed() {
			return f.fail(0, "lacks the metadata that qk writes, so it is not the file that "+manifestName+" describes", hintRecount)
		}
		return nil
	}
	var d description
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return f.fail(0, "is damaged: its metadata is not JSON: "+err.Error(), hintRecount)
	}
	want := f.count.m.describe(f.name)
	switch {
	case d.Version != want.Version:
		return f.fail(0, fmt.Sprintf("is of version %d of the format, and this program knows version %d", d.Version, want.Version), hintNewer)
	case d.Table != want.Table:
		return f.fail(0, fmt.Sprintf("holds the table %s under a wrong name", d.Table), "give the file its own name back")
	case d.MinPairs != want.MinPairs:
		return f.fail(0, fmt.Sprintf("is of another count: it was counted with --min-pairs %d, and %s says %d", d.MinPairs, manifestName, want.MinPairs), hintWhole)
	case d != want:
		flag, got, said := d.Settings.differ(want.Settings)
		return f.fail(0, fmt.Sprintf("is of another count: it was counted with %s %v, and %s says %v", flag, got, manifestName, said), hintWhole)
	}
	return nil
}

// checkColumns finds the columns of the table in the file, which may have others.
func (f *parquetFile) checkColumns() error {
	names := f.name.columns()
	if f.name == Vocabulary {
		names = []string{"word", "text", "n"}
	}
	for _, name := range names {
		leaf := f.Root().Column(name)
		if leaf == nil {
			return f.fail(0, "has no column "+name, f.hint())
		}
		wanted, ok := "a whole number", false
		if leaf.Leaf() && !leaf.Repeated() {
			kind, text := leaf.Type().Kind(), name == "text"
			if text {
				wanted = "text"
				ok = kind == parquet.ByteArray
			} else {
				ok = (kind == parquet.Int32 || kind == parquet.Int64) && integral(leaf)
			}
		}
		if !ok {
			return f.fail(0, fmt.Sprintf("its column %s is %s, and should be %s (INT32 for words, INT64 for n, STRING for text)", name, leaf.Type(), wanted), f.hint())
		}
		f.leaves = append(f.leaves, leaf)
	}
	return nil
}

// integral tells whether a column of integers stands for integers, and not for
// days, times or decimals.
func integral(c *parquet.Column) bool {
	logical := c.Type().LogicalType()
	return logical == nil || logical.Integer != nil
}

// verify compares the checksum of the file, if one is recorded.
func (f *parquetFile) verify() error {
	entry := f.count.m.Tables[f.name]
	if entry == nil {
		return nil
	}
	sum := sha256.New()
	if _, err := io.CopyBuffer(onlyWriter{sum}, io.NewSectionReader(f.file, 0, f.Size()), make([]byte, min(1<<18, f.Size()))); err != nil {
		return f.count.failed(f.name.fileName(), err)
	}
	if got := fmt.Sprintf("%x", sum.Sum(nil)); got != entry.SHA256 {
		return f.fail(0, fmt.Sprintf("was changed, or is of another count: its SHA-256 is %s, and %s says %s", got, manifestName, entry.SHA256), hintRecount)
	}
	return nil
}

// onlyWriter hides every method but Write, so that io.CopyBuffer uses its buffer.
type onlyWriter struct{ io.Writer }
