package table

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
)

// wordRow is a row of the table of words as the Parquet library writes it.
type wordRow struct {
	Word int32  `parquet:"word,delta"`
	Text string `parquet:"text,delta,zstd"`
	N    int64  `parquet:"n,delta"`
}

// writeVocabulary writes the table of words, which is small next to the others.
func (w *Writer) writeVocabulary(words []Word, d description) (entry, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return entry{}, err
	}
	var file bytes.Buffer
	to := parquet.NewGenericWriter[wordRow](&file, parquet.CreatedBy("qk", "1", ""), parquet.KeyValueMetadata(metadataKey, string(text)),
		parquet.SortingWriterConfig(parquet.SortingColumns(parquet.Ascending("word"))), parquet.MaxRowsPerRowGroup(int64(w.layout.group)))
	var sum int64
	for i, word := range words {
		if _, err := to.Write([]wordRow{{Word: int32(i), Text: word.Text, N: word.N}}); err != nil {
			return entry{}, err
		}
		sum += word.N
	}
	if err := to.Close(); err != nil {
		return entry{}, err
	}
	out, err := w.dir.Create(Vocabulary.fileName())
	if err != nil {
		return entry{}, err
	}
	return entry{Rows: int64(len(words)), N: sum, Bytes: int64(file.Len()), SHA256: fmt.Sprintf("%x", sha256.Sum256(file.Bytes()))},
		writeAndFinish(out, file.Bytes())
}

// checkWords holds words against what every vocabulary obeys: some words, sorted
// by their bytes, none twice, none empty, all of them UTF-8, counts not negative,
// with a sum that 63 bits hold. If one is wrong it returns its number and what is
// wrong with it, else −1.
func checkWords(words []Word) (int, string) {
	if len(words) == 0 {
		return 0, "there is none"
	}
	var sum int64
	for i, word := range words {
		switch {
		case i > math.MaxInt32-1:
			return i, "there are more words than 31 bits can number"
		case word.Text == "":
			return i, "its text is empty"
		case !utf8.ValidString(word.Text):
			return i, fmt.Sprintf("its text %q is not UTF-8", word.Text)
		case i > 0 && word.Text == words[i-1].Text:
			return i, fmt.Sprintf("%q is there twice", word.Text)
		case i > 0 && word.Text < words[i-1].Text:
			return i, fmt.Sprintf("%q comes after %q: words have to be in the order of their bytes", word.Text, words[i-1].Text)
		case word.N < 0:
			return i, fmt.Sprintf("%q has the count %d, below zero", word.Text, word.N)
		case sum > math.MaxInt64-word.N:
			return i, "the sum of n is above 2^63−1 from here on"
		}
		sum += word.N
	}
	return -1, ""
}

// readVocabulary reads and checks the table of words.
func (c *Count) readVocabulary() (words []Word, err error) {
	f, err := c.open(Vocabulary)
	if err != nil {
		return nil, err
	}
	defer f.close()
	if err := f.verify(); err != nil {
		return nil, err
	}
	defer f.caught(&err)
	numbers, err := f.boxed(0)
	if err != nil {
		return nil, err
	}
	texts, err := f.boxed(1)
	if err != nil {
		return nil, err
	}
	counts, err := f.boxed(2)
	if err != nil {
		return nil, err
	}
	if rows := int(f.NumRows()); len(numbers) != rows || len(texts) != rows || len(counts) != rows {
		return nil, f.fail(0, "is damaged: its columns are not equally long", hintRecount)
	}
	for i, number := range numbers {
		if number.Int64() != int64(i) {
			return nil, f.fail(int64(i)+1, fmt.Sprintf("has the number %d, and words are numbered from 0 on, one by one", number.Int64()), f.hint())
		}
		words = append(words, Word{Text: string(texts[i].ByteArray()), N: counts[i].Int64()})
	}
	if at, reason := checkWords(words); at >= 0 {
		return nil, f.fail(int64(at)+1, reason, f.hint())
	}
	return words, nil
}

// boxed reads a column of a small table.
func (f *parquetFile) boxed(index int) ([]parquet.Value, error) {
	var all []parquet.Value
	var some [256]parquet.Value
	for _, group := range f.RowGroups() {
		pages := group.ColumnChunks()[f.leaves[index].Index()].Pages()
		for {
			page, err := pages.ReadPage()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, errors.Join(f.fail(0, "is damaged: "+err.Error(), hintRecount), pages.Close())
			}
			values := page.Values()
			for {
				n, err := values.ReadValues(some[:])
				for _, v := range some[:n] {
					if v.IsNull() {
						return nil, errors.Join(f.fail(int64(len(all))+1, "the column "+f.leaves[index].Name()+" is null", f.hint()), pages.Close())
					}
					all = append(all, wide(v))
				}
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					return nil, errors.Join(f.fail(0, "is damaged: "+err.Error(), hintRecount), pages.Close())
				}
			}
			parquet.Release(page)
		}
		if err := pages.Close(); err != nil {
			return nil, f.count.failed(f.name.fileName(), err)
		}
	}
	return all, nil
}

// wide copies a value out of its page, integers as 64 bits.
func wide(v parquet.Value) parquet.Value {
	if v.Kind() == parquet.Int32 {
		return parquet.Int64Value(int64(v.Int32()))
	}
	return v.Clone()
}
