package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"qk/data/table"
)

// duckDB is the environment variable that names a Python with the package duckdb.
const duckDB = "QK_DUCKDB"

// wantDuckDB skips a test, audibly, where there is no DuckDB.
func wantDuckDB(t *testing.T) {
	t.Helper()
	if os.Getenv(duckDB) == "" {
		t.Skipf("NOT TESTED: DuckDB, without %s, the path of a Python that has it (pip install duckdb)", duckDB)
	}
}

// query runs SQL in DuckDB and returns the rows of its last statement, a line each.
func query(t *testing.T, sql string) string {
	t.Helper()
	cmd := exec.Command(os.Getenv(duckDB), "-c", `
import duckdb, sys
for row in duckdb.execute(sys.stdin.read()).fetchall():
    print(*row, sep="\t")
`)
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = strings.NewReader(sql), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("DuckDB: %v\n%s\n%s", err, sql, stderr.String())
	}
	return string(out)
}

// readmeSQL returns the SQL of the README: how to read a count, and how to make one.
func readmeSQL(t *testing.T) (reading, counting string) {
	t.Helper()
	blocks := strings.Split(string(read(t, "..", "..", "README.md")), "```sql\n")
	if len(blocks) != 3 {
		t.Fatalf("the README has %d blocks of SQL, want 2", len(blocks)-1)
	}
	reading, _, _ = strings.Cut(blocks[1], "```")
	counting, _, _ = strings.Cut(blocks[2], "```")
	return reading, counting
}

// tokenText is a text of words between blanks: some frequent, some in other
// scripts, some short lines, blank ones and one that is long.
func tokenText() []byte {
	r := rand.New(rand.NewPCG(7, 11))
	words := []string{"é", "e", "Ω", "中文", "👍", "\"quoted\"", "it's", "a,b", "ｚ", "z"}
	for len(words) < 300 {
		words = append(words, fmt.Sprintf("w%d", len(words)))
	}
	var text bytes.Buffer
	for line := range 3000 {
		n := r.IntN(20)
		if line == 1500 {
			n = 3000
		}
		for i := range n {
			if i > 0 {
				text.WriteString(strings.Repeat(" ", 1+r.IntN(10)/9))
			}
			text.WriteString(words[int(float64(len(words))*r.Float64()*r.Float64()*r.Float64())])
		}
		text.WriteByte('\n')
	}
	return text.Bytes()
}

// TestDuckDBCounts has DuckDB count a text with the SQL of the README, and finds
// the rows of qk count in what it wrote; merged alone, they are the very files.
func TestDuckDBCounts(t *testing.T) {
	wantDuckDB(t)
	_, counting := readmeSQL(t)
	t.Chdir(t.TempDir())
	write(t, "text.txt", tokenText())
	if err := os.Mkdir("counts", 0o777); err != nil {
		t.Fatal(err)
	}
	query(t, counting)
	qk(t, "count", "--corpus", "text.txt", "--tokens", "fields", "--keep-case", "--context", "8", "--out", "own")

	theirs, err := table.Open("counts")
	if err != nil {
		t.Fatal(err)
	}
	own, err := table.Open("own")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := fmt.Sprint(theirs.Words()), fmt.Sprint(own.Words()); a != b {
		t.Errorf("vocabulary of DuckDB\n%s\nown\n%s", a, b)
	}
	for _, name := range []table.Name{table.Transitions, table.Pairs} {
		a, b := allRows(t, theirs, name), allRows(t, own, name)
		if a != b || a == "" {
			t.Errorf("%s: %d bytes of rows from DuckDB, %d of ours, and they differ", name, len(a), len(b))
		}
	}

	r := session{}.run("merge", "counts", "--out", "sealed")
	wantCode(t, r, exitOK)
	wantText(t, "standard error", r.stderr, "qk: warning: count counts has no checksums")
	for _, name := range []string{"vocabulary.parquet", "transitions.parquet", "pairs.parquet"} {
		if !bytes.Equal(read(t, "sealed", name), read(t, "own", name)) {
			t.Errorf("%s: merged alone it is not the file of qk count", name)
		}
	}
}

// allRows returns the rows of a table as text.
func allRows(t *testing.T, c *table.Count, name table.Name) string {
	t.Helper()
	var all strings.Builder
	err := c.Scan(name, func(r table.Rows) error {
		for i, n := range r.N {
			for _, key := range r.Keys {
				fmt.Fprint(&all, key[i], " ")
			}
			fmt.Fprintln(&all, n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// TestDuckDBReads has DuckDB read every table that qk count and qk merge write,
// row for row, and answer the question of the README.
func TestDuckDBReads(t *testing.T) {
	wantDuckDB(t)
	reading, _ := readmeSQL(t)
	t.Chdir(t.TempDir())
	write(t, "text.txt", tokenText())
	qk(t, "count", "--corpus", "text.txt", "--tables", "transitions,cooccurrences,pairs", "--boundary", "--max-vocab", "200", "--out", "counts")
	qk(t, "count", "--corpus", "coat", "--vocab", "counts", "--tables", "transitions,cooccurrences,pairs", "--boundary", "--out", "coat")
	qk(t, "merge", "counts", "coat", "--out", "both")
	for _, dir := range []string{"counts", "both"} {
		c, err := table.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range c.Tables() {
			want := strings.ReplaceAll(allRows(t, c, name), " ", "\t")
			got := query(t, fmt.Sprintf("SELECT * FROM '%s';", filepath.ToSlash(filepath.Join(dir, string(name)+".parquet"))))
			if got != want {
				t.Errorf("%s: DuckDB reads other rows of %s", dir, name)
			}
		}
		var words strings.Builder
		for i, w := range c.Words() {
			fmt.Fprintf(&words, "%d\t%s\t%d\n", i, w.Text, w.N)
		}
		if got := query(t, fmt.Sprintf("SELECT * FROM '%s/vocabulary.parquet';", dir)); got != words.String() {
			t.Errorf("%s: DuckDB reads another vocabulary", dir)
		}
		sums := query(t, fmt.Sprintf("SELECT (SELECT sum(n) FROM '%[1]s/transitions.parquet'), (SELECT sum(n) FROM '%[1]s/pairs.parquet') - (SELECT sum(n) FROM '%[1]s/cooccurrences.parquet');", dir))
		if want := fmt.Sprintf("%d\t0\n", c.Totals().Positions); sums != want {
			t.Errorf("%s: sums %q, want %q", dir, sums, want)
		}
	}
	if got := strings.Count(query(t, reading), "\n"); got != 10 {
		t.Errorf("the question of the README has %d answers, want 10", got)
	}
}
