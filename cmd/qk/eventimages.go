package main

import (
	"bytes"
	"errors"
	"image/png"

	"qk/cmd/qk/internal/picture"
	"qk/graph"
	"qk/train"
	"qk/train/tensorboard"
)

// eventImages draws the counted and the learned mask of a run and their difference, as
// `qk plot masks` does. A run whose text says nothing has none.
func eventImages(e *train.Experiment, w *graph.Weights) ([]tensorboard.Image, error) {
	l := &loaded{e: e, weights: w}
	f, err := l.masksOf("the run", 0)
	if errors.Is(err, errNothingTold) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var content bytes.Buffer
	if err := picture.Render(&content, f, picture.Light(), picture.PNG, picture.Options{}); err != nil {
		return nil, err
	}
	size, err := png.DecodeConfig(bytes.NewReader(content.Bytes()))
	if err != nil {
		return nil, err
	}
	return []tensorboard.Image{{
		Tag: "masks/counted and learned", Title: f.Title(), Description: f.Alt(),
		Width: size.Width, Height: size.Height, PNG: content.Bytes(),
	}}, nil
}
