package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"daogou/chat"
	"daogou/chat/wire"
)

// chatCmd talks to the assistant over standard input and output: what a widget would send in, the frames it would get out. Each "session" is a talk of its own.
type chatCmd struct {
	DB       string `help:"Catalogue database." required:"" type:"path"`
	Sessions string `help:"Keep the sessions in this database, so that a later run goes on with them." type:"path"`
	Policies string `help:"The shop's own text on shipping, returns and the like; shop.policies.yaml beside shop.db by default." type:"path" placeholder:"FILE"`
	Lang     string `help:"Language before the shopper's words tell." default:"en"`
	Deltas   bool   `help:"Print the pieces of a reply while it is worded, too."`
	modelFlags
	wordingFlag
}

type chatIn struct {
	Session string     `json:"session"`
	Say     string     `json:"say"`
	Tap     *wire.Tap  `json:"tap"`
	Page    *wire.Page `json:"page"`
}

// chatOut is a frame with the name that the input gave its session.
type chatOut struct {
	Session string `json:"session"`
	wire.Server
}

func (c chatCmd) Run(ctx context.Context, io streams) error {
	db, err := existingCatalogue(c.DB)
	if err != nil {
		return err
	}
	defer db.Close()
	policies, err := openPolicies(c.Policies, c.DB)
	if err != nil {
		return err
	}
	path := c.Sessions
	if path == "" {
		dir, err := os.MkdirTemp("", "daogou-chat-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		path = filepath.Join(dir, "sessions.db")
	}
	journal, err := chat.OpenSQLiteJournal(path, chat.SQLiteOptions{})
	if err != nil {
		return err
	}
	defer journal.Close()
	model, err := c.open()
	if err != nil {
		return err
	}
	if model != nil {
		defer model.Close()
	}
	assistant, err := newAssistant(ctx, db, policies, model, Config{Wording: c.Wording}.withDefaults())
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(io.err, &slog.HandlerOptions{Level: slog.LevelError}))
	hub, err := chat.NewHub(chat.Config{Journal: journal, Responder: assistant, Limits: unhurried, Log: log})
	if err != nil {
		return err
	}
	defer hub.Close()
	talks := map[string]*talk{}
	refused := 0
	err = eachLine(ctx, io.in, func(in chatIn) error {
		t := talks[in.Session]
		if t == nil {
			if t, err = openTalk(ctx, hub, in.Session, c.Lang, c.Sessions != ""); err != nil {
				return err
			}
			talks[in.Session] = t
		}
		ok, err := t.handle(ctx, in, c.Deltas, io)
		if !ok {
			refused++
		}
		return err
	})
	if refused > 0 {
		err = errors.Join(err, fmt.Errorf("inputs that were answered with an error frame: %d", refused))
	}
	return errors.Join(err, hub.Drain(ctx))
}

// unhurried are the limits of a talk with a program, which types faster than a person.
var unhurried = chat.Limits{SayRate: 1e6, SayBurst: 1e6, AddressRate: 1e6, AddressBurst: 1e6, FrameRate: 1e6, FrameBurst: 1e6}

// talk is one session of the command.
type talk struct {
	*chat.Local
	name string
}

// openTalk starts the session called name. With a sessions file the name is the session's own, so that another run finds it again.
func openTalk(ctx context.Context, hub *chat.Hub, name, lang string, keep bool) (*talk, error) {
	id := ""
	if keep {
		id = name
	}
	l, err := hub.Open(ctx, id, "cli", lang)
	if err != nil {
		return nil, fmt.Errorf("session %q: %w", name, err)
	}
	return &talk{Local: l, name: name}, nil
}

// handle answers one line. ok is false if the input was refused.
func (t *talk) handle(ctx context.Context, in chatIn, deltas bool, io streams) (ok bool, err error) {
	frame := wire.Client{Kind: wire.KindSay, Text: in.Say, Tap: in.Tap, Page: in.Page}
	if in.Tap != nil {
		frame.Kind = wire.KindTap
	}
	frames, err := t.Handle(ctx, frame)
	if err != nil {
		return false, err
	}
	ok = true
	for _, f := range frames {
		ok = ok && f.Kind != wire.KindError
		if f.Kind == wire.KindDelta && !deltas {
			continue
		}
		if err := writeLine(io.out, chatOut{t.name, f}); err != nil {
			return ok, err
		}
	}
	return ok, nil
}
