package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// wantCommand says that a command line must name a command and flags that there
// are.
func wantCommand(t *testing.T, where, line string) {
	t.Helper()
	words := strings.Fields(unquoted(line))
	cmd, rest, err := (&app{}).root(io.Discard).Find(words[1:])
	if err != nil {
		t.Errorf("%s: %s: %v", where, line, err)
		return
	}
	if cmd.Name() == "completion" {
		return // SHELL stands for its commands
	}
	if cmd.HasSubCommands() && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		t.Errorf("%s: %s: there is no such command", where, line)
	}
	cmd.InitDefaultHelpFlag()
	for _, word := range rest {
		name, _, _ := strings.Cut(word, "=")
		if strings.HasPrefix(name, "-") && len(name) > 1 && !has(cmd, name) {
			t.Errorf("%s: %s: there is no flag %s", where, line, name)
		}
	}
}

// has tells whether a command has a flag, given with its dashes.
func has(cmd *cobra.Command, name string) bool {
	if long, ok := strings.CutPrefix(name, "--"); ok {
		return cmd.Flag(long) != nil || cmd.InheritedFlags().Lookup(long) != nil
	}
	short := strings.TrimPrefix(name, "-")
	return len(short) == 1 && cmd.Flags().ShorthandLookup(short) != nil
}

// wantFlag says that some command must have a flag.
func wantFlag(t *testing.T, where, line string) {
	t.Helper()
	name, _, _ := strings.Cut(strings.Fields(line)[0], "=")
	for _, cmd := range (&app{}).root(io.Discard).Commands() {
		cmd.InitDefaultHelpFlag()
		if has(cmd, name) {
			return
		}
	}
	t.Errorf("%s: no command has a flag %s", where, name)
}

// TestScriptsAreComplete looks in the scripts for every command, and for every
// flag of every command in a line that succeeds or ends with a verdict; those
// of JSON are tested in Go.
func TestScriptsAreComplete(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "script", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scripts, %v", len(files), err)
	}
	var lines []string
	for _, f := range files {
		for _, line := range strings.Split(string(read(t, f)), "\n") {
			if m := regexp.MustCompile(`^(?:exec|exits 1) (qk.*)`).FindStringSubmatch(line); m != nil {
				lines = append(lines, m[1]+" ")
			}
		}
	}
	for _, cmd := range (&app{}).root(os.Stdout).Commands() {
		if cmd.Hidden {
			continue
		}
		call := "qk " + cmd.Name() + " "
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, call) }) {
			t.Errorf("no script calls %s", call)
		}
		cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name == "json" || f.Name == "help" {
				return
			}
			pattern := regexp.MustCompile(`^qk .*` + cmd.Name() + ` .*--` + f.Name + `[ =]`)
			if !slices.ContainsFunc(lines, pattern.MatchString) {
				t.Errorf("no script calls %s--%s", call, f.Name)
			}
		})
	}
}
