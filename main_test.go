package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets this test binary stand in for the daogou command: tests that start "daogou" run the very program that ships.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"daogou": main})
}

// TestInterrupt checks that a signal ends a command that waits for input which does not come, and that its status tells.
func TestInterrupt(t *testing.T) {
	db := filepath.Join(t.TempDir(), "shop.db")
	mustImport(t, db, "testdata/lamp.jsonl")
	cmd := exec.Command("daogou", "search", "--db", db)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stuck := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer stuck.Stop()
	fmt.Fprintln(in, `{"id":1,"q":"lamp"}`)
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.Contains(line, `"id":"lamp-1"`) {
		t.Fatalf("%q %v", line, err)
	}
	cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 130 {
		t.Errorf("the command ended with %v, want exit status 130", err)
	}
}

// TestScript runs the command line's stories in testdata/script.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true, UpdateScripts: os.Getenv("DAOGOU_REWRITE") == "1"})
}
