package tensorboard

import (
	"fmt"
	"math"
	"time"

	"qk/data"
	"qk/train"
)

// Run is what an event file tells of a run.
type Run struct {
	Record *train.Record
	// Lines are the reference losses; what is nil is left out.
	Lines data.Ladder
	// Images are those of a finished run.
	Images []Image
}

// linesEvery is how many logged steps come between two points of a counted line,
// which is straight.
const linesEvery = 16

// FileName returns the name of the event file of a run, in its folder. TensorBoard
// reads files whose names hold "tfevents".
func FileName(r *train.Record) string {
	return fmt.Sprintf("events.out.tfevents.%010d.qk", r.Created.Unix())
}

// Encode returns the event file of a run with its logged steps. Of a finished run it
// ends with the results, the images and the verdict; of any other it is the beginning
// of that file.
func Encode(r Run, metrics []train.Metric) ([]byte, error) {
	file, err := r.begin()
	if err != nil {
		return nil, err
	}
	for i, m := range metrics {
		file = r.step(file, i, m)
	}
	return r.end(file, metrics)
}

// begin returns the file before the first step.
func (r Run) begin() ([]byte, error) {
	fields, err := r.Record.Config.Fields()
	if err != nil {
		return nil, err
	}
	start, err := sessionStart(fields, r.Record.Created)
	if err != nil {
		return nil, err
	}
	file := appendRecord(nil, versionEvent(r.wall(0)))
	for _, s := range []message{experiment(fields, r.Record.Created), start, layout()} {
		file = appendRecord(file, event(r.wall(0), 0, s))
	}
	return file, nil
}

// step appends the event of the i-th logged step.
func (r Run) step(file []byte, i int, m train.Metric) []byte {
	list := []Scalar{{"loss/learned", m.Loss}}
	if r.Lines.Floor != nil {
		list = append(list, Scalar{"loss/above_floor", m.Loss - *r.Lines.Floor})
	}
	if m.Tuning != nil {
		list = append(list, Scalar{"loss/tuning", *m.Tuning})
	}
	list = append(list, Scalar{"descent/penalty", m.Penalty}, Scalar{"descent/gradient_norm", m.GradNorm}, Scalar{"descent/rate", m.Rate})
	if i%linesEvery == 0 {
		list = append(list, lines("lines/", r.Lines)...)
	}
	return appendRecord(file, event(r.wall(m.Step), m.Step, scalars(list)))
}

// end appends what is known of a run that has ended.
func (r Run) end(file []byte, metrics []train.Metric) ([]byte, error) {
	last := 0
	if n := len(metrics); n > 0 {
		last = metrics[n-1].Step
	}
	put := func(s message) { file = appendRecord(file, event(r.wall(last), last, s)) }
	d := r.Record.Result
	if d == nil {
		if r.Record.Status == train.Diverged || r.Record.Status == train.Failed {
			put(sessionEnd(statusFailure, r.Record.Created))
		}
		return file, nil
	}
	var list []Scalar
	if n := len(metrics); n > 0 && (n-1)%linesEvery != 0 {
		list = lines("lines/", r.Lines)
	}
	for _, x := range results() {
		if value := x.of(d); !math.IsNaN(value) {
			list = append(list, Scalar{x.tag, value})
		}
	}
	if h := d.HeldOut; h != nil {
		list = append(list, lines("heldout/", h.Lines)...)
	}
	put(scalars(list))
	for _, i := range r.Images {
		put(i.summary())
	}
	put(pluginText("verdict/text_summary", "text", []byte(verdict(r.Record))))
	put(sessionEnd(statusSuccess, r.Record.Created.Add(time.Duration(d.Seconds*float64(time.Second)))))
	return file, nil
}

// wall is the time of an event, see the package.
func (r Run) wall(step int) float64 {
	return float64(r.Record.Created.UnixMilli()+int64(step)) / 1e3
}

// lines returns the reference losses that are known.
func lines(prefix string, l data.Ladder) []Scalar {
	var list []Scalar
	for _, x := range []struct {
		name string
		loss *float64
	}{
		{"no_word", l.Unigram}, {"first_order", l.FirstOrder}, {"all_votes", l.AllVotes},
		{"graded_mask", l.GradedMask}, {"best_mask", l.BestMask}, {"floor", l.Floor},
	} {
		if x.loss != nil {
			list = append(list, Scalar{prefix + x.name, *x.loss})
		}
	}
	return list
}

// result is a figure of the tab HPARAMS.
type result struct {
	tag, title, about string
	of                func(*train.Document) float64 // NaN where it is not defined
}

func results() []result {
	return []result{
		{"result/loss", "loss", "of the data, nats per position", func(d *train.Document) float64 { return d.Loss }},
		{"result/above_floor", "above floor", "loss above the lowest that is possible, in nats", func(d *train.Document) float64 {
			if d.Lines.Floor == nil {
				return math.NaN()
			}
			return d.Loss - *d.Lines.Floor
		}},
		{"heldout/learned", "held out", "loss of the sentences that were held out, nats per position", func(d *train.Document) float64 {
			if d.HeldOut == nil {
				return math.NaN()
			}
			return d.HeldOut.Loss
		}},
		{"result/pass", "pass", "1 if every check passed", func(d *train.Document) float64 {
			if d.Pass {
				return 1
			}
			return 0
		}},
		{"result/steps", "steps taken", "behind the weights that are kept", func(d *train.Document) float64 { return float64(d.Steps) }},
		{"result/seconds", "seconds", "of the descent and the check", func(d *train.Document) float64 { return d.Seconds }},
	}
}
