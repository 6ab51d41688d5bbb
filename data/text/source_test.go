package text

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// readAll returns the text of a source.
func readAll(t *testing.T, s *Source) string {
	t.Helper()
	r, err := s.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestBuiltIn(t *testing.T) {
	if got := BuiltIn(); !slices.Equal(got, []string{"candle", "coat", "diary"}) {
		t.Fatalf("built in are %q", got)
	}
	for _, name := range BuiltIn() {
		s, err := Open(name, strings.NewReader("not this"))
		if err != nil || s.Name != name || !s.BuiltIn {
			t.Fatalf("%s: %+v, %v", name, s, err)
		}
		// It can be read again and again.
		if first, second := readAll(t, s), readAll(t, s); first != second || !strings.Contains(first, " ") {
			t.Errorf("%s reads %q, and then %q", name, first, second)
		}
	}
}

func TestOpenFile(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"diary", "a b.txt", "-x"} {
		if err := os.WriteFile(name, []byte("one two\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// A file that is called like a built-in corpus is not what its bare name
	// means.
	s, err := Open("diary", nil)
	if err != nil || !s.BuiltIn {
		t.Errorf("diary: %+v, %v; want the built-in corpus", s, err)
	}
	full, err := filepath.Abs("diary")
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range []string{"./diary", full, "a b.txt", "-x"} {
		s, err := Open(spec, nil)
		if err != nil || s.Name != spec || s.BuiltIn {
			t.Fatalf("%s: %+v, %v", spec, s, err)
		}
		if first, second := readAll(t, s), readAll(t, s); first != "one two\n" || second != first {
			t.Errorf("%s reads %q, and then %q", spec, first, second)
		}
	}
}

func TestOpenStandardInput(t *testing.T) {
	s, err := Open("-", strings.NewReader("one two\n"))
	if err != nil || s.Name != "-" || s.BuiltIn {
		t.Fatalf("%+v, %v", s, err)
	}
	if first, second := readAll(t, s), readAll(t, s); first != "one two\n" || second != "" {
		t.Errorf("standard input reads %q, and then %q; want it all, and then nothing", first, second)
	}
}

func TestOpenErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("file", []byte("one two\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for spec, want := range map[string]string{
		"dairy":     "corpus dairy: no such file, and not a built-in corpus (did you mean diary?): built in are candle, coat, diary",
		"Coats":     "corpus Coats: no such file, and not a built-in corpus (did you mean coat?): built in are candle, coat, diary",
		"names.txt": "corpus names.txt: no such file, and not a built-in corpus: built in are candle, coat, diary",
		"diary.txt": "corpus diary.txt: no such file, and not a built-in corpus (did you mean diary?): built in are candle, coat, diary",
		"folder/x":  "corpus folder/x: no such file, and not a built-in corpus: built in are candle, coat, diary",
		"folder":    "corpus folder: this is a directory, where one text is asked for: give a file",
		"file/x":    "corpus file/x: not a directory",
	} {
		s, err := Open(spec, nil)
		if err == nil || err.Error() != want || s != nil {
			t.Errorf("%s gives %v;\nwant %s", spec, err, want)
		}
	}
}

// TestReaderErrors: a file that Open has seen may be gone or barred when it is
// read.
func TestReaderErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name string, mode os.FileMode) *Source {
		if err := os.WriteFile(name, []byte("one two\n"), mode); err != nil {
			t.Fatal(err)
		}
		s, err := Open(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	gone := write("gone.txt", 0o600)
	if err := os.Remove("gone.txt"); err != nil {
		t.Fatal(err)
	}
	const want = "corpus gone.txt: no such file or directory"
	if _, err := gone.Reader(); err == nil || err.Error() != want {
		t.Errorf("got %v; want %s", err, want)
	}

	if os.Geteuid() == 0 {
		t.Skip("root may read every file")
	}
	barred := write("barred.txt", 0)
	if _, err := barred.Reader(); err == nil || err.Error() != "corpus barred.txt: permission denied" {
		t.Errorf("got %v", err)
	}
}

func TestFromTextAndBytes(t *testing.T) {
	const text = "one two\r\n\x00"
	for _, s := range []*Source{FromText("some name", text), FromBytes("some name", []byte(text))} {
		if s.Name != "some name" || s.BuiltIn {
			t.Errorf("%+v", s)
		}
		if first, second := readAll(t, s), readAll(t, s); first != text || second != text {
			t.Errorf("reads %q, and then %q", first, second)
		}
	}
}
