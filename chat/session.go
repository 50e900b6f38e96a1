package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"daogou/chat/wire"
)

// session is one conversation in memory: a goroutine that takes inputs from its mailbox one by one, journals each, has it answered, and journals the reply.
// Only that goroutine touches talk, so a turn needs no lock. What it publishes has been journaled first, except pieces of a reply being worded.
type session struct {
	hub   *Hub
	id    string
	box   chan request
	ready chan struct{} // closed once loaded, or once loading has failed
	err   error         // why it could not be loaded; read after ready

	mu         sync.Mutex
	last, seen int64 // of talk, for a welcome while a turn is under way

	talk  Talk
	stale bool          // the outcome of an append is not known: read the journal before going on
	retry time.Duration // until the next try to answer what could not be answered
}

// request is a say or tap on its way to the session. done is called once, from the session's goroutine, after the turn; for a refusal at once.
type request struct {
	in   Input
	done func(outcome)
}

// outcome is what became of a request.
type outcome struct {
	refusal *refusal
	again   bool  // it was journaled before: a resend
	last    int64 // newest seq after the turn
}

// refusal is an input that was not taken. The same number may be used again.
type refusal struct {
	code  string
	text  string
	retry bool
	seen  int64
}

func (r *refusal) frame(turn int64) wire.Server {
	return wire.Server{Kind: wire.KindError, Code: r.code, Text: r.text, Turn: turn, Seen: r.seen, Retry: r.retry}
}

func refuseDraining() *refusal {
	return &refusal{code: wire.CodeDraining, text: "The server restarts; please send it again in a moment.", retry: true}
}

const (
	appendAttempts = 4                // against others who append to the same session
	retryFirst     = time.Second      // after a reply could not be stored
	retryMost      = 30 * time.Second //
	turnGrace      = 500 * time.Millisecond
	maxDeltaBytes  = 64 << 10 // of one reply being worded
)

func newSession(h *Hub, id string) *session {
	return &session{hub: h, id: id, box: make(chan request, h.Limits.Mailbox), ready: make(chan struct{})}
}

// run is the session's goroutine.
func (s *session) run() {
	token, err := s.load()
	if err != nil {
		s.err = err
		s.hub.Log.Warn("a session could not be loaded", "session", s.id, "error", err)
		s.hub.metrics.errors.add("load")
		s.hub.forget(s)
		close(s.ready)
		s.refuseAll(&refusal{code: wire.CodeUnsaved, text: "This chat cannot be reached at the moment; please send it again.", retry: true})
		return
	}
	close(s.ready)
	defer s.release(token)
	s.answerOpen()
	s.serve()
}

func (s *session) serve() {
	timer := time.NewTimer(s.pause())
	defer timer.Stop()
	for {
		select { // stopping comes first: after it nothing more is taken
		case <-s.hub.stopping:
			s.refuseAll(refuseDraining())
			s.hub.forget(s)
			return
		default:
		}
		select {
		case <-s.hub.stopping:
			continue
		case req := <-s.box:
			s.handle(req)
		case <-timer.C:
			if !s.pending() && s.hub.retire(s) {
				return
			}
			s.answerOpen()
		}
		timer.Reset(s.pause())
	}
}

func (s *session) pending() bool { return len(s.talk.Open) > 0 || s.stale }

// pause is how long the session waits for an input before it leaves memory or tries again what has failed.
func (s *session) pause() time.Duration {
	if !s.pending() {
		s.retry = 0
		return s.hub.Limits.Session
	}
	s.retry = min(max(2*s.retry, retryFirst), retryMost)
	return s.retry
}

func (s *session) refuseAll(r *refusal) {
	for {
		select {
		case req := <-s.box:
			req.done(outcome{refusal: r})
		default:
			return
		}
	}
}

// load becomes the session's owner and folds its journal.
func (s *session) load() (token int64, err error) {
	ctx, cancel := s.hub.storeContext()
	defer cancel()
	if token, err = s.hub.Lease.Acquire(ctx, s.id); err != nil {
		return 0, err
	}
	m, err := s.hub.Journal.Meta(ctx, s.id)
	if err == nil {
		s.talk = NewTalk(m)
		err = s.catchUp(ctx, func(Event) {})
	}
	if err != nil {
		s.release(token)
		return 0, err
	}
	return token, nil
}

func (s *session) release(token int64) {
	ctx, cancel := context.WithTimeout(context.Background(), storeTime)
	defer cancel()
	if err := s.hub.Lease.Release(ctx, s.id, token); err != nil {
		s.hub.Log.Warn("a lease could not be released", "session", s.id, "error", err)
	}
}

// catchUp folds in what the journal has beyond the talk.
func (s *session) catchUp(ctx context.Context, each func(Event)) error {
	for {
		events, err := s.hub.Journal.Read(ctx, s.id, s.talk.Last, 0)
		if err != nil {
			return err
		}
		if len(events) == 0 {
			s.stale = false
			s.note()
			return nil
		}
		for _, e := range events {
			s.fold(e)
			each(e)
		}
	}
}

// reload reads what others have appended, or what was appended here without the answer coming back, and publishes it, since nobody may have.
func (s *session) reload() error {
	ctx, cancel := s.hub.storeContext()
	defer cancel()
	return s.catchUp(ctx, s.publish)
}

// fold adds an event to the talk. One that cannot be read is skipped: a session must not be lost for one line of its journal.
func (s *session) fold(e Event) {
	if err := s.talk.Add(e); err != nil {
		s.talk.Last = max(s.talk.Last, e.Seq)
		s.hub.metrics.errors.add("fold")
		s.hub.Log.Error("an event was skipped", "session", s.id, "error", err)
	}
}

// note makes the talk's position known to connections that say hello.
func (s *session) note() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last, s.seen = s.talk.Last, s.talk.Seen
}

func (s *session) position() (last, seen int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last, s.seen
}

// handle takes one input and answers it. An input that is journaled already changes nothing: whoever resends it gets its acknowledgement and reply from the journal.
func (s *session) handle(req request) {
	again, refused := s.take(req.in)
	if refused != nil {
		refused.seen = s.talk.Seen
		s.hub.metrics.errors.add(refused.code)
		req.done(outcome{refusal: refused})
		return
	}
	s.answerOpen()
	req.done(outcome{again: again, last: s.talk.Last})
}

// take journals an input, which acknowledges it. Numbers must come without gaps, so that a message refused for a moment is never overtaken by a later one.
func (s *session) take(in Input) (again bool, refused *refusal) {
	unsaved := &refusal{code: wire.CodeUnsaved, text: "Your message could not be saved; please send it again.", retry: true}
	for range appendAttempts {
		if s.stale && s.reload() != nil {
			return false, unsaved
		}
		if known, same := s.talk.known(in); known && same {
			return true, nil
		} else if known {
			return false, &refusal{code: wire.CodeTaken, text: fmt.Sprintf("Message %d of this chat was sent from elsewhere; send yours as %d.", in.ClientSeq, s.talk.Seen+1), retry: true}
		}
		if in.ClientSeq > s.talk.Seen+1 { // another process may have taken the ones before, or this one
			if s.reload() != nil {
				return false, unsaved
			}
			if in.ClientSeq <= s.talk.Seen {
				continue
			}
		}
		if in.ClientSeq != s.talk.Seen+1 {
			return false, &refusal{code: wire.CodeGap, text: fmt.Sprintf("Message %d is out of order: %d is expected.", in.ClientSeq, s.talk.Seen+1), retry: true}
		}
		e, err := in.event()
		if err == nil {
			err = s.append(e)
		}
		if err == nil {
			return false, nil
		}
		if !errors.Is(err, ErrConflict) {
			s.hub.Log.Error("an input could not be stored", "session", s.id, "error", err)
			return false, unsaved
		}
	}
	return false, unsaved
}

func (in Input) event() (Event, error) {
	var e Event
	var err error
	if in.Tap != nil {
		e.Kind = wire.KindTapped
		e.Body, err = json.Marshal(TappedBody{ClientSeq: in.ClientSeq, Tap: *in.Tap, Page: in.Page})
	} else {
		e.Kind = wire.KindSaid
		e.Body, err = json.Marshal(SaidBody{ClientSeq: in.ClientSeq, Text: in.Text, Page: in.Page})
	}
	return e, err
}

// append journals events, folds them in and publishes them. After an error the talk is stale: also a failed append may have been stored.
func (s *session) append(events ...Event) error {
	now := stamp(time.Now())
	for i := range events {
		events[i].Seq, events[i].Time = s.talk.Last+1+int64(i), now
	}
	ctx, cancel := s.hub.storeContext()
	defer cancel()
	if err := s.hub.Journal.Append(ctx, s.id, s.talk.Last, events...); err != nil {
		s.stale = true
		return err
	}
	for _, e := range events {
		s.fold(e)
	}
	s.note()
	for _, e := range events {
		s.publish(e)
	}
	return nil
}

func (s *session) publish(e Event) {
	n, err := noteOf(e)
	if err != nil {
		s.hub.Log.Error("an event cannot be shown", "session", s.id, "error", err)
	}
	s.send(n)
}

// send puts a note on the bus. If that fails the rooms find out from the journal, with the next note or hello.
func (s *session) send(n note) {
	if err := s.hub.Bus.Publish(s.hub.ctx, subject(s.id), n.encode()); err != nil && s.hub.ctx.Err() == nil {
		s.hub.metrics.errors.add("publish")
		s.hub.Log.Warn("a frame could not be published", "session", s.id, "error", err)
	}
}

func (s *session) sendFrame(f wire.Server) {
	frame, err := wire.EncodeServer(f)
	if err != nil {
		s.hub.Log.Error("a frame cannot be written", "session", s.id, "error", err)
		return
	}
	s.send(note{frame: frame})
}

// answerOpen answers every input that has no reply yet. What cannot be answered now stays open and is tried again later, also after a restart.
func (s *session) answerOpen() {
	for conflicts := 0; ; {
		if s.stale && s.reload() != nil {
			return
		}
		if len(s.talk.Open) == 0 {
			return
		}
		err := s.answer(s.talk.Open[0])
		switch {
		case err == nil:
			conflicts = 0
		case errors.Is(err, ErrConflict) && conflicts < appendAttempts: // somebody else has said something: the draft is dropped
			conflicts++
		default:
			if s.hub.ctx.Err() == nil {
				s.hub.metrics.errors.add(wire.CodeUnsaved)
				s.hub.Log.Error("a reply could not be stored", "session", s.id, "error", err)
				turn := wire.Server{Kind: wire.KindError, Code: wire.CodeUnsaved, Text: "The answer is delayed by a fault in the shop's system; it will come.", Turn: s.talk.Open[0].ClientSeq}
				s.sendFrame(turn)
			}
			return
		}
	}
}

// answer has one input answered and journals the reply.
func (s *session) answer(in Input) error {
	select {
	case s.hub.slots <- struct{}{}:
	case <-s.hub.ctx.Done():
		return s.hub.ctx.Err()
	}
	s.sendFrame(wire.Server{Kind: wire.KindTyping, Who: "assistant", Turn: in.ClientSeq})
	begun := time.Now()
	reply, err := s.respond(in)
	if s.hub.ctx.Err() != nil {
		return s.hub.ctx.Err() // the server stops: the turn is answered after its restart
	}
	events, err := s.events(in, reply, err)
	if err == nil {
		err = s.append(events...)
	}
	if err == nil {
		s.hub.metrics.turnTook(time.Since(begun))
	}
	return err
}

// events is the reply as journaled. A responder that failed, or whose reply cannot be sent, is replaced by an apology.
func (s *session) events(in Input, reply ReplyBody, failed error) ([]Event, error) {
	if failed == nil {
		events, err := replyEvents(reply)
		if err == nil {
			s.hub.metrics.answeredBy(reply.Reply)
			return events, nil
		}
		failed = err
	}
	s.hub.metrics.errors.add("responder")
	s.hub.Log.Error("a turn failed", "session", s.id, "turn", in.ClientSeq, "error", failed)
	lang := s.talk.State.Lang
	return replyEvents(ReplyBody{Turn: in.ClientSeq, Who: "assistant", Lang: lang, Text: noticesFor(lang).sorry,
		Reply: &wire.Reply{Plan: "sorry", Actions: []wire.Action{{Label: noticesFor(lang).askPerson, Tap: wire.Tap{Do: wire.DoPerson, Label: noticesFor(lang).askPerson}}}}})
}

func replyEvents(r ReplyBody) ([]Event, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	events := []Event{{Kind: wire.KindReply, Body: body}}
	if _, err := noteOf(events[0]); err != nil {
		return nil, err
	}
	if r.Hand {
		body, err := json.Marshal(HandoverBody{Turn: r.Turn, Text: noticesFor(r.Lang).person})
		if err != nil {
			return nil, err
		}
		events = append(events, Event{Kind: wire.KindHandover, Body: body})
	}
	return events, nil
}

// respond runs the responder beside the session, so that one that hangs or panics costs a turn and not the session. It takes a turn's slot, which is given back
// when the responder really ends.
func (s *session) respond(in Input) (ReplyBody, error) {
	ctx, cancel := context.WithTimeout(s.hub.ctx, s.hub.Limits.Turn)
	defer cancel()
	turn := TurnInput{Session: s.id, State: s.talk.State, History: s.talk.History, Text: cleaned(in.Text), Tap: in.Tap, Page: in.Page, First: s.talk.Replies == 0}
	e := &emitter{session: s, turn: in.ClientSeq}
	type result struct {
		reply ReplyBody
		err   error
	}
	out := make(chan result, 1)
	go func() {
		defer func() { <-s.hub.slots }()
		defer func() {
			if p := recover(); p != nil {
				out <- result{err: fmt.Errorf("the responder panicked: %v\n%s", p, debug.Stack())}
			}
		}()
		reply, err := s.hub.Responder.Respond(ctx, turn, e.emit)
		out <- result{reply, err}
	}()
	var r result
	select {
	case r = <-out:
	case <-ctx.Done():
		r = waitFor(out, turnGrace, result{err: ctx.Err()})
	}
	e.stop()
	r.reply.Turn = in.ClientSeq
	if r.reply.Who == "" {
		r.reply.Who = "assistant"
	}
	return r.reply, r.err
}

// waitFor gives a channel a last chance.
func waitFor[T any](c <-chan T, d time.Duration, otherwise T) T {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case v := <-c:
		return v
	case <-timer.C:
		return otherwise
	}
}

// emitter sends pieces of one reply until the turn is over.
type emitter struct {
	session *session
	turn    int64
	mu      sync.Mutex
	over    bool
	bytes   int
}

func (e *emitter) emit(piece string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.over || piece == "" || e.bytes+len(piece) > maxDeltaBytes {
		return
	}
	e.bytes += len(piece)
	e.session.sendFrame(wire.Server{Kind: wire.KindDelta, Turn: e.turn, Text: piece})
}

func (e *emitter) stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.over = true
}
