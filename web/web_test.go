package web

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var quiet = slog.New(slog.DiscardHandler)

// get asks a shop for a page, with headers given as name, value, name, value.
func get(t *testing.T, shop Shop, path string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	Handler(shop, Options{Log: quiet}).ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var everyPage = []string{"/", "/?lang=zh", "/c/outdoor", "/c/outdoor?f.colour=green&min=10&max=200&sort=price&page=2", "/search?q=tent", "/search?q=" + url.QueryEscape(hostile),
	"/p/tent-ridge", "/p/lamp-hostile", "/p/mat-cairn?lang=zh", "/cart", "/nowhere", "/p/nowhere", "/c/nowhere"}

func TestPages(t *testing.T) {
	for path, want := range map[string]struct {
		status int
		text   string
	}{
		"/":                         {200, "On sale this week"},
		"/?lang=zh":                 {200, "本周优惠"},
		"/c/outdoor":                {200, "Outdoor &amp; Camping"},
		"/search?q=kettle":          {200, "Brisa Pour gooseneck kettle"},
		"/search?q=zzz":             {200, "Nothing fits these filters"},
		"/search":                   {200, "All products"},
		"/p/tent-ridge":             {200, "Stock by warehouse"},
		"/p/mat-cairn":              {200, "Out of stock"},
		"/cart":                     {200, "Demo checkout"},
		"/nowhere":                  {404, "does not exist"},
		"/p/nowhere":                {404, "does not exist"},
		"/c/nowhere":                {404, "does not exist"},
		"/pictures/tent-ridge.svg":  {200, "<svg"},
		"/pictures/nowhere.svg":     {404, "no such picture"},
		"/pictures/tent-ridge":      {404, "no such picture"},
		"/assets/nothing.css":       {404, "no such file"},
		"/cart.json":                {200, "[]"},
		"/cart.json?id=x&id=lamp-a": {200, "[]"},
	} {
		r := get(t, &fakeShop{}, path)
		if text := body(t, r); r.StatusCode != want.status || !strings.Contains(text, want.text) {
			t.Errorf("%s: %d without %q", path, r.StatusCode, want.text)
		}
	}
}

// Every answer carries the policy, and no page has anything in it that the policy would have to allow.
func TestPolicy(t *testing.T) {
	for _, path := range append(everyPage, "/daogou.js", "/cart.json", "/assets/nothing", "/pictures/tent-ridge.svg") {
		h := get(t, &fakeShop{}, path).Header
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") && !strings.HasPrefix(path, "/pictures/") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if !strings.HasPrefix(path, "/pictures/") && !strings.Contains(csp, "frame-ancestors 'self';") {
			t.Errorf("%s: anybody may frame it: %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
	for _, path := range everyPage {
		noInline(t, path, body(t, get(t, &fakeShop{}, path)))
	}
}

func noInline(t *testing.T, path, page string) {
	t.Helper()
	for z := html.NewTokenizer(strings.NewReader(page)); z.Next() != html.ErrorToken; {
		tok := z.Token()
		src, kind := "", ""
		for _, a := range tok.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
				t.Errorf("%s: <%s %s=%q>", path, tok.Data, a.Key, a.Val)
			}
			switch a.Key {
			case "src":
				src = a.Val
			case "type":
				kind = a.Val
			}
		}
		if tok.Type != html.StartTagToken {
			continue
		}
		if tok.Data == "style" || tok.Data == "script" && src == "" && kind != "application/ld+json" {
			t.Errorf("%s: an inline %s", path, tok.Data)
		}
		if tok.Data == "b" && strings.Contains(page, "<b>Evil") {
			t.Errorf("%s: a brand's markup got into the page", path)
		}
	}
}

func TestOwnName(t *testing.T) {
	for lang, want := range map[string]string{"en": "Ada&#39;s", "zh": "Ada&#39;s"} {
		w := httptest.NewRecorder()
		Handler(&fakeShop{}, Options{Name: "Ada's"}).ServeHTTP(w, httptest.NewRequest("GET", "/?lang="+lang, nil))
		page := w.Body.String()
		if !strings.Contains(page, want) {
			t.Errorf("%s: the shop's own name is not on the page", lang)
		}
		for _, key := range []string{"name", "ships", "try1"} { // true of the demo shop only
			if strings.Contains(page, say(lang, key)) {
				t.Errorf("%s: the page says %q", lang, say(lang, key))
			}
		}
	}
}

func TestWidgetIsServed(t *testing.T) {
	r := get(t, &fakeShop{}, "/daogou.js", "Accept-Encoding", "br, gzip")
	packed := body(t, r)
	if r.Header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/javascript") || r.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("headers %v", r.Header)
	}
	if !strings.Contains(r.Header.Get("Cache-Control"), "max-age=300") {
		t.Errorf("shops would keep an old widget: %q", r.Header.Get("Cache-Control"))
	}
	if len(packed) > 20<<10 {
		t.Errorf("the widget is %d bytes on the line", len(packed))
	}
	z, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if plain, _ := io.ReadAll(z); !bytes.Equal(plain, []byte(body(t, get(t, &fakeShop{}, "/daogou.js", "Accept-Encoding", "gzip;q=0")))) {
		t.Error("gzipped and plain widget differ")
	}
	again := get(t, &fakeShop{}, "/daogou.js", "If-None-Match", r.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified || body(t, again) != "" {
		t.Errorf("a browser that has it gets it again: %d", again.StatusCode)
	}
}

func TestAssetsAreHashedAndKept(t *testing.T) {
	page := body(t, get(t, &fakeShop{}, "/"))
	found := regexp.MustCompile(`/assets/[a-z]+\.[0-9a-f]{16}\.[a-z]+`).FindAllString(page, -1)
	if len(found) != 4 {
		t.Fatalf("the page names %v, want icon, style sheet and two scripts", found)
	}
	for _, path := range found {
		r := get(t, &fakeShop{}, path, "Accept-Encoding", "gzip")
		if r.StatusCode != 200 || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") || r.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %d %v", path, r.StatusCode, r.Header)
		}
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct{ path, accept, cookie, want string }{
		{"/", "", "", "en"},
		{"/", "zh-CN,zh;q=0.9,en;q=0.5", "", "zh"},
		{"/", "zh-TW", "", "zh"},
		{"/", "fr, zh;q=0.5", "", "zh"},
		{"/", "de-DE", "", "en"},
		{"/", "zh", "lang=en", "en"},
		{"/?lang=zh", "en", "lang=en", "zh"},
		{"/?lang=xx", "en", "lang=yy", "en"},
		{"/", ";;;;", "", "en"},
	} {
		r := get(t, &fakeShop{}, c.path, "Accept-Language", c.accept, "Cookie", c.cookie)
		if got := r.Header.Get("Content-Language"); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
		if set := r.Header.Get("Set-Cookie"); (set != "") != strings.Contains(c.path, "lang=zh") {
			t.Errorf("%+v: cookie %q; only a choice is remembered", c, set)
		}
	}
}

func TestEveryPhraseIsKnown(t *testing.T) {
	names, err := files.ReadDir("store")
	if err != nil {
		t.Fatal(err)
	}
	used := regexp.MustCompile(`\{\{-?\s*t \$?\.?[lL]ang "([^"]+)"|t \$\.Lang "([^"]+)"|t \$lang "([^"]+)"`)
	for _, e := range names {
		b, _ := files.ReadFile("store/" + e.Name())
		for _, m := range used.FindAllStringSubmatch(string(b), -1) {
			key := m[1] + m[2] + m[3]
			if p, ok := phrases[key]; !ok || p[0] == "" || p[1] == "" {
				t.Errorf("%s: no phrase %q", e.Name(), key)
			}
		}
	}
}

func TestTrouble(t *testing.T) {
	broken := &fakeShop{broken: errors.New("the disk is gone")}
	for _, path := range []string{"/", "/search", "/p/tent-ridge", "/cart.json?id=tent-ridge"} {
		r := get(t, broken, path)
		if text := body(t, r); r.StatusCode != 500 || strings.Contains(text, "disk") {
			t.Errorf("%s: %d, and the page must not tell the cause", path, r.StatusCode)
		}
	}
	if r := get(t, nil, "/"); r.StatusCode != 500 || !strings.Contains(body(t, r), "Something went wrong") {
		t.Errorf("a panic gave %d", r.StatusCode)
	}
	r := httptest.NewRequest("GET", "/cart.json?"+strings.Repeat("id=x&", 101), nil)
	w := httptest.NewRecorder()
	Handler(&fakeShop{}, Options{}).ServeHTTP(w, r)
	if w.Code != 400 {
		t.Errorf("101 products in a cart: %d", w.Code)
	}
}

// Whatever stands in an address is read leniently and comes back escaped.
func TestListQuery(t *testing.T) {
	long := strings.Repeat("帐", 500)
	r := httptest.NewRequest("GET", "/search?q="+url.QueryEscape("  a\x00\xff \n b ")+"&page=-7&sort=evil&f.colour=red&f.colour=&f.=x&min=10&f."+strings.Repeat("x=1&f.x=2&f.", 200)+"x=1", nil)
	q := listQuery(r)
	if q.Text != "a b" || q.Page != 1 || q.Sort != "" || len(q.Filters["colour"]) != 1 || q.Filters[""] != nil || q.Min != "10" {
		t.Errorf("%+v", q)
	}
	if n := len(q.Filters["x"]); n > maxTicks {
		t.Errorf("%d filter values were taken", n)
	}
	if q := listQuery(httptest.NewRequest("GET", "/search?q="+url.QueryEscape(long)+"&page=99999999999999999999", nil)); len([]rune(q.Text)) != maxQuery || q.Page != 1 {
		t.Errorf("text of %d runes, page %d", len([]rune(q.Text)), q.Page)
	}
}

func TestPageLinks(t *testing.T) {
	for _, c := range []struct {
		total, current int
		want           string
	}{
		{24, 1, ""}, {25, 1, "[1] 2"}, {240, 5, "1 … 4 [5] 6 … 10"}, {1 << 30, 1, "[1] 2 … 400"},
	} {
		r := httptest.NewRequest("GET", "/search?q=x&page=5&lang=zh", nil)
		var got []string
		for _, l := range pageLinks(r, c.current, c.total) {
			switch {
			case l.Gap:
				got = append(got, "…")
			case l.Current:
				got = append(got, "["+l.Label+"]")
			default:
				got = append(got, l.Label)
				if strings.Contains(l.Path, "lang=") || !strings.Contains(l.Path, "q=x") {
					t.Errorf("path %s", l.Path)
				}
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%d of %d: %s, want %s", c.current, c.total, s, c.want)
		}
	}
}

func TestProductDescribesItself(t *testing.T) {
	page := body(t, get(t, &fakeShop{}, "/p/tent-ridge"))
	_, rest, _ := strings.Cut(page, `<script type="application/ld+json">`)
	text, _, _ := strings.Cut(rest, `</script>`)
	var got struct {
		Type   string `json:"@type"`
		Name   string
		Offers struct{ Price, PriceCurrency, Availability string }
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if got.Type != "Product" || got.Offers.Price != "189.00" || got.Offers.PriceCurrency != "USD" || !strings.HasSuffix(got.Offers.Availability, "InStock") {
		t.Errorf("%+v", got)
	}
	evil := body(t, get(t, &fakeShop{}, "/p/lamp-hostile"))
	if strings.Contains(evil, "<script>document") || strings.Contains(evil, "<img src=x") {
		t.Error("a title's markup got into the page")
	}
}

func TestDecimal(t *testing.T) {
	for want, in := range map[string]struct {
		minor    int64
		currency string
	}{"19.99": {1999, "USD"}, "0.05": {5, "EUR"}, "500": {500, "JPY"}, "12000.00": {1200000, "HUF"}, "0.005": {5, "KWD"}} {
		if got := decimal(in.minor, in.currency); got != want {
			t.Errorf("%v: %s, want %s", in, got, want)
		}
	}
}
