package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"qk/train"
	"qk/train/sweep"
)

// grid is runs that a picture compares: those of a sweep, or some that were named.
type gridOfRuns struct {
	name    string
	axes    []sweep.Axis
	results []sweep.Result
}

// gridNamed finds the runs that arguments name: a sweep, or several runs and sweeps,
// whose axes are then the settings in which they differ. It is an error if none of them
// has a result.
func (a *app) gridNamed(args []string) (*gridOfRuns, error) {
	if len(args) == 0 {
		return nil, errors.New("name a sweep, or some runs: this picture compares runs; `qk sweep --rank 1,2,4,8 --seed 1..5` makes them")
	}
	g := &gridOfRuns{}
	for _, name := range args {
		path, err := a.runPath(name)
		if err != nil {
			return nil, err
		}
		s, err := sweep.Open(path)
		if errors.Is(err, sweep.ErrNoSweep) {
			record, err := train.ReadRecord(path)
			if err != nil {
				return nil, err
			}
			point := sweep.Point{Name: record.Name, Config: record.Config}
			g.results = append(g.results, sweep.Result{Point: point, Path: path, Record: record})
			continue
		}
		if err != nil {
			return nil, err
		}
		results, err := s.Results()
		if err != nil {
			return nil, err
		}
		g.results, g.axes, g.name = append(g.results, results...), s.Plan.Axes, filepath.Base(path)
	}
	if len(args) > 1 || g.name == "" {
		g.name = countOf(len(g.results), "run")
		g.differ()
	}
	if g.done() == 0 {
		return nil, fmt.Errorf("of %s none has come to its end, so there is nothing to draw: `qk runs` says how they stand", g.name)
	}
	return g, nil
}

// differ makes axes of the settings in which the runs differ.
func (g *gridOfRuns) differ() {
	g.axes = nil
	for i := range g.results {
		g.results[i].Values = nil
	}
	for _, s := range train.Settings() {
		var values []string
		for _, r := range g.results {
			values = append(values, s.Text(settled(r)))
		}
		distinct := slices.Compact(slices.Sorted(slices.Values(values)))
		if len(distinct) < 2 {
			continue
		}
		g.axes = append(g.axes, sweep.Axis{Name: s.Name, Values: distinct})
		for i, v := range values {
			g.results[i].Values = append(g.results[i].Values, v)
		}
	}
}

// settled is the configuration of a run, complete if it has begun.
func settled(r sweep.Result) train.Config {
	if r.Record != nil {
		return r.Record.Config
	}
	return r.Config
}

// done is how many runs have a result.
func (g *gridOfRuns) done() int {
	n := 0
	for _, r := range g.results {
		if r.Record != nil && r.Record.Result != nil {
			n++
		}
	}
	return n
}

// note says how many runs are missing from a picture.
func (g *gridOfRuns) note() string {
	if missing := len(g.results) - g.done(); missing > 0 {
		return fmt.Sprintf("%d of %s have no result and are left out.", missing, countOf(len(g.results), "run"))
	}
	return ""
}

// setting returns a value of a run by the axes' names, for which completed settings
// stand in.
func setting(c train.Config, name string) string {
	s, _ := train.FindSetting(name)
	return s.Text(c)
}

// groupName is what a group of runs is called, by all axes but the rank and the seed and
// those that are told otherwise.
func (g *gridOfRuns) groupName(r sweep.Result, told ...string) string {
	var parts []string
	for i, axis := range g.axes {
		if axis.Name != "rank" && axis.Name != "seed" && !slices.Contains(told, axis.Name) {
			parts = append(parts, axis.Name+" "+r.Values[i])
		}
	}
	if len(parts) == 0 {
		return "learned"
	}
	return strings.Join(parts, ", ")
}
