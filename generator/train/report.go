package train

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/term"
)

// Files of a run's folder beside the checkpoint.
const (
	metricsFile = "metrics.jsonl"
	curvesSVG   = "curves.svg"
	curvesHTML  = "curves.html"
)

// Record is a line of metrics.jsonl: the mean over the steps since the line before it.
type Record struct {
	Step      int      `json:"step"`
	Loss      float64  `json:"loss"`
	Valid     *float64 `json:"valid,omitempty"`
	Rate      float64  `json:"lr"`
	Gradient  float64  `json:"gradient"` // length before clipping
	PerSecond float64  `json:"tokens_per_second"`
	Seconds   float64  `json:"seconds"` // since the run, or its resumption, began
}

// report keeps the record of a run: the progress line, the metrics and the curves.
type report struct {
	o       Options
	file    *os.File
	out     *bufio.Writer
	records []Record
	live    bool // the progress line is rewritten in place
	kernels string

	began, mark time.Time
	from        int // step at which we began
	steps       int // since the last record
	tokens      int
	now         Record
	valid       float64
}

func newReport(o Options, step int, kernels string) (*report, error) {
	r := &report{o: o, kernels: kernels, began: now(), mark: now(), from: step, valid: math.NaN()}
	if f, ok := o.Progress.(*os.File); ok {
		r.live = term.IsTerminal(int(f.Fd()))
	}
	if o.Dir == "" {
		return r, nil
	}
	path := filepath.Join(o.Dir, metricsFile)
	if step > 0 { // lines past the checkpoint will be made again
		r.records = upTo(path, step)
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("train: cannot write the metrics: %w", err)
	}
	r.file, r.out = f, bufio.NewWriter(f)
	for _, rec := range r.records {
		if err := r.write(rec); err != nil {
			return nil, err
		}
	}
	return r, r.out.Flush()
}

// upTo reads the records of a metrics file up to a step; a line that cannot be read ends it.
func upTo(path string, step int) []Record {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	var all []Record
	for d := json.NewDecoder(f); ; {
		var r Record
		if d.Decode(&r) != nil || r.Step > step {
			return all
		}
		all = append(all, r)
	}
}

func (r *report) write(rec Record) error {
	line, err := json.Marshal(rec)
	if err != nil {
		return err
	}
	_, err = r.out.Write(append(line, '\n'))
	return err
}

func (r *report) step(step, tokens int, loss, gradient, rate float64) {
	r.steps++
	r.tokens += tokens
	r.now.Step, r.now.Rate = step, rate
	r.now.Loss += loss
	r.now.Gradient += gradient
}

func (r *report) measured(_ int, loss float64) {
	r.now.Valid = &loss
	r.valid = loss
}

// flush makes a record if one is due.
func (r *report) flush(step int, end bool) error {
	if r.steps == 0 || step%r.o.LogEvery != 0 && !end && r.now.Valid == nil {
		return nil
	}
	t := now()
	rec := r.now
	rec.Loss /= float64(r.steps)
	rec.Gradient /= float64(r.steps)
	rec.PerSecond = float64(r.tokens) / math.Max(1e-9, t.Sub(r.mark).Seconds())
	rec.Seconds = t.Sub(r.began).Seconds()
	measured := rec.Valid != nil
	r.records = append(r.records, rec)
	r.now, r.steps, r.tokens, r.mark = Record{}, 0, 0, t
	r.line(rec, t, end)
	if r.out == nil {
		return nil
	}
	if err := errors.Join(r.write(rec), r.out.Flush()); err != nil {
		return fmt.Errorf("train: cannot write the metrics: %w", err)
	}
	if measured {
		return r.curves()
	}
	return nil
}

// line is the progress line.
func (r *report) line(rec Record, t time.Time, end bool) {
	if r.o.Progress == nil {
		return
	}
	left := time.Duration(float64(t.Sub(r.began)) / float64(rec.Step-r.from) * float64(r.o.Steps-rec.Step)).Round(time.Second)
	valid := "-"
	if !math.IsNaN(r.valid) {
		valid = fmt.Sprintf("%.4f", r.valid)
	}
	s := fmt.Sprintf("step %d/%d  loss %.4f  valid %s  lr %.2e  %.0f tokens/s  %s left", rec.Step, r.o.Steps, rec.Loss, valid, rec.Rate, rec.PerSecond, left)
	if r.live && !end {
		fmt.Fprintf(r.o.Progress, "\r%-100s", s)
		return
	}
	if r.live {
		io.WriteString(r.o.Progress, "\r")
	}
	fmt.Fprintln(r.o.Progress, s)
}

// finish draws the curves a last time.
func (r *report) finish() error {
	if r.out == nil {
		return nil
	}
	return r.curves()
}

func (r *report) close() {
	if r.file != nil {
		r.out.Flush()
		r.file.Close()
	}
}

func (r *report) curves() error {
	svg := Curves(r.records)
	page := curvesPage(svg, r.records, r.o, r.kernels)
	err := errors.Join(os.WriteFile(filepath.Join(r.o.Dir, curvesSVG), svg, 0o644), os.WriteFile(filepath.Join(r.o.Dir, curvesHTML), page, 0o644))
	if err != nil {
		return fmt.Errorf("train: cannot write the curves: %w", err)
	}
	return nil
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
