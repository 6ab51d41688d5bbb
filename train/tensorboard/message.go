package tensorboard

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// message is a protocol buffer that is being written, field by field. The numbers and
// types of the fields are quoted beside each use from the .proto files of TensorFlow
// and TensorBoard. As in proto3, a field at its default is left out.
type message []byte

// bytes adds a field of type bytes, string or another message.
func (m message) bytes(field protowire.Number, b []byte) message {
	m = protowire.AppendTag(m, field, protowire.BytesType)
	return protowire.AppendBytes(m, b)
}

func (m message) text(field protowire.Number, s string) message {
	if s == "" {
		return m
	}
	return m.bytes(field, []byte(s))
}

// varint adds a field of type int32, int64, bool or an enumeration, not negative.
func (m message) varint(field protowire.Number, x uint64) message {
	if x == 0 {
		return m
	}
	m = protowire.AppendTag(m, field, protowire.VarintType)
	return protowire.AppendVarint(m, x)
}

func (m message) double(field protowire.Number, x float64) message {
	m = protowire.AppendTag(m, field, protowire.Fixed64Type)
	return protowire.AppendFixed64(m, math.Float64bits(x))
}

func (m message) float(field protowire.Number, x float32) message {
	m = protowire.AppendTag(m, field, protowire.Fixed32Type)
	return protowire.AppendFixed32(m, math.Float32bits(x))
}
