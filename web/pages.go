package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

const (
	pageSize  = 24
	maxQuery  = 200 // characters of a search that are looked at
	maxPage   = 400
	maxTicks  = 60 // filter values in one address
	cartLimit = 100
)

type site struct {
	shop Shop
	opts Options
}

// page is what every template gets. View is the page's own part.
type page struct {
	Lang       string
	Name       string
	Own        bool // a shop with a name of its own: what is true of the demo shop alone is not said
	Title      string
	Kind       string // "home", "list", "product", "cart", "error": for styles and scripts
	Product    string // on a product's page
	Query      string // what stands in the search box
	Category   string // top-level category that the menu marks
	Categories []Category
	Other      string // address of this page in the other language
	Canonical  string
	View       any
}

var templates = parseTemplates()

func parseTemplates() map[string]*template.Template {
	funcs := template.FuncMap{
		"t":       func(lang, key string) string { return say(lang, key) },
		"asset":   func(name string) string { return hashed[name] },
		"path":    func(c Card) string { return linkOf(c) },
		"catPath": CategoryPath,
		"stars":   func(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) },
		"json":    func(v any) (string, error) { b, err := json.Marshal(v); return string(b), err },
		"args":    func(v ...any) []any { return v },
	}
	layout := template.Must(template.New("layout.html").Funcs(funcs).ParseFS(files, "store/layout.html", "store/parts.html"))
	out := map[string]*template.Template{}
	for _, kind := range []string{"home", "list", "product", "cart", "error"} {
		out[kind] = template.Must(template.Must(layout.Clone()).ParseFS(files, "store/"+kind+".html"))
	}
	return out
}

func linkOf(c Card) string {
	if c.Link != "" {
		return c.Link
	}
	return ProductPath(c.ID)
}

func (s *site) home(w http.ResponseWriter, r *http.Request) {
	lang := pageLanguage(w, r)
	v, err := s.shop.Home(r.Context(), lang)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, page{Lang: lang, Kind: "home", View: v})
}

// listPage is a list with what the template needs to draw its filters and pages.
type listPage struct {
	ListView
	Q      ListQuery
	Path   string // of the form: /search or /c/…
	Pages  []pageLink
	Active []activeFilter
	Clear  string
}

type pageLink struct {
	Label   string
	Path    string
	Current bool
	Gap     bool
}

type activeFilter struct {
	Label string
	Path  string // without this filter
}

func (s *site) list(w http.ResponseWriter, r *http.Request) {
	lang := pageLanguage(w, r)
	q := listQuery(r)
	v, err := s.shop.Search(r.Context(), lang, q)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	title := v.Heading
	if q.Text != "" {
		title = strings.TrimSpace("“" + q.Text + "” " + title)
	}
	if title == "" {
		title = say(lang, "all")
	}
	view := listPage{ListView: v, Q: q, Path: r.URL.Path, Pages: pageLinks(r, q.Page, v.Total), Active: activeFilters(r, lang, q, v), Clear: clearFilters(r)}
	p := page{Lang: lang, Kind: "list", Title: title, Query: q.Text, Category: topOf(q, v), View: view}
	s.render(w, r, http.StatusOK, p)
}

func topOf(q ListQuery, v ListView) string {
	for _, c := range v.Crumbs {
		if id, ok := strings.CutPrefix(c.Path, "/c/"); ok {
			if plain, err := url.PathUnescape(id); err == nil {
				return plain
			}
		}
	}
	return q.Category
}

// listQuery reads an address leniently: what makes no sense is left out.
func listQuery(r *http.Request) ListQuery {
	form := r.URL.Query()
	q := ListQuery{
		Text:     clean(form.Get("q"), maxQuery),
		Category: r.PathValue("category"),
		Filters:  map[string][]string{},
		Min:      clean(form.Get("min"), 12),
		Max:      clean(form.Get("max"), 12),
		Page:     1,
		Size:     pageSize,
	}
	if q.Category == "" {
		q.Category = clean(form.Get("category"), 100)
	}
	if sort := form.Get("sort"); slices.Contains([]string{"price", "price_desc", "rating", "newest"}, sort) {
		q.Sort = sort
	}
	if n, err := strconv.Atoi(form.Get("page")); err == nil {
		q.Page = min(max(n, 1), maxPage)
	}
	ticks := 0
	for _, key := range slices.Sorted(maps.Keys(form)) { // in order, so that a limit always cuts the same
		facet, ok := strings.CutPrefix(key, "f.")
		if !ok || facet == "" {
			continue
		}
		for _, v := range form[key] {
			if ticks++; v != "" && ticks <= maxTicks {
				q.Filters[facet] = append(q.Filters[facet], clean(v, 100))
			}
		}
	}
	return q
}

// clean makes a string of a request valid, one line, and at most n characters long.
func clean(s string, n int) string {
	control := func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), control), " ")
	if r := []rune(s); len(r) > n {
		s = string(r[:n])
	}
	return s
}

// Has says whether a filter value is ticked.
func (q ListQuery) Has(facet, value string) bool { return slices.Contains(q.Filters[facet], value) }

func with(r *http.Request, change func(url.Values)) string {
	form := r.URL.Query()
	form.Del("lang")
	form.Del("page")
	change(form)
	if len(form) == 0 {
		return r.URL.EscapedPath()
	}
	return r.URL.EscapedPath() + "?" + form.Encode()
}

func activeFilters(r *http.Request, lang string, q ListQuery, v ListView) []activeFilter {
	var out []activeFilter
	for _, f := range v.Facets {
		for _, o := range f.Options {
			if !q.Has(f.ID, o.Value) {
				continue
			}
			out = append(out, activeFilter{Label: f.Label + ": " + o.Label, Path: with(r, func(form url.Values) {
				key := "f." + f.ID
				form[key] = slices.DeleteFunc(form[key], func(x string) bool { return x == o.Value })
			})})
		}
	}
	if q.Min != "" || q.Max != "" {
		label := say(lang, "price") + ": " + q.Min + "–" + q.Max + " " + v.Currency
		out = append(out, activeFilter{Label: label, Path: with(r, func(form url.Values) { form.Del("min"); form.Del("max") })})
	}
	return out
}

func clearFilters(r *http.Request) string {
	return with(r, func(form url.Values) {
		for key := range form {
			if strings.HasPrefix(key, "f.") || key == "min" || key == "max" {
				form.Del(key)
			}
		}
	})
}

// pageLinks lists first, last and the pages around the current one.
func pageLinks(r *http.Request, current, total int) []pageLink {
	last := min((total+pageSize-1)/pageSize, maxPage)
	if last < 2 {
		return nil
	}
	var out []pageLink
	before := 0
	for n := 1; n <= last; n++ {
		if n != 1 && n != last && (n < current-1 || n > current+1) {
			continue
		}
		if n > before+1 {
			out = append(out, pageLink{Gap: true})
		}
		before = n
		path := with(r, func(form url.Values) {
			if n > 1 {
				form.Set("page", strconv.Itoa(n))
			}
		})
		out = append(out, pageLink{Label: strconv.Itoa(n), Path: path, Current: n == current})
	}
	return out
}

// productPage adds the machine-readable description that search engines read.
type productPage struct {
	ProductView
	Schema map[string]any
}

func (s *site) product(w http.ResponseWriter, r *http.Request) {
	lang := pageLanguage(w, r)
	v, err := s.shop.Product(r.Context(), lang, r.PathValue("id"))
	if err != nil {
		s.broken(w, r, err)
		return
	}
	if len(v.Images) == 0 && v.Image != "" {
		v.Images = []string{v.Image}
	}
	p := page{Lang: lang, Kind: "product", Title: v.Title, Product: v.ID, View: productPage{v, schemaOrg(v)}}
	if len(v.Crumbs) > 0 {
		p.Category = topOf(ListQuery{}, ListView{Crumbs: v.Crumbs})
	}
	s.render(w, r, http.StatusOK, p)
}

func schemaOrg(v ProductView) map[string]any {
	out := map[string]any{"@context": "https://schema.org", "@type": "Product", "name": v.Title, "sku": v.ID, "image": v.Images}
	if v.Description != "" {
		out["description"] = v.Description
	}
	if v.Brand != "" {
		out["brand"] = map[string]any{"@type": "Brand", "name": v.Brand}
	}
	if v.GTIN != "" {
		out["gtin"] = v.GTIN
	}
	if v.Ratings > 0 {
		out["aggregateRating"] = map[string]any{"@type": "AggregateRating", "ratingValue": v.Rating, "reviewCount": v.Ratings}
	}
	if v.Price != "" {
		state := "https://schema.org/OutOfStock"
		if v.InStock {
			state = "https://schema.org/InStock"
		}
		out["offers"] = map[string]any{"@type": "Offer", "price": decimal(v.Minor, v.Currency), "priceCurrency": v.Currency, "availability": state}
	}
	return out
}

// decimal writes minor units as schema.org wants a price: 1999 USD is "19.99". The exceptions are those of ISO 4217.
func decimal(minor int64, currency string) string {
	places := 2
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return strconv.FormatInt(minor, 10)
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		places = 3
	case "CLF", "UYW":
		places = 4
	}
	s := strconv.FormatInt(minor, 10)
	for len(s) <= places {
		s = "0" + s
	}
	return s[:len(s)-places] + "." + s[len(s)-places:]
}

func (s *site) cart(w http.ResponseWriter, r *http.Request) {
	lang := pageLanguage(w, r)
	s.render(w, r, http.StatusOK, page{Lang: lang, Kind: "cart", Title: say(lang, "cart")})
}

// cartLines answers what the products of a cart are and cost now: the browser keeps only their IDs.
func (s *site) cartLines(w http.ResponseWriter, r *http.Request) {
	ids := r.URL.Query()["id"]
	if len(ids) > cartLimit {
		http.Error(w, "a cart has at most 100 different products", http.StatusBadRequest)
		return
	}
	cards, err := s.shop.Cards(r.Context(), pageLanguage(w, r), ids)
	if err != nil {
		s.log(r, err)
		http.Error(w, "the products cannot be read just now", http.StatusInternalServerError)
		return
	}
	for i := range cards {
		cards[i].Link = linkOf(cards[i])
	}
	if cards == nil {
		cards = []Card{}
	}
	b, err := json.Marshal(cards)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "private, no-cache")
	send(w, r, http.StatusOK, "application/json", b)
}

// picture serves a drawing. Its own policy keeps it a picture even if it is opened as a page.
func (s *site) picture(w http.ResponseWriter, r *http.Request) {
	id, ok := strings.CutSuffix(r.PathValue("file"), ".svg")
	var svg []byte
	if ok {
		svg, ok = s.shop.Picture(r.Context(), id)
	}
	if !ok {
		http.Error(w, "no such picture", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "public, max-age=86400")
	send(w, r, http.StatusOK, "image/svg+xml", svg)
}

// errorView is the text of an error page.
type errorView struct {
	Code         int
	Heading, Say string
}

func (s *site) notFound(w http.ResponseWriter, r *http.Request) {
	lang := pageLanguage(w, r)
	v := errorView{404, say(lang, "404"), say(lang, "404say")}
	s.render(w, r, v.Code, page{Lang: lang, Kind: "error", Title: v.Heading, View: v})
}

func (s *site) broken(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, ErrNotFound) {
		s.notFound(w, r)
		return
	}
	s.log(r, err)
	s.fail(w, r)
}

func (s *site) log(r *http.Request, err error) {
	if !errors.Is(err, context.Canceled) {
		s.opts.Log.Error("a page could not be made", "path", r.URL.Path, "err", err)
	}
}

func (s *site) fail(w http.ResponseWriter, r *http.Request) {
	lang := pageLanguage(w, r)
	v := errorView{500, say(lang, "500"), say(lang, "500say")}
	s.write(w, r, v.Code, page{Lang: lang, Kind: "error", Title: v.Heading, View: v})
}

// render adds the menu and writes the page. If even the menu cannot be read, the page goes out without one.
func (s *site) render(w http.ResponseWriter, r *http.Request, status int, p page) {
	cats, err := s.shop.Categories(r.Context(), p.Lang)
	if err != nil {
		s.log(r, err)
	}
	p.Categories = cats
	s.write(w, r, status, p)
}

func (s *site) write(w http.ResponseWriter, r *http.Request, status int, p page) {
	p.Name, p.Own = s.name(p.Lang), s.opts.Name != ""
	other := "zh"
	if p.Lang == "zh" {
		other = "en"
	}
	p.Other = with(r, func(form url.Values) { form.Set("lang", other) })
	p.Canonical = with(r, func(url.Values) {})
	var b bytes.Buffer
	if err := templates[p.Kind].Execute(&b, p); err != nil {
		s.log(r, err)
		http.Error(w, say(p.Lang, "500"), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Language", p.Lang)
	h.Add("Vary", "Cookie, Accept-Language")
	send(w, r, status, "text/html; charset=utf-8", b.Bytes())
}

func (s *site) name(lang string) string {
	if s.opts.Name != "" {
		return s.opts.Name
	}
	return say(lang, "name")
}
