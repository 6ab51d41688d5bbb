package live

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"qk/train"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// served is a server for a test, with a client that has no other connections.
type served struct {
	*Server
	http   *httptest.Server
	client *http.Client
}

func serve(t testing.TB, change func(*Options)) *served {
	t.Helper()
	o := Options{
		Limits: DefaultLimits(), Version: "test", Now: time.Now,
		Host:    func(string) bool { return true },
		Command: func(c train.Config, V int) string { return "qk train" },
		Produce: func(context.Context, Wanted, io.Writer) error { return nil },
	}
	if change != nil {
		change(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s.Handler())
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(func() {
		s.Close()
		transport.CloseIdleConnections()
		h.Close()
	})
	return &served{s, h, &http.Client{Transport: transport}}
}

// post sends v and reads the answer into into, unless that is nil.
func (s *served) post(t testing.TB, path string, v, into any) int {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, s.http.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", s.http.URL)
	status, content, _ := s.do(t, r)
	if into != nil {
		if err := json.Unmarshal([]byte(content), into); err != nil {
			t.Fatalf("%s: %v: %s", path, err, content)
		}
	}
	return status
}

// do makes a request and reads the whole answer.
func (s *served) do(t testing.TB, r *http.Request) (int, string, http.Header) {
	t.Helper()
	answer, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(content), answer.Header
}

// listen opens the stream of a session until ctx ends.
func (s *served) listen(ctx context.Context, t testing.TB, id string, fps int) io.ReadCloser {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/api/sessions/%s/stream?fps=%d", s.http.URL, id, fps), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Body
}

// object is an object of JSON.
type object = map[string]any

// start opens a session.
func (s *served) start(t testing.TB, r object) opened {
	t.Helper()
	var raw json.RawMessage
	if status := s.post(t, "/api/sessions", r, &raw); status != http.StatusCreated {
		t.Fatalf("status %d: %s", status, raw)
	}
	var o opened
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func (s *served) order(t testing.TB, id string, order object) uint64 {
	t.Helper()
	var answer struct {
		Seq   uint64
		Error string
	}
	if status := s.post(t, "/api/sessions/"+id+"/control", order, &answer); status != http.StatusOK {
		t.Fatalf("%v: status %d: %s", order, status, answer.Error)
	}
	return answer.Seq
}

// seen is a frame as the page gets it.
type seen struct {
	Seq     uint64
	Step    int
	Playing bool
	Loss    float64
	Rate    float64
	Rates   [][2]float64
	Done    string
	Failed  string
	Points  [][2]float64
	First   bool
	Scores  string
	Status  []string
	Focus   *struct {
		Score, Attention, Gradient *float64
		Start                      *struct {
			Kind          string
			Auto, Counted float64
		}
	}
	Sentence *struct {
		Words []string
		Error string
		Arcs  []struct {
			From, To int
			Share    float64
		}
		Groups []struct {
			Name  string
			Votes []struct {
				Word  string
				Share float64
			}
		}
	}
	Verdict *struct {
		Pass bool
		Loss float64
	}
}

// watch calls f for every frame until it returns true.
func (s *served) watch(t testing.TB, id string, f func(seen) bool) seen {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	stream := s.listen(ctx, t, id, 30)
	defer stream.Close()
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, 1<<24)
	kind := ""
	for lines.Scan() {
		line := lines.Text()
		if name, ok := strings.CutPrefix(line, "event: "); ok {
			kind = name
		}
		content, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		if kind == "gone" {
			t.Fatalf("the session is gone: %s", content)
		}
		if kind == "frame" {
			var x seen
			if err := json.Unmarshal([]byte(content), &x); err != nil {
				t.Fatalf("%v: %s", err, content)
			}
			if f(x) {
				return x
			}
		}
	}
	t.Fatalf("the stream ended: %v", lines.Err())
	return seen{}
}

// until waits for a frame that shows the effect of an order.
func (s *served) until(t testing.TB, id string, seq uint64) seen {
	t.Helper()
	return s.watch(t, id, func(x seen) bool { return x.Seq >= seq })
}

// settled waits until the run stands still at a step.
func (s *served) settled(t testing.TB, id string, step int) seen {
	t.Helper()
	return s.watch(t, id, func(x seen) bool { return x.Step == step || x.Failed != "" || x.Done != "" })
}

func (s *served) finish(t testing.TB, id string) seen {
	t.Helper()
	s.order(t, id, object{"action": "speed", "value": 0})
	s.order(t, id, object{"action": "play"})
	return s.watch(t, id, func(x seen) bool { return x.Done != "" || x.Failed != "" })
}

func (s *served) get(t testing.TB, path string) (int, string, http.Header) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, s.http.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.do(t, r)
}

func short(s string) string { return fmt.Sprintf("%.200s", s) }
