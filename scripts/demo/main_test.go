package main

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const renew = "run make demo-picture, look at what it changes, and commit it"

// TestDemo runs the demo, whose own checks end it with an error: exit codes of the CLI, and the comparison at its end.
func TestDemo(t *testing.T) {
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	switch {
	case cli == "":
		t.Skip("needs a CLI: make test")
	case runtime.GOOS == "windows":
		t.Skip("needs make and a POSIX shell")
	}
	output := runDemo(t, cli, "")
	if lines := strings.Count(output, "\n"); lines >= 150 {
		t.Errorf("%d lines are more than anybody reads", lines)
	}
	for _, want := range []string{
		"-refresh-only -detailed-exitcode\nNote: Objects have changed outside of Terraform\n",
		"\nNo changes. Your infrastructure matches the configuration.\n$ echo $?\n0\n",
		"    }\n$ echo $?\n2\n",
		"Import successful!",
		"\nAs it was found: nothing about the application differs.\n",
	} {
		if !strings.Contains(output, want) {
			t.Errorf("it does not show %q", want)
		}
	}
	warning, destroy := strings.Index(output, "Warning: Destroying"), strings.Index(output, "2 destroyed.")
	if warning < 0 || warning > destroy {
		t.Errorf("the warning at %d does not come before the destroy at %d", warning, destroy)
	}
	for _, noise := range []string{"Initializing", "Refreshing state", "Creating...", "\x1b"} {
		if strings.Contains(output, noise) {
			t.Errorf("it shows %q", noise)
		}
	}
	if line, recorded, shown := firstDifference(read(t, "transcript.txt"), output); line != 0 {
		report := t.Errorf
		if release := firstLine(t, cli, "version"); !strings.HasPrefix(release, "Terraform v1.11.") &&
			!strings.HasPrefix(release, "OpenTofu v1.12.") {
			report = t.Logf // CLIs find new words from release to release
		}
		report("line %d of the demo is not as recorded: %s\nrecorded %q\n   shown %q", line, renew, recorded, shown)
	}
	if got := runDemo(t, cli, "1"); strings.ReplaceAll(got, "\n[Enter goes on] \n", "\n") != output {
		t.Errorf("with PAUSE=1, it shows\n%s", got)
	}
}

// runDemo answers with Enter, as often as it is asked.
func runDemo(t *testing.T, cli, pause string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	arguments := []string{"--silent", "demo", "TERRAFORM=" + cli, "PAUSE=" + pause}
	command := exec.CommandContext(ctx, "make", arguments...) //nolint:gosec // the CLI under test
	command.Dir = filepath.Join("..", "..")
	command.Stdin = strings.NewReader(strings.Repeat("\n", 20))
	command.WaitDelay = time.Second
	output, err := command.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			t.Logf("%s", exit.Stderr)
		}
		t.Fatalf("make demo: %v\n%s", err, output)
	}
	return sameOnBothCLIs(string(output))
}

func firstLine(t *testing.T, command ...string) string {
	t.Helper()
	//nolint:gosec // the CLI under test
	output, err := exec.CommandContext(t.Context(), command[0], command[1:]...).Output()
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(output), "\n")
	return line
}

// firstDifference numbers the first line that differs, from 1.
func firstDifference(a, b string) (number int, inA, inB string) {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(x), len(y)) {
		inA, inB = "", ""
		if i < len(x) {
			inA = x[i]
		}
		if i < len(y) {
			inB = y[i]
		}
		if inA != inB {
			return i + 1, inA, inB
		}
	}
	return 0, "", ""
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestPictureShowsTheRecordedDemo(t *testing.T) {
	t.Parallel()
	transcript := read(t, "transcript.txt")
	picture, err := draw(transcript)
	if err != nil {
		t.Fatal(err)
	}
	if picture != read(t, "demo.svg") {
		t.Errorf("demo.svg is older than transcript.txt: %s", renew)
	}
	other, err := draw(strings.ReplaceAll(transcript, "1 added", "7 added")) // positive control
	if err != nil || other == picture {
		t.Errorf("another transcript gives the same picture (%v)", err)
	}
	if _, err := draw(strings.ReplaceAll(transcript, "Note: Objects", "Objects")); err == nil ||
		!strings.Contains(err.Error(), `step 8 of the demo prints no line that begins with "Note: Objects`) {
		t.Errorf("a line that the demo does not print: error %v", err)
	}
	if _, err := draw(strings.ReplaceAll(transcript, "1 added", strings.Repeat("1", 60)+" added")); err == nil ||
		!strings.Contains(err.Error(), "too long") {
		t.Errorf("a line that leaves its window: error %v", err)
	}
}

// A page shows the picture as an image: nothing in it may run, or come from elsewhere.
func TestPictureStandsAlone(t *testing.T) {
	t.Parallel()
	picture := read(t, "demo.svg")
	if len(picture) > 60_000 {
		t.Errorf("%d bytes", len(picture))
	}
	elements := map[string]int{}
	for decoder := xml.NewDecoder(strings.NewReader(picture)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if element, ok := token.(xml.StartElement); ok {
			elements[element.Name.Local]++
		}
	}
	for _, name := range []string{"title", "desc", "text"} {
		if elements[name] == 0 {
			t.Errorf("it has no %s", name)
		}
		delete(elements, name)
	}
	for _, name := range []string{"svg", "style", "g", "rect", "path"} {
		delete(elements, name)
	}
	if len(elements) > 0 {
		t.Errorf("it has %v", elements)
	}
	if strings.Contains(picture, "url(") || strings.Contains(picture, "@import") {
		t.Error("its style asks for something from elsewhere")
	}
	if !strings.Contains(read(t, filepath.Join("..", "..", "README.md")), `(scripts/demo/demo.svg)`) {
		t.Error("README does not show it")
	}
}
