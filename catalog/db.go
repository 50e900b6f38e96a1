package catalog

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	sqlite "github.com/mattn/go-sqlite3"
)

// What can be wrong with a catalogue file. Errors of this package wrap them, with the file's name and what to do.
var (
	ErrCorrupt = errors.New("catalog: the file is damaged or is not a catalogue")
	ErrLocked  = errors.New("catalog: the file is locked by another process")
	ErrNewer   = errors.New("catalog: the file was written by a newer version of this program")
	ErrFull    = errors.New("catalog: no space left for the file")
	ErrNoFTS   = errors.New("catalog: built without full-text search")
)

// DB is one open catalogue. Its methods may be called from many goroutines.
type DB struct {
	path    string
	read    *sql.DB // many connections, read-only
	write   *sql.DB // one connection; nil if the catalogue was opened read-only
	now     func() time.Time
	writing sync.Mutex // one import at a time in this process

	mu     sync.Mutex // guards known
	known  *snapshot
	loader sync.Mutex // one goroutine loads a new snapshot, the others wait for it
}

// Option changes how a catalogue is opened.
type Option func(*options)

type options struct {
	readOnly bool
	busy     time.Duration
	maxPages int
	now      func() time.Time
}

// ReadOnly opens an existing catalogue without the right to import.
func ReadOnly() Option { return func(o *options) { o.readOnly = true } }

// Wait is how long an import waits for another process's import before ErrLocked; 5 seconds unless told.
func Wait(d time.Duration) Option { return func(o *options) { o.busy = d } }

// MaxSize refuses, with ErrFull, imports that would make the file larger.
func MaxSize(bytes int64) Option { return func(o *options) { o.maxPages = int(bytes / pageSize) } }

// Clock replaces the clock that stamps rows and decides which sales are on.
func Clock(now func() time.Time) Option { return func(o *options) { o.now = now } }

const (
	pageSize   = 4096
	walLimit   = 64 << 20 // the log is cut back to this after a checkpoint
	readCache  = 32 << 20 // bytes of page cache for each reading connection
	writeCache = 128 << 20
	sortCache  = 16 << 20 // of a writer that builds an index: SQLite sorts as much in memory as its cache may hold
	mmapSize   = 4 << 30  // readers map the file up to here, so that reads do not copy
)

// Open opens the catalogue in file path and makes it if there is none. Older files are brought up to date.
func Open(path string, opt ...Option) (*DB, error) {
	o := options{busy: 5 * time.Second, now: time.Now}
	for _, f := range opt {
		f(&o)
	}
	if err := checkPlace(path, o.readOnly); err != nil {
		return nil, err
	}
	d := &DB{path: path, now: o.now}
	if !o.readOnly {
		d.write = connect(path, o, true)
		if err := d.prepare(); err != nil {
			d.write.Close()
			return nil, d.explain(err)
		}
	}
	d.read = connect(path, o, false)
	if err := d.checkReadable(); err != nil {
		d.Close()
		return nil, d.explain(err)
	}
	return d, nil
}

// Close closes the catalogue. Searches under way fail.
func (d *DB) Close() error {
	var errs []error
	if d.read != nil {
		errs = append(errs, d.read.Close())
	}
	if d.write != nil {
		errs = append(errs, d.write.Close())
	}
	return errors.Join(errs...)
}

// checkPlace gives the errors that SQLite words badly.
func checkPlace(path string, readOnly bool) error {
	if path == "" {
		return errors.New("catalog: the catalogue's file name is empty; name a file such as shop.db")
	}
	switch st, err := os.Stat(path); {
	case err == nil && st.IsDir():
		return fmt.Errorf("catalog: %s is a folder; name a file in it, such as %s", path, filepath.Join(path, "shop.db"))
	case errors.Is(err, os.ErrNotExist) && readOnly:
		return fmt.Errorf("catalog: there is no catalogue at %s; make one with \"daogou import --db %s FILE\"", path, path)
	case errors.Is(err, os.ErrNotExist):
		dir := filepath.Dir(path)
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			return fmt.Errorf("catalog: the folder %s of the catalogue does not exist; make it first", dir)
		}
	case err != nil:
		return fmt.Errorf("catalog: cannot open %s: %w", path, err)
	}
	return nil
}

// connector opens the connections of one pool. Most pragmas are in the DSN; the hook sets those that have no DSN parameter.
// Either way every connection of a pool has them all.
type connector struct {
	dsn    string
	driver *sqlite.SQLiteDriver
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return c.driver }

// connect makes a pool. Nothing is opened yet, so it cannot fail.
func connect(path string, o options, writer bool) *sql.DB {
	p := url.Values{}
	p.Set("_busy_timeout", fmt.Sprint(o.busy.Milliseconds()))
	p.Set("_foreign_keys", "off")
	conns := 1
	if writer {
		p.Set("mode", "rwc")
		p.Set("_journal_mode", "WAL")
		p.Set("_synchronous", "NORMAL")
		p.Set("_txlock", "immediate")
		p.Set("_cache_size", fmt.Sprint(-writeCache/1024))
	} else {
		p.Set("mode", "ro")
		p.Set("_query_only", "on")
		p.Set("_cache_size", fmt.Sprint(-readCache/1024))
		conns = max(4, 2*runtime.GOMAXPROCS(0))
	}
	more := fmt.Sprintf("PRAGMA journal_size_limit=%d;", walLimit)
	if !writer { // what a writer sorts is as large as the catalogue, so that goes to a temporary file
		more += fmt.Sprintf("PRAGMA temp_store=MEMORY; PRAGMA mmap_size=%d;", int64(mmapSize))
	}
	if writer && o.maxPages > 0 {
		more += fmt.Sprintf("PRAGMA max_page_count=%d;", o.maxPages)
	}
	db := sql.OpenDB(connector{
		dsn: "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + p.Encode(),
		driver: &sqlite.SQLiteDriver{ConnectHook: func(c *sqlite.SQLiteConn) error {
			_, err := c.Exec(more, nil)
			return err
		}},
	})
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db
}

// prepare makes sure of the build, of the file and of its layout.
func (d *DB) prepare() error {
	ctx := context.Background()
	var fts bool
	if err := d.write.QueryRowContext(ctx, "SELECT sqlite_compileoption_used('ENABLE_FTS5')").Scan(&fts); err != nil {
		return err
	}
	if !fts {
		return fmt.Errorf("%w: build with -tags sqlite_fts5", ErrNoFTS)
	}
	return migrate(ctx, d.write)
}

// checkReadable makes sure that a file which was opened only for reading is a catalogue of a version that is known here.
func (d *DB) checkReadable() error {
	have, err := layoutOf(context.Background(), d.read)
	switch {
	case err != nil:
		return err
	case have > len(migrations):
		return fmt.Errorf("%w: it has layout %d and this program knows %d; use the newer program", ErrNewer, have, len(migrations))
	case have < len(migrations):
		return fmt.Errorf("catalog: the file has layout %d of %d; open it once for writing (any import does) to bring it up to date", have, len(migrations))
	}
	return nil
}

// explain puts SQLite's errors into one sentence that names the file and the remedy. Other errors pass through.
func (d *DB) explain(err error) error {
	var e sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case sqlite.ErrNotADB:
		return fmt.Errorf("%w: %s is not an SQLite file; move it away or name another", ErrCorrupt, d.path)
	case sqlite.ErrCorrupt:
		return fmt.Errorf("%w: %s (%v); restore it from a copy, or delete it and import again", ErrCorrupt, d.path, err)
	case sqlite.ErrBusy, sqlite.ErrLocked:
		return fmt.Errorf("%w: %s; wait for the other import to end, or stop it", ErrLocked, d.path)
	case sqlite.ErrFull:
		return fmt.Errorf("%w: %s; free some space and import again, the old catalogue is unharmed", ErrFull, d.path)
	case sqlite.ErrCantOpen:
		return fmt.Errorf("catalog: cannot open %s: %w; check that the file and its folder may be read and written", d.path, err)
	case sqlite.ErrReadonly:
		return fmt.Errorf("catalog: %s may not be written; check its permissions: %w", d.path, err)
	}
	return fmt.Errorf("catalog: %s: %w", d.path, err)
}
