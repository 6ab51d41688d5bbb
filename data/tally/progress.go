package tally

import "time"

// teller tells the progress of a phase, now and then.
type teller struct {
	call        func(Progress)
	name        Phase
	done, total int64
	last        time.Time
}

const tellEvery = 100 * time.Millisecond

func (t *teller) phase(name Phase, total int64) {
	t.name, t.done, t.total = name, 0, total
}

func (t *teller) add(n int64) {
	t.done += n
	if t.call == nil || t.done < t.total && time.Since(t.last) < tellEvery {
		return
	}
	t.last = time.Now()
	t.call(Progress{t.name, min(t.done, t.total), t.total})
}
