// Command gen writes the assembly of package kernel:
//
//	cd gen && go run . ..
//
// It is a module of its own, so that the program does not depend on the
// generator. Every kernel is written once, for both number types and both
// instruction sets; isa.go hides what differs between them.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gen FOLDER")
		os.Exit(2)
	}
	for _, wide := range []bool{true, false} {
		if err := generate(os.Args[1], wide); err != nil {
			fmt.Fprintln(os.Stderr, "gen:", err)
			os.Exit(1)
		}
	}
}

// generate writes the assembly of one instruction set and the file of Go
// declarations beside it.
func generate(folder string, wide bool) error {
	c := build.NewContext()
	for _, double := range []bool{false, true} {
		a := &asm{Context: c, double: double, wide: wide}
		a.constants()
		a.gemm()
		a.softmax()
		a.dense()
		a.rescale()
		a.exp()
		a.pairs()
		a.cells()
		a.norm()
		a.solvers()
		a.peak()
	}
	file, err := c.Result()
	if err != nil {
		return err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return err
	}
	cfg := printer.Config{Name: "qk/graph/kernel/gen", Argv: []string{"go", "generate"}, Pkg: "kernel"}
	name := "avx2_amd64"
	if wide {
		name = "avx512_amd64"
	}
	for suffix, p := range map[string]printer.Printer{".s": printer.NewGoAsm(cfg), ".go": printer.NewStubs(cfg)} {
		text, err := p.Print(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name+suffix), text, 0o666); err != nil {
			return err
		}
	}
	return nil
}
