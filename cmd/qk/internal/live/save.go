package live

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"qk/train"
)

// Files are the names of the files that a page can save, beside those that the server
// makes itself: the folder of the run, and the text.
var Files = []string{
	"report.html", "loss.svg", "loss.png", "masks.svg", "masks.png", "attention.svg", "attention.png",
	"export.npz", "export.safetensors", "masks.csv", "scores.csv",
}

// The files that the server makes itself.
const (
	runFile  = "run.zip"
	textFile = "corpus.txt"
)

// save hands out a file about the run as it stands.
func (s *Server) save(w http.ResponseWriter, r *http.Request, x *session) {
	name := r.PathValue("name")
	if name != runFile && name != textFile && !slices.Contains(Files, name) {
		refuse(w, http.StatusNotFound, fmt.Errorf("there is no file %q to be saved: there are %s, %s and %s", name, strings.Join(Files, ", "), runFile, textFile))
		return
	}
	if name == textFile {
		s.saveText(w, x)
		return
	}
	select { // files take the processor as texts do
	case s.tabs.making <- struct{}{}:
		defer func() { <-s.tabs.making }()
	case <-r.Context().Done():
		return
	}
	temp, err := os.MkdirTemp("", "qk-page-")
	if err != nil {
		refuse(w, http.StatusInternalServerError, err)
		return
	}
	defer os.RemoveAll(temp)
	dir := filepath.Join(temp, x.name())
	sentence, err := x.file(r.Context(), dir)
	if err != nil {
		refuse(w, http.StatusInternalServerError, err)
		return
	}
	made, err := os.Create(filepath.Join(temp, "made"))
	if err != nil {
		refuse(w, http.StatusInternalServerError, err)
		return
	}
	defer made.Close()
	if name == runFile {
		err = zipped(made, temp, dir)
	} else {
		err = s.o.Produce(r.Context(), Wanted{Dir: dir, Name: name, Dark: r.URL.Query().Get("theme") == "dark", Sentence: sentence}, made)
	}
	if err == nil {
		_, err = made.Seek(0, io.SeekStart)
	}
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, withoutPath(err, temp))
		return
	}
	offer(w, x.name()+"-"+name)
	_, _ = io.Copy(w, made) // if nobody listens any more, so be it
}

// withoutPath leaves the temporary folder out of a message.
func withoutPath(err error, temp string) error {
	return errors.New(strings.ReplaceAll(err.Error(), temp+string(filepath.Separator), ""))
}

// offer says that a file follows.
func offer(w http.ResponseWriter, name string) {
	kind := mime.TypeByExtension(path.Ext(name))
	if kind == "" {
		kind = "application/octet-stream"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}

// saveText hands out the text.
func (s *Server) saveText(w http.ResponseWriter, x *session) {
	text := x.own
	if text == nil {
		var err error
		if text, err = builtIn(string(x.e.Config.Corpus)); err != nil {
			refuse(w, http.StatusInternalServerError, err)
			return
		}
	}
	name := string(x.e.Config.Corpus)
	if path.Ext(name) == "" {
		name += ".txt"
	}
	offer(w, name)
	_, _ = w.Write(text)
}

// name is how the files of the session are called.
func (x *session) name() string {
	corpus := string(x.e.Config.Corpus)
	return x.created.Format("20060102-150405") + "-" + strings.TrimSuffix(corpus, path.Ext(corpus))
}

// file writes the run as it stands into a new folder, and tells the sentence that is
// looked at.
func (x *session) file(ctx context.Context, dir string) (sentence string, err error) {
	failed := x.do(ctx, func() {
		sentence = x.sentence.Text
		_, err = x.unfiled().File(dir)
	})
	return sentence, errors.Join(failed, err)
}

// unfiled is the run as it stands.
func (x *session) unfiled() *train.Unfiled {
	u := &train.Unfiled{
		Experiment: x.e, Loop: x.loop, Log: x.log, Texts: [][]byte{x.own}, Created: x.created,
		Seconds: x.spent.Seconds(), Outcome: x.outcome, Cause: x.failure,
	}
	for _, c := range x.rates[:x.next] {
		u.Warnings = append(u.Warnings, fmt.Sprintf("the learning rate was changed to %s after step %d: these settings alone do not give this run", train.FormatReal(c.rate()), c.step()))
	}
	x.weights() // into the model that is written
	return u
}

// zipped packs a folder, under its own name.
func zipped(to io.Writer, root, dir string) error {
	z := zip.NewWriter(to)
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: filepath.ToSlash(relative), Method: zip.Deflate, Modified: time.Now()})
		if err != nil {
			return err
		}
		content, err := os.Open(name)
		if err != nil {
			return err
		}
		defer content.Close()
		_, err = io.Copy(w, content)
		return err
	})
	return errors.Join(err, z.Close())
}

// keep writes the run into the folder of runs of the server.
func (s *Server) keep(w http.ResponseWriter, r *http.Request, x *session) {
	if s.o.Keep == nil {
		refuse(w, http.StatusForbidden, errors.New("this server keeps no runs: save the run as a file instead"))
		return
	}
	dir := s.o.Keep(string(x.e.Config.Corpus))
	if _, err := x.file(r.Context(), dir); err != nil {
		refuse(w, http.StatusInternalServerError, err)
		return
	}
	answer(w, http.StatusCreated, map[string]any{"path": dir, "commands": []string{"qk check " + dir, "qk lookup " + dir + " WORD", "qk report " + dir}})
}
