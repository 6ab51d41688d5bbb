package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// errHopeless says that a variant is so slow that no other one will do.
var errHopeless = errors.New("its other variants were not tried")

// referee runs contestants on one problem.
type referee struct {
	list      []contestant
	folder    string // of the problem
	tolerance float64
	steps     int           // whose losses are compared
	patience  time.Duration // for an answer
	longest   time.Duration // a step may take
	brief     time.Duration // that a variant is timed for
	log       io.Writer     // progress
}

// tuned is what trying everything gave.
type tuned struct {
	trials     []trial // with agreeing losses
	complaints []string
	notes      []string          // about those that could not take part
	versions   map[string]string // by name of the contestant
}

// tune tries every variant of every contestant in every setting. No time is
// known to anyone before the losses were compared.
func (r *referee) tune(ctx context.Context) (tuned, error) {
	t := tuned{versions: map[string]string{}}
	for c := range r.list {
		for s := range r.list[c].Settings {
			if err := ctx.Err(); err != nil {
				return t, err
			}
			if !r.try(ctx, &t, c, s) {
				break
			}
		}
	}
	t.trials, t.complaints = agreeing(t.trials, r.list, r.tolerance)
	return t, nil
}

// try runs the variants of a contestant in one setting, and returns whether it
// is worth while to go on with the next.
func (r *referee) try(ctx context.Context, t *tuned, c, s int) bool {
	who := r.list[c]
	fmt.Fprintf(r.log, "  trying %s\n", how(who.Name, who.Settings[s].Name))
	kid, err := launch(ctx, append(append([]string{}, who.Command...), r.folder), who.Settings[s].Env, r.patience)
	if err != nil {
		t.notes = append(t.notes, fmt.Sprintf("%s: %v", who.Name, err))
		return false
	}
	defer kid.quit()
	t.versions[who.Name] = kid.hello.Version
	useful := false
	for _, v := range kid.hello.Variants {
		one := trial{contestant: c, setting: s, variant: v}
		if one.losses, err = kid.losses(v, r.steps); err == nil {
			one.seconds, err = r.time(kid, v)
		}
		if err != nil {
			t.notes = append(t.notes, fmt.Sprintf("%s: %v", one.name(r.list), err))
			if errors.Is(err, errGone) || errors.Is(err, errHopeless) {
				break
			}
			continue
		}
		useful = true
		t.trials = append(t.trials, one)
	}
	return useful
}

// time returns about how long a step takes.
func (r *referee) time(kid *child, variant string) (float64, error) {
	first, err := kid.run(variant, 1)
	if err != nil {
		return 0, err
	}
	if first > 2*r.longest.Seconds() {
		return 0, fmt.Errorf("a step takes %.1f s, --longest is %v: %w", first, r.longest, errHopeless)
	}
	if first > r.longest.Seconds() {
		return 0, fmt.Errorf("a step takes %.1f s, which is above the %v of --longest", first, r.longest)
	}
	if first > r.brief.Seconds() {
		return first, nil
	}
	n := steps(first, r.brief/2)
	warm, err := kid.run(variant, n)
	if err != nil {
		return 0, err
	}
	best := warm
	for range 2 {
		x, err := kid.run(variant, steps(warm, r.brief/2))
		if err != nil {
			return 0, err
		}
		best = min(best, x)
	}
	return best, nil
}

// steps is how many steps fill a time, at least one.
func steps(seconds float64, fill time.Duration) int {
	return max(1, int(fill.Seconds()/seconds))
}

// fastest returns the best trial of each contestant, in their order.
func fastest(trials []trial) []trial {
	var best []trial
	for _, t := range trials {
		switch n := len(best); {
		case n == 0 || best[n-1].contestant != t.contestant:
			best = append(best, t)
		case t.seconds < best[n-1].seconds:
			best[n-1] = t
		}
	}
	return best
}
