package kernel

import "math"

// exp2 is 2^t as the assembly computes it, see gen/constants.go: with n the
// integer nearest to t, 2^t = 2^n · 2^(t−n), and a polynomial for the second factor. t
// is raised to the exponent of the least normal number. NaN stays NaN.
func exp2[F Float](t F) F {
	if Size[F]() == 8 {
		return F(exp2Double(float64(t)))
	}
	return F(exp2Single(float32(t)))
}

func exp2Double(t float64) float64 {
	t = max(t, -1022)
	n := math.RoundToEven(t)
	r := t - n
	p := 4.4549605981865186e-10
	p = p*r + 7.072585949269223e-09
	p = p*r + 1.0178062445845774e-07
	p = p*r + 1.321544258792169e-06
	p = p*r + 1.525273382983612e-05
	p = p*r + 0.0001540353044173605
	p = p*r + 0.0013333558146416936
	p = p*r + 0.009618129107606888
	p = p*r + 0.0555041086648216
	p = p*r + 0.24022650695910097
	p = p*r + 0.6931471805599453
	p = p*r + 1
	return p * math.Float64frombits(uint64(int64(n)+1023)<<52)
}

func exp2Single(t float32) float32 {
	t = max(t, -126)
	n := float32(math.RoundToEven(float64(t)))
	r := t - n
	p := float32(0.00015453163359779865)
	p = p*r + 0.0013390863314270973
	p = p*r + 0.009618083015084267
	p = p*r + 0.055503569543361664
	p = p*r + 0.24022650718688965
	p = p*r + 0.6931471824645996
	p = p*r + 1
	return p * math.Float32frombits(uint32(int32(n)+127)<<23)
}
