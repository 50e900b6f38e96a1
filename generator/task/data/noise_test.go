package data

import (
	"reflect"
	"testing"

	"daogou/nlu"
	"daogou/nlu/nlueval"
)

// TestNoisy mars what shoppers say, always in the same way, and nothing else.
func TestNoisy(t *testing.T) {
	cases := []nlueval.Case{
		{ID: "a.1", Lang: "en", Turns: []nlu.Message{{Role: "shopper", Text: "Hello there, a black tent for two people, under 150 dollars, please."}}},
		{ID: "a.2", Lang: "en", Turns: []nlu.Message{{Role: "shopper", Text: "Hello there, a black tent for two people, under 150 dollars, please."},
			{Role: "assistant", Text: "Which season?"}, {Role: "shopper", Text: "Summer, but it must stand some rain."}}},
		{ID: "b.1", Lang: "zh", Turns: []nlu.Message{{Role: "shopper", Text: "想买个两升的水壶，不要塑料的，预算150。"}}},
	}
	marred := Noisy(cases)
	if !reflect.DeepEqual(marred, Noisy(cases)) {
		t.Error("the same dialogues are marred in two ways")
	}
	changed := 0
	for i, c := range marred {
		for k, m := range c.Turns {
			same := m.Text == cases[i].Turns[k].Text
			if m.Role == "assistant" && !same {
				t.Errorf("%s: the assistant's %q became %q", c.ID, cases[i].Turns[k].Text, m.Text)
			}
			if m.Role == "shopper" && !same {
				changed++
			}
		}
	}
	if changed < 3 {
		t.Errorf("%d of 4 turns were marred", changed)
	}
	if marred[0].Turns[0].Text != marred[1].Turns[0].Text {
		t.Error("one turn of a dialogue is marred in two ways")
	}
}
