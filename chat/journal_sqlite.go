package chat

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/mattn/go-sqlite3"
)

// SQLiteJournal keeps sessions in a SQLite database of its own: write-ahead log, one writer, several readers. An Append that returned nil is on disk, also after
// a power cut. Appends that arrive while a commit is under way share the next one, so fifty shoppers cost hardly more than one.
type SQLiteJournal struct {
	path    string
	write   *sql.DB
	read    *sql.DB
	writes  chan *journalWrite
	closing chan struct{}
	done    chan struct{}
	once    sync.Once
}

// SQLiteOptions change how a journal waits. The zero value is right for serving.
type SQLiteOptions struct {
	Busy time.Duration // how long to wait for another process's lock; 0 is 5 s
}

// journalWrite is one change waiting for the next commit. do returns a refusal (ErrConflict, …) only if it has changed nothing.
type journalWrite struct {
	do   func(*sql.Tx) error
	err  error
	done chan struct{}
}

const (
	journalApplicationID = 0x6461_6f67 // "daog", so that another program's database is not taken for ours
	journalBatch         = 256
)

// journalMigrations bring an older database up to date, one step each; user_version counts the steps done. A step is never edited once it has shipped.
var journalMigrations = []string{
	`CREATE TABLE session (
		n           INTEGER PRIMARY KEY,
		id          TEXT NOT NULL UNIQUE,
		store       TEXT NOT NULL,
		epoch       TEXT NOT NULL,
		secret_hash BLOB NOT NULL,
		lang        TEXT NOT NULL,
		country     TEXT NOT NULL,
		created     INTEGER NOT NULL,           -- microseconds since 1970
		last        INTEGER NOT NULL DEFAULT 0  -- seq of the newest event
	) STRICT;
	CREATE TABLE event (
		session INTEGER NOT NULL REFERENCES session(n) ON DELETE CASCADE,
		seq     INTEGER NOT NULL,
		time    INTEGER NOT NULL,
		kind    TEXT NOT NULL,
		body    BLOB NOT NULL,
		UNIQUE (session, seq)
	) STRICT;`,
}

// OpenSQLiteJournal opens the sessions database at path, and makes it if there is none.
func OpenSQLiteJournal(path string, opt SQLiteOptions) (*SQLiteJournal, error) {
	if opt.Busy <= 0 {
		opt.Busy = 5 * time.Second
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("chat: sessions database %s: %w", path, err)
	}
	ownerOnly(abs)
	j := &SQLiteJournal{path: path, writes: make(chan *journalWrite, journalBatch), closing: make(chan struct{}), done: make(chan struct{})}
	if j.write, err = sql.Open("sqlite3", journalDSN(abs, opt, true)); err != nil {
		return nil, j.explain(err)
	}
	j.write.SetMaxOpenConns(1)
	if err := j.migrate(); err != nil {
		j.write.Close()
		return nil, j.explain(err)
	}
	if j.read, err = sql.Open("sqlite3", journalDSN(abs, opt, false)); err != nil {
		j.write.Close()
		return nil, j.explain(err)
	}
	j.read.SetMaxOpenConns(4)
	j.read.SetMaxIdleConns(4)
	go j.run()
	return j, nil
}

// ownerOnly makes the file, if there is none, so that only its owner may read what shoppers say; SQLite gives its log the same permissions. Where that fails SQLite
// will say why.
func ownerOnly(abs string) {
	if f, err := os.OpenFile(abs, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err == nil {
		f.Close()
	}
}

// journalDSN holds every pragma, because a pragma run once would reach one connection of the pool. Erased text must not stay in free pages: secure_delete.
func journalDSN(abs string, opt SQLiteOptions, writer bool) string {
	q := url.Values{}
	q.Set("_busy_timeout", strconv.FormatInt(opt.Busy.Milliseconds(), 10))
	q.Set("_foreign_keys", "true")
	if writer {
		q.Set("_journal_mode", "WAL")
		q.Set("_synchronous", "FULL")
		q.Set("_secure_delete", "true")
		q.Set("_auto_vacuum", "incremental")
		q.Set("_txlock", "immediate")
	} else {
		q.Set("_query_only", "true")
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: q.Encode()}
	return u.String()
}

func (j *SQLiteJournal) migrate() error {
	var application, version int
	if err := j.write.QueryRow("PRAGMA application_id").Scan(&application); err != nil {
		return err
	}
	if err := j.write.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if application != journalApplicationID {
		var tables int
		if err := j.write.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
			return err
		}
		if application != 0 || tables > 0 {
			return errors.New("it is a database of another program; name another file")
		}
	}
	if version > len(journalMigrations) {
		return fmt.Errorf("it was written by a newer daogou (schema %d, this one knows %d); use that one", version, len(journalMigrations))
	}
	for i := version; i < len(journalMigrations); i++ {
		if err := j.migrateStep(i); err != nil {
			return err
		}
	}
	return nil
}

func (j *SQLiteJournal) migrateStep(i int) error {
	tx, err := j.write.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var version int
	if err := tx.QueryRow("PRAGMA user_version").Scan(&version); err != nil || version > i { // another process was faster
		return err
	}
	step := journalMigrations[i] + fmt.Sprintf("; PRAGMA user_version = %d; PRAGMA application_id = %d", i+1, journalApplicationID)
	if _, err := tx.Exec(step); err != nil {
		return err
	}
	return tx.Commit()
}

// Create implements Journal.
func (j *SQLiteJournal) Create(ctx context.Context, m Meta) error {
	return j.change(ctx, func(tx *sql.Tx) error {
		hash := m.SecretHash
		if hash == nil {
			hash = []byte{}
		}
		res, err := tx.Exec(`INSERT INTO session (id, store, epoch, secret_hash, lang, country, created) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
			m.Session, m.Store, m.Epoch, hash, m.Lang, m.Country, stamp(m.Created).UnixMicro())
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 1 {
			return err
		}
		return ErrSessionExists
	})
}

// Append implements Journal.
func (j *SQLiteJournal) Append(ctx context.Context, session string, after int64, events ...Event) error {
	return j.change(ctx, func(tx *sql.Tx) error { return appendEvents(tx, session, after, events) })
}

func appendEvents(tx *sql.Tx, session string, after int64, events []Event) error {
	var n int64
	err := tx.QueryRow(`UPDATE session SET last = last + ? WHERE id = ? AND last = ? RETURNING n`, len(events), session, after).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return whyNotAppended(tx, session)
	}
	if err != nil {
		return err
	}
	for i, e := range events {
		body := e.Body
		if body == nil {
			body = []byte{}
		}
		if _, err := tx.Exec(`INSERT INTO event (session, seq, time, kind, body) VALUES (?, ?, ?, ?, ?)`,
			n, after+1+int64(i), stamp(e.Time).UnixMicro(), e.Kind, body); err != nil {
			return err
		}
	}
	return nil
}

func whyNotAppended(tx *sql.Tx, session string) error {
	var last int64
	err := tx.QueryRow(`SELECT last FROM session WHERE id = ?`, session).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNoSession
	}
	if err != nil {
		return err
	}
	return ErrConflict
}

// Meta implements Journal.
func (j *SQLiteJournal) Meta(ctx context.Context, session string) (Meta, error) {
	m := Meta{Session: session}
	var created int64
	err := j.read.QueryRowContext(ctx, `SELECT store, epoch, secret_hash, lang, country, created FROM session WHERE id = ?`, session).
		Scan(&m.Store, &m.Epoch, &m.SecretHash, &m.Lang, &m.Country, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return Meta{}, ErrNoSession
	}
	if err != nil {
		return Meta{}, j.explain(err)
	}
	m.Created = time.UnixMicro(created).UTC()
	return m, nil
}

// Read implements Journal.
func (j *SQLiteJournal) Read(ctx context.Context, session string, after int64, limit int) ([]Event, error) {
	var n int64
	err := j.read.QueryRowContext(ctx, `SELECT n FROM session WHERE id = ?`, session).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNoSession
	}
	if err != nil {
		return nil, j.explain(err)
	}
	rows, err := j.read.QueryContext(ctx, `SELECT seq, time, kind, body FROM event WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?`, n, after, readLimit(limit))
	if err != nil {
		return nil, j.explain(err)
	}
	defer rows.Close()
	var out []Event
	size := 0
	for rows.Next() {
		var e Event
		var at int64
		if err := rows.Scan(&e.Seq, &at, &e.Kind, &e.Body); err != nil {
			return nil, j.explain(err)
		}
		if size += len(e.Body); size > maxReadBytes && len(out) > 0 {
			return out, nil
		}
		e.Time = time.UnixMicro(at).UTC()
		out = append(out, e)
	}
	if err := rows.Err(); err != nil {
		return nil, j.explain(err)
	}
	return out, nil
}

// Close implements Journal. It waits for the commit under way; what waits behind it is refused, not lost: nobody was told that it is stored.
func (j *SQLiteJournal) Close() error {
	j.once.Do(func() { close(j.closing) })
	<-j.done
	return errors.Join(j.read.Close(), j.write.Close())
}

// change hands a write to the writer and waits for its commit. When ctx ends first the write may still happen: the caller has to read the journal again.
func (j *SQLiteJournal) change(ctx context.Context, do func(*sql.Tx) error) error {
	w := &journalWrite{do: do, done: make(chan struct{})}
	select {
	case <-j.closing:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	case j.writes <- w:
	}
	select {
	case <-w.done:
		return w.err
	case <-ctx.Done():
		return ctx.Err()
	case <-j.done: // the writer ended; it has decided w if it took it
		select {
		case <-w.done:
			return w.err
		default:
			return ErrClosed
		}
	}
}

// run is the only goroutine that writes.
func (j *SQLiteJournal) run() {
	defer close(j.done)
	for {
		select {
		case <-j.closing:
			return
		case w := <-j.writes:
			j.commit(j.gather(w))
		}
	}
}

// gather takes what has queued up behind w, without waiting for more.
func (j *SQLiteJournal) gather(w *journalWrite) []*journalWrite {
	batch := []*journalWrite{w}
	for len(batch) < journalBatch {
		select {
		case w := <-j.writes:
			batch = append(batch, w)
		default:
			return batch
		}
	}
	return batch
}

// commit stores a batch in one transaction. If that fails each write gets a transaction of its own, so that one bad write fails alone.
func (j *SQLiteJournal) commit(batch []*journalWrite) {
	err := j.try(batch)
	if err != nil && len(batch) > 1 {
		for _, w := range batch {
			j.commit([]*journalWrite{w})
		}
		return
	}
	for _, w := range batch {
		if err != nil {
			w.err = j.explain(err)
		}
		close(w.done)
	}
}

func (j *SQLiteJournal) try(batch []*journalWrite) error {
	tx, err := j.write.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, w := range batch {
		w.err = w.do(tx)
		if w.err != nil && !answer(w.err) {
			return w.err
		}
	}
	return tx.Commit()
}

// answer tells an answer of the journal from a fault of the database.
func answer(err error) bool {
	return errors.Is(err, ErrConflict) || errors.Is(err, ErrNoSession) || errors.Is(err, ErrSessionExists)
}

// explain turns what SQLite says into a sentence with a remedy.
func (j *SQLiteJournal) explain(err error) error {
	var e sqlite3.Error
	remedy := "fails; check the file"
	switch {
	case err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	case !errors.As(err, &e):
		return fmt.Errorf("chat: the sessions database %s cannot be used: %w", j.path, err)
	case e.Code == sqlite3.ErrFull:
		remedy = "cannot grow: the disk is full; free some space"
	case e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked:
		remedy = "is locked by another process; wait for that one or stop it"
	case e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB:
		remedy = "is damaged or is no database; restore it from a backup"
	case e.Code == sqlite3.ErrReadonly || e.Code == sqlite3.ErrPerm:
		remedy = "cannot be written; check its permissions"
	case e.Code == sqlite3.ErrCantOpen:
		remedy = "cannot be opened; check that its folder exists and may be written"
	case e.Code == sqlite3.ErrIoErr:
		remedy = "cannot be read or written: the disk reports an error; check it"
	}
	return fmt.Errorf("chat: the sessions database %s %s (%w)", j.path, remedy, err)
}
