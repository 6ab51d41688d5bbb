package tensorboard

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"testing"
)

// This reader of event files is written from the specifications quoted in the package
// and shares no code with it: neither protowire nor the framing. Fields go by the names
// in the .proto files.

var errTorn = errors.New("the file ends within a record")

// readRecords takes a file apart. The checksum is unmasked, as crc32c.h does.
func readRecords(file []byte) ([][]byte, error) {
	table := crc32.MakeTable(crc32.Castagnoli)
	check := func(data, sum []byte) error {
		rotated := binary.LittleEndian.Uint32(sum) - 0xa282ead8
		if unmasked := rotated>>17 | rotated<<15; unmasked != crc32.Checksum(data, table) {
			return fmt.Errorf("checksum %08x of %d bytes is wrong", unmasked, len(data))
		}
		return nil
	}
	var records [][]byte
	for len(file) > 0 {
		if len(file) < 12 {
			return records, errTorn
		}
		if err := check(file[:8], file[8:12]); err != nil {
			return records, err
		}
		n := binary.LittleEndian.Uint64(file)
		if n > uint64(len(file)) || uint64(len(file))-n < 16 {
			return records, errTorn
		}
		if err := check(file[12:12+n], file[12+n:16+n]); err != nil {
			return records, err
		}
		records = append(records, file[12:12+n])
		file = file[16+n:]
	}
	return records, nil
}

// fields are the fields of a message: by number, the values in their order. A value is
// a uint64, or bytes.
type fields map[int][]any

func readMessage(b []byte) (fields, error) {
	m := fields{}
	varint := func() (x uint64, err error) {
		for shift := 0; shift < 64; shift += 7 {
			if len(b) == 0 {
				return 0, errors.New("a number is cut short")
			}
			c := b[0]
			b = b[1:]
			x |= uint64(c&127) << shift
			if c < 128 {
				return x, nil
			}
		}
		return 0, errors.New("a number is too long")
	}
	for len(b) > 0 {
		key, err := varint()
		if err != nil {
			return nil, err
		}
		var value any
		switch key & 7 {
		case 0:
			value, err = varint()
		case 1, 5:
			n := map[uint64]int{1: 8, 5: 4}[key&7]
			if len(b) < n {
				return nil, errors.New("a number is cut short")
			}
			var wide [8]byte
			copy(wide[:], b[:n])
			value, b = binary.LittleEndian.Uint64(wide[:]), b[n:]
		case 2:
			var n uint64
			if n, err = varint(); err == nil && n > uint64(len(b)) {
				err = errors.New("a field is cut short")
			}
			if err == nil {
				value, b = b[:n], b[n:]
			}
		default:
			err = fmt.Errorf("wire type %d", key&7)
		}
		if err != nil {
			return nil, err
		}
		m[int(key>>3)] = append(m[int(key>>3)], value)
	}
	return m, nil
}

// number, text and sub return the last value of a field, as proto3 wants it.
func (m fields) number(field int) uint64 {
	if v := m[field]; len(v) > 0 {
		x, _ := v[len(v)-1].(uint64)
		return x
	}
	return 0
}

func (m fields) text(field int) string {
	if v := m[field]; len(v) > 0 {
		b, _ := v[len(v)-1].([]byte)
		return string(b)
	}
	return ""
}

func (m fields) sub(t testing.TB, field int) fields {
	t.Helper()
	s, err := readMessage([]byte(m.text(field)))
	if err != nil {
		t.Fatalf("field %d: %v", field, err)
	}
	return s
}

func (m fields) subs(t testing.TB, field int) []fields {
	t.Helper()
	var all []fields
	for _, v := range m[field] {
		b, _ := v.([]byte)
		s, err := readMessage(b)
		if err != nil {
			t.Fatalf("field %d: %v", field, err)
		}
		all = append(all, s)
	}
	return all
}

func (m fields) double(field int) float64 { return math.Float64frombits(m.number(field)) }

// point is a value of a summary with its event.
type point struct {
	step  int
	wall  float64
	value fields // Summary.Value
}

func (p point) scalar() float64 { return float64(math.Float32frombits(uint32(p.value.number(2)))) }

// plugin returns the name and the content of SummaryMetadata.plugin_data.
func (p point) plugin(t testing.TB) (name, content string) {
	data := p.value.sub(t, 9).sub(t, 1)
	return data.text(1), data.text(2)
}

// readEvents reads an event file: the points of each tag.
func readEvents(t testing.TB, file []byte) map[string][]point {
	t.Helper()
	records, err := readRecords(file)
	if err != nil {
		t.Fatal(err)
	}
	points := map[string][]point{}
	for i, r := range records {
		e, err := readMessage(r)
		if err != nil {
			t.Fatal(err)
		}
		if version := e.text(3); (version == "brain.Event:2") != (i == 0) {
			t.Errorf("event %d has version %q", i, version)
		}
		for _, v := range e.sub(t, 5).subs(t, 1) {
			tag := v.text(1)
			points[tag] = append(points[tag], point{int(e.number(2)), e.double(1), v})
		}
	}
	return points
}

// FuzzReadRecords wants the reader of the tests to survive any file.
func FuzzReadRecords(f *testing.F) {
	f.Add(appendRecord(nil, versionEvent(1)))
	f.Add(appendRecord(nil, event(1, 2, scalars([]Scalar{{"a", 1}}))))
	f.Fuzz(func(_ *testing.T, file []byte) {
		records, _ := readRecords(file)
		for _, r := range append(records, file) {
			_, _ = readMessage(r)
		}
	})
}
