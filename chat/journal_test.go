package chat_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"daogou/chat"
	"daogou/chat/chattest"
)

func TestMain(m *testing.M) {
	if path := os.Getenv("CHAT_TEST_JOURNAL"); path != "" {
		appendUntilKilled(path)
	}
	if path := os.Getenv("CHAT_TEST_SERVER"); path != "" {
		serveUntilKilled(path)
	}
	os.Exit(m.Run())
}

func TestMemoryJournal(t *testing.T) {
	chattest.JournalSuite(t, func(*testing.T) (chat.Journal, func() chat.Journal) { return chat.NewMemoryJournal(), nil })
}

func TestSQLiteJournal(t *testing.T) {
	chattest.JournalSuite(t, func(t *testing.T) (chat.Journal, func() chat.Journal) {
		path := filepath.Join(t.TempDir(), "a b%20?#会话.db") // a name that a careless DSN would not survive
		j := openJournal(t, path)
		return j, func() chat.Journal {
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(path); err != nil {
				t.Fatal(err)
			}
			j = openJournal(t, path)
			return j
		}
	})
}

func openJournal(t *testing.T, path string) *chat.SQLiteJournal {
	t.Helper()
	j, err := chat.OpenSQLiteJournal(path, chat.SQLiteOptions{Busy: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestMemoryBus(t *testing.T) {
	chattest.BusSuite(t, func(*testing.T) (a, b chat.Bus) {
		bus := chat.NewMemoryBus()
		return bus, bus
	})
}

func TestMemoryLease(t *testing.T) {
	chattest.LeaseSuite(t, func(*testing.T) (a, b chat.Lease) {
		leases := chat.NewMemoryLeases()
		return leases.Lease(), leases.Lease()
	})
}

func newMeta(id string) chat.Meta {
	_, hash := chat.NewSecret()
	return chat.Meta{Session: id, Epoch: "e", SecretHash: hash, Created: time.Unix(1, 0).UTC()}
}

func TestSecret(t *testing.T) {
	token, hash := chat.NewSecret()
	other, _ := chat.NewSecret()
	m := chat.Meta{SecretHash: hash}
	if len(token) < 43 {
		t.Errorf("the token %q has fewer than 256 bits", token)
	}
	if !m.Holds(token) {
		t.Error("the token does not open its session")
	}
	for _, wrong := range []string{"", other, token[1:], token + "x", string(hash)} {
		if m.Holds(wrong) {
			t.Errorf("%q opens the session", wrong)
		}
	}
	if (chat.Meta{}).Holds("") {
		t.Error("a session without a secret is open to all")
	}
}

// TestKilledJournal kills a process that appends, twenty times, and looks for what it was told is stored.
func TestKilledJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	j := openJournal(t, path)
	for w := range killWriters {
		if err := j.Create(t.Context(), newMeta(fmt.Sprint("s", w))); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(7, 7))
	acked := make([]int64, killWriters)
	for round := range 20 {
		killOnce(t, path, 5+rng.IntN(200), acked)
		j := openJournal(t, path)
		for w := range killWriters {
			last := checkKilled(t, j, fmt.Sprint("s", w))
			if last < acked[w] {
				t.Fatalf("round %d: session %d has %d events, %d were acknowledged", round, w, last, acked[w])
			}
			acked[w] = last
		}
		j.Close()
	}
}

const killWriters = 4

// killOnce runs this test binary as a writer, and kills it after some acknowledgements.
func killOnce(t *testing.T, path string, after int, acked []int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "CHAT_TEST_JOURNAL="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		who, seq, _ := strings.Cut(lines.Text(), " ")
		w, _ := strconv.Atoi(who)
		last, err := strconv.ParseInt(seq, 10, 64)
		if err != nil {
			t.Fatalf("the writer says %q", lines.Text())
		}
		acked[w] = last
		if n == after {
			cmd.Process.Kill() // SIGKILL; what it has still written to the pipe counts as acknowledged
		}
	}
	cmd.Wait()
}

func checkKilled(t *testing.T, j chat.Journal, session string) (last int64) {
	t.Helper()
	for {
		events, err := j.Read(t.Context(), session, last, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return last
		}
		for _, e := range events {
			if last++; e.Seq != last || string(e.Body) != fmt.Sprint(last) {
				t.Fatalf("session %s: event %d has seq %d and body %q", session, last, e.Seq, e.Body)
			}
		}
	}
}

// appendUntilKilled is the process that is killed. It prints every seq after Append has returned.
func appendUntilKilled(path string) {
	j, err := chat.OpenSQLiteJournal(path, chat.SQLiteOptions{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	ctx := context.Background()
	var all sync.WaitGroup
	var out sync.Mutex
	for w := range killWriters {
		all.Go(func() {
			id := fmt.Sprint("s", w)
			last := int64(0)
			for {
				events, _ := j.Read(ctx, id, last, 0)
				if len(events) == 0 {
					break
				}
				last += int64(len(events))
			}
			for ; ; last++ {
				if err := j.Append(ctx, id, last, chat.Event{Kind: "said", Body: fmt.Append(nil, last+1)}); err != nil {
					fmt.Println(err)
					os.Exit(1)
				}
				out.Lock()
				fmt.Println(w, last+1)
				out.Unlock()
			}
		})
	}
	all.Wait()
}

func wantSentence(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("there was no error")
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("the error %q does not say %q", err, p)
		}
	}
}

func rawDB(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

// TestJournalIsPrivate checks that nobody but the owner can read what shoppers said.
func TestJournalIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	j := openJournal(t, path)
	defer j.Close()
	if err := j.Create(t.Context(), newMeta("a")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal"} {
		if st, err := os.Stat(name); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, st.Mode(), err)
		}
	}
}

func TestLockedJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	j := openJournal(t, path)
	defer j.Close()
	if err := j.Create(t.Context(), newMeta("a")); err != nil {
		t.Fatal(err)
	}
	db := rawDB(t, path)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	wantSentence(t, j.Append(t.Context(), "a", 0, chat.Event{Kind: "said"}), path, "locked")
	if _, err := j.Meta(t.Context(), "a"); err != nil {
		t.Errorf("a reader is held up: %v", err)
	}
	if _, err := db.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := j.Append(t.Context(), "a", 0, chat.Event{Kind: "said"}); err != nil {
		t.Errorf("after the lock: %v", err)
	}
}

func TestFullJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	j := openJournal(t, path)
	defer j.Close()
	if err := j.Create(t.Context(), newMeta("a")); err != nil {
		t.Fatal(err)
	}
	if err := chat.LimitPages(j, 40); err != nil {
		t.Fatal(err)
	}
	var stored int64
	var err error
	for err == nil && stored < 1000 {
		if err = j.Append(t.Context(), "a", stored, chat.Event{Kind: "said", Body: make([]byte, 2000)}); err == nil {
			stored++
		}
	}
	wantSentence(t, err, path, "the disk is full")
	events, err := j.Read(t.Context(), "a", 0, 0)
	if err != nil || int64(len(events)) != stored {
		t.Errorf("%d events can be read of %d that were acknowledged: %v", len(events), stored, err)
	}
	if err := chat.LimitPages(j, 1<<20); err != nil {
		t.Fatal(err)
	}
	if err := j.Append(t.Context(), "a", stored, chat.Event{Kind: "said", Body: make([]byte, 2000)}); err != nil {
		t.Errorf("with space again: %v", err)
	}
}

// TestBadWriteFailsAlone puts a write that cannot be stored into one batch with good ones.
func TestBadWriteFailsAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	j := openJournal(t, path)
	defer j.Close()
	const n = 30
	var all sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		id := fmt.Sprint("s", i)
		if err := j.Create(t.Context(), newMeta(id)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := rawDB(t, path).Exec(`CREATE TRIGGER bad BEFORE INSERT ON event WHEN NEW.kind = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END`); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		all.Go(func() {
			kind := "said"
			if i == 7 {
				kind = "bad"
			}
			errs[i] = j.Append(t.Context(), fmt.Sprint("s", i), 0, chat.Event{Kind: kind})
		})
	}
	all.Wait()
	for i, err := range errs {
		if (err != nil) != (i == 7) {
			t.Errorf("write %d: %v", i, err)
		}
	}
}

func TestDamagedJournal(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	open := func(path string) error {
		j, err := chat.OpenSQLiteJournal(path, chat.SQLiteOptions{})
		if err == nil {
			j.Close()
		}
		return err
	}
	garbage := write("garbage.db", []byte(strings.Repeat("not a database ", 1000)))
	wantSentence(t, open(garbage), garbage, "damaged", "backup")

	other := filepath.Join(dir, "other.db")
	if _, err := rawDB(t, other).Exec("CREATE TABLE t (x)"); err != nil {
		t.Fatal(err)
	}
	wantSentence(t, open(other), other, "another program")

	newer := filepath.Join(dir, "newer.db")
	if err := open(newer); err != nil {
		t.Fatal(err)
	}
	if _, err := rawDB(t, newer).Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	wantSentence(t, open(newer), newer, "newer daogou", "99")

	wantSentence(t, open(filepath.Join(dir, "no", "such", "folder.db")), "folder")
	wantSentence(t, open(dir), dir)

	torn := filepath.Join(dir, "torn.db")
	j := openJournal(t, torn)
	if err := j.Create(t.Context(), newMeta("a")); err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		if err := j.Append(t.Context(), "a", int64(i), chat.Event{Kind: "said", Body: make([]byte, 1000)}); err != nil {
			t.Fatal(err)
		}
	}
	j.Close()
	data, err := os.ReadFile(torn)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(data); i++ {
		data[i] ^= 0x5a
	}
	os.WriteFile(torn, data, 0o600)
	j, err = chat.OpenSQLiteJournal(torn, chat.SQLiteOptions{})
	if err == nil {
		_, err = j.Read(t.Context(), "a", 0, 0)
		j.Close()
	}
	wantSentence(t, err, torn, "damaged")
}

// BenchmarkAppend50 is fifty shoppers who each append one event after the other.
func BenchmarkAppend50(b *testing.B) {
	j, err := chat.OpenSQLiteJournal(filepath.Join(b.TempDir(), "sessions.db"), chat.SQLiteOptions{})
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	body := make([]byte, 2000)
	last := make([]int64, 50)
	for w := range last {
		if err := j.Create(b.Context(), newMeta(fmt.Sprint("s", w))); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	var all sync.WaitGroup
	for w := range last {
		all.Go(func() {
			for i := w; i < b.N; i += len(last) {
				if err := j.Append(context.Background(), fmt.Sprint("s", w), last[w], chat.Event{Kind: "said", Body: body}); err != nil && !errors.Is(err, chat.ErrConflict) {
					b.Error(err)
					return
				}
				last[w]++
			}
		})
	}
	all.Wait()
}
