package chat

import "strings"

// notices are the sentences that the session itself says. Everything about products is worded elsewhere, from facts.
type notices struct{ ai, sorry, person, askPerson string }

var noticesEN = notices{
	ai:     "You are talking to an AI assistant. It reads prices and stock from the shop's catalogue, and can be wrong. You can ask for a person at any time.",
	sorry:  "Sorry, I could not answer that just now. Please try again, or ask for a person.",
	person: "A person has been asked to join this chat.",

	askPerson: "Talk to a person",
}

var noticesZH = notices{
	ai:     "您正在与人工智能导购对话。价格和库存读自本店商品目录，回答仍可能有误。您随时可以要求转人工。",
	sorry:  "抱歉，刚才没能回答您。请再试一次，或要求转人工。",
	person: "已为您呼叫人工客服。",

	askPerson: "转人工",
}

func noticesFor(lang string) notices {
	if base, _, _ := strings.Cut(strings.ToLower(lang), "-"); base == "zh" {
		return noticesZH
	}
	return noticesEN
}
