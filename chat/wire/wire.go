// Package wire is what travels over the shopper's WebSocket: versioned JSON frames, their limits and the close codes.
//
// Frames are flat objects told apart by "kind". Durable frames (Seq > 0) are entries of the session's journal and come exactly once and in order; the others
// (delta, typing, error, pong) may be lost with the connection and are never needed to understand the talk. A client resumes with the epoch and the last seq it has
// seen and gets every durable frame after it, or a welcome with Resumed false and the whole talk from seq 1.
//
// The package imports nothing of ours, so that frames change only when somebody changes them here.
package wire

import (
	"encoding/json"
	"time"
)

// Version is the protocol version that this binary speaks.
const Version = 1

// Kinds of frames from the client.
const (
	KindHello  = "hello"  // first frame: opens or resumes a session
	KindSay    = "say"    // the shopper's words
	KindTap    = "tap"    // a tapped option, chip, card or button
	KindTyping = "typing" // both ways: somebody is typing
	KindPage   = "page"   // the shopper moved to another page
	KindPing   = "ping"
)

// Kinds of frames from the server. Said, tapped, reply and handover are durable.
const (
	KindWelcome  = "welcome"
	KindSaid     = "said"   // the shopper's words as journaled: the acknowledgement of say
	KindTapped   = "tapped" // the acknowledgement of tap
	KindDelta    = "delta"  // a piece of a reply being worded; Reply replaces all deltas of its turn
	KindReply    = "reply"  // the whole reply of the assistant, or of a person
	KindHandover = "handover"
	KindError    = "error"
	KindPong     = "pong"
)

// Client is a frame from the shopper's side.
type Client struct {
	V         int    `json:"v"`
	Kind      string `json:"kind"`
	ClientSeq int64  `json:"client_seq,omitempty"` // of say and tap: 1, 2, 3 … within a session; a resend keeps its number
	Text      string `json:"text,omitempty"`
	Tap       *Tap   `json:"tap,omitempty"`

	// hello
	Store   string `json:"store,omitempty"`
	Session string `json:"session,omitempty"`
	Token   string `json:"token,omitempty"` // the session's secret, given by welcome
	Epoch   string `json:"epoch,omitempty"`
	Seq     int64  `json:"seq,omitempty"` // last durable frame seen
	Lang    string `json:"lang,omitempty"`
	Country string `json:"country,omitempty"`
	Page    *Page  `json:"page,omitempty"`
}

// Page is where the shopper is in the shop.
type Page struct {
	URL     string `json:"url,omitempty"`
	Product string `json:"product,omitempty"`
}

// Tap is what was tapped. Do is one of the Do constants; the other fields say on what.
type Tap struct {
	Do       string          `json:"do"`
	Facet    string          `json:"facet,omitempty"`
	Op       string          `json:"op,omitempty"`
	Value    json.RawMessage `json:"value,omitempty"` // a scalar or an array, as in Constraint
	Unit     string          `json:"unit,omitempty"`
	Label    string          `json:"label,omitempty"` // what the button said, for the transcript
	Product  string          `json:"product,omitempty"`
	Products []string        `json:"products,omitempty"`
	Variant  string          `json:"variant,omitempty"`
	Quantity int             `json:"quantity,omitempty"`
	And      []Tap           `json:"and,omitempty"` // done with it, as one turn: a relaxation that changes two conditions
}

// What a tap does.
const (
	DoSet          = "set"           // sets a constraint
	DoDrop         = "drop"          // drops the constraints on a facet
	DoSoften       = "soften"        // makes them nice-to-have
	DoNoPreference = "no_preference" // answers a question with "doesn't matter"
	DoChoose       = "choose"
	DoAdd          = "add"
	DoRemove       = "remove"
	DoQuantity     = "quantity"
	DoCompare      = "compare"
	DoMore         = "more"
	DoCheckout     = "checkout"
	DoReset        = "reset"
	DoPerson       = "person"
)

// Server is a frame to the shopper's side.
type Server struct {
	V    int       `json:"v"`
	Kind string    `json:"kind"`
	Seq  int64     `json:"seq,omitempty"` // journal position of a durable frame
	Time time.Time `json:"time,omitzero"`
	Turn int64     `json:"turn,omitempty"` // client_seq of the say or tap that this belongs to

	// welcome
	Session string `json:"session,omitempty"`
	Token   string `json:"token,omitempty"`
	Epoch   string `json:"epoch,omitempty"`
	Resumed bool   `json:"resumed,omitempty"`
	Last    int64  `json:"last,omitempty"`   // newest seq of the journal; frames up to it follow
	PingS   int    `json:"ping_s,omitempty"` // how often the client should expect a sign of life
	MaxText int    `json:"max_text,omitempty"`
	Seen    int64  `json:"seen,omitempty"` // highest client_seq journaled, so that a client resends only what is newer
	Notice  string `json:"notice,omitempty"`

	// said, delta, reply, error
	Text  string `json:"text,omitempty"`
	Lang  string `json:"lang,omitempty"`
	Who   string `json:"who,omitempty"` // "assistant", "staff"
	Tap   *Tap   `json:"tap,omitempty"`
	Code  string `json:"code,omitempty"`  // of an error: stable, for programs
	Retry bool   `json:"retry,omitempty"` // the same frame may go through later

	*Reply
}

// Reply is the body of a reply frame.
type Reply struct {
	Act      string    `json:"act,omitempty"`  // what the shopper's turn was understood as
	Plan     string    `json:"plan,omitempty"` // what the assistant does: ask, show, compare, answer, relax, not_carried, …
	State    *State    `json:"state,omitempty"`
	Products []Card    `json:"products,omitempty"`
	Question *Question `json:"question,omitempty"`
	Actions  []Action  `json:"actions,omitempty"` // further buttons: relaxations, "show more", "talk to a person"
	Table    *Table    `json:"table,omitempty"`
	Claims   []Claim   `json:"claims,omitempty"`
	Cart     *Cart     `json:"cart,omitempty"`
	Total    int       `json:"total,omitempty"` // candidates that fit
	By       *By       `json:"by,omitempty"`
}

// By names which part answered each step: "model", "rules" or "template".
type By struct {
	Parse string `json:"parse,omitempty"`
	Word  string `json:"word,omitempty"`
	Rank  string `json:"rank,omitempty"`
}

// State is the need as the shopper sees it.
type State struct {
	Lang        string       `json:"lang,omitempty"`
	Keywords    []string     `json:"keywords"`
	Constraints []Constraint `json:"constraints"`
}

// Constraint is one chip. Value is a scalar, or an array for between and in.
type Constraint struct {
	Facet  string          `json:"facet"`
	Op     string          `json:"op"`
	Value  json.RawMessage `json:"value"`
	Unit   string          `json:"unit,omitempty"`
	Hard   bool            `json:"hard"`
	Span   string          `json:"span,omitempty"`
	Origin string          `json:"origin,omitempty"`
	Label  string          `json:"label,omitempty"` // the chip's text in the shopper's language
}

// Card is a product as the widget shows it. Everything in it is read from the product's row.
type Card struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Price    string   `json:"price,omitempty"` // formatted
	Was      string   `json:"was,omitempty"`   // the price before the sale
	Amount   *Money   `json:"amount,omitempty"`
	Image    string   `json:"image,omitempty"`
	Link     string   `json:"link,omitempty"`
	InStock  bool     `json:"in_stock"`
	Rating   float64  `json:"rating,omitempty"`
	Ratings  int64    `json:"ratings,omitempty"`
	Reasons  []string `json:"reasons,omitempty"` // in the shopper's language
	TradeOff string   `json:"trade_off,omitempty"`
	Facts    []Fact   `json:"facts,omitempty"` // what a buyer would want to see first
	Version  int64    `json:"version,omitempty"`
}

// Fact is a labelled value of a product.
type Fact struct {
	Facet string `json:"facet"`
	Label string `json:"label"`
	Value string `json:"value"`
}

// Money is an amount in minor units.
type Money struct {
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"`
}

// Question is a clarifying question with its tappable answers. "Doesn't matter" is always possible and not in the list.
type Question struct {
	Facet   string   `json:"facet"`
	Text    string   `json:"text"`
	Why     string   `json:"why,omitempty"`
	Multi   bool     `json:"multi,omitempty"`
	Options []Option `json:"options"`
}

// Option is one tappable answer. Count is how many candidates have it.
type Option struct {
	Label string `json:"label"`
	Count int    `json:"count"`
	Tap   Tap    `json:"tap"`
}

// Action is a button below a reply.
type Action struct {
	Label string `json:"label"`
	Count int    `json:"count,omitempty"`
	Tap   Tap    `json:"tap"`
	Link  string `json:"link,omitempty"` // an address of the shop to go to instead of sending the tap
}

// Table is a comparison: a row for each facet, a cell for each product in the order of Products.
type Table struct {
	Products []string   `json:"products"`
	Rows     []TableRow `json:"rows"`
}

// TableRow is one line of a comparison. Cells are "" where the catalogue says nothing.
type TableRow struct {
	Facet   string   `json:"facet"`
	Label   string   `json:"label"`
	Cells   []string `json:"cells"`
	Differs bool     `json:"differs"`
}

// Claim binds a piece of the reply's text to the row it was read from.
// Start and End are offsets into Text in UTF-16 code units, as browsers count.
type Claim struct {
	Text    string    `json:"text"`
	Start   int       `json:"start"`
	End     int       `json:"end"`
	Product string    `json:"product"`
	Column  string    `json:"column"` // "price", "title", "stock", or a facet ID
	Value   string    `json:"value"`  // as stored
	Version int64     `json:"version"`
	Time    time.Time `json:"time"`
}

// Cart is the basket with its total.
type Cart struct {
	Lines []CartLine `json:"lines"`
	Count int        `json:"count"`
	Total string     `json:"total,omitempty"`
	Sum   *Money     `json:"sum,omitempty"`
}

// CartLine is one product in the basket.
type CartLine struct {
	Product  string `json:"product"`
	Variant  string `json:"variant,omitempty"`
	Title    string `json:"title"`
	Quantity int    `json:"quantity"`
	Price    string `json:"price,omitempty"` // of the line
	Image    string `json:"image,omitempty"`
}

// Close codes. A client reconnects after every code below 4500, with back-off, and after none from 4500 on.
const (
	CloseGoingAway  = 1001 // the server restarts: reconnect
	CloseSlow       = 4000 // the client read too slowly: reconnect and resume
	CloseIdle       = 4001 // no sign of life: reconnect
	CloseTryLater   = 4003 // the server is at its limit: reconnect later
	CloseBadFrame   = 4500 // a frame that is not of the protocol
	CloseBadVersion = 4501 // a protocol version that this server does not speak
	CloseTooBig     = 4502 // a frame over the size limit
	CloseForbidden  = 4503 // wrong token, store or origin
	CloseTooMany    = 4504 // rate limit exceeded again and again
)
