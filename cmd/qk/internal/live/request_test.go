package live

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

var timeNow = time.Now

// TestBadRequests asks for what cannot be had; the message says what to do, and the
// setting at fault is named.
func TestBadRequests(t *testing.T) {
	s := serve(t, func(o *Options) { o.Limits.TextBytes = 1000 })
	long := strings.Repeat("a b ", 300)
	for _, x := range []struct {
		request object
		status  int
		flag    string
		message string
	}{
		{object{"settings": object{"rank": "x"}}, 400, "rank", "whole number"},
		{object{"settings": object{"rank": "0"}}, 400, "rank", "one column"},
		{object{"settings": object{"rank": "1000"}}, 400, "rank", "up to 256"},
		{object{"settings": object{"steps": "10000000"}}, 400, "steps", "up to 1000000"},
		{object{"settings": object{"lr": "NaN"}}, 400, "lr", ""},
		{object{"settings": object{"solver": "sdg"}}, 400, "solver", "sgd"},
		{object{"settings": object{"rnk": "2"}}, 400, "", "did you mean rank?"},
		{object{"settings": object{"holdout": "0.1"}}, 400, "", "no setting"},
		{object{"settings": object{"counts": "/etc"}}, 400, "", "no setting"},
		{object{"settings": object{"corpus": "/etc/passwd"}}, 400, "corpus", "paste or upload"},
		{object{"settings": object{"corpus": "-"}}, 400, "corpus", "paste or upload"},
		{object{"settings": object{"corpus": "../go.mod"}}, 400, "corpus", "paste or upload"},
		{object{"text": ""}, 400, "", "no words"},
		{object{"text": "...", "text_name": "x.txt"}, 400, "", "no words"},
		{object{"text": long}, 400, "corpus", "up to 1000 bytes"},
		{object{"text": strings.Repeat("a b ", 30000)}, 413, "", "larger"},
		{object{"until": -1}, 400, "", "step -1"},
		{object{"rates": [][]float64{{1, 0}}}, 400, "lr", "above 0"},
		{object{"rates": [][]float64{{5, 1}, {2, 1}}}, 400, "", "order"},
		{object{"rates": [][]float64{{0.5, 1}}}, 400, "lr", "whole steps"},
		{object{"nonsense": 1}, 400, "", "nonsense"},
		{object{"settings": object{"min-count": "100"}}, 400, "", "min-count"},
		{object{"settings": object{"one-hot": "true", "rank": "3"}}, 400, "rank", ""},
	} {
		var r refusal
		status := s.post(t, "/api/sessions", x.request, &r)
		if status != x.status || r.Flag != x.flag || !strings.Contains(r.Error, x.message) {
			t.Errorf("%s: status %d, flag %q, %q; want %d, %q, %q", short(mustJSON(t, x.request)), status, r.Flag, r.Error, x.status, x.flag, x.message)
		}
	}
	if n := len(s.tabs.sessions); n != 0 || s.tabs.budget.left != s.o.Limits.Memory {
		t.Errorf("%d sessions and %d bytes are left behind", n, s.o.Limits.Memory-s.tabs.budget.left)
	}
}

// TestBadOrders gives orders that cannot be carried out.
func TestBadOrders(t *testing.T) {
	s := serve(t, nil)
	o := s.start(t, object{})
	for _, order := range []object{
		{"action": "dance"}, {}, {"action": "step"}, {"action": "step", "steps": -1}, {"action": "step", "steps": 1e9},
		{"action": "rate"}, {"action": "rate", "value": 0}, {"action": "rate", "value": -1}, {"action": "speed"}, {"action": "speed", "value": -1},
		{"action": "focus"}, {"action": "focus", "row": 1}, {"action": "show"}, {"action": "show", "row": 13}, {"action": "show", "row": -1},
		{"action": "sentence", "text": strings.Repeat("a ", 1<<13)}, {"action": "play", "more": true},
	} {
		if status := s.post(t, "/api/sessions/"+o.ID+"/control", order, nil); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", short(mustJSON(t, order)), status)
		}
	}
	x := s.until(t, o.ID, s.order(t, o.ID, object{"action": "focus", "row": 10000, "column": 1 << 31}))
	if x.Focus != nil {
		t.Errorf("a cell outside the matrix is in focus: %+v", x.Focus)
	}
}

// A text full of markup, of signs that turn the direction, and of one word.
func TestAnyText(t *testing.T) {
	s := serve(t, nil)
	for _, text := range []string{
		"<script>alert(1)</script> <b> ' \" & \x00 \u202e abc\n<script>alert(1)</script>",
		"a", "a\n\n\nb", "é ü 漢字 🙂 \r\n x", strings.Repeat("w ", 3000),
	} {
		for _, settings := range []object{{}, {"tokens": "chars"}, {"tokens": "fields", "boundary": "true"}, {"task": "recall"}} {
			var raw json.RawMessage
			if status := s.post(t, "/api/sessions", object{"text": text, "text_name": "<x>.txt", "settings": settings}, &raw); status == http.StatusBadRequest {
				continue // a text without any next word is one
			} else if status != http.StatusCreated {
				t.Fatalf("%.20q %v: status %d: %s", text, settings, status, raw)
			}
			var o opened
			if err := json.Unmarshal(raw, &o); err != nil {
				t.Fatal(err)
			}
			s.order(t, o.ID, object{"action": "focus", "row": 0, "column": 0})
			if x := s.settled(t, o.ID, 0); x.Failed != "" {
				t.Errorf("%.20q %v: %s", text, settings, x.Failed)
			}
			s.post(t, "/api/sessions/"+o.ID+"/close", object{}, nil)
		}
	}
}

func TestFileName(t *testing.T) {
	for name, want := range map[string]string{
		"": "pasted.txt", "diary": "pasted-diary.txt", "my text.txt": "my-text.txt", `C:\a\b.md`: "b.md", "../../etc/passwd": "pasted-passwd.txt",
		"<script>.html": "script-.html", "-rf.txt": "rf.txt", "…": "pasted.txt", "..": "pasted.txt",
	} {
		if have := fileName(name); have != want {
			t.Errorf("%q became %q, want %q", name, have, want)
		}
	}
}

// FuzzRequest reads any request: it is refused, or is one that can be trained, and never
// names a file.
func FuzzRequest(f *testing.F) {
	f.Add(`{"settings":{"rank":"2"}}`, "a b")
	f.Add(`{"settings":{"corpus":"/etc/passwd"},"rates":[[1,2]],"until":3}`, "")
	f.Add(`{"text":"x","text_name":"../diary"}`, "x")
	f.Fuzz(func(t *testing.T, body, own string) {
		var r request
		if json.Unmarshal([]byte(body), &r) != nil {
			return
		}
		if own != "" {
			r.Text = &own
		}
		c, content, err := r.config(DefaultLimits())
		if err != nil {
			return
		}
		if content == nil && abouts[string(c.Corpus)] == "" || strings.ContainsAny(string(c.Corpus), "/\\\x00") {
			t.Errorf("the text %q would be read", c.Corpus)
		}
		if c.Counts || c.HoldOut != 0 || c.Batch != 0 {
			t.Errorf("a setting came through that the page does not have: %+v", c)
		}
		if err := c.Validate(); err != nil {
			t.Errorf("settings that do not hold: %v", err)
		}
	})
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
