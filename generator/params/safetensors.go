package params

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// hfConfig is what a Hugging Face config.json says of a Llama model, as far as it matters here.
type hfConfig struct {
	Architectures []string `json:"architectures"`
	ModelType     string   `json:"model_type"`
	Vocab         int      `json:"vocab_size"`
	Dim           int      `json:"hidden_size"`
	Layers        int      `json:"num_hidden_layers"`
	Heads         int      `json:"num_attention_heads"`
	KVHeads       int      `json:"num_key_value_heads"`
	HeadDim       int      `json:"head_dim,omitempty"`
	FF            int      `json:"intermediate_size"`
	Context       int      `json:"max_position_embeddings"`
	RopeBase      float64  `json:"rope_theta"`
	RopeScaling   any      `json:"rope_scaling"`
	Eps           float64  `json:"rms_norm_eps"`
	Tied          bool     `json:"tie_word_embeddings"`
	Activation    string   `json:"hidden_act"`
	AttentionBias bool     `json:"attention_bias"`
	MLPBias       bool     `json:"mlp_bias"`
	DType         string   `json:"torch_dtype"`
	Prefix        bool     `json:"daogou_prefix,omitempty"`
	Tokenizer     string   `json:"daogou_tokenizer,omitempty"`
}

// ConfigJSON is the config.json that belongs to the model's safetensors file.
func ConfigJSON(m *Model, e Encoding) ([]byte, error) {
	c := m.Layout.Config
	if c.Position != Rotary {
		return nil, fmt.Errorf("params: a model with %s positions cannot be written as a Hugging Face Llama, which is rotary", c.Position)
	}
	dtype := map[Encoding]string{F32: "float32", F16: "float16"}[e]
	if dtype == "" {
		return nil, fmt.Errorf("params: safetensors files are written as %q or %q, not %q", F32, F16, e)
	}
	return json.MarshalIndent(hfConfig{
		Architectures: []string{"LlamaForCausalLM"}, ModelType: "llama", Vocab: c.Vocab, Dim: c.Dim, Layers: c.Layers, Heads: c.Heads, KVHeads: c.KVHeads,
		HeadDim: c.HeadDim, FF: c.FF, Context: c.Context, RopeBase: c.RopeBase, Eps: c.Eps, Tied: !c.Untied, Activation: "silu", DType: dtype,
		Prefix: c.Prefix, Tokenizer: m.Tokenizer,
	}, "", "  ")
}

// hfNames are Hugging Face's names of a block's tensors.
var hfNames = map[string]string{
	AttnNorm: "input_layernorm.weight", AttnQ: "self_attn.q_proj.weight", AttnK: "self_attn.k_proj.weight", AttnV: "self_attn.v_proj.weight",
	AttnOutput: "self_attn.o_proj.weight", FFNNorm: "post_attention_layernorm.weight", FFNGate: "mlp.gate_proj.weight", FFNUp: "mlp.up_proj.weight",
	FFNDown: "mlp.down_proj.weight",
}

// hfName is Hugging Face's name of one of our tensors.
func hfName(name string) string {
	switch name {
	case TokenEmbedding:
		return "model.embed_tokens.weight"
	case OutputNorm:
		return "model.norm.weight"
	case Output:
		return "lm_head.weight"
	}
	_, rest, _ := strings.Cut(name, ".")
	layer, kind, _ := strings.Cut(rest, ".")
	return "model.layers." + layer + "." + hfNames[kind]
}

// swapHalves reorders the rows of a query or key matrix: Hugging Face rotates a head's row i with row i+headDim/2, we rotate row 2i with row 2i+1.
// out says the direction: from ours to theirs.
func swapHalves(dst, src []float32, headDim, cols int, out bool) {
	half := headDim / 2
	for row := 0; row < len(src)/cols; row++ {
		head, j := row/headDim*headDim, row%headDim
		theirs := head + j%2*half + j/2
		from, to := theirs, row
		if out {
			from, to = row, theirs
		}
		copy(dst[to*cols:(to+1)*cols], src[from*cols:(from+1)*cols])
	}
}

func rotated(name string) bool {
	return strings.HasSuffix(name, AttnQ) || strings.HasSuffix(name, AttnK)
}

type safeTensor struct {
	DType   string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// SaveSafetensors writes the weights under Hugging Face's names, as F32 or F16. ConfigJSON gives the file that goes with it.
func SaveSafetensors(w io.Writer, m *Model, e Encoding) error {
	if err := m.check(e); err != nil {
		return err
	}
	if _, err := ConfigJSON(m, e); err != nil {
		return err
	}
	size, dtype := int64(4), "F32"
	if e == F16 {
		size, dtype = 2, "F16"
	}
	index, at := map[string]any{"__metadata__": map[string]string{"format": "pt"}}, int64(0)
	for _, t := range m.Layout.Tensors {
		end := at + size*int64(t.Len)
		index[hfName(t.Name)] = safeTensor{dtype, t.Shape, [2]int64{at, end}}
		at = end
	}
	text, err := json.Marshal(index)
	if err != nil {
		return err
	}
	text = append(text, bytes.Repeat([]byte(" "), (8-len(text)%8)%8)...)
	if _, err := w.Write(append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...)); err != nil {
		return err
	}
	for _, t := range m.Layout.Tensors {
		x := m.Arena[t.Offset : t.Offset+t.Len]
		if rotated(t.Name) {
			x = make([]float32, t.Len)
			swapHalves(x, m.Arena[t.Offset:t.Offset+t.Len], m.Layout.Config.HeadDim, rowLen(t), true)
		}
		flat := Tensor{Shape: []int{t.Len / rowLen(t), rowLen(t)}, Len: t.Len} // safetensors keep the norms in the file's type too
		if err := writeTensor(w, flat, e, x); err != nil {
			return err
		}
	}
	return nil
}

const maxIndex = 1 << 24

// LoadSafetensors reads a Hugging Face Llama: its config.json and one safetensors file in F32, F16 or BF16.
func LoadSafetensors(config []byte, r io.ReaderAt, size int64) (*Model, error) {
	c, hash, err := readHFConfig(config)
	if err != nil {
		return nil, err
	}
	l, err := NewLayout(c)
	if err != nil {
		return nil, err
	}
	index, start, err := readIndex(r, size)
	if err != nil {
		return nil, err
	}
	if err := checkIndex(l, index, size-start); err != nil {
		return nil, err
	}
	m := &Model{Layout: l, Arena: make([]float32, l.Size), Tokenizer: hash, Meta: map[string]string{}}
	for _, t := range l.Tensors {
		if err := m.readSafe(t, index[hfName(t.Name)], r, start); err != nil {
			return nil, err
		}
	}
	return m, checkFinite(l, m.Arena, F32)
}

func readHFConfig(text []byte) (Config, string, error) {
	var h hfConfig
	if len(text) > maxHeader {
		return Config{}, "", fmt.Errorf("params: config.json has %d bytes, over the limit of %d", len(text), maxHeader)
	}
	if err := json.Unmarshal(text, &h); err != nil {
		return Config{}, "", fmt.Errorf("params: config.json cannot be read: %v", err)
	}
	switch {
	case h.ModelType != architecture:
		return Config{}, "", fmt.Errorf("params: config.json says model_type %q; this program runs %q", h.ModelType, architecture)
	case h.RopeScaling != nil:
		return Config{}, "", errors.New("params: config.json has rope_scaling, which this program does not do; choose a model without")
	case h.AttentionBias || h.MLPBias || h.Activation != "silu" && h.Activation != "":
		return Config{}, "", fmt.Errorf("params: config.json asks for biases or the activation %q; this program has no biases and runs silu", h.Activation)
	}
	c := Config{Vocab: h.Vocab, Dim: h.Dim, Layers: h.Layers, Heads: h.Heads, KVHeads: h.KVHeads, HeadDim: h.HeadDim, FF: h.FF, Context: h.Context,
		Position: Rotary, RopeBase: h.RopeBase, Eps: h.Eps, Prefix: h.Prefix, Untied: !h.Tied}
	if c.Eps == 0 {
		c.Eps = 1e-6 // the default of Hugging Face's Llama, which is not ours
	}
	return c, h.Tokenizer, nil
}

func readIndex(r io.ReaderAt, size int64) (map[string]safeTensor, int64, error) {
	front := make([]byte, 8)
	if _, err := r.ReadAt(front, 0); err != nil {
		return nil, 0, errors.New("params: the file is too short to be safetensors; copy it again")
	}
	n := binary.LittleEndian.Uint64(front)
	if n > maxIndex || int64(n) > size-8 {
		return nil, 0, fmt.Errorf("params: the safetensors index claims %d bytes, more than the file has or the limit of %d; the file is damaged", n, maxIndex)
	}
	text := make([]byte, n)
	if _, err := r.ReadAt(text, 8); err != nil && err != io.EOF {
		return nil, 0, fmt.Errorf("params: the safetensors index cannot be read: %v", err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, 0, fmt.Errorf("params: the safetensors index cannot be read: %v", err)
	}
	delete(raw, "__metadata__")
	index := make(map[string]safeTensor, len(raw))
	for name, value := range raw {
		var t safeTensor
		if err := json.Unmarshal(value, &t); err != nil {
			return nil, 0, fmt.Errorf("params: the safetensors entry %q cannot be read: %v", name, err)
		}
		index[name] = t
	}
	return index, 8 + int64(n), nil
}

// checkIndex refuses a file whose tensors are not exactly the layout's, before anything is allocated for them.
func checkIndex(l *Layout, index map[string]safeTensor, size int64) error {
	known, total := map[string]bool{}, int64(0)
	for _, t := range l.Tensors {
		name := hfName(t.Name)
		known[name] = true
		s, ok := index[name]
		if !ok {
			return fmt.Errorf("params: the safetensors file lacks %s; if the model is split over several files, join them first", name)
		}
		if !slices.Equal(s.Shape, t.Shape) {
			return fmt.Errorf("params: %s has shape %v in the safetensors file where config.json needs %v", name, s.Shape, t.Shape)
		}
		width := safeWidth(s.DType)
		if width == 0 {
			return fmt.Errorf("params: %s has type %q; F32, F16 and BF16 can be read", name, s.DType)
		}
		if s.Offsets[0] < 0 || s.Offsets[1] > size || s.Offsets[1]-s.Offsets[0] != width*int64(t.Len) {
			return fmt.Errorf("params: %s does not lie within the safetensors file; it was cut short, copy it again", name)
		}
		total += width * int64(t.Len)
	}
	if total > size { // tensors that lie on top of each other would be memory for nothing
		return errors.New("params: tensors of the safetensors file overlap; it is damaged")
	}
	for name := range index {
		if !known[name] && !(name == hfName(Output) && !l.Config.Untied) && !strings.HasSuffix(name, "rotary_emb.inv_freq") {
			return fmt.Errorf("params: the safetensors file has a tensor %q that this program would not use, so its model is another one", name)
		}
	}
	return nil
}

func safeWidth(dtype string) int64 {
	switch dtype {
	case "F32":
		return 4
	case "F16", "BF16":
		return 2
	}
	return 0
}

func (m *Model) readSafe(t Tensor, s safeTensor, r io.ReaderAt, start int64) error {
	x, cols := m.Arena[t.Offset:t.Offset+t.Len], rowLen(t)
	to := x
	if rotated(t.Name) {
		to = make([]float32, t.Len)
	}
	buf, n := make([]byte, safeWidth(s.DType)*int64(cols)), s.Offsets[1]-s.Offsets[0]
	in := bufio.NewReaderSize(io.NewSectionReader(r, start+s.Offsets[0], n), int(min(n, bytesNow)))
	for at := 0; at < len(to); at += cols {
		if _, err := io.ReadFull(in, buf); err != nil {
			return fmt.Errorf("params: the safetensors file ends within %s; it was cut short, copy it again", hfName(t.Name))
		}
		switch s.DType {
		case "F32":
			decodeRow(to[at:at+cols], F32, buf)
		case "F16":
			decodeRow(to[at:at+cols], F16, buf)
		default:
			decodeBF16(to[at:at+cols], buf)
		}
	}
	if rotated(t.Name) {
		swapHalves(x, to, m.Layout.Config.HeadDim, cols, false)
	}
	return nil
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
