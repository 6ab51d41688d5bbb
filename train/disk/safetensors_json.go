package disk

import (
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// headerParser reads the part of JSON that safetensors headers are made of:
// objects, strings and arrays of integers that are not negative. A general JSON
// package is not strict enough here: it lets duplicate keys pass and puts a
// replacement character in the place of invalid text, after which two names
// that differ in the file may be the same.
type headerParser struct {
	text []byte
	pos  int
}

// errorf builds an error that names the place in the header.
func (p *headerParser) errorf(format string, args ...any) error {
	return formatErr(BadHeader, "", "byte %d: "+format, append([]any{p.pos}, args...)...)
}

// peek skips white space and gives the next byte, 0 at the end.
func (p *headerParser) peek() byte {
	for ; p.pos < len(p.text); p.pos++ {
		switch c := p.text[p.pos]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// expect reads the byte c, after any white space.
func (p *headerParser) expect(c byte) error {
	if p.peek() != c || p.pos == len(p.text) {
		return p.errorf("%q expected", c)
	}
	p.pos++
	return nil
}

// sequence reads items between two brackets, separated by commas.
func (p *headerParser) sequence(first, last byte, item func() error) error {
	if err := p.expect(first); err != nil {
		return err
	}
	if p.peek() == last {
		return p.expect(last)
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if p.peek() != ',' {
			return p.expect(last)
		}
		p.pos++
	}
}

// object reads an object and calls value after each key to read what is there.
func (p *headerParser) object(value func(key string) error) error {
	return p.sequence('{', '}', func() error {
		key, err := p.str()
		if err != nil {
			return err
		}
		if err := p.expect(':'); err != nil {
			return err
		}
		return value(key)
	})
}

// numbers reads an array of integers from 0 to the largest int64. Whether they
// fit an int on this machine shows in what they are compared with later.
func (p *headerParser) numbers() ([]uint64, error) {
	list := []uint64{}
	err := p.sequence('[', ']', func() error {
		p.peek()
		start := p.pos
		for p.pos < len(p.text) && '0' <= p.text[p.pos] && p.text[p.pos] <= '9' {
			p.pos++
		}
		digits := string(p.text[start:p.pos])
		if digits == "" || len(digits) > 1 && digits[0] == '0' {
			return p.errorf("a plain integer expected")
		}
		n, err := strconv.ParseUint(digits, 10, 64)
		if err != nil || n > math.MaxInt64 {
			return p.errorf("an integer that is too large")
		}
		list = append(list, n)
		return nil
	})
	return list, err
}

// str reads a string.
func (p *headerParser) str() (string, error) {
	if err := p.expect('"'); err != nil {
		return "", err
	}
	var out []byte
	for p.pos < len(p.text) {
		switch c := p.text[p.pos]; {
		case c == '"':
			p.pos++
			return string(out), nil
		case c < ' ':
			return "", p.errorf("control character in a string")
		case c == '\\':
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
		default:
			r, n := utf8.DecodeRune(p.text[p.pos:])
			if r == utf8.RuneError && n == 1 {
				return "", p.errorf("not UTF-8")
			}
			out = append(out, p.text[p.pos:p.pos+n]...)
			p.pos += n
		}
	}
	return "", p.errorf("string without an end")
}

// escape reads a backslash and what it stands for.
func (p *headerParser) escape() (rune, error) {
	if p.pos+1 >= len(p.text) {
		return 0, p.errorf("string without an end")
	}
	c := p.text[p.pos+1]
	p.pos += 2
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		return p.codePoint()
	}
	return 0, p.errorf("unknown escape")
}

// codePoint reads the digits after \u and, for the first half of a surrogate
// pair, the second half.
func (p *headerParser) codePoint() (rune, error) {
	r, err := p.hex4()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	if p.pos+1 < len(p.text) && p.text[p.pos] == '\\' && p.text[p.pos+1] == 'u' {
		p.pos += 2
		second, err := p.hex4()
		if err != nil {
			return 0, err
		}
		if pair := utf16.DecodeRune(r, second); pair != utf8.RuneError {
			return pair, nil
		}
	}
	return 0, p.errorf("half a surrogate pair")
}

// hex4 reads four hexadecimal digits.
func (p *headerParser) hex4() (rune, error) {
	if p.pos+4 > len(p.text) {
		return 0, p.errorf("string without an end")
	}
	var r rune
	for range 4 {
		c := p.text[p.pos]
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, p.errorf("hexadecimal digit expected")
		}
		p.pos++
	}
	return r, nil
}
