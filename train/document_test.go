package train

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"qk/graph"
)

// keysOf lists the keys of a JSON object in the order of the text.
func keysOf(t *testing.T, object []byte) []string {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(object))
	var keys []string
	depth, isKey := 0, false
	for {
		token, err := dec.Token()
		if err != nil {
			return keys
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
			isKey = depth == 1
			continue
		case json.Delim('}'), json.Delim(']'):
			depth--
			isKey = depth == 1
			continue
		}
		if depth == 1 {
			if isKey {
				keys = append(keys, token.(string))
			}
			isKey = !isKey
		}
	}
}

// marshalled is a document as JSON, with its members.
func marshalled(t *testing.T, d *Document) ([]byte, map[string]json.RawMessage) {
	t.Helper()
	var b bytes.Buffer
	must(t, WriteJSON(&b, d))
	var members map[string]json.RawMessage
	must(t, json.Unmarshal(b.Bytes(), &members))
	return b.Bytes(), members
}

// TestDocumentKeys holds the JSON document to its documented form, key by key.
func TestDocumentKeys(t *testing.T) {
	r := learn(t, predict(), "")
	d := document(t, r.e, r.loop)
	text, members := marshalled(t, d)
	want := func(what string, object []byte, keys string) {
		t.Helper()
		if got := keysOf(t, object); !slices.Equal(got, strings.Fields(keys)) {
			t.Errorf("keys of %s: %q, want %q", what, got, keys)
		}
	}
	const keys = "config data lines loss heldout masks checks pass steps reason seconds"
	want("the document", text, keys)
	d.Run = "runs/one"
	named, _ := marshalled(t, d)
	want("the document of a run with a folder", named, "run "+keys)
	want("config", members["config"], `corpus tokens boundary keep_case punctuation min_count max_vocab context holdout
		task objective null one_hot rank scaled l2 graph precision steps batch solver lr schedule momentum beta1 beta2 init start seed grad_tol patience tolerance`)
	want("data", members["data"], "vocabulary sentences tokens unknown positions transitions pairs sha256")
	want("lines", members["lines"], "unigram first_order all_votes graded_mask best_mask floor")
	var masks, checks []json.RawMessage
	must(t, json.Unmarshal(members["masks"], &masks))
	must(t, json.Unmarshal(members["checks"], &checks))
	for _, m := range masks {
		want("a mask", m, "word counted learned missing spurious status estimate")
	}
	for _, c := range checks {
		want("a check", c, "name figure bound at_least pass note")
	}
	if len(masks) != 13 || len(checks) != 5 {
		t.Errorf("%d masks and %d checks", len(masks), len(checks))
	}
	if got := string(members["heldout"]); got != "null" {
		t.Errorf("heldout is %s", got)
	}
	if got := string(members["seconds"]); got != "1.2" {
		t.Errorf("seconds are %s", got)
	}
}

// TestDocumentContent reads the document as another program would. Lists are
// never null.
func TestDocumentContent(t *testing.T) {
	r := learn(t, predict(), "")
	text, members := marshalled(t, NewDocument(r.e, r.Outcome, r.loop.Step, r.loop.Reason, 0.12345))
	var d struct {
		Data  struct{ Vocabulary, Positions, Transitions, Pairs int }
		Loss  float64
		Masks []struct {
			Word                                string
			Counted, Learned, Missing, Spurious []string
			Status                              string
		}
		Pass    bool
		Steps   int
		Seconds float64
	}
	must(t, json.Unmarshal(text, &d))
	if d.Data.Vocabulary != 13 || d.Data.Positions != 21 || d.Data.Transitions != 14 || d.Data.Pairs != 73 || !d.Pass || d.Steps != 500 || d.Seconds != 0.123 || d.Loss != r.Loss {
		t.Errorf("%+v", d)
	}
	for _, m := range d.Masks {
		want := []string{}
		if m.Word == "went" {
			want = []string{"candle", "train"}
		}
		if !slices.Equal(m.Learned, want) || !slices.Equal(m.Counted, want) {
			t.Errorf("mask %+v", m)
		}
		if m.Learned == nil || m.Counted == nil || m.Missing == nil || m.Spurious == nil {
			t.Errorf("a list of row %s is null", m.Word)
		}
		if !slices.Contains([]string{"exact", "empty", "undetermined"}, m.Status) {
			t.Errorf("status %q", m.Status)
		}
	}
	if strings.Contains(string(members["masks"]), "null") {
		t.Error("there is a null in masks")
	}
}

// TestDocumentNulls: a reference loss that is not defined is null, and no figure
// of any task is NaN or infinite, which JSON could not hold.
func TestDocumentNulls(t *testing.T) {
	large := strings.Replace(trainLine, " and ", " one two three four five six seven eight nine ten ", 1) + "\n"
	for _, test := range []struct {
		name   string
		config Config
		text   string
		null   string // the lines that are not defined
	}{
		{"predict", predict(), "", ""},
		{"predict, a row too large", predict(func(c *Config) { c.Context = 99 }), large, "best_mask"},
		{"predict, nothing to learn", predict(), "a b c", ""},
		{"predict, two words", predict(), "a b", ""},
		{"predict, one word again and again", predict(), "a a a a", ""},
		{"cross-entropy", recall(graph.CrossEntropy), "", "all_votes graded_mask best_mask"},
		{"cross-entropy, two words", recall(graph.CrossEntropy), "a b", "all_votes graded_mask best_mask"},
		{"squared", recall(graph.Squared), "", "unigram first_order all_votes graded_mask best_mask"},
		{"squared, two words", recall(graph.Squared), "a b", "unigram first_order all_votes graded_mask best_mask"},
		{"logistic", recall(graph.Logistic), "", "unigram first_order all_votes graded_mask best_mask"},
		{"logistic, one candidate", recall(graph.Logistic), "a b c", "unigram first_order all_votes graded_mask best_mask"},
	} {
		test.config.Steps = 20
		r := learn(t, test.config, test.text)
		_, members := marshalled(t, NewDocument(r.e, r.Outcome, r.loop.Step, r.loop.Reason, 0)) // refuses NaN
		var lines map[string]*float64
		must(t, json.Unmarshal(members["lines"], &lines))
		for name, x := range lines {
			if isNull := slices.Contains(strings.Fields(test.null), name); isNull != (x == nil) {
				t.Errorf("%s: %s is %v", test.name, name, x)
			}
		}
	}
}

// TestWriteJSON leaves HTML alone, indents and ends the line.
func TestWriteJSON(t *testing.T) {
	var b strings.Builder
	must(t, WriteJSON(&b, map[string]string{"a": "<b> & c"}))
	if want := "{\n  \"a\": \"<b> & c\"\n}\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	full := errors.New("full")
	if err := WriteJSON(failingWriter{full}, 1); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
