package text

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// checkCuts splits a line as a whole and, wherever it can be cut, in two.
func checkCuts(t interface {
	Helper()
	Fatalf(string, ...any)
}, line string) {
	t.Helper()
	for _, tok := range tokenizers() {
		want := tokensOf(tok, line)
		for place := 1; place < len(line); place++ {
			if !tok.cuts([]byte(line), place) {
				continue
			}
			left, right := line[:place], line[place:]
			got := tokensOf(tok, left)
			last, _ := utf8.DecodeLastRuneInString(left)
			tok.split([]byte(right), len(got) > 0, unicode.IsSpace(last), func(token []byte) { got = append(got, string(token)) })
			if !slices.Equal(got, want) {
				t.Fatalf("%+v: %q and %q give %q; want %q", tok, left, right, got, want)
			}
		}
	}
}

func TestCutProperties(t *testing.T) {
	pieces := slices.DeleteFunc(numberPieces(), func(s string) bool { return strings.Contains(s, "\n") })
	pieces = append(pieces, " ", "\t", "世", "界", "中", "\U00020000", "㐀", "鿿")
	rapid.Check(t, func(t *rapid.T) {
		checkCuts(t, strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 20).Draw(t, "line"), ""))
	})
}

// TestCutBeforeEveryCharacter puts every character there is after white space and
// after an ideograph, between texts that could join it to one another.
func TestCutBeforeEveryCharacter(t *testing.T) {
	all := []Tokenizer{{Punctuation: true}, {Tokens: Chars, Punctuation: true}}
	cut := 0
	for y := rune(1); y <= 0xe0200; y++ { // from where on there is private use only
		// Most letters without case are alike, and so is what is for private use.
		if (unicode.In(y, unicode.Lo, unicode.Co) && y > 0x3100 || !unicode.IsGraphic(y) && !unicode.Is(unicode.Cf, y)) && y%64 > 0 || unicode.IsSpace(y) || !utf8.ValidRune(y) {
			continue
		}
		for _, x := range []string{"a ", "'世"} {
			for _, tok := range all {
				line := x + string(y) + "a1"
				if !tok.cuts([]byte(line), len(x)) {
					continue
				}
				cut++
				got := tokensOf(tok, x)
				tok.split([]byte(line[len(x):]), len(got) > 0, x != "'世", func(token []byte) { got = append(got, string(token)) })
				if want := tokensOf(tok, line); !slices.Equal(got, want) {
					t.Errorf("%+v, %U after %q: %q; want %q", tok, y, x, got, want)
				}
			}
		}
	}
	if cut < 50_000 {
		t.Errorf("only %d places to cut", cut)
	}
}

func TestLastCut(t *testing.T) {
	for _, c := range []struct {
		text               string
		words, chars, rest int // and for Fields
	}{
		{"", 0, 0, 0},
		{"a", 0, 0, 0},
		{"ab\n", 3, 3, 3},
		{"ab\ncd", 3, 3, 3},
		{"ab\r\ncd ef", 4, 4, 4},
		{"ab cd", 3, 3, 3},
		{"ab  cd ", 4, 4, 4},
		{"ab \tcd", 4, 4, 4},
		{"ab\rcd", 3, 3, 3},
		{"ab é", 3, 3, 3},
		{"ab \xc3", 0, 0, 0},        // half a character, which may be anything
		{"ab \u0301", 0, 0, 3},      // a mark belongs to the space
		{"ab \u200d", 0, 0, 3},      // and so does a joiner
		{"ab \u0e33", 0, 0, 3},      // Thai am is a mark to clusters alone
		{"ab\u00a0cd", 0, 0, 0},     // no ASCII white space
		{"a\u3000\u3000b", 0, 0, 0}, // nor these
		{"世界", 3, 3, 0},             // each a word
		{"世界\u0301", 3, 3, 0},       // not between the second and its mark
		{"世\u0301界", 0, 0, 0},       // after a mark
		{"世、", 3, 3, 0},             // before punctuation
		{"a世", 0, 0, 0},             // not after a letter
		{"ab cd世界ef", len("ab cd世界"), len("ab cd世界"), 3},
	} {
		for i, tok := range []Tokenizer{{}, {Tokens: Chars}, {Tokens: Fields}} {
			if got, want := tok.lastCut([]byte(c.text), 0, len(c.text)), []int{c.words, c.chars, c.rest}[i]; got != want {
				t.Errorf("%+v: %q is cut at %d; want %d", tok, c.text, got, want)
			}
		}
	}
	const text = "a b c d e f"
	for from := range len(text) {
		for to := from; to <= len(text); to++ {
			want := 0
			for place := 2; place <= min(to, len(text)-1); place += 2 {
				if place > from {
					want = place
				}
			}
			if got := (Tokenizer{}).lastCut([]byte(text), from, to); got != want {
				t.Errorf("after %d up to %d: %d; want %d", from, to, got, want)
			}
		}
	}
}
