package main

import (
	"bytes"
	"errors"

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
	width, height := picture.Pixels(f, picture.Options{})
	return []tensorboard.Image{{
		Tag: "masks/counted and learned", Title: f.Title(), Description: f.Alt(),
		Width: width, Height: height, PNG: content.Bytes(),
	}}, nil
}
