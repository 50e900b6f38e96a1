package params

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Encoding is how weights are written in a file. In memory they are always float32.
type Encoding string

const (
	F32 Encoding = "f32"
	F16 Encoding = "f16"
	Q8  Encoding = "q8" // blocks of 32 signed bytes with one binary16 scale, along a row; vectors (the norms) stay float32
)

const (
	blockLen = 32           // weights of a quantised block
	q8Bytes  = 2 + blockLen // of a block of Q8_0: a binary16 scale, the bytes
	q4Bytes  = 2 + blockLen/2
	bytesNow = 1 << 20 // what is read or written at a time
)

func (e Encoding) known() bool { return e == F32 || e == F16 || e == Q8 }

// of is the encoding of one tensor: quantising a norm would save nothing and cost quality.
func (e Encoding) of(t Tensor) Encoding {
	if len(t.Shape) == 1 {
		return F32
	}
	return e
}

// bytes is the length of a tensor in a file. A row's last block is padded.
func (e Encoding) bytes(t Tensor) int64 {
	switch e.of(t) {
	case F16:
		return 2 * int64(t.Len)
	case Q8:
		cols := t.Shape[len(t.Shape)-1]
		return int64(t.Len/cols) * int64((cols+blockLen-1)/blockLen) * q8Bytes
	}
	return 4 * int64(t.Len)
}

// bytes of a whole arena.
func payloadBytes(l *Layout, e Encoding) int64 {
	n := int64(0)
	for _, t := range l.Tensors {
		n += e.bytes(t)
	}
	return n
}

// rowBytes and rowLen describe one row, the unit that is encoded and decoded. A vector is one row.
func (e Encoding) rowBytes(t Tensor) int {
	return int(e.bytes(t) / int64(t.Len/rowLen(t)))
}

func rowLen(t Tensor) int { return t.Shape[len(t.Shape)-1] }

// writeTensor encodes a tensor row by row.
func writeTensor(w io.Writer, t Tensor, e Encoding, x []float32) error {
	cols, buf := rowLen(t), make([]byte, 0, min(bytesNow, e.bytes(t)))
	for at := 0; at < len(x); at += cols {
		buf = appendRow(buf, e.of(t), x[at:at+cols])
		if len(buf) >= bytesNow {
			if _, err := w.Write(buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
	}
	_, err := w.Write(buf)
	return err
}

func appendRow(dst []byte, e Encoding, x []float32) []byte {
	switch e {
	case F16:
		for _, v := range x {
			dst = binary.LittleEndian.AppendUint16(dst, half(v))
		}
	case Q8:
		for len(x) > 0 {
			n := min(blockLen, len(x))
			dst = appendBlock(dst, x[:n])
			x = x[n:]
		}
	default:
		for _, v := range x {
			dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(v))
		}
	}
	return dst
}

func appendBlock(dst []byte, x []float32) []byte {
	top := float32(0)
	for _, v := range x {
		top = max(top, v, -v)
	}
	h := half(top / 127)
	d := single(h)
	dst = binary.LittleEndian.AppendUint16(dst, h)
	for i := range blockLen {
		q := float64(0)
		if i < len(x) && d > 0 {
			q = math.RoundToEven(float64(x[i] / d))
		}
		dst = append(dst, byte(int8(max(-127, min(127, q)))))
	}
	return dst
}

// decodeRow is the inverse of appendRow.
func decodeRow(x []float32, e Encoding, b []byte) {
	switch e {
	case F16:
		for i := range x {
			x[i] = single(binary.LittleEndian.Uint16(b[2*i:]))
		}
	case Q8:
		for i := range x {
			block := b[i/blockLen*q8Bytes:]
			x[i] = single(binary.LittleEndian.Uint16(block)) * float32(int8(block[2+i%blockLen]))
		}
	default:
		for i := range x {
			x[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
	}
}

// checkFinite refuses weights that are no numbers or infinite, and with half those beyond binary16.
func checkFinite(l *Layout, arena []float32, e Encoding) error {
	limit := float32(math.MaxFloat32)
	switch e {
	case F16:
		limit = 65504
	case Q8:
		limit = 65504 * 127
	}
	for _, t := range l.Tensors {
		bound := limit
		if e.of(t) == F32 {
			bound = math.MaxFloat32
		}
		for i, v := range arena[t.Offset : t.Offset+t.Len] {
			if !(v >= -bound && v <= bound) {
				return fmt.Errorf("params: weight %d of %s is %g, which is no finite number that %s can hold; go back to a checkpoint from before training diverged", i, t.Name, v, e)
			}
		}
	}
	return nil
}
