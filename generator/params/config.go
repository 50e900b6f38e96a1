// Package params is the model on paper: its sizes, the place of every weight, and the files that hold them.
//
// Layout alone fixes name, shape and offset of each tensor in one flat arena of float32. The trainer's values and the engine's are views into such an arena, and a
// checkpoint is a header and the arena, so the three cannot disagree.
//
// The architecture is that of the Llama family: tokens are embedded; each block adds attention over the RMS-normed stream and then a SwiGLU network over the
// RMS-normed stream; the last norm and the embedding, used a second time, give the logits. Names of tensors are GGUF's, a weight matrix is [out, in], row-major.
// Query and key rows are in the order that rotates neighbouring pairs (2i, 2i+1), as GGUF's llama architecture has them; safetensors in the Hugging Face layout are
// permuted on the way in and out.
//
//	cfg := params.Config{Vocab: 8192, Dim: 256, Layers: 6, Heads: 8, KVHeads: 4, FF: 704, Context: 512, Position: params.Rotary}
//	layout, err := params.NewLayout(cfg)
//	arena := make([]float32, layout.Size)
//	q := layout.View(arena, "blk.0.attn_q.weight")
package params

import (
	"fmt"
)

// Position says how a model knows the order of tokens.
type Position string

const (
	Rotary     Position = "rotary"     // queries and keys are turned by an angle that grows with the position (Su et al. 2021)
	Sinusoidal Position = "sinusoidal" // PE(pos,2i)=sin(pos/10000^(2i/d)), PE(pos,2i+1)=cos of the same, added to the embedding (Vaswani et al. 2017)
)

// Config is the shape of a model. The zero value is no model: Check tells what is missing.
type Config struct {
	Vocab    int      `json:"vocab"`
	Dim      int      `json:"dim"`      // width of the stream
	Layers   int      `json:"layers"`   // blocks
	Heads    int      `json:"heads"`    // query heads
	KVHeads  int      `json:"kv_heads"` // key and value heads, each shared by Heads/KVHeads query heads
	HeadDim  int      `json:"head_dim"` // width of a head; 0: Dim/Heads
	FF       int      `json:"ff"`       // inner width of the feed-forward network
	Context  int      `json:"context"`  // most tokens of a sequence
	Position Position `json:"position"`
	RopeBase float64  `json:"rope_base"` // 0: 10000
	Eps      float64  `json:"eps"`       // of the RMS norms; 0: 1e-5
	Prefix   bool     `json:"prefix"`    // tokens of the prompt see each other in both directions (prefix-LM)
	Untied   bool     `json:"untied"`    // the output has a matrix of its own, as some imported checkpoints have
}

// limits keep a hostile header from asking for more memory than a shop's server has.
const (
	maxVocab   = 1 << 20
	maxDim     = 1 << 14
	maxLayers  = 256
	maxHeads   = 256
	maxFF      = 1 << 16
	maxContext = 1 << 20
	maxSize    = 1 << 33 // floats
)

// WithDefaults fills in what may be left out.
func (c Config) WithDefaults() Config {
	if c.HeadDim == 0 && c.Heads > 0 {
		c.HeadDim = c.Dim / c.Heads
	}
	if c.KVHeads == 0 {
		c.KVHeads = c.Heads
	}
	if c.RopeBase == 0 {
		c.RopeBase = 10000
	}
	if c.Eps == 0 {
		c.Eps = 1e-5
	}
	if c.Position == "" {
		c.Position = Rotary
	}
	return c
}

// Check says what is wrong with a configuration, after defaults.
func (c Config) Check() error {
	for _, f := range []struct {
		name     string
		got, max int
	}{
		{"vocab", c.Vocab, maxVocab}, {"dim", c.Dim, maxDim}, {"layers", c.Layers, maxLayers}, {"heads", c.Heads, maxHeads}, {"kv_heads", c.KVHeads, maxHeads},
		{"head_dim", c.HeadDim, maxDim}, {"ff", c.FF, maxFF}, {"context", c.Context, maxContext},
	} {
		if f.got < 1 || f.got > f.max {
			return fmt.Errorf("params: %s is %d; it must be from 1 to %d", f.name, f.got, f.max)
		}
	}
	switch {
	case c.Heads%c.KVHeads != 0:
		return fmt.Errorf("params: %d query heads cannot share %d key heads evenly", c.Heads, c.KVHeads)
	case c.HeadDim%2 != 0:
		return fmt.Errorf("params: a head of width %d cannot be rotated in pairs; choose an even width", c.HeadDim)
	case c.Position != Rotary && c.Position != Sinusoidal:
		return fmt.Errorf("params: unknown position encoding %q; known are %q and %q", c.Position, Rotary, Sinusoidal)
	case !(c.Eps > 0 && c.Eps < 1) || !(c.RopeBase > 1 && c.RopeBase < 1e12):
		return fmt.Errorf("params: eps %g or rope base %g is out of range", c.Eps, c.RopeBase)
	}
	return nil
}
