package data

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"qk/data/text"
)

// zipfText makes lines of twelve words each from a vocabulary of 2,000, whose
// frequencies fall off as those of a language do.
func zipfText(lines int) string {
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.2, 1, 1999)
	var text strings.Builder
	for range lines {
		for i := range 12 {
			if i > 0 {
				text.WriteByte(' ')
			}
			fmt.Fprintf(&text, "w%04d", zipf.Uint64())
		}
		text.WriteByte('\n')
	}
	return text.String()
}

const benchLines = 2000

func BenchmarkLoad(b *testing.B) {
	content := zipfText(benchLines)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(text.FromText("zipf", content), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCount(b *testing.B) {
	corpus := loadText(b, zipfText(benchLines), Options{})
	for _, context := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("context=%d", context), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Count(corpus, context); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkNewMasks(b *testing.B) {
	counts := countText(b, zipfText(benchLines), 4)
	b.ReportAllocs()
	for b.Loop() {
		NewMasks(counts)
	}
}

func BenchmarkAttentionFloor(b *testing.B) {
	counts := countText(b, zipfText(benchLines), 4)
	for _, null := range []bool{true, false} {
		b.Run(fmt.Sprintf("null=%v", null), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				AttentionFloor(counts, null)
			}
		})
	}
}

// BenchmarkHoldOut fits the prior weights of a text with a tenth held out, and
// computes its reference losses.
func BenchmarkHoldOut(b *testing.B) {
	counts, err := Count(loadText(b, zipfText(benchLines), Options{HoldOut: 0.1}), 16)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("fit", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			FitSmoothing(counts)
		}
	})
	v := FitSmoothing(counts).LeaveOneOut()
	b.Run("ladder", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			v.Rungs(true, 0)
		}
	})
	places, err := counts.PlacesOf(counts.Corpus.HeldOut, HeldOut)
	if err != nil {
		b.Fatal(err)
	}
	lines := v.smoothing.Unseen(places).Rungs(true, 1).Lines
	b.Run("bootstrap", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			places.Differences(lines[0].Losses, lines, 1)
		}
	})
}
