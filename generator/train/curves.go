package train

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"strconv"
)

// series is one line of a chart.
type series struct {
	class string
	label string
	x, y  []float64
}

// Charts share one width; the loss is tall, the others small.
const (
	chartWidth = 860
	chartLeft  = 64
	chartRight = 16
	lossHeight = 320
	sideHeight = 150
)

const chartStyle = `svg{font:12px system-ui,sans-serif;--ink:#222;--faint:#ddd;--a:#1463c7;--b:#c2410c;background:#fff}
text{fill:var(--ink)}.grid{stroke:var(--faint)}.line{fill:none;stroke-width:1.6;stroke-linejoin:round}.a{stroke:var(--a)}.b{stroke:var(--b);stroke-width:2.2}
.dot.b{fill:var(--b)}.dot.a{fill:var(--a)}
@media (prefers-color-scheme:dark){svg{--ink:#ddd;--faint:#333;--a:#7fb4ff;--b:#ffa36b;background:#16181c}}`

// Curves draws a run's records as a picture that needs nothing else: loss and validation loss, the learning rate, the speed.
func Curves(records []Record) []byte {
	train, valid := series{class: "a", label: "training loss"}, series{class: "b", label: "validation loss"}
	rate, speed := series{class: "a", label: "learning rate"}, series{class: "a", label: "tokens per second"}
	for _, r := range records {
		x := float64(r.Step)
		train.add(x, r.Loss)
		rate.add(x, r.Rate)
		speed.add(x, r.PerSecond)
		if r.Valid != nil {
			valid.add(x, *r.Valid)
		}
	}
	height := lossHeight + 2*sideHeight
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="curves of a training run">`+"\n<style>%s</style>\n",
		chartWidth, height, chartWidth, height, chartStyle)
	chart(&b, 0, lossHeight, train, valid)
	chart(&b, lossHeight, sideHeight, rate)
	chart(&b, lossHeight+sideHeight, sideHeight, speed)
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func (s *series) add(x, y float64) {
	if !bad(y) {
		s.x, s.y = append(s.x, x), append(s.y, y)
	}
}

// chart draws lines over one pair of axes, from `top` down.
func chart(b *bytes.Buffer, top, height int, lines ...series) {
	x0, x1, y0, y1 := bounds(lines)
	left, right, up, down := float64(chartLeft), float64(chartWidth-chartRight), float64(top+28), float64(top+height-26)
	px := func(x float64) float64 { return left + (x-x0)/(x1-x0)*(right-left) }
	py := func(y float64) float64 { return down - (y-y0)/(y1-y0)*(down-up) }
	for _, y := range ticks(y0, y1, height/50) {
		fmt.Fprintf(b, `<line class="grid" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/><text x="%.1f" y="%.1f" text-anchor="end">%s</text>`+"\n",
			left, right, py(y), py(y), left-6, py(y)+4, label(y))
	}
	for _, x := range ticks(x0, x1, 8) {
		fmt.Fprintf(b, `<line class="grid" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/><text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`+"\n",
			px(x), px(x), up, down, px(x), down+16, label(x))
	}
	at := left
	for _, s := range lines {
		if len(s.x) == 0 {
			continue
		}
		fmt.Fprintf(b, `<circle class="dot %s" cx="%.1f" cy="%.1f" r="4"/><text x="%.1f" y="%.1f">%s (last %s)</text>`+"\n",
			s.class, at+6, up-14, at+14, up-10, html.EscapeString(s.label), label(s.y[len(s.y)-1]))
		at += 240
		fmt.Fprintf(b, `<path class="line %s" d="`, s.class)
		for i := range s.x {
			op := "L"
			if i == 0 {
				op = "M"
			}
			fmt.Fprintf(b, "%s%.1f %.1f", op, px(s.x[i]), py(s.y[i]))
		}
		b.WriteString("\"/>\n")
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="end">step</text>`+"\n", right, up-10)
}

// bounds is the rectangle that holds the lines; it is never empty.
func bounds(lines []series) (x0, x1, y0, y1 float64) {
	x0, x1, y0, y1 = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, s := range lines {
		for i := range s.x {
			x0, x1 = math.Min(x0, s.x[i]), math.Max(x1, s.x[i])
			y0, y1 = math.Min(y0, s.y[i]), math.Max(y1, s.y[i])
		}
	}
	if math.IsInf(x0, 0) {
		x0, x1, y0, y1 = 0, 1, 0, 1
	}
	y0 = math.Min(y0, 0) // losses, rates and speeds are measured from nothing
	if x1 <= x0 {
		x1 = x0 + 1
	}
	if y1 <= y0 {
		y1 = y0 + 1
	}
	return x0, x1, y0, y1
}

// ticks are round numbers between two ends, about n of them.
func ticks(from, to float64, n int) []float64 {
	raw := (to - from) / float64(max(1, n))
	unit := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * unit
	for _, m := range []float64{1, 2, 5} {
		if m*unit >= raw {
			step = m * unit
			break
		}
	}
	var all []float64
	for i := math.Ceil(from / step); i*step <= to && len(all) < 50; i++ {
		all = append(all, i*step)
	}
	return all
}

func label(x float64) string {
	if x != 0 && math.Abs(x) < 1e-2 {
		return strconv.FormatFloat(x, 'e', 1, 64)
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

// curvesPage is the picture with the run's figures, as one page that loads nothing.
func curvesPage(svg []byte, records []Record, o Options, kernels string) []byte {
	var b bytes.Buffer
	b.WriteString("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Training run</title>\n" +
		"<style>:root{color-scheme:light dark}body{font:15px system-ui,sans-serif;margin:2rem auto;max-width:900px;padding:0 1rem}svg{max-width:100%;height:auto}" +
		"td,th{padding:.15rem .8rem .15rem 0;text-align:left;font-weight:400}th{opacity:.7}</style>\n<h1>Training run</h1>\n")
	b.Write(svg)
	b.WriteString("<table>\n")
	row := func(k, v string) { fmt.Fprintf(&b, "<tr><th>%s<td>%s\n", html.EscapeString(k), html.EscapeString(v)) }
	c := o.Config
	row("model", fmt.Sprintf("vocabulary %d, width %d, %d blocks, %d heads, %d key heads, inner width %d, context %d, %s, prefix mask %v",
		c.Vocab, c.Dim, c.Layers, c.Heads, c.KVHeads, c.FF, c.Context, c.Position, c.Prefix))
	row("kernels", kernels)
	row("seed", strconv.FormatUint(o.Seed, 10))
	if n := len(records); n > 0 {
		last := records[n-1]
		row("step", fmt.Sprintf("%d of %d", last.Step, o.Steps))
		row("training loss", label(last.Loss))
		for i := n - 1; i >= 0; i-- {
			if v := records[i].Valid; v != nil {
				row("validation loss", label(*v))
				break
			}
		}
		row("tokens per second", label(math.Round(last.PerSecond)))
	}
	b.WriteString("</table></html>\n")
	return b.Bytes()
}
