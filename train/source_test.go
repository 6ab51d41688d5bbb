package train

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"qk/data/text"
)

// TestTextSources: a text from standard input is kept in the directory; a file is
// found again wherever the program is started, and must not have changed.
func TestTextSources(t *testing.T) {
	const content = "a b c\na b d\n"
	d, e, l := newRunAt(t, filepath.Join(t.TempDir(), "run"), predict(steps(2), func(c *Config) { c.Corpus = "-" }), content)
	must(t, l.Run(context.Background()))
	finish(t, d, e, l)
	if got := read(t, d.Path, corpusFile); string(got) != content {
		t.Errorf("the text is %q", got)
	}
	again, err := OpenRun(d.Path)
	must(t, err)
	e2, err := again.Experiment()
	must(t, err)
	if e2.Corpus.SHA256 != e.Corpus.SHA256 || e2.Config != e.Config {
		t.Error("the experiment is not the same")
	}

	path := filepath.Join(t.TempDir(), "text.txt")
	write(t, path, []byte(content))
	t.Chdir(filepath.Dir(path))
	src, err := text.Open("text.txt", nil)
	must(t, err)
	e, err = NewExperiment(predict(func(c *Config) { c.Corpus = "text.txt" }), src)
	must(t, err)
	d, err = CreateRun("run", e, birthday, nil)
	must(t, err)
	must(t, d.log.Close())
	t.Chdir(t.TempDir()) // the file is found from anywhere
	abs := filepath.Join(filepath.Dir(path), "run")
	again, err = OpenRun(abs)
	must(t, err)
	_, err = again.Experiment()
	must(t, err)
	write(t, path, []byte(content+"a b e\n"))
	_, err = again.Experiment()
	wantError(t, err, "run "+abs, "the text of corpus text.txt has changed", e.Corpus.SHA256[:12], "restore the text, or train anew")
	must(t, os.Remove(path))
	_, err = again.Experiment()
	wantError(t, err, "run "+abs, "text.txt")
}
