package export

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"qk/graph"
	"qk/train"
)

// tableOf writes a table of runs and reads it back.
func tableOf(t testing.TB, table Table, o CSVOptions, runs ...*Run) (rows [][]string, formulas int) {
	t.Helper()
	content := written(t, func(w io.Writer) error {
		c := NewCSV(w, table, o)
		for _, r := range runs {
			if err := c.Add(r); err != nil {
				return err
			}
		}
		formulas = c.Formulas
		return c.Flush()
	})
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	must(t, err)
	return rows, formulas
}

// coat is the built-in corpus of that name.
const coat = "bring me my coat today\nbring me my coat today\n" +
	"bring me my scarf today\nbring me my scarf today\nbring me my scarf today\n" +
	"bring me my umbrella today\nbring me my umbrella today\nbring me my umbrella today\nbring me my umbrella today\nbring me my umbrella today\n"

// TestCSVCounts writes what is counted in coat, which is plain to see.
func TestCSVCounts(t *testing.T) {
	r := finished(t, config(graph.Predict, steps(1)), coat)
	for table, want := range map[Table]string{
		Vocabulary: "number,word,positions\n0,bring,10\n1,coat,2\n2,me,10\n3,my,10\n4,scarf,3\n5,today,0\n6,umbrella,5\n",
		Transitions: "word,next,n,p\nbring,me,10,1\ncoat,today,2,1\nme,my,10,1\nmy,coat,2,0.2\nmy,scarf,3,0.3\nmy,umbrella,5,0.5\n" +
			"scarf,today,3,1\numbrella,today,5,1\n",
	} {
		got := written(t, func(w io.Writer) error {
			c := NewCSV(w, table, CSVOptions{})
			return errors.Join(c.Add(r), c.Flush())
		})
		if string(got) != want {
			t.Errorf("%s:\n%s\nwant:\n%s", table, got, want)
		}
	}
	rows, _ := tableOf(t, Pairs, CSVOptions{}, r)
	if len(rows) != 1+r.Record.Data.Pairs || !slices.ContainsFunc(rows, func(x []string) bool {
		return slices.Equal(x, []string{"bring", "my", "umbrella", "5", "0.5"})
	}) {
		t.Errorf("%d pairs: %q", len(rows), rows)
	}
}

// TestCSVMasks holds a row of diary against figures by hand, and every score against
// the scores.
func TestCSVMasks(t *testing.T) {
	r := finished(t, config(graph.Predict), diary)
	rows, _ := tableOf(t, Masks, CSVOptions{}, r)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	words := r.words()
	s, err := r.Weights.Scores()
	must(t, err)
	for _, row := range rows[1:] {
		w, u := slices.Index(words, row[0]), slices.Index(words, row[1])
		if got := row[column["score"]]; got != strconv.FormatFloat(s[w*len(words)+u], 'g', -1, 64) {
			t.Errorf("score of %s, %s is %s", row[0], row[1], got)
		}
		if row[0] != "went" {
			continue
		}
		tells := row[1] == "candle" || row[1] == "train"
		want := map[bool][]string{true: {"1", "1", "1", "1", strconv.FormatFloat(math.Ln2, 'g', -1, 64)}, false: {"0", "0", "0", "0", "0"}}[tells]
		got := []string{row[column["informs"]], row[column["best"]], row[column["counted"]], row[column["learned"]], row[column["nats"]]}
		if !slices.Equal(got, want) || tells != (row[column["n"]] == "1") || row[column["attention"]] == "" {
			t.Errorf("%q", row)
		}
	}
}

// TestCSVLearned reads Q, K, S and the learned mask back to the last bit.
func TestCSVLearned(t *testing.T) {
	r := finished(t, config(graph.Recall, steps(4), func(c *train.Config) { c.Rank = 3 }), diary)
	s, err := r.Weights.Scores()
	must(t, err)
	for table, want := range map[Table][]float64{Queries: r.Weights.Q, Keys: r.Weights.K, Scores: s} {
		rows, _ := tableOf(t, table, CSVOptions{}, r)
		var got []float64
		for i, row := range rows[1:] {
			if row[0] != r.words()[i] {
				t.Errorf("%s: row %d is that of %q", table, i, row[0])
			}
			for _, cell := range row[1:] {
				x, err := strconv.ParseFloat(cell, 64)
				must(t, err)
				got = append(got, x)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: other numbers", table)
		}
	}
	rows, _ := tableOf(t, Attention, CSVOptions{}, r)
	for i, row := range rows[1:] {
		sum := 0.0
		for _, cell := range row[1:] {
			x, _ := strconv.ParseFloat(cell, 64) // "" is what nothing follows
			sum += x
		}
		if last := r.words()[i] == "again"; last != (sum == 0) || !last && math.Abs(sum-1) > 1e-12 {
			t.Errorf("attention of %s adds up to %v", row[0], sum)
		}
	}
	for _, table := range []Table{Masks, Pairs} {
		var none *NoTableError
		if err := NewCSV(io.Discard, table, CSVOptions{}).Add(r); !errors.As(err, &none) {
			t.Errorf("%s of a run that learns a table: %v", table, err)
		}
	}
}

// TestCSVRecord writes what needs no text: of two runs, with their names.
func TestCSVRecord(t *testing.T) {
	c := config(graph.Predict, steps(20))
	full := finished(t, c, diary)
	r, err := LoadRecord(full.Path)
	must(t, err)
	rows, _ := tableOf(t, Metrics, CSVOptions{Runs: true}, r, r)
	if len(rows) != 1+2*21 || rows[21][0] != r.Path || rows[21][1] != "20" || rows[1][1] != "0" {
		t.Errorf("metrics: %d rows, %q", len(rows), rows)
	}
	logged, err := train.ReadMetrics(full.Path)
	must(t, err)
	if got, want := rows[21][2], strconv.FormatFloat(logged[20].Loss, 'g', -1, 64); got != want {
		t.Errorf("loss %s, want %s", got, want)
	}
	rows, _ = tableOf(t, Checks, CSVOptions{}, r)
	if len(rows) != 1+len(r.Record.Result.Checks) {
		t.Errorf("checks: %q", rows)
	}
	rows, _ = tableOf(t, Lines, CSVOptions{}, r)
	if len(rows) != 8 || rows[7][1] != "floor" || rows[6][2] != strconv.FormatFloat(r.Record.Result.Loss, 'g', -1, 64) {
		t.Errorf("lines: %q", rows)
	}
	rows, _ = tableOf(t, Settings, CSVOptions{}, r)
	if !slices.ContainsFunc(rows, func(x []string) bool { return x[0] == "steps" && x[1] == "20" }) ||
		!slices.ContainsFunc(rows, func(x []string) bool { return x[0] == "l2" && x[1] == "0.000001" }) {
		t.Errorf("settings: %q", rows)
	}
}

// TestCSVWords has words with everything that CSV and spreadsheets mind.
func TestCSVWords(t *testing.T) {
	c := config(graph.Predict, steps(1), func(c *train.Config) { c.Tokens = "fields" })
	r := finished(t, c, `=1+1 "q" a,b +x - @y 'z \. `+"\n")
	rows, formulas := tableOf(t, Vocabulary, CSVOptions{}, r)
	for i, row := range rows[1:] {
		if row[1] != r.words()[i] {
			t.Errorf("word %q, want %q", row[1], r.words()[i])
		}
	}
	if formulas != 3 { // a mark alone is none
		t.Errorf("%d formulas", formulas)
	}
	rows, _ = tableOf(t, Vocabulary, CSVOptions{Spreadsheet: true}, r)
	var got []string
	for _, row := range rows[1:] {
		got = append(got, row[1])
	}
	if want := `["\"q\"" "'z" "'+x" "'-" "'=1+1" "'@y" "\\." "a,b"]`; fmt.Sprintf("%q", got) != want {
		t.Errorf("%q, want %s", got, want)
	}
}

func TestCSVFullDisk(t *testing.T) {
	r := finished(t, config(graph.Predict, steps(1)), diary)
	for _, table := range Tables() {
		write := func(w io.Writer) error {
			c := NewCSV(w, table, CSVOptions{})
			return errors.Join(c.Add(r), c.Flush())
		}
		wantFull(t, len(written(t, write)), write)
	}
}

func TestParseTable(t *testing.T) {
	for name, say := range map[string]string{"mask": "did you mean masks?", "": `--csv ""`, "nothing like": "use one of vocabulary, transitions"} {
		if _, err := ParseTable("csv", name); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestLoadNothing refuses a run that never took a step.
func TestLoadNothing(t *testing.T) {
	d, _, l := begun(t, config(graph.Predict), diary)
	if _, err := Load(d.Path); !errors.Is(err, ErrNothingLearned) || !strings.Contains(err.Error(), "--resume") {
		t.Errorf("%v", err)
	}
	r, err := LoadRecord(d.Path)
	must(t, err)
	if err := NewCSV(io.Discard, Checks, CSVOptions{}).Add(r); !errors.Is(err, ErrNoResult) {
		t.Errorf("%v", err)
	}
	must(t, d.Abort(l, train.ErrInterrupted))
}
