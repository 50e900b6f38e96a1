package params

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Vocabulary is the tokenizer as GGUF wants it. It is only carried: this package does not know what a token means.
type Vocabulary struct {
	Model  string // tokenizer.ggml.model, "gpt2" for byte-level BPE
	Pre    string // tokenizer.ggml.pre, the way text is cut before merging
	Tokens []string
	Merges []string // "left right"
	Types  []int32  // 1 normal, 3 control, 4 user defined, 6 byte; empty: all normal
	BOS    int32    // -1: none
	EOS    int32
}

// Tensor types and value types of GGUF.
const (
	ggufF32  = 0
	ggufF16  = 1
	ggufQ4_0 = 2
	ggufQ8_0 = 8
	ggufQ6_K = 14
	ggufBF16 = 30

	valueUint32 = 4
	valueFloat  = 6
	valueBool   = 7
	valueString = 8
	valueArray  = 9
	valueInt32  = 5
)

const (
	ggufMagic   = "GGUF"
	ggufVersion = 3
	ggufAlign   = 32
	ggufPrefix  = "daogou.prefix"    // Config.Prefix; other programs do not know it and run the model causally
	ggufHash    = "daogou.tokenizer" // Model.Tokenizer
	ggufMeta    = "daogou.meta."     // Model.Meta
)

// SaveGGUF writes the model as a GGUF file of architecture llama, which llama.cpp and its family run. Sinusoidal positions do not exist there and are refused. A
// prefix-LM is written, but another program will run it causally; only LoadGGUF reads back that it is one.
func SaveGGUF(w io.Writer, m *Model, e Encoding, v Vocabulary) error {
	if err := m.check(e); err != nil {
		return err
	}
	c := m.Layout.Config
	if err := checkExport(m, e, v); err != nil {
		return err
	}
	g := &ggufWriter{w: bufio.NewWriterSize(w, 1<<16)}
	g.metadata(m, c, e, v)
	offset := int64(0)
	for _, t := range m.Layout.Tensors {
		g.tensorInfo(t, e, offset)
		offset += align(e.bytes(t))
	}
	g.pad()
	for _, t := range m.Layout.Tensors {
		if g.err == nil {
			g.err = writeTensor(g, t, e, m.Arena[t.Offset:t.Offset+t.Len])
		}
		g.pad()
	}
	if g.err != nil {
		return g.err
	}
	return g.w.Flush()
}

func checkExport(m *Model, e Encoding, v Vocabulary) error {
	c := m.Layout.Config
	switch {
	case !e.known():
		return fmt.Errorf("params: unknown encoding %q; known are %q, %q and %q", e, F32, F16, Q8)
	case c.Position != Rotary:
		return fmt.Errorf("params: a model with %s positions cannot be written as GGUF, whose llama architecture is rotary", c.Position)
	case len(v.Tokens) != c.Vocab:
		return fmt.Errorf("params: the vocabulary has %d tokens and the model %d", len(v.Tokens), c.Vocab)
	case len(v.Types) != 0 && len(v.Types) != c.Vocab:
		return fmt.Errorf("params: the vocabulary has %d types for %d tokens", len(v.Types), c.Vocab)
	}
	for _, t := range m.Layout.Tensors {
		if e.of(t) == Q8 && rowLen(t)%blockLen != 0 {
			return fmt.Errorf("params: rows of %s are %d wide, and GGUF's Q8_0 needs a multiple of %d; write F16 instead", t.Name, rowLen(t), blockLen)
		}
	}
	return nil
}

func align(n int64) int64 { return (n + ggufAlign - 1) / ggufAlign * ggufAlign }

// ggufWriter remembers the first error, so that a file reads as a list of what is in it.
type ggufWriter struct {
	w   *bufio.Writer
	n   int64
	err error
}

func (g *ggufWriter) Write(b []byte) (int, error) {
	if g.err != nil {
		return 0, g.err
	}
	n, err := g.w.Write(b)
	g.n, g.err = g.n+int64(n), err
	return n, err
}

func (g *ggufWriter) u32(v uint32) { g.Write(binary.LittleEndian.AppendUint32(nil, v)) }
func (g *ggufWriter) u64(v uint64) { g.Write(binary.LittleEndian.AppendUint64(nil, v)) }
func (g *ggufWriter) text(s string) {
	g.u64(uint64(len(s)))
	g.Write([]byte(s))
}
func (g *ggufWriter) pad() { g.Write(make([]byte, align(g.n)-g.n)) }

func (g *ggufWriter) uint(key string, v int) {
	g.text(key)
	g.u32(valueUint32)
	g.u32(uint32(v))
}
func (g *ggufWriter) float(key string, v float64) {
	g.text(key)
	g.u32(valueFloat)
	g.u32(math.Float32bits(float32(v)))
}
func (g *ggufWriter) string(key, v string) {
	g.text(key)
	g.u32(valueString)
	g.text(v)
}
func (g *ggufWriter) bool(key string, v bool) {
	g.text(key)
	g.u32(valueBool)
	b := byte(0)
	if v {
		b = 1
	}
	g.Write([]byte{b})
}
func (g *ggufWriter) strings(key string, v []string) {
	g.text(key)
	g.u32(valueArray)
	g.u32(valueString)
	g.u64(uint64(len(v)))
	for _, s := range v {
		g.text(s)
	}
}
func (g *ggufWriter) ints(key string, v []int32) {
	g.text(key)
	g.u32(valueArray)
	g.u32(valueInt32)
	g.u64(uint64(len(v)))
	for _, i := range v {
		g.u32(uint32(i))
	}
}

func (g *ggufWriter) metadata(m *Model, c Config, e Encoding, v Vocabulary) {
	fileType := map[Encoding]int{F32: 0, F16: 1, Q8: 7}[e]
	kv := []func(){
		func() { g.string("general.architecture", architecture) },
		func() { g.string("general.name", "daogou") },
		func() { g.uint("general.file_type", fileType) },
		func() { g.uint("general.alignment", ggufAlign) },
		func() { g.uint("llama.vocab_size", c.Vocab) },
		func() { g.uint("llama.context_length", c.Context) },
		func() { g.uint("llama.embedding_length", c.Dim) },
		func() { g.uint("llama.block_count", c.Layers) },
		func() { g.uint("llama.feed_forward_length", c.FF) },
		func() { g.uint("llama.attention.head_count", c.Heads) },
		func() { g.uint("llama.attention.head_count_kv", c.KVHeads) },
		func() { g.uint("llama.attention.key_length", c.HeadDim) },
		func() { g.uint("llama.attention.value_length", c.HeadDim) },
		func() { g.float("llama.attention.layer_norm_rms_epsilon", c.Eps) },
		func() { g.uint("llama.rope.dimension_count", c.HeadDim) },
		func() { g.float("llama.rope.freq_base", c.RopeBase) },
		func() { g.string("tokenizer.ggml.model", orElse(v.Model, "gpt2")) },
		func() { g.string("tokenizer.ggml.pre", orElse(v.Pre, "default")) },
		func() { g.strings("tokenizer.ggml.tokens", v.Tokens) },
		func() { g.ints("tokenizer.ggml.token_type", typesOf(v)) },
		func() { g.strings("tokenizer.ggml.merges", v.Merges) },
		func() { g.bool("tokenizer.ggml.add_bos_token", false) },
		func() { g.bool("tokenizer.ggml.add_space_prefix", false) },
		func() { g.bool(ggufPrefix, c.Prefix) },
		func() { g.string(ggufHash, m.Tokenizer) },
	}
	if v.BOS >= 0 {
		kv = append(kv, func() { g.uint("tokenizer.ggml.bos_token_id", int(v.BOS)) })
	}
	if v.EOS >= 0 {
		kv = append(kv, func() { g.uint("tokenizer.ggml.eos_token_id", int(v.EOS)) })
	}
	for _, k := range sortedKeys(m.Meta) {
		kv = append(kv, func() { g.string(ggufMeta+k, m.Meta[k]) })
	}
	g.Write([]byte(ggufMagic))
	g.u32(ggufVersion)
	g.u64(uint64(len(m.Layout.Tensors)))
	g.u64(uint64(len(kv)))
	for _, write := range kv {
		write()
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func typesOf(v Vocabulary) []int32 {
	if len(v.Types) > 0 {
		return v.Types
	}
	types := make([]int32, len(v.Tokens))
	for i := range types {
		types[i] = 1
	}
	return types
}

func (g *ggufWriter) tensorInfo(t Tensor, e Encoding, offset int64) {
	g.text(t.Name)
	g.u32(uint32(len(t.Shape)))
	for i := len(t.Shape) - 1; i >= 0; i-- { // GGUF counts dimensions from the innermost
		g.u64(uint64(t.Shape[i]))
	}
	g.u32(uint32(map[Encoding]int{F32: ggufF32, F16: ggufF16, Q8: ggufQ8_0}[e.of(t)]))
	g.u64(uint64(offset))
}

// Bounds of a GGUF file's front part.
const (
	maxPairs   = 1 << 14
	maxTensors = 1 << 14
	maxText    = 1 << 20
	maxFront   = 1 << 28 // bytes of metadata
)

// LoadGGUF reads a GGUF file of architecture llama with tensors in F32, F16, BF16, Q8_0, Q4_0 or Q6_K (the last for the embedding of Q4_0 files).
func LoadGGUF(r io.ReaderAt, size int64) (*Model, *Vocabulary, error) {
	g := &ggufReader{r: bufio.NewReaderSize(io.NewSectionReader(r, 0, min(size, maxFront)), 1<<16), size: size}
	pairs, tensors := g.counts()
	meta := g.pairs(pairs)
	infos := g.tensors(tensors)
	if g.err != nil {
		return nil, nil, g.err
	}
	c, err := meta.config(infos)
	if err != nil {
		return nil, nil, err
	}
	l, err := NewLayout(c)
	if err != nil {
		return nil, nil, err
	}
	start, err := meta.start(g.n)
	if err != nil {
		return nil, nil, err
	}
	if err := checkInfos(l, infos, start, size); err != nil {
		return nil, nil, err
	}
	m := &Model{Layout: l, Arena: make([]float32, l.Size), Tokenizer: meta.text[ggufHash], Meta: meta.ours()} // at most seven times the file
	for _, t := range l.Tensors {
		if err := infos[t.Name].read(r, start, m.Arena[t.Offset:t.Offset+t.Len], rowLen(t)); err != nil {
			return nil, nil, err
		}
	}
	if err := checkFinite(l, m.Arena, F32); err != nil {
		return nil, nil, err
	}
	v := meta.vocabulary()
	return m, &v, nil
}

// ggufReader reads the front of a file and remembers the first error; after it everything is zero.
type ggufReader struct {
	r    *bufio.Reader
	n    int64
	size int64
	err  error
}

func (g *ggufReader) fail(format string, args ...any) {
	if g.err == nil {
		g.err = fmt.Errorf("params: "+format, args...)
	}
}

func (g *ggufReader) bytes(n int) []byte {
	b := make([]byte, n)
	if g.err != nil {
		return b
	}
	if _, err := io.ReadFull(g.r, b); err != nil {
		g.fail("the GGUF file ends within its metadata; it was cut short, copy it again")
	}
	g.n += int64(n)
	return b
}

func (g *ggufReader) u32() uint32 { return binary.LittleEndian.Uint32(g.bytes(4)) }
func (g *ggufReader) u64() uint64 { return binary.LittleEndian.Uint64(g.bytes(8)) }

func (g *ggufReader) text() string {
	n := g.u64()
	if n > maxText || int64(n) > g.size {
		g.fail("a GGUF string claims %d bytes, over the limit of %d; the file is damaged", n, maxText)
		return ""
	}
	return string(g.bytes(int(n)))
}

func (g *ggufReader) counts() (pairs, tensors uint64) {
	if string(g.bytes(4)) != ggufMagic {
		g.fail("this is no GGUF file (its first bytes are not \"GGUF\")")
	}
	if v := g.u32(); g.err == nil && v != 2 && v != 3 {
		g.fail("the GGUF file has version %d; versions 2 and 3 can be read", v)
	}
	tensors, pairs = g.u64(), g.u64()
	if pairs > maxPairs || tensors > maxTensors {
		g.fail("the GGUF file claims %d metadata entries and %d tensors, over the limits of %d and %d", pairs, tensors, maxPairs, maxTensors)
		return 0, 0
	}
	return pairs, tensors
}

// ggufMetadata holds the values by kind; numbers of every width are float64, which is exact for all that is used.
type ggufMetadata struct {
	text    map[string]string
	number  map[string]float64
	texts   map[string][]string
	numbers map[string][]float64
}

func (g *ggufReader) pairs(n uint64) ggufMetadata {
	m := ggufMetadata{map[string]string{}, map[string]float64{}, map[string][]string{}, map[string][]float64{}}
	for range n {
		if g.err != nil {
			break
		}
		key := g.text()
		switch kind := g.u32(); kind {
		case valueString:
			m.text[key] = g.text()
		case valueArray:
			g.array(m, key)
		default:
			m.number[key] = g.number(kind)
		}
	}
	return m
}

func (g *ggufReader) array(m ggufMetadata, key string) {
	kind, n := g.u32(), g.u64()
	if int64(n) < 0 || int64(n) > g.size || n > 4*maxVocab {
		g.fail("the GGUF array %q claims %d elements; the file is damaged", key, n)
		return
	}
	if kind == valueString {
		var list []string
		for i := uint64(0); i < n && g.err == nil; i++ {
			list = append(list, g.text())
		}
		m.texts[key] = list
		return
	}
	var list []float64
	for i := uint64(0); i < n && g.err == nil; i++ {
		list = append(list, g.number(kind))
	}
	m.numbers[key] = list
}

func (g *ggufReader) number(kind uint32) float64 {
	switch kind {
	case 0, valueBool:
		return float64(g.bytes(1)[0])
	case 1:
		return float64(int8(g.bytes(1)[0]))
	case 2:
		return float64(binary.LittleEndian.Uint16(g.bytes(2)))
	case 3:
		return float64(int16(binary.LittleEndian.Uint16(g.bytes(2))))
	case valueUint32:
		return float64(g.u32())
	case valueInt32:
		return float64(int32(g.u32()))
	case valueFloat:
		return float64(math.Float32frombits(g.u32()))
	case 10:
		return float64(g.u64())
	case 11:
		return float64(int64(g.u64()))
	case 12:
		return math.Float64frombits(g.u64())
	}
	g.fail("the GGUF file has a value of unknown type %d; it is damaged or newer than this program", kind)
	return 0
}

// ggufTensor is where a tensor lies in the file.
type ggufTensor struct {
	name   string
	dims   []int // innermost first
	kind   uint32
	offset int64
}

func (g *ggufReader) tensors(n uint64) map[string]ggufTensor {
	infos := map[string]ggufTensor{}
	for range n {
		if g.err != nil {
			break
		}
		t := ggufTensor{name: g.text()}
		dims := g.u32()
		if dims > 2 {
			g.fail("tensor %q of the GGUF file has %d dimensions; a llama model has at most 2", t.name, dims)
			break
		}
		for range dims {
			d := g.u64()
			if d > maxSize {
				g.fail("tensor %q of the GGUF file claims a dimension of %d", t.name, d)
			}
			t.dims = append(t.dims, int(d))
		}
		t.kind, t.offset = g.u32(), int64(g.u64())
		infos[t.name] = t
	}
	return infos
}

// int is a whole number of the metadata, 0 if it is absent and -1, which every check refuses, if it is none.
func (m ggufMetadata) int(key string, other int) int {
	v, ok := m.number[key]
	if !ok {
		return other
	}
	if !isFinite(v) || v != math.Trunc(v) || v < 0 || v > maxSize {
		return -1
	}
	return int(v)
}

func (m ggufMetadata) float(key string) float64 { return roundTrip(m.number[key]) }

// roundTrip gives a number that was stored as float32 its short decimal form back: 1e-5 is 1e-5 again and not 9.99999974e-06.
func roundTrip(v float64) float64 {
	x, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', -1, 32), 64)
	if err != nil {
		return v
	}
	return x
}

func (m ggufMetadata) config(infos map[string]ggufTensor) (Config, error) {
	if a := m.text["general.architecture"]; a != architecture {
		return Config{}, fmt.Errorf("params: the GGUF file has architecture %q; this program runs %q", a, architecture)
	}
	if s := m.text["llama.rope.scaling.type"]; s != "" && s != "none" {
		return Config{}, fmt.Errorf("params: the GGUF file scales its rotary positions (%s), which this program does not; choose a model without", s)
	}
	embedding := infos[TokenEmbedding]
	if len(embedding.dims) != 2 {
		return Config{}, errors.New("params: the GGUF file has no matrix " + TokenEmbedding)
	}
	_, untied := infos[Output]
	heads := m.int("llama.attention.head_count", 0)
	c := Config{
		Vocab:    embedding.dims[1],
		Dim:      m.int("llama.embedding_length", 0),
		Layers:   m.int("llama.block_count", 0),
		Heads:    heads,
		KVHeads:  m.int("llama.attention.head_count_kv", heads),
		HeadDim:  m.int("llama.attention.key_length", 0),
		FF:       m.int("llama.feed_forward_length", 0),
		Context:  m.int("llama.context_length", 0),
		Position: Rotary,
		RopeBase: m.float("llama.rope.freq_base"),
		Eps:      m.float("llama.attention.layer_norm_rms_epsilon"),
		Prefix:   m.number[ggufPrefix] == 1,
		Untied:   untied,
	}.WithDefaults()
	if v := m.int("llama.attention.value_length", c.HeadDim); v != c.HeadDim {
		return c, fmt.Errorf("params: the GGUF file's values are %d wide and its keys %d; this program needs them equal", v, c.HeadDim)
	}
	if d := m.int("llama.rope.dimension_count", c.HeadDim); d != c.HeadDim {
		return c, fmt.Errorf("params: the GGUF file rotates %d of %d dimensions of a head; this program rotates all", d, c.HeadDim)
	}
	return c, nil
}

// start is where the tensors' bytes begin: after the front part, aligned.
func (m ggufMetadata) start(front int64) (int64, error) {
	a := int64(m.int("general.alignment", ggufAlign))
	if a < 1 || a > 1<<16 {
		return 0, fmt.Errorf("params: the GGUF file has an alignment of %d", a)
	}
	return (front + a - 1) / a * a, nil
}

func (m ggufMetadata) ours() map[string]string {
	meta := map[string]string{}
	for k, v := range m.text {
		if name, ok := strings.CutPrefix(k, ggufMeta); ok {
			meta[name] = v
		}
	}
	return meta
}

func (m ggufMetadata) vocabulary() Vocabulary {
	v := Vocabulary{
		Model:  m.text["tokenizer.ggml.model"],
		Pre:    m.text["tokenizer.ggml.pre"],
		Tokens: m.texts["tokenizer.ggml.tokens"],
		Merges: m.texts["tokenizer.ggml.merges"],
		BOS:    int32(m.optional("tokenizer.ggml.bos_token_id")),
		EOS:    int32(m.optional("tokenizer.ggml.eos_token_id")),
	}
	for _, t := range m.numbers["tokenizer.ggml.token_type"] {
		v.Types = append(v.Types, int32(t))
	}
	return v
}

func (m ggufMetadata) optional(key string) int {
	if n := m.int(key, -1); n <= math.MaxInt32 {
		return n
	}
	return -1
}

// checkInfos refuses a file whose tensors are not exactly those of the layout, before anything is allocated for them.
func checkInfos(l *Layout, infos map[string]ggufTensor, start, size int64) error {
	total := int64(0)
	for _, t := range l.Tensors {
		g, ok := infos[t.Name]
		if !ok {
			return fmt.Errorf("params: the GGUF file lacks %s; it is incomplete", t.Name)
		}
		if err := g.fits(t, start, size); err != nil {
			return err
		}
		block, bytes := ggufBlock(g.kind)
		total += int64(t.Len / block * bytes)
	}
	if total > size-start { // tensors that lie on top of each other would be memory for nothing
		return errors.New("params: tensors of the GGUF file overlap; it is damaged")
	}
	for name := range infos {
		if _, ok := l.Find(name); !ok {
			return fmt.Errorf("params: the GGUF file has a tensor %q that this program would not use, so its model is another one", name)
		}
	}
	return nil
}

func (g ggufTensor) fits(t Tensor, start, size int64) error {
	if len(g.dims) != len(t.Shape) {
		return fmt.Errorf("params: %s has %d dimensions in the GGUF file and needs %d", t.Name, len(g.dims), len(t.Shape))
	}
	for i, d := range g.dims {
		if want := t.Shape[len(t.Shape)-1-i]; d != want {
			return fmt.Errorf("params: %s has a dimension of %d in the GGUF file where the model's shape needs %d", t.Name, d, want)
		}
	}
	block, bytes := ggufBlock(g.kind)
	if block == 0 {
		return fmt.Errorf("params: %s has GGUF type %d; F32, F16, BF16, Q8_0, Q4_0 and Q6_K can be read, so convert the file", t.Name, g.kind)
	}
	if rowLen(t)%block != 0 {
		return fmt.Errorf("params: rows of %s are %d wide, which blocks of %d do not divide; the file is damaged", t.Name, rowLen(t), block)
	}
	if n := int64(t.Len/block) * int64(bytes); g.offset < 0 || g.offset > size || n > size-start-g.offset {
		return fmt.Errorf("params: the GGUF file ends within %s; it was cut short, copy it again", t.Name)
	}
	return nil
}

// ggufBlock is how many weights a block of a type has, and how many bytes.
func ggufBlock(kind uint32) (weights, bytes int) {
	switch kind {
	case ggufF32:
		return 1, 4
	case ggufF16, ggufBF16:
		return 1, 2
	case ggufQ8_0:
		return blockLen, q8Bytes
	case ggufQ4_0:
		return blockLen, q4Bytes
	case ggufQ6_K:
		return 256, 210
	}
	return 0, 0
}

func (g ggufTensor) read(r io.ReaderAt, start int64, x []float32, cols int) error {
	block, bytes := ggufBlock(g.kind)
	buf, n := make([]byte, cols/block*bytes), int64(len(x)/block)*int64(bytes)
	in := bufio.NewReaderSize(io.NewSectionReader(r, start+g.offset, n), int(min(n, bytesNow)))
	for at := 0; at < len(x); at += cols {
		if _, err := io.ReadFull(in, buf); err != nil {
			return fmt.Errorf("params: the GGUF file ends within %s; it was cut short, copy it again", g.name)
		}
		decodeGGUF(x[at:at+cols], g.kind, buf)
	}
	return nil
}

func decodeGGUF(x []float32, kind uint32, b []byte) {
	switch kind {
	case ggufF32:
		decodeRow(x, F32, b)
	case ggufF16:
		decodeRow(x, F16, b)
	case ggufQ8_0:
		decodeRow(x, Q8, b)
	case ggufBF16:
		decodeBF16(x, b)
	case ggufQ4_0:
		for i := 0; i < len(x); i += blockLen {
			decodeQ4(x[i:i+blockLen], b[i/blockLen*q4Bytes:])
		}
	case ggufQ6_K:
		for i := 0; i < len(x); i += 256 {
			decodeQ6(x[i:i+256], b[i/256*210:])
		}
	}
}

func decodeBF16(x []float32, b []byte) {
	for i := range x {
		x[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(b[2*i:])) << 16)
	}
}

// decodeQ4 reads a block of Q4_0: a scale, then 16 bytes whose low halves are the first 16 weights and whose high halves are the last, each from -8 to 7.
func decodeQ4(x []float32, b []byte) {
	d := single(binary.LittleEndian.Uint16(b))
	for i := range blockLen / 2 {
		x[i] = d * float32(int(b[2+i]&15)-8)
		x[i+blockLen/2] = d * float32(int(b[2+i]>>4)-8)
	}
}

// decodeQ6 reads a block of Q6_K: 256 weights of 6 bits from -32 to 31, low four bits (128 bytes) and high two (64 bytes) apart, a signed scale for every 16, one scale for all.
func decodeQ6(x []float32, b []byte) {
	low, high, scales := b[:128], b[128:192], b[192:208]
	d := single(binary.LittleEndian.Uint16(b[208:]))
	for i := range 256 {
		part, j := i/128, i%128 // two parts, each four runs of 32
		run, k := j/32, j%32
		nibble := low[64*part+32*(run%2)+k] >> (4 * (run / 2)) & 15
		top := high[32*part+k] >> (2 * run) & 3
		q := int(nibble|top<<4) - 32
		x[i] = d * float32(int8(scales[i/16])) * float32(q)
	}
}
