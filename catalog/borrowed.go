package catalog

import "bytes"

// A catalogue may know a name only from what is made for the thing: cases for a telephone that the shop does not sell, toner for
// printers. Such a name is borrowed, and finding it does not mean that the shop carries the thing itself.
//
// A product bears a name as its own in its brand, its codes, its type or the part of its title that says what it is. It lends a name
// that stands behind "for", and a thing made for others (a case, a cable) also lends what stands behind another maker's brand. What
// else stands in the title of a thing made for others is its own only if nobody lends that name.

// What a thing is worth as an answer beside the very thing: one that is only made for it, and one of another maker.
const (
	onlyFor    = 0.3
	otherMaker = 0.6
)

// place notes which words of the query a product has as its own name and which it lends, a bit for each of the first 64 words.
func (m *matcher) place(c *candidate, outline []byte) {
	toks := bytes.Split(outline, []byte{' '})
	made := m.madeFor(c, toks)
	behind := m.behindFor(c, toks, made)
	for i, g := range c.got {
		bit := uint64(1) << min(i, 63)
		switch {
		case g.score == 0:
		case g.in&(1<<inBrand|1<<inCodes|1<<inType) != 0:
			c.own |= bit
		case g.in&(1<<inTitle) != 0 && behind&bit == 0:
			if c.own |= bit; made {
				c.perhaps |= bit
			}
		case behind&bit != 0:
			c.lent |= bit
		}
	}
}

// behindFor marks the words that stand behind "for" and nowhere else. On a thing made for others they may stand elsewhere too, and another
// maker's brand does as well as "for".
func (m *matcher) behindFor(c *candidate, toks [][]byte, made bool) (lent uint64) {
	var before uint64
	zone := false
	for _, t := range toks {
		switch s := string(t); {
		case s == markFor || hanFor[s]:
			zone = true
			continue
		case s == markWith || s == markBreak && !made:
			zone = false
			continue
		case made && m.s.lexicon.brandTerms[s] && !c.brandHas(s):
			zone = true
		}
		for _, i := range m.groupsNamed(string(t)) {
			if bit := uint64(1) << min(i, 63); zone {
				lent |= bit
			} else {
				before |= bit
			}
		}
	}
	if made { // its title may well repeat the name: "E360 toner, for the E360"
		return lent
	}
	return lent &^ before
}

// hanFor are the Chinese words for "fits", as the pairs that titles are cut into.
var hanFor = set("适用 兼容 专用")

// groupsNamed are the words of the query that a term of a title stands for, as a whole or by its parts: "iphone14".
func (m *matcher) groupsNamed(term string) []int {
	if gs := m.groupsOf[term]; gs != nil {
		return gs
	}
	if letters, digits, _ := shape(term); !letters || !digits || !isPlain(term) {
		return nil
	}
	var out []int
	_, parts := compound(term)
	for _, p := range parts {
		out = append(out, m.groupsOf[p]...)
	}
	return out
}

// madeFor says whether a product is made for another thing: by its category's name, or where the title does not bear that out, by
// the nouns of the title.
func (m *matcher) madeFor(c *candidate, toks [][]byte) bool {
	nouns := lists().madeFor
	heads := m.s.lexicon.heads[m.s.catID[c.cat]]
	for _, h := range heads {
		if nouns[h] {
			return true
		}
	}
	made := false
	for _, t := range toks {
		switch s := string(t); {
		case s == markFor || s == markWith:
			return made
		case nouns[s]:
			made = true
		default:
			for _, h := range heads {
				if h == s {
					return false
				}
			}
		}
	}
	return made
}

// borrowed is the share of the name asked for, by weight, that the catalogue has only on things made for it. The maker is no part of
// the name, because a shop may well have other things of his. A query that asks for a category, or for something made for others, borrows
// nothing.
func (a *asked) borrowed(cs []*candidate) float64 {
	if !a.namesNoType() {
		return 0
	}
	all, lent, makers, lentMakers := 0.0, 0.0, 0.0, 0.0
	for i := range a.groups {
		g := &a.groups[i]
		if i > 63 || !g.main || g.kind == number || g.kind == quantity {
			continue
		}
		of, ofLent := &all, &lent
		if g.brand {
			of, ofLent = &makers, &lentMakers
		}
		*of += g.idf
		if a.isBorrowed(cs, uint64(1)<<i) {
			*ofLent += g.idf
		}
	}
	switch {
	case all > 0:
		return lent / all
	case makers > 0:
		return lentMakers / makers
	}
	return 0
}

// settle puts what bears a name before what is made for it: where the catalogue has the thing itself, the rest is hardly its kind.
func (a *asked) settle(cs []*candidate) {
	a.settleMakers(cs)
	if !a.namesNoType() {
		return
	}
	var borne uint64
	for _, c := range cs {
		borne |= c.own &^ c.perhaps
	}
	for i := range a.groups {
		if g := &a.groups[i]; i > 63 || !g.main || g.brand || g.kind == number || g.kind == quantity {
			borne &^= uint64(1) << min(i, 63)
		}
	}
	for _, c := range cs {
		if borne&(c.lent|c.perhaps) != 0 {
			c.kind *= onlyFor
		}
	}
}

// settleMakers puts the maker's own things first where the query names a maker: "HP toner" is rather HP's than another's for HP.
func (a *asked) settleMakers(cs []*candidate) {
	for i := range a.groups {
		if !a.groups[i].brand || !a.groups[i].main {
			continue
		}
		for _, c := range cs {
			if c.got[i].in&(1<<inBrand) == 0 {
				c.kind *= otherMaker
			}
		}
	}
}

// namesNoType says that the query names neither a category nor something made for another thing.
func (a *asked) namesNoType() bool {
	if a.certain >= 0.75 {
		return false
	}
	for i := range a.groups {
		for _, al := range a.groups[i].alts {
			if a.groups[i].main && len(al.terms) > 0 && lists().madeFor[al.terms[len(al.terms)-1]] {
				return false
			}
		}
	}
	return true
}

// isBorrowed weighs who lends a name against who owns it. A single owner beside many lenders is more likely a badly worded title.
func (a *asked) isBorrowed(cs []*candidate, bit uint64) bool {
	own, perhaps, lent := 0, 0, 0
	for _, c := range cs {
		switch {
		case c.lent&bit != 0:
			lent++
		case c.perhaps&bit != 0:
			perhaps++
		case c.own&bit != 0:
			own++
		}
	}
	return lent > 0 && (own == 0 || own == 1 && lent+perhaps >= 10)
}

// groupsByTerm lists for each term the groups that have it as a form of its own.
func (a *asked) groupsByTerm() map[string][]int {
	out := map[string][]int{}
	for i := range a.groups {
		for _, al := range a.groups[i].alts {
			for _, t := range al.terms {
				out[t] = append(out[t], i)
			}
		}
	}
	return out
}
