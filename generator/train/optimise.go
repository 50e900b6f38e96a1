package train

import "math"

// chunkFloats is the piece of the arena a goroutine takes at a time. It is part of the result: the gradient's length is summed chunk by chunk.
const chunkFloats = 1 << 15

// rate is the learning rate of a step: a straight rise, then half a cosine down to MinLR.
func (o Options) rate(step int) float64 {
	if step < o.Warmup {
		return o.LR * float64(step+1) / float64(o.Warmup)
	}
	left := float64(step-o.Warmup) / math.Max(1, float64(o.Steps-1-o.Warmup))
	return o.MinLR + (o.LR-o.MinLR)*(1+math.Cos(math.Pi*math.Min(1, left)))/2
}

// sumSquares is the square of the gradient's length.
func (t *trainer) sumSquares() float64 {
	chunks := (len(t.grad) + chunkFloats - 1) / chunkFloats
	if len(t.sums) < chunks {
		t.sums = make([]float64, chunks)
	}
	t.m.rows(len(t.grad), chunkFloats, func(_, from, to int) { t.sums[from/chunkFloats] = t.m.kernels.sumSquares(t.grad[from:to]) })
	var s float64
	for _, v := range t.sums[:chunks] {
		s += v
	}
	return s
}

// update is AdamW over the arena in one pass: scale turns the sum of gradients into their mean, clipping shortens it, decay is for matrices only.
func (t *trainer) update(rate, length, scale float64) {
	if t.Clip > 0 && length > t.Clip {
		scale *= t.Clip / length
	}
	n := float64(t.Step + 1)
	a := adam{scale: float32(scale), lr: float32(rate), beta1: float32(t.Beta1), beta2: float32(t.Beta2), eps: float32(t.Epsilon),
		fix1: float32(1 / (1 - math.Pow(t.Beta1, n))), fix2: float32(1 / (1 - math.Pow(t.Beta2, n)))}
	keep := t.Average
	if keep > 0 { // young averages forget faster
		keep = math.Min(keep, n/(n+10))
	}
	for _, tensor := range t.layout.Tensors {
		a.decay = 0
		if len(tensor.Shape) > 1 && t.WeightDecay > 0 {
			a.decay = float32(t.WeightDecay)
		}
		t.m.rows(tensor.Len, chunkFloats, func(_, from, to int) {
			from, to = tensor.Offset+from, tensor.Offset+to
			t.m.adamw(t.weights[from:to], t.moment1[from:to], t.moment2[from:to], t.grad[from:to], a)
			if keep > 0 {
				t.m.lerp(float32(1-keep), t.weights[from:to], t.average[from:to])
			}
		})
	}
}
