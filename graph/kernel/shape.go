package kernel

// The checks that methods of [Set] make before they run assembly.

// reach panics unless a matrix of rows × cols numbers, with element (i,j) at
// x[i·rs + j·cs], lies within x.
func reach[F Float](x []F, rows, cols, rs, cs int) {
	if rs < 0 || cs < 0 {
		panic("kernel: negative stride")
	}
	if rows > 0 && cols > 0 {
		_ = x[(rows-1)*rs+(cols-1)*cs]
	}
}

// columns panics unless n and cols are such as [Set.Softmax] takes.
func columns[F Float](n, cols int) {
	if n < 1 || cols < 1 || cols%Lanes[F]() != 0 {
		panic("kernel: no rows, or not a whole number of vectors in a row")
	}
}

// prefix returns the first n numbers of x. Other than x[:n] it panics if x has
// fewer but the capacity for them.
func prefix[F Float](x []F, n int) []F { return x[:len(x):len(x)][:n] }

// rowsWithin panics unless all rows [r] of the given numbers lie within size
// numbers.
func rowsWithin(idx []int32, size, r int) {
	if r == 0 {
		panic("kernel: rows of length zero")
	}
	rows := uint32(size / r)
	for _, i := range idx {
		if uint32(i) >= rows {
			panic("kernel: row out of range")
		}
	}
}
