package live

import (
	"errors"
	"fmt"
	"math"
	"net/http"

	"qk/data"
)

// order is what a page wants of its session.
type order struct {
	Action string   `json:"action"`
	Steps  int      `json:"steps"`
	Value  *float64 `json:"value"`
	Row    *int     `json:"row"`
	Column *int     `json:"column"`
	Text   string   `json:"text"`
}

// The largest numbers of an order.
const (
	maxSpeed    = 100_000 // steps a second
	maxControl  = 1 << 16 // bytes
	maxSaidText = 1 << 13 // bytes of a sentence
)

// control passes an order on. The answer does not wait until it is carried out: a
// frame of at least its number shows that.
func (s *Server) control(w http.ResponseWriter, r *http.Request, x *session) {
	var o order
	if !s.read(w, r, &o, maxControl) {
		return
	}
	if o.Action == "stay" { // a page that is not seen, and listens to nothing
		x.stay()
		answer(w, http.StatusOK, map[string]uint64{"seq": 0})
		return
	}
	set, err := o.wish(x)
	if err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	seq, err := x.wish(set)
	if err != nil {
		refuse(w, http.StatusNotFound, err)
		return
	}
	answer(w, http.StatusOK, map[string]uint64{"seq": seq})
}

// wish turns an order into a change of wishes.
func (o order) wish(x *session) (func(*wishes), error) {
	value := math.NaN()
	if o.Value != nil {
		value = *o.Value
	}
	switch o.Action {
	case "play":
		return func(w *wishes) { w.playing = true }, nil
	case "pause":
		return func(w *wishes) { w.playing, w.steps = false, 0 }, nil
	case "step":
		if o.Steps < 1 || o.Steps > maxSteps {
			return nil, fmt.Errorf("%d steps cannot be taken: give 1 to %d", o.Steps, maxSteps)
		}
		return func(w *wishes) { w.playing, w.steps = false, min(w.steps+o.Steps, maxSteps) }, nil
	case "rate":
		if why := (change{0, value}).usable(); why != "" {
			return nil, errors.New(why)
		}
		return func(w *wishes) { w.rate = value }, nil
	case "speed":
		if !(value >= 0 && value <= maxSpeed) {
			return nil, fmt.Errorf("a speed is a number of steps a second, up to %d, or 0 for as fast as it goes", maxSpeed)
		}
		return func(w *wishes) { w.speed = value }, nil
	case "focus":
		if o.Row == nil || o.Column == nil {
			return nil, errors.New("a focus has a row and a column")
		}
		c := cell{data.Word(*o.Row), data.Word(*o.Column)}
		return func(w *wishes) { w.focus = &c }, nil
	case "sentence":
		if len(o.Text) > maxSaidText {
			return nil, fmt.Errorf("this sentence is too long: give up to %d bytes", maxSaidText)
		}
		return func(w *wishes) { w.text = &o.Text }, nil
	case "show":
		if o.Row == nil || *o.Row < 0 || *o.Row >= x.e.Counts.V() {
			return nil, fmt.Errorf("a row to be shown has the number of a word, 0 to %d", x.e.Counts.V()-1)
		}
		row := data.Word(*o.Row)
		return func(w *wishes) { w.row = &row }, nil
	}
	return nil, fmt.Errorf("there is no action %q: play, pause, step, rate, speed, focus, sentence, show and stay are", o.Action)
}
