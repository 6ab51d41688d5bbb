package text

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// Digest is a number modulo 2^256: the sum over all sentences of the SHA-256 of
// the line, without its end, as a number with its high byte first. It does not
// hang on the order of the lines, nor on how they are shared out among texts, so
// the digests of parts add up to that of the whole.
type Digest struct {
	limbs [4]uint64 // the low one first
}

// add adds the SHA-256 of one line.
func (d *Digest) add(sum [sha256.Size]byte) {
	var other Digest
	for i := range other.limbs {
		other.limbs[i] = binary.BigEndian.Uint64(sum[sha256.Size-8*(i+1):])
	}
	d.Add(other)
}

// Add adds another digest.
func (d *Digest) Add(other Digest) {
	var carry uint64
	for i := range d.limbs {
		d.limbs[i], carry = bits.Add64(d.limbs[i], other.limbs[i], carry)
	}
}

// Bytes returns the digest with its high byte first.
func (d Digest) Bytes() [sha256.Size]byte {
	var b [sha256.Size]byte
	for i, limb := range d.limbs {
		binary.BigEndian.PutUint64(b[sha256.Size-8*(i+1):], limb)
	}
	return b
}
