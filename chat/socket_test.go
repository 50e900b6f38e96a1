package chat_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"daogou/chat"
	"daogou/chat/chattest"
	"daogou/chat/wire"
)

// world is a hub behind a server in memory, in a bubble of simulated time.
type world struct {
	t       *testing.T
	config  chat.Config
	journal chat.Journal
	hub     *chat.Hub
	server  *chattest.Server
	log     bytes.Buffer
}

// inWorld runs a test in a bubble. What the test leaves behind, a goroutine above all, fails it.
func inWorld(t *testing.T, c chat.Config, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, config: c, journal: chat.NewMemoryJournal()}
		w.start()
		test(t, w)
		w.stop()
	})
}

func (w *world) start() {
	c := w.config
	if c.Journal == nil {
		c.Journal = w.journal
	}
	if c.Responder == nil {
		c.Responder = chattest.Echo{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(&w.log, nil))
	}
	hub, err := chat.NewHub(c)
	if err != nil {
		w.t.Fatal(err)
	}
	w.hub, w.server = hub, chattest.NewServer(hub)
}

func (w *world) stop() {
	w.server.Close()
	w.hub.Close()
}

// tab connects a shopper who follows the rules.
func (w *world) tab() *chattest.Shopper {
	s := chattest.NewShopper("demo", "en")
	w.connect(s)
	return s
}

func (w *world) connect(s *chattest.Shopper) {
	w.t.Helper()
	if err := s.Connect(w.dial(nil)); err != nil {
		w.t.Fatal(err)
	}
	synctest.Wait()
}

func (w *world) dial(header http.Header) *websocket.Conn {
	w.t.Helper()
	ws, _, err := w.server.Dial(w.t.Context(), header, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return ws
}

func (w *world) metric(name string) string {
	w.t.Helper()
	var b strings.Builder
	if err := w.hub.WriteMetrics(&b); err != nil {
		w.t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if rest, ok := strings.CutPrefix(line, "daogou_chat_"+name+" "); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// raw is a client that follows no rules.
type raw struct {
	t  *testing.T
	ws *websocket.Conn
}

func (w *world) raw() *raw { return &raw{w.t, w.dial(nil)} }

func (r *raw) send(frames ...string) {
	r.t.Helper()
	for _, f := range frames {
		if err := r.ws.WriteMessage(websocket.TextMessage, []byte(f)); err != nil {
			r.t.Fatal(err)
		}
	}
}

// next returns the next frame that is not a typing frame, or the code that the server closed with.
func (r *raw) next() (f wire.Server, closed int) {
	r.t.Helper()
	for {
		_, data, err := r.ws.ReadMessage()
		var ce *websocket.CloseError
		if errors.As(err, &ce) {
			r.ws.Close()
			return f, ce.Code
		}
		if err != nil {
			r.t.Fatal(err)
		}
		if f, err = wire.DecodeServer(data); err != nil {
			r.t.Fatal(err)
		}
		if f.Kind != wire.KindTyping {
			return f, 0
		}
	}
}

func (r *raw) want(kind, code string) wire.Server {
	r.t.Helper()
	f, closed := r.next()
	if f.Kind != kind || f.Code != code || closed != 0 {
		r.t.Fatalf("got %s %s %q (closed %d), want %s %s", f.Kind, f.Code, f.Text, closed, kind, code)
	}
	return f
}

func (r *raw) wantClose(code int) {
	r.t.Helper()
	if f, closed := r.next(); closed != code {
		r.t.Fatalf("got %s %s %q, closed %d, want close %d", f.Kind, f.Code, f.Text, closed, code)
	}
}

func (r *raw) hello() wire.Server {
	r.t.Helper()
	r.send(`{"v":1,"kind":"hello","store":"demo","lang":"en"}`)
	return r.want(wire.KindWelcome, "")
}

const say1 = `{"v":1,"kind":"say","client_seq":1,"text":"hello"}`

func TestWelcome(t *testing.T) {
	inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
		r := w.raw()
		f := r.hello()
		if f.V != 1 || f.Session == "" || len(f.Token) < 43 || f.Epoch == "" || f.Resumed || f.Last != 0 || f.Seen != 0 || f.PingS != 25 || f.MaxText != 4000 || !strings.Contains(f.Notice, "AI") {
			t.Errorf("got %+v", f)
		}
		r.send(say1)
		kinds := []string{wire.KindSaid, wire.KindDelta, wire.KindDelta, wire.KindReply}
		var text string
		for i, k := range kinds {
			f := r.want(k, "")
			switch {
			case f.Turn != 1:
				t.Errorf("%s is of turn %d", k, f.Turn)
			case k == wire.KindDelta:
				text += f.Text
			case k == wire.KindReply && (f.Seq != 2 || f.Text != text || f.Who != "assistant" || f.Reply == nil || f.By.Parse != "rules"):
				t.Errorf("reply %+v after deltas %q", f, text)
			case k == wire.KindSaid && (f.Seq != 1 || f.Text != "hello"):
				t.Errorf("frame %d: %+v", i, f)
			}
		}
		r.ws.Close()

		zh := w.raw()
		zh.send(`{"v":1,"kind":"hello","lang":"zh-CN"}`)
		if f := zh.want(wire.KindWelcome, ""); !strings.Contains(f.Notice, "人工智能") {
			t.Errorf("notice %q", f.Notice)
		}
		zh.ws.Close()
	})
}

func TestResume(t *testing.T) {
	inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
		tab := w.tab()
		for _, text := range []string{"one", "two", "three"} {
			tab.Say(text)
		}
		synctest.Wait()
		tab.Cut()
		id := tab.Session()
		m, err := w.journal.Meta(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		token := chattest.Token(tab)
		hello := func(epoch string, seq int64) (wire.Server, []int64) {
			r := w.raw()
			data, _ := wire.EncodeClient(wire.Client{Kind: wire.KindHello, Store: "demo", Session: id, Token: token, Epoch: epoch, Seq: seq})
			r.send(string(data))
			welcome := r.want(wire.KindWelcome, "")
			var seqs []int64
			for len(seqs) == 0 || seqs[len(seqs)-1] < welcome.Last {
				if welcome.Resumed && seq == welcome.Last {
					break
				}
				f, _ := r.next()
				seqs = append(seqs, f.Seq)
			}
			r.ws.Close()
			return welcome, seqs
		}
		for _, c := range []struct {
			epoch   string
			seq     int64
			resumed bool
			want    []int64
		}{
			{m.Epoch, 4, true, []int64{5, 6}},
			{m.Epoch, 6, true, nil},
			{m.Epoch, 0, true, []int64{1, 2, 3, 4, 5, 6}},
			{m.Epoch, 7, false, []int64{1, 2, 3, 4, 5, 6}}, // from the future: the journal was set back
			{"another", 4, false, []int64{1, 2, 3, 4, 5, 6}},
			{"", 0, false, []int64{1, 2, 3, 4, 5, 6}},
		} {
			f, seqs := hello(c.epoch, c.seq)
			if f.Resumed != c.resumed || fmt.Sprint(seqs) != fmt.Sprint(c.want) || f.Last != 6 || f.Seen != 3 || f.Token != "" || f.Session != id {
				t.Errorf("epoch %q seq %d: %+v, then frames %v, want resumed %v and %v", c.epoch, c.seq, f, seqs, c.resumed, c.want)
			}
		}
	})
}

func TestHelloRefused(t *testing.T) {
	config := chat.Config{
		Origin: func(r *http.Request) bool { return r.Header.Get("Origin") != "https://evil.example" },
		Store:  func(origin, store string) bool { return store == "demo" || store == "other" },
	}
	inWorld(t, config, func(t *testing.T, w *world) {
		tab := w.tab()
		tab.Say("secret wish")
		synctest.Wait()
		id, token := tab.Session(), chattest.Token(tab)
		tab.Cut()
		hellos := map[string]wire.Client{
			"wrong token":         {Store: "demo", Session: id, Token: token + "x"},
			"token of another":    {Store: "demo", Session: id, Token: strings.Repeat("A", len(token))},
			"of another store":    {Store: "other", Session: id, Token: token},
			"store not served":    {Store: "nobody"},
			"store not named":     {},
			"right, but no store": {Session: id, Token: token},
		}
		for name, h := range hellos {
			h.Kind = wire.KindHello
			data, _ := wire.EncodeClient(h)
			r := w.raw()
			r.send(string(data))
			if f := r.want(wire.KindError, wire.CodeForbidden); strings.Contains(f.Text, token) {
				t.Errorf("%s: the answer tells the token", name)
			}
			r.wantClose(wire.CloseForbidden)
		}
		evil := &raw{t, w.dial(http.Header{"Origin": {"https://evil.example"}})}
		evil.wantClose(wire.CloseForbidden)
		synctest.Wait()
		if w.metric(`closed_total{code="4503"}`) != fmt.Sprint(len(hellos)+1) {
			t.Errorf("counted %s", w.metric(`closed_total{code="4503"}`))
		}
		if strings.Contains(w.log.String(), token) || strings.Contains(w.log.String(), "secret wish") {
			t.Error("the log holds a secret")
		}

		lost := w.raw()
		lost.send(`{"v":1,"kind":"hello","store":"demo","session":"gone","token":"t","epoch":"e","seq":9}`)
		if f := lost.want(wire.KindWelcome, ""); f.Resumed || f.Session == "gone" || f.Token == "" || f.Last != 0 {
			t.Errorf("a session that does not exist was answered with %+v", f)
		}
		lost.ws.Close()
	})
}

func TestBadFrames(t *testing.T) {
	for _, c := range []struct {
		name, frame, code string
		close             int
	}{
		{"not JSON", `hello`, wire.CodeBadJSON, wire.CloseBadFrame},
		{"broken UTF-8", "{\"v\":1,\"kind\":\"say\",\"client_seq\":1,\"text\":\"\xff\"}", wire.CodeBadUTF8, wire.CloseBadFrame},
		{"wrong version", `{"v":7,"kind":"ping"}`, wire.CodeVersion, wire.CloseBadVersion},
		{"wrong type", `{"v":1,"kind":5}`, wire.CodeBadType, wire.CloseBadFrame},
		{"unknown kind", `{"v":1,"kind":"dance"}`, wire.CodeKind, 0},
		{"negative number", `{"v":1,"kind":"say","client_seq":-3,"text":"x"}`, wire.CodeRange, 0},
		{"4,001 characters", `{"v":1,"kind":"say","client_seq":1,"text":"` + strings.Repeat("长", 4001) + `"}`, wire.CodeTooLong, 0},
		{"a megabyte", `{"v":1,"kind":"say","client_seq":1,"text":"` + strings.Repeat("x", 1<<20) + `"}`, wire.CodeTooBig, wire.CloseTooBig},
		{"second hello", `{"v":1,"kind":"hello"}`, wire.CodeHello, 0},
		{"a gap", `{"v":1,"kind":"say","client_seq":4,"text":"x"}`, wire.CodeGap, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
				r := w.raw()
				r.hello()
				wrote := make(chan struct{})
				go func() { // a long frame is still being written when the answer comes
					defer close(wrote)
					r.ws.WriteMessage(websocket.TextMessage, []byte(c.frame))
				}()
				r.want(wire.KindError, c.code)
				<-wrote
				if c.close != 0 {
					r.wantClose(c.close)
					return
				}
				r.send(say1) // the connection lives, and the refused frame has not used up its number
				r.want(wire.KindSaid, "")
				r.ws.Close()
			})
		})
	}
	t.Run("binary", func(t *testing.T) {
		inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
			r := w.raw()
			r.hello()
			r.ws.WriteMessage(websocket.BinaryMessage, []byte(`{"v":1,"kind":"ping"}`))
			r.want(wire.KindError, wire.CodeBadJSON)
			r.wantClose(wire.CloseBadFrame)
		})
	})
	t.Run("before hello", func(t *testing.T) {
		inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
			r := w.raw()
			r.send(say1)
			r.want(wire.KindError, wire.CodeHello)
			r.hello()
			r.ws.Close()
		})
	})
	t.Run("again and again", func(t *testing.T) {
		inWorld(t, chat.Config{Limits: chat.Limits{Patience: 5}}, func(t *testing.T, w *world) {
			r := w.raw()
			r.hello()
			for range 5 {
				r.send(`{"v":1,"kind":"dance"}`)
				r.want(wire.KindError, wire.CodeKind)
			}
			r.wantClose(wire.CloseTooMany)
		})
	})
}

func TestNotAWebSocket(t *testing.T) {
	hub, err := chat.NewHub(chat.Config{Journal: chat.NewMemoryJournal(), Responder: chattest.Echo{}})
	if err != nil {
		t.Fatal(err)
	}
	w := &recorder{header: http.Header{}}
	r, _ := http.NewRequest("GET", "/ws", nil)
	hub.ServeHTTP(w, r)
	if w.status != http.StatusUpgradeRequired {
		t.Errorf("status %d", w.status)
	}
}

type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(s int)           { r.status = s }
func (r *recorder) Write(p []byte) (int, error) { return len(p), nil }

func TestRates(t *testing.T) {
	limits := chat.Limits{SayRate: 1, SayBurst: 3, Patience: 8}
	inWorld(t, chat.Config{Limits: limits}, func(t *testing.T, w *world) {
		r := w.raw()
		r.hello()
		say := func(n int) { r.send(fmt.Sprintf(`{"v":1,"kind":"say","client_seq":%d,"text":"x"}`, n)) }
		for n := 1; n <= 3; n++ {
			say(n)
			r.want(wire.KindSaid, "")
			r.want(wire.KindDelta, "")
			r.want(wire.KindDelta, "")
			r.want(wire.KindReply, "")
		}
		say(4)
		if f := r.want(wire.KindError, wire.CodeRate); !f.Retry || f.Turn != 4 {
			t.Errorf("got %+v", f)
		}
		time.Sleep(time.Second)
		say(4)
		r.want(wire.KindSaid, "")
		r.want(wire.KindDelta, "")
		r.want(wire.KindDelta, "")
		r.want(wire.KindReply, "")
		for range 8 {
			say(5)
			r.want(wire.KindError, wire.CodeRate)
		}
		r.wantClose(wire.CloseTooMany)
	})
}

func TestAddressLimits(t *testing.T) {
	address := "192.0.2.1:5"
	config := chat.Config{Address: func(*http.Request) string { return address }, Limits: chat.Limits{PerAddress: 2, ConnectRate: 1, ConnectBurst: 4, Connections: 4}}
	inWorld(t, config, func(t *testing.T, w *world) {
		refused := func() int {
			t.Helper()
			_, resp, err := w.server.Dial(t.Context(), nil, nil)
			if err == nil || resp == nil {
				t.Fatalf("the connection was accepted: %v", err)
			}
			return resp.StatusCode
		}
		a, b := w.raw(), w.raw()
		synctest.Wait()
		if got := refused(); got != http.StatusTooManyRequests {
			t.Errorf("a third connection at a time: status %d", got)
		}
		a.ws.Close()
		synctest.Wait()
		c := w.raw()
		c.ws.Close()
		synctest.Wait()
		d := w.raw()
		d.ws.Close()
		synctest.Wait()
		if got := refused(); got != http.StatusTooManyRequests {
			t.Errorf("too fast: status %d", got)
		}
		address = "[2001:db8:0:1::5]:6"
		e := w.raw()
		address = "[2001:db8:0:1:ffff::6]:6"
		f := w.raw()
		if got := refused(); got != http.StatusTooManyRequests {
			t.Errorf("a third connection of one IPv6 network: status %d", got)
		}
		address = "192.0.2.2:5"
		g := w.raw()
		synctest.Wait()
		h := w.raw() // the fifth of the process
		h.wantClose(wire.CloseTryLater)
		for _, r := range []*raw{b, e, f, g} {
			r.ws.Close()
		}
	})
}

func TestTabs(t *testing.T) {
	inWorld(t, chat.Config{Limits: chat.Limits{Tabs: 3}}, func(t *testing.T, w *world) {
		one := w.tab()
		two, three, four := one.Share(), one.Share(), one.Share()
		w.connect(two)
		one.Say("from the first")
		synctest.Wait()
		w.connect(three)
		three.Say("from the third")
		two.Say("from the second, at the same time")
		synctest.Wait()
		for i, tab := range []*chattest.Shopper{one, two, three} {
			if got := len(tab.Transcript()); got != 6 || tab.Pending() != 0 || tab.Breaches() != "" {
				t.Errorf("tab %d has %d frames, %d unsent, and says %q", i+1, got, tab.Pending(), tab.Breaches())
			}
		}
		w.connect(four)
		var ce *websocket.CloseError
		if !errors.As(four.Ended(), &ce) || ce.Code != wire.CloseTryLater {
			t.Errorf("a fourth tab: %v", four.Ended())
		}
		for _, tab := range []*chattest.Shopper{one, two, three, four} {
			tab.Cut()
		}
	})
}

func TestSilence(t *testing.T) {
	inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
		r := w.raw()
		begun := time.Now()
		r.wantClose(wire.CloseIdle)
		if d := time.Since(begun); d != 10*time.Second {
			t.Errorf("no hello: closed after %v", d)
		}

		tab := w.tab() // reads, and so answers pings
		time.Sleep(time.Hour)
		if !tab.Connected() {
			t.Errorf("a quiet tab was closed: %v", tab.Ended())
		}
		tab.Cut()

		gone := w.raw()
		gone.hello()
		time.Sleep(2 * time.Minute) // nothing is read, so no ping is answered
		synctest.Wait()
		if got := w.metric("connections"); got != "0" {
			t.Errorf("%s connections are open", got)
		}
		gone.ws.Close()
	})
}

// TestSlowClient has one tab that does not read while another does. The slow one is dropped, told so, and resumes without loss; the other notices nothing.
func TestSlowClient(t *testing.T) {
	limits := chat.Limits{Queue: 20_000, SayBurst: 1000, FrameBurst: 1000, Write: time.Minute}
	inWorld(t, chat.Config{Limits: limits}, func(t *testing.T, w *world) {
		quick := w.tab()
		slow := quick.Share()
		stall := &stalling{gate: make(chan struct{})}
		ws, _, err := w.server.Dial(t.Context(), nil, func(c net.Conn) net.Conn { stall.Conn = c; return stall })
		if err != nil {
			t.Fatal(err)
		}
		slow.Connect(ws)
		synctest.Wait()
		stall.stop()
		for i := range 30 {
			quick.Say(fmt.Sprint(i, strings.Repeat(" long", 100)))
			synctest.Wait()
		}
		if got := w.metric("slow_total"); got != "1" {
			t.Errorf("%s slow clients were dropped, want 1", got)
		}
		if len(quick.Transcript()) != 60 || quick.Breaches() != "" {
			t.Errorf("the quick tab has %d frames: %s", len(quick.Transcript()), quick.Breaches())
		}
		stall.resume()
		synctest.Wait()
		var ce *websocket.CloseError
		if !errors.As(slow.Ended(), &ce) || ce.Code != wire.CloseSlow {
			t.Errorf("the slow tab ended by %v", slow.Ended())
		}
		w.connect(slow)
		if len(slow.Transcript()) != 60 || slow.Breaches() != "" || slow.Resumed() != 1 {
			t.Errorf("after resuming the slow tab has %d frames: %s", len(slow.Transcript()), slow.Breaches())
		}
		quick.Cut()
		slow.Cut()
	})
}

// stalling is a connection whose reads can be held.
type stalling struct {
	net.Conn
	gate    chan struct{}
	stalled bool
}

func (s *stalling) stop()   { s.stalled = true; s.Conn.SetReadDeadline(time.Unix(1, 0)) }
func (s *stalling) resume() { s.Conn.SetReadDeadline(time.Time{}); close(s.gate) }

func (s *stalling) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	if s.stalled && err != nil {
		<-s.gate
		s.stalled = false
		return s.Conn.Read(p)
	}
	return n, err
}

func TestDrain(t *testing.T) {
	config := chat.Config{Responder: chattest.Echo{Delay: func(chat.TurnInput) time.Duration { return 3 * time.Second }}}
	inWorld(t, config, func(t *testing.T, w *world) {
		busy, idle := w.tab(), w.tab()
		busy.Say("finish this")
		synctest.Wait()
		busy.Say("this waits behind it")
		synctest.Wait()
		drained := make(chan error)
		begun := time.Now()
		go func() { drained <- w.hub.Drain(t.Context()) }()
		synctest.Wait()
		late := w.raw()
		late.wantClose(wire.CloseGoingAway)
		if err := <-drained; err != nil {
			t.Error(err)
		}
		if d := time.Since(begun); d != 3*time.Second {
			t.Errorf("draining took %v", d)
		}
		synctest.Wait()
		for name, tab := range map[string]*chattest.Shopper{"busy": busy, "idle": idle} {
			var ce *websocket.CloseError
			if !errors.As(tab.Ended(), &ce) || ce.Code != wire.CloseGoingAway {
				t.Errorf("the %s tab ended by %v", name, tab.Ended())
			}
		}
		if frames := busy.Transcript(); len(frames) != 2 || frames[1].Kind != wire.KindReply || busy.Pending() != 1 {
			t.Errorf("the busy tab has %v and %d unsent", frames, busy.Pending())
		}
		w.server.Close()
		w.start()
		w.connect(busy)
		time.Sleep(5 * time.Second)
		if frames := busy.Transcript(); len(frames) != 4 || busy.Pending() != 0 || busy.Breaches() != "" {
			t.Errorf("after the restart the tab has %d frames, %d unsent: %s", len(frames), busy.Pending(), busy.Breaches())
		}
		busy.Cut()
	})
}

// TestDrainGivesUp drains while a turn takes longer than one is willing to wait. The turn is answered after the restart.
func TestDrainGivesUp(t *testing.T) {
	delay := time.Minute
	config := chat.Config{Limits: chat.Limits{Turn: time.Hour}, Responder: chattest.Echo{Delay: func(chat.TurnInput) time.Duration { return delay }}}
	inWorld(t, config, func(t *testing.T, w *world) {
		tab := w.tab()
		tab.Say("takes long")
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := w.hub.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Drain returned %v", err)
		}
		if frames := tab.Transcript(); len(frames) != 1 {
			t.Errorf("the tab has %d frames, want only its own words", len(frames))
		}
		w.server.Close()
		delay = 0
		w.start()
		w.connect(tab)
		if frames := tab.Transcript(); len(frames) != 2 || frames[1].Kind != wire.KindReply || frames[1].Turn != 1 {
			t.Errorf("after the restart the tab has %v", frames)
		}
		tab.Cut()
	})
}

func TestMetrics(t *testing.T) {
	inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
		tab := w.tab()
		tab.Say("hello")
		synctest.Wait()
		tab.Say("fail")
		synctest.Wait()
		w.connect(tab)
		for name, want := range map[string]string{
			"connections": "1", "sessions": "1", "connections_total": "2", "resumed_total": "1", "slow_total": "0",
			`parsed_total{by="rules"}`: "1", `worded_total{by="template"}`: "1", `errors_total{code="responder"}`: "1",
			`closed_total{code="client"}`: "1", "turn_seconds_count": "2", `turn_seconds_bucket{le="+Inf"}`: "2",
		} {
			if got := w.metric(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		tab.Cut()
	})
}

func TestSameOrigin(t *testing.T) {
	for origin, want := range map[string]bool{
		"": true, "https://shop.example": true, "http://shop.example": true,
		"https://shop.example.evil.com": false, "https://evil.example": false, "null": false, "https://shop.example:8443": false, "file://shop.example": false,
	} {
		r, _ := http.NewRequest("GET", "http://shop.example/ws", nil)
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		if got := chat.SameOrigin(r); got != want {
			t.Errorf("origin %q: %v", origin, got)
		}
	}
}
