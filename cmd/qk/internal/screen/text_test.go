package screen

import (
	"slices"
	"testing"
)

func TestCut(t *testing.T) {
	tests := []struct {
		in    text
		width int
		want  text
	}{
		{"candle", 6, "candle"},
		{"candle", 5, "cand…"},
		{"candle", 1, "…"},
		{"candle", 0, ""},
		{"candle", -3, ""},
		{"", 3, ""},
		{"日記帳", 6, "日記帳"},
		{"日記帳", 5, "日記…"},
		{"日記帳", 4, "日…"},
		{"cafe\u0301s", 5, "cafe\u0301s"},
		{"cafe\u0301s!", 5, "cafe\u0301…"},
	}
	for _, tt := range tests {
		if got := cut(tt.in, tt.width); got != tt.want {
			t.Errorf("cut(%q, %d) = %q, want %q", tt.in, tt.width, got, tt.want)
		}
	}
}

func TestWrap(t *testing.T) {
	tests := []struct {
		in    text
		width int
		want  []text
	}{
		{"", 10, nil},
		{"   ", 10, nil},
		{"open the train diary", 10, []text{"open the", "train", "diary"}},
		{"open the train diary", 80, []text{"open the train diary"}},
		{"open  the", 9, []text{"open the"}},
		{"abcdefghij", 4, []text{"abcd", "efgh", "ij"}},
		{"a abcdefg b", 4, []text{"a", "abcd", "efg", "b"}},
		{"日記帳", 5, []text{"日記", "帳"}},
		{"日記帳", 1, []text{"日", "記", "帳"}},
	}
	for _, tt := range tests {
		if got := wrap(tt.in, tt.width); !slices.Equal(got, tt.want) {
			t.Errorf("wrap(%q, %d) = %q, want %q", tt.in, tt.width, got, tt.want)
		}
	}
}
