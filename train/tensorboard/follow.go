package tensorboard

import (
	"os"
	"path/filepath"

	"qk/data"
	"qk/train"
	"qk/train/disk"
)

// Live is the event file of a run that is under way. It does not end the run when it
// cannot be written: [Encode] makes it once more from the log.
type Live struct {
	run    Run
	path   string
	file   *os.File
	at     int64 // where the next record belongs
	logged int
	err    error
}

// Follow begins the event file of a run, which must be attached to its loop, and has
// the loop add to it what is logged. Of a run that was resumed, the file holds the steps
// of the log, and no others. lines are those of [train.Experiment.Ladder]. [Live.Close]
// must be called when the loop has ended.
func Follow(d *train.RunDir, l *train.Loop, lines data.Ladder) *Live {
	live := &Live{run: Run{Record: d.Record, Lines: lines}, path: filepath.Join(d.Path, FileName(d.Record))}
	live.err = live.begin(d.Path)
	l.Observers = append(l.Observers, train.ObserverFunc(func(e train.Event) error {
		if live.err == nil && train.IsLogged(l.Config, e) {
			live.err = live.add(e)
		}
		return nil
	}))
	return live
}

func (l *Live) begin(dir string) error {
	metrics, err := train.ReadMetrics(dir)
	if err != nil {
		return err
	}
	content, err := l.run.begin()
	if err != nil {
		return err
	}
	for i, m := range metrics {
		content = l.run.step(content, i, m)
	}
	if err := Update(l.path, content, false); err != nil {
		return err
	}
	l.at, l.logged = int64(len(content)), len(metrics)
	if l.file, err = os.OpenFile(l.path, os.O_WRONLY, 0); err != nil {
		return &disk.Error{Path: l.path, Step: disk.StepOpen, Err: disk.WithoutPath(err)}
	}
	return nil
}

// add writes a step at its place, where the same bytes may be already: an export of
// the run may have been quicker.
func (l *Live) add(e train.Event) error {
	m := train.Metric{Step: e.Step, Loss: e.Loss.Data, Penalty: e.Loss.Penalty, GradNorm: e.GradNorm, Rate: e.Rate, Tuning: e.Tuning}
	record := l.run.step(nil, l.logged, m)
	if _, err := l.file.WriteAt(record, l.at); err != nil {
		return &disk.Error{Path: l.path, Step: disk.StepWrite, Err: disk.WithoutPath(err)}
	}
	l.at += int64(len(record))
	l.logged++
	return nil
}

// Close closes the file and returns the first error that there was.
func (l *Live) Close() error {
	if l.file == nil {
		return l.err
	}
	if err := l.file.Close(); err != nil && l.err == nil {
		return &disk.Error{Path: l.path, Step: disk.StepClose, Err: disk.WithoutPath(err)}
	}
	return l.err
}
