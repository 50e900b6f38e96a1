package catalog

import (
	"math"
	"slices"
)

// findHead picks the word that names the thing: the last noun before "for" and "with". A word that the catalogue has as a type is
// preferred, because shoppers also write "dress red". A quality names no thing, unless the catalogue has it as a type.
func (a *asked) findHead(x *lexicon) {
	best := 0
	a.qualityOnly = len(a.groups) > 0
	for i := range a.groups {
		g := &a.groups[i]
		quality := x.qualities[g.alts[0].terms[len(g.alts[0].terms)-1]] || lists().qualities[g.raw]
		a.qualityOnly = a.qualityOnly && quality
		if !g.main || g.brand || g.kind == number || g.kind == quantity || len([]rune(g.raw)) < 2 && g.kind != hanWord {
			continue
		}
		rank := a.nounRank(x, i)
		if rank < tailNoun && quality {
			continue
		}
		if best >= tailNoun && a.counted(i) { // "laptop 16gb ram" is a laptop
			continue
		}
		if a.head < 0 || rank >= best {
			a.head, best = i, rank
		}
	}
	a.headIsType = best >= tailNoun
}

// counted says that a word stands right behind a number or a quantity.
func (a *asked) counted(i int) bool {
	if i == 0 || a.groups[i].gap {
		return false
	}
	k := a.groups[i-1].kind
	return k == number || k == quantity
}

// What speaks for a word as the name of the thing wanted, from little to much.
const (
	codeWord = iota // letters and digits
	anyWord
	tailNoun // ends the name of a type whose other words the query has not: "bay", where there are drive bays
	typeNoun // names a type, or something made for another thing
)

// nounRank says how likely a word of the query names the thing. "Set" and "kit" say how it is packed, where a noun stands before.
func (a *asked) nounRank(x *lexicon, i int) int {
	rank := anyWord
	if a.groups[i].kind == model {
		rank = codeWord
	}
	for _, al := range a.groups[i].alts {
		t := al.terms[len(al.terms)-1]
		switch {
		case !x.typeNouns[t]:
		case lists().accessory[t] && !(i > 0 && bundles[t]), a.namesWhole(x, t):
			return typeNoun
		default:
			rank = tailNoun
		}
	}
	return rank
}

var bundles = set("set kit pack bundle")

// namesWhole says that the query has every word of some category's name with this head.
func (a *asked) namesWhole(x *lexicon, head string) bool {
	for _, i := range x.byHead[head] {
		whole := true
		for _, t := range x.names[i].terms {
			whole = whole && a.has(t)
		}
		if whole {
			return true
		}
	}
	return false
}

// headForms lists what may name the thing wanted: forms of the head, and phrases that end in it.
func (a *asked) headForms() []alt {
	if a.head < 0 {
		return nil
	}
	forms := slices.Clone(a.groups[a.head].alts)
	for _, p := range a.phrases {
		if p.to == a.head+1 {
			for _, al := range p.alts {
				forms = append(forms, alt{al, 0.9})
			}
		}
	}
	return forms
}

// findCategory says which categories the query is about: those with a name whose head is the query's.
func (a *asked) findCategory(s *snapshot) {
	if a.head < 0 {
		return
	}
	sure, best := map[string]float64{}, map[string]float64{} // by every word beside the head, and by those that tell types apart
	for _, form := range a.headForms() {
		head := form.terms[len(form.terms)-1]
		named := s.lexicon.byHead[head]
		telling := a.groupsNaming(s.lexicon, named)
		called := false // some category is called just that
		for _, i := range named {
			n := &s.lexicon.names[i]
			called = called || n.label && len(n.terms) == len(form.terms)
		}
		for _, i := range named {
			n := &s.lexicon.names[i]
			weight := form.weight * n.weight
			sc := a.fit(n, form, math.MaxUint64) * weight
			if sc > sure[n.category] {
				sure[n.category] = sc
				if sc >= 0.75 {
					a.nameGroups |= a.groupsIn(n.terms)
				}
			}
			soft := a.fit(n, form, telling)
			if soft >= 0.9 && !called { // "adapter" is any adapter
				soft = 1
			}
			best[n.category] = max(best[n.category], sc, soft*weight)
		}
	}
	narrower := map[string]bool{} // categories with one below them that the query names as well
	for id, sc := range best {
		if sc < 0.75 {
			continue
		}
		for _, c := range s.schema.Path(id) {
			narrower[c.ID] = narrower[c.ID] || c.ID != id
		}
	}
	for i := range s.schema.Categories { // a category inherits from those above it, unless the query names something narrower
		id := s.schema.Categories[i].ID
		top := best[id]
		for _, c := range s.schema.Path(id) {
			if !narrower[c.ID] {
				top = max(top, best[c.ID])
			}
		}
		if top > 0 {
			a.cats[s.catN[id]] = top
		}
		if top > a.inherited(s, id, sure, narrower) {
			a.supposed[s.catN[id]] = true
		}
		if own := sure[id]; own > a.certain || own == a.certain && own > 0 && s.schema.Category(id).Count > s.schema.Category(a.category).Count {
			a.certain, a.category = own, id
		}
	}
}

// inherited is how surely the query names a category or one above it.
func (a *asked) inherited(s *snapshot, id string, sure map[string]float64, narrower map[string]bool) float64 {
	top := sure[id]
	for _, c := range s.schema.Path(id) {
		if !narrower[c.ID] {
			top = max(top, sure[c.ID])
		}
	}
	return top
}

// groupsNaming are the words of the query, a bit for each, that tell the named types apart: "laser" where there are laser printers and
// inkjet printers. A word that none of the names has, and that names no other thing, is an attribute such as "a3": it says nothing about the type.
func (a *asked) groupsNaming(x *lexicon, names []int) (bits uint64) {
	for _, i := range names {
		bits |= a.groupsIn(x.names[i].terms)
	}
	for i := range a.groups { // "laptop accessories": a thing beside the head says what for
		for _, al := range a.groups[i].alts {
			if x.typeNouns[al.terms[len(al.terms)-1]] && i < 64 {
				bits |= 1 << i
			}
		}
	}
	return bits
}

// fit is how well a category's name fits what the query names, given that they share the head and that only some words beside it count.
func (a *asked) fit(n *categoryName, form alt, count uint64) float64 {
	covered := 0
	for _, t := range n.terms {
		if slices.Contains(form.terms, t) || a.has(t) {
			covered++
		}
	}
	if len(form.terms) > 1 { // a form of several terms must be in the name, or its tail alone would match anything
		for _, t := range form.terms {
			if !slices.Contains(n.terms, t) {
				return 0
			}
		}
	}
	modifiers, matched := 0, 0
	for i := range a.groups {
		g := &a.groups[i]
		if i == a.head || count&(1<<min(i, 63)) == 0 || !g.main || g.brand || g.kind == number || g.kind == quantity || g.kind == model {
			continue
		}
		if a.partOfPhrase(i) && len(form.terms) > 1 {
			continue
		}
		modifiers++
		for _, al := range g.alts {
			if len(al.terms) == 1 && slices.Contains(n.terms, al.terms[0]) {
				matched++
				break
			}
		}
	}
	share := 1.0
	if modifiers > 0 {
		share = float64(matched) / float64(modifiers)
	}
	switch {
	case covered == len(n.terms):
		return 0.75 + 0.25*share
	case modifiers == 0: // a power adapter is an adapter, but whoever wants one rather says so
		return 0.9
	}
	return 0.2 + 0.2*share
}

// groupsIn are the words of the query, a bit for each, that are among the terms.
func (a *asked) groupsIn(terms []string) (bits uint64) {
	for i := range a.groups {
		for _, al := range a.groups[i].alts {
			if len(al.terms) == 1 && i < 64 && slices.Contains(terms, al.terms[0]) {
				bits |= 1 << i
			}
		}
	}
	return bits
}

func (a *asked) partOfPhrase(i int) bool {
	for _, p := range a.phrases {
		if i >= p.from && i < p.to {
			return true
		}
	}
	return false
}

// has says whether a term is one of the query's, in some form.
func (a *asked) has(term string) bool {
	for i := range a.groups {
		for _, al := range a.groups[i].alts {
			if len(al.terms) == 1 && al.terms[0] == term {
				return true
			}
		}
	}
	return false
}
