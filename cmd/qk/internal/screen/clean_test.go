package screen

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	tests := []struct {
		name, in string
		want     text
	}{
		{"empty", "", ""},
		{"word", "candle", "candle"},
		{"accents", "café naïve", "café naïve"},
		{"decomposed accent", "cafe\u0301", "cafe\u0301"},
		{"scripts", "日記 Ωδή свеча שלום हिन्दी", "日記 Ωδή свеча שלום हिन्दी"},
		{"emoji", "🕯", "🕯"},
		{"escape sequence", "\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"title sequence", "\x1b]0;own\a", `\x1b]0;own\x07`},
		{"8-bit sequence introducer", "\u009b31m", `\u009b31m`},
		{"line ends", "a\nb\r\tc", `a\nb\r\tc`},
		{"line separators", "a\u2028b\u2029c\u0085d", `a\u2028b\u2029c\u0085d`},
		{"delete, backspace, NUL", "\x7f\b\x00", `\x7f\x08\x00`},
		{"direction override", "abc\u202edef\u202c", `abc\u202edef\u202c`},
		{"direction isolate", "\u2066x\u2069", `\u2066x\u2069`},
		{"zero-width space, byte order mark", "a\u200bb\ufeff", `a\u200bb\ufeff`},
		{"soft hyphen", "soft\u00adhyphen", `soft\u00adhyphen`},
		{"no-break and ideographic space", "a\u00a0b\u3000c", `a\u00a0b\u3000c`},
		{"invisible letters", "a\u3164\u115f\u2800", `a\u3164\u115f\u2800`},
		{"tag characters", "x\U000e0041", `x\U000e0041`},
		{"private use", "\ue000\U000f0000", `\ue000\U000f0000`},
		{"invalid bytes", "a\xff\xc3(", `a\xff\xc3(`},
		{"surrogate", "\xed\xa0\x80", `\xed\xa0\x80`},
		{"replacement character itself", "a\ufffdb", "a\ufffdb"},
		{"mark with nothing to stand on", "\u0301a", "◌\u0301a"},
		{"mark after a space", "a \u0301", "a ◌\u0301"},
		{"mark after an escape", "\n\u0301", `\n` + "◌\u0301"},
		{"too many marks", "a" + strings.Repeat("\u0301", 8), text("a" + strings.Repeat("\u0301", 6) + `\u0301\u0301`)},
		{"non-joiner within a word", "می\u200cخواهم", "می\u200cخواهم"},
		{"joiner after a virama", "क्\u200dष", "क्\u200dष"},
		{"joiner at an end", "a\u200d", `a\u200d`},
		{"joiner between emoji", "👩\u200d👧", `👩\u200d👧`},
		{"joiner before an invisible letter", "a\u200d\u3164", `a\u200d\u3164`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := clean(tt.in); got != tt.want {
				t.Errorf("clean(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{
		"candle", "\x1b[2J", "\u202eabc", "a\u0301\u0302", "\xff\xfe", "a\u200db", "\n\u0301",
		"日記\u3000", "\u009b1;31m", strings.Repeat("\u0300", 30), "a\u200d\u3164", "a\\x1b",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := string(clean(s))
		if !utf8.ValidString(got) {
			t.Fatalf("clean(%q) = %q is not UTF-8", s, got)
		}
		marks := 0
		for i, r := range got {
			switch {
			case r == '\u200c' || r == '\u200d':
				before, _ := utf8.DecodeLastRuneInString(got[:i])
				after, _ := utf8.DecodeRuneInString(got[i+3:])
				if !unicode.In(before, unicode.L, unicode.M) || !unicode.IsLetter(after) {
					t.Fatalf("clean(%q) = %q keeps a joiner outside a word", s, got)
				}
			case !unicode.IsPrint(r):
				t.Fatalf("clean(%q) = %q lets %U through", s, got, r)
			case unicode.Is(unicode.M, r):
				if marks++; marks > maxMarks {
					t.Fatalf("clean(%q) = %q piles up marks", s, got)
				}
			default:
				marks = 0
			}
		}
		if again := string(clean(got)); again != got {
			t.Fatalf("cleaned twice: %q, once: %q", again, got)
		}
		if plainASCII(s) && got != s {
			t.Fatalf("clean(%q) = %q changes plain text", s, got)
		}
	})
}
