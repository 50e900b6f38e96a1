package feed

import (
	"fmt"
	"sort"
)

// Severity says what an issue did to the row.
type Severity string

const (
	Error   Severity = "error"   // the row was left out
	Warning Severity = "warning" // the row was taken, a part of it was dropped or mended
	Info    Severity = "info"    // worth knowing, nothing was lost
)

// Issue is one finding about one line of a feed.
type Issue struct {
	File     string   `json:"file"`
	Line     int      `json:"line,omitempty"`
	ID       string   `json:"id,omitempty"`
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`
	Message  string   `json:"message"`
}

// String is the issue as compilers print theirs: file:line: severity: message [code].
func (i Issue) String() string {
	at := i.File
	if i.Line > 0 {
		at = fmt.Sprintf("%s:%d", i.File, i.Line)
	}
	if i.ID != "" {
		return fmt.Sprintf("%s: %s: %s: %s [%s]", at, i.Severity, i.ID, i.Message, i.Code)
	}
	return fmt.Sprintf("%s: %s: %s [%s]", at, i.Severity, i.Message, i.Code)
}

// Report says what an import did. Issues holds at most Options.MaxIssues findings and at most a tenth of that of one code,
// so that a noisy code does not crowd out the rest; Codes and the totals count all of them.
type Report struct {
	Rows      int            `json:"rows"` // rows read, variants included
	Added     int            `json:"added"`
	Updated   int            `json:"updated"`
	Unchanged int            `json:"unchanged"`
	Removed   int            `json:"removed"`
	Skipped   int            `json:"skipped"` // rows and products left out, each with an issue
	Errors    int            `json:"errors"`
	Warnings  int            `json:"warnings"`
	Infos     int            `json:"infos"`
	Codes     map[string]int `json:"codes,omitempty"`
	Issues    []Issue        `json:"issues,omitempty"`

	max    int
	silent bool // during the first pass, so that no issue is told twice
}

func newReport(opts Options) *Report {
	r := &Report{Codes: map[string]int{}, max: opts.MaxIssues}
	if r.max <= 0 {
		r.max = 1000
	}
	return r
}

// Products is the number of products that the feed holds after the import.
func (r *Report) Products() int { return r.Added + r.Updated + r.Unchanged }

// CodeList lists the codes seen, commonest first.
func (r *Report) CodeList() []string {
	codes := make([]string, 0, len(r.Codes))
	for c := range r.Codes {
		codes = append(codes, c)
	}
	sort.Slice(codes, func(i, j int) bool {
		if r.Codes[codes[i]] != r.Codes[codes[j]] {
			return r.Codes[codes[i]] > r.Codes[codes[j]]
		}
		return codes[i] < codes[j]
	})
	return codes
}

// place is where an issue was found.
type place struct {
	file string
	line int
	id   string
}

func (r *Report) add(sev Severity, code string, at place, format string, args ...any) {
	if r.silent {
		return
	}
	switch sev {
	case Error:
		r.Errors++
	case Warning:
		r.Warnings++
	default:
		r.Infos++
	}
	r.Codes[code]++
	if len(r.Issues) >= r.max || r.Codes[code] > max(r.max/10, 1) {
		return
	}
	r.Issues = append(r.Issues, Issue{File: at.file, Line: at.line, ID: clip(at.id, 80), Severity: sev, Code: code,
		Message: clip(fmt.Sprintf(format, args...), 400)})
}

// skip notes a row that is left out.
func (r *Report) skip(sev Severity, code string, at place, format string, args ...any) {
	if !r.silent {
		r.Skipped++
	}
	r.add(sev, code, at, format, args...)
}

// clip cuts a text to n bytes at a rune boundary.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
