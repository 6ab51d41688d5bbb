package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qk/cmd/qk-bench/internal/process"
	"qk/cmd/qk-bench/internal/stats"
)

func TestSideBySide(t *testing.T) {
	code, out, log := benchmark(t, fakes(t, "qk", "one", "two"))
	if code != exitOK {
		t.Fatalf("exit code %d:\n%s%s", code, out, log)
	}
	for _, want := range []string{"recall, V=27 R=27, all rows", "agreed on: 3.3", "qk float32", "one 1", "two 1", "roofline:", "qk's share is", explain} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
}

func TestJSON(t *testing.T) {
	code, out, log := benchmark(t, fakes(t, "qk", "one", "missing"), "--json")
	var doc struct{ Reports []report }
	if err := json.Unmarshal([]byte(out), &doc); code != exitOK || err != nil {
		t.Fatalf("exit code %d, %v:\n%s%s", code, err, out, log)
	}
	r := doc.Reports[0]
	if len(r.Rows) != 2 || len(r.Notes) != 1 || len(r.Losses) != compared || r.Rows[1].Ratio == nil {
		t.Fatalf("report %+v", r)
	}
	for _, l := range r.Rows {
		if !(l.Seconds.Min > 0 && l.Seconds.Min <= l.Seconds.Median && l.Seconds.Median <= l.Seconds.Max) {
			t.Errorf("%s: times %+v", l.Name, l.Seconds)
		}
	}
}

// TestDisagreement drops who computes something else, says so, and prints no time
// of theirs.
func TestDisagreement(t *testing.T) {
	for _, test := range []struct {
		kinds []string
		who   string
		rows  int // that are timed
	}{
		{[]string{"qk", "one", "off"}, "off (only)", 2},
		{[]string{"qk", "one", "half"}, "half (off)", 3}, // one of two variants
		{[]string{"qk", "off"}, "off (only)", 1},
		{[]string{"off", "one", "two"}, "off (only)", 2}, // the majority is believed
	} {
		code, out, log := benchmark(t, fakes(t, test.kinds...), "--json")
		var doc struct{ Reports []report }
		if err := json.Unmarshal([]byte(out), &doc); err != nil {
			t.Fatal(err)
		}
		r := doc.Reports[0]
		if code != exitDisagree || len(r.Complaints) != 1 || len(r.Rows) != test.rows {
			t.Errorf("%v: exit code %d, report %+v", test.kinds, code, r)
			continue
		}
		for _, text := range []string{r.Complaints[0], log} {
			if !strings.Contains(text, test.who+": the loss before step 3 is") || !strings.Contains(text, "DROPPED") {
				t.Errorf("%v: no loud word about %s in %q", test.kinds, test.who, text)
			}
		}
	}
}

// TestNotMeasured goes on without contestants that cannot take part, and says
// why.
func TestNotMeasured(t *testing.T) {
	for kind, why := range map[string]string{
		"missing": "missing: not installed: no module",
		"refuse":  "refuse (only): too large for me",
		"dies":    "out of memory",
		"babble":  `babble: answer "hello"`,
		"silent":  "without an answer within 8s: raise --patience",
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			patience := "5m"
			if kind == "silent" {
				patience = "8s"
			}
			code, out, log := benchmark(t, fakes(t, "qk", kind, "one"), "--patience", patience)
			if code != exitOK || !strings.Contains(out, "not measured: "+kind) || !strings.Contains(out, why) || !strings.Contains(out, "one 1") {
				t.Errorf("exit code %d:\n%s%s", code, out, log)
			}
		})
	}
}

func TestNoPython(t *testing.T) {
	python := filepath.Join(t.TempDir(), "python")
	var names []string
	for _, c := range contestants("self", python, t.TempDir(), "") {
		if c.Command[0] != python {
			continue
		}
		names = append(names, c.Name)
		_, err := launch(t.Context(), c.Command, nil, 1e9)
		if err == nil || !strings.Contains(err.Error(), "not installed") {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
	if len(names) != 5 {
		t.Errorf("run by Python: %v, want 5", names)
	}
}

func TestUsage(t *testing.T) {
	for args, want := range map[string]string{
		"--task x":                              "--task x: use recall, predict or all",
		"--task predict --shape 27x27":          "--shape 27x27: with --task predict use one of 2000x32x512, 20000x64x4096",
		"--rounds 0":                            "--rounds 0: at least one",
		"--fill 0s":                             "times above 0",
		"--tolerance nan":                       "--tolerance NaN: want a number above 0",
		"--only tensorflow":                     `--only "tensorflow": use some of PyTorch eager`,
		"--nonsense":                            "unknown flag: --nonsense",
		"extra":                                 "unknown command",
		"serve qk":                              "accepts 2 arg(s)",
		"serve x " + os.TempDir():               "serve x: use qk or gorgonia",
		"serve qk " + os.TempDir() + "/nowhere": "problem.json",
	} {
		var out, log strings.Builder
		code := run(t.Context(), strings.Fields(args), strings.NewReader(""), &out, &log)
		if code != exitBad || !strings.Contains(log.String(), want) || out.Len() > 0 {
			t.Errorf("%s: exit code %d, %q, want %q; standard output %q", args, code, log.String(), want, out.String())
		}
	}
	if code := run(t.Context(), []string{"--help"}, strings.NewReader(""), io.Discard, io.Discard); code != exitOK {
		t.Errorf("--help: exit code %d", code)
	}
}

func TestEnvironment(t *testing.T) {
	got := process.Environment([]string{"A=1", "OPENBLAS_CORETYPE=x", "OPENBLAS_L2_SIZE=2", "OPENBLAS_NUM_THREADS=2"})
	if strings.Join(got, " ") != "A=1 OPENBLAS_NUM_THREADS=2" {
		t.Errorf("environment %v", got)
	}
}

func TestStatistics(t *testing.T) {
	if s := stats.Of([]float64{4, 1, 2, 3}); s != (stats.Spread{Median: 2.5, Min: 1, Max: 4}) {
		t.Errorf("spread %v", s)
	}
	if r := stats.Ratios([]float64{2, 6, 9}, []float64{1, 2}); len(r) != 2 || r[0] != 2 || r[1] != 3 {
		t.Errorf("ratios %v", r)
	}
	best := fastest([]trial{{contestant: 0, seconds: 2}, {contestant: 0, seconds: 1, variant: "b"}, {contestant: 2, seconds: 9}})
	if len(best) != 2 || best[0].variant != "b" || best[1].seconds != 9 {
		t.Errorf("fastest %+v", best)
	}
}

// TestRoofline computes the least time of a step by hand.
func TestRoofline(t *testing.T) {
	problems, _ := small(t)
	p := problems["recall, batches"]
	// 6·9·60·4 flops at 1000 a second, 28 bytes × 2·60·4 at 100 a second
	if got := (roofline{Flops: 1000, Bandwidth: 100}).least(p); got != 12.96+134.4 {
		t.Errorf("least %g s, want %g", got, 12.96+134.4)
	}
	if r := measure(1 << 16); !(r.Flops > 1e6 && r.Bandwidth > 1e6) {
		t.Errorf("measured %+v", r)
	}
}
