package matrix

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// FuzzOpen reads hostile bytes of every format: what comes out is a whole matrix or an
// error, in memory that goes with the size of the file.
func FuzzOpen(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) == 0 {
		f.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add(header("{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 3), }"))
	f.Add(header("{'descr': [('a', '<f8')], 'fortran_order': True, 'shape': (), }"))
	f.Fuzz(func(t *testing.T, content []byte) {
		var file File
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		defer func() {
			runtime.ReadMemStats(&after)
			// A deflated byte can become a thousand, each two of which a number of 8 bytes.
			if used := after.TotalAlloc - before.TotalAlloc; used > 64_000*uint64(len(content))+10_000_000 {
				t.Errorf("%d bytes for a file of %d", used, len(content))
			}
		}()
		if len(content) == 0 || file.open(bytes.NewReader(content), int64(len(content))) != nil {
			return
		}
		for i := range file.Names {
			m, err := file.Read(i)
			if err != nil {
				continue
			}
			if m.Rows < 1 || m.Cols < 1 || len(m.Data) != m.Rows*m.Cols {
				t.Errorf("[%d,%d] with %d numbers", m.Rows, m.Cols, len(m.Data))
			}
		}
	})
}
