package text

import "time"

// Progress is how far [Number] has come, in bytes as they are stored, compressed ones
// uncounted for what they become.
type Progress struct {
	Done  int64
	Total int64 // of all texts, or −1 if it is not known
}

// progressEvery is how much time is at least between two calls.
const progressEvery = 200 * time.Millisecond

// progress calls a function with the progress, but not too often.
type progress struct {
	call  func(Progress)
	total int64
	done  int64
	last  time.Time
}

// report notes how many bytes are done; final tells that these were all.
func (p *progress) report(done int64, final bool) {
	p.done = max(p.done, done)
	if p.call == nil || !final && time.Since(p.last) < progressEvery {
		return
	}
	p.last = time.Now()
	p.call(Progress{Done: p.done, Total: p.total})
}
