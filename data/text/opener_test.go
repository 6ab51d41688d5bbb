package text

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestFromOpener(t *testing.T) {
	opened := 0
	source := FromOpener("far away", func() (io.ReadCloser, error) {
		if opened++; opened > 2 {
			return nil, io.ErrClosedPipe
		}
		return io.NopCloser(strings.NewReader("one two\n")), nil
	})
	if source.Name != "far away" || source.Size() != -1 || source.Once || source.BuiltIn {
		t.Errorf("the source is %+v", source)
	}
	for range 2 {
		r, err := source.Reader()
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(r); string(text) != "one two\n" || err != nil {
			t.Errorf("read %q, %v", text, err)
		}
	}
	if _, err := source.Reader(); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("opening gives %v", err)
	}
}

func TestCompressed(t *testing.T) {
	for begin, want := range map[string]bool{
		"": false, "a": false, "abcd": false, "\x1f": false, "\x1f\x8b": true, "\x1f\x8b\x08\x00": true,
		"\x28\xb5\x2f\xfd": true, "\x28\xb5\x2f": false, "\x50\x2a\x4d\x18": true, "\x5f\x2a\x4d\x18": true, "\x60\x2a\x4d\x18": false,
	} {
		if Compressed([]byte(begin)) != want {
			t.Errorf("%q is compressed: %t, want %t", begin, !want, want)
		}
	}
}
