package live

import (
	"sync"
	"time"
)

// Limits keep one page from taking what others need.
type Limits struct {
	TextBytes int           // of a pasted or uploaded text
	Words     int           // of a vocabulary
	Tabs      int           // sessions at once
	Memory    int64         // bytes that all sessions together may take, about, without garbage
	Idle      time.Duration // a session that nobody has touched for so long is closed
	Gone      time.Duration // and one of whose page nothing was heard for so long
}

// DefaultLimits are for a class on a small machine.
func DefaultLimits() Limits {
	return Limits{
		TextBytes: 1 << 20, Words: 500, Tabs: 64, Memory: 480 << 20,
		Idle: 30 * time.Minute, Gone: 3 * time.Minute,
	}
}

// budget is the memory that sessions share.
type budget struct {
	mutex sync.Mutex
	left  int64
}

// busyError says that the server has no room for another session.
type busyError string

func (e busyError) Error() string { return string(e) }

// take reserves memory; give returns it.
func (b *budget) take(bytes int64) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if bytes > b.left {
		return busyError("the models of all open tabs together are too large for this server: close some, or use a shorter text, a smaller vocabulary (max-vocab) or a smaller context")
	}
	b.left -= bytes
	return nil
}

func (b *budget) give(bytes int64) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.left += bytes
}
