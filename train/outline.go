package train

import "encoding/json"

// ReadOutline is [ReadRecord] without the masks of the result, which take up most of a
// record: for lists of many runs.
func ReadOutline(dir string) (*Record, error) {
	return readRecord(dir, func(content []byte) (*Record, error) {
		var r struct {
			Record
			Result *struct {
				Document
				Masks skipped `json:"masks"` // in place of the document's own
			} `json:"result"`
		}
		if err := json.Unmarshal(content, &r); err != nil {
			return nil, err
		}
		if r.Result != nil {
			r.Record.Result = &r.Result.Document
		}
		return &r.Record, nil
	})
}

// skipped is a value of JSON that is passed over.
type skipped struct{}

// UnmarshalJSON implements [json.Unmarshaler].
func (*skipped) UnmarshalJSON([]byte) error { return nil }
