package counting

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"

	"qk/data/table"
)

// fakeVocabCount is GloVe's first step.
func fakeVocabCount([]string) error {
	sentences, err := sentencesOf("")
	n := map[string]int{}
	for _, s := range sentences {
		for _, w := range s {
			n[w]++
		}
	}
	for w, c := range n {
		fmt.Println(w, c)
	}
	return err
}

// fakeCooccur is its second step, for words before the current one alone.
func fakeCooccur(args []string) error {
	f := flagsOf(args)
	rank := map[string]uint32{}
	err := eachLine(f["vocab-file"], func(line string) error {
		word, _, _ := strings.Cut(line, " ")
		rank[word] = uint32(len(rank) + 1)
		return nil
	})
	if err != nil {
		return err
	}
	sentences, err := sentencesOf("")
	window, _ := strconv.Atoi(f["window-size"])
	for key, n := range rowsOf(sentences, windowed, window) {
		u, w, _ := strings.Cut(key, " ")
		record := binary.NativeEndian.AppendUint32(nil, rank[u])
		record = binary.NativeEndian.AppendUint32(record, rank[w])
		x := float64(n)
		if fault("cooccur") == "counts" {
			x++
		}
		if _, err := os.Stdout.Write(binary.NativeEndian.AppendUint64(record, math.Float64bits(x))); err != nil {
			return err
		}
	}
	return err
}

// fakeLmplz writes the head of a model.
func fakeLmplz(args []string) error {
	f := flagsOf(args)
	sentences, err := sentencesOf(f["text"])
	words, pairs := map[string]bool{"<unk>": true, "<s>": true, "</s>": true}, map[string]bool{}
	for _, s := range sentences {
		for _, w := range s {
			words[w] = true
		}
		s = append(append([]string{"<s>"}, s...), "</s>")
		for i := range s[1:] {
			pairs[s[i]+" "+s[i+1]] = true
		}
	}
	if fault("lmplz") == "counts" {
		pairs["one more"] = true
	}
	return errors.Join(err, os.WriteFile(f["arpa"], fmt.Appendf(nil, "\\data\\\nngram 1=%d\nngram 2=%d\n\n\\1-grams:\n", len(words), len(pairs)), 0o600))
}

var (
	sqlText  = regexp.MustCompile(`read_csv\('([^']*)'`)
	sqlTo    = regexp.MustCompile(`TO '([^']*)'`)
	sqlFrom  = regexp.MustCompile(`FROM '([^']*)'`)
	sqlAfter = regexp.MustCompile(`greatest\(1, i - (\d+)\)`)
)

// fakeDuckdb knows the scripts of this package: the first counts into a file of
// rows, the second adds these up.
func fakeDuckdb(args []string) error {
	if args[0] == "--version" {
		fmt.Println("v0 fake")
		return nil
	}
	var sql strings.Builder
	if _, err := bufio.NewReader(os.Stdin).WriteTo(&sql); err != nil {
		return err
	}
	script := sql.String()
	to := sqlTo.FindStringSubmatch(script)[1]
	if from := sqlFrom.FindStringSubmatch(script); from != nil {
		return fakeSum(sqlText.FindStringSubmatch(script)[1], from[1], to)
	}
	t, context := table.Transitions, 0
	if m := sqlAfter.FindStringSubmatch(script); m != nil {
		context, _ = strconv.Atoi(m[1])
		if t = table.Cooccurrences; strings.Contains(script, "SELECT w, y, u") {
			t = table.Pairs
		}
	}
	sentences, err := sentencesOf(sqlText.FindStringSubmatch(script)[1])
	var rows strings.Builder
	for key, n := range rowsOf(sentences, t, context) {
		fmt.Fprintln(&rows, key, n)
	}
	return errors.Join(err, os.WriteFile(to, []byte(rows.String()), 0o600))
}

func fakeSum(words, from, to string) error {
	number := map[string]uint64{}
	err := eachLine(words, func(line string) error {
		n, word, _ := strings.Cut(line, "\t")
		x, err := strconv.ParseUint(n, 10, 64)
		number[word] = x
		return err
	})
	var rows, total, sum uint64
	err = errors.Join(err, eachLine(from, func(line string) error {
		keys := strings.Fields(line)
		n, err := strconv.ParseUint(keys[len(keys)-1], 10, 64)
		h := uint64(0)
		for _, k := range keys[:len(keys)-1] {
			h = h*1000003 + number[k]
		}
		rows, total, sum = rows+1, total+n, sum+n*(h%2147483647)
		return err
	}))
	if fault("duckdb") == "counts" {
		sum++
	}
	return errors.Join(err, os.WriteFile(to, fmt.Appendf(nil, "%d,%d,%d,v0\n", rows, total, sum), 0o600))
}

// fakePython is Python with the script counter.py.
func fakePython(args []string) error {
	if args[0] == "-c" {
		fmt.Print("0")
		return nil
	}
	if len(args) != 6 {
		return errors.New("no module named duckdb")
	}
	context, _ := strconv.Atoi(args[3])
	sentences, err := sentencesOf(args[4])
	var rows strings.Builder
	for key, n := range rowsOf(sentences, table.Name(args[2]), context) {
		fmt.Fprintf(&rows, "%s\t%d\n", strings.ReplaceAll(key, " ", "\t"), n)
	}
	return errors.Join(err, os.WriteFile(args[5], []byte(rows.String()), 0o600))
}
