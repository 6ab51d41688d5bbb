package main

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"qk/train"
)

// TestLookupJSON reads the row of went, and one of which nothing is known.
func TestLookupJSON(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "run")
	var r lookupResult
	decode(t, qk(t, "lookup", "run", "went", "--json"), &r)
	if r.Word != "went" || r.Number != 11 || r.Positions != 2 || r.Status != "exact" || len(r.Keys) != 13 {
		t.Errorf("%+v", r)
	}
	if set := []string{"candle", "train"}; !slices.Equal(r.Counted, set) || !slices.Equal(r.Learned, set) {
		t.Errorf("counted %q, learned %q", r.Counted, r.Learned)
	}
	for i, k := range r.Keys {
		known := !slices.Contains([]string{"again", "out", "went"}, k.Word) // these never come before went
		if (k.Attention != nil) != known || (k.Tells != nil) != known || (k.N > 0) != known {
			t.Errorf("key %+v", k)
		}
		if known {
			wantNear(t, "attention of "+k.Word, *k.Attention, 1/(1+math.Exp(-k.Score)), 1e-12)
		}
		if i < 2 {
			wantNear(t, "what "+k.Word+" tells", *k.Tells, math.Ln2, 1e-12)
		} else if known && *k.Tells != 0 {
			t.Errorf("%s tells %g nats", k.Word, *k.Tells)
		}
		if i > 0 && known && k.Score > r.Keys[i-1].Score {
			t.Errorf("key %d, %s, is out of order", i, k.Word)
		}
	}
	decode(t, qk(t, "lookup", "run", "again", "--json"), &r)
	if r.Status != "undetermined" || r.Positions != 0 {
		t.Errorf("%+v", r)
	}
}

// TestVoteJSON has the votes of both sentences: 5 to 4 and 4 to 5 unmasked, 1 to
// 0 with the counted mask.
func TestVoteJSON(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "run")
	for mark, next := range map[string]string{"train": "again", "candle": "out"} {
		var r voteResult
		decode(t, qk(t, "vote", "run", "open the "+mark+" diary and look up when it went", "--json"), &r)
		if r.Current != "went" || len(r.Earlier) != 9 || len(r.Silent) != 0 || len(r.Votes) != 3 {
			t.Fatalf("%+v", r)
		}
		all, counted, learned := r.Votes[0], r.Votes[1], r.Votes[2]
		if all.By != "all" || counted.By != "counted" || learned.By != "learned" {
			t.Errorf("votes by %s, %s and %s", all.By, counted.By, learned.By)
		}
		if len(all.Next) != 2 || all.Next[0].Word != next || all.Next[0].Sum != 5 || all.Next[1].Sum != 4 {
			t.Errorf("%s: all: %+v", mark, all.Next)
		}
		wantNear(t, "share", all.Next[0].Share, 5./9, 1e-12)
		if len(counted.Next) != 1 || counted.Next[0].Word != next || counted.Next[0].Sum != 1 || counted.Next[0].Share != 1 {
			t.Errorf("%s: counted: %+v", mark, counted.Next)
		}
		if learned.Next[0].Word != next || learned.Next[0].Share < 0.999 {
			t.Errorf("%s: learned: %+v", mark, learned.Next)
		}
	}
	var r voteResult
	decode(t, qk(t, "vote", "run", "out again went", "--json"), &r)
	if !slices.Equal(r.Silent, []string{"again", "out"}) {
		t.Errorf("silent: %q", r.Silent)
	}
}

// TestGradcheckJSON has a figure and a bound for every model.
func TestGradcheckJSON(t *testing.T) {
	var results []train.GradResult
	decode(t, qk(t, "gradcheck", "--corpus", "coat", "--json"), &results)
	if len(results) != 21 {
		t.Errorf("%d results", len(results))
	}
	for _, r := range results {
		if !r.Pass || !(r.Error <= r.Bound) || r.Entries == 0 || r.Model == "" {
			t.Errorf("%+v", r)
		}
	}
}

// TestRunsJSON lists runs, shows one, and holds several side by side.
func TestRunsJSON(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, corpus := range []string{"diary", "coat", "candle"} {
		qk(t, "train", "-q", "--corpus", corpus)
	}
	var records []train.Record
	decode(t, qk(t, "runs", "--json"), &records)
	var corpora []string
	for _, r := range records {
		corpora = append(corpora, r.Config.Corpus.String())
	}
	if !slices.Equal(corpora, []string{"diary", "coat", "candle"}) {
		t.Errorf("in the order of their start: %q", corpora)
	}
	var losses []float64
	decode(t, qk(t, "runs", "--json", "--sort", "loss"), &records)
	for _, r := range records {
		losses = append(losses, r.Result.Loss)
	}
	if !slices.IsSorted(losses) {
		t.Errorf("losses %v", losses)
	}
	qk(t, "sweep", "-q", "--rank", "1,2", "--corpus", "coat", "--out", "runs/swept")
	var listed []map[string]any
	decode(t, qk(t, "runs", "--json", "--where", "corpus=coat"), &listed)
	if len(listed) != 2 {
		t.Fatalf("%d runs of coat, want the run and the sweep", len(listed))
	}
	for _, r := range listed {
		for _, key := range []string{"path", "name", "created", "status", "config"} {
			if r[key] == nil || r[key] == "" {
				t.Errorf("%s has no %s", r["name"], key)
			}
		}
		if result, ok := r["result"].(map[string]any); ok {
			if _, has := result["masks"]; has || result["loss"] == nil {
				t.Errorf("result %v", result)
			}
		}
	}
	want := map[string]any{"axes": []any{map[string]any{"name": "rank", "values": []any{"1", "2"}}}, "runs": 2.0, "done": 2.0, "pass": 2.0}
	if swept := listed[1]; swept["status"] != "sweep" || !reflect.DeepEqual(swept["sweep"], want) {
		t.Errorf("the sweep is listed as %v", swept)
	}
	var compared comparedRuns
	decode(t, qk(t, "runs", records[0].Name, records[1].Name, "--json"), &compared)
	if loss := compared.Figures["loss"]; len(loss) != 2 || *loss[0] != losses[0] || *loss[1] != losses[1] || compared.Figures["heldout"][0] != nil || len(compared.Settings["corpus"]) != 2 {
		t.Errorf("side by side: %+v", compared)
	}
	var one train.Record
	decode(t, qk(t, "runs", records[0].Name, "--json"), &one)
	if one.Name != records[0].Name || one.Status != train.Done || one.Files["model.safetensors"] == "" {
		t.Errorf("%+v", one)
	}
}
