package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// everyVariant runs a test on all variants that this machine can run.
func everyVariant(t *testing.T, test func(t *testing.T, k *Kernel, r *rand.Rand)) {
	for _, name := range Variants() {
		t.Run(name, func(t *testing.T) {
			k, err := New(name)
			if err != nil {
				t.Fatal(err)
			}
			test(t, k, rand.New(rand.NewPCG(1, 2)))
		})
	}
}

func normal(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// near fails unless got is within tolerance of want, relative to the largest value that is wanted.
func near(t *testing.T, what string, got []float32, want []float64, tolerance float64) {
	t.Helper()
	top := 1e-6
	for _, w := range want {
		top = max(top, math.Abs(w))
	}
	for i, w := range want {
		if d := math.Abs(float64(got[i]) - w); !(d <= tolerance*top) {
			t.Fatalf("%s: value %d is %g, want %g: off by %.2g of the largest, %g", what, i, got[i], w, d/top, top)
		}
	}
}

// quantised is what the blocks of 32 hold, in float64.
func quantised(x []float32, cols int) []float64 {
	out := make([]float64, len(x))
	for row := 0; row < len(x); row += cols {
		for b := 0; b < cols; b += Block {
			in := x[row+b : row+min(cols, b+Block)]
			var q [Block]int8
			s := quantiseBlock(q[:], in)
			for i := range in {
				out[row+b+i] = float64(q[i]) * float64(s)
			}
		}
	}
	return out
}

func widen(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

func product(w, x []float64, outs, cols, rows int) []float64 {
	y := make([]float64, rows*outs)
	for r := range rows {
		for o := range outs {
			for i := range cols {
				y[r*outs+o] += x[r*cols+i] * w[o*cols+i]
			}
		}
	}
	return y
}

// The integers are exact, so int8 is held to the product of what was quantised, as tightly as float32.
func TestMatMul(t *testing.T) {
	shapes := [][3]int{{16, 32, 1}, {48, 64, 3}, {17, 33, 2}, {1, 1, 1}, {5, 20, 15}, {40, 96, 29}, {64, 256, 8}, {31, 352, 4}, {16, 100, 13}}
	everyVariant(t, func(t *testing.T, k *Kernel, r *rand.Rand) {
		for _, p := range []Precision{Int8, Float32} {
			for _, s := range shapes {
				outs, cols, rows := s[0], s[1], s[2]
				w, x := normal(r, outs*cols), normal(r, rows*cols)
				m, err := k.Pack(w, outs, cols, p)
				if err != nil {
					t.Fatal(err)
				}
				var in Input
				in.Shape(rows, cols, p)
				cut := min(rows, k.Tile())
				k.Prepare(&in, x, 0, cut)
				k.Prepare(&in, x, cut, rows)
				wide := func(x []float32) []float64 {
					if p == Int8 {
						return quantised(x, cols)
					}
					return widen(x)
				}
				want := product(wide(w), wide(x), outs, cols, rows)
				what := fmt.Sprintf("%s %v", p, s)

				got := make([]float32, rows*outs)
				half := m.Panels() / 2
				k.MatMul(got, outs, m, &in, 0, half, false)
				k.MatMul(got, outs, m, &in, half, m.Panels(), false)
				near(t, what, got, want, 2e-5)

				k.MatMul(got, outs, m, &in, 0, m.Panels(), true)
				twice := make([]float64, len(want))
				for i, v := range want {
					twice[i] = 2 * v
				}
				near(t, what+" added", got, twice, 2e-5)

				last := int32(m.Panels() - 1)
				few := make([]float32, rows*32)
				k.MatMulPanels(few, 32, m, &in, []int32{last, 0})
				for i := range rows {
					n := outs - int(last)*PanelRows
					near(t, what+" panel list", few[i*32:i*32+n], want[i*outs+int(last)*PanelRows:(i+1)*outs], 1e-4)
					n = min(PanelRows, outs)
					near(t, what+" panel list", few[i*32+16:i*32+16+n], want[i*outs:i*outs+n], 1e-4)
				}

				row := make([]float32, cols)
				k.Row(row, m, outs-1)
				near(t, what+" row", row, wide(w)[(outs-1)*cols:], 1e-6)
			}
		}
	})
}

// A row's result may not depend on its company, else batches would change answers.
func TestMatMulRowAlone(t *testing.T) {
	everyVariant(t, func(t *testing.T, k *Kernel, r *rand.Rand) {
		const outs, cols, rows = 48, 96, 15
		for _, p := range []Precision{Int8, Float32} {
			m, _ := k.Pack(normal(r, outs*cols), outs, cols, p)
			x := normal(r, rows*cols)
			var in Input
			in.Shape(rows, cols, p)
			k.Prepare(&in, x, 0, rows)
			all := make([]float32, rows*outs)
			k.MatMul(all, outs, m, &in, 0, m.Panels(), false)
			for i := range rows {
				in.Shape(1, cols, p)
				k.Prepare(&in, x[i*cols:(i+1)*cols], 0, 1)
				alone := make([]float32, outs)
				k.MatMul(alone, outs, m, &in, 0, m.Panels(), false)
				for j, v := range alone {
					if v != all[i*outs+j] {
						t.Fatalf("%s: output %d of row %d is %g alone and %g among %d rows", p, j, i, v, all[i*outs+j], rows)
					}
				}
			}
		}
	})
}

func TestInt8HoldsHardBlocks(t *testing.T) {
	everyVariant(t, func(t *testing.T, k *Kernel, _ *rand.Rand) {
		blocks := map[string]func(i int) float32{
			"zero": func(int) float32 { return 0 }, "all top": func(int) float32 { return 3 }, "all bottom": func(int) float32 { return -3 },
			"tiny": func(int) float32 { return 1e-42 }, "huge": func(i int) float32 { return float32(1-2*(i%2)) * 1e15 }, "one": func(i int) float32 { return float32(i / 63) },
		}
		for name, f := range blocks {
			w := make([]float32, 16*64)
			for i := range w {
				w[i] = f(i % 64)
			}
			m, err := k.Pack(w, 16, 64, Int8)
			if err != nil {
				t.Fatal(err)
			}
			var in Input
			in.Shape(1, 64, Int8)
			k.Prepare(&in, w[:64], 0, 1)
			got := make([]float32, 16)
			k.MatMul(got, 16, m, &in, 0, 1, false)
			want := product(widen(w), widen(w[:64]), 16, 64, 1)
			near(t, name, got, want, 1e-5)
		}
	})
}

func TestPackRefuses(t *testing.T) {
	k, _ := New("go")
	for name, w := range map[string][]float32{"too few": {1}, "no number": {1, float32(math.NaN())}, "infinite": {1, float32(math.Inf(1))}} {
		if _, err := k.Pack(w, 1, 2, Int8); err == nil {
			t.Errorf("%s: packed", name)
		}
	}
	if _, err := New("mmx"); err == nil {
		t.Error("unknown variant opened")
	}
}

func TestRows(t *testing.T) {
	everyVariant(t, func(t *testing.T, k *Kernel, r *rand.Rand) {
		for _, n := range []int{1, 4, 7, 16, 33, 64, 250} {
			x, w := normal(r, 3*n), normal(r, n)
			want := make([]float64, 3*n)
			for row := range 3 {
				ss := 0.0
				for i := range n {
					ss += float64(x[row*n+i]) * float64(x[row*n+i])
				}
				for i := range n {
					want[row*n+i] = float64(x[row*n+i]) / math.Sqrt(ss/float64(n)+1e-5) * float64(w[i])
				}
			}
			got := make([]float32, 3*n)
			k.RMSNorm(got, x, w, 3, 1e-5)
			near(t, "rms norm", got, want, 1e-6)

			gate, up := normal(r, n), normal(r, n)
			gate[0] = -200 // far beyond what exp holds
			for i := range n {
				want[i] = float64(gate[i]) / (1 + math.Exp(-float64(gate[i]))) * float64(up[i])
			}
			k.SwiGLU(got[:n], gate, up)
			near(t, "swiglu", got, want[:n], 1e-6)

			for _, temperature := range []float64{1, 0.3} {
				sum, p := 0.0, append([]float32(nil), x[:n]...)
				for i := range n {
					want[i] = math.Exp(float64(x[i]) / temperature)
					sum += want[i]
				}
				for i := range n {
					want[i] /= sum
				}
				k.Softmax(p, float32(temperature))
				near(t, "softmax", p, want[:n], 2e-6)
				if temperature == 1 {
					near(t, "log sum exp", []float32{k.LogSumExp(x[:n])}, []float64{math.Log(sum)}, 2e-6)
				}
			}
		}
	})
}

func TestRotate(t *testing.T) {
	const heads, dim, stride, rows = 3, 6, 20, 2
	everyVariant(t, func(t *testing.T, k *Kernel, r *rand.Rand) {
		c, s := make([]float32, 9*dim), make([]float32, 9*dim)
		angle := func(pos, i int) float64 { return float64(pos) * math.Pow(100, -float64(i)/dim) }
		for i := range c {
			a := angle(i/dim, i%dim/2*2)
			c[i], s[i] = float32(math.Cos(a)), float32(math.Sin(a))
		}
		x, pos := normal(r, rows*stride), []int32{8, 0}
		want := widen(x)
		for row := range rows {
			for h := range heads {
				for i := 0; i < dim; i += 2 {
					at := row*stride + h*dim + i
					a, b := float64(x[at]), float64(x[at+1])
					sin, cos := math.Sincos(angle(int(pos[row]), i))
					want[at], want[at+1] = a*cos-b*sin, b*cos+a*sin
				}
			}
		}
		k.Rotate(x, rows, stride, heads, dim, c, s, pos)
		near(t, "rotate", x, want, 1e-6)
	})
}

// Attention over segments of uneven fill equals one softmax over all visible positions.
func TestAttend(t *testing.T) {
	everyVariant(t, func(t *testing.T, k *Kernel, r *rand.Rand) {
		for _, s := range []struct{ heads, group, dim, rows int }{{2, 2, 32, 5}, {1, 1, 16, 1}, {3, 1, 6, 7}, {2, 3, 20, 4}, {1, 4, 64, 2}} {
			fills, caps := []int{40, 1, 70, 33}, []int{64, 32, 96, 64}
			total, width := 144, s.heads*s.dim
			keys, values := normal(r, total*width), normal(r, total*width)
			q := normal(r, s.rows*s.heads*s.group*s.dim)
			sees := make([]int, s.rows) // the last rows see all, the first little
			for i := range sees {
				sees[i] = max(1, total-9*(s.rows-1-i)*(s.rows-1-i))
			}
			a := Attention{Dst: make([]float32, len(q)), DstStride: s.heads * s.group * s.dim, Q: q, QStride: s.heads * s.group * s.dim, Rows: s.rows,
				Group: s.group, HeadDim: s.dim, Scale: 0.5}
			for head := range s.heads { // heads are shared out among callers
				a.Head0, a.Head1 = head, head+1
				a.Begin()
				at := 0
				for i, fill := range fills {
					c := Cache{Cap: caps[i], Heads: s.heads, HeadDim: s.dim}
					nk, nv := CacheSize(s.heads, s.dim, caps[i])
					c.K, c.V = make([]float32, nk), make([]float32, nv)
					k.Store(&c, keys[at*width:], values[at*width:], fill, width, 0, 0, s.heads)
					limits := make([]int32, s.rows)
					for row := range limits {
						limits[row] = int32(max(0, min(fill, sees[row]-at)))
					}
					k.Attend(&a, &c, i == 0, i == len(fills)-1, limits)
					at += fill
				}
			}
			near(t, fmt.Sprintf("attend %+v", s), a.Dst, attention(s.heads, s.group, s.dim, q, keys, values, sees, 0.5), 5e-6)
		}
	})
}

func attention(heads, group, dim int, q, keys, values []float32, sees []int, scale float64) []float64 {
	out := make([]float64, len(q))
	for row, n := range sees {
		for h := range heads * group {
			at, kv := (row*heads*group+h)*dim, h/group*dim
			sum, w := 0.0, make([]float64, n)
			for p := range n {
				for i := range dim {
					w[p] += float64(q[at+i]) * float64(keys[p*heads*dim+kv+i])
				}
				w[p] = math.Exp(w[p] * scale)
				sum += w[p]
			}
			for p := range n {
				for i := range dim {
					out[at+i] += w[p] / sum * float64(values[p*heads*dim+kv+i])
				}
			}
		}
	}
	return out
}

func BenchmarkMatMul(b *testing.B) {
	for _, name := range Variants() {
		k, _ := New(name)
		for _, p := range []Precision{Int8, Float32} {
			for _, rows := range []int{1, 8, 256} {
				b.Run(fmt.Sprintf("%s/%s/rows=%d", name, p, rows), func(b *testing.B) {
					const outs, cols = 1408, 256
					r := rand.New(rand.NewPCG(1, 1))
					m, _ := k.Pack(normal(r, outs*cols), outs, cols, p)
					x, dst := normal(r, rows*cols), make([]float32, rows*outs)
					var in Input
					for b.Loop() {
						in.Shape(rows, cols, p)
						k.Prepare(&in, x, 0, rows)
						k.MatMul(dst, outs, m, &in, 0, m.Panels(), false)
					}
					b.ReportMetric(float64(outs*cols*rows)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
				})
			}
		}
	}
}

func BenchmarkAttend(b *testing.B) {
	for _, name := range Variants() {
		for _, rows := range []int{1, 256} {
			b.Run(fmt.Sprintf("%s/rows=%d", name, rows), func(b *testing.B) {
				const heads, group, dim, n = 4, 2, 32, 256
				k, _ := New(name)
				r := rand.New(rand.NewPCG(1, 1))
				c := Cache{Cap: n, Heads: heads, HeadDim: dim}
				keys, values := CacheSize(heads, dim, n)
				c.K, c.V = normal(r, keys), normal(r, values)
				q := normal(r, rows*heads*group*dim)
				a := Attention{Dst: make([]float32, len(q)), DstStride: heads * group * dim, Q: q, QStride: heads * group * dim, Rows: rows, Group: group, Head1: heads, HeadDim: dim, Scale: 0.2}
				limits := make([]int32, rows)
				for i := range limits {
					limits[i] = n
				}
				for b.Loop() {
					a.Begin()
					k.Attend(&a, &c, true, true, limits)
				}
				b.ReportMetric(float64(2*len(q)*n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
			})
		}
	}
}
