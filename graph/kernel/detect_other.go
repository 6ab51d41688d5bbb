//go:build !amd64

package kernel

func detect() []ISA { return nil }

func assembly(ISA, bool) routines { return routines{} }
