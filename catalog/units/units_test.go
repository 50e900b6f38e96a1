package units

import (
	"math"
	"testing"
)

func TestFind(t *testing.T) {
	for _, c := range []struct {
		text string
		to   string
		want []float64
	}{
		{"a 17 inch notebook", "cm", []float64{43.18}},
		{`17" screen`, "cm", []float64{43.18}},
		{"2TB drive", "GB", []float64{2000}},
		{"20000mAh power bank", "mAh", []float64{20000}},
		{"20,000 mAh", "mAh", []float64{20000}},
		{"三斤 2斤", "g", []float64{1000}},
		{"１．５升的水壶", "l", []float64{1.5}},
		{"500-ml bottle", "ml", []float64{500}},
		{"3 m cable", "m", []float64{3}},
		{"3 men", "m", nil},
		{"room for 4 people", "person", []float64{4}},
		{"35°C or 95 °F", "°C", []float64{35, 35}},
		{"0.5kg", "g", []float64{500}},
		{"", "g", nil},
		{"\xff\xfe9\xff", "g", nil},
	} {
		qs := Find(c.text)
		if len(qs) != len(c.want) {
			t.Errorf("Find(%q) = %v, want %v", c.text, qs, c.want)
			continue
		}
		for i, q := range qs {
			v, err := q.In(c.to)
			if err != nil || math.Abs(v-c.want[i]) > 1e-6 {
				t.Errorf("Find(%q)[%d] = %v %v, want %v %s", c.text, i, v, err, c.want[i], c.to)
			}
		}
	}
}

func TestConvertRefusesOtherDimensions(t *testing.T) {
	if _, err := Convert(1, "cm", "kg"); err == nil {
		t.Fatal("cm converted to kg")
	}
	if _, err := Convert(1, "parsec", "cm"); err == nil {
		t.Fatal("unknown unit accepted")
	}
}

func TestEveryDimensionHasACanonicalUnit(t *testing.T) {
	for i := range table {
		if _, ok := Canonical(table[i].Name); !ok || canonical[table[i].Dim] == nil {
			t.Errorf("%s: dimension %s has no canonical unit", table[i].Name, table[i].Dim)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("17\" 2TB １．５升")
	f.Fuzz(func(t *testing.T, s string) {
		for _, q := range Find(s) {
			if q.Start < 0 || q.End > len(s) || q.Start >= q.End {
				t.Fatalf("span [%d,%d) of %q", q.Start, q.End, s)
			}
		}
	})
}
