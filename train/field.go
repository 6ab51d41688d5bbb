package train

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Field is one setting of a run, by its name in run.json.
type Field struct {
	Name  string
	Value any // a string, a bool or a json.Number
}

// Fields lists every setting in the order of run.json.
func (c Config) Fields() ([]Field, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if _, err := d.Token(); err != nil { // the brace
		return nil, fmt.Errorf("settings: %w", err)
	}
	var all []Field
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("settings: %w", err)
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return nil, fmt.Errorf("settings: %w", err)
		}
		switch value.(type) {
		case string, bool, json.Number:
		default: // an array, of the names of several texts
			value = c.Corpus.String()
		}
		all = append(all, Field{fmt.Sprint(name), value})
	}
	return all, nil
}
