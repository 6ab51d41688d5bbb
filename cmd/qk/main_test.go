package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

// TestMain makes the test binary the program itself when it is called as qk, so
// that scripts and the tests of signals run the very main. Called as hurried, it
// is the program with a clock that runs ahead.
func TestMain(m *testing.M) {
	testscript.Main(leakFree{m}, map[string]func(){
		"qk": main,
		"hurried": func() {
			a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: hurriedClock(), getenv: os.Getenv}
			os.Exit(a.run(interruptible(), os.Args[1:]))
		},
	})
}

// leakFree runs the tests and fails when a goroutine is left behind.
type leakFree struct{ m *testing.M }

func (l leakFree) Run() int {
	code := l.m.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// quickExit keeps the race detector from waiting a second at every exit.
const quickExit = "GORACE=atexit_sleep_ms=0"

// TestScripts runs the transcripts.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("testdata", "script"),
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			matrices, err := filepath.Abs(filepath.Join("testdata", "matrices"))
			env.Vars = append(env.Vars, quickExit, "MATRICES="+matrices)
			if err != nil {
				return err
			}
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits runs a command that must end with the given code: "exits 2 qk train
// --rank 0". A script whose command ends with 0 can do without it.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	var failed *exec.ExitError
	code := 0
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &failed) {
		code = failed.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}
