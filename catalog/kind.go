package catalog

import "bytes"

// scoreKind says how well the product is the kind of thing that the query names: by its category's name where it has one, and by
// the grammar of its title. "Case for notebook" and "notebook case" are no notebooks.
func (m *matcher) scoreKind(c *candidate, head []byte) {
	if m.a.head < 0 {
		return
	}
	toks := bytes.Split(head, []byte{' '})
	byTitle := 0.0
	for _, form := range m.heads {
		byTitle = max(byTitle, form.weight*m.titleKind(toks, form.terms))
	}
	c.near = m.adjacent(toks)
	c.byTitle, c.byCategory = m.trust(c, toks)*byTitle, m.category(c, toks, byTitle)
	if c.got[m.a.head].score == 0 {
		c.byTitle, c.byCategory = c.byTitle/2, c.byCategory/2
	}
	c.kind = max(c.byTitle, c.byCategory)
}

// settleTypes asks the products that have every word of the query which types it may be about: an "sdhc card" is a memory card and no
// network card. Where no product has every word, all types stay.
func (a *asked) settleTypes(cs []*candidate) {
	if len(a.supposed) == 0 || len(a.groups) < 2 {
		return
	}
	whole, of := 0, map[int64]int{}
	for _, c := range cs {
		if a.cats[c.cat] >= 0.75 && a.isWhole(c) {
			whole++
			of[c.cat]++
		}
	}
	for _, c := range cs {
		if a.supposed[c.cat] && whole > 0 && 20*of[c.cat] < whole {
			c.kind = max(c.byTitle, unlikelyType*c.byCategory)
		}
	}
}

const unlikelyType = 0.3

// isWhole says that a product has every word of the query that the catalogue knows.
func (a *asked) isWhole(c *candidate) bool {
	for i, g := range c.got {
		if g.score == 0 && !a.groups[i].unknown {
			return false
		}
	}
	return true
}

// Categories hold more than what they are called. What a category's name is worth where the title says that the product is another thing
// that the category lists ("fridge" among washing machines), and where it has the name only before another noun ("camcorder battery").
const (
	otherThing   = 0.8
	mereModifier = 0.6
)

// category is how surely the product's category is what the query is about.
func (m *matcher) category(c *candidate, toks [][]byte, byTitle float64) float64 {
	sure := m.a.cats[c.cat]
	if sure == 0 || byTitle >= 0.5 {
		return sure
	}
	others := m.othersIn(c.cat)
	last := ""
	for _, t := range toks {
		if s := string(t); s == markFor || s == markWith {
			break
		} else if _, ok := others[s]; ok {
			last = s
		}
	}
	switch {
	case last != "" && others[last]: // one of the category's own words for the very thing
		return sure
	case last != "":
		return otherThing * sure
	case byTitle > 0:
		return mereModifier * sure
	}
	return sure
}

// othersIn are the heads of a category's names that the query has not, and whether the thing asked for may be called so as well: an "ink
// cartridge" is ink.
func (m *matcher) othersIn(cat int64) map[string]bool {
	if o, ok := m.others[cat]; ok {
		return o
	}
	o := map[string]bool{}
	for _, i := range m.s.lexicon.namesOf[m.s.catID[cat]] {
		n := &m.s.lexicon.names[i]
		if m.asks(n.head) {
			continue
		}
		same := false
		for _, t := range n.terms {
			same = same || m.asks(t)
		}
		o[n.head] = o[n.head] || same
	}
	m.others[cat] = o
	return o
}

// trust is what a title's word for the thing is worth beside a category's. Where the query names a category and the product is in another
// one that its title bears out ("screen protector mobile phone"), the word is hardly what the product is. Where the category's name has
// several words ("label maker"), the last alone is not the thing.
func (m *matcher) trust(c *candidate, toks [][]byte) float64 {
	if m.a.certain < 0.75 || m.a.cats[c.cat] >= 0.75 {
		return trustTitle
	}
	trust := trustTitle
	for i, g := range c.got {
		if m.a.nameGroups&(1<<min(i, 63)) != 0 && g.in&(1<<inTitle|1<<inType) == 0 {
			trust = trustTitle / 2
		}
	}
	for _, h := range m.s.lexicon.heads[m.s.catID[c.cat]] {
		for _, t := range toks {
			if h == string(t) && !m.asks(h) {
				return trustTitle / 2
			}
		}
	}
	return trust
}

// asks says whether a term is a form of a word of the query.
func (m *matcher) asks(term string) bool {
	_, ok := m.term[term]
	return ok
}

// titleKind is how well a title is about the thing that the terms name: 1 if it is, little if the thing is only what the product is for.
func (m *matcher) titleKind(toks [][]byte, form []string) float64 {
	last := form[len(form)-1]
	best, zone := 0.0, 1.0
	for i, t := range toks {
		switch string(t) {
		case markFor:
			zone = min(zone, 0.15)
			continue
		case markWith:
			zone = min(zone, 0.35)
			continue
		case markBreak:
			zone = min(max(zone, 0.5), 0.8)
			continue
		}
		if string(t) != last || !precededBy(toks, i, form[:len(form)-1]) {
			continue
		}
		best = max(best, zone*m.behind(toks, i))
	}
	return best
}

func precededBy(toks [][]byte, i int, ts []string) bool {
	for k := len(ts) - 1; k >= 0; k-- {
		i--
		if i < 0 || string(toks[i]) != ts[k] {
			return false
		}
	}
	return true
}

// behind looks at what follows the thing's name: another noun right behind makes the name a mere modifier.
func (m *matcher) behind(toks [][]byte, i int) float64 {
	for k := i + 1; k < len(toks) && k <= i+3; k++ {
		t := toks[k]
		if len(t) == 1 || len(t) > 0 && isDigit(rune(t[0])) {
			return 1
		}
		if _, asked := m.term[string(t)]; asked {
			continue
		}
		if m.s.lexicon.typeNouns[string(t)] {
			if k == i+1 {
				return 0.2
			}
			return 0.4
		}
	}
	return 1
}

// adjacent is the share of the query's neighbouring words that are neighbours in the title.
func (m *matcher) adjacent(toks [][]byte) float64 {
	pairs, found := 0, 0
	for i := 1; i < len(m.a.groups); i++ {
		l, r := &m.a.groups[i-1], &m.a.groups[i]
		if r.gap || len(l.alts[0].terms) == 0 || len(r.alts[0].terms) == 0 {
			continue
		}
		pairs++
		lt, rt := l.alts[0].terms[len(l.alts[0].terms)-1], r.alts[0].terms[0]
		for k := 1; k < len(toks); k++ {
			if string(toks[k-1]) == lt && string(toks[k]) == rt {
				found++
				break
			}
		}
	}
	if pairs == 0 {
		return 0
	}
	return float64(found) / float64(pairs)
}
