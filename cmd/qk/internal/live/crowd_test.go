package live

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// varied is a text of so many lines of ten words each, out of three hundred.
func varied(lines int) string {
	var text strings.Builder
	for i := range lines {
		for j := range 10 {
			fmt.Fprintf(&text, "w%d ", (i*i*7+j*j*31+i*j)%300)
		}
		text.WriteByte('\n')
	}
	return text.String()
}

// A page that stops reading neither holds up training nor stays for ever.
func TestSlowPage(t *testing.T) {
	s := serve(t, nil)
	o := s.start(t, object{"text": varied(200), "settings": object{"steps": "100000", "schedule": "constant"}})
	c, err := net.Dial("tcp", s.http.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.(*net.TCPConn).SetReadBuffer(1 << 10); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "GET /api/sessions/%s/stream?fps=30 HTTP/1.1\r\nHost: %s\r\n\r\n", o.ID, s.http.Listener.Addr())
	s.order(t, o.ID, object{"action": "speed", "value": 0})
	s.order(t, o.ID, object{"action": "play"})
	session := s.tabs.find(o.ID)
	step := func() (n int) {
		if err := session.do(context.Background(), func() { n = session.loop.Step }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := step()
	for end := time.Now().Add(20 * time.Second); step() < before+50; {
		if time.Now().After(end) {
			t.Fatalf("a page that does not read holds the run up at step %d", step())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Sessions that nobody uses are closed, and what they took is given back.
func TestIdle(t *testing.T) {
	var late atomic.Int64
	s := serve(t, func(o *Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(late.Load())) }
	})
	all := s.o.Limits.Memory
	a, b, hidden := s.start(t, object{}), s.start(t, object{"settings": object{"corpus": "coat"}}), s.start(t, object{"settings": object{"corpus": "candle"}})
	gone := make(chan string, 1)
	stream := s.listen(t.Context(), t, a.ID, 15)
	defer stream.Close()
	go func() {
		text, _ := io.ReadAll(stream) // to its end, however it ends
		gone <- string(text)
	}()
	late.Store(int64(2 * time.Minute))
	s.order(t, hidden.ID, object{"action": "stay"})
	late.Store(int64(4 * time.Minute)) // only b has no page
	wait(t, "the session without a page", func() bool { return s.tabs.find(b.ID) == nil })
	if s.tabs.find(a.ID) == nil {
		t.Error("the session that a page listens to is closed")
	}
	if s.tabs.find(hidden.ID) == nil {
		t.Error("the session of a page that is only not seen is closed")
	}
	late.Store(int64(time.Hour))
	wait(t, "the session of a page that is not seen any more", func() bool { return s.tabs.find(hidden.ID) == nil })
	wait(t, "the idle session", func() bool { return s.tabs.find(a.ID) == nil })
	if text := <-gone; !strings.Contains(text, "event: gone") || !strings.Contains(text, "minutes") {
		t.Errorf("the page was told %q", short(text))
	}
	wait(t, "the memory", func() bool {
		s.tabs.budget.mutex.Lock()
		defer s.tabs.budget.mutex.Unlock()
		return s.tabs.budget.left == all
	})
	wait(t, "the texts", func() bool { return s.texts() == 0 })
}

// texts is how many texts are kept.
func (s *served) texts() int {
	s.tabs.texts.mutex.Lock()
	defer s.tabs.texts.mutex.Unlock()
	return len(s.tabs.texts.entries)
}

func wait(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not in time", what)
		}
	}
}

// The limits of tabs, of words and of memory.
func TestLimits(t *testing.T) {
	s := serve(t, func(o *Options) { o.Limits.Tabs, o.Limits.Words = 2, 100 })
	a := s.start(t, object{})
	s.start(t, object{})
	var r refusal
	if status := s.post(t, "/api/sessions", object{}, &r); status != http.StatusServiceUnavailable || !strings.Contains(r.Error, "2 tabs") {
		t.Errorf("a third tab: %d %q", status, r.Error)
	}
	many := ""
	for i := range 1000 {
		many += fmt.Sprintf("a%d b%d c%d\n", i%10, i%200, i)
	}
	o := s.start(t, object{"text": many, "replaces": a.ID})
	if o.V > 100 || len(o.Warnings) != 1 || !strings.Contains(o.Warnings[0], "98 most frequent") || o.Settings["max-vocab"] != "98" {
		t.Errorf("%d words, warnings %v, max-vocab %s", o.V, o.Warnings, o.Settings["max-vocab"])
	}
	if x := s.settled(t, o.ID, 0); x.Failed != "" || len(x.Status) > maxRows {
		t.Errorf("%s, %d rows", x.Failed, len(x.Status))
	}
	small := serve(t, func(o *Options) { o.Limits.Memory = 100_000 })
	if status := small.post(t, "/api/sessions", object{"text": many}, &r); status != http.StatusServiceUnavailable || !strings.Contains(r.Error, "too large for this server") {
		t.Errorf("a text without room: %d %q", status, r.Error)
	}
	small.start(t, object{"settings": object{"rank": "1"}}) // there is room for a small one
}

// Two tabs on one text count it once and learn each for itself.
func TestTwoTabs(t *testing.T) {
	s := serve(t, nil)
	a := s.start(t, object{"settings": object{"seed": "1"}})
	b := s.start(t, object{"settings": object{"seed": "2"}})
	if n := s.texts(); n != 1 {
		t.Errorf("the text was counted %d times", n)
	}
	x, y := s.finish(t, a.ID), s.finish(t, b.ID)
	if x.Verdict == nil || y.Verdict == nil || !x.Verdict.Pass || !y.Verdict.Pass || x.Loss == y.Loss {
		t.Errorf("%+v, %+v", x.Verdict, y.Verdict)
	}
}

// BenchmarkFiftyTabs has fifty pages train at once as fast as it goes, each reading its
// frames, and gives them orders all the time: how long the answer to an order takes,
// and the memory that is taken.
func BenchmarkFiftyTabs(b *testing.B) {
	s := serve(b, nil)
	const tabs = 50
	text := varied(2000)
	ctx, cancel := context.WithCancel(context.Background())
	var pages sync.WaitGroup
	ids := make([]string, tabs)
	var frames atomic.Int64
	for i := range tabs {
		settings := object{"steps": "1000000", "seed": fmt.Sprint(i + 1), "schedule": "constant"}
		r := object{"settings": settings}
		if i%2 == 1 { // half of them a text of 20,000 words, whose steps take long
			r["text"] = text
		}
		ids[i] = s.start(b, r).ID
		stream := s.listen(ctx, b, ids[i], 15)
		pages.Add(1)
		go func() {
			defer pages.Done()
			defer stream.Close()
			buffer := make([]byte, 1<<16)
			for {
				n, err := stream.Read(buffer)
				frames.Add(int64(strings.Count(string(buffer[:n]), "event: frame")))
				if err != nil {
					return
				}
			}
		}()
		s.order(b, ids[i], object{"action": "speed", "value": 0})
		s.order(b, ids[i], object{"action": "play"})
	}
	time.Sleep(time.Second)
	frames.Store(0)
	began := time.Now()
	var took, shown []time.Duration
	for b.Loop() {
		for i, id := range ids {
			start := time.Now()
			seq := s.order(b, id, object{"action": "rate", "value": 0.01 + 1e-4*float64(i)})
			took = append(took, time.Since(start))
			if x := s.tabs.find(id); i%10 == 1 { // until a frame shows the effect
				for v := x.view(0); v.frame == nil || v.frame.Seq < seq; v = x.view(0) {
					<-v.changed
				}
				shown = append(shown, time.Since(start))
			}
		}
	}
	seconds := time.Since(began).Seconds()
	b.ReportMetric(float64(frames.Load())/seconds/tabs, "frames/s/tab")
	cancel()
	pages.Wait()
	slices.Sort(took)
	slices.Sort(shown)
	b.ReportMetric(shown[len(shown)*99/100].Seconds()*1e3, "shown-p99-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, "p99-ms")
	b.ReportMetric(took[len(took)/2].Seconds()*1e3, "median-ms")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/1e6, "MB")
}
