package units

import "testing"

func TestConvertShoe(t *testing.T) {
	for _, c := range []struct {
		size     float64
		from, to string
		who      ShoeFor
		want     float64
		ok       bool
	}{
		{9, ShoeUS, ShoeEU, ShoeMen, 42, true},
		{10, ShoeUS, ShoeEU, ShoeMen, 43, true},
		{8, ShoeUS, ShoeEU, ShoeMen, 40.5, true},
		{8, ShoeUS, ShoeEU, ShoeWomen, 39.5, true},
		{5, ShoeUK, ShoeEU, ShoeWomen, 38, true},
		{8, ShoeUK, ShoeEU, ShoeMen, 42, true},
		{10, ShoeUK, ShoeEU, ShoeKids, 28, true},
		{42, ShoeEU, ShoeUK, ShoeMen, 8, true},
		{42, ShoeEU, ShoeUS, ShoeMen, 9, true},
		{38, ShoeEU, ShoeUS, ShoeWomen, 7, true},
		{42, ShoeEU, ShoeEU, ShoeMen, 42, true},
		{265, ShoeMM, ShoeEU, ShoeMen, 43, true},
		{38, ShoeEU, ShoeMM, ShoeWomen, 240, true},
		{9, "JP", ShoeEU, ShoeMen, 0, false},
		{9, ShoeUS, "JP", ShoeMen, 0, false},
		{900, ShoeUS, ShoeEU, ShoeMen, 0, false},
		{-30, ShoeUK, ShoeEU, ShoeMen, 0, false},
	} {
		if got, ok := ConvertShoe(c.size, c.from, c.to, c.who); got != c.want || ok != c.ok {
			t.Errorf("%v %s for %d in %s is %v %v, want %v %v", c.size, c.from, c.who, c.to, got, ok, c.want, c.ok)
		}
	}
}
