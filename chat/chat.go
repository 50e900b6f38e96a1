// Package chat holds the conversation: sessions, turns, policy, grounding, the journal and the shopper's WebSocket.
//
// One shopper turn is a straight line, in turn.go: parse → apply → search → rank → decide → word → check → append → publish. Policy (policy.go) and grounding
// (ground.go) are pure functions. A session is one goroutine with a mailbox; its state is the fold of its journal, so a crash loses nothing that was acknowledged.
//
// The package declares the small interfaces that it needs and never imports the generator: it runs with rules alone, with scripted parts in tests, or with the model.
package chat

import (
	"context"
	"errors"
	"time"

	"daogou/catalog"
	"daogou/chat/wire"
	"daogou/nlu"
)

// Parser understands a turn.
type Parser = nlu.Parser

// Searcher finds and reads products. *catalog.DB is one.
type Searcher interface {
	Search(ctx context.Context, q catalog.Query) (*catalog.Result, error)
	Products(ctx context.Context, ids []string) ([]*catalog.Product, error) // in the order asked, without those that do not exist
	Schema(ctx context.Context) (*catalog.Schema, error)
	CountMatching(ctx context.Context, q catalog.Query) (int, error)
}

// Ranker orders hits for a need. It may drop none and add none. It names itself for the record.
type Ranker interface {
	Rank(ctx context.Context, s nlu.State, r *catalog.Result) ([]catalog.Hit, error)
	Name() string
}

// Wording turns a plan into sentences whose facts are slots. It calls emit once a sentence, so that the first can be shown while the next is worded.
// It names itself ("template", "model") for the record.
type Wording interface {
	Word(ctx context.Context, p *Plan, emit func(Draft) error) error
	Name() string
}

// Journal keeps each session's events. Append is conditional: it fails with ErrConflict unless the session's last seq is after.
type Journal interface {
	Create(ctx context.Context, m Meta) error
	Meta(ctx context.Context, session string) (Meta, error) // ErrNoSession
	Append(ctx context.Context, session string, after int64, events ...Event) error
	Read(ctx context.Context, session string, after int64, limit int) ([]Event, error)
	Close() error
}

// Bus carries what was appended to whoever follows a session: the shopper's tabs, staff. Messages are bytes, so nothing depends on shared memory.
// Delivery is at most once; a subscriber that falls behind is told by its channel closing, and reads the journal.
type Bus interface {
	Publish(ctx context.Context, subject string, data []byte) error
	Subscribe(ctx context.Context, subject string) (<-chan []byte, func(), error)
	Close() error
}

// Lease makes one process the owner of a session. Token grows with every change of owner and fences the journal.
type Lease interface {
	Acquire(ctx context.Context, session string) (token int64, err error)
	Release(ctx context.Context, session string, token int64) error
	Close() error
}

// Errors that callers tell apart.
var (
	ErrConflict  = errors.New("chat: the session has moved on")
	ErrNoSession = errors.New("chat: no such session")
	ErrDraining  = errors.New("chat: the server is shutting down")
)

// Meta is what is known of a session besides its events. Secret is stored only as a hash.
type Meta struct {
	Session    string    `json:"session"`
	Store      string    `json:"store"`
	Epoch      string    `json:"epoch"`
	SecretHash []byte    `json:"secret_hash"`
	Lang       string    `json:"lang"`
	Country    string    `json:"country"`
	Created    time.Time `json:"created"`
}

// Event is one entry of a session's journal. Kind names the body's type.
type Event struct {
	Seq  int64     `json:"seq"`
	Time time.Time `json:"time"`
	Kind string    `json:"kind"` // wire.KindSaid, KindTapped, KindReply, KindHandover, …
	Body []byte    `json:"body"` // JSON
}

// PlanKind is what the assistant decides to do.
type PlanKind string

const (
	PlanGreet      PlanKind = "greet"
	PlanAsk        PlanKind = "ask"  // a question, with the best few so far beside it
	PlanShow       PlanKind = "show" // products, no question
	PlanCompare    PlanKind = "compare"
	PlanAnswer     PlanKind = "answer"      // a fact about an item
	PlanDetail     PlanKind = "detail"      // one item in full
	PlanRelax      PlanKind = "relax"       // nothing fits: what could be loosened
	PlanNotCarried PlanKind = "not_carried" // the shop does not sell it; the nearest things, if any
	PlanCart       PlanKind = "cart"        // the basket after a change, or as it is
	PlanCheckout   PlanKind = "checkout"
	PlanWhich      PlanKind = "which"    // the shopper pointed to an item that cannot be told
	PlanPolicy     PlanKind = "policy"   // the shop's own text
	PlanOrder      PlanKind = "order"    // after-sales: what a person has to look at
	PlanHandover   PlanKind = "handover" // a person takes over
	PlanThank      PlanKind = "thank"
	PlanBye        PlanKind = "bye"
	PlanReset      PlanKind = "reset"
	PlanOutOfScope PlanKind = "out_of_scope"
	PlanUnclear    PlanKind = "unclear"
)

// Plan is everything a reply may say. Wording chooses the words; it cannot add a fact, because facts stand in a draft only as slots of Facts.
type Plan struct {
	Kind       PlanKind
	Lang       string
	Act        nlu.Act
	First      bool // first reply of the session
	Items      []Item
	Facts      map[string]Fact // slot name → fact: "p1.title", "p1.price", "p2.battery_life", "n.total", …
	Question   *Question
	Relax      []Relaxation
	Table      *wire.Table
	Corrected  []catalog.Correction
	Total      int    // candidates that fit
	Subject    string // slot of what the need is about: the category's label or the shopper's keywords
	Policy     *PolicyText
	Asked      []string         // facets of an item the shopper asked about
	Unanswered []string         // those the catalogue says nothing about
	Unread     []string         // the shopper's words that no product of the category has
	Unmet      []nlu.Constraint // soft wishes that no item meets
	Changed    []nlu.Constraint // what this turn changed in the need
	Variation  uint64           // seed for choosing among wordings

	Reader   *Reader        // reads a fact from a row: for the plan, and again just before it is said (facts.go)
	Decision Decision       // why it asks or shows (policy.go)
	Note     Note           // an outcome to tell besides: what went into the basket, what was refused and why
	Dropped  []string       // facets that this turn opened again
	Focus    string         // product that the talk is about from now on
	Offer    string         // what a bare "yes" would accept next: OfferAdd, OfferPerson, or ""
	Cart     []nlu.CartLine // the basket as it is after the turn
	SetCart  bool           // the turn changed it
	Quantity int            // of the line that the turn changed
	Choices  []wire.Action  // buttons besides the question's: variants, categories, a person
}

// Item is a product in a plan with why it is there.
type Item struct {
	Product  *catalog.Product
	Hit      catalog.Hit
	Reasons  []Reasoned
	TradeOff *Reasoned
}

// Reasoned is a reason, or a trade-off, for an item: the constraint it meets or misses and the slot of the product's own value.
type Reasoned struct {
	Constraint *nlu.Constraint
	Slot       string // fact that proves it
	Kind       string // "meets", "misses", "cheapest", "best_rated", "in_stock", …
}

// Fact is a value in a product's row (or a count) that a reply may state. Column is "title", "price", "stock", "rating", a facet ID, or "" for what is not of a product.
type Fact struct {
	Slot    string
	Product string
	Column  string
	Value   string // as stored, canonical
	Text    string // as a person reads it in the plan's language
	Version int64
}

// Question is a clarifying question about a facet.
type Question struct {
	Facet    *catalog.Facet
	Options  []QuestionOption
	From, To int     // expected: splits From candidates into about To
	Gain     float64 // bits
}

// QuestionOption is one answer and how many candidates have it.
type QuestionOption struct {
	Constraint catalog.Constraint
	Label      string
	Count      int
}

// Relaxation is a set of constraints to drop or loosen, with the exact number of products that would then fit.
type Relaxation struct {
	Drop  []nlu.Constraint
	Set   []nlu.Constraint // looser ones instead, e.g. a higher price
	Count int
}

// PolicyText is a passage of the shop's own words.
type PolicyText struct {
	ID       string
	Question catalog.Text
	Answer   catalog.Text
}

// Policies finds the shop's own text on a question; ok is false if it has none.
type Policies interface {
	Find(lang, text string) (PolicyText, bool)
}

// Draft is one sentence with its facts as slots: "The {p1.title} is {p1.price}."
type Draft struct {
	Text string
}

// TurnInput is what a responder gets: the fold of the journal and the new input, which is words or a tap.
type TurnInput struct {
	Session string
	State   nlu.State
	History []nlu.Message
	Text    string
	Tap     *wire.Tap
	Page    *wire.Page
	First   bool // no reply was given in this session yet
}

// Responder answers one turn. Pieces of text given to emit are grounded already; the result is the whole reply and what to journal.
// Assistant (turn.go) is the one that ships.
type Responder interface {
	Respond(ctx context.Context, in TurnInput, emit func(piece string)) (ReplyBody, error)
}

// SaidBody, TappedBody and ReplyBody are the journal's event bodies. State is their fold: Apply(Delta), then Effect.
type SaidBody struct {
	ClientSeq int64      `json:"client_seq"`
	Text      string     `json:"text"`
	Page      *wire.Page `json:"page,omitempty"`
}

// TappedBody is a tap as journaled.
type TappedBody struct {
	ClientSeq int64      `json:"client_seq"`
	Tap       wire.Tap   `json:"tap"`
	Page      *wire.Page `json:"page,omitempty"`
}

// ReplyBody is a reply as journaled: what was understood, what was said and what it did to the state.
type ReplyBody struct {
	Turn   int64       `json:"turn"` // client_seq of the input it answers
	Who    string      `json:"who"`  // "assistant"
	Lang   string      `json:"lang"`
	Text   string      `json:"text"`
	Delta  nlu.Delta   `json:"delta"`
	Effect Effect      `json:"effect"`
	Reply  *wire.Reply `json:"reply,omitempty"`
	Hand   bool        `json:"hand,omitempty"` // the shopper asked for a person: a handover event follows
}

// Effect is what the assistant's side of a turn does to the state.
type Effect struct {
	Shown        []string       `json:"shown,omitempty"` // now on the table; nil leaves what was there
	Seen         []string       `json:"seen,omitempty"`  // with Shown: those that were on the table before, for the same need
	Focus        string         `json:"focus,omitempty"`
	Asked        string         `json:"asked,omitempty"` // facet of the question now open
	Cart         []nlu.CartLine `json:"cart,omitempty"`  // the basket, if SetCart
	SetCart      bool           `json:"set_cart,omitempty"`
	Adding       nlu.CartLine   `json:"adding,omitzero"`         // waits for its variant
	DropKeywords []string       `json:"drop_keywords,omitempty"` // words that the shop has nothing for
}
