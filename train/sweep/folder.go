package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"qk/train"
	"qk/train/disk"
)

// The files of a sweep's folder, beside those of its runs.
const (
	planFile = "sweep.json"
	tomlFile = "sweep.toml" // the grid, to be changed and run anew
	lockFile = "sweep.lock" // held by the process that trains
	textFile = "corpus.txt" // a text that could be read only once; further ones are numbered
)

// ErrNoSweep says that a directory holds no sweep.
var ErrNoSweep = errors.New("not a sweep")

// Sweep is a sweep on disk.
type Sweep struct {
	Path   string
	Plan   Plan
	points []Point
	texts  *texts // what is counted, once it was asked for
}

// Points returns the points of the grid, the last axis fastest. The slice must not be
// changed.
func (s *Sweep) Points() []Point { return s.points }

// Create makes the folder of a sweep, which must not exist, and writes its plan.
func Create(path string, p *Plan, points []Point) (*Sweep, error) {
	s := &Sweep{Plan: *p, points: points}
	return s, s.create(path)
}

// create makes the folder.
func (s *Sweep) create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("sweep directory %s: %w", path, disk.WithoutPath(err))
	}
	switch err := os.Mkdir(path, 0o777); {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("sweep directory %s exists: choose another with --out, or continue that sweep with --resume %s", path, path)
	case err != nil:
		return fmt.Errorf("sweep directory %s: %w", path, disk.WithoutPath(err))
	}
	s.Path, s.Plan.Name = path, filepath.Base(path)
	if s.texts != nil {
		if err := s.texts.keep(s); err != nil {
			return err
		}
	}
	if err := disk.WriteFile(s.file(tomlFile), s.Plan.WriteTOML); err != nil {
		return err
	}
	return disk.WriteFile(s.file(planFile), func(w io.Writer) error { return train.WriteJSON(w, s.Plan) })
}

// Open opens the folder of a sweep. The error wraps [ErrNoSweep] if it is none.
func Open(dir string) (*Sweep, error) {
	path := filepath.Join(dir, planFile)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w: it has no %s: `qk runs` lists the runs", dir, ErrNoSweep, planFile)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, disk.WithoutPath(err))
	}
	var head struct {
		Format   int               `json:"format"`
		Versions map[string]string `json:"versions"`
	}
	if err := json.Unmarshal(content, &head); err != nil {
		return nil, fmt.Errorf("%s: damaged: %w", path, err)
	}
	if head.Format > planFormat {
		return nil, fmt.Errorf("%s: format %d is newer than this qk, which reads up to %d: it was written by qk %s: use that one, or a later one", path, head.Format, planFormat, head.Versions["qk"])
	}
	s := &Sweep{Path: dir}
	if err := json.Unmarshal(content, &s.Plan); err != nil {
		return nil, fmt.Errorf("%s: damaged: %w", path, err)
	}
	if err := s.Plan.check(largestPlan); err != nil {
		return nil, fmt.Errorf("%s: damaged: %w", path, err)
	}
	if s.points, err = s.Plan.points(); err != nil {
		return nil, fmt.Errorf("%s: damaged: %w", path, err)
	}
	return s, nil
}

// largestPlan is how many runs a plan that is read back may have.
const largestPlan = 1 << 24

// Result is how a point stands.
type Result struct {
	Point
	Path   string        // of its folder
	Record *train.Record // nil for a point that has not begun
	Err    error         // why the record could not be read
}

// Results reads how every point stands, in the order of the points.
func (s *Sweep) Results() ([]Result, error) { return s.read(train.ReadRecord) }

// Outline is [Sweep.Results] without the masks, see [train.ReadOutline].
func (s *Sweep) Outline() ([]Result, error) { return s.read(train.ReadOutline) }

// read reads the records of all points, on all processors.
func (s *Sweep) read(one func(dir string) (*train.Record, error)) ([]Result, error) {
	results := make([]Result, len(s.points))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(results)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := int(next.Add(1)) - 1; i < len(results); i = int(next.Add(1)) - 1 {
				results[i] = s.result(s.points[i], one)
			}
		}()
	}
	wg.Wait()
	return results, nil
}

// result reads how one point stands.
func (s *Sweep) result(p Point, read func(dir string) (*train.Record, error)) Result {
	r := Result{Point: p, Path: s.file(p.Name)}
	r.Record, r.Err = read(r.Path)
	if errors.Is(r.Err, train.ErrNoRun) {
		r.Record, r.Err = nil, nil
	}
	return r
}

func (s *Sweep) file(name string) string { return filepath.Join(s.Path, name) }
