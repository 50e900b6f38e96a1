package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"daogou/catalog"
	"daogou/chat"
	"daogou/generator/task"
	"daogou/nlu"
	"daogou/web"
)

// Config is what a running daogou is told. The zero value of a field names its default.
type Config struct {
	Addr     string   // host:port to listen on; "localhost:8080"
	DB       string   // catalogue file
	Sessions string   // sessions file; beside the catalogue
	Policies string   // file of the shop's own text; the one beside the catalogue, if there is one
	Demo     bool     // bring the demo shop into the catalogue
	Name     string   // the shop's name on its pages; without one they are the demo shop's
	Origins  []string // pages of these origins may talk, besides our own: "https://shop.example"
	Proxied  bool     // a reverse proxy stands in front and names the client in X-Forwarded-For
	Metrics  string   // host:port of the counters for Prometheus, which are nobody else's business; nowhere
	Parser   string   // who understands: "model" or "rules"; the model, if one is shipped
	Wording  string   // who words replies: "model" or "template"; templates
	Model    string   // folder of another model than the one shipped
	Limits   chat.Limits
	Log      *slog.Logger
	Now      func() time.Time
}

// App is the whole program wired: what `daogou serve` runs, and what end-to-end tests run on port 0.
type App struct {
	cfg     Config
	shop    *catalog.DB
	journal chat.Journal
	hub     *chat.Hub
	model   *languageModel // nil where rules understand
	public  *endpoint
	metrics *endpoint // nil unless asked for
}

// endpoint is an address and what is served there.
type endpoint struct {
	ln     net.Listener
	server *http.Server
}

// listen takes an address, before anything is served there. flag is what the user would change.
func listen(addr, flag string, log *slog.Logger) (*endpoint, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err // without the address once more
		}
		return nil, fmt.Errorf("cannot listen on %s (%w); choose another host:port with %s", addr, err, flag)
	}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, // a WebSocket has its own
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	return &endpoint{ln, server}, nil
}

func (e *endpoint) close() error {
	err := e.ln.Close()
	if errors.Is(err, net.ErrClosed) {
		err = nil
	}
	return errors.Join(e.server.Close(), err)
}

// Open opens the databases, wires the rooms and listens. Nothing is served until Run.
func Open(ctx context.Context, cfg Config) (_ *App, err error) {
	cfg = cfg.withDefaults()
	if err := cfg.checkOrigins(); err != nil {
		return nil, err
	}
	a := &App{cfg: cfg}
	defer func() {
		if err != nil {
			a.Close()
		}
	}()
	if a.public, err = listen(cfg.Addr, "--addr", cfg.Log); err != nil {
		return nil, err
	}
	if cfg.Metrics != "" {
		if a.metrics, err = listen(cfg.Metrics, "--metrics-addr", cfg.Log); err != nil {
			return nil, err
		}
	}
	if a.shop, err = openCatalogue(cfg.DB); err != nil {
		return nil, err
	}
	if cfg.Demo {
		if _, err = writeDemo(ctx, a.shop); err != nil {
			return nil, err
		}
		if err = writeDemoPolicies(cfg.DB); err != nil {
			return nil, err
		}
	}
	if version, err := a.shop.Version(ctx); err == nil && version == 0 {
		cfg.Log.Warn("the catalogue is empty: import products with `daogou import`", "db", cfg.DB)
	}
	policies, err := openPolicies(cfg.Policies, cfg.DB)
	if err != nil {
		return nil, err
	}
	journal, err := chat.OpenSQLiteJournal(cfg.Sessions, chat.SQLiteOptions{})
	if err != nil {
		return nil, err // and not into a.journal: an interface that holds a nil journal is not nil
	}
	a.journal = journal
	flags := modelFlags{cfg.Parser, cfg.Model}
	if a.model, err = flags.open(); err != nil {
		return nil, err
	}
	assistant, err := newAssistant(ctx, a.shop, policies, a.model, cfg)
	if err != nil {
		return nil, err
	}
	if a.hub, err = chat.NewHub(chat.Config{Journal: a.journal, Responder: assistant, Limits: cfg.Limits, Log: cfg.Log, Origin: cfg.mayTalk, Address: cfg.client}); err != nil {
		return nil, err
	}
	a.public.server.Handler = a.routes()
	if a.metrics != nil {
		a.metrics.server.Handler = a.privateRoutes()
	}
	return a, nil
}

func (c Config) withDefaults() Config {
	if c.Addr == "" {
		c.Addr = "localhost:8080"
	}
	if c.Sessions == "" {
		c.Sessions = filepath.Join(filepath.Dir(c.DB), "sessions.db")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// checkOrigins refuses what could never equal a browser's Origin header.
func (c Config) checkOrigins() error {
	for _, o := range c.Origins {
		u, err := url.Parse(o)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || o != u.Scheme+"://"+strings.ToLower(u.Host) {
			return fmt.Errorf("%q is not an origin; write it as https://shop.example, without a path", o)
		}
	}
	return nil
}

// mayTalk lets in our own pages and those of the shops that embed the widget.
func (c Config) mayTalk(r *http.Request) bool {
	return chat.SameOrigin(r) || slices.Contains(c.Origins, r.Header.Get("Origin"))
}

// client is the address that limits apply to. Of X-Forwarded-For only the last entry counts: the proxy wrote it, whatever stands before may be made up.
func (c Config) client(r *http.Request) string {
	if hops := r.Header.Values("X-Forwarded-For"); c.Proxied && len(hops) > 0 {
		last := hops[len(hops)-1]
		return strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
	}
	return r.RemoteAddr
}

// newAssistant puts together who answers a turn: the model understands and scores, and words where that is wanted, with rules, the search's order and templates behind it
// past its deadlines; or those alone.
func newAssistant(ctx context.Context, db *catalog.DB, policies chat.Policies, m *languageModel, cfg Config) (*chat.Assistant, error) {
	rules := nlu.NewRules()
	a := &chat.Assistant{Parser: rules, Search: db, Wording: chat.Templates{}, Policies: policies, Now: cfg.Now, Log: cfg.Log}
	if m == nil {
		return a, nil
	}
	parser, err := task.NewParser(m.vocab, m.run, catalogueWords(ctx, db))
	if err != nil {
		return nil, err
	}
	schema, err := db.Schema(ctx)
	if err != nil {
		return nil, err
	}
	if err := parser.Warm(schema); err != nil { // or the first shopper would wait for it
		return nil, err
	}
	a.Parser, a.FallbackParser = parser, rules
	if cfg.Wording == "model" {
		a.Wording, a.FallbackWording = newModelWording(m), chat.Templates{}
	}
	if modelWeight > 0 {
		if a.Opinion, err = newModelRanker(m, db, cfg.Log); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *App) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /ws", a.hub)
	mux.HandleFunc("GET /healthz", a.health)
	mux.Handle("/", web.Handler(&shop{a.shop, a.cfg.Now}, web.Options{Name: a.cfg.Name, Log: a.cfg.Log}))
	return mux
}

// privateRoutes are for the people who run the shop. They stand on an address of their own, so that a proxy for the shop cannot let the world in by mistake.
func (a *App) privateRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		a.hub.WriteMetrics(w)
	})
	return mux
}

// health answers 200 while the catalogue can be read.
func (a *App) health(w http.ResponseWriter, r *http.Request) {
	if _, err := a.shop.Version(r.Context()); err != nil {
		http.Error(w, "the catalogue cannot be read", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// Addr is where the app listens.
func (a *App) Addr() string { return a.public.ln.Addr().String() }

// endpoints are what the app listens on.
func (a *App) endpoints() (all []*endpoint) {
	for _, e := range []*endpoint{a.public, a.metrics} {
		if e != nil {
			all = append(all, e)
		}
	}
	return all
}

// Run serves until ctx ends, then lets turns in flight finish and tells every widget to come back.
func (a *App) Run(ctx context.Context) error {
	failed := make(chan error, 2)
	for _, e := range a.endpoints() {
		go func() { failed <- e.server.Serve(e.ln) }()
	}
	select {
	case err := <-failed:
		return fmt.Errorf("the server stopped: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	err := a.hub.Drain(grace)
	for _, e := range a.endpoints() {
		err = errors.Join(err, e.server.Shutdown(grace))
	}
	return err
}

// Close releases everything. It may be called after a failed Open.
func (a *App) Close() error {
	var errs []error
	for _, e := range a.endpoints() {
		errs = append(errs, e.close())
	}
	if a.hub != nil {
		errs = append(errs, a.hub.Close())
	}
	if a.model != nil {
		a.model.Close()
	}
	if a.journal != nil {
		errs = append(errs, a.journal.Close())
	}
	if a.shop != nil {
		errs = append(errs, a.shop.Close())
	}
	return errors.Join(errs...)
}

// serveCmd runs the App.
type serveCmd struct {
	Addr     string   `help:"Where to listen, host:port." default:"localhost:8080" env:"DAOGOU_ADDR"`
	DB       string   `help:"Catalogue database." default:"data/shop.db" type:"path" env:"DAOGOU_DB"`
	Sessions string   `help:"Sessions database; sessions.db beside the catalogue by default." type:"path" env:"DAOGOU_SESSIONS"`
	Policies string   `help:"The shop's own text on shipping, returns and the like (YAML; see README); shop.policies.yaml beside shop.db by default." type:"path" placeholder:"FILE" env:"DAOGOU_POLICIES"`
	Demo     bool     `help:"Bring the demo shop into the catalogue, and its policies beside it."`
	Name     string   `help:"The shop's name on its pages; without one they are the demo shop's." env:"DAOGOU_NAME"`
	Origin   []string `help:"Let pages of this origin embed the chat, such as https://shop.example. May be repeated." placeholder:"ORIGIN" env:"DAOGOU_ORIGINS"`
	Proxied  bool     `help:"A reverse proxy stands in front: take a client's address from the end of X-Forwarded-For." env:"DAOGOU_PROXIED"`
	Metrics  string   `name:"metrics-addr" help:"Serve counters for Prometheus at /metrics on this host:port; keep it from the public. Off by default." placeholder:"ADDR" env:"DAOGOU_METRICS_ADDR"`
	Verbose  bool     `short:"v" help:"Log more."`
	modelFlags
	wordingFlag

	BenchLimits bool `hidden:"" help:"Let one machine play thousands of shoppers."`
}

// servingOn stands before the address once the server listens.
const servingOn = "daogou serves the shop on http://"

func (c serveCmd) Run(ctx context.Context, io streams) error {
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(io.err, &slog.HandlerOptions{Level: level}))
	if !c.Demo {
		if _, err := os.Stat(c.DB); err != nil {
			return fmt.Errorf("there is no catalogue at %s: import one with `daogou import --db %s FILE…`, or add --demo for the demo shop", c.DB, c.DB)
		}
	}
	cfg := Config{Addr: c.Addr, DB: c.DB, Sessions: c.Sessions, Policies: c.Policies, Demo: c.Demo, Name: c.Name, Origins: c.Origin, Proxied: c.Proxied, Metrics: c.Metrics, Parser: c.Parser, Wording: c.Wording, Model: c.Model, Log: log}
	if c.BenchLimits {
		cfg.Limits = benchLimits
	}
	app, err := Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer app.Close()
	fmt.Fprintln(io.err, servingOn+app.Addr())
	if app.metrics != nil {
		fmt.Fprintln(io.err, "counters are on http://"+app.metrics.ln.Addr().String()+"/metrics")
	}
	return app.Run(ctx)
}
