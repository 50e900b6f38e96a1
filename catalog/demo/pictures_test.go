package demo

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// usedPictures are the names of all drawings that the tables ask for.
func usedPictures(t *testing.T) map[string]bool {
	t.Helper()
	b, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, ty := range b.types {
		name := ty.ID
		if ty.Picture != "" {
			name = ty.Picture
		}
		used[name] = true
		for _, row := range ty.PictureBy {
			used[row.Picture] = true
		}
	}
	return used
}

func TestEveryTypeHasItsOwnDrawing(t *testing.T) {
	used := usedPictures(t)
	for name := range used {
		if !HasPicture(name) {
			t.Errorf("nobody has drawn %q", name)
		}
	}
	for name := range pictures {
		if !used[name] {
			t.Errorf("no product type asks for the drawing %q", name)
		}
	}
}

func TestNoDrawingIsDefinedTwice(t *testing.T) {
	seen := map[string]bool{}
	for _, set := range []pictureSet{electronicsPictures, computerPictures, kitchenPictures, homePictures, clothingPictures, shoesBagsPictures,
		outdoorPictures, sportsPictures, beautyPictures, toysBabyPictures, foodPictures, toolsGardenPictures} {
		for name := range set {
			if seen[name] {
				t.Errorf("%q is drawn in two verticals", name)
			}
			seen[name] = true
		}
	}
}

var (
	allowedElements   = []string{"svg", "defs", "linearGradient", "stop", "g", "rect", "circle", "ellipse", "path"}
	allowedAttributes = []string{"viewBox", "xmlns", "id", "x2", "y2", "offset", "stop-color", "fill", "opacity", "stroke", "stroke-width",
		"stroke-linecap", "stroke-linejoin", "stroke-dasharray", "transform", "d", "x", "y", "width", "height", "rx", "ry", "cx", "cy", "r"}
)

// checkSVG wants well-formed XML of a few kinds of shapes: no text, no script, nothing from elsewhere, nothing that is not a number.
func checkSVG(svg string) error {
	if !strings.HasPrefix(svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240">`) {
		return errors.New("does not begin as an SVG of 240 by 240")
	}
	if len(svg) > 3<<10 {
		return fmt.Errorf("%d bytes, at most 3 KB are allowed", len(svg))
	}
	for _, bad := range []string{"NaN", "Inf", "%!"} {
		if strings.Contains(svg, bad) {
			return fmt.Errorf("contains %s", bad)
		}
	}
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch x := token.(type) {
		case xml.StartElement:
			if !slices.Contains(allowedElements, x.Name.Local) {
				return fmt.Errorf("element %s", x.Name.Local)
			}
			for _, a := range x.Attr {
				if !slices.Contains(allowedAttributes, a.Name.Local) {
					return fmt.Errorf("attribute %s", a.Name.Local)
				}
				if strings.Contains(a.Value, "url(") && a.Value != body && a.Value != accent {
					return fmt.Errorf("reference %s", a.Value)
				}
				if a.Value == "" {
					return fmt.Errorf("empty %s of a %s", a.Name.Local, x.Name.Local)
				}
			}
		case xml.CharData:
			if strings.TrimSpace(string(x)) != "" {
				return fmt.Errorf("text %q", x)
			}
		case xml.Comment, xml.ProcInst, xml.Directive:
			return fmt.Errorf("%T", x)
		}
	}
}

var sampleStyles = []PictureStyle{
	{Colour: "#2f6fd0", Accent: "#c9803a"},
	{Colour: "#000000", Accent: "#ffffff"},
	{Colour: "#ffffff", Accent: "#000000"},
	{},
	{Colour: `red"/><script>`, Accent: "url(http://x)"},
}

func TestPicturesAreSmallSafeAndStable(t *testing.T) {
	for name := range pictures {
		for v := -1; v < 12; v++ {
			for _, s := range sampleStyles {
				s.Variant = v
				svg := Picture(name, s)
				if err := checkSVG(svg); err != nil {
					t.Errorf("%s %+v: %v", name, s, err)
				}
				if svg != Picture(name, s) {
					t.Errorf("%s %+v: a second drawing differs from the first", name, s)
				}
			}
		}
	}
}

// Neighbours in a grid must not look the same, and a variant in another colour must show it.
func TestPicturesDiffer(t *testing.T) {
	inner := func(name string, s PictureStyle) string {
		p := newPen(s)
		pictures[name](p)
		return p.page.String()
	}
	for name := range pictures {
		var details []string
		for v := range 6 {
			if d := inner(name, PictureStyle{Colour: "#2f6fd0", Accent: "#c9803a", Variant: v}); !slices.Contains(details, d) {
				details = append(details, d)
			}
		}
		if len(details) < 2 {
			t.Errorf("%s looks the same in every variant", name)
		}
		red := PictureStyle{Colour: "#cf3434", Accent: "#c9803a"}
		blue := PictureStyle{Colour: "#2f6fd0", Accent: "#c9803a"}
		if Picture(name, red) == Picture(name, blue) {
			t.Errorf("%s does not show its colour", name)
		}
	}
}

func TestAnUnknownNameGetsAParcel(t *testing.T) {
	svg := Picture("no such thing", PictureStyle{})
	if err := checkSVG(svg); err != nil {
		t.Fatal(err)
	}
	if HasPicture("no such thing") || svg == Picture("tent", PictureStyle{}) {
		t.Error("an unknown name must get the parcel")
	}
}

func FuzzPicture(f *testing.F) {
	f.Add("tent", "#2f6fd0", "#c9803a", 3)
	f.Add("mug", "#12", `"><script>`, -7)
	f.Add("", "#zzzzzz", "#ffffffff", 1<<40)
	f.Fuzz(func(t *testing.T, name, colour, accent string, variant int) {
		if err := checkSVG(Picture(name, PictureStyle{Colour: colour, Accent: accent, Variant: variant})); err != nil {
			t.Fatal(err)
		}
	})
}
