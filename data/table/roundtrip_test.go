package table

import (
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestRoundTrip writes random counts and reads them back; how the rows are
// appended and how many workers encode them must not change a byte.
func TestRoundTrip(t *testing.T) {
	base := t.TempDir()
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		r := drawReference(t, numbered(rapid.IntRange(1, 9).Draw(t, "V")))
		batch := rapid.IntRange(1, 9)
		one, two := filepath.Join(base, fmt.Sprint("one", run)), filepath.Join(base, fmt.Sprint("two", run))
		fatal(t, r.write(one, Options{Workers: 1}, small, func() int { return 1 }))
		fatal(t, r.write(two, Options{Workers: rapid.IntRange(0, 4).Draw(t, "workers")}, small, func() int { return batch.Draw(t, "batch") }))
		a, err := contents(one)
		fatal(t, err)
		b, err := contents(two)
		fatal(t, err)
		if !maps.Equal(a, b) {
			t.Fatal("the bytes depend on how rows were appended")
		}

		c, err := Open(two)
		fatal(t, err)
		if !c.Sealed() || c.MinPairs() != 1 || c.Settings() != r.settings || c.Totals() != r.totals || !slices.Equal(c.Words(), r.words) || !slices.Equal(c.Tables(), counted()) {
			t.Fatalf("read back: %+v %+v %v", c.Settings(), c.Totals(), c.Tables())
		}
		for _, name := range counted() {
			got, err := scanned(c, name)
			fatal(t, err)
			if !reflect.DeepEqual(got, r.rows(name)) {
				t.Fatalf("%s: got %v, want %v", name, got, r.rows(name))
			}
		}
	})
}
