//go:build !sqlite_fts5

package main

// The catalogue's search needs SQLite's FTS5, which is compiled in only with a build tag. This undefined name makes a build without it stop here and say so.
var _ = build_with_make_or_with_go_build_tags_sqlite_fts5
