package screen

import (
	"cmp"
	"math"
	"slices"
)

// Vote is what a word got.
type Vote struct {
	Word string
	// Share is the word's part of all votes, from 0 to 1.
	Share float64
	// Raw is the vote before it was divided by the sum.
	Raw float64
}

// VoteGroup is one way of voting.
type VoteGroup struct {
	Title, Note string
	Votes       []Vote
}

const (
	voteWord  = 20 // columns for a word, at most
	voteBar   = 40 // columns for a bar, at most
	tiedShare = 1e-12
)

// Votes writes each group as horizontal bars, the largest share first, with
// the winners marked. Of each group at most so many words are shown; 0 is all.
func (s *Screen) Votes(groups []VoteGroup, most int) {
	s.print(voteLines(groups, most, s.opts.Width))
}

// voteLines lays the groups out. They share one scale and one set of columns.
func voteLines(groups []VoteGroup, most, width int) []line {
	wordWidth, rawWidth := 0, 0
	sorted := make([][]Vote, len(groups))
	for i, g := range groups {
		sorted[i] = slices.Clone(g.Votes)
		slices.SortStableFunc(sorted[i], func(a, b Vote) int { return cmp.Compare(b.Share, a.Share) })
		for _, v := range sorted[i][:capped(len(sorted[i]), most)] {
			wordWidth = max(wordWidth, min(cells(clean(v.Word)), voteWord, width/3))
			rawWidth = max(rawWidth, cells(brief(v.Raw)))
		}
	}
	var ls []line
	for i, g := range groups {
		if i > 0 {
			ls = append(ls, line{})
		}
		ls = append(ls, wrapped(clean(g.Title), bold, 0, width)...)
		ls = append(ls, wrapped(clean(g.Note), faint, 0, width)...)
		ls = append(ls, groupLines(sorted[i], most, wordWidth, rawWidth, width)...)
	}
	return ls
}

// groupLines sets the votes of one group: a sign for the winner, the word, its
// share, its raw vote and a bar.
func groupLines(votes []Vote, most, wordWidth, rawWidth, width int) []line {
	if len(votes) == 0 {
		return wrapped("no votes", faint, 2, width)
	}
	const gap, shareWidth = 2, 6
	shareEnd := 2 + wordWidth + gap + shareWidth
	rawEnd := shareEnd + gap + rawWidth
	bar := min(width-rawEnd-gap, voteBar)
	if bar < leastTrack { // rather the bar than the raw vote
		rawEnd = 0
		bar = min(width-shareEnd-gap, voteBar)
	}
	shown := capped(len(votes), most)
	var ls []line
	for _, v := range votes[:shown] {
		word, ink := plain, faint
		var l line
		if v.Share > 0 && votes[0].Share-v.Share <= tiedShare {
			word, ink = strong, accent
			l.add(strong, "▸")
		}
		l.to(2)
		l.add(word, cut(clean(v.Word), wordWidth))
		l.right(word, percent(v.Share), shareEnd)
		if rawEnd > 0 {
			l.right(faint, brief(v.Raw), rawEnd)
		}
		l.to(max(shareEnd, rawEnd) + gap)
		l.add(ink, barOf(v.Share, bar))
		ls = append(ls, l)
	}
	if rest := votes[shown:]; len(rest) > 0 {
		share := 0.0
		for _, v := range rest {
			if v.Share > 0 {
				share += v.Share
			}
		}
		ls = append(ls, wrapped("and "+count(len(rest))+" more words with "+percent(share), faint, 2, width)...)
	}
	return ls
}

// barOf returns a bar for a share in [0, 1], drawn to half a column.
func barOf(share float64, width int) text {
	halves := int(math.Round(unit(share) * float64(width) * 2))
	if share > 0 {
		halves = max(halves, 1)
	}
	return repeat("━", halves/2) + repeat("╸", halves%2)
}
