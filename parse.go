package main

import (
	"context"
	"fmt"

	"daogou/catalog"
	"daogou/nlu"
	"daogou/nlu/nlueval"
)

// parseCmd understands the last turn of dialogues read as JSON lines.
type parseCmd struct {
	DB string `help:"Catalogue database: its schema is what can be understood." required:"" type:"path"`
	modelFlags
}

type parseIn struct {
	ID    any           `json:"id"`
	Turns []nlu.Message `json:"turns"`
	Shown []string      `json:"shown"`
}

type parseOut struct {
	ID        any        `json:"id"`
	Lang      string     `json:"lang"`
	Act       nlu.Act    `json:"act"`
	State     parseState `json:"state"`
	Reference *string    `json:"reference"`
}

type parseState struct {
	Keywords    []string         `json:"keywords"`
	Constraints []nlu.Constraint `json:"constraints"`
}

func (c parseCmd) Run(ctx context.Context, io streams) error {
	db, err := existingCatalogue(c.DB)
	if err != nil {
		return err
	}
	defer db.Close()
	schema, err := db.Schema(ctx)
	if err != nil {
		return err
	}
	parser, done, err := c.parser(catalogueWords(ctx, db))
	if err != nil {
		return err
	}
	defer done()
	return eachLine(ctx, io.in, func(in parseIn) error {
		if err := checkTurns(in.Turns); err != nil {
			return err
		}
		read := func(ids []string) ([]*catalog.Product, error) { return db.Products(ctx, ids) }
		got, err := nlueval.Understand(ctx, parser, schema, read, nlueval.Case{ID: fmt.Sprint(in.ID), Turns: in.Turns, Shown: in.Shown})
		if err == nil {
			err = got.Err
		}
		if err != nil {
			return err
		}
		out := parseOut{ID: in.ID, Lang: got.Lang, Act: got.Act, State: parseState{append([]string{}, got.State.Keywords...), append([]nlu.Constraint{}, got.State.Constraints...)}}
		if got.Reference != "" {
			out.Reference = &got.Reference
		}
		return writeLine(io.out, out)
	})
}

func checkTurns(turns []nlu.Message) error {
	if len(turns) == 0 || turns[len(turns)-1].Role != "shopper" {
		return fmt.Errorf(`"turns" must end with a turn of role "shopper"`)
	}
	for _, t := range turns {
		if t.Role != "shopper" && t.Role != "assistant" {
			return fmt.Errorf(`role %q is neither "shopper" nor "assistant"`, t.Role)
		}
	}
	return nil
}
