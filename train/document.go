package train

import (
	"encoding/json"
	"io"
	"math"

	"qk/data"
)

// Document is a whole result as one JSON document: what `qk train --json` and
// `qk check --json` print, and what a run directory keeps.
type Document struct {
	Run     string       `json:"run,omitempty"` // the folder of the run, set by who knows it
	Config  Config       `json:"config"`
	Data    Summary      `json:"data"`
	Lines   data.Ladder  `json:"lines"`
	Loss    float64      `json:"loss"`
	HeldOut *struct{}    `json:"heldout"` // nothing is held out yet: always null
	Masks   []MaskRecord `json:"masks"`
	Checks  []CheckItem  `json:"checks"`
	Pass    bool         `json:"pass"`
	Steps   int          `json:"steps"`
	Reason  string       `json:"reason"` // why the run ended
	Seconds float64      `json:"seconds"`
}

// MaskRecord is one row of the masks in words, see [RowAgreement].
type MaskRecord struct {
	Word     string   `json:"word"`
	Counted  []string `json:"counted"`
	Learned  []string `json:"learned"`
	Missing  []string `json:"missing"`
	Spurious []string `json:"spurious"`
	Status   Status   `json:"status"`
	Estimate bool     `json:"estimate"`
}

// NewDocument assembles the result of a run.
func NewDocument(e *Experiment, o *Outcome, steps int, reason string, seconds float64) *Document {
	d := &Document{
		Config: e.Config, Data: e.Summary(), Lines: o.Ladder, Loss: o.Loss,
		Masks: []MaskRecord{}, Checks: o.Checks, Pass: o.Pass,
		Steps: steps, Reason: reason, Seconds: math.Round(seconds*1e3) / 1e3,
	}
	vocab := e.Corpus.Vocab
	for _, r := range o.Rows {
		d.Masks = append(d.Masks, MaskRecord{
			Word: vocab.Text(r.Word), Counted: vocab.Texts(r.Counted), Learned: vocab.Texts(r.Learned),
			Missing: vocab.Texts(r.Missing), Spurious: vocab.Texts(r.Spurious),
			Status: r.Status, Estimate: r.Estimate,
		})
	}
	return d
}

// WriteJSON writes any result as indented JSON with a final line end. HTML
// characters are left as they are.
func WriteJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
