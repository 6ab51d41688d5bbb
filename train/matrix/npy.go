package matrix

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The .npy format, as NumPy describes it in numpy/lib/_format_impl.py: the bytes
// \x93NUMPY, one byte each for the major and the minor version, the length of the
// header, little-endian, in 2 bytes (version 1) or 4 (versions 2 and 3), and the
// header: a Python dict with the keys descr, fortran_order and shape and nothing
// else, as text, padded with blanks and ended with a line end. The numbers follow.
//
// The reader is our own because those that there are believe the header: npyio 0.6.0
// panics on a shape that overflows and on one without parentheses, allocates
// whatever is promised, takes a file that is cut short for one of zeros, and knows
// no float16.
const (
	npyMagic  = "\x93NUMPY"
	maxHeader = 1 << 16 // NumPy itself warns above 10,000
)

// readNPYHeader reads what comes before the numbers, and returns how long it is.
func readNPYHeader(in *bufio.Reader) (array, int64, error) {
	cut := func(err error) error {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("%w: its header is not whole: copy it once more", errCutShort)
		}
		return err
	}
	var start [8]byte
	if _, err := io.ReadFull(in, start[:]); err != nil {
		return array{}, 0, cut(err)
	}
	if string(start[:6]) != npyMagic {
		return array{}, 0, errors.New("it is no .npy file: write it with numpy.save")
	}
	version, width := start[6], 2
	switch {
	case start[7] != 0 || version < 1 || version > 3:
		return array{}, 0, fmt.Errorf("version %d.%d of .npy is not known: write it with numpy.save, which writes 1.0", version, start[7])
	case version > 1:
		width = 4
	}
	var length [4]byte
	if _, err := io.ReadFull(in, length[:width]); err != nil {
		return array{}, 0, cut(err)
	}
	n := binary.LittleEndian.Uint32(length[:])
	if n > maxHeader {
		return array{}, 0, fmt.Errorf("its header has %d bytes: that of a matrix has 128: write it anew with numpy.save", n)
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(in, header); err != nil {
		return array{}, 0, cut(err)
	}
	a, err := parseNPYHeader(string(header))
	return a, int64(len(start) + width + len(header)), err
}

// parseNPYHeader reads the dict of a header.
func parseNPYHeader(header string) (array, error) {
	p := pythonDict{rest: header}
	fields, err := p.parse()
	if err != nil {
		return array{}, fmt.Errorf("its header is damaged: %w: write it anew with numpy.save", err)
	}
	var a array
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if _, ok := fields[key]; !ok {
			return array{}, fmt.Errorf("its header is damaged: it has no %s: write it anew with numpy.save", key)
		}
	}
	if a.shape, err = fields["shape"].tuple(); err != nil {
		return array{}, fmt.Errorf("its header is damaged: %w: write it anew with numpy.save", err)
	}
	switch fields["fortran_order"].word {
	case "True":
		a.columns = true
	case "False":
	default:
		return array{}, fmt.Errorf("its header is damaged: fortran_order is neither True nor False: write it anew with numpy.save")
	}
	if fields["descr"].list {
		return array{}, notFloats("records of several fields")
	}
	a.number, err = npyNumber(fields["descr"].text)
	return a, err
}

// npyNumber reads a descr: the order of the bytes, a letter for the kind, the width.
func npyNumber(descr string) (number, error) {
	order, kind := "", descr
	if descr != "" && strings.ContainsRune("<>|=", rune(descr[0])) {
		order, kind = descr[:1], descr[1:]
	}
	var n number
	switch kind {
	case "f8":
		n = float64s
	case "f4":
		n = float32s
	case "f2":
		n = float16s
	default:
		return n, notFloats(kindText(descr, kind))
	}
	switch order {
	case "<":
		return n, nil
	case ">":
		return n.bigEndian(), nil
	}
	return n, fmt.Errorf("its header is damaged: descr %q does not tell the order of the bytes: write it anew with numpy.save", descr)
}

// kindText says what numbers of a descr are.
func kindText(descr, kind string) string {
	if kind == "" {
		return fmt.Sprintf("numbers of dtype %q", descr)
	}
	what := map[byte]string{
		'O': "Python objects, pickled, which qk does not run", 'i': "integers", 'u': "integers without sign", 'b': "truth values",
		'c': "complex numbers", 'f': "floating-point numbers of an unusual width", 'U': "text", 'S': "text", 'V': "raw bytes",
		'M': "dates", 'm': "time spans",
	}[kind[0]]
	if what == "" {
		what = "numbers"
	}
	return fmt.Sprintf("%s (dtype %q)", what, descr)
}
