package table

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"sync"

	"qk/train/disk"
)

// Options are what a writer can do without.
type Options struct {
	// MinPairs says that pairs seen fewer times were left out, for the record.
	// 0 and 1 mean that none were.
	MinPairs int64
	// Workers is how many goroutines encode; 0 means as many as there are cores, 8
	// at most. Each takes about 12 MB.
	Workers int
}

// maxWorkers is how many goroutines encode by default at most: more would wait
// for whoever hands in the rows.
const maxWorkers = 8

// Writer writes a directory of counts. Its methods are for use by one goroutine
// at a time; encoding and writing go on in the background.
type Writer struct {
	dir      *disk.Dir
	settings Settings
	options  Options
	layout   layout
	files    []*tableFile
	encoders chan *encoder // those that are idle

	mu     sync.Mutex
	spare  map[int][]*group // by number of keys
	failed error            // the first error of the background
	closed bool
}

// Create begins a directory of counts with some of the tables [Transitions],
// [Cooccurrences] and [Pairs]; the vocabulary comes with [Writer.Commit]. The
// directory is written under another name beside its own, so that it is there as
// a whole or not at all.
//
// A directory that exists already is an [*Error] that wraps [fs.ErrExist]. A disk
// that fails, here and later, is a [*disk.Error], which names the path.
func Create(dir string, s Settings, tables []Name, o Options) (*Writer, error) {
	return create(dir, s, tables, o, standard)
}

func create(dir string, s Settings, tables []Name, o Options, l layout) (*Writer, error) {
	for i, t := range tables {
		if !slices.Contains(counted(), t) || slices.Contains(tables[:i], t) {
			return nil, fmt.Errorf("table %q: the tables to write are some of %v, each once", t, counted())
		}
	}
	if o.Workers <= 0 {
		o.Workers = min(runtime.GOMAXPROCS(0), maxWorkers)
	}
	o.MinPairs = max(1, o.MinPairs)
	to, err := disk.NewDir(dir)
	if errors.Is(err, fs.ErrExist) {
		return nil, &Error{Dir: dir, Reason: "exists already", Hint: hintExisting, Err: fs.ErrExist}
	}
	if err != nil {
		return nil, err
	}
	to.Hasty = l.hasty
	w := &Writer{dir: to, settings: s, options: o, layout: l, encoders: make(chan *encoder, o.Workers), spare: map[int][]*group{}}
	for range o.Workers {
		e, err := newEncoder(l.page)
		if err != nil {
			return nil, errors.Join(err, to.Discard())
		}
		w.encoders <- e
	}
	for _, t := range tables {
		out, err := to.Create(t.fileName())
		if err != nil {
			return nil, errors.Join(err, w.Discard())
		}
		f := newTableFile(t, out, o.Workers)
		w.files = append(w.files, f)
		go f.run(w.free, w.fail)
	}
	return w, nil
}

// Dir returns where the directory will be.
func (w *Writer) Dir() string { return w.dir.Path() }

// Append adds rows to a table, which has to be one of those given to [Create].
// The rows are copied. Rows that are not in ascending order or have a count below
// 1 are an error, of this call or a later one, that says which.
func (w *Writer) Append(t Name, rows Rows) error {
	f := w.file(t)
	if f == nil {
		return fmt.Errorf("table %q is none of those that %s was begun with", t, w.Dir())
	}
	if len(rows.Keys) != len(t.Keys()) {
		return fmt.Errorf("table %s: rows with %d keys instead of %d", t, len(rows.Keys), len(t.Keys()))
	}
	for i, key := range rows.Keys {
		if len(key) != rows.Len() {
			return fmt.Errorf("table %s: %d numbers in column %s for %d rows", t, len(key), t.Keys()[i], rows.Len())
		}
	}
	for from := 0; from < rows.Len(); {
		if f.filling == nil {
			f.filling = w.group(t)
		}
		from += f.filling.fill(rows, from)
		if f.filling.full() {
			if err := w.submit(f); err != nil {
				return err
			}
		}
	}
	return w.failure()
}

func (w *Writer) file(t Name) *tableFile {
	for _, f := range w.files {
		if f.name == t {
			return f
		}
	}
	return nil
}

// submit has the group that is being filled encoded and written. It waits until
// an encoder is idle, which bounds the memory.
func (w *Writer) submit(f *tableFile) error {
	g := f.filling
	f.filling = nil
	e := <-w.encoders
	g.done = make(chan struct{})
	f.queue <- g
	go func() {
		e.encode(g)
		w.encoders <- e
		close(g.done)
	}()
	return w.failure()
}

// group returns an empty group, a used one if there is one.
func (w *Writer) group(t Name) *group {
	w.mu.Lock()
	defer w.mu.Unlock()
	keys := len(t.Keys())
	if spare := w.spare[keys]; len(spare) > 0 {
		g := spare[len(spare)-1]
		w.spare[keys] = spare[:len(spare)-1]
		return g
	}
	return newGroup(t, w.layout.group)
}

// free takes back a group that is written.
func (w *Writer) free(g *group) {
	g.reset()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.spare[len(g.columns)] = append(w.spare[len(g.columns)], g)
}

func (w *Writer) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed == nil {
		w.failed = err
	}
}

func (w *Writer) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed
}

// Discard ends the writing and removes what was written. After [Writer.Commit] it
// does nothing.
func (w *Writer) Discard() error {
	if w.closed {
		return nil
	}
	w.drain()
	for _, f := range w.files {
		_ = f.out.Close() // it is removed next
	}
	return w.dir.Discard()
}

// drain waits until the background is done. The writer cannot be used any more.
func (w *Writer) drain() {
	w.closed = true
	for _, f := range w.files {
		close(f.queue)
		<-f.written
	}
}
