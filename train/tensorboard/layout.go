package tensorboard

// The messages of tensorboard/plugins/custom_scalar/layout.proto:
//
//	message Layout { int32 version = 1; repeated Category category = 2; }
//	message Category { string title = 1; repeated Chart chart = 2; bool closed = 3; }
//	message Chart { string title = 1; oneof content { MultilineChartContent multiline = 2; } }
//	message MultilineChartContent { repeated string tag = 1; }
//
// where a tag is a regular expression.
const (
	layoutTag    = "custom_scalars__config__"
	layoutPlugin = "custom_scalars"
)

// layout returns the Summary of the tab CUSTOM SCALARS: the learned loss among the
// counted lines, and its distance to the floor.
func layout() message {
	var charts message
	for _, c := range []struct {
		title string
		tags  []string
	}{
		{"learned, among the counted lines (nats)", []string{"loss/learned", "loss/tuning", "lines/(first_order|all_votes|graded_mask|best_mask|floor)"}},
		{"learned, above the floor (nats)", []string{"loss/above_floor"}},
		{"held out (nats)", []string{"heldout/.*"}},
	} {
		var lines message
		for _, tag := range c.tags {
			lines = lines.text(1, tag)
		}
		charts = charts.bytes(2, message(nil).text(1, c.title).bytes(2, lines))
	}
	category := append(message(nil).text(1, "qk"), charts...)
	return pluginText(layoutTag, layoutPlugin, message(nil).bytes(2, category))
}
