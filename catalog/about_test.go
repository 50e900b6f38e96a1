package catalog

import (
	"errors"
	"slices"
	"testing"
)

// typeShop sells things whose types share a word, and things that are made for others.
func typeShop(t testing.TB) *DB {
	t.Helper()
	db := shop(t)
	_, err := db.Import(ctx, func(s Sink) error {
		category := func(id, en string, also ...string) error {
			return s.PutCategory(ctx, Category{ID: id, Label: Text{"en": en}, Synonyms: map[string][]string{"en": also}})
		}
		err := errors.Join(category("power", "Power adapters"), category("network", "Network adapters"), category("laser", "Laser printers"),
			category("inkjet", "Inkjet printers"), category("laptop", "Laptops"), category("ram", "Memory modules", "ram"),
			category("bay", "Drive bays"), category("nas", "Network storage", "nas"), category("mouse", "Mice", "mouse"),
			category("cable", "KVM cables"), category("care", "Camera care", "tripod", "camera bag"),
			category("card", "Memory cards"), category("sound", "Sound cards"))
		for _, p := range []struct{ id, category, title, also string }{
			{"p1", "power", "Acme AC adapter 65 W", ""},
			{"n1", "network", "Acme network adapter", ""},
			{"l1", "laser", "Acme Swift laser printer A3", ""},
			{"i1", "inkjet", "Acme Drop inkjet printer A3", ""},
			{"lap", "laptop", "Acme Slate 14 laptop with 16 GB memory", ""},
			{"ram", "ram", "Acme RAM module 16 GB", ""},
			{"bay", "bay", "Acme drive bay for 4 disks", ""},
			{"nas", "nas", "Acme Attic NAS with 4 bays", ""},
			{"ms", "mouse", "Acme wireless mouse", ""},
			{"kit", "cable", "Acme tie set", ""},
			{"tri", "care", "Acme tripod", ""},
			{"bag", "care", "Acme camera bag", ""},
			{"sd", "card", "Acme SDHC card 32 GB", ""},
			{"snd", "sound", "Acme sound card", ""},
		} {
			if err == nil {
				_, err = s.PutProduct(ctx, &Product{ID: p.id, Category: []string{p.category}, Brand: "Acme", Title: Text{"en": p.title}, Description: Text{"en": p.also}, Prices: usd(1000)})
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// TestTypes says which products come first, in any order.
func TestTypes(t *testing.T) {
	db := typeShop(t)
	for _, c := range []struct {
		query string
		first []string
	}{
		{"adapter", []string{"p1", "n1"}},    // every type that the word names
		{"printer", []string{"l1", "i1"}},    //
		{"a3 printer", []string{"l1", "i1"}}, // an attribute tells no types apart
		{"laser printer", []string{"l1"}},    // a word of a type's name does
		{"laptop 16gb ram", []string{"lap"}}, // what is counted is a part
		{"nas 4 bay", []string{"nas"}},       // the tail of another type's name
		{"wireless mouse set", []string{"ms"}},
		{"tripod", []string{"tri"}},   // its category holds other things
		{"sdhc card", []string{"sd"}}, // only memory cards have every word
	} {
		res, err := db.Search(ctx, Query{Text: c.query})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range res.Hits {
			got = append(got, h.Product.ID)
		}
		top := slices.Sorted(slices.Values(got[:min(len(got), len(c.first))]))
		if !slices.Equal(top, slices.Sorted(slices.Values(c.first))) {
			t.Errorf("%q: %v, want %v first", c.query, got, c.first)
		}
	}
}
