package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"qk/cmd/qk-bench/internal/wire"
)

// small are problems of every kind that the reference trains on in no time.
func small(t *testing.T) (problems map[string]*wire.Problem, folder string) {
	t.Helper()
	predict, text, err := predictProblem(shape{Task: "predict", V: 40, R: 3, B: 6, L: 5}, 7)
	if err != nil {
		t.Fatal(err)
	}
	predict.Text = "text.txt"
	folder = t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, predict.Text), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]*wire.Problem{
		"recall, all rows": recallProblem(shape{Task: "recall", V: 27, R: 27}, 7),
		"recall, batches":  recallProblem(shape{Task: "recall", V: 60, R: 4, B: 9, Density: 8}, 7),
		"predict":          predict,
	}, folder
}

// TestContestantsAgree compares the contestants that are written in Go with the
// reference, over more steps than there are batches.
func TestContestantsAgree(t *testing.T) {
	problems, folder := small(t)
	for name, p := range problems {
		want, err := first(newReference(p), batches+3)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []wire.Contestant{ours(p, folder), stock(p, "")} {
			for _, v := range c.Variants {
				t.Run(name+"/"+c.Name+"/"+v, func(t *testing.T) {
					trainer, err := c.Start(v)
					if err != nil {
						t.Fatal(err)
					}
					defer trainer.Close()
					got, err := first(trainer, len(want))
					if err != nil {
						t.Fatal(err)
					}
					if at := differs(got, want, 1e-4); at >= 0 {
						t.Errorf("loss before step %d is %.8g, the reference has %.8g", at+1, got[at], want[at])
					}
				})
			}
		}
	}
}

// TestFirstLoss computes the first loss of a tiny problem by hand: with weights of
// zero every prediction is uniform, every attention equal.
func TestFirstLoss(t *testing.T) {
	problems, _ := small(t)
	for name, p := range problems {
		clear(p.Floats("Q"))
		want := math.Log(float64(p.V))
		if p.Task == "predict" {
			want = 0
			for i := range p.B {
				over, under := float64(p.Floats("base")[i]), 1.0
				for j := i * p.L; j < (i+1)*p.L; j++ {
					over += float64(p.Floats("vote")[j])
					under += float64(p.Floats("mask")[j])
				}
				want -= math.Log(over/under) / float64(p.B)
			}
		}
		got, err := newReference(p).Step()
		if err != nil || math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: first loss %.8f (%v), want %.8f", name, got, err, want)
		}
	}
}

func TestProblems(t *testing.T) {
	problems, _ := small(t)
	for name, p := range problems {
		if p.Task == "predict" {
			for i, m := range p.Floats("mask") {
				if vote := p.Floats("vote")[i]; vote < 0 || vote > 1 || (m == 0 && vote != 0) {
					t.Fatalf("%s: vote %g with mask %g", name, vote, m)
				}
			}
			continue
		}
		for b := range p.Batches {
			var weights, targets float64
			for _, w := range p.Floats("weight")[b*p.B : (b+1)*p.B] {
				weights += float64(w)
			}
			n := p.Shape("target")[1]
			for _, x := range p.Floats("target")[b*n : (b+1)*n] {
				targets += float64(x)
			}
			if math.Abs(weights-1) > 1e-5 || math.Abs(targets-1) > 1e-5 {
				t.Errorf("%s: batch %d weighs %g, its targets %g, want 1", name, b, weights, targets)
			}
			for i := b*p.B + 1; i < (b+1)*p.B; i++ {
				if p.Ints("rows")[i-1] >= p.Ints("rows")[i] {
					t.Errorf("%s: the rows of batch %d are not ascending", name, b)
				}
			}
		}
	}
	dense := newTable(programme()[0], 1)
	if share := float64(len(dense.word)) / (27 * 27); share < 0.83 || share > 0.89 {
		t.Errorf("the bigram table has %.0f %% cells that are not zero, want about 86", 100*share)
	}
	sparse := newTable(programme()[1], 1)
	if mean := float64(len(sparse.word)) / 1000; mean < 40 || mean > 60 {
		t.Errorf("%.0f distinct next words a row, want about 50", mean)
	}
}
