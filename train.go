package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"daogou/generator/params"
	"daogou/generator/task"
	"daogou/generator/task/data"
	"daogou/generator/train"
	"daogou/nlu/bpe"
)

// trainCmd trains the model from what the repository contains.
type trainCmd struct {
	Dir       string        `help:"Folder of the run: checkpoint, metrics, curves. An interrupted run goes on from there." default:"run" type:"path"`
	Steps     int           `help:"Steps of the optimiser." default:"6000"`
	Size      string        `help:"Size of the model." enum:"tiny,small,medium,large" default:"medium"`
	Position  string        `help:"Position encoding." enum:"rotary,sinusoidal" default:"rotary"`
	Prefix    bool          `help:"Let the tokens of a prompt see each other in both directions (prefix-LM)."`
	Batch     int           `help:"Tokens of a step." default:"4096"`
	LR        float64       `name:"lr" help:"Highest learning rate." default:"0.002"`
	Seed      uint64        `help:"Seed of weights, data and order." default:"1"`
	Without   []string      `help:"Verticals to leave out of the examples (leave-one-vertical-out)."`
	Jobs      []string      `help:"Train these jobs alone: parse, word, rank." enum:"parse,word,rank"`
	NoWritten bool          `help:"Leave out hand-written turns (for the ablation)."`
	Init      string        `help:"Start from the weights of this run, with its tokenizer." type:"existingdir"`
	StopAfter time.Duration `help:"Stop after so long, with a checkpoint; the schedule stays that of all steps."`
	Bench     time.Duration `help:"Only measure speed, for so long."`
	Kernels   string        `help:"Arithmetic kernels, such as avx512; exact is the fastest set that computes in float32 throughout, empty the fastest of all. A run goes on with those it began with."`
}

// sizes are the shapes of models that --size names.
var sizes = map[string]params.Config{
	"tiny":   {Dim: 128, Layers: 4, Heads: 4, KVHeads: 2, FF: 352},
	"small":  {Dim: 192, Layers: 5, Heads: 6, KVHeads: 3, FF: 512},
	"medium": {Dim: 256, Layers: 6, Heads: 8, KVHeads: 4, FF: 704},
	"large":  {Dim: 384, Layers: 8, Heads: 8, KVHeads: 4, FF: 1056},
}

const modelContext = 512

func (c trainCmd) Run(ctx context.Context, io streams) error {
	cfg := sizes[c.Size]
	cfg.Vocab, cfg.Context, cfg.Position, cfg.Prefix = data.VocabSize, modelContext, params.Position(c.Position), c.Prefix
	o := train.Options{Config: cfg, Steps: c.Steps, BatchTokens: c.Batch, LR: c.LR, Seed: c.Seed, Average: 0.998, Dir: c.Dir, Progress: io.err, Kernels: c.Kernels}
	if c.Bench > 0 {
		return benchTraining(io.out, o, c.Bench)
	}
	tok, err := c.tokenizer()
	if err != nil {
		return err
	}
	if c.Init != "" {
		if _, o.Init, _, err = train.Saved(c.Init); err != nil {
			return err
		}
	}
	vocab, err := task.NewVocab(tok)
	if err != nil {
		return err
	}
	learn, err := data.NewSet(vocab, data.Options{Seed: c.Seed, Without: c.Without, NoWritten: c.NoWritten, Jobs: c.Jobs})
	if err != nil {
		return err
	}
	valid, err := data.NewSet(vocab, data.Options{Seed: c.Seed + 1, Valid: true, Jobs: c.Jobs})
	if err != nil {
		return err
	}
	o.Valid, o.Tokenizer = source{valid}, tok.Hash()
	if c.StopAfter > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.StopAfter)
		defer cancel()
	}
	r, err := train.Run(ctx, o, source{learn})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.err, "step %d, %d tokens seen, loss %.4f, validation %.4f\n", r.Step, r.Tokens, r.Loss, r.Valid)
	return err
}

// tokenizer is that of the run, learnt when the run began.
func (c trainCmd) tokenizer() (*bpe.Tokenizer, error) {
	name := filepath.Join(c.Dir, tokenizerFile)
	if f, err := os.Open(name); err == nil {
		defer f.Close()
		return bpe.Read(f)
	}
	if c.Init != "" {
		tok, err := readTokenizer(filepath.Join(c.Init, tokenizerFile))
		if err != nil {
			return nil, err
		}
		return tok, writeFile(name, tok.Write)
	}
	tok, err := data.Tokenizer()
	if err != nil {
		return nil, err
	}
	return tok, writeFile(name, tok.Write)
}

// writeFile writes a file whole or not at all.
func writeFile(name string, write func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// source shows a set of examples to the trainer.
type source struct{ set *data.Set }

// epoch is the length that an endless set of examples has for the trainer.
const epoch = 1 << 20

func (s source) Len() int { return epoch }

func (s source) At(i int) train.Example {
	e := s.set.At(i)
	return train.Example{Tokens: e.Tokens, Prompt: e.Prompt, Weight: e.Weight}
}

// benchTraining measures training with a tenth of the tokens carrying loss, as the jobs have it, and with all of them.
func benchTraining(out io.Writer, o train.Options, length time.Duration) error {
	o.Config.Context = 256
	for _, share := range []float64{0.1, 1} {
		b, err := train.Benchmark(o, share, length/2)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, b)
	}
	return nil
}
