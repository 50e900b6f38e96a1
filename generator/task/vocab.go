// Package task renders daogou's three jobs to tokens and reads tokens back: parse (what does this turn mean), word (how is this plan said) and rank (does this
// product fit the need). It is the one bridge between the model, which knows tokens, and the rooms that know shops and shoppers.
//
// A job's prompt is rendered by one function, used to make training examples and to serve: what the model meets in a shop is written as it was in training.
//
// What a shop has is never remembered by the model. Its categories, facets, values, numbers and products stand in the prompt behind tags, and an answer speaks of
// them by tag alone: <v3>, not "navy". So a new catalogue needs no training, and an answer can name nothing that the shop does not have.
package task

import (
	"fmt"
	"strings"

	"daogou/nlu"
	"daogou/nlu/bpe"
)

// How many tags of each sort a prompt may hold.
const (
	maxCategories = 12
	maxFacets     = 24
	maxValues     = 56
	maxAmounts    = 10
	maxItems      = 10
	maxLiteral    = 12 // numbers that may be meant without being written: "for the two of us"
)

// acts in the order of their tokens. New ones go to the end: the order is part of the weights.
var acts = []nlu.Act{nlu.ActFind, nlu.ActRefine, nlu.ActRelax, nlu.ActNegate, nlu.ActReject, nlu.ActMore, nlu.ActCompare, nlu.ActAskItem, nlu.ActChoose, nlu.ActAddToCart,
	nlu.ActRemove, nlu.ActViewCart, nlu.ActCheckout, nlu.ActOrder, nlu.ActPolicy, nlu.ActPerson, nlu.ActGreet, nlu.ActThank, nlu.ActBye, nlu.ActAffirm, nlu.ActDeny, nlu.ActReset,
	nlu.ActBack, nlu.ActOutOfScope, nlu.ActUnclear}

// Names of the special tokens that stand alone. A tag is its letter and number, an act its name in angle brackets.
const (
	tokParse  = "<parse>"
	tokWord   = "<word>"
	tokRank   = "<rank>"
	tokSchema = "<schema>"
	tokState  = "<state>"
	tokAsked  = "<asked>"
	tokShown  = "<shown>"
	tokBot    = "<bot>"
	tokSay    = "<say>"
	tokDraft  = "<draft>"
	tokOut    = "<out>"
	tokEnd    = "<end>"

	tokYesNo  = "<?>" // a bool facet
	tokNumber = "<#>" // a number facet
	tokFuzzy  = "<~>" // the words before were read through a spelling mistake
	tokRange  = "<..>"
	tokMin    = "<min>" // the cheapest item shown
	tokMax    = "<max>"
	tokFocus  = "<focus>"

	tokAlso  = "<also>"
	tokSkip  = "<->" // what the word before names is beside the point
	tokNew   = "<new>"
	tokSet   = "<set>"
	tokDrop  = "<drop>"
	tokAny   = "<any>"
	tokRef   = "<ref>"
	tokAsk   = "<ask>"
	tokQty   = "<qty>"
	tokKey   = "<key>"
	tokSoft  = "<soft>"
	tokEq    = "<=>"
	tokNe    = "<!=>"
	tokLe    = "<le>"
	tokGe    = "<ge>"
	tokBetw  = "<between>"
	tokAbout = "<about>"
	tokYes   = "<yes>"
	tokNo    = "<no>"

	tokEN = "<en>"
	tokZH = "<zh>"
)

// plain lists the special tokens that stand alone, in the order of their IDs.
var plain = []string{tokParse, tokWord, tokRank, tokSchema, tokState, tokAsked, tokShown, tokBot, tokSay, tokDraft, tokOut, tokEnd, tokYesNo, tokNumber, tokFuzzy, tokRange, tokMin, tokMax,
	tokFocus, tokAlso, tokSkip, tokNew, tokSet, tokDrop, tokAny, tokRef, tokAsk, tokQty, tokKey, tokSoft, tokEq, tokNe, tokLe, tokGe, tokBetw, tokAbout, tokYes, tokNo, tokEN, tokZH}

// reserved are the facets that every product has; each has a token of its own.
var reserved = []string{"category", "brand", "price", "rating", "in_stock", "on_sale", "ships_from"}

// spare tokens let later versions add meanings without moving any ID.
const spare = 32

// Specials lists the names of all special tokens in the order of their IDs, for the training of a tokenizer.
func Specials() []string {
	names := append([]string{}, plain...)
	for _, a := range acts {
		names = append(names, "<"+string(a)+">")
	}
	for _, f := range reserved {
		names = append(names, "<f:"+f+">")
	}
	for _, s := range []struct {
		letter string
		n      int
	}{{"c", maxCategories}, {"f", maxFacets}, {"v", maxValues}, {"q", maxAmounts}, {"i", maxItems}, {"n", maxLiteral + 1}} {
		for k := range s.n {
			names = append(names, fmt.Sprintf("<%s%d>", s.letter, k))
		}
	}
	names = append(names, wordSpecials()...)
	for k := range spare {
		names = append(names, fmt.Sprintf("<spare%d>", k))
	}
	return names
}

// Vocab is a tokenizer with the IDs of the special tokens.
type Vocab struct {
	bpe  *bpe.Tokenizer
	id   map[string]int32
	act  map[nlu.Act]int32
	acts map[int32]nlu.Act
	tags [tagKinds]int32 // ID of the first tag of each kind
}

// NewVocab finds the special tokens in a tokenizer.
func NewVocab(t *bpe.Tokenizer) (*Vocab, error) {
	v := &Vocab{bpe: t, id: map[string]int32{}, act: map[nlu.Act]int32{}, acts: map[int32]nlu.Act{}}
	for _, name := range Specials() {
		id, ok := t.Special(name)
		if !ok {
			return nil, fmt.Errorf("task: the tokenizer has no token %s: it was trained for another version of daogou", name)
		}
		v.id[name] = int32(id)
	}
	for _, a := range acts {
		id := v.id["<"+string(a)+">"]
		v.act[a], v.acts[id] = id, a
	}
	for k, name := range []string{"<c0>", "<f0>", "<v0>", "<q0>", "<i0>", "<n0>"} {
		v.tags[k] = v.id[name]
	}
	return v, nil
}

// Size is the number of token IDs.
func (v *Vocab) Size() int { return v.bpe.Size() }

// text encodes words.
func (v *Vocab) text(dst []int32, s string) []int32 {
	for _, id := range v.bpe.Encode(s) {
		dst = append(dst, int32(id))
	}
	return dst
}

// decode is the inverse of text.
func (v *Vocab) decode(ids []int32) string {
	wide := make([]int, len(ids))
	for i, id := range ids {
		wide[i] = int(id)
	}
	return v.bpe.Decode(wide)
}

// Text writes tokens out to be read: words as they are, special tokens by their names.
func (v *Vocab) Text(ids []int32) string {
	names := make(map[int32]string, len(v.id))
	for name, id := range v.id {
		names[id] = name
	}
	var b strings.Builder
	begun := 0
	words := func(end int) {
		if s := strings.TrimSpace(v.decode(ids[begun:end])); s != "" {
			b.WriteString(" " + strings.ToValidUTF8(s, "\uFFFD")) // tokens may have been cut inside a character
		}
	}
	for i, id := range ids {
		if name, ok := names[id]; ok {
			words(i)
			b.WriteString(" " + name)
			begun = i + 1
		}
	}
	words(len(ids))
	return strings.TrimPrefix(b.String(), " ")
}
