package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"qk/data"
)

// voteResult is what `qk vote --json` prints.
type voteResult struct {
	Current string   `json:"current"`
	Earlier []string `json:"earlier"`
	Silent  []string `json:"silent"` // earlier words that were never seen before the current one
	// Smoothed tells whether the votes are smoothed, so that those of silent words are
	// P(y|w), or the counts' own shares, so that they have none.
	Smoothed bool        `json:"smoothed"`
	Votes    []voteGroup `json:"votes"`
}

type voteGroup struct {
	By   string      `json:"by"` // all, counted or learned
	Next []voteEntry `json:"next"`
}

type voteEntry struct {
	Word  string  `json:"word"`
	Sum   float64 `json:"sum"`   // Σ weight·P(y|u,w)
	Share float64 `json:"share"` // the predicted probability
}

func (a *app) voteCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "vote [RUN] \"SOME WORDS\"",
		Short: "Let the words of a sentence vote for the next word, before and after masking",
		Long: `Vote takes the beginning of a sentence and shows which word comes next when all
earlier words vote, when the counted mask chooses who votes, and when the learned
attention does. Without RUN it is the newest run. Where the run holds sentences
out, the votes are smoothed, as they were when it learned.`,
		Example: `  qk vote "open the train diary and look up when it went"`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usage(cmd, "some words in quotes, after the run if not the newest")
			}
			return nil
		},
		ValidArgsFunction: a.completeRun,
		RunE: func(_ *cobra.Command, args []string) error {
			name, text := runAndRest(args)
			l, err := a.load(name)
			if err != nil {
				return err
			}
			if l.e.Config.Table() {
				return fmt.Errorf("run %s learned a table of transitions, which has no earlier words: vote needs a run of the task predict, or of recall with --objective logistic", l.dir.Path)
			}
			words, err := l.e.Split(text)
			if err != nil {
				return fmt.Errorf("run %s: %w", l.dir.Path, err)
			}
			return a.vote(l, words, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the votes as JSON")
	return cmd
}

func (a *app) vote(l *loaded, words []data.Word, asJSON bool) error {
	earlier, current, _ := l.e.Counts.Earlier(words)
	vocab := l.e.Corpus.Vocab
	if l.e.Counts.Transitions[current].Total == 0 && l.e.Smoothing == nil {
		return fmt.Errorf("%q only ever ends a sentence, so nothing is known of what follows it: end on another word", vocab.Text(current))
	}
	scores, _, row, err := l.row(current)
	if err != nil {
		return err
	}
	vs := voters(l.e, row, scores, earlier)
	result := voteResult{Current: vocab.Text(current), Earlier: vocab.Texts(earlier), Silent: []string{}, Smoothed: l.e.Smoothing != nil}
	for i, by := range []string{"all", "counted", "learned"} {
		votes, silent := l.e.Votes(current, earlier, vs[i].Weight, vs[i].Null)
		result.Silent = vocab.Texts(silent)
		g := voteGroup{By: by, Next: []voteEntry{}}
		for _, v := range votes {
			g.Next = append(g.Next, voteEntry{vocab.Text(v.Word), v.Sum, v.Share})
		}
		result.Votes = append(result.Votes, g)
	}
	if asJSON {
		return a.printJSON(result)
	}
	s := a.screenOn(a.stdout)
	s.Heading(fmt.Sprintf("Votes for the word after “%s”", shorten(l.e.Config.Tokens, vocab.Texts(withoutBoundary(l, words)))))
	showVotes(s, l.e, current, earlier, vs)
	if note := voteNote(l, result); note != "" {
		s.Gap()
		s.Aside(note)
	}
	return s.Err()
}

// voteNote says how the votes are estimated, where that is not by counts alone, and
// which words were never seen before the current one.
func voteNote(l *loaded, r voteResult) string {
	silent := strings.Join(r.Silent, ", ")
	if l.e.Smoothing == nil {
		if silent == "" {
			return ""
		}
		return fmt.Sprintf("No vote from %s: never seen before %s in the text.", silent, r.Current)
	}
	note := fmt.Sprintf("The votes are smoothed, as sentences are held out: a word votes by what followed where it came earlier and by P(next | current), which counts as much as %.3g observations.", l.e.Smoothing.Kappa.Pair)
	if silent != "" {
		note += fmt.Sprintf(" Never seen before %s in the training text, and so voting as P(next | current) does: %s.", r.Current, silent)
	}
	return note
}

// withoutBoundary leaves out the boundary that the words begin with, unless there
// is nothing else.
func withoutBoundary(l *loaded, words []data.Word) []data.Word {
	if len(words) > 1 && words[0] == l.e.Corpus.Boundary {
		return words[1:]
	}
	return words
}
