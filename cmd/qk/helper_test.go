package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// session is how a test runs the program in its own process. The zero value is
// a user in a fresh folder without input.
type session struct {
	ctx    context.Context
	stdin  io.Reader
	stdout io.Writer // a buffer if nil
	now    func() time.Time
}

// result is what a command left.
type result struct {
	code           int
	stdout, stderr string
}

func (s session) run(args ...string) result {
	var stdout, stderr bytes.Buffer
	a := &app{stdin: s.stdin, stdout: s.stdout, stderr: &stderr, now: s.now, getenv: noEnvironment}
	if a.stdin == nil {
		a.stdin = strings.NewReader("")
	}
	if a.stdout == nil {
		a.stdout = &stdout
	}
	if a.now == nil {
		a.now = time.Now
	}
	ctx := s.ctx
	if ctx == nil {
		ctx = context.Background()
	}
	code := a.run(ctx, args)
	return result{code, stdout.String(), stderr.String()}
}

func noEnvironment(string) string { return "" }

// qk runs a command that must succeed and returns its standard output.
func qk(t testing.TB, args ...string) string {
	t.Helper()
	r := session{}.run(args...)
	wantCode(t, r, exitOK)
	return r.stdout
}

// newClock returns a clock that goes on by step with every look at it.
func newClock(step time.Duration) func() time.Time {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return func() time.Time {
		now = now.Add(step)
		return now
	}
}

// hurriedClock makes a run save its state every few steps.
func hurriedClock() func() time.Time { return newClock(500 * time.Millisecond) }

func wantCode(t testing.TB, r result, want int) {
	t.Helper()
	if r.code != want {
		t.Fatalf("exit code %d, want %d\nstdout:\n%s\nstderr:\n%s", r.code, want, r.stdout, r.stderr)
	}
}

// wantText says that a text must hold every one of the given parts.
func wantText(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s lacks %q:\n%s", what, p, text)
		}
	}
}

// wantRefusal says that a command must end with 2, print nothing on standard
// output and name every part on standard error, in one line.
func wantRefusal(t testing.TB, r result, parts ...string) {
	t.Helper()
	wantCode(t, r, exitBad)
	wantText(t, "standard error", r.stderr, append(parts, "qk: ")...)
	if r.stdout != "" {
		t.Errorf("standard output is not empty:\n%s", r.stdout)
	}
	if strings.Count(r.stderr, "\n") != 1 {
		t.Errorf("standard error is not one line:\n%s", r.stderr)
	}
}

func read(t testing.TB, path ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func write(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
}

// decode parses a text that must be one JSON document and nothing else.
func decode(t testing.TB, text string, v any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	if err := d.Decode(v); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	if rest := text[d.InputOffset():]; rest != "\n" {
		t.Fatalf("after the document: %q", rest)
	}
}

// snapshot returns every file below a folder with its content.
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files[path] = string(read(t, path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// wantSameModel says that two runs must have ended in the same bytes.
func wantSameModel(t testing.TB, got, want string) {
	t.Helper()
	for _, name := range []string{"model.safetensors", "metrics.jsonl"} {
		if !bytes.Equal(read(t, got, name), read(t, want, name)) {
			t.Errorf("%s of %s and of %s differ", name, got, want)
		}
	}
}

// must stops a test at an error that is not what it is about.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
