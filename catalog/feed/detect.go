package feed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// detect chooses the reader by the caller's word, the mapping, or the first bytes.
func (r *runner) detect(in *input) (format, error) {
	head := bytes.TrimLeft(in.head, " \t\r\n\ufeff")
	if len(head) == 0 {
		return nil, fmt.Errorf("%s: the file is empty", in.file)
	}
	if r.opts.Map != nil {
		return r.detectMapped(head)
	}
	switch r.opts.Format {
	case "":
		return r.guessFormat(in, head)
	case FormatGoogle:
		if head[0] == '<' {
			return &googleXML{r}, nil
		}
		return &googleTable{r: r, comma: sniffComma(head)}, nil
	case FormatShopify:
		return newShopify(r, sniffComma(head)), nil
	case FormatJSONLD:
		return &jsonLD{r}, nil
	case FormatJSONL:
		return newJSONL(r), nil
	case FormatCSV, FormatTSV:
		return nil, fmt.Errorf("%s: a plain %s needs a mapping that says which column is what; there are %s", in.file, r.opts.Format, strings.Join(MapNames(), ", "))
	}
	return nil, fmt.Errorf("feed: format %q is none of google, shopify, jsonld, jsonl, csv, tsv", r.opts.Format)
}

func (r *runner) detectMapped(head []byte) (format, error) {
	kind := r.opts.Format
	if kind == "" {
		kind = r.opts.Map.Format
	}
	if kind == "" {
		switch {
		case head[0] == '{':
			kind = FormatJSONL
		default:
			kind = FormatCSV
		}
	}
	switch kind {
	case FormatJSONL:
		return newMapped(r, 0), nil
	case FormatTSV:
		return newMapped(r, '\t'), nil
	case FormatCSV:
		return newMapped(r, sniffComma(head)), nil
	}
	return nil, fmt.Errorf("feed: a mapping reads csv, tsv or jsonl, not %q", kind)
}

func (r *runner) guessFormat(in *input, head []byte) (format, error) {
	switch head[0] {
	case '<':
		if root := strings.ToLower(string(head[:min(len(head), 4096)])); strings.Contains(root, "<html") || strings.Contains(root, "<!doctype html") ||
			strings.Contains(root, "ld+json") {
			return &jsonLD{r}, nil
		}
		return &googleXML{r}, nil
	case '[':
		return &jsonLD{r}, nil
	case '{':
		return r.guessJSON(in, head)
	}
	return r.guessTable(in, head)
}

func (r *runner) guessJSON(in *input, head []byte) (format, error) {
	start := head[:min(len(head), 4096)]
	if bytes.Contains(start, []byte(`"@context"`)) || bytes.Contains(start, []byte(`"@type"`)) || bytes.Contains(start, []byte(`"@graph"`)) {
		return &jsonLD{r}, nil
	}
	var line struct {
		Defaults, Facet, Category json.RawMessage
		Brand, ID, Title          json.RawMessage
	}
	object := func(b json.RawMessage) bool { return len(b) > 0 && b[0] == '{' }
	if json.Unmarshal(firstLine(head), &line) == nil {
		if len(line.Defaults) > 0 || len(line.Facet) > 0 || object(line.Category) || object(line.Title) || object(line.Brand) && line.ID == nil && line.Title == nil {
			return newJSONL(r), nil
		}
	} else if bytes.IndexByte(head, '\n') < 0 {
		return newJSONL(r), nil // one broken line: its error says more than a guess
	}
	return nil, fmt.Errorf("%s: these JSON lines are not in our own format; give a mapping that says which field is what (there are %s)", in.file, strings.Join(MapNames(), ", "))
}

func (r *runner) guessTable(in *input, head []byte) (format, error) {
	comma := sniffComma(head)
	names := strings.Split(string(firstLine(head)), string(comma))
	for i := range names {
		names[i] = strings.Trim(names[i], `" `)
	}
	shop, google := newHeader(append([]string{}, names...), shopifyName), newHeader(names, googleName)
	switch {
	case shop.has("title") && (shop.has("handle") || shop.has("vendor") || shop.has("option1 name") || shop.has("published") || shop.has("body")) && !google.has("id"),
		shop.has("handle") && shop.has("price"):
		return newShopify(r, comma), nil
	case google.has("id") && (google.has("title") || google.has("structured_title")) && (google.has("price") || google.has("link") || google.has("availability") || google.has("image_link")):
		return &googleTable{r: r, comma: comma}, nil
	}
	return nil, fmt.Errorf("%s: the header is neither a Google Merchant feed's nor a Shopify export's; give a mapping that says which column is what (there are %s)",
		in.file, strings.Join(MapNames(), ", "))
}

// reject notes a row that could not be read.
func (r *runner) reject(code string, at place, format string, args ...any) {
	if !r.rep.silent {
		r.rep.Rows++
	}
	r.rep.skip(Error, code, at, format, args...)
}
