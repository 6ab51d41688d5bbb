package tally

import (
	"bytes"
	"os"
	"path"
	"strconv"
	"strings"
)

// freeMemory is what the kernel calls available, or less where a control group has
// a limit.
func freeMemory() (int64, bool) {
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	free, ok := available(info)
	if !ok {
		return 0, false
	}
	groups, _ := os.ReadFile("/proc/self/cgroup") // without it there is no limit
	if left, ok := groupLeft(groups, func(name string) ([]byte, error) { return os.ReadFile(path.Join("/sys/fs/cgroup", name)) }); ok {
		free = min(free, left)
	}
	return free, true
}

// available reads MemAvailable, in KiB, from /proc/meminfo.
func available(info []byte) (int64, bool) {
	for line := range bytes.Lines(info) {
		if rest, ok := bytes.CutPrefix(line, []byte("MemAvailable:")); ok {
			fields := bytes.Fields(rest)
			if len(fields) == 0 {
				return 0, false
			}
			kib, err := strconv.ParseInt(string(fields[0]), 10, 53)
			return kib << 10, err == nil && kib > 0
		}
	}
	return 0, false
}

// groupLeft is what is left to the control group of the process and to those that it
// is part of, given /proc/self/cgroup: of version 2 in its unified tree, and of
// version 1 in that of the controller memory. In a container the group is often the
// root of what can be seen.
func groupLeft(groups []byte, read func(string) ([]byte, error)) (int64, bool) {
	left, found := int64(0), false
	for line := range strings.Lines(string(groups)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		tree, limit, used := "", "memory.max", "memory.current"
		if parts[1] != "" {
			if parts[1] != "memory" {
				continue
			}
			tree, limit, used = "memory", "memory.limit_in_bytes", "memory.usage_in_bytes"
		}
		for dir := path.Clean("/" + parts[2]); ; dir = path.Dir(dir) {
			most, ok := readNumber(read, path.Join(tree, dir, limit))
			now, okNow := readNumber(read, path.Join(tree, dir, used))
			if ok && okNow {
				// Cached files count as used, but are given up where memory is needed.
				free := max(0, most-now+inactive(read, path.Join(tree, dir, "memory.stat")))
				if !found || free < left {
					left, found = free, true
				}
			}
			if dir == "/" {
				break
			}
		}
	}
	return left, found
}

// readNumber reads a file with a number; "max" is none.
func readNumber(read func(string) ([]byte, error), name string) (int64, bool) {
	text, err := read(name)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil && n >= 0 && n < 1<<60
}

// inactive reads the size of cached files that are not in use.
func inactive(read func(string) ([]byte, error), name string) int64 {
	text, err := read(name)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "inactive_file "); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(rest), 10, 64)
			if err == nil && n > 0 {
				return n
			}
		}
	}
	return 0
}
