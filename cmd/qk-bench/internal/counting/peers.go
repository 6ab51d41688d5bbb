package counting

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"qk/cmd/qk-bench/internal/process"
	"qk/data/table"
)

// counter is a program that counts: qk or a peer.
type counter struct {
	Name    string
	Version string
	Missing string // why it cannot take part, "" if it can
	Jobs    map[table.Name]recipe
}

// recipe makes the plan of a job. The output goes into dir, which is new and
// empty.
type recipe func(dir string) plan

// plan is a job as a program does it.
type plan struct {
	Refuse string // why it is not done, "" if it is
	Steps  []process.Step
	// Read reads what the steps wrote.
	Read func() (finding, error)
}

// finding is what a program counted.
type finding struct {
	Of       table.Name // whose figures it should have, "" if nothing can be compared
	Got      figures
	RowsOnly bool   // only the number of rows is known
	Note     string // what it does differently by its nature
}

// kit is what recipes need.
type kit struct {
	raw      string // the text for qk
	text     *prepared
	maxVocab int
	context  int
	memory   int64 // 0 for each program's own choice
	scripts  string
	qk       []string
	glove    string
	kenlm    string
	duckdb   string
	python   string
}

// counters lists who counts, qk first.
func (k *kit) counters() []counter {
	return []counter{k.ourCounter(), k.gloveCounter(true), k.gloveCounter(false), k.kenlmCounter(), k.duckdbCounter(), k.pythonCounter()}
}

// ourCounter reads the raw text, so its time includes the segmentation.
func (k *kit) ourCounter() counter {
	job := func(t table.Name) recipe {
		return func(dir string) plan {
			out := filepath.Join(dir, "count")
			args := append(append([]string{}, k.qk...), "count", "--corpus", k.raw, "--out", out, "--tables", string(t),
				"--max-vocab", strconv.Itoa(k.maxVocab), "--context", strconv.Itoa(k.context), "--temp", dir)
			if k.memory > 0 {
				args = append(args, "--memory", fmt.Sprintf("%dB", k.memory))
			}
			return plan{Steps: []process.Step{{Command: args, Dir: dir}}, Read: func() (finding, error) { return k.readOurs(out, t) }}
		}
	}
	return counter{Name: "qk", Jobs: map[table.Name]recipe{
		table.Transitions: job(table.Transitions), table.Cooccurrences: job(table.Cooccurrences), table.Pairs: job(table.Pairs),
	}}
}

// gloveCounter is GloVe as it comes, counting both directions and by distance, or
// told to count the words before alone, each as one.
func (k *kit) gloveCounter(directed bool) counter {
	c := counter{Name: "GloVe", Jobs: map[table.Name]recipe{}}
	if directed {
		c.Name = "GloVe directed"
	}
	programs := map[string]string{}
	for _, name := range []string{"vocab_count", "cooccur"} {
		path, err := find(name, k.glove, "", "build")
		if err != nil {
			c.Missing = err.Error() + ", see --glove"
			return c
		}
		programs[name] = path
	}
	gigabytes := 4.0 // as in its demonstration
	if k.memory > 0 {
		gigabytes = float64(k.memory) / (1 << 30)
	}
	job := func(t table.Name, window int) recipe {
		return func(dir string) plan {
			words, out := filepath.Join(dir, "vocab.txt"), filepath.Join(dir, "cooccurrences.bin")
			args := []string{programs["cooccur"], "-verbose", "0", "-window-size", strconv.Itoa(window), "-vocab-file", words,
				"-memory", strconv.FormatFloat(gigabytes, 'f', 3, 64), "-overflow-file", filepath.Join(dir, "overflow")}
			if directed {
				args = append(args, "-symmetric", "0", "-distance-weighting", "0")
			}
			return plan{Steps: []process.Step{
				{Command: []string{programs["vocab_count"], "-verbose", "0"}, In: k.text.Path, Out: words},
				{Command: args, In: k.text.Path, Out: out},
			}, Read: func() (finding, error) { return k.readGlove(words, out, t, directed) }}
		}
	}
	c.Jobs[table.Transitions] = job(table.Transitions, 1)
	c.Jobs[table.Cooccurrences] = job(windowed, k.context)
	return c
}

// kenlmCounter estimates a model of order 2, of which counting is the first part.
func (k *kit) kenlmCounter() counter {
	c := counter{Name: "KenLM"}
	lmplz, err := find("lmplz", k.kenlm, "", "bin", filepath.Join("build", "bin"))
	if err != nil {
		c.Missing = err.Error() + ", see --kenlm"
		return c
	}
	memory := k.memory
	if memory == 0 {
		memory = 4 << 30
	}
	c.Jobs = map[table.Name]recipe{table.Transitions: func(dir string) plan {
		out := filepath.Join(dir, "model.arpa")
		return plan{Steps: []process.Step{{Command: []string{lmplz, "-o", "2", "--discount_fallback", "-S", fmt.Sprintf("%db", memory),
			"-T", filepath.Join(dir, "sort"), "--text", k.text.Path, "--arpa", out}}},
			Read: func() (finding, error) { return k.readKenlm(out) }}
	}}
	return c
}

// pythonCounter is collections.Counter. The dictionary of all pairs would take
// more than ten gigabytes, so it is not asked for them.
func (k *kit) pythonCounter() counter {
	c := counter{Name: "Python Counter", Jobs: map[table.Name]recipe{}}
	version, err := exec.Command(k.python, "-c", "import platform; print(platform.python_version(), end='')").Output()
	if err != nil {
		c.Missing = fmt.Sprintf("%s: %v, see --python", k.python, err)
		return c
	}
	c.Version = string(version)
	for _, t := range []table.Name{table.Transitions, table.Cooccurrences} {
		c.Jobs[t] = func(dir string) plan {
			out := filepath.Join(dir, "counts.tsv")
			return plan{Steps: []process.Step{{Command: []string{k.python, "-B", filepath.Join(k.scripts, "counter.py"), string(t), strconv.Itoa(k.context), k.text.Path, out}}},
				Read: func() (finding, error) { return k.readRows(out, t) }}
		}
	}
	return c
}

// find looks for a program in some folders of dir, or on the path if dir is "".
func find(name, dir string, folders ...string) (string, error) {
	if dir == "" {
		path, err := exec.LookPath(name)
		if err != nil {
			return "", fmt.Errorf("%s is not on the path", name)
		}
		return filepath.Abs(path)
	}
	for _, f := range folders {
		path := filepath.Join(dir, f, name)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return filepath.Abs(path)
		}
	}
	return "", fmt.Errorf("%s is not in %s", name, dir)
}
