package units

import "math"

// Shoe size systems.
const (
	ShoeEU = "EU"
	ShoeUK = "UK"
	ShoeUS = "US"
	ShoeMM = "mm" // length of the foot, as Chinese sizes are marked
)

// ShoeFor is whose foot a shoe size is for: the American scale differs for women, the British and the American one begin anew for children.
type ShoeFor uint8

const (
	ShoeMen ShoeFor = iota // unisex sizes as well
	ShoeWomen
	ShoeKids
)

// What the systems count, from the definitions of their units: a European size is the length of the last in Paris points of 2/3 cm. A British one is that
// length in barleycorns of 1/3 inch, of which a child's size 0 has 12 and an adult's 25. American sizes are counted like British ones from a start that is a
// size (men, children) or two (women) lower. Makers deviate by half a size, so the answer is rounded to halves and is a guide, not a promise.
const (
	parisPoint  = 2.0 / 3
	barleycorn  = 2.54 / 3
	adultStart  = 25
	childStart  = 12
	usAhead     = 1
	usAheadHers = 2
)

// ConvertShoe turns a shoe size of one system into another, in halves. ok is false for an unknown system and for sizes that nobody wears.
func ConvertShoe(size float64, from, to string, who ShoeFor) (float64, bool) {
	last, ok := lastLength(size, from, who)
	if !ok || last < 10 || last > 36 {
		return 0, false
	}
	out := 0.0
	switch to {
	case ShoeEU:
		out = last / parisPoint
	case ShoeMM:
		return math.Round(last/parisPoint*5 + 50), true
	case ShoeUK, ShoeUS:
		out = last/barleycorn - start(to, who)
	default:
		return 0, false
	}
	return math.Round(out*2) / 2, true
}

// lastLength is the length of a shoe's last in cm.
func lastLength(size float64, system string, who ShoeFor) (float64, bool) {
	switch system {
	case ShoeEU:
		return size * parisPoint, true
	case ShoeMM:
		return (size - 50) / 5 * parisPoint, true // in China a foot of 265 mm has always been a 43
	case ShoeUK, ShoeUS:
		return (size + start(system, who)) * barleycorn, true
	}
	return 0, false
}

// start is how many barleycorns size 0 has.
func start(system string, who ShoeFor) float64 {
	from, ahead := float64(adultStart), 0.0
	if who == ShoeKids {
		from = childStart
	}
	if system == ShoeUS {
		if ahead = usAhead; who == ShoeWomen {
			ahead = usAheadHers
		}
	}
	return from - ahead
}
