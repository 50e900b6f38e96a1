package chat

import (
	"context"
	"errors"
	"fmt"
	"time"

	"daogou/chat/wire"
)

// Local is a conversation within the process, without a socket: for the command line, evaluation and tests. It goes through the same session, journal and bus as
// a widget's and returns the same frames. One goroutine at a time may use it.
type Local struct {
	Welcome wire.Server

	hub    *Hub
	id     string
	seen   int64 // highest client_seq
	last   int64 // newest durable frame returned
	sub    <-chan []byte
	cancel func()
}

// Open opens the session, or a new one with that ID; with an empty ID it gets a random one. Whoever calls it is in the process and needs no token.
func (h *Hub) Open(ctx context.Context, session, store, lang string) (*Local, error) {
	m, err := h.openMeta(ctx, session, store, lang)
	if err != nil {
		return nil, err
	}
	l := &Local{hub: h, id: m.Session}
	if l.sub, l.cancel, err = h.Bus.Subscribe(ctx, subject(l.id)); err != nil {
		return nil, err
	}
	if l.last, l.seen, err = h.position(l.id); err != nil {
		l.cancel()
		return nil, err
	}
	l.Welcome = wire.Server{V: wire.Version, Kind: wire.KindWelcome, Session: m.Session, Epoch: m.Epoch, Resumed: l.last > 0, Last: l.last, Seen: l.seen, MaxText: wire.MaxText, Notice: noticesFor(lang).ai}
	return l, nil
}

func (h *Hub) openMeta(ctx context.Context, session, store, lang string) (Meta, error) {
	if session != "" {
		m, err := h.Journal.Meta(ctx, session)
		if !errors.Is(err, ErrNoSession) {
			return m, err
		}
	} else {
		session = randomID(16)
	}
	_, hash := NewSecret()
	m := Meta{Session: session, Store: store, Epoch: randomID(9), SecretHash: hash, Lang: lang, Created: stamp(time.Now())}
	return m, h.Journal.Create(ctx, m)
}

// Session is the session's ID.
func (l *Local) Session() string { return l.id }

// Close ends the conversation's use; the session itself stays.
func (l *Local) Close() { l.cancel() }

// Handle takes a say or tap and returns every frame that a widget would get for it, in order, once its turn is over. With ClientSeq 0 the next number is used.
// A known number returns what the journal has of that turn. The error is for faults; a refused frame is answered with an error frame.
func (l *Local) Handle(ctx context.Context, in wire.Client) ([]wire.Server, error) {
	in.V = wire.Version
	if in.Kind != wire.KindSay && in.Kind != wire.KindTap {
		return nil, fmt.Errorf("chat: a local conversation takes say and tap, not %q", in.Kind)
	}
	if in.ClientSeq == 0 {
		in.ClientSeq = l.seen + 1
	}
	if err := in.Check(); err != nil {
		var e *wire.Error
		errors.As(err, &e)
		return []wire.Server{stampVersion((&refusal{code: e.Code, text: e.Message}).frame(in.ClientSeq))}, nil
	}
	done := make(chan outcome, 1)
	if refused := l.hub.deliver(l.id, request{in: inputFrom(in, in.Page), done: func(o outcome) { done <- o }}); refused != nil {
		return []wire.Server{stampVersion(refused.frame(in.ClientSeq))}, nil
	}
	frames, out, err := l.follow(ctx, done)
	switch {
	case err != nil:
		return frames, err
	case out.refusal != nil:
		return append(frames, stampVersion(out.refusal.frame(in.ClientSeq))), nil
	case out.again:
		return l.turn(ctx, in.ClientSeq)
	}
	l.seen = max(l.seen, in.ClientSeq)
	return l.complete(ctx, frames, out.last)
}

func stampVersion(f wire.Server) wire.Server {
	f.V = wire.Version
	return f
}

// follow collects what is published until the turn is over.
func (l *Local) follow(ctx context.Context, done <-chan outcome) (frames []wire.Server, out outcome, err error) {
	over := false
	for {
		if over {
			select {
			case data, ok := <-l.sub:
				if !ok {
					return frames, out, l.resubscribe(ctx)
				}
				frames = l.collect(frames, data)
			default:
				return frames, out, nil
			}
			continue
		}
		select {
		case data, ok := <-l.sub:
			if ok {
				frames = l.collect(frames, data)
			} else if err := l.resubscribe(ctx); err != nil {
				return frames, out, err
			}
		case out = <-done:
			over = true
		case <-ctx.Done():
			return frames, out, ctx.Err()
		}
	}
}

func (l *Local) resubscribe(ctx context.Context) error {
	sub, cancel, err := l.hub.Bus.Subscribe(ctx, subject(l.id))
	if err == nil {
		l.sub, l.cancel = sub, cancel
	}
	return err
}

// collect adds a published frame. A durable one that does not follow the one before is left to complete.
func (l *Local) collect(frames []wire.Server, data []byte) []wire.Server {
	n, err := decodeNote(data)
	if err != nil || n.seq > 0 && n.seq != l.last+1 {
		return frames
	}
	l.last = max(l.last, n.seq)
	if f, err := wire.DecodeServer(n.frame); err == nil {
		frames = append(frames, f)
	}
	return frames
}

// complete adds from the journal what the bus did not bring.
func (l *Local) complete(ctx context.Context, frames []wire.Server, last int64) ([]wire.Server, error) {
	for l.last < last {
		events, err := l.hub.Journal.Read(ctx, l.id, l.last, 0)
		if err != nil || len(events) == 0 {
			return frames, err
		}
		for _, e := range events {
			l.last = e.Seq
			if f, ok, err := frameOf(e); ok && err == nil {
				frames = append(frames, stampVersion(f))
			}
		}
	}
	return frames, nil
}

// turn reads the frames of one turn from the journal.
func (l *Local) turn(ctx context.Context, clientSeq int64) (frames []wire.Server, err error) {
	for after := int64(0); ; {
		events, err := l.hub.Journal.Read(ctx, l.id, after, 0)
		if err != nil || len(events) == 0 {
			return frames, err
		}
		for _, e := range events {
			after = e.Seq
			if f, ok, err := frameOf(e); ok && err == nil && f.Turn == clientSeq {
				frames = append(frames, stampVersion(f))
			}
		}
	}
}
