package train

import (
	"bytes"
	"encoding/json"
	"strings"
)

// CorpusNames names the text of a run, or its texts in the order in which they are
// read, as --corpus was given them: built-in corpora, files, directories, or "-".
// It can be compared. In JSON it is a string for one text and an array of strings
// for several.
type CorpusNames string

// nameEnd stands between names. No file name can hold it.
const nameEnd = "\x00"

// NameCorpus returns the names as one value.
func NameCorpus(names ...string) CorpusNames { return CorpusNames(strings.Join(names, nameEnd)) }

// Names returns the names one by one, at least one.
func (c CorpusNames) Names() []string { return strings.Split(string(c), nameEnd) }

// String lists the names, as they are, for messages.
func (c CorpusNames) String() string { return strings.Join(c.Names(), ", ") }

// MarshalJSON gives a string or an array of strings.
func (c CorpusNames) MarshalJSON() ([]byte, error) {
	var v any = string(c)
	if names := c.Names(); len(names) > 1 {
		v = names
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false) // whether to escape is the choice of the encoder around this one
	err := e.Encode(v)
	return out.Bytes(), err
}

// UnmarshalJSON takes a string or an array of strings.
func (c *CorpusNames) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(text, []byte("[")) {
		var names []string
		if err := json.Unmarshal(text, &names); err != nil {
			return err
		}
		*c = NameCorpus(names...)
		return nil
	}
	var name string
	if err := json.Unmarshal(text, &name); err != nil {
		return err
	}
	*c = CorpusNames(name)
	return nil
}
