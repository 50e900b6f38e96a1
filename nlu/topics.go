package nlu

import (
	"slices"
	"strings"
)

// Words of subjects that a shop has nothing to say about. A strong one is enough by itself, a weak one needs company or the form of a question.
const (
	strongTopics = `weather forecast climate raining snowing joke jokes riddle trivia poem essay homework translate translation timer reminder reminders remind calendar calendars
meeting meetings appointment appointments reservation reservations flight flights airline airlines airport hotel hotels airbnb uber lyft taxi cab visa passport vaccine vaccines vaccination shots timezone
mortgage loan loans 401k ira w2 paycheck payday salary income apr checking savings routing overdraft withdrawal deposit deposits transaction transactions fraud fraudulent bank banks banking chase fargo
pto vacation holiday holidays mpg mileage odometer traffic directions playlist song songs podcast spotify pandora president senator congress election politics religion philosophy homework exam
restaurant restaurants calories carbs nutrition nutritional carmelize expire insurance utility rent dmv dentist doctor hospital lottery horoscope zodiac bitcoin crypto stocks dow nasdaq
hobbies hobby sibling siblings birthplace creator programmed boss pronounce spelling definition define synonym plural conjugate spanish french german italian mandarin swahili hindi bus subway layover carryon luggage itinerary
todo chores agenda whisper accent coin heads tails dice die roll capital population continent planet universe galaxy quantum theorem equation alphabet nickname voicemail roommate`
	weakTopics = `alarm alarms recipe recipes account accounts balance card cards credit debit limit bill bills payment payments pay money transfer transfers check checks pin points rewards tax taxes spend spent spending owe due
car oil gas tire tires vehicle engine battery maintenance fuel drive driving travel trip tourist city country place location located distance miles far nearest closest home work
cook cooking bake boil make food meal dinner lunch breakfast eat ingredient ingredients substitute milk eggs fridge serving
call text message phone contact contacts dial email name named age old birthday language speak talking talk volume louder voice sync settings reset settings device bluetooth turn lights light thermostat
music play playing listen tune album artist radio movie movies game score team season player won win news today tomorrow yesterday tonight week month time date day hour
life meaning mean means word words say said spell story human robot ai computer alive real made live favorite think feel feeling happy know fact facts history science math calculate plus minus times divided square
schedule scheduled plan plans remember list lists wait busy open hours interest rate rates rollover health policy application apply applied approve approved declined freeze block unblock report lost stolen replace replacement activate expiration expires`
)

var topicWeight = func() map[string]int {
	m := map[string]int{}
	for _, w := range strings.Fields(weakTopics) {
		m[w] = 1
	}
	for _, w := range strings.Fields(strongTopics) {
		m[w] = 2
	}
	return m
}()

// offTopic weighs what a turn that no rule could place is about. It needs signs of another subject and none of goods.
func (w *work) offTopic() bool {
	if w.lang != "en" || w.turn.State.Asked != "" || w.speaksOfGoods() || len(w.r.toks) < 3 {
		return false
	}
	score, question := 0, w.opensQuestion()
	seen := map[string]bool{}
	for _, t := range w.r.toks {
		if k := topicWeight[t.text]; k > 0 && !seen[t.text] {
			score += k
			seen[t.text] = true
		}
	}
	if question {
		score += 2
	}
	if w.seeks() {
		score -= 3
	}
	for _, s := range w.segs {
		if s.kind == segLex && w.valueLike(&s) {
			score -= 1
		}
		if s.kind == segMeasure && (s.m.money() || s.m.bounded) {
			score -= 2
		}
	}
	if w.turn.State.hasNeed() {
		score--
	}
	return score >= 2
}

// seeks says whether a wish for a thing stands in the turn: "looking for", "i need a", but not "i need to".
func (w *work) seeks() bool {
	if slices.ContainsFunc(w.r.toks, func(t token) bool {
		return t.text == "something" || t.text == "smth" || t.text == "sth" || t.text == "cheap" || t.text == "buy" || t.text == "purchase" || t.text == "looking"
	}) {
		return true
	}
	for k := range w.segs {
		s := w.segs[k]
		if s.kind != segCue || s.cue != cueWant {
			continue
		}
		p, next := w.r.phrase(s.i, s.j), w.r.text1(s.j)
		switch p {
		case "looking for", "searching for", "shopping for", "in the market for", "do you sell", "do you carry", "do you stock", "do you have", "want to buy", "need to buy", "wanna buy", "have you got", "show me", "interested in", "hunting for", "got any":
			return true
		case "i need", "i want", "i would like", "id like", "find me", "get me", "ill need", "we need", "we want", "give me", "i prefer", "recommend", "suggest":
			if next != "to" && next != "you" && next != "my" && next != "help" && next != "directions" && next != "assistance" {
				return true
			}
		}
	}
	return false
}

// opensQuestion says whether the turn begins as a question or an order about the world at large.
func (w *work) opensQuestion() bool {
	first, second := w.r.text1(0), w.r.text1(1)
	if first == "hey" || first == "hi" || first == "please" || first == "ok" || first == "so" || first == "and" {
		first, second = second, w.r.text1(2)
	}
	switch first {
	case "who", "whom", "whose", "when", "why", "where", "whats", "whos", "wheres", "hows", "whens":
		return true
	case "what", "which":
		return second != "about" && second != "do"
	case "how":
		return second != "much" && second != "about"
	case "tell", "explain", "define", "calculate", "solve", "schedule", "remind", "set", "turn", "play", "call", "text", "book", "cancel", "reserve", "convert", "read", "sing", "say", "spell", "describe", "pay", "transfer", "block", "freeze", "report":
		return true
	case "is", "are", "am", "was", "were", "did", "does", "will", "should":
		return !slices.Contains([]string{"there", "you", "these", "those", "it", "this", "that"}, second)
	case "do", "can", "could", "would":
		return second == "i" || second == "you" && slices.Contains([]string{"tell", "explain", "call", "play", "set", "turn", "speak", "talk", "say", "change", "remember", "remind", "believe", "think", "like", "know", "cancel", "book", "schedule", "list", "add", "block", "text", "help", "put", "start", "stop", "read", "check", "transfer", "pay"}, w.r.text1(2))
	}
	return false
}
