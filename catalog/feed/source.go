package feed

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

const (
	maxLine = 8 << 20   // one line or record; longer ones are an error
	maxDoc  = 64 << 20  // one JSON-LD document or HTML page
	peekLen = 256 << 10 // bytes looked at to guess encoding and format
	headLen = 64 << 10
)

// source is a feed file that can be read several times. Standard input is spooled to a temporary file first.
type source struct {
	name string // as issues call it
	path string
	temp bool
	size int64
}

func openSource(name string, opts Options) (*source, error) {
	if name != "-" {
		st, err := os.Stat(name)
		if err != nil {
			return nil, fmt.Errorf("feed: %w", err)
		}
		if !st.Mode().IsRegular() {
			return nil, fmt.Errorf("feed: %s is not a regular file; pipe it in and name it -", name)
		}
		return &source{name: name, path: name, size: st.Size()}, nil
	}
	in := opts.Stdin
	if in == nil {
		in = os.Stdin
	}
	f, err := os.CreateTemp("", "feed-*")
	if err != nil {
		return nil, fmt.Errorf("feed: no temporary file for standard input: %w", err)
	}
	defer f.Close()
	n, err := io.Copy(f, in)
	if err != nil {
		os.Remove(f.Name())
		return nil, fmt.Errorf("feed: reading standard input: %w", err)
	}
	if opts.Source != "" {
		name = opts.Source
	}
	return &source{name: name, path: f.Name(), temp: true, size: n}, nil
}

func (s *source) close() {
	if s.temp {
		os.Remove(s.path)
	}
}

// input is one reading of a source as clean UTF-8.
type input struct {
	file   string
	r      *bufio.Reader
	head   []byte // the first bytes, decoded
	closer func()
}

// counter passes bytes on, tells the progress and stops when the context ends.
type counter struct {
	r   io.Reader
	ctx context.Context
	add func(int)
}

func (c *counter) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.add(n)
	return n, err
}

// open starts a reading. Gzip is recognised by its content; the text is decoded and broken characters are replaced and reported.
func (s *source) open(ctx context.Context, rep *Report, progress func(int)) (*input, error) {
	f, err := os.Open(s.path)
	if err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	raw := bufio.NewReaderSize(&counter{r: f, ctx: ctx, add: progress}, 64<<10)
	var r io.Reader = raw
	if magic, _ := raw.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		gz, err := gzip.NewReader(raw)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("%s: the gzip header is broken: %w", s.name, err)
		}
		r = gz
	}
	peek := bufio.NewReaderSize(r, peekLen)
	head, err := peek.Peek(peekLen)
	if err != nil && err != io.EOF {
		f.Close()
		return nil, fmt.Errorf("%s:1: the file cannot be read: %w", s.name, cutError(err))
	}
	r = peek
	if enc := guessEncoding(head); enc != nil {
		r = enc.NewDecoder().Reader(peek)
	}
	clean := &cleaner{r: bufio.NewReaderSize(r, 64<<10), file: s.name, rep: rep}
	in := &input{file: s.name, r: bufio.NewReaderSize(clean, headLen), closer: func() { f.Close() }}
	in.head, err = in.r.Peek(headLen)
	if err != nil && err != io.EOF {
		f.Close()
		return nil, fmt.Errorf("%s:1: the file cannot be read: %w", s.name, cutError(err))
	}
	return in, nil
}

func (in *input) close() { in.closer() }

// cutError words the two errors that a cut file gives.
func cutError(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends in the middle: the file is cut")
	case errors.Is(err, gzip.ErrChecksum):
		return errors.New("the gzip checksum is wrong: the file is damaged")
	}
	return err
}

// guessEncoding names the decoder for the first bytes of a file; nil is UTF-8.
func guessEncoding(head []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return nil
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	if declared := declaredEncoding(head); declared != nil {
		return declared
	}
	whole := trimPartialRune(head)
	if utf8.Valid(whole) {
		return nil
	}
	if mostlyUTF8(whole) {
		return nil
	}
	if looksGB18030(head) {
		return simplifiedchinese.GB18030
	}
	return charmap.Windows1252
}

// declaredEncoding reads the encoding of an XML declaration or an HTML meta tag, if it is not UTF-8.
func declaredEncoding(head []byte) encoding.Encoding {
	start := bytes.TrimLeft(head, " \t\r\n")
	if !bytes.HasPrefix(start, []byte("<")) {
		return nil
	}
	line := head[:min(len(head), 1024)]
	var label string
	if i := bytes.Index(line, []byte("encoding=")); i >= 0 && bytes.HasPrefix(start, []byte("<?xml")) {
		rest := line[i+len("encoding="):]
		if len(rest) > 1 {
			if j := bytes.IndexByte(rest[1:], rest[0]); j >= 0 {
				label = string(rest[1 : j+1])
			}
		}
	} else if i := bytes.Index(bytes.ToLower(line), []byte("charset=")); i >= 0 {
		rest := bytes.TrimLeft(line[i+len("charset="):], `"'`)
		if j := bytes.IndexAny(rest, "\"'/> ;"); j >= 0 {
			label = string(rest[:j])
		}
	}
	enc, name := charset.Lookup(label)
	if enc == nil || name == "utf-8" {
		return nil
	}
	return enc
}

func trimPartialRune(b []byte) []byte {
	for i := 0; i < 3 && len(b) > 0; i++ {
		if r, n := utf8.DecodeLastRune(b); r != utf8.RuneError || n > 1 {
			return b
		}
		b = b[:len(b)-1]
	}
	return b
}

// mostlyUTF8 says whether most of the characters beyond ASCII are sound UTF-8, so that a few broken ones are just damage.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return good >= bad // by chance alone the bytes of other encodings seldom form whole characters
}

func looksGB18030(b []byte) bool {
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b[:min(len(b), 64<<10)])
	if err != nil {
		return false
	}
	bad, han := 0, 0
	for _, r := range string(text) {
		switch {
		case r == utf8.RuneError:
			bad++
		case r >= 0x4E00 && r <= 0x9FFF:
			han++
		}
	}
	return han > 0 && bad <= 1+han/50
}

// cleaner replaces bytes that are not UTF-8 by U+FFFD, drops NUL and a byte order mark, and reports the lines.
type cleaner struct {
	r       *bufio.Reader
	file    string
	rep     *Report
	line    int
	told    int
	pending []byte
	started bool
}

func (c *cleaner) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(c.pending) > 0 {
		n := copy(p, c.pending)
		c.pending = c.pending[n:]
		return n, nil
	}
	for {
		if _, err := c.r.Peek(1); err != nil {
			return 0, err
		}
		chunk, _ := c.r.Peek(c.r.Buffered())
		if !c.started {
			c.started = true
			chunk2, _ := c.r.Peek(3)
			if bytes.HasPrefix(chunk2, []byte("\uFEFF")) {
				c.r.Discard(3)
				continue
			}
			chunk, _ = c.r.Peek(c.r.Buffered())
		}
		out, used := c.clean(chunk)
		c.r.Discard(used)
		if len(out) == 0 {
			continue
		}
		n := copy(p, out)
		c.pending = out[n:]
		return n, nil
	}
}

// clean returns the sound form of chunk and how much of it was used. A rune split at the end is left for the next turn.
func (c *cleaner) clean(chunk []byte) (out []byte, used int) {
	if utf8.Valid(chunk) && bytes.IndexByte(chunk, 0) < 0 {
		c.line += bytes.Count(chunk, []byte("\n"))
		return bytes.Clone(chunk), len(chunk)
	}
	for used < len(chunk) {
		b := chunk[used]
		if b < utf8.RuneSelf {
			if b == '\n' {
				c.line++
			}
			if b != 0 {
				out = append(out, b)
			}
			used++
			continue
		}
		if !utf8.FullRune(chunk[used:]) && len(chunk)-used < utf8.UTFMax {
			if used > 0 {
				return out, used
			}
			if more, err := c.r.Peek(len(chunk) + 1); err == nil || len(more) > len(chunk) {
				return nil, 0 // more has arrived: look again
			}
		}
		r, n := utf8.DecodeRune(chunk[used:])
		if r == utf8.RuneError && n == 1 {
			c.tell()
			out = append(out, "\uFFFD"...)
		} else {
			out = append(out, chunk[used:used+n]...)
		}
		used += n
	}
	return out, used
}

func (c *cleaner) tell() {
	if c.told == c.line+1 {
		return
	}
	c.told = c.line + 1
	c.rep.add(Warning, "invalid-utf8", place{file: c.file, line: c.told}, "bytes that are not UTF-8 were replaced by �; export the feed as UTF-8")
}

// eachLine calls f for every line with its number, without the line end. last says that the line had none, so it may be cut.
func (in *input) eachLine(f func(line []byte, n int, last bool) error) error {
	var long []byte
	for n := 1; ; n++ {
		long = long[:0]
		for {
			part, err := in.r.ReadSlice('\n')
			if err == nil && len(long) == 0 {
				long = append(long, part...)
				break
			}
			long = append(long, part...)
			if len(long) > maxLine {
				return fmt.Errorf("%s:%d: the line is longer than %d MB; a feed has one product a line", in.file, n, maxLine>>20)
			}
			if err == bufio.ErrBufferFull {
				continue
			}
			if err == io.EOF {
				if len(long) == 0 {
					return nil
				}
				return f(bytes.TrimRight(long, "\r\n"), n, true)
			}
			if err != nil {
				return fmt.Errorf("%s:%d: %w", in.file, n, cutError(err))
			}
			break
		}
		if err := f(bytes.TrimRight(long, "\r\n"), n, false); err != nil {
			return err
		}
	}
}

// all reads a whole document of bounded size.
func (in *input) all() ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(in.r, maxDoc+1))
	if err != nil {
		return nil, fmt.Errorf("%s:%d: %w", in.file, 1+bytes.Count(b, []byte("\n")), cutError(err))
	}
	if len(b) > maxDoc {
		return nil, fmt.Errorf("%s: the document is larger than %d MB; split it or send it as JSON lines", in.file, maxDoc>>20)
	}
	return b, nil
}
