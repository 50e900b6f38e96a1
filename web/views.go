package web

import (
	"context"
	"errors"
	"net/url"
)

// ErrNotFound is what a Shop returns for a product or category that it does not have: the shopper sees the 404 page.
var ErrNotFound = errors.New("web: the shop does not have this")

// Shop is where pages get their products. All text in the answers is in the asked language and all prices are formatted; lang is "en" or "zh".
type Shop interface {
	Categories(ctx context.Context, lang string) ([]Category, error) // the top level, for the menu on every page
	Home(ctx context.Context, lang string) (HomeView, error)
	Search(ctx context.Context, lang string, q ListQuery) (ListView, error) // a category, a search, or both
	Product(ctx context.Context, lang, id string) (ProductView, error)      // ErrNotFound
	Cards(ctx context.Context, lang string, ids []string) ([]Card, error)   // in the order asked, without those that do not exist
	Picture(ctx context.Context, id string) (svg []byte, ok bool)           // drawn picture of a product
}

// Category is a category with what a tile or menu shows.
type Category struct {
	ID    string
	Label string
	Count int
	Image string // address; may be empty
}

// Card is a product in a grid, and a line of the cart.
type Card struct {
	ID       string  `json:"id"`
	Title    string  `json:"title"`
	Brand    string  `json:"brand,omitempty"`
	Price    string  `json:"price,omitempty"` // formatted; empty if the product has no price
	Was      string  `json:"was,omitempty"`   // the price before the sale
	Off      string  `json:"off,omitempty"`   // "−20%"
	Minor    int64   `json:"minor"`           // the price in minor units of Currency
	Currency string  `json:"currency,omitempty"`
	Image    string  `json:"image,omitempty"`
	Link     string  `json:"link"` // ProductPath(ID) if empty
	Rating   float64 `json:"rating,omitempty"`
	Ratings  int64   `json:"ratings,omitempty"`
	InStock  bool    `json:"in_stock"`
	Category string  `json:"category,omitempty"` // label of the product type

	Choose   bool      `json:"choose,omitempty"`   // comes in several versions: a grid leads to its page instead of adding it
	Variants []Variant `json:"variants,omitempty"` // needed by Product and Cards, not in grids
}

// HomeView is the front page.
type HomeView struct {
	Categories []Category
	Shelves    []Shelf
	Total      int // products in the shop
}

// Shelf is a row of products under a heading. Path leads to more of them; may be empty.
type Shelf struct {
	Title string
	Path  string
	Cards []Card
}

// ListQuery is what a list page was asked for.
type ListQuery struct {
	Text     string
	Category string
	Filters  map[string][]string // facet ID → values, as given by FacetOption.Value
	Min, Max string              // price in major units of the shop's currency, as typed: may be empty or nonsense
	Sort     string              // "", "price", "price_desc", "rating", "newest"
	Page     int                 // from 1
	Size     int
}

// ListView is a page of products. Total counts all pages.
type ListView struct {
	Heading   string // the category's label, or empty for a plain search
	Crumbs    []Crumb
	Children  []Category // narrower categories
	Facets    []FacetView
	Cards     []Card
	Total     int
	Currency  string // of Min and Max, for the label
	Corrected []Correction
	Nearest   bool // the shop does not carry what was asked for; Cards are only the nearest things
}

// Crumb is a step of the way to a page.
type Crumb struct {
	Label string
	Path  string
}

// FacetView is one filter.
type FacetView struct {
	ID      string
	Label   string
	Options []FacetOption
}

// FacetOption is one tickable value with how many products have it.
type FacetOption struct {
	Value string
	Label string
	Count int
}

// Correction is a word that was read as another one.
type Correction struct {
	From, To string
}

// ProductView is a product's page.
type ProductView struct {
	Card
	Description string
	Crumbs      []Crumb
	Images      []string // the first is the main one; Card.Image if empty
	Facts       []Fact
	Stock       []Stock // per warehouse; empty if the shop does not count
	Related     []Card
	GTIN        string
}

// Fact is a labelled value.
type Fact struct {
	Label, Value string
}

// Variant is one buyable form. Price is empty if it costs what the product costs.
type Variant struct {
	ID      string `json:"id"`
	Label   string `json:"label"`
	Price   string `json:"price,omitempty"`
	Minor   int64  `json:"minor,omitempty"`
	Image   string `json:"image,omitempty"`
	InStock bool   `json:"in_stock"`
}

// Stock is what one warehouse has.
type Stock struct {
	Place string // "Germany", "德国"
	Units int64
}

// ProductPath and CategoryPath are the addresses of a product's page and a category's list.
func ProductPath(id string) string  { return "/p/" + url.PathEscape(id) }
func CategoryPath(id string) string { return "/c/" + url.PathEscape(id) }
