package kernel

import (
	"fmt"
	"os"
	"strings"
)

// ISA names an instruction set that kernels are written for.
type ISA string

// The instruction sets.
const (
	AVX512 ISA = "avx512" // F and DQ
	AVX2   ISA = "avx2"   // with FMA and BMI2
	Go     ISA = "go"     // no assembly
)

// Variable is the environment variable that forces an instruction set.
const Variable = "QK_KERNEL"

// Available lists the instruction sets of this machine, the fastest first.
func Available() []ISA { return append(detect(), Go) }

// Default returns the instruction set that [Variable] names or, where that is not
// set, the fastest. It is an error if the machine does not have it.
func Default() (ISA, error) {
	name := os.Getenv(Variable)
	have := Available()
	if name == "" {
		return have[0], nil
	}
	names := make([]string, len(have))
	for i, isa := range have {
		if name == string(isa) {
			return isa, nil
		}
		names[i] = string(isa)
	}
	return "", fmt.Errorf("environment variable %s=%s: this machine has %s: set one of these, or leave it unset", Variable, name, strings.Join(names, ", "))
}
