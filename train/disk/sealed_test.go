package disk

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sealed gives a container as bytes.
func sealed(t testing.TB, version uint32, payload []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Seal(&b, version, payload); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSealLayout(t *testing.T) {
	got := sealed(t, 0x01020304, []byte("payload"))
	want := []byte("\x89qkseal\n\x04\x03\x02\x01\x07\x00\x00\x00\x00\x00\x00\x00payload")
	sum := sha256.Sum256(want)
	if want = append(want, sum[:]...); !bytes.Equal(got, want) {
		t.Errorf("got  %x\nwant %x", got, want)
	}
}

func TestSealRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		version := rapid.Uint32().Draw(rt, "version")
		payload := rapid.SliceOf(rapid.Byte()).Draw(rt, "payload")
		known := rapid.Uint32Range(version, 1<<32-1).Draw(rt, "known")
		data := sealed(t, version, payload)
		gotVersion, got, err := Unseal(data, known)
		if err != nil || gotVersion != version || !bytes.Equal(got, payload) {
			rt.Fatalf("got version %d, payload %x, error %v", gotVersion, got, err)
		}
		if cap(got) != len(got) {
			rt.Fatal("appending to the payload would overwrite the checksum")
		}
	})
}

// wantUnseal checks that data is refused for one of the given reasons and for
// no other.
func wantUnseal(t *testing.T, what string, at int, data []byte, maxVersion uint32, reasons ...error) {
	t.Helper()
	version, payload, err := Unseal(data, maxVersion)
	if err == nil || payload != nil {
		t.Fatalf("%s at %d: payload %x, error %v", what, at, payload, err)
	}
	if version != 0 && !errors.Is(err, ErrNewer) {
		t.Errorf("%s at %d: version %d with %v", what, at, version, err)
	}
	found, expected := 0, 0
	for _, reason := range []error{ErrNotSealed, ErrTruncated, ErrCorrupt, ErrNewer} {
		if errors.Is(err, reason) {
			found++
		}
	}
	for _, reason := range reasons {
		if errors.Is(err, reason) {
			expected++
		}
	}
	if found != 1 || expected != 1 {
		t.Errorf("%s at %d: error %v, want one of %v", what, at, err, reasons)
	}
}

func TestUnsealEveryTruncation(t *testing.T) {
	for _, payload := range []string{"", "x", "the state of a solver"} {
		data := sealed(t, 3, []byte(payload))
		for n := range data {
			wantUnseal(t, "cut", n, data[:n], 3, ErrTruncated)
		}
	}
}

func TestUnsealEveryBit(t *testing.T) {
	for _, maxVersion := range []uint32{3, 1 << 31, 1<<32 - 1} {
		data := sealed(t, 3, []byte("the state of a solver"))
		for bit := range 8 * len(data) {
			flipped := bytes.Clone(data)
			flipped[bit/8] ^= 1 << (bit % 8)
			want := ErrCorrupt
			switch {
			case bit/8 < 8:
				want = ErrNotSealed
			case bit/8 >= 12 && bit/8 < 20 && binary.LittleEndian.Uint64(flipped[12:]) > 21:
				want = ErrTruncated // a larger length cannot be told from a cut
			}
			wantUnseal(t, "flip", bit, flipped, maxVersion, want)
		}
	}
}

func TestUnsealEveryExtension(t *testing.T) {
	data := sealed(t, 3, []byte("the state of a solver"))
	for n := 1; n < 100; n++ {
		wantUnseal(t, "longer", n, append(bytes.Clone(data), make([]byte, n)...), 3, ErrCorrupt)
	}
	wantUnseal(t, "twice", 0, append(bytes.Clone(data), data...), 3, ErrCorrupt)
}

// TestUnsealWrongLength gives a length that is too small, under a checksum that
// agrees with it.
func TestUnsealWrongLength(t *testing.T) {
	data := sealed(t, 3, []byte("payload"))
	body := data[:len(data)-sha256.Size]
	binary.LittleEndian.PutUint64(body[12:], 6)
	sum := sha256.Sum256(body)
	wantUnseal(t, "length", 6, append(body, sum[:]...), 3, ErrCorrupt)
}

func TestUnsealOther(t *testing.T) {
	for i, data := range []string{"{", "{}", "PK\x03\x04", strings.Repeat("x", 100), "\x89PNG\r\n\x1a\n", "\x89qkseal\r\n"} {
		wantUnseal(t, "other", i, []byte(data), 3, ErrNotSealed)
	}
}

func TestUnsealNewer(t *testing.T) {
	version, payload, err := Unseal(sealed(t, 7, []byte("x")), 3)
	if !errors.Is(err, ErrNewer) || version != 7 || payload != nil {
		t.Fatalf("got version %d, payload %x, error %v", version, payload, err)
	}
	for _, number := range []string{"7", "3"} {
		if !strings.Contains(err.Error(), number) {
			t.Errorf("error %q does not name %s", err, number)
		}
	}
	if _, _, err := Unseal(sealed(t, 3, nil), 3); err != nil {
		t.Errorf("the newest known version: %v", err)
	}
}

func TestSealWriteError(t *testing.T) {
	data := sealed(t, 1, []byte("x"))
	for n := range data {
		if err := Seal(&limitedWriter{left: n}, 1, []byte("x")); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("room for %d bytes: error %v", n, err)
		}
	}
}

// limitedWriter has room for so many bytes.
type limitedWriter struct{ left int }

func (w *limitedWriter) Write(p []byte) (int, error) {
	n := min(len(p), w.left)
	w.left -= n
	if n < len(p) {
		return n, io.ErrShortWrite
	}
	return n, nil
}

func TestSealInFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint")
	payload := bytes.Repeat([]byte("state "), 50_000)
	err := WriteFile(path, func(w io.Writer) error { return Seal(w, 1, payload) })
	if err != nil {
		t.Fatal(err)
	}
	_, got, err := Unseal(mustRead(t, path), 1)
	if err != nil || !bytes.Equal(got, payload) {
		t.Errorf("%d bytes, error %v", len(got), err)
	}
}

func FuzzUnseal(f *testing.F) {
	for _, payload := range []string{"", "x", "a longer payload"} {
		f.Add(sealed(f, 1, []byte(payload)), uint32(1))
	}
	f.Add([]byte(sealMagic), uint32(0))
	f.Add([]byte("{}"), uint32(0))
	f.Fuzz(func(t *testing.T, data []byte, maxVersion uint32) {
		version, payload, err := Unseal(data, maxVersion)
		if err != nil {
			return
		}
		if version > maxVersion || !bytes.Equal(sealed(t, version, payload), data) {
			t.Errorf("accepted version %d, payload %x from %x", version, payload, data)
		}
	})
}
