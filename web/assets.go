package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed widget/daogou.js store/*.css store/*.js store/*.svg store/*.html
var files embed.FS

// file is an embedded file ready to send.
type file struct {
	kind   string // media type
	etag   string
	plain  []byte
	packed []byte // gzipped
}

var (
	widget = load("widget/daogou.js")
	icon   = load("store/icon.svg")
	// assets are served under a name with their hash; hashed maps the plain name to it.
	assets, hashed = loadAssets()
)

func load(name string) file {
	b, err := files.ReadFile(name)
	if err != nil {
		panic("web: " + err.Error()) // cannot happen: the name is embedded
	}
	sum := sha256.Sum256(b)
	return file{kind: mime.TypeByExtension(path.Ext(name)), etag: hex.EncodeToString(sum[:8]), plain: b, packed: pack(b)}
}

func loadAssets() (map[string]file, map[string]string) {
	out, names := map[string]file{}, map[string]string{}
	entries, _ := fs.ReadDir(files, "store")
	for _, e := range entries {
		name := e.Name()
		ext := path.Ext(name)
		if ext == ".html" {
			continue
		}
		f := load("store/" + name)
		hash := strings.TrimSuffix(name, ext) + "." + f.etag + ext
		out[hash] = f
		names[name] = "/assets/" + hash
	}
	return out, names
}

func serveAsset(w http.ResponseWriter, r *http.Request) {
	f, ok := assets[r.PathValue("name")]
	if !ok {
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	f.serve(w, r)
}

// serveWidget answers on the one address that shops have in their pages, so it may be cached only shortly. Any origin may load it.
func serveWidget(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=300, stale-while-revalidate=86400")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	widget.serve(w, r)
}

// serveIcon answers browsers that ask for the old name without being told to.
func serveIcon(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=86400")
	icon.serve(w, r)
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", `W/"`+f.etag+`"`)
	if strings.Contains(r.Header.Get("If-None-Match"), f.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.plain
	if takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = f.packed
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

// takesGzip reads Accept-Encoding as far as browsers use it; "gzip;q=0" means no.
func takesGzip(r *http.Request) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" {
			return strings.ReplaceAll(q, " ", "") != "q=0"
		}
	}
	return false
}

func pack(b []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

var packers = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed); return z }}

// send writes a generated body, gzipped if it is worth it and the browser takes it.
func send(w http.ResponseWriter, r *http.Request, status int, kind string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Add("Vary", "Accept-Encoding")
	if len(body) < 1024 || !takesGzip(r) {
		h.Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		w.Write(body)
		return
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(w)
	z.Write(body)
	z.Close()
}
