package kernel

import "math"

// plain is the variant in Go. Matrices stay row-major; int8 weights lie in bytes, their scales in floats.
type plain struct{}

func (plain) tile() int { return 1 }

func (plain) pack(m *Matrix, w []float32) {
	if m.precision == Float32 {
		m.floats = append([]float32(nil), w...)
		return
	}
	m.bytes, m.floats = make([]byte, m.rows*m.blocks*Block), make([]float32, m.rows*m.blocks)
	var q [Block]int8
	for row := range m.rows {
		for b := range m.blocks {
			q = [Block]int8{}
			m.floats[row*m.blocks+b] = quantiseBlock(q[:], w[row*m.cols+b*Block:row*m.cols+min(m.cols, (b+1)*Block)])
			for i, v := range q {
				m.bytes[(row*m.blocks+b)*Block+i] = byte(v)
			}
		}
	}
}

func (plain) row(dst []float32, m *Matrix, row int) {
	if m.precision == Float32 {
		copy(dst, m.floats[row*m.cols:])
		return
	}
	for i := range dst {
		dst[i] = m.floats[row*m.blocks+i/Block] * float32(int8(m.bytes[row*m.blocks*Block+i]))
	}
}

func (plain) quantise(in *Input, x []float32, from, to int) {
	for r := from; r < to; r++ {
		for b := range in.blocks {
			q := in.q[(r*in.blocks+b)*Block : (r*in.blocks+b+1)*Block]
			clear(q)
			in.scales[r*in.blocks+b] = quantiseBlock(q, x[r*in.cols+b*Block:r*in.cols+min(in.cols, (b+1)*Block)])
		}
	}
}

func (p plain) matmul(dst []float32, stride int, m *Matrix, in *Input, p0, p1 int, list []int32, add bool) {
	for i := p0; i < p1; i++ {
		panel := i
		if list != nil {
			panel = int(list[i])
		}
		for j := range min(PanelRows, m.rows-panel*PanelRows) {
			row := panel*PanelRows + j
			for r := range in.rows {
				y := p.product(m, in, row, r)
				if at := r*stride + i*PanelRows + j; add {
					dst[at] += y
				} else {
					dst[at] = y
				}
			}
		}
	}
}

func (plain) product(m *Matrix, in *Input, row, r int) float32 {
	if m.precision == Float32 {
		return dot(m.floats[row*m.cols:(row+1)*m.cols], in.x[r*in.cols:(r+1)*in.cols])
	}
	n := m.blocks * Block
	w, x := m.bytes[row*n:(row+1)*n], in.q[r*n:(r+1)*n]
	ws, xs := m.floats[row*m.blocks:(row+1)*m.blocks], in.scales[r*m.blocks:(r+1)*m.blocks]
	y := float32(0)
	for b := range ws {
		y += float32(dotBlock((*[Block]byte)(w[b*Block:]), (*[Block]int8)(x[b*Block:]))) * ws[b] * xs[b]
	}
	return y
}

func dotBlock(w *[Block]byte, x *[Block]int8) int32 {
	var a, b, c, d int32
	for i := 0; i < Block; i += 4 {
		a += int32(int8(w[i])) * int32(x[i])
		b += int32(int8(w[i+1])) * int32(x[i+1])
		c += int32(int8(w[i+2])) * int32(x[i+2])
		d += int32(int8(w[i+3])) * int32(x[i+3])
	}
	return a + b + c + d
}

func dot(a, b []float32) float32 {
	var s [4]float32
	b = b[:len(a)]
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s[0] += a[i] * b[i]
		s[1] += a[i+1] * b[i+1]
		s[2] += a[i+2] * b[i+2]
		s[3] += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s[0] += a[i] * b[i]
	}
	return s[0] + s[1] + s[2] + s[3]
}

func (plain) rmsNorm(dst, x, weight []float32, rows int, eps float32) {
	n := len(weight)
	for r := range rows {
		in, out := x[r*n:(r+1)*n], dst[r*n:(r+1)*n]
		f := float32(1 / math.Sqrt(float64(dot(in, in)/float32(n)+eps)))
		for i, v := range in {
			out[i] = v * f * weight[i]
		}
	}
}

func (plain) rotate(x []float32, rows, stride, heads, headDim int, cosines, sines []float32, pos []int32) {
	for r := range rows {
		c, s := cosines[int(pos[r])*headDim:], sines[int(pos[r])*headDim:]
		for h := range heads {
			y := x[r*stride+h*headDim : r*stride+(h+1)*headDim]
			for i := 0; i+1 < len(y); i += 2 {
				a, b := y[i], y[i+1]
				y[i] = a*c[i] - b*s[i]
				y[i+1] = b*c[i+1] + a*s[i+1]
			}
		}
	}
}

func exp(x float32) float32 { return float32(math.Exp(float64(x))) }

func (plain) swiglu(dst, gate, up []float32) {
	for i, g := range gate {
		dst[i] = g / (1 + exp(-g)) * up[i]
	}
}

func highest(x []float32) float32 {
	top := x[0]
	for _, v := range x {
		top = max(top, v)
	}
	return top
}

func (plain) softmax(x []float32, inverseTemperature float32) {
	top, sum := highest(x), float32(0)
	for i, v := range x {
		x[i] = exp((v - top) * inverseTemperature)
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
}

func (plain) logSumExp(x []float32) float32 {
	top, sum := highest(x), float64(0)
	for _, v := range x {
		sum += math.Exp(float64(v - top))
	}
	return top + float32(math.Log(sum))
}

func (plain) store(c *Cache, k, v []float32, rows, stride, at, head0, head1 int) {
	padded := Padded(c.HeadDim)
	for r := range rows {
		pos := at + r
		for h := head0; h < head1; h++ {
			in := r*stride + h*c.HeadDim
			panel := c.K[h*c.Cap*c.HeadDim+pos/16*16*c.HeadDim:]
			for i, x := range k[in : in+c.HeadDim] {
				panel[16*i+pos%16] = x
			}
			copy(c.V[(h*c.Cap+pos)*padded:], v[in:in+c.HeadDim])
		}
	}
}

func (p plain) attend(a *Attention, c *Cache, first, last bool, limits []int32) {
	padded := Padded(a.HeadDim)
	for head := a.Head0; head < a.Head1; head++ {
		for n := range a.Rows * a.Group {
			row, in := n/a.Group, n%a.Group
			at := (row*(a.Head1-a.Head0)+head-a.Head0)*a.Group + in
			out, state := a.out[at*padded:(at+1)*padded], a.state[2*at:2*at+2]
			if first {
				clear(out)
				state[0], state[1] = -1e30, 0
			}
			from := (head*a.Group + in) * a.HeadDim
			p.segment(out, state, a.Q[row*a.QStride+from:row*a.QStride+from+a.HeadDim], c, head, int(limits[row]), a.Scale)
			if last {
				for i, v := range out[:a.HeadDim] {
					a.Dst[row*a.DstStride+from+i] = v / state[1]
				}
			}
		}
	}
}

// segment adds one query's share of a segment: scores, then values, rescaled when a higher score turns up.
func (plain) segment(out, state, q []float32, c *Cache, head, n int, scale float32) {
	if n == 0 {
		return
	}
	var scores [MaxCap]float32
	for pos := range n {
		panel, s := c.K[head*c.Cap*c.HeadDim+pos/16*16*c.HeadDim:], float32(0)
		for i, x := range q {
			s += x * panel[16*i+pos%16]
		}
		scores[pos] = s * scale
	}
	top := max(state[0], highest(scores[:n]))
	keep := exp(state[0] - top)
	state[0], state[1] = top, state[1]*keep
	for i := range out {
		out[i] *= keep
	}
	padded := len(out)
	for pos, s := range scores[:n] {
		w := exp(s - top)
		state[1] += w
		for i, v := range c.V[(head*c.Cap+pos)*padded : (head*c.Cap+pos+1)*padded] {
			out[i] += w * v
		}
	}
}

// quantiseBlock writes the nearest multiples of the scale that it returns; the largest weight becomes ±127.
func quantiseBlock(q []int8, x []float32) float32 {
	top := float32(0)
	for _, v := range x {
		top = max(top, v, -v)
	}
	if top == 0 {
		return 0
	}
	inverse := 127 / top
	if math.IsInf(float64(inverse), 0) { // too small to be told from nothing
		return 0
	}
	for i, v := range x {
		q[i] = int8(max(-127, min(127, math.RoundToEven(float64(v*inverse)))))
	}
	return top / 127
}
