package train

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"qk/data/text"
)

// victimDir is the environment variable that makes the test binary train in a
// directory, see [victim].
const victimDir = "QK_TEST_VICTIM_DIR"

// victimConfig is a run of 60 steps. Each takes about a millisecond, and the
// state is saved after every second one, so that a kill is likely to fall into
// the middle of a write. Below a directory called batches it is one of the
// fused graph, in float32 and in batches.
func victimConfig(dir string) Config {
	c := predict(steps(60))
	if filepath.Base(filepath.Dir(dir)) == "batches" {
		c.Graph, c.Precision, c.Batch = Fused, Float32, 5
	}
	return c
}

// victim makes the run of a directory, or resumes it if there is one, and takes
// it to its end.
func victim(dir string) int {
	if err := train(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func train(dir string) error {
	d, err := OpenRun(dir)
	var e *Experiment
	var l *Loop
	switch {
	case errors.Is(err, ErrNoRun):
		if d, e, l, err = makeVictim(dir); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		if e, err = d.Experiment(); err != nil {
			return err
		}
		if l, err = d.Resume(e); err != nil {
			return err
		}
	}
	if err := d.Attach(l, still); err != nil {
		return err
	}
	fmt.Println("attached") // from here on there is a state to go back to
	l.Due = func(step int) bool { return step%2 == 0 }
	l.Observers = append(l.Observers, ObserverFunc(func(Event) error {
		time.Sleep(500 * time.Microsecond)
		return nil
	}))
	if err := l.Run(context.Background()); err != nil {
		return err
	}
	o, err := Check(e, l.Model.Weights, l.Loss.Data)
	if err != nil {
		return err
	}
	return d.Finish(l, NewDocument(e, o, l.Step, l.Reason, 1.2))
}

func makeVictim(dir string) (*RunDir, *Experiment, *Loop, error) {
	src, err := text.Open("diary", nil)
	if err != nil {
		return nil, nil, nil, err
	}
	e, err := NewExperiment(victimConfig(dir), src)
	if err != nil {
		return nil, nil, nil, err
	}
	d, err := CreateRun(dir, e, birthday, nil)
	if err != nil {
		return nil, nil, nil, err
	}
	m, err := e.Model()
	if err != nil {
		return nil, nil, nil, err
	}
	l, err := NewLoop(e.Config, m)
	return d, e, l, err
}

// TestKilled kills a process that trains, at random moments, and starts it again
// on the same directory until it comes to its end: the files must be those of a
// run left alone, byte by byte.
func TestKilled(t *testing.T) {
	if runtime.GOOS == "js" || runtime.GOOS == "wasip1" {
		t.Skip("no processes on this system")
	}
	self, err := os.Executable()
	must(t, err)
	kills := 0
	for round, name := range []string{"all rows", "batches", "all rows", "batches"} {
		path := filepath.Join(t.TempDir(), name, "run")
		must(t, os.Mkdir(filepath.Dir(path), 0o777))
		alone := finished(t, victimConfig(path))
		for starts := 0; ; starts++ {
			if starts == 100 {
				t.Fatal("the run never comes to its end")
			}
			after := time.Duration(rand.Int64N(int64(40 * time.Millisecond)))
			if starts >= 8 {
				after = time.Hour
			}
			killed := killAfter(t, self, path, after)
			if !killed {
				break
			}
			kills++
		}
		wantSameFiles(t, fmt.Sprintf("round %d", round), path, alone)
		for _, name := range listDir(t, path) {
			if strings.HasSuffix(name, ".tmp") {
				t.Errorf("%s is left", name)
			}
		}
	}
	t.Logf("%d kills", kills)
	if kills == 0 {
		t.Error("no process was killed in time")
	}
}

// killAfter runs the victim and kills it some time after it has a first state on
// disk. It tells whether the victim was killed before its end.
func killAfter(t *testing.T, self, path string, after time.Duration) bool {
	t.Helper()
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), victimDir+"="+path)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	buffer := make([]byte, 64)
	if n, err := stdout.Read(buffer); n == 0 {
		_ = cmd.Wait()
		t.Fatalf("the process did not start to train: %v, %s", err, stderr.Bytes())
	}
	killer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	defer killer.Stop()
	err = cmd.Wait()
	if stderr.Len() > 0 {
		t.Fatalf("%v: %s", err, stderr.Bytes())
	}
	if err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) { // a failure of its own would be on stderr
			t.Fatalf("the process was not killed: %v", err)
		}
		return true
	}
	if _, err := os.Stat(filepath.Join(path, modelFile)); errors.Is(err, fs.ErrNotExist) {
		t.Fatal("the process ended without a model")
	}
	return false
}
