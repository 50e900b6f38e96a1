package params

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

var small = Config{Vocab: 40, Dim: 32, Layers: 2, Heads: 4, KVHeads: 2, HeadDim: 16, FF: 64, Context: 50}

func random(t testing.TB, c Config) *Model {
	t.Helper()
	m, err := NewModel(c)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range m.Arena {
		m.Arena[i] = float32(r.NormFloat64())
	}
	m.Tokenizer, m.Meta = strings.Repeat("ab", 32), map[string]string{"seed": "1", "data": "own <b>"}
	return m
}

func save(t testing.TB, m *Model, e Encoding) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := SaveAs(&b, m, e); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func same(t *testing.T, got, want *Model, tolerance float64) {
	t.Helper()
	if got.Layout.Config != want.Layout.Config {
		t.Fatalf("config %+v, want %+v", got.Layout.Config, want.Layout.Config)
	}
	if got.Tokenizer != want.Tokenizer {
		t.Errorf("tokenizer %q, want %q", got.Tokenizer, want.Tokenizer)
	}
	if len(got.Arena) != len(want.Arena) {
		t.Fatalf("%d weights, want %d", len(got.Arena), len(want.Arena))
	}
	for i, w := range want.Arena {
		if d := math.Abs(float64(got.Arena[i]) - float64(w)); d > tolerance {
			t.Fatalf("weight %d is %g, want %g", i, got.Arena[i], w)
		}
	}
}

func odd() Config {
	c := small
	c.Dim, c.HeadDim, c.FF, c.Position, c.Prefix, c.Untied = 20, 6, 13, Sinusoidal, true, true
	return c
}

// The largest of 32 normal numbers is below 5, so half a step of int8 is below 0.02, and half a step of binary16 below 0.002.
func TestRoundTrip(t *testing.T) {
	for _, c := range []Config{small, odd()} {
		m := random(t, c)
		for e, tolerance := range map[Encoding]float64{F32: 0, F16: 0.002, Q8: 0.021} {
			first := save(t, m, e)
			got, err := Load(bytes.NewReader(first))
			if err != nil {
				t.Fatalf("%s: %v", e, err)
			}
			same(t, got, m, tolerance)
			if !maps.Equal(got.Meta, m.Meta) {
				t.Errorf("meta %v", got.Meta)
			}
			for _, tensor := range m.Layout.Tensors {
				if len(tensor.Shape) == 1 && !slices.Equal(got.View(tensor.Name), m.View(tensor.Name)) {
					t.Errorf("%s: norm %s changed", e, tensor.Name)
				}
			}
			if again := save(t, got, e); !bytes.Equal(first, again) {
				t.Errorf("%s: what was loaded is saved differently", e)
			}
		}
	}
}

func TestHalf(t *testing.T) {
	for h := range 1 << 16 {
		v := single(uint16(h))
		if v != v {
			continue
		}
		if back := half(v); back != uint16(h) {
			t.Fatalf("%04x is %g is %04x", h, v, back)
		}
		if h&0x7fff < 0x7bff { // between two neighbours the nearer one, and halfway the even one
			next := single(uint16(h + 1))
			mid := v + (next-v)/2
			if got, even := half(mid), uint16(h+h&1); got != even {
				t.Fatalf("halfway between %g and %g is %04x, want %04x", v, next, got, even)
			}
			if got := half(v + (next-v)*0.51); got != uint16(h+1) {
				t.Fatalf("nearer to %g than to %g is %04x", next, v, got)
			}
		}
	}
	for x, want := range map[float32]uint16{65520: 0x7c00, 65519: 0x7bff, 1e9: 0x7c00, 1e-9: 0, -1e-9: 0x8000, float32(math.Inf(-1)): 0xfc00} {
		if got := half(x); got != want {
			t.Errorf("%g is %04x, want %04x", x, got, want)
		}
	}
}

// refuse fails unless the error is there and says what it should.
func refuse(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want %q", err, want)
	}
}

func withHeader(t *testing.T, file []byte, change func(h map[string]any)) []byte {
	t.Helper()
	n := binary.LittleEndian.Uint32(file[8:])
	var h map[string]any
	if err := json.Unmarshal(file[12:12+n], &h); err != nil {
		t.Fatal(err)
	}
	change(h)
	text, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	out := append([]byte(nil), file[:8]...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(text)))
	return append(append(out, text...), file[12+n:]...)
}

func TestLoadRefuses(t *testing.T) {
	file := save(t, random(t, small), Q8)
	flip := func(i int) []byte {
		b := slices.Clone(file)
		b[i] ^= 1
		return b
	}
	change := func(f func(h map[string]any)) []byte { return withHeader(t, file, f) }
	config := func(key string, v any) []byte {
		return change(func(h map[string]any) { h["config"].(map[string]any)[key] = v })
	}
	nan := random(t, small)
	nan.Arena[77] = float32(math.NaN())
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty":             {nil, "too short to be a checkpoint"},
		"other":             {[]byte("GGUF, or anything else that is long enough"), "no checkpoint of daogou"},
		"version":           {append([]byte("daogou\n\x02"), file[8:]...), "format version 2"},
		"cut in the header": {file[:40], "ends within its header"},
		"cut in weights":    {file[:len(file)-1], "ends within output_norm.weight"},
		"longer":            {append(slices.Clone(file), 0), "bytes follow the end"},
		"weight changed":    {flip(len(file) - 300), "SHA-256"},
		"tokenizer changed": {change(func(h map[string]any) { h["tokenizer"] = "other" }), "SHA-256"},
		"meta changed":      {change(func(h map[string]any) { h["meta"] = map[string]string{"seed": "2"} }), "SHA-256"},
		"base changed":      {config("rope_base", 20000), "SHA-256"},
		"architecture":      {change(func(h map[string]any) { h["architecture"] = "mamba" }), `architecture "mamba"`},
		"encoding":          {change(func(h map[string]any) { h["encoding"] = "q2" }), `encoded as "q2"`},
		"unknown field":     {change(func(h map[string]any) { h["bias"] = true }), `unknown field "bias"`},
		"vocab":             {config("vocab", 1<<30), "vocab is 1073741824"},
		"too large":         {config("dim", 1<<14), "is damaged"},
		"huge": {change(func(h map[string]any) {
			c := h["config"].(map[string]any)
			c["dim"], c["ff"], c["layers"] = 1<<14, 1<<16, 256
		}), "over the limit"},
		"negative layers": {config("layers", -1), "layers is -1"},
		"huge header":     {append([]byte("daogou\n\x01\xff\xff\xff\xff"), file[12:]...), "claims 4294967295 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(bytes.NewReader(c.file))
			refuse(t, err, c.want)
		})
	}
	refuse(t, Save(io.Discard, nan), "weight 77 of token_embd.weight is NaN")
	big := random(t, small)
	big.Arena[0] = 1e5
	refuse(t, SaveAs(io.Discard, big, F16), "no finite number that f16 can hold")
	refuse(t, SaveAs(io.Discard, big, "q3"), `unknown encoding "q3"`)
	big.Meta["x"] = "\xff"
	refuse(t, Save(io.Discard, big), "no UTF-8")
	refuse(t, big.CheckTokenizer("feed"), "trained with tokenizer abababababab…")
}

// A file whose weights are not numbers but whose hash is right must not get through either.
func TestLoadRefusesNaN(t *testing.T) {
	m := random(t, small)
	m.Arena[77] = float32(math.Inf(1))
	h := header{Architecture: architecture, Config: m.Layout.Config, Encoding: F32, Bytes: payloadBytes(m.Layout, F32)}
	sum, _ := h.hasher()
	var payload bytes.Buffer
	if err := m.writePayload(io.MultiWriter(sum, &payload), F32); err != nil {
		t.Fatal(err)
	}
	h.Hash = hex.EncodeToString(sum.Sum(nil))
	text, _ := json.Marshal(h)
	file := binary.LittleEndian.AppendUint32([]byte("daogou\n\x01"), uint32(len(text)))
	file = append(append(file, text...), payload.Bytes()...)
	_, err := Load(bytes.NewReader(file))
	refuse(t, err, "weight 77 of token_embd.weight is +Inf")
}

// A header may claim a model of gigabytes; memory follows what is there.
func TestHostileHeaderCostsLittle(t *testing.T) {
	c := Config{Vocab: 1 << 18, Dim: 1 << 12, Layers: 4, Heads: 32, FF: 1 << 13, Context: 1 << 12}
	l, err := NewLayout(c)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(header{Architecture: architecture, Config: l.Config, Encoding: F32, Bytes: payloadBytes(l, F32)})
	file := binary.LittleEndian.AppendUint32([]byte("daogou\n\x01"), uint32(len(text)))
	file = append(append(file, text...), make([]byte, 1<<16)...)
	result := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Load(bytes.NewReader(file)); err == nil {
				b.Error("loaded")
			}
		}
	})
	if bytes := result.AllocedBytesPerOp(); bytes > 16<<20 {
		t.Errorf("a file of %d bytes took %d bytes", len(file), bytes)
	}
}

func FuzzLoad(f *testing.F) {
	for _, e := range []Encoding{F32, F16, Q8} {
		f.Add(save(f, random(f, Config{Vocab: 3, Dim: 4, Layers: 1, Heads: 1, FF: 2, Context: 4}), e))
	}
	f.Add([]byte("daogou\n\x01\x02\x00\x00\x00{}"))
	f.Fuzz(func(t *testing.T, file []byte) {
		m, err := Load(bytes.NewReader(file))
		if err != nil {
			return
		}
		if again, err := Load(bytes.NewReader(save(t, m, F32))); err != nil || !slices.Equal(again.Arena, m.Arena) {
			t.Fatalf("what was loaded cannot be saved and loaded: %v", err)
		}
	})
}
