package screen

import (
	"bytes"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/clipperhouse/displaywidth"
	"pgregory.net/rapid"
)

// sgr is the one kind of escape sequence that a drawing may hold.
var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// checkOutput fails if a drawing is wider than the window, holds anything that
// could steer the terminal, or ends in a blank that cannot be seen.
func checkOutput(t interface {
	Helper()
	Fatalf(string, ...any)
}, out string, width int, colour bool) {
	t.Helper()
	if out == "" {
		return
	}
	if !strings.HasSuffix(out, "\n") {
		t.Fatalf("the last line is not ended: %q", out)
	}
	for l := range strings.Lines(out) {
		l = strings.TrimSuffix(l, "\n")
		bare := l
		if colour {
			bare = sgr.ReplaceAllString(l, "")
			if strings.Count(l, "\x1b[0m")*2 != strings.Count(l, "\x1b[") {
				t.Fatalf("a style is left on: %q", l)
			}
		}
		if w := displaywidth.String(bare); w > width {
			t.Fatalf("%d columns in a window of %d: %q", w, width, bare)
		}
		for _, r := range bare {
			if !unicode.IsPrint(r) && r != '\u200c' && r != '\u200d' {
				t.Fatalf("%U reaches the terminal: %q", r, bare)
			}
		}
		if strings.HasSuffix(l, " ") {
			t.Fatalf("blanks at the end: %q", l)
		}
	}
}

var (
	genWord = rapid.OneOf(
		rapid.StringMatching(`[a-z]{0,12}`),
		rapid.StringMatching(`[a-z]{20,60}`),
		rapid.String(),
		rapid.SampledFrom([]string{"", " ", "a b", "日記帳", "cafe\u0301", "\x1b[31m", "\u202e", "a\nb", "\u0301", "👩\u200d👧", "🇩🇪", "हिन्दी", "\xff"}),
	)
	genText  = rapid.Map(rapid.SliceOfN(genWord, 0, 12), func(ws []string) string { return strings.Join(ws, " ") })
	genWords = rapid.SliceOfN(genWord, 0, 40)
	genValue = rapid.OneOf(
		rapid.Float64Range(0, 1), rapid.Float64(),
		rapid.SampledFrom([]float64{0, 1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, 1e-12}),
	)
	genValues = rapid.SliceOfN(genValue, 0, 40)
	genMap    = rapid.Custom(func(t *rapid.T) Heatmap {
		m := Heatmap{
			Title:  genText.Draw(t, "title"),
			Values: rapid.SliceOfN(genValues, 0, 40).Draw(t, "values"),
		}
		if rapid.Bool().Draw(t, "marked") {
			m.Marks = rapid.SliceOfN(rapid.SliceOfN(rapid.OneOf(rapid.Just('●'), rapid.Just(rune(0)), rapid.Rune()), 0, 9), 0, 9).Draw(t, "marks")
		}
		if rapid.Bool().Draw(t, "own columns") {
			m.Columns, m.ColumnWeights = genWords.Draw(t, "columns"), genValues.Draw(t, "weights")
		}
		return m
	})
)

func TestNoLineIsTooWide(t *testing.T) {
	drawings := map[string]func(*rapid.T, *Screen){
		"heading": func(t *rapid.T, s *Screen) { s.Heading(genText.Draw(t, "text")) },
		"paragraph": func(t *rapid.T, s *Screen) {
			s.Paragraph(genText.Draw(t, "text"))
			s.Gap()
			s.Aside(genText.Draw(t, "text"))
		},
		"pairs": func(t *rapid.T, s *Screen) {
			s.Pairs(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Pair {
				return Pair{genWord.Draw(t, "key"), genText.Draw(t, "value")}
			}), 0, 12).Draw(t, "pairs"))
		},
		"table": func(t *rapid.T, s *Screen) {
			s.Table(Table{
				Columns: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Column {
					return Column{genWord.Draw(t, "title"), rapid.Bool().Draw(t, "right"), rapid.IntRange(0, 2).Draw(t, "optional")}
				}), 0, 12).Draw(t, "columns"),
				Rows:   rapid.SliceOfN(genWords, 0, 6).Draw(t, "rows"),
				Strong: rapid.SliceOfN(rapid.IntRange(-1, 6), 0, 3).Draw(t, "strong"),
			})
		},
		"heatmaps": func(t *rapid.T, s *Screen) {
			s.Heatmaps(Heatmaps{
				Rows: genWords.Draw(t, "rows"), RowWeights: genValues.Draw(t, "row weights"),
				Columns: genWords.Draw(t, "columns"), ColumnWeights: genValues.Draw(t, "column weights"),
				RowTitle: genWord.Draw(t, "row title"), ColumnTitle: genText.Draw(t, "column title"),
				Lo: genValue.Draw(t, "lo"), Hi: genValue.Draw(t, "hi"),
				MaxRows: rapid.IntRange(-1, 50).Draw(t, "max rows"), MaxColumns: rapid.IntRange(-1, 50).Draw(t, "max columns"),
				Legend: []Mark{{'●', genText.Draw(t, "meaning")}},
				Maps:   rapid.SliceOfN(genMap, 0, 4).Draw(t, "maps"),
			})
		},
		"ladder": func(t *rapid.T, s *Screen) {
			s.Ladder(genText.Draw(t, "unit"), rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Rung {
				return Rung{genText.Draw(t, "name"), genValue.Draw(t, "value"), genText.Draw(t, "note"),
					rapid.Bool().Draw(t, "highlight"), rapid.Bool().Draw(t, "floor")}
			}), 0, 6).Draw(t, "rungs"))
		},
		"votes": func(t *rapid.T, s *Screen) {
			s.Votes(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) VoteGroup {
				return VoteGroup{genText.Draw(t, "title"), genText.Draw(t, "note"),
					rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Vote {
						return Vote{genWord.Draw(t, "word"), genValue.Draw(t, "share"), genValue.Draw(t, "raw")}
					}), 0, 9).Draw(t, "votes")}
			}), 0, 4).Draw(t, "groups"), rapid.IntRange(-1, 9).Draw(t, "most"))
		},
		"rules": func(t *rapid.T, s *Screen) {
			votes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Vote {
				return Vote{Word: genWord.Draw(t, "word"), Share: genValue.Draw(t, "share")}
			}), 0, 4)
			trial := rapid.Custom(func(t *rapid.T) *Trial {
				if rapid.Bool().Draw(t, "none") {
					return nil
				}
				return &Trial{genValue.Draw(t, "saves"), rapid.SliceOfN(genText, 0, 3).Draw(t, "facts"), rapid.Bool().Draw(t, "never")}
			})
			rules := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Rule {
				return Rule{rapid.Bool().Draw(t, "raised"), genWord.Draw(t, "earlier"), genWords.Draw(t, "twins"),
					genValue.Draw(t, "saves"), rapid.SliceOfN(genText, 0, 5).Draw(t, "facts"), trial.Draw(t, "held out"),
					votes.Draw(t, "with"), votes.Draw(t, "without"), rapid.IntRange(0, 2000).Draw(t, "more"), 0, rapid.Bool().Draw(t, "always")}
			}), 0, 4)
			s.Rules(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) RuleGroup {
				return RuleGroup{genWord.Draw(t, "current"), rapid.SliceOfN(genText, 0, 5).Draw(t, "facts"), rapid.SliceOfN(genText, 0, 3).Draw(t, "held out"), rules.Draw(t, "rules")}
			}), 0, 4).Draw(t, "groups"))
		},
		"verdict": func(t *rapid.T, s *Screen) {
			s.Verdict(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Check {
				return Check{genText.Draw(t, "name"), rapid.Bool().Draw(t, "pass"),
					genText.Draw(t, "figure"), genWord.Draw(t, "bound"), genText.Draw(t, "note")}
			}), 0, 5).Draw(t, "checks"))
		},
		"progress": func(t *rapid.T, s *Screen) {
			now := time.Unix(0, 0)
			p := s.Progress(func() time.Time { return now })
			for _, st := range rapid.SliceOfN(genState, 0, 5).Draw(t, "states") {
				p.Update(st)
				now = now.Add(3 * time.Second)
			}
			p.Done(genState.Draw(t, "last"))
		},
	}
	for name, draw := range drawings {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				width := rapid.OneOf(rapid.IntRange(20, 120), rapid.SampledFrom([]int{20, 40, 80, 200, 1000})).Draw(t, "width")
				colour := rapid.Bool().Draw(t, "colour")
				var b bytes.Buffer
				s := New(&b, Options{Width: width, Colour: colour})
				draw(t, s)
				checkOutput(t, b.String(), width, colour)
			})
		})
	}
}

var genState = rapid.Custom(func(t *rapid.T) State {
	return State{
		Step: rapid.Int().Draw(t, "step"), Steps: rapid.Int().Draw(t, "steps"),
		Loss: genValue.Draw(t, "loss"), Above: genValue.Draw(t, "above"),
		PerSecond: genValue.Draw(t, "speed"), Left: time.Duration(rapid.Int64().Draw(t, "left")),
	}
})

// FuzzHeatmaps cuts a map of any shape to any width: what is shown must fit,
// and must be the rows and columns that it says.
func FuzzHeatmaps(f *testing.F) {
	f.Add(uint8(27), uint8(27), uint16(80), uint8(12), "went", uint64(1), true, true)
	f.Add(uint8(1), uint8(200), uint16(20), uint8(0), "日記", uint64(7), false, true)
	f.Add(uint8(0), uint8(3), uint16(40), uint8(1), "\x1b[2J", uint64(0), true, false)
	f.Fuzz(func(t *testing.T, rows, columns uint8, width uint16, most uint8, label string, seed uint64, colour, marked bool) {
		next := func() float64 { // a small generator is enough here
			seed = seed*6364136223846793005 + 1442695040888963407
			return float64(seed>>40) / (1 << 24)
		}
		h := Heatmaps{MaxRows: int(most), Maps: []Heatmap{{Title: label}, {Title: "counted"}}}
		for r := range int(rows) {
			h.Rows = append(h.Rows, label[:r%(len(label)+1)])
			h.RowWeights = append(h.RowWeights, next())
			values := make([]float64, columns)
			for c := range values {
				values[c] = next()
			}
			h.Maps[0].Values = append(h.Maps[0].Values, values)
		}
		for c := range int(columns) {
			h.Columns = append(h.Columns, label[c%(len(label)+1):])
			h.ColumnWeights = append(h.ColumnWeights, next())
		}
		if marked {
			h.Maps[0].Marks = [][]rune{[]rune(label)}
			h.Legend = []Mark{{'●', label}}
		}
		w := clampWidth(int(width))
		var b bytes.Buffer
		New(&b, Options{Width: w, Colour: colour}).Heatmaps(h)
		checkOutput(t, b.String(), w, colour)

		fit := h.fit(w, colour)
		checkKept(t, h.RowWeights, fit.rows)
		for _, p := range fit.panels {
			checkKept(t, h.ColumnWeights, p.columns)
			if len(p.columns) == 0 {
				t.Fatalf("no columns are shown in a window of %d", w)
			}
		}
	})
}

// checkKept fails unless the entries kept are in order and none left out
// weighs more than one of them.
func checkKept(t *testing.T, weights []float64, kept []int) {
	t.Helper()
	in := make(map[int]bool)
	least := math.Inf(1)
	for i, k := range kept {
		if i > 0 && k <= kept[i-1] {
			t.Fatalf("not in order: %v", kept)
		}
		in[k] = true
		least = min(least, weights[k])
	}
	for i, w := range weights {
		if !in[i] && w > least {
			t.Fatalf("entry %d weighs %v and is left out, the lightest kept weighs %v", i, w, least)
		}
	}
}
