package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// example is a command line of a text with the output shown below it.
type example struct {
	line    int
	command string // from "qk" on
	code    int    // that it must exit with
	shown   []string
}

// TestReadme runs every command of the README in order, in a folder of its own,
// and looks for each line that it shows.
func TestReadme(t *testing.T) {
	text := string(read(t, "..", "..", "README.md"))
	source, err := filepath.Abs(".")
	must(t, err)
	t.Chdir(t.TempDir())
	found := examples(t, text)
	if len(found) == 0 {
		t.Fatal("the README shows no command")
	}
	runExamples(t, "README", found)
	wantPicture(t, source, "masks", found)
	wantPicture(t, source, "attention", found)
}

// examples finds the commands in the fenced blocks of a text.
func examples(t *testing.T, text string) []example {
	t.Helper()
	var found []example
	fenced, showing := false, false
	for i, line := range strings.Split(text, "\n") {
		switch command, ok := strings.CutPrefix(line, "$ "); {
		case strings.HasPrefix(line, "```"):
			fenced, showing = !fenced, false
		case !fenced:
		case ok:
			if rest, ok := strings.CutPrefix(command, "go run ./cmd/qk"); ok {
				command = "qk" + rest
			}
			showing = command == "qk" || strings.HasPrefix(command, "qk ")
			if showing {
				command, code := withoutComment(t, command)
				found = append(found, example{line: i + 1, command: command, code: code})
			}
		case showing:
			last := &found[len(found)-1]
			last.shown = append(last.shown, line)
		}
	}
	return found
}

// withoutComment splits a trailing comment off a command; it may name the exit
// code.
func withoutComment(t *testing.T, line string) (command string, code int) {
	t.Helper()
	m := regexp.MustCompile(`^(.*?)\s+#\s*(.*)$`).FindStringSubmatch(line)
	if m == nil {
		return line, 0
	}
	if n := regexp.MustCompile(`exit (?:code )?(\d+)`).FindStringSubmatch(m[2]); n != nil {
		code, _ = strconv.Atoi(n[1])
	}
	return m[1], code
}

// perform runs a command line in this process, or in a shell if it is more than
// that, and returns its exit code and its output on both streams.
func perform(t *testing.T, line string, now func() time.Time) (int, string) {
	t.Helper()
	var output bytes.Buffer
	if strings.ContainsAny(unquoted(line), "|<>&;$`\\") {
		if runtime.GOOS == "windows" {
			t.Skip("no shell on this system")
		}
		cmd := exec.Command("sh", "-c", line) // finds qk in the PATH of the test binary
		cmd.Stdout, cmd.Stderr = &output, &output
		_ = cmd.Run() // what matters is the code
		return cmd.ProcessState.ExitCode(), output.String()
	}
	a := &app{stdin: strings.NewReader(""), stdout: &output, stderr: &output, now: now, getenv: noEnvironment}
	code := a.run(context.Background(), arguments(t, line)[1:])
	return code, output.String()
}

// unquoted drops what is between quotes.
func unquoted(line string) string {
	return regexp.MustCompile(`"[^"]*"|'[^']*'`).ReplaceAllString(line, "")
}

// arguments splits a command line as a shell does, as far as blanks and quotes
// go.
func arguments(t *testing.T, line string) []string {
	t.Helper()
	var args []string
	var current strings.Builder
	quote, within := rune(0), false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, within = r, true
		case quote == 0 && r == ' ':
			if within {
				args = append(args, current.String())
			}
			current.Reset()
			within = false
		default:
			current.WriteRune(r)
			within = true
		}
	}
	if quote != 0 {
		t.Fatalf("unbalanced quotes: %s", line)
	}
	if within {
		args = append(args, current.String())
	}
	return args
}

// wantShown looks for the shown lines in the output, in order.
func wantShown(t *testing.T, e example, output string) {
	t.Helper()
	rest := strings.Split(output, "\n")
	for i := range rest {
		rest[i] = lasting(rest[i])
	}
	for _, line := range e.shown {
		line = lasting(line)
		if line == "" || line == "..." || line == "…" {
			continue
		}
		at := -1
		for i, have := range rest {
			if have == line {
				at = i
				break
			}
		}
		if at < 0 {
			t.Errorf("line %d: %s does not print, or not in this order:\n%s\nbut:\n%s", e.line, e.command, line, output)
			return
		}
		rest = rest[at+1:]
	}
}

// lasting takes out of a line of output what differs from time to time: names of
// runs, durations, speeds and versions.
func lasting(line string) string {
	line = strings.TrimRight(line, " ")
	for _, r := range []struct{ pattern, by string }{
		{`\d{8}-\d{6}-`, "TIME-"},
		{`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`, "TIME"},
		{`in \d[\d.]* ?m?s\b`, "in TIME"},
		{`  \d[\d.,]*k? steps/s`, ""},
		{`^qk \S+.*, go1\S+, \w+/\w+$`, "qk VERSION"},
	} {
		line = regexp.MustCompile(r.pattern).ReplaceAllString(line, r.by)
	}
	return line
}

// TestReadmeNames looks up every command and flag that the README names between
// backquotes.
func TestReadmeNames(t *testing.T) {
	text := string(read(t, "..", "..", "README.md"))
	prose := regexp.MustCompile("(?ms)^```.*?^```").ReplaceAllString(text, "")
	checked := 0
	for _, span := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(prose, -1) {
		line := strings.TrimPrefix(span[1], "go run ./cmd/")
		switch {
		case line == "qk" || strings.HasPrefix(line, "qk "):
			wantCommand(t, "README", line)
			checked++
		case regexp.MustCompile(`^--?[a-z]`).MatchString(line):
			wantFlag(t, "README", line)
			checked++
		}
	}
	if checked == 0 {
		t.Error("the README names no command")
	}
	for _, e := range examples(t, text) {
		wantCommand(t, "README", e.command)
	}
}

// TestMainComment runs the commands that the comment on the program shows.
func TestMainComment(t *testing.T) {
	text := string(read(t, "main.go"))
	t.Chdir(t.TempDir())
	commands := regexp.MustCompile(`(?m)^//\t(qk .*)$`).FindAllStringSubmatch(text, -1)
	if len(commands) == 0 {
		t.Fatal("main.go shows no command")
	}
	for _, c := range commands {
		if code, output := perform(t, c[1], time.Now); code != exitOK {
			t.Errorf("%s: exit code %d:\n%s", c[1], code, output)
		}
	}
}

// TestHelpExamples looks up the commands and flags in the examples of the help.
func TestHelpExamples(t *testing.T) {
	root := (&app{}).root(os.Stdout)
	for _, cmd := range root.Commands() {
		for line := range strings.Lines(cmd.Example) {
			line = strings.TrimSpace(line)
			if filepath.IsAbs(line) || !strings.HasPrefix(line, "qk "+cmd.Name()) {
				t.Errorf("an example of %s is %q", cmd.Name(), line)
			}
			wantCommand(t, cmd.Name(), line)
		}
	}
}
