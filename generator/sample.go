package generator

import "slices"

// choose picks one of the logits, and gives its log-probability among them at temperature 1. It gives -1 if there are none.
func (g *generation) choose(logits []float32) (int, float64) {
	if len(logits) == 0 {
		return -1, 0
	}
	i := argmax(logits)
	logp := func(i int) float64 { return float64(logits[i]) - float64(g.e.k.LogSumExp(logits)) }
	if g.r.Temperature == 0 || len(logits) == 1 {
		return i, logp(i)
	}
	p := slices.Clone(logits)
	g.e.k.Softmax(p, float32(max(g.r.Temperature, 1e-3)))
	i = draw(p, g.r.TopP, g.random.Float64())
	return i, logp(i)
}

func argmax(x []float32) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}

// draw takes an index by probability, with top-p from the fewest that together have it. at is from [0, 1).
func draw(p []float32, topP, at float64) int {
	if topP == 0 || topP == 1 {
		return take(p, nil, 1, at)
	}
	// All that are less probable than (1-topP)/n have together less than 1-topP, so none of them is among the fewest.
	least, order := float32((1-topP)/float64(len(p))), []int(nil)
	for i, v := range p {
		if v >= least {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case p[i] > p[j]:
			return -1
		case p[i] < p[j]:
			return 1
		}
		return 0
	})
	sum := 0.0
	for n, i := range order {
		if sum += float64(p[i]); sum >= topP {
			order = order[:n+1]
			break
		}
	}
	return take(p, order, sum, at)
}

// take walks along the probabilities until their sum passes at times total.
func take(p []float32, order []int, total, at float64) int {
	n := len(order)
	if order == nil {
		n = len(p)
	}
	sum, last := 0.0, 0
	for k := range n {
		i := k
		if order != nil {
			i = order[k]
		}
		if p[i] == 0 {
			continue
		}
		last = i
		if sum += float64(p[i]); sum > at*total {
			return i
		}
	}
	return last
}
