package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"daogou/catalog/demo"
	"daogou/chat"
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

// TestMetricsApart checks that the counters are served where they were asked for and nowhere else.
func TestMetricsApart(t *testing.T) {
	dir := t.TempDir()
	app, err := Open(t.Context(), Config{Addr: "127.0.0.1:0", Metrics: "127.0.0.1:0", DB: filepath.Join(dir, "shop.db"), Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	defer app.Close()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx) }()
	get := func(addr, path string) (int, string) {
		resp, err := http.Get("http://" + addr + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
	private := app.metrics.ln.Addr().String()
	if status, body := get(private, "/metrics"); status != 200 || !strings.Contains(body, "daogou_chat_connections 0") {
		t.Errorf("the counters: %d %.200s", status, body)
	}
	if status, _ := get(app.Addr(), "/metrics"); status != 404 {
		t.Errorf("the public address answers /metrics with %d", status)
	}
	if status, _ := get(private, "/"); status != 404 {
		t.Errorf("the private address answers / with %d", status)
	}
	if status, _ := get(app.Addr(), "/healthz"); status != 200 {
		t.Errorf("/healthz answers %d", status)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := http.Get("http://" + private + "/metrics"); err == nil {
		t.Error("the private address is still served after the end")
	}
}

// TestDemoPolicies reads the demo shop's own text as any shop's: complete in both languages, and found by its own questions.
func TestDemoPolicies(t *testing.T) {
	list, err := chat.ReadPolicies(bytes.NewReader(demo.Policies()))
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 20 {
		t.Errorf("%d answers, want at least 20", len(list))
	}
	faq := chat.NewFAQ(list)
	for _, q := range list {
		for _, lang := range []string{"en", "zh"} {
			if q.Answer[lang] == "" || len(q.Keywords[lang]) == 0 {
				t.Errorf("%s has no answer or keywords in %s", q.ID, lang)
			}
			if got, _ := faq.Find(lang, q.Question[lang]); got.ID != q.ID {
				t.Errorf("%q finds %s", q.Question[lang], got.ID)
			}
		}
	}
}

// TestDemoPoliciesStay checks that the demo shop leaves a policy file alone that is there already.
func TestDemoPoliciesStay(t *testing.T) {
	db := filepath.Join(t.TempDir(), "shop.db")
	if p, err := openPolicies("", db); p != nil || err != nil {
		t.Fatalf("a shop without a file has policies %v, %v", p, err)
	}
	if err := writeDemoPolicies(db); err != nil {
		t.Fatal(err)
	}
	if p, err := openPolicies("", db); p == nil || err != nil {
		t.Fatalf("policies %v, %v", p, err)
	}
	own := []byte("policies: [{id: a, question: {en: q}, answer: {en: a}}]")
	if err := os.WriteFile(policiesBeside(db), own, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeDemoPolicies(db); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(policiesBeside(db)); err != nil || !bytes.Equal(got, own) {
		t.Errorf("the shop's own file was replaced: %q, %v", got, err)
	}
}
