package text

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// What command line tools make of "see the candle\nsee the train\n": gzip -9n and
// zstd -19, as hexadecimal.
const (
	plainText = "see the candle\nsee the train\n"
	gzipText  = "1f8b08000000000002032b4e4d5528c94855484ecc4bc949e52a86724b8a1233f3b8008ff4ae4f1d000000"
	zstdText  = "28b52ffd0468e90000736565207468652063616e646c650a7365652074686520747261696e0a005a2836"
)

func fromHex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// gzipped compresses with the library of Go, which is another than the one that
// decompresses here.
func gzipped(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecompress(t *testing.T) {
	gz, zst := fromHex(t, gzipText), fromHex(t, zstdText)
	long := []byte(strings.Repeat(plainText, 100_000))
	skipped := append([]byte("\x50\x2a\x4d\x18\x03\x00\x00\x00abc"), zst...)
	for _, c := range []struct {
		name   string
		stored []byte
		want   string
	}{
		{"gzip", gz, plainText},
		{"zstd", zst, plainText},
		{"two gzip members", append(bytes.Clone(gz), gz...), plainText + plainText},
		{"two zstd frames", append(bytes.Clone(zst), zst...), plainText + plainText},
		{"a gzip member of nothing", gzipped(t, nil), ""},
		{"a long gzip member", gzipped(t, long), string(long)},
		{"a zstd frame that is skipped", skipped, plainText},
		{"plain", []byte(plainText), plainText},
		{"empty", nil, ""},
		{"a byte", []byte("x"), "x"},
		{"three bytes", []byte("abc"), "abc"},
	} {
		for way, r := range readers(string(c.stored)) {
			s := &Source{Name: c.name, size: int64(len(c.stored)), open: func() (io.ReadCloser, error) { return io.NopCloser(r()), nil }}
			if got := readAll(t, s); got != c.want {
				t.Errorf("%s, %s: %d bytes %.40q; want %.40q", c.name, way, len(got), got, c.want)
			}
		}
	}
}

// TestDecompressDamaged cuts compressed files off at every byte, and flips every
// bit: the text comes out as it is, or there is an error that names the file.
func TestDecompressDamaged(t *testing.T) {
	for format, text := range map[string]string{"gzip": gzipText, "zstd": zstdText} {
		whole := fromHex(t, text)
		for n := 4; n < len(whole); n++ {
			_, err := readStored(whole[:n])
			var e *Error
			if !errors.As(err, &e) || e.Name != "stored" || e.Line != 0 || e.Offset != int64(n) ||
				e.Reason != "the "+format+" data ends too early" || !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
				t.Errorf("%s, cut off after %d bytes: %v", format, n, err)
			}
		}
		for bit := 8 * 4; bit < 8*len(whole); bit++ {
			damaged := bytes.Clone(whole)
			damaged[bit/8] ^= 1 << (bit % 8)
			got, err := readStored(damaged)
			var e *Error
			if err == nil && got == plainText {
				continue // nothing but a name, a time or a hint of the format
			}
			if !errors.As(err, &e) || e.Name != "stored" || e.Offset < 4 || e.Offset > int64(len(whole)) || !strings.Contains(e.Reason, format) || e.Hint == "" {
				t.Errorf("%s, bit %d flipped: %q, %v", format, bit, got, err)
			}
		}
	}
	for _, c := range []struct {
		name   string
		stored []byte
		want   string
	}{
		{"wrong checksum", append(fromHex(t, gzipText[:len(gzipText)-16]), 0, 0, 0, 0, 29, 0, 0, 0), "stored: byte offset 43: the gzip data has a wrong checksum: the file is damaged: copy or download it once more"},
		{"wrong checksum", append(fromHex(t, zstdText[:len(zstdText)-8]), 0, 0, 0, 0), "stored: byte offset 42: the zstd data has a wrong checksum: the file is damaged: copy or download it once more"},
		{"something after it", append(fromHex(t, gzipText), "and more text"...), "stored: byte offset 53: after the gzip data comes something else: cut that off, or decompress the file first"},
		{"something after it", append(fromHex(t, zstdText), "and more text"...), "stored: byte offset 46: after the zstd data comes something else: cut that off, or decompress the file first"},
		{"a window of 2 GiB", append([]byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3}, fromHex(t, zstdText)[6:]...), "stored: byte offset 6: the zstd data needs more than 128 MiB to be decompressed: compress it anew with a smaller window, for example with zstd --long=27"},
	} {
		if _, err := readStored(c.stored); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v;\nwant %s", c.name, err, c.want)
		}
	}
}

// readStored reads a source that is stored like this.
func readStored(stored []byte) (string, error) {
	r, err := FromBytes("stored", stored).Reader()
	if err != nil {
		return "", err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	return string(text), err
}

// TestDecompressReadError: when a read fails, the data is not to blame.
func TestDecompressReadError(t *testing.T) {
	broken := errors.New("the cable came out")
	for _, text := range []string{gzipText, zstdText} {
		stored := fromHex(t, text)
		for n := 4; n < len(stored); n++ { // from where on it is known to be compressed
			s := &Source{Name: "a.gz", open: func() (io.ReadCloser, error) {
				return io.NopCloser(io.MultiReader(bytes.NewReader(stored[:n]), iotest.ErrReader(broken))), nil
			}}
			_, err := Number(context.Background(), []*Source{s}, NumberOptions{}, func(Chunk) error { return nil })
			if !errors.Is(err, broken) || !strings.Contains(err.Error(), "the cable came out") || strings.Contains(err.Error(), "damaged") {
				t.Fatalf("after %d bytes: %v", n, err)
			}
		}
	}
}

// TestNumberCompressed: what is damaged in the middle is an error of Number, after
// what came before, and names the offset in the file.
func TestNumberCompressed(t *testing.T) {
	t.Chdir(t.TempDir())
	var content strings.Builder
	for i := range 20000 {
		content.WriteString(strings.Repeat("ab", i%37) + " c\n")
	}
	gz := gzipped(t, []byte(content.String()))
	cut := len(gz) * 2 / 3
	for name, stored := range map[string][]byte{"whole.txt": gz, "cut.gz": gz[:cut]} {
		if err := os.WriteFile(name, stored, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	number := func(name string) (*Numbered, error) {
		s, err := Open(filepath.Join(".", name), nil)
		if err != nil {
			t.Fatal(err)
		}
		return Number(context.Background(), []*Source{s}, NumberOptions{chunk: 1000}, func(Chunk) error { return nil })
	}
	n, err := number("whole.txt")
	if err != nil || n.Sentences != 20000 || n.Bytes != uint64(content.Len()) {
		t.Errorf("%+v, %v", n, err)
	}
	_, err = number("cut.gz")
	var e *Error
	if !errors.As(err, &e) || e.Name != "cut.gz" || e.Offset != int64(cut) || e.Line != 0 {
		t.Errorf("got %v; want byte offset %d", err, cut)
	}
}

// FuzzDecompress: whatever is stored, it is read to the end or refused by name, in
// memory that is bounded.
func FuzzDecompress(f *testing.F) {
	for _, text := range []string{gzipText, zstdText, gzipText + gzipText, zstdText + zstdText, hex.EncodeToString([]byte(plainText))} {
		f.Add(fromHex(f, text))
	}
	f.Fuzz(func(t *testing.T, stored []byte) {
		r, err := FromBytes("stored", stored).Reader()
		if err == nil {
			_, err = io.Copy(io.Discard, io.LimitReader(r, 1<<24))
			r.Close()
		}
		var e *Error
		if err != nil && (!errors.As(err, &e) || e.Name != "stored" || e.Offset < 0 || e.Offset > int64(len(stored))) {
			t.Errorf("%x: %v", stored, err)
		}
	})
}
