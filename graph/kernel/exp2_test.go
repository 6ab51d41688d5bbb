package kernel

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// powersOf returns 2^t for t ≤ 0 as Softmax computes it: below a row of zeros.
func powersOf[F Float](s *Set[F], t []F) []F {
	cols := Lanes[F]()
	n := 1 + (len(t)+cols-1)/cols
	e, m, z := make([]F, n*cols), make([]F, cols), make([]F, cols)
	copy(e[cols:], t)
	s.Softmax(n, cols, e, cols, m, z)
	return e[cols:][:len(t)]
}

func TestExp2Exact(t *testing.T) { each(t, testExp2Exact, testExp2Exact) }

// testExp2Exact wants whole powers exactly, 2^0 = 1 among them, and everything
// below the least exponent equal to that.
func testExp2Exact[F Float](t *testing.T, s *Set[F]) {
	var ts []F
	for x := range 2001 {
		ts = append(ts, F(-x))
	}
	ts = append(ts, -1e30, F(math.Inf(-1)), F(math.Copysign(0, -1)), -largest[F]())
	for i, got := range powersOf(s, ts) {
		if want := math.Ldexp(1, int(max(float64(ts[i]), leastExponent[F]()))); float64(got) != want {
			t.Errorf("2^%v = %v, want %v", ts[i], got, want)
		}
	}
}

func TestExp2Accuracy(t *testing.T) { each(t, testExp2Accuracy, testExp2Accuracy) }

// testExp2Accuracy wants 2^t within 2 units in the last place, over points in all
// of the range, near zero, and beside the halves, where the nearest integer
// changes.
func testExp2Accuracy[F Float](t *testing.T, s *Set[F]) {
	points, bits := 1<<14, 53
	if Size[F]() == 4 {
		points, bits = 1<<18, 24
	}
	if testing.Short() {
		points /= 8
	}
	rng := rand.New(rand.NewPCG(3, 4))
	ts := make([]F, points)
	for i := range ts {
		switch x := rng.Float64(); i % 4 {
		case 0:
			ts[i] = F(leastExponent[F]() * x)
		case 1:
			ts[i] = F(-x)
		case 2:
			ts[i] = F(-math.Exp2(-60 * x))
		default:
			ts[i] = F(-float64(rng.IntN(120)) - 0.5 + (x-0.5)/1000)
		}
	}
	var worst float64
	var where F
	for i, got := range powersOf(s, ts) {
		want, rest := exp2Reference(ts[i])
		_, exponent := math.Frexp(want)
		if d := math.Abs((float64(got)-want)-rest) / math.Ldexp(1, exponent-bits); !(d <= worst) {
			worst, where = d, ts[i]
		}
	}
	t.Logf("greatest error of %d powers: %.3f units in the last place, of 2^%v", points, worst, where)
	if !(worst <= 2) {
		t.Errorf("2^%v is wrong by %.3f units in the last place", where, worst)
	}
}

// exp2Reference returns 2^t and, for float64, what its rounding leaves: the series
// of e^(r·ln 2) in numbers of 128 bits.
func exp2Reference[F Float](t F) (want, rest float64) {
	if Size[F]() == 4 {
		return math.Exp2(float64(t)), 0
	}
	n := math.Round(float64(t))
	r := new(big.Float).SetPrec(128).SetFloat64(float64(t) - n)
	r.Mul(r, ln2)
	sum, term := big.NewFloat(1).SetPrec(128), big.NewFloat(1).SetPrec(128)
	for i := 1; i < 25; i++ {
		term.Mul(term, r)
		term.Quo(term, new(big.Float).SetInt64(int64(i)))
		sum.Add(sum, term)
	}
	x, _ := sum.Float64()
	sum.Sub(sum, new(big.Float).SetFloat64(x))
	y, _ := sum.Float64()
	return math.Ldexp(x, int(n)), math.Ldexp(y, int(n))
}

var ln2, _ = new(big.Float).SetPrec(128).SetString("0.693147180559945309417232121458176568075500134360255254120680009")

func TestExp(t *testing.T) { each(t, testExp, testExp) }

// testExp takes numbers to 1500 below and 80 above the shift, in all lengths. The
// rounding of (x − shift)/ln 2 counts as often as that has units.
func testExp[F Float](t *testing.T, s *Set[F]) {
	rng := rand.New(rand.NewPCG(5, 6))
	s.Exp(nil, 0)
	for n := 1; n <= 130; n++ {
		r := newArena[F](uint64(n))
		x, shift := r.normal(n), F(10*rng.NormFloat64())
		for i := range x {
			x[i] = shift + F([]float64{80 * rng.Float64(), -rng.Float64(), -80 * rng.Float64(), -1500 * rng.Float64()}[rng.IntN(4)])
		}
		x[rng.IntN(n)] = shift
		before := append([]F(nil), x...)
		s.Exp(x, shift)
		r.check(t, fmt.Sprint("length ", n))
		for i, got := range x {
			d := float64(before[i] - shift)
			power := max(d*math.Log2E, leastExponent[F]())
			want := math.Exp2(leastExponent[F]())
			if power > leastExponent[F]() {
				want = math.Exp(d)
			}
			within(t, got, want, 3+math.Abs(power), want, "length %d: e^(%v − %v)", n, before[i], shift)
			if d == 0 && got != 1 {
				t.Fatalf("e^0 = %v", got)
			}
		}
	}
}

func TestExpNotNumbers(t *testing.T) { each(t, testExpNotNumbers, testExpNotNumbers) }

func testExpNotNumbers[F Float](t *testing.T, s *Set[F]) {
	for n := 1; n <= 70; n++ {
		r := newArena[F](uint64(n))
		x := r.normal(n)
		x[n/2], x[n-1] = F(math.Inf(-1)), F(math.NaN())
		s.Exp(x, 0)
		for i, got := range x {
			if nan(got) != (i == n-1) {
				t.Fatalf("length %d: number %d is %v", n, i, got)
			}
		}
		if n > 1 && float64(x[n/2]) != math.Exp2(leastExponent[F]()) && n/2 != n-1 {
			t.Fatalf("length %d: e^−∞ = %v", n, x[n/2])
		}
		s.Exp(x, F(math.NaN()))
		for _, got := range x {
			if !nan(got) {
				t.Fatalf("length %d: e^NaN = %v", n, got)
			}
		}
		r.check(t, "not numbers")
	}
}
