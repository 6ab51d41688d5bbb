package screen

import (
	"math"
	"testing"
	"time"
)

func TestFigures(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	tests := []struct {
		name      string
		got, want text
	}{
		{"fixed", fixed(0.0660140172), "0.066014"},
		{"fixed negative", fixed(-1.5), "-1.500000"},
		{"fixed large", fixed(123456789), "1.235e+08"},
		{"fixed NaN", fixed(nan), "NaN"},
		{"fixed infinite", fixed(inf), "∞"},
		{"fixed minus infinite", fixed(-inf), "-∞"},
		{"above", above(0.066014), "+0.066014"},
		{"above tiny", above(3.1e-10), "+3.10e-10"},
		{"above nothing", above(0), "0"},
		{"above below", above(-0.25), "-0.250000"},
		{"above infinite", above(inf), "+∞"},
		{"above NaN", above(nan), "NaN"},
		{"brief", brief(0.0208695), "0.02087"},
		{"brief whole", brief(5), "5"},
		{"percent", percent(5. / 9), "55.6%"},
		{"percent of nothing", percent(0), "0.0%"},
		{"percent tiny", percent(1e-9), "<0.1%"},
		{"percent NaN", percent(nan), "–"},
		{"percent absurd", percent(1e9), "1e+09"},
		{"count", count(12), "12"},
		{"count thousand", count(1000), "1,000"},
		{"count million", count(-1234567), "-1,234,567"},
		{"count minus hundred", count(-100), "-100"},
		{"elapsed", elapsed(1234 * time.Millisecond), "1.2s"},
		{"elapsed long", elapsed(42 * time.Second), "42s"},
		{"duration none", duration(-time.Second), "0s"},
		{"duration", duration(9900 * time.Millisecond), "9s"},
		{"duration minutes", duration(65 * time.Second), "1m05s"},
		{"duration hours", duration(187 * time.Minute), "3h07m"},
		{"duration days", duration(102 * time.Hour), "4d06h"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestRate(t *testing.T) {
	tests := []struct {
		in   float64
		want text
	}{
		{0, ""}, {-1, ""}, {math.NaN(), ""}, {math.Inf(1), ""},
		{0.25, "0.25"}, {9.96, "10"}, {42.4, "42"}, {999.4, "999"}, {999.6, "1k"},
		{12345, "12.3k"}, {999600, "1M"}, {2.5e6, "2.5M"}, {1e300, "1.00e+300"},
	}
	for _, tt := range tests {
		if got, ok := rate(tt.in); got != tt.want || ok != (tt.want != "") {
			t.Errorf("rate(%v) = %q, %v, want %q", tt.in, got, ok, tt.want)
		}
	}
}
