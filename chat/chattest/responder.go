package chattest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"daogou/chat"
	"daogou/chat/wire"
	"daogou/nlu"
)

// Echo answers without understanding: it repeats what it was told and how much it knows of the talk before, so that a test sees whether the fold is right.
// Some words make it misbehave: "panic", "fail", "hang", "person", "huge".
type Echo struct {
	Delay   func(in chat.TurnInput) time.Duration // before the reply; nil: none
	Release <-chan struct{}                       // ends "hang", which does not care about its context; nil: nothing does
}

// Respond implements chat.Responder.
func (e Echo) Respond(ctx context.Context, in chat.TurnInput, emit func(string)) (chat.ReplyBody, error) {
	words := in.Text
	if in.Tap != nil {
		words = in.Tap.Do + " " + in.Tap.Facet
	}
	switch {
	case strings.HasPrefix(words, "panic"):
		panic("told to")
	case strings.HasPrefix(words, "fail"):
		return chat.ReplyBody{}, errors.New("told to fail")
	case strings.HasPrefix(words, "hang"):
		<-e.Release
	}
	text := fmt.Sprintf("You said %q after %d messages and %d keywords.", words, len(in.History), len(in.State.Keywords))
	first, rest, _ := strings.Cut(text, " after ")
	emit(first)
	if e.Delay != nil {
		select {
		case <-time.After(e.Delay(in)):
		case <-ctx.Done():
			return chat.ReplyBody{}, ctx.Err()
		}
	}
	emit(" after " + rest)
	if strings.HasPrefix(words, "huge") {
		text = strings.Repeat("huge ", wire.MaxServerFrame/4)
	}
	return chat.ReplyBody{
		Lang: "en", Text: text, Hand: words == "person", Delta: nlu.Delta{Act: nlu.ActFind, Lang: "en", Keywords: []string{words}},
		Effect: chat.Effect{Shown: []string{"p1"}, Asked: "color"},
		Reply:  &wire.Reply{Act: "find", Plan: "answer", By: &wire.By{Parse: "rules", Word: "template"}},
	}, nil
}
