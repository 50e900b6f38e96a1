// Package bpe is the byte-level BPE tokenizer: text to token IDs and back, for English and Chinese alike.
//
// Text is cut into pieces (words with their leading space, numbers, punctuation, spaces), each byte of a piece is written as one printable character, and the
// merges join those characters into tokens. Since all 256 bytes are tokens, every string round-trips, broken UTF-8 included.
//
//	tok, err := bpe.New(merges, []string{"<shopper>", "<assistant>"})
//	ids := tok.Encode("a 2-person tent")
//	tok.Decode(ids) // "a 2-person tent"
//
// It keeps sugarme/tokenizer, which does the merging, behind checked input: that library panics on a character that its vocabulary lacks.
// The package is not for model prompts: how a job is written in tokens is the business of package task.
package bpe

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	hfmodel "github.com/sugarme/tokenizer/model"
	hfbpe "github.com/sugarme/tokenizer/model/bpe"
	"github.com/sugarme/tokenizer/pretokenizer"
)

// Tokenizer is immutable and safe for concurrent use.
type Tokenizer struct {
	model   *hfbpe.BPE
	special map[string]int
	text    []string // token ID → the bytes it stands for; of a special token its name
	first   int      // ID of the first special token
	merges  [][2]string
}

// New makes a tokenizer whose IDs are the 256 bytes, then the merges in order, then the special tokens.
func New(merges [][2]string, special []string) (*Tokenizer, error) {
	vocab := make(hfmodel.Vocab, 256+len(merges))
	t := &Tokenizer{special: make(map[string]int, len(special)), merges: slices.Clone(merges)}
	for b := 0; b < 256; b++ {
		vocab[pretokenizer.BytesChar[uint8(b)]] = b
		t.text = append(t.text, string([]byte{byte(b)}))
	}
	pairs := make(hfbpe.Merges, len(merges))
	for i, m := range merges {
		left, okL := vocab[m[0]]
		right, okR := vocab[m[1]]
		if !okL || !okR {
			return nil, fmt.Errorf("bpe: merge %d joins %q and %q, of which one is neither a byte nor an earlier merge", i, m[0], m[1])
		}
		id := len(t.text)
		if _, dup := vocab[m[0]+m[1]]; dup {
			return nil, fmt.Errorf("bpe: merge %d makes %q a second time", i, m[0]+m[1])
		}
		vocab[m[0]+m[1]] = id
		pairs[hfbpe.Pair{C1: left, C2: right}] = hfbpe.PairVal{Rank: i, NewId: id}
		t.text = append(t.text, t.text[left]+t.text[right])
	}
	t.first = len(t.text)
	for _, s := range special {
		if _, dup := t.special[s]; dup || s == "" {
			return nil, fmt.Errorf("bpe: special token %q is empty or stands twice in the list", s)
		}
		t.special[s] = len(t.text)
		t.text = append(t.text, s)
	}
	builder := hfbpe.NewBpeBuilder()
	builder.VocabAndMerges(vocab, pairs)
	model, err := builder.Build()
	if err != nil {
		return nil, fmt.Errorf("bpe: %w", err)
	}
	t.model = model
	return t, nil
}

// Size is the number of token IDs.
func (t *Tokenizer) Size() int { return len(t.text) }

// Tokens lists all tokens as tokenizer.json writes them, by ID.
func (t *Tokenizer) Tokens() []string {
	out := slices.Clone(t.text)
	for id := range t.first {
		out[id] = written(t.text[id])
	}
	return out
}

// Merges lists the pairs that are joined, the first ones first.
func (t *Tokenizer) Merges() [][2]string { return slices.Clone(t.merges) }

// Special is the ID of a special token.
func (t *Tokenizer) Special(name string) (int, bool) {
	id, ok := t.special[name]
	return id, ok
}

// Encode turns text into IDs. Names of special tokens in the text are plain text: only the program can place a special token.
func (t *Tokenizer) Encode(text string) []int {
	ids := make([]int, 0, len(text)/3+1)
	var written strings.Builder
	for text != "" {
		n := pieceLen(text)
		written.Reset()
		for i := 0; i < n; i++ {
			written.WriteString(pretokenizer.BytesChar[text[i]])
		}
		ids = append(ids, t.model.MergeWord(written.String()).GetChars()...)
		text = text[n:]
	}
	return ids
}

// Decode is the inverse of Encode. Special tokens and IDs out of range decode to nothing.
func (t *Tokenizer) Decode(ids []int) string {
	var b strings.Builder
	for _, id := range ids {
		if id >= 0 && id < t.first {
			b.WriteString(t.text[id])
		}
	}
	return b.String()
}

// maxPiece bounds the cost of one piece: merging is quadratic in its length.
const maxPiece = 64

// pieceLen is the length in bytes of the first piece: an optional space and a run of letters or of punctuation, a run of up to three digits, or a run of spaces.
func pieceLen(s string) int {
	n := 0
	if len(s) > 1 && s[0] == ' ' {
		n = 1
	}
	r, size := utf8.DecodeRuneInString(s[n:])
	class := classOf(r)
	if n == 1 && (class == digit || class == space) {
		n = 0
		r, size = utf8.DecodeRuneInString(s)
		class = classOf(r)
	}
	n += size
	for k := 1; n < len(s) && n < maxPiece; k++ {
		r, size = utf8.DecodeRuneInString(s[n:])
		if classOf(r) != class || n+size > maxPiece || (class == digit && k >= 3) {
			break
		}
		// The last space of a run belongs to the word that follows.
		if class == space && n+size < len(s) && r == ' ' && classAt(s[n+size:]) != space {
			break
		}
		n += size
	}
	return n
}

type class byte

const (
	other class = iota
	letter
	han
	digit
	space
)

func classAt(s string) class {
	r, _ := utf8.DecodeRuneInString(s)
	return classOf(r)
}

func classOf(r rune) class {
	switch {
	case unicode.Is(unicode.Han, r):
		return han
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return letter
	case unicode.IsDigit(r):
		return digit
	case unicode.IsSpace(r):
		return space
	}
	return other
}
