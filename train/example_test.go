package train_test

import (
	"context"
	"fmt"
	"log"

	"qk/data/text"
	"qk/graph"
	"qk/train"
)

// A text becomes counts, counts become a graph, the graph learns Q and K, and
// what was learned is held against what was counted.
func Example() {
	src, err := text.Open("diary", nil)
	check(err)
	e, err := train.NewExperiment(train.DefaultConfig(graph.Predict), src)
	check(err)

	vocab := e.Corpus.Vocab
	went, err := vocab.Find("went")
	check(err)
	fmt.Println("counted:", vocab.Texts(e.Masks.Rows[went].Support()))

	model, err := e.Model()
	check(err)
	loop, err := train.NewLoop(e.Config, model)
	check(err)
	check(loop.Run(context.Background()))

	outcome, err := train.Check(e, model.Weights, loop.Loss.Data)
	check(err)
	fmt.Println("learned:", vocab.Texts(outcome.Rows[went].Learned))
	fmt.Printf("loss:    %.4f\n", outcome.Loss)
	fmt.Println("pass:   ", outcome.Pass)
	// Output:
	// counted: [candle train]
	// learned: [candle train]
	// loss:    0.0660
	// pass:    true
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
