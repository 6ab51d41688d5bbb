package table

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"qk/data"
	"qk/train/disk"
)

// Count is a directory of counts that is open for reading.
type Count struct {
	dir    string
	m      *manifest
	tables []Name // without the vocabulary
	words  []Word
}

// maxManifest is more than any manifest takes.
const maxManifest = 1 << 20

// Open opens a directory of counts: it reads what the directory holds, checks
// that all files are there, of their recorded size and with the right columns,
// and reads the vocabulary. The rows of the other tables, and their checksums,
// are checked by [Count.Scan]. Every error is an [*Error].
func Open(dir string) (*Count, error) {
	c := &Count{dir: dir}
	text, err := c.manifestText()
	if err != nil {
		return nil, err
	}
	if c.m, err = decodeManifest(text); err != nil {
		return nil, c.manifestError(err)
	}
	if err := c.findTables(); err != nil {
		return nil, err
	}
	for _, t := range c.tables {
		f, err := c.open(t)
		if err != nil {
			return nil, err
		}
		f.close()
	}
	if c.words, err = c.readVocabulary(); err != nil {
		return nil, err
	}
	return c, nil
}

// manifestText reads the manifest.
func (c *Count) manifestText() ([]byte, error) {
	info, err := os.Stat(c.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Error{Dir: c.dir, Reason: "is not there", Hint: "`qk count CORPUS --out DIR` makes one", Err: err}
	case err != nil:
		return nil, c.failed("", err)
	case !info.IsDir():
		return nil, &Error{Dir: c.dir, Reason: "is not a directory", Hint: "name the directory that `qk count --out DIR` wrote"}
	}
	file, err := os.Open(filepath.Join(c.dir, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{Dir: c.dir, Reason: "holds no " + manifestName + ", which says how the text was counted",
			Hint: "name a directory that `qk count --out DIR` wrote; if another program wrote the tables, add the file as the README says", Err: err}
	}
	if err != nil {
		return nil, c.failed(manifestName, err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxManifest+1))
	if err == nil && len(text) > maxManifest {
		err = fmt.Errorf("it has more than %d bytes", maxManifest)
	}
	if err != nil {
		return nil, c.failed(manifestName, err)
	}
	return text, nil
}

func (c *Count) manifestError(err error) error {
	e := &Error{Dir: c.dir, File: manifestName, Reason: err.Error(), Hint: hintRecount, Err: err}
	if errors.Is(err, errVersion) {
		e.Hint = hintNewer
	}
	return e
}

// failed makes an error of one that reading a file gave.
func (c *Count) failed(file string, err error) error {
	err = disk.WithoutPath(err)
	return &Error{Dir: c.dir, File: file, Reason: "cannot be read: " + err.Error(), Err: err}
}

// findTables holds the files that are there against the manifest.
func (c *Count) findTables() error {
	for _, t := range append([]Name{Vocabulary}, counted()...) {
		info, err := os.Stat(filepath.Join(c.dir, t.fileName()))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return c.failed(t.fileName(), err)
		}
		there, entry := err == nil, c.m.Tables[t]
		wanted := entry != nil || t == Vocabulary || c.m.Seal == "" && len(c.m.Tables) == 0 && there
		switch {
		case wanted && !there:
			return &Error{Dir: c.dir, File: t.fileName(), Reason: "is not there", Hint: hintRecount, Err: err}
		case !wanted && there:
			return &Error{Dir: c.dir, File: t.fileName(), Reason: "is none of the tables that " + manifestName + " lists, so it is of another count", Hint: "remove it, or " + hintWhole}
		case !wanted:
			continue
		case entry != nil && info.Size() < entry.Bytes:
			return &Error{Dir: c.dir, File: t.fileName(), Reason: fmt.Sprintf("was cut short, or is of another count: it has %d bytes, and %s says %d", info.Size(), manifestName, entry.Bytes), Hint: hintRecount}
		case entry != nil && info.Size() > entry.Bytes:
			return &Error{Dir: c.dir, File: t.fileName(), Reason: fmt.Sprintf("was changed, or is of another count: it has %d bytes, and %s says %d", info.Size(), manifestName, entry.Bytes), Hint: hintRecount}
		}
		if t != Vocabulary {
			c.tables = append(c.tables, t)
		}
	}
	if len(c.tables) == 0 {
		return &Error{Dir: c.dir, Reason: "has a vocabulary and no counts", Hint: hintRecount}
	}
	return nil
}

// Dir returns the directory as it was named.
func (c *Count) Dir() string { return c.dir }

// Settings says how the text was counted.
func (c *Count) Settings() Settings { return c.m.Settings }

// MinPairs returns how often a pair has to be in the text to be in the table of
// pairs; 1 means that all are.
func (c *Count) MinPairs() int64 { return c.m.MinPairs }

// Sealed tells whether the directory has checksums. One that another program
// wrote has none, so that a changed figure in it would pass as long as the rows
// agree with each other.
func (c *Count) Sealed() bool { return c.m.Seal != "" }

// Tables returns the tables besides the vocabulary, in the order [Transitions],
// [Cooccurrences], [Pairs].
func (c *Count) Tables() []Name { return append([]Name(nil), c.tables...) }

// Words returns the vocabulary: word w has the number w. The slice must not be
// changed.
func (c *Count) Words() []Word { return c.words }

// Totals returns the figures of the text. If another program wrote the directory
// and gave none, they are what the vocabulary tells, Tokens and Unknown; the rest
// is zero.
func (c *Count) Totals() Totals {
	if c.m.Totals != nil {
		return *c.m.Totals
	}
	var t Totals
	for _, w := range c.words {
		switch w.Text {
		case data.Boundary:
		case data.Unknown:
			t.Unknown = w.N
			fallthrough
		default:
			t.Tokens += w.N // checkWords has seen to it that this is small enough
		}
	}
	return t
}

// Seal returns the checksum of all checksums, or "": two counts with the same one
// are the same.
func (c *Count) Seal() string { return c.m.Seal }

// Rows returns how many rows a table has, as its metadata says.
func (c *Count) Rows(t Name) (int64, error) {
	f, err := c.open(t)
	if err != nil {
		return 0, err
	}
	defer f.close()
	return f.NumRows(), nil
}
