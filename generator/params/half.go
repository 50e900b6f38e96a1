package params

import "math"

// half is x as an IEEE 754 binary16, rounded to nearest, ties to even.
func half(x float32) uint16 {
	b := math.Float32bits(x)
	sign := uint16(b>>16) & 0x8000
	b &= 0x7fffffff
	switch {
	case b > 0x7f800000: // not a number
		return sign | 0x7e00
	case b >= 0x47800000: // 65536 and more
		return sign | 0x7c00
	case b < 0x33000000: // at most half of the smallest
		return sign
	case b < 0x38800000: // subnormal: count in units of 2^-24
		shift := 126 - b>>23
		m := b&0x7fffff | 0x800000
		return sign | roundShift(m, shift)
	}
	return sign | roundShift(b-0x38000000, 13) // the exponent's bias goes from 127 to 15; a carry into it is right, up to infinity
}

// roundShift is m shifted right, rounded to nearest, ties to even.
func roundShift(m, shift uint32) uint16 {
	q, rest, tie := m>>shift, m&(1<<shift-1), uint32(1)<<(shift-1)
	if rest > tie || rest == tie && q&1 == 1 {
		q++
	}
	return uint16(q)
}

// single is the value of a binary16.
func single(h uint16) float32 {
	sign, e, m := uint32(h&0x8000)<<16, uint32(h>>10)&31, uint32(h&0x3ff)
	switch {
	case e == 31:
		return math.Float32frombits(sign | 0x7f800000 | m<<13)
	case e > 0:
		return math.Float32frombits(sign | (e+112)<<23 | m<<13)
	}
	v := float32(m) / (1 << 24)
	if sign != 0 {
		v = -v
	}
	return v
}
