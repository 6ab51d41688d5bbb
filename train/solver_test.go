package train

import (
	"math"
	"math/rand/v2"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// pair is a parameter with its gradient, as a solver sees it.
type pair struct{ x, g *tensor.Dense }

func (p pair) Value() G.Value         { return p.x }
func (p pair) Grad() (G.Value, error) { return p.g, nil }

func newPair(x, g []float64) pair {
	return pair{
		tensor.New(tensor.WithShape(len(x)), tensor.WithBacking(x)),
		tensor.New(tensor.WithShape(len(g)), tensor.WithBacking(g)),
	}
}

func solver(t testing.TB, c Config, sizes ...int) Solver {
	t.Helper()
	s, err := NewSolver(c, sizes)
	must(t, err)
	return s
}

// TestSolversByHand takes the first steps of every solver on one number. All
// figures are worked out by hand, as fractions.
func TestSolversByHand(t *testing.T) {
	const eps = 1e-8
	for _, test := range []struct {
		config    Config
		gradients []float64
		want      []float64 // the number after each step, from 1
		tolerance float64
	}{
		// 1 − ¼·½, then + ¼·1, then − ¼·3
		{Config{Solver: "sgd", LR: 0.25}, []float64{0.5, -1, 3}, []float64{7.0 / 8, 9.0 / 8, 3.0 / 8}, 0},
		// v = ½, ¼ − 1 = −¾, −⅜ + 3 = 21/8
		{Config{Solver: "momentum", LR: 0.25, Momentum: 0.5}, []float64{0.5, -1, 3}, []float64{7.0 / 8, 17.0 / 16, 17.0/16 - 21.0/32}, 0},
		// no momentum is plain descent
		{Config{Solver: "momentum", LR: 0.25}, []float64{0.5, -1, 3}, []float64{7.0 / 8, 9.0 / 8, 3.0 / 8}, 0},
		// β₁ = ½, β₂ = ¾: m = 1, 0, 2 and v = 1, 1, 19/4;
		// m̂ = 2, 0, 2/(7/8) = 16/7 and v̂ = 4, 16/7, (19/4)/(37/64) = 304/37
		{
			Config{Solver: "adam", LR: 0.25, Beta1: 0.5, Beta2: 0.75}, []float64{2, -1, 4},
			[]float64{1 - 0.25*2/(2+eps), 1 - 0.25*2/(2+eps), 1 - 0.25*2/(2+eps) - 0.25*(16.0/7)/(math.Sqrt(304.0/37)+eps)}, 1e-15,
		},
		// the first step of Adam is the rate, whatever the gradient, …
		{Config{Solver: "adam", LR: 0.25, Beta1: 0.9, Beta2: 0.999}, []float64{1e6}, []float64{0.75}, 1e-14},
		{Config{Solver: "adam", LR: 0.25, Beta1: 0.9, Beta2: 0.999}, []float64{-1e-3}, []float64{1 + 0.25/(1+1e-5)}, 1e-14},
		// … but none without a gradient
		{Config{Solver: "adam", LR: 0.25, Beta1: 0.9, Beta2: 0.999}, []float64{0, 0}, []float64{1, 1}, 0},
	} {
		x, g := []float64{1}, []float64{0}
		s := solver(t, test.config, 1)
		for i := range test.gradients {
			g[0] = test.gradients[i]
			must(t, s.Step([]G.ValueGrad{newPair(x, g)}))
			wantNear(t, test.config.Solver, x[0], test.want[i], test.tolerance)
			if g[0] != test.gradients[i] {
				t.Errorf("%s changed the gradient to %g", test.config.Solver, g[0])
			}
		}
		if n := s.State().Steps; n != len(test.gradients) {
			t.Errorf("%s counts %d steps of %d", test.config.Solver, n, len(test.gradients))
		}
	}
}

// paperAdam is algorithm 1 of https://arxiv.org/abs/1412.6980, line by line, for
// one number: it returns θ_t for t = 1 … T given g_1 … g_T.
func paperAdam(theta, alpha, beta1, beta2, epsilon float64, g []float64) []float64 {
	var path []float64
	m, v, t := 0.0, 0.0, 0
	beta1t, beta2t := 1.0, 1.0
	for t < len(g) {
		t++
		gt := g[t-1]
		m = beta1*m + (1-beta1)*gt
		v = beta2*v + (1-beta2)*gt*gt
		beta1t *= beta1
		beta2t *= beta2
		mHat := m / (1 - beta1t)
		vHat := v / (1 - beta2t)
		theta -= alpha * mHat / (math.Sqrt(vHat) + epsilon)
		path = append(path, theta)
	}
	return path
}

// TestAdamIsThePapers follows Adam over 200 random gradients of very different
// sizes and compares every number at every step.
func TestAdamIsThePapers(t *testing.T) {
	const steps, n = 200, 6
	rng := rand.New(rand.NewPCG(3, 4))
	gradients := make([][]float64, n) // [n][steps]
	want := make([][]float64, n)
	x := make([]float64, n)
	for j := range n {
		x[j] = rng.NormFloat64()
		for range steps {
			gradients[j] = append(gradients[j], math.Pow(10, float64(2*j-6))*rng.NormFloat64())
		}
		want[j] = paperAdam(x[j], 0.01, 0.9, 0.999, 1e-8, gradients[j])
	}
	s := solver(t, Config{Solver: "adam", LR: 0.01, Beta1: 0.9, Beta2: 0.999}, 2, 4) // two parameters
	g := make([]float64, n)
	for i := range steps {
		for j := range g {
			g[j] = gradients[j][i]
		}
		must(t, s.Step([]G.ValueGrad{newPair(x[:2], g[:2]), newPair(x[2:], g[2:])}))
		for j := range x {
			wantNear(t, "θ", x[j], want[j][i], 1e-12)
		}
	}
}

// TestSetRate changes the rate between steps.
func TestSetRate(t *testing.T) {
	for _, name := range Solvers() {
		s := solver(t, Config{Solver: name, LR: 1, Beta1: 0.9, Beta2: 0.999}, 1)
		x := []float64{1}
		s.SetRate(0)
		must(t, s.Step([]G.ValueGrad{newPair(x, []float64{1})}))
		if x[0] != 1 {
			t.Errorf("%s: a step of rate 0 moved to %g", name, x[0])
		}
		s.SetRate(0.5)
		must(t, s.Step([]G.ValueGrad{newPair(x, []float64{1})}))
		wantNear(t, name, x[0], 0.5, 1e-7) // µ = 0; Adam's m̂/√v̂ is 1 for a constant gradient
	}
}

// TestSolverInGorgonia lets every solver minimise a graph of Gorgonia's own on
// its own machine: Σ (x−3)², whose gradient is 2(x−3). Plain descent at rate ¼
// halves the distance at every step, exactly.
func TestSolverInGorgonia(t *testing.T) {
	for _, name := range Solvers() {
		g := G.NewGraph()
		start := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{7, -1, 3, 5}))
		x := G.NewMatrix(g, tensor.Float64, G.WithShape(2, 2), G.WithName("x"), G.WithValue(start))
		three := G.NewConstant(tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{3, 3, 3, 3})), G.WithName("3"))
		loss := G.Must(G.Sum(G.Must(G.Square(G.Must(G.Sub(x, three))))))
		if _, err := G.Grad(loss, x); err != nil {
			t.Fatal(err)
		}
		vm := G.NewTapeMachine(g, G.BindDualValues(x))
		var s G.Solver = solver(t, Config{Solver: name, LR: 0.25, Momentum: 0.5, Beta1: 0.9, Beta2: 0.999}, 4)
		distance := []float64{4, -4, 0, 2}
		n := 200
		if name == "sgd" {
			n = 20
		}
		for range n {
			must(t, vm.RunAll())
			must(t, s.Step(G.NodesToValueGrads(G.Nodes{x})))
			vm.Reset()
			grad, err := x.Grad()
			must(t, err)
			grad.(*tensor.Dense).Zero() // the machine adds to bound gradients
			for j, at := range x.Value().Data().([]float64) {
				if distance[j] /= 2; name == "sgd" && at != 3+distance[j] {
					t.Fatalf("sgd: x is %g, want %g", at, 3+distance[j])
				}
			}
		}
		for _, at := range x.Value().Data().([]float64) {
			wantNear(t, name, at, 3, 1e-2)
		}
		must(t, vm.Close())
	}
}

// TestSolverRefuses hands in what is no float64 tensor, or of two sizes.
func TestSolverRefuses(t *testing.T) {
	good := []float64{1, 2}
	single := pair{tensor.New(tensor.WithShape(2), tensor.WithBacking([]float32{1, 2})), newPair(good, good).g}
	for _, name := range Solvers() {
		for _, bad := range []G.ValueGrad{single, pair{single.g, single.x}, newPair(good, []float64{1})} {
			s := solver(t, Config{Solver: name, LR: 1}, 2)
			wantError(t, s.Step([]G.ValueGrad{bad}), "parameter 0", "not float64 tensors of one size")
		}
	}
	if _, err := NewSolver(Config{Solver: "adamw"}, nil); err == nil {
		t.Error("an unknown solver")
	} else {
		wantError(t, err, "--solver adamw", "did you mean adam?")
	}
}
