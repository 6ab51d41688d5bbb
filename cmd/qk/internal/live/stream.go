package live

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"qk/train"
)

const (
	defaultFPS  = 15
	maxFPS      = 30
	writeWithin = 10 * time.Second // a page that takes longer to read is let go
	beatEvery   = 10 * time.Second
)

// told is a frame with the part of the curve that the page does not have yet.
type told struct {
	*frame
	Points [][2]real `json:"points"`
	First  bool      `json:"first,omitempty"`
}

// stream sends frames as server-sent events, the latest whenever the page can take
// one: a slow page sees fewer frames, and the run does not wait for it.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, x *session) {
	every := time.Second / defaultFPS
	if typed := r.URL.Query().Get("fps"); typed != "" {
		fps, err := strconv.ParseFloat(typed, 64)
		if err != nil || !(fps >= 0.1 && fps <= maxFPS) {
			refuse(w, http.StatusBadRequest, fmt.Errorf("fps %q: give a number of frames a second from 0.1 to %d", typed, maxFPS))
			return
		}
		every = time.Duration(float64(time.Second) / fps)
	}
	defer x.listen()()
	w.Header().Set("Content-Type", "text/event-stream")
	out := &events{w: w, control: http.NewResponseController(w)}
	out.add("retry: 1000\n\n")
	if err := x.tell(r.Context(), s.tabs.ctx, out, every); err != nil {
		return // the page is gone, or too slow
	}
}

// tell sends frames until either context ends or the session is closed.
func (x *session) tell(page, server context.Context, out *events, every time.Duration) error {
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	pause := time.NewTimer(0)
	defer pause.Stop()
	seen := 0
	var last *frame
	var shown *shape
	for {
		v := x.view(seen)
		if f := v.frame; f != nil && f != last {
			if f.shape != shown {
				out.event("shape", f.shape)
				shown = f.shape
			}
			out.event("frame", told{frame: f, Points: points(v.log), First: last == nil})
			seen, last = seen+len(v.log), f
		}
		if v.closed != "" {
			out.event("gone", refusal{Error: v.closed})
			return out.flush()
		}
		if err := out.flush(); err != nil {
			return err
		}
		pause.Reset(every)
		select {
		case <-pause.C:
		case <-page.Done():
			return page.Err()
		case <-server.Done():
			return server.Err()
		}
		select {
		case <-v.changed:
		case <-beat.C:
			out.add(": still here\n\n")
		case <-page.Done():
			return page.Err()
		case <-server.Done():
			return server.Err()
		}
	}
}

// points is the curve of some steps.
func points(log []train.Event) [][2]real {
	p := make([][2]real, len(log))
	for i, e := range log {
		p[i] = [2]real{real(e.Step), real(e.Loss.Data)}
	}
	return p
}

// events gathers events and sends them together.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
	buffer  bytes.Buffer
}

func (e *events) add(text string) { e.buffer.WriteString(text) }

// event adds an event with a value in JSON, which has no line end.
func (e *events) event(kind string, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		kind, data = "gone", []byte(`{"error":"a frame could not be written"}`)
	}
	fmt.Fprintf(&e.buffer, "event: %s\ndata: %s\n\n", kind, data)
}

func (e *events) flush() error {
	if e.buffer.Len() == 0 {
		return nil
	}
	if err := e.control.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return err
	}
	if _, err := e.w.Write(e.buffer.Bytes()); err != nil {
		return err
	}
	e.buffer.Reset()
	return e.control.Flush()
}
