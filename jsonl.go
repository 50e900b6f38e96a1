package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// maxLine bounds one line of input to a command: a conversation with its history fits many times over.
const maxLine = 8 << 20

// eachLine decodes every line of r as JSON into a fresh T and calls f with it. A line that is not JSON ends the run with its number,
// after everything before it has been answered.
func eachLine[T any](r io.Reader, f func(T) error) error {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 64<<10), maxLine)
	line := 0
	for in.Scan() {
		line++
		b := bytes.TrimSpace(bytes.TrimPrefix(in.Bytes(), []byte("\xef\xbb\xbf")))
		if len(b) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(b, &v); err != nil {
			return fmt.Errorf("line %d is not the JSON object this command reads: %w", line, err)
		}
		if err := f(v); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("line %d: %w (a line may have at most %d MB)", line+1, err, maxLine>>20)
	}
	return nil
}

// writeLine writes v as one line of JSON, with <, > and & as they are.
func writeLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
