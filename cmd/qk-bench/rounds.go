package main

import (
	"context"
	"fmt"
	"time"
)

// timing is what the rounds measured of one contestant.
type timing struct {
	trial
	rounds []float64 // seconds per step
	peak   int64     // bytes
}

// race runs the contestants side by side: in every round each takes enough steps
// to fill a time while the others sleep, and each round starts with another one.
// The processes are new, so that memory is that of the chosen variant alone.
func (r *referee) race(ctx context.Context, entries []trial, rounds int, fill time.Duration) ([]timing, error) {
	var kids []*child
	defer func() {
		for _, k := range kids {
			k.kill()
		}
	}()
	var times []timing
	reference := consensus(entries)
	for _, e := range entries {
		who := r.list[e.contestant]
		kid, err := launch(ctx, append(append([]string{}, who.Command...), r.folder), who.Settings[e.setting].Env, r.patience)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", who.Name, err)
		}
		kids = append(kids, kid)
		losses, err := kid.losses(e.variant, r.steps)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", who.Name, err)
		}
		if at := differs(losses, reference, r.tolerance); at >= 0 {
			return nil, fmt.Errorf("%s: its losses agreed before and do not now: %.8g, not %.8g: it is not deterministic", e.name(r.list), losses[at], reference[at])
		}
		times = append(times, timing{trial: e})
	}
	fmt.Fprintf(r.log, "  %d rounds of %d contestants\n", rounds, len(kids))
	for round := -1; round < rounds; round++ { // round −1 warms up
		for i := range kids {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			i = (i + round + len(kids)) % len(kids)
			x, err := kids[i].run(times[i].variant, steps(times[i].seconds, fill))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", times[i].name(r.list), err)
			}
			if round >= 0 {
				times[i].rounds = append(times[i].rounds, x)
			}
		}
	}
	for i, k := range kids {
		times[i].peak = k.quit()
	}
	kids = nil
	return times, nil
}
