package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"daogou/generator/task"
	"daogou/generator/task/data"
	"daogou/nlu"
	"daogou/nlu/nlueval"
)

// TestShippedModelBeatsRules holds the model in the binary to what it is there for, on hand-written dialogues that training did not see.
func TestShippedModelBeatsRules(t *testing.T) {
	m, err := openModel("")
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	kept, err := data.ValidCases()
	if err != nil {
		t.Fatal(err)
	}
	const each = 12 // turns of a file
	score := map[string]nlueval.Score{}
	for _, who := range []string{"model", "rules"} {
		var cases []nlueval.Case
		var got []nlueval.Got
		for _, k := range kept {
			var parser nlu.Parser = nlu.NewRules()
			if who == "model" {
				if parser, err = task.NewParser(m.vocab, m.run, shopWords(k.Shop)); err != nil {
					t.Fatal(err)
				}
			}
			some := k.Cases[:min(each, len(k.Cases))]
			g, err := nlueval.Run(context.Background(), parser, k.Shop.Schema, k.Shop.Find, some)
			if err != nil {
				t.Fatal(err)
			}
			cases, got = append(cases, some...), append(got, g...)
		}
		score[who] = nlueval.Compare(cases, got)
		t.Logf("%s: %d turns, act %.3f, F1 %.3f, joint %.3f", who, len(cases), score[who].Act, score[who].F1, score[who].Joint)
	}
	if score["model"].Act <= score["rules"].Act || score["model"].Joint <= score["rules"].Joint {
		t.Error("the model does not understand more than the rules")
	}
}

// TestModelInfo says where the shipped model comes from.
func TestModelInfo(t *testing.T) {
	var out bytes.Buffer
	if err := (modelInfoCmd{}).Run(streams{out: &out}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"weights", "layers of width", "tokenizer"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %s", want, &out)
		}
	}
}
