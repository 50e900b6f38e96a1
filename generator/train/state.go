package train

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
	"os"
	"path/filepath"
	"unsafe"

	"daogou/generator/params"
)

// stateFile is the checkpoint in a run's folder: everything that a run is made of, in one file, so that its parts cannot be of different steps.
const stateFile = "train.state"

// ModelFile is the model in a run's folder, as package params writes it: what is served, quantised or exported.
const ModelFile = "model.daogou"

const stateMagic = "daogou train state 1\n"

// identity is what must be the same when a run goes on: another value would give other bits than the run that was never interrupted.
type identity struct {
	Config      params.Config `json:"config"`
	Steps       int           `json:"steps"`
	BatchTokens int           `json:"batch_tokens"`
	PieceTokens int           `json:"piece_tokens"`
	LR          float64       `json:"lr"`
	MinLR       float64       `json:"min_lr"`
	Warmup      int           `json:"warmup"`
	WeightDecay float64       `json:"weight_decay"`
	Clip        float64       `json:"clip"`
	Beta1       float64       `json:"beta1"`
	Beta2       float64       `json:"beta2"`
	Epsilon     float64       `json:"epsilon"`
	Average     float64       `json:"average"`
	Seed        uint64        `json:"seed"`
	Examples    string        `json:"examples"` // SHA-256 of all of them
	Kernels     string        `json:"kernels"`
}

func (t *trainer) identify() identity {
	return identity{t.Config, t.Steps, t.BatchTokens, t.PieceTokens, t.LR, t.MinLR, t.Warmup, t.WeightDecay, t.Clip, t.Beta1, t.Beta2, t.Epsilon, t.Average, t.Seed,
		t.digest, t.m.name()}
}

// state is all that a step changes. The order of examples and the random numbers follow from the seed and Taken, so they need no state of their own.
type state struct {
	identity identity
	Step     int   `json:"step"`
	Taken    int   `json:"taken"` // examples
	Tokens   int64 `json:"tokens"`

	weights, moment1, moment2 []float32
	average                   []float32 // nil: none is kept
}

type stateHeader struct {
	Identity identity `json:"identity"`
	Step     int      `json:"step"`
	Taken    int      `json:"taken"`
	Tokens   int64    `json:"tokens"`
	Floats   int      `json:"floats"`
	Arrays   int      `json:"arrays"`
	SHA256   string   `json:"sha256"` // of the arrays
}

func newState(size int, average bool) state {
	s := state{weights: make([]float32, size), moment1: make([]float32, size), moment2: make([]float32, size)}
	if average {
		s.average = make([]float32, size)
	}
	return s
}

func (s *state) arrays() [][]float32 {
	all := [][]float32{s.weights, s.moment1, s.moment2}
	if s.average != nil {
		all = append(all, s.average)
	}
	return all
}

// raw is an array's bytes, little-endian. The trainer runs on such machines only, which save checks.
func raw(x []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
}

func littleEndian() bool { return raw([]float32{1})[3] == 0x3f }

// save writes the checkpoint.
func (s *state) save(path string) error {
	if !littleEndian() {
		return errors.New("train: checkpoints are little-endian and this machine is not")
	}
	sum := sha256.New()
	for _, a := range s.arrays() {
		sum.Write(raw(a))
	}
	head, err := json.Marshal(stateHeader{s.identity, s.Step, s.Taken, s.Tokens, len(s.weights), len(s.arrays()), hex.EncodeToString(sum.Sum(nil))})
	if err != nil {
		return err
	}
	return writeFile(path, func(w io.Writer) error {
		var lead bytes.Buffer
		lead.WriteString(stateMagic)
		binary.Write(&lead, binary.LittleEndian, uint32(len(head)))
		lead.Write(head)
		for _, part := range append([][]byte{lead.Bytes()}, bytesOf(s.arrays())...) {
			if _, err := w.Write(part); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeFile writes beside the old file and then takes its place, so that there is a whole one at any time.
func writeFile(path string, fill func(io.Writer) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("train: cannot save %s: %w", filepath.Base(path), err)
		}
	}()
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := errors.Join(fill(w), w.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func bytesOf(arrays [][]float32) [][]byte {
	var all [][]byte
	for _, a := range arrays {
		all = append(all, raw(a))
	}
	return all
}

// maxHeader bounds what a header may ask us to read.
const maxHeader = 1 << 20

// openState opens a checkpoint and reads its header. The file is as long as the header says, so what it asks to be allocated is no more than what is there.
func openState(path string) (f *os.File, r *bufio.Reader, h stateHeader, err error) {
	if f, err = os.Open(path); err != nil {
		return nil, nil, h, fmt.Errorf("train: cannot open the checkpoint: %w", err)
	}
	r = bufio.NewReaderSize(f, 1<<20)
	h, err = readHeader(r, path)
	if err == nil {
		var info os.FileInfo
		if info, err = f.Stat(); err == nil && (h.Floats < 0 || h.Arrays < 3 || h.Arrays > 4 || info.Size()/4/int64(h.Arrays) < int64(h.Floats)) {
			err = fmt.Errorf("train: %s is cut off, or its header is wrong; move it away to start anew", path)
		}
	}
	if err != nil {
		f.Close()
	}
	return f, r, h, err
}

func readHeader(r io.Reader, path string) (h stateHeader, err error) {
	magic := make([]byte, len(stateMagic))
	var n uint32
	if _, err := io.ReadFull(r, magic); err != nil || string(magic) != stateMagic {
		return h, fmt.Errorf("train: %s is not a checkpoint of this version; move it away to start anew", path)
	}
	if err := binary.Read(r, binary.LittleEndian, &n); err != nil || n > maxHeader {
		return h, fmt.Errorf("train: the header of %s is cut off or too long; move the file away to start anew", path)
	}
	head := make([]byte, n)
	if _, err := io.ReadFull(r, head); err != nil {
		return h, fmt.Errorf("train: the header of %s is cut off; move the file away to start anew", path)
	}
	if err := json.Unmarshal(head, &h); err != nil {
		return h, fmt.Errorf("train: the header of %s cannot be read: %w", path, err)
	}
	return h, nil
}

// load reads a checkpoint into s, whose identity and sizes must be the file's. A missing file is os.ErrNotExist.
func (s *state) load(path string) error {
	f, r, h, err := openState(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if h.Identity != s.identity {
		return fmt.Errorf("train: %s belongs to another run: %s; use another folder, or the options it was started with", path, difference(h.Identity, s.identity))
	}
	if h.Floats != len(s.weights) || h.Arrays != len(s.arrays()) || h.Step < 0 || h.Taken < 0 {
		return fmt.Errorf("train: %s has %d arrays of %d numbers, this run needs %d of %d", path, h.Arrays, h.Floats, len(s.arrays()), len(s.weights))
	}
	if err := readArrays(r, s.arrays(), h.SHA256, path); err != nil {
		return err
	}
	s.Step, s.Taken, s.Tokens = h.Step, h.Taken, h.Tokens
	return nil
}

func readArrays(r io.Reader, arrays [][]float32, want, path string) error {
	var sum hash.Hash = sha256.New()
	for _, a := range arrays {
		if _, err := io.ReadFull(r, raw(a)); err != nil {
			return fmt.Errorf("train: %s is cut off; move it away to start anew", path)
		}
		sum.Write(raw(a))
	}
	if n, _ := r.Read(make([]byte, 1)); n != 0 || hex.EncodeToString(sum.Sum(nil)) != want {
		return fmt.Errorf("train: %s was changed since it was written; move it away to start anew", path)
	}
	return nil
}

// difference names the fields in which two identities differ.
func difference(had, want identity) string {
	fields := func(i identity) map[string]any {
		b, _ := json.Marshal(i)
		var m map[string]any
		json.Unmarshal(b, &m)
		return m
	}
	a, b := fields(had), fields(want)
	out := ""
	for _, k := range sortedKeys(a) {
		if x, y := fmt.Sprint(a[k]), fmt.Sprint(b[k]); x != y {
			out += fmt.Sprintf("%s was %s and is now %s; ", k, x, y)
		}
	}
	return out[:max(0, len(out)-2)]
}

// Saved reads the weights out of a run's folder: the averaged ones if the run keeps them. It is for making a model file of an unfinished run.
func Saved(dir string) (c params.Config, weights []float32, step int, err error) {
	path := filepath.Join(dir, stateFile)
	f, r, h, err := openState(path)
	if err != nil {
		return c, nil, 0, err
	}
	defer f.Close()
	l, err := params.NewLayout(h.Identity.Config)
	if err != nil {
		return c, nil, 0, fmt.Errorf("train: %s: %w", path, err)
	}
	if l.Size != h.Floats {
		return c, nil, 0, fmt.Errorf("train: %s has %d arrays of %d numbers, its configuration asks for %d", path, h.Arrays, h.Floats, l.Size)
	}
	s := newState(l.Size, h.Arrays == 4)
	if err := readArrays(r, s.arrays(), h.SHA256, path); err != nil {
		return c, nil, 0, err
	}
	if s.average != nil {
		return l.Config, s.average, h.Step, nil
	}
	return l.Config, s.weights, h.Step, nil
}
