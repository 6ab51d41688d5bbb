package train

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"qk/data/text"
)

func TestCorpusNames(t *testing.T) {
	for _, c := range []struct {
		names      []string
		json, text string
	}{
		{[]string{"diary"}, `"diary"`, "diary"},
		{[]string{""}, `""`, ""},
		{[]string{"a <b> & c"}, `"a <b> & c"`, "a <b> & c"},
		{[]string{"a", "b c", "-"}, `["a","b c","-"]`, "a, b c, -"},
		{[]string{"a", ""}, `["a",""]`, "a, "},
	} {
		names := NameCorpus(c.names...)
		if got := names.Names(); !slices.Equal(got, c.names) || names.String() != c.text {
			t.Errorf("%q became %q, %q", c.names, got, names)
		}
		var out strings.Builder
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		must(t, e.Encode(names))
		if got := strings.TrimSpace(out.String()); got != c.json {
			t.Errorf("%q in JSON is %s; want %s", c.names, got, c.json)
		}
		var again CorpusNames
		must(t, json.Unmarshal([]byte(c.json), &again))
		if again != names {
			t.Errorf("%s is read as %q", c.json, again.Names())
		}
	}
	for _, bad := range []string{"1", "{}", `["a", 1]`, `[["a"]]`} {
		var names CorpusNames
		if err := json.Unmarshal([]byte(bad), &names); err == nil {
			t.Errorf("%s is read as %q", bad, names.Names())
		}
	}
}

// TestSeveralTexts makes a run of a file, a built-in corpus, standard input and a
// directory. It finds them all again from elsewhere, and knows when one has
// changed.
func TestSeveralTexts(t *testing.T) {
	home := t.TempDir()
	t.Chdir(home)
	must(t, os.Mkdir("more", 0o777))
	write(t, "first.txt", []byte("a b c\n"))
	write(t, filepath.Join("more", "x.txt"), []byte("a x d\n"))
	write(t, filepath.Join("more", "y.txt"), []byte("a y d")) // a text ends a sentence
	const input = "b a\n"
	names := NameCorpus("first.txt", "coat", "-", "more")
	sources, err := text.OpenAll(names.Names(), strings.NewReader(input))
	must(t, err)
	e, err := NewExperiment(predict(steps(2), func(c *Config) { c.Corpus = names }), sources...)
	must(t, err)
	if e.Corpus.Lines() != 1+10+1+2 {
		t.Errorf("%d sentences", e.Corpus.Lines())
	}
	d, err := CreateRun("run", e, birthday, [][]byte{nil, nil, []byte(input), nil})
	must(t, err)
	l := loop(t, e)
	must(t, d.Attach(l, still))
	must(t, l.Run(context.Background()))
	finish(t, d, e, l)
	if got := string(read(t, "run", "corpus-3.txt")); got != input {
		t.Errorf("kept %q", got)
	}
	if got, want := d.Record.CorpusPath.Names(), []string{filepath.Join(home, "first.txt"), "", "", filepath.Join(home, "more")}; !slices.Equal(got, want) {
		t.Errorf("paths %q; want %q", got, want)
	}

	t.Chdir(t.TempDir())
	open := func() (*Experiment, error) {
		again, err := OpenRun(filepath.Join(home, "run"))
		must(t, err)
		return again.Experiment()
	}
	e2, err := open()
	must(t, err)
	if e2.Corpus.SHA256 != e.Corpus.SHA256 || e2.Config != e.Config || !slices.Equal(e2.Corpus.Vocab.All(), e.Corpus.Vocab.All()) {
		t.Error("the experiment is not the same")
	}
	extra := filepath.Join(home, "more", "z.txt")
	write(t, extra, []byte("a z d\n"))
	_, err = open()
	wantError(t, err, "the text of corpus first.txt, coat, -, more has changed")
	must(t, os.Remove(extra))
	must(t, os.Remove(filepath.Join(home, "run", "corpus-3.txt")))
	_, err = open()
	wantError(t, err, "corpus-3.txt is missing")
	write(t, filepath.Join(home, "run", "corpus-3.txt"), []byte(input))
	must(t, os.Remove(filepath.Join(home, "first.txt")))
	_, err = open()
	wantError(t, err, "its text "+filepath.Join(home, "first.txt"))

	d.Record.CorpusPath = NameCorpus("a", "b")
	must(t, d.Record.write(filepath.Join(home, "run")))
	_, err = open()
	wantError(t, err, "damaged: it has 4 texts and 2 paths")
}
