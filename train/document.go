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
	Run     string         `json:"run,omitempty"` // the folder of the run, set by who knows it
	Config  Config         `json:"config"`
	Data    Summary        `json:"data"`
	Lines   data.Ladder    `json:"lines"`
	Loss    float64        `json:"loss"`
	HeldOut *HeldOutRecord `json:"heldout"` // null where nothing is held out
	Masks   []MaskRecord   `json:"masks"`
	Checks  []CheckItem    `json:"checks"`
	Pass    bool           `json:"pass"`
	Steps   int            `json:"steps"`
	Reason  string         `json:"reason"` // why the run ended
	Seconds float64        `json:"seconds"`
	Given   *GivenRecord   `json:"given,omitempty"` // of matrices from elsewhere
}

// GivenRecord tells where matrices that no run learned come from, see [Given].
type GivenRecord struct {
	Q          *SourceRecord `json:"q,omitempty"`
	K          *SourceRecord `json:"k,omitempty"`
	Scores     *SourceRecord `json:"scores,omitempty"`
	Vocabulary string        `json:"vocabulary"` // the file
	Words      int           `json:"words"`      // of the list
	Never      []string      `json:"never"`      // those that the text does not have
	Silent     bool          `json:"silent"`     // words of the text that are not listed are only next words
	Fitted     *FittedScale  `json:"fitted"`     // null where sentences are held out
}

// SourceRecord is a matrix in a file.
type SourceRecord struct {
	File  string `json:"file"` // as it was given
	DType string `json:"dtype"`
	Shape [2]int `json:"shape"`
}

func sourceRecord(m *GivenMatrix) *SourceRecord {
	if m == nil {
		return nil
	}
	return &SourceRecord{m.Name, m.DType, [2]int{m.Rows, m.Cols}}
}

// Record describes the matrices for a [Document].
func (g *Given) Record(e *Experiment, fitted *FittedScale) *GivenRecord {
	return &GivenRecord{
		Q: sourceRecord(g.Q), K: sourceRecord(g.K), Scores: sourceRecord(g.S),
		Vocabulary: g.List, Words: len(g.Words), Never: g.Never(e), Silent: e.Corpus.Silent() >= 0, Fitted: fitted,
	}
}

// HeldOutRecord is how the learned masks do on the sentences that were held out, see
// [HeldOut].
type HeldOutRecord struct {
	Sentences   uint64             `json:"sentences"`
	Positions   uint64             `json:"positions"`
	Loss        float64            `json:"loss"`
	Lines       data.Ladder        `json:"lines"`
	Differences []DifferenceRecord `json:"differences"` // of Loss from each line but the floor
	Tuning      PartLoss           `json:"tuning"`
	Kappa       data.Kappa         `json:"kappa"`
	GradedScale float64            `json:"graded_scale"`
}

// DifferenceRecord is a [Compared].
type DifferenceRecord struct {
	Line       string     `json:"line"`
	Difference float64    `json:"difference"` // learned less line, nats per position
	Interval   [2]float64 `json:"interval"`   // of 95 %
	Verdict    string     `json:"verdict"`    // below, above, or noise
}

func newHeldOutRecord(h *HeldOut) *HeldOutRecord {
	if h == nil {
		return nil
	}
	r := &HeldOutRecord{
		Sentences: h.Sentences, Positions: h.Positions, Loss: h.Loss, Lines: h.Ladder,
		Tuning: h.Tuning, Kappa: h.Kappa, GradedScale: h.Scale,
	}
	for _, d := range h.Differences {
		r.Differences = append(r.Differences, DifferenceRecord{d.Line, d.Mean, [2]float64{d.Low, d.High}, d.Verdict()})
	}
	return r
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
		HeldOut: newHeldOutRecord(o.HeldOut), Masks: []MaskRecord{}, Checks: o.Checks, Pass: o.Pass,
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
