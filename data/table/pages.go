package table

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"
)

// block is some values of one column, as a page of the file holds them.
type block struct {
	keys []int32      // of a key column
	n    []int64      // of the column n
	page parquet.Page // to be released, or nil
	err  error        // instead of values: the end of the column
}

func (b block) len() int { return max(len(b.keys), len(b.n)) }

// pageReader reads a column from start to end, a page at a time.
type pageReader struct {
	file   *parquetFile
	index  int   // among our columns
	row    int64 // rows read
	blocks chan block
	stop   <-chan struct{}
}

// run sends the blocks of the column, then one with an error, io.EOF at the end.
func (p *pageReader) run() {
	if err := p.all(); !errors.Is(err, errStopped) {
		p.send(block{err: err})
	}
}

var errStopped = errors.New("stopped")

func (p *pageReader) send(b block) error {
	select {
	case p.blocks <- b:
		return nil
	case <-p.stop:
		return errStopped
	}
}

func (p *pageReader) all() (err error) {
	defer p.file.caught(&err)
	leaf := p.file.leaves[p.index]
	for _, group := range p.file.RowGroups() {
		if err := p.chunk(group.ColumnChunks()[leaf.Index()]); err != nil {
			return err
		}
	}
	return io.EOF
}

// chunk reads a column chunk.
func (p *pageReader) chunk(chunk parquet.ColumnChunk) error {
	pages := chunk.Pages()
	defer pages.Close()
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return p.file.fail(0, "is damaged: "+err.Error(), hintRecount)
		}
		b, err := p.values(page)
		if err != nil {
			return err
		}
		if b.page == nil {
			parquet.Release(page)
		}
		p.row += int64(b.len())
		if err := p.send(b); err != nil {
			return err
		}
	}
}

// values returns the values of a page, where it can without copying.
func (p *pageReader) values(page parquet.Page) (block, error) {
	name := p.file.name.columns()[p.index]
	if page.NumNulls() > 0 {
		row := p.row + 1
		for i, level := range page.DefinitionLevels() {
			if level == 0 {
				row += int64(i)
				break
			}
		}
		return block{}, p.file.fail(row, "the column "+name+" is null", p.file.hint())
	}
	if page.NumValues() == 0 {
		return block{}, nil
	}
	wide := page.Type().Kind() == parquet.Int64
	data := page.Data()
	var small []int32
	var large []int64
	dictionary := page.Dictionary()
	switch {
	case dictionary != nil:
		var err error
		if small, large, err = looked(data.Int32(), dictionary); err != nil {
			return block{}, p.file.fail(0, "is damaged: "+err.Error(), hintRecount)
		}
	case wide:
		large = data.Int64()
	default:
		small = data.Int32()
	}
	if p.index == len(p.file.name.Keys()) {
		if wide {
			return block{n: large, page: kept(page, dictionary)}, nil
		}
		n := make([]int64, len(small))
		for i, x := range small {
			n[i] = int64(x)
		}
		return block{n: n}, nil
	}
	if !wide {
		return block{keys: small, page: kept(page, dictionary)}, nil
	}
	keys := make([]int32, len(large))
	for i, x := range large {
		if x < 0 || x > math.MaxInt32 {
			return block{}, p.file.fail(p.row+int64(i)+1, fmt.Sprintf("the column %s is %d, and words have numbers from 0 to %d", name, x, len(p.file.count.words)-1), p.file.hint())
		}
		keys[i] = int32(x)
	}
	return block{keys: keys}, nil
}

// kept returns the page if its own memory holds the values, which is so unless
// they were looked up in a dictionary.
func kept(page parquet.Page, dictionary parquet.Dictionary) parquet.Page {
	if dictionary != nil {
		return nil
	}
	return page
}

// looked looks indexes up in a dictionary of integers.
func looked(indexes []int32, dictionary parquet.Dictionary) (small []int32, large []int64, err error) {
	values := dictionary.Page().Data()
	if dictionary.Type().Kind() == parquet.Int64 {
		large, err = look(indexes, values.Int64())
	} else {
		small, err = look(indexes, values.Int32())
	}
	return small, large, err
}

func look[T any](indexes []int32, values []T) ([]T, error) {
	found := make([]T, len(indexes))
	for i, index := range indexes {
		if index < 0 || int(index) >= len(values) {
			return nil, fmt.Errorf("index %d of a dictionary of %d", index, len(values))
		}
		found[i] = values[index]
	}
	return found, nil
}
