package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"qk/train"
)

// sizeUnits are the units of a size in bytes, longer names first.
var sizeUnits = []struct {
	name  string
	bytes float64
}{
	{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"tib", 1 << 40},
	{"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"tb", 1e12},
	{"k", 1e3}, {"m", 1e6}, {"g", 1e9}, {"t", 1e12}, {"b", 1},
}

// parseSize reads a size such as 512MB, 1.5GB or 700MiB.
func parseSize(flag, value string) (int64, error) {
	number, unit := strings.ToLower(strings.TrimSpace(value)), 1.0
	for _, u := range sizeUnits {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.bytes
			break
		}
	}
	if strings.Trim(number, "0123456789.") == "" {
		if n, err := strconv.ParseFloat(number, 64); err == nil && n > 0 && n*unit >= 1 && n*unit < math.MaxInt64/2 {
			return int64(n * unit), nil
		}
	}
	return 0, &train.FlagError{Flag: flag, Value: shown(value), Why: "give a size such as 512MB, 2GB or 700MiB"}
}

// shown puts a value in quotes where it would not be seen as one word.
func shown(value string) string {
	if value == "" || strings.ContainsAny(value, " \t\n\"") {
		return fmt.Sprintf("%q", value)
	}
	return value
}
