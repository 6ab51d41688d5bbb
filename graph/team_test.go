package graph

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"qk/graph/kernel"
)

// TestTeamBits wants the same bits from every number of members, for every loss in
// float64 and float32, over all rows, in batches and without gradient, and of the
// norm. The texts are large enough that each is divided.
func TestTeamBits(t *testing.T) {
	before := goleak.IgnoreCurrent()
	text, table := zipfCorpus(t, 400, 600), corpus{counts: randomTable(t, 1300, 9, 1)}
	for i, s := range losses() {
		if !s.Fused {
			continue
		}
		c := text
		if s.Task == Recall && s.Objective != Logistic {
			c = table
		}
		s.Rank, s.L2 = 32, 0.01
		for _, s.Float32 = range []bool{false, true} {
			m := newModel(t, c, s)
			randomise32(m, uint64(i), 1)
			ids, _, _ := m.Rows()
			batch := randomBatch(rand.New(rand.NewPCG(1, 1)), ids, 0.6)
			var want []float64
			for _, members := range []int{1, 2, 3, 16}[:repeats(4, 2)] {
				m.Start(members)
				got := figures(t, m)
				got = append(got, m.GradNorm())
				loss, err := m.Evaluate()
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, loss.Data, loss.Penalty)
				got = append(got, runRows(t, m, batch)...)
				m.Stop()
				if want == nil {
					want = got
				}
				if !sameBits(got, want) {
					t.Errorf("%s, float32 %v: %d members give other bits than 1", describe(s), s.Float32, members)
				}
			}
		}
	}
	goleak.VerifyNone(t, before)
}

// TestTeamDivides makes sure that the table of [TestTeamBits] has something to
// divide, and checks how many members take part in work.
func TestTeamDivides(t *testing.T) {
	c := corpus{counts: randomTable(t, 1300, 9, 1)}
	o := newFusedEntropy[float32](c.counts, shape{V: 1300, R: 32, scale: 1}, kernel.New[float32](kernel.Go), &team{})
	if o.shards < 3 || o.blocks() < 3 || o.panels <= o.shards {
		t.Errorf("%d shards, %d blocks, %d panels: too few to be a test", o.shards, o.blocks(), o.panels)
	}
	tm := &team{}
	tm.start(3)
	defer tm.stop()
	for _, x := range []struct{ parts, operations, want int }{
		{10, teamWork - 1, 1}, {10, teamWork, 3}, {2, teamWork, 2}, {1, teamWork, 1}, {0, teamWork, 1}, {10, 0, 1},
	} {
		if got := tm.size(x.parts, x.operations); got != x.want {
			t.Errorf("%d parts of %d operations: %d members, want %d", x.parts, x.operations, got, x.want)
		}
	}
}

// TestPart wants ranges that follow each other from 0 to n and differ by one in
// length at most.
func TestPart(t *testing.T) {
	for n := range 40 {
		for members := 1; members <= 17; members++ {
			at := 0
			for m := range members {
				first, last := part(n, m, members)
				if first != at || last-first < n/members || last-first > (n+members-1)/members {
					t.Fatalf("%d of %d for %d: %d … %d after %d", m, members, n, first, last, at)
				}
				at = last
			}
			if at != n {
				t.Fatalf("%d for %d members ends at %d", n, members, at)
			}
		}
	}
}

// TestShareOfPairs wants shares that follow each other and hold every row once,
// for rows of any length, empty ones among them.
func TestShareOfPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for trial := range 300 {
		start := []int32{0}
		for range trial % 23 {
			start = append(start, start[len(start)-1]+int32(rng.IntN(3)*rng.IntN(50)))
		}
		for members := 1; members <= 16; members++ {
			at := 0
			for m := range members {
				first, last := share(start, m, members)
				if first != at && first != last || last < first {
					t.Fatalf("%d of %d of %v: %d … %d after %d", m, members, start, first, last, at)
				}
				if first != last {
					at = last
				}
			}
			if at != len(start)-1 && start[len(start)-1] != 0 || at > len(start)-1 {
				t.Fatalf("%d members of %v end at %d", members, start, at)
			}
		}
	}
}

// TestShare wants each part to be computed once, whatever the number of members
// and parts.
func TestShare(t *testing.T) {
	before := goleak.IgnoreCurrent()
	m := newModel(t, builtInCorpus(t, "coat"), Spec{Rank: 2, Fused: true})
	for members := range repeats(20, 4) {
		m.Start(members)
		for _, parts := range []int{1, 2, 5, 16, 100} {
			for _, operations := range []int{0, teamWork} {
				done, calls := make([]atomic.Int32, parts), atomic.Int32{}
				m.Share(parts, operations, func(member, members int) {
					calls.Add(1)
					first, last := part(parts, member, members)
					for i := first; i < last; i++ {
						done[i].Add(1)
					}
				})
				for i := range done {
					if n := done[i].Load(); n != 1 {
						t.Fatalf("%d members, %d parts: part %d was done %d times", members, parts, i, n)
					}
				}
				if n := int(calls.Load()); n > parts || operations == 0 && n != 1 {
					t.Errorf("%d members, %d parts, %d operations: %d calls", members, parts, operations, n)
				}
			}
		}
		m.Stop()
	}
	goleak.VerifyNone(t, before)
}

// TestTeamBarrier lets the members of a call wait for each other again and again:
// none may be ahead of another by more than one.
func TestTeamBarrier(t *testing.T) {
	for _, members := range []int{1, 2, 3, 5} {
		tm := &team{}
		tm.start(members)
		rounds := make([]atomic.Int32, members)
		tm.run(members, func(member, members int) {
			for r := range int32(repeats(200, 3)) {
				rounds[member].Store(r)
				tm.wait()
				for other := range rounds {
					if at := rounds[other].Load(); at != r {
						panic(fmt.Sprintf("member %d is in round %d, member %d in %d", other, at, member, r))
					}
				}
				tm.wait()
			}
		})
		tm.stop()
	}
}

// repeats is n, or few with the race detector, which makes waiting slow.
func repeats(n, few int) int {
	if raceDetector {
		return few
	}
	return n
}

// TestStartAndStop starts and stops again and again, twice in a row too, with
// pauses after which the members sleep.
func TestStartAndStop(t *testing.T) {
	before := goleak.IgnoreCurrent()
	m := newModel(t, builtInCorpus(t, "candle"), Spec{Rank: 3, Fused: true})
	randomise(m, 1, 1)
	want := figures(t, m)
	for i := range repeats(60, 6) {
		m.Start(i % 5)
		if i%3 == 0 {
			m.Start(i % 7) // more members join, fewer are no matter
		}
		if i%4 > 0 {
			m.Share(16, teamWork, func(int, int) {})
		}
		if !sameBits(figures(t, m), want) {
			t.Fatalf("other bits after %d starts", i)
		}
		m.Stop()
		if i%6 == 0 {
			m.Stop()
		}
	}
	goleak.VerifyNone(t, before)
}
