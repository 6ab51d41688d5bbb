package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"qk/cmd/qk/internal/page"
	"qk/train/disk"
	"qk/train/sweep"
)

func (a *app) reportCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "report [RUN|SWEEP]",
		Short: "Tell a run or a sweep in one HTML file",
		Long: `Report tells a run in one HTML file that needs no network: the text, what counting
says, what was learned, how close, where not and why, and how to repeat it; of a sweep
the question, the table over its seeds and the pictures. Without RUN it is the newest
run. The file is report.html in the folder of the run, unless --out says otherwise.`,
		Example: "  qk report\n  qk report --out diary.html",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(cmd, "one run or sweep at most")
			}
			return nil
		},
		ValidArgsFunction: a.completeRun,
		RunE: func(_ *cobra.Command, args []string) error {
			name := ""
			if len(args) == 1 {
				name = args[0]
			}
			p, path, err := a.reportOf(name)
			if err != nil {
				return err
			}
			fill := func(w io.Writer) error { return page.Write(w, p) }
			if out == "-" {
				return fill(a.stdout)
			}
			if out == "" {
				out = filepath.Join(path, "report.html")
			}
			if err := disk.WriteFile(out, fill); err != nil {
				return fmt.Errorf("write the report: %w", err)
			}
			_, err = fmt.Fprintf(a.stdout, "The report is in %s\n", out)
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "file to write, - for standard output")
	return cmd
}

// reportOf makes the page of a run or a sweep, and tells its folder.
func (a *app) reportOf(name string) (*page.Page, string, error) {
	path, err := a.runPath(name)
	if err != nil {
		return nil, "", err
	}
	s, err := sweep.Open(path)
	if err == nil {
		p, err := sweepPage(s)
		return p, path, err
	}
	if !errors.Is(err, sweep.ErrNoSweep) {
		return nil, "", err
	}
	l, err := a.load(path)
	if err != nil {
		return nil, "", err
	}
	p, err := l.page()
	return p, path, err
}
