package counting

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"qk/data/table"
)

// readOurs adds up a table of qk's, and checks its order and its words.
func (k *kit) readOurs(dir string, t table.Name) (finding, error) {
	c, err := table.Open(dir)
	if err != nil {
		return finding{}, err
	}
	if !slices.Equal(c.Words(), k.text.Words) {
		return finding{}, fmt.Errorf("the vocabulary is another: %d words, want %d, or other counts", len(c.Words()), len(k.text.Words))
	}
	f := finding{Of: t}
	keys := make([]uint32, len(t.Keys()))
	before := slices.Clone(keys)
	err = c.Scan(t, func(rows table.Rows) error {
		for i, n := range rows.N {
			for j, column := range rows.Keys {
				keys[j] = uint32(column[i])
			}
			if f.Got.Rows > 0 && slices.Compare(before, keys) >= 0 {
				return fmt.Errorf("%s: row %d, %v, is not above the one before, %v", t, f.Got.Rows, keys, before)
			}
			f.Got.add(n, keys...)
			copy(before, keys)
		}
		return nil
	})
	return f, err
}

// readRows adds up lines of words and a number with tabs between them.
func (k *kit) readRows(path string, t table.Name) (finding, error) {
	f := finding{Of: t}
	err := eachLine(path, func(line string) error {
		fields := strings.Split(line, "\t")
		if len(fields) != len(t.Keys())+1 {
			return fmt.Errorf("%q: want %d fields", line, len(t.Keys())+1)
		}
		n, err := strconv.ParseInt(fields[len(fields)-1], 10, 64)
		if err != nil {
			return err
		}
		keys := make([]uint32, len(t.Keys()))
		for i := range keys {
			if keys[i], err = k.number(fields[i]); err != nil {
				return err
			}
		}
		f.Got.add(n, keys...)
		return nil
	})
	return f, err
}

// number returns the number of a word of the peers' text.
func (k *kit) number(word string) (uint32, error) {
	n, ok := k.text.Numbers[word]
	if !ok {
		return 0, fmt.Errorf("%q is not a word of the text", word)
	}
	return n, nil
}

// readGlove adds up the records of cooccur, whose words are numbered by the lines
// of the file that vocab_count wrote.
func (k *kit) readGlove(words, out string, t table.Name, directed bool) (finding, error) {
	if !directed {
		return finding{Note: "both directions, weighted by distance"}, nil
	}
	f := finding{Of: t}
	if t == windowed {
		f.Note = "equal earlier words count each time, and the last word of a sentence counts"
	}
	numbers := []uint32{0} // its words begin at 1
	err := eachLine(words, func(line string) error {
		word, _, _ := strings.Cut(line, " ")
		n, err := k.number(word)
		numbers = append(numbers, n)
		return err
	})
	if err != nil {
		return f, err
	}
	file, err := os.Open(out)
	if err != nil {
		return f, err
	}
	defer file.Close()
	in := bufio.NewReaderSize(file, 1<<20)
	record := make([]byte, 16)
	for {
		_, err := io.ReadFull(in, record)
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return f, fmt.Errorf("%s: %w", out, err)
		}
		a, b := binary.NativeEndian.Uint32(record), binary.NativeEndian.Uint32(record[4:])
		n := math.Float64frombits(binary.NativeEndian.Uint64(record[8:]))
		if int(a) >= len(numbers) || int(b) >= len(numbers) || n != math.Trunc(n) {
			return f, fmt.Errorf("%s: a record of the words %d and %d of %d, %g times", out, a, b, len(numbers)-1, n)
		}
		if t == windowed {
			a, b = b, a // it names the earlier word first
		}
		f.Got.add(int64(n), numbers[a], numbers[b])
	}
}

// readKenlm reads how many words and pairs of words a model has.
func (k *kit) readKenlm(out string) (finding, error) {
	f := finding{Of: table.Transitions, RowsOnly: true, Note: "smooths, and writes probabilities"}
	file, err := os.Open(out)
	if err != nil {
		return f, err
	}
	defer file.Close()
	head, err := io.ReadAll(io.LimitReader(file, 200))
	if err != nil {
		return f, err
	}
	var words, pairs int64
	if _, err := fmt.Fscanf(bytes.NewReader(head), "\\data\\\nngram 1=%d\nngram 2=%d\n", &words, &pairs); err != nil {
		return f, fmt.Errorf("%s begins with %q: %w", out, head, err)
	}
	if own := int64(3); words != int64(len(k.text.Words))+own { // <unk>, <s>, </s>
		return f, fmt.Errorf("it has %d words, want %d and %d of its own", words, len(k.text.Words), own)
	}
	f.Got.Rows = pairs - k.text.Ends // <s> with each first word, each last word with </s>
	return f, nil
}

// eachLine visits the lines of a file.
func eachLine(path string, visit func(line string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(make([]byte, 1<<16), 1<<24)
	for n := 1; in.Scan(); n++ {
		if err := visit(in.Text()); err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
	return in.Err()
}
