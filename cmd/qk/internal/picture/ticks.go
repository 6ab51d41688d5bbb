package picture

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// linearTicks marks a scale at round numbers, about so many of them.
type linearTicks int

// Ticks implements [plot.Ticker].
func (n linearTicks) Ticks(low, high float64) []plot.Tick {
	step := roundStep((high - low) / float64(n))
	if !(step > 0) || math.IsInf(step, 0) {
		return nil
	}
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	var ticks []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high+step*1e-9; i++ {
		x := i*step + 0 // no minus before a zero
		ticks = append(ticks, plot.Tick{Value: x, Label: strconv.FormatFloat(x, 'f', decimals, 64)})
	}
	return ticks
}

// wholeTicks is [linearTicks] for a scale that counts.
type wholeTicks int

// Ticks implements [plot.Ticker].
func (n wholeTicks) Ticks(low, high float64) []plot.Tick {
	return linearTicks(max(1, min(int(n), int(high-low)))).Ticks(low, high)
}

// roundStep is the least of 1, 2 and 5 times a power of ten that is at least x.
func roundStep(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= x*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// logTicks marks a logarithmic scale at powers of ten, every so many that at most
// seven have a label; within less than two decades also at 2 and 5 times them.
type logTicks struct{}

// Ticks implements [plot.Ticker].
func (logTicks) Ticks(low, high float64) []plot.Tick {
	if !(low > 0) || math.IsInf(high, 0) {
		return nil
	}
	first, last := int(math.Ceil(math.Log10(low)-1e-9)), int(math.Floor(math.Log10(high)+1e-9))
	every := max(1, (last-first+7)/7)
	var ticks []plot.Tick
	for e := first - 1; e <= last; e++ {
		for m := 1; m <= 9; m++ {
			x := float64(m) * math.Pow(10, float64(e))
			if x < low*(1-1e-9) || x > high*(1+1e-9) {
				continue
			}
			label := ""
			switch {
			case m == 1 && (e-first)%every == 0:
				label = powerOfTen(e)
			case last-first < 2 && (m == 2 || m == 5):
				label = strings.Replace(strconv.FormatFloat(x, 'g', 2, 64), "e-0", "e-", 1)
			case m > 1 && every > 1:
				continue
			}
			ticks = append(ticks, plot.Tick{Value: x, Label: label})
		}
	}
	return ticks
}

// powerOfTen writes 10 to the power of e, as a plain number if it is short. The font
// has no raised minus.
func powerOfTen(e int) string {
	if e >= -2 && e <= 4 {
		return strconv.FormatFloat(math.Pow(10, float64(e)), 'f', max(0, -e), 64)
	}
	return fmt.Sprintf("1e%d", e)
}

// valueTicks marks a scale at given numbers, such as the ranks that were tried.
type valueTicks []float64

// Ticks implements [plot.Ticker].
func (v valueTicks) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for _, x := range v {
		if x >= low && x <= high {
			ticks = append(ticks, plot.Tick{Value: x, Label: strconv.FormatFloat(x, 'g', -1, 64)})
		}
	}
	return ticks
}

// apartTicks marks the values that are far enough from the last one for their labels.
func apartTicks(seen map[float64]bool, a axis) valueTicks {
	place := func(x float64) float64 {
		if a.log {
			return math.Log(x/a.low) / math.Log(a.high/a.low)
		}
		return (x - a.low) / (a.high - a.low)
	}
	var ticks valueTicks
	for _, x := range slices.Sorted(maps.Keys(seen)) {
		if n := len(ticks); n == 0 || place(x)-place(ticks[n-1]) > 0.035 {
			ticks = append(ticks, x)
		}
	}
	return ticks
}
