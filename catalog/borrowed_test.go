package catalog

import (
	"errors"
	"testing"
)

// accessoryShop sells one maker's telephones, cases for those and for telephones that it has not, toner for printers that it has not.
func accessoryShop(t testing.TB) *DB {
	t.Helper()
	db := shop(t)
	product := func(id, category, brand, title, also string) *Product {
		p := &Product{ID: id, Category: []string{category}, Brand: brand, Title: Text{"en": title}, Prices: usd(1000)}
		if also != "" {
			p.Description = Text{"en": also}
		}
		return p
	}
	_, err := db.Import(ctx, func(s Sink) error {
		category := func(id, en, zh string) error {
			return s.PutCategory(ctx, Category{ID: id, Label: Text{"en": en, "zh": zh}})
		}
		err := errors.Join(category("phone", "Smartphones", "智能手机"), category("case", "Phone cases", "手机壳"), category("toner", "Toner cartridges", "硒鼓"),
			category("charger", "Chargers", "充电器"), category("coffee", "Coffee beans", "咖啡豆"))
		for _, p := range []*Product{
			product("s21", "phone", "Samsung", "Samsung Galaxy S21 128 GB", ""),
			product("s22", "phone", "Samsung", "Samsung Galaxy S22 256 GB", ""),
			product("c1", "case", "Spigen", "Spigen Liquid Air case for iPhone 14", ""),
			product("c2", "case", "Ringke", "Ringke Fusion iPhone 14 phone case", ""),
			product("c3", "case", "Spigen", "Spigen Tough Armor case for Samsung Galaxy S21", ""),
			product("c4", "case", "Benks", "Benks", ""),
			product("t1", "toner", "Acme", "Acme 38A toner cartridge black", "Toner for Vixen LaserStar 4200"),
			product("t2", "toner", "Acme", "Acme LaserStar 4200 toner cartridge black", ""),
			product("ch", "charger", "Acme", "Acme universal charger Samsung Galaxy, Quill XPad", ""),
			product("b1", "coffee", "Wren & Wilder", "Wren & Wilder Daybreak whole bean 250 g", ""),
		} {
			if p.ID == "c4" {
				p.Title = Text{"zh": "邦克仕 适用于pixel7手机壳"}
			}
			if err == nil {
				_, err = s.PutProduct(ctx, p)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestBorrowedNames(t *testing.T) {
	db := accessoryShop(t)
	for _, c := range []struct {
		query   string
		carried bool
		first   string
	}{
		{"iphone 14", false, ""},
		{"iphone", false, ""},
		{"laserstar 4200", false, ""},
		{"quill xpad", false, ""},
		{"pixel 7", false, ""},
		{"iphone 14 case", true, ""},
		{"case for iphone 14", true, ""},
		{"charger for quill xpad", true, "ch"},
		{"samsung galaxy", true, "s21"},
		{"galaxy s21", true, "s21"},
		{"samsung galaxy s21 case", true, "c3"},
		{"spigen", true, ""},
		{"spigen tough armor", true, "c3"},
		{"wren & wilder", true, "b1"},
		{"phone cases", true, ""},
		{"phone caes", true, ""},
		{"手机壳", true, ""},
		{"红色的手机壳", true, ""},
		{"钢琴", false, ""},
		{"helicopter rotor blades", false, ""},
	} {
		res, err := db.Search(ctx, Query{Text: c.query})
		if err != nil {
			t.Fatal(err)
		}
		if res.Carried != c.carried {
			t.Errorf("%q: carried %v (%.2f), hits %v", c.query, res.Carried, res.Confidence, idsOf(res))
		}
		if ids := idsOf(res); c.first != "" && (len(ids) == 0 || ids[0] != c.first) {
			t.Errorf("%q: %v, want %s first", c.query, ids, c.first)
		}
	}
}
