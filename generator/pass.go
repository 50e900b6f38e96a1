package generator

import (
	"math"
	"slices"

	"daogou/generator/kernel"
	"daogou/generator/params"
)

// span is consecutive tokens of one sequence in a pass, and what is to be read at their end. It is made by Engine.span, which takes room in the cache.
type span struct {
	tokens   []int32
	start    int // position of the first
	both     bool
	places   []place
	segments []segment // all that the tokens may see, the span itself included
	limits   [][]int32 // for each segment, how many of its positions each row sees

	last   bool    // logits of the last token are wanted
	few    []int32 // for these tokens only, in this order; nil: for all
	logits []float32
	reads  []read // log-probabilities that are wanted, in the order of rows
}

// read is a wish: the log-probability of a token after row of the span.
type read struct {
	row   int
	token int32
	node  int // of the scorer's tree, for which it is
	logp  float64
}

// span appends tokens to a cache. both: they see each other in both directions.
func (e *Engine) span(c *cache, tokens []int32, both bool) *span {
	s := &span{tokens: tokens, start: c.len, both: both}
	s.places = e.pages.extend(c, len(tokens))
	s.segments = slices.Clone(c.segments)
	at := 0
	for _, seg := range s.segments {
		limits := make([]int32, len(tokens))
		for i := range limits {
			sees := s.start + i + 1
			if both {
				sees = s.start + len(tokens)
			}
			limits[i] = int32(max(0, min(seg.n, sees-at)))
		}
		s.limits = append(s.limits, limits)
		at += seg.n
	}
	return s
}

// scratch is the memory of a pass, kept from pass to pass.
type scratch struct {
	x, h, qkv, att []float32 // stream, normed stream, queries keys and values, attention's output
	gate, up       []float32
	pos            []int32
	tokens         []int32
	first          []int // row where each span begins
	in             kernel.Input
	workers        []worker
	hidden, logits []float32 // of the rows that are read, after the last norm
	outputs        kernel.Input
}

// worker is what one thread has for itself.
type worker struct {
	in     kernel.Input
	h      []float32
	attend kernel.Attention
	panels []int32
	few    []float32
}

// readRows is how many rows' full logits are held at a time when probabilities are read: 64 of them are 2 MB for 8192 tokens.
const readRows = 64

// pass runs spans through the model and fills in what they want. Spans may see each other's positions if the caches say so.
func (e *Engine) pass(spans []*span) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return ErrClosed
	}
	rows := e.layOut(spans)
	e.team.run(func(id int) { e.blocks(id, spans, rows) })
	e.readLast(spans)
	e.readProbabilities(spans)
	return nil
}

// layOut puts the rows of all spans one after the other.
func (e *Engine) layOut(spans []*span) (rows int) {
	b, c := &e.buf, e.c
	b.pos, b.tokens, b.first = b.pos[:0], b.tokens[:0], b.first[:0]
	highest := 0
	for _, s := range spans {
		b.first = append(b.first, rows)
		b.tokens = append(b.tokens, s.tokens...)
		for i := range s.tokens {
			b.pos = append(b.pos, int32(s.start+i))
		}
		rows += len(s.tokens)
		highest = max(highest, s.start+len(s.tokens))
	}
	e.rope.upTo(highest)
	b.x = kernel.Grow(b.x, rows*c.Dim)
	b.h = kernel.Grow(b.h, rows*max(c.Dim, c.FF))
	b.qkv = kernel.Grow(b.qkv, rows*e.qkvWidth())
	b.att = kernel.Grow(b.att, rows*c.Heads*c.HeadDim)
	b.gate = kernel.Grow(b.gate, rows*c.FF)
	b.up = kernel.Grow(b.up, rows*c.FF)
	return rows
}

func (e *Engine) qkvWidth() int { return (e.c.Heads + 2*e.c.KVHeads) * e.c.HeadDim }

// blocks is one thread's part of all blocks. A barrier stands wherever a thread goes on with what another has computed.
func (e *Engine) blocks(id int, spans []*span, rows int) {
	e.embed(id, rows)
	e.team.wait()
	b, c := &e.buf, e.c
	for i := range e.layers {
		l := &e.layers[i]
		in := e.normed(id, &b.in, b.x, l.attnNorm, rows)
		e.multiply(id, b.qkv, e.qkvWidth(), l.qkv, in, false)
		e.team.wait()
		e.attention(id, i, spans, rows)
		e.team.wait()
		in = e.prepared(id, b.att, c.Heads*c.HeadDim, rows)
		e.multiply(id, b.x, c.Dim, l.out, in, true)
		e.team.wait()
		in = e.normed(id, &b.in, b.x, l.ffnNorm, rows)
		e.feedForward(id, l, in, rows)
		e.team.wait()
		in = e.prepared(id, b.gate, c.FF, rows)
		e.multiply(id, b.x, c.Dim, l.down, in, true)
		e.team.wait()
	}
}

func (e *Engine) embed(id, rows int) {
	from, to := e.team.share(rows, 1, id)
	for r := from; r < to; r++ {
		x := e.buf.x[r*e.c.Dim : (r+1)*e.c.Dim]
		e.k.Row(x, e.embedding, int(e.buf.tokens[r]))
		if e.c.Position == params.Sinusoidal {
			e.rope.add(x, int(e.buf.pos[r]))
		}
	}
}

// normed gives the rows of x, normed and prepared for a product. Few rows are done by every thread for itself, which is quicker than to wait for each other.
func (e *Engine) normed(id int, shared *kernel.Input, x, weight []float32, rows int) *kernel.Input {
	w, dim := &e.buf.workers[id], len(weight)
	eps := float32(e.c.Eps)
	if rows <= e.k.Tile() {
		w.h = kernel.Grow(w.h, rows*dim)
		e.k.RMSNorm(w.h, x, weight, rows, eps)
		w.in.Shape(rows, dim, e.precision)
		e.k.Prepare(&w.in, w.h, 0, rows)
		return &w.in
	}
	if id == 0 {
		shared.Shape(rows, dim, e.precision)
	}
	from, to := e.team.share(rows, e.k.Tile(), id)
	e.k.RMSNorm(e.buf.h[from*dim:], x[from*dim:], weight, to-from, eps)
	e.team.wait()
	e.k.Prepare(shared, e.buf.h[:rows*dim], from, to)
	e.team.wait()
	return shared
}

// prepared is the same without a norm.
func (e *Engine) prepared(id int, x []float32, cols, rows int) *kernel.Input {
	w := &e.buf.workers[id]
	if rows <= e.k.Tile() {
		w.in.Shape(rows, cols, e.precision)
		e.k.Prepare(&w.in, x[:rows*cols], 0, rows)
		return &w.in
	}
	if id == 0 {
		e.buf.in.Shape(rows, cols, e.precision)
	}
	e.team.wait()
	from, to := e.team.share(rows, e.k.Tile(), id)
	e.k.Prepare(&e.buf.in, x[:rows*cols], from, to)
	e.team.wait()
	return &e.buf.in
}

func (e *Engine) multiply(id int, dst []float32, stride int, m *kernel.Matrix, in *kernel.Input, add bool) {
	from, to := e.team.share(m.Panels(), 1, id)
	e.k.MatMul(dst, stride, m, in, from, to, add)
}

// attention turns, stores and attends for this thread's key heads: nothing of it is another thread's business.
func (e *Engine) attention(id, layer int, spans []*span, rows int) {
	b, c := &e.buf, e.c
	group, width := c.Heads/c.KVHeads, e.qkvWidth()
	h0, h1 := e.team.share(c.KVHeads, 1, id)
	if h0 == h1 {
		return
	}
	keys, values := c.Heads*c.HeadDim, (c.Heads+c.KVHeads)*c.HeadDim
	if c.Position == params.Rotary {
		e.k.Rotate(b.qkv[h0*group*c.HeadDim:], rows, width, (h1-h0)*group, c.HeadDim, e.rope.cos, e.rope.sin, b.pos)
		e.k.Rotate(b.qkv[keys+h0*c.HeadDim:], rows, width, h1-h0, c.HeadDim, e.rope.cos, e.rope.sin, b.pos)
	}
	for i, s := range spans {
		row := b.first[i]
		for _, p := range s.places {
			at := row * width
			e.k.Store(&p.page.layers[layer], b.qkv[at+keys:], b.qkv[at+values:], p.n, width, p.at, h0, h1)
			row += p.n
		}
	}
	a := &b.workers[id].attend
	for i, s := range spans {
		a.Q, a.QStride = b.qkv[b.first[i]*width:], width
		a.Dst, a.DstStride = b.att[b.first[i]*keys:], keys
		a.Rows, a.Group, a.Head0, a.Head1, a.HeadDim = len(s.tokens), group, h0, h1, c.HeadDim
		a.Scale = float32(1 / math.Sqrt(float64(c.HeadDim)))
		a.Begin()
		for j, seg := range s.segments {
			e.k.Attend(a, &seg.page.layers[layer], j == 0, j == len(s.segments)-1, s.limits[j])
		}
	}
}

func (e *Engine) feedForward(id int, l *layer, in *kernel.Input, rows int) {
	b, ff := &e.buf, e.c.FF
	from, to := e.team.share(l.gate.Panels(), 1, id)
	e.k.MatMul(b.gate, ff, l.gate, in, from, to, false)
	e.k.MatMul(b.up, ff, l.up, in, from, to, false)
	a, z := from*kernel.PanelRows, min(ff, to*kernel.PanelRows)
	for r := range rows {
		g := b.gate[r*ff+a : r*ff+z]
		e.k.SwiGLU(g, g, b.up[r*ff+a:r*ff+z])
	}
}

// finalRow writes the stream's row after the last norm.
func (e *Engine) finalRow(dst []float32, row int) {
	d := e.c.Dim
	e.k.RMSNorm(dst, e.buf.x[row*d:(row+1)*d], e.norm, 1, float32(e.c.Eps))
}

// readLast computes the logits of last tokens: those that want all outputs in one product, the others each its panels.
func (e *Engine) readLast(spans []*span) {
	var all, some []int
	for i, s := range spans {
		switch {
		case !s.last:
		case s.few != nil && len(s.few) <= e.output.Panels()/4:
			some = append(some, i)
		default:
			all = append(all, i)
		}
	}
	row := func(i int) int { return e.buf.first[i] + len(spans[i].tokens) - 1 }
	for len(all) > 0 {
		n := min(len(all), readRows)
		rows := make([]int, n)
		for j, i := range all[:n] {
			rows[j] = row(i)
		}
		logits := e.allLogits(rows)
		for j, i := range all[:n] {
			spans[i].take(logits[j*e.c.Vocab : (j+1)*e.c.Vocab])
		}
		all = all[n:]
	}
	if len(some) > 0 {
		e.team.run(func(id int) {
			for j := id; j < len(some); j += e.team.n {
				e.fewLogits(&e.buf.workers[id], spans[some[j]], row(some[j]))
			}
		})
	}
}

func (s *span) take(logits []float32) {
	if s.few == nil {
		s.logits = append(s.logits[:0], logits...)
		return
	}
	s.logits = s.logits[:0]
	for _, t := range s.few {
		s.logits = append(s.logits, logits[t])
	}
}

// allLogits of some rows, at most readRows. The result is good until the next call.
func (e *Engine) allLogits(rows []int) []float32 {
	b, n, d := &e.buf, len(rows), e.c.Dim
	b.hidden = kernel.Grow(b.hidden, n*d)
	b.logits = kernel.Grow(b.logits, n*e.c.Vocab)
	for j, row := range rows {
		e.finalRow(b.hidden[j*d:(j+1)*d], row)
	}
	b.outputs.Shape(n, d, e.precision)
	e.k.Prepare(&b.outputs, b.hidden, 0, n)
	e.team.run(func(id int) { e.multiply(id, b.logits, e.c.Vocab, e.output, &b.outputs, false) })
	return b.logits[:n*e.c.Vocab]
}

// fewLogits computes only the panels that hold a token of the list.
func (e *Engine) fewLogits(w *worker, s *span, row int) {
	w.h = kernel.Grow(w.h, e.c.Dim)
	e.finalRow(w.h, row)
	w.in.Shape(1, e.c.Dim, e.precision)
	e.k.Prepare(&w.in, w.h, 0, 1)
	w.panels = w.panels[:0]
	for _, t := range s.few {
		w.panels = append(w.panels, t/kernel.PanelRows)
	}
	slices.Sort(w.panels)
	w.panels = slices.Compact(w.panels)
	w.few = kernel.Grow(w.few, len(w.panels)*kernel.PanelRows)
	e.k.MatMulPanels(w.few, len(w.few), e.output, &w.in, w.panels)
	s.logits = s.logits[:0]
	for _, t := range s.few {
		i, _ := slices.BinarySearch(w.panels, t/kernel.PanelRows)
		s.logits = append(s.logits, w.few[i*kernel.PanelRows+int(t)%kernel.PanelRows])
	}
}

// wish is a read with its row in the pass.
type wish struct {
	row  int
	read *read
}

// readProbabilities answers all reads, some rows at a time.
func (e *Engine) readProbabilities(spans []*span) {
	var wishes []wish
	for i, s := range spans {
		for j := range s.reads {
			wishes = append(wishes, wish{e.buf.first[i] + s.reads[j].row, &s.reads[j]})
		}
	}
	for len(wishes) > 0 {
		var rows []int
		n := 0
		for ; n < len(wishes); n++ {
			if row := wishes[n].row; len(rows) == 0 || rows[len(rows)-1] != row {
				if len(rows) == readRows {
					break
				}
				rows = append(rows, row)
			}
		}
		e.answer(wishes[:n], rows)
		wishes = wishes[n:]
	}
}

func (e *Engine) answer(wishes []wish, rows []int) {
	logits, v := e.allLogits(rows), e.c.Vocab
	sums := make([]float64, len(rows))
	e.team.run(func(id int) {
		from, to := e.team.share(len(rows), 1, id)
		for i := from; i < to; i++ {
			sums[i] = float64(e.k.LogSumExp(logits[i*v : (i+1)*v]))
		}
	})
	i := 0
	for _, w := range wishes {
		for rows[i] != w.row {
			i++
		}
		w.read.logp = float64(logits[i*v+int(w.read.token)]) - sums[i]
	}
}
