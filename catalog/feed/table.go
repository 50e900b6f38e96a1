package feed

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// record is one row of a table with its fields by header name. A header may occur several times.
type record struct {
	line   int
	header *header
	fields []string
}

type header struct {
	names []string
	index map[string][]int
}

func newHeader(names []string, norm func(string) string) *header {
	h := &header{names: names, index: map[string][]int{}}
	for i, n := range names {
		n = norm(n)
		h.names[i] = n
		h.index[n] = append(h.index[n], i)
	}
	return h
}

func (h *header) has(name string) bool { return len(h.index[name]) > 0 }

// get is the first filled field of a name.
func (r *record) get(name string) string {
	for _, i := range r.header.index[name] {
		if i < len(r.fields) {
			if v := strings.TrimSpace(r.fields[i]); v != "" {
				return v
			}
		}
	}
	return ""
}

// all is every filled field of a name.
func (r *record) all(name string) []string {
	var out []string
	for _, i := range r.header.index[name] {
		if i < len(r.fields) {
			if v := strings.TrimSpace(r.fields[i]); v != "" {
				out = append(out, v)
			}
		}
	}
	return out
}

// sniffComma finds what separates the fields of the header line.
func sniffComma(head []byte) byte {
	line := firstLine(head)
	best, most := byte(','), 0
	for _, c := range []byte{'\t', ',', ';', '|'} {
		if n := bytes.Count(line, []byte{c}); n > most {
			best, most = c, n
		}
	}
	return best
}

func firstLine(head []byte) []byte {
	head = bytes.TrimLeft(head, "\r\n \ufeff")
	if i := bytes.IndexAny(head, "\r\n"); i >= 0 {
		return head[:i]
	}
	return head
}

// eachRecord reads a table: a header line, then a record a row. Rows with too few or too many fields go to reject; a last row
// that is too short and has no line end means that the file is cut.
func (in *input) eachRecord(comma byte, norm func(string) string, reject func(line int, why string), f func(*record) error) error {
	var h *header
	return in.eachFields(comma, func(fields []string, line int, last bool) error {
		if len(fields) == 1 && strings.TrimSpace(fields[0]) == "" {
			return nil
		}
		if h == nil {
			h = newHeader(fields, norm)
			return nil
		}
		want := len(h.names)
		for len(fields) > want && strings.TrimSpace(fields[len(fields)-1]) == "" {
			fields = fields[:len(fields)-1]
		}
		if len(fields) != want {
			if last && len(fields) < want {
				return fmt.Errorf("%s:%d: the last row has %d of %d fields and no line end: the file is cut", in.file, line, len(fields), want)
			}
			reject(line, fmt.Sprintf("the row has %d fields and the header %d; look for a stray quote, separator or line end", len(fields), want))
			return nil
		}
		return f(&record{line: line, header: h, fields: fields})
	})
}

// eachFields splits rows. In a tab-separated file a row is a line. In the others a field in quotes may hold separators, line ends and
// doubled quotes; quotes elsewhere stand for themselves.
func (in *input) eachFields(comma byte, f func(fields []string, line int, last bool) error) error {
	if comma == '\t' {
		return in.eachLine(func(b []byte, n int, last bool) error {
			fields := strings.Split(string(b), "\t")
			for i, s := range fields {
				if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
					fields[i] = strings.ReplaceAll(s[1:len(s)-1], `""`, `"`)
				}
			}
			return f(fields, n, last)
		})
	}
	p := &csvParser{in: in, comma: comma, line: 1}
	for {
		fields, line, last, err := p.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f(fields, line, last); err != nil {
			return err
		}
	}
}

// csvParser reads comma-separated rows of bounded size.
type csvParser struct {
	in    *input
	comma byte
	line  int // of the next byte
	buf   []byte
}

// next reads one row. last says that the file ended without a line end.
func (p *csvParser) next() (fields []string, line int, last bool, err error) {
	line = p.line
	p.buf = p.buf[:0]
	size, quoted, opened := 0, false, 0
	for {
		c, err := p.in.r.ReadByte()
		if err == io.EOF {
			if quoted {
				return nil, 0, false, fmt.Errorf("%s:%d: the quoted field that starts here never ends: the file is cut or a quote is missing", p.in.file, opened)
			}
			if size == 0 {
				return nil, 0, false, io.EOF
			}
			return append(fields, string(p.buf)), line, true, nil
		}
		if err != nil {
			return nil, 0, false, fmt.Errorf("%s:%d: %w", p.in.file, p.line, cutError(err))
		}
		if size++; size > maxLine {
			return nil, 0, false, fmt.Errorf("%s:%d: the row that starts here is longer than %d MB; look for a missing quote", p.in.file, line, maxLine>>20)
		}
		if c == '\n' {
			p.line++
		}
		switch {
		case quoted && c == '"':
			if next, _ := p.in.r.Peek(1); len(next) == 1 && next[0] == '"' {
				p.in.r.Discard(1)
				p.buf = append(p.buf, '"')
			} else if len(next) == 0 || next[0] == p.comma || next[0] == '\n' || next[0] == '\r' {
				quoted = false
			} else {
				p.buf = append(p.buf, '"')
			}
		case quoted:
			p.buf = append(p.buf, c)
		case c == '"' && len(p.buf) == 0:
			quoted, opened = true, p.line
		case c == p.comma:
			fields = append(fields, string(p.buf))
			p.buf = p.buf[:0]
		case c == '\n':
			return append(fields, string(p.buf)), line, false, nil
		case c == '\r':
			if next, _ := p.in.r.Peek(1); len(next) == 1 && next[0] != '\n' {
				p.line++
				return append(fields, string(p.buf)), line, false, nil
			}
		default:
			p.buf = append(p.buf, c)
		}
	}
}
