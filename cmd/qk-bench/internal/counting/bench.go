package counting

import (
	"context"
	"embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
)

//go:embed scripts
var scripts embed.FS

// bench makes or reads the text and measures who is there.
func (o *options) bench(ctx context.Context, stdout, stderr io.Writer) error {
	tables, bytes, memory, err := o.settle()
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "qk-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := os.CopyFS(folder, scripts); err != nil {
		return err
	}
	k := &kit{maxVocab: o.maxVocab, context: o.context, memory: memory, scripts: filepath.Join(folder, "scripts"), glove: o.glove, kenlm: o.kenlm, duckdb: o.duckdb, python: o.python}
	if k.qk, err = o.program(ctx, folder, stderr); err != nil {
		return err
	}
	list, err := chooseCounters(k.counters(), o.only)
	if err != nil {
		return err
	}
	r := report{Text: o.text, Context: o.context, Memory: memory}
	if k.raw, err = o.source(folder, bytes, stderr); err != nil {
		return err
	}
	if o.text == "" {
		r.Text = fmt.Sprintf("made text, seed %d", o.seed)
	}
	fmt.Fprintln(stderr, "splitting the text into words, and counting in the plainest way what to compare with")
	if k.text, err = prepare(k.raw, filepath.Join(folder, "text.txt"), o.maxVocab, o.context); err != nil {
		return err
	}
	debug.FreeOSMemory()
	if info, err := os.Stat(k.raw); err == nil {
		r.Bytes = info.Size()
	}
	r.Sentences, r.Tokens, r.V = k.text.Sentences, k.text.Tokens, len(k.text.Words)
	run := runner{self: o.self, folder: folder, limit: o.timeout, text: k.text, log: stderr}
	entries, notes, complaints, err := run.trials(ctx, list, tables)
	if err != nil {
		return err
	}
	for _, c := range complaints {
		fmt.Fprintf(stderr, "*** %s\n", c)
	}
	entries, more, err := run.race(ctx, entries, o.rounds)
	if err != nil {
		return err
	}
	r.Notes, r.Complaints = append(notes, more...), complaints
	r.sumUp(entries, tables, k.text.Want)
	if o.json {
		err = r.printJSON(stdout)
	} else {
		r.print(stdout)
	}
	if err == nil && len(complaints) > 0 {
		err = ErrCounts
	}
	return err
}

// program returns the command of qk, which it builds unless --qk names it.
func (o *options) program(ctx context.Context, folder string, log io.Writer) ([]string, error) {
	if o.qk != "" {
		path, err := exec.LookPath(o.qk)
		if err != nil {
			return nil, fmt.Errorf("--qk %s: %w", o.qk, err)
		}
		path, err = filepath.Abs(path)
		return []string{path}, err
	}
	path := filepath.Join(folder, "qk")
	fmt.Fprintln(log, "building qk")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "qk/cmd/qk").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building qk: %w: run this in the source tree, or name the program with --qk\n%s", err, out)
	}
	return []string{path}, nil
}

// source returns the file of the text for qk, which it makes unless --text names
// one.
func (o *options) source(folder string, bytes int64, log io.Writer) (string, error) {
	if o.text != "" {
		return filepath.Abs(o.text)
	}
	path := filepath.Join(folder, "made.txt")
	fmt.Fprintln(log, "making a text")
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	made := madeText(o.seed)
	made.Bytes = int(bytes)
	if err := makeText(f, made); err != nil {
		return "", err
	}
	return path, f.Close()
}

// chooseCounters returns those that take part; the first always does.
func chooseCounters(all []counter, only []string) ([]counter, error) {
	if len(only) == 0 {
		return all, nil
	}
	chosen := all[:1:1]
	var names []string
	for _, c := range all[1:] {
		names = append(names, c.Name)
	}
	for _, name := range only {
		at := slices.IndexFunc(all, func(c counter) bool { return strings.EqualFold(c.Name, name) })
		if at < 0 {
			return nil, fmt.Errorf("--only %q: use some of %s", name, strings.Join(names, ", "))
		}
		if at > 0 {
			chosen = append(chosen, all[at])
		}
	}
	return chosen, nil
}
