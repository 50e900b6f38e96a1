package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets this test binary stand in for the daogou command: tests that start "daogou" run the very program that ships.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"daogou": main})
}

// TestScript runs the command line's stories in testdata/script.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true, UpdateScripts: os.Getenv("DAOGOU_REWRITE") == "1"})
}
