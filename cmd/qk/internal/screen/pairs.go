package screen

// Pair is a key and its value.
type Pair struct{ Key, Value string }

const (
	// pairGap is the number of blanks between two columns of pairs.
	pairGap = 4
	// longValue is the width beyond which a value gets lines of its own.
	longValue = 30
)

// Pairs writes keys with their values, several side by side when there is
// room. They are read down the first column, then down the next. A long value
// follows after the others and is wrapped rather than cut.
func (s *Screen) Pairs(ps []Pair) { s.print(pairLines(ps, s.opts.Width)) }

// pairLines lays the pairs out.
func pairLines(ps []Pair, width int) []line {
	var keys, values, longKeys, longValues []text
	for _, p := range ps {
		k, v := clean(p.Key), clean(p.Value)
		if cells(v) > longValue {
			longKeys, longValues = append(longKeys, k), append(longValues, v)
		} else {
			keys, values = append(keys, k), append(values, v)
		}
	}
	keyMax := width / 2
	ls := pairGrid(keys, values, keyMax, min(width, readable))
	indent := min(widest(longKeys), keyMax) + tableGap
	for i, k := range longKeys {
		var front line
		front.add(faint, cut(k, keyMax))
		ls = append(ls, hang(front, longValues[i], plain, indent, width)...)
	}
	return ls
}

// pairGrid sets short pairs in as many columns as fit.
func pairGrid(keys, values []text, keyMax, width int) []line {
	n := len(keys)
	for columns := min(n, 4); columns > 0; columns-- {
		depth := (n + columns - 1) / columns
		ls := make([]line, depth)
		left := 0
		for from := 0; from < n; from += depth {
			to := min(from+depth, n)
			keyWidth := min(widest(keys[from:to]), keyMax)
			end := left
			for i := from; i < to; i++ {
				l := &ls[i-from]
				l.to(left)
				l.add(faint, cut(keys[i], keyWidth))
				l.to(left + keyWidth + tableGap)
				v := values[i]
				if columns == 1 {
					v = cut(v, width-l.width)
				}
				l.add(plain, v)
				end = max(end, l.width)
			}
			left = end + pairGap
		}
		if left-pairGap <= width {
			return ls
		}
	}
	return nil
}
