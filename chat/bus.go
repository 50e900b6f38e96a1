package chat

import (
	"encoding/binary"
	"errors"
)

// note is what travels over the bus on a session's subject: a frame as the shopper gets it, with its place in the journal beside it, so that a room can tell what it
// has had without reading the frame. Seq 0 is a frame that may be lost. A durable note without a frame is an event that the shopper does not see.
type note struct {
	seq   int64
	frame []byte
}

func subject(session string) string { return "session." + session }

func (n note) encode() []byte {
	return append(binary.AppendUvarint(make([]byte, 0, len(n.frame)+binary.MaxVarintLen64), uint64(n.seq)), n.frame...)
}

func decodeNote(data []byte) (note, error) {
	seq, n := binary.Uvarint(data)
	if n <= 0 || int64(seq) < 0 {
		return note{}, errors.New("chat: a message on the bus is not a note")
	}
	return note{seq: int64(seq), frame: data[n:]}, nil
}
