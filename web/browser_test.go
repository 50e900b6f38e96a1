package web

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"daogou/chat/wire"
)

var shots = flag.String("shots", "", "folder for screenshots that the browser tests take on their way")

var browser struct {
	sync.Once
	ctx  context.Context
	stop func()
	err  error
}

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if browser.stop != nil {
		browser.stop()
	}
	os.Exit(code)
}

func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// tab is a browser tab with its own storage, on a shop with a chat behind it.
type tab struct {
	*testing.T
	ctx  context.Context
	chat *fakeChat
	url  string
	mu   sync.Mutex
	bad  []string // exceptions, and what the page's policy refused
}

type screen struct {
	w, h  int64
	phone bool
	dark  bool
	lang  string
}

var desktop = screen{w: 1280, h: 900}

// open starts a shop, a chat and a tab.
func open(t *testing.T, s screen) *tab {
	t.Helper()
	chat := newFakeChat()
	mux := http.NewServeMux()
	mux.Handle("/", Handler(&fakeShop{}, Options{}))
	mux.Handle("/ws", chat)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(func() { chat.cut(0) })
	return openAt(t, s, server.URL, chat)
}

// openTalk opens the front page with the panel open.
func openTalk(t *testing.T, s screen) *tab {
	t.Helper()
	b := open(t, s)
	b.visit("/")
	b.openChat()
	return b
}

func openAt(t *testing.T, s screen, url string, chat *fakeChat) *tab {
	t.Helper()
	path := chromium()
	if path == "" {
		if os.Getenv("DAOGOU_REQUIRE_BROWSER") == "1" {
			t.Fatal("Chromium is needed (Debian package chromium) and not on the PATH")
		}
		t.Skip("no Chromium on the PATH: the widget is not tested in a browser")
	}
	browser.Do(func() {
		opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("lang", "en-US"))
		alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
		ctx, cancel := chromedp.NewContext(alloc)
		browser.ctx, browser.stop = ctx, func() { cancel(); stop() }
		browser.err = chromedp.Do(ctx)
	})
	if browser.err != nil {
		t.Fatalf("Chromium does not start: %v", browser.err)
	}
	ctx, cancel := chromedp.NewContext(browser.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &tab{T: t, ctx: ctx, chat: chat, url: url}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	scheme := "light"
	if s.dark {
		scheme = "dark"
	}
	var options []chromedp.EmulateViewportOption
	if s.phone {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	b.do(call(log.Enable, cdp.Empty{}), chromedp.EmulateViewport(s.w, s.h, options...),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}))
	if s.lang != "" {
		b.do(call(emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: "daogou-test", AcceptLanguage: s.lang}))
	}
	t.Cleanup(b.noComplaints)
	return b
}

// call is a command of the browser's protocol as a step.
func call[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// hear collects what must not happen on any page. A refused WebSocket is expected where a test refuses it.
func (b *tab) hear(event any) {
	text := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && !strings.Contains(e.Entry.Text, "WebSocket") {
			text = e.Entry.Text + " " + e.Entry.URL
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			for _, a := range e.Args {
				text += string(a.Value)
			}
		}
	}
	if text != "" {
		b.mu.Lock()
		b.bad = append(b.bad, text)
		b.mu.Unlock()
	}
}

func (b *tab) noComplaints() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, text := range b.bad {
		b.Errorf("the page complains: %s", text)
	}
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

func (b *tab) visit(path string) {
	b.Helper()
	b.do(chromedp.Navigate(b.url + path))
	b.wait("the widget is there", `!!(document.querySelector('daogou-chat') && document.querySelector('daogou-chat').shadowRoot && daogou.open)`)
}

// js evaluates an expression in which $ is the widget's shadow root.
func (b *tab) js(expr string) any {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[any](`(() => { const $ = document.querySelector('daogou-chat')?.shadowRoot; return (`+expr+`) ?? null })()`))
	if err != nil {
		b.Fatalf("%s: %v", expr, err)
	}
	return out
}

// wait polls until an expression is true.
func (b *tab) wait(what, expr string) {
	b.Helper()
	deadline := time.After(15 * time.Second)
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for b.js(expr) != true {
		select {
		case <-tick.C:
		case <-deadline:
			b.shot("failed-" + strings.ReplaceAll(b.Name(), "/", "-"))
			b.Fatalf("waited in vain until %s: %s\ntranscript: %v", what, expr, b.transcript())
		}
	}
}

func (b *tab) keys(keys ...string) {
	b.Helper()
	for _, k := range keys {
		b.do(chromedp.KeyEvent(k))
	}
}

func (b *tab) key(k string, m chromedp.Modifier) {
	b.Helper()
	b.do(chromedp.KeyEvent(k, chromedp.KeyModifiers(m)))
}

// focus is what has the focus: the label or text of the element, in the widget or in the page.
func (b *tab) focus() string {
	b.Helper()
	s, _ := b.js(`(() => { const el = $?.activeElement || document.activeElement; return el.getAttribute('aria-label') || el.innerText || el.tagName })()`).(string)
	return strings.TrimSpace(s)
}

// transcript is every message with who said it.
func (b *tab) transcript() []string {
	b.Helper()
	raw := b.js(`$ && JSON.stringify([...$.querySelectorAll('.msg')].map(m => (m.classList.contains('me') ? 'me: ' : 'it: ') + (m.querySelector('.text')?.textContent || '')))`)
	var out []string
	if s, ok := raw.(string); ok {
		if err := json.Unmarshal([]byte(s), &out); err != nil {
			b.Fatal(err)
		}
	}
	return out
}

// openChat opens the panel and waits for the line.
func (b *tab) openChat() {
	b.Helper()
	b.js(`daogou.open()`)
	b.wait("the line is up", `$.querySelector('.status').textContent !== '' && !$.querySelector('.frame').classList.contains('lost') && /Here to|帮您/.test($.querySelector('.status').textContent)`)
}

func (b *tab) say(text string) {
	b.Helper()
	b.js(`daogou.say(` + quote(text) + `)`)
}

func (b *tab) answered(n int) {
	b.Helper()
	b.wait(fmt.Sprintf("there are %d answers", n), fmt.Sprintf(`$.querySelectorAll('.msg.bot:not([aria-hidden])').length === %d && $.querySelector('.typing').hidden`, n))
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func (b *tab) shot(name string) {
	b.Helper()
	if *shots == "" {
		return
	}
	b.do(chromedp.Evaluate[chromedp.Void](`Promise.all([...document.images].filter(i => !i.complete && i.loading !== 'lazy').map(i => i.decode().catch(() => 0)))`, chromedp.EvalAwaitPromise))
	b.save(name, chromedp.CaptureScreenshot())
}

func (b *tab) save(name string, picture chromedp.Action[[]byte]) {
	b.Helper()
	png, err := chromedp.Run(b.ctx, picture)
	if err == nil {
		err = os.WriteFile(filepath.Join(*shots, name+".png"), png, 0o644)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// full takes the whole page, however long.
func (b *tab) full(name string) {
	b.Helper()
	if *shots == "" {
		return
	}
	b.save(name, chromedp.FullScreenshot(100))
}

func TestTalkWithKeyboardOnly(t *testing.T) {
	for _, s := range []screen{{w: 1280, h: 900, lang: "en-US"}, {w: 1280, h: 900, lang: "zh-CN"}, {w: 390, h: 844, phone: true, lang: "en-US"}} {
		t.Run(fmt.Sprintf("%s-%d", s.lang, s.w), func(t *testing.T) {
			b := open(t, s)
			zh := s.lang == "zh-CN"
			words := func(en, zh_ string) string {
				if zh {
					return zh_
				}
				return en
			}
			b.visit("/")
			launcher := words("Ask our assistant", "问问导购")
			b.key(kb.Tab, kb.ModifierShift) // the launcher is the last stop of the page
			if got := b.focus(); got != launcher {
				t.Fatalf("the focus is on %q, not on the launcher %q", got, launcher)
			}
			b.keys(kb.Enter)
			b.wait("the panel is open", `!$.querySelector('.panel').hidden && $.activeElement.tagName === 'TEXTAREA'`)
			b.wait("the line is up", `/Here to|帮您/.test($.querySelector('.status').textContent)`)
			b.keys(words("A waterproof tent for two under $200", "两人用的防水帐篷，200美元以内"))
			b.keys(kb.Enter)
			b.answered(1)
			if n := b.js(`$.querySelectorAll('.chip').length`); n != 4.0 {
				t.Errorf("%v chips, want 4", n)
			}
			b.keys(kb.ArrowUp)
			if got := b.focus(); !strings.Contains(got, words("Ridgeline", "山脊")) {
				t.Fatalf("arrow up went to %q, not to the first card", got)
			}
			b.keys(kb.ArrowDown)
			if got := b.focus(); !strings.Contains(got, words("Skua", "贼鸥")) {
				t.Fatalf("arrow down went to %q, not to the second card", got)
			}
			b.keys(kb.Tab, kb.Tab) // past the card's button to the first answer
			if got := b.focus(); !strings.HasPrefix(got, words("Summer", "夏季")) {
				t.Fatalf("Tab went to %q, not to the answers", got)
			}
			b.keys(kb.ArrowRight, kb.Enter)
			b.answered(2)
			b.wait("the focus is back on the field", `$.activeElement?.tagName === 'TEXTAREA'`)
			if n := b.js(`$.querySelectorAll('.chip').length`); n != 5.0 {
				t.Errorf("%v chips after an answer, want 5", n)
			}
			b.keys(kb.ArrowUp, kb.Tab) // first card, its button
			if got := b.focus(); !strings.HasPrefix(got, words("Add to cart", "加入购物车")) {
				t.Fatalf("Tab went to %q, not to the add button", got)
			}
			b.keys(kb.Enter)
			b.answered(3)
			b.wait("the shop's own cart has it", `document.querySelector('[data-cart-count]').textContent === '1'`)
			if s.phone { // the panel covers the page: Tab stays in it, both ways
				for range 30 {
					b.keys(kb.Tab)
					if b.js(`document.activeElement.tagName`) != "DAOGOU-CHAT" {
						t.Fatal("Tab left the panel that covers the page")
					}
				}
				for range 30 {
					b.key(kb.Tab, kb.ModifierShift)
					if b.js(`document.activeElement.tagName`) != "DAOGOU-CHAT" {
						t.Fatal("Shift+Tab left the panel that covers the page")
					}
				}
			}
			b.shot("keyboard-" + s.lang + fmt.Sprint(s.w))
			b.keys(kb.Escape)
			b.wait("the panel is closed and the focus is back", `$.querySelector('.panel').hidden && $.activeElement === $.querySelector('.launch')`)
		})
	}
}

func TestEnterAndShiftEnter(t *testing.T) {
	b := openTalk(t, desktop)
	b.keys("one")
	b.key(kb.Enter, kb.ModifierShift)
	b.keys("two")
	if v := b.js(`$.querySelector('textarea').value`); v != "one\ntwo" {
		t.Fatalf("the field holds %q", v)
	}
	b.keys(kb.Enter)
	b.answered(1)
	if got := b.chat.said(); len(got) != 1 || got[0] != "one\ntwo" {
		t.Errorf("the server heard %q", got)
	}
}

// While an input method composes, Enter takes a candidate and must not send.
func TestEnterDuringComposition(t *testing.T) {
	b := open(t, screen{w: 1280, h: 900, lang: "zh-CN"})
	b.visit("/")
	b.openChat()
	b.do(call(input.ImeSetComposition, input.ImeSetCompositionParams{Text: "zhangpeng", SelectionStart: 9, SelectionEnd: 9}))
	b.wait("the composition shows", `$.querySelector('textarea').value === 'zhangpeng'`)
	b.do(enter(input.DispatchKeyEventTypeKeyDown, 229))
	b.do(enter(input.DispatchKeyEventTypeKeyUp, 13))
	b.do(call(input.ImeSetComposition, input.ImeSetCompositionParams{Text: "zhangpeng", SelectionStart: 9, SelectionEnd: 9}))
	b.do(enter(input.DispatchKeyEventTypeKeyDown, 13))
	if got := b.chat.said(); len(got) != 0 {
		t.Fatalf("Enter sent %q out of a composition", got)
	}
	b.do(call(input.InsertText, input.InsertTextParams{Text: "帐篷"}))
	b.wait("the candidate is in", `$.querySelector('textarea').value.endsWith('帐篷')`)
	b.keys(kb.Enter)
	b.answered(1)
	if got := b.chat.said(); len(got) != 1 || !strings.HasSuffix(got[0], "帐篷") {
		t.Errorf("the server heard %q", got)
	}
}

func enter(kind input.DispatchKeyEventType, code int64) chromedp.Action[chromedp.Void] {
	return call(input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: code})
}

func TestResumeAfterDrop(t *testing.T) {
	b := openTalk(t, desktop)
	b.say("first")
	b.answered(1)
	b.chat.cut(1001)
	b.wait("the banner shows", `$.querySelector('.frame').classList.contains('lost') && $.querySelector('.banner').textContent !== ''`)
	b.shot("banner")
	b.say("second, while offline")
	b.say("third, while offline")
	if n := b.js(`$.querySelectorAll('.msg.me.wait').length`); n != 2.0 {
		t.Errorf("%v messages wait, want 2", n)
	}
	b.chat.set(func() { b.chat.refuse = 0 })
	b.answered(3)
	want := []string{"me: first", "it: You said: first", "me: second, while offline", "it: You said: second, while offline", "me: third, while offline", "it: You said: third, while offline"}
	if got := b.transcript(); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("transcript\n%q, want\n%q", got, want)
	}
	b.wait("the banner is gone", `$.querySelector('.banner').textContent === ''`)
	hellos := b.hellos()
	if last := hellos[len(hellos)-1]; last.Seq != 2 || last.Epoch != "e1" || last.Token != "secret" {
		t.Errorf("resumed with %+v, want seq 2 of e1", last)
	}
}

// Frames lost before the server and acknowledgements lost on the way back: every message is journaled once and shown once.
func TestReconnectDoublesNothing(t *testing.T) {
	b := openTalk(t, desktop)
	b.chat.set(func() { b.chat.twice = true })
	for i, lose := range []func(){func() { b.chat.deaf = 1 }, func() { b.chat.lossy = 1 }, func() { b.chat.deaf = 2 }} {
		b.chat.set(lose)
		b.say(fmt.Sprintf("message %d", i))
		b.answered(i + 1)
	}
	if got := b.chat.said(); strings.Join(got, "|") != "message 0|message 1|message 2" {
		t.Errorf("journaled %q", got)
	}
	if got := b.transcript(); len(got) != 6 {
		t.Errorf("transcript %q", got)
	}
}

// A page that is left while a message is on its way sends it from the next page; the transcript comes back; nothing is put in the cart again.
func TestNavigationKeepsTheTalk(t *testing.T) {
	b := openTalk(t, desktop)
	b.say("a tent")
	b.answered(1)
	b.js(`$.querySelector('.add').click()`)
	b.answered(2)
	b.wait("the cart has one", `document.querySelector('[data-cart-count]').textContent === '1'`)
	b.chat.cut(1001)
	b.say("and a mat")
	b.visit("/p/tent-ridge")
	b.wait("the panel is open again", `!$.querySelector('.panel').hidden`)
	b.chat.set(func() { b.chat.refuse = 0 })
	b.answered(3)
	if got := b.transcript(); len(got) != 6 || got[4] != "me: and a mat" {
		t.Errorf("transcript %q", got)
	}
	if n := b.js(`document.querySelector('[data-cart-count]').textContent`); n != "1" {
		t.Errorf("the cart has %v, want 1: an old event was acted on again", n)
	}
	if n := b.js(`dataLayer.filter((e) => e.event === 'add_to_cart').length`); n != 0.0 {
		t.Error("the page was told of an old event again")
	}
	hellos := b.hellos()
	if p := hellos[len(hellos)-1].Page; p == nil || p.Product != "tent-ridge" {
		t.Errorf("the server was told of page %+v, want product tent-ridge", p)
	}
}

// The host page is told after a lock, later than the shopper sees the basket. A page that is left before that, or before the reply came, tells it on the next page,
// with the panel closed, once.
func TestNavigationLosesNoEvent(t *testing.T) {
	for _, early := range []bool{false, true} {
		t.Run(map[bool]string{false: "lock not had", true: "reply not here"}[early], func(t *testing.T) {
			b := open(t, desktop)
			b.visit("/")
			b.openChat()
			b.say("a tent")
			b.answered(1)
			b.wait("the page was told of the tent", `sessionStorage.getItem('daogou:demo:due') === null`)
			b.js(`(navigator.locks.request('daogou:demo:', () => new Promise(() => {})), 1)`) // until the page is left
			b.chat.set(func() { b.chat.typing = early })
			b.js(`$.querySelector('.add').click()`)
			if early {
				b.wait("the tap is journaled", `$.querySelectorAll('.msg.me:not(.wait)').length === 2`)
			} else {
				b.wait("the basket shows", `!!$.querySelector('.cart')`)
			}
			if hidden := b.js(`document.querySelector('[data-cart-count]').hidden`); hidden != true {
				t.Fatal("the shop's cart has it already: this test tests nothing")
			}
			b.js(`daogou.close()`)
			b.visit("/p/tent-ridge")
			if early {
				b.chat.set(func() {
					text, body := b.chat.answer(wire.Client{Kind: wire.KindTap, Tap: &wire.Tap{Do: wire.DoAdd, Product: "tent-ridge"}})
					b.chat.append(wire.Server{Kind: wire.KindReply, Turn: 2, Who: "assistant", Lang: "en", Text: text, Reply: body})
				})
			}
			b.wait("the shop's cart has one", `document.querySelector('[data-cart-count]').textContent === '1'`)
			if n := b.js(`dataLayer.filter((e) => e.event === 'add_to_cart').length`); n != 1.0 {
				t.Errorf("analytics heard of it %v times, want 1", n)
			}
			if open := b.js(`!$.querySelector('.panel').hidden`); open != false {
				t.Error("the panel opened by itself")
			}
			if n := b.js(`$.querySelector('.badge').textContent`); n != "1" {
				t.Errorf("the badge says %v, want 1 new reply", n)
			}
			n := len(b.hellos())
			b.visit("/")
			b.wait("the shop is drawn", `document.querySelector('[data-cart-count]').textContent === '1'`)
			if got := len(b.hellos()); got != n {
				t.Error("it connected with the panel closed and nothing to tell")
			}
			b.openChat()
			b.answered(2)
			if n := b.js(`document.querySelector('[data-cart-count]').textContent`); n != "1" {
				t.Errorf("the cart has %v, want 1: told twice", n)
			}
			if n := b.js(`dataLayer.filter((e) => e.event === 'add_to_cart').length`); n != 0.0 {
				t.Error("analytics heard of it again")
			}
		})
	}
}

func (b *tab) hellos() []wire.Client {
	b.chat.mu.Lock()
	defer b.chat.mu.Unlock()
	return append([]wire.Client{}, b.chat.hellos...)
}

// Two tabs of one shop share a talk. Both may write; numbers never clash; only one puts things in the cart.
func TestTwoTabs(t *testing.T) {
	b := openTalk(t, desktop)
	ctx, cancel := chromedp.NewContext(b.ctx) // same browser context
	defer cancel()
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	other := &tab{T: t, ctx: ctx, chat: b.chat, url: b.url}
	other.visit("/")
	other.openChat()
	b.say("a tent")
	b.answered(1)
	other.answered(1)
	other.say("hello from the other tab")
	other.answered(2)
	b.answered(2)
	b.js(`$.querySelectorAll('.add')[0].click()`)
	b.answered(3)
	other.answered(3)
	b.wait("one in the cart", `document.querySelector('[data-cart-count]').textContent === '1'`)
	other.wait("one in the cart", `document.querySelector('[data-cart-count]').textContent === '1'`)
	// One tab's message is lost on the way, and the other uses its number: it must be changed.
	b.chat.set(func() { b.chat.deaf, b.chat.refuse = 1, 1001 })
	b.say("mine")
	b.wait("the line is down", `$.querySelector('.frame').classList.contains('lost')`)
	other.say("theirs")
	other.answered(4)
	b.chat.set(func() { b.chat.refuse = 0 })
	b.answered(5)
	other.answered(5)
	if got := strings.Join(b.chat.said(), "|"); got != "a tent|hello from the other tab|theirs|mine" {
		t.Errorf("journaled %q", got)
	}
	if a, o := b.transcript(), other.transcript(); strings.Join(a, "|") != strings.Join(o, "|") {
		t.Errorf("the tabs disagree:\n%q\n%q", a, o)
	}
	if n := b.js(`document.querySelector('[data-cart-count]').textContent`); n != "1" {
		t.Errorf("the cart has %v, want 1", n)
	}
}

func TestRestartIsSaid(t *testing.T) {
	b := openTalk(t, desktop)
	b.say("first")
	b.answered(1)
	b.chat.set(func() { b.chat.epoch, b.chat.journal, b.chat.seen = 2, nil, 0 })
	b.chat.cut(0)
	b.wait("the restart is said", `[...$.querySelectorAll('.notice')].some(p => p.textContent.includes('started anew'))`)
	b.say("second")
	b.answered(1)
	if got := b.transcript(); len(got) != 2 || got[0] != "me: second" {
		t.Errorf("transcript %q", got)
	}
}

func TestFatalCloseIsFinal(t *testing.T) {
	b := openTalk(t, desktop)
	b.say("first")
	b.answered(1)
	b.chat.cut(4503)
	b.wait("the stop is said", `$.querySelector('.banner button') && $.querySelector('.banner').textContent.includes('4503')`)
	n := len(b.hellos())
	b.chat.set(func() { b.chat.refuse = 0 })
	b.js(`window.dispatchEvent(new Event('online'))`)
	if got := len(b.hellos()); got != n {
		t.Errorf("it came back after a final close code")
	}
	b.js(`$.querySelector('.banner button').click()`)
	b.wait("a new talk", `!$.querySelector('.frame').classList.contains('lost') && $.querySelectorAll('.msg').length === 0`)
	last := b.hellos()
	if h := last[len(last)-1]; h.Session != "" || h.Seq != 0 {
		t.Errorf("a new talk began with the old session: %+v", h)
	}
}

// The shop's own cart: versions with their own price, quantities, and the checkout that is none.
func TestCart(t *testing.T) {
	b := open(t, desktop)
	b.visit("/p/tent-ridge")
	b.js(`document.querySelectorAll('[name=variant]')[1].click()`)
	if p := b.js(`document.querySelector('[data-price]').textContent`); p != "$199.00" {
		t.Errorf("the chosen version costs %v on its page", p)
	}
	b.js(`(document.querySelector('[name=quantity]').value = 2, document.querySelector('[data-buy]').requestSubmit(), 1)`)
	b.wait("two are in the cart", `document.querySelector('[data-cart-count]').textContent === '2'`)
	b.visit("/cart")
	b.wait("the total is that of the version", `document.querySelector('[data-total]').textContent === '$398.00' && document.querySelector('.line').textContent.includes('Sand')`)
	b.js(`document.querySelector('.qty button').click()`)
	b.wait("one less", `document.querySelector('[data-total]').textContent === '$199.00' && document.querySelector('[data-cart-count]').textContent === '1'`)
	b.js(`document.querySelector('[data-checkout]').click()`)
	b.wait("the demo says thank you", `!document.querySelector('[data-thanks]').hidden && document.querySelector('[data-cart-count]').hidden && document.querySelector('[data-empty]').hidden`)
	b.shot("thanks")
	b.visit("/cart")
	b.wait("the cart is empty", `!document.querySelector('[data-empty]').hidden`)
	b.shot("cart-empty")
}

// Amounts of two currencies have no common sum.
func TestCartOfTwoCurrencies(t *testing.T) {
	b := open(t, desktop)
	b.visit("/p/tent-ridge")
	b.js(`document.querySelector('[data-buy]').requestSubmit()`)
	b.visit("/p/bike-lux")
	b.js(`document.querySelector('[data-buy]').requestSubmit()`)
	b.visit("/cart")
	b.wait("there is a subtotal for each", `[...document.querySelectorAll('[data-total] span')].map((e) => e.textContent).join() === '$189.00,€34.99'`)
	b.shot("cart-two-currencies")
	b.js(`document.querySelector('[data-checkout]').click()`)
	if got := b.js(`dataLayer.filter((e) => e.event === 'begin_checkout').map((e) => e.ecommerce.currency + e.ecommerce.value).join()`); got != "USD189,EUR34.99" {
		t.Errorf("analytics heard of %v", got)
	}
}

// Everything that a shop's products or a shopper can say is text, never markup, and links go nowhere but http(s).
func TestHostileTextIsHarmless(t *testing.T) {
	b := open(t, desktop)
	b.visit("/p/lamp-hostile")
	b.openChat()
	b.say("hostile " + hostile)
	b.answered(1)
	b.shot("hostile")
	if title := b.js(`document.title`); title == "owned" {
		t.Fatal("markup in a title was run")
	}
	if n := b.js(`$.querySelectorAll('.log script, .log img, .log a, .need img').length`); n != 0.0 {
		t.Errorf("%v elements came out of hostile text", n)
	}
	b.js(`$.querySelector('.msg .opt').click()`)
	b.answered(2)
	b.visit("/search?q=" + "%3Cscript%3Edocument.title='owned'%3C/script%3E")
	if title := b.js(`document.title`); title == "owned" {
		t.Fatal("markup in a search was run")
	}
	b.visit("/")
	if n := b.js(`document.querySelectorAll('main script, [onerror]').length`); n != 0.0 {
		t.Errorf("%v elements came out of a hostile title on the front page", n)
	}
}

// However much a shopper wants, the chips take two lines; the newest is in sight.
func TestManyChips(t *testing.T) {
	for _, s := range []screen{desktop, {w: 390, h: 844, phone: true}, {w: 390, h: 844, phone: true, dark: true, lang: "zh-CN"}} {
		b := open(t, s)
		b.visit("/")
		b.openChat()
		b.say("a tent")
		b.answered(1)
		b.chat.set(func() {
			for i := range 12 {
				b.chat.state.Constraints = append(b.chat.state.Constraints, wire.Constraint{Facet: fmt.Sprint("f", i), Op: "=", Value: json.RawMessage(`1`), Hard: true, Label: "wish number " + fmt.Sprint(i)})
			}
		})
		b.js(`$.querySelectorAll('.msg .opt')[1].click()`)
		b.answered(2)
		b.shot(fmt.Sprintf("chips-%d-%s", s.w, s.lang))
		lines := b.js(`(() => { const n = $.querySelector('.need'), box = n.getBoundingClientRect(); return new Set([...n.children].map((c) => c.getBoundingClientRect()).filter((c) => c.top >= box.top && c.bottom <= box.bottom).map((c) => c.top)).size })()`)
		if lines != 2.0 {
			t.Errorf("at %d pixels %v lines of chips are whole, want 2", s.w, lines)
		}
		b.wait("the newest is in sight", `$.querySelector('.need').lastElementChild.getBoundingClientRect().bottom <= $.querySelector('.need').getBoundingClientRect().bottom`)
	}
}

func TestClaimNamesItsSource(t *testing.T) {
	b := openTalk(t, desktop)
	b.say("a tent")
	b.answered(1)
	if text := b.js(`$.querySelector('.claim').textContent`); text != "$189.00" {
		t.Errorf("the claim is %q", text)
	}
	b.js(`$.querySelector('.claim').focus()`)
	b.keys(kb.Enter)
	b.wait("the source shows", `$.querySelector('.source').textContent.includes('price') && $.querySelector('.source').textContent.includes('2026')`)
	b.shot("claim")
}

func TestQueueBeforeLoadEventsAndAnalytics(t *testing.T) {
	chat := newFakeChat()
	mux := http.NewServeMux()
	mux.HandleFunc("/host.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `window.daogou=window.daogou||function(){(daogou.q=daogou.q||[]).push(arguments)};
window.heard=[];
for (const name of ['ready','open','close','add_to_cart','message','error']) daogou('on', name, (e) => heard.push(name + (e.product ? ':' + e.product + ':' + e.quantity : '')));
daogou('on','open',() => { throw new Error('a bad handler') });
daogou('setLocale','zh'); daogou('setPage',{product:'tent-skua'}); daogou('setUser',{identifier:'u1'}); daogou('setCart',{count:2,lines:[{product:'x',quantity:2}]}); daogou('open'); daogou('nonsense');`)
	})
	mux.HandleFunc("/host", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><title>A partner</title><h1>Partner</h1><script src="/host.js"></script><script async src="/daogou.js" data-store="partner" data-title="Ask Anna" data-country="DE"></script>`)
	})
	mux.Handle("/", Handler(&fakeShop{}, Options{}))
	mux.Handle("/ws", chat)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(func() { chat.cut(0) })
	b := openAt(t, desktop, server.URL, chat)
	b.visit("/host")
	b.wait("it is open", `!$.querySelector('.panel').hidden && $.querySelector('h2').textContent === 'Ask Anna' && $.querySelector('textarea').placeholder === '输入消息'`)
	b.wait("the page was told", `heard.includes('ready') && heard.includes('open')`)
	b.wait("the line is up", `$.querySelector('.status').textContent.includes('帮您')`)
	h := b.hellos()[0]
	if h.Store != "partner" || h.Lang != "zh" || h.Country != "DE" || h.Page == nil || h.Page.Product != "tent-skua" {
		t.Errorf("hello %+v", h)
	}
	b.say("帐篷")
	b.answered(1)
	b.js(`$.querySelector('.add').click()`)
	b.answered(2)
	b.wait("the page heard of the cart", `heard.includes('add_to_cart:tent-ridge:1')`)
	var names []string
	s, _ := b.js(`JSON.stringify(dataLayer.map(e => e.event).filter(Boolean))`).(string)
	if err := json.Unmarshal([]byte(s), &names); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"view_search_results", "view_item_list", "add_to_cart"} {
		if !strings.Contains(s, want) {
			t.Errorf("dataLayer has %v, not %s", names, want)
		}
	}
	if got := b.js(`JSON.stringify(dataLayer.find(e => e.event === 'add_to_cart').ecommerce)`); got != `{"item_list_id":"daogou","item_list_name":"Shopping assistant","currency":"USD","value":189,"items":[{"item_id":"tent-ridge","item_name":"诺峰 山脊 双人三季帐篷","price":189,"quantity":1,"item_list_id":"daogou","item_list_name":"Shopping assistant"}]}` {
		t.Errorf("add_to_cart is %s", got)
	}
	b.js(`(document.body.replaceWith(document.createElement('body')), 1)`) // a single-page shop swaps its body
	b.wait("the widget comes back", `!!$ && document.querySelector('daogou-chat').isConnected && $.querySelectorAll('.msg').length === 4`)
	b.js(`daogou.setUser({identifier: 'u2'})`)
	b.wait("somebody else sees nothing of it", `$.querySelectorAll('.msg').length === 0`)
	if c := b.js(`document.cookie`); c != "" {
		t.Errorf("the widget left a cookie: %v", c)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	rest := b.bad[:0]
	for _, text := range b.bad {
		if !strings.Contains(text, "bad handler") && !strings.Contains(text, `handler of`) && !strings.Contains(text, "nonsense") {
			rest = append(rest, text)
		}
	}
	b.bad = rest
}

// A sandboxed page has no storage and no locks: everything then lives as long as the page.
func TestWithoutStorage(t *testing.T) {
	chat := newFakeChat()
	mux := http.NewServeMux()
	mux.HandleFunc("/host", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "sandbox allow-scripts")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><title>Sandbox</title><body><script async src="/daogou.js" data-store="x"></script>`)
	})
	mux.Handle("/", Handler(&fakeShop{}, Options{}))
	mux.Handle("/ws", chat)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(func() { chat.cut(0) })
	b := openAt(t, desktop, server.URL, chat)
	b.visit("/host")
	b.js(`(window.heard = 0, daogou.on('add_to_cart', () => heard++), 1)`)
	b.openChat()
	b.say("a tent")
	b.answered(1)
	chat.cut(0)
	b.say("after the break")
	b.answered(2)
	b.js(`$.querySelector('.add').click()`)
	b.answered(3)
	b.wait("the page was told once", `heard === 1`)
	if got := b.transcript(); len(got) != 6 {
		t.Errorf("transcript %q", got)
	}
}

// Pages fit their window: nothing scrolls sideways, down to 320 pixels, which is also 200 % zoom of 640.
func TestLook(t *testing.T) {
	for _, w := range []int64{320, 390, 820, 1280} {
		for _, lang := range []string{"en-US", "zh-CN"} {
			for _, dark := range []bool{false, true} {
				if all := *shots != ""; dark && w != 390 && w != 1280 || !all && dark != (lang == "zh-CN") && w != 820 {
					continue // the other half of the pictures is for eyes only
				}
				s := screen{w: w, h: 844, phone: w < 500, dark: dark, lang: lang}
				if w == 1280 {
					s.h = 900
				}
				name := fmt.Sprintf("%d-%s-%s", w, lang[:2], map[bool]string{true: "dark", false: "light"}[dark])
				t.Run(name, func(t *testing.T) { look(open(t, s), name, s.w) })
			}
		}
	}
}

func look(b *tab, name string, width int64) {
	for _, p := range []struct{ path, name string }{{"/", "home"}, {"/c/outdoor", "list"}, {"/search?q=nothing", "empty"}, {"/p/tent-ridge", "product"}, {"/nowhere", "404"}} {
		if p.path == "/nowhere" {
			b.do(chromedp.Navigate(b.url + p.path))
			b.mu.Lock()
			b.bad = nil // the browser reports the 404 itself
			b.mu.Unlock()
		} else {
			b.visit(p.path)
		}
		if wide := b.js(`document.documentElement.scrollWidth`).(float64); wide > float64(width) {
			b.Errorf("%s is %v pixels wide; %v", p.path, wide, b.js(`[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > `+fmt.Sprint(width)+` && !e.closest('.menu')).slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join('\n')`))
		}
		if lines := b.js(`new Set([...document.querySelectorAll('.menu a')].map((a) => a.offsetTop)).size`); lines != 1.0 {
			b.Errorf("%s: the menu has %v lines", p.path, lines)
		}
		b.shot(name + "-" + p.name)
	}
	b.visit("/")
	b.full(name + "-home-full")
	b.js(`document.querySelectorAll('[data-add]')[0].click()`)
	b.js(`document.querySelectorAll('[data-add]')[2].click()`)
	b.wait("two in the cart", `document.querySelector('[data-cart-count]').textContent === '2'`)
	b.shot(name + "-toast")
	b.visit("/cart")
	b.wait("the cart is drawn", `document.querySelectorAll('.line').length === 2`)
	b.shot(name + "-cart")
	b.visit("/c/outdoor")
	b.openChat()
	b.shot(name + "-chat-empty")
	zh := strings.Contains(name, "zh")
	b.say(pick(map[bool]string{true: "zh"}[zh], "A waterproof tent for two under $200", "两人用的防水帐篷，200美元以内"))
	b.answered(1)
	b.shot(name + "-chat-ask")
	b.js(`$.querySelector('.log').scrollTop = 1e6`)
	b.shot(name + "-chat-ask-end")
	b.js(`$.querySelectorAll('.msg .opt')[1].click()`)
	b.answered(2)
	b.shot(name + "-chat-show")
	b.js(`[...$.querySelectorAll('.msg .opt')].find(o => /Compare|对比/.test(o.textContent)).click()`)
	b.answered(3)
	b.js(`$.querySelector('.log').scrollTop = 1e6`)
	b.shot(name + "-chat-table")
	b.js(`$.querySelectorAll('.add')[0].click()`)
	b.answered(4)
	b.js(`$.querySelector('.log').scrollTop = 1e6`)
	b.shot(name + "-chat-cart")
	if over := b.js(`$.querySelector('.log').scrollWidth - $.querySelector('.log').clientWidth`); over != 0.0 {
		b.Errorf("the transcript is %v pixels too wide", over)
	}
	b.chat.cut(1001)
	b.wait("the banner shows", `$.querySelector('.banner').textContent !== ''`)
	b.say(pick(map[bool]string{true: "zh"}[zh], "Does it come in sand?", "有沙色的吗？"))
	b.shot(name + "-chat-banner")
	b.chat.set(func() { b.chat.refuse, b.chat.typing = 0, true })
	b.wait("dots", `!$.querySelector('.typing').hidden && $.querySelector('.banner').textContent === ''`)
	b.shot(name + "-chat-typing")
}
