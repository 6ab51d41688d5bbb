package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"qk/graph/kernel"
	"qk/train/disk"
)

// recordFormat is the version of run.json that this program writes and the
// newest that it reads.
const recordFormat = 1

// RunStatus says how a run stands.
type RunStatus string

// The states of a run. A run that was killed stays at Running.
const (
	Running     RunStatus = "running"
	Done        RunStatus = "done"
	Interrupted RunStatus = "interrupted"
	Diverged    RunStatus = "diverged"
	Failed      RunStatus = "failed"
)

// Record is run.json: everything that is known about a run.
type Record struct {
	Format  int       `json:"format"`
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	Status  RunStatus `json:"status"`
	Error   string    `json:"error,omitempty"`
	Config  Config    `json:"config"`
	// CorpusPath has the absolute paths of texts in files and directories, name by
	// name as Config.Corpus, and "" for texts of another kind. That of a text which a
	// sweep keeps for its runs is relative to the run directory.
	CorpusPath CorpusNames       `json:"corpus_path,omitempty"`
	Data       Summary           `json:"data"`
	Versions   map[string]string `json:"versions"`
	Machine    Machine           `json:"machine"`
	Warnings   []string          `json:"warnings,omitempty"`
	Result     *Document         `json:"result,omitempty"`
	Files      map[string]string `json:"files,omitempty"` // SHA-256 by file name
}

// Machine is where a run took place.
type Machine struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
}

func newRecord(name string, created time.Time, e *Experiment) *Record {
	r := &Record{
		Format: recordFormat, Name: name, Created: created.UTC().Truncate(time.Millisecond), Status: Running,
		Config: e.Config, Data: e.Summary(), Versions: Versions(),
		Machine:  Machine{runtime.GOOS, runtime.GOARCH, runtime.NumCPU()},
		Warnings: e.Config.Warnings(e.Counts.V()),
	}
	return r
}

// Version returns the version of the program, as the build recorded it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				v += " " + s.Value[:12]
			}
		}
	}
	return v
}

// Versions lists the program, the language and the libraries that compute.
func Versions() map[string]string {
	v := map[string]string{"qk": Version(), "go": runtime.Version()}
	if isa, err := kernel.Default(); err == nil { // an error has ended the run before
		v["kernels"] = string(isa)
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			switch d.Path {
			case "gorgonia.org/gorgonia", "gorgonia.org/tensor", "gonum.org/v1/gonum":
				v[d.Path] = d.Version
			}
		}
	}
	return v
}

// ErrNoRun says that a directory holds no run.
var ErrNoRun = errors.New("not a run directory")

// ReadRecord reads the run.json of a run directory. The error wraps [ErrNoRun]
// if there is none.
func ReadRecord(dir string) (*Record, error) {
	return readRecord(dir, func(content []byte) (*Record, error) {
		var r Record
		return &r, json.Unmarshal(content, &r)
	})
}

// readRecord reads a run.json by way of decode.
func readRecord(dir string, decode func([]byte) (*Record, error)) (*Record, error) {
	path := filepath.Join(dir, recordFile)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w: it has no %s: `qk runs` lists the runs", dir, ErrNoRun, recordFile)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, disk.WithoutPath(err))
	}
	r, err := decode(content)
	if err != nil {
		return nil, fmt.Errorf("%s: damaged: %w", path, err)
	}
	if r.Format > recordFormat {
		return nil, fmt.Errorf("%s: format %d is newer than this qk, which reads up to %d: use the qk that wrote it, or a later one", path, r.Format, recordFormat)
	}
	r.Config.upgrade()
	if err := r.Config.Validate(); err != nil {
		return nil, fmt.Errorf("%s: damaged: %w", path, err)
	}
	return r, nil
}

func (r *Record) write(dir string) error { return writeJSONFile(filepath.Join(dir, recordFile), r) }
