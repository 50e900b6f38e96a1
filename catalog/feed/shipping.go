package feed

import (
	"strings"

	"daogou/catalog"
)

const maxShipping = 200 // prices for sending one product

// shippingParts is the order in which a Merchant feed writes a shipping price. Handling and transit times may follow; they are not kept.
var shippingParts = []string{"country", "region", "service", "price"}

// headerParts are the parts that a header names: country and price for "shipping(country:price)"; nil if it names none.
func headerParts(header, attribute string) []string {
	name, rest, ok := strings.Cut(strings.ToLower(header), "(")
	if !ok || googleName(name) != attribute {
		return nil
	}
	parts := strings.Split(strings.TrimSuffix(strings.TrimSpace(rest), ")"), ":")
	for i := range parts {
		parts[i] = googleName(parts[i])
	}
	return parts
}

// splitShipping cuts "US:CA:Overnight:16.00 USD,US::Standard:6.49 USD". What is short of parts has the country first and the price last:
// "US:6.49 USD". A comma with no colon behind it belongs to an amount.
func splitShipping(s string, order []string) []map[string]string {
	var entries []string
	for _, part := range strings.Split(s, ",") {
		if len(entries) > 0 && !strings.Contains(part, ":") {
			entries[len(entries)-1] += "," + part
		} else if strings.TrimSpace(part) != "" && len(entries) < maxShipping {
			entries = append(entries, part)
		}
	}
	var out []map[string]string
	for _, e := range entries {
		fields := strings.Split(e, ":")
		names := order
		if names == nil {
			names = shippingParts
			if len(fields) < len(names) {
				names = append(append([]string(nil), names[:max(0, len(fields)-1)]...), "price")
			}
			if len(fields) == 3 {
				names = []string{"country", "service", "price"}
			}
		}
		sub := map[string]string{}
		for i, name := range names[:min(len(names), len(fields))] {
			sub[name] = strings.TrimSpace(fields[i])
		}
		out = append(out, sub)
	}
	return out
}

// shipping reads an item's shipping prices. The countries are checked by lint.
func (r *runner) shipping(it *item, at place) []catalog.Shipping {
	var out []catalog.Shipping
	for _, sub := range it.subs["shipping"][:min(len(it.subs["shipping"]), maxShipping)] {
		price, err := parseMoney(sub["price"], r.defaultCurrency())
		if err != nil {
			r.rep.add(Warning, "bad-shipping", at, "the shipping price to %q was left out: %v", clip(sub["country"], 20), err)
			continue
		}
		out = append(out, catalog.Shipping{Country: sub["country"], Region: clip(first(sub["region"], sub["postal_code"], sub["location_group_name"]), 100),
			Service: clip(sub["service"], 100), Price: price})
	}
	return out
}

// lintShipping mends where a product is sent from and what that costs, and drops what names no country or no price.
func (r *runner) lintShipping(p *catalog.Product, at place) {
	if p.ShipsFrom != "" {
		c, ok := country(p.ShipsFrom)
		if !ok {
			r.rep.add(Warning, "bad-country", at, "it ships from %q, which is not a country; use its ISO 3166 code such as CN", clip(p.ShipsFrom, 40))
		}
		p.ShipsFrom = c
	}
	kept := p.Shipping[:0]
	for _, s := range p.Shipping[:min(len(p.Shipping), maxShipping)] {
		c, ok := country(s.Country)
		if !ok {
			r.rep.add(Warning, "bad-country", at, "shipping to %q was left out: it is not a country; use its ISO 3166 code such as DE", clip(s.Country, 40))
			continue
		}
		code, ok := currencyCode(s.Price.Currency)
		if !ok || s.Price.Minor < 0 {
			r.rep.add(Warning, "bad-shipping", at, "shipping to %s was left out: %d %q is not a price", c, s.Price.Minor, clip(s.Price.Currency, 20))
			continue
		}
		s.Country, s.Price.Currency = c, code
		s.Region, s.Service = clip(oneLine(s.Region), 100), clip(oneLine(s.Service), 100)
		kept = append(kept, s)
	}
	if p.Shipping = kept; len(kept) == 0 {
		p.Shipping = nil
	}
}
