package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

//go:embed peers/*.py
var scripts embed.FS

// contestant is a command that serves the protocol, with the settings of the
// environment among which tuning chooses.
type contestant struct {
	Name     string
	Command  []string // the folder of the problem comes after
	Settings []setting
}

// setting is a choice that a process can make only once.
type setting struct {
	Name string
	Env  []string
}

// keepMemory tells the C library to hold on to large buffers in place of giving
// them back to the system after each step, which would fault them in again.
var keepMemory = []string{
	"MALLOC_MMAP_THRESHOLD_=4294967296", "MALLOC_TRIM_THRESHOLD_=8589934592", "MALLOC_TOP_PAD_=268435456",
}

// openMP lists the settings of a program whose threads are OpenMP's: all cores,
// waiting awake or asleep between parallel parts, or one. Threads that wait awake
// are quicker to go on, and still sleep soon after the last part.
func openMP() []setting {
	all := fmt.Sprintf("OMP_NUM_THREADS=%d", runtime.NumCPU())
	asleep := []string{"OMP_WAIT_POLICY=PASSIVE", "KMP_BLOCKTIME=0"}
	awake := []string{"GOMP_SPINCOUNT=300000", "KMP_BLOCKTIME=1"}
	sets := []setting{
		{"all cores", append(append([]string{all}, awake...), keepMemory...)},
		{"all cores, passive", append(append([]string{all}, asleep...), keepMemory...)},
	}
	if runtime.NumCPU() > 1 {
		sets = append(sets, setting{"1 thread", append(append([]string{"OMP_NUM_THREADS=1"}, asleep...), keepMemory...)})
	}
	return sets
}

// contestants lists who takes part, qk first. self is this program, peers the
// folder of the scripts, gomlx the command of the GoMLX contestant or empty.
func contestants(self, python, peers, gomlx string) []contestant {
	plain := []setting{{"", nil}}
	script := func(name string, args ...string) []string {
		return append([]string{python, "-B", filepath.Join(peers, name)}, args...)
	}
	list := []contestant{
		{"qk", []string{self, "serve", "qk"}, plain},
		{"PyTorch eager", script("torch_peer.py", "eager"), openMP()},
		{"PyTorch by hand", script("torch_peer.py", "manual"), openMP()},
		{"torch.compile", script("torch_peer.py", "compile"), compiled(openMP(), peers)},
		{"JAX jit", script("jax_peer.py"), []setting{
			{"all cores", keepMemory},
			{"1 thread", append([]string{"XLA_FLAGS=--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"}, keepMemory...)},
		}},
		{"numpy", script("numpy_peer.py"), []setting{{"", keepMemory}}},
		{"Gorgonia", []string{self, "serve", "gorgonia"}, plain},
	}
	if gomlx != "" {
		list = append(list, contestant{"GoMLX", []string{gomlx}, []setting{{"", nil}, {"ops in parallel", []string{"GOMLX_BACKEND=go:ops_parallel"}}}})
	}
	return list
}

// compiled drops the setting that nothing compiled gains from and keeps what was
// compiled for the processes to come.
func compiled(sets []setting, folder string) []setting {
	var out []setting
	for _, s := range sets {
		if s.Name != "all cores, passive" {
			out = append(out, setting{s.Name, append([]string{"TORCHINDUCTOR_CACHE_DIR=" + filepath.Join(folder, "compiled")}, s.Env...)})
		}
	}
	return out
}

// unpack writes the scripts into a folder.
func unpack(folder string) error {
	files, err := fs.Glob(scripts, "peers/*.py")
	if err != nil {
		return err
	}
	for _, f := range files {
		text, err := scripts.ReadFile(f)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, filepath.Base(f)), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}
