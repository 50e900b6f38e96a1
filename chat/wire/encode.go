package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// EncodeServer writes a frame for a client. It fails on a frame that is larger than MaxServerFrame or holds a value that is not JSON.
func EncodeServer(s Server) ([]byte, error) {
	s.V = Version
	data, err := encode(s)
	if err != nil {
		return nil, fmt.Errorf("wire: a %s frame cannot be written: %w", s.Kind, err)
	}
	if len(data) > MaxServerFrame {
		return nil, fmt.Errorf("wire: a %s frame of %d bytes is over the limit of %d", s.Kind, len(data), MaxServerFrame)
	}
	return data, nil
}

// EncodeClient writes a frame for the server, for clients written in Go.
func EncodeClient(c Client) ([]byte, error) {
	c.V = Version
	data, err := encode(c)
	if err != nil {
		return nil, fmt.Errorf("wire: a %s frame cannot be written: %w", c.Kind, err)
	}
	return data, nil
}

// encode leaves <, > and & as they are: a frame is data for a program and is never pasted into a page.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
