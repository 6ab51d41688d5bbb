package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"time"

	"qk/data"
	"qk/train"
)

// Options are what a server needs from the program that it is part of.
type Options struct {
	Limits  Limits
	Version string
	Now     func() time.Time
	// Token has to be shown by everybody who comes, unless it is "".
	Token string
	// Host tells whether a request may name this host, with its port.
	Host func(host string) bool

	// Command is the command line that trains such a run over V words.
	Command func(c train.Config, V int) string
	// Produce writes a file about a run that is in a folder.
	Produce func(ctx context.Context, w Wanted, to io.Writer) error
	// Keep returns a path for the folder of a run on such a text, or is nil if pages
	// may not keep runs.
	Keep func(corpus string) string
}

// Wanted is a file that a page asks for.
type Wanted struct {
	Dir      string // the folder of the run
	Name     string // of the file, one of [Files]
	Dark     bool   // for pictures
	Sentence string // for the picture of attention
}

// Server serves the page, and trains what it asks for.
type Server struct {
	o    Options
	tabs *tabs
	page fs.FS
}

// New returns a server, which has to be closed.
func New(o Options) (*Server, error) {
	page, err := pageFiles()
	if err != nil {
		return nil, err
	}
	return &Server{o: o, tabs: newTabs(o.Limits, o.Now), page: page}, nil
}

// Close ends all sessions and waits for them.
func (s *Server) Close() { s.tabs.close() }

// Handler answers requests. It lets in only who may come, see [Server.guard].
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", only(http.FileServerFS(s.page)))
	mux.HandleFunc("GET /api/hello", s.hello)
	mux.HandleFunc("POST /api/sessions", s.open)
	mux.HandleFunc("GET /api/sessions/{id}/stream", s.with(s.stream))
	mux.HandleFunc("POST /api/sessions/{id}/control", s.with(s.control))
	mux.HandleFunc("POST /api/sessions/{id}/close", s.with(s.close))
	mux.HandleFunc("GET /api/sessions/{id}/save/{name}", s.with(s.save))
	mux.HandleFunc("POST /api/sessions/{id}/keep", s.with(s.keep))
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, fmt.Errorf("there is nothing at %s %s", r.Method, r.URL.Path))
	})
	return s.guard(mux)
}

// with finds the session that a path names.
func (s *Server) with(handle func(http.ResponseWriter, *http.Request, *session)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		session := s.tabs.find(r.PathValue("id"))
		if session == nil {
			refuse(w, http.StatusNotFound, errClosed)
			return
		}
		handle(w, r, session)
	}
}

// opened is what a page is told of its new session.
type opened struct {
	ID        string            `json:"id"`
	Settings  map[string]string `json:"settings"`
	Command   string            `json:"command"`
	Warnings  []string          `json:"warnings"`
	Words     []string          `json:"words"`
	V         int               `json:"V"`
	Rank      int               `json:"rank"`
	OneHot    bool              `json:"one_hot"`
	Null      bool              `json:"null"`
	Scaled    bool              `json:"scaled"`
	Task      string            `json:"task"`
	Objective string            `json:"objective"`
	Table     bool              `json:"table"`
	Unit      string            `json:"unit"`
	Data      train.Summary     `json:"data"`
	Ladder    data.Ladder       `json:"ladder"`
	Steps     int               `json:"steps"`
	Sentence  string            `json:"sentence"`
}

// open starts a session.
func (s *Server) open(w http.ResponseWriter, r *http.Request) {
	var asked request
	if !s.read(w, r, &asked, 2*int64(s.o.Limits.TextBytes)+1<<16) {
		return
	}
	session, err := s.tabs.open(r.Context(), asked)
	if err != nil {
		refuse(w, statusOf(err), err)
		return
	}
	e := session.e
	c := e.Config
	o := opened{
		ID: session.id, Settings: map[string]string{}, Command: s.o.Command(c, e.Counts.V()), Warnings: append([]string{}, session.notes...),
		Words: e.Corpus.Vocab.All(), V: e.Counts.V(), Rank: c.Rank, OneHot: c.OneHot, Null: c.Null, Scaled: c.Scaled,
		Task: string(c.Task), Objective: string(c.Objective), Table: c.Table(), Unit: c.Unit(),
		Data: e.Summary(), Ladder: session.ladder, Steps: c.Steps, Sentence: session.sentence.Text,
	}
	for _, name := range Settings {
		if setting, ok := train.FindSetting(name); ok {
			o.Settings[name] = setting.Text(c)
		}
	}
	answer(w, http.StatusCreated, o)
}

// statusOf is the status of an error of [tabs.open].
func statusOf(err error) int {
	var busy busyError
	switch {
	case errors.As(err, &busy):
		return http.StatusServiceUnavailable
	case errors.Is(err, errClosed):
		return http.StatusNotFound
	}
	return http.StatusBadRequest
}

// close ends a session.
func (s *Server) close(w http.ResponseWriter, _ *http.Request, x *session) {
	x.close("closed by the page")
	w.WriteHeader(http.StatusNoContent)
}

// read reads a request in JSON, of so many bytes at most, or refuses it.
func (s *Server) read(w http.ResponseWriter, r *http.Request, v any, most int64) bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, errors.New("a request has to be application/json"))
		return false
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, most))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		refuse(w, http.StatusRequestEntityTooLarge, fmt.Errorf("this request is larger than %d bytes: a text may have up to %d", large.Limit, s.o.Limits.TextBytes))
	case err != nil:
		refuse(w, http.StatusBadRequest, fmt.Errorf("this request cannot be read: %w", err))
	}
	return err == nil
}

// answer writes a result in JSON.
func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // if nobody listens any more, so be it
}

// refusal is an error as the page gets it.
type refusal struct {
	Error string `json:"error"`
	Flag  string `json:"flag,omitempty"` // the setting at fault
}

func refuse(w http.ResponseWriter, status int, err error) {
	r := refusal{Error: err.Error()}
	var flag *train.FlagError
	if errors.As(err, &flag) {
		r = refusal{Error: flag.Why, Flag: flag.Flag}
	}
	answer(w, status, r)
}

// only lets a page be read, and nothing be sent to it.
func only(files http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			refuse(w, http.StatusMethodNotAllowed, fmt.Errorf("%s is not possible here", r.Method))
			return
		}
		files.ServeHTTP(w, r)
	})
}
