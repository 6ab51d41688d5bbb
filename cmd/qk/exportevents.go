package main

import (
	"context"
	"fmt"
	"path/filepath"

	"qk/data"
	"qk/graph"
	"qk/train"
	"qk/train/export"
	"qk/train/tensorboard"
)

// exportEvents writes the event file of a run, from its log. A finished run whose text
// is gone has no images, and one that is not finished no counted lines then.
func (a *app) exportEvents(ctx context.Context, path string, o exportOptions) error {
	record, err := train.ReadRecord(path)
	if err != nil {
		return err
	}
	run := tensorboard.Run{Record: record}
	if record.Result != nil {
		run.Lines = record.Result.Lines
		r, err := a.loadExport(ctx, path, exportOptions{table: export.Masks})
		if err == nil {
			run.Images, err = eventImages(r.Experiment, r.Weights)
		}
		if err := a.doWithout(ctx, "images", err); err != nil {
			return err
		}
	} else {
		lines, err := a.linesOf(ctx, path)
		run.Lines = lines
		if err := a.doWithout(ctx, "counted lines", err); err != nil {
			return err
		}
	}
	file, err := a.writeEvents(path, run)
	if err != nil {
		return err
	}
	s := a.screenOn(o.notes)
	s.Aside(fmt.Sprintf("%s: for `tensorboard --logdir %s`", file, a.logdir(path)))
	return s.Err()
}

// doWithout makes a warning of what keeps a part of the events from being made, unless
// it is an interrupt.
func (a *app) doWithout(ctx context.Context, part string, err error) error {
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(a.stderr, "qk: warning: the event file has no %s: %s\n", part, err)
		return nil
	}
	return err
}

// linesOf computes the reference losses of a run that is not finished.
func (a *app) linesOf(ctx context.Context, path string) (data.Ladder, error) {
	return show(ctx, a, func(tell func(train.Stage)) (data.Ladder, error) {
		tell(train.Stage{Doing: "computing reference losses"})
		d, err := train.OpenRun(path)
		if err != nil {
			return data.Ladder{}, err
		}
		e, err := d.Experiment()
		if err != nil {
			return data.Ladder{}, err
		}
		return e.Ladder()
	})
}

// writeEvents writes the event file of a run into its folder and returns its path.
func (a *app) writeEvents(path string, run tensorboard.Run) (string, error) {
	metrics, err := train.ReadMetrics(path)
	if err != nil {
		return "", err
	}
	content, err := tensorboard.Encode(run, metrics)
	if err != nil {
		return "", fmt.Errorf("run %s: %w", path, err)
	}
	file := filepath.Join(path, tensorboard.FileName(run.Record))
	return file, tensorboard.Update(file, content, run.Record.Status == train.Running)
}

// logdir is the folder to show in TensorBoard so that a run is seen beside others.
func (a *app) logdir(path string) string {
	if dir := filepath.Dir(filepath.Clean(path)); dir != "." {
		return dir
	}
	return path
}

// follow has a run write its event file while it is under way. end is to be called
// when its loop has ended. A file that cannot be written does not end the run.
func (a *app) follow(d *train.RunDir, l *train.Loop, lines data.Ladder) (end func()) {
	live := tensorboard.Follow(d, l, lines)
	return func() { a.warnEvents(d, live.Close()) }
}

// finishEvents puts the result of a run into its event file.
func (a *app) finishEvents(d *train.RunDir, e *train.Experiment, w *graph.Weights) {
	images, err := eventImages(e, w)
	if err == nil {
		_, err = a.writeEvents(d.Path, tensorboard.Run{Record: d.Record, Lines: d.Record.Result.Lines, Images: images})
	}
	a.warnEvents(d, err)
}

func (a *app) warnEvents(d *train.RunDir, err error) {
	if err != nil {
		fmt.Fprintf(a.stderr, "qk: warning: %s: the run itself is whole; `qk export --tensorboard %s` makes the event file from its log\n", err, d.Path)
	}
}
