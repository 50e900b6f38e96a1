package demo

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Picture is the drawing of the named thing as an SVG document of 240 by 240 units, the same for the same arguments.
// A name without a drawing of its own gets a parcel. Colours that are not #rrggbb are replaced by a neutral one.
func Picture(name string, s PictureStyle) string {
	draw, ok := pictures[name]
	if !ok {
		draw = drawParcel
	}
	p := newPen(s)
	draw(p)
	return p.svg()
}

// HasPicture says whether name has a drawing of its own.
func HasPicture(name string) bool { return pictures[name] != nil }

// pictures are all drawings by name, one map for each vertical.
var pictures = joinPictures(
	electronicsPictures, computerPictures, kitchenPictures, homePictures, clothingPictures, shoesBagsPictures,
	outdoorPictures, sportsPictures, beautyPictures, toysBabyPictures, foodPictures, toolsGardenPictures,
)

type pictureSet map[string]func(*pen)

func joinPictures(all ...pictureSet) pictureSet {
	out := pictureSet{}
	for _, m := range all {
		for name, f := range m {
			out[name] = f
		}
	}
	return out
}

// Colours of things that do not come in colours.
const (
	white  = "#ffffff"
	paper  = "#f6f1e7"
	ink    = "#2b2f36"
	coal   = "#3b4149"
	steel  = "#c4cad0"
	iron   = "#8c959e"
	wood   = "#cf9f63"
	bark   = "#8a5d3b"
	glass  = "#d4e8ee"
	leaf   = "#5f9a55"
	gold   = "#d9ac4b"
	rubber = "#33373d"
)

// pen draws one picture: shapes go to the page in the order of the calls, the first at the back.
type pen struct {
	page strings.Builder
	v    int // variant, never negative

	c, l, ll, d, dd string // main colour: itself, lighter, lightest, darker, darkest
	a, al, ad       string // accent
	back            string
}

func newPen(s PictureStyle) *pen {
	p := &pen{v: max(s.Variant, 0), c: hexOr(s.Colour, "#9aa5b1"), a: hexOr(s.Accent, "#c9803a")}
	// Pure black and white would swallow their own shading.
	if light := lightness(p.c); light < 0.16 {
		p.c = mix(p.c, white, 0.13)
	} else if light > 0.95 {
		p.c = mix(p.c, "#d9dde2", 0.2)
	}
	p.l, p.ll = mix(p.c, white, 0.25), mix(p.c, white, 0.5)
	p.d, p.dd = mix(p.c, "#14161c", 0.18), mix(p.c, "#14161c", 0.38)
	p.al, p.ad = mix(p.a, white, 0.3), mix(p.a, "#14161c", 0.22)
	p.back = backdrop(p.c, p.a, p.v)
	return p
}

// backdrop is a soft tint that the thing stands out from.
func backdrop(c, a string, v int) string {
	base := mix(c, white, 0.84)
	switch v % 4 {
	case 1:
		if lightness(a) < 0.8 {
			base = mix(a, white, 0.82)
		}
	case 2:
		base = "#eef0ec"
	case 3:
		base = mix(mix(c, a, 0.5), white, 0.85)
	}
	if pale(c) { // a white thing on a white ground is not seen
		base = mix(mix(c, a, 0.4), "#cfd8dd", 0.72)
	}
	return base
}

func (p *pen) svg() string {
	glow := mix(p.back, white, 0.55)
	if pale(p.c) {
		glow = mix(p.back, white, 0.22)
	}
	spot := [...]string{
		`<circle cx="120" cy="112" r="92" fill="` + glow + `"/>`,
		`<circle cx="150" cy="96" r="84" fill="` + glow + `"/>`,
		`<path d="M0 170Q120 110 240 160V240H0Z" fill="` + glow + `"/>`,
		`<rect x="34" y="30" width="172" height="172" rx="44" fill="` + glow + `"/>`,
		`<path d="M0 0H110Q40 90 0 110Z" fill="` + glow + `"/>`,
	}[p.v%5]
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240"><defs>` +
		gradient("c", p.l, p.c) + gradient("a", p.al, p.a) +
		`</defs><rect width="240" height="240" fill="` + p.back + `"/>` + spot + p.page.String() + `</svg>`
}

func gradient(id, from, to string) string {
	return `<linearGradient id="` + id + `" x2=".6" y2="1"><stop stop-color="` + from + `"/><stop offset="1" stop-color="` + to + `"/></linearGradient>`
}

// Fills that run from light to dark over a shape.
const (
	body   = "url(#c)"
	accent = "url(#a)"
)

// choose takes one of several details by the variant.
func choose[T any](p *pen, of ...T) T { return of[p.v%len(of)] }

// ground is the shadow under a thing of half width rx that stands at height y.
func (p *pen) ground(y, rx float64) {
	fmt.Fprintf(&p.page, `<ellipse cx="120" cy="%s" rx="%s" ry="7" fill="#1d2430" opacity=".13"/>`, num(y), num(rx))
}

func (p *pen) box(x, y, w, h, r float64, fill string) {
	fmt.Fprintf(&p.page, `<rect x="%s" y="%s" width="%s" height="%s" rx="%s" fill="%s"/>`, num(x), num(y), num(w), num(h), num(r), fill)
}

func (p *pen) dot(x, y, r float64, fill string) {
	fmt.Fprintf(&p.page, `<circle cx="%s" cy="%s" r="%s" fill="%s"/>`, num(x), num(y), num(r), fill)
}

func (p *pen) oval(x, y, rx, ry float64, fill string) {
	fmt.Fprintf(&p.page, `<ellipse cx="%s" cy="%s" rx="%s" ry="%s" fill="%s"/>`, num(x), num(y), num(rx), num(ry), fill)
}

// ring is a circle's outline, hoop an oval's.
func (p *pen) ring(x, y, r, width float64, colour string) { p.hoop(x, y, r, r, width, colour) }

func (p *pen) hoop(x, y, rx, ry, width float64, colour string) {
	fmt.Fprintf(&p.page, `<ellipse cx="%s" cy="%s" rx="%s" ry="%s" fill="none" stroke="%s" stroke-width="%s"/>`, num(x), num(y), num(rx), num(ry), colour, num(width))
}

// beads are dots of a width along a circle, gap apart from centre to centre.
func (p *pen) beads(x, y, r, width, gap float64, colour string) {
	fmt.Fprintf(&p.page, `<circle cx="%s" cy="%s" r="%s" fill="none" stroke="%s" stroke-width="%s" stroke-linecap="round" stroke-dasharray="0 %s"/>`, num(x), num(y), num(r), colour, num(width), num(gap))
}

// stripes is a line cut across: on long, off between.
func (p *pen) stripes(d, colour string, width, on, off float64) {
	fmt.Fprintf(&p.page, `<path d="%s" fill="none" stroke="%s" stroke-width="%s" stroke-dasharray="%s %s"/>`, d, colour, num(width), num(on), num(off))
}

// shape fills a path.
func (p *pen) shape(d, fill string) { fmt.Fprintf(&p.page, `<path d="%s" fill="%s"/>`, d, fill) }

// line strokes a path with round ends.
func (p *pen) line(d, colour string, width float64) {
	fmt.Fprintf(&p.page, `<path d="%s" fill="none" stroke="%s" stroke-width="%s" stroke-linecap="round" stroke-linejoin="round"/>`, d, colour, num(width))
}

// shine is a translucent white shape, shadow a dark one.
func (p *pen) shine(d string) { fmt.Fprintf(&p.page, `<path d="%s" fill="#fff" opacity=".28"/>`, d) }
func (p *pen) shadow(d string) {
	fmt.Fprintf(&p.page, `<path d="%s" fill="#10131a" opacity=".14"/>`, d)
}

// turn draws something rotated by degrees about a point.
func (p *pen) turn(degrees, x, y float64, f func()) {
	fmt.Fprintf(&p.page, `<g transform="rotate(%s %s %s)">`, num(degrees), num(x), num(y))
	f()
	p.page.WriteString(`</g>`)
}

// move draws something shifted and scaled.
func (p *pen) move(x, y, scale float64, f func()) {
	fmt.Fprintf(&p.page, `<g transform="translate(%s %s) scale(%s)">`, num(x), num(y), num(scale))
	f()
	p.page.WriteString(`</g>`)
}

// mirror draws something and its image about the vertical x=120.
func (p *pen) mirror(f func()) {
	f()
	p.page.WriteString(`<g transform="matrix(-1 0 0 1 240 0)">`)
	f()
	p.page.WriteString(`</g>`)
}

// screen is a switched-on display with an abstract picture.
func (p *pen) screen(x, y, w, h, r float64) {
	sky := choose(p, "#27364f", "#20404a", "#3a2d4d", "#2b3a2f")
	sun := choose(p, "#f0b35a", "#e98a72", "#8fd0c4", "#f2d27a")
	hill := choose(p, "#4d7ea8", "#3f8f86", "#7d5fa5", "#6f9a58")
	p.box(x, y, w, h, r, sky)
	p.dot(x+w*choose(p, 0.7, 0.3, 0.5), y+h*0.36, math.Min(w, h)*0.15, sun)
	p.shape(fmt.Sprintf("M%s %sQ%s %s %s %sT%s %sV%sQ%s %s %s %sH%sQ%s %s %s %sZ",
		num(x), num(y+h*0.72), num(x+w*0.25), num(y+h*0.4), num(x+w*0.5), num(y+h*0.7), num(x+w), num(y+h*0.6),
		num(y+h-r), num(x+w), num(y+h), num(x+w-r), num(y+h), num(x+r), num(x), num(y+h), num(x), num(y+h-r)), hill)
}

// pouch is a standing bag with a round emblem on it.
func (p *pen) pouch(fill, emblem string) {
	p.ground(206, 62)
	p.shape("M66 48H174L180 196Q180 204 172 204H68Q60 204 60 196Z", fill)
	p.shape("M66 48H174L175 62H65Z", p.dd)
	p.shadow("M150 62H175L180 196Q180 204 172 204H150Q160 130 150 62Z")
	p.shine("M74 70H84Q78 130 80 190H72Q68 130 74 70Z")
	p.dot(120, 132, 36, emblem)
}

// bean is a coffee bean, an oval with a seam.
func (p *pen) bean(x, y, r, degrees float64, fill string) {
	p.turn(degrees, x, y, func() {
		p.oval(x, y, r, r*0.68, fill)
		p.line(fmt.Sprintf("M%s %sq%s %s %s 0t%s 0", num(x-r*0.9), num(y), num(r*0.45), num(-r*0.35), num(r*0.9), num(r*0.9)), "#00000055", r*0.16)
	})
}

// sprig is a leaf on its stalk.
func (p *pen) sprig(x, y, size, degrees float64, fill string) {
	p.turn(degrees, x, y, func() {
		p.shape(fmt.Sprintf("M%s %sq%s %s 0 %sq%s %s 0 %sZ", num(x), num(y), num(size*0.55), num(-size*0.5), num(-size), num(-size*0.55), num(size*0.5), num(size)), fill)
		p.line(fmt.Sprintf("M%s %sv%s", num(x), num(y+size*0.1), num(-size*0.8)), "#ffffff66", size*0.06)
	})
}

// drawParcel stands for everything without a drawing.
func drawParcel(p *pen) {
	p.ground(202, 78)
	p.shape("M48 88L120 56L192 88V170L120 204L48 170Z", body)
	p.shape("M120 122L192 88V170L120 204Z", p.d)
	p.shape("M48 88L120 56L192 88L120 122Z", p.l)
	p.shape("M82 72L156 104V130L142 136V111L68 79Z", p.al)
}

// num writes a coordinate with at most one decimal.
func num(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

// hexOr is s if it is #rrggbb, else the other colour.
func hexOr(s, other string) string {
	if _, _, _, ok := rgb(s); ok {
		return s
	}
	return other
}

func rgb(hex string) (r, g, b float64, ok bool) {
	if len(hex) != 7 || hex[0] != '#' {
		return 0, 0, 0, false
	}
	n, err := strconv.ParseUint(hex[1:], 16, 32)
	return float64(n >> 16), float64(n >> 8 & 255), float64(n & 255), err == nil
}

// mix goes from one colour the given part of the way to another.
func mix(from, to string, part float64) string {
	r1, g1, b1, _ := rgb(from)
	r2, g2, b2, _ := rgb(to)
	step := func(x, y float64) int { return int(math.Round(x + (y-x)*part)) }
	return fmt.Sprintf("#%02x%02x%02x", step(r1, r2), step(g1, g2), step(b1, b2))
}

func pale(hex string) bool { return lightness(hex) > 0.78 }

// lightness is the perceived lightness from 0 to 1.
func lightness(hex string) float64 {
	r, g, b, _ := rgb(hex)
	return (0.299*r + 0.587*g + 0.114*b) / 255
}
