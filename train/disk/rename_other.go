//go:build !windows

package disk

import "os"

// rename puts from in the place of to, in one step on POSIX systems.
func rename(from, to string) error { return os.Rename(from, to) }
