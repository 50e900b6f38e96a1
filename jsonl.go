package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine bounds one line of input to a command: a conversation with its history fits many times over.
const maxLine = 8 << 20

// eachLine decodes every line of r as JSON into a fresh T and calls f with it. A line that is not JSON ends the run with its number,
// after everything before it has been answered.
func eachLine[T any](ctx context.Context, r io.Reader, f func(T) error) error {
	piped := untilDone(ctx, r)
	defer piped.Close()
	in := bufio.NewScanner(piped)
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
			return fmt.Errorf("line %d is not the JSON object this command reads: %w", line, plainJSON(err))
		}
		if err := f(v); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
	switch err := in.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("line %d has more than %d MB", line+1, maxLine>>20)
	case err != nil:
		return fmt.Errorf("line %d: %w", line+1, err)
	}
	return nil
}

// plainJSON says what encoding/json found wrong without the names of our types.
func plainJSON(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	if wrong.Field == "" {
		return fmt.Errorf("it is a JSON %s", wrong.Value)
	}
	return fmt.Errorf("%q cannot be a JSON %s", wrong.Field, wrong.Value)
}

// untilDone reads r until ctx ends. A terminal or a pipe in which nothing comes would otherwise keep the program from ending on a signal.
func untilDone(ctx context.Context, r io.Reader) io.ReadCloser {
	out, in := io.Pipe()
	go func() {
		_, err := io.Copy(in, r)
		in.CloseWithError(err)
	}()
	context.AfterFunc(ctx, func() { in.CloseWithError(ctx.Err()) })
	return out
}

// writeLine writes v as one line of JSON, with <, > and & as they are.
func writeLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
