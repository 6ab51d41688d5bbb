package tensorboard

import (
	"encoding/hex"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"qk/train"
)

// TestBytes holds records and messages against the bytes of tensorboard 2.21, in Python:
// RecordWriter.write of an Event with file_version, and of one with a simple_value; and
// SerializeToString of a Summary with hparams' create_summary_metadata and NULL_TENSOR.
func TestBytes(t *testing.T) {
	number := func(name string, value any) message {
		m, err := sessionStart([]train.Field{{Name: name, Value: value}}, birthday)
		must(t, err)
		return m
	}
	for name, c := range map[string]struct {
		got  []byte
		want string
	}{
		"file version": {appendRecord(nil, versionEvent(seconds(birthday))), "1800000000000000a37f4b22090000c0351e78d9411a0d627261696e2e4576656e743a329a2d3bb8"},
		"scalar": {appendRecord(nil, event(seconds(birthday)+0.003, 3, scalars([]Scalar{{"loss/learned", 0.25}}))),
			"220000000000000078113dfd092731c0351e78d94110032a150a130a0c6c6f73732f6c6561726e6564150000803e4c4530e2"},
		"number": {number("rank", json.Number("8")), "0a530a1c5f68706172616d735f2f73657373696f6e5f73746172745f696e666f42060801120212004a2b0a290a0768706172616d73121e1a1c0a110a0472616e6b1209110000000000002040290000c0351e78d941"},
		"false":  {number("null", false), "0a4c0a1c5f68706172616d735f2f73657373696f6e5f73746172745f696e666f42060801120212004a240a220a0768706172616d7312171a150a0a0a046e756c6c12022000290000c0351e78d941"},
		"empty":  {number("corpus", ""), "0a4e0a1c5f68706172616d735f2f73657373696f6e5f73746172745f696e666f42060801120212004a260a240a0768706172616d7312191a170a0c0a06636f7270757312021a00290000c0351e78d941"},
		"end":    {sessionEnd(statusSuccess, birthday.Add(1500*time.Millisecond)), "0a400a1a5f68706172616d735f2f73657373696f6e5f656e645f696e666f42060801120212004a1a0a180a0768706172616d73120d220b080111000020361e78d941"},
	} {
		if got := hex.EncodeToString(c.got); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, c.want)
		}
	}
}

// TestEncode reads the event file of a finished run, and wants in it what its log and
// its record say.
func TestEncode(t *testing.T) {
	f := begin(t, predict(func(c *train.Config) { c.Steps = 40 }), diary)
	points := readEvents(t, f.finish())
	metrics, err := train.ReadMetrics(f.dir.Path)
	must(t, err)
	d := f.dir.Record.Result
	for tag, want := range map[string]func(m train.Metric) float64{
		"loss/learned":          func(m train.Metric) float64 { return m.Loss },
		"loss/above_floor":      func(m train.Metric) float64 { return m.Loss - *d.Lines.Floor },
		"descent/penalty":       func(m train.Metric) float64 { return m.Penalty },
		"descent/gradient_norm": func(m train.Metric) float64 { return m.GradNorm },
		"descent/rate":          func(m train.Metric) float64 { return m.Rate },
	} {
		if len(points[tag]) != 41 {
			t.Fatalf("%s: %d points", tag, len(points[tag]))
		}
		for i, p := range points[tag] {
			wall := float64(birthday.Unix()) + float64(metrics[i].Step)/1e3
			if p.scalar() != float64(float32(want(metrics[i]))) || p.step != metrics[i].Step || math.Abs(p.wall-wall) > 1e-6 {
				t.Errorf("%s: %v at step %d, %v, want %v at %d, %v", tag, p.scalar(), p.step, p.wall, want(metrics[i]), metrics[i].Step, wall)
			}
		}
	}
	for tag, want := range map[string]float64{
		"lines/first_order": 2 * math.Ln2 / 10.5, "lines/best_mask": math.Ln2 / 10.5, "lines/floor": math.Ln2 / 10.5,
	} {
		var steps []int
		for _, p := range points[tag] {
			steps = append(steps, p.step)
			if math.Abs(p.scalar()-want) > 1e-7 {
				t.Errorf("%s is %v, want %v", tag, p.scalar(), want)
			}
		}
		if !slices.Equal(steps, []int{0, 16, 32, 40}) {
			t.Errorf("%s at steps %v", tag, steps)
		}
	}
	for tag, want := range map[string]float64{"result/loss": d.Loss, "result/steps": 40, "result/seconds": 1.5, "result/above_floor": d.Loss - *d.Lines.Floor} {
		if p := points[tag]; len(p) != 1 || p[0].step != 40 || p[0].scalar() != float64(float32(want)) {
			t.Errorf("%s: %v, want %v", tag, p, want)
		}
	}
	if len(points["heldout/learned"]) > 0 || len(points["loss/tuning"]) > 0 {
		t.Error("there is something held out")
	}
	image := points["masks/learned"][0]
	i := image.value.sub(t, 4)
	if i.number(1) != 2 || i.number(2) != 3 || i.text(4) != "not looked into" || image.value.sub(t, 9).text(2) != "learned mask" {
		t.Errorf("image %v", image)
	}
	text := points["verdict/text_summary"][0]
	if name, _ := text.plugin(t); name != "text" {
		t.Errorf("the text is for plugin %q", name)
	}
	if tensor := text.value.sub(t, 8); tensor.number(1) != 7 || tensor.sub(t, 2).sub(t, 2).number(1) != 1 || !strings.Contains(tensor.text(8), "| loss is not below the floor |") {
		t.Errorf("text %q", tensor.text(8))
	}
}

// TestHParams reads the settings, the results and the ends of a run.
func TestHParams(t *testing.T) {
	f := begin(t, predict(func(c *train.Config) { c.Steps, c.Rank, c.Null = 5, 3, false }), diary)
	points := readEvents(t, f.finish())
	data := func(tag string, field int) fields {
		t.Helper()
		name, content := points[tag][0].plugin(t)
		m, err := readMessage([]byte(content))
		must(t, err)
		if name != "hparams" || len(points[tag]) != 1 {
			t.Errorf("%s: %d of plugin %q", tag, len(points[tag]), name)
		}
		return m.sub(t, field)
	}
	settings := map[string]fields{}
	for _, entry := range data("_hparams_/session_start_info", 3).subs(t, 1) {
		settings[entry.text(1)] = entry.sub(t, 2)
	}
	if settings["rank"].double(2) != 3 || settings["l2"].double(2) != 1e-6 || settings["solver"].text(3) != "adam" ||
		len(settings["null"][4]) != 1 || settings["null"].number(4) != 0 || settings["corpus"].text(3) != "-" {
		t.Errorf("settings %v", settings)
	}
	experiment := data("_hparams_/experiment", 2)
	kinds, first := map[string]uint64{}, map[string]bool{}
	for _, info := range experiment.subs(t, 4) {
		kinds[info.text(1)] = info.number(4)
		if info.number(7) == 1 {
			first[info.text(1)] = true
		}
	}
	if len(kinds) != len(settings) || kinds["rank"] != 3 || kinds["null"] != 2 || kinds["solver"] != 1 || len(first) != 5 || !first["rank"] {
		t.Errorf("kinds %v", kinds)
	}
	for _, info := range experiment.subs(t, 5) {
		tag := info.sub(t, 1).text(2)
		if tag != "heldout/learned" && len(points[tag]) != 1 {
			t.Errorf("the result %s is there %d times", tag, len(points[tag]))
		}
	}
	end := data("_hparams_/session_end_info", 4)
	if end.number(1) != 1 || end.double(2) != float64(birthday.Unix())+1.5 {
		t.Errorf("end %v", end)
	}
}

// TestEncodeHeldOut looks for what only such a run has.
func TestEncodeHeldOut(t *testing.T) {
	var lines strings.Builder
	for i := range 60 {
		lines.WriteString(strings.Join(strings.Split("abcdefgh"[i%3:4+i%5], ""), " ") + "\n" + strings.Repeat("b a d ", 1+i%7) + "\n")
	}
	c := predict(func(c *train.Config) { c.HoldOut, c.Steps = 0.3, 10 })
	c.Tune()
	f := begin(t, c, lines.String())
	points := readEvents(t, f.finish())
	d := f.dir.Record.Result
	for tag, want := range map[string]float64{"heldout/learned": d.HeldOut.Loss, "heldout/first_order": *d.HeldOut.Lines.FirstOrder} {
		if p := points[tag]; len(p) != 1 || p[0].scalar() != float64(float32(want)) {
			t.Errorf("%s: %v, want %v", tag, p, want)
		}
	}
	if len(points["loss/tuning"]) != 11 {
		t.Errorf("%d tuning losses", len(points["loss/tuning"]))
	}
}

// TestVerdict has words of the text in notes do no harm.
func TestVerdict(t *testing.T) {
	r := &train.Record{Name: "a|b", Result: &train.Document{Reason: "done", Checks: []train.CheckItem{{Name: "x", Note: "<script>|**[y](z)\n"}}}}
	got := verdict(r)
	if strings.Contains(got, "<") || strings.Contains(got, "**") || strings.Contains(got, "](") || !strings.Contains(got, "FAIL: 1 of 1 checks") {
		t.Errorf("%s", got)
	}
	lines := strings.Split(strings.TrimSpace(got), "\n")
	if n := strings.Count(lines[len(lines)-1], "|"); n != 6 {
		t.Errorf("a row has %d bars: %s", n, lines[len(lines)-1])
	}
}
