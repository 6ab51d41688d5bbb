package sweep_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"qk/train"
	"qk/train/sweep"
	"qk/train/sweep/sweeptest"
)

// victimDir is the environment variable that makes the test binary resume the sweep in
// a directory.
const victimDir = "QK_TEST_SWEEP_VICTIM"

// victim takes a sweep to its end, slowly, saving its state at every third step.
func victim(dir string) int {
	if err := os.Chdir(filepath.Dir(dir)); err != nil {
		panic(err)
	}
	s, err := sweep.Open(filepath.Base(dir))
	if err == nil {
		fmt.Println("opened")
		err = s.Run(context.Background(), sweep.Options{Jobs: 2, Now: still, Begun: func(_ sweep.Point, l *train.Loop) {
			l.Observers = append(l.Observers, train.ObserverFunc(func(e train.Event) error {
				l.Due = func(step int) bool { return step%3 == 0 }
				time.Sleep(200 * time.Microsecond)
				return nil
			}))
		}})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// TestKilled kills a process that trains a sweep, at random moments, and starts it
// again until it comes to its end: every file is that of a sweep left alone, and runs
// that were done are not written again.
func TestKilled(t *testing.T) {
	if runtime.GOOS == "js" || runtime.GOOS == "wasip1" {
		t.Skip("no processes on this system")
	}
	self, err := os.Executable()
	must(t, err)
	fixed, axes := mixed()
	t.Chdir(t.TempDir())
	must(t, sweeptest.New(t, "grid", fixed, axes).Run(t.Context(), sweep.Options{Now: still}))
	want := files(t, "grid")
	dir := filepath.Join(t.TempDir(), "grid")
	s := sweeptest.New(t, dir, fixed, axes)
	kills := 0
	done := map[string]time.Time{}
	for starts := 0; ; starts++ {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), victimDir+"="+dir)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		stdout, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		if n, _ := stdout.Read(make([]byte, 64)); n == 0 {
			_ = cmd.Wait()
			t.Fatalf("the process did not start: %s", stderr.Bytes())
		}
		after := time.Duration(rand.Int64N(int64(25 * time.Millisecond)))
		if starts >= 40 {
			after = time.Hour
		}
		killer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		err = cmd.Wait()
		killer.Stop()
		if stderr.Len() > 0 {
			t.Fatalf("%v: %s", err, stderr.Bytes())
		}
		results, readErr := s.Results()
		must(t, readErr)
		for _, r := range results {
			if r.Err != nil {
				t.Fatalf("%s: %v", r.Name, r.Err)
			}
			if r.Record == nil || r.Record.Status != train.Done {
				continue
			}
			info, err := os.Stat(filepath.Join(r.Path, "run.json"))
			must(t, err)
			if before, ok := done[r.Name]; ok && !before.Equal(info.ModTime()) {
				t.Errorf("%s was done and is written again", r.Name)
			}
			done[r.Name] = info.ModTime()
		}
		if err == nil {
			break
		}
		kills++
	}
	t.Logf("%d kills", kills)
	if kills == 0 {
		t.Error("no process was killed in time")
	}
	got := files(t, dir)
	wantSame(t, "killed", got, want)
	for name := range got {
		if strings.HasSuffix(name, ".tmp") {
			t.Errorf("%s is left", name)
		}
	}
}
