package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// PutCategory adds a category or merges it with the one that is there.
func (w *writer) PutCategory(_ context.Context, c Category) error {
	if c.ID == "" {
		return errors.New("catalog: a category without an id cannot be stored")
	}
	if c.Parent == c.ID {
		return fmt.Errorf("catalog: category %q names itself as its parent", c.ID)
	}
	c.Count = 0
	old := w.cats[c.ID]
	if old == nil {
		w.schema = true
		n, err := w.insert("INSERT INTO categories(id, doc) VALUES(?, ?)", c.ID, mustJSON(c))
		w.cats[c.ID] = &catRow{n: n, c: c}
		return err
	}
	m := old.c
	if c.Parent != "" {
		m.Parent = c.Parent
	}
	label := mergeText(m.Label, c.Label, m.ID)
	syn := mergeSynonyms(m.Synonyms, c.Synonyms)
	m.Label, m.Synonyms, m.Facets = label, syn, union(m.Facets, c.Facets)
	doc := mustJSON(m)
	if string(doc) == string(mustJSON(old.c)) {
		return nil
	}
	w.schema = true
	if old.used && (m.Parent != old.c.Parent || !sameNames(m.Label, old.c.Label, m.Synonyms, old.c.Synonyms)) {
		w.stale = true
	}
	old.c, old.text = m, nil
	return w.run("UPDATE categories SET doc=? WHERE c=?", doc, old.n)
}

// PutBrand says what else a brand is called.
func (w *writer) PutBrand(_ context.Context, b Brand) error {
	key := brandKey(b.Name)
	if key == "" {
		return errors.New("catalog: a brand without a name cannot be stored")
	}
	if _, err := w.brand(b.Name); err != nil {
		return err
	}
	old := w.brands[key]
	m := Brand{Label: mergeText(old.names.Label, b.Label, b.Name), Synonyms: mergeSynonyms(old.names.Synonyms, b.Synonyms)}
	if sameNames(m.Label, old.names.Label, m.Synonyms, old.names.Synonyms) {
		return nil
	}
	var used bool
	if err := w.tx.QueryRowContext(w.ctx, "SELECT EXISTS(SELECT 1 FROM products WHERE brand=?)", old.b).Scan(&used); err != nil {
		return w.fail(err)
	}
	w.schema, w.stale = true, w.stale || used
	old.names, old.text = m, nil
	return w.run("UPDATE brands SET doc=? WHERE b=?", mustJSON(m), old.b)
}

// PutFacet adds a facet or merges it with the one that is there. Kind and unit are for ever.
func (w *writer) PutFacet(_ context.Context, f Facet) error {
	if f.ID == "" {
		return errors.New("catalog: a facet without an id cannot be stored")
	}
	switch f.Kind {
	case KindEnum, KindNumber, KindBool, KindText:
	default:
		return fmt.Errorf("catalog: facet %q has the kind %q; it must be enum, number, bool or text", f.ID, f.Kind)
	}
	values := f.Values
	f.Values = nil
	old := w.facets[f.ID]
	if old == nil {
		w.schema = true
		n, err := w.insert("INSERT INTO facets(id, doc) VALUES(?, ?)", f.ID, mustJSON(f))
		if err != nil {
			return err
		}
		old = &facetRow{n: n, f: f, values: map[string]*valueRow{}}
		w.facets[f.ID] = old
	} else if err := w.mergeFacet(old, f); err != nil {
		return err
	}
	for _, v := range values {
		if err := w.putValue(old, v); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) mergeFacet(old *facetRow, f Facet) error {
	m := old.f
	if f.Kind != m.Kind {
		return fmt.Errorf("catalog: facet %q is of kind %s in the catalogue and of kind %s here; give one of them another id", f.ID, m.Kind, f.Kind)
	}
	if f.Unit != "" && m.Unit != "" && f.Unit != m.Unit {
		return fmt.Errorf("catalog: facet %q is in %s in the catalogue and in %s here; convert it, or give one of them another id", f.ID, m.Unit, f.Unit)
	}
	if m.Unit == "" {
		m.Unit = f.Unit
	}
	if f.Better != "" {
		m.Better = f.Better
	}
	m.Label, m.Synonyms = mergeText(m.Label, f.Label, strings.ReplaceAll(m.ID, "_", " ")), mergeSynonyms(m.Synonyms, f.Synonyms)
	m.Ask, m.Why = mergeText(m.Ask, f.Ask, ""), mergeText(m.Why, f.Why, "")
	m.Multi, m.Variant = m.Multi || f.Multi, m.Variant || f.Variant
	m.Categories = union(m.Categories, f.Categories)
	doc := mustJSON(m)
	if string(doc) == string(mustJSON(old.f)) {
		return nil
	}
	w.schema = true
	if (m.Kind == KindBool || m.Kind == KindNumber) && !sameNames(m.Label, old.f.Label, m.Synonyms, old.f.Synonyms) {
		w.stale = w.stale || w.some()
	}
	old.f, old.text = m, nil
	return w.run("UPDATE facets SET doc=? WHERE f=?", doc, old.n)
}

func (w *writer) putValue(f *facetRow, v FacetValue) error {
	if v.ID == "" {
		return fmt.Errorf("catalog: facet %q has a value without an id", f.f.ID)
	}
	old := f.values[v.ID]
	if old == nil {
		w.schema = true
		n, err := w.insert("INSERT INTO facet_values(f, id, doc) VALUES(?, ?, ?)", f.n, v.ID, mustJSON(v))
		f.values[v.ID] = &valueRow{n: n, v: v}
		return err
	}
	m := old.v
	m.Label, m.Synonyms = mergeText(m.Label, v.Label, m.ID), mergeSynonyms(m.Synonyms, v.Synonyms)
	doc := mustJSON(m)
	if string(doc) == string(mustJSON(old.v)) {
		return nil
	}
	w.schema = true
	w.stale = w.stale || w.some()
	old.v, old.text = m, nil
	return w.run("UPDATE facet_values SET doc=? WHERE v=?", doc, old.n)
}

// some says whether there are products already, indexed under the names as they were.
func (w *writer) some() bool { return !w.fresh || w.done.Added > 0 }

func sameNames(a, b Text, as, bs map[string][]string) bool {
	return maps.Equal(a, b) && maps.EqualFunc(as, bs, slices.Equal[[]string])
}

// mergeText unites two texts. Where both have a language the new one wins, unless it is only the ID again and the old one says more.
func mergeText(old, new Text, id string) Text {
	if len(new) == 0 {
		return old
	}
	m := make(Text, len(old)+len(new))
	for k, s := range old {
		m[k] = s
	}
	for k, s := range new {
		if s != "" && (s != id || m[k] == "") {
			m[k] = s
		}
	}
	return m
}

func mergeSynonyms(old, new map[string][]string) map[string][]string {
	if len(new) == 0 {
		return old
	}
	m := make(map[string][]string, len(old)+len(new))
	for k, s := range old {
		m[k] = s
	}
	for k, s := range new {
		m[k] = union(m[k], s)
	}
	return m
}

func union(a, b []string) []string {
	out := a[:len(a):len(a)]
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func mustJSON(x any) []byte {
	b, err := json.Marshal(x)
	if err != nil {
		panic(err) // only types of this package come here, and they all marshal
	}
	return b
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
