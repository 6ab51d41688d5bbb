package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/log"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/runners"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"
	"github.com/spf13/cobra"

	// Amazon's S3 beside the file systems that beamx brings along.
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/s3"

	"qk/data/table"
	"qk/data/text"
)

// options are the flags beside those of a job.
type options struct {
	job
	out     string
	staged  string
	tokens  string
	verbose bool
}

func command(stdout, stderr io.Writer) *cobra.Command {
	o := &options{job: job{Limits: standardLimits()}}
	cmd := &cobra.Command{
		Use:   "qk-beam CORPUS... --out DIR",
		Short: "Count text as an Apache Beam pipeline",
		Long: `qk-beam counts text as "qk count --out" does, as an Apache Beam pipeline: on this
machine, or on Flink, Spark or Dataflow. A corpus is a file, a pattern such as
'gs://bucket/texts/*.txt.gz', or coat, candle or diary (built in); a sentence is a
line.`,
		Example: `  qk-beam 'texts/*.txt' --max-vocab 20000 --out counts
  qk-beam 'gs://b/*.gz' --vocab gs://b/words --out counts --staging gs://b/staging \
    --runner dataflow --project p --region r --staging_location gs://b/binaries`,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			beam.Init() // on a worker this does the work and never returns
			o.Corpora = append(o.Corpora, args...)
			if err := o.check(); err != nil {
				return err
			}
			quiet(stderr, o.verbose)
			if o.staged != "" {
				return write(cmd.Context(), o.staged, o.out, stdout)
			}
			return o.count(cmd.Context(), stdout)
		},
	}
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	cmd.CompletionOptions.DisableDefaultCmd = true
	f := cmd.Flags()
	f.SortFlags = false
	f.StringArrayVar(&o.Corpora, "corpus", nil, "text to count, as an argument is; more than once for several")
	f.StringVar(&o.out, "out", "", "directory to write, which must not exist")
	f.StringVar(&o.Vocabulary, "vocab", "", "file with the vocabulary, one word a line; other words become <unk>")
	f.Int64Var(&o.MinCount, "min-count", 1, "words of fewer occurrences become <unk>")
	f.IntVar(&o.MaxVocab, "max-vocab", 0, "keep so many words, the most frequent, and make the others <unk>; 0 keeps all")
	f.StringVar(&o.tokens, "tokens", string(text.Words), "what a word is: words (Unicode), chars, or fields (between white space)")
	f.BoolVar(&o.Settings.Boundary, "boundary", false, "put the word <s> at both ends of every sentence")
	f.BoolVar(&o.Settings.KeepCase, "keep-case", false, "do not fold to lower case")
	f.BoolVar(&o.Settings.Punctuation, "punctuation", false, "keep punctuation marks as words")
	f.IntVar(&o.Settings.Context, "context", 16, "how many words before the current one count as earlier words")
	f.StringSliceVar(&o.Tables, "tables", []string{string(table.Transitions), string(table.Pairs)}, "what to count: transitions, cooccurrences, pairs")
	f.Int64Var(&o.MinPairs, "min-pairs", 1, "leave out pairs that occur fewer times")
	f.StringVar(&o.Staging, "staging", "", "folder for what the workers write, which they and this machine reach (default: beside --out, if the workers are here)")
	f.StringVar(&o.staged, "staged", "", "count nothing, but write the directory from such a folder, of a job that was done")
	f.IntVar(&o.Ranges, "ranges", 256, "ranges of current words, about so many, each written by one worker at a time")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "show what the runner logs")
	flag.CommandLine.VisitAll(func(g *flag.Flag) {
		if f.Lookup(g.Name) == nil {
			f.AddGoFlag(g)
			f.Lookup(g.Name).Hidden = true
		}
	})
	return cmd
}

// check refuses flags that make no sense.
func (o *options) check() error {
	tokens, err := text.ParseTokens(o.tokens)
	switch {
	case err != nil:
		return fmt.Errorf("--tokens %s: %w", o.tokens, err)
	case o.staged != "" && len(o.Corpora) > 0:
		return fmt.Errorf("--staged %s: it is counted already: leave out %s", o.staged, strings.Join(o.Corpora, " "))
	case o.staged == "" && len(o.Corpora) == 0:
		return fmt.Errorf("there is no text: give files or patterns, such as --corpus 'texts/*.txt'")
	case slices.Contains(o.Corpora, "-"):
		return fmt.Errorf("corpus -: the workers cannot read standard input: give a file that they reach")
	case o.out == "":
		return fmt.Errorf("--out is missing: name the directory to write")
	case len(o.Tables) == 0:
		return fmt.Errorf("--tables: name one table at least")
	case o.Settings.Context < 1:
		return fmt.Errorf("--context %d: an earlier word needs a context of at least 1", o.Settings.Context)
	case o.MinCount < 1:
		return fmt.Errorf("--min-count %d: give a number of at least 1", o.MinCount)
	case o.MaxVocab < 0:
		return fmt.Errorf("--max-vocab %d: give a number of words, or 0 for all", o.MaxVocab)
	case o.Vocabulary != "" && (o.MinCount > 1 || o.MaxVocab > 0):
		return fmt.Errorf("--vocab %s: the file says which words count: leave out --min-count and --max-vocab", o.Vocabulary)
	case o.MinPairs < 1:
		return fmt.Errorf("--min-pairs %d: give a number above 0", o.MinPairs)
	case o.Ranges < 1 || o.Ranges > 1<<16:
		return fmt.Errorf("--ranges %d: give a number from 1 to %d", o.Ranges, 1<<16)
	case !slices.Contains(supported(), *runners.Runner):
		return fmt.Errorf("--runner %s: use one of %s", *runners.Runner, strings.Join(supported()[1:], ", "))
	case *jobopts.Async:
		return fmt.Errorf("--async: the directory is written when the job is done, so this program has to wait for it")
	}
	o.Settings.Tokens = string(tokens)
	known := []string{string(table.Transitions), string(table.Cooccurrences), string(table.Pairs)}
	for i, t := range o.Tables {
		if !slices.Contains(known, t) || slices.Contains(o.Tables[:i], t) {
			return fmt.Errorf("--tables %s: use some of %s, each once", strings.Join(o.Tables, ","), strings.Join(known, ","))
		}
	}
	if _, err := os.Lstat(o.out); err == nil {
		return fmt.Errorf("--out %s: it exists already: name a new directory", o.out)
	}
	if info, err := os.Stat(filepath.Dir(o.out)); err != nil || !info.IsDir() {
		return fmt.Errorf("--out %s: there is no directory %s: make it first", o.out, filepath.Dir(o.out))
	}
	if o.staged == "" && o.Staging == "" && !here() {
		return fmt.Errorf("--staging is missing: with --runner %s, name a folder that the workers and this machine reach, such as gs://bucket/staging", *runners.Runner)
	}
	return nil
}

// supported lists the runners that can do the job, under all names of Beam.
func supported() []string {
	return []string{"", "prism", "PrismRunner", "flink", "FlinkRunner", "spark", "SparkRunner", "dataflow", "DataflowRunner", "universal", "PortableRunner", "portable"}
}

// here reports whether the workers are in this process or at least on this machine.
func here() bool {
	switch *runners.Runner {
	case "", "prism", "PrismRunner":
		return *jobopts.Endpoint == "" || jobopts.IsLoopback()
	}
	return jobopts.IsLoopback()
}

// count runs the job and writes the directory.
func (o *options) count(ctx context.Context, stdout io.Writer) (err error) {
	given := o.Staging != ""
	if o.Staging, err = stageFolder(o.Staging, o.out); err != nil {
		return err
	}
	keep := false
	defer func() {
		if keep {
			return
		}
		if left := unstage(context.WithoutCancel(ctx), o.Staging); err == nil {
			err = left
		}
	}()
	p, s := beam.NewPipelineWithRoot()
	o.build(s)
	if err := beamx.Run(ctx, p); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("%w; a job on a cluster goes on until it is cancelled there", errInterrupted)
		}
		return reportOf(err)
	}
	err = write(ctx, o.Staging, o.out, stdout)
	switch {
	case errors.Is(err, errNoManifest):
		return fmt.Errorf("%w: the job was done, but this machine does not see what it wrote: give a --staging folder that the workers and this machine reach", err)
	case err != nil:
		if keep = given; keep {
			return fmt.Errorf("%w; what the workers wrote is kept: qk-beam --staged %s --out DIR goes on from there", err, o.Staging)
		}
		return err
	}
	return nil
}

// quiet has the runner log to w, or not at all.
func quiet(w io.Writer, verbose bool) {
	if !verbose {
		w = io.Discard
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(w, nil)))
	log.SetLogger(&log.Structural{})
}
