package text

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// makeFiles writes files, each of which holds its own path, and makes the folders
// above them.
func makeFiles(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(path+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func namesOf(sources []*Source) []string {
	var names []string
	for _, s := range sources {
		names = append(names, filepath.ToSlash(s.Name))
	}
	return names
}

func TestOpenAll(t *testing.T) {
	t.Chdir(t.TempDir())
	makeFiles(t, "d/b", "d/a/z", "d/a.txt", "d/a-b", "d/B", "d/.hidden", "d/.git/config", "d/é", "d/a/deep/er/x.gz", "one.txt", "diary/file")
	if err := os.Mkdir("d/empty", 0o700); err != nil {
		t.Fatal(err)
	}
	inOrder := []string{"d/B", "d/a-b", "d/a.txt", "d/a/deep/er/x.gz", "d/a/z", "d/b", "d/é"} // as `LC_ALL=C sort` has them
	for _, c := range []struct {
		specs string
		want  []string
	}{
		{"one.txt", []string{"one.txt"}},
		{"d", inOrder},
		{"./d/", inOrder},
		{"d/a", []string{"d/a/deep/er/x.gz", "d/a/z"}},
		{"one.txt d/a coat - one.txt", []string{"one.txt", "d/a/deep/er/x.gz", "d/a/z", "coat", "-", "one.txt"}},
		{"diary", []string{"diary"}},
		{"diary/", []string{"diary/file"}},
		{"d/.git", []string{"d/.git/config"}},
	} {
		sources, err := OpenAll(strings.Fields(c.specs), strings.NewReader("in\n"))
		if got := namesOf(sources); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, %v; want %q", c.specs, got, err, c.want)
			continue
		}
		for _, s := range sources {
			want := s.Name + "\n"
			switch s.Name {
			case "-":
				want = "in\n"
			case "coat", "diary":
				if !s.BuiltIn {
					t.Errorf("%s is not the built-in corpus", s.Name)
				}
				continue
			}
			if got := readAll(t, s); filepath.ToSlash(got) != filepath.ToSlash(want) || s.Size() != int64(len(want)) && s.Name != "-" || s.Name == "-" && s.Size() != -1 {
				t.Errorf("%s: %s reads %q, and is said to have %d bytes", c.specs, s.Name, got, s.Size())
			}
		}
	}
}

func TestOpenAllErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	makeFiles(t, "d/b", "hidden/.x")
	for _, c := range []struct {
		specs []string
		want  string
	}{
		{nil, "no corpus is given: give a file, a directory, - for standard input, or one of candle, coat, diary"},
		{[]string{"d", ""}, "the corpus has no name: give a file, - for standard input, or one of candle, coat, diary"},
		{[]string{"-", "d", "-"}, "- can be read only once: give it only once"},
		{[]string{"d", "dairy"}, "corpus dairy: no such file, and not a built-in corpus (did you mean diary?): built in are candle, coat, diary"},
		{[]string{"hidden"}, "corpus hidden: no file in this directory, or only hidden ones: give a text"},
	} {
		if sources, err := OpenAll(c.specs, nil); err == nil || err.Error() != c.want || sources != nil {
			t.Errorf("%q gives %v;\nwant %s", c.specs, err, c.want)
		}
	}
}

// TestOpenAllLinks follows links to files, and refuses what could hide a text.
func TestOpenAllLinks(t *testing.T) {
	t.Chdir(t.TempDir())
	makeFiles(t, "d/b", "other/x", "good/y")
	link := func(target, path string) {
		if err := os.Symlink(target, path); err != nil {
			t.Skip(err)
		}
	}
	link("../other/x", "good/a")
	link("../good", "d/loop")
	link("good", "outer")
	for spec, want := range map[string][]string{"good": {"good/a", "good/y"}, "outer": {"outer/a", "outer/y"}} {
		if sources, err := OpenAll([]string{spec}, nil); err != nil || !slices.Equal(namesOf(sources), want) {
			t.Errorf("%s: %q, %v; want %q", spec, namesOf(sources), err, want)
		}
	}
	const want = "corpus d/loop: a link to a directory, which is not followed: give that directory as a corpus of its own, and remove the link"
	if _, err := OpenAll([]string{"d"}, nil); err == nil || filepath.ToSlash(err.Error()) != want {
		t.Errorf("got %v;\nwant %s", err, want)
	}
	link("nowhere", "good/z")
	if _, err := OpenAll([]string{"good"}, nil); err == nil || !strings.HasPrefix(filepath.ToSlash(err.Error()), "corpus good/z: a link that leads nowhere: ") {
		t.Errorf("got %v", err)
	}
}

func TestNames(t *testing.T) {
	for specs, want := range map[string]string{
		"coat": "coat", "- coat": "standard input, coat", "coat candle diary": "coat, candle, diary", "coat candle diary coat -": "coat, candle, diary and 2 more",
	} {
		sources, err := OpenAll(strings.Fields(specs), nil)
		if got := Names(sources); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", specs, got, err, want)
		}
	}
}

// TestFileChanges has a file that is written to while it is read.
func TestFileChanges(t *testing.T) {
	t.Chdir(t.TempDir())
	content := strings.Repeat("one two\n", 1000)
	for name, change := range map[string]func() error{
		"longer":  func() error { return os.WriteFile("f", []byte(content+"three\n"), 0o600) },
		"shorter": func() error { return os.Truncate("f", 4000) },
		"empty":   func() error { return os.Truncate("f", 0) },
		"touched": func() error { return os.Chtimes("f", time.Time{}, time.Now().Add(time.Hour)) },
		"nothing": func() error { return nil },
		// The file that was opened is still there, and as it was.
		"replaced": func() error {
			if err := os.WriteFile("g", []byte("three\n"), 0o600); err != nil {
				return err
			}
			return os.Rename("g", "f")
		},
	} {
		if err := os.WriteFile("f", []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open("f", nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Reader()
		if err != nil {
			t.Fatal(err)
		}
		head := make([]byte, 1000)
		if _, err := io.ReadFull(r, head); err != nil {
			t.Fatal(err)
		}
		if err := change(); err != nil {
			t.Logf("%s: %v", name, err) // not on every system
			r.Close()
			continue
		}
		rest, err := io.ReadAll(r)
		if name == "nothing" || name == "replaced" {
			if err != nil || string(head)+string(rest) != content {
				t.Errorf("%s: %d bytes, %v", name, len(rest), err)
			}
		} else if want := ": the file was changed while it was read: wait until nothing writes to it, or copy it first"; err == nil || !strings.HasPrefix(err.Error(), "f: byte offset ") || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v; want %s", name, err, want)
		}
		r.Close()
	}
}
