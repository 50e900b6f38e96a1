package catalog

import (
	"errors"
	"slices"
	"testing"
)

func TestBrandNames(t *testing.T) {
	db := shop(t)
	names := func(label, synonym string) {
		t.Helper()
		if _, err := db.Import(ctx, func(s Sink) error {
			return s.(BrandSink).PutBrand(ctx, Brand{Name: "Huawei", Label: Text{"zh": label}, Synonyms: map[string][]string{"en": {synonym}}})
		}); err != nil {
			t.Fatal(err)
		}
	}
	names("华为", "HW Tech") // before the brand's products
	if _, err := db.Import(ctx, func(s Sink) error {
		_, err := s.PutProduct(ctx, &Product{ID: "p", Title: Text{"en": "P40 Phone"}, Brand: "HUAWEI"})
		_, err2 := s.PutProduct(ctx, &Product{ID: "o", Title: Text{"en": "Other Phone"}, Brand: "Oskey"})
		return errors.Join(err, err2)
	}); err != nil {
		t.Fatal(err)
	}
	check := func(query string) {
		t.Helper()
		res, err := db.Search(ctx, Query{Text: query})
		if err != nil || !slices.Equal(idsOf(res), []string{"p"}) {
			t.Errorf("%q finds %v, %v", query, idsOf(res), err)
		}
	}
	check("华为")
	for _, name := range []string{"Huawei", "华为", "hw tech"} {
		if n, err := db.CountMatching(ctx, Query{Constraints: []Constraint{con(FacetBrand, OpEq, true, "", name)}}); n != 1 || err != nil {
			t.Errorf("the brand %q has %d products, %v", name, n, err)
		}
	}
	s, err := db.Schema(ctx)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(s.Brands, func(b Brand) bool { return b.Label["zh"] == "华为" })
	if at < 0 || s.Brands[at].Count != 1 || !slices.Equal(s.Brands[at].Synonyms["en"], []string{"HW Tech"}) {
		t.Errorf("the schema's brands are %+v", s.Brands)
	}
	before := s.Version
	names("华为", "HW Tech") // says nothing new
	if v, err := db.Version(ctx); v != before || err != nil {
		t.Errorf("version %d became %d, %v", before, v, err)
	}
	names("花粉", "HW") // after its products: they are indexed again
	check("花粉")
}

// A file of the first layout must come up with what the second one added.
func TestSecondLayout(t *testing.T) {
	path := t.TempDir() + "/old.db"
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	put := func(p *Product) {
		t.Helper()
		if _, err := db.Import(ctx, func(s Sink) error { _, err := s.PutProduct(ctx, p); return err }); err != nil {
			t.Fatal(err)
		}
	}
	put(&Product{ID: "old", Title: Text{"en": "Old lamp"}, Brand: "Oskey"})
	for _, q := range []string{"ALTER TABLE products DROP COLUMN ships_from", "ALTER TABLE brands DROP COLUMN doc", "DELETE FROM migrations WHERE version>1"} {
		if _, err := db.write.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	if db, err = Open(path); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	put(&Product{ID: "new", Title: Text{"en": "New lamp"}, Brand: "Oskey", ShipsFrom: "DE"})
	for country, want := range map[string]int{"DE": 1, "CN": 0} {
		if n, err := db.CountMatching(ctx, Query{Text: "lamp", Constraints: []Constraint{con(FacetShipsFrom, OpEq, true, "", country)}}); n != want || err != nil {
			t.Errorf("%d lamps (%v) ship from %s, want %d", n, err, country, want)
		}
	}
	if s, err := db.Schema(ctx); err != nil || len(s.Brands) != 1 || s.Brands[0].Count != 2 {
		t.Errorf("the brands are %+v, %v", s.Brands, err)
	}
}

// What a shop asks for sending a product comes back as it was put, and nonsense does not go in.
func TestShippingIsKept(t *testing.T) {
	db := shop(t)
	put := func(p Product) error {
		p.ID, p.Title = "p", Text{"en": "Lamp"}
		_, err := db.Import(ctx, func(s Sink) error { _, err := s.PutProduct(ctx, &p); return err })
		return err
	}
	want := []Shipping{{Country: "DE", Service: "DHL", Price: Money{450, "EUR"}}, {Country: "US", Region: "CA", Price: Money{0, "USD"}}}
	if err := put(Product{ShipsFrom: "CN", Shipping: want}); err != nil {
		t.Fatal(err)
	}
	if p, err := db.Product(ctx, "p"); err != nil || p.ShipsFrom != "CN" || !slices.Equal(p.Shipping, want) {
		t.Errorf("%+v, %v", p, err)
	}
	for _, bad := range []Product{{ShipsFrom: "China"}, {ShipsFrom: "cn"}, {Shipping: []Shipping{{Country: "", Price: Money{1, "EUR"}}}}, {Shipping: []Shipping{{Country: "DE", Price: Money{1, "ZZZ"}}}}, {Shipping: []Shipping{{Country: "DE", Price: Money{-1, "EUR"}}}}} {
		if put(bad) == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}
