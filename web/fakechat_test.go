package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"daogou/chat/wire"
)

// fakeChat is a server of the widget's protocol with one conversation, a journal in memory, and scripted answers. The test can cut the line, lose what is on the way
// and change the epoch.
type fakeChat struct {
	mu      sync.Mutex
	epoch   int
	journal []wire.Server
	seen    int64
	cart    map[string]int
	state   wire.State
	conns   map[*websocket.Conn]bool
	hellos  []wire.Client
	pages   []wire.Client
	frames  int  // say and tap frames that came in, resends too
	deaf    int  // so many say and tap frames get lost on the way in
	lossy   int  // so many get journaled, but the line breaks before anybody hears of it
	refuse  int  // close code for every new connection
	twice   bool // sends every frame twice
	typing  bool // leaves the answer at "typing"
}

func newFakeChat() *fakeChat {
	return &fakeChat{epoch: 1, cart: map[string]int{}, conns: map[*websocket.Conn]bool{}, state: wire.State{Keywords: []string{}, Constraints: []wire.Constraint{}}}
}

func (c *fakeChat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // a sandboxed page has the origin null
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	c.mu.Lock()
	code := c.refuse
	c.mu.Unlock()
	if code != 0 {
		ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
		return
	}
	for {
		_, data, err := ws.ReadMessage()
		if err != nil {
			c.mu.Lock()
			delete(c.conns, ws)
			c.mu.Unlock()
			return
		}
		in, err := wire.DecodeClient(data)
		if err != nil {
			ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(wire.CloseBadFrame, err.Error()), time.Now().Add(time.Second))
			return
		}
		c.mu.Lock()
		c.take(ws, in)
		c.mu.Unlock()
	}
}

func (c *fakeChat) take(ws *websocket.Conn, in wire.Client) {
	switch in.Kind {
	case wire.KindHello:
		c.hello(ws, in)
	case wire.KindPage:
		c.pages = append(c.pages, in)
	case wire.KindSay, wire.KindTap:
		c.input(ws, in)
	case wire.KindPing:
		c.write(ws, wire.Server{Kind: wire.KindPong})
	}
}

func (c *fakeChat) hello(ws *websocket.Conn, in wire.Client) {
	c.hellos = append(c.hellos, in)
	epoch := "e" + strconv.Itoa(c.epoch)
	resumed := in.Session == "s1" && in.Epoch == epoch && in.Seq <= int64(len(c.journal))
	after := in.Seq
	if !resumed {
		after = 0
	}
	c.conns[ws] = true
	c.write(ws, wire.Server{Kind: wire.KindWelcome, Session: "s1", Token: "secret", Epoch: epoch, Resumed: resumed, Last: int64(len(c.journal)), Seen: c.seen, PingS: 25, MaxText: wire.MaxText})
	for _, f := range c.journal[after:] {
		c.write(ws, f)
	}
}

func (c *fakeChat) input(ws *websocket.Conn, in wire.Client) {
	c.frames++
	if c.deaf > 0 {
		c.deaf--
		ws.Close()
		return
	}
	if in.ClientSeq <= c.seen {
		for _, f := range c.journal {
			if f.Turn == in.ClientSeq && f.Kind == wire.KindSaid && f.Text != in.Text {
				c.write(ws, wire.Server{Kind: wire.KindError, Code: wire.CodeTaken, Retry: true, Turn: in.ClientSeq, Seen: c.seen})
			}
		}
		return
	}
	if in.ClientSeq != c.seen+1 {
		c.write(ws, wire.Server{Kind: wire.KindError, Code: wire.CodeGap, Retry: true, Turn: in.ClientSeq, Seen: c.seen})
		return
	}
	c.seen = in.ClientSeq
	said := wire.Server{Kind: wire.KindSaid, Turn: in.ClientSeq, Text: in.Text}
	if in.Kind == wire.KindTap {
		said.Kind, said.Tap = wire.KindTapped, in.Tap
	}
	if c.lossy > 0 {
		c.lossy--
		for other := range c.conns {
			other.Close()
			delete(c.conns, other)
		}
	}
	c.append(said)
	c.all(wire.Server{Kind: wire.KindTyping, Turn: in.ClientSeq, Who: "assistant"})
	if c.typing {
		return
	}
	text, body := c.answer(in)
	for i, word := range strings.SplitAfter(text, " ") {
		if i > 3 {
			break
		}
		c.all(wire.Server{Kind: wire.KindDelta, Turn: in.ClientSeq, Text: word})
	}
	c.append(wire.Server{Kind: wire.KindReply, Turn: in.ClientSeq, Who: "assistant", Lang: lang(in.Text), Text: text, Reply: body})
	if in.Tap != nil && in.Tap.Do == wire.DoPerson {
		c.append(wire.Server{Kind: wire.KindHandover, Turn: in.ClientSeq})
	}
}

func lang(text string) string {
	for _, r := range text {
		if r >= 0x4e00 && r <= 0x9fff {
			return "zh"
		}
	}
	return "en"
}

// answer is the script of a small talk: a find asks for a season, a tap on a season shows fewer, add, remove, compare and checkout do what they say.
func (c *fakeChat) answer(in wire.Client) (string, *wire.Reply) {
	zh := lang(in.Text+tapLabel(in.Tap)) == "zh"
	l := "en"
	if zh {
		l = "zh"
	}
	state := func() *wire.State { s := c.state; return &s }
	switch {
	case in.Tap != nil && in.Tap.Do == wire.DoAdd:
		c.cart[in.Tap.Product] += max(in.Tap.Quantity, 1)
		return pick(l, "It is in your cart.", "已放入购物车。"), &wire.Reply{Plan: "cart", Cart: c.basket(l), State: state(), Actions: []wire.Action{{Label: pick(l, "Checkout", "去结算"), Tap: wire.Tap{Do: wire.DoCheckout}}}}
	case in.Tap != nil && (in.Tap.Do == wire.DoRemove || in.Tap.Do == wire.DoQuantity):
		c.cart[in.Tap.Product] = in.Tap.Quantity
		return pick(l, "Your cart has changed.", "购物车已更新。"), &wire.Reply{Plan: "cart", Cart: c.basket(l), State: state()}
	case in.Tap != nil && in.Tap.Do == wire.DoCheckout:
		return pick(l, "Here is your cart.", "这是您的购物车。"), &wire.Reply{Plan: "checkout", Cart: c.basket(l), State: state(), Actions: []wire.Action{{Label: pick(l, "To the checkout", "前往结算"), Link: "/cart", Tap: wire.Tap{Do: wire.DoCheckout}}}}
	case in.Tap != nil && in.Tap.Do == wire.DoCompare:
		return pick(l, "They differ in season, weight and price.", "它们在季节、重量和价格上不同。"), &wire.Reply{Plan: "compare", State: state(), Products: nil, Table: c.table(l)}
	case in.Tap != nil && in.Tap.Do == wire.DoDrop:
		kept := []wire.Constraint{}
		for _, x := range c.state.Constraints {
			if x.Facet != in.Tap.Facet {
				kept = append(kept, x)
			}
		}
		c.state.Constraints = kept
		return pick(l, "Fine, that no longer matters. 61 fit.", "好的，不再要求这一点，还有61件。"), &wire.Reply{Plan: "show", State: state(), Total: 61}
	case in.Tap != nil && in.Tap.Do == wire.DoSet:
		c.state.Constraints = append(c.state.Constraints, wire.Constraint{Facet: in.Tap.Facet, Op: "=", Value: in.Tap.Value, Hard: true, Label: in.Tap.Label})
		text, claims := claimed(pick(l, "The Ridgeline is ", "山脊帐篷售价"), pick(l, "$189.00", "US$189.00"), pick(l, " and stays dry in a storm.", "，暴雨中也能保持干燥。"))
		return text, &wire.Reply{Plan: "show", State: state(), Products: wireCards(l, "tent-ridge", "tent-skua", "mat-cairn"), Claims: claims, Total: 12,
			Actions: []wire.Action{{Label: pick(l, "Compare these", "对比一下"), Tap: wire.Tap{Do: wire.DoCompare, Products: []string{"tent-ridge", "tent-skua"}}}, {Label: pick(l, "Show more", "更多"), Count: 9, Tap: wire.Tap{Do: wire.DoMore}}}}
	case in.Tap != nil:
		return pick(l, "All right.", "好的。"), &wire.Reply{Plan: "show", State: state()}
	case strings.Contains(in.Text, "hostile"):
		return hostile, &wire.Reply{Plan: "show", State: &wire.State{Keywords: []string{hostile}, Constraints: []wire.Constraint{{Facet: "x", Op: "=", Value: json.RawMessage(`"y"`), Label: hostile}}},
			Products: []wire.Card{{ID: "lamp-hostile", Title: hostile, Price: hostile, Image: "javascript:document.title='owned'", Link: "javascript:document.title='owned'", InStock: true, Reasons: []string{hostile}, TradeOff: hostile}},
			Question: &wire.Question{Facet: "x", Text: hostile, Why: hostile, Options: []wire.Option{{Label: hostile, Count: 1, Tap: wire.Tap{Do: wire.DoSet, Facet: "x", Value: json.RawMessage(`1`)}}}},
			Actions:  []wire.Action{{Label: hostile, Link: "javascript:document.title='owned'"}}}
	case strings.Contains(in.Text, "tent") || strings.Contains(in.Text, "帐篷"):
		c.state.Keywords = []string{pick(l, "tent", "帐篷")}
		c.state.Constraints = []wire.Constraint{
			{Facet: "capacity", Op: "=", Value: json.RawMessage(`2`), Hard: true, Label: pick(l, "2 people", "2人")},
			{Facet: "price", Op: "<=", Value: json.RawMessage(`200`), Unit: "USD", Hard: true, Label: pick(l, "up to $200", "不超过200美元")},
			{Facet: "waterproof", Op: "=", Value: json.RawMessage(`true`), Label: pick(l, "Waterproof", "防水")},
		}
		text, claims := claimed(pick(l, "I found 61 tents for two under $200. The best rated, the Ridgeline, is ", "找到61款200美元以内的双人帐篷。评分最高的山脊售价"), pick(l, "$189.00", "US$189.00"), pick(l, ". When will you use it?", "。您打算在什么季节用？"))
		return text, &wire.Reply{Act: "find", Plan: "ask", State: state(), Products: wireCards(l, "tent-ridge", "tent-skua"), Claims: claims, Total: 61,
			Question: &wire.Question{Facet: "season", Text: pick(l, "When will you use it?", "您打算在什么季节用？"), Why: pick(l, "Season decides weight and warmth: it splits 61 into about 20.", "季节决定重量和保暖：61件可缩小到约20件。"), Options: []wire.Option{
				{Label: pick(l, "Summer", "夏季"), Count: 18, Tap: setSeason("summer")}, {Label: pick(l, "Spring to autumn", "春夏秋"), Count: 31, Tap: setSeason("three")}, {Label: pick(l, "All year", "四季"), Count: 12, Tap: setSeason("four")}}}}
	}
	return pick(l, "You said: ", "您说的是：") + in.Text, &wire.Reply{Plan: "unclear"}
}

func tapLabel(t *wire.Tap) string {
	if t == nil {
		return ""
	}
	return t.Label
}

func setSeason(v string) wire.Tap {
	return wire.Tap{Do: wire.DoSet, Facet: "season", Op: "=", Value: json.RawMessage(strconv.Quote(v))}
}

// claimed joins three pieces of text, all in the basic plane, and claims the middle one as a price.
func claimed(before, price, after string) (string, []wire.Claim) {
	start := len([]rune(before))
	return before + price + after, []wire.Claim{{Text: price, Start: start, End: start + len([]rune(price)), Product: "tent-ridge", Column: "price", Value: "18900 USD", Version: 3, Time: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}}
}

func wireCards(lang string, ids ...string) []wire.Card {
	var out []wire.Card
	for _, id := range ids {
		p, _ := findFake(id)
		c := p.card(lang)
		out = append(out, wire.Card{ID: id, Title: c.Title, Price: c.Price, Was: c.Was, Amount: &wire.Money{Minor: c.Minor, Currency: "USD"}, Image: c.Image, Link: ProductPath(id), InStock: c.InStock, Rating: c.Rating, Ratings: c.Ratings,
			Reasons: []string{pick(lang, "Sleeps 2", "可睡2人"), pick(lang, "Waterproof to 4,000 mm", "防水4000毫米")}, TradeOff: pick(lang, "1.9 kg: not the lightest", "1.9千克，不是最轻的")})
	}
	return out
}

func (c *fakeChat) table(l string) *wire.Table {
	return &wire.Table{Products: []string{"tent-ridge", "tent-skua"}, Rows: []wire.TableRow{
		{Facet: "price", Label: pick(l, "Price", "价格"), Cells: []string{"$189.00", "$199.00"}, Differs: true},
		{Facet: "season", Label: pick(l, "Season", "季节"), Cells: []string{pick(l, "3-season", "三季"), pick(l, "4-season", "四季")}, Differs: true},
		{Facet: "weight", Label: pick(l, "Weight", "重量"), Cells: []string{"1.9 kg", "2.6 kg"}, Differs: true},
		{Facet: "capacity", Label: pick(l, "Sleeps", "适用人数"), Cells: []string{"2", "2"}},
		{Facet: "waterproof", Label: pick(l, "Waterproof", "防水"), Cells: []string{pick(l, "Yes", "是"), pick(l, "Yes", "是")}},
	}}
}

func (c *fakeChat) basket(lang string) *wire.Cart {
	out := &wire.Cart{Lines: []wire.CartLine{}}
	var sum int64
	for _, p := range fakeProducts {
		n := c.cart[p.id]
		if n == 0 {
			continue
		}
		card := p.card(lang)
		out.Lines = append(out.Lines, wire.CartLine{Product: p.id, Title: card.Title, Quantity: n, Price: dollars(lang, p.minor*int64(n)), Image: card.Image})
		out.Count += n
		sum += p.minor * int64(n)
	}
	out.Total, out.Sum = dollars(lang, sum), &wire.Money{Minor: sum, Currency: "USD"}
	return out
}

// append journals a durable frame and sends it to everybody.
func (c *fakeChat) append(f wire.Server) {
	f.Seq = int64(len(c.journal)) + 1
	c.journal = append(c.journal, f)
	c.all(f)
}

func (c *fakeChat) all(f wire.Server) {
	for ws := range c.conns {
		c.write(ws, f)
		if c.twice {
			c.write(ws, f)
		}
	}
}

func (c *fakeChat) write(ws *websocket.Conn, f wire.Server) {
	f.V = wire.Version
	b, err := json.Marshal(f)
	if err != nil {
		panic(fmt.Sprintf("a test frame cannot be encoded: %v", err))
	}
	ws.WriteMessage(websocket.TextMessage, b)
}

// ---- what tests do to it

func (c *fakeChat) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
}

// cut breaks every line without a word. If refuse is not 0, new ones are closed with that code at once.
func (c *fakeChat) cut(refuse int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refuse = refuse
	for ws := range c.conns {
		ws.Close()
		delete(c.conns, ws)
	}
}

// said lists what the journal holds of the shopper's words.
func (c *fakeChat) said() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []string{}
	for _, f := range c.journal {
		if f.Kind == wire.KindSaid {
			out = append(out, f.Text)
		}
	}
	return out
}
