package counting

import (
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"qk/cmd/qk-bench/internal/process"
	"qk/data/table"
)

// lines is the text in SQL: a list of words a sentence.
const lines = `(SELECT string_split(line, ' ') AS a FROM read_csv('$TEXT', header=false, delim=E'\x01', quote='', escape='',
  max_line_size=$LONGEST, columns={'line': 'VARCHAR'}))`

// longestForSQL is the longest sentence that DuckDB is asked to look back in. Its
// memory grows with the square, past any limit that it is given.
const longestForSQL = 20000

// counted has the SQL of every table.
var counted = map[table.Name]string{
	table.Transitions: `SELECT w, y, count(*)::BIGINT AS n
  FROM (SELECT unnest(a[:-2]) AS w, unnest(a[2:]) AS y FROM ` + lines + `) GROUP BY ALL`,
	table.Cooccurrences: `SELECT w, u, count(*)::BIGINT AS n
  FROM (SELECT a[i] AS w, unnest(list_distinct(a[greatest(1, i - $CONTEXT):i - 1])) AS u
    FROM (SELECT a, unnest(range(1, len(a))) AS i FROM ` + lines + `)) GROUP BY ALL`,
	table.Pairs: `SELECT w, y, u, count(*)::BIGINT AS n
  FROM (SELECT a[i] AS w, a[i + 1] AS y, unnest(list_distinct(a[greatest(1, i - $CONTEXT):i - 1])) AS u
    FROM (SELECT a, unnest(range(1, len(a))) AS i FROM ` + lines + `)) GROUP BY ALL`,
}

// summed adds up a table in SQL as figures do. The words have to be numbered
// first.
const summed = `CREATE TABLE v AS SELECT * FROM read_csv('$WORDS', header=false, delim=E'\t', quote='', escape='',
  columns={'number': 'BIGINT', 'word': 'VARCHAR'});
COPY (SELECT count(*), sum(n), sum(n * (($HASH) % $MODULUS)) % 18446744073709551616, version() FROM '$OUT' $JOIN) TO '$CHECK' (FORMAT csv, HEADER false);
`

// duckdbCounter is DuckDB: its program, its Python module or its npm package,
// whichever is there.
func (k *kit) duckdbCounter() counter {
	c := counter{Name: "DuckDB", Jobs: map[table.Name]recipe{}}
	runner, version := k.duckdbRunner()
	if runner == nil {
		c.Missing = "neither the program duckdb, nor the module of " + k.python + ", nor an npm package of that name, see --duckdb and --python"
		return c
	}
	c.Version = version
	for t, query := range counted {
		c.Jobs[t] = func(dir string) plan {
			script, out := filepath.Join(dir, "count.sql"), filepath.Join(dir, "counts.parquet")
			sql := k.fill(k.limits(dir)+"COPY ("+query+") TO '$OUT' (FORMAT parquet);\n", out)
			p := plan{
				Steps: []process.Step{write(script, sql, runner)},
				Read:  func() (finding, error) { return k.readDuckdb(dir, out, t, runner) },
			}
			if t != table.Transitions && k.text.Longest > longestForSQL {
				p.Refuse = fmt.Sprintf("a sentence has %d words, of which its SQL would copy the list for each word", k.text.Longest)
			}
			return p
		}
	}
	return c
}

// limits are the settings of DuckDB.
func (k *kit) limits(dir string) string {
	sql := "SET temp_directory = '" + quoted(filepath.Join(dir, "spilled")) + "'; SET preserve_insertion_order = false;\n"
	if k.memory > 0 {
		sql += fmt.Sprintf("SET memory_limit = '%dKB';\n", k.memory/1000)
	}
	return sql
}

// fill puts names and numbers into SQL.
func (k *kit) fill(sql, out string, more ...string) string {
	longest := int64(2 << 20) // the least that DuckDB is content with
	if info, err := os.Stat(k.text.Path); err == nil && k.text.Sentences == 1 {
		longest = max(longest, info.Size())
	}
	return strings.NewReplacer(append([]string{"$TEXT", quoted(k.text.Path), "$OUT", quoted(out), "$CONTEXT", strconv.Itoa(k.context),
		"$LONGEST", strconv.FormatInt(longest, 10), "$MODULUS", strconv.Itoa(hashModulus)}, more...)...).Replace(sql)
}

func quoted(s string) string { return strings.ReplaceAll(s, "'", "''") }

// write is a step that runs a script of SQL. A script that cannot be written
// makes the step fail, as it is not there.
func write(script, sql string, runner func(string) process.Step) process.Step {
	_ = os.WriteFile(script, []byte(sql), 0o600)
	return runner(script)
}

// duckdbRunner returns how a script of SQL is run, nil if in no way.
func (k *kit) duckdbRunner() (runner func(script string) process.Step, version string) {
	program := k.duckdb
	if program == "" {
		program = "duckdb"
	}
	if out, err := exec.Command(program, "--version").Output(); err == nil {
		return func(script string) process.Step {
			return process.Step{Command: []string{program, "-bail", "-batch", "-init", os.DevNull}, In: script}
		}, strings.Fields(string(out) + " ?")[0] + " program"
	}
	if k.duckdb != "" {
		return nil, ""
	}
	for _, by := range [][]string{{k.python, "-B", filepath.Join(k.scripts, "run_duckdb.py")}, {"node", filepath.Join(k.scripts, "run_duckdb.js")}} {
		if out, err := exec.Command(by[0], append(by[1:len(by):len(by)], "--version")...).Output(); err == nil {
			return func(script string) process.Step {
				return process.Step{Command: append(by[:len(by):len(by)], script)}
			}, strings.TrimSpace(string(out))
		}
	}
	return nil, ""
}

// readDuckdb lets DuckDB add up its own table.
func (k *kit) readDuckdb(dir, out string, t table.Name, runner func(string) process.Step) (finding, error) {
	words := filepath.Join(dir, "words.txt")
	var list strings.Builder
	for i, w := range k.text.Spelled {
		fmt.Fprintf(&list, "%d\t%s\n", i, w)
	}
	if err := os.WriteFile(words, []byte(list.String()), 0o600); err != nil {
		return finding{}, err
	}
	hash, join := "0", ""
	for _, key := range t.Keys() {
		hash = fmt.Sprintf("(%s) * %d + v%s.number", hash, hashFactor, key)
		join += fmt.Sprintf(" JOIN v AS v%s ON v%s.word = %s", key, key, key)
	}
	check := filepath.Join(dir, "check.csv")
	sql := k.fill(k.limits(dir)+summed, out, "$WORDS", quoted(words), "$HASH", hash, "$JOIN", join, "$CHECK", quoted(check))
	s := write(filepath.Join(dir, "check.sql"), sql, runner)
	if err := process.RunUnmeasured(s); err != nil {
		return finding{}, err
	}
	f, err := os.Open(check)
	if err != nil {
		return finding{}, err
	}
	defer f.Close()
	row, err := csv.NewReader(f).Read()
	if err != nil || len(row) != 4 {
		return finding{}, fmt.Errorf("%s: %v %w", check, row, err)
	}
	var got figures
	if _, err := fmt.Sscan(strings.Join(row[:3], " "), &got.Rows, &got.Total, &got.Sum); err != nil {
		return finding{}, fmt.Errorf("%s: %v: %w", check, row, err)
	}
	return finding{Of: t, Got: got}, nil
}
