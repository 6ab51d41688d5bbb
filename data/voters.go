package data

// Voters are positions with what is voted at each of them: P(y|w) of the current
// word, the base, and P(y|u,w) of every earlier word, for the next word y that the
// text has there. All that learns or is measured takes the votes from here and
// does not know how they were estimated.
//
// There are three kinds: the counts' own shares ([NewVoters]); smoothed, with the
// observation of the position itself left out, for positions that were counted
// ([Smoothing.LeaveOneOut]); and smoothed, for others ([Smoothing.Unseen]).
type Voters struct {
	*Places
	counts    *Counts
	smoothing *Smoothing // nil for shares
	leave     bool       // leave the position out
	masks     *Masks     // with the divergences of shares, where they are at hand
}

// NewVoters takes the counts' shares for votes, at the positions that were
// counted.
func NewVoters(c *Counts) *Voters { return &Voters{Places: c.Places(), counts: c} }

// LeaveOneOut returns smoothed votes at the positions that were counted. From
// every count that a vote rests on, the position that it is for is taken out, in
// all copies of its sentence, so that no position helps to tell its own next word.
// Sentences are held out with all their copies too; if but one were left out,
// whoever trusts in what a line of 100 copies says would be right 100 times.
func (s *Smoothing) LeaveOneOut() *Voters {
	return &Voters{Places: s.counts.Places(), counts: s.counts, smoothing: s, leave: true}
}

// Unseen returns smoothed votes, from all counts, at positions that are not part of
// them.
func (s *Smoothing) Unseen(p *Places) *Voters {
	return &Voters{Places: p, counts: s.counts, smoothing: s}
}

// V returns the size of the vocabulary.
func (v *Voters) V() int { return v.counts.V() }

// Positions returns the distinct positions, sorted by current word, earlier words
// and next word. The slice must not be changed.
func (v *Voters) Positions() []Position { return v.positions }

// PositionsOf returns the distinct positions whose current word is w. The slice
// must not be changed.
func (v *Voters) PositionsOf(w Word) []Position { return v.positions[v.start[w]:v.start[w+1]] }

// RowVotes is the votes at the positions of one current word.
type RowVotes struct {
	Word Word
	// Positions are those of the word, and First the index of the first among all.
	Positions []Position
	First     int
	// Base is P(y|w) at each position.
	Base []float64
	// Votes is P(y|u,w), for the earlier words of the first position, then of the
	// second, and so on.
	Votes []float64

	pair   []int32 // of Votes: the index in Counts.Pairs[w], or −1
	reader *VoteReader
}

// VoteReader computes votes, one row after the other, in memory that it uses
// again. It is for one goroutine.
type VoteReader struct {
	v      *Voters
	row    RowVotes
	index  []int32      // [V] the index of a pair of the row, and 1; 0 for others
	q      []float64    // [V] P(y|w), or [pairs] divergences of shares
	kl     []divergence // [pairs]
	graded []float64    // [votes]
}

// Reader returns a reader of the votes.
func (v *Voters) Reader() *VoteReader {
	r := &VoteReader{v: v, index: make([]int32, v.V())}
	r.row.reader = r
	return r
}

// Row computes the votes at the positions of w. They are valid until the next
// call.
func (r *VoteReader) Row(w Word) *RowVotes {
	v, row := r.v, &r.row
	row.Word, row.First, row.Positions = w, v.start[w], v.PositionsOf(w)
	row.Base, row.Votes, row.pair = row.Base[:0], row.Votes[:0], row.pair[:0]
	pairs, next := v.counts.Pairs[w], v.counts.Transitions[w]
	for i, p := range pairs {
		r.index[p.Earlier] = int32(i + 1)
	}
	for _, p := range row.Positions {
		leave := v.leaves(p)
		base := v.base(next, p.Next, leave)
		row.Base = append(row.Base, base)
		for _, u := range p.Earlier {
			i := r.index[u] - 1
			var pair Row
			if i >= 0 {
				pair = pairs[i].Next
			}
			row.Votes = append(row.Votes, v.vote(pair, p.Next, leave, base))
			row.pair = append(row.pair, i)
		}
	}
	for _, p := range pairs {
		r.index[p.Earlier] = 0
	}
	return row
}

// leaves is how many observations are left out at a position.
func (v *Voters) leaves(p Position) uint64 {
	if !v.leave {
		return 0
	}
	return p.Copies
}

func (v *Voters) base(row Row, y Word, leave uint64) float64 {
	if v.smoothing == nil {
		return row.P(y)
	}
	return v.smoothing.first(row, y, leave)
}

func (v *Voters) vote(pair Row, y Word, leave uint64, base float64) float64 {
	if v.smoothing == nil {
		return pair.P(y)
	}
	return v.smoothing.second(pair, y, leave, base)
}

// graded computes how much the earlier word of each vote tells: the divergence of
// P(·|u,w) from P(·|w) in nats, with the position left out where it is from the
// votes.
func (row *RowVotes) graded() []float64 {
	r, w := row.reader, row.Word
	v := r.v
	pairs, next := v.counts.Pairs[w], v.counts.Transitions[w]
	r.graded = r.graded[:0]
	if v.smoothing == nil {
		r.q = v.masks.divergences(r.q[:0], v.counts, w)
		for _, i := range row.pair {
			r.graded = append(r.graded, r.q[i])
		}
		return r.graded
	}
	s := v.smoothing
	if r.q == nil {
		r.q = make([]float64, v.V())
	}
	s.firstOrder(r.q, next)
	r.kl = append(r.kl[:0], make([]divergence, len(pairs))...)
	for _, i := range row.pair {
		if i >= 0 && r.kl[i].kappa == 0 { // a pair that has a vote, seen for the first time
			r.kl[i] = newDivergence(pairs[i].Next, s.Kappa.Pair, r.q)
		}
	}
	at := 0
	for _, p := range row.Positions {
		for range p.Earlier {
			switch i := row.pair[at]; {
			case i < 0:
				r.graded = append(r.graded, 0)
			case v.leave:
				r.graded = append(r.graded, r.kl[i].without(pairs[i].Next.Count(p.Next), p.Copies, r.q[p.Next]))
			default:
				r.graded = append(r.graded, r.kl[i].nats())
			}
			at++
		}
	}
	return r.graded
}

// EachRow calls a function with the votes of every row that has positions, from
// several goroutines at a time: it may write where no other row does. The votes
// are valid only during the call.
func (v *Voters) EachRow(f func(row *RowVotes)) {
	eachWord(v.V(), func() func(Word) {
		r := v.Reader()
		return func(w Word) {
			if v.start[w] < v.start[w+1] {
				f(r.Row(w))
			}
		}
	})
}
