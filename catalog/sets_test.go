package catalog

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

var mixedTime = time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)

// mixedShop is a catalogue in which everything that a condition can turn on occurs: variants, two markets, three currencies, sales that
// begin and end, values and prices that are missing, products that were removed.
func mixedShop(t testing.TB, n int) *DB {
	t.Helper()
	db := shop(t)
	r := rand.New(rand.NewPCG(7, 11))
	hour := func() time.Time { return mixedTime.Add(time.Duration(r.IntN(97)-48) * time.Hour) }
	price := func() (out []Price) {
		for i, m := range []struct{ name, code string }{{"", "USD"}, {"DE", "EUR"}, {"CN", "CNY"}} {
			if r.IntN(3) < 3-i {
				p := Price{Market: m.name, Amount: Money{int64(100 + r.IntN(20_000)), m.code}}
				if r.IntN(3) == 0 {
					p.Sale = &Sale{Amount: Money{p.Amount.Minor / 2, m.code}}
					if r.IntN(3) > 0 {
						p.Sale.From = hour()
					}
					if r.IntN(3) > 0 {
						p.Sale.To = hour()
					}
				}
				out = append(out, p)
			}
		}
		return out
	}
	facets := func(variant bool) map[string][]Value {
		f := map[string][]Value{}
		if variant || r.IntN(3) == 0 {
			f["colour"] = []Value{Str(pick(r, "red", "blue", "green"))}
			f["size"] = []Value{Str(pick(r, "s", "m", "l"))}
			return f
		}
		if r.IntN(4) > 0 {
			f["weight"] = []Value{Num(float64(r.IntN(40)) * 25)}
		}
		if r.IntN(3) > 0 {
			f["folds"] = []Value{Bool(r.IntN(2) == 0)}
		}
		if r.IntN(3) > 0 {
			f["made"] = []Value{Str(pick(r, "wood", "steel")), Str("glue")}
		}
		return f
	}
	_, err := db.Import(ctx, func(s Sink) error {
		s.SetDefaults(ctx, "USD", map[string]string{"cn1": "CN", "de1": "DE"})
		for _, c := range [][2]string{{"home", ""}, {"chair", "home"}, {"table", "home"}, {"lamp", ""}} {
			s.PutCategory(ctx, Category{ID: c[0], Parent: c[1], Label: Text{"en": c[0]}, Facets: []string{"weight", "colour"}})
		}
		for _, f := range []Facet{{ID: "colour", Kind: KindEnum, Variant: true}, {ID: "size", Kind: KindEnum, Variant: true}, {ID: "weight", Kind: KindNumber, Unit: "g"}, {ID: "folds", Kind: KindBool}, {ID: "made", Kind: KindEnum, Multi: true}} {
			f.Label = Text{"en": f.ID}
			if err := s.PutFacet(ctx, f); err != nil {
				return err
			}
		}
		for i := range n {
			kind := pick(r, "chair", "table", "lamp")
			p := &Product{ID: fmt.Sprint("p", i), Title: Text{"en": pick(r, "red", "old", "fine", "oak") + " " + pick(r, "stool", "desk", "light", kind)}, Brand: pick(r, "", "Acme", "Oskey", "Tarn"), Facets: facets(false), Prices: price()}
			if r.IntN(8) > 0 {
				p.Category = []string{pick(r, "home", "lamp"), kind}
			}
			if r.IntN(3) > 0 {
				p.Rating = &Rating{float64(r.IntN(11)) / 2, int64(r.IntN(50))}
			}
			if r.IntN(2) == 0 {
				p.Stock = map[string]int64{"cn1": int64(r.IntN(2)), "de1": int64(r.IntN(2))}
			}
			if r.IntN(3) == 0 {
				p.ShipsFrom = pick(r, "CN", "DE", "JP")
			}
			for v := range r.IntN(4) {
				p.Variants = append(p.Variants, Variant{ID: fmt.Sprint(i, "-", v), Facets: facets(true)})
				if r.IntN(2) == 0 {
					p.Variants[v].Prices = price()
				}
			}
			if _, err := s.PutProduct(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Import(ctx, func(s Sink) error {
		for i := 0; i < n; i += 7 {
			if _, err := s.Remove(ctx, fmt.Sprint("p", i)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return db
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

func randomConstraint(r *rand.Rand) Constraint {
	eq := pick(r, OpEq, OpNe, OpIn)
	number := func(facet, unit string, most int) Constraint {
		lo := float64(r.IntN(most))
		switch op := pick(r, OpLe, OpGe, OpBetween, OpEq, OpNe, OpIn); op {
		case OpBetween:
			return con(facet, op, true, unit, lo, lo+float64(r.IntN(most)))
		case OpIn:
			return con(facet, op, true, unit, lo, float64(r.IntN(most)))
		default:
			return con(facet, op, true, unit, lo)
		}
	}
	switch r.IntN(11) {
	case 0:
		return con(FacetCategory, eq, true, "", pick(r, "home", "chair", "table", "lamp"))
	case 1:
		return con(FacetBrand, eq, true, "", pick(r, "Acme", "oskey", "Tarn"))
	case 2, 3:
		return number(FacetPrice, pick(r, "", "USD", "EUR", "CNY"), 200)
	case 4:
		return number(FacetRating, "", 6)
	case 5:
		return con(pick(r, FacetInStock, FacetOnSale), eq, true, "", r.IntN(2) == 0)
	case 6:
		return con(FacetShipsFrom, eq, true, "", pick(r, "CN", "de", "JP"))
	case 7:
		return number("weight", pick(r, "", "g", "kg"), 1000)
	case 8:
		return con("folds", eq, true, "", r.IntN(2) == 0)
	case 9:
		return con("made", eq, true, "", pick(r, "wood", "steel"), "glue")
	}
	if r.IntN(2) == 0 {
		return con("colour", eq, true, "", pick(r, "red", "blue", "green"))
	}
	return con("size", eq, true, "", pick(r, "s", "m", "l"))
}

// countBySQL is how many products have every word of the query, or if none has, some word, and meet the condition: all in one statement.
func countBySQL(t testing.TB, d *DB, q Query) int {
	t.Helper()
	s, err := d.snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	f := &filters{s: s, market: q.Market, now: unixMilli(q.Now, d.now()), scan: blank(q.Text)}
	hard, err := f.hard(q)
	if err != nil {
		t.Fatal(err)
	}
	a, err := d.understand(ctx, s, q.Text)
	if err != nil {
		t.Fatal(err)
	}
	count := func(query string, args []any) (n int) {
		if err := d.read.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if len(a.groups) == 0 {
		return count("SELECT count(*) FROM products p WHERE "+hard.sql, hard.args)
	}
	every, some, _, _ := a.expressions()
	if every == "" {
		return 0
	}
	for _, expr := range []string{every, some} {
		if n := count("SELECT count(*) FROM everything CROSS JOIN products p ON p.n=everything.rowid WHERE everything MATCH ? AND "+hard.sql, append([]any{expr}, hard.args...)); n > 0 {
			return n
		}
	}
	return 0
}

func TestCountsEqualSQL(t *testing.T) {
	db := mixedShop(t, 700)
	r := rand.New(rand.NewPCG(1, 2))
	some := 0
	for i := range 800 {
		q := Query{Text: pick(r, "", "", "red", "chair", "old desk", "fine oak light", "zzz", "p8", "p12"), Market: pick(r, "", "DE", "CN", "FR"), Now: mixedTime.Add(time.Duration(r.IntN(80)-40) * time.Hour)}
		for range r.IntN(5) {
			q.Constraints = append(q.Constraints, randomConstraint(r))
		}
		for range r.IntN(3) {
			q.Exclude = append(q.Exclude, fmt.Sprint("p", r.IntN(700)))
		}
		want := countBySQL(t, db, q)
		got, err := db.CountMatching(ctx, q)
		if err != nil || got != want {
			t.Fatalf("query %d %+v: counted %d (%v), SQL counts %d", i, q, got, err, want)
		}
		if want > 0 {
			some++
		}
	}
	if some < 300 {
		t.Errorf("only %d of the queries match anything, so this test says little", some)
	}
}

func TestCountsAfterImport(t *testing.T) {
	db := mixedShop(t, 100)
	q := Query{Constraints: []Constraint{con(FacetPrice, OpLe, true, "USD", 50)}}
	before, err := db.CountMatching(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Import(ctx, func(s Sink) error {
		_, err := s.PutProduct(ctx, &Product{ID: "new", Title: Text{"en": "New"}, Prices: usd(100)})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if after, err := db.CountMatching(ctx, q); err != nil || after != before+1 {
		t.Errorf("%d products before the import, %d (%v) after it", before, after, err)
	}
}

// What is kept for counting must stay within its bounds, however many different queries come.
func TestCountsBounded(t *testing.T) {
	db := mixedShop(t, 50)
	s, err := db.snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 400 {
		s.tables.keep(fmt.Sprint(i), i, setBytes/100)
	}
	if s.tables.bytes > setBytes || len(s.tables.kept) != s.tables.order.Len() || len(s.tables.kept) > 100 {
		t.Errorf("%d bytes in %d values are kept, at most %d are allowed", s.tables.bytes, len(s.tables.kept), setBytes)
	}
	if s.tables.get("399") == nil || s.tables.get("0") != nil {
		t.Error("the oldest must go first")
	}
	for i := range 50 {
		if _, err := db.CountMatching(ctx, Query{Market: strings.Repeat("x", i+1), Constraints: []Constraint{con(FacetOnSale, OpEq, true, "", true)}}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.tables.prices); n > maxPriceLists {
		t.Errorf("the prices of %d markets are kept", n)
	}
}

func BenchmarkCountBySQL(b *testing.B) {
	db := mixedShop(b, 2000)
	r := rand.New(rand.NewPCG(5, 6))
	for b.Loop() {
		countBySQL(b, db, Query{Text: "chair", Now: mixedTime, Constraints: []Constraint{randomConstraint(r), randomConstraint(r)}})
	}
}

func BenchmarkCountMatching(b *testing.B) {
	db := mixedShop(b, 2000)
	r := rand.New(rand.NewPCG(5, 6))
	for b.Loop() {
		if _, err := db.CountMatching(ctx, Query{Text: "chair", Now: mixedTime, Constraints: []Constraint{randomConstraint(r), randomConstraint(r)}}); err != nil {
			b.Fatal(err)
		}
	}
}
