package kernel

import "math"

// The kernels in Go, with the shapes and meanings of the methods of [Set].

func gemm[F Float](m, n, k int, a []F, rsa, csa int, b []F, ldb int, c []F, ldc int, add bool) {
	for i := range m {
		row := c[i*ldc:][:n]
		if !add {
			clear(row)
		}
		j := 0
		for ; j+4 <= k; j += 4 { // four rows of B at a time, to pass over C less often
			at := i*rsa + j*csa
			a0, a1, a2, a3 := a[at], a[at+csa], a[at+2*csa], a[at+3*csa]
			b0, b1, b2, b3 := b[j*ldb:][:n], b[(j+1)*ldb:][:n], b[(j+2)*ldb:][:n], b[(j+3)*ldb:][:n]
			for x := range row {
				row[x] += (a0*b0[x] + a1*b1[x]) + (a2*b2[x] + a3*b3[x])
			}
		}
		for ; j < k; j++ {
			axpy(a[i*rsa+j*csa], b[j*ldb:][:n], row)
		}
	}
}

// axpy adds a·x to y.
func axpy[F Float](a F, x, y []F) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += a * v
	}
}

func softmax[F Float](n, cols int, e []F, ld int, m, z []F) {
	m, z = m[:cols], z[:cols]
	copy(m, e[:cols])
	clear(z)
	for y := 1; y < n; y++ {
		for i, x := range e[y*ld:][:cols] {
			m[i] = max(m[i], x)
		}
	}
	for y := range n {
		row := e[y*ld:][:cols]
		for i, x := range row {
			row[i] = exp2(x - m[i])
			z[i] += row[i]
		}
	}
}

func expect[F Float](n, cols int, e, t []F, ld int, sum []F) {
	sum = sum[:cols]
	for y := range n {
		row := t[y*ld:][:cols]
		for i, x := range e[y*ld:][:cols] {
			sum[i] += x * row[i]
		}
	}
}

func retract[F Float](n, cols int, e, t []F, ld int, z []F) {
	z = z[:cols]
	for y := range n {
		row := e[y*ld:][:cols]
		for i, x := range t[y*ld:][:cols] {
			row[i] -= x * z[i]
		}
	}
}

func rescale[F Float](n, cols int, e []F, ld int, c []F) {
	c = c[:cols]
	for y := range n {
		row := e[y*ld:][:cols]
		for i := range row {
			row[i] *= c[i]
		}
	}
}

func exp[F Float](x []F, shift F) {
	for i := range x {
		x[i] = exp2((x[i] - shift) * math.Log2E)
	}
}

func dots[F Float](idx []int32, q, x []F, scale F, out []F) {
	for i, at := range idx {
		out[i] = scale * dot(q, x[int(at)*len(q):][:len(q)])
	}
}

// dot is the inner product of two vectors of one length, in four partial sums.
func dot[F Float](x, y []F) F {
	y = y[:len(x)]
	var a, b, c, d F
	for len(x) >= 4 && len(y) >= 4 {
		a += x[0] * y[0]
		b += x[1] * y[1]
		c += x[2] * y[2]
		d += x[3] * y[3]
		x, y = x[4:], y[4:]
	}
	for i := range x {
		a += x[i] * y[i]
	}
	return (a + b) + (c + d)
}

func mix[F Float](idx []int32, c, x, out []F, add bool) {
	if !add {
		clear(out)
	}
	for i, at := range idx {
		axpy(c[i], x[int(at)*len(out):][:len(out)], out)
	}
}

func pick[F Float](at []int32, v, x []F) float64 {
	var a, b, c, d float64
	for len(at) >= 4 && len(v) >= 4 {
		a += float64(v[0]) * float64(x[at[0]])
		b += float64(v[1]) * float64(x[at[1]])
		c += float64(v[2]) * float64(x[at[2]])
		d += float64(v[3]) * float64(x[at[3]])
		at, v = at[4:], v[4:]
	}
	for i, p := range at {
		a += float64(v[i]) * float64(x[p])
	}
	return (a + b) + (c + d)
}

func place[F Float](at []int32, v []F, c F, x []F) {
	for i, p := range at {
		x[p] += c * v[i]
	}
}

func sumSquares[F Float](x []F) float64 {
	var sum float64
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return sum
}

// carefulNorm is the Euclidean norm of numbers whose squares overflow or vanish.
func carefulNorm[F Float](x []F) float64 {
	var top float64
	for _, v := range x {
		top = max(top, math.Abs(float64(v))) // NaN stays
	}
	if top == 0 || math.IsNaN(top) || math.IsInf(top, 0) {
		return top
	}
	var sum float64
	for _, v := range x {
		r := float64(v) / top
		sum += r * r
	}
	return top * math.Sqrt(sum)
}

func adam[F Float](x, g, m, v []F, c *AdamStep[F]) bool {
	var check F
	for i := range x {
		m[i] = c.Beta1*m[i] + c.Rest1*g[i]
		v[i] = c.Beta2*v[i] + c.Rest2*(g[i]*g[i])
		x[i] -= c.Rate * m[i] / (F(math.Sqrt(float64(v[i])))*c.Root + c.Epsilon)
		check += 0 * x[i]
	}
	return check == 0
}

func momentum[F Float](x, g, v []F, c *MomentumStep[F]) bool {
	var check F
	for i := range x {
		v[i] = c.Mu*v[i] + g[i]
		x[i] -= c.Rate * v[i]
		check += 0 * x[i]
	}
	return check == 0
}

func sgd[F Float](x, g []F, c *SGDStep[F]) bool {
	var check F
	for i := range x {
		x[i] -= c.Rate * g[i]
		check += 0 * x[i]
	}
	return check == 0
}
