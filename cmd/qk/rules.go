package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"qk/data"
	"qk/train"
)

// How many rules are shown to a person who does not say, and written as code, which
// a compiler has to get through.
const (
	maxRules = 20
	maxCoded = 1000
)

// ruleFlags say which rules are shown and how.
type ruleFlags struct {
	top     int // 0 for the default
	minSave float64
	json    bool
	code    codeLanguage
	named   bool // current words are named
}

func (a *app) rulesCommand() *cobra.Command {
	flags := ruleFlags{minSave: math.Inf(-1)}
	cmd := &cobra.Command{
		Use:   "rules [RUN] [WORD...]",
		Short: "Say what a run learned as rules, with the counted reason of each",
		Long: `Rules lists, for every current word, the earlier words whose attention a run of
the task predict has raised (▲, the learned set) or lowered (▼, words that tell
something and have a score below the neutral one). Beside each is the counted
reason: what follows with the word and without it. The rules that save most come
first. A rule saves what the loss of the text would rise, in nats over all its
positions, if a raised word had no attention, or if a lowered one had the neutral
score: the null slot's 0, or without the null slot the middle of the row. A rule
that saves less than nothing does harm.

Where the run holds sentences out, all this is about the training text, with the
smoothed votes that the run learned from, each position told by the others. Beside
it stands what each rule saves of the sentences that were held out, where most
rules have no place.

Without RUN it is the newest run. With words, only their rules are listed: a first
argument that is the name of a run is the run. With --code the rules become a
function that takes the current word and the earlier words and returns the
probabilities of the next word, by the votes of the null slot and of these rules
alone. Thousands of rules take a Go compiler minutes.`,
		Example: `  qk rules
  qk rules went --json
  qk rules runs/20260102-030405-diary --code go > rules.go`,
		ValidArgsFunction: a.completeRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case cmd.Flags().Changed("top") && flags.top < 1:
				return &train.FlagError{Flag: "top", Value: fmt.Sprint(flags.top), Why: "give a number of rules above 0"}
			case math.IsNaN(flags.minSave):
				return &train.FlagError{Flag: "min-save", Value: "NaN", Why: "give a number of nats"}
			case cmd.Flags().Changed("code"):
				if err := flags.code.check(); err != nil {
					return err
				}
			}
			name, words := a.runAndWords(args)
			l, err := a.load(name)
			if err != nil {
				return err
			}
			chosen, err := a.findAll(l, words, name == "")
			if err != nil {
				return err
			}
			flags.named = chosen != nil
			return a.rules(l, chosen, flags)
		},
	}
	f := cmd.Flags()
	f.IntVar(&flags.top, "top", 0, fmt.Sprintf("how many rules, those that save most (default %d, %d with --code, all with --json)", maxRules, maxCoded))
	f.Float64Var(&flags.minSave, "min-save", flags.minSave, "leave out rules that save less, in nats over the text (default: none)")
	f.BoolVar(&flags.json, "json", false, "print the rules as one JSON document")
	f.Var(&flags.code, "code", "print the rules as a function: go or python")
	f.Lookup("min-save").DefValue = "0" // the text says what holds
	cmd.MarkFlagsMutuallyExclusive("json", "code")
	complete(cmd, "code", codeLanguages())
	return cmd
}

// rules prints the rules of some current words, or of all if there are none.
func (a *app) rules(l *loaded, chosen []data.Word, f ruleFlags) error {
	o := train.RuleOptions{Top: f.top, MinSave: f.minSave}
	switch unknown, ok := l.unknown(); {
	case f.named:
		o.Wanted = func(w data.Word) bool { return slices.Contains(chosen, w) }
	case ok && !f.json && f.code == "": // a person learns nothing from what follows many words
		o.Wanted = func(w data.Word) bool { return w != unknown }
	}
	switch {
	case f.top != 0 || f.json:
	case f.code != "":
		o.Top = maxCoded
	default:
		o.Top = maxRules
	}
	book, err := train.Rules(l.e, l.weights, o)
	if err != nil {
		return fmt.Errorf("run %s: %w", l.dir.Path, err)
	}
	switch {
	case f.json:
		return a.printJSON(ruleDocument(l, book))
	case f.code != "":
		return a.writeCode(f.code, newCodeFile(l, book, chosen))
	}
	s := a.screenOn(a.stdout)
	showRules(s, l, book, f)
	return s.Err()
}

// unknown is the word that stands for those that the vocabulary leaves out, if
// there are any.
func (l *loaded) unknown() (data.Word, bool) { return l.e.Corpus.Vocab.Lookup(data.Unknown) }

// runAndWords splits arguments of the form [RUN] [WORD...]. The first is a run if
// there is one of that name.
func (a *app) runAndWords(args []string) (name string, words []string) {
	if len(args) > 0 && args[0] != "" && (isRun(args[0]) || isRun(filepath.Join(a.runs, args[0]))) {
		return args[0], args[1:]
	}
	return "", args
}

// isRun tells whether there is a run in a folder, whole or damaged. A file that
// happens to be called like a word is none.
func isRun(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return false
	}
	_, err = train.ReadRecord(path)
	return !errors.Is(err, train.ErrNoRun)
}

// findAll looks up the words of a command line; nil for none. The first may have
// been meant as a run, which its error says then.
func (a *app) findAll(l *loaded, words []string, mayBeRun bool) ([]data.Word, error) {
	var found []data.Word
	for i, word := range words {
		w, err := l.find(word)
		if err != nil {
			if i > 0 || !mayBeRun {
				return nil, fmt.Errorf("run %s: %w", l.dir.Path, err)
			}
			if _, noRun := a.runPath(word); noRun != nil && strings.ContainsRune(word, filepath.Separator) {
				return nil, noRun
			}
			return nil, fmt.Errorf("run %s: %w; nor is there a run of that name", l.dir.Path, err)
		}
		found = append(found, w)
	}
	return found, nil
}
