package chat

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"daogou/chat/wire"
)

// metrics are the hub's counters since it was made.
type metrics struct {
	opened, slow, resumed, framesIn, framesOut, turns, turnMicros atomic.Int64

	buckets [len(turnBuckets)]atomic.Int64
	closed  labelled
	errors  labelled
	parsers labelled
	words   labelled
}

// turnBuckets are upper bounds of a turn's time.
var turnBuckets = [...]time.Duration{10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2500 * time.Millisecond, 5 * time.Second, 20 * time.Second}

// labelled counts by a label. The number of labels is bounded, whatever the labels are made of.
type labelled struct {
	mu     sync.Mutex
	counts map[string]int64
}

const maxLabels = 64

func (l *labelled) add(label string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts == nil {
		l.counts = map[string]int64{}
	}
	if _, ok := l.counts[label]; !ok && len(l.counts) >= maxLabels {
		label = "other"
	}
	l.counts[label]++
}

func (m *metrics) turnTook(d time.Duration) {
	m.turns.Add(1)
	m.turnMicros.Add(d.Microseconds())
	for i, most := range turnBuckets {
		if d <= most {
			m.buckets[i].Add(1)
		}
	}
}

func (m *metrics) answeredBy(r *wire.Reply) {
	if r == nil || r.By == nil {
		return
	}
	m.parsers.add(r.By.Parse)
	m.words.add(r.By.Word)
}

func closeLabel(code int) string {
	if code == 0 {
		return "client"
	}
	return strconv.Itoa(code)
}

// write prints the counters in the Prometheus text format.
func (m *metrics) write(w io.Writer, conns, sessions int) error {
	var b strings.Builder
	one := func(name, kind, help string, v int64) {
		fmt.Fprintf(&b, "# HELP daogou_chat_%s %s\n# TYPE daogou_chat_%s %s\ndaogou_chat_%s %d\n", name, help, name, kind, name, v)
	}
	many := func(name, label, help string, l *labelled) {
		fmt.Fprintf(&b, "# HELP daogou_chat_%s %s\n# TYPE daogou_chat_%s counter\n", name, help, name)
		l.mu.Lock()
		defer l.mu.Unlock()
		labels := make([]string, 0, len(l.counts))
		for k := range l.counts {
			labels = append(labels, k)
		}
		slices.Sort(labels)
		for _, k := range labels {
			fmt.Fprintf(&b, "daogou_chat_%s{%s=%q} %d\n", name, label, k, l.counts[k])
		}
	}
	one("connections", "gauge", "Open connections.", int64(conns))
	one("sessions", "gauge", "Sessions in memory.", int64(sessions))
	one("connections_total", "counter", "Connections opened.", m.opened.Load())
	one("resumed_total", "counter", "Sessions resumed where the client was.", m.resumed.Load())
	one("slow_total", "counter", "Connections dropped because the client read too slowly.", m.slow.Load())
	one("frames_in_total", "counter", "Frames from clients.", m.framesIn.Load())
	one("frames_out_total", "counter", "Frames to clients.", m.framesOut.Load())
	many("closed_total", "code", "Connections closed or turned away, by close code.", &m.closed)
	many("errors_total", "code", "Refusals and faults, by code.", &m.errors)
	many("parsed_total", "by", "Turns by the part that understood them.", &m.parsers)
	many("worded_total", "by", "Turns by the part that worded the reply.", &m.words)
	m.writeTurns(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (m *metrics) writeTurns(b *strings.Builder) {
	const name = "daogou_chat_turn_seconds"
	fmt.Fprintf(b, "# HELP %s From an input's turn to its journaled reply.\n# TYPE %s histogram\n", name, name)
	for i, most := range turnBuckets {
		fmt.Fprintf(b, "%s_bucket{le=\"%g\"} %d\n", name, most.Seconds(), m.buckets[i].Load())
	}
	turns := m.turns.Load()
	fmt.Fprintf(b, "%s_bucket{le=\"+Inf\"} %d\n%s_sum %g\n%s_count %d\n", name, turns, name, float64(m.turnMicros.Load())/1e6, name, turns)
}
