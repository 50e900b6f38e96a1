// Package nlu understands one turn of a shopper: what they do (the act) and how their need changes (the delta).
//
// A Parser reads the state before the turn, what is on the table, and the shopper's words, and returns a Delta. State.Apply folds it in; it is pure, so a
// conversation's state can always be computed again from its turns. The rule parser in this package is driven by the catalogue's schema alone; the
// Transformer implements the same interface elsewhere.
//
// The package knows no sessions, no sockets and no SQL.
package nlu

import (
	"context"
	"time"

	"daogou/catalog"
)

// Act is what the shopper does with a turn.
type Act string

const (
	ActFind       Act = "find"         // says a need, or a new one
	ActRefine     Act = "refine"       // adds to the need or changes it; also an answer to a question
	ActRelax      Act = "relax"        // drops or softens a condition, or does not care about one
	ActNegate     Act = "negate"       // excludes a value: "not black", "不要塑料的"
	ActReject     Act = "reject"       // none of what was shown
	ActMore       Act = "more"         // wants to see others for the same need
	ActCompare    Act = "compare"      // wants items held side by side
	ActAskItem    Act = "ask_item"     // asks a fact about an item
	ActChoose     Act = "choose"       // settles on an item, or wants its details
	ActAddToCart  Act = "add_to_cart"  // puts an item in the basket
	ActRemove     Act = "remove"       // takes an item out of the basket, or changes how many
	ActViewCart   Act = "view_cart"    // asks what is in the basket
	ActCheckout   Act = "checkout"     // wants to pay
	ActOrder      Act = "order"        // asks about an order, a delivery under way, a return: after-sales
	ActPolicy     Act = "policy"       // asks how the shop does things: shipping, returns, payment, warranty
	ActPerson     Act = "person"       // wants to talk to a person
	ActGreet      Act = "greet"        // says hello
	ActThank      Act = "thank"        // says thanks
	ActBye        Act = "bye"          // says goodbye
	ActAffirm     Act = "affirm"       // yes
	ActDeny       Act = "deny"         // no, without more
	ActReset      Act = "reset"        // starts over
	ActBack       Act = "back"         // goes back to the need before
	ActOutOfScope Act = "out_of_scope" // nothing a shop can do
	ActUnclear    Act = "unclear"      // no words that can be understood
)

// Origin says where a constraint came from.
type Origin string

const (
	OriginSaid    Origin = "said"
	OriginTapped  Origin = "tapped"
	OriginPage    Origin = "page"
	OriginGuessed Origin = "guessed"
)

// Constraint is a catalogue constraint with where it came from. Span is the shopper's own words for it ("under fifty bucks").
type Constraint struct {
	catalog.Constraint
	Span   string `json:"span,omitempty"`
	SaidIn string `json:"said_in,omitempty"` // unit in which the shopper said it, if not the facet's: "in" of 15 inch that Unit has in cm
	Origin Origin `json:"origin,omitempty"`
}

// State is the shopper's need and the talk's situation: the fold of all turns so far. It is a value: Apply returns a new one.
type State struct {
	Lang         string       `json:"lang,omitempty"`
	Keywords     []string     `json:"keywords"`    // content words that no constraint stands for, in the order said
	Constraints  []Constraint `json:"constraints"` // at most one per facet and polarity, in the order said
	NoPreference []string     `json:"no_preference,omitempty"`
	Shown        []string     `json:"shown,omitempty"` // products on the table, in the order shown
	Seen         []string     `json:"seen,omitempty"`  // products on the table before those, for the same need: "more" does not bring them back
	Focus        string       `json:"focus,omitempty"` // the product the talk is about
	Rejected     []string     `json:"rejected,omitempty"`
	Asked        string       `json:"asked,omitempty"` // facet of the open question
	AskedBefore  []string     `json:"asked_before,omitempty"`
	Cart         []CartLine   `json:"cart,omitempty"`
	Adding       CartLine     `json:"adding,omitzero"` // a product on its way into the basket that waits for its variant
	Past         []Need       `json:"past,omitempty"`  // earlier needs, the latest last, for "go back"
	Next         []Need       `json:"next,omitempty"`  // needs said together with an earlier one, that the talk has still to come to
	Country      string       `json:"country,omitempty"`
	Currency     string       `json:"currency,omitempty"`
}

// Need is the part of a state that says what is wanted.
type Need struct {
	Keywords     []string     `json:"keywords"`
	Constraints  []Constraint `json:"constraints"`
	NoPreference []string     `json:"no_preference,omitempty"`
	Shown        []string     `json:"shown,omitempty"`
}

// CartLine is a product, or one variant of it, in the basket.
type CartLine struct {
	Product  string `json:"product"`
	Variant  string `json:"variant,omitempty"`
	Quantity int    `json:"quantity"`
}

// Delta is what one turn does to the state.
type Delta struct {
	Lang         string       `json:"lang"`
	Act          Act          `json:"act"`
	Also         []Act        `json:"also,omitempty"`     // further acts of the same turn, in the order said
	NewNeed      bool         `json:"new_need,omitempty"` // the old need goes to Past and this one starts empty
	Next         []Need       `json:"next,omitempty"`     // further needs of the same turn: "a tent, and a pair of hiking boots"
	Set          []Constraint `json:"set,omitempty"`      // replaces what the state says about the same facet
	Drop         []string     `json:"drop,omitempty"`     // facets about which nothing holds any more
	NoPreference []string     `json:"no_preference,omitempty"`
	Keywords     []string     `json:"keywords,omitempty"` // added
	DropKeywords []string     `json:"drop_keywords,omitempty"`
	References   []string     `json:"references,omitempty"` // product IDs the turn points to, resolved
	Unresolved   string       `json:"unresolved,omitempty"` // words that point to an item that could not be told
	AskFacets    []string     `json:"ask_facets,omitempty"` // facets that ActAskItem or ActCompare is about
	Quantity     int          `json:"quantity,omitempty"`
	Country      string       `json:"country,omitempty"`  // destination, ISO 3166-1 alpha-2
	Currency     string       `json:"currency,omitempty"` // currency the shopper thinks in
	By           string       `json:"by,omitempty"`       // "rules", "model", "tap"
}

// Turn is what a parser gets to read.
type Turn struct {
	State   State
	History []Message          // the talk before this turn, oldest first
	Text    string             // valid UTF-8, cleaned, bounded
	Shown   []*catalog.Product // the products on the table, in the order shown
	Schema  *catalog.Schema
	Page    string    // product whose page the shopper is on, if any
	Now     time.Time // by which sales have begun or ended; zero: those with an end are not counted
}

// Message is one earlier utterance. Role is "shopper" or "assistant".
type Message struct {
	Role string `json:"role"`
	Text string `json:"text"`
}

// Parser understands a turn. It returns an error only when it cannot answer at all (past its deadline, no model); words that make no sense are ActUnclear.
type Parser interface {
	Parse(ctx context.Context, t Turn) (Delta, error)
}
