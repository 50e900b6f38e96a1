package chat_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"daogou/chat"
	"daogou/chat/chattest"
	"daogou/chat/wire"
)

var (
	schedules = flag.Int("schedules", 2000, "how many randomised disconnect, reconnect and resend schedules to run")
	firstSeed = flag.Uint64("seed", 1, "seed of the first schedule")
)

// TestSchedules runs randomised schedules: tabs connect, say and tap things, are cut off in the middle of frames, resend; the server drains, or dies between any two
// operations of its journal, and comes back; the journal fails and the bus loses messages. In the end every message must be in the journal once, in each tab's
// order, with one reply, and every tab must have the journal's frames, each once and in order.
//
// Each schedule is a bubble of testing/synctest: time is simulated, and a goroutine left behind fails the test.
func TestSchedules(t *testing.T) {
	n := *schedules
	if testing.Short() {
		n = min(n, 200)
	}
	total := map[string]int{}
	for i := range n {
		seed := *firstSeed + uint64(i)
		var s *schedule
		synctest.Test(t, func(t *testing.T) {
			s = &schedule{t: t, rng: rand.New(rand.NewPCG(seed, 0)), seed: seed, counts: map[string]int{}}
			s.run()
		})
		if t.Failed() {
			t.Fatalf("schedule of seed %d failed; run it alone with -run TestSchedules -schedules 1 -seed %d. What happened:\n%s", seed, seed, strings.Join(s.log, "\n"))
		}
		for k, v := range s.counts {
			total[k] += v
		}
	}
	t.Logf("%d schedules: %v", n, total)
	for _, k := range []string{"messages", "cuts", "crashes", "drains", "resumed", "resends", "taken", "unsaved"} {
		if n >= 200 && total[k] == 0 {
			t.Errorf("no schedule had any %s: the test does not test what it says", k)
		}
	}
}

type schedule struct {
	t       *testing.T
	seed    uint64
	rng     *rand.Rand
	stored  chat.Journal // lives through crashes
	journal *chattest.FaultyJournal
	hub     *chat.Hub
	server  *chattest.Server
	faults  float64
	losses  float64
	tabs    []*chattest.Shopper
	sent    [][]string // by tab
	log     []string
	counts  map[string]int
}

func (s *schedule) note(what, format string, args ...any) {
	s.counts[what]++
	s.log = append(s.log, fmt.Sprintf("%s: "+format, append([]any{what}, args...)...))
}

func (s *schedule) run() {
	s.openJournal()
	defer s.stored.Close()
	if s.rng.IntN(3) == 0 {
		s.faults = 0.1
	}
	if s.rng.IntN(3) == 0 {
		s.losses = 0.2
	}
	s.start()
	s.tabs = []*chattest.Shopper{chattest.NewShopper("demo", "en")}
	s.sent = [][]string{nil}
	for range 6 + s.rng.IntN(14) {
		s.step()
		if s.rng.IntN(2) == 0 {
			synctest.Wait() // let everything come to rest before the next step; otherwise it comes in between
		}
	}
	s.settle()
	s.check()
	for _, tab := range s.tabs {
		tab.Cut()
	}
	s.stop()
}

// openJournal takes a real database in one schedule of twenty.
func (s *schedule) openJournal() {
	if s.seed%20 != 0 {
		s.stored = chat.NewMemoryJournal()
		return
	}
	j, err := chat.OpenSQLiteJournal(filepath.Join(s.t.TempDir(), "sessions.db"), chat.SQLiteOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	s.stored = j
}

func (s *schedule) start() {
	s.journal = chattest.NewFaultyJournal(s.stored, s.rng.Uint64(), s.faults)
	delays := rand.New(rand.NewPCG(s.rng.Uint64(), 3)) // asked by one turn at a time: there is one session
	slow := s.rng.IntN(2) == 0
	hub, err := chat.NewHub(chat.Config{
		Journal: s.journal,
		Bus:     chattest.NewLossyBus(chat.NewMemoryBus(), s.rng.Uint64(), s.losses),
		Responder: chattest.Echo{Delay: func(chat.TurnInput) time.Duration {
			if !slow {
				return 0
			}
			return time.Duration(delays.IntN(50)) * time.Millisecond
		}},
		Limits: chat.Limits{ConnectBurst: 10_000, FrameBurst: 10_000, AddressBurst: 10_000, SayBurst: 10_000, Patience: 10_000, Session: time.Duration(1+s.rng.IntN(60)) * time.Second},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.hub, s.server = hub, chattest.NewServer(hub)
}

func (s *schedule) stop() {
	s.server.Close()
	s.hub.Close()
}

func (s *schedule) step() {
	tab := s.rng.IntN(len(s.tabs))
	switch p := s.rng.IntN(100); {
	case p < 25:
		s.connect(tab, true)
	case p < 60:
		s.say(tab)
	case p < 68:
		s.note("resends", "tab %d", tab)
		s.tabs[tab].Resend()
	case p < 78:
		s.note("cuts", "tab %d", tab)
		s.tabs[tab].Cut()
	case p < 83:
		d := time.Duration(s.rng.IntN(3000)) * time.Millisecond
		s.note("pauses", "%v", d)
		time.Sleep(d)
	case p < 88:
		if id := s.tabs[0].Session(); id != "" && len(s.tabs) < 3 {
			s.note("tabs", "of session %s", id)
			s.tabs = append(s.tabs, s.tabs[0].Share())
			s.sent = append(s.sent, nil)
		}
	case p < 93:
		s.note("drains", "")
		s.server.Close()
		ctx, cancel := context.WithTimeout(s.t.Context(), 5*time.Second)
		s.hub.Drain(ctx)
		cancel()
		s.start()
	default:
		n := s.rng.IntN(6)
		s.note("crashes", "after %d operations", n)
		s.journal.Sever(n)
		s.say(tab)
		synctest.Wait()
		s.stop()
		s.start()
	}
}

func (s *schedule) connect(tab int, breaks bool) {
	read, write := int64(-1), int64(-1)
	if breaks && s.rng.IntN(2) == 0 {
		read, write = int64(s.rng.IntN(6000)), int64(s.rng.IntN(3000))
	}
	s.note("connects", "tab %d, breaks after %d bytes read or %d written", tab, read, write)
	ws, _, err := s.server.Dial(s.t.Context(), nil, func(c net.Conn) net.Conn { return chattest.Cut(c, read, write) })
	if err != nil {
		if read < 0 {
			s.t.Errorf("tab %d cannot connect: %v", tab, err)
		}
		return
	}
	s.tabs[tab].Connect(ws)
}

func (s *schedule) say(tab int) {
	name := fmt.Sprintf("t%d-m%d", tab, len(s.sent[tab]))
	s.note("messages", "%s", name)
	s.sent[tab] = append(s.sent[tab], name)
	if s.rng.IntN(4) == 0 {
		s.tabs[tab].Tap(wire.Tap{Do: wire.DoDrop, Facet: name})
		return
	}
	s.tabs[tab].Say(name)
}

// settle ends the failures and lets every tab do what a widget does until all is said and answered: reconnect, resend, ping.
func (s *schedule) settle() {
	s.journal.Heal()
	for round := 0; ; round++ {
		synctest.Wait()
		if s.settled() {
			return
		}
		if round == 40 {
			for i, tab := range s.tabs {
				s.t.Errorf("tab %d: connected %v, %d unsent, ended by %v, %d frames, errors %v", i, tab.Connected(), tab.Pending(), tab.Ended(), len(tab.Transcript()), tab.Errors())
			}
			for _, e := range s.events() {
				s.t.Logf("journal: %d %s %s", e.Seq, e.Kind, e.Body)
			}
			s.t.Error("the schedule did not come to rest")
			return
		}
		for i, tab := range s.tabs {
			switch {
			case !tab.Connected():
				s.connect(i, false)
			case tab.Pending() > 0:
				tab.Resend()
			default:
				tab.Ping()
			}
		}
		time.Sleep(time.Second)
	}
}

func (s *schedule) settled() bool {
	last := int64(0)
	if events := s.events(); len(events) > 0 {
		last = events[len(events)-1].Seq
	}
	inputs, replies := 0, 0
	for _, e := range s.events() {
		switch e.Kind {
		case wire.KindReply:
			replies++
		case wire.KindSaid, wire.KindTapped:
			inputs++
		}
	}
	for _, tab := range s.tabs {
		frames := tab.Transcript()
		if !tab.Connected() || tab.Pending() > 0 || inputs != replies || last > 0 && (len(frames) == 0 || frames[len(frames)-1].Seq != last) {
			return false
		}
	}
	return true
}

func (s *schedule) events() []chat.Event {
	id := s.tabs[0].Session()
	events, err := s.stored.Read(s.t.Context(), id, 0, 0)
	if err != nil && id != "" {
		s.t.Error(err)
	}
	return events
}

func (s *schedule) check() {
	events := s.events()
	var said [][]string = make([][]string, len(s.tabs))
	replies := map[int64]int{}
	inputs := int64(0)
	for i, e := range events {
		if e.Seq != int64(i)+1 {
			s.t.Errorf("event %d has seq %d", i, e.Seq)
		}
		var b struct {
			ClientSeq int64    `json:"client_seq"`
			Text      string   `json:"text"`
			Tap       wire.Tap `json:"tap"`
			Turn      int64    `json:"turn"`
		}
		if err := json.Unmarshal(e.Body, &b); err != nil {
			s.t.Error(err)
		}
		name := b.Text + b.Tap.Facet
		switch e.Kind {
		case wire.KindSaid, wire.KindTapped:
			inputs++
			if b.ClientSeq != inputs {
				s.t.Errorf("input %d of the journal has client_seq %d", inputs, b.ClientSeq)
			}
			var tab, m int
			fmt.Sscanf(name, "t%d-m%d", &tab, &m)
			said[tab] = append(said[tab], name)
		case wire.KindReply:
			if replies[b.Turn]++; b.Turn > inputs || b.Turn == 0 {
				s.t.Errorf("the reply to %d comes before it", b.Turn)
			}
			if want := fmt.Sprintf("after %d messages and %d keywords.", 2*(len(replies)-1), len(replies)-1); !strings.HasSuffix(b.Text, want) {
				s.t.Errorf("reply %d says %q, want it to end with %q: the fold has lost or doubled something", len(replies), b.Text, want)
			}
		}
	}
	for turn := int64(1); turn <= inputs; turn++ {
		if replies[turn] != 1 {
			s.t.Errorf("input %d has %d replies", turn, replies[turn])
		}
	}
	for i, tab := range s.tabs {
		if !reflect.DeepEqual(said[i], s.sent[i]) {
			s.t.Errorf("tab %d sent %v, the journal has %v", i, s.sent[i], said[i])
		}
		if b := tab.Breaches(); b != "" {
			s.t.Errorf("tab %d saw: %s", i, b)
		}
		s.checkTranscript(i, tab.Transcript(), events)
		s.counts["resumed"] += tab.Resumed()
		for code, n := range tab.Errors() {
			s.counts[code] += n
		}
	}
}

func (s *schedule) checkTranscript(tab int, frames []wire.Server, events []chat.Event) {
	if len(frames) != len(events) {
		s.t.Errorf("tab %d has %d frames of %d", tab, len(frames), len(events))
		return
	}
	for i, f := range frames {
		if f.Seq != events[i].Seq || f.Kind != events[i].Kind || !f.Time.Equal(events[i].Time) {
			s.t.Errorf("tab %d: frame %d is %s %d, the journal has %s %d", tab, i, f.Kind, f.Seq, events[i].Kind, events[i].Seq)
		}
	}
}
