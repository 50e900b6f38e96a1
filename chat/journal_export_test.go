package chat

import "fmt"

// LimitPages makes the disk full for a journal, as far as SQLite can tell.
func LimitPages(j *SQLiteJournal, pages int) error {
	var n int
	return j.write.QueryRow(fmt.Sprintf("PRAGMA max_page_count = %d", pages)).Scan(&n)
}
