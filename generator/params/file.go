package params

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"unicode/utf8"
)

// Model is the weights with all that a file says about them.
type Model struct {
	Layout    *Layout
	Arena     []float32
	Tokenizer string            // SHA-256 of the tokenizer.json the model was trained with, in hex; empty: not known
	Meta      map[string]string // what else the file should say: date, data, seed, steps
}

// NewModel is a model of that shape with all weights zero.
func NewModel(c Config) (*Model, error) {
	l, err := NewLayout(c)
	if err != nil {
		return nil, err
	}
	return &Model{Layout: l, Arena: make([]float32, l.Size), Meta: map[string]string{}}, nil
}

// View is a tensor's weights, sharing the arena's memory.
func (m *Model) View(name string) []float32 { return m.Layout.View(m.Arena, name) }

// CheckTokenizer says whether the model was trained with this tokenizer.json. A model of unknown training fits any.
func (m *Model) CheckTokenizer(sha string) error {
	if m.Tokenizer != "" && m.Tokenizer != sha {
		return fmt.Errorf("params: the model was trained with tokenizer %.12s… and this one is %.12s…; use the tokenizer.json that came with the model", m.Tokenizer, sha)
	}
	return nil
}

// A checkpoint file is
//
//	8 bytes   magic "daogou\n\x01", the last byte is the format's version
//	4 bytes   length of the header, little endian
//	header    JSON
//	payload   the tensors in the order of the layout, each in the header's encoding
//
// and nothing after. The header's hash is SHA-256 over the header with an empty hash, followed by the payload: not only the weights but also what is said about them
// cannot change unnoticed.
const (
	magic        = "daogou\n"
	version      = 1
	architecture = "llama"
	maxHeader    = 1 << 20
)

type header struct {
	Architecture string            `json:"architecture"`
	Config       Config            `json:"config"`
	Tokenizer    string            `json:"tokenizer"`
	Encoding     Encoding          `json:"encoding"`
	Bytes        int64             `json:"bytes"` // of the payload
	Hash         string            `json:"sha256"`
	Meta         map[string]string `json:"meta,omitempty"`
}

// Save writes the checkpoint with all weights as they are.
func Save(w io.Writer, m *Model) error { return SaveAs(w, m, F32) }

// SaveAs writes the checkpoint in an encoding: F32 to go on with training, F16 or Q8 to ship.
func SaveAs(w io.Writer, m *Model, e Encoding) error {
	if !e.known() {
		return fmt.Errorf("params: unknown encoding %q; known are %q, %q and %q", e, F32, F16, Q8)
	}
	if err := m.check(e); err != nil {
		return err
	}
	h := header{Architecture: architecture, Config: m.Layout.Config, Tokenizer: m.Tokenizer, Encoding: e, Bytes: payloadBytes(m.Layout, e), Meta: m.Meta}
	sum, err := h.hasher()
	if err != nil {
		return err
	}
	if err := m.writePayload(sum, e); err != nil {
		return err
	}
	h.Hash = hex.EncodeToString(sum.Sum(nil))
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if len(text) > maxHeader {
		return fmt.Errorf("params: the header would be %d bytes, over the limit of %d; shorten Meta", len(text), maxHeader)
	}
	front := append([]byte(magic), version)
	front = binary.LittleEndian.AppendUint32(front, uint32(len(text)))
	if _, err := w.Write(append(front, text...)); err != nil {
		return err
	}
	return m.writePayload(w, e)
}

// check refuses to write what Load would refuse to read.
func (m *Model) check(e Encoding) error {
	if m.Layout == nil || len(m.Arena) != m.Layout.Size {
		return errors.New("params: the model has no layout or its arena has another size than the layout says")
	}
	for k, v := range m.Meta {
		if !utf8.ValidString(k) || !utf8.ValidString(v) {
			return fmt.Errorf("params: Meta entry %q is no UTF-8 text", k)
		}
	}
	if !utf8.ValidString(m.Tokenizer) {
		return errors.New("params: the tokenizer's hash is no UTF-8 text")
	}
	return checkFinite(m.Layout, m.Arena, e)
}

func (m *Model) writePayload(w io.Writer, e Encoding) error {
	for _, t := range m.Layout.Tensors {
		if err := writeTensor(w, t, e, m.Arena[t.Offset:t.Offset+t.Len]); err != nil {
			return err
		}
	}
	return nil
}

// hasher has eaten the header without its hash.
func (h header) hasher() (hash.Hash, error) {
	h.Hash = ""
	text, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	sum.Write(text)
	return sum, nil
}

// Load reads a checkpoint. Memory grows with what has been read, never with what a header merely claims.
func Load(r io.Reader) (*Model, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	h, err := readHeader(br)
	if err != nil {
		return nil, err
	}
	l, err := NewLayout(h.Config)
	if err != nil {
		return nil, err
	}
	if want := payloadBytes(l, h.Encoding); h.Bytes != want {
		return nil, fmt.Errorf("params: the checkpoint's header says %d bytes of weights, but its shape needs %d; the file is damaged", h.Bytes, want)
	}
	sum, err := h.hasher()
	if err != nil {
		return nil, err
	}
	m := &Model{Layout: l, Tokenizer: h.Tokenizer, Meta: h.Meta}
	if m.Arena, err = readArena(io.TeeReader(br, sum), l, h.Encoding); err != nil {
		return nil, err
	}
	if hex.EncodeToString(sum.Sum(nil)) != h.Hash {
		return nil, errors.New("params: the checkpoint's SHA-256 is not the one its header states; the file was changed or damaged, copy it again")
	}
	if _, err := br.ReadByte(); err != io.EOF {
		return nil, errors.New("params: bytes follow the end of the checkpoint; the file is damaged, copy it again")
	}
	if err := checkFinite(l, m.Arena, F32); err != nil {
		return nil, err
	}
	return m, nil
}

func readHeader(r io.Reader) (header, error) {
	var h header
	front := make([]byte, len(magic)+1+4)
	if _, err := io.ReadFull(r, front); err != nil {
		return h, errors.New("params: the file is too short to be a checkpoint; copy it again")
	}
	if string(front[:len(magic)]) != magic {
		return h, errors.New("params: this is no checkpoint of daogou (its first bytes are not \"daogou\"); GGUF and safetensors files have their own loaders")
	}
	if v := front[len(magic)]; v != version {
		return h, fmt.Errorf("params: the checkpoint has format version %d and this program reads version %d; use a program of its age", v, version)
	}
	n := binary.LittleEndian.Uint32(front[len(magic)+1:])
	if n > maxHeader {
		return h, fmt.Errorf("params: the checkpoint's header claims %d bytes, over the limit of %d; the file is damaged", n, maxHeader)
	}
	text, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err != nil || len(text) != int(n) {
		return h, errors.New("params: the checkpoint ends within its header; the file was cut short, copy it again")
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&h); err != nil {
		return h, fmt.Errorf("params: the checkpoint's header cannot be read: %v", err)
	}
	if h.Architecture != architecture {
		return h, fmt.Errorf("params: the checkpoint has architecture %q; this program runs %q", h.Architecture, architecture)
	}
	if !h.Encoding.known() {
		return h, fmt.Errorf("params: the checkpoint's weights are encoded as %q; known are %q, %q and %q", h.Encoding, F32, F16, Q8)
	}
	return h, nil
}

// readArena appends row after row, so that a file which ends early has cost no more than its own length, a few times over.
func readArena(r io.Reader, l *Layout, e Encoding) ([]float32, error) {
	arena := make([]float32, 0, min(l.Size, 1<<20))
	var buf []byte
	for _, t := range l.Tensors {
		cols, n := rowLen(t), e.rowBytes(t)
		if cap(buf) < n {
			buf = make([]byte, n)
		}
		for done := 0; done < t.Len; done += cols {
			if _, err := io.ReadFull(r, buf[:n]); err != nil {
				return nil, fmt.Errorf("params: the checkpoint ends within %s; the file was cut short, copy it again", t.Name)
			}
			arena = extend(arena, cols, l.Size)
			decodeRow(arena[len(arena)-cols:], e.of(t), buf[:n])
		}
	}
	return arena, nil
}

// extend lengthens the arena by n; it grows by doubling and never beyond size.
func extend(arena []float32, n, size int) []float32 {
	if len(arena)+n > cap(arena) {
		bigger := make([]float32, len(arena), min(size, max(2*cap(arena), len(arena)+n)))
		copy(bigger, arena)
		arena = bigger
	}
	return arena[:len(arena)+n]
}

// isFinite says that x is neither infinite nor no number.
func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
