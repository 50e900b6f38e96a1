package params

import "fmt"

// Tensor is one weight's place in the arena.
type Tensor struct {
	Name   string
	Shape  []int // [out, in] of a matrix, [width] of a norm
	Offset int
	Len    int
}

// Layout is the place of every weight of a model, in the order of the arena.
type Layout struct {
	Config  Config // with defaults filled in
	Tensors []Tensor
	Size    int // floats in the arena

	byName map[string]int
}

// Names of the tensors that stand outside the blocks. Those of a block come from Block.
const (
	TokenEmbedding = "token_embd.weight"
	OutputNorm     = "output_norm.weight"
	Output         = "output.weight" // only if untied
)

// Names of the tensors of one block.
const (
	AttnNorm   = "attn_norm.weight"
	AttnQ      = "attn_q.weight"
	AttnK      = "attn_k.weight"
	AttnV      = "attn_v.weight"
	AttnOutput = "attn_output.weight"
	FFNNorm    = "ffn_norm.weight"
	FFNGate    = "ffn_gate.weight"
	FFNUp      = "ffn_up.weight"
	FFNDown    = "ffn_down.weight"
)

// Block is the full name of a block's tensor: Block(3, AttnQ) is "blk.3.attn_q.weight".
func Block(layer int, name string) string { return fmt.Sprintf("blk.%d.%s", layer, name) }

// NewLayout places the weights of a model.
func NewLayout(c Config) (*Layout, error) {
	c = c.WithDefaults()
	if err := c.Check(); err != nil {
		return nil, err
	}
	l := &Layout{Config: c, byName: map[string]int{}}
	q, kv := c.Heads*c.HeadDim, c.KVHeads*c.HeadDim
	l.add(TokenEmbedding, c.Vocab, c.Dim)
	for i := range c.Layers {
		l.add(Block(i, AttnNorm), c.Dim)
		l.add(Block(i, AttnQ), q, c.Dim)
		l.add(Block(i, AttnK), kv, c.Dim)
		l.add(Block(i, AttnV), kv, c.Dim)
		l.add(Block(i, AttnOutput), c.Dim, q)
		l.add(Block(i, FFNNorm), c.Dim)
		l.add(Block(i, FFNGate), c.FF, c.Dim)
		l.add(Block(i, FFNUp), c.FF, c.Dim)
		l.add(Block(i, FFNDown), c.Dim, c.FF)
	}
	l.add(OutputNorm, c.Dim)
	if c.Untied {
		l.add(Output, c.Vocab, c.Dim)
	}
	if l.Size > maxSize {
		return nil, fmt.Errorf("params: a model of %d weights is over the limit of %d", l.Size, maxSize)
	}
	return l, nil
}

func (l *Layout) add(name string, shape ...int) {
	n := 1
	for _, d := range shape {
		n *= d
	}
	l.byName[name] = len(l.Tensors)
	l.Tensors = append(l.Tensors, Tensor{Name: name, Shape: shape, Offset: l.Size, Len: n})
	l.Size += n
}

// Find looks a tensor up by name.
func (l *Layout) Find(name string) (Tensor, bool) {
	i, ok := l.byName[name]
	if !ok {
		return Tensor{}, false
	}
	return l.Tensors[i], true
}

// View is a tensor's part of an arena, sharing its memory. It panics on a name the layout does not have: names come from this package's constants.
func (l *Layout) View(arena []float32, name string) []float32 {
	t, ok := l.Find(name)
	if !ok {
		panic("params: the layout has no tensor " + name)
	}
	return arena[t.Offset : t.Offset+t.Len : t.Offset+t.Len]
}

// NonEmbedding is the number of weights outside the embedding: what a token's computation costs.
func (l *Layout) NonEmbedding() int {
	n := l.Size - l.Tensors[0].Len
	if l.Config.Untied {
		n -= l.Tensors[len(l.Tensors)-1].Len
	}
	return n
}
