package disk

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The sealed container, all integers little-endian:
//
//	8 bytes   magic
//	4 bytes   version of the payload's format
//	8 bytes   length of the payload
//	n bytes   payload
//	32 bytes  SHA-256 of everything before it
//
// The layout itself never changes: a different one would have another magic.
// Like PNG's, the magic starts with a byte above 127 and ends in a line break,
// so that a transfer in text mode spoils it visibly.
const (
	sealMagic    = "\x89qkseal\n"
	sealHeader   = len(sealMagic) + 4 + 8
	sealOverhead = sealHeader + sha256.Size
)

// What [Unseal] can find wrong. The errors it returns wrap one of these and add
// the particulars.
var (
	// ErrNotSealed: the data does not start with the magic of a sealed container.
	ErrNotSealed = errors.New("not a sealed file")
	// ErrTruncated: the data ends before the container does.
	ErrTruncated = errors.New("sealed file is cut short")
	// ErrCorrupt: the data is not what was sealed.
	ErrCorrupt = errors.New("sealed file is corrupt")
	// ErrNewer: the container is intact, and the version of its payload is
	// above what the program knows.
	ErrNewer = errors.New("sealed file is of a newer version")
)

// Seal writes payload to w in a container that [Unseal] can check: a magic,
// version (of the payload's format), the payload's length, the payload, and the
// SHA-256 of all that. The same version and payload always give the same bytes.
// An error from w is returned as it is.
func Seal(w io.Writer, version uint32, payload []byte) error {
	header := make([]byte, 0, sealHeader)
	header = append(header, sealMagic...)
	header = binary.LittleEndian.AppendUint32(header, version)
	header = binary.LittleEndian.AppendUint64(header, uint64(len(payload)))
	digest := sha256.New()
	digest.Write(header)
	digest.Write(payload)
	for _, part := range [][]byte{header, payload, digest.Sum(nil)} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// Unseal checks that data is exactly one intact container, made by [Seal] with a
// version of at most maxVersion, and gives its version and payload. The payload
// is a part of data, not a copy.
//
// The error wraps one of
//
//   - [ErrNotSealed] if the magic is wrong;
//   - [ErrTruncated] if data is shorter than its header says, or too short to
//     have one. A changed length that points past the end looks the same;
//   - [ErrCorrupt] if data is longer than its header says or the checksum does
//     not agree, which covers the version too;
//   - [ErrNewer] if the container is intact and its version is above maxVersion:
//     the text names both, and the version found is returned with the error.
//
// Otherwise, with an error, the version is 0 and the payload is always nil.
func Unseal(data []byte, maxVersion uint32) (version uint32, payload []byte, err error) {
	magic := data[:min(len(data), len(sealMagic))]
	if !bytes.HasPrefix([]byte(sealMagic), magic) {
		return 0, nil, fmt.Errorf("%w: it starts with % x", ErrNotSealed, magic)
	}
	if len(data) < sealOverhead {
		return 0, nil, fmt.Errorf("%w: %d bytes, and an empty one has %d", ErrTruncated, len(data), sealOverhead)
	}
	version = binary.LittleEndian.Uint32(data[len(sealMagic):])
	length := binary.LittleEndian.Uint64(data[len(sealMagic)+4:])
	present := uint64(len(data) - sealOverhead)
	switch {
	case length > present:
		return 0, nil, fmt.Errorf("%w: %d of %d payload bytes", ErrTruncated, present, length)
	case length < present:
		return 0, nil, fmt.Errorf("%w: %d bytes too many", ErrCorrupt, present-length)
	}
	body, want := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if got := sha256.Sum256(body); !bytes.Equal(got[:], want) {
		return 0, nil, fmt.Errorf("%w: its SHA-256 is %x, and %x is written in it", ErrCorrupt, got, want)
	}
	if version > maxVersion {
		return version, nil, fmt.Errorf("%w: it has version %d, and this program knows versions up to %d",
			ErrNewer, version, maxVersion)
	}
	return version, body[sealHeader:len(body):len(body)], nil
}
