package sweep

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"qk/train"
)

// FileError says what is wrong in a file of settings, and where.
type FileError struct {
	Name         string
	Line, Column int // from 1; a column counts characters
	Err          error
}

func (e *FileError) Error() string {
	return fmt.Sprintf("%s: line %d, column %d: %s", e.Name, e.Line, e.Column, e.Err)
}

// Unwrap returns what is wrong.
func (e *FileError) Unwrap() error { return e.Err }

// ReadTOML reads a grid from a file of TOML. Keys are the names of settings. A value
// is fixed, an array is an axis; in a string values may stand as after a flag, such as
// "1..10". Several texts of one run are an array in the array of corpus. An error is a
// [*FileError].
func ReadTOML(name, content string) (Grid, error) {
	var file map[string]toml.Primitive
	meta, err := toml.Decode(content, &file)
	if err != nil {
		return nil, fileError(name, content, err, nil)
	}
	var g Grid
	for _, key := range meta.Keys() { // of a table, the first one refuses it
		v := values{name: key[0]}
		if err := meta.PrimitiveDecode(file[key[0]], &v); err != nil {
			return nil, fileError(name, content, err, v.err)
		}
		g.Set(key[0], v.list)
	}
	return g, nil
}

// fileError gives an error of the decoder its place: that of the value, or of the
// key if there is no such setting. cause is what the decoder was told, if anything.
func fileError(name, content string, err, cause error) error {
	var parse toml.ParseError
	if !errors.As(err, &parse) {
		return &FileError{name, 1, 1, err}
	}
	e := &FileError{Name: name, Err: cause}
	if cause == nil {
		e.Err = errors.New(parse.Message)
	}
	at := min(max(0, parse.Position.Start), len(content))
	var unknown *UnknownError
	if errors.As(cause, &unknown) || parse.Position.Line == 0 {
		at = keyOf(content, at, parse.LastKey)
	}
	line := strings.LastIndexByte(content[:at], '\n') + 1
	e.Line = 1 + strings.Count(content[:line], "\n")
	e.Column = 1 + utf8.RuneCountInString(content[line:at])
	return e
}

// keyOf finds where the key of a value at some place stands: at the start of the
// line, or where the place is not known, of the first line that starts with it.
func keyOf(content string, at int, key string) int {
	line := strings.LastIndexByte(content[:at], '\n') + 1
	if at == 0 {
		for offset, start := 0, 0; ; start = offset {
			end := strings.IndexByte(content[start:], '\n')
			if strings.HasPrefix(strings.TrimLeft(content[start:], " \t\"'"), key) {
				line = start
				break
			}
			if end < 0 {
				break
			}
			offset = start + end + 1
		}
	}
	rest := content[line:]
	return line + len(rest) - len(strings.TrimLeft(rest, " \t"))
}

// values are those of one key.
type values struct {
	name string
	list []string
	err  error // what was wrong with them
}

// UnmarshalTOML takes the value of the key.
func (v *values) UnmarshalTOML(data any) error {
	v.err = v.take(data)
	return v.err
}

func (v *values) take(data any) error {
	s, ok := train.FindSetting(v.name)
	if !ok {
		return unknownSetting(v.name)
	}
	if _, tables := data.([]map[string]any); tables {
		return inTable(v.name)
	}
	list, isList := data.([]any)
	if !isList {
		list = []any{data}
	} else if len(list) == 0 {
		return &train.FlagError{Flag: v.name, Value: "[]", Why: "the list is empty: give at least one value"}
	}
	for _, item := range list {
		texts, err := itemOf(s, item)
		if err != nil {
			return err
		}
		if len(v.list)+len(texts) > longestList {
			return tooMany(v.name, fmt.Sprint(item))
		}
		v.list = append(v.list, texts...)
	}
	return nil
}

// itemOf returns the values that one item of an array stands for, as typed.
func itemOf(s train.Setting, item any) ([]string, error) {
	wrong := func(why string) error {
		return &train.FlagError{Flag: s.Name, Value: fmt.Sprint(item), Why: why}
	}
	switch item := item.(type) {
	case bool:
		return ParseList(s.Name, strconv.FormatBool(item))
	case int64:
		return ParseList(s.Name, strconv.FormatInt(item, 10))
	case float64:
		return ParseList(s.Name, train.FormatReal(item))
	case string:
		return ParseList(s.Name, item)
	case []any:
		if s.Kind != train.PathValue || s.Name == "counts" {
			return nil, wrong("a list in a list is for several texts of one run only: give the values in one list")
		}
		var names []string
		for _, n := range item {
			text, ok := n.(string)
			if !ok || text == "" || strings.Contains(text, "\x00") {
				return nil, wrong("the names of texts are strings")
			}
			names = append(names, text)
		}
		if len(names) == 0 {
			return nil, wrong("the list is empty: give at least one text")
		}
		c := train.Config{Corpus: train.NameCorpus(names...)}
		return []string{s.Text(c)}, nil
	case map[string]any:
		return nil, inTable(s.Name)
	}
	return nil, wrong("give a number, a word, true or false, or a list of them")
}

func inTable(name string) error {
	return fmt.Errorf("%s is a table, and settings have none: write %s = with a value or a list", name, name)
}
