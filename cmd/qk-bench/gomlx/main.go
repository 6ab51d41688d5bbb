// Command gomlx is the contestant GoMLX of qk-bench, with its pure-Go backend. It
// is a module of its own, so that qk does not depend on it:
//
//	cd cmd/qk-bench/gomlx && go build -o ~/qk-gomlx .
//	go run ./cmd/qk-bench --gomlx ~/qk-gomlx
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/gomlx/gomlx/backends"
	_ "github.com/gomlx/gomlx/backends/simplego"

	"qk/cmd/qk-bench/internal/wire"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "gomlx:", err)
		os.Exit(1)
	}
}

func serve() error {
	p, err := wire.Read(os.Args[len(os.Args)-1])
	if err != nil {
		return err
	}
	name := os.Getenv("GOMLX_BACKEND") // such as go:ops_parallel
	if name == "" {
		name = "go"
	}
	backend, err := backends.NewWithConfig(name)
	if err != nil {
		return err
	}
	variants := []string{"gather", "dense"}
	if p.Task == "predict" {
		variants = []string{"plain", "sum"}
	}
	c := wire.Contestant{
		Name: "GoMLX", Version: "0.26.0", Variants: variants,
		Start: func(variant string) (t wire.Trainer, err error) {
			defer func() { // building a graph panics on error
				if r := recover(); r != nil {
					err = fmt.Errorf("%s", strings.SplitN(fmt.Sprint(r), "\n", 2)[0])
				}
			}()
			return newTrainer(backend, p, variant)
		},
	}
	return wire.Serve(c, os.Stdin, os.Stdout)
}
