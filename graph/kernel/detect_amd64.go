package kernel

import "golang.org/x/sys/cpu"

// detect lists the instruction sets with assembly that the processor has.
func detect() []ISA {
	var have []ISA
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasBMI2 {
		have = append(have, AVX512)
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA && cpu.X86.HasBMI2 {
		have = append(have, AVX2)
	}
	return have
}

// assembly returns the kernels of an instruction set, and none for [Go].
func assembly(isa ISA, double bool) routines {
	switch {
	case isa == AVX512 && double:
		return routines{gemm64AVX512, softmax64AVX512, expect64AVX512, retract64AVX512, rescale64AVX512,
			exp64AVX512, dots64AVX512, mix64AVX512, pick64AVX512, place64AVX512, norm64AVX512, adam64AVX512, momentum64AVX512, sgd64AVX512, peak64AVX512}
	case isa == AVX512:
		return routines{gemm32AVX512, softmax32AVX512, expect32AVX512, retract32AVX512, rescale32AVX512,
			exp32AVX512, dots32AVX512, mix32AVX512, pick32AVX512, place32AVX512, norm32AVX512, adam32AVX512, momentum32AVX512, sgd32AVX512, peak32AVX512}
	case isa == AVX2 && double:
		return routines{gemm64AVX2, softmax64AVX2, expect64AVX2, retract64AVX2, rescale64AVX2,
			exp64AVX2, dots64AVX2, mix64AVX2, nil, nil, norm64AVX2, adam64AVX2, momentum64AVX2, sgd64AVX2, peak64AVX2}
	case isa == AVX2:
		return routines{gemm32AVX2, softmax32AVX2, expect32AVX2, retract32AVX2, rescale32AVX2,
			exp32AVX2, dots32AVX2, mix32AVX2, nil, nil, norm32AVX2, adam32AVX2, momentum32AVX2, sgd32AVX2, peak32AVX2}
	}
	return routines{}
}
