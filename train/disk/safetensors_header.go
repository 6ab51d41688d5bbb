package disk

import "strings"

// parseHeader reads the JSON header of a safetensors file. The offsets and the
// shapes in it are not checked against anything yet.
func parseHeader(header []byte) (metadata map[string]string, entries []headerEntry, err error) {
	if len(header) == 0 || header[0] != '{' {
		return nil, nil, formatErr(BadHeader, "", "it does not start with {")
	}
	p := &headerParser{text: header}
	seen := map[string]bool{}
	err = p.object(func(name string) error {
		if seen[name] {
			return formatErr(BadName, name, "the name is used twice")
		}
		seen[name] = true
		if name == metadataKey {
			m, err := p.metadata()
			metadata = m
			return err
		}
		entry, err := p.entry(name)
		entries = append(entries, entry)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if rest := string(header[p.pos:]); strings.Trim(rest, " ") != "" {
		return nil, nil, p.errorf("only spaces may follow the closing brace")
	}
	return metadata, entries, nil
}

// metadata reads the map of text to text.
func (p *headerParser) metadata() (map[string]string, error) {
	m := map[string]string{}
	err := p.object(func(key string) error {
		if _, ok := m[key]; ok {
			return formatErr(BadName, metadataKey, "the key %q is used twice", key)
		}
		value, err := p.str()
		m[key] = value
		return err
	})
	return m, err
}

// entry reads the description of the tensor called name.
func (p *headerParser) entry(name string) (headerEntry, error) {
	e := headerEntry{name: name}
	var offsets []uint64
	seen := map[string]bool{}
	err := p.object(func(field string) (err error) {
		if seen[field] {
			return formatErr(BadHeader, name, "the field %q is there twice", field)
		}
		seen[field] = true
		switch field {
		case "dtype":
			e.dtype, err = p.str()
		case "shape":
			e.shape, err = p.numbers()
		case "data_offsets":
			offsets, err = p.numbers()
		default:
			err = formatErr(BadHeader, name, "the field %q is unknown", field)
		}
		return err
	})
	if err != nil {
		return e, err
	}
	for _, field := range []string{"dtype", "shape", "data_offsets"} {
		if !seen[field] {
			return e, formatErr(BadHeader, name, "the field %q is missing", field)
		}
	}
	if len(offsets) != 2 {
		return e, formatErr(BadHeader, name, "data_offsets has %d numbers, not 2", len(offsets))
	}
	e.begin, e.end = offsets[0], offsets[1]
	return e, nil
}
