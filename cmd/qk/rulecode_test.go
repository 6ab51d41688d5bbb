package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/format"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"qk/data"
	"qk/train"
)

// slyText holds words that would be code, end a literal or a comment, turn the
// text around, or not show. The words of a line differ in what follows "went".
const slyText = `" went out
\ went again
"""; went out
*/ went out
'''#{{.}} went again
<script>alert(1)</script> went out
%s%d//line went again
` + "`" + `$(reboot) went "
שלום مرحبا went שלום
👩‍👧 🇩🇪 went 👩‍👧
日記帳 went 日記帳
` + "a\u202eb went again\na\u200bb went out\n\ufeffx went again\ne\u0301 \u0301\u0302 went out\nnul\x01 went \x7f\n\U000e0041 went \ufffe\n"

// coded is a run whose rules are written as code.
type coded struct {
	name    string
	train   []string
	rules   []string // of all that were found
	atLeast int      // rules
}

// codedRuns trains runs whose rules are compared with the votes of qk.
func codedRuns(t *testing.T) []coded {
	write(t, "sly.txt", []byte(slyText))
	write(t, "lights.txt", []byte(lights(300)))
	write(t, "lowered.txt", []byte("a w x\nb w y\na b w x\na b w x\nc w y\nc a w y\n"))
	runs := []coded{
		{"diary", nil, nil, 2},
		{"candle", []string{"--corpus", "candle"}, nil, 2},
		{"plain", []string{"--null=false"}, nil, 2},
		{"coat", []string{"--corpus", "coat", "--boundary"}, nil, 0},
		{"lowered", []string{"--corpus", "lowered.txt", "--null=false"}, nil, 2},
		{"fields", []string{"--corpus", "sly.txt", "--tokens", "fields"}, nil, 10},
		{"chars", []string{"--corpus", "sly.txt", "--tokens", "chars", "--steps", "60", "--keep-case"}, nil, 100},
		{"heldout", []string{"--corpus", "lights.txt", "--holdout", "0.2", "--max-vocab", "14"}, nil, 10},
		{"slot", []string{"--corpus", "lights.txt", "--holdout", "0.2", "--null=false", "--boundary"}, nil, 10},
		{"few", []string{"--corpus", "lights.txt", "--holdout", "0.2", "--context", "2"}, []string{"--top", "2"}, 2},
		{"some", []string{"--corpus", "sly.txt", "--tokens", "fields"}, []string{"--top", "3"}, 3},
	}
	for _, r := range runs {
		got := session{}.run(append([]string{"train", "-q", "--out", r.name}, r.train...)...)
		if got.code != exitOK && got.code != exitCheckFailed {
			t.Fatalf("%s: exit code %d: %s", r.name, got.code, got.stderr)
		}
	}
	return runs
}

// lights is a text in which the colour at the beginning of a sentence tells what is
// done at its end, four times in five. Every sentence ends in a word of its own, so
// that those that are held out have words that no other does.
func lights(sentences int) string {
	random := rand.New(rand.NewPCG(5, 3))
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	var b strings.Builder
	for i := range sentences {
		colour := pick("red", "green", "blue")
		does := map[string]string{"red": "stop", "green": "go", "blue": "swim"}[colour]
		if random.IntN(5) == 0 {
			does = pick("stop", "go", "swim")
		}
		fmt.Fprintf(&b, "%s %s %s we %s x%d\n", colour, pick("lamp", "sign", "door"), pick("now", "then", "so"), does, i)
	}
	return b.String()
}

// question is a position that a written function is asked about.
type question struct {
	Run, Current string
	Earlier      []string
}

// askedPositions are those of what was held out, or of the whole text.
func askedPositions(t *testing.T, e *train.Experiment) []data.Position {
	t.Helper()
	if e.Smoothing == nil {
		return e.Counts.Positions()
	}
	places, err := e.Counts.PlacesOf(e.Corpus.HeldOut, data.HeldOut)
	must(t, err)
	voters := e.Smoothing.Unseen(places)
	if voters.Total == 0 {
		t.Fatal("no position is held out")
	}
	return voters.Positions()
}

// asked lists every position of a run with what the votes of its rules give.
func (r coded) asked(t *testing.T) (questions []question, want []map[string]float64) {
	t.Helper()
	l, err := (&app{stderr: os.Stderr}).load(r.name)
	if err != nil {
		t.Fatal(err)
	}
	var doc rulesResult
	decode(t, qk(t, append([]string{"rules", r.name, "--json"}, r.rules...)...), &doc)
	if doc.Shown < r.atLeast {
		t.Errorf("%s: %d rules, fewer than %d", r.name, doc.Shown, r.atLeast)
	}
	scores := map[[2]string]float64{}
	for _, w := range doc.Words {
		for _, rule := range w.Rules {
			scores[[2]string{w.Word, rule.Earlier}] = rule.Score
		}
	}
	vocab := l.e.Corpus.Vocab
	for _, p := range askedPositions(t, l.e) {
		null := 0.0
		if doc.Null {
			null = 1
		}
		current := vocab.Text(p.Current)
		votes, _ := l.e.Votes(p.Current, p.Earlier, func(u data.Word) float64 {
			score, ok := scores[[2]string{current, vocab.Text(u)}]
			if !ok {
				return 0
			}
			return math.Exp(score)
		}, null)
		shares := map[string]float64{}
		for _, v := range votes {
			shares[vocab.Text(v.Word)] = v.Share
		}
		questions = append(questions, question{r.name, current, vocab.Texts(p.Earlier)})
		want = append(want, shares)
	}
	return append(questions, question{r.name, "no such word", nil}), append(want, map[string]float64{})
}

// wantAnswers compares what a program answers with what qk says.
func wantAnswers(t *testing.T, questions []question, answers []byte, want []map[string]float64) {
	t.Helper()
	var got []map[string]float64
	if err := json.Unmarshal(answers, &got); err != nil || len(got) != len(want) {
		t.Fatalf("%d answers, want %d: %v", len(got), len(want), err)
	}
	for i, shares := range want {
		if len(got[i]) != len(shares) {
			t.Errorf("%+q: %v, want %v", questions[i], got[i], shares)
		}
		for word, p := range shares {
			wantNear(t, fmt.Sprintf("%+q: %q", questions[i], word), got[i][word], p, 1e-12)
		}
	}
}

// TestRulesAsGo compiles the rules of several runs and asks them about every position
// of their texts.
func TestRulesAsGo(t *testing.T) {
	t.Chdir(t.TempDir())
	runs := codedRuns(t)
	var questions []question
	var want []map[string]float64
	var imports, cases strings.Builder
	for _, r := range runs {
		source := qk(t, append([]string{"rules", r.name, "--code", "go"}, r.rules...)...)
		formatted, err := format.Source([]byte(source))
		if err != nil || string(formatted) != source {
			t.Errorf("%s: not formatted: %v", r.name, err)
		}
		must(t, os.MkdirAll(filepath.Join("module", r.name), 0o777))
		write(t, filepath.Join("module", r.name, "rules.go"), []byte(source))
		fmt.Fprintf(&imports, "%s \"answer/%s\"\n", r.name, r.name)
		fmt.Fprintf(&cases, "%q: %s.Next,\n", r.name, r.name)
		q, w := r.asked(t)
		questions, want = append(questions, q...), append(want, w...)
	}
	write(t, filepath.Join("module", "go.mod"), []byte("module answer\n\ngo 1.24\n"))
	write(t, filepath.Join("module", "main.go"), []byte(`package main

import (
	"encoding/json"
	"os"
	"slices"
	`+imports.String()+`)

func main() {
	var questions []struct {
		Run, Current string
		Earlier      []string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		panic(err)
	}
	answers := make([]map[string]float64, len(questions))
	next := map[string]func(string, func(string) bool) map[string]float64{
		`+cases.String()+`}
	for i, q := range questions {
		answers[i] = next[q.Run](q.Current, func(u string) bool { return slices.Contains(q.Earlier, u) })
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}
`))
	tool(t, nil, "go", "vet", "./...")
	wantAnswers(t, questions, tool(t, questions, "go", "run", "."), want)
}

// tool runs a program in the folder module, with the questions as its input.
func tool(t *testing.T, questions []question, name string, args ...string) []byte {
	t.Helper()
	asked, err := json.Marshal(questions)
	must(t, err)
	cmd := exec.Command(name, args...)
	cmd.Dir = "module"
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOPROXY=off", "GOTOOLCHAIN=local", "PYTHONUTF8=1", "PYTHONDONTWRITEBYTECODE=1")
	cmd.Stdin = strings.NewReader(string(asked))
	out, err := cmd.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, failed.Stderr)
	}
	must(t, err)
	return out
}

// TestRulesAsPython runs the rules of the same runs in Python.
func TestRulesAsPython(t *testing.T) {
	if out, err := exec.Command("python3", "-c", "print(1)").CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "1" {
		t.Skipf("SKIPPED: no working python3 (%v), so the rules written in Python were not run", err)
	}
	t.Chdir(t.TempDir())
	runs := codedRuns(t)
	must(t, os.Mkdir("module", 0o777))
	var questions []question
	var want []map[string]float64
	for _, r := range runs {
		write(t, filepath.Join("module", "rules_"+r.name+".py"), []byte(qk(t, append([]string{"rules", r.name, "--code", "python"}, r.rules...)...)))
		q, w := r.asked(t)
		questions, want = append(questions, q...), append(want, w...)
	}
	write(t, filepath.Join("module", "main.py"), []byte(`import importlib
import json
import sys

questions = json.load(sys.stdin)
answers = []
for q in questions:
    rules = importlib.import_module("rules_" + q["Run"])
    answers.append(rules.next_word(q["Current"], set(q["Earlier"] or [])))
json.dump(answers, sys.stdout)
`))
	wantAnswers(t, questions, tool(t, questions, "python3", "-W", "error", "main.py"), want)
}

// TestQuoteCode: what a literal may hold, and what is escaped.
func TestQuoteCode(t *testing.T) {
	for _, test := range []struct{ word, want string }{
		{`candle`, `"candle"`}, {`a"b\c`, `"a\"b\\c"`}, {`it's`, `"it's"`}, {"a\nb\r\t\x00", `"a\x0ab\x0d\x09\x00"`},
		{"日記é", `"日記é"`}, {"\u0301", `"\u0301"`}, {"e\u0301", "\"e\u0301\""}, {"שלום", `"\u05e9\u05dc\u05d5\u05dd"`},
		{"مر", `"\u0645\u0631"`}, {"\u202e\u2028\u00ad", `"\u202e\u2028\u00ad"`}, {"👩\u200d👧", `"👩\u200d👧"`},
		{"\U000e0041", `"\U000e0041"`}, {"</script>", `"</script>"`}, {"", `""`},
	} {
		if got := quoteCode(test.word); got != test.want {
			t.Errorf("%q is written as %s, want %s", test.word, got, test.want)
		}
	}
}

// FuzzQuoteCode: a literal means the word, and is one line that shows.
func FuzzQuoteCode(f *testing.F) {
	for _, seed := range append(strings.Fields(slyText), "\x80", "\u2029", "\U0010ffff", "\r\n", "\u0590", "\U0001e900") {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, word string) {
		literal := quoteCode(word)
		got, err := strconv.Unquote(literal)
		if want := strings.ToValidUTF8(word, "\ufffd"); err != nil || strings.ToValidUTF8(got, "\ufffd") != got || len([]rune(got)) != len([]rune(word)) || word == want && got != word {
			t.Errorf("%q is written as %s, which is %q, %v", word, literal, got, err)
		}
		for _, r := range literal {
			if !unicode.IsPrint(r) || unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam) && unicode.IsLetter(r) {
				t.Errorf("%q is written as %s, which holds %U", word, literal, r)
			}
		}
	})
}

// TestCodeOfSomeWords holds nothing of the words that were not asked for, and says
// that rules are left out.
func TestCodeOfSomeWords(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "run")
	code := qk(t, "rules", "run", "went", "the", "--code", "go")
	wantText(t, "the code", code, `case "went": // 2 times`, `"the": {{"candle", 1}, {"train", 1}},`, "These are 2 of its rules.")
	if strings.Contains(code, `"diary": {`) || strings.Contains(code, "all its rules") {
		t.Errorf("the code holds more than was asked for:\n%s", code)
	}
	code = qk(t, "rules", "run", "--code", "python", "--top", "1")
	wantText(t, "the code", code, "These are 1 of its rules.")
	if n := strings.Count(code, "in earlier:"); n != 1 {
		t.Errorf("%d rules:\n%s", n, code)
	}
}

// TestRulesOfManyWords: a person is not shown what follows <unk> without asking; a
// program is.
func TestRulesOfManyWords(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "text.txt", []byte("a x p\na z p\nb z q\nb x q\na b\nb a\np q\nq p\n"))
	session{}.run("train", "--corpus", "text.txt", "--max-vocab", "4", "-q", "--out", "run")
	text := qk(t, "rules", "run")
	wantText(t, "the text", text, "What follows\n<unk> is left out")
	named := qk(t, "rules", "run", "<unk>")
	wantText(t, "the text", named, "\n<unk>  4 times · exact · 2 ▲")
	if strings.Contains(named, "many words") || strings.Contains(text, "4 times") {
		t.Errorf("without a name:\n%s\nwith it:\n%s", text, named)
	}
	var doc rulesResult
	decode(t, qk(t, "rules", "run", "--json"), &doc)
	if !slices.ContainsFunc(doc.Words, func(w ruleRow) bool { return w.Word == data.Unknown && w.Status == train.Exact }) {
		t.Errorf("%+v", doc)
	}
}
