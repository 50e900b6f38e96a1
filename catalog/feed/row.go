package feed

import (
	"strings"

	"daogou/catalog"
)

// row is one row of a feed as its reader understood it: a product, or one variant of one.
type row struct {
	file  string
	line  int
	group string          // rows of one group are one product; "" stands alone
	p     catalog.Product // everything but facets and category
	attrs []attr          // what may become facets
	path  []node          // category, root first
	parts []*row          // variants that the row brings along
	extra any             // what the format keeps for building
}

func (r *row) at() place { return place{r.file, r.line, r.p.ID} }

// attr is one attribute of a row before its facet is known.
type attr struct {
	key   string // where it comes from; equal keys are the same attribute
	label string // what the feed calls it
	vals  []any  // string, float64 or bool
}

// node is one category of a path.
type node struct {
	id, parent string
	label      catalog.Text
	also       []string
	facets     []string
}

// pathOf makes category nodes of labels, root first. A level that repeats the one above it is dropped.
func pathOf(labels []string, names func(string) (catalog.Text, []string)) []node {
	var path []node
	id, last := "", ""
	for _, l := range labels {
		l = oneLine(l)
		s := slug(l, '-')
		if s == "" || s == last || placeholder(l) || len(path) == 8 {
			continue
		}
		text, also := names(l)
		if t := text["en"]; t != "" && slug(t, '-') != "" {
			s = slug(t, '-')
		}
		n := node{parent: id, label: text, also: also}
		if id != "" {
			id += "/"
		}
		id += s
		last = s
		n.id = id
		path = append(path, n)
	}
	return path
}

// splitPath cuts "Home > Kitchen > Pans" into its levels.
func splitPath(s string) []string {
	for _, sep := range []string{">", "»", "›", "|"} {
		if strings.Contains(s, sep) {
			return strings.Split(s, sep)
		}
	}
	return []string{s}
}
