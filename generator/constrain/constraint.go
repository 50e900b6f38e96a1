// Package constrain says which tokens may come next: grammars over tokens, compiled to automata before anything is generated.
//
// A Rule describes a set of token sequences. Compile turns it into a Grammar, which is immutable and shared; Start begins a Cursor, which follows one sequence.
//
//	brand := constrain.Trie("brand", brandTokens)
//	rule := constrain.Seq(constrain.Tokens(open), constrain.Named("brands", constrain.Repeat(brand, 1, 3)), constrain.Tokens(close))
//	grammar, err := constrain.Compile(rule, vocabularySize)
//	cursor := grammar.Start()
//	allowed, all := cursor.Allowed(nil)
//
// Rules are regular: they nest, but no rule contains itself. From every state that a cursor can reach, an end can be reached; Compile refuses a grammar for which this
// does not hold and names the rule. Ambiguity is allowed: a cursor follows all readings at once, and of several that end alike the one written first counts.
//
// This is not for text: a rule sees tokens only, so what a word is in tokens must be settled before.
package constrain

// Constraint is what generation asks. Cursor implements it; so may anything else.
type Constraint interface {
	// Allowed appends the tokens that may come next to dst, ascending and without repetition, or says that all may. The result is only to be read.
	Allowed(dst []int32) (tokens []int32, all bool)
	// Accept goes on by a token. An error leaves the constraint where it was.
	Accept(token int32) error
	// Done says that the sequence may end here.
	Done() bool
	// Clone is a copy that goes its own way, for another continuation of the same beginning.
	Clone() Constraint
}
