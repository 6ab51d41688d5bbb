package screen

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// fixed writes a figure with six decimals, or with an exponent when it is too
// large for that.
func fixed(v float64) text {
	if t, odd := oddNumber(v); odd {
		return t
	}
	if math.Abs(v) < 1e6 {
		return text(strconv.FormatFloat(v, 'f', 6, 64))
	}
	return text(strconv.FormatFloat(v, 'e', 3, 64))
}

// above writes a signed distance with six decimals, or with an exponent when
// six decimals would show nothing of it.
func above(v float64) text {
	if t, odd := oddNumber(v); odd {
		if v > 0 {
			return "+" + t
		}
		return t
	}
	size := math.Abs(v)
	switch {
	case v == 0:
		return "0"
	case size < 1e-5 || size >= 1e6:
		return text(fmt.Sprintf("%+.2e", v))
	}
	return text(fmt.Sprintf("%+.6f", v))
}

// brief writes a figure with at most four significant digits.
func brief(v float64) text {
	if t, odd := oddNumber(v); odd {
		return t
	}
	return text(strconv.FormatFloat(v, 'g', 4, 64))
}

// oddNumber writes what is not a finite number.
func oddNumber(v float64) (t text, odd bool) {
	switch {
	case math.IsNaN(v):
		return "NaN", true
	case math.IsInf(v, 1):
		return "∞", true
	case math.IsInf(v, -1):
		return "-∞", true
	}
	return "", false
}

// percent writes a share with one decimal.
func percent(v float64) text {
	switch {
	case math.IsNaN(v):
		return "–"
	case v > 0 && v < 0.0005:
		return "<0.1%"
	case math.Abs(v) < 1e4:
		return text(fmt.Sprintf("%.1f%%", 100*v))
	}
	return brief(v)
}

// count writes a whole number with a comma at every thousand.
func count(n int) text {
	s := strconv.Itoa(n)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(s) - 3; i > first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return text(s)
}

// rate writes how many steps pass in a second, if that is known.
func rate(v float64) (t text, ok bool) {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0) || v <= 0:
		return "", false
	case v < 10:
		return text(fmt.Sprintf("%.2g", v)), true
	case v < 999.5:
		return text(fmt.Sprintf("%.0f", v)), true
	case v < 999.5e3:
		return text(fmt.Sprintf("%.3gk", v/1e3)), true
	case v < 999.5e6:
		return text(fmt.Sprintf("%.3gM", v/1e6)), true
	}
	return text(fmt.Sprintf("%.2e", v)), true
}

// elapsed writes the time that something took, a short one to tenths of a
// second.
func elapsed(d time.Duration) text {
	if d >= 0 && d < 10*time.Second {
		return text(fmt.Sprintf("%.1fs", d.Seconds()))
	}
	return duration(d)
}

// duration writes a span of time, from seconds to days.
func duration(d time.Duration) text {
	const day = 24 * time.Hour
	switch {
	case d < 0:
		return "0s"
	case d < time.Minute:
		return text(fmt.Sprintf("%ds", d/time.Second))
	case d < time.Hour:
		return text(fmt.Sprintf("%dm%02ds", d/time.Minute, d%time.Minute/time.Second))
	case d < day:
		return text(fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute))
	}
	return text(fmt.Sprintf("%dd%02dh", d/day, d%day/time.Hour))
}
