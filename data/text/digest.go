package text

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// digest is a number modulo 2^256, its low 64 bits first: see [Numbered.Digest].
type digest [4]uint64

// addSum adds the SHA-256 of one line, as a number with its high byte first.
func (d *digest) addSum(sum [sha256.Size]byte) {
	var other digest
	for i := range other {
		other[i] = binary.BigEndian.Uint64(sum[sha256.Size-8*(i+1):])
	}
	d.add(other)
}

// add adds another digest.
func (d *digest) add(other digest) {
	var carry uint64
	for i := range d {
		d[i], carry = bits.Add64(d[i], other[i], carry)
	}
}

// bytes returns the digest with its high byte first.
func (d digest) bytes() [sha256.Size]byte {
	var b [sha256.Size]byte
	for i, limb := range d {
		binary.BigEndian.PutUint64(b[sha256.Size-8*(i+1):], limb)
	}
	return b
}
