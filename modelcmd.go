package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"

	"daogou/generator/params"
	"daogou/generator/weights"
	"daogou/nlu/bpe"
)

// modelCmd looks at models and writes them for other programs.
type modelCmd struct {
	Info   modelInfoCmd   `cmd:"" help:"Print what a model is: its shape, its size, where it comes from."`
	Export modelExportCmd `cmd:"" help:"Write a model as a checkpoint to ship, as GGUF for llama.cpp, or as safetensors."`
}

type modelInfoCmd struct {
	Model string `help:"Folder of a model; the one shipped by default." type:"existingdir"`
}

func (c modelInfoCmd) Run(io streams) error {
	m, tok, err := readModel(c.Model)
	if err != nil {
		return err
	}
	cfg := m.Layout.Config
	fmt.Fprintf(io.out, "%d weights, %d of them outside the embedding\n", m.Layout.Size, m.Layout.NonEmbedding())
	fmt.Fprintf(io.out, "%d layers of width %d, %d query heads, %d key heads, inner width %d, context %d, %s positions\n", cfg.Layers, cfg.Dim, cfg.Heads, cfg.KVHeads, cfg.FF, cfg.Context, cfg.Position)
	fmt.Fprintf(io.out, "%d tokens, tokenizer %s\n", tok.Size(), m.Tokenizer)
	var keys []string
	for k := range m.Meta {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Fprintf(io.out, "%s: %s\n", k, m.Meta[k])
	}
	return nil
}

type modelExportCmd struct {
	Model    string `help:"Folder of a model; the one shipped by default." type:"existingdir"`
	Format   string `help:"What to write: our checkpoint with its tokenizer, GGUF, or safetensors with config.json and the tokenizer." enum:"daogou,gguf,safetensors" default:"daogou"`
	Encoding string `help:"How weights are written: eight bits in blocks, half or full precision." enum:"q8,f16,f32" default:"q8"`
	Out      string `arg:"" help:"Folder to write to." type:"path"`
}

func (c modelExportCmd) Run(streams) error {
	m, tok, err := readModel(c.Model)
	if err != nil {
		return err
	}
	e := params.Encoding(c.Encoding)
	write := func(name string, f func(io.Writer) error) {
		if err == nil {
			err = writeFile(filepath.Join(c.Out, name), f)
		}
	}
	switch c.Format {
	case "gguf":
		write("model.gguf", func(w io.Writer) error { return params.SaveGGUF(w, m, e, ggufVocabulary(tok)) })
		return err
	case "safetensors":
		config, err := params.ConfigJSON(m, e)
		if err != nil {
			return err
		}
		write("config.json", func(w io.Writer) error { _, err := w.Write(config); return err })
		write("model.safetensors", func(w io.Writer) error { return params.SaveSafetensors(w, m, e) })
	default:
		write(modelFile, func(w io.Writer) error { return params.SaveAs(w, m, e) })
	}
	write(tokenizerFile, tok.Write)
	return err
}

// ggufVocabulary is the tokenizer as GGUF carries it.
func ggufVocabulary(tok *bpe.Tokenizer) params.Vocabulary {
	const normal, control = 1, 3
	v := params.Vocabulary{Model: "gpt2", Pre: "default", Tokens: tok.Tokens(), BOS: -1, EOS: -1}
	for _, m := range tok.Merges() {
		v.Merges = append(v.Merges, m[0]+" "+m[1])
	}
	for _, name := range v.Tokens {
		kind := int32(normal)
		if _, special := tok.Special(name); special {
			kind = control
		}
		v.Types = append(v.Types, kind)
	}
	return v
}

// readModel reads a model's files without making it ready to run.
func readModel(dir string) (*params.Model, *bpe.Tokenizer, error) {
	if dir == "" {
		return shippedModel()
	}
	tok, err := readTokenizer(filepath.Join(dir, tokenizerFile))
	if err != nil {
		return nil, nil, err
	}
	f, err := os.Open(filepath.Join(dir, modelFile))
	if err != nil {
		return nil, nil, fmt.Errorf("cannot open the model: %w", err)
	}
	defer f.Close()
	m, err := params.Load(f)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return m, tok, m.CheckTokenizer(tok.Hash())
}

// shippedModel reads the model in the binary.
func shippedModel() (*params.Model, *bpe.Tokenizer, error) {
	tok, err := bpe.Read(weights.Tokenizer())
	if err != nil {
		return nil, nil, fmt.Errorf("the shipped tokenizer: %w", err)
	}
	m, err := params.Load(weights.Model())
	if err != nil {
		return nil, nil, fmt.Errorf("the shipped model: %w", err)
	}
	return m, tok, m.CheckTokenizer(tok.Hash())
}
