package bpe

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// The file is the "tokenizer.json" that tokenizer libraries share. Its pre-tokenizer is told as a regular expression, which cuts as this package does but for
// pieces of more than 64 bytes.
type file struct {
	Version    string `json:"version"`
	Truncation any    `json:"truncation"`
	Padding    any    `json:"padding"`
	Added      []any  `json:"added_tokens"`
	Normalizer any    `json:"normalizer"`
	Pre        any    `json:"pre_tokenizer"`
	Post       any    `json:"post_processor"`
	Decoder    any    `json:"decoder"`
	Model      model  `json:"model"`
}

type model struct {
	Type    string         `json:"type"`
	Dropout any            `json:"dropout"`
	Unk     any            `json:"unk_token"`
	Vocab   map[string]int `json:"vocab"`
	Merges  [][2]string    `json:"merges"`
}

// splitPattern cuts text into pieces: see pieceLen.
const splitPattern = ` ?\p{Han}+| ?(?:(?!\p{Han})[\p{L}\p{M}])+|\p{Nd}{1,3}| ?[^\s\p{L}\p{M}\p{Nd}]+|\s+(?!\S)|\s+`

// maxFile bounds a tokenizer file.
const maxFile = 64 << 20

// Write writes the tokenizer as tokenizer.json. Equal tokenizers give equal bytes.
func (t *Tokenizer) Write(w io.Writer) error {
	f := file{Version: "1.0", Model: model{Type: "BPE", Vocab: map[string]int{}, Merges: append([][2]string{}, t.merges...)}}
	for id := range t.first {
		f.Model.Vocab[written(t.text[id])] = id
	}
	for id := t.first; id < len(t.text); id++ {
		f.Added = append(f.Added, map[string]any{"id": id, "content": t.text[id], "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false})
	}
	f.Pre = map[string]any{"type": "Sequence", "pretokenizers": []any{
		map[string]any{"type": "Split", "pattern": map[string]any{"Regex": splitPattern}, "behavior": "Isolated", "invert": false},
		map[string]any{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
	}}
	f.Decoder = map[string]any{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(f)
}

// Read reads a tokenizer that Write wrote. It refuses others: their IDs would mean other tokens.
func Read(r io.Reader) (*Tokenizer, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("bpe: reading the tokenizer: %w", err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("bpe: the tokenizer file is larger than %d MB", maxFile>>20)
	}
	var f struct {
		Added []struct {
			ID      int    `json:"id"`
			Content string `json:"content"`
		} `json:"added_tokens"`
		Model struct {
			Type   string            `json:"type"`
			Vocab  map[string]int    `json:"vocab"`
			Merges []json.RawMessage `json:"merges"`
		} `json:"model"`
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("bpe: this is no tokenizer.json: %w", err)
	}
	if f.Model.Type != "BPE" {
		return nil, fmt.Errorf("bpe: the tokenizer is of type %q; only BPE is known", f.Model.Type)
	}
	merges := make([][2]string, len(f.Model.Merges))
	for i, raw := range f.Model.Merges {
		if merges[i], err = readMerge(raw); err != nil {
			return nil, err
		}
	}
	special := make([]string, len(f.Added))
	for i, a := range f.Added {
		special[i] = a.Content
	}
	t, err := New(merges, special)
	if err != nil {
		return nil, err
	}
	for i, a := range f.Added {
		if a.ID != t.first+i {
			return nil, fmt.Errorf("bpe: special token %q has ID %d, not %d", a.Content, a.ID, t.first+i)
		}
	}
	if len(f.Model.Vocab) != t.first {
		return nil, fmt.Errorf("bpe: the vocabulary has %d tokens, and %d bytes and merges", len(f.Model.Vocab), t.first)
	}
	for id := range t.first {
		if got, ok := f.Model.Vocab[written(t.text[id])]; !ok || got != id {
			return nil, fmt.Errorf("bpe: token %q has ID %d in the vocabulary, not %d", t.text[id], got, id)
		}
	}
	return t, nil
}

// readMerge reads a merge in either way of writing: ["a","b"] or "a b".
func readMerge(raw json.RawMessage) ([2]string, error) {
	var both [2]string
	if json.Unmarshal(raw, &both) == nil {
		return both, nil
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return both, fmt.Errorf("bpe: %s is no merge", raw)
	}
	a, b, ok := strings.Cut(s, " ")
	if !ok {
		return both, fmt.Errorf("bpe: %q is no merge", s)
	}
	return [2]string{a, b}, nil
}

// Hash names the tokenizer: two with the same hash give the same IDs.
func (t *Tokenizer) Hash() string {
	h := sha256.New()
	if err := t.Write(h); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}
