package main

import (
	"qk/train"
	"qk/train/sweep"
)

// listedDocument is a run, or a sweep, in the list that `qk runs --json` prints: its
// record without the masks, which make up most of one.
type listedDocument struct {
	Path   string          `json:"path"`
	Status train.RunStatus `json:"status"` // or "sweep"
	*train.Record
	Result *listedResult `json:"result,omitempty"`
	Sweep  *listedSweep  `json:"sweep,omitempty"`
}

// listedResult is a result without its masks.
type listedResult struct {
	*train.Document
	Masks *struct{} `json:"masks,omitempty"` // in place of the document's, and never there
}

// listedSweep is how the runs of a sweep stand.
type listedSweep struct {
	Axes []sweep.Axis `json:"axes"`
	Runs int          `json:"runs"`
	Done int          `json:"done"`
	Pass int          `json:"pass"`
}

// document is the run as it is listed in JSON.
func (r listedRun) document() listedDocument {
	d := listedDocument{Path: r.path, Status: r.Status, Record: r.Record}
	if r.Result != nil {
		d.Result = &listedResult{Document: r.Result}
	}
	if r.sweep != nil {
		d.Status = "sweep"
		d.Sweep = &listedSweep{Axes: r.sweep.axes, Runs: r.sweep.runs, Done: r.sweep.done, Pass: r.sweep.pass}
	}
	return d
}
