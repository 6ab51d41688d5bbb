package main

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"qk/data/text"
	"qk/graph"
	"qk/train"
)

// TestEventImages draws the masks of runs of every kind, and of more words than an
// image shows.
func TestEventImages(t *testing.T) {
	for name, change := range map[string]func(c *train.Config){
		"predict":  func(*train.Config) {},
		"recall":   func(c *train.Config) { c.Task = graph.Recall },
		"squared":  func(c *train.Config) { c.Task, c.Objective = graph.Recall, graph.Squared },
		"held out": func(c *train.Config) { c.HoldOut = 0.2 },
	} {
		c := train.DefaultConfig(graph.Predict)
		c.Tokens = "fields"
		change(&c)
		c.Tune()
		must(t, c.Validate())
		e, err := train.NewExperiment(c, text.FromText("text", string(tokenText())))
		must(t, err)
		l, err := e.Loop()
		must(t, err)
		images, err := eventImages(e, l.Model.Weights)
		must(t, err)
		again, err := eventImages(e, l.Model.Weights)
		must(t, err)
		if len(images) != 1 {
			t.Fatalf("%s: %d images", name, len(images))
		}
		for i, img := range images {
			drawn, err := png.Decode(bytes.NewReader(img.PNG))
			must(t, err)
			if size := drawn.Bounds().Size(); size.X != img.Width || size.Y != img.Height || size.X < 200 {
				t.Errorf("%s: %s is %v, said to be %d × %d", name, img.Tag, size, img.Width, img.Height)
			}
			if !bytes.Equal(img.PNG, again[i].PNG) {
				t.Errorf("%s: %s has other bytes the second time", name, img.Tag)
			}
			if !strings.HasPrefix(img.Tag, "masks/") || img.Description == "" {
				t.Errorf("%s: %s, %q", name, img.Tag, img.Description)
			}
		}
	}
}
