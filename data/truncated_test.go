package data

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestTruncatedEntropy compares with numpy 2 and scipy 1.17.1 on diary. For each α and
// with and without weights W = √n, times 1+1e-6·np.arange(12), with C the table of counts without its empty row and n
// its sums of rows:
//
//	L = np.log((C+a)/(n+a*V)); L -= L.mean(1, keepdims=True)
//	U, s, Vt = np.linalg.svd(W*L, full_matrices=False); X = (U[:,:R]*s[:R])@Vt[:R]/W
//	scipy.optimize.minimize_scalar(lambda k: loss(k*X), bounds=(0,4), method="bounded", options={"xatol": 1e-10})
func TestTruncatedEntropy(t *testing.T) {
	c := countBuiltIn(t, "diary")
	ranks := []int{1, 2, 3, 6, 10, 12}
	got, err := TruncatedEntropy(c, ranks)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{2.1605367189217537, 1.9022524385373072, 1.5126553496521187, 0.8049224291214453, 0.1324910383264357, 0.13202803439237004} {
		if math.Abs(got[i]-want) > 1e-6 {
			t.Errorf("rank %d: %.9f, want %.9f", ranks[i], got[i], want)
		}
	}
}

// TestTruncatedEntropyProperties wants no loss below the conditional entropy, which the
// whole table of logits comes near, nor above that of the uniform distribution, which
// the scale 0 gives, and the same bits again.
func TestTruncatedEntropyProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _ := drawCounts(t)
		V := c.V()
		ranks := []int{1, max(1, V/2), V, V + 3}
		losses, err := TruncatedEntropy(c, ranks)
		if err != nil {
			t.Fatal(err)
		}
		floor := FirstOrder(c)
		for i, loss := range losses {
			if !(loss >= floor-1e-9) || loss > math.Log(float64(V))+1e-6 {
				t.Fatalf("rank %d: %v, between %v and %v", ranks[i], loss, floor, math.Log(float64(V)))
			}
		}
		if whole := losses[2]; whole > floor+1e-3 || losses[3] != whole {
			t.Fatalf("at rank V it is %v, at rank V+3 %v, the floor %v", whole, losses[3], floor)
		}
		again, err := TruncatedEntropy(c, ranks)
		if err != nil || again[0] != losses[0] || again[1] != losses[1] {
			t.Fatalf("%v and then %v, %v", losses, again, err)
		}
	})
}

// TestTruncatedEntropyRefuses asks for ranks and sizes that there are not.
func TestTruncatedEntropyRefuses(t *testing.T) {
	c := countBuiltIn(t, "coat")
	if _, err := TruncatedEntropy(c, []int{2, 0}); err == nil {
		t.Error("rank 0 is no error")
	}
	var words []string
	for i := range MaxTruncated + 1 {
		words = append(words, strings.Repeat("a", i+1))
	}
	if _, err := TruncatedEntropy(countText(t, strings.Join(words, " "), 1), []int{1}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%d words: %v", len(words), err)
	}
	if losses, err := TruncatedEntropy(c, nil); err != nil || len(losses) != 0 {
		t.Errorf("no ranks: %v, %v", losses, err)
	}
}
