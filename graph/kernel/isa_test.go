package kernel

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestAvailable wants the kernels in Go everywhere, after all others. .ci/run
// reads what it logs.
func TestAvailable(t *testing.T) {
	have := Available()
	t.Log("instruction sets:", have)
	if slices.Index(have, Go) != len(have)-1 {
		t.Errorf("the last of %v is not %s", have, Go)
	}
}

func TestDefault(t *testing.T) {
	for _, isa := range Available() {
		t.Setenv(Variable, string(isa))
		if got, err := Default(); got != isa || err != nil {
			t.Errorf("%s=%s: %q, %v", Variable, isa, got, err)
		}
	}
	t.Setenv(Variable, "")
	if got, err := Default(); got != Available()[0] || err != nil {
		t.Errorf("%s empty: %q, %v", Variable, got, err)
	}
	os.Unsetenv(Variable) // what it was comes back after the test
	if got, err := Default(); got != Available()[0] || err != nil {
		t.Errorf("%s not set: %q, %v", Variable, got, err)
	}
}

// TestDefaultUnknown wants an error that says what was asked for and what there
// is, for nonsense and for instruction sets of other machines.
func TestDefaultUnknown(t *testing.T) {
	names := []string{"sse9", "AVX2", " go"}
	for _, isa := range []ISA{AVX512, AVX2} {
		if !slices.Contains(Available(), isa) {
			names = append(names, string(isa))
		}
	}
	for _, name := range names {
		t.Setenv(Variable, name)
		got, err := Default()
		if got != "" || err == nil {
			t.Errorf("%s=%s: %q, %v", Variable, name, got, err)
			continue
		}
		for _, want := range []string{Variable + "=" + name, "leave it unset"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s=%s: %q is not in the error %q", Variable, name, want, err)
			}
		}
		for _, isa := range Available() {
			if !strings.Contains(err.Error(), string(isa)) {
				t.Errorf("%s=%s: %s is not in the error %q", Variable, name, isa, err)
			}
		}
	}
}
