package chat_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"daogou/chat"
	"daogou/chat/chattest"
	"daogou/chat/wire"
	"daogou/nlu"
)

func kinds(frames []wire.Server) string {
	var b strings.Builder
	for _, f := range frames {
		b.WriteString(f.Kind + " ")
	}
	return strings.TrimSpace(b.String())
}

// TestTroubledResponder has the responder fail in every way it can. Each turn still has a journaled reply, and the talk goes on as if nothing was said.
func TestTroubledResponder(t *testing.T) {
	release := make(chan struct{})
	for _, c := range []struct {
		words string
		took  time.Duration
	}{
		{"panic now", 0}, {"fail now", 0}, {"huge reply", 0}, {"hang on", 20*time.Second + 500*time.Millisecond}, {"slow", 20 * time.Second},
	} {
		t.Run(c.words, func(t *testing.T) {
			config := chat.Config{}
			inWorld(t, config, func(t *testing.T, w *world) {
				w.stop()
				release = make(chan struct{})
				w.config.Responder = chattest.Echo{Release: release, Delay: func(in chat.TurnInput) time.Duration {
					if in.Text == "slow" {
						return time.Hour
					}
					return 0
				}}
				w.start()
				tab := w.tab()
				begun := time.Now()
				tab.Say("first")
				synctest.Wait()
				tab.Say(c.words)
				time.Sleep(c.took)
				synctest.Wait()
				if took := time.Since(begun); took != c.took {
					t.Errorf("it took %v", took)
				}
				frames := tab.Transcript()
				if kinds(frames) != "said reply said reply" || !strings.HasPrefix(frames[3].Text, "Sorry") || frames[3].Turn != 2 || len(frames[3].Actions) != 1 {
					t.Fatalf("got %v", frames)
				}
				tab.Say("after it")
				synctest.Wait()
				frames = tab.Transcript()
				if want := `You said "after it" after 4 messages and 1 keywords.`; len(frames) != 6 || frames[5].Text != want {
					t.Errorf("got %q, want %q", frames[len(frames)-1].Text, want)
				}
				close(release)
				tab.Cut()
			})
		})
	}
}

func TestPersonIsAskedFor(t *testing.T) {
	inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
		tab := w.tab()
		tab.Say("person")
		synctest.Wait()
		frames := tab.Transcript()
		if kinds(frames) != "said reply handover" || frames[2].Turn != 1 || frames[2].Text == "" {
			t.Errorf("got %v", frames)
		}
		tab.Cut()
	})
}

// TestUnansweredIsAnsweredOnce leaves an input without a reply, as a crash between the two would, and then opens the session from two tabs at once.
func TestUnansweredIsAnsweredOnce(t *testing.T) {
	inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
		tab := w.tab()
		tab.Say("one")
		synctest.Wait()
		tab.Cut()
		w.stop()
		for n := int64(2); n <= 3; n++ {
			body, _ := json.Marshal(chat.SaidBody{ClientSeq: n, Text: fmt.Sprint("unanswered ", n)})
			if err := w.journal.Append(t.Context(), tab.Session(), n, chat.Event{Kind: wire.KindSaid, Body: body}); err != nil {
				t.Fatal(err)
			}
		}
		w.start()
		other := tab.Share()
		tab.Connect(w.dial(nil))
		other.Connect(w.dial(nil))
		synctest.Wait()
		for i, s := range []*chattest.Shopper{tab, other} {
			frames := s.Transcript()
			if kinds(frames) != "said reply said said reply reply" || frames[4].Turn != 2 || frames[5].Turn != 3 {
				t.Errorf("tab %d has %v", i, frames)
			}
			s.Cut()
		}
	})
}

// TestSomebodyElseAppends has another writer append to a session while its reply is worded: the draft is dropped and made again, and every tab sees both.
func TestSomebodyElseAppends(t *testing.T) {
	var tab *chattest.Shopper
	var journal chat.Journal
	var drafts atomic.Int64
	config := chat.Config{Responder: chattest.Echo{Delay: func(in chat.TurnInput) time.Duration {
		if drafts.Add(1) == 1 {
			body, _ := json.Marshal(chat.ReplyBody{Who: "staff", Text: "I am a person"})
			if err := journal.Append(context.Background(), tab.Session(), 1, chat.Event{Kind: wire.KindReply, Body: body}); err != nil {
				panic(err)
			}
		}
		return time.Second
	}}}
	inWorld(t, config, func(t *testing.T, w *world) {
		journal = w.journal
		tab = w.tab()
		tab.Say("hello")
		time.Sleep(3 * time.Second)
		frames := tab.Transcript()
		if kinds(frames) != "said reply reply" || frames[1].Who != "staff" || frames[2].Who != "assistant" || frames[2].Turn != 1 || drafts.Load() != 2 {
			t.Errorf("%d drafts, got %v", drafts.Load(), frames)
		}
		tab.Cut()
	})
}

// TestStorageFails has the journal fail for a while. Nothing is acknowledged that is not stored, and all is well when it works again.
func TestStorageFails(t *testing.T) {
	inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
		w.stop()
		faulty := &switchable{Journal: w.journal}
		w.config.Journal = faulty
		w.start()
		tab := w.tab()
		faulty.fail.Store(true)
		tab.Say("hello")
		synctest.Wait()
		if len(tab.Transcript()) != 0 || tab.Errors()[wire.CodeUnsaved] != 1 || !tab.Connected() {
			t.Errorf("got %v and errors %v", tab.Transcript(), tab.Errors())
		}
		faulty.fail.Store(false)
		tab.Resend()
		synctest.Wait()
		if kinds(tab.Transcript()) != "said reply" {
			t.Errorf("got %v", tab.Transcript())
		}
		faulty.failKind.Store(wire.KindReply)
		tab.Say("the reply to this cannot be stored")
		synctest.Wait()
		if kinds(tab.Transcript()) != "said reply said" {
			t.Errorf("got %v", tab.Transcript())
		}
		faulty.failKind.Store("")
		time.Sleep(5 * time.Second) // the session tries again by itself
		if kinds(tab.Transcript()) != "said reply said reply" {
			t.Errorf("got %v", tab.Transcript())
		}
		tab.Cut()
	})
}

var errNoDisk = errors.New("no disk")

type switchable struct {
	chat.Journal
	fail     atomic.Bool
	failKind atomic.Value
}

func (s *switchable) Append(ctx context.Context, session string, after int64, events ...chat.Event) error {
	if s.fail.Load() || s.failKind.Load() == events[0].Kind {
		return errNoDisk
	}
	return s.Journal.Append(ctx, session, after, events...)
}

func (s *switchable) Read(ctx context.Context, session string, after int64, limit int) ([]chat.Event, error) {
	if s.fail.Load() {
		return nil, errNoDisk
	}
	return s.Journal.Read(ctx, session, after, limit)
}

// TestIdleSessionLeavesMemory lets a session go while its tab stays connected, and checks that it comes back as it was.
func TestIdleSessionLeavesMemory(t *testing.T) {
	inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
		tab := w.tab()
		if got := w.metric("sessions"); got != "0" {
			t.Errorf("a session in which nothing was said is in memory: %s", got)
		}
		tab.Say("one")
		synctest.Wait()
		if got := w.metric("sessions"); got != "1" {
			t.Errorf("%s sessions in memory", got)
		}
		time.Sleep(3 * time.Minute)
		if got := w.metric("sessions"); got != "0" {
			t.Errorf("an idle session is in memory: %s", got)
		}
		tab.Say("two")
		synctest.Wait()
		frames := tab.Transcript()
		if want := `You said "two" after 2 messages and 1 keywords.`; len(frames) != 4 || frames[3].Text != want {
			t.Errorf("got %v", frames)
		}
		tab.Cut()
	})
}

func TestMailboxIsBounded(t *testing.T) {
	config := chat.Config{Limits: chat.Limits{Mailbox: 2, SayBurst: 100}, Responder: chattest.Echo{Delay: func(chat.TurnInput) time.Duration { return time.Second }}}
	inWorld(t, config, func(t *testing.T, w *world) {
		r := w.raw()
		r.hello()
		for n := 1; n <= 6; n++ {
			r.send(fmt.Sprintf(`{"v":1,"kind":"say","client_seq":%d,"text":"m%d"}`, n, n))
			synctest.Wait()
		}
		refused, replies := 0, 0
		for replies < 3 {
			f, _ := r.next()
			switch {
			case f.Kind == wire.KindReply:
				replies++
			case f.Kind == wire.KindError && f.Code == wire.CodeBusy && f.Retry:
				refused++
			}
		}
		if refused != 3 {
			t.Errorf("%d of 6 were refused, want 3: one is answered and two wait", refused)
		}
		r.ws.Close()
	})
}

// TestTwoProcesses runs two hubs over one journal and one bus, as two machines would. A tab on each shares a session.
func TestTwoProcesses(t *testing.T) {
	for name, leased := range map[string]bool{"with leases": true, "with the journal alone": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				journal, bus, leases := chat.NewMemoryJournal(), chat.NewMemoryBus(), chat.NewMemoryLeases()
				var worlds [2]*world
				for i := range worlds {
					c := chat.Config{Journal: journal, Bus: bus, Lease: leases.Lease(), Limits: chat.Limits{Session: 10 * time.Second}}
					if !leased {
						c.Lease = nil // each has its own, so both own everything
					}
					worlds[i] = &world{t: t, config: c}
					worlds[i].start()
				}
				one := worlds[0].tab()
				one.Say("on the first")
				synctest.Wait()
				two := one.Share()
				for !two.Connected() { // as long as the first process owns the session
					worlds[1].connect(two)
					time.Sleep(time.Second)
				}
				for i := range 5 {
					two.Say(fmt.Sprint("on the second ", i))
					one.Say(fmt.Sprint("on the first ", i))
					for range 30 {
						synctest.Wait()
						if one.Pending()+two.Pending() == 0 {
							break
						}
						time.Sleep(time.Second)
						one.Resend()
						two.Resend()
					}
				}
				time.Sleep(30 * time.Second)
				for i, tab := range []*chattest.Shopper{one, two} {
					if got := len(tab.Transcript()); got != 22 || tab.Breaches() != "" {
						t.Errorf("tab %d has %d frames of 22: %s", i, got, tab.Breaches())
					}
					tab.Cut()
				}
				for _, w := range worlds {
					w.stop()
				}
			})
		})
	}
}

func TestLocal(t *testing.T) {
	inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
		l, err := w.hub.Open(t.Context(), "cli-1", "demo", "en")
		if err != nil {
			t.Fatal(err)
		}
		if l.Session() != "cli-1" || l.Welcome.Notice == "" || l.Welcome.Resumed {
			t.Errorf("welcome %+v", l.Welcome)
		}
		handle := func(in wire.Client) []wire.Server {
			t.Helper()
			frames, err := l.Handle(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range frames {
				if f.V != wire.Version {
					t.Errorf("frame %+v has no version", f)
				}
			}
			return frames
		}
		first := handle(wire.Client{Kind: wire.KindSay, Text: "hello"})
		if kinds(first) != "said typing delta delta reply" {
			t.Errorf("got %s", kinds(first))
		}
		if got := handle(wire.Client{Kind: wire.KindTap, Tap: &wire.Tap{Do: wire.DoPerson}}); kinds(got) != "tapped typing delta delta reply" || got[0].Turn != 2 {
			t.Errorf("got %s", kinds(got))
		}
		again := handle(wire.Client{Kind: wire.KindSay, Text: "hello", ClientSeq: 1})
		if kinds(again) != "said reply" || again[1].Text != first[4].Text {
			t.Errorf("a resend got %v", again)
		}
		for code, in := range map[string]wire.Client{
			wire.CodeGap:     {Kind: wire.KindSay, Text: "x", ClientSeq: 9},
			wire.CodeTaken:   {Kind: wire.KindSay, Text: "something else", ClientSeq: 1},
			wire.CodeTooLong: {Kind: wire.KindSay, Text: strings.Repeat("x", 4001)},
			wire.CodeMissing: {Kind: wire.KindTap},
		} {
			if got := handle(in); len(got) != 1 || got[0].Code != code {
				t.Errorf("%s: got %v", code, got)
			}
		}
		if _, err := l.Handle(t.Context(), wire.Client{Kind: wire.KindHello}); err == nil {
			t.Error("a hello was taken")
		}
		l.Close()
		l, err = w.hub.Open(t.Context(), "cli-1", "demo", "en")
		if err != nil {
			t.Fatal(err)
		}
		if !l.Welcome.Resumed || l.Welcome.Seen != 2 {
			t.Errorf("welcome %+v", l.Welcome)
		}
		if got := handle(wire.Client{Kind: wire.KindSay, Text: "back"}); len(got) == 0 || got[0].Turn != 3 || !strings.Contains(got[len(got)-1].Text, "after 4 messages") {
			t.Errorf("got %v", got)
		}
		l.Close()
	})
}

// TestLocalMuchText has a reply in more pieces than the bus holds: the durable frames are all there.
func TestLocalMuchText(t *testing.T) {
	inWorld(t, chat.Config{Responder: chatty{}}, func(t *testing.T, w *world) {
		l, err := w.hub.Open(t.Context(), "", "demo", "en")
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			frames, err := l.Handle(t.Context(), wire.Client{Kind: wire.KindSay, Text: "hello"})
			if err != nil {
				t.Fatal(err)
			}
			last := frames[len(frames)-1]
			if frames[0].Kind != wire.KindSaid || last.Kind != wire.KindReply {
				t.Errorf("the frames begin with %s and end with %s", frames[0].Kind, last.Kind)
			}
		}
		l.Close()
	})
}

// chatty emits many pieces at once.
type chatty struct{}

func (chatty) Respond(_ context.Context, in chat.TurnInput, emit func(string)) (chat.ReplyBody, error) {
	for range 1000 {
		emit("word ")
	}
	return chat.ReplyBody{Text: "done", Delta: nlu.Delta{Act: nlu.ActFind}}, nil
}

func TestRoomCatchesUp(t *testing.T) {
	inWorld(t, chat.Config{Responder: chatty{}}, func(t *testing.T, w *world) {
		tab := w.tab()
		for i := range 20 {
			tab.Say(fmt.Sprint("message ", i))
		}
		synctest.Wait()
		if got := len(tab.Transcript()); got != 40 || tab.Breaches() != "" {
			t.Errorf("%d frames of 40: %s", got, tab.Breaches())
		}
		tab.Cut()
	})
}

func TestHubNeedsItsParts(t *testing.T) {
	if _, err := chat.NewHub(chat.Config{}); err == nil || !strings.Contains(err.Error(), "journal") {
		t.Errorf("got %v", err)
	}
}

// TestLostAnswerOfTheJournal has an append stored while its answer is lost. The tab gets the reply all the same, without asking, and once.
func TestLostAnswerOfTheJournal(t *testing.T) {
	inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
		w.stop()
		hooked := &hookedJournal{Journal: w.journal}
		hooked.appended = func(kind string) error {
			if kind == wire.KindReply {
				hooked.appended = nil
				return errNoDisk
			}
			return nil
		}
		w.config.Journal = hooked
		w.start()
		tab := w.tab()
		tab.Say("hello")
		time.Sleep(2 * time.Second)
		if kinds(tab.Transcript()) != "said reply" || tab.Breaches() != "" {
			t.Errorf("got %v: %s", tab.Transcript(), tab.Breaches())
		}
		tab.Cut()
	})
}

// TestSaidWhileCatchingUp has a message journaled and published between a new tab's last look into the journal and its going live.
func TestSaidWhileCatchingUp(t *testing.T) {
	inWorld(t, chat.Config{}, func(t *testing.T, w *world) {
		w.stop()
		hooked := &hookedJournal{Journal: w.journal}
		w.config.Journal = hooked
		w.start()
		one := w.tab()
		one.Say("first")
		synctest.Wait()
		hooked.emptyRead = func() {
			hooked.emptyRead = nil
			one.Say("in between")
			time.Sleep(time.Second)
		}
		two := one.Share()
		w.connect(two)
		time.Sleep(2 * time.Second)
		if kinds(two.Transcript()) != "said reply said reply" || two.Breaches() != "" {
			t.Errorf("got %v: %s", two.Transcript(), two.Breaches())
		}
		one.Cut()
		two.Cut()
	})
}

// hookedJournal calls back after an append and after a read that found nothing new.
type hookedJournal struct {
	chat.Journal
	appended  func(kind string) error
	emptyRead func()
}

func (h *hookedJournal) Append(ctx context.Context, session string, after int64, events ...chat.Event) error {
	if err := h.Journal.Append(ctx, session, after, events...); err != nil || h.appended == nil {
		return err
	}
	return h.appended(events[0].Kind)
}

func (h *hookedJournal) Read(ctx context.Context, session string, after int64, limit int) ([]chat.Event, error) {
	events, err := h.Journal.Read(ctx, session, after, limit)
	if len(events) == 0 && err == nil && h.emptyRead != nil {
		h.emptyRead()
	}
	return events, err
}
