package tally

import (
	"errors"
	"io/fs"
	"testing"
)

func TestAvailable(t *testing.T) {
	for _, c := range []struct {
		in   string
		want int64
		ok   bool
	}{
		{"MemTotal:       24684084 kB\nMemFree:        21537432 kB\nMemAvailable:   24154704 kB\n", 24154704 << 10, true},
		{"MemAvailable: 1 kB", 1 << 10, true},
		{"MemTotal:       24684084 kB\n", 0, false}, // before Linux 3.14
		{"MemAvailable:\n", 0, false},
		{"MemAvailable: many kB\n", 0, false},
		{"MemAvailable: -5 kB\n", 0, false},
		{"", 0, false},
	} {
		got, ok := available([]byte(c.in))
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%q: %d, %v, want %d, %v", c.in, got, ok, c.want, c.ok)
		}
	}
}

func TestGroupLeft(t *testing.T) {
	const unlimited = "9223372036854771712\n" // how version 1 writes it
	for _, c := range []struct {
		name, groups string
		files        map[string]string
		want         int64
		ok           bool
	}{
		{"no group", "", nil, 0, false},
		{"no limit", "0::/a\n", map[string]string{"/a/memory.max": "max\n", "/a/memory.current": "5\n"}, 0, false},
		{"a limit", "0::/a\n", map[string]string{"/a/memory.max": "1000\n", "/a/memory.current": "300\n"}, 700, true},
		{"cached files can be given up", "0::/a\n", map[string]string{"/a/memory.max": "1000\n", "/a/memory.current": "300\n", "/a/memory.stat": "anon 100\ninactive_file 150\n"}, 850, true},
		{"the limit of the parent", "0::/a/b\n", map[string]string{
			"/a/memory.max": "1000\n", "/a/memory.current": "800\n", "/a/b/memory.max": "900\n", "/a/b/memory.current": "100\n"}, 200, true},
		{"a container sees its group as the root", "0::/docker/x\n", map[string]string{"/memory.max": "1000\n", "/memory.current": "400\n"}, 600, true},
		{"above the limit", "0::/a\n", map[string]string{"/a/memory.max": "1000\n", "/a/memory.current": "1300\n"}, 0, true},
		{"version 1", "5:cpu:/z\n9:memory:/a\n", map[string]string{
			"memory/a/memory.limit_in_bytes": "1000\n", "memory/a/memory.usage_in_bytes": "1\n", "/z/memory.max": "3\n", "/z/memory.current": "1\n"}, 999, true},
		{"version 1 without a limit", "9:memory:/\n", map[string]string{"memory/memory.limit_in_bytes": unlimited, "memory/memory.usage_in_bytes": "1\n"}, 0, false},
		{"nonsense", "abc\n0::/a\n", map[string]string{"/a/memory.max": "much\n", "/a/memory.current": "-1\n"}, 0, false},
	} {
		got, ok := groupLeft([]byte(c.groups), func(name string) ([]byte, error) {
			text, ok := c.files[name]
			if !ok {
				return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("no such file")}
			}
			return []byte(text), nil
		})
		if ok != c.ok || got != c.want {
			t.Errorf("%s: %d, %v, want %d, %v", c.name, got, ok, c.want, c.ok)
		}
	}
}

// FuzzMemory reads what the kernel might write.
func FuzzMemory(f *testing.F) {
	f.Add([]byte("MemAvailable: 1 kB\n"), []byte("0::/a/../b\n"), []byte("12\n"))
	f.Fuzz(func(t *testing.T, info, groups, file []byte) {
		if n, ok := available(info); ok && n <= 0 {
			t.Errorf("available: %d", n)
		}
		if n, _ := groupLeft(groups, func(string) ([]byte, error) { return file, nil }); n < 0 {
			t.Errorf("left: %d", n)
		}
	})
}
