package data

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestFloorProperties: no reference loss that attention can have, and no random
// attention, is below the floor.
func TestFloorProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, want := drawCounts(t)
		masks := NewMasks(c)
		with, without := AttentionFloor(c, true), AttentionFloor(c, false)
		best, _ := masks.BestLoss(c)
		const rounding = 1e-12
		// Without the null slot an attention has fewer voters, and so a floor
		// that is at least as high: the other one, plus what either bound is
		// short of.
		if with > without+1e-3 || with < 0 {
			t.Fatalf("the floor is %g with the null slot, %g without", with, without)
		}
		for what, line := range map[string]float64{
			"first order": FirstOrder(c), "all votes": AllVotes(c), "the graded mask": GradedMask(c, masks), "the best mask": best,
		} {
			if with > line+rounding {
				t.Fatalf("the floor is %.15g, %s has %.15g", with, what, line)
			}
		}
		if without > AllVotes(c)+rounding {
			t.Fatalf("the floor without the null slot is %.15g, all votes have %.15g", without, AllVotes(c))
		}
		// Any attention at all: scores that are small and large, places apart.
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for _, spread := range []float64{0.5, 3, 20} {
			scores := map[[2]string]float64{}
			weight := func(w, u string) float64 {
				key := [2]string{w, u}
				if _, ok := scores[key]; !ok {
					scores[key] = math.Exp(spread * random.NormFloat64())
				}
				return scores[key]
			}
			if loss := want.loss(weight, 1); loss < with-rounding {
				t.Fatalf("an attention has %.15g, the floor is %.15g", loss, with)
			}
			if loss := want.loss(weight, 0); loss < without-rounding {
				t.Fatalf("an attention without the null slot has %.15g, the floor is %.15g", loss, without)
			}
		}
	})
}

// TestFloorIsReached: with a context of 1 there is one earlier word at most, so
// P(·|u,w) is just what follows this context. The floor is then the entropy of
// the next word given the context, except that a context without an earlier
// word has no voter but P(·|w); and plain votes reach it.
func TestFloorIsReached(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawText(t)
		c, want := countText(t, text, 1), newTally(text, 1)
		contexts, joint := map[string]float64{}, map[string]float64{}
		key := func(p place) string {
			if len(p.earlier) == 0 {
				return p.current
			}
			return p.earlier[0] + " " + p.current
		}
		for _, p := range want.places {
			contexts[key(p)]++
			joint[key(p)+" "+p.next]++
		}
		var entropy float64
		for _, p := range want.places {
			if len(p.earlier) == 0 {
				entropy -= math.Log(want.p1(p.current, p.next))
			} else {
				entropy -= math.Log(joint[key(p)+" "+p.next] / contexts[key(p)])
			}
		}
		entropy /= float64(len(want.places))
		isNear(t, "all votes", AllVotes(c), entropy, 1e-12)
		isNear(t, "the floor without the null slot", AttentionFloor(c, false), entropy, 1e-12)
		if with := AttentionFloor(c, true); with > entropy+1e-12 || with < entropy-1e-3 {
			t.Fatalf("the floor with the null slot is %g, want %g or hardly less", with, entropy)
		}
	})
}

// TestFloorAboveEntropy: given the context, the next word has an entropy that
// nothing can beat, and the floor is never below it but for its own slack.
func TestFloorAboveEntropy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, want := drawCounts(t)
		contexts, joint := map[string]float64{}, map[string]float64{}
		key := func(p place) string {
			u := slices.Clone(p.earlier)
			slices.Sort(u)
			return p.current + ":" + strings.Join(u, " ")
		}
		for _, p := range want.places {
			contexts[key(p)]++
			joint[key(p)+">"+p.next]++
		}
		var entropy float64
		for _, p := range want.places {
			entropy -= math.Log(joint[key(p)+">"+p.next]/contexts[key(p)]) / float64(len(want.places))
		}
		isNear(t, "the entropy of the next word in its context", ContextEntropy(c), entropy, 1e-12)
		if floor := AttentionFloor(c, true); floor < entropy-1e-3 {
			t.Fatalf("the floor is %g, the entropy %g", floor, entropy)
		}
	})
}

// TestContextEntropy: in the built-in corpora attention can reach the entropy,
// in a parity it cannot. There, of the three words to predict, the marks give
// away the last one and nothing gives away the second, which is a coin.
func TestContextEntropy(t *testing.T) {
	for name, want := range map[string]float64{"coat": 0.2574132535161434, "candle": 0.1246317901868993, "diary": math.Ln2 / 10.5} {
		isNear(t, name, ContextEntropy(countBuiltIn(t, name)), want, 1e-12)
	}
	parity := countText(t, "red dog then even\nred cat then odd\nblue dog then odd\nblue cat then even", unbounded)
	isNear(t, "parity", ContextEntropy(parity), math.Ln2/3, 1e-15)
	isNear(t, "parity: the floor", AttentionFloor(parity, true), 2*math.Ln2/3, 1e-12)
}

// TestContexts: every position is in one context, and a loop may end early.
func TestContexts(t *testing.T) {
	c := countBuiltIn(t, "diary")
	var all []Position
	n := 0
	for positions := range contexts(c.positions) {
		for _, p := range positions {
			if p.Current != positions[0].Current || !slices.Equal(p.Earlier, positions[0].Earlier) {
				t.Errorf("%+v and %+v are in one context", p, positions[0])
			}
		}
		all = append(all, positions...)
		n++
	}
	if n != 19 || len(all) != len(c.Positions()) { // 19 computed independently with numpy
		t.Errorf("%d contexts with %d positions, want 19 with %d", n, len(all), len(c.Positions()))
	}
	for range contexts(c.positions) {
		n++
		break
	}
	if n != 20 {
		t.Errorf("a loop that ends at once has gone on to %d", n)
	}
}
