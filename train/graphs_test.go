package train

import (
	"strings"
	"testing"

	"qk/graph"
)

// TestAutoGraph: the choice is settled when the text is counted, and recorded. A
// tiny text and the task recall take the plain graph.
func TestAutoGraph(t *testing.T) {
	var large strings.Builder // 100 sentences of 3 words of their own: 200 positions, V = 300
	for i := range 300 {
		large.WriteString("w" + strings.Repeat("x", i))
		large.WriteByte(" \n"[btoi(i%3 == 2)])
	}
	for _, test := range []struct {
		name   string
		config Config
		text   string
		want   Graph
	}{
		{"diary", predict(), "", Plain}, // 14 positions or so times 13 words
		{"a large text", predict(), large.String(), Fused},
		{"a large text, recall", recall(graph.CrossEntropy), large.String(), Fused},
		{"diary, recall", recall(graph.CrossEntropy), "", Plain}, // 13 rows
		{"diary, fused asked for", predict(func(c *Config) { c.Graph = Fused }), "", Fused},
		{"a large text, plain asked for", predict(func(c *Config) { c.Graph = Plain }), large.String(), Plain},
	} {
		e := count(t, test.config, test.text)
		if e.Config.Graph != test.want || e.Config.Spec().Fused != (test.want == Fused) {
			t.Errorf("%s: graph %s, want %s", test.name, e.Config.Graph, test.want)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestGraphsAgree trains with either graph from the same first weights: the
// first loss and gradient are equal within rounding, and so is what is learned.
func TestGraphsAgree(t *testing.T) {
	for _, null := range []bool{true, false} {
		var first, last []float64
		for _, g := range []Graph{Plain, Fused} {
			l := loop(t, count(t, predict(steps(100), func(c *Config) { c.Graph, c.Null = g, null }), noisyProxy))
			events := watch(l, nil)
			must(t, l.Run(t.Context()))
			ev := (*events)[0]
			first = append(first, ev.Loss.Data, ev.Loss.Penalty, ev.GradNorm)
			last = append(last, l.Loss.Data)
		}
		for i := range 3 {
			wantNear(t, "figure of the first step", first[3+i], first[i], 1e-12*first[i])
		}
		wantNear(t, "loss after 100 steps", last[1], last[0], 1e-9)
	}
}
