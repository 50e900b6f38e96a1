package nlu

// Terms are a text's words for comparing it with other texts: folded stems, and of Chinese each ideograph and each two in a row. Words that carry nothing are left out.
func Terms(text string) []string {
	var out []string
	toks := tokenise(text)
	for i, t := range toks {
		switch t.kind {
		case tokWord:
			if len(t.text) > 1 && !book().stopword[t.text] {
				out = append(out, t.stem)
			}
		case tokHan:
			if i > 0 && toks[i-1].kind == tokHan && toks[i-1].end == t.start {
				out = append(out, toks[i-1].text+t.text)
			}
		}
	}
	return out
}
