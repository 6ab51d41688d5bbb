package sweep

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/train"
)

// wantError says that an error must hold every one of the given parts.
func wantError(t testing.TB, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one with %q", parts)
		return
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("the error is %q, want %q in it", err, p)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func names(points []Point) []string {
	var list []string
	for _, p := range points {
		list = append(list, p.Name)
	}
	return list
}

// TestPoints has grids worked out by hand.
func TestPoints(t *testing.T) {
	for _, c := range []struct {
		fixed []Fixed
		axes  []Axis
		want  []string
	}{
		{nil, []Axis{{"rank", []string{"1", "2"}}, {"seed", []string{"7", "8", "9"}}},
			[]string{"rank=1,seed=7", "rank=1,seed=8", "rank=1,seed=9", "rank=2,seed=7", "rank=2,seed=8", "rank=2,seed=9"}},
		{nil, []Axis{{"l2", []string{"0", "1e-4", "+0.5"}}}, []string{"l2=0", "l2=1e-4", "l2=+0.5"}},
		{nil, []Axis{{"null", []string{"true", "false"}}}, []string{"null=true", "null=false"}},
		{nil, []Axis{{"corpus", []string{"a/t.txt", "b/t.txt", "b/T.txt", "b/t.md", "é è", `["coat","c/x.y"]`, "-"}}},
			[]string{"corpus=t", "corpus=t-2", "corpus=T-3", "corpus=t-4", "corpus=---", "corpus=coat+x", "corpus=stdin"}},
		{[]Fixed{{"corpus", "coat"}}, []Axis{{"start", []string{"-1"}}}, []string{"start=-1"}},
	} {
		_, points, err := NewPlan(c.fixed, c.axes, 100)
		if err != nil {
			t.Errorf("%v: %v", c.axes, err)
			continue
		}
		if got := names(points); !slices.Equal(got, c.want) {
			t.Errorf("%v: got %q, want %q", c.axes, got, c.want)
		}
	}
}

// TestPointsSettle checks that the settings of a point are those that the same
// flags of one run have: the defaults follow the task, and what was typed stays.
func TestPointsSettle(t *testing.T) {
	_, points, err := NewPlan([]Fixed{{"beta2", "0.5"}}, []Axis{{"task", []string{"predict", "recall"}}}, 100)
	must(t, err)
	predict, recall := points[0].Config, points[1].Config
	if predict.L2 != 1e-6 || predict.Patience != 200 || predict.Beta1 != 0.9 || predict.Beta2 != 0.5 {
		t.Errorf("predict: %+v", predict)
	}
	if recall.L2 != 0 || recall.Patience != 400 || recall.Beta1 != 0.8 || recall.Beta2 != 0.5 {
		t.Errorf("recall: %+v", recall)
	}
}

func TestPlanRefusals(t *testing.T) {
	list := func(values ...string) []string { return values }
	for name, c := range map[string]struct {
		fixed []Fixed
		axes  []Axis
		want  []string
	}{
		"unknown":        {nil, []Axis{{"ranks", list("1")}}, list(`"ranks" is not a setting: did you mean rank? settings are called as the flags of `)},
		"unknown fixed":  {[]Fixed{{"out", "x"}}, nil, list(`"out" is not a setting`)},
		"twice":          {[]Fixed{{"rank", "2"}}, []Axis{{"rank", list("1")}}, list("--rank twice: ")},
		"empty":          {nil, []Axis{{"rank", nil}}, list(`--rank "": the list is empty`)},
		"no number":      {nil, []Axis{{"rank", list("1", "few")}}, list("--rank few: give a whole number")},
		"fixed":          {[]Fixed{{"seed", "-1"}}, []Axis{{"rank", list("1")}}, list("--seed=-1: give a whole number, 0 or above")},
		"huge":           {nil, []Axis{{"steps", list("99999999999999999999")}}, list("--steps 99999999999999999999: this number is too large")},
		"repeated":       {nil, []Axis{{"seed", list("1", "2", "1")}}, list("--seed 1: this value stands in the list twice")},
		"same value":     {nil, []Axis{{"l2", list("0.1", "1e-1")}}, list("--l2 1e-1: 0.1 stands in the list too, and is the same value")},
		"too large":      {nil, []Axis{{"rank", list("1", "2", "3")}, {"seed", list("1", "2", "3", "4")}}, list("the grid has 12 runs (3 rank × 4 seed), and 11 are the most", "--max-runs 12")},
		"bad point":      {nil, []Axis{{"rank", list("1", "0")}}, list("run rank=0 of the grid: --rank 0: Q and K need at least one column")},
		"contradiction":  {nil, []Axis{{"rank", list("1", "2")}, {"one-hot", list("false", "true")}}, list("run rank=1,one-hot=true of the grid: --rank 1: the one-hot form has rank V")},
		"objective":      {nil, []Axis{{"objective", list("cross-entropy", "squared")}}, list("run objective=squared of the grid", "add --task recall")},
		"no effect":      {nil, []Axis{{"momentum", list("0.1", "0.2")}}, list("runs momentum=0.1 and momentum=0.2 of the grid are the same to the bit: --momentum has no effect there: it is for --solver momentum")},
		"partly":         {nil, []Axis{{"solver", list("momentum", "adam")}, {"momentum", list("0.1", "0.2")}}, list("runs solver=adam,momentum=0.1 and solver=adam,momentum=0.2", "it is for --solver momentum")},
		"one-hot seeds":  {[]Fixed{{"one-hot", "true"}}, []Axis{{"seed", list("1", "2")}}, list("--seed has no effect there: in the one-hot form nothing is drawn")},
		"null of recall": {[]Fixed{{"task", "recall"}}, []Axis{{"null", list("true", "false")}}, list("--null has no effect there")},
		"counts":         {[]Fixed{{"counts", "dir"}, {"task", "recall"}}, []Axis{{"context", list("1", "2")}}, list("run context=1 of the grid: --counts dir: the words are counted already", "--context")},
	} {
		_, _, err := NewPlan(c.fixed, c.axes, 11)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		t.Run(name, func(t *testing.T) { wantError(t, err, c.want...) })
	}
}

func TestHugeGrid(t *testing.T) {
	var values []string
	for i := range 1000 {
		values = append(values, fmt.Sprint(i+1))
	}
	var axes []Axis
	for _, name := range []string{"rank", "seed", "steps", "batch", "min-count", "max-vocab", "context"} {
		axes = append(axes, Axis{name, values})
	}
	_, _, err := NewPlan(nil, axes, 10000)
	var grid *GridError
	if !errors.As(err, &grid) {
		t.Fatalf("error %v", err)
	}
	wantError(t, err, "the grid has 1000000000000000000000 runs")
}

// TestGridIsProduct checks that the points are the product of the axes, each
// combination once, the last axis fastest, with distinct names and the values set.
func TestGridIsProduct(t *testing.T) {
	pool := map[string][]string{
		"rank": {"1", "2", "3", "8"}, "seed": {"1", "2", "5", "9"}, "l2": {"0", "1e-4", "0.1"},
		"solver": {"adam", "sgd"}, "null": {"true", "false"}, "corpus": {"coat", "diary", "candle"},
	}
	rapid.Check(t, func(t *rapid.T) {
		all := []string{"corpus", "l2", "null", "rank", "seed", "solver"}
		n := rapid.IntRange(1, 4).Draw(t, "axes")
		chosen := rapid.Permutation(all).Draw(t, "order")[:n]
		var axes []Axis
		product := 1
		for _, name := range chosen {
			k := rapid.IntRange(1, len(pool[name])).Draw(t, name)
			axes = append(axes, Axis{name, pool[name][:k]})
			product *= k
		}
		_, points, err := NewPlan(nil, axes, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(points) != product {
			t.Fatalf("%d points, want %d", len(points), product)
		}
		index := make([]int, len(axes)) // an odometer
		seen := map[string]bool{}
		for _, p := range points {
			for k, a := range axes {
				s, _ := train.FindSetting(a.Name)
				if want := a.Values[index[k]]; p.Values[k] != want || s.Text(p.Config) != want && a.Name != "l2" {
					t.Fatalf("point %s: %s is %s and %s, want %s", p.Name, a.Name, p.Values[k], s.Text(p.Config), want)
				}
			}
			if seen[p.Name] {
				t.Fatalf("two points are called %s", p.Name)
			}
			seen[p.Name] = true
			for k := len(index) - 1; k >= 0; k-- {
				if index[k]++; index[k] < len(axes[k].Values) {
					break
				}
				index[k] = 0
			}
		}
	})
}
