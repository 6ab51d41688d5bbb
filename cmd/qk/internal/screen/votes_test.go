package screen

import (
	"math"
	"testing"
)

func exampleVotes() []VoteGroup {
	return []VoteGroup{
		{Title: "all words vote", Votes: []Vote{{"out", 4. / 9, 4}, {"again", 5. / 9, 5}}},
		{Title: "counted mask", Note: "candle, train", Votes: []Vote{{"out", 0, 0}, {"again", 1, 1}}},
		{Title: "learned mask", Votes: []Vote{{"out", 0.0213, 0.0209}, {"again", 0.9787, 0.961}}},
	}
}

func TestVotes(t *testing.T) {
	same(t, drawn(80, func(s *Screen) { s.Votes(exampleVotes(), 5) }), `
all words vote
▸ again   55.6%       5  ━━━━━━━━━━━━━━━━━━━━━━
  out     44.4%       4  ━━━━━━━━━━━━━━━━━━

counted mask
candle, train
▸ again  100.0%       1  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
  out      0.0%       0

learned mask
▸ again   97.9%   0.961  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
  out      2.1%  0.0209  ━
`)
}

func TestVotesColoured(t *testing.T) {
	same(t, coloured(40, func(s *Screen) { s.Votes(exampleVotes()[:1], 5) }), `
^[1mall words vote^[0m
^[1;38;5;32m▸^[0m ^[1;38;5;32magain^[0m   ^[1;38;5;32m55.6%^[0m  ^[38;5;244m5^[0m  ^[38;5;32m━━━━━━━━━━━^[0m
  out     44.4%  ^[38;5;244m4^[0m  ^[38;5;244m━━━━━━━━━^[0m
`)
}

func TestVotesTiedCutUndefined(t *testing.T) {
	same(t, drawn(30, func(s *Screen) {
		s.Votes([]VoteGroup{
			{Title: "tied", Votes: []Vote{{"a", 0.3, 123456}, {"b", 0.3, 3}, {"c\n", 0.2, 2}, {"d", 0.1, 1}, {"e", 0.1, 1}}},
			{Title: "undefined", Votes: []Vote{{"a", math.NaN(), math.NaN()}}},
			{Title: "none"},
		}, 3)
	}), `
tied
▸ a     30.0%  ━━━━╸
▸ b     30.0%  ━━━━╸
  c\n   20.0%  ━━━
  and 2 more words with 20.0%

undefined
  a         –

none
  no votes
`)
}
