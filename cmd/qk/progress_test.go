package main

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestProgressLines lets two seconds pass between any two looks at the clock:
// piped, the progress comes as plain lines, to the stream where it belongs.
func TestProgressLines(t *testing.T) {
	t.Chdir(t.TempDir())
	slow := func() session { return session{now: newClock(700 * time.Millisecond)} }
	line := regexp.MustCompile(`(?m)^ *\d+% .*\d/50 .*loss 0\.\d{6} .*above floor.*$`)
	last := regexp.MustCompile(`(?m)^50 steps  loss 0\.\d{6}  \S+ above floor  in \d`)

	r := slow().run("train", "--steps", "50", "--out", "a")
	if n := len(line.FindAllString(r.stdout, -1)); n < 10 || len(last.FindAllString(r.stdout, -1)) != 1 {
		t.Errorf("%d lines of progress:\n%s", n, r.stdout)
	}
	r2 := slow().run("train", "--steps", "50", "--out", "b", "--json")
	if n := len(line.FindAllString(r2.stderr, -1)); n < 10 || len(last.FindAllString(r2.stderr, -1)) != 1 {
		t.Errorf("%d lines of progress on standard error:\n%s", n, r2.stderr)
	}
	var doc map[string]any
	decode(t, r2.stdout, &doc) // nothing but the document
	for _, text := range []string{r.stdout, r.stderr, r2.stderr} {
		if strings.ContainsAny(text, "\r\x1b") {
			t.Errorf("the line is redrawn in a pipe: %q", text)
		}
	}
	r = slow().run("train", "--steps", "50", "--out", "c", "-q")
	if line.MatchString(r.stdout+r.stderr) || last.MatchString(r.stdout+r.stderr) {
		t.Errorf("progress with -q:\n%s%s", r.stdout, r.stderr)
	}
}

// TestRunNames gives runs of the same second names of their own.
func TestRunNames(t *testing.T) {
	t.Chdir(t.TempDir())
	still := session{now: newClock(0)}
	for _, want := range []string{"diary", "diary-2", "diary-3"} {
		r := still.run("train", "--steps", "300")
		wantText(t, "standard output", r.stdout, "runs/20260102-030405-"+want)
	}
	a := &app{runs: "runs"}
	at := time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC)
	for corpus, want := range map[string]string{
		"-": "stdin", "folder/my text.v2.txt": "my-text-v2", "…": "stdin", "names.txt": "names", ".hidden": "stdin", "Ünï.txt": "-n-",
	} {
		if got := a.newRunPath(at, corpus); !strings.HasSuffix(got, "20260102-030406-"+want) {
			t.Errorf("the run of %q is %s, want %s", corpus, got, want)
		}
	}
}

// TestNewestRun is the run that was started last, whatever it is called, also
// among runs of one second.
func TestNewestRun(t *testing.T) {
	t.Chdir(t.TempDir())
	clock := newClock(time.Millisecond)
	for _, name := range []string{"m", "z", "a"} {
		r := session{now: clock}.run("train", "-q", "--corpus", "coat", "--out", "runs/"+name)
		wantCode(t, r, exitOK)
	}
	newest, err := (&app{runs: "runs"}).newestRun()
	if err != nil || !strings.HasSuffix(newest, "a") {
		t.Errorf("the newest run is %s, %v", newest, err)
	}
}
