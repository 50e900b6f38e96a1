package chat_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"daogou/chat"
	"daogou/chat/chattest"
	"daogou/chat/load"
)

var idle = flag.Int("idle", 300, "idle connections in TestLoad")

// TestLoad loads a server in a process of its own, over TCP and a real database, with a responder that costs nothing: what is measured is this package.
// go test -run TestLoad -idle 5000 -v ./chat prints the figures for 5,000.
func TestLoad(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "CHAT_TEST_SERVER="+filepath.Join(t.TempDir(), "sessions.db"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the server says nothing")
	}
	addr := lines.Text()
	memory := func() (int64, error) {
		resp, err := http.Get("http://" + addr + "/free") // what is garbage is not memory per connection
		if err != nil {
			return 0, err
		}
		resp.Body.Close()
		return load.RSS(cmd.Process.Pid)
	}
	r, err := load.Run(t.Context(), "ws://"+addr+"/ws", load.Options{Idle: *idle, Talkers: 50, Messages: 10, Memory: memory, Store: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := json.MarshalIndent(r, "", "  ")
	t.Logf("%s", b)
	if r.Idle != *idle || r.IdleStillOpen != *idle || r.Failed > 0 || r.FirstProblem != "" {
		t.Errorf("%d of %d idle connections, %d at the end, %d messages failed: %s", r.Idle, *idle, r.IdleStillOpen, r.Failed, r.FirstProblem)
	}
	if *idle >= 1000 && r.BytesPerIdle > 20<<10 { // with fewer, what the process needs anyway weighs too much
		t.Errorf("an idle connection costs %.0f bytes, more than 20 KiB", r.BytesPerIdle)
	}
}

// serveUntilKilled is the server process of TestLoad.
func serveUntilKilled(path string) {
	fail := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	j, err := chat.OpenSQLiteJournal(path, chat.SQLiteOptions{})
	fail(err)
	l := chat.Limits{PerAddress: 100_000, ConnectRate: 1e6, ConnectBurst: 100_000, AddressRate: 1e6, AddressBurst: 100_000, SayRate: 1000, SayBurst: 1000}
	hub, err := chat.NewHub(chat.Config{Journal: j, Responder: chattest.Echo{}, Limits: l})
	fail(err)
	mux := http.NewServeMux()
	mux.Handle("/ws", hub)
	mux.HandleFunc("/free", func(http.ResponseWriter, *http.Request) {
		runtime.GC()
		debug.FreeOSMemory()
	})
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	fail(err)
	fmt.Println(tcp.Addr())
	fail(http.Serve(tcp, mux))
}

func TestLoadRefuses(t *testing.T) {
	for url, says := range map[string]string{
		"http://127.0.0.1:1/ws":    "ws://",
		"ws://shop.example:80/ws":  "this machine",
		"ws://127.0.0.1/ws":        "port",
		"ws://10.0.0.1:8080/ws":    "this machine",
		"ws://127.evil.example:80": "this machine",
	} {
		_, err := load.Run(t.Context(), url, load.Options{})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", url, err)
		}
	}
	if _, err := load.Run(t.Context(), "ws://127.0.0.1:1/ws", load.Options{Idle: 1 << 30}); err == nil {
		t.Error("a billion connections were tried")
	}
	begun := time.Now()
	r, err := load.Run(t.Context(), "ws://127.0.0.1:1/ws", load.Options{Idle: 3, Talkers: 2, Messages: 2})
	if err != nil || r.IdleFailed != 3 || r.Failed != 4 || r.FirstProblem == "" || time.Since(begun) > 10*time.Second {
		t.Errorf("nobody listens: %+v, %v", r, err)
	}
}
