package sweep

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/graph"
	"qk/train"
)

func TestReadTOML(t *testing.T) {
	g, err := ReadTOML("plan.toml", `# a comment
corpus = ["coat", "a,b.txt", ["one.txt", "two.txt"]]
task = "predict"
one-hot = [true, false]
"null" = false
rank = "1..3"   # as after a flag
seed = ["1..3", 8, 0x10]
l2 = [0, 1e-4, 0.5, "1e-6,.25"]
lr = 0.1
solver = "adam, sgd"
`)
	must(t, err)
	want := Grid{
		{"corpus", []string{"coat", "a,b.txt", `["one.txt","two.txt"]`}},
		{"task", []string{"predict"}},
		{"one-hot", []string{"true", "false"}},
		{"null", []string{"false"}},
		{"rank", []string{"1", "2", "3"}},
		{"seed", []string{"1", "2", "3", "8", "16"}},
		{"l2", []string{"0", "0.0001", "0.5", "1e-6", ".25"}},
		{"lr", []string{"0.1"}},
		{"solver", []string{"adam", "sgd"}},
	}
	if !reflect.DeepEqual(g, want) {
		t.Errorf("got %q\nwant %q", g, want)
	}
}

func TestReadTOMLRefusals(t *testing.T) {
	for _, c := range []struct{ content, want string }{
		{"rank = 1\nranks = 2\n", `plan.toml: line 2, column 1: "ranks" is not a setting: did you mean rank? settings are called as the flags of `},
		{"rank = 1\n\n  sed = [1, 2]", `plan.toml: line 3, column 3: "sed" is not a setting: did you mean seed?`},
		{"rank = 1\nout = 'x'", `plan.toml: line 2, column 1: "out" is not a setting`},
		{"rank = []", `plan.toml: line 1, column 9: --rank []: the list is empty`},
		{"rank = [1, 'x']", `line 1, column 9: --rank x: give a whole number`},
		{"seed = 2\nrank = '10..1'", `line 2, column 9: --rank 10..1: the range is the wrong way round`},
		{"rank = 1.5", `--rank 1.5: give a whole number`},
		{"rank = true", `--rank true: give a whole number`},
		{"null = 1.5", `--null 1.5: give true or false`},
		{"rank = ['1..60000', '1..60000']", "line 1, column 9: --rank 1..60000: with this there are more than 100000 values"},
		{"l2 = [[0, 1]]", `--l2 [0 1]: a list in a list is for several texts of one run only`},
		{"corpus = [[]]", `the list is empty: give at least one text`},
		{"corpus = [[1]]", `the names of texts are strings`},
		{"corpus = ''", `--corpus "": give the name of a text`},
		{"lr = 1979-05-27", `--lr 1979-05-27`},
		{"[seed]\nx = 1", `line 1, column 1: seed is a table, and settings have none: write seed = with a value or a list`},
		{"[model]\nrank = 1", `line 1, column 1: "model" is not a setting`},
		{"[[seed]]\nx = 1", `line 1, column 1: seed is a table`},
		{"rank = 1\n seed.x = 1", `line 2, column 2: seed is a table`},
		{"seed = {x = 1}", `line 1, column 9: seed is a table`},
		{"rank = ", `line 1, column 7: `},
		{"rank = 1\nrank = 2", `line 2, column 1: `},
		{"rank = 1\nseed = [1, 2\nl2 = 3", `plan.toml: line 3, column 1: `},
		{"rank 1", `plan.toml: line 1, column 6: `},
		{"é = 1", `plan.toml: line 1, column 1: `},
		{"rank = 99999999999999999999", `line 1, column 8: `},
	} {
		_, err := ReadTOML("plan.toml", c.content)
		var file *FileError
		if !errors.As(err, &file) {
			t.Errorf("%q: error %v", c.content, err)
			continue
		}
		if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: the error is %q, want %q in it", c.content, err, c.want)
		}
	}
}

// TestPlanTOML writes plans and reads them back.
func TestPlanTOML(t *testing.T) {
	p, points, err := NewPlan(
		[]Fixed{{"corpus", `["a \" b.txt","c,d"]`}, {"null", "1"}, {"l2", ".5"}, {"solver", "adam"}, {"seed", "18446744073709551615"}, {"lr", "1e-3"}},
		[]Axis{{"rank", []string{"1", "8"}}, {"init", []string{"0.25", "+.5", "2e0"}}}, 100)
	must(t, err)
	var b strings.Builder
	must(t, p.WriteTOML(&b))
	want := `corpus = [["a \" b.txt", "c,d"]]
null = true
l2 = ".5"
solver = "adam"
seed = "18446744073709551615"
lr = 1e-3
rank = [1, 8]
init = [0.25, "+.5", 2e0]
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	g, err := ReadTOML("sweep.toml", b.String())
	must(t, err)
	_, again, err := g.Plan(100)
	must(t, err)
	for i := range points {
		if points[i].Config != again[i].Config {
			t.Errorf("point %d: %+v, want %+v", i, again[i].Config, points[i].Config)
		}
	}
}

// TestRunTOML draws settings of runs, writes them and reads them back: what has an
// effect must be the same.
func TestRunTOML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var g Grid
		yes := rapid.SampledFrom([]string{"true", "false"})
		g.Set("corpus", []string{rapid.SampledFrom([]string{"coat", "a,b", "é\"\\\n\x7f", `["x","y"]`, `["["]`, "["}).Draw(t, "corpus")})
		task := rapid.SampledFrom([]string{"predict", "recall"}).Draw(t, "task")
		g.Set("task", []string{task})
		if task == "recall" {
			g.Set("objective", []string{rapid.SampledFrom([]string{"cross-entropy", "squared", "logistic"}).Draw(t, "objective")})
		} else if rapid.Bool().Draw(t, "hold out") {
			g.Set("holdout", []string{"0.25"})
		}
		g.Set("solver", []string{rapid.SampledFrom(train.Solvers()).Draw(t, "solver")})
		g.Set("null", []string{yes.Draw(t, "null")})
		g.Set("keep-case", []string{yes.Draw(t, "keep-case")})
		if rapid.Bool().Draw(t, "one-hot") {
			g.Set("one-hot", []string{"true"})
		} else if rapid.Bool().Draw(t, "with rank") {
			g.Set("rank", []string{"3"})
		}
		for _, name := range []string{"l2", "momentum", "beta1", "grad-tol"} {
			if rapid.Bool().Draw(t, name+" given") {
				g.Set(name, []string{train.FormatReal(rapid.Float64Range(0, 0.99).Draw(t, name))})
			}
		}
		g.Set("seed", []string{train.FormatReal(float64(rapid.IntRange(0, 99999).Draw(t, "seed")))})
		_, points, err := g.Plan(1)
		if err != nil {
			t.Fatal(err)
		}
		c := points[0].Config
		if rapid.Bool().Draw(t, "completed") {
			c.Complete(13)
			c.L2 = max(c.L2, 0)
		}
		var b strings.Builder
		if err := WriteTOML(&b, c); err != nil {
			t.Fatal(err)
		}
		back, err := ReadTOML("run.toml", b.String())
		if err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		_, again, err := back.Plan(1)
		if err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		want, _ := c.Effective()
		got, _ := again[0].Config.Effective()
		if c.OneHot {
			want.Rank, got.Rank = 0, 0
		}
		if got != want {
			t.Fatalf("got %+v\nwant %+v\nin\n%s", got, want, b.String())
		}
	})
}

func TestDefaultRunTOML(t *testing.T) {
	c := train.DefaultConfig(graph.Predict)
	c.Complete(13)
	var b strings.Builder
	must(t, WriteTOML(&b, c))
	want := `corpus = "diary"
tokens = "words"
boundary = false
keep-case = false
punctuation = false
min-count = 1
max-vocab = 0
context = 16
task = "predict"
objective = "cross-entropy"
one-hot = false
rank = 8
null = true
scaled = false
l2 = 1e-6
graph = "auto"
precision = "auto"
seed = 1
init = 0.5
start = 0
steps = 500
batch = 0
lr = 0.1
solver = "adam"
schedule = "cosine"
beta1 = 0.9
beta2 = 0.999
grad-tol = 1e-9
patience = 200
tolerance = 0
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

// FuzzReadTOML checks that any file is refused with its name and a place in it, in
// one line, or gives values that the settings take.
func FuzzReadTOML(f *testing.F) {
	for _, seed := range []string{
		"rank = [1, 2]\nseed = '1..10'\n", "corpus = [['a', 'b'], 'c']", "[x]\ny=1", "rank = ", "a.b = 1", "\x00", "rank = \"\"\"\n1\n\"\"\"",
		"l2 = nan", "l2 = [1e-4, inf]", "\"one-hot\" = true", "seed = {a = 1}", "[[rank]]\n", "rank = 1979-05-27T07:32:00Z", "# é\nrnk = 1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		g, err := ReadTOML("f.toml", content)
		if err != nil {
			var file *FileError
			if !errors.As(err, &file) || file.Line < 1 || file.Line > 1+strings.Count(content, "\n") || file.Column < 1 {
				t.Errorf("%q: error %v", content, err)
			}
			return
		}
		for _, a := range g {
			s, ok := train.FindSetting(a.Name)
			if !ok || len(a.Values) == 0 {
				t.Fatalf("%q: %q", content, a)
			}
			for _, v := range a.Values[:min(len(a.Values), 100)] {
				if err := s.Set(&train.Config{}, v); err != nil {
					t.Errorf("%q: %v", content, err)
				}
			}
		}
	})
}
