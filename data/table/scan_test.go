package table

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// TestMain looks for goroutines that readers and writers leave behind.
func TestMain(m *testing.M) {
	code := m.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// TestScanStops ends scans early, by an error and for want of the table.
func TestScanStops(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "count")
	r := some()
	delete(r.tables, Cooccurrences)
	fatal(t, r.write(dir, Options{}, small, five))
	c, err := Open(dir)
	fatal(t, err)
	enough := errors.New("enough")
	seen := 0
	err = c.Scan(Pairs, func(rows Rows) error {
		if seen += rows.Len(); seen > 10 {
			return enough
		}
		return nil
	})
	if err != enough || seen == 40 {
		t.Errorf("error %v after %d rows", err, seen)
	}
	err = c.Scan(Cooccurrences, func(Rows) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "cooccurrences.parquet: is not there, as the table was not asked for when the text was counted: count it with `qk count --tables`") {
		t.Errorf("a table that was not counted: %v", err)
	}
	if n, err := c.Rows(Pairs); n != 40 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
}

// TestStandardLayout writes more rows than one group holds in batches of different
// sizes with different numbers of workers, and reads them back.
func TestStandardLayout(t *testing.T) {
	const total = 2*262144 + 12345
	row := func(i int) (w, y, u int32, n int64) {
		return int32(i / 5000), int32(i / 10 % 500), int32(i % 10 * 7), int64(i*i%97/50) + 1
	}
	l := standard
	l.hasty = true
	var sealed []string
	for _, batch := range []int{999, 300000} {
		dir := filepath.Join(t.TempDir(), "count")
		w, err := create(dir, testSettings, []Name{Pairs}, Options{Workers: 1 + batch%4}, l)
		fatal(t, err)
		for from := 0; from < total; from += batch {
			rows := Rows{Keys: make([][]int32, 3)}
			for i := from; i < min(total, from+batch); i++ {
				w, y, u, n := row(i)
				rows.Keys[0], rows.Keys[1], rows.Keys[2] = append(rows.Keys[0], w), append(rows.Keys[1], y), append(rows.Keys[2], u)
				rows.N = append(rows.N, n)
			}
			fatal(t, w.Append(Pairs, rows))
		}
		fatal(t, w.Commit(numbered(600), Totals{}))
		c, err := Open(dir)
		fatal(t, err)
		i := 0
		fatal(t, c.Scan(Pairs, func(rows Rows) error {
			for k := range rows.N {
				w, y, u, n := row(i)
				if rows.Keys[0][k] != w || rows.Keys[1][k] != y || rows.Keys[2][k] != u || rows.N[k] != n {
					return fmt.Errorf("row %d is %d %d %d %d", i, rows.Keys[0][k], rows.Keys[1][k], rows.Keys[2][k], rows.N[k])
				}
				i++
			}
			return nil
		}))
		if i != total {
			t.Errorf("%d rows of %d", i, total)
		}
		sealed = append(sealed, c.Seal())
	}
	if sealed[0] != sealed[1] {
		t.Error("the bytes depend on how rows were appended")
	}
}
