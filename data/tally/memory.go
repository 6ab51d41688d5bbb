package tally

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// DefaultMemory is how many bytes a count may use if nothing else is said: half of
// what is free, or [FallbackMemory] where the system does not tell.
func DefaultMemory() int64 {
	if free, ok := freeMemory(); ok {
		return free / 2
	}
	return FallbackMemory
}

// FallbackMemory is used where the system does not tell how much memory is free.
const FallbackMemory = 1 << 30

// programMemory is what the program takes besides what its memory manager knows of.
const programMemory = 12 << 20

// limitMemory tells the garbage collector about the ceiling, unless it has a lower
// one, and returns what takes that back. The collector is told a sixteenth less: what
// is allocated while it works comes on top of its limit.
func limitMemory(ceiling int64) (restore func()) {
	ceiling -= programMemory + ceiling/16
	before := debug.SetMemoryLimit(-1)
	if ceiling >= before {
		return func() {}
	}
	debug.SetMemoryLimit(ceiling)
	return func() { debug.SetMemoryLimit(before) }
}

// usedMemory is what the program has on its heap, with what is not collected yet.
func usedMemory() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int64(min(sample[0].Value.Uint64(), math.MaxInt64))
}

// memoryError says that a text needs more memory than it may have.
func memoryError(ceiling, needed int64, what string) error {
	return fmt.Errorf("--memory %s: %s need at least %s: raise it, keep fewer words with --max-vocab, or take a smaller --context", size(ceiling), what, size(needed))
}

// size words a number of bytes, rounded up.
func size(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%dB", bytes)
	}
	if bytes >= 100e9 {
		return fmt.Sprintf("%dGB", (bytes+1e9-1)/1e9)
	}
	return fmt.Sprintf("%dMB", (bytes+1e6-1)/1e6)
}

// relieve moves the numbered words to a file, as the heap has grown above what it
// should have. If that was done already, there may be too many distinct words.
func (s *stream) relieve(o *Options, most int64) error {
	if s.file == nil {
		return s.spill()
	}
	most += most / 4
	if usedMemory() <= most {
		return nil
	}
	runtime.GC()
	if used := usedMemory(); used > most {
		return memoryError(o.Memory, o.Memory+used/2, "the distinct words of this text")
	}
	return nil
}
