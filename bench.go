package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"daogou/chat"
	"daogou/chat/load"
)

// benchCmd measures the running system.
type benchCmd struct {
	Chat benchChatCmd `cmd:"" help:"Load a server of its own: idle connections and their memory, then shoppers talking at once and how long replies take."`
}

type benchChatCmd struct {
	DB       string `help:"Catalogue database; the demo shop by default." type:"path"`
	Idle     int    `help:"Idle connections to hold open meanwhile." default:"5000"`
	Shoppers int    `help:"Shoppers talking at once." default:"50"`
	Messages int    `help:"Messages of each." default:"10"`
	JSON     bool   `help:"Print the report as JSON."`
	modelFlags
}

// benchLimits let one machine play thousands of shoppers.
var benchLimits = chat.Limits{Connections: 100_000, PerAddress: 100_000, ConnectRate: 1e6, ConnectBurst: 100_000, AddressRate: 1e6, AddressBurst: 100_000, SayRate: 1000, SayBurst: 1000}

func (c benchChatCmd) Run(ctx context.Context, std streams) error {
	dir, err := os.MkdirTemp("", "daogou-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	server, addr, err := c.serve(ctx, dir)
	if err != nil {
		return err
	}
	defer server.Wait()
	defer server.Process.Signal(syscall.SIGTERM)
	memory := func() (int64, error) { return load.RSS(server.Process.Pid) }
	r, err := load.Run(ctx, "ws://"+addr+"/ws", load.Options{Idle: c.Idle, Talkers: c.Shoppers, Messages: c.Messages, Store: "demo", Memory: memory})
	if err != nil {
		return err
	}
	if c.JSON {
		return writeLine(std.out, r)
	}
	return printLoad(std.out, r)
}

// serve starts this very program as a server in a process of its own, so that its memory can be told from the load's.
func (c benchChatCmd) serve(ctx context.Context, dir string) (*exec.Cmd, string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	args := []string{"serve", "--addr", "127.0.0.1:0", "--sessions", filepath.Join(dir, "sessions.db"), "--bench-limits", "--parser", c.Parser}
	if c.Model != "" {
		args = append(args, "--model", c.Model)
	}
	if c.DB != "" {
		args = append(args, "--db", c.DB)
	} else {
		args = append(args, "--demo", "--db", filepath.Join(dir, "shop.db"))
	}
	cmd := exec.CommandContext(ctx, self, args...)
	errs, err := cmd.StderrPipe()
	if err != nil {
		return nil, "", err
	}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	last := ""
	for lines := bufio.NewScanner(errs); lines.Scan(); last = lines.Text() {
		if _, addr, ok := strings.Cut(lines.Text(), servingOn); ok {
			go io.Copy(io.Discard, errs) // a full pipe would hold the server up
			return cmd, addr, nil
		}
	}
	return nil, "", fmt.Errorf("the server to be measured did not start (%w): %s", cmd.Wait(), last)
}

// enoughIdle connections weigh more than what the server's memory moves by for other reasons.
const enoughIdle = 1000

func printLoad(w io.Writer, r load.Report) error {
	fmt.Fprintf(w, "%d idle connections opened in %.1f s (%d failed)", r.Idle, r.OpenTime.Seconds(), r.IdleFailed)
	if r.Idle >= enoughIdle {
		fmt.Fprintf(w, ": %.1f KB of server memory each", r.BytesPerIdle/1000)
	}
	fmt.Fprintln(w)
	fmt.Fprintf(w, "%d shoppers at once, %d messages answered (%d failed), %.0f a second\n", r.Talkers, r.Messages, r.Failed, r.PerSecond)
	tw := tabwriter.NewWriter(w, 2, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "ms\tp50\tp95\tmax\t")
	for _, row := range []struct {
		name string
		p    load.Percentiles
	}{{"journaled", r.Ack}, {"first byte", r.FirstByte}, {"last byte", r.LastByte}} {
		fmt.Fprintf(tw, "%s\t%.1f\t%.1f\t%.1f\t\n", row.name, millis(row.p.P50), millis(row.p.P95), millis(row.p.Max))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	if r.FirstProblem != "" {
		return fmt.Errorf("not everything was answered: %s", r.FirstProblem)
	}
	return nil
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
