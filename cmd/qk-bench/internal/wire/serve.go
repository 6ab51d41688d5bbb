package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Request is what the driver asks of a child, see the package comment.
type Request struct {
	Variant string `json:"variant,omitempty"`
	Losses  int    `json:"losses,omitempty"`
	Run     int    `json:"run,omitempty"`
	Quit    bool   `json:"quit,omitempty"`
}

// Reply is what a child answers.
type Reply struct {
	Ready     bool      `json:"ready,omitempty"`
	Missing   bool      `json:"missing,omitempty"` // the peer is not installed; Error says what
	Name      string    `json:"name,omitempty"`
	Version   string    `json:"version,omitempty"`
	Variants  []string  `json:"variants,omitempty"`
	Losses    []float64 `json:"losses,omitempty"`
	Seconds   float64   `json:"seconds,omitempty"`
	PeakBytes int64     `json:"peak_bytes,omitempty"`
	Error     string    `json:"error,omitempty"`
}

// Trainer is a contestant in Go.
type Trainer interface {
	// Step takes one training step and returns the loss before it.
	Step() (float64, error)
	// Close gives back what the trainer holds.
	Close()
}

// Contestant says what a child is and starts its variants.
type Contestant struct {
	Name     string
	Version  string
	Variants []string
	// Start returns a trainer that stands at the problem's first weights.
	Start func(variant string) (Trainer, error)
}

// Serve answers requests until it is told to quit or standard input ends.
func Serve(c Contestant, in io.Reader, out io.Writer) error {
	enc := json.NewEncoder(out)
	if err := enc.Encode(Reply{Ready: true, Name: c.Name, Version: c.Version, Variants: c.Variants}); err != nil {
		return err
	}
	s := &session{c: c}
	defer s.close()
	dec := json.NewDecoder(in)
	for {
		var req Request
		if err := dec.Decode(&req); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("request: %w", err)
		}
		if err := enc.Encode(s.answer(req)); err != nil {
			return err
		}
		if req.Quit {
			return nil
		}
	}
}

// session is the variant that is at work.
type session struct {
	c       Contestant
	variant string
	t       Trainer
}

func (s *session) close() {
	if s.t != nil {
		s.t.Close()
		s.t = nil
	}
}

func (s *session) answer(req Request) Reply {
	if req.Quit {
		return Reply{PeakBytes: peakBytes()}
	}
	if req.Losses > 0 || s.t == nil || s.variant != req.Variant {
		s.close()
		t, err := s.c.Start(req.Variant)
		if err != nil {
			return Reply{Error: err.Error()}
		}
		s.t, s.variant = t, req.Variant
	}
	var r Reply
	for range req.Losses {
		loss, err := s.t.Step()
		if err != nil {
			return Reply{Error: err.Error()}
		}
		r.Losses = append(r.Losses, loss)
	}
	begin := time.Now()
	for range req.Run {
		if _, err := s.t.Step(); err != nil {
			return Reply{Error: err.Error()}
		}
	}
	if req.Run > 0 {
		r.Seconds = time.Since(begin).Seconds()
	}
	return r
}
