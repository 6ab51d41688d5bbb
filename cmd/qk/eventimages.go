package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
	"strings"

	"qk/data"
	"qk/graph"
	"qk/train"
	"qk/train/tensorboard"
)

// maxImageWords is how many rows and columns of a mask an image of an event file has.
const maxImageWords = 48

// eventImages draws the counted and the learned mask of a run: the rows that have most
// to tell, and the columns that tell most in them.
func eventImages(e *train.Experiment, w *graph.Weights) ([]tensorboard.Image, error) {
	table, vocab, V := e.Config.Table(), e.Corpus.Vocab, e.Counts.V()
	r := report{e: e, weights: w, outcome: &train.Outcome{Rows: make([]train.RowAgreement, V)}}
	weights := make([]float64, V)
	for w := range V {
		if word := data.Word(w); !r.silent(word, table) {
			weights[w] = r.rowWeight(word, table)
		}
	}
	rows := heaviest(weights, maxImageWords)
	rows = slices.DeleteFunc(rows, func(w int) bool { return r.silent(data.Word(w), table) })
	columnWeights := make([]float64, V)
	var counted, learned [][]float64
	words := make([]data.Word, len(rows))
	for i, w := range rows {
		words[i] = data.Word(w)
	}
	err := w.Rows(words, func(w data.Word, s []float64) error {
		counted = append(counted, r.countedRow(w, table))
		learned = append(learned, clamp(train.LearnRow(e, w, s).Attention))
		for _, row := range [][]float64{counted[len(counted)-1], learned[len(learned)-1]} {
			for u, x := range row {
				if !math.IsNaN(x) {
					columnWeights[u] += x * weights[w]
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	columns := heaviest(columnWeights, maxImageWords)
	names := func(list []int) string {
		all := make([]string, len(list))
		for i, w := range list {
			all[i] = vocab.Text(data.Word(w))
		}
		return strings.Join(all, " ")
	}
	about := fmt.Sprintf("Rows, current words: %s. Columns, %s: %s.", names(rows), map[bool]string{true: "next words", false: "earlier words"}[table], names(columns))
	var images []tensorboard.Image
	for _, m := range []struct {
		tag, title string
		values     [][]float64
	}{{"masks/counted", "counted mask", counted}, {"masks/learned", "learned mask", learned}} {
		drawn, err := drawMask(m.values, columns)
		if err != nil {
			return nil, err
		}
		drawn.Tag, drawn.Title, drawn.Description = m.tag, m.title, about
		images = append(images, drawn)
	}
	return images, nil
}

// drawMask draws some columns of a mask.
func drawMask(values [][]float64, columns []int) (tensorboard.Image, error) {
	cell := max(4, 384/max(len(columns), len(values), 1))
	img := image.NewRGBA(image.Rect(0, 0, cell*len(columns), cell*len(values)))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			v := values[y/cell][columns[x/cell]]
			c := color.RGBA{235, 235, 235, 255} // not determined
			if !math.IsNaN(v) {
				shade := func(from, to uint8) uint8 { return uint8(math.Round(float64(from) + v*(float64(to)-float64(from)))) }
				c = color.RGBA{shade(255, 8), shade(255, 48), shade(255, 107), 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var content bytes.Buffer
	err := png.Encode(&content, img)
	return tensorboard.Image{Width: img.Rect.Dx(), Height: img.Rect.Dy(), PNG: content.Bytes()}, err
}
