package catalog

import "context"

// calmUnknown halves the weight of unknown words beside the one that names the thing. They are mostly ways to say something that the
// catalogue says otherwise or not at all; the unknown name of a thing is another matter.
func (a *asked) calmUnknown() {
	for i := range a.groups {
		if g := &a.groups[i]; g.unknown && i != a.head {
			g.idf /= 2
		}
	}
}

// mend reads unknown words as known ones: two words written as one, one word written as two, a misspelling.
func (a *asked) mend(ctx context.Context, d *DB, s *snapshot) error {
	changed := false
	for i := 0; i < len(a.groups); i++ {
		g := &a.groups[i]
		if g.kind != plainWord || !isPlain(g.raw) {
			continue
		}
		if i+1 < len(a.groups) && a.groups[i+1].kind == plainWord && !a.groups[i+1].gap && len(g.raw)+len(a.groups[i+1].raw) <= longestWord {
			changed = a.tryJoin(ctx, d, i) || changed
			g = &a.groups[i]
		}
		if !g.unknown || len(g.raw) < 4 || lists().known[g.raw] {
			continue
		}
		sp := d.speller(ctx, s)
		if _, ok := sp.known[g.raw]; ok {
			continue
		}
		if l, r, ok := sp.split(g.raw); ok {
			a.corrected = append(a.corrected, Correction{g.raw, l + " " + r})
			g.alts = append(g.alts, alt{[]string{stem(l), stem(r)}, 0.9})
			g.corrected, changed = true, true
			continue
		}
		if to, ok := sp.correct(g.raw); ok {
			a.corrected = append(a.corrected, Correction{g.raw, to})
			t := stem(to)
			g.alts = append(g.alts, alt{[]string{t}, 0.9})
			for _, o := range lists().same[t] {
				g.alts = append(g.alts, alt{o, 0.9 * synonym})
			}
			g.corrected, changed = true, true
		}
	}
	if !changed {
		return nil
	}
	return a.weigh(ctx, d)
}

// tryJoin lets "blue tooth" be bluetooth: if the catalogue knows the joined word, either word may be it.
func (a *asked) tryJoin(ctx context.Context, d *DB, i int) bool {
	t := stem(a.groups[i].raw + a.groups[i+1].raw)
	st := &termStat{}
	if d.df(ctx, map[string]*termStat{t: st}) != nil || st.core == 0 {
		return false
	}
	for k := i; k <= i+1; k++ {
		a.groups[k].alts = append(a.groups[k].alts, alt{[]string{t}, 0.9})
	}
	return true
}
