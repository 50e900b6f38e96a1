package chat

import "errors"

// ErrLeased is what Acquire returns while another process owns the session.
var ErrLeased = errors.New("chat: another process owns the session")
