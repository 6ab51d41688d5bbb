package live

import (
	"context"
	"math"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"qk/data/text"
	"qk/graph"
	"qk/train"
)

// trained is what the loop of `qk train` gives for the same settings.
func trained(t *testing.T, settings map[string]string) (*train.Experiment, *train.Loop) {
	t.Helper()
	c := train.DefaultConfig(graph.Predict)
	for name, value := range settings {
		x, _ := train.FindSetting(name)
		if err := x.Set(&c, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Settle(func(name string) bool { _, ok := settings[name]; return ok }); err != nil {
		t.Fatal(err)
	}
	source, err := text.Open(string(c.Corpus), nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := train.NewExperiment(c, source)
	if err != nil {
		t.Fatal(err)
	}
	l, err := e.Loop()
	if err != nil {
		t.Fatal(err)
	}
	ladder, err := e.Ladder()
	if err != nil {
		t.Fatal(err)
	}
	l.Convergence.Floor = ladder.Floor
	if err := l.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return e, l
}

// A run that is played ends in the very numbers of `qk train`.
func TestSameAsTrain(t *testing.T) {
	s := serve(t, nil)
	for _, settings := range []map[string]string{
		{},
		{"corpus": "candle", "rank": "2", "null": "false", "seed": "7"},
		{"one-hot": "true", "null": "false", "solver": "sgd", "lr": "1", "schedule": "constant", "steps": "1000"},
		{"task": "recall", "corpus": "coat"},
		{"task": "recall", "objective": "squared", "rank": "3"},
		{"task": "recall", "objective": "logistic", "steps": "300"},
	} {
		e, l := trained(t, settings)
		w, _ := l.Result()
		o := s.start(t, object{"settings": settings})
		end := s.finish(t, o.ID)
		if end.Failed != "" || end.Done != l.Reason || end.Step != l.Step || end.Loss != l.Loss.Data {
			t.Fatalf("%v: %q, %d steps, loss %v; qk train: %q, %d, %v (%s)", settings, end.Done, end.Step, end.Loss, l.Reason, l.Step, l.Loss.Data, end.Failed)
		}
		_, outcome, err := e.JudgeLoop(context.Background(), l, nil)
		if err != nil {
			t.Fatal(err)
		}
		if end.Verdict == nil || end.Verdict.Pass != outcome.Pass {
			t.Errorf("%v: verdict %+v, qk train says %v", settings, end.Verdict, outcome.Pass)
		}
		session := s.tabs.find(o.ID)
		var have []float64
		if err := session.do(context.Background(), func() { have = slices.Clone(session.weights().K) }); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(have, w.K) {
			t.Errorf("%v: K differs from that of qk train", settings)
		}
	}
}

// The golden numbers of the one-hot form: S = 0, no null slot, plain gradient descent of
// rate 1. After one step S[went, candle] = 4/945, after a thousand 3.99525.
func TestGoldenSteps(t *testing.T) {
	s := serve(t, nil)
	o := s.start(t, object{"settings": object{"one-hot": "true", "null": "false", "solver": "sgd", "lr": "1", "schedule": "constant", "l2": "0", "steps": "10000"}})
	went, candle := slices.Index(o.Words, "went"), slices.Index(o.Words, "candle")
	s.order(t, o.ID, object{"action": "focus", "row": went, "column": candle})
	first := s.until(t, o.ID, s.order(t, o.ID, object{"action": "step", "steps": 1}))
	if first.Step == 0 {
		first = s.settled(t, o.ID, 1)
	}
	if x := *first.Focus.Score; math.Abs(x-4.0/945) > 1e-15 {
		t.Errorf("after one step S[went,candle] = %v, not 4/945", x)
	}
	s.order(t, o.ID, object{"action": "step", "steps": 999})
	last := s.settled(t, o.ID, 1000)
	if x := *last.Focus.Score; math.Abs(x-3.99525) > 5e-6 || math.Abs(last.Loss-0.068495) > 5e-7 {
		t.Errorf("after 1000 steps S[went,candle] = %v and loss %v, not 3.99525 and 0.068495", x, last.Loss)
	}
	if last.Playing {
		t.Error("it plays on after the steps that were asked for")
	}
}

// The first gradient is the counted mask: −P(u,w)·χ², here −(1/21)·1; and what is
// differentiated now agrees with a difference of the counted loss.
func TestFocus(t *testing.T) {
	s := serve(t, nil)
	o := s.start(t, object{"settings": object{}})
	went, candle := slices.Index(o.Words, "went"), slices.Index(o.Words, "candle")
	x := s.until(t, o.ID, s.order(t, o.ID, object{"action": "focus", "row": went, "column": candle}))
	st := x.Focus.Start
	if st == nil || st.Kind != "gate" || math.Abs(st.Auto-st.Counted) > 1e-12 || math.Abs(st.Counted+1.0/21) > 1e-15 {
		t.Errorf("start %+v", st)
	}
	// ∂/∂S of the mean of −ln p at the places of went: by central differences of the
	// formula of the task, in which both sentences are.
	e, _ := trained(t, map[string]string{})
	session := s.tabs.find(o.ID)
	var scores []float64
	if err := session.do(context.Background(), func() {
		var err error
		if scores, err = session.weights().Lookup(session.focus.row); err != nil {
			t.Error(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	loss := func(move float64) float64 {
		sum := 0.0
		for _, p := range e.Counts.PositionsOf(session.focus.row) {
			base := e.Counts.Transitions[p.Current].P(p.Next)
			num, den := base, 1.0
			for _, u := range p.Earlier {
				score := scores[u]
				if int(u) == candle {
					score += move
				}
				pair, _ := e.Counts.Pair(p.Current, u)
				num, den = num+math.Exp(score)*pair.P(p.Next), den+math.Exp(score)
			}
			sum -= float64(p.N) * math.Log(num/den)
		}
		return sum / float64(e.Counts.Total)
	}
	const h = 1e-5
	if want := (loss(h) - loss(-h)) / (2 * h); x.Focus.Gradient == nil || math.Abs(*x.Focus.Gradient-want) > 1e-9 {
		t.Errorf("gradient %v, by differences %v", x.Focus.Gradient, want)
	}
}

// Of a table the first gradient is (c1(w)/N)(1/V − P(y|w)).
func TestFocusOfTable(t *testing.T) {
	s := serve(t, nil)
	o := s.start(t, object{"settings": object{"task": "recall"}})
	the, train := slices.Index(o.Words, "the"), slices.Index(o.Words, "train")
	x := s.until(t, o.ID, s.order(t, o.ID, object{"action": "focus", "row": the, "column": train}))
	want := 2.0 / 21 * (1.0/13 - 0.5)
	if st := x.Focus.Start; st == nil || st.Kind != "scores" || math.Abs(st.Auto-want) > 1e-12 || math.Abs(st.Counted-want) > 1e-12 {
		t.Errorf("start %+v, want %v", st, want)
	}
}

// The votes before and after masking are those of the article: 5:4 for the wrong word,
// then 1:0.
func TestSentence(t *testing.T) {
	s := serve(t, nil)
	o := s.start(t, object{"settings": object{}, "until": 500})
	s.order(t, o.ID, object{"action": "sentence", "text": "Open the train diary and look up when it went"})
	x := s.watch(t, o.ID, func(x seen) bool { return x.Done != "" && strings.HasPrefix(x.Sentence.Words[2], "train") })
	g := x.Sentence.Groups
	if len(g) != 3 || g[0].Votes[0].Word != "again" || math.Abs(g[0].Votes[0].Share-5.0/9) > 1e-12 || g[1].Votes[0].Share != 1 || g[2].Votes[0].Share < 0.999 {
		t.Errorf("groups %+v", g)
	}
	x = s.until(t, o.ID, s.order(t, o.ID, object{"action": "sentence", "text": "open the trian"}))
	if !strings.Contains(x.Sentence.Error, "did you mean train") {
		t.Errorf("error %q", x.Sentence.Error)
	}
}

// Where every earlier word is alone, the proposed sentence has one all the same.
func TestShortSuggestion(t *testing.T) {
	s := serve(t, nil)
	if o := s.start(t, object{"text": "red fish swims\nblue fish sleeps\n"}); o.Sentence != "blue fish" && o.Sentence != "red fish" {
		t.Errorf("sentence %q", o.Sentence)
	}
}

// Rows too large for an exact mask are not called wrong, unless they name a word that
// tells nothing; and the proposed sentence has words that can be typed.
func TestEstimates(t *testing.T) {
	s := serve(t, nil)
	o := s.start(t, object{"text": varied(400), "settings": object{"max-vocab": "280"}, "until": 60})
	x := s.settled(t, o.ID, 60)
	if !slices.Contains(x.Status, "estimate") {
		t.Errorf("no row has an estimate: %v", x.Status)
	}
	if strings.Contains(o.Sentence, "<unk>") || len(strings.Fields(o.Sentence)) < 2 || x.Sentence.Error != "" {
		t.Errorf("sentence %q, %s", o.Sentence, x.Sentence.Error)
	}
}

// Changing the rate goes on from where the run stands, and the address, which has the
// change and the step, leads to the same bits.
func TestRateAndAddress(t *testing.T) {
	s := serve(t, nil)
	settings := object{"corpus": "candle", "seed": "3"}
	a := s.start(t, object{"settings": settings})
	s.order(t, a.ID, object{"action": "step", "steps": 4})
	s.settled(t, a.ID, 4)
	x := s.until(t, a.ID, s.order(t, a.ID, object{"action": "rate", "value": 0.01}))
	if x.Step != 4 || len(x.Rates) != 1 || x.Rates[0] != [2]float64{4, 0.01} {
		t.Errorf("after a change of the rate: step %d, rates %v", x.Step, x.Rates)
	}
	changed := x
	s.order(t, a.ID, object{"action": "step", "steps": 5})
	x = s.settled(t, a.ID, 9)
	b := s.start(t, object{"settings": settings, "rates": x.Rates, "until": 9})
	y := s.settled(t, b.ID, 9)
	if x.Loss != y.Loss || x.Scores != y.Scores || !slices.Equal(x.Rates, y.Rates) {
		t.Errorf("loss %v and %v, rates %v and %v", x.Loss, y.Loss, x.Rates, y.Rates)
	}
	at := s.start(t, object{"settings": settings, "rates": x.Rates, "until": 4})
	if z := s.settled(t, at.ID, 4); z.Rate != changed.Rate || !slices.Equal(z.Rates, x.Rates) {
		t.Errorf("where the rate was changed the address leads to the rate %v, not %v", z.Rate, changed.Rate)
	}
	for _, e := range s.tabs.find(a.ID).view(0).log {
		if want := 0.01; e.Step >= 4 && math.Abs(e.Rate-want) > 0.001 || e.Step < 4 && e.Rate < 0.09 {
			t.Errorf("step %d is logged with the rate %v", e.Step, e.Rate)
		}
	}
	c := s.start(t, object{"settings": settings, "until": 9})
	if z := s.settled(t, c.ID, 9); z.Loss == x.Loss {
		t.Error("the rate made no difference")
	}
}

// Pause stops, reset starts where the seed says, and the points of the curve come once.
func TestPlayPauseReset(t *testing.T) {
	s := serve(t, nil)
	a := s.start(t, object{"settings": object{}})
	zero := s.settled(t, a.ID, 0)
	s.order(t, a.ID, object{"action": "speed", "value": 200})
	s.order(t, a.ID, object{"action": "play"})
	next := 0.0
	s.watch(t, a.ID, func(x seen) bool {
		for _, p := range x.Points {
			if p[0] != next {
				t.Fatalf("point of step %v, want %v", p[0], next)
			}
			next++
		}
		return x.Step > 30
	})
	x := s.until(t, a.ID, s.order(t, a.ID, object{"action": "pause"}))
	time.Sleep(60 * time.Millisecond)
	if y := s.until(t, a.ID, 0); y.Step != x.Step || y.Playing || !y.First || len(y.Points) != y.Step+1 {
		t.Errorf("after the pause: step %d, then %d with %d points", x.Step, y.Step, len(y.Points))
	}
	b := s.start(t, object{"settings": object{}, "replaces": a.ID})
	if again := s.settled(t, b.ID, 0); again.Scores != zero.Scores || again.Loss != zero.Loss {
		t.Error("reset starts elsewhere")
	}
	// steps that are asked for while it plays are taken, and it stops
	s.order(t, b.ID, object{"action": "speed", "value": 1000})
	s.order(t, b.ID, object{"action": "play"})
	at := s.watch(t, b.ID, func(x seen) bool { return x.Step > 5 }).Step
	seq := s.order(t, b.ID, object{"action": "step", "steps": 3})
	still := s.watch(t, b.ID, func(x seen) bool { return x.Seq >= seq && x.Step >= at+3 }).Step
	time.Sleep(60 * time.Millisecond)
	if now := s.until(t, b.ID, 0); now.Step != still || now.Playing {
		t.Errorf("after the steps it went on from %d to %d", still, now.Step)
	}
	if status := s.post(t, "/api/sessions/"+a.ID+"/control", object{"action": "play"}, nil); status != http.StatusNotFound {
		t.Errorf("the session that was replaced answers with %d", status)
	}
}

// A run whose numbers overflow says so and stays where it was.
func TestDiverges(t *testing.T) {
	s := serve(t, nil)
	o := s.start(t, object{"settings": object{"task": "recall", "objective": "squared", "solver": "sgd", "lr": "1e6", "schedule": "constant"}})
	x := s.finish(t, o.ID)
	if !strings.Contains(x.Failed, "diverged") || x.Playing {
		t.Errorf("%+v", x)
	}
	dir := filepath.Join(t.TempDir(), "run")
	if _, err := s.tabs.find(o.ID).file(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	if r, err := train.ReadRecord(dir); err != nil || r.Status != train.Diverged {
		t.Errorf("it is kept as %+v, %v", r, err)
	}
}
