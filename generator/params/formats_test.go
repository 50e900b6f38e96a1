package params

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func vocabulary(n int) Vocabulary {
	v := Vocabulary{Merges: []string{"a b", "Ġ t"}, BOS: -1, EOS: 2}
	for i := range n {
		v.Tokens = append(v.Tokens, fmt.Sprintf("tok%d", i))
		v.Types = append(v.Types, int32(1+i%2*2))
	}
	return v
}

func gguf(t testing.TB, m *Model, e Encoding) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := SaveGGUF(&b, m, e, vocabulary(m.Layout.Config.Vocab)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func loadGGUF(file []byte) (*Model, *Vocabulary, error) {
	return LoadGGUF(bytes.NewReader(file), int64(len(file)))
}

func TestGGUFRoundTrip(t *testing.T) {
	untied := small
	untied.Untied, untied.Prefix, untied.Eps, untied.RopeBase = true, true, 1e-6, 500000
	for _, c := range []Config{small, untied} {
		m := random(t, c)
		for e, tolerance := range map[Encoding]float64{F32: 0, F16: 0.002, Q8: 0.021} {
			file := gguf(t, m, e)
			got, v, err := loadGGUF(file)
			if err != nil {
				t.Fatalf("%s: %v", e, err)
			}
			same(t, got, m, tolerance)
			want := vocabulary(c.Vocab)
			want.Model, want.Pre = "gpt2", "default"
			if fmt.Sprint(*v) != fmt.Sprint(want) {
				t.Errorf("vocabulary %v, want %v", *v, want)
			}
			if !bytes.Equal(gguf(t, got, e), file) {
				t.Errorf("%s: what was loaded is saved differently", e)
			}
		}
	}
}

// foreignGGUF is the model as GGUF in F32, with another type and other bytes for the first tensor, the embedding.
func foreignGGUF(t *testing.T, m *Model, kind uint32, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	g := &ggufWriter{w: bufio.NewWriter(&b)}
	l := m.Layout
	g.metadata(m, l.Config, F32, vocabulary(l.Config.Vocab))
	offset := align(int64(len(data)))
	for i, tensor := range l.Tensors {
		at := int64(0)
		if i > 0 {
			at, offset = offset, offset+align(F32.bytes(tensor))
		}
		g.text(tensor.Name)
		g.u32(uint32(len(tensor.Shape)))
		for j := len(tensor.Shape) - 1; j >= 0; j-- {
			g.u64(uint64(tensor.Shape[j]))
		}
		k := uint32(ggufF32)
		if i == 0 {
			k = kind
		}
		g.u32(k)
		g.u64(uint64(at))
	}
	g.pad()
	g.Write(data)
	g.pad()
	for _, tensor := range l.Tensors[1:] {
		if err := writeTensor(g, tensor, F32, m.View(tensor.Name)); err != nil {
			t.Fatal(err)
		}
		g.pad()
	}
	if err := g.w.Flush(); err != nil || g.err != nil {
		t.Fatal(err, g.err)
	}
	return b.Bytes()
}

// Q4_0 and Q6_K are packed here from known whole numbers by their own description, bit by bit.
func TestGGUFForeignTypes(t *testing.T) {
	c := small
	c.Dim, c.HeadDim = 256, 64
	m := random(t, c)
	r := rand.New(rand.NewPCG(3, 3))
	t.Run("Q4_0", func(t *testing.T) {
		var data []byte
		want := make([]float32, c.Vocab*c.Dim)
		for b := 0; b < len(want); b += 32 {
			d := float32(1+r.IntN(8)) / 8
			data = binary.LittleEndian.AppendUint16(data, half(d))
			packed := make([]byte, 16)
			for i := range 32 {
				q := r.IntN(16)
				want[b+i] = d * float32(q-8)
				packed[i%16] |= byte(q << (i / 16 * 4))
			}
			data = append(data, packed...)
		}
		checkForeign(t, foreignGGUF(t, m, ggufQ4_0, data), want)
	})
	t.Run("Q6_K", func(t *testing.T) {
		var data []byte
		want := make([]float32, c.Vocab*c.Dim)
		for b := 0; b < len(want); b += 256 {
			d := float32(1+r.IntN(8)) / 8
			low, high, scales := make([]byte, 128), make([]byte, 64), make([]byte, 16)
			for i := range scales {
				scales[i] = byte(int8(r.IntN(255) - 127))
			}
			for i := range 256 {
				q := r.IntN(64)
				want[b+i] = d * float32(int8(scales[i/16])) * float32(q-32)
				// Of each 128, weights 0-31 and 64-95 share low bytes 0-31, the others 32-63; all four runs share 32 high bytes.
				part, run, k := i/128, i%128/32, i%32
				low[part*64+run%2*32+k] |= byte(q & 15 << (run / 2 * 4))
				high[part*32+k] |= byte(q >> 4 << (2 * run))
			}
			data = append(append(append(data, low...), high...), scales...)
			data = binary.LittleEndian.AppendUint16(data, half(d))
		}
		checkForeign(t, foreignGGUF(t, m, ggufQ6_K, data), want)
	})
	t.Run("BF16", func(t *testing.T) {
		var data []byte
		want := make([]float32, c.Vocab*c.Dim)
		for i := range want {
			want[i] = math.Float32frombits(math.Float32bits(float32(r.NormFloat64())) &^ 0xffff)
			data = binary.LittleEndian.AppendUint16(data, uint16(math.Float32bits(want[i])>>16))
		}
		checkForeign(t, foreignGGUF(t, m, ggufBF16, data), want)
	})
}

func checkForeign(t *testing.T, file []byte, want []float32) {
	t.Helper()
	got, _, err := loadGGUF(file)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.View(TokenEmbedding), want) {
		t.Error("the weights differ")
	}
}

func TestGGUFRefuses(t *testing.T) {
	m := random(t, small)
	file := gguf(t, m, Q8)
	swap := func(old, with string) []byte {
		if len(old) != len(with) || !bytes.Contains(file, []byte(old)) {
			t.Fatalf("cannot put %q for %q", with, old)
		}
		return bytes.Replace(file, []byte(old), []byte(with), 1)
	}
	number := func(key string, v uint32) []byte {
		b := slices.Clone(file)
		i := bytes.Index(b, []byte(key)) + len(key) + 4
		binary.LittleEndian.PutUint32(b[i:], v)
		return b
	}
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty":        {nil, "ends within its metadata"},
		"other":        {save(t, m, F32), "no GGUF file"},
		"version":      {append([]byte("GGUF\x09"), file[5:]...), "version 9"},
		"architecture": {swap("llama", "gemma"), `architecture "gemma"`},
		"cut in front": {file[:200], "ends within its metadata"},
		"cut behind":   {file[:len(file)-200], "ends within"},
		"lacking":      {swap("blk.1.ffn_up.weight", "blk.1.ffn_xp.weight"), "lacks blk.1.ffn_up.weight"},
		"layers":       {number("llama.block_count", 1), "would not use"},
		"width":        {number("llama.embedding_length", 64), "dimension"},
		"heads":        {number("llama.attention.head_count", 0), "heads is 0"},
		"rotation":     {number("llama.rope.dimension_count", 8), "rotates 8 of 16"},
		"many pairs":   {append(append(slices.Clone(file[:16]), 255, 255, 255, 255, 0, 0, 0, 0), file[24:]...), "claims 4294967295 metadata entries"},
		"type":         {foreignGGUF(t, m, 12, make([]byte, 40*32)), "GGUF type 12"},
		"overlap":      {overlapping(t, m), "overlap"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := loadGGUF(c.file)
			refuse(t, err, c.want)
		})
	}
	sinusoidal := random(t, odd())
	refuse(t, SaveGGUF(&bytes.Buffer{}, sinusoidal, F32, vocabulary(40)), "sinusoidal positions cannot be written as GGUF")
	refuse(t, SaveGGUF(&bytes.Buffer{}, m, F32, vocabulary(39)), "39 tokens and the model 40")
	narrow := small
	narrow.FF = 33
	refuse(t, SaveGGUF(&bytes.Buffer{}, random(t, narrow), Q8, vocabulary(40)), "needs a multiple of 32")
}

// overlapping is a file all of whose blocks claim the bytes of the first.
func overlapping(t *testing.T, m *Model) []byte {
	c := m.Layout.Config
	c.Layers = 64
	big, err := NewModel(c)
	if err != nil {
		t.Fatal(err)
	}
	file := gguf(t, big, F32)
	first := map[string][]byte{}
	for _, tensor := range big.Layout.Tensors {
		name := append(binary.LittleEndian.AppendUint64(nil, uint64(len(tensor.Name))), tensor.Name...)
		at := bytes.Index(file, name) + len(name) + 4 + 8*len(tensor.Shape) + 4
		kind := tensor.Name[strings.LastIndex(strings.TrimSuffix(tensor.Name, ".weight"), ".")+1:]
		if first[kind] == nil {
			first[kind] = slices.Clone(file[at : at+8])
		}
		copy(file[at:], first[kind])
	}
	norm := []byte("output_norm.weight")
	copy(file[bytes.Index(file, norm)+len(norm)+4+8+4:], first["attn_norm.weight"])
	return file[:int64(len(file))-payloadBytes(big.Layout, F32)+payloadBytes(m.Layout, F32)] // all but the first block's data is cut off
}

func TestSafetensorsRoundTrip(t *testing.T) {
	untied := small
	untied.Untied, untied.Prefix = true, true
	for _, c := range []Config{small, untied} {
		m := random(t, c)
		m.Meta = nil // has no place in the format
		for e, tolerance := range map[Encoding]float64{F32: 0, F16: 0.002} {
			config, err := ConfigJSON(m, e)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := SaveSafetensors(&b, m, e); err != nil {
				t.Fatal(err)
			}
			got, err := LoadSafetensors(config, bytes.NewReader(b.Bytes()), int64(b.Len()))
			if err != nil {
				t.Fatalf("%s: %v", e, err)
			}
			same(t, got, m, tolerance)
		}
	}
}

// In a Hugging Face file a head's first half of rows holds the first of each pair.
func TestSafetensorsOrder(t *testing.T) {
	m := random(t, small)
	q := m.View(Block(0, AttnQ))
	for row := range 64 {
		for i := range 32 {
			q[row*32+i] = float32(row)
		}
	}
	var b bytes.Buffer
	if err := SaveSafetensors(&b, m, F32); err != nil {
		t.Fatal(err)
	}
	index, start, err := readIndex(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	at := start + index["model.layers.0.self_attn.q_proj.weight"].Offsets[0]
	for row := range 64 {
		head, j := row/16, row%16
		want := head*16 + 2*j
		if j >= 8 {
			want = head*16 + 2*(j-8) + 1
		}
		if got := math.Float32frombits(binary.LittleEndian.Uint32(b.Bytes()[at+int64(row)*32*4:])); got != float32(want) {
			t.Errorf("row %d of the file is our row %g, want %d", row, got, want)
		}
	}
}

func TestSafetensorsRefuses(t *testing.T) {
	m := random(t, small)
	config, err := ConfigJSON(m, F32)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := SaveSafetensors(&b, m, F32); err != nil {
		t.Fatal(err)
	}
	file := b.Bytes()
	with := func(key string, v any) []byte {
		var h map[string]any
		if err := json.Unmarshal(config, &h); err != nil {
			t.Fatal(err)
		}
		h[key] = v
		text, _ := json.Marshal(h)
		return text
	}
	for name, c := range map[string]struct {
		config, file []byte
		want         string
	}{
		"empty":       {config, nil, "too short"},
		"no config":   {[]byte("{"), file, "config.json cannot be read"},
		"model type":  {with("model_type", "qwen2"), file, `model_type "qwen2"`},
		"scaling":     {with("rope_scaling", map[string]any{"type": "linear"}), file, "rope_scaling"},
		"bias":        {with("attention_bias", true), file, "biases"},
		"activation":  {with("hidden_act", "gelu"), file, `"gelu"`},
		"layers":      {with("num_hidden_layers", 3), file, "lacks model.layers.2.input_layernorm.weight"},
		"fewer":       {with("num_hidden_layers", 1), file, "would not use"},
		"shape":       {with("intermediate_size", 32), file, "needs [32 32]"},
		"cut":         {config, file[:len(file)-4], "cut short"},
		"long index":  {config, append([]byte{255, 255, 255, 255, 255, 255, 255, 255}, file[8:]...), "claims 18446744073709551615 bytes"},
		"broken json": {config, append(binary.LittleEndian.AppendUint64(nil, 8), "not json"...), "cannot be read"},
		"entry":       {config, append(binary.LittleEndian.AppendUint64(nil, 7), `{"a":1}`...), `entry "a" cannot be read`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LoadSafetensors(c.config, bytes.NewReader(c.file), int64(len(c.file)))
			refuse(t, err, c.want)
		})
	}
	if _, err := ConfigJSON(random(t, odd()), F32); err == nil {
		t.Error("sinusoidal positions were written")
	}
	if err := SaveSafetensors(&bytes.Buffer{}, m, Q8); err == nil {
		t.Error("Q8 was written as safetensors")
	}
}

func FuzzLoadGGUF(f *testing.F) {
	f.Add(gguf(f, random(f, Config{Vocab: 3, Dim: 32, Layers: 1, Heads: 1, FF: 32, Context: 4}), Q8))
	f.Add(gguf(f, random(f, Config{Vocab: 3, Dim: 4, Layers: 1, Heads: 1, FF: 2, Context: 4, Untied: true}), F16))
	f.Fuzz(func(t *testing.T, file []byte) {
		m, v, err := loadGGUF(file)
		if err == nil && (m == nil || v == nil || len(m.Arena) != m.Layout.Size || len(m.Arena) > 8*len(file)) {
			t.Fatalf("%d bytes became %d weights", len(file), len(m.Arena))
		}
	})
}

func FuzzLoadSafetensors(f *testing.F) {
	m := random(f, Config{Vocab: 3, Dim: 4, Layers: 1, Heads: 1, FF: 2, Context: 4})
	config, _ := ConfigJSON(m, F16)
	var b bytes.Buffer
	if err := SaveSafetensors(&b, m, F16); err != nil {
		f.Fatal(err)
	}
	f.Add(config, b.Bytes())
	f.Fuzz(func(t *testing.T, config, file []byte) {
		m, err := LoadSafetensors(config, bytes.NewReader(file), int64(len(file)))
		if err == nil && len(m.Arena) > len(file) {
			t.Fatalf("%d bytes became %d weights", len(file), len(m.Arena))
		}
	})
}
