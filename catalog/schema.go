package catalog

// Kind says what a facet's values are.
type Kind string

const (
	KindEnum   Kind = "enum"   // one or several of a closed list
	KindNumber Kind = "number" // a quantity in the facet's unit
	KindBool   Kind = "bool"   // yes or no
	KindText   Kind = "text"   // free text: searched and shown, never asked about
)

// Names of the constraints that every product has without declaring a facet.
// Money and dates are not facets: these are read from the product's own columns.
const (
	FacetCategory  = "category"   // value: a category ID, at any depth
	FacetBrand     = "brand"      // value: a brand as the catalogue spells it
	FacetPrice     = "price"      // value: major units of the constraint's Unit, an ISO 4217 code
	FacetRating    = "rating"     // value: stars out of 5
	FacetInStock   = "in_stock"   // value: yes or no
	FacetOnSale    = "on_sale"    // value: yes or no
	FacetShipsFrom = "ships_from" // value: ISO country of a warehouse with stock, or the product's ShipsFrom while it is in stock
)

// Facet is a typed attribute that products of some categories have.
type Facet struct {
	ID         string              `json:"id"`
	Kind       Kind                `json:"kind"`
	Unit       string              `json:"unit,omitempty"` // canonical unit of a number ("cm", "g", "GB", "W"), see package units
	Label      Text                `json:"label"`
	Synonyms   map[string][]string `json:"synonyms,omitempty"` // language → other names of the facet; of a bool: words that mean yes
	Values     []FacetValue        `json:"values,omitempty"`   // of an enum
	Multi      bool                `json:"multi,omitempty"`    // a product may have several values
	Variant    bool                `json:"variant,omitempty"`  // tells variants of one product apart (size, colour)
	Better     string              `json:"better,omitempty"`   // of a number: "high" or "low" if shoppers agree, else ""
	Ask        Text                `json:"ask,omitempty"`      // how a shop assistant would ask for it; empty: made from the label
	Why        Text                `json:"why,omitempty"`      // why it is worth asking, one clause
	Categories []string            `json:"categories,omitempty"`
}

// FacetValue is one value of an enum facet.
type FacetValue struct {
	ID       string              `json:"id"`
	Label    Text                `json:"label"`
	Synonyms map[string][]string `json:"synonyms,omitempty"`
}

// Category is a node of the category tree. A leaf is a product type.
type Category struct {
	ID       string              `json:"id"`
	Parent   string              `json:"parent,omitempty"`
	Label    Text                `json:"label"`
	Synonyms map[string][]string `json:"synonyms,omitempty"`
	Facets   []string            `json:"facets,omitempty"` // facet IDs in the order in which they matter to a buyer
	Count    int                 `json:"count,omitempty"`  // products at or below it, set by the store
}

// Brand is a brand with the number of its products. Name is how products spell it and what a constraint holds; Label and Synonyms
// are what it is called elsewhere ("华为" for Huawei). A brand without a label is called by its name.
type Brand struct {
	Name     string              `json:"name"`
	Label    Text                `json:"label,omitempty"`
	Synonyms map[string][]string `json:"synonyms,omitempty"`
	Count    int                 `json:"count"`
}

// Schema is the shape of one catalogue at one version: what a parser may say and a question may ask. It is immutable once loaded.
type Schema struct {
	Version    int64
	Currency   string // of the default market
	Categories []Category
	Facets     []Facet
	Brands     []Brand
	Markets    []string

	category map[string]*Category
	facet    map[string]*Facet
}

// NewSchema indexes the parts. Facets that no category names are kept: they belong to every category.
func NewSchema(version int64, currency string, cats []Category, facets []Facet, brands []Brand) *Schema {
	s := &Schema{Version: version, Currency: currency, Categories: cats, Facets: facets, Brands: brands,
		category: make(map[string]*Category, len(cats)), facet: make(map[string]*Facet, len(facets))}
	for i := range cats {
		s.category[cats[i].ID] = &cats[i]
	}
	for i := range facets {
		s.facet[facets[i].ID] = &facets[i]
	}
	return s
}

// Category and Facet look up by ID; nil if there is none.
func (s *Schema) Category(id string) *Category { return s.category[id] }
func (s *Schema) Facet(id string) *Facet       { return s.facet[id] }

// Value looks up an enum value; nil if there is none.
func (f *Facet) Value(id string) *FacetValue {
	for i := range f.Values {
		if f.Values[i].ID == id {
			return &f.Values[i]
		}
	}
	return nil
}

// Path is the category and its ancestors, root first; nil for an unknown one.
func (s *Schema) Path(id string) []*Category {
	var path []*Category
	for c := s.category[id]; c != nil && len(path) < 16; c = s.category[c.Parent] {
		path = append([]*Category{c}, path...)
	}
	return path
}

// Within says whether category id is at or below ancestor.
func (s *Schema) Within(id, ancestor string) bool {
	for _, c := range s.Path(id) {
		if c.ID == ancestor {
			return true
		}
	}
	return false
}

// FacetsOf lists the facets of a category, its own first, then its ancestors'.
func (s *Schema) FacetsOf(category string) []*Facet {
	var out []*Facet
	seen := map[string]bool{}
	path := s.Path(category)
	for i := len(path) - 1; i >= 0; i-- {
		for _, id := range path[i].Facets {
			if f := s.facet[id]; f != nil && !seen[id] {
				seen[id] = true
				out = append(out, f)
			}
		}
	}
	return out
}
