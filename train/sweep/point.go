package sweep

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"qk/data"
	"qk/train"
	"qk/train/disk"
)

// trainPoint begins the run of a point, or takes it up again, and takes it to its end.
// Its record is nil if there is none.
func (r *runner) trainPoint(e *train.Experiment, was Result) (record *train.Record, err error) {
	d, l, err := r.openPoint(e, was)
	if err != nil {
		return was.Record, err
	}
	defer func() {
		if p := recover(); p != nil { // a fault in the program ends this run alone
			err = fault(p)
			_ = d.Forsake(err) // its record says running, if this fails
		}
		record = d.Record
	}()
	if r.o.Begun != nil {
		r.mutex.Lock()
		r.o.Begun(was.Point, l)
		r.mutex.Unlock()
	}
	course := train.Course{
		Dir: d, Experiment: e, Loop: l, Now: r.o.Now,
		Reference: func(ctx context.Context, compute func() (data.Ladder, error)) (data.Ladder, error) {
			return await(ctx, compute)
		},
	}
	_, err = course.Run(r.ctx)
	return d.Record, err
}

// openPoint makes the folder of a run, or opens it where it is.
func (r *runner) openPoint(e *train.Experiment, was Result) (*train.RunDir, *train.Loop, error) {
	if was.Err != nil {
		return nil, nil, was.Err
	}
	if was.Record == nil {
		if err := clearPoint(was.Path); err != nil {
			return nil, nil, err
		}
		l, err := e.Loop()
		if err != nil {
			return nil, nil, err
		}
		d, err := train.CreateRunOf(was.Path, e, r.o.Now(), r.placesFor(e.Config))
		return d, l, err
	}
	d, err := train.OpenRun(was.Path)
	if err != nil {
		return nil, nil, err
	}
	if d.Record.Config != e.Config {
		return nil, nil, fmt.Errorf("its settings are not those of its place in the grid: it was put there by somebody else: move the folder %s away", was.Path)
	}
	l, err := d.Resume(e)
	return d, l, err
}

// clearPoint removes what a process left that was killed before the run had a record.
// A folder with anything else in it is not touched.
func clearPoint(path string) error {
	entries, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("folder %s: %w", path, disk.WithoutPath(err))
	}
	for _, e := range entries {
		if name := e.Name(); name != "vocabulary.json" && !strings.HasSuffix(name, ".tmp") {
			return fmt.Errorf("folder %s holds %s and no run: move it away", path, name)
		}
	}
	for _, e := range entries {
		if err := os.Remove(filepath.Join(path, e.Name())); err != nil {
			return fmt.Errorf("folder %s: %w", path, disk.WithoutPath(err))
		}
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("folder %s: %w", path, disk.WithoutPath(err))
	}
	return nil
}

// await returns what f returns, or [train.ErrInterrupted] as soon as ctx ends; f is
// left behind then.
func await[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				r.err = fault(p)
			}
			done <- r
		}()
		r.value, r.err = f()
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, train.ErrInterrupted
	}
}

// fault makes an error of a panic.
func fault(p any) error { return fmt.Errorf("panic: %v: this is an error in qk", p) }
