package screen

import "testing"

func exampleRules() []RuleGroup {
	return []RuleGroup{
		{Current: "went", Facts: []string{"2 times", "exact"}, Rules: []Rule{
			{Raised: true, Earlier: "candle", Saves: 0.69314, Facts: []string{"1×", "tells 0.693"},
				With: []Vote{{Word: "out", Share: 1}}, Without: []Vote{{Word: "again", Share: 1}}},
			{Earlier: "by\n", Twins: []string{"a", " ", "c", "d", "e", "f"}, Saves: -12, Facts: []string{"10×", "tells 0"},
				With: []Vote{{Word: "out", Share: 0.25}, {Word: "again", Share: 0.125}}, WithMore: 1234, Always: true},
		}},
		{Current: "it"},
	}
}

func TestRules(t *testing.T) {
	same(t, drawn(80, func(s *Screen) { s.Rules(exampleRules()) }), `
went  2 times · exact
▲ candle       0.6931   1× · tells 0.693
  with       out 100.0%
  without    again 100.0%
▼ by\n       -12.0000  10× · tells 0
  same as    a  ␣  c  d  2 more
  with       out 25.0%  again 12.5%  1,234 more
  without    never seen

it
`)
}

func TestRulesNarrow(t *testing.T) {
	same(t, drawn(30, func(s *Screen) { s.Rules(exampleRules()[:1]) }), `
went  2 times · exact
▲ candle       0.6931   1×
  tells 0.693
  with       out 100.0%
  without    again 100.0%
▼ by\n       -12.0000  10×
  tells 0
  same as    a  ␣  c  d
             2 more
  with       out 25.0%
             again 12.5%
             1,234 more
  without    never seen
`)
}

func TestRulesColoured(t *testing.T) {
	group := exampleRules()[0]
	group.Rules[1].Twins, group.Rules[1].WithMore = nil, 0
	same(t, coloured(80, func(s *Screen) { s.Rules([]RuleGroup{group}) }), `
^[1mwent^[0m^[38;5;244m  2 times · exact^[0m
^[1;38;5;32m▲^[0m ^[1;38;5;32mcandle^[0m       0.6931^[38;5;244m   1× · tells 0.693^[0m
  ^[38;5;244mwith^[0m       out 100.0%
  ^[38;5;244mwithout^[0m    again 100.0%
^[38;5;161m▼^[0m ^[38;5;161mby\n^[0m       -12.0000^[38;5;244m  10× · tells 0^[0m
  ^[38;5;244mwith^[0m       out 25.0%  again 12.5%
  ^[38;5;244mwithout^[0m    never seen
`)
}

// triedRules are rules that were tried on other text.
func triedRules() []RuleGroup {
	groups := exampleRules()[:1]
	groups[0].HeldOut = []string{"1 time", "they save 0.5000"}
	groups[0].Rules[0].HeldOut = &Trial{Saves: -1234.5, Facts: []string{"7×"}}
	groups[0].Rules[1].HeldOut = &Trial{Never: true}
	return groups
}

func TestRulesHeldOut(t *testing.T) {
	same(t, drawn(80, func(s *Screen) { s.Rules(triedRules()) }), `
went  2 times · exact
  held out  1 time · they save 0.5000
▲ candle         0.6931   1× · tells 0.693
  held out   -1234.5000   7×
  with       out 100.0%
  without    again 100.0%
▼ by\n         -12.0000  10× · tells 0
  held out   never seen
  same as    a  ␣  c  d  2 more
  with       out 25.0%  again 12.5%  1,234 more
  without    never seen
`)
	same(t, drawn(30, func(s *Screen) { s.Rules(triedRules()) }), `
went  2 times · exact
  held out  1 time
  they save 0.5000
▲ candle         0.6931   1×
  tells 0.693
  held out   -1234.5000   7×
  with       out 100.0%
  without    again 100.0%
▼ by\n         -12.0000  10×
  tells 0
  held out   never seen
  same as    a  ␣  c  d
             2 more
  with       out 25.0%
             again 12.5%
             1,234 more
  without    never seen
`)
}
