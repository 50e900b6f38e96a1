package nlu

import (
	"context"
	"testing"
)

func BenchmarkParse(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"en", "I'm looking for a waterproof two person tent under 150 bucks, not orange, ideally light"},
		{"zh", "想买个双人帐篷，三四百块，不要橙色的，最好是防水的"},
		{"short", "the second one"},
		{"long", "Hello, my husband and I are planning a trip to the mountains in autumn and we need a new tent that is easy to carry, not too heavy, for the two of us and the dog, with some room for our packs, I would prefer green or olive but colour is not that important, and we do not want to spend more than about two hundred dollars"},
	} {
		b.Run(c.name, func(b *testing.B) {
			schema := demoSchema(b)
			p := NewRules()
			t := Turn{Text: c.text, Schema: schema}
			p.Parse(context.Background(), t)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Parse(context.Background(), t); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCompile is the first turn about a catalogue: its words are compiled into a trie.
func BenchmarkCompile(b *testing.B) {
	schema := demoSchema(b)
	b.ReportAllocs()
	for b.Loop() {
		newLexicon(schema)
	}
}
