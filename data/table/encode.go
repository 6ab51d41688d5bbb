package table

import (
	"encoding/binary"
	"hash/crc32"
	"math"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// A row group is encoded by hand, page by page, from whole columns of integers:
// the writers of the Parquet library box every value, which takes 25 times as
// long. What is inside a page, and the headers around it, are the library's.

// group is a row group on its way to the file.
type group struct {
	columns []column // keys
	n       []int64
	check   rowCheck
	bad     int // index of a row that is wrong, or −1
	reason  string
	out     []byte // the column chunks, one after another
	chunks  []chunk
	err     error
	done    chan struct{} // closed once all of the above is there
}

type column = []int32

// chunk is the place of one column of a group in out.
type chunk struct {
	size, raw int64 // with the page headers: in the file, and before compression
}

// newGroup returns an empty group with room for so many rows.
func newGroup(t Name, rows int) *group {
	keys := len(t.Keys())
	g := &group{columns: make([]column, keys), n: make([]int64, 0, rows), chunks: make([]chunk, keys+1)}
	for i := range g.columns {
		g.columns[i] = make(column, 0, rows)
	}
	return g
}

// rows returns the rows of the group.
func (g *group) rows() Rows { return Rows{Keys: g.columns, N: g.n} }

// reset empties the group for use again.
func (g *group) reset() {
	for i := range g.columns {
		g.columns[i] = g.columns[i][:0]
	}
	g.n, g.out, g.err = g.n[:0], g.out[:0], nil
}

// fill appends rows from the given one on, as many as fit, and returns how many.
func (g *group) fill(r Rows, from int) int {
	take := min(cap(g.n)-len(g.n), r.Len()-from)
	for i, key := range r.Keys {
		g.columns[i] = append(g.columns[i], key[from:from+take]...)
	}
	g.n = append(g.n, r.N[from:from+take]...)
	return take
}

// full tells whether no more rows fit.
func (g *group) full() bool { return len(g.n) == cap(g.n) }

// encoder encodes groups. It is for use by one goroutine at a time.
type encoder struct {
	pageRows    int
	zstd        *zstd.Encoder
	delta       delta.BinaryPackedEncoding
	page, small []byte
	narrow      []int32
}

func newEncoder(pageRows int) (*encoder, error) {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderCRC(false), zstd.WithWindowSize(1<<19))
	if err != nil {
		return nil, err
	}
	return &encoder{pageRows: pageRows, zstd: z}, nil
}

// codecs returns the compression of each column. In sorted rows the first keys
// repeat, and compressing their deltas takes little time and makes them several
// times smaller. The last key and n are as small as deltas get them: zstd would
// save nothing of the one and a sixth of the other, at ten times the cost.
func codecs(keys int) []format.CompressionCodec {
	codecs := make([]format.CompressionCodec, keys+1)
	for i := range codecs {
		codecs[i] = format.Uncompressed
		if i < keys-1 {
			codecs[i] = format.Zstd
		}
	}
	return codecs
}

// encode checks and encodes the rows of a group.
func (e *encoder) encode(g *group) {
	g.check = rowCheck{keys: len(g.columns)}
	if g.bad, g.reason = g.check.add(g.rows()); g.bad >= 0 {
		return
	}
	for i, codec := range codecs(len(g.columns)) {
		start := len(g.out)
		raw := int64(0)
		for from := 0; from < len(g.n); from += e.pageRows {
			to := min(from+e.pageRows, len(g.n))
			if i < len(g.columns) {
				e.page, g.err = e.delta.EncodeInt32(e.page[:0], g.columns[i][from:to])
			} else {
				g.err = e.counts(g.n[from:to])
			}
			if g.err == nil {
				g.err = e.addPage(g, codec, to-from, &raw)
			}
			if g.err != nil {
				return
			}
		}
		g.chunks[i] = chunk{size: int64(len(g.out) - start), raw: raw}
	}
}

// counts encodes a page of counts. Deltas look the same for 32 and 64 bits, as
// long as no difference of two of them leaves 32 bits; the library has them
// several times faster for 32.
func (e *encoder) counts(n []int64) (err error) {
	e.narrow = e.narrow[:0]
	var all int64
	for _, x := range n {
		all |= x
		e.narrow = append(e.narrow, int32(x))
	}
	if all <= math.MaxInt32>>1 {
		e.page, err = e.delta.EncodeInt32(e.page[:0], e.narrow)
	} else {
		e.page, err = e.delta.EncodeInt64(e.page[:0], n)
	}
	return err
}

// addPage puts the page at the end of the group's output, behind its header.
func (e *encoder) addPage(g *group, codec format.CompressionCodec, rows int, raw *int64) error {
	data := e.page
	if codec == format.Zstd {
		e.small = e.zstd.EncodeAll(e.page, e.small[:0])
		data = e.small
	}
	header, err := thrift.Marshal(new(thrift.CompactProtocol), &format.PageHeader{
		Type: format.DataPage, UncompressedPageSize: int32(len(e.page)), CompressedPageSize: int32(len(data)),
		CRC: int32(crc32.ChecksumIEEE(data)),
		DataPageHeader: &format.DataPageHeader{NumValues: int32(rows), Encoding: format.DeltaBinaryPacked,
			DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE},
	})
	if err != nil {
		return err
	}
	*raw += int64(len(header) + len(e.page))
	g.out = append(append(g.out, header...), data...)
	return nil
}

// describe returns the metadata of an encoded group that begins at an offset of
// the file.
func (g *group) describe(t Name, offset int64) format.RowGroup {
	names, codecs := t.columns(), codecs(len(g.columns))
	group := format.RowGroup{NumRows: int64(len(g.n)), SortingColumns: sortingColumns(t), FileOffset: offset}
	for i, c := range g.chunks {
		meta := format.ColumnMetaData{
			Type: format.Int32, Encoding: []format.Encoding{format.DeltaBinaryPacked}, PathInSchema: []string{names[i]},
			Codec: codecs[i], NumValues: int64(len(g.n)), TotalUncompressedSize: c.raw, TotalCompressedSize: c.size, DataPageOffset: offset,
		}
		switch {
		case i == len(g.columns):
			meta.Type = format.Int64
		case i == 0: // lets a reader that looks for a word pass over groups
			least, most := int32Bytes(g.check.first[0]), int32Bytes(g.check.last[0])
			meta.Statistics = format.Statistics{MinValue: least, MaxValue: most}
		}
		group.Columns = append(group.Columns, format.ColumnChunk{FileOffset: offset, MetaData: meta})
		group.TotalByteSize += c.raw
		group.TotalCompressedSize += c.size
		offset += c.size
	}
	return group
}

func int32Bytes(x int32) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(x)) }
