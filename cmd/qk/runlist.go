package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"

	"qk/train"
	"qk/train/sweep"
)

// listedRun is a run, or a sweep, in a folder of runs.
type listedRun struct {
	*train.Record // the outline of a run; of a sweep its name, time and settings
	path          string
	sweep         *sweptRuns // nil for a run
}

// sweptRuns is how the runs of a sweep stand.
type sweptRuns struct {
	axes             []sweep.Axis
	runs, done, pass int
}

// listRuns reads the outlines of all runs in a folder, in the order of their names. What
// is neither a run nor a sweep is passed over, and so are sweeps; a folder that is missing
// has none.
func listRuns(dir string) ([]listedRun, error) {
	listed, _, err := listAll(dir, func(string) (*listedRun, error) { return nil, nil })
	return listed, err
}

// listAll is [listRuns] with what swept makes of the folders of sweeps, nil for nothing. damaged
// are the errors of runs that cannot be read, which are not listed.
func listAll(dir string, swept func(path string) (*listedRun, error)) (runs []listedRun, damaged []error, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("runs: %w", err)
	}
	found, errs := make([]*listedRun, len(entries)), make([]error, len(entries))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(2*runtime.GOMAXPROCS(0), len(entries)) { // twice, as files are waited for
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := int(next.Add(1)) - 1; i < len(entries); i = int(next.Add(1)) - 1 {
				found[i], errs[i] = listOne(filepath.Join(dir, entries[i].Name()), swept)
			}
		}()
	}
	wg.Wait()
	for i := range entries {
		if found[i] != nil {
			runs = append(runs, *found[i])
		}
		if errs[i] != nil {
			damaged = append(damaged, errs[i])
		}
	}
	sort.Slice(runs, func(i, j int) bool { return runs[i].path < runs[j].path })
	return runs, damaged, nil
}

// listOne reads what is in a folder, nil if it is nothing of ours.
func listOne(path string, swept func(path string) (*listedRun, error)) (*listedRun, error) {
	record, err := train.ReadOutline(path)
	switch {
	case err == nil:
		return &listedRun{Record: record, path: path}, nil
	case !errors.Is(err, train.ErrNoRun):
		if info, statErr := os.Stat(path); statErr != nil || !info.IsDir() {
			return nil, nil // a file beside the runs
		}
		return nil, err
	}
	run, err := swept(path)
	if errors.Is(err, sweep.ErrNoSweep) {
		return nil, nil
	}
	return run, err
}

// listSweep reads how the runs of a sweep stand.
func listSweep(path string) (*listedRun, error) {
	s, err := sweep.Open(path)
	if err != nil {
		return nil, err
	}
	results, err := s.Outline()
	if err != nil {
		return nil, err
	}
	swept := &sweptRuns{axes: s.Plan.Axes, runs: len(results)}
	for _, r := range results {
		if r.Record != nil && r.Record.Result != nil {
			swept.done++
			if r.Record.Result.Pass {
				swept.pass++
			}
		}
	}
	record := &train.Record{Name: filepath.Base(path), Created: s.Plan.Created, Config: s.Plan.Base}
	return &listedRun{Record: record, path: path, sweep: swept}, nil
}
