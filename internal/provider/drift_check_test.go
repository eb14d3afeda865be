package provider_test

import (
	"cmp"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// The scripts of examples/drift-check, with programs that play Terraform and GitHub's CLI. TestAccGuides runs drift.sh
// with a real CLI. Not in parallel: a program that is just being written cannot be run while another test starts one.

const (
	driftTitle  = "My Account settings are not as they should be"
	failedTitle = "Terraform could not look at the My Account settings"
)

func TestDriftScriptTellsDriftFromFailure(t *testing.T) {
	const managed = "data.asgardeo_my_account_portal.live\nmodule.one.asgardeo_my_account_portal.this"
	const onlyData = "data.a.b\nmodule.one.data.a.b"
	const noChanges, noResource = "No changes. Your infrastructure still matches the configuration.", "The state holds " +
		"no resource."
	tests := map[string]struct {
		state    string // what it lists; managed where it does not matter
		says     string // by Terraform, with its status
		exits    string
		status   int
		notified string // DRIFT_TITLE, or nothing
	}{
		"nothing": {says: noChanges, exits: "0"},
		"drift": {
			says: "Note: Objects have changed outside of Terraform", exits: "2", status: 2, notified: driftTitle,
		},
		"a failed check": {
			says: "No changes.\nWarning: Check block assertion failed", exits: "0", status: 2, notified: driftTitle,
		},
		"only data sources": {says: noChanges, exits: "2"},
		"a failed check, with them": {
			says: "No changes.\nWarning: Check block assertion failed", exits: "2", status: 2, notified: driftTitle,
		},
		"an error": {
			says: "Error: Unable to read the My Account portal", exits: "1", status: 1, notified: failedTitle,
		},
		"an error after a failed check": {
			says: "Warning: Check block assertion failed\nError: Unable to read", exits: "1", status: 1, notified: failedTitle,
		},
		"an empty state":          {state: "\n", says: noResource, exits: "0", status: 1, notified: failedTitle},
		"a state of data sources": {state: onlyData, says: noResource, exits: "0", status: 1, notified: failedTitle},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newScripts(t)
			s.program("plays-terraform",
				`[ "$1" != state ] || { printf '%s\n' "$STATE"; exit; }; printf '%s\n' "$SAYS"; exit "$EXITS"`)
			output, status := s.run("drift.sh", "",
				"TERRAFORM=plays-terraform", "STATE="+cmp.Or(test.state, managed), "SAYS="+test.says, "EXITS="+test.exits,
				`DRIFT_NOTIFY=echo "$DRIFT_TITLE" >title; cat >message; exit 7`) // whose status is not the look's
			if status != test.status || !strings.Contains(output, test.says) {
				t.Errorf("status %d instead of %d: %s", status, test.status, output)
			}
			if title := strings.TrimSpace(s.left("title")); title != test.notified {
				t.Errorf("notified of %q instead of %q", title, test.notified)
			}
			if message := s.left("message"); test.notified != "" && !strings.Contains(message, test.says) {
				t.Errorf("the message is %q", message)
			}
		})
	}
}

func TestIssueScriptKeepsOneIssueOpen(t *testing.T) {
	const search = `issue list --search in:title "` + driftTitle +
		`" --json number,title --jq map(select(.title == env.DRIFT_TITLE))[0].number // empty` + "\n"
	const body = "--body ```\ntotp_enabled = true -> false\n```\n"
	tests := map[string]struct{ open, want string }{
		"none is open": {"", search + "issue create --title " + driftTitle + " " + body},
		"one is open":  {"7", search + "issue edit 7 " + body},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newScripts(t)
			s.program("gh", `printf '%s\n' "$*" >>calls; [ "$2" != list ] || printf '%s' "$OPEN"`)
			if output, status := s.run("issue.sh", "totp_enabled = true -> false\n", "OPEN="+test.open,
				"DRIFT_TITLE="+driftTitle); status != 0 {
				t.Errorf("status %d: %s", status, output)
			}
			if diff := gocmp.Diff(test.want, s.left("calls")); diff != "" {
				t.Errorf("other calls of gh (-want +got):\n%s", diff)
			}
		})
	}
}

// scripts is a directory to run the scripts in, with programs that they find on PATH.
type scripts struct {
	t   *testing.T
	dir string
	bin string
}

func newScripts(t *testing.T) *scripts {
	t.Helper()
	return &scripts{t: t, dir: t.TempDir(), bin: t.TempDir()}
}

func (s *scripts) program(name, commands string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.bin, name), []byte("#!/bin/sh\n"+commands+"\n"), 0o700); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scripts) run(name, input string, environment ...string) (output string, status int) {
	s.t.Helper()
	script, err := filepath.Abs(filepath.Join("..", "..", "examples", "drift-check", name))
	if err != nil {
		s.t.Fatal(err)
	}
	command := exec.CommandContext(s.t.Context(), script) //nolint:gosec // G204: a script of this repository
	command.Dir = s.dir
	command.Env = append([]string{"PATH=" + s.bin + string(os.PathListSeparator) + os.Getenv("PATH")}, environment...)
	command.Stdin = strings.NewReader(input)
	combined, err := command.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return string(combined), command.ProcessState.ExitCode()
}

// left returns what the script has written into a file, if anything.
func (s *scripts) left(name string) string {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		s.t.Fatal(err)
	}
	return string(content)
}
