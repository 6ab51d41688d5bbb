package train

import (
	"reflect"
	"strings"
	"testing"
)

// TestSettings writes and reads every setting, and checks that together they are
// the whole configuration.
func TestSettings(t *testing.T) {
	fields := map[int]bool{}
	for _, s := range Settings() {
		c := DefaultConfig("recall")
		typed := map[ValueKind]string{PathValue: "x", ChoiceValue: "y", BoolValue: "true", WholeValue: "77", RealValue: "1.25e-7"}[s.Kind]
		before := reflect.ValueOf(c)
		if s.Kind == BoolValue && s.Text(c) == "true" {
			typed = "false"
		}
		must(t, s.Set(&c, typed))
		if got := s.Text(c); got != typed {
			t.Errorf("%s: set to %s, is %s", s.Name, typed, got)
		}
		for i := range before.NumField() {
			if !before.Field(i).Equal(reflect.ValueOf(c).Field(i)) {
				fields[i] = true
			}
		}
		if found, ok := FindSetting(s.Name); !ok || found.Name != s.Name {
			t.Errorf("%s is not found", s.Name)
		}
		if (s.Choices() != nil) != (s.Kind == ChoiceValue) {
			t.Errorf("%s: choices %q", s.Name, s.Choices())
		}
	}
	if n := reflect.TypeFor[Config]().NumField(); len(fields) != n {
		t.Errorf("the settings reach %d of %d fields", len(fields), n)
	}
}

func TestSettingRefusals(t *testing.T) {
	for _, c := range []struct{ name, typed, want string }{
		{"rank", "few", "--rank few: give a whole number"},
		{"rank", "", `--rank "": give a whole number`},
		{"rank", "1.5", "give a whole number"},
		{"seed", "-1", "--seed=-1: give a whole number, 0 or above"},
		{"seed", "18446744073709551616", "this number is too large"},
		{"l2", "1e", "--l2 1e: give a number"},
		{"null", "maybe", "--null maybe: give true or false"},
	} {
		s, _ := FindSetting(c.name)
		var config Config
		wantError(t, s.Set(&config, c.typed), c.want)
	}
}

// TestCorpusTyped checks that names of texts survive being typed, whatever they are.
func TestCorpusTyped(t *testing.T) {
	s, _ := FindSetting("corpus")
	for _, names := range [][]string{{"a"}, {"a", "b"}, {`["a","b"]`}, {`["a"]`, ""}, {"[a"}, {"a,b"}, {"<&>"}, {"-", "é"}} {
		c := Config{Corpus: NameCorpus(names...)}
		var back Config
		must(t, s.Set(&back, s.Text(c)))
		if back.Corpus != c.Corpus {
			t.Errorf("%q: typed as %s, read as %q", names, s.Text(c), back.Corpus.Names())
		}
	}
	if text := s.Text(Config{Corpus: "a,b"}); text != "a,b" || strings.HasPrefix(text, "[") {
		t.Errorf("a name with a comma is typed as %s", text)
	}
}
