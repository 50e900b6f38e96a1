package catalog

import (
	"bytes"
	"encoding/json"
	"time"
)

// Op is the operator of a constraint.
type Op string

const (
	OpEq      Op = "="
	OpNe      Op = "!="
	OpLe      Op = "<="
	OpGe      Op = ">="
	OpBetween Op = "between" // two numbers, both inclusive
	OpIn      Op = "in"      // any of several values
)

// Constraint is one typed condition on a product. A hard one excludes; a soft one only raises what meets it.
// Numbers are in Unit: the facet's canonical unit, or for FacetPrice major units of a currency (Unit "" is the catalogue's currency).
type Constraint struct {
	Facet  string `json:"facet"`
	Op     Op     `json:"op"`
	Values Values `json:"value"`
	Unit   string `json:"unit,omitempty"`
	Hard   bool   `json:"hard"`
}

// Values are a constraint's operands: one, or two for between, or several for in. In JSON a single one stands without brackets.
type Values []Value

// Sort is an order of hits. By relevance the best matches come first, ranked with care as far as there are candidates (some hundreds),
// then the rest of what matches, best liked first. The other orders are over everything that Result.Total counts and nothing else;
// products without a price or a rating come last in them, whichever way round.
type Sort string

const (
	SortRelevance Sort = ""
	SortPriceUp   Sort = "price"      // cheapest first: the price of the query's market and time, in one currency by the reference rates
	SortPriceDown Sort = "price_desc" // dearest first
	SortRating    Sort = "rating"     // most stars first; among equals what more people liked
	SortNewest    Sort = "newest"     // what came into the catalogue last, first
)

// MaxLimit is the largest Limit of a query; a larger one is an error. Use Offset for more.
const MaxLimit = 1000

// Query is a search. Text is what the shopper typed or the parser kept as keywords; constraints come from the parser, page or taps.
type Query struct {
	Text        string
	Lang        string // "en", "zh"; empty: guessed from the text
	Constraints []Constraint
	Exclude     []string  // product IDs never to return
	Market      string    // whose prices hold; "" is the default
	Now         time.Time // when prices hold; zero is the present
	Limit       int       // hits wanted, at most MaxLimit; 0 is 10
	Offset      int       // hits to leave out at the start: Limit and Offset together page through all that there are
	Sort        Sort      // the order of the hits; "" is by relevance
	Facets      []string  // facet IDs to count over the candidates; nil: those of the candidates' commonest category
}

// Result is what a search found.
type Result struct {
	Carried    bool         // false: the shop does not sell this, and the hits are only the nearest things
	Confidence float64      // of Carried, 0 to 1
	Total      int          // candidates that meet every hard constraint and match the text
	Listed     int          // hits that Offset can page through: by relevance Total and also products that match only in part; sorted, those of Total that are of the kind named, if one is
	Hits       []Hit        // in the order of the query's Sort
	Counts     []FacetCount // over the candidates, most useful first
	Counted    int          // candidates that Counts is over; fewer than Total in a large set, and then the best ones
	Corrected  []Correction // spelling that was read otherwise
	Category   string       // the category the query is about, if it is about one
	Version    int64        // catalogue version that was read
}

// Hit is one product with its score and the parts it is made of.
type Hit struct {
	Product *Product
	Score   float64
	Parts   map[string]float64 // "text", "category", "soft", "rating", …: they sum to Score. Behind the ranked candidates only "rating" is known
	Reasons []Reason
}

// Reason says why a product was found: a matched word and field, or a constraint it meets or (Miss) a soft one it does not.
type Reason struct {
	Kind       string      `json:"kind"` // "text", "category", "constraint"
	Field      string      `json:"field,omitempty"`
	Word       string      `json:"word,omitempty"`
	Constraint *Constraint `json:"constraint,omitempty"`
	Miss       bool        `json:"miss,omitempty"`
}

// FacetCount is how the candidates spread over one facet's values. Missing counts candidates without a value.
type FacetCount struct {
	Facet   string
	Values  []ValueCount
	Min     float64 // of numbers
	Max     float64
	Missing int
}

// ValueCount is one value, or for numbers one range [Lo, Hi], with its number of candidates.
type ValueCount struct {
	Value Value
	Lo    float64
	Hi    float64
	Count int
}

// Correction is a word of the query that was read as another one.
type Correction struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func (v Values) MarshalJSON() ([]byte, error) {
	if len(v) == 1 {
		return json.Marshal(v[0])
	}
	return json.Marshal([]Value(v))
}

func (v *Values) UnmarshalJSON(b []byte) error {
	var many []Value
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("[")) {
		err := json.Unmarshal(b, &many)
		*v = many
		return err
	}
	var one Value
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	*v = Values{one}
	return nil
}
