package nlu

import (
	"slices"
	"strings"

	"daogou/catalog"
)

// kinds is what a need is about: one category, or several that a word names together, as "jacket" names down jackets and rain jackets. The IDs stand in the order
// of the schema, so that equal sets are equal strings.
type kinds string

const kindSep = "\x00"

func kindsOf(ids ...string) kinds { return kinds(strings.Join(ids, kindSep)) }

func (k kinds) list() []string {
	if k == "" {
		return nil
	}
	return strings.Split(string(k), kindSep)
}

func (k kinds) values() catalog.Values {
	var vs catalog.Values
	for _, id := range k.list() {
		vs = append(vs, catalog.Str(id))
	}
	return vs
}

// shares says whether two sets have a category in common.
func (k kinds) shares(o kinds) bool {
	return slices.ContainsFunc(k.list(), func(id string) bool { return slices.Contains(o.list(), id) })
}

// takenFrom is what is left of some categories without those of k.
func (k kinds) takenFrom(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(k.list(), id) })
}

// within says whether every category of k is at or below one of o.
func (k kinds) within(s *catalog.Schema, o kinds) bool {
	above := o.list()
	return !slices.ContainsFunc(k.list(), func(id string) bool {
		return !slices.ContainsFunc(above, func(a string) bool { return s.Within(id, a) })
	})
}

// categoriesIn are the categories that constraints ask for, "" if none.
func categoriesIn(cs []Constraint) kinds {
	for _, c := range cs {
		if c.Facet != catalog.FacetCategory || c.Op != catalog.OpEq && c.Op != catalog.OpIn || len(c.Values) == 0 {
			continue
		}
		ids := make([]string, len(c.Values))
		for i, v := range c.Values {
			ids[i] = v.Str()
		}
		return kindsOf(ids...)
	}
	return ""
}

// headName is a category one of whose names ends in a word: "Rain jacket" in "jacket", 跑鞋 in 鞋.
type headName struct {
	id    string
	label bool // the name is the category's label, not a synonym
}

// genericHeads end the names of things that have nothing else in common.
var genericHeads = wordSet(`set kit machine tool device accessory product gear equipment maker box pack bottle can jar case packet roll tube basket tin card drive game system series unit
套装 用品 设备 器材 装备 配件 产品 机器 工具 套件 神器 电器 礼盒 家用 女士 男士 儿童`)

// addHeads notes every word in which a name of a category ends.
func (x *lexicon) addHeads(name string, h headName) {
	toks := tokenise(name)
	if len(toks) < 2 || len(toks) > maxPhrase {
		return
	}
	last := len(toks) - 1
	if toks[last].kind == tokWord {
		x.addHead(toks[last].stem, h)
		return
	}
	for i := last; i > 0 && toks[i].kind == tokHan; i-- {
		x.addHead(joinTokens(toks[i:]), h)
	}
}

func (x *lexicon) addHead(word string, h headName) {
	for i, old := range x.heads[word] {
		if old.id == h.id {
			x.heads[word][i].label = old.label || h.label
			return
		}
	}
	x.heads[word] = append(x.heads[word], h)
}

// headWord is the form in which heads are looked up. A Chinese noun may carry a 子 that compounds leave out: 鞋子 and 跑鞋.
func headWord(toks []token) string {
	if len(toks) == 1 {
		return toks[0].stem
	}
	if len(toks) == 2 && toks[1].text == "子" {
		return toks[0].text
	}
	if toks[0].kind == tokHan {
		return joinTokens(toks)
	}
	return ""
}

// nameKinds settles what each name of categories stands for, and lets a word in which several labels end stand for all of them.
func (x *lexicon) nameKinds() {
	seen := map[string]bool{}
	each := func(name string) {
		toks := plainTokens(name)
		if len(toks) == 0 || len(toks) > maxPhrase || seen[stems(toks)] {
			return
		}
		seen[stems(toks)] = true
		n, ok := x.find(toks)
		if !ok {
			return
		}
		if ids := x.exactKinds(n, headWord(toks)); len(ids) > 0 {
			x.setKinds(n, ids, false)
		}
	}
	for i := range x.schema.Categories {
		c := &x.schema.Categories[i]
		eachName(c.Label, c.Synonyms, func(name string, _ bool) { each(name) })
	}
	for word, hs := range x.heads {
		toks := tokenise(word)
		if genericHeads[word] || len(toks) == 0 || toks[0].kind == tokHan && len(toks) < 2 || book().stopword[word] || everyday[word] || len(word) < 3 {
			continue
		}
		n, ok := x.find(toks)
		if ok && slices.ContainsFunc(x.ents[n], func(e entry) bool {
			return e.kind == lexCategory || e.kind == lexValue || e.kind == lexBool || e.kind == lexFacet
		}) {
			continue
		}
		ids := labelled(hs)
		if len(ids) < 2 {
			if ids = all(hs); len(ids) < 2 || !x.siblings(ids) || toks[0].kind != tokHan {
				continue
			}
		}
		n = 0
		for _, t := range toks {
			n = x.step(n, t.stem)
		}
		x.setKinds(n, x.ordered(ids), true)
	}
	x.addDepartments()
}

func eachName(label catalog.Text, synonyms map[string][]string, do func(name string, label bool)) {
	for _, s := range label {
		do(s, true)
	}
	for _, list := range synonyms {
		for _, s := range list {
			do(s, false)
		}
	}
}

func stems(toks []token) string {
	var b strings.Builder
	for _, t := range toks {
		b.WriteString(t.stem)
		b.WriteByte(' ')
	}
	return b.String()
}

// find is the node of a phrase that has been learnt.
func (x *lexicon) find(toks []token) (int32, bool) {
	n := int32(0)
	for _, t := range toks {
		w, ok := x.words[t.stem]
		if !ok {
			return 0, false
		}
		if n, ok = x.next[uint64(n)<<32|uint64(w)]; !ok {
			return 0, false
		}
	}
	return n, true
}

// exactKinds are the categories that a name stands for. The one whose label it is goes before those that only have it as a synonym, and those below go before
// one above: where a department lends its name to some of what it holds ("shoes"), they are meant and not all of the department. Siblings whose label ends in the name are
// meant with them: a "lamp" is a desk lamp as well as a floor lamp.
func (x *lexicon) exactKinds(n int32, head string) []string {
	var ids, labels []string
	for _, e := range x.ents[n] {
		if e.kind != lexCategory {
			continue
		}
		ids = append(ids, e.id)
		if e.label {
			labels = append(labels, e.id)
		}
	}
	leaf := func(id string) bool { return !x.parents[id] }
	if slices.ContainsFunc(labels, leaf) {
		return labels
	}
	leaves := slices.DeleteFunc(slices.Clone(ids), x.above(ids))
	if len(leaves) == 1 && !leaf(leaves[0]) { // a department alone
		below := x.heads[head]
		below = slices.DeleteFunc(slices.Clone(below), func(h headName) bool { return h.id == leaves[0] || !x.schema.Within(h.id, leaves[0]) })
		if head == "" || len(labelled(below)) < 2 || genericHeads[head] {
			return leaves
		}
		return x.ordered(all(below))
	}
	inDepartment := len(leaves) < len(ids)
	for _, h := range x.heads[head] {
		if head == "" || genericHeads[head] || slices.Contains(leaves, h.id) || !(h.label || inDepartment) {
			continue
		}
		if slices.ContainsFunc(leaves, func(id string) bool { return x.schema.Category(id).Parent == x.schema.Category(h.id).Parent }) {
			leaves = append(leaves, h.id)
		}
	}
	return x.ordered(leaves)
}

// above says of a category whether another of the list is below it.
func (x *lexicon) above(ids []string) func(string) bool {
	return func(id string) bool {
		return slices.ContainsFunc(ids, func(o string) bool { return o != id && x.schema.Within(o, id) })
	}
}

func labelled(hs []headName) []string {
	return all(slices.DeleteFunc(slices.Clone(hs), func(h headName) bool { return !h.label }))
}

func all(hs []headName) []string {
	ids := make([]string, len(hs))
	for i, h := range hs {
		ids[i] = h.id
	}
	return ids
}

func (x *lexicon) siblings(ids []string) bool {
	parent := x.schema.Category(ids[0]).Parent
	return parent != "" && !slices.ContainsFunc(ids, func(id string) bool { return x.schema.Category(id).Parent != parent })
}

// ordered puts categories in the order of the schema; all that one category holds become that category.
func (x *lexicon) ordered(ids []string) []string {
	var out []string
	for i := range x.schema.Categories {
		if id := x.schema.Categories[i].ID; slices.Contains(ids, id) {
			out = append(out, id)
		}
	}
	if len(out) < 2 || !x.siblings(out) {
		return out
	}
	parent := x.schema.Category(out[0]).Parent
	for i := range x.schema.Categories {
		if c := &x.schema.Categories[i]; c.Parent == parent && !slices.Contains(out, c.ID) {
			return out
		}
	}
	return []string{parent}
}

// setKinds makes a phrase stand for these categories.
func (x *lexicon) setKinds(n int32, ids []string, head bool) {
	x.ents[n] = slices.DeleteFunc(x.ents[n], func(e entry) bool { return e.kind == lexCategory })
	for i := range x.schema.Categories {
		if c := &x.schema.Categories[i]; slices.Contains(ids, c.ID) {
			x.ents[n] = append(x.ents[n], entry{kind: lexCategory, id: c.ID, head: head, at: i})
		}
	}
}

// named are the categories that a phrase stands for.
func named(ents []entry) (k kinds, first entry) {
	var ids []string
	for _, e := range ents {
		if e.kind == lexCategory {
			if len(ids) == 0 {
				first = e
			}
			ids = append(ids, e.id)
		}
	}
	return kindsOf(ids...), first
}

// answerKind reads "green", said while the need is about several kinds of tea, as the one kind with that word in its name.
func (w *work) answerKind() {
	open := w.previous.list()
	if asked := w.turn.State.Asked; len(open) < 2 || len(w.r.toks) > 6 || asked != "" && asked != catalog.FacetCategory {
		return
	}
	for i, t := range w.r.toks {
		if t.kind != tokWord && t.kind != tokHan || book().stopword[t.text] {
			continue
		}
		var fits []string
		for _, id := range open {
			if w.beginsName(i, id) {
				fits = append(fits, id)
			}
		}
		if len(fits) == 1 {
			w.cats = append(w.cats, catMatch{i: i, j: i + 1, id: kinds(fits[0]), part: true})
			return
		}
	}
}

// beginsName says whether the word at token i begins the label of a category, and the label goes on.
func (w *work) beginsName(i int, id string) bool {
	for _, label := range w.turn.Schema.Category(id).Label {
		if toks := plainTokens(label); len(toks) > 1 && toks[0].stem == w.r.toks[i].stem {
			return w.r.toks[i].kind == tokWord || i+1 == len(w.r.toks) || w.freeCue(i+1)
		}
	}
	return false
}

// sayWearer reads for whom goods are out of their name, where the catalogue has the same name for others too: 女装 is clothing for women, because 男装 is clothing.
func (w *work) sayWearer(k int) {
	s := w.segs[k]
	if w.r.toks[s.i].kind != tokHan || s.j-s.i < 2 || wearers[w.r.toks[s.i].text] == 0 {
		return
	}
	other := slices.Clone(w.r.toks[s.i:s.j])
	if other[0].stem = "男"; w.r.toks[s.i].stem == "男" {
		other[0].stem = "女"
	}
	n, ok := w.lex.find(other)
	if !ok {
		return
	}
	if k, _ := named(w.lex.ents[n]); k != w.category {
		return
	}
	for _, m := range w.lex.matchesAt(w.r.toks[:s.i+1], s.i) {
		for _, e := range m.ents {
			if e.kind == lexValue && w.facets.has(e.id) {
				c := catalog.Constraint{Facet: e.id, Op: catalog.OpEq, Values: catalog.Values{catalog.Str(e.value)}, Hard: true}
				w.say(saying{c: Constraint{Constraint: c, Span: span(w.r.text, w.r.toks, s.i, s.i+1)}, at: k}, false)
				return
			}
		}
	}
}

// addDepartments learns the parts of a department's label: "Outdoor & Camping" is also "camping", 厨房餐饮 also 厨房. They name it only where nothing else is named.
func (x *lexicon) addDepartments() {
	for i := range x.schema.Categories {
		c := &x.schema.Categories[i]
		if !x.parents[c.ID] {
			continue
		}
		for _, label := range c.Label {
			for _, part := range labelParts(label) {
				toks := tokenise(part)
				if len(toks) == 0 || genericHeads[part] || kin[joinTokens(toks)] {
					continue
				}
				n := int32(0)
				for _, t := range toks {
					n = x.step(n, t.stem)
				}
				if !slices.ContainsFunc(x.ents[n], func(e entry) bool { return e.kind == lexCategory }) {
					x.ents[n] = append(x.ents[n], entry{kind: lexCategory, id: c.ID, dept: true, at: i})
				}
			}
		}
	}
}

// labelParts cuts a label at its joints; one of ideographs alone, whose words are mostly of two, after every second.
func labelParts(label string) []string {
	rs := []rune(label)
	han := len(rs) >= 4 && len(rs)%2 == 0
	for _, t := range tokenise(label) {
		han = han && t.kind == tokHan
	}
	if han {
		var out []string
		for i := 0; i+1 < len(rs); i += 2 {
			out = append(out, string(rs[i:i+2]))
		}
		return out
	}
	parts := strings.FieldsFunc(label, func(r rune) bool { return strings.ContainsRune("&,，、/+与和", r) })
	if len(parts) < 2 {
		return nil
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}
