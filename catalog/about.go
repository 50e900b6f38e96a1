package catalog

import "slices"

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
		rank := 1
		if g.kind == model {
			rank = 0
		}
		for _, al := range g.alts {
			if x.typeNouns[al.terms[len(al.terms)-1]] {
				rank = 2
				break
			}
		}
		if rank < 2 && quality {
			continue
		}
		if a.head < 0 || rank >= best {
			a.head, best = i, rank
		}
	}
	a.headIsType = best == 2
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
	best := map[string]float64{}
	for _, form := range a.headForms() {
		head := form.terms[len(form.terms)-1]
		for _, i := range s.lexicon.byHead[head] {
			n := &s.lexicon.names[i]
			if sc := a.fit(n, form) * form.weight * n.weight; sc > best[n.category] {
				best[n.category] = sc
				if sc >= 0.75 {
					a.nameGroups |= a.groupsIn(n.terms)
				}
			}
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
		if own := best[id]; own > a.certain || own == a.certain && own > 0 && s.schema.Category(id).Count > s.schema.Category(a.category).Count {
			a.certain, a.category = own, id
		}
	}
}

// fit is how well a category's name fits what the query names, given that they share the head.
func (a *asked) fit(n *categoryName, form alt) float64 {
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
		if i == a.head || !g.main || g.brand || g.kind == number || g.kind == quantity || g.kind == model {
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
