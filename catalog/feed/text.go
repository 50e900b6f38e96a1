package feed

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	tagPattern    = regexp.MustCompile(`</?([a-zA-Z][a-zA-Z0-9]*)(\s[^<>]*)?/?>|<!--`)
	entityPattern = regexp.MustCompile(`&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});`)
)

// hasHTML says whether s holds an element or entity that HTML knows. "5 < 6" and "(<= 3L)" do not.
func hasHTML(s string) bool {
	if strings.IndexByte(s, '<') >= 0 {
		for _, m := range tagPattern.FindAllStringSubmatch(s, 20) {
			if m[1] == "" || atom.Lookup([]byte(strings.ToLower(m[1]))) != 0 {
				return true
			}
		}
	}
	if strings.IndexByte(s, '&') >= 0 {
		for _, m := range entityPattern.FindAllString(s, 20) {
			if html.UnescapeString(m) != m {
				return true
			}
		}
	}
	return false
}

// plain turns HTML into text: blocks become lines, list items get a dash, and scripts and styles vanish.
func plain(s string) string {
	if !hasHTML(s) {
		return squeeze(s)
	}
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(s))
	hidden := 0
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return squeeze(b.String())
		case xhtml.TextToken:
			if hidden == 0 {
				b.Write(z.Text())
			}
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if invisible(tag) {
				hidden++
			}
			b.WriteString(breakFor(tag))
		case xhtml.EndTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if invisible(tag) && hidden > 0 {
				hidden--
			}
			if tag != atom.Li {
				b.WriteString(breakFor(tag))
			}
		}
	}
}

func invisible(tag atom.Atom) bool {
	switch tag {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Object, atom.Svg, atom.Head, atom.Title:
		return true
	}
	return false
}

func breakFor(tag atom.Atom) string {
	switch tag {
	case atom.Li:
		return "\n- "
	case atom.Br, atom.P, atom.Div, atom.Ul, atom.Ol, atom.Table, atom.Tr, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Section, atom.Article, atom.Blockquote, atom.Hr, atom.Dl, atom.Dt, atom.Dd, atom.Pre, atom.Header, atom.Footer:
		return "\n"
	case atom.Td, atom.Th:
		return " "
	}
	return ""
}

// squeeze trims every line, joins runs of blanks and drops empty and repeated line ends and control characters.
func squeeze(s string) string {
	if s == "" {
		return ""
	}
	if tidyASCII(s) {
		return s
	}
	s = strings.ReplaceAll(s, `\n`, "\n") // exports often write line ends as two characters
	var lines []string
	for _, line := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line = strings.Join(strings.FieldsFunc(line, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u200b' || r == '\ufeff' }), " ")
		if line != "" && line != "-" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// tidyASCII says whether squeezing would change nothing: plain characters with single blanks between words.
func tidyASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == '\\' || c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return s != "-"
}

// oneLine is text for a title or a value.
func oneLine(s string) string {
	if tidyASCII(s) && strings.IndexByte(s, '<') < 0 && strings.IndexByte(s, '&') < 0 {
		return s
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(plain(s), "\n", " ")), " ")
}

// slug is an ID made of a text: lower case, letters and digits of any script, sep between words.
func slug(s string, sep byte) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(s) {
		if r == '\'' || r == '’' {
			continue
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == '+' || r == '%' ||
			r == '.' && b.Len() > 0 && endsInDigit(b.String()) && !gap {
			if gap && b.Len() > 0 {
				b.WriteByte(sep)
			}
			gap = false
			b.WriteRune(r)
			if b.Len() >= 80 {
				break
			}
			continue
		}
		gap = true
	}
	return strings.TrimRight(b.String(), ".")
}

func endsInDigit(s string) bool { return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' }

// langOf guesses between Chinese and English by script.
func langOf(s string) string {
	han, letters := 0, 0
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			han++
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if han > 0 && han*4 >= letters {
		return "zh"
	}
	return "en"
}

var placeholders = map[string]bool{"n/a": true, "na": true, "n.a.": true, "none": true, "null": true, "nil": true, "undefined": true, "tbd": true,
	"tba": true, "todo": true, "xxx": true, "-": true, "--": true, "---": true, ".": true, "?": true, "unknown": true, "unspecified": true,
	"not available": true, "not applicable": true, "not specified": true, "not categorized": true, "lorem ipsum": true, "placeholder": true,
	"nan": true, "no data": true, "无": true, "暂无": true, "未知": true, "不详": true, "待定": true, "测试": true, "#n/a": true, "#ref!": true, "#value!": true}

// placeholder says whether s stands for nothing.
func placeholder(s string) bool { return placeholders[strings.ToLower(strings.TrimSpace(s))] }
