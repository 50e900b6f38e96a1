package demo

// Policies is the demo shop's text on shipping, returns, warranty, payment, privacy, orders and contact, as the policy file that a shop would write.
func Policies() []byte {
	raw, err := tableFiles.ReadFile("tables/" + faqFile)
	if err != nil {
		panic("demo: " + err.Error()) // cannot happen: the file is embedded
	}
	return raw
}
