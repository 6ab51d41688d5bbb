package counting

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"qk/cmd/qk-bench/internal/process"
	"qk/data"
	"qk/data/table"
)

// TestMain makes the test program what its name says when a test starts it under
// the name of a peer, and the process in between when that is asked for.
func TestMain(m *testing.M) {
	programs := map[string]func(args []string) error{
		"qk": fakeQk, "vocab_count": fakeVocabCount, "cooccur": fakeCooccur, "lmplz": fakeLmplz, "duckdb": fakeDuckdb, "python": fakePython,
	}
	name := filepath.Base(os.Args[0])
	if program := programs[name]; program != nil {
		if err := spoil(name); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := program(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if len(os.Args) > 1 && os.Args[1] == "measure" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		root := &cobra.Command{Use: "test"}
		root.AddCommand(process.Command())
		root.SetArgs(os.Args[1:])
		if root.ExecuteContext(ctx) != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// fault is what the program of that name has to do wrong.
func fault(name string) string {
	who, what, _ := strings.Cut(os.Getenv("QK_COUNT_FAULT"), "=")
	if who != name {
		return ""
	}
	return what
}

// spoil has the faults that are alike in all programs.
func spoil(name string) error {
	switch fault(name) {
	case "fails":
		return errors.New("out of memory")
	case "hangs":
		time.Sleep(time.Minute)
	}
	return nil
}

// sentencesOf reads a text whose words have spaces between them.
func sentencesOf(path string) ([][]string, error) {
	f := os.Stdin
	if path != "" {
		var err error
		if f, err = os.Open(path); err != nil {
			return nil, err
		}
	}
	defer f.Close()
	var all [][]string
	in := bufio.NewScanner(f)
	for in.Scan() {
		all = append(all, strings.Split(in.Text(), " "))
	}
	return all, in.Err()
}

// rowsOf counts a table by a map of rows whose keys have spaces between them.
func rowsOf(sentences [][]string, t table.Name, context int) map[string]int64 {
	counts := map[string]int64{}
	for _, s := range sentences {
		for i, w := range s {
			if t == windowed {
				for _, u := range s[max(0, i-context):i] {
					counts[u+" "+w]++
				}
				continue
			}
			if i+1 == len(s) {
				continue
			}
			y := s[i+1]
			if t == table.Transitions {
				counts[w+" "+y]++
				continue
			}
			seen := map[string]bool{}
			for _, u := range s[max(0, i-context):i] {
				seen[u] = true
			}
			for u := range seen {
				if t == table.Pairs {
					counts[w+" "+y+" "+u]++
				} else {
					counts[w+" "+u]++
				}
			}
		}
	}
	return counts
}

// flagsOf reads pairs of flags and values.
func flagsOf(args []string) map[string]string {
	f := map[string]string{}
	for i := 0; i+1 < len(args); i++ {
		f[strings.TrimLeft(args[i], "-")] = args[i+1]
	}
	return f
}

// fakeQk counts a text in lower case without punctuation.
func fakeQk(args []string) error {
	f := flagsOf(args)
	sentences, err := sentencesOf(f["corpus"])
	if err != nil {
		return err
	}
	most, _ := strconv.Atoi(f["max-vocab"])
	context, _ := strconv.Atoi(f["context"])
	n := map[string]int64{}
	for _, s := range sentences {
		for _, w := range s {
			n[w]++
		}
	}
	var kept []string
	for w := range n {
		kept = append(kept, w)
	}
	slices.SortFunc(kept, func(a, b string) int {
		if n[a] != n[b] {
			return int(n[b] - n[a])
		}
		return strings.Compare(a, b)
	})
	if len(kept) > most {
		for _, w := range kept[most:] {
			n[data.Unknown] += n[w]
		}
		kept = append(kept[:most], data.Unknown)
	}
	slices.Sort(kept)
	var words []table.Word
	for _, w := range kept {
		words = append(words, table.Word{Text: w, N: n[w]})
	}
	for _, s := range sentences {
		for i, w := range s {
			if _, found := slices.BinarySearch(kept, w); !found {
				s[i] = data.Unknown
			}
		}
	}
	t := table.Name(f["tables"])
	var rows [][]int64
	for key, c := range rowsOf(sentences, t, context) {
		row := []int64{}
		for _, w := range strings.Split(key, " ") {
			i, _ := slices.BinarySearch(kept, w)
			row = append(row, int64(i))
		}
		rows = append(rows, append(row, c))
	}
	slices.SortFunc(rows, slices.Compare[[]int64])
	switch fault("qk") {
	case "words":
		words[0].N++
	case "counts":
		rows[0][len(rows[0])-1]++
	}
	return writeTable(f["out"], t, words, rows, context, int64(len(sentences)))
}

func writeTable(dir string, t table.Name, words []table.Word, rows [][]int64, context int, sentences int64) error {
	w, err := table.Create(dir, table.Settings{Tokens: "words", Context: context}, []table.Name{t}, table.Options{})
	if err != nil {
		return err
	}
	r := table.Rows{Keys: make([][]int32, len(t.Keys()))}
	for _, row := range rows {
		for j := range r.Keys {
			r.Keys[j] = append(r.Keys[j], int32(row[j]))
		}
		r.N = append(r.N, row[len(row)-1])
	}
	if err := w.Append(t, r); err != nil {
		return err
	}
	totals := table.Totals{Digest: strings.Repeat("0", 64)}
	for _, word := range words {
		totals.Tokens += word.N
	}
	totals.Bytes, totals.Sentences, totals.Positions = totals.Tokens, sentences, totals.Tokens-sentences
	if t == table.Transitions { // a fault in them must not be found here
		totals.Positions = 0
		for _, n := range r.N {
			totals.Positions += n
		}
	}
	return w.Commit(words, totals)
}
