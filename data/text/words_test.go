package text

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// tokensOf returns the tokens of a line.
func tokensOf(t Tokenizer, line string) []string {
	var tokens []string
	t.Split([]byte(line), func(token []byte) { tokens = append(tokens, string(token)) })
	return tokens
}

// tokenizers returns one of every kind.
func tokenizers() []Tokenizer {
	var all []Tokenizer
	for _, tokens := range KnownTokens() {
		for _, keepCase := range []bool{false, true} {
			for _, punctuation := range []bool{false, true} {
				all = append(all, Tokenizer{Tokens: tokens, KeepCase: keepCase, Punctuation: punctuation})
			}
		}
	}
	return all
}

func TestSplitWords(t *testing.T) {
	for _, c := range []struct {
		name, line string
		want       string // tokens, with | between them
		all        string // the same with Punctuation, if different
	}{
		{"blank", " \t \u3000 ", "", ""},
		{"a sentence", "See whether the candle went out yet.", "see|whether|the|candle|went|out|yet", "see|whether|the|candle|went|out|yet|."},
		{"white space of every kind", "a\tb\u00a0c\u2003d\u2028e\u0085f\rg\vh\u3000i", "a|b|c|d|e|f|g|h|i", ""},

		// WB6 and WB7: letters × (MidLetter | MidNumLet | Single_Quote) letters.
		{"contractions", "Don't, can't've", "don't|can't've", "don't|,|can't've"},
		{"typographic apostrophe is another character", "don’t", "don’t", ""},
		{"apostrophe before or after a word", "'tis the dogs' rock 'n' roll", "tis|the|dogs|rock|n|roll", "'|tis|the|dogs|'|rock|'|n|'|roll"},
		{"full stop between letters", "e.g. the U.S.A.", "e.g|the|u.s.a", "e.g|.|the|u.s.a|."},
		{"colon between letters", "ROMEO: a:b a::b", "romeo|a:b|a|b", "romeo|:|a:b|a|:|:|b"},
		{"middle dot of Catalan", "col·lecció", "col·lecció", ""},
		{"two middle characters in a row separate", "a..b", "a|b", "a|.|.|b"},

		// WB8 to WB12: digits, letters, and (MidNum | MidNumLet | Single_Quote)
		// between digits.
		{"numbers", "3.14 1,000,000 3D 1st", "3.14|1,000,000|3d|1st", ""},
		{"a date and a time", "2024-05-17 12:30", "2024|05|17|12|30", "2024|-|05|-|17|12|:|30"},
		{"signs and units", "$3.50, -7, 50%, ½, m²", "3.50|7|50|½|m|²", "$|3.50|,|-|7|,|50|%|,|½|,|m|²"},
		{"comma without a space", "a,b 1,b", "a|b|1|b", "a|,|b|1|,|b"},

		// WB13a and WB13b: × ExtendNumLet ×.
		{"low line", "snake_case __init__ _", "snake_case|__init__", "snake_case|__init__|_"},
		{"narrow no-break space in a number", "10\u202f000", "10\u202f000", ""},
		{"narrow no-break space before a mark", "quoi\u202f? «\u202foui\u202f»", "quoi|oui", "quoi|?|«|oui|»"},

		// WB999: everything else separates.
		{"hyphens", "mother-in-law e‑mail —", "mother|in|law|e|mail", "mother|-|in|-|law|e|‑|mail|—"},
		{"addresses", "a.b@example.com https://go.dev/x", "a.b|example.com|https|go.dev|x", "a.b|@|example.com|https|:|/|/|go.dev|/|x"},
		{"tags and code", "#Go C++ x=y", "go|c|x|y", "#|go|c|+|+|x|=|y"},

		// WB4: marks, and format characters such as the soft hyphen, belong to
		// what they follow.
		{"combining marks", "cafe\u0301 n\u0303", "cafe\u0301|n\u0303", ""},
		{"soft hyphen and joiner within a word", "co\u00adop nai\u200dve", "co\u00adop|nai\u200dve", ""},
		{"nothing visible", "a \u200b \u00ad \u200e \u0007 \ufeff b", "a|b", ""},
		{"mark on a space", "a \u0308 b", "a|b", "a|\u0308|b"},

		// WB5, and WB7a to WB7c for Hebrew.
		{"Greek", "Ὀδυσσεύς ΟΔΟΣ", "ὀδυσσεύς|οδοσ", ""},
		{"Russian", "Война и мир", "война|и|мир", ""},
		{"Arabic with vowel signs", "كِتَابٌ جَدِيد؟", "كِتَابٌ|جَدِيد", "كِتَابٌ|جَدِيد|؟"},
		{"Arabic digits", "٣٫١٤ و٥", "٣٫١٤|و٥", ""},
		{"Hebrew gershayim", "צה\"ל ג' \"שלום\"", "צה\"ל|ג'|שלום", "צה\"ל|ג'|\"|שלום|\""},
		{"Devanagari", "नमस्ते दुनिया।", "नमस्ते|दुनिया", "नमस्ते|दुनिया|।"},
		{"Hangul", "안녕하세요 세계", "안녕하세요|세계", ""},

		// WB13: Katakana × Katakana. No rule joins ideographs, hiragana, or
		// the letters of scripts that need a dictionary.
		{"katakana", "コーヒー、カップ", "コーヒー|カップ", "コーヒー|、|カップ"},
		{"ideographs and hiragana", "世界の、こと", "世|界|の|こ|と", "世|界|の|、|こ|と"},
		{"Thai", "ไทยดี", "ไ|ท|ย|ดี", ""},
		{"mixed scripts", "Go言語3.0とΩmega", "go|言|語|3.0|と|ωmega", ""},
		{"ideograph newer than the tables of Go 1.26", "\U0002EBF0。", "\U0002EBF0", "\U0002EBF0|。"},

		// WB3c: ZWJ × \p{Extended_Pictographic}; WB15 and WB16: flags in pairs.
		{"emoji", "I ❤️ tea 😀😀", "i|tea", "i|❤️|tea|😀|😀"},
		{"emoji joined by ZWJ", "👩‍👩‍👧 🧑🏽‍🚀", "", "👩‍👩‍👧|🧑🏽‍🚀"},
		{"flags", "🇩🇪🇫🇷🇯", "", "🇩🇪|🇫🇷|🇯"},
		{"a digit in a box is a number", "1️⃣ #️⃣", "1️⃣", "1️⃣|#️⃣"},
		{"circled letters are Alphabetic", "Ⓐ ™ ℹ", "ⓐ|ℹ", "ⓐ|™|ℹ"},
		{"Arabic signs that are format characters", "\u06dd \u0600", "", "\u06dd|\u0600"},
		{"private use", "\ue000", "", "\ue000"},
	} {
		if c.all == "" {
			c.all = c.want
		}
		for punctuation, want := range map[bool]string{false: c.want, true: c.all} {
			got := strings.Join(tokensOf(Tokenizer{Punctuation: punctuation}, c.line), "|")
			if got != want {
				t.Errorf("%s (punctuation %v): %q gives %q; want %q", c.name, punctuation, c.line, got, want)
			}
		}
	}
}

// TestSplitWordsBoundaries has the shortest text for each rule of UAX #29,
// section 4.1.1, in the notation of the annex: ÷ is a boundary, × is none.
func TestSplitWordsBoundaries(t *testing.T) {
	for _, c := range []struct{ rule, text string }{
		{"WB3c", ".×\u200d×😀"},
		{"WB4", ".×\u0308÷a×\u0308×\u200d×b"},
		{"WB5", "a×é×א×ب"},
		{"WB6, WB7", "a×'×b"},
		{"WB6, WB7 with marks in between", "a×\u0308×'×\u0308×b"},
		{"WB6 needs a letter after", "a÷'÷,÷b"},
		{"WB7 needs a letter before", "1÷:÷b"},
		{"WB7a", "א×'÷,"},
		{"WB7b, WB7c", "א×\"×א"},
		{"WB7b needs Hebrew after", "א÷\"÷a"},
		{"WB8", "1×2"},
		{"WB9, WB10", "a×1×a"},
		{"WB11, WB12", "1×,×2×.×3×'×4"},
		{"WB12 needs a digit after", "1÷,÷a"},
		{"WB13", "ア×イ"},
		{"WB13 is not for hiragana", "あ÷い"},
		{"WB13a, WB13b", "a×_×1×_×ア×_"},
		{"WB15", "🇦×🇧÷🇨×🇩÷🇪"},
		{"WB16", "a÷🇦×🇧÷🇨÷b"},
		{"WB999", "a÷/÷b÷-÷1÷世÷界"},
	} {
		want := strings.Split(strings.ReplaceAll(c.text, "×", ""), "÷")
		line := strings.Join(want, "")
		if got := tokensOf(Tokenizer{Tokens: Words, KeepCase: true, Punctuation: true}, line); !slices.Equal(got, want) {
			t.Errorf("%s: %q gives %q; want %q", c.rule, line, got, want)
		}
	}
}

func TestSplitChars(t *testing.T) {
	for _, c := range []struct {
		name, line string
		want       string
		all        string
	}{
		{"blank", " \t ", "", ""},
		{"a name", "emma", "e|m|m|a", ""},
		{"capitals", "Emma", "e|m|m|a", ""},
		{"white space at the ends", " \tEd\r", "e|d", ""},
		{"white space between words", "to \t\u00a0be", "t|o| |b|e", ""},
		{"punctuation at the ends", "- ab, -", "a|b", "-| |a|b|,| |-"},
		{"punctuation between words", "a - b, c-d", "a| |b| |c|d", "a| |-| |b|,| |c|-|d"},
		{"digits", "No 3.14", "n|o| |3|1|4", "n|o| |3|.|1|4"},

		// GB9, GB9a and GB9b: marks stay with their letter, signs with what follows.
		{"combining mark", "cafe\u0301", "c|a|f|e\u0301", ""},
		{"mark on a space", "a \u0308b", "a| |b", "a| |\u0308|b"},
		{"Thai", "ดีกำ", "ดี|กำ", ""},
		{"Arabic number sign and a space", "\u0600 1", "1", "\u0600| |1"},
		// GB9c: a virama joins consonants, Unicode 15.1 and later.
		{"Devanagari", "नमस्ते क्षि", "न|म|स्ते| |क्षि", ""},
		// GB6 to GB8: jamo make syllables.
		{"Hangul as jamo", "\u1112\u1161\u11ab\u1100\u1173\u11af", "\u1112\u1161\u11ab|\u1100\u1173\u11af", ""},
		{"ideographs", "世界。", "世|界", "世|界|。"},
		// GB11: pictographs joined by ZWJ; GB12 and GB13: flags in pairs.
		{"emoji", "a👩‍👩‍👧👍🏽b", "a|b", "a|👩‍👩‍👧|👍🏽|b"},
		{"flags", "🇩🇪🇫🇷", "", "🇩🇪|🇫🇷"},
		{"a digit in a box", "1️⃣", "1️⃣", ""},
		// GB4 and GB5: control and format characters stand alone, and show nothing.
		{"nothing visible", "co\u00adop\u200b\u0007s", "c|o|o|p|s", ""},
		// GB3 keeps CR and LF together; here they are white space.
		{"line ends", "a\r\nb\r", "a| |b", ""},
	} {
		if c.all == "" {
			c.all = c.want
		}
		for punctuation, want := range map[bool]string{false: c.want, true: c.all} {
			got := strings.Join(tokensOf(Tokenizer{Tokens: Chars, Punctuation: punctuation}, c.line), "|")
			if got != want {
				t.Errorf("%s (punctuation %v): %q gives %q; want %q", c.name, punctuation, c.line, got, want)
			}
		}
	}
}

func TestSplitFields(t *testing.T) {
	for _, c := range []struct{ name, line, want string }{
		{"blank", " \t ", ""},
		{"tokens as they come", " <s> Don't mother-in-law , — 😀\t... </s>\r", "<s>|don't|mother-in-law|,|—|😀|...|</s>"},
		{"white space of every kind", "a\u00a0b\u3000c\u202fd\u0085e", "a|b|c|d|e"},
		{"what shows nothing is kept too", "a \u200b b", "a|\u200b|b"},
	} {
		for _, punctuation := range []bool{false, true} {
			got := strings.Join(tokensOf(Tokenizer{Tokens: Fields, Punctuation: punctuation}, c.line), "|")
			if got != c.want {
				t.Errorf("%s: %q gives %q; want %q", c.name, c.line, got, c.want)
			}
		}
	}
}

func TestSplitKeepCase(t *testing.T) {
	const line = "The TRAIN İ ẞ Σ ǅ"
	for _, tokens := range []Tokens{"", Words, Fields} {
		want := []string{"The", "TRAIN", "İ", "ẞ", "Σ", "ǅ"}
		if got := tokensOf(Tokenizer{Tokens: tokens, KeepCase: true}, line); !slices.Equal(got, want) {
			t.Errorf("tokens %q: got %q; want %q", tokens, got, want)
		}
		want = []string{"the", "train", "i", "ß", "σ", "ǆ"}
		if got := tokensOf(Tokenizer{Tokens: tokens}, line); !slices.Equal(got, want) {
			t.Errorf("tokens %q: got %q; want %q", tokens, got, want)
		}
	}
}

// TestLowerCase has the characters whose lower case is not a matter of course.
// The values are the Simple_Lowercase_Mapping of UnicodeData.txt.
func TestLowerCase(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"ABC xyz", "abc xyz"},
		{"İstanbul", "istanbul"}, // U+0130 → U+0069, not i and U+0307
		{"Irmak ısı", "irmak ısı"},
		{"ΟΔΟΣ οδος", "οδοσ οδος"}, // U+03A3 → U+03C3 wherever it stands
		{"ẞ ß SS", "ß ß ss"},
		{"Ǆ ǅ ǆ", "ǆ ǆ ǆ"},
		{"\u212a \u2126 \u212b", "k ω å"}, // Kelvin, ohm and ångström signs
		{"ﬁ ŉ", "ﬁ ŉ"},                    // no single lower case of their own
		{"Ა Ⴀ Ꭰ ꭰ", "ა ⴀ ꭰ ꭰ"},            // Georgian, old Georgian, Cherokee
		{"\U00010400Ⓐ", "\U00010428ⓐ"},
		{"Ⱥ", "ⱥ"}, // two bytes become three
	} {
		if got := string(appendLower(nil, []byte(c.in))); got != c.want {
			t.Errorf("%q becomes %q; want %q", c.in, got, c.want)
		}
	}
}

// TestLowerCaseOfEveryCharacter goes through all of Unicode: the same as
// strings.ToLower, idempotent, and a letter stays what Split keeps.
func TestLowerCaseOfEveryCharacter(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r == 0x40000 {
			r = 0xE0000 // the planes in between are empty
		}
		if r == 0xF0100 {
			break // and from here on there is private use only
		}
		if !utf8.ValidRune(r) {
			continue
		}
		once := appendLower(nil, []byte(string(r)))
		if want := strings.ToLower(string(r)); string(once) != want {
			t.Errorf("%U becomes %q; strings.ToLower gives %q", r, once, want)
		}
		if twice := appendLower(nil, once); !bytes.Equal(once, twice) {
			t.Errorf("%U becomes %q and then %q", r, once, twice)
		}
		lower, _ := utf8.DecodeRune(once)
		if lower != r && (wordlike(r) != wordlike(lower) || visible(r) != visible(lower)) {
			t.Errorf("%U and its lower case %U are not kept alike", r, lower)
		}
		if wordlike(r) && !visible(r) {
			t.Errorf("%U is kept without punctuation and dropped with it", r)
		}
	}
}

func TestLowerCaseLeavesBadBytes(t *testing.T) {
	if got := string(appendLower([]byte("x"), []byte("A\xffÉ\xe2"))); got != "xa\xffé\xe2" {
		t.Errorf("got %q", got)
	}
}

func TestParseTokens(t *testing.T) {
	for _, want := range KnownTokens() {
		if got, err := ParseTokens(string(want)); got != want || err != nil {
			t.Errorf("%q gives %q, %v", want, got, err)
		}
	}
	for _, bad := range []string{"", "word", "Words", " chars", "bytes"} {
		_, err := ParseTokens(bad)
		if err == nil || !strings.HasSuffix(err.Error(), ": use one of words, chars, fields") {
			t.Errorf("%q gives %v; want an error with the valid values", bad, err)
		}
	}
}

func TestSplitPanicsOnUnknownTokens(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	tokensOf(Tokenizer{Tokens: "wrods"}, "a")
}

// checkSplit checks what holds for every line. Of one that is not valid UTF-8,
// which Lines never passes on, it asks little.
func checkSplit(t interface {
	Helper()
	Fatalf(string, ...any)
}, line string) {
	t.Helper()
	lower := string(appendLower(nil, []byte(line)))
	for _, tok := range tokenizers() {
		given := []byte(line)
		var tokens []string
		tok.Split(given, func(token []byte) { tokens = append(tokens, string(token)) })
		if string(given) != line {
			t.Fatalf("%+v changed the line %q to %q", tok, line, given)
		}
		if !utf8.ValidString(line) {
			if slices.Contains(tokens, "") {
				t.Fatalf("%+v: %q has an empty token", tok, line)
			}
			continue
		}

		// The tokens stand in the line, one after another.
		rest := line
		if !tok.KeepCase {
			rest = lower
		}
		for i, token := range tokens {
			if tok.Tokens == Chars && token == " " {
				if i == 0 || i == len(tokens)-1 || tokens[i-1] == " " {
					t.Fatalf("%+v: %q has a space where none may be: %q", tok, line, tokens)
				}
				before, _, _ := strings.Cut(rest, tokens[i+1])
				if !strings.ContainsFunc(before, unicode.IsSpace) {
					t.Fatalf("%+v: %q has a space that is not in the line: %q", tok, line, tokens)
				}
				continue
			}
			if token == "" || token != strings.TrimSpace(token) {
				t.Fatalf("%+v: %q has the token %q", tok, line, token)
			}
			if !tok.KeepCase && token != string(appendLower(nil, []byte(token))) {
				t.Fatalf("%+v: %q has the token %q, not in lower case", tok, line, token)
			}
			_, after, ok := strings.Cut(rest, token)
			if !ok {
				t.Fatalf("%+v: %q gives %q, which do not stand in it in this order", tok, line, tokens)
			}
			rest = after
		}

		// Case does not move boundaries.
		if !tok.KeepCase {
			kept := tok
			kept.KeepCase = true
			cased := tokensOf(kept, line)
			for i, token := range cased {
				cased[i] = string(appendLower(nil, []byte(token)))
			}
			if !slices.Equal(tokens, cased) {
				t.Fatalf("%+v: %q gives %q; with capitals kept, and folded later, %q", tok, line, tokens, cased)
			}
		}

		// Nothing that shows is lost.
		if tok.Punctuation || tok.Tokens == Fields {
			if got, want := shown(tokens...), shown(line); tok.KeepCase && got != want {
				t.Fatalf("%+v: %q gives %q, so that of %q only %q is left", tok, line, tokens, want, got)
			}
		} else {
			for _, token := range tokens {
				if token != " " && !strings.ContainsFunc(token, wordlike) {
					t.Fatalf("%+v: %q has the token %q", tok, line, token)
				}
			}
		}
	}
}

// shown returns the visible characters of texts.
func shown(texts ...string) string {
	var all []rune
	for _, text := range texts {
		for _, r := range text {
			if visible(r) {
				all = append(all, r)
			}
		}
	}
	return string(all)
}

// textPieces matter to at least one rule of word or character boundaries.
func textPieces() []string {
	return []string{
		"a", "B", "é", "E\u0301", "\u0308", "İ", "ẞ", "Σ", "ς", "ǅ", "Ⓜ", "1", "½", "٣", "'", "’", "\"", ".", ",", ":", "_", "-", "/", "@",
		" ", "  ", "\t", "\r", "\r\n", "\u00a0", "\u202f", "\u2028", "\u3000", "\u0085", "\u200b", "\u200d", "\u00ad", "\ufeff", "\u0007", "\u0600",
		"世", "の", "カ", "한", "\u1112", "\u1161", "ไ", "กำ", "ب", "ِ", "א", "क", "\u094d", "षि", "😀", "👍🏽", "👩‍👧", "❤️", "🇩", "🇪", "#️⃣", "™", "\ue000", "\U0002EBF0",
	}
}

func TestSplitProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkSplit(t, strings.Join(rapid.SliceOf(rapid.SampledFrom(textPieces())).Draw(t, "line"), ""))
	})
	rapid.Check(t, func(t *rapid.T) { checkSplit(t, rapid.String().Draw(t, "line")) })
}

// TestSplitOfHalves: white space between words is a boundary that nothing can
// undo, so a line is the sum of its halves.
func TestSplitOfHalves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SliceOf(rapid.SampledFrom(textPieces()))
		// A mark at the start of the second half would change the space.
		a := strings.Join(line.Draw(t, "a"), "")
		b := "x" + strings.Join(line.Draw(t, "b"), "")
		for _, tok := range tokenizers() {
			first, second := tokensOf(tok, a), tokensOf(tok, b)
			want := slices.Concat(first, second)
			if tok.Tokens == Chars && len(first) > 0 {
				want = slices.Concat(first, []string{" "}, second)
			}
			if got := tokensOf(tok, a+" "+b); !slices.Equal(got, want) {
				t.Fatalf("%+v: %q gives %q; its halves %q", tok, a+" "+b, got, want)
			}
		}
	})
}

// TestSplitLineEnds: the tokens of a text do not depend on its line ends.
func TestSplitLineEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.Map(rapid.SliceOf(rapid.SampledFrom(textPieces())), func(pieces []string) string {
			return strings.ReplaceAll(strings.Join(pieces, ""), "\r\n", "")
		})
		lines := rapid.SliceOf(line).Draw(t, "lines")
		for _, tok := range tokenizers() {
			var texts [2][]string
			for i, end := range []string{"\n", "\r\n"} {
				visit := func(_ int, text []byte) error {
					texts[i] = append(texts[i], strings.Join(tokensOf(tok, string(text)), "|"))
					return nil
				}
				if err := Lines(strings.NewReader(strings.Join(lines, end)), "corpus.txt", visit); err != nil {
					t.Fatal(err)
				}
			}
			if !slices.Equal(texts[0], texts[1]) {
				t.Fatalf("%+v: LF gives %q, CRLF %q", tok, texts[0], texts[1])
			}
		}
	})
}

func FuzzSplit(f *testing.F) {
	for _, seed := range []string{
		"See whether the candle went out yet.", "Don't pay 3.14 for mother-in-law's e.g.", "10\u202f000 צה\"ל İẞΣς",
		"世界のカタカナ ไทยดี नमस्ते 한국어", "👩‍👩‍👧 🇩🇪🇫🇷 1️⃣ ❤️", " \u0308 \u0600 \u200d😀", "\xff a\xe2\x82 B",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) { checkSplit(t, line) })
}

func BenchmarkSplit(b *testing.B) {
	line := []byte("Open the candle diary, and look up when it went out again!")
	for _, tokens := range KnownTokens() {
		b.Run(string(tokens), func(b *testing.B) {
			b.SetBytes(int64(len(line)))
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				Tokenizer{Tokens: tokens}.Split(line, func([]byte) { n++ })
			}
		})
	}
}
