// Package weights holds the model that ships: its checkpoint and its tokenizer, embedded in the binary. MODEL_CARD.md says where they come from and what they can do.
//
// Another model is named with --model and a folder of the same two files.
package weights

import (
	"bytes"
	_ "embed"
	"io"
)

//go:embed model.daogou
var model []byte

//go:embed tokenizer.json
var tokenizer []byte

// Model is the checkpoint, for params.Load.
func Model() io.Reader { return bytes.NewReader(model) }

// Tokenizer is the tokenizer.json that the checkpoint was trained with.
func Tokenizer() io.Reader { return bytes.NewReader(tokenizer) }
