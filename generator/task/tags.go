package task

import (
	"daogou/catalog"
	"daogou/nlu"
)

// tagKind says what a tag stands for.
type tagKind uint8

const (
	tagCategory tagKind = iota
	tagFacet
	tagValue
	tagAmount
	tagItem
	tagLiteral
	tagKinds
)

var tagLimit = [tagKinds]int{maxCategories, maxFacets, maxValues, maxAmounts, maxItems, maxLiteral + 1}

// meaning is what one tag of a prompt stands for.
type meaning struct {
	kind     tagKind
	category string
	facet    string
	value    string
	amount   *nlu.Amount
	product  *catalog.Product
	at       int // byte in the turn where it is first spoken of; -1: nowhere
	span     string
}

// tags are the tags of one prompt. Numbering starts at an offset, so that training meets every tag equally often; it is 0 when serving.
type tags struct {
	v      *Vocab
	shift  int
	list   [tagKinds][]meaning
	byName map[string]int32
}

func newTags(v *Vocab, shift int) *tags { return &tags{v: v, shift: shift, byName: map[string]int32{}} }

// token is the ID of the k-th tag of a kind.
func (t *tags) token(kind tagKind, k int) int32 {
	return t.v.tags[kind] + int32((k+t.shift)%tagLimit[kind])
}

// find looks a tag up by what it stands for.
func (t *tags) find(name string) (int32, bool) {
	id, ok := t.byName[name]
	return id, ok
}

// add gives m a tag, or returns the one it has; false if there is none left.
func (t *tags) add(name string, m meaning) (int32, bool) {
	if id, ok := t.byName[name]; ok {
		if old := t.meaning(id); m.at >= 0 && (old.at < 0 || m.at < old.at) {
			old.at, old.span = m.at, m.span
		}
		return id, true
	}
	k := len(t.list[m.kind])
	if k >= tagLimit[m.kind] {
		return 0, false
	}
	id := t.token(m.kind, k)
	t.list[m.kind] = append(t.list[m.kind], m)
	t.byName[name] = id
	return id, true
}

// meaning is what a token stands for in this prompt; nil if it is no tag of it.
func (t *tags) meaning(id int32) *meaning {
	for kind := tagKind(0); kind < tagLiteral; kind++ {
		first, n := t.v.tags[kind], int32(tagLimit[kind])
		if id < first || id >= first+n {
			continue
		}
		k := (int(id-first) - t.shift%int(n) + int(n)) % int(n)
		if k >= len(t.list[kind]) {
			return nil
		}
		return &t.list[kind][k]
	}
	return nil
}

// all lists the tokens of a kind that mean something here.
func (t *tags) all(kind tagKind) []int32 {
	out := make([]int32, len(t.list[kind]))
	for k := range out {
		out[k] = t.token(kind, k)
	}
	return out
}

// facetToken is the token of a facet: its own if it is one that every product has, else its tag.
func (t *tags) facetToken(id string) (int32, bool) {
	if tok, ok := t.v.id["<f:"+id+">"]; ok {
		return tok, true
	}
	return t.find("f:" + id)
}

// facetOf is the facet that a token names, "" if none.
func (t *tags) facetOf(tok int32) string {
	for _, f := range reserved {
		if t.v.id["<f:"+f+">"] == tok {
			return f
		}
	}
	if m := t.meaning(tok); m != nil && m.kind == tagFacet {
		return m.facet
	}
	return ""
}

// isTag says whether a token is a tag or the token of a facet that every product has.
func (t *tags) isTag(tok int32) bool { return t.meaning(tok) != nil || t.facetOf(tok) != "" }
