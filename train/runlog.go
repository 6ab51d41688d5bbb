package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"qk/train/disk"
)

// Attach makes a loop log its steps in the directory and save its state there:
// now, and every [CheckpointEvery] by the given clock. What the log holds beyond
// the loop's step, from a run that was killed, is cut off. After an error the
// directory is what it was.
func (d *RunDir) Attach(l *Loop, now func() time.Time) error {
	if l.Step > 0 || d.log == nil {
		if err := d.rewind(); err != nil {
			return err
		}
	}
	if err := d.begin(l, now); err != nil {
		return errors.Join(err, d.log.Close())
	}
	return nil
}

// begin hooks the loop up to the open log.
func (d *RunDir) begin(l *Loop, now func() time.Time) error {
	if _, err := disk.RemoveStale(d.Path); err != nil {
		return err
	}
	saved := now()
	l.Due = func(int) bool { return now().Sub(saved) >= CheckpointEvery }
	l.Checkpoint = func(l *Loop) error {
		defer func() { saved = now() }()
		return d.Save(l)
	}
	l.Observers = append(l.Observers, ObserverFunc(func(e Event) error { return d.observe(l, e) }))
	d.Record.Status, d.Record.Error = Running, ""
	if err := d.Record.write(d.Path); err != nil {
		return err
	}
	return d.Save(l)
}

// rewind cuts the log back to what the checkpoint counts as its own.
func (d *RunDir) rewind() error {
	c, err := d.checkpoint()
	if err != nil {
		return err
	}
	counts := int64(0) // bytes of the log that count
	if c != nil {
		counts = c.Metrics
	}
	if err := disk.TruncateAfter(d.file(metricsFile), counts); err != nil {
		return fmt.Errorf("%w: the log of the run was changed since its last checkpoint: put it back, or train anew", err)
	}
	return d.openLog()
}

func (d *RunDir) openLog() (err error) {
	d.log, err = disk.OpenLog(d.file(metricsFile))
	return err
}

// IsLogged tells whether a step goes into the log of its run: about a thousand do.
func IsLogged(c Config, e Event) bool {
	every := (c.Steps + maxLogged - 1) / maxLogged
	return e.Step%every == 0 || e.Last
}

func (d *RunDir) observe(l *Loop, e Event) error {
	if !IsLogged(l.Config, e) {
		return nil
	}
	line, err := json.Marshal(Metric{e.Step, e.Loss.Data, e.Loss.Penalty, e.GradNorm, e.Rate, e.Tuning})
	if err != nil {
		return fmt.Errorf("step %d: %w", e.Step, err)
	}
	d.last, d.before = e.Step, d.log.Offset()
	return d.log.WriteLine(line)
}

// Save writes the state of the loop, so that the run can be resumed from it.
func (d *RunDir) Save(l *Loop) error {
	if err := d.log.Sync(); err != nil {
		return err
	}
	metrics := d.log.Offset()
	if d.last == l.Step { // the step under way is logged again when resumed
		metrics = d.before
	}
	return take(l, d.Record.Data.SHA256, metrics).save(d.file(checkpointFile))
}
