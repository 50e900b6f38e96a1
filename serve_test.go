package main

import (
	"net/http/httptest"
	"testing"
	"time"

	"daogou/web"
)

func TestLists(t *testing.T) {
	db, done, err := demoOr(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	s := &shop{db, time.Now}
	q := web.ListQuery{Page: 1, Size: 24}
	first, err := s.Search(t.Context(), "en", q)
	if err != nil || first.Total <= q.Size {
		t.Fatalf("%d products, %v", first.Total, err)
	}
	q.Page = (first.Total + q.Size - 1) / q.Size
	last, err := s.Search(t.Context(), "en", q)
	if want := first.Total - (q.Page-1)*q.Size; err != nil || len(last.Cards) != want {
		t.Errorf("the last page has %d products, want %d, %v", len(last.Cards), want, err)
	}
	gone := web.ListQuery{Page: 1, Size: 24, Filters: map[string][]string{"brand": {"no such brand"}}}
	if v, err := s.Search(t.Context(), "en", gone); err != nil || v.Total != 0 {
		t.Errorf("a brand that is gone: %d products, %v", v.Total, err)
	}
}

func TestOrigins(t *testing.T) {
	for _, bad := range []string{"shop.example", "https://shop.example/", "https://Shop.example", "ftp://shop.example", "*", ""} {
		if err := (Config{Origins: []string{bad}}).checkOrigins(); err == nil {
			t.Errorf("%q was taken for an origin", bad)
		}
	}
	c := Config{Origins: []string{"https://shop.example", "http://localhost:3000"}}
	if err := c.checkOrigins(); err != nil {
		t.Fatal(err)
	}
	for origin, want := range map[string]bool{
		"": true, "http://chat.example": true, "https://shop.example": true, "http://localhost:3000": true,
		"http://shop.example": false, "https://shop.example.evil.example": false, "https://evilshop.example": false, "null": false,
	} {
		r := httptest.NewRequest("GET", "http://chat.example/ws", nil)
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		if got := c.mayTalk(r); got != want {
			t.Errorf("origin %q: %v, want %v", origin, got, want)
		}
	}
}

func TestClientAddress(t *testing.T) {
	r := httptest.NewRequest("GET", "/ws", nil)
	r.RemoteAddr = "10.0.0.1:999"
	if got := (Config{Proxied: true}).client(r); got != "10.0.0.1:999" {
		t.Errorf("without the header: %s", got)
	}
	r.Header.Add("X-Forwarded-For", "1.1.1.1")
	r.Header.Add("X-Forwarded-For", "6.6.6.6, 203.0.113.7")
	if got := (Config{Proxied: true}).client(r); got != "203.0.113.7" {
		t.Errorf("behind a proxy: %s", got)
	}
	if got := (Config{}).client(r); got != "10.0.0.1:999" {
		t.Errorf("a client without a proxy could choose its address: %s", got)
	}
}
