package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// DecodeClient reads one frame from a client and checks everything that can be checked without knowing the session. The error is always an *Error.
// When the frame was readable but not acceptable, the Client comes back beside the error, so that the answer can name its client_seq.
// Unknown fields are ignored: a newer widget may talk to an older server.
func DecodeClient(data []byte) (Client, error) {
	if err := scan(data); err != nil {
		return Client{}, err
	}
	var c Client
	if err := json.Unmarshal(data, &c); err != nil {
		return Client{}, jsonError(err)
	}
	c.Country = strings.ToUpper(c.Country)
	return c, c.Check()
}

// DecodeServer reads a frame from the server, for clients written in Go.
func DecodeServer(data []byte) (Server, error) {
	var s Server
	if err := json.Unmarshal(data, &s); err != nil {
		return Server{}, fmt.Errorf("wire: a frame from the server is not valid: %w", err)
	}
	return s, nil
}

// scan checks what encoding/json would accept in silence or at too great a cost: size, UTF-8, depth, half surrogate pairs, and that the frame is an object.
func scan(data []byte) *Error {
	if len(data) > MaxFrame {
		return &Error{CodeTooBig, fmt.Sprintf("A frame may have %d bytes, this one has %d or more.", MaxFrame, len(data)), CloseTooBig}
	}
	if !utf8.Valid(data) {
		return &Error{CodeBadUTF8, "The frame is not valid UTF-8.", CloseBadFrame}
	}
	if trimmed := bytes.TrimLeft(data, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return &Error{CodeBadJSON, "A frame must be one JSON object.", CloseBadFrame}
	}
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{', '[':
			if depth++; depth > MaxDepth {
				return &Error{CodeTooDeep, fmt.Sprintf("The frame is nested more than %d levels deep.", MaxDepth), CloseBadFrame}
			}
		case '}', ']':
			depth--
		case '"':
			end, whole := scanString(data, i+1)
			if !whole {
				return &Error{CodeBadUTF8, "The frame holds half of a surrogate pair.", CloseBadFrame}
			}
			i = end
		}
	}
	return nil
}

// scanString returns the index of the quote that ends the string starting at i, and whether every escaped surrogate in it is half of a pair.
func scanString(data []byte, i int) (end int, whole bool) {
	for i < len(data) && data[i] != '"' {
		if data[i] != '\\' {
			i++
			continue
		}
		unit, ok := escaped(data, i)
		switch {
		case !ok:
			i += 2
		case unit >= 0xD800 && unit < 0xDC00:
			low, ok := escaped(data, i+6)
			if !ok || low < 0xDC00 || low > 0xDFFF {
				return i, false
			}
			i += 12
		case unit >= 0xDC00 && unit <= 0xDFFF:
			return i, false
		default:
			i += 6
		}
	}
	return i, true
}

// escaped reads the \uXXXX at i.
func escaped(data []byte, i int) (unit int, ok bool) {
	if i+6 > len(data) || data[i] != '\\' || data[i+1] != 'u' {
		return 0, false
	}
	for _, b := range data[i+2 : i+6] {
		digit := strings.IndexByte("0123456789abcdef", b|0x20)
		if digit < 0 || (b < '0') {
			return 0, false
		}
		unit = unit<<4 | digit
	}
	return unit, true
}

func jsonError(err error) *Error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		field := wrong.Field
		if field == "" {
			field = "frame"
		}
		return &Error{CodeBadType, fmt.Sprintf("The field %q cannot be a JSON %s.", clip(field), clip(wrong.Value)), CloseBadFrame}
	}
	return &Error{CodeBadJSON, "The frame is not valid JSON.", CloseBadFrame}
}

// clip keeps a quoted piece of a hostile frame short.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// Check says what is wrong with a frame, as DecodeClient does; the error is nil or an *Error.
func (c *Client) Check() error {
	if c.V == 0 {
		return &Error{CodeVersion, fmt.Sprintf("The frame names no protocol version in \"v\"; this server speaks version %d.", Version), CloseBadVersion}
	}
	if c.V != Version {
		return &Error{CodeVersion, fmt.Sprintf("This server speaks protocol version %d, the frame is of version %d; load the widget again.", Version, c.V), CloseBadVersion}
	}
	if e := c.checkNumbers(); e != nil {
		return e
	}
	if e := c.checkPage(); e != nil {
		return e
	}
	var e *Error
	switch c.Kind {
	case KindHello:
		e = c.checkHello()
	case KindSay:
		e = c.checkSay()
	case KindTap:
		e = c.checkTap()
	case KindPage:
		if c.Page == nil {
			e = missing(c.Kind, "page")
		}
	case KindTyping, KindPing:
	case "":
		e = &Error{CodeMissing, "A frame needs a kind.", 0}
	default:
		e = &Error{CodeKind, fmt.Sprintf("A client cannot send frames of the kind %q.", clip(c.Kind)), 0}
	}
	if e != nil {
		return e
	}
	return nil
}

func (c *Client) checkNumbers() *Error {
	if c.ClientSeq < 0 || c.ClientSeq > MaxNumber {
		return outOfRange("client_seq", 1, MaxNumber)
	}
	if c.Seq < 0 || c.Seq > MaxNumber {
		return outOfRange("seq", 0, MaxNumber)
	}
	return nil
}

func (c *Client) checkPage() *Error {
	if c.Page == nil {
		return nil
	}
	return firstError(short("page.url", c.Page.URL, MaxURL), short("page.product", c.Page.Product, MaxID))
}

func (c *Client) checkHello() *Error {
	if e := firstError(short("store", c.Store, MaxID), short("session", c.Session, MaxID), short("token", c.Token, MaxID),
		short("epoch", c.Epoch, MaxID), short("lang", c.Lang, MaxLang)); e != nil {
		return e
	}
	if c.Session != "" && c.Token == "" {
		return missing(c.Kind, "token")
	}
	if c.Session == "" && c.Seq > 0 {
		return missing(c.Kind, "session")
	}
	if !tag(c.Lang) {
		return &Error{CodeRange, "The field \"lang\" must be a language tag such as en or zh-CN.", 0}
	}
	if c.Country != "" && !countryCode(c.Country) {
		return &Error{CodeRange, "The field \"country\" must be two capital letters such as DE.", 0}
	}
	return nil
}

func tag(s string) bool {
	for i := range len(s) {
		b := s[i]
		if !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-') {
			return false
		}
	}
	return true
}

func countryCode(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

func (c *Client) checkSay() *Error {
	if c.ClientSeq == 0 {
		return missing(c.Kind, "client_seq")
	}
	if strings.TrimSpace(c.Text) == "" {
		return missing(c.Kind, "text")
	}
	if n := utf8.RuneCountInString(c.Text); n > MaxText {
		return &Error{CodeTooLong, fmt.Sprintf("A message may have %d characters, this one has %d.", MaxText, n), 0}
	}
	return nil
}

func (c *Client) checkTap() *Error {
	if c.ClientSeq == 0 {
		return missing(c.Kind, "client_seq")
	}
	if c.Tap == nil {
		return missing(c.Kind, "tap")
	}
	if len(c.Tap.And) > MaxAnd {
		return outOfRange("tap.and", 0, MaxAnd)
	}
	for _, also := range c.Tap.And {
		if len(also.And) > 0 {
			return &Error{CodeRange, "A tap in \"tap.and\" cannot have one of its own.", 0}
		}
		if e := also.check(); e != nil {
			return e
		}
	}
	return c.Tap.check()
}

func (t *Tap) check() *Error {
	if e := firstError(short("tap.facet", t.Facet, MaxID), short("tap.op", t.Op, MaxID), short("tap.unit", t.Unit, MaxID), short("tap.label", t.Label, MaxLabel),
		short("tap.product", t.Product, MaxID), short("tap.variant", t.Variant, MaxID)); e != nil {
		return e
	}
	if len(t.Products) > MaxProducts {
		return outOfRange("tap.products", 0, MaxProducts)
	}
	for _, id := range t.Products {
		if e := short("tap.products", id, MaxID); e != nil {
			return e
		}
	}
	if t.Quantity < 0 || t.Quantity > MaxQuantity {
		return outOfRange("tap.quantity", 0, MaxQuantity)
	}
	if e := t.checkValue(); e != nil {
		return e
	}
	return t.checkNeeds()
}

// checkNeeds says whether the tap has what its Do works on.
func (t *Tap) checkNeeds() *Error {
	need := func(field string, ok bool) *Error {
		if ok {
			return nil
		}
		return missing("tap "+t.Do, "tap."+field)
	}
	switch t.Do {
	case DoSet:
		return firstError(need("facet", t.Facet != ""), need("value", len(t.Value) > 0 && string(t.Value) != "null"))
	case DoDrop, DoSoften, DoNoPreference:
		return need("facet", t.Facet != "")
	case DoChoose, DoAdd, DoRemove, DoQuantity:
		return need("product", t.Product != "")
	case DoCompare:
		return need("products", len(t.Products) > 0)
	case DoMore, DoCheckout, DoReset, DoPerson:
		return nil
	case "":
		return missing(KindTap, "tap.do")
	}
	return &Error{CodeRange, fmt.Sprintf("A tap cannot do %q.", clip(t.Do)), 0}
}

// checkValue lets through a scalar or a list of scalars.
func (t *Tap) checkValue() *Error {
	if len(t.Value) == 0 {
		return nil
	}
	if len(t.Value) > MaxValue {
		return &Error{CodeTooLong, fmt.Sprintf("The field \"tap.value\" may have %d bytes.", MaxValue), 0}
	}
	bad := &Error{CodeRange, "The field \"tap.value\" must be a text, a number, true, false, or a list of these.", 0}
	switch t.Value[0] {
	case '{':
		return bad
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(t.Value, &list) != nil {
			return bad
		}
		if len(list) == 0 || len(list) > MaxValues {
			return outOfRange("tap.value", 1, MaxValues)
		}
		for _, v := range list {
			if len(v) == 0 || v[0] == '{' || v[0] == '[' || v[0] == 'n' {
				return bad
			}
		}
	}
	return nil
}

func short(field, s string, most int) *Error {
	if len(s) > most {
		return &Error{CodeTooLong, fmt.Sprintf("The field %q may have %d bytes, this one has %d.", field, most, len(s)), 0}
	}
	return nil
}

func missing(kind, field string) *Error {
	return &Error{CodeMissing, fmt.Sprintf("A %s frame needs the field %q.", clip(kind), field), 0}
}

func outOfRange(field string, lo, hi int64) *Error {
	return &Error{CodeRange, fmt.Sprintf("The field %q must be between %d and %d.", field, lo, hi), 0}
}

func firstError(errs ...*Error) *Error {
	for _, e := range errs {
		if e != nil {
			return e
		}
	}
	return nil
}
