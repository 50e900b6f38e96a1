package web

import (
	"bytes"
	"compress/gzip"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

var rewrite = flag.Bool("rewrite", false, "write widget/daogou.js from widget/src")

// bundle makes one minified script from widget/src. The style sheet goes in as a minified string.
func bundle(t *testing.T) []byte {
	t.Helper()
	styles := api.Plugin{Name: "styles", Setup: func(b api.PluginBuild) {
		b.OnLoad(api.OnLoadOptions{Filter: `\.css$`}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			src, err := os.ReadFile(a.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			out := api.Transform(string(src), api.TransformOptions{Loader: api.LoaderCSS, MinifyWhitespace: true, MinifySyntax: true})
			css := string(bytes.TrimSpace(out.Code))
			return api.OnLoadResult{Contents: &css, Loader: api.LoaderText, Errors: out.Errors, Warnings: out.Warnings}, nil
		})
	}}
	main, err := filepath.Abs("widget/src/main.js")
	if err != nil {
		t.Fatal(err)
	}
	out := api.Build(api.BuildOptions{
		EntryPoints:       []string{main},
		Bundle:            true,
		Format:            api.FormatIIFE,
		Target:            api.ES2022,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Plugins:           []api.Plugin{styles},
	})
	for _, m := range append(out.Errors, out.Warnings...) {
		t.Errorf("widget/src: %s (%+v)", m.Text, m.Location)
	}
	if t.Failed() || len(out.OutputFiles) != 1 {
		t.Fatal("the widget does not bundle")
	}
	return out.OutputFiles[0].Contents
}

func TestBundleIsFresh(t *testing.T) {
	want := bundle(t)
	if *rewrite {
		if err := os.WriteFile("widget/daogou.js", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile("widget/daogou.js")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("widget/daogou.js is older than widget/src: run go generate ./web")
	}
}

func TestWidgetIsSmall(t *testing.T) {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	z.Write(bundle(t))
	z.Close()
	t.Logf("daogou.js: %d bytes gzipped", b.Len())
	if b.Len() > 20<<10 {
		t.Errorf("daogou.js is %d bytes gzipped, over the 20 KB that a shop was promised", b.Len())
	}
}
