package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"daogou/catalog"
	"daogou/catalog/demo"
	"daogou/chat"
	"daogou/web"
)

// shop shows a catalogue as the pages of package web. It formats and translates; it decides nothing.
type shop struct {
	db  *catalog.DB
	now func() time.Time
}

func (s *shop) reader(ctx context.Context, lang string) (*chat.Reader, error) {
	schema, err := s.db.Schema(ctx)
	if err != nil {
		return nil, err
	}
	return &chat.Reader{Schema: schema, Lang: lang, Now: s.now()}, nil
}

// Categories are the top of the tree, those with products. They stand on every page, as a menu without pictures.
func (s *shop) Categories(ctx context.Context, lang string) ([]web.Category, error) {
	schema, err := s.db.Schema(ctx)
	if err != nil {
		return nil, err
	}
	return children(schema, lang, ""), nil
}

// children are the categories right below parent that have products.
func children(schema *catalog.Schema, lang, parent string) []web.Category {
	var out []web.Category
	for i := range schema.Categories {
		c := &schema.Categories[i]
		if c.Parent != parent || c.Count == 0 {
			continue
		}
		out = append(out, web.Category{ID: c.ID, Label: c.Label.In(lang), Count: c.Count})
	}
	return out
}

// maxPictures bounds the categories of the front page that get a picture: each costs a search.
const maxPictures = 24

// sample is a picture that stands for a category: that of its first product.
func (s *shop) sample(ctx context.Context, category string) (string, error) {
	res, err := s.db.Search(ctx, catalog.Query{Constraints: []catalog.Constraint{inCategory(category)}, Limit: 1, Facets: []string{}})
	if err != nil || len(res.Hits) == 0 {
		return "", err
	}
	return firstImage(res.Hits[0].Product), nil
}

func inCategory(id string) catalog.Constraint {
	return catalog.Constraint{Facet: catalog.FacetCategory, Op: catalog.OpEq, Values: catalog.Values{catalog.Str(id)}, Hard: true}
}

func firstImage(p *catalog.Product) string {
	if len(p.Images) == 0 {
		return ""
	}
	return p.Images[0].URL
}

// Home shows the tree's top, what is on sale and what is rated best.
func (s *shop) Home(ctx context.Context, lang string) (web.HomeView, error) {
	var v web.HomeView
	var err error
	if v.Categories, err = s.Categories(ctx, lang); err != nil {
		return v, err
	}
	for i := range v.Categories[:min(len(v.Categories), maxPictures)] {
		c := &v.Categories[i]
		if c.Image, err = s.sample(ctx, c.ID); err != nil {
			return v, err
		}
	}
	for _, c := range v.Categories {
		v.Total += c.Count
	}
	r, err := s.reader(ctx, lang)
	if err != nil {
		return v, err
	}
	onSale := catalog.Constraint{Facet: catalog.FacetOnSale, Op: catalog.OpEq, Values: catalog.Values{catalog.Bool(true)}, Hard: true}
	for _, shelf := range []struct {
		title catalog.Text
		only  []catalog.Constraint
	}{
		{catalog.Text{"en": "On sale now", "zh": "限时优惠"}, []catalog.Constraint{onSale}},
		{catalog.Text{"en": "Shoppers' favourites", "zh": "大家都喜欢"}, nil},
	} {
		res, err := s.db.Search(ctx, catalog.Query{Constraints: shelf.only, Limit: 40, Now: s.now(), Facets: []string{}})
		if err != nil {
			return v, err
		}
		v.Shelves = append(v.Shelves, web.Shelf{Title: shelf.title.In(lang), Cards: s.cards(r, spreadTypes(res.Hits, 8))})
	}
	return v, nil
}

// spreadTypes takes at most one product of each type, so that a shelf is not eight teapots.
func spreadTypes(hits []catalog.Hit, n int) []*catalog.Product {
	var out []*catalog.Product
	seen := map[string]bool{}
	for _, h := range hits {
		kind := ""
		if c := h.Product.Category; len(c) > 0 {
			kind = c[len(c)-1]
		}
		if seen[kind] && kind != "" {
			continue
		}
		seen[kind] = true
		if out = append(out, h.Product); len(out) == n {
			break
		}
	}
	return out
}

// Search is a category's list, the answer to a search, or both.
func (s *shop) Search(ctx context.Context, lang string, q web.ListQuery) (web.ListView, error) {
	var v web.ListView
	r, err := s.reader(ctx, lang)
	if err != nil {
		return v, err
	}
	size := min(q.Size, catalog.MaxLimit)
	if size <= 0 {
		size = 24
	}
	query := catalog.Query{Text: q.Text, Lang: lang, Now: s.now(), Limit: size, Offset: min(max(q.Page, 1)-1, maxPages) * size, Sort: order(q.Sort)}
	if q.Category != "" {
		if r.Schema.Category(q.Category) == nil {
			return v, web.ErrNotFound
		}
		query.Constraints = append(query.Constraints, inCategory(q.Category))
		v.Heading = r.Schema.Category(q.Category).Label.In(lang)
		v.Crumbs = crumbs(r.Schema, q.Category, lang)
		v.Children = children(r.Schema, lang, q.Category)
	}
	query.Constraints = append(query.Constraints, filters(r.Schema, q)...)
	res, err := s.db.Search(ctx, query)
	if errors.Is(err, catalog.ErrNoMatch) { // a brand that is not there: an old link, or a made-up one
		return v, nil
	}
	if err != nil {
		return v, err
	}
	v.Total, v.Currency, v.Nearest = res.Listed, r.Schema.Currency, q.Text != "" && !res.Carried
	for _, c := range res.Corrected {
		v.Corrected = append(v.Corrected, web.Correction{From: c.From, To: c.To})
	}
	v.Facets = facetViews(r, res.Counts)
	for _, h := range res.Hits {
		v.Cards = append(v.Cards, s.card(r, h.Product))
	}
	return v, nil
}

// maxPages bounds the page in an address, so that what it begins with is a number.
const maxPages = 1_000_000

// order is the catalogue's word for an order of the list; what is not known is by relevance.
func order(by string) catalog.Sort {
	switch o := catalog.Sort(by); o {
	case catalog.SortPriceUp, catalog.SortPriceDown, catalog.SortRating, catalog.SortNewest:
		return o
	}
	return catalog.SortRelevance
}

func crumbs(schema *catalog.Schema, category, lang string) []web.Crumb {
	var out []web.Crumb
	for _, c := range schema.Path(category) {
		out = append(out, web.Crumb{Label: c.Label.In(lang), Path: web.CategoryPath(c.ID)})
	}
	return out
}

// filters turns ticked boxes and price fields into constraints. Nonsense in an address is left out, as if it had not been typed.
func filters(schema *catalog.Schema, q web.ListQuery) []catalog.Constraint {
	var out []catalog.Constraint
	for _, id := range sortedKeys(q.Filters) {
		c := catalog.Constraint{Facet: id, Op: catalog.OpIn, Hard: true}
		for _, raw := range q.Filters[id] {
			if v, ok := filterValue(schema, id, raw); ok {
				c.Values = append(c.Values, v)
			}
		}
		if len(c.Values) == 1 {
			c.Op = catalog.OpEq
		}
		if len(c.Values) > 0 {
			out = append(out, c)
		}
	}
	for _, bound := range []struct {
		op  catalog.Op
		raw string
	}{{catalog.OpGe, q.Min}, {catalog.OpLe, q.Max}} {
		if n, err := strconv.ParseFloat(strings.TrimSpace(bound.raw), 64); err == nil && n >= 0 && n < 1e12 {
			out = append(out, catalog.Constraint{Facet: catalog.FacetPrice, Op: bound.op, Values: catalog.Values{catalog.Num(n)}, Hard: true})
		}
	}
	return out
}

func sortedKeys(m map[string][]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func filterValue(schema *catalog.Schema, facet, raw string) (catalog.Value, bool) {
	if facet == catalog.FacetBrand {
		return catalog.Str(raw), true
	}
	f := schema.Facet(facet)
	switch {
	case f == nil:
		return catalog.Value{}, false
	case f.Kind == catalog.KindBool:
		return catalog.Bool(raw == "true"), raw == "true" || raw == "false"
	case f.Kind == catalog.KindEnum:
		return catalog.Str(raw), f.Value(raw) != nil
	}
	return catalog.Value{}, false
}

// facetViews are the filters worth showing: closed lists and yes/no, at most six, with at most twelve values each.
func facetViews(r *chat.Reader, counts []catalog.FacetCount) []web.FacetView {
	var out []web.FacetView
	for _, c := range counts {
		f := r.Schema.Facet(c.Facet)
		if c.Facet != catalog.FacetBrand && (f == nil || f.Kind != catalog.KindEnum && f.Kind != catalog.KindBool) {
			continue
		}
		v := web.FacetView{ID: c.Facet, Label: r.FacetLabel(c.Facet)}
		for _, n := range c.Values {
			if len(v.Options) == 12 || n.Count == 0 {
				break
			}
			label := r.Label(catalog.Constraint{Facet: c.Facet, Op: catalog.OpEq, Values: catalog.Values{n.Value}})
			if f != nil && f.Kind == catalog.KindEnum {
				if known := f.Value(n.Value.Str()); known != nil {
					label = known.Label.In(r.Lang)
				}
			}
			v.Options = append(v.Options, web.FacetOption{Value: n.Value.String(), Label: label, Count: n.Count})
		}
		if len(v.Options) > 1 {
			out = append(out, v)
		}
		if len(out) == 6 {
			break
		}
	}
	return out
}

func (s *shop) cards(r *chat.Reader, ps []*catalog.Product) []web.Card {
	out := make([]web.Card, len(ps))
	for i, p := range ps {
		out[i] = s.card(r, p)
	}
	return out
}

func (s *shop) card(r *chat.Reader, p *catalog.Product) web.Card {
	c := web.Card{ID: p.ID, Title: p.Title.In(r.Lang), Brand: p.Brand, Image: firstImage(p), Link: web.ProductPath(p.ID), InStock: p.InStock(), Choose: len(p.Variants) > 1}
	if m, ok := r.Price(p, ""); ok {
		c.Price, c.Minor, c.Currency = r.Money(m), m.Minor, m.Currency
		if row, ok := p.PriceIn(r.Market); ok && row.Amount.Minor > m.Minor && row.Amount.Currency == m.Currency {
			c.Was = r.Money(row.Amount)
			c.Off = fmt.Sprintf("−%d%%", (row.Amount.Minor-m.Minor)*100/row.Amount.Minor)
		}
	}
	if p.Rating != nil {
		c.Rating, c.Ratings = p.Rating.Average, p.Rating.Count
	}
	if f, ok := r.Read(p, catalog.FacetCategory); ok {
		c.Category = f.Text
	}
	return c
}

// Product is one product's page.
func (s *shop) Product(ctx context.Context, lang, id string) (web.ProductView, error) {
	var v web.ProductView
	p, err := s.db.Product(ctx, id)
	if errors.Is(err, catalog.ErrNotFound) {
		return v, web.ErrNotFound
	}
	if err != nil {
		return v, err
	}
	r, err := s.reader(ctx, lang)
	if err != nil {
		return v, err
	}
	v = web.ProductView{Card: s.card(r, p), Description: p.Description.In(lang), GTIN: p.GTIN}
	if n := len(p.Category); n > 0 {
		v.Crumbs = crumbs(r.Schema, p.Category[n-1], lang)
	}
	for _, img := range p.Images {
		v.Images = append(v.Images, img.URL)
	}
	v.Facts = facts(r, p)
	v.Variants = variants(r, p)
	if v.Stock, err = s.stock(ctx, p, lang); err != nil {
		return v, err
	}
	v.Related, err = s.related(ctx, r, p)
	return v, err
}

// facts are the product's facets in the order in which its category has them, then the rest.
func facts(r *chat.Reader, p *catalog.Product) []web.Fact {
	var ids []string
	if n := len(p.Category); n > 0 {
		for _, f := range r.Schema.FacetsOf(p.Category[n-1]) {
			ids = append(ids, f.ID)
		}
	}
	rest := make([]string, 0, len(p.Facets))
	for id := range p.Facets {
		if !slices.Contains(ids, id) {
			rest = append(rest, id)
		}
	}
	slices.Sort(rest)
	var out []web.Fact
	for _, id := range append(ids, rest...) {
		if f, ok := r.Read(p, id); ok {
			out = append(out, web.Fact{Label: r.FacetLabel(id), Value: f.Text})
		}
	}
	return out
}

func variants(r *chat.Reader, p *catalog.Product) []web.Variant {
	var out []web.Variant
	for i := range p.Variants {
		pv := &p.Variants[i]
		v := web.Variant{ID: pv.ID, Label: r.VariantLabel(p, pv), Image: pv.Image, InStock: (&catalog.Product{Stock: pv.Stock}).InStock()}
		if pv.Stock == nil {
			v.InStock = p.InStock()
		}
		if len(pv.Prices) > 0 {
			if m, ok := r.Price(p, pv.ID); ok {
				v.Price, v.Minor = r.Money(m), m.Minor
			}
		}
		out = append(out, v)
	}
	return out
}

var countryNames = map[string]catalog.Text{
	"CN": {"en": "China", "zh": "中国"}, "DE": {"en": "Germany", "zh": "德国"}, "US": {"en": "United States", "zh": "美国"}, "JP": {"en": "Japan", "zh": "日本"},
}

func (s *shop) stock(ctx context.Context, p *catalog.Product, lang string) ([]web.Stock, error) {
	places, err := s.db.Warehouses(ctx)
	if err != nil {
		return nil, err
	}
	var out []web.Stock
	for id, units := range p.Stock {
		place := places[id]
		if name := countryNames[place].In(lang); name != "" {
			place = name
		}
		if place == "" {
			place = id
		}
		out = append(out, web.Stock{Place: place, Units: units})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Place < out[j].Place })
	return out, nil
}

// related are others of the same type, in stock.
func (s *shop) related(ctx context.Context, r *chat.Reader, p *catalog.Product) ([]web.Card, error) {
	if len(p.Category) == 0 {
		return nil, nil
	}
	res, err := s.db.Search(ctx, catalog.Query{Constraints: []catalog.Constraint{inCategory(p.Category[len(p.Category)-1])}, Exclude: []string{p.ID}, Limit: 4, Now: s.now(), Facets: []string{}})
	if err != nil {
		return nil, err
	}
	var ps []*catalog.Product
	for _, h := range res.Hits {
		ps = append(ps, h.Product)
	}
	return s.cards(r, ps), nil
}

// Cards are products by ID, for the cart.
func (s *shop) Cards(ctx context.Context, lang string, ids []string) ([]web.Card, error) {
	r, err := s.reader(ctx, lang)
	if err != nil {
		return nil, err
	}
	ps, err := s.db.Products(ctx, ids)
	if err != nil {
		return nil, err
	}
	cards := s.cards(r, ps)
	for i, p := range ps {
		cards[i].Variants = variants(r, p)
	}
	return cards, nil
}

// Picture is the drawn picture of a demo product.
func (s *shop) Picture(_ context.Context, id string) ([]byte, bool) { return demo.PictureSVG(id) }
