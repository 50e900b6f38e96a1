package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// startApp runs the real App with the demo shop on a free port and stops it with the test.
func startApp(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	app, err := Open(t.Context(), Config{Addr: "127.0.0.1:0", DB: filepath.Join(dir, "shop.db"), Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the app did not stop cleanly: %v", err)
		}
		app.Close()
	})
	return "http://" + app.Addr()
}

// browser opens a tab of headless Chromium; without one the test is skipped, or fails where DAOGOU_REQUIRE_BROWSER=1 says that it must be there.
func browser(t *testing.T, lang string, width, height int64) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("DAOGOU_REQUIRE_BROWSER") == "1" {
			t.Fatal("Chromium is needed (Debian package chromium) and not on the PATH")
		}
		t.Skip("no Chromium on the PATH: the browser test is skipped")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("lang", lang), chromedp.Flag("accept-lang", lang))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, done := chromedp.NewContext(alloc)
	t.Cleanup(done)
	still := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error { // no picture in the middle of an animation
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	})
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height), still); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 90*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// inWidget is JavaScript that evaluates to the first element in the widget's shadow root that fits a selector.
func inWidget(selector string) string {
	return `document.querySelector('daogou-chat')?.shadowRoot.querySelector(` + "`" + selector + "`" + `)`
}

// shopper drives the shop with a keyboard alone.
type shopper struct {
	t   *testing.T
	ctx context.Context
}

func (s shopper) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	if err := chromedp.Do(s.ctx, actions...); err != nil {
		s.screenshot("failed")
		s.t.Fatalf("%s: %v", what, err)
	}
}

func (s shopper) until(what, js string) {
	s.t.Helper()
	s.do(what, chromedp.Poll[chromedp.Void](js, chromedp.WithPollingTimeout(20*time.Second)))
}

// tabTo presses Tab until the focused element fits the selector, in the page or in the widget.
func (s shopper) tabTo(selector string) {
	s.t.Helper()
	at := `(() => { let e = document.activeElement; while (e && e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement; return !!e && e.matches(` + "`" + selector + "`" + `) })()`
	for range 200 {
		if evaluate[bool](s, at) {
			return
		}
		s.do("press Tab", chromedp.KeyEvent(kb.Tab))
	}
	s.screenshot("failed")
	s.t.Fatalf("Tab never reached %s", selector)
}

func evaluate[T any](s shopper, js string) T {
	s.t.Helper()
	v, err := chromedp.Run(s.ctx, chromedp.Evaluate[T](js))
	if err != nil {
		s.t.Fatalf("%s: %v", js, err)
	}
	return v
}

func (s shopper) press(key string) { s.t.Helper(); s.do("press a key", chromedp.KeyEvent(key)) }

// screenshot writes a picture into DAOGOU_SHOTS, if that is set.
func (s shopper) screenshot(name string) {
	dir := os.Getenv("DAOGOU_SHOTS")
	if dir == "" {
		return
	}
	if err := chromedp.Do(s.ctx, chromedp.Evaluate[chromedp.Void]("scrollTo({top: 0, behavior: 'instant'})")); err != nil {
		s.t.Log(err)
	}
	png, err := chromedp.Run(s.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		s.t.Logf("no screenshot: %v", err)
		return
	}
	name = strings.ReplaceAll(s.t.Name(), "/", "-") + "-" + name + ".png"
	if err := os.WriteFile(filepath.Join(dir, name), png, 0o644); err != nil {
		s.t.Log(err)
	}
}

// firstAnswer stands for tapping the first answer that the assistant offers.
const firstAnswer = "(first answer)"

// TestBrowserBuys buys a product by talking, in English and in Chinese, on a desktop and on a phone, with only the keyboard.
func TestBrowserBuys(t *testing.T) {
	base := startApp(t)
	for _, c := range []struct {
		name, lang    string
		width, height int64
		lines         []string // what the shopper says; products are shown after the first
		title         string
	}{
		{"en-desktop", "en-GB", 1280, 900, []string{"I'm looking for a tent for two people, ideally waterproof", "add the first one to my basket", firstAnswer}, "tent"},
		{"zh-desktop", "zh-CN", 1280, 900, []string{"想要两个人用的帐篷，最好防水", "把第一个加入购物车", firstAnswer}, "帐篷"},
		{"en-phone", "en-GB", 390, 844, []string{"wireless headphones under 200 bucks", "I'll take the second one", "yes please", "navy"}, "headphones"},
		{"zh-phone", "zh-CN", 390, 844, []string{"想买个无线头戴耳机，预算一千五以内", "要第二个，加购物车", "黑色"}, "耳机"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := shopper{t, browser(t, c.lang, c.width, c.height)}
			s.do("open the shop", chromedp.Navigate(base+"/"))
			s.until("the widget loads", "!!"+inWidget(".launch"))
			s.screenshot("shop")
			s.tabTo(".launch")
			s.press(kb.Enter)
			s.until("the panel opens", `document.querySelector('daogou-chat').shadowRoot.activeElement?.tagName === 'TEXTAREA'`)
			s.screenshot("open")
			for i, line := range c.lines {
				if evaluate[bool](s, inWidget(".cart")+" != null") {
					break // a product without versions is in the basket already
				}
				s.say(line)
				if i == 0 {
					s.until("products are shown", inWidget(".card")+" != null")
					s.screenshot("products")
				}
			}
			s.until("the basket is filled", inWidget(".cart")+" != null")
			s.screenshot("basket")
			s.checkout(base, c.title)
		})
	}
}

// say types a line and waits for the reply that answers it.
func (s shopper) say(text string) {
	s.t.Helper()
	count := `document.querySelector('daogou-chat').shadowRoot.querySelectorAll('.msg.bot:not([aria-hidden])').length`
	before := evaluate[int](s, count)
	if text == firstAnswer {
		s.tabTo(".msg.bot .opts button")
		s.press(kb.Enter)
	} else {
		s.tabTo("textarea")
		s.do("type", chromedp.KeyEvent(text), chromedp.KeyEvent(kb.Enter))
	}
	s.until("a reply comes", count+" > "+strconv.Itoa(before))
}

// checkout goes to the cart page and orders there.
func (s shopper) checkout(base, title string) {
	s.t.Helper()
	s.do("open the cart", chromedp.Navigate(base+"/cart"))
	s.until("the cart lists it", `document.querySelector('[data-lines]').innerText.toLowerCase().includes('`+title+`')`)
	s.screenshot("cart")
	s.tabTo("[data-checkout]")
	s.press(kb.Enter)
	s.until("the shop says thank you", `!document.querySelector('[data-thanks]').hidden`)
	s.screenshot("thanks")
}
