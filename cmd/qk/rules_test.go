package main

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"qk/train"
)

// ruleKeys are the keys of the document of rules, which other programs rely on.
var ruleKeys = map[string][]string{
	"":        {"run", "null", "positions", "lines", "found", "shown", "small", "harmful", "undetermined", "flat", "held_out", "words"},
	"lines":   {"first_order", "rules", "learned"},
	"words":   {"word", "n", "neutral", "status", "estimate", "loss", "saves", "together", "raised", "lowered", "others", "held_out", "rules"},
	"rules":   {"earlier", "kind", "score", "attention", "saves", "saves_mean", "taken_away", "held_out", "counted", "n", "tells", "g", "degrees", "chance", "twins", "with", "without"},
	"with":    {"word", "p"},
	"without": {"word", "p"},

	"held_out":          {"positions", "lines", "harmful", "unseen", "kappa"},
	"held_out of words": {"n", "loss", "saves", "together"},
	"held_out of rules": {"n", "saves", "taken_away"},
	"kappa":             {"uniform", "next", "pair", "alike"},
}

// wantExactKeys goes down the document of rules and says that every object must
// have its keys and no more.
func wantExactKeys(t *testing.T, part string, object map[string]json.RawMessage) {
	t.Helper()
	for _, key := range ruleKeys[part] {
		if _, ok := object[key]; !ok {
			t.Errorf("no key %q in %q", key, part)
		}
	}
	for key, value := range object {
		if !slices.Contains(ruleKeys[part], key) {
			t.Errorf("unexpected key %q in %q", key, part)
		}
		if _, ok := ruleKeys[key]; !ok || key == "rules" && part == "lines" {
			continue
		}
		if key == "lines" || key == "kappa" || key == "held_out" {
			if key == "held_out" && string(value) == "null" {
				continue
			}
			if key == "held_out" && part != "" {
				key += " of " + part
			}
			var below map[string]json.RawMessage
			decode(t, string(value)+"\n", &below)
			wantExactKeys(t, key, below)
			continue
		}
		var list []map[string]json.RawMessage
		decode(t, string(value)+"\n", &list)
		if len(list) == 0 {
			t.Errorf("%q is empty", key)
		}
		for _, below := range list {
			wantExactKeys(t, key, below)
		}
	}
}

// TestRulesJSON has the two rules of diary with all that is known beforehand: what
// follows went is certain with train or candle, and even without, so that each
// saves ln 2 of the loss of its one sentence.
func TestRulesJSON(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "run")
	text := qk(t, "rules", "run", "--json")
	var object map[string]json.RawMessage
	decode(t, text, &object)
	wantExactKeys(t, "", object)

	var r rulesResult
	decode(t, text, &r)
	if r.HeldOut != nil || r.Words[0].HeldOut != nil || r.Words[0].Rules[0].HeldOut != nil {
		t.Errorf("something is held out: %s", text)
	}
	if r.Run != "run" || !r.Null || r.Positions != 21 || r.Found != 2 || r.Shown != 2 || r.Harmful != 0 || r.NotKnown != 2 || r.Flat != 10 || len(r.Words) != 1 {
		t.Fatalf("%+v", r)
	}
	wantNear(t, "first order", r.Lines.FirstOrder, 2*math.Ln2/10.5, 1e-12)
	wantNear(t, "by the rules", r.Lines.Rules, math.Ln2/10.5, 1e-4)
	var checked train.Document
	decode(t, qk(t, "check", "run", "--json"), &checked)
	wantNear(t, "learned", r.Lines.Learned, checked.Loss, 1e-12)
	w := r.Words[0]
	if w.Word != "went" || w.N != 2 || w.Neutral != 0 || w.Status != "exact" || w.Estimate || w.Raised != 2 || w.Lowered != 0 || w.Others != 8 || len(w.Rules) != 2 {
		t.Fatalf("%+v", w)
	}
	wantNear(t, "saves", w.Saves, 2*math.Ln2, 1e-2)
	wantNear(t, "together", w.Together, 2*math.Ln2, 1e-2)
	var earlier []string
	for _, rule := range w.Rules {
		earlier = append(earlier, rule.Earlier)
		with, without := "again", "out"
		if rule.Earlier == "candle" {
			with, without = without, with
		}
		if rule.Kind != train.Raised || !rule.Counted || rule.N != 1 || len(rule.Twins) != 0 || rule.Degrees != 1 ||
			!slices.Equal(rule.With, []ruleNext{{with, 1}}) || !slices.Equal(rule.Without, []ruleNext{{without, 1}}) {
			t.Errorf("%+v", rule)
		}
		wantNear(t, "attention", rule.Attention, 1/(1+math.Exp(-rule.Score)), 1e-12)
		wantNear(t, "saves", rule.Saves, math.Ln2, 5e-3)
		wantNear(t, "mean", rule.SavesMean, rule.Saves/2, 1e-15)
		wantNear(t, "taken away", rule.TakenAway, rule.Saves, 0)
		wantNear(t, "tells", rule.Tells, math.Ln2, 1e-12)
		wantNear(t, "G", rule.G, 4*math.Ln2, 1e-12) // 2·Σ O ln(O/E), two cells of 1 where ½ is expected
		wantNear(t, "chance", rule.Chance, math.Erfc(math.Sqrt(2*math.Ln2)), 1e-12)
	}
	slices.Sort(earlier)
	if !slices.Equal(earlier, []string{"candle", "train"}) {
		t.Errorf("rules for %q", earlier)
	}

	decode(t, qk(t, "rules", "run", "it", "when", "--json"), &r)
	if r.Found != 0 || r.Flat != 2 || r.Words == nil || len(r.Words) != 0 {
		t.Errorf("without any rule: %+v", r)
	}
	decode(t, qk(t, "rules", "run", "--json", "--min-save", "1"), &r)
	if r.Found != 2 || r.Shown != 0 || r.Small != 2 {
		t.Errorf("of 1 nat and more: %+v", r)
	}
	decode(t, qk(t, "rules", "run", "--json", "--top", "1"), &r)
	if r.Found != 2 || r.Shown != 1 || len(r.Words) != 1 || len(r.Words[0].Rules) != 1 {
		t.Errorf("the first alone: %+v", r)
	}
}

// TestRulesJSONHeldOut: with sentences held out, every object says what it is worth
// there, the losses are those of the run's report, and the rules of "we" are the
// colours, which save most of it there too.
func TestRulesJSONHeldOut(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "lights.txt", []byte(lights(400)))
	session{}.run("train", "-q", "--corpus", "lights.txt", "--holdout", "0.2", "--max-vocab", "14", "--out", "run") // the graded mask is as good
	text := qk(t, "rules", "run", "--json")
	var object map[string]json.RawMessage
	decode(t, text, &object)
	wantExactKeys(t, "", object)

	var r rulesResult
	decode(t, text, &r)
	var checked train.Document
	decode(t, session{}.run("check", "run", "--json").stdout, &checked)
	if r.HeldOut == nil || r.HeldOut.Kappa != checked.HeldOut.Kappa || r.HeldOut.Positions != checked.HeldOut.Positions {
		t.Fatalf("%+v", r.HeldOut)
	}
	wantNear(t, "learned", r.Lines.Learned, checked.Loss, 1e-12)
	wantNear(t, "held-out learned", r.HeldOut.Lines.Learned, checked.HeldOut.Loss, 1e-12)
	wantNear(t, "first order", r.Lines.FirstOrder, *checked.Lines.FirstOrder, 1e-12)
	wantNear(t, "held-out first order", r.HeldOut.Lines.FirstOrder, *checked.HeldOut.Lines.FirstOrder, 1e-12)
	harmful, unseen := 0, 0
	for i, w := range r.Words {
		if i > 0 && w.Saves > r.Words[i-1].Saves {
			t.Errorf("%s saves more than the word before", w.Word)
		}
		sum := 0.0
		for _, rule := range w.Rules {
			sum += rule.HeldOut.Saves
			switch {
			case rule.HeldOut.N == 0:
				unseen++
			case rule.HeldOut.Saves < 0:
				harmful++
			}
		}
		wantNear(t, "sum of "+w.Word, sum, w.HeldOut.Saves, 1e-9)
	}
	if harmful != r.HeldOut.Harmful || unseen != r.HeldOut.Unseen {
		t.Errorf("%d harmful and %d unseen, want %+v", harmful, unseen, r.HeldOut)
	}
	w := r.Words[0]
	var best []string
	for _, rule := range w.Rules[:3] {
		best = append(best, rule.Earlier)
		if rule.HeldOut.N == 0 || rule.HeldOut.Saves < 1 || rule.HeldOut.TakenAway != rule.HeldOut.Saves {
			t.Errorf("%+v", rule)
		}
	}
	slices.Sort(best)
	if w.Word != "we" || !slices.Equal(best, []string{"blue", "green", "red"}) {
		t.Errorf("the best rules are %q, of %s", best, w.Word)
	}
}
