package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"qk/cmd/qk/internal/page"
	"qk/train/disk"
)

func (a *app) reportCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "report [RUN]",
		Short: "Write a run up as one HTML file",
		Long: `Report writes a run up as one HTML file that needs no network: the text, the losses,
the checks, the rows that differ, and how to repeat it. Without RUN it is the newest
run. The file is report.html in the folder of the run, unless --out says otherwise.`,
		Example: "  qk report\n  qk report --out diary.html",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(cmd, "one run at most")
			}
			return nil
		},
		ValidArgsFunction: a.completeRun,
		RunE: func(_ *cobra.Command, args []string) error {
			name := ""
			if len(args) == 1 {
				name = args[0]
			}
			l, err := a.load(name)
			if err != nil {
				return err
			}
			p, err := l.page()
			if err != nil {
				return err
			}
			fill := func(w io.Writer) error { return page.Write(w, p) }
			if out == "-" {
				return fill(a.stdout)
			}
			if out == "" {
				out = filepath.Join(l.dir.Path, "report.html")
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
