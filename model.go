package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"daogou/catalog"
	"daogou/generator"
	"daogou/generator/kernel"
	"daogou/generator/params"
	"daogou/generator/task"
	"daogou/generator/task/shops"
	"daogou/nlu"
	"daogou/nlu/bpe"
)

// modelFlags choose who understands.
type modelFlags struct {
	Parser string `help:"Who understands: the trained model, or the rules that are its baseline." enum:"model,rules" default:"model"`
	Model  string `help:"Folder with model.daogou and tokenizer.json of another model than the one shipped." type:"existingdir"`
}

// wordingFlag chooses who words.
type wordingFlag struct {
	Wording string `help:"Who words replies: templates, or the trained model, which is not yet as good at it." enum:"template,model" default:"template"`
}

// languageModel is a loaded model with its tokenizer.
type languageModel struct {
	vocab  *task.Vocab
	engine *generator.Engine
	run    *generator.Scheduler
}

// Names of a model's files in its folder.
const (
	modelFile     = "model.daogou"
	tokenizerFile = "tokenizer.json"
)

// openModel loads the model of a folder, or the one shipped.
func openModel(dir string) (*languageModel, error) {
	m, tok, err := readModel(dir)
	if err != nil {
		return nil, err
	}
	return newModel(m, tok)
}

func readTokenizer(name string) (*bpe.Tokenizer, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("cannot open the tokenizer: %w", err)
	}
	defer f.Close()
	tok, err := bpe.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return tok, nil
}

func newModel(m *params.Model, tok *bpe.Tokenizer) (*languageModel, error) {
	vocab, err := task.NewVocab(tok)
	if err != nil {
		return nil, err
	}
	e, err := generator.New(m, generator.Options{Precision: kernel.Int8})
	if err != nil {
		return nil, err
	}
	return &languageModel{vocab: vocab, engine: e, run: generator.NewScheduler(e, generator.SchedulerOptions{})}, nil
}

func (m *languageModel) Close() {
	m.run.Close()
	m.engine.Close()
}

// catalogueWords reads what a catalogue's categories are spoken of with.
func catalogueWords(ctx context.Context, db *catalog.DB) func(*catalog.Schema) (*task.Words, error) {
	return func(s *catalog.Schema) (*task.Words, error) {
		var err error
		w := task.NewWords(s, func(yield func(*catalog.Product) bool) {
			err = db.All(ctx, func(p *catalog.Product) error {
				if !yield(p) {
					return errEnough
				}
				return nil
			})
		})
		if err != nil && !errors.Is(err, errEnough) {
			return nil, err
		}
		return w, nil
	}
}

var errEnough = errors.New("enough products read")

// shopWords reads the same of a shop held in memory.
func shopWords(s *shops.Shop) func(*catalog.Schema) (*task.Words, error) {
	return func(*catalog.Schema) (*task.Words, error) { return task.NewWords(s.Schema, s.Each), nil }
}

// open loads the model, unless rules are wanted: then it is nil.
func (f modelFlags) open() (*languageModel, error) {
	if f.Parser == "rules" {
		return nil, nil
	}
	return openModel(f.Model)
}

// parser opens whoever the flags name. done gives back what it holds.
func (f modelFlags) parser(words func(*catalog.Schema) (*task.Words, error)) (p nlu.Parser, done func(), err error) {
	m, err := f.open()
	if err != nil {
		return nil, nil, err
	}
	if m == nil {
		return nlu.NewRules(), func() {}, nil
	}
	p, err = task.NewParser(m.vocab, m.run, words)
	if err != nil {
		m.Close()
		return nil, nil, err
	}
	return p, m.Close, nil
}
