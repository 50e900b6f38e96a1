package catalog

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
)

// Text is one piece of text in several languages, keyed by primary language subtag ("en", "zh").
type Text map[string]string

// In returns the text in lang, or in English, or in any language there is (the smallest key, so that the choice is stable).
func (t Text) In(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	if s := t["en"]; s != "" {
		return s
	}
	best := ""
	for k, s := range t {
		if s != "" && (best == "" || k < best) {
			best = k
		}
	}
	return t[best]
}

// Money is an amount in minor units of an ISO 4217 currency: {1999, "USD"} is 19.99 dollars, {500, "JPY"} is 500 yen.
type Money struct {
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"`
}

// Product is one item of the catalogue with its variants. JSON is also the line format of our own JSONL feed.
type Product struct {
	ID          string             `json:"id"`
	Title       Text               `json:"title"`
	Description Text               `json:"description,omitempty"`
	Category    []string           `json:"category,omitempty"` // category IDs from the root to the product type
	Brand       string             `json:"brand,omitempty"`
	Link        string             `json:"link,omitempty"`
	Images      []Image            `json:"images,omitempty"`
	Facets      map[string][]Value `json:"facets,omitempty"`
	Prices      []Price            `json:"prices,omitempty"`
	Stock       map[string]int64   `json:"stock,omitempty"` // warehouse ID → units on hand; a missing map means the feed does not count stock
	Available   Availability       `json:"availability,omitempty"`
	ShipsFrom   string             `json:"ships_from,omitempty"` // ISO 3166-1 alpha-2 country it is sent from, where the feed names no warehouse; see FacetShipsFrom
	Shipping    []Shipping         `json:"shipping,omitempty"`   // what the shop charges for sending it
	WeightG     float64            `json:"weight_g,omitempty"`
	SizeMM      []float64          `json:"size_mm,omitempty"` // length, width, height of the parcel
	HSCode      string             `json:"hs_code,omitempty"`
	Origin      string             `json:"origin,omitempty"`       // ISO 3166-1 alpha-2 country of origin
	Restricted  []string           `json:"restrictions,omitempty"` // "battery", "cosmetic", "food", "liquid", "blade", …
	GTIN        string             `json:"gtin,omitempty"`
	MPN         string             `json:"mpn,omitempty"`
	Condition   string             `json:"condition,omitempty"` // "new", "refurbished", "used"; empty means new
	Rating      *Rating            `json:"rating,omitempty"`
	Variants    []Variant          `json:"variants,omitempty"`
	Version     int64              `json:"version,omitempty"` // row version, set by the store
	Updated     time.Time          `json:"updated,omitzero"`  // when the row last changed, set by the store
}

// Image is a picture by address, absolute or relative to the shop.
type Image struct {
	URL string `json:"url"`
	Alt Text   `json:"alt,omitempty"`
}

// Price is what the product costs in one market. Market "" is the default market.
type Price struct {
	Market string `json:"market,omitempty"`
	Amount Money  `json:"amount"`
	Sale   *Sale  `json:"sale,omitempty"`
}

// Sale is a reduced price from From (inclusive) to To (exclusive); a zero time means open-ended.
type Sale struct {
	Amount Money     `json:"amount"`
	From   time.Time `json:"from,omitzero"`
	To     time.Time `json:"to,omitzero"`
}

// At is the price that holds at now: the sale price within its dates, else the ordinary one.
func (p Price) At(now time.Time) Money {
	if p.Sale == nil || now.Before(p.Sale.From) || (!p.Sale.To.IsZero() && !now.Before(p.Sale.To)) {
		return p.Amount
	}
	return p.Sale.Amount
}

// PriceIn is the price row for a market, or the default market's, or the only one there is.
func (p *Product) PriceIn(market string) (Price, bool) {
	var def *Price
	for i := range p.Prices {
		switch p.Prices[i].Market {
		case market:
			return p.Prices[i], true
		case "":
			def = &p.Prices[i]
		}
	}
	if def != nil {
		return *def, true
	}
	if len(p.Prices) > 0 {
		return p.Prices[0], true
	}
	return Price{}, false
}

// Shipping is what the shop charges for sending one unit to a country, or to a part of it. An empty Region is the whole country, an
// empty Service the usual one. Several may fit a destination; then the shopper chooses among the services.
type Shipping struct {
	Country string `json:"country"`          // ISO 3166-1 alpha-2
	Region  string `json:"region,omitempty"` // state or postal code, as the feed writes it
	Service string `json:"service,omitempty"`
	Price   Money  `json:"price"`
}

// Availability is the Merchant feed's word for it. Empty means unknown: judged by Stock, and in stock if that is absent too.
type Availability string

const (
	InStock    Availability = "in_stock"
	OutOfStock Availability = "out_of_stock"
	PreOrder   Availability = "preorder"
	BackOrder  Availability = "backorder"
)

// InStock says whether the product can be bought now.
func (p *Product) InStock() bool {
	switch p.Available {
	case OutOfStock:
		return false
	case InStock, PreOrder, BackOrder:
		if p.Stock == nil || p.Available != InStock {
			return true
		}
	}
	if p.Stock == nil {
		return true
	}
	for _, n := range p.Stock {
		if n > 0 {
			return true
		}
	}
	return false
}

// Rating is the average of Count reviews, out of 5.
type Rating struct {
	Average float64 `json:"average"`
	Count   int64   `json:"count"`
}

// Variant is one buyable form of a product. A nil or empty field means "as the product".
type Variant struct {
	ID      string             `json:"id"`
	SKU     string             `json:"sku,omitempty"`
	GTIN    string             `json:"gtin,omitempty"`
	Title   Text               `json:"title,omitempty"`
	Facets  map[string][]Value `json:"facets,omitempty"` // what makes it differ: {"colour": ["navy"], "size": ["m"]}
	Prices  []Price            `json:"prices,omitempty"`
	Stock   map[string]int64   `json:"stock,omitempty"`
	Image   string             `json:"image,omitempty"`
	WeightG float64            `json:"weight_g,omitempty"`
}

// Value is one facet value: the ID of an enum value (or free text), a number in the facet's canonical unit, or a yes/no.
// In JSON it is a plain string, number or boolean.
type Value struct {
	kind byte // 's', 'n', 'b'; 0 is no value
	s    string
	n    float64
	b    bool
}

// Str, Num and Bool make values.
func Str(s string) Value  { return Value{kind: 's', s: s} }
func Num(n float64) Value { return Value{kind: 'n', n: n} }
func Bool(b bool) Value   { return Value{kind: 'b', b: b} }

func (v Value) IsStr() bool  { return v.kind == 's' }
func (v Value) IsNum() bool  { return v.kind == 'n' }
func (v Value) IsBool() bool { return v.kind == 'b' }
func (v Value) Str() string  { return v.s }
func (v Value) Num() float64 { return v.n }
func (v Value) Bool() bool   { return v.b }

// String is the value as text, without its unit.
func (v Value) String() string {
	switch v.kind {
	case 'n':
		return strconv.FormatFloat(v.n, 'f', -1, 64)
	case 'b':
		return strconv.FormatBool(v.b)
	}
	return v.s
}

func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case 's':
		return json.Marshal(v.s)
	case 'n':
		if math.IsNaN(v.n) || math.IsInf(v.n, 0) {
			return nil, fmt.Errorf("catalog: %v is not a number that JSON can hold", v.n)
		}
		return strconv.AppendFloat(nil, v.n, 'f', -1, 64), nil
	case 'b':
		return strconv.AppendBool(nil, v.b), nil
	}
	return []byte("null"), nil
}

func (v *Value) UnmarshalJSON(b []byte) error {
	var x any
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	switch x := x.(type) {
	case nil:
		*v = Value{}
	case string:
		*v = Str(x)
	case float64:
		*v = Num(x)
	case bool:
		*v = Bool(x)
	default:
		return fmt.Errorf("catalog: a facet value is a string, a number or a boolean, not %s", b)
	}
	return nil
}
