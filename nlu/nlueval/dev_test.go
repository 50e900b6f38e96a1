package nlueval

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"daogou/catalog"
	"daogou/catalog/demo"
	"daogou/nlu"
)

const devDir = "../testdata/dev"

var acts = []nlu.Act{nlu.ActFind, nlu.ActRefine, nlu.ActRelax, nlu.ActNegate, nlu.ActReject, nlu.ActMore, nlu.ActCompare, nlu.ActAskItem, nlu.ActChoose, nlu.ActAddToCart,
	nlu.ActRemove, nlu.ActViewCart, nlu.ActCheckout, nlu.ActOrder, nlu.ActPolicy, nlu.ActPerson, nlu.ActGreet, nlu.ActThank, nlu.ActBye, nlu.ActAffirm, nlu.ActDeny, nlu.ActReset,
	nlu.ActBack, nlu.ActOutOfScope, nlu.ActUnclear}

func demoShop(t *testing.T) *catalog.DB {
	t.Helper()
	db, err := catalog.Open(filepath.Join(t.TempDir(), "demo.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Import(t.Context(), func(s catalog.Sink) error {
		_, err := demo.Generate(t.Context(), s)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return db
}

// TestDevSetIsSound holds the hand-written dialogues against the demo shop: every act, facet, value, unit and product they name must exist.
func TestDevSetIsSound(t *testing.T) {
	cases, err := ReadDir(os.DirFS(devDir), ".")
	if err != nil {
		t.Fatal(err)
	}
	db := demoShop(t)
	schema, err := db.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	turns := map[string]int{}
	perAct := map[string]map[nlu.Act]int{"en": {}, "zh": {}}
	for _, c := range cases {
		lang := strings.SplitN(c.ID, "-", 2)[0]
		turns[lang]++
		perAct[lang][c.Act]++
		checkCase(t, t.Context(), db, schema, c)
	}
	for lang, per := range perAct {
		if turns[lang] < 300 {
			t.Errorf("%s has %d turns, fewer than 300", lang, turns[lang])
		}
		for _, a := range acts {
			if per[a] < 3 {
				t.Errorf("%s: act %s occurs %d times, fewer than 3", lang, a, per[a])
			}
		}
	}
}

func checkCase(t *testing.T, ctx context.Context, db *catalog.DB, schema *catalog.Schema, c Case) {
	t.Helper()
	known := false
	for _, a := range acts {
		known = known || a == c.Act
	}
	if !known {
		t.Errorf("%s: unknown act %q", c.ID, c.Act)
	}
	ids := append([]string{}, c.Shown...)
	if c.Reference != "" {
		ids = append(ids, c.Reference)
	}
	for _, id := range ids {
		if _, err := db.Product(ctx, id); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
	}
	for _, w := range c.Want {
		if err := Wrong(schema, w); err != "" {
			t.Errorf("%s: %s: %s", c.ID, Show(w), err)
		}
	}
}
