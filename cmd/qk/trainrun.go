package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"qk/data"
	"qk/data/text"
	"qk/graph"
	"qk/train"
)

// train runs a new experiment.
func (a *app) train(ctx context.Context, c train.Config, o trainOptions) error {
	if c.Counts {
		e, err := await(ctx, func() (*train.Experiment, error) { return train.CountDir(c) })
		if err != nil {
			return err
		}
		return a.begin(ctx, e, nil, o)
	}
	names := c.Corpus.Names()
	sources, err := text.OpenAll(names, a.stdin)
	if err != nil {
		return err
	}
	once := make([]*bytes.Buffer, len(names)) // what can be read only once, to be kept with the run
	for i, src := range sources {
		if src.Once {
			place := slices.Index(names, src.Name)
			once[place] = bytes.NewBuffer([]byte{}) // kept even if it is empty
			sources[i] = src.Tee(once[place])
		}
	}
	e, err := a.experiment(ctx, c, sources)
	if err != nil {
		return err
	}
	kept := make([][]byte, len(names))
	for i, text := range once {
		if text != nil {
			kept[i] = text.Bytes()
		}
	}
	return a.begin(ctx, e, kept, o)
}

// begin makes the folder of a new run and starts it. kept has the texts that can be
// read only once.
func (a *app) begin(ctx context.Context, e *train.Experiment, kept [][]byte, o trainOptions) error {
	l, err := e.Loop()
	if err != nil {
		return err
	}
	created := a.now()
	if o.out == "" {
		o.out = a.newRunPath(created, e.Config.Corpus.Names()[0])
	}
	d, err := train.CreateRun(o.out, e, created, kept)
	if err != nil {
		return err
	}
	return a.descend(ctx, d, e, l, o)
}

// resume goes on with a run that was interrupted or killed.
func (a *app) resume(ctx context.Context, o trainOptions) error {
	path, err := a.runPath(o.resume)
	if err != nil {
		return err
	}
	d, err := train.OpenRun(path)
	if err != nil {
		return err
	}
	e, err := d.Experiment()
	if err != nil {
		return err
	}
	l, err := d.Resume(e)
	if err != nil {
		return err
	}
	return a.descend(ctx, d, e, l, o)
}

// descend is the main part of both: the loop, the check, and the report.
func (a *app) descend(ctx context.Context, d *train.RunDir, e *train.Experiment, l *train.Loop, o trainOptions) error {
	s := a.screenOn(a.stdout)
	if o.json {
		s = a.screenOn(a.stderr)
	}
	r := report{screen: s, e: e, detail: o.detail}
	if e.Config.Task == graph.Predict && e.Smoothing == nil && !o.json && !o.quiet {
		r.showcase = newShowcase(e)
	}
	course := train.Course{
		Dir: d, Experiment: e, Loop: l, Now: a.now,
		Attached: func() {
			for _, w := range d.Record.Warnings {
				fmt.Fprintf(a.stderr, "qk: warning: %s\n", w)
			}
			if !o.quiet && !o.json {
				showSettings(s, e, l)
			}
		},
		Reference: func(ctx context.Context, compute func() (data.Ladder, error)) (data.Ladder, error) {
			return show(ctx, a, func(tell func(train.Stage)) (data.Ladder, error) {
				tell(train.Stage{Doing: "computing reference losses"})
				return compute()
			})
		},
	}
	course.Watch = func(ladder data.Ladder) func() {
		finish, unfollow := func() {}, func() {}
		if !o.quiet {
			finish = a.watch(s, l, ladder.Floor)
		}
		if o.tensorboard {
			unfollow = a.follow(d, l, ladder)
		}
		return func() {
			unfollow()
			finish()
		}
	}
	if r.showcase != nil {
		course.Look = r.showcase.look
	}
	ended, err := course.Run(ctx)
	if err != nil {
		return howToGoOn(d, l, err)
	}
	if o.tensorboard {
		a.finishEvents(d, e, ended.Weights)
	}
	if o.json {
		if err := a.printJSON(ended.Document); err != nil {
			return err
		}
		return verdict(ended.Outcome)
	}
	r.outcome, r.weights = ended.Outcome, ended.Weights
	if !o.quiet {
		s.Aside(fmt.Sprintf("%s. The run is kept in %s", sentence(l.Reason), d.Path))
		if err := r.all(); err != nil {
			return err
		}
		r.next()
	} else {
		r.verdict()
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return verdict(ended.Outcome)
}

// howToGoOn says what can be done with a run that did not come to its end.
func howToGoOn(d *train.RunDir, l *train.Loop, cause error) error {
	var diverged *train.DivergedError
	var unsaved *train.UnsavedError
	switch {
	case errors.As(cause, &unsaved), errors.As(cause, &diverged):
		return cause
	case errors.Is(cause, train.ErrInterrupted):
		return fmt.Errorf("%w after step %d, the state is saved: go on with `qk train --resume %s`", cause, l.Step, d.Path)
	}
	return fmt.Errorf("run %s: %w", d.Path, cause)
}

func verdict(o *train.Outcome) error {
	if !o.Pass {
		return errCheckFailed
	}
	return nil
}

// newRunPath names the folder of a new run after the time and the corpus.
func (a *app) newRunPath(created time.Time, corpus string) string {
	name := strings.TrimSuffix(filepath.Base(corpus), filepath.Ext(corpus))
	return a.newPath(created, name)
}

// newPath names a folder that does not exist after the time and a name.
func (a *app) newPath(created time.Time, name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '-':
			return r
		}
		return '-'
	}, name)
	if strings.Trim(name, "-") == "" {
		name = "stdin"
	}
	base := filepath.Join(a.runs, created.Format("20060102-150405")+"-"+name)
	path := base
	for n := 2; exists(path); n++ {
		path = fmt.Sprintf("%s-%d", base, n)
	}
	return path
}
