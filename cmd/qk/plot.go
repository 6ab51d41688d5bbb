package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"qk/cmd/qk/internal/picture"
	"qk/data/text"
	"qk/train"
	"qk/train/disk"
)

// plotOptions are the flags of plot.
type plotOptions struct {
	out, theme string
	scale      float64
	top        int
}

// plotKind is a picture that plot can make.
type plotKind struct {
	name string
	does string // in a line of the help
	// figure makes the picture of what the arguments after the kind name.
	figure func(a *app, args []string, o plotOptions) (picture.Figure, error)
}

func plotKinds() []plotKind {
	return []plotKind{
		{"loss", "[RUN...]: loss against steps, with the counted lines and the floor", (*app).plotLoss},
		{"masks", "[RUN]: the counted and the learned mask and their difference", (*app).plotMasks},
		{"attention", "[RUN] \"SOME WORDS\": who attends to whom in a sentence", (*app).plotAttention},
		{"rank", "SWEEP|RUN...: loss against rank, with the floors", (*app).plotRank},
		{"recovery", "SWEEP|RUN...: rows of the mask that were found, against rank", (*app).plotRecovery},
	}
}

func plotNames() []string {
	var names []string
	for _, k := range plotKinds() {
		names = append(names, k.name)
	}
	return names
}

func (a *app) plotCommand() *cobra.Command {
	var o plotOptions
	var kinds strings.Builder
	for _, k := range plotKinds() {
		fmt.Fprintf(&kinds, "\n  qk plot %s %s", k.name, k.does)
	}
	cmd := &cobra.Command{
		Use:   "plot KIND [RUN...]",
		Short: "Draw what was learned, as SVG or PNG",
		Long: `Plot draws one of these pictures, of the newest run unless others are named:
` + kinds.String() + `

The picture goes to KIND.svg unless --out says otherwise; the end of the name,
.svg or .png, chooses the format. The same run gives the same bytes. Colours are
those that people of every colour vision tell apart.`,
		Example: `  qk plot loss
  qk plot masks --theme dark --out masks.png
  qk plot attention "open the train diary and look up when it went"`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage(cmd, "what to draw: "+strings.Join(plotNames(), ", "))
			}
			return nil
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return plotNames(), cobra.ShellCompDirectiveNoFileComp
			}
			return a.completeRun(cmd, args[1:], word)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.plot(args[0], args[1:], o, cmd.Flags().Changed("out"))
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.out, "out", "o", "", "file to write, ending in .svg or .png, or - for SVG on standard output (default KIND.svg)")
	f.StringVar(&o.theme, "theme", "light", "colours: light or dark")
	f.Float64Var(&o.scale, "scale", picture.DefaultScale, "pixels of a PNG for each point")
	f.IntVar(&o.top, "top", 0, "words that a mask shows at most (default 32)")
	complete(cmd, "theme", []string{"light", "dark"})
	return cmd
}

// plot draws a picture of a kind.
func (a *app) plot(kind string, args []string, o plotOptions, named bool) error {
	at := slices.IndexFunc(plotKinds(), func(k plotKind) bool { return k.name == kind })
	if at < 0 {
		why := "use one of " + strings.Join(plotNames(), ", ")
		if near := text.Nearest(kind, plotNames(), 1); len(near) > 0 {
			why = fmt.Sprintf("did you mean %s? %s", near[0], why)
		}
		return fmt.Errorf("plot %s: there is no such picture: %s", kind, why)
	}
	t, err := picture.ThemeNamed(o.theme)
	if err != nil {
		return &train.FlagError{Flag: "theme", Value: o.theme, Why: "use light or dark"}
	}
	if !named {
		o.out = kind + ".svg"
	}
	format := picture.SVG
	if o.out != "-" {
		if format, err = picture.FormatOf(o.out); err != nil {
			return &train.FlagError{Flag: "out", Value: o.out, Why: "give a file that ends in .svg or .png, or - for standard output"}
		}
	}
	switch {
	case !(o.scale > 0 && o.scale <= 20):
		return &train.FlagError{Flag: "scale", Value: fmt.Sprint(o.scale), Why: "give a number above 0 and up to 20"}
	case o.top < 0:
		return &train.FlagError{Flag: "top", Value: fmt.Sprint(o.top), Why: "give a number of words"}
	}
	f, err := plotKinds()[at].figure(a, args, o)
	if err != nil {
		return err
	}
	return a.writePicture(f, t, format, o)
}

// writePicture writes a figure to a file, whole or not at all, or to standard output.
func (a *app) writePicture(f picture.Figure, t picture.Theme, format picture.Format, o plotOptions) error {
	render := func(w io.Writer) error { return picture.Render(w, f, t, format, picture.Options{Scale: o.scale}) }
	if o.out == "-" {
		return render(a.stdout)
	}
	if !isPicture(o.out) {
		return &train.FlagError{Flag: "out", Value: o.out, Why: "there is a file of this name that is no picture: choose another name, or remove it"}
	}
	if err := disk.WriteFile(o.out, render); err != nil {
		return fmt.Errorf("picture: %w", err)
	}
	if format == picture.PNG {
		if err := a.warnMissing(f, t); err != nil {
			return err
		}
	}
	s := a.screenOn(a.stdout)
	s.Aside(fmt.Sprintf("%s is in %s", f.Title(), filepath.Clean(o.out)))
	return s.Err()
}

// maxMissing is how many characters a warning names.
const maxMissing = 10

// warnMissing names the characters that a PNG is without.
func (a *app) warnMissing(f picture.Figure, t picture.Theme) error {
	missing, err := picture.Missing(f, t)
	if err != nil || len(missing) == 0 {
		return err
	}
	named := string(missing[:min(maxMissing, len(missing))])
	if len(missing) > maxMissing {
		named += "…"
	}
	fmt.Fprintf(a.stderr, "qk: warning: the font of PNG lacks %s: %s: draw an SVG, which takes them from the fonts of whoever looks at it\n", countOf(len(missing), "character"), named)
	return nil
}

// isPicture tells whether a file is a picture, or can become one: it is missing, empty,
// or cannot be read, which writing will tell.
func isPicture(path string) bool {
	content, err := os.ReadFile(path)
	return err != nil || len(content) == 0 || bytes.HasPrefix(content, []byte("<svg")) || bytes.HasPrefix(content, []byte("<?xml")) || bytes.HasPrefix(content, []byte("\x89PNG"))
}
