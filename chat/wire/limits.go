package wire

// Limits of what a client may send. A frame over a limit is refused with an Error; only MaxFrame, MaxDepth and broken JSON or UTF-8 cost the connection.
const (
	MaxFrame    = 64 << 10  // bytes of a frame: room for MaxText runes, each escaped as a surrogate pair
	MaxDepth    = 8         // nesting of objects and arrays
	MaxText     = 4000      // runes of a say
	MaxLabel    = 400       // bytes of a tap's label
	MaxID       = 200       // bytes of a session, token, store, product, facet, variant or unit
	MaxLang     = 35        // bytes of a language tag
	MaxURL      = 2048      // bytes of a page's address
	MaxProducts = 32        // products of one tap
	MaxValue    = 4 << 10   // bytes of a tap's value
	MaxValues   = 64        // elements of a tap's value
	MaxAnd      = 8         // taps that are done with another one
	MaxQuantity = 9999      // pieces of one product
	MaxNumber   = 1<<53 - 1 // largest seq or client_seq: what a browser can count to
)

// MaxServerFrame is the largest frame that the server sends, in bytes.
const MaxServerFrame = 256 << 10

// Codes of error frames. They are stable: programs may depend on them, while the sentence beside a code may change.
const (
	CodeTooBig    = "too_big"      // a frame over MaxFrame
	CodeBadUTF8   = "bad_utf8"     // not UTF-8, or half a surrogate pair
	CodeBadJSON   = "bad_json"     // not one JSON object
	CodeTooDeep   = "too_deep"     // nested beyond MaxDepth
	CodeBadType   = "bad_type"     // a field of the wrong type
	CodeVersion   = "bad_version"  // a protocol version that is not spoken here
	CodeKind      = "unknown_kind" // a kind that the client may not send
	CodeMissing   = "missing"      // a field that the kind needs
	CodeRange     = "out_of_range" // a number or list beyond its limits, or an impossible value
	CodeTooLong   = "too_long"     // a text beyond its limit
	CodeHello     = "hello_first"  // anything before hello, or a second hello
	CodeForbidden = "forbidden"    // wrong token, store or origin
	CodeRate      = "rate"         // too many frames; the same one may go through later
	CodeGap       = "gap"          // client_seq skips a number; Seen says the last one known
	CodeTaken     = "taken"        // client_seq was used, by another tab, for something else; send again as Seen+1
	CodeBusy      = "busy"         // too much is waiting in this session
	CodeUnsaved   = "unsaved"      // the frame could not be stored and does not count as received
	CodeDraining  = "draining"     // the server restarts; reconnect and resend
)

// Error says why a frame was refused. Close is the code to close the connection with, or 0 if the connection may live.
type Error struct {
	Code    string
	Message string
	Close   int
}

func (e *Error) Error() string { return e.Message }
