// Package web is what a browser gets: the demo shop, and the chat widget daogou.js that any shop embeds.
//
// It is for serving pages and files. It knows no catalogue: the shop's products come through the small interface Shop, whose views (views.go) are plain strings
// ready to show, and main adapts the catalogue to it. It knows no chat either: the widget speaks to /ws of the host that served daogou.js, and main puts the chat
// there.
//
//	mux.Handle("/", web.Handler(shop, web.Options{}))
//	mux.Handle("/ws", chatServer)
//
// Invariants. Pages work without scripts as far as browsing goes; the cart needs one, because it lives in the browser. No page has an inline script or style, so
// the content policy allows none. Everything that a product's owner wrote is escaped by html/template or set as text. Files under /assets carry a hash of their
// content in their name and never change; /daogou.js keeps its name, because shops have it in their pages, and is revalidated. The widget sets no cookie; the shop
// sets one, "lang", and only when somebody chooses a language.
package web

//go:generate go test -run TestBundleIsFresh -rewrite .

import (
	"log/slog"
	"net/http"
)

// Options are what a shop owner may set. The zero value is the demo shop.
type Options struct {
	Name string       // the shop's name; if empty it is the demo shop, which also says where it ships from and what to ask for
	Log  *slog.Logger // where failures go; slog.Default() if nil
}

// Handler serves the shop: / /c/<category> /p/<product> /search /cart /pictures/<id>.svg /daogou.js /assets/…
func Handler(shop Shop, o Options) http.Handler {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	s := &site{shop: shop, opts: o}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /c/{category}", s.list)
	mux.HandleFunc("GET /search", s.list)
	mux.HandleFunc("GET /p/{id...}", s.product)
	mux.HandleFunc("GET /cart", s.cart)
	mux.HandleFunc("GET /cart.json", s.cartLines)
	mux.HandleFunc("GET /pictures/{file...}", s.picture)
	mux.HandleFunc("GET /daogou.js", serveWidget)
	mux.HandleFunc("GET /favicon.ico", serveIcon)
	mux.HandleFunc("GET /assets/{name}", serveAsset)
	mux.HandleFunc("/", s.notFound)
	return s.secured(mux)
}

// secured sets the headers that every answer has, and turns a panic into the 500 page.
func (s *site) secured(next http.Handler) http.Handler {
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.opts.Log.Error("a page panicked", "path", r.URL.Path, "panic", p)
				s.fail(w, r)
			}
		}()
		next.ServeHTTP(w, r)
	})
}
