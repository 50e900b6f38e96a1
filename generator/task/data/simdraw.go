package data

import (
	"math/rand/v2"
	"sync"

	"daogou/generator/task/shops"
	"daogou/nlu"
)

// Where simulated turns come from.
const (
	simShare   = 20  // of the parse examples, in percent
	mixedShare = 50  // of the simulated talks: those in shops made from parts of others
	demoShare  = 45  // of the rest: those in the demo shop, which has most trades
	mixedShops = 160 // shops made from parts, each made when it is first drawn and kept
)

// simPool keeps what simulation needs of shops.
type simPool struct {
	mixed sync.Map // int → func() *shops.Shop
	rules sync.Map // *shops.Shop → *nlu.Rules
}

// rulesOf are the rules for a shop. Each shop has its own: a parser keeps the compiled catalogues of the last few shops only.
func (s *Set) rulesOf(shop *shops.Shop) *nlu.Rules {
	if r, ok := s.sim.rules.Load(shop); ok {
		return r.(*nlu.Rules)
	}
	r, _ := s.sim.rules.LoadOrStore(shop, nlu.NewRules())
	return r.(*nlu.Rules)
}

// mixed is the k-th shop made from parts of the authored ones.
func (s *Set) mixed(k int) *shops.Shop {
	f, ok := s.sim.mixed.Load(k)
	if !ok {
		f, _ = s.sim.mixed.LoadOrStore(k, sync.OnceValue(func() *shops.Shop {
			return randomShop(rand.New(rand.NewPCG(s.opts.Seed, uint64(k)|1<<48)), s.shops, s.opts.Without)
		}))
	}
	return f.(func() *shops.Shop)()
}

// simulates says whether the set draws simulated turns: not for validation, which is hand-written turns alone.
func (s *Set) simulates() bool { return !s.opts.NoSimulated && !s.opts.Valid }

// simulated draws one turn of a simulated talk.
func (s *Set) simulated(rng *rand.Rand) (Turn, bool) {
	shop := s.shops[0]
	switch {
	case rng.IntN(100) < mixedShare:
		shop = s.mixed(rng.IntN(mixedShops))
	case rng.IntN(100) >= demoShare:
		shop = s.shops[rng.IntN(len(s.shops))]
	}
	talk := simulate(rng, shop, []string{"en", "zh"}[rng.IntN(2)], s.opts.Without)
	if len(talk) == 0 {
		return Turn{}, false
	}
	return talk[rng.IntN(len(talk))], true
}
