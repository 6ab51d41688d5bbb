package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"qk/train"
	"qk/train/disk"
	"qk/train/export"
)

// exportOptions are the flags of export.
type exportOptions struct {
	npz, safetensors string // files
	csv              string // table
	out              string // file of the table
	dense            string // size
	float32          bool
	spreadsheet      bool
	tensorboard      bool

	table    export.Table
	maxDense int64
	notes    io.Writer // what was written is said here
}

func (a *app) exportCommand() *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export [RUN|SWEEP...]",
		Short: "Write a run for numpy, safetensors, TensorBoard, spreadsheets",
		Long: `Export writes what a run counted and learned in the formats of other programs.
Without a flag it puts export.npz and export.safetensors into the folder of the
run. Without RUN it is the newest run; of a sweep, or any folder of runs, it is
each of its runs.

The .npz holds the arrays Q, K, S, attention (the learned mask), c1, P, and where
there are masks c2, support, divergence and best: all [V,V] with a row for each
current word but Q and K [V,R], numbered by vocabulary. NaN stands for what the
data do not determine. Above the size of --dense the [V,V] arrays are sparse:

  z = numpy.load("export.npz")
  V = len(z["vocabulary"])
  scipy.sparse.csr_array(
      (z["divergence"], z["pairs_indices"], z["pairs_indptr"]), shape=(V, V))

with transitions_indices and transitions_indptr for c1 and P.

The .safetensors holds W_Q and W_K, with the vocabulary and the settings, in JSON,
as its metadata.

The tables of --csv are vocabulary, transitions, pairs, masks (what is counted and
what is learned, side by side), scores, attention, q, k, metrics (the log), checks,
lines and settings. An empty cell is a number that is not determined. Words are
written as they are; --spreadsheet is for programs that would take a word such as
=a for a formula.

With --tensorboard the folder of the run gets an event file, made from its log,
finished or not: for tensorboard --logdir runs. Made again it holds no step twice,
and train --tensorboard writes the same while the run is under way. Its events have
the time at which the run was made, and a millisecond more for each step.

A file is written whole or not at all. One that is there is replaced, unless it is
part of a run.`,
		Example: `  qk export
  qk export --npz run.npz --safetensors run.safetensors
  qk export --csv masks > masks.csv
  qk export --tensorboard runs
  qk export --csv metrics --out metrics.csv runs`,
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return a.completeRun(cmd, nil, typed) // of any number
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			o.notes = a.stdout
			if o.csv != "" && o.out == "" {
				o.notes = a.stderr // the table is on standard output
			}
			paths, err := a.runPaths(args)
			if err != nil {
				return err
			}
			return a.export(cmd.Context(), paths, o)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.npz, "npz", "", "write arrays for numpy to this file")
	f.StringVar(&o.safetensors, "safetensors", "", "write W_Q and W_K to this file")
	f.StringVar(&o.csv, "csv", "", "print a table as CSV, of several runs with the run in a first column")
	f.StringVar(&o.out, "out", "", "write the table of --csv to this file")
	f.BoolVar(&o.tensorboard, "tensorboard", false, "write the event file of TensorBoard into the folder of the run")
	f.BoolVar(&o.float32, "float32", false, "store Q and K as float32")
	f.StringVar(&o.dense, "dense", "256MiB", "most that the [V,V] arrays of a .npz may take together; above, they are sparse")
	f.BoolVar(&o.spreadsheet, "spreadsheet", false, "put ' before texts of --csv that a spreadsheet would take for formulas")
	var names []string
	for _, t := range export.Tables() {
		names = append(names, string(t))
	}
	complete(cmd, "csv", names)
	return cmd
}

// check completes the flags and finds those that do not go together.
func (o *exportOptions) check(cmd *cobra.Command) (err error) {
	f := cmd.Flags()
	for _, file := range []struct{ flag, path string }{{"npz", o.npz}, {"safetensors", o.safetensors}, {"out", o.out}} {
		if f.Changed(file.flag) && (file.path == "" || file.path == "-") {
			return &train.FlagError{Flag: file.flag, Value: shown(file.path), Why: "give a file"}
		}
		if err := ownFile(file.flag, file.path); err != nil {
			return err
		}
	}
	if o.npz != "" && filepath.Clean(o.npz) == filepath.Clean(o.safetensors) {
		return &train.FlagError{Flag: "safetensors", Value: o.safetensors, Why: "this is the file of --npz too: give each its own"}
	}
	if o.out != "" && (filepath.Clean(o.out) == filepath.Clean(o.npz) || filepath.Clean(o.out) == filepath.Clean(o.safetensors)) {
		return &train.FlagError{Flag: "out", Value: o.out, Why: "this is the file of another flag too: give each its own"}
	}
	if f.Changed("csv") {
		if o.table, err = export.ParseTable("csv", o.csv); err != nil {
			return err
		}
	}
	for _, name := range []string{"out", "spreadsheet"} {
		if f.Changed(name) && o.csv == "" {
			return &train.FlagError{Flag: name, Value: f.Lookup(name).Value.String(), Why: "this goes with --csv TABLE"}
		}
	}
	o.maxDense, err = parseSize("dense", o.dense)
	return err
}

// ownFile refuses a path at which a run, or a sweep, has a file of its own.
func ownFile(flag, path string) error {
	dir, name := filepath.Split(path)
	for _, own := range []string{"sweep.json", "sweep.toml", "sweep.lock"} {
		if strings.EqualFold(name, own) && exists(filepath.Join(dir, "sweep.json")) {
			return &train.FlagError{Flag: flag, Value: path, Why: "this is a file of the sweep itself: choose another name"}
		}
	}
	if !train.IsRunFile(name) {
		return nil
	}
	if _, err := train.ReadRecord(filepath.Clean(dir)); errors.Is(err, train.ErrNoRun) {
		return nil
	}
	return &train.FlagError{Flag: flag, Value: path, Why: "this is a file of the run itself: choose another name"}
}

// runPaths finds the folders of runs by their names, and those in folders of runs.
func (a *app) runPaths(names []string) ([]string, error) {
	if len(names) == 0 {
		names = []string{""}
	}
	var paths []string
	add := func(path string) {
		if path = filepath.Clean(path); !slices.Contains(paths, path) { // named twice it is one run
			paths = append(paths, path)
		}
	}
	for _, name := range names {
		path, err := a.runPath(name)
		if err != nil {
			return nil, err
		}
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return nil, fmt.Errorf("run %s: this is a file: name the folder of a run", path)
		}
		if exists(filepath.Join(path, "run.json")) {
			add(path)
			continue
		}
		inside, err := listRuns(path)
		if err != nil {
			return nil, err
		}
		if len(inside) == 0 {
			_, err := train.ReadRecord(path) // which is missing
			return nil, err
		}
		for _, r := range inside {
			add(r.path)
		}
	}
	return paths, nil
}

// export writes what is asked for of every run.
func (a *app) export(ctx context.Context, paths []string, o exportOptions) error {
	if len(paths) > 1 {
		if err := o.several(len(paths)); err != nil {
			return err
		}
	}
	if o.out == "" {
		return a.exportAll(ctx, paths, o, a.stdout)
	}
	err := a.exportFile(ctx, o, o.out, func(w io.Writer) error { return a.exportAll(ctx, paths, o, w) })
	var file *disk.Error
	if errors.As(err, &file) && file.Step == disk.StepFill {
		return file.Err
	}
	return err
}

// exportAll writes a table, if one is asked for, to w, and all else to files. Of
// several runs, those that have nothing yet are passed over, with a warning.
func (a *app) exportAll(ctx context.Context, paths []string, o exportOptions, w io.Writer) error {
	table := export.NewCSV(untilDone{ctx, w}, o.table, export.CSVOptions{Runs: len(paths) > 1, Spreadsheet: o.spreadsheet})
	done := 0
	for _, path := range paths {
		err := a.exportRun(ctx, path, o, table)
		if len(paths) > 1 && (errors.Is(err, export.ErrNothingLearned) || errors.Is(err, export.ErrNoResult)) {
			fmt.Fprintf(a.stderr, "qk: warning: left out: %s\n", err)
			continue
		}
		if err != nil {
			return err
		}
		done++
	}
	if done == 0 {
		return fmt.Errorf("none of the %d runs has anything to export yet: `qk runs` tells how they stand", len(paths))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	if table.Formulas > 0 && !o.spreadsheet {
		fmt.Fprintf(a.stderr, "qk: warning: the table has %s that a spreadsheet takes for a formula, such as one that begins with =: for a spreadsheet add --spreadsheet\n", countOf(table.Formulas, "word"))
	}
	return nil
}

// several refuses what is possible of one run alone.
func (o *exportOptions) several(n int) error {
	for _, file := range []struct{ flag, path string }{{"npz", o.npz}, {"safetensors", o.safetensors}} {
		if file.path != "" {
			return &train.FlagError{Flag: file.flag, Value: file.path, Why: fmt.Sprintf("one file cannot hold %d runs: give one run, or leave the flags out, and each gets files in its own folder", n)}
		}
	}
	if o.csv != "" && o.table.Wide() {
		return &train.FlagError{Flag: "csv", Value: o.csv, Why: fmt.Sprintf("the columns of this table are those of one run, and there are %d: give one run", n)}
	}
	return nil
}
