package matrix

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// pythonDict reads the part of Python that headers of .npy files are made of: a dict
// whose keys are strings and whose values are strings, True, False, tuples of
// integers, and lists, whose content is passed over.
type pythonDict struct{ rest string }

// pythonValue is one of those values.
type pythonValue struct {
	text string // of a string
	word string // True, False, or the text between the parentheses of a tuple
	list bool
}

// parse reads the dict, after which nothing but white space may come.
func (p *pythonDict) parse() (map[string]pythonValue, error) {
	fields := map[string]pythonValue{}
	if !p.take("{") {
		return nil, errors.New("it does not start with {")
	}
	for !p.take("}") {
		key, err := p.str()
		if err != nil {
			return nil, err
		}
		if _, again := fields[key]; again {
			return nil, fmt.Errorf("%q is there twice", key)
		}
		switch key {
		case "descr", "fortran_order", "shape":
		default:
			return nil, fmt.Errorf("%q is not known", key)
		}
		if !p.take(":") {
			return nil, fmt.Errorf("no colon after %q", key)
		}
		if fields[key], err = p.value(); err != nil {
			return nil, err
		}
		if !p.take(",") {
			if !p.take("}") {
				return nil, errors.New("it has no end")
			}
			break
		}
	}
	if strings.Trim(p.rest, " \t\r\n\x00") != "" {
		return nil, errors.New("something follows the dict")
	}
	return fields, nil
}

// take reads a mark, after any white space, if it is there.
func (p *pythonDict) take(mark string) bool {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	rest, ok := strings.CutPrefix(p.rest, mark)
	if ok {
		p.rest = rest
	}
	return ok
}

// str reads a string without escapes.
func (p *pythonDict) str() (string, error) {
	for _, quote := range []string{"'", `"`} {
		if p.take(quote) {
			s, rest, ok := strings.Cut(p.rest, quote)
			if !ok || strings.Contains(s, `\`) {
				return "", errors.New("a string has no end, or an escape")
			}
			p.rest = rest
			return s, nil
		}
	}
	return "", errors.New("a string is expected")
}

func (p *pythonDict) value() (pythonValue, error) {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	for _, word := range []string{"True", "False"} {
		if p.take(word) {
			return pythonValue{word: word}, nil
		}
	}
	switch {
	case p.take("("):
		inside, rest, ok := strings.Cut(p.rest, ")")
		if !ok {
			return pythonValue{}, errors.New("a tuple has no end")
		}
		p.rest = rest
		return pythonValue{word: "(" + inside}, nil
	case strings.HasPrefix(p.rest, "["):
		return p.skipList()
	}
	s, err := p.str()
	return pythonValue{text: s}, err
}

// skipList passes over a list, with the lists in it.
func (p *pythonDict) skipList() (pythonValue, error) {
	depth := 0
	for i, c := range p.rest {
		switch c {
		case '[':
			depth++
		case ']':
			depth--
		}
		if depth == 0 {
			p.rest = p.rest[i+1:]
			return pythonValue{list: true}, nil
		}
	}
	return pythonValue{}, errors.New("a list has no end")
}

// tuple reads the integers of a tuple: (), (3,), (3, 4) or (3, 4,).
func (v pythonValue) tuple() ([]int, error) {
	inside, ok := strings.CutPrefix(v.word, "(")
	if !ok {
		return nil, errors.New("shape is no tuple")
	}
	inside = strings.TrimSpace(inside)
	shape := []int{}
	if inside == "" {
		return shape, nil
	}
	parts := strings.Split(inside, ",")
	switch last := len(parts) - 1; {
	case last == 0:
		return nil, errors.New("shape is no tuple")
	case strings.TrimSpace(parts[last]) == "":
		parts = parts[:last]
	}
	for _, part := range parts {
		part = strings.TrimSuffix(strings.TrimSpace(part), "L") // Python 2 wrote 3L
		n, err := strconv.ParseUint(part, 10, strconv.IntSize-1)
		if err != nil {
			return nil, fmt.Errorf("%q in the shape is no size", part)
		}
		shape = append(shape, int(n))
	}
	return shape, nil
}
