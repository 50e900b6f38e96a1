package train

import (
	"math"

	"gorgonia.org/gorgonia"
)

// blockRows is the number of query rows whose scores exist at a time. Keys past the last one a block may see are not computed.
const blockRows = 64

// attend is rotary and attention in one. A row of its input holds the query heads, the key heads and the value heads of a token; queries and keys are turned in place.
//
// Every example of the batch attends within itself; who sees whom is in seen. A goroutine takes one example and one key head, with all query heads that share it, so no
// two write to the same place. Scores exist for one block of queries only; on the way back they are made again from the logarithm of their sum.
func (n *network) attend(qkv *gorgonia.Node) (*gorgonia.Node, error) {
	c := n.cfg
	width := c.Heads * c.HeadDim
	out := n.mem.next(n.tokens * width)
	lse := n.mem.next(n.tokens * c.Heads)
	f := &fused{kind: "attend", wrt: []bool{true}}
	f.run = func(in [][]float32) error {
		n.rotate(in[0], 1)
		n.heads(func(s *attnScratch, seg segment, kv int) { n.attendHead(s, seg, kv, in[0], out, lse) })
		return nil
	}
	f.diff = func(in gorgonia.Nodes, y, grad *gorgonia.Node) (gorgonia.Nodes, error) {
		dx := n.mem.shared("wide", in[0].Shape().TotalSize())
		back := &fused{kind: "attend back", run: func(g [][]float32) error {
			n.heads(func(s *attnScratch, seg segment, kv int) { n.attendHeadBack(s, seg, kv, g[0], g[1], dx, lse) })
			n.rotate(dx, -1)
			return nil
		}}
		node, err := n.apply(back, dx, in[0].Shape(), in[0], grad)
		return gorgonia.Nodes{node}, err
	}
	return n.apply(f, out, []int{n.tokens, width}, qkv)
}

// attnScratch is one goroutine's memory for attention.
type attnScratch struct {
	kt, v, vt, k  []float32 // packed factors: keys and values, each way
	q, do         []float32 // packed blocks of queries and of the output's gradient
	scores, slope []float32
	gemm          []float32
}

// heads runs f for every example and key head.
func (n *network) heads(f func(s *attnScratch, seg segment, kv int)) {
	for len(n.attn) < n.m.workers {
		n.attn = append(n.attn, attnScratch{gemm: make([]float32, scratchFloats)})
	}
	kvs := n.cfg.KVHeads
	n.m.each(len(n.batch.segments)*kvs, func(worker, i int) { f(&n.attn[worker], n.batch.segments[i/kvs], i%kvs) })
}

// stride is the length of a row of queries, keys and values.
func (n *network) stride() int { return (n.cfg.Heads + 2*n.cfg.KVHeads) * n.cfg.HeadDim }

// rotate turns the pairs of each query and key by the angle of its position, back if sign is -1. Sinusoidal models have nothing to turn.
func (n *network) rotate(x []float32, sign float32) {
	if n.cos == nil {
		return
	}
	half, ld, heads := n.cfg.HeadDim/2, n.stride(), n.cfg.Heads+n.cfg.KVHeads
	n.m.rows(len(n.batch.tokens), pieceRows, func(_, from, to int) {
		n.m.kernels.rotate(to-from, ld, heads, half, n.batch.pos[from:], n.cos, n.sin, sign, x[from*ld:])
	})
}

// packIn prepares a right factor in a goroutine's own memory.
func (n *network) packIn(mem *[]float32, raw []float32, ld int, trans bool, k, cols int) factor {
	f := factor{raw: raw, ld: ld, trans: trans, k: k}
	set := n.m.exact
	if need := set.packedLen(k, cols); need > 0 {
		*mem = grow(*mem, need)
		f.packed = *mem
		p := set.panel()
		set.pack(f, cols, 0, (cols+p-1)/p*p)
	}
	return f
}

// queries calls f for each block of query rows of an example: rows from i to j see at most keys [0, keys).
func (n *network) queries(seg segment, f func(i, j, keys int)) {
	for i := 0; i < seg.len; i += blockRows {
		j := min(seg.len, i+blockRows)
		keys := 0
		for _, s := range n.batch.seen[seg.start+i : seg.start+j] {
			keys = max(keys, int(s))
		}
		f(i, j, keys)
	}
}

func (n *network) attendHead(s *attnScratch, seg segment, kv int, qkv, out, lse []float32) {
	c, ld := n.cfg, n.stride()
	hd, group, width := c.HeadDim, c.Heads/c.KVHeads, c.Heads*c.HeadDim
	base := qkv[seg.start*ld:]
	keys := n.packIn(&s.kt, base[(c.Heads+kv)*hd:], ld, true, hd, seg.len)
	values := n.packIn(&s.v, base[(c.Heads+c.KVHeads+kv)*hd:], ld, false, seg.len, hd)
	s.scores = grow(s.scores, blockRows*seg.len)
	scale := float32(1 / math.Sqrt(float64(hd)))
	for h := kv * group; h < (kv+1)*group; h++ {
		n.queries(seg, func(i, j, seen int) {
			set := n.m.exact
			set.gemm(false, j-i, seen, hd, base[i*ld+h*hd:], ld, keys, false, s.scores, seen, s.gemm)
			set.softmax(j-i, seen, seen, n.batch.seen[seg.start+i:], scale, s.scores, lse[h*n.tokens+seg.start+i:])
			set.gemm(false, j-i, hd, seen, s.scores, seen, values, false, out[(seg.start+i)*width+h*hd:], width, s.gemm)
		})
	}
}

func (n *network) attendHeadBack(s *attnScratch, seg segment, kv int, qkv, dout, dqkv, lse []float32) {
	c, ld := n.cfg, n.stride()
	hd, group, width := c.HeadDim, c.Heads/c.KVHeads, c.Heads*c.HeadDim
	base, dbase := qkv[seg.start*ld:], dqkv[seg.start*ld:]
	kAt, vAt := (c.Heads+kv)*hd, (c.Heads+c.KVHeads+kv)*hd
	keysT := n.packIn(&s.kt, base[kAt:], ld, true, hd, seg.len)
	keys := n.packIn(&s.k, base[kAt:], ld, false, seg.len, hd)
	valuesT := n.packIn(&s.vt, base[vAt:], ld, true, hd, seg.len)
	for t := range seg.len {
		clear(dbase[t*ld+kAt:][:hd])
		clear(dbase[t*ld+vAt:][:hd])
	}
	s.scores, s.slope = grow(s.scores, blockRows*seg.len), grow(s.slope, blockRows*seg.len)
	scale := float32(1 / math.Sqrt(float64(hd)))
	for h := kv * group; h < (kv+1)*group; h++ {
		n.queries(seg, func(i, j, seen int) {
			set, rows := n.m.exact, j-i
			q, do := base[i*ld+h*hd:], dout[(seg.start+i)*width+h*hd:]
			set.gemm(false, rows, seen, hd, q, ld, keysT, false, s.scores, seen, s.gemm)
			set.softmaxAgain(rows, seen, seen, n.batch.seen[seg.start+i:], scale, s.scores, lse[h*n.tokens+seg.start+i:])
			set.gemm(false, rows, seen, hd, do, width, valuesT, false, s.slope, seen, s.gemm)
			set.gemm(true, seen, hd, rows, s.scores, seen, n.packIn(&s.do, do, width, false, rows, hd), true, dbase[vAt:], ld, s.gemm)
			set.softmaxBack(rows, seen, seen, scale, s.scores, s.slope)
			set.gemm(false, rows, hd, seen, s.slope, seen, keys, false, dbase[i*ld+h*hd:], ld, s.gemm)
			set.gemm(true, seen, hd, rows, s.slope, seen, n.packIn(&s.q, q, ld, false, rows, hd), true, dbase[kAt:], ld, s.gemm)
		})
	}
}
