package train

import (
	"fmt"
	"math/rand/v2"
	"time"

	"daogou/generator/params"
)

// Bench is a measurement of training speed.
type Bench struct {
	Kernels   string
	Steps     int
	Tokens    int     // of a step
	LossShare float64 // of tokens with loss
	Best      float64 // tokens a second, of the fastest step
	Mean      float64
	PerCPU    float64 // tokens a second of processor time, of the best step; times the cores it is what an idle machine would do. 0: not known here
	GFLOPs    float64 // of arithmetic in products a second, of the fastest step
	Memory    int     // bytes for the values of the graph
}

func (b Bench) String() string {
	return fmt.Sprintf("%-10s %3.0f %% of tokens with loss: best %.0f tokens/s (%.0f GFLOP/s), mean %.0f over %d steps of %d tokens; %.0f a second of one core; %d MB of values",
		b.Kernels, 100*b.LossShare, b.Best, b.GFLOPs, b.Mean, b.Steps, b.Tokens, b.PerCPU, b.Memory>>20)
}

// Benchmark trains on random examples as long as the context for about the given time and says how fast that was. share is the part of each example that carries loss.
func Benchmark(o Options, share float64, length time.Duration) (Bench, error) {
	o.Steps, o.Dir, o.Progress, o.Valid = 1<<30, "", nil, nil
	o.Warmup = 1
	o = o.withDefaults()
	c := o.Config
	r := rand.New(rand.NewPCG(7, 7))
	data := make(Examples, 64)
	for i := range data {
		e := Example{Tokens: make([]int32, c.Context), Prompt: max(1, c.Context-int(share*float64(c.Context)))}
		for j := range e.Tokens {
			e.Tokens[j] = int32(r.IntN(max(1, c.Vocab)))
		}
		data[i] = e
	}
	if err := o.check(data); err != nil {
		return Bench{}, err
	}
	t, err := newTrainer(o, data)
	if err != nil {
		return Bench{}, err
	}
	if err := t.step(); err != nil { // the first touches fresh memory
		return Bench{}, err
	}
	b := Bench{Kernels: t.m.name(), Memory: t.net.mem.bytes()}
	began := time.Now()
	var total int
	for time.Since(began) < length || b.Steps == 0 {
		before, cpu := time.Now(), cpuSeconds()
		seen := t.Tokens
		if err := t.step(); err != nil {
			return Bench{}, err
		}
		b.Tokens = int(t.Tokens - seen)
		total += b.Tokens
		b.Steps++
		if speed := float64(b.Tokens) / time.Since(before).Seconds(); speed > b.Best {
			b.Best = speed
		}
		if used := cpuSeconds() - cpu; used > 0 {
			b.PerCPU = max(b.PerCPU, float64(b.Tokens)/used)
		}
	}
	b.Mean = float64(total) / time.Since(began).Seconds()
	rows := 0
	for _, p := range t.parts {
		rows += len(p.rows)
	}
	b.LossShare = float64(rows) / float64(b.Tokens)
	b.GFLOPs = b.Best * flops(t.layout.Config, b.LossShare) / 1e9
	return b, nil
}

// flops is the arithmetic of products for one token of training, three times that of the way forth: each weight once forth and twice back; attention over examples as
// long as the context, of which the causal mask needs half; past the last attention, and at the output, only the rows with loss.
func flops(c params.Config, share float64) float64 {
	d, ff, q, kv := float64(c.Dim), float64(c.FF), float64(c.Heads*c.HeadDim), float64(c.KVHeads*c.HeadDim)
	qkv := d * (q + 2*kv)
	rest := q*d + 3*d*ff
	layers := float64(c.Layers)
	weights := layers*qkv + (layers-1+share)*rest + share*d*float64(c.Vocab)
	attention := layers * q * float64(c.Context) // 2 products of q × context, half of it masked
	return 6 * (weights + attention)
}
