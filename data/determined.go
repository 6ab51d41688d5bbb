package data

// Determined returns the earlier words of row w whose attention makes a
// difference to the loss somewhere, in ascending order. The others are not
// determined by the data: wherever they occur, every voter gives the next word
// the same probability, so that p is that probability whatever the attention,
// and the gradient of their scores is zero at any Q and K. The comparison is
// exact. With null set, the null slot's P(y|w) is one of the voters.
func (c *Counts) Determined(w Word, null bool) []Word {
	pairs := c.Pairs[w]
	differs := make(map[Word]bool, len(pairs))
	rows := make(map[Word]Row, len(pairs))
	for _, p := range pairs {
		rows[p.Earlier] = p.Next
	}
	all := c.Transitions[w]
	for _, p := range c.PositionsOf(w) {
		if !c.votesDiffer(p, rows, all, null) {
			continue
		}
		for _, u := range p.Earlier {
			differs[u] = true
		}
	}
	var words []Word
	for _, p := range pairs {
		if differs[p.Earlier] {
			words = append(words, p.Earlier)
		}
	}
	return words
}

// votesDiffer tells whether two voters of a position give its next word
// different probabilities.
func (c *Counts) votesDiffer(p Position, rows map[Word]Row, all Row, null bool) bool {
	if len(p.Earlier) == 0 {
		return false
	}
	first := all
	if !null {
		first = rows[p.Earlier[0]]
	}
	for _, u := range p.Earlier {
		if !sameShare(first.Count(p.Next), first.Total, rows[u].Count(p.Next), rows[u].Total) {
			return true
		}
	}
	return false
}
