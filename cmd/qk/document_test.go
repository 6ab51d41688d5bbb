package main

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"qk/train"
)

// documentKeys are the keys of the result, which other programs rely on. More
// may be added.
var documentKeys = map[string][]string{
	"":        {"config", "data", "lines", "loss", "heldout", "masks", "checks", "pass", "steps", "seconds"},
	"data":    {"vocabulary", "sentences", "positions", "transitions", "pairs", "sha256"},
	"lines":   {"first_order", "all_votes", "graded_mask", "best_mask", "floor"},
	"masks":   {"word", "counted", "learned", "status"},
	"checks":  {"name", "figure", "bound", "pass", "note"},
	"config":  {"corpus", "tokens", "boundary", "keep_case", "punctuation", "min_count", "max_vocab", "context", "task", "objective", "null", "one_hot", "rank", "scaled", "l2", "graph", "steps", "solver", "lr", "schedule", "seed"},
	"heldout": nil,
}

// extraKeys are those that the document has besides.
var extraKeys = map[string][]string{
	"":       {"reason", "run"},
	"data":   {"tokens", "unknown"},
	"lines":  {"unigram"},
	"masks":  {"missing", "spurious", "estimate"},
	"checks": {"at_least"},
	"config": {"holdout", "start", "precision", "batch", "momentum", "beta1", "beta2", "init", "grad_tol", "patience", "tolerance"},
}

// TestDocumentKeys reads the result of train and of check without knowing its
// type.
func TestDocumentKeys(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, text := range []string{qk(t, "train", "--json", "--out", "run"), qk(t, "check", "run", "--json")} {
		var doc map[string]json.RawMessage
		decode(t, text, &doc)
		wantKeys(t, "", doc)
		for _, part := range []string{"data", "lines", "config"} {
			var object map[string]json.RawMessage
			decode(t, string(doc[part])+"\n", &object)
			wantKeys(t, part, object)
		}
		for _, part := range []string{"masks", "checks"} {
			var list []map[string]json.RawMessage
			decode(t, string(doc[part])+"\n", &list)
			for _, object := range list {
				wantKeys(t, part, object)
			}
		}
		if got := string(doc["heldout"]); got != "null" {
			t.Errorf("heldout is %s, want null", got)
		}
	}
}

func wantKeys(t *testing.T, part string, object map[string]json.RawMessage) {
	t.Helper()
	for _, key := range documentKeys[part] {
		if _, ok := object[key]; !ok {
			t.Errorf("no key %q in %q", key, part)
		}
	}
	for key := range object {
		if !slices.Contains(documentKeys[part], key) && !slices.Contains(extraKeys[part], key) {
			t.Errorf("unexpected key %q in %q", key, part)
		}
	}
}

// TestDocumentOfDiary checks every figure that is known beforehand: the lines
// are 2 ln 2 / 10.5 and ln 2 / 10.5 nats.
func TestDocumentOfDiary(t *testing.T) {
	t.Chdir(t.TempDir())
	r := session{}.run("train", "--json", "--out", "run")
	wantCode(t, r, exitOK)
	var doc train.Document
	decode(t, r.stdout, &doc)
	wantNear(t, "first order", *doc.Lines.FirstOrder, 2*math.Ln2/10.5, 1e-12)
	wantNear(t, "all votes", *doc.Lines.AllVotes, 0.121994, 5e-7)
	wantNear(t, "best mask", *doc.Lines.BestMask, math.Ln2/10.5, 1e-12)
	wantNear(t, "floor", *doc.Lines.Floor, math.Ln2/10.5, 1e-12)
	wantNear(t, "loss", doc.Loss, math.Ln2/10.5, 1e-4)
	if d := doc.Data; d.Vocabulary != 13 || d.Sentences != 2 || d.Positions != 21 || d.Transitions != 14 || d.Pairs != 73 || len(d.SHA256) != 64 {
		t.Errorf("data: %+v", d)
	}
	if c := doc.Config; c.Corpus != "diary" || c.Rank != 8 || c.Steps != 500 || c.LR != 0.1 || c.Seed != 1 || !c.Null {
		t.Errorf("the defaults are not filled in: %+v", c)
	}
	if !doc.Pass || doc.Steps != 500 || doc.Reason != "all 500 steps taken" {
		t.Errorf("pass %v after %d steps: %s", doc.Pass, doc.Steps, doc.Reason)
	}
	if len(doc.Masks) != 13 || len(doc.Checks) != 5 {
		t.Fatalf("%d masks and %d checks", len(doc.Masks), len(doc.Checks))
	}
	for _, m := range doc.Masks {
		set, status := []string{}, train.Status("empty")
		switch m.Word {
		case "went":
			set, status = []string{"candle", "train"}, "exact"
		case "again", "open":
			status = "undetermined"
		}
		if !slices.Equal(m.Counted, set) || !slices.Equal(m.Learned, set) || m.Status != status {
			t.Errorf("mask %+v, want %q, %s", m, set, status)
		}
	}

	// What check finds anew is what train found.
	var again train.Document
	decode(t, qk(t, "check", "run", "--json"), &again)
	wantNear(t, "loss of check", again.Loss, doc.Loss, 1e-12)
	if again.Pass != doc.Pass || again.Steps != doc.Steps || again.Reason != doc.Reason || again.Config != doc.Config || again.Data != doc.Data {
		t.Errorf("check says\n%+v\ntrain said\n%+v", again, doc)
	}
}

// TestDocumentOfFailure is a document of a check that failed: it is printed all
// the same, and the exit code is 1.
func TestDocumentOfFailure(t *testing.T) {
	t.Chdir(t.TempDir())
	r := session{}.run("train", "--l2", "0", "--json", "--out", "run")
	wantCode(t, r, exitCheckFailed)
	wantText(t, "standard error", r.stderr, "warning: --l2 0")
	var doc train.Document
	decode(t, r.stdout, &doc)
	spurious := 0
	for _, m := range doc.Masks {
		if m.Status == train.Spurious {
			spurious++
			if len(m.Spurious) == 0 {
				t.Errorf("mask %+v names no spurious word", m)
			}
		}
	}
	for _, c := range doc.Checks {
		if c.Pass != (c.Name != "rows with spurious words") {
			t.Errorf("check %+v", c)
		}
		if !c.Pass && (c.Figure != float64(spurious) || c.Bound != 0) {
			t.Errorf("%d rows are spurious, but: %+v", spurious, c)
		}
	}
	if doc.Pass || spurious == 0 {
		t.Errorf("pass %v with %d spurious rows", doc.Pass, spurious)
	}
}

// TestDocumentOfRecall has no lines but those that its objective has.
func TestDocumentOfRecall(t *testing.T) {
	t.Chdir(t.TempDir())
	var doc train.Document
	decode(t, qk(t, "train", "--task", "recall", "--json", "--out", "run"), &doc)
	wantNear(t, "floor", *doc.Lines.Floor, 2*math.Ln2/10.5, 1e-12)
	if doc.Lines.AllVotes != nil || doc.Lines.BestMask != nil {
		t.Errorf("lines of another task: %+v", doc.Lines)
	}
	decode(t, qk(t, "train", "--task", "recall", "--objective", "squared", "--json", "--out", "run2"), &doc)
	if !doc.Pass {
		t.Errorf("checks: %+v", doc.Checks)
	}
}

func wantNear(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) { // also if got is NaN
		t.Errorf("%s is %.15g, want %.15g ± %g", what, got, want, tolerance)
	}
}
