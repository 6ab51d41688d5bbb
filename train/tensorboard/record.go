package tensorboard

import (
	"encoding/binary"
	"hash/crc32"
)

// The TFRecord format, as https://www.tensorflow.org/tutorials/load_data/tfrecord and
// tensorflow/core/lib/io/record_writer.cc describe it:
//
//	uint64 length
//	uint32 masked_crc32_of_length
//	byte   data[length]
//	uint32 masked_crc32_of_data
//
// all little-endian. The checksum is CRC32C (Castagnoli), masked as
// tensorflow/core/lib/hash/crc32c.h says, since the checksum of a string that holds
// checksums is no good one: rotated right by 15 bits, plus 0xa282ead8.
const maskDelta = 0xa282ead8

// appendRecord appends a record to a file.
func appendRecord(file, data []byte) []byte {
	start := len(file)
	file = binary.LittleEndian.AppendUint64(file, uint64(len(data)))
	file = binary.LittleEndian.AppendUint32(file, maskedSum(file[start:]))
	file = append(file, data...)
	return binary.LittleEndian.AppendUint32(file, maskedSum(data))
}

func maskedSum(data []byte) uint32 {
	sum := crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli))
	return (sum>>15 | sum<<17) + maskDelta
}
