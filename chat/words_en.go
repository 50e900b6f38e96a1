package chat

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"daogou/catalog"
	"daogou/catalog/units"
)

// fewUnits is how many units on hand are worth a warning.
const fewUnits = 5

var english = vocabulary{
	comma: ", ", and: " and ", or: " or ", join: " ",
	yesNo: func(b bool) string {
		if b {
			return "yes"
		}
		return "no"
	},
	not: func(s string) string { return "not " + s },
	flag: func(label string, on bool) string {
		if on {
			return label
		}
		return "not " + inline(label)
	},
	stock: func(in bool, left int64) string {
		switch {
		case !in:
			return "out of stock"
		case left > 0 && left <= fewUnits:
			return fmt.Sprintf("in stock, only %d left", left)
		}
		return "in stock"
	},
	rating: func(avg string, n int64) string {
		switch {
		case n <= 0:
			return avg + "/5"
		case n == 1:
			return avg + "/5 from 1 review"
		}
		return fmt.Sprintf("%s/5 from %s reviews", avg, grouped(strconv.FormatInt(n, 10)))
	},
	stars:    func(s string) string { return s + " stars" },
	quantity: englishQuantity,
	span:     func(lo, hi string) string { return withoutUnit(lo, hi) + "–" + hi },
	named:    englishNamed,
	atMost:   func(name, amount string) string { return englishNamed(name, "up to "+amount) },
	atLeast: func(name, amount string) string {
		if name == "" {
			return amount + " or more"
		}
		return name + " at least " + amount
	},
	matches: func(n int) string {
		switch n {
		case 0:
			return "nothing"
		case 1:
			return "1 match"
		}
		return grouped(strconv.Itoa(n)) + " matches"
	},
	products: func(n int) string {
		if n == 1 {
			return "1 item"
		}
		return strconv.Itoa(n) + " items"
	},
	country:   func(iso string) string { return regionName(display.English.Regions(), iso) },
	currency:  map[string]string{"USD": "US dollars", "EUR": "euros", "GBP": "pounds", "CNY": "yuan", "JPY": "yen", "CHF": "Swiss francs", "CAD": "Canadian dollars", "AUD": "Australian dollars", "HKD": "Hong Kong dollars", "KRW": "won", "INR": "rupees"},
	shipsFrom: func(s string) string { return "ships from " + s },
	reason:    englishReason,
	askFor:    englishAsk,
	answer:    englishAnswer,
	splits:    func(from, to int) string { return fmt.Sprintf("splits %d into about %d", from, to) },
	columns: map[string]string{
		colTitle: "Name", colBrand: "Brand", colPrice: "Price", colWas: "Price before", colStock: "Stock", colRating: "Rating",
		catalog.FacetInStock: "In stock", catalog.FacetOnSale: "On sale", catalog.FacetShipsFrom: "Ships from", catalog.FacetCategory: "Kind",
	},
	button: map[string]string{
		"more": "Show more", "person": "Talk to a person", "checkout": "Go to checkout", "add": "Add to basket", "compare": "Compare these",
		"reset": "Start over", "drop": "Without “%s”", "with": "With %s instead", "sold_out": " (sold out)", "cart": "View basket",
	},
	phrases: map[string][]string{
		"greet": {
			"Hello! What are you looking for today?",
			"Hi there! Tell me what you need and I'll look through the shop for you.",
			"Welcome! Describe what you're after, in your own words.",
		},
		"greet.again": {
			"What would you like me to look for?",
			"Tell me what you're after and I'll look.",
			"Sure – what do you need?",
		},
		"corrected": {
			"I read “{c*.from}” as “{c*.to}”.",
			"I took “{c*.from}” to mean “{c*.to}”.",
		},
		"corrected.two": {
			"I read “{c*.from}” as “{c*.to}” and “{c#.from}” as “{c#.to}”.",
			"I took “{c*.from}” to mean “{c*.to}”, and “{c#.from}” to mean “{c#.to}”.",
		},
		"show": {
			"I found {n.found} for {need}.",
			"There are {n.found} for {need}.",
			"For {need} I have {n.found}.",
			"I found {n.found}.",
			"There are {n.found}.",
		},
		"show.wide": {
			"Gladly – a question or two, and I'll narrow it down.",
			"Let's find something that fits.",
		},
		"show.one": {
			"Exactly one fits: here it is.",
			"There is a single match.",
		},
		"show.changed": {
			"With {changed}, that makes {n.found}.",
			"Noted: {changed}. That gives {n.found}.",
			"Taking {changed} into account, I have {n.found}.",
		},
		"show.negated": {
			"Noted: {changed}. That leaves {n.found}.",
			"All right, {changed}: {n.found}.",
		},
		"show.wish": {
			"Noted – {changed} comes first where I have it, among {n.found}.",
			"I'll put {changed} first; there are {n.found} in all.",
		},
		"show.dropped": {
			"Leaving {dropped} open, I have {n.found}.",
			"Any {dropped}, then: {n.found}.",
		},
		"show.more": {
			"Here are some more.",
			"More in the same vein:",
			"The next ones on my list:",
		},
		"show.no_more": {
			"That was everything that fits.",
			"I have no others that fit.",
		},
		"show.rejected": {
			"All right, none of those. Here are different ones.",
			"Fair enough – let me try others.",
		},
		"show.back": {
			"Back to {need}: {n.found}.",
			"Right, {need} again – {n.found}.",
		},
		"best": {
			"I'd look at {p1.title} first, at {p1.price}: {p1.why1}; {p1.why2}.",
			"{p1.title} at {p1.price} comes first: {p1.why1}; {p1.why2}.",
			"My favourite here is {p1.title} at {p1.price}: {p1.why1}; {p1.why2}.",
			"{p1.title} at {p1.price} comes first: {p1.why1}.",
			"My first pick is {p1.title} at {p1.price}: {p1.why1}.",
			"{p1.title} at {p1.price} is at the top.",
			"At the top: {p1.title}, {p1.price}.",
			"{p1.title} is at the top.",
		},
		"best.sold_out": {
			"{p1.title} would fit at {p1.price}, but {p1.off}.",
			"There is {p1.title} at {p1.price}, only {p1.off}.",
		},
		"best.off": {
			"One thing to know: {p1.off}.",
			"The catch: {p1.off}.",
			"To be fair: {p1.off}.",
		},
		"unmet": {
			"None of these offers {u*.label}, though.",
			"I could not find {u*.label} among them.",
		},
		"question": {
			"{q.text} ({q.why})",
			"{q.text}",
		},
		"compare": {
			"Here they are side by side.",
			"Side by side, with what differs on top:",
			"Let's hold them against each other.",
		},
		"compare.price":   {"{low.title} is the cheapest at {low.price}.", "On price, {low.title} wins at {low.price}."},
		"compare.rating":  {"{top.title} is rated best: {top.rating}.", "Buyers like {top.title} most: {top.rating}."},
		"compare.differs": {"They differ mainly in {differs}.", "The main differences: {differs}."},
		"answer":          {"{p*.title}: {p*.a#}.", "On {p*.title}: {p*.a#}."},
		"answer.also":     {"Also: {p*.a#}.", "Besides: {p*.a#}."},
		"unanswered": {
			"The listing for {p*.title} does not mention {m#.label}, so I won't guess.",
			"I can't tell you about {m#.label}: the listing for {p*.title} is silent on it.",
		},
		"detail": {
			"{p1.title} costs {p1.price} and is {p1.stock}.",
			"{p1.title}: {p1.price}, {p1.stock}.",
			"{p1.title} is {p1.stock}.",
		},
		"detail.rating": {"Buyers rate it {p1.rating}.", "Its rating is {p1.rating}."},
		"detail.why":    {"What speaks for it: {p1.why1}; {p1.why2}.", "What speaks for it: {p1.why1}."},
		"detail.off":    {"What speaks against it: {p1.off}.", "On the other hand: {p1.off}."},
		"relax": {
			"Nothing meets all of that at once.",
			"No product fits everything together.",
		},
		"relax.nearest":       {"The nearest is {p1.title} at {p1.price}.", "Closest to it: {p1.title}, {p1.price}."},
		"unread":              {"The catalogue says nothing about {unread}, so I left that out.", "I couldn't check {unread}: no product here mentions it."},
		"relax.drop":          {"Without “{r*.drop}”: {r*.found}.", "Letting go of “{r*.drop}” gives {r*.found}."},
		"relax.set":           {"With {r*.set} instead: {r*.found}.", "If it may be {r*.set}: {r*.found}."},
		"relax.both":          {"Without “{r*.drop}” and with {r*.set}: {r*.found}."},
		"not_carried":         {"I'm afraid we don't sell {need}.", "{need} – that is not in our range, sorry.", "We don't carry that, I'm afraid."},
		"not_carried.nearest": {"The nearest thing I have is {p1.title} at {p1.price}.", "Closest to it is {p1.title}, {p1.price}.", "The nearest thing I have is {p1.title}."},
		"which":               {"Which of these do you mean by “{ref}”?", "I'm not sure which one “{ref}” is – could you tap it?", "Which of these do you mean?", "I'm not sure which one you mean – could you tap it?"},
		"which.nothing":       {"There is nothing on the table yet. What should I look for?", "I haven't shown you anything yet – what are you after?"},
		"which.variant":       {"Which {q.label} should it be for {p1.title}?", "{p1.title} comes in more than one {q.label}. Which would you like?", "{p1.title} comes in several versions. Which one would you like?"},
		"cart":                {"Your basket: {cart.count}, {cart.total} in all.", "That makes {cart.count} in your basket, {cart.total} together.", "Your basket holds {cart.count}."},
		"cart.empty":          {"Your basket is empty.", "There is nothing in your basket."},
		"note.added":          {"Done – {p1.title} is in your basket.", "I've put {p1.title} in your basket."},
		"note.added_all":      {"Done – they are in your basket.", "All of them are in your basket now."},
		"note.removed":        {"I've taken {p1.title} out.", "{p1.title} is out of the basket."},
		"note.quantity":       {"{p1.title}: {cart.qty} now.", "I've changed {p1.title} to {cart.qty}."},
		"note.out_of_stock":   {"{p1.title} is {p1.stock}, so I have not put it in the basket.", "I can't add {p1.title}: it is {p1.stock}."},
		"note.too_many":       {"There are not that many of {p1.title}; it is {p1.stock}.", "I can't add that many of {p1.title}."},
		"note.cart_full":      {"The basket is full; please take something out first."},
		"note.not_in_cart":    {"That is not in your basket."},
		"note.stale":          {"Those have changed in the meantime, so I would rather not quote them. Shall I look again?"},
		"note.bad_tap":        {"That button no longer works; please tell me in words, or pick another.", "I can't do anything with that button any more. Could you say it in words?"},
		"checkout":            {"That is {cart.count} for {cart.total}. The button takes you to the checkout.", "{cart.count}, {cart.total} in all – the button takes you to the checkout.", "The button takes you to the checkout."},
		"policy":              {"In the shop's own words: “{policy.answer}”", "The shop puts it like this: “{policy.answer}”"},
		"policy.none":         {"The shop has no written answer to that, and I won't make one up.", "I have found nothing by the shop on that."},
		"order":               {"I can't look into orders from here, but a person can.", "Orders and returns need a person's eye."},
		"handover":            {"I'm calling a person from the shop; they can read what we said, so you needn't repeat it.", "Of course – I'm passing you to a person. They'll see our talk."},
		"thank":               {"You're welcome!", "My pleasure.", "Glad to help."},
		"declined":            {"All right.", "No problem.", "Fine, we'll leave it."},
		"bye":                 {"Goodbye – come back any time.", "Bye! It was nice talking to you.", "See you soon."},
		"reset":               {"Clean slate. What are you looking for?", "Let's start over. What do you need?"},
		"out_of_scope":        {"I'm a program, not a person, and I only know this shop. Is there something I can find for you?", "I'm this shop's automatic assistant: what I know is its products. What are you looking for?"},
		"unclear":             {"Sorry, I didn't get that. What are you looking for?", "I'm not sure what you mean. Could you say it another way?"},
		"offer.add":           {"Shall I put it in your basket?", "Would you like it in your basket?"},
		"later":               {"I'll come to {later} after that.", "We'll look at {later} after that."},
		"offer.next":          {"You also wanted {next} – shall we look at those now?", "Shall we go on to {next} now?"},
		"offer.person":        {"Shall I get a person for you?", "Would you like a person to look at it?"},
		"destination":         {"I'll keep delivery to {country} in mind; the prices here are without shipping and import charges.", "Noted: delivery to {country}. Shipping and import charges come on top of these prices."},
		"currency":            {"The shop's prices are in {currency.own}; I convert your budget from {currency.budget} at a reference rate.", "I turn your {currency.budget} into {currency.own} at a reference rate, so near the edge it may be off a little.", "Prices in this shop are in {currency.own}, not {currency.asked}.", "Mind that the prices here are in {currency.own} rather than {currency.asked}."},
	},
}

func englishNamed(name, amount string) string { return strings.TrimPrefix(name+" "+amount, " ") }

// grouped puts commas between thousands.
func grouped(s string) string {
	whole, frac, dot := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		return whole + "." + frac
	}
	return whole
}

// withoutUnit drops the unit of the lower end of a span if the upper end has the same: "24" of "24 L" before "34 L".
func withoutUnit(lo, hi string) string {
	cut := func(s string) (string, string) {
		i := strings.LastIndexAny(s, "0123456789") + 1
		return s[:i], s[i:]
	}
	n, unit := cut(lo)
	if _, other := cut(hi); unit == other && n != "" {
		return n
	}
	return lo
}

func regionName(n display.Namer, iso string) string {
	r, err := language.ParseRegion(iso)
	if err != nil {
		return ""
	}
	return n.Name(r)
}

// larger says from which number on a quantity reads better in a larger unit.
var larger = map[string]struct {
	from float64
	unit string
}{
	"g": {1000, "kg"}, "ml": {1000, "l"}, "mm": {1000, "m"}, "cm": {300, "m"}, "GB": {1000, "TB"}, "MB": {1000, "GB"}, "MHz": {1000, "GHz"},
	"Hz": {10000, "kHz"}, "month": {24, "year"}, "h": {72, "day"}, "Mbps": {1000, "Gbps"},
}

// readable brings a quantity to the unit in which a person would say it: 2000 g is 2 kg, 0.5 h is 30 min, 36 months are 3 years.
func readable(v float64, unit string) (float64, string) {
	if l, ok := larger[unit]; ok && v >= l.from {
		w, err := units.Convert(v, unit, l.unit)
		if err == nil && (w == float64(int64(w)) || unit != "month" && unit != "h") {
			return w, l.unit
		}
	}
	if unit == "mmH2O" {
		return v, "mm" // how clothes and tents are labelled
	}
	if unit == "h" && v > 0 && v < 1 {
		return v * 60, "min"
	}
	if unit == "l" && v > 0 && v < 1 {
		return v * 1000, "ml"
	}
	return v, unit
}

// wordUnits are units that English writes as words.
var wordUnits = map[string][2]string{
	"month": {"month", "months"}, "year": {"year", "years"}, "day": {"day", "days"}, "piece": {"piece", "pieces"}, "cup": {"cup", "cups"},
	"person": {"person", "people"}, "in": {"inch", "inches"}, "ft": {"foot", "feet"},
}

func englishQuantity(f *catalog.Facet, v float64) string {
	v, unit := readable(v, f.Unit)
	n := grouped(formatFloat(v, 2))
	switch {
	case unit == "":
		return n
	case unit == "%":
		return n + "%"
	}
	if name := strings.ToLower(f.Label["en"]); unit == "piece" && strings.HasSuffix(name, "s") && !strings.Contains(name, "piece") {
		return n // "pockets 2": the name says what is counted
	}
	if w, ok := wordUnits[unit]; ok {
		if v == 1 {
			return n + " " + w[0]
		}
		return n + " " + w[1]
	}
	if u, ok := units.Lookup(unit); ok && u.Label["en"] != "" {
		unit = u.Label["en"]
	}
	return n + " " + unit
}

// englishReason is a clause: it has to stand on a card and after a colon.
func englishReason(kind, label, value, want string) string {
	l := inline(label)
	switch kind {
	case whyMeets:
		return l + " " + value + ", as you asked"
	case whyMeets + ".price":
		return "within your budget (" + want + ")"
	case whyMeets + ".sale":
		return "reduced from " + value
	case whyMeets + ".rating":
		return "rated " + value
	case whyMeets + ".not":
		return l + " " + value + ", so " + want
	case whyMeets + ".bool", whyMeets + ".value":
		return want + ", as you asked"
	case offMisses, offMisses + ".value":
		return l + " " + value + ", while you asked for " + want
	case offMisses + ".price":
		return value + " is outside your budget (" + want + ")"
	case offMisses + ".sale":
		return "it is not on sale"
	case offMisses + ".rating":
		return "rated only " + value
	case offMisses + ".not":
		return l + " is " + value + ", which you wanted to avoid"
	case offMisses + ".bool":
		return l + ": " + value + ", unlike what you asked for"
	case whyCheapest:
		return "the cheapest of these"
	case whyBestRated:
		return "the best rated of these, " + value
	case whySale:
		return "reduced from " + value
	case whyBest:
		return l + " " + value + ", the best of these"
	case offNoStock:
		return "it is out of stock right now"
	case offLast:
		return value
	case offDearest:
		return "the dearest of these"
	case offWorst:
		return l + " " + value + ", the weakest of these on that"
	case offLacks:
		return "no “" + l + "”, unlike others here"
	case offDearer:
		return want + " dearer than the cheapest of these"
	case offLowRated:
		return "the lowest rated of these, " + value
	case offUnrated:
		return "nobody has reviewed it yet"
	}
	if strings.HasPrefix(kind, offUnknown) {
		return "the listing does not mention " + l
	}
	return ""
}

// englishAsk is a question for a facet whose catalogue has no question of its own.
func englishAsk(facet string, kind catalog.Kind, label string) string {
	switch facet {
	case catalog.FacetPrice:
		return "What would you like to spend?"
	case catalog.FacetBrand:
		return "Do you have a brand in mind?"
	case catalog.FacetCategory:
		return "Which kind are you after?"
	}
	switch kind {
	case catalog.KindBool:
		return "Is “" + inline(label) + "” a must for you?"
	case catalog.KindNumber:
		return "What " + inline(label) + " do you need?"
	}
	return "Any preference for " + inline(label) + "?"
}

// englishAnswer is a clause that answers a question about an item, to stand after its title and a colon.
func englishAnswer(facet string, kind catalog.Kind, label, value string, yes bool) string {
	switch facet {
	case colPrice:
		return "it costs " + value
	case colStock, catalog.FacetInStock:
		return "it is " + value
	case colRating:
		return "rated " + value
	}
	if kind != catalog.KindBool {
		return inline(label) + " " + value
	}
	if yes {
		return "yes, it is listed as “" + inline(label) + "”"
	}
	return "no, it is listed as not “" + inline(label) + "”"
}
