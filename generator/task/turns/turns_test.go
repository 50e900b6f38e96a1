package turns

import (
	"slices"
	"testing"

	"daogou/generator/task/shops"
	"daogou/nlu"
	"daogou/nlu/nlueval"
)

var acts = []nlu.Act{nlu.ActFind, nlu.ActRefine, nlu.ActRelax, nlu.ActNegate, nlu.ActReject, nlu.ActMore, nlu.ActCompare, nlu.ActAskItem, nlu.ActChoose, nlu.ActAddToCart,
	nlu.ActRemove, nlu.ActViewCart, nlu.ActCheckout, nlu.ActOrder, nlu.ActPolicy, nlu.ActPerson, nlu.ActGreet, nlu.ActThank, nlu.ActBye, nlu.ActAffirm, nlu.ActDeny, nlu.ActReset,
	nlu.ActBack, nlu.ActOutOfScope, nlu.ActUnclear}

// TestTurnsAreSound holds every annotation against the shop it speaks of: acts, facets, values, units and products must exist.
func TestTurnsAreSound(t *testing.T) {
	sets, err := All()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	texts := map[string]string{}
	for _, set := range sets {
		shop, err := shops.Open(set.Shop)
		if err != nil {
			t.Errorf("%s: %v", set.File, err)
			continue
		}
		for _, c := range set.Cases {
			if other, dup := ids[c.ID]; dup {
				t.Errorf("%s: dialogue %s stands in %s too", set.File, c.ID, other)
			}
			ids[c.ID] = set.File
			if said := c.Turns[len(c.Turns)-1].Text; len(said) > 60 {
				if other, dup := texts[said]; dup {
					t.Errorf("%s: %s says the same as %s", set.File, c.ID, other)
				}
				texts[said] = c.ID
			}
			check(t, shop, set.File, c)
		}
		t.Logf("%s: %d turns", set.File, len(set.Cases))
	}
}

func check(t *testing.T, shop *shops.Shop, file string, c nlueval.Case) {
	t.Helper()
	if !slices.Contains(acts, c.Act) {
		t.Errorf("%s: %s: unknown act %q", file, c.ID, c.Act)
	}
	for _, id := range append(slices.Clone(c.Shown), c.Reference) {
		if id != "" && shop.Product(id) == nil {
			t.Errorf("%s: %s: shop %s has no product %q", file, c.ID, shop.ID, id)
		}
	}
	for _, w := range c.Want {
		if why := nlueval.Wrong(shop.Schema, w); why != "" {
			t.Errorf("%s: %s: %s: %s", file, c.ID, nlueval.Show(w), why)
		}
	}
}
