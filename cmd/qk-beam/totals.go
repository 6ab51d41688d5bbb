package main

import (
	"encoding/hex"
	"errors"
	"math/big"
	"slices"

	"qk/data/table"
)

// digestBytes is the length of the digest of a text.
const digestBytes = 32

// totals are the figures of a part of the text, see [table.Totals]. Digest is a
// number of 256 bits, the highest first.
type totals struct {
	Bytes     int64
	Sentences int64
	Tokens    int64
	Unknown   int64
	Positions int64
	Digest    []byte
	Observed  []int64 // for each table, the sum of its counts
}

// noTotals are the totals of no text.
func noTotals() totals {
	return totals{Digest: make([]byte, digestBytes), Observed: make([]int64, len(tables))}
}

// table returns the totals as they are kept.
func (t totals) table() table.Totals {
	return table.Totals{
		Bytes: t.Bytes, Sentences: t.Sentences, Tokens: t.Tokens, Unknown: t.Unknown, Positions: t.Positions,
		Digest: hex.EncodeToString(t.Digest),
	}
}

// totalsFn adds up totals.
type totalsFn struct{}

// CreateAccumulator returns the totals of no text.
func (*totalsFn) CreateAccumulator() totals { return noTotals() }

// MergeAccumulators returns the sum, or an error where it is above 2^63−1.
func (*totalsFn) MergeAccumulators(a, b totals) (totals, error) {
	sum := totals{
		Bytes: a.Bytes + b.Bytes, Sentences: a.Sentences + b.Sentences, Tokens: a.Tokens + b.Tokens,
		Unknown: a.Unknown + b.Unknown, Positions: a.Positions + b.Positions,
		Digest: addDigests(a.Digest, b.Digest), Observed: make([]int64, len(tables)),
	}
	for t := range sum.Observed {
		sum.Observed[t] = a.Observed[t] + b.Observed[t]
	}
	if min(sum.Bytes, sum.Sentences, sum.Tokens, sum.Unknown, sum.Positions, slices.Min(sum.Observed)) < 0 {
		return totals{}, reported(errors.New("the text is so long that a sum of counts is above 2^63-1"))
	}
	return sum, nil
}

// addDigests adds two numbers of 256 bits, modulo 2^256.
func addDigests(a, b []byte) []byte {
	sum := new(big.Int).Add(new(big.Int).SetBytes(a), new(big.Int).SetBytes(b))
	sum.And(sum, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 8*digestBytes), big.NewInt(1)))
	return sum.FillBytes(make([]byte, digestBytes))
}
