package train

import (
	"slices"
	"testing"

	"qk/data/text"
)

// TestCountTextTells: what is being done is told, in order, and while the text is
// read how far that has come.
func TestCountTextTells(t *testing.T) {
	const content = "a b c\nd e f\na b d\ne f a\nb c d\nc d e\nf a b\nb a c\nd f e\nc b a\n"
	for _, test := range []struct {
		config Config
		want   []string
	}{
		{predict(), []string{"reading", "counting"}},
		{predict(func(c *Config) { c.HoldOut = 0.4 }), []string{"reading", "counting", "smoothing"}},
	} {
		var stages []string
		_, err := CountText(test.config, func(s Stage) {
			stages = append(stages, s.Doing)
			if s.Doing == "reading" && (s.Done != int64(len(content)) || s.Total != s.Done) {
				t.Errorf("at the end of the text, %+v", s)
			}
		}, text.FromText("text", content))
		must(t, err)
		if got := slices.Compact(stages); !slices.Equal(got, test.want) {
			t.Errorf("told %q, want %q", got, test.want)
		}
	}
}
