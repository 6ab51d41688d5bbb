package train

import (
	"fmt"
	"time"
)

// Unfiled is a run that has no folder: it was stepped by hand, in memory.
type Unfiled struct {
	Experiment *Experiment
	Loop       *Loop // between two steps
	Log        []Event
	Warnings   []string // beside those of the settings
	// Texts are the texts by their names in the configuration, and nil for those that
	// are built in.
	Texts   [][]byte
	Created time.Time
	Seconds float64
	Outcome *Outcome // nil before its end
	Cause   error    // of an end without outcome; nil for a run that just stands still
}

// File writes the run into a new folder. Without an outcome it is one that ended by
// its cause, or else was interrupted and can be resumed.
func (u *Unfiled) File(path string) (*RunDir, error) {
	d, err := CreateRun(path, u.Experiment, u.Created, u.Texts)
	if err != nil {
		return nil, err
	}
	d.Record.Warnings = append(d.Record.Warnings, u.Warnings...)
	for _, e := range u.Log {
		if err := d.observe(u.Loop, e); err != nil {
			return nil, fmt.Errorf("run %s: %w", path, err)
		}
	}
	if u.Outcome == nil {
		cause := u.Cause
		if cause == nil {
			cause = ErrInterrupted
		}
		return d, d.Abort(u.Loop, cause)
	}
	doc := NewDocument(u.Experiment, u.Outcome, u.Loop.Step, u.Loop.Reason, u.Seconds)
	doc.Run = path
	return d, d.Finish(u.Loop, doc)
}
