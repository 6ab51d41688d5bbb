package table

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// benchRows makes pairs that are as close together as those of 100 MB of English
// with 20,000 words: five earlier words a transition, 78 % of the pairs seen once.
func benchRows(total int) Rows {
	r := rand.New(rand.NewPCG(1, 2))
	rows := Rows{Keys: make([][]int32, 3)}
	for w := int32(0); len(rows.N) < total; w++ {
		for y := int32(r.IntN(60)); y < 20000 && len(rows.N) < total; y += 1 + int32(r.ExpFloat64()*30) {
			for u := int32(r.IntN(6000)); u < 20000; u += 1 + int32(r.ExpFloat64()*4000) {
				n := int64(1)
				if r.IntN(100) >= 78 {
					n += 1 + int64(r.ExpFloat64()*r.ExpFloat64()*2)
				}
				rows.Keys[0], rows.Keys[1], rows.Keys[2] = append(rows.Keys[0], w), append(rows.Keys[1], y), append(rows.Keys[2], u)
				rows.N = append(rows.N, n)
			}
		}
	}
	return rows
}

// writeBench writes rows in batches as they come from counting.
func writeBench(dir string, rows Rows) error {
	const batch = 4096
	l := standard
	l.hasty = true // the disk is not what is measured
	w, err := create(dir, testSettings, []Name{Pairs}, Options{}, l)
	if err != nil {
		return err
	}
	for from := 0; from < rows.Len(); from += batch {
		to := min(from+batch, rows.Len())
		some := Rows{N: rows.N[from:to]}
		for _, key := range rows.Keys {
			some.Keys = append(some.Keys, key[from:to])
		}
		if err := w.Append(Pairs, some); err != nil {
			return err
		}
	}
	return w.Commit(numbered(20000), Totals{})
}

// perRow reports the time and the bytes of the file for each row.
func perRow(b *testing.B, dir string, rows int) {
	info, err := os.Stat(filepath.Join(dir, Pairs.fileName()))
	fatal(b, err)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/row")
	b.ReportMetric(float64(info.Size())/float64(rows), "B/row")
}

func BenchmarkWrite(b *testing.B) {
	rows, base, dir := benchRows(8<<20), b.TempDir(), ""
	for i := 0; b.Loop(); i++ {
		dir = filepath.Join(base, fmt.Sprint(i))
		fatal(b, writeBench(dir, rows))
		b.StopTimer()
		if i > 0 {
			fatal(b, os.RemoveAll(filepath.Join(base, fmt.Sprint(i-1))))
		}
		b.StartTimer()
	}
	perRow(b, dir, rows.Len())
}

func BenchmarkScan(b *testing.B) {
	rows, dir := benchRows(8<<20), filepath.Join(b.TempDir(), "count")
	fatal(b, writeBench(dir, rows))
	c, err := Open(dir)
	fatal(b, err)
	for b.Loop() {
		fatal(b, c.Scan(Pairs, func(Rows) error { return nil }))
	}
	perRow(b, dir, rows.Len())
}

func BenchmarkMerge(b *testing.B) {
	rows, base := benchRows(4<<20), b.TempDir()
	one, two := filepath.Join(base, "one"), filepath.Join(base, "two")
	fatal(b, writeBench(one, rows))
	rows.Keys[2] = append([]int32(nil), rows.Keys[2]...)
	for i := range rows.Keys[2] {
		rows.Keys[2][i] ^= 1 // some rows are those of the first, most are beside them
	}
	rows = ascending(rows)
	fatal(b, writeBench(two, rows))
	l, out := standard, ""
	l.hasty = true
	for i := 0; b.Loop(); i++ {
		out = filepath.Join(base, fmt.Sprint(i))
		_, err := merge(b.Context(), out, []string{one, two}, MergeOptions{}, l)
		fatal(b, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(2*rows.Len()), "ns/row")
}

// ascending leaves out the rows that do not follow the one before.
func ascending(r Rows) Rows {
	kept := Rows{Keys: make([][]int32, 3)}
	last := [3]int32{-1, -1, -1}
	for i, n := range r.N {
		keys := [3]int32{r.Keys[0][i], r.Keys[1][i], r.Keys[2][i]}
		if compareKeys(last, keys) >= 0 {
			continue
		}
		for k, key := range keys {
			kept.Keys[k] = append(kept.Keys[k], key)
		}
		kept.N, last = append(kept.N, n), keys
	}
	return kept
}
