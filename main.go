// Command daogou is a conversational shopping assistant for one shop or many: it serves the shopper's widget, the demo store, and the tools that import, search,
// parse and measure.
//
// This file and its neighbours are the only place that wires the rooms together; see README.md for how the house is built.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the Makefile.
var version = "dev"

// CLI is the command line. Each command's fields are its flags; its Run method is the command.
type CLI struct {
	Serve   serveCmd   `cmd:"" help:"Serve the shop, the widget and the chat."`
	Import  importCmd  `cmd:"" help:"Read product feeds into the catalogue, all or nothing."`
	Demo    demoCmd    `cmd:"" help:"Write the demo shop into a catalogue, or print it as JSON lines."`
	Search  searchCmd  `cmd:"" help:"Answer queries: JSON lines in, JSON lines out."`
	Parse   parseCmd   `cmd:"" help:"Understand shoppers' turns: JSON lines in, JSON lines out."`
	Chat    chatCmd    `cmd:"" help:"Talk to the assistant: JSON lines in, the widget's frames out."`
	Train   trainCmd   `cmd:"" help:"Train the model from what the repository contains."`
	Model   modelCmd   `cmd:"" help:"Look at a model, or write it for other programs."`
	Data    dataCmd    `cmd:"" help:"Look at what the model learns from: the data card, examples."`
	Eval    evalCmd    `cmd:"" help:"Measure search and understanding."`
	Bench   benchCmd   `cmd:"" help:"Measure the running system."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// streams are what a command reads and writes, so that tests can be a pipe.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// exit carries kong's wish to exit out of the parser.
type exit int

// run is the whole program with its world passed in. It returns the exit status: 0 done, 1 failed, 2 bad usage, 130 interrupted.
func run(ctx context.Context, args []string, io streams) (code int) {
	var cli CLI
	parser, err := kong.New(&cli,
		kong.Name("daogou"),
		kong.Description("A conversational shopping assistant that runs on the shop's own machine."),
		kong.Writers(io.out, io.err),
		kong.Exit(func(c int) { panic(exit(c)) }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(io),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		panic(err) // the CLI struct itself is wrong
	}
	defer func() {
		switch c := recover().(type) {
		case nil:
		case exit:
			code = int(c)
		default:
			panic(c)
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	cmd, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(io.err, "daogou: %v (see daogou --help)\n", err)
		return 2
	}
	switch err := cmd.Run(); {
	case err == nil:
		return 0
	case ctx.Err() != nil:
		fmt.Fprintf(io.err, "daogou: interrupted: %v\n", err)
		return 130
	default:
		fmt.Fprintf(io.err, "daogou: %v\n", err)
		return 1
	}
}

type versionCmd struct{}

func (versionCmd) Run(io streams) error {
	_, err := fmt.Fprintln(io.out, "daogou", version)
	return err
}
