package sweep

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"qk/data/text"
	"qk/train"
	"qk/train/disk"
)

// texts counts the texts of a sweep, each way of counting once, for all runs that
// share it.
type texts struct {
	once    map[string][]byte // by name, what could be read only once, until it is kept in the folder
	counted map[train.Counting]*train.Experiment
}

// smallText is up to how many counts a text stays in memory after its runs were
// checked, until they begin; a larger one is counted once more.
const smallText = 1 << 18

// New prepares a sweep that has no folder yet: it finds the texts, reads those from
// stdin and pipes, counts all, and checks every point against its text. tell, unless
// it is nil, is called now and then with what is being done.
func New(ctx context.Context, p *Plan, points []Point, stdin io.Reader, tell func(train.Stage)) (*Sweep, error) {
	s := &Sweep{Plan: *p, points: points, texts: &texts{once: map[string][]byte{}, counted: map[train.Counting]*train.Experiment{}}}
	if err := s.locate(stdin); err != nil {
		return nil, err
	}
	groups := s.groups(func(int) bool { return true })
	for i, g := range groups {
		if ctx.Err() != nil {
			return nil, train.ErrInterrupted
		}
		e, err := s.count(g, tell)
		if err != nil {
			return nil, err
		}
		for _, i := range g.points {
			if _, err := e.With(points[i].Config); err != nil {
				return nil, &PointError{points[i].Name, err}
			}
		}
		if len(groups) == 1 || i == 0 || e.Counts.PairCells <= smallText {
			s.texts.counted[g.key] = e
		}
	}
	return s, nil
}

// Create makes the folder of a new sweep, which must not exist.
func (s *Sweep) Create(path string) error { return s.create(path) }

// locate finds every text and notes where it is.
func (s *Sweep) locate(stdin io.Reader) error {
	seen := map[string]bool{}
	for _, p := range s.points {
		for _, name := range p.Config.Corpus.Names() {
			if seen[name] {
				continue
			}
			seen[name] = true
			if err := s.locateText(name, p.Config.Counts, stdin); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Sweep) locateText(name string, counts bool, stdin io.Reader) error {
	if !counts {
		sources, err := text.OpenAll([]string{name}, stdin)
		if err != nil {
			return err
		}
		if sources[0].BuiltIn {
			return nil
		}
		if sources[0].Once {
			content, err := readAll(sources[0])
			s.texts.once[name] = content
			return err
		}
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return fmt.Errorf("corpus %s: %w", name, err)
	}
	s.Plan.Texts = append(s.Plan.Texts, Text{name, abs})
	return nil
}

// readAll reads a text that can be read only once.
func readAll(src *text.Source) ([]byte, error) {
	in, err := src.Reader()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	content, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("corpus %s: %w", text.DisplayName(src.Name), err)
	}
	return content, nil
}

// keep writes the texts that could be read only once into the folder of the sweep.
func (t *texts) keep(s *Sweep) error {
	var names []string
	for name := range t.once {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		file := textFile
		if i > 0 {
			ext := filepath.Ext(textFile)
			file = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(textFile, ext), i+1, ext)
		}
		err := disk.WriteFile(s.file(file), func(w io.Writer) error {
			_, err := w.Write(t.once[name])
			return err
		})
		if err != nil {
			return err
		}
		s.Plan.Texts = append(s.Plan.Texts, Text{name, file})
	}
	t.once = nil
	return nil
}

// place returns where the text of that name is, "" if it is built in.
func (s *Sweep) place(name string) string {
	for _, t := range s.Plan.Texts {
		if t.Name == name {
			return t.Path
		}
	}
	return ""
}

// placesFor returns what the record of a run says about where its texts are.
func (s *Sweep) placesFor(c train.Config) []string {
	var places []string
	for _, name := range c.Corpus.Names() {
		path := s.place(name)
		if path != "" && !filepath.IsAbs(path) {
			path = filepath.Join("..", path) // the run is a folder in that of the sweep
		}
		places = append(places, path)
	}
	return places
}

// open finds the texts of a run.
func (s *Sweep) open(c train.Config) ([]*text.Source, error) {
	var all []*text.Source
	for _, name := range c.Corpus.Names() {
		if content, ok := s.texts.once[name]; ok {
			all = append(all, text.FromBytes(name, content))
			continue
		}
		path := s.place(name)
		switch {
		case path == "":
			path = name
		case !filepath.IsAbs(path):
			path = s.file(path)
		}
		if path != name || filepath.IsAbs(path) {
			if _, err := os.Stat(path); err != nil {
				return nil, fmt.Errorf("text %s of the sweep: %w: put it back, or make a new sweep", path, disk.WithoutPath(err))
			}
		}
		sources, err := text.OpenAll([]string{path}, bytes.NewReader(nil))
		if err != nil {
			return nil, err
		}
		all = append(all, sources...)
	}
	return all, nil
}

// group is the points that share what is counted.
type group struct {
	key    train.Counting
	config train.Config // of the first one
	points []int
}

// groups puts the wanted points together by what is counted for them, in the order of
// the first of each.
func (s *Sweep) groups(wanted func(i int) bool) []*group {
	index := map[train.Counting]*group{}
	var list []*group
	for i, p := range s.points {
		if !wanted(i) {
			continue
		}
		key := p.Config.Counting()
		g := index[key]
		if g == nil {
			g = &group{key: key, config: p.Config}
			index[key] = g
			list = append(list, g)
		}
		g.points = append(g.points, i)
	}
	return list
}

// count reads and counts the text of a group, without masks, unless it is at hand.
func (s *Sweep) count(g *group, tell func(train.Stage)) (*train.Experiment, error) {
	if e := s.texts.counted[g.key]; e != nil {
		return e, nil
	}
	c := g.config
	if !c.Counts {
		sources, err := s.open(c)
		if err != nil {
			return nil, err
		}
		return s.forPoint(g)(train.CountText(c, tell, sources...))
	}
	return s.forPoint(g)(train.CountDirAt(c, s.place(c.Corpus.String())))
}

// forPoint names the point of which a setting does not suit the text.
func (s *Sweep) forPoint(g *group) func(*train.Experiment, error) (*train.Experiment, error) {
	return func(e *train.Experiment, err error) (*train.Experiment, error) {
		var flag *train.FlagError
		if errors.As(err, &flag) {
			err = &PointError{s.points[g.points[0]].Name, err}
		}
		return e, err
	}
}
