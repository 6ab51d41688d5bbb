package main

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"qk/cmd/qk/internal/live"
	"qk/cmd/qk/internal/page"
	"qk/cmd/qk/internal/picture"
	"qk/train"
	"qk/train/export"
)

// produce writes a file about a run for the live page: what report, plot and export
// write.
func (a *app) produce(ctx context.Context, w live.Wanted, to io.Writer) error {
	to = untilDone{ctx, to}
	kind := path.Ext(w.Name)
	base := strings.TrimSuffix(w.Name, kind)
	switch kind {
	case ".npz", ".safetensors", ".csv":
		r, err := export.Load(w.Dir)
		if err != nil {
			return err
		}
		switch kind {
		case ".npz":
			return export.WriteNPZ(to, r, export.NPZOptions{MaxDense: 256 << 20})
		case ".safetensors":
			return export.WriteSafetensors(to, r, false)
		}
		table, err := export.ParseTable("csv", base)
		if err != nil {
			return err
		}
		csv := export.NewCSV(to, table, export.CSVOptions{})
		if err := csv.Add(r); err != nil {
			return err
		}
		return csv.Flush()
	}
	d, err := train.OpenRun(w.Dir)
	if err != nil {
		return err
	}
	l, err := readBack(d)
	if err != nil {
		return err
	}
	if kind == ".html" {
		p, err := l.page()
		if err != nil {
			return err
		}
		return page.Write(to, p)
	}
	f, err := l.figure(base, w.Sentence)
	if err != nil {
		return err
	}
	theme, format := picture.Light(), picture.SVG
	if w.Dark {
		theme = picture.Dark()
	}
	if kind == ".png" {
		format = picture.PNG
	}
	return picture.Render(to, f, theme, format, picture.Options{})
}

// figure draws a picture of the run by its name.
func (l *loaded) figure(name, sentence string) (picture.Figure, error) {
	switch name {
	case "loss":
		return l.lossFigure()
	case "masks":
		return l.masksFigure(0)
	case "attention":
		return l.attentionOf(sentence)
	}
	return nil, fmt.Errorf("there is no picture %q", name)
}
