package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"qk/train"
	"qk/train/disk"
	"qk/train/export"
)

// exportRun writes what is asked for of one run.
func (a *app) exportRun(ctx context.Context, path string, o exportOptions, table *export.CSV) error {
	wanted := o
	if o.tensorboard {
		if err := a.exportEvents(ctx, path, o); err != nil || o.npz == "" && o.safetensors == "" && o.csv == "" {
			return err
		}
	}
	if o.npz == "" && o.safetensors == "" && o.csv == "" {
		wanted.npz, wanted.safetensors = filepath.Join(path, "export.npz"), filepath.Join(path, "export.safetensors")
	}
	r, err := a.loadExport(ctx, path, wanted)
	if err != nil {
		return err
	}
	if wanted.csv != "" {
		if err := table.Add(r); err != nil {
			return err
		}
	}
	if wanted.npz != "" {
		err := a.exportFile(ctx, o, wanted.npz, func(w io.Writer) error {
			return export.WriteNPZ(w, r, export.NPZOptions{Float32: o.float32, MaxDense: o.maxDense})
		})
		if err != nil {
			return err
		}
		if size := export.DenseSize(r); size > o.maxDense {
			fmt.Fprintf(a.stderr, "qk: warning: %s is sparse: with %d words the [V,V] arrays would take %s: allow them with --dense %s\n", wanted.npz, r.Weights.V, bytesText(size), bytesText(size))
		}
	}
	if wanted.safetensors != "" {
		return a.exportFile(ctx, o, wanted.safetensors, func(w io.Writer) error {
			return export.WriteSafetensors(w, r, o.float32)
		})
	}
	return nil
}

// loadExport reads as much of a run as is needed.
func (a *app) loadExport(ctx context.Context, path string, o exportOptions) (*export.Run, error) {
	if o.npz == "" && o.safetensors == "" && !o.table.NeedsText() {
		return export.LoadRecord(path)
	}
	r, err := show(ctx, a, func(tell func(train.Stage)) (*export.Run, error) {
		tell(train.Stage{Doing: "counting the text of " + filepath.Base(path)})
		return export.Load(path)
	})
	if err != nil {
		return nil, err
	}
	a.warnUnfinished(path, r.Record.Status, r.Steps)
	return r, nil
}

// exportFile writes a file, whole or not at all, and says so.
func (a *app) exportFile(ctx context.Context, o exportOptions, path string, fill func(io.Writer) error) error {
	if err := disk.WriteFile(path, func(w io.Writer) error { return fill(untilDone{ctx, w}) }); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, disk.WithoutPath(err))
	}
	s := a.screenOn(o.notes)
	s.Aside(fmt.Sprintf("%s: %s", path, bytesText(info.Size())))
	return s.Err()
}

// untilDone is a writer that fails with [train.ErrInterrupted] once ctx has ended.
type untilDone struct {
	ctx context.Context
	w   io.Writer
}

func (u untilDone) Write(p []byte) (int, error) {
	if u.ctx.Err() != nil {
		return 0, train.ErrInterrupted
	}
	return u.w.Write(p)
}

// bytesText writes a size so that --dense takes it, rounded up.
func bytesText(n int64) string {
	const k = 1 << 10
	switch {
	case n < 10*k:
		return fmt.Sprintf("%dB", n)
	case n < 10*k*k:
		return fmt.Sprintf("%dKiB", (n+k-1)/k)
	case n < 10*k*k*k:
		return fmt.Sprintf("%dMiB", (n+k*k-1)/(k*k))
	}
	return fmt.Sprintf("%dGiB", (n+k*k*k-1)/(k*k*k))
}
