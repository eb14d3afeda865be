package provider

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// TestAccGuides does what a reader of docs/guides/*.md does, against a mock server: it writes the files, runs the
// commands and compares what they print. Comments that a reader does not see say how. These are about the next block:
//
//	<!-- test: file NAME -->
//		It is the content of this file.
//	<!-- test: exit N -->
//		Its commands end with this status instead of 0.
//	<!-- test: calls N -->
//		Its commands send so many requests; "calls at most N" allows fewer.
//	<!-- test: needs terraform 1.14 -->
//		It is left out with other CLIs and with older ones: "needs terraform 1.12, tofu 1.12" names both.
//
// These are steps of their own:
//
//	<!-- test: both -->
//		The guide needs terraform and tofu.
//	<!-- test: fresh -->
//		Go on in another, empty working directory.
//	<!-- test: console ORGANIZATION CHANGE -->
//		Somebody changes the application My Account in the Console, see inConsole.
//	<!-- test: classic OBJECT KEY=VALUE, OBJECT KEY=VALUE -->
//		The configuration store must hold these objects and no other.
//	<!-- test: server ORGANIZATION MISSING -->
//		The organization's server has no type_myaccount, switch or application from now on; "everything" brings them back.
//	<!-- test: scopes ORGANIZATION SCOPE -->
//		The organization's application has these scopes from now on.
//	<!-- test: secret ORGANIZATION SECRET -->
//		The server must have this secret of the SMS sender.
//
// Blocks of sh are run, "terraform" being the CLI under test. A block of text is what the commands before it print, apart
// from line breaks and from "…", which stands for anything. Every other block must be a file.
func TestAccGuides(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	startAccServer(t) // skips where there is no CLI
	guides := glob(t, "..", "..", "docs", "guides", "*.md")
	if len(guides) == 0 {
		t.Fatal("there is no guide: run make docs")
	}
	for _, path := range guides {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".md"), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			reader := newGuideReader(t)
			for _, block := range parseGuide(t, string(content)) {
				reader.follow(block)
			}
			reader.finish()
		})
	}
}

// guideBlock is a fenced block of a guide with the comments before it. A step of its own has no language.
type guideBlock struct {
	line       int
	language   string
	text       string
	directives map[string]string
}

var (
	guideDirective = regexp.MustCompile(`^<!-- test: (\w+) ?(.*?) ?-->$`)
	guideSteps     = []string{"both", "fresh", "console", "classic", "server", "scopes", "secret"}
	guideMarks     = []string{"file", "exit", "calls", "needs"}
)

func parseGuide(t *testing.T, content string) []guideBlock {
	t.Helper()
	var blocks []guideBlock
	var open *guideBlock
	marks := map[string]string{}
	for i, text := range strings.Split(content, "\n") {
		directive := guideDirective.FindStringSubmatch(text)
		switch {
		case open != nil && text == "```":
			blocks = append(blocks, *open)
			open = nil
		case open != nil:
			open.text += text + "\n"
		case strings.HasPrefix(text, "```"):
			open = &guideBlock{line: i + 1, language: strings.TrimPrefix(text, "```"), directives: marks}
			marks = map[string]string{}
		case len(directive) > 0 && slices.Contains(guideSteps, directive[1]):
			blocks = append(blocks, guideBlock{line: i + 1, directives: map[string]string{directive[1]: directive[2]}})
		case len(directive) > 0 && slices.Contains(guideMarks, directive[1]):
			marks[directive[1]] = directive[2]
		case strings.Contains(text, "<!-- test"):
			t.Fatalf("line %d: not a directive: %s", i+1, text)
		}
	}
	if open != nil || len(marks) > 0 {
		t.Fatal("a block at the end is missing")
	}
	return blocks
}

// guideReader follows one guide.
type guideReader struct {
	t       *testing.T
	server  *accServer
	cli     *cli
	bin     string // holds the commands terraform and, where a guide needs it, tofu
	shell   string // holds the commands to run, and what those before them have exported
	skipped bool   // the last commands were left out
	output  string // of the last commands

	ran      string   // all commands
	workflow []string // commands of workflow files
	applied  bool     // a working directory has a state
}

func newGuideReader(t *testing.T) *guideReader {
	t.Helper()
	r := &guideReader{t: t, server: startFleet(t), bin: t.TempDir(), shell: t.TempDir()}
	r.command("terraform", cliPath(t))
	r.fresh()
	return r
}

// command puts a command on the reader's PATH.
func (r *guideReader) command(name, path string) {
	r.t.Helper()
	link := filepath.Join(r.bin, name)
	if err := os.Remove(link); err != nil && !errors.Is(err, os.ErrNotExist) {
		r.t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		r.t.Fatal(err)
	}
}

// fresh goes to a working directory beside the modules. The credentials are the guide's to set.
func (r *guideReader) fresh() {
	r.t.Helper()
	dir := filepath.Join(copyOfExamples(r.t), "guide")
	if err := os.Mkdir(dir, 0o750); err != nil {
		r.t.Fatal(err)
	}
	r.cli = newCLIIn(r.t, r.server, dir)
	for _, name := range []string{"ASGARDEO_ORGANIZATION", "ASGARDEO_CLIENT_ID", "ASGARDEO_CLIENT_SECRET"} {
		delete(r.cli.env, name)
	}
	r.cli.env["PATH"] = r.bin + string(os.PathListSeparator) + r.cli.env["PATH"]
	r.cli.env["ASGARDEO_REQUESTS_PER_MINUTE"] = "0"
}

// both finds the CLI that is not under test.
func (r *guideReader) both() {
	r.t.Helper()
	commands := map[string]string{"Terraform": "terraform", "OpenTofu": "tofu"}
	tested, _ := r.cli.product()
	for product, name := range commands {
		if product == tested {
			r.command(name, cliPath(r.t))
			continue
		}
		path, err := exec.LookPath(name)
		if err != nil {
			path, err = filepath.Abs(filepath.Join("..", "..", "bin", name)) // make tofu
		}
		if _, missing := os.Stat(path); err != nil || missing != nil {
			r.t.Skipf("the guide needs terraform and tofu, and %s is missing: make tofu builds one", name)
		}
		r.command(name, path)
	}
}

func (r *guideReader) follow(block guideBlock) {
	r.t.Helper()
	for name, argument := range block.directives {
		first, rest, _ := strings.Cut(argument, " ")
		switch name {
		case "both":
			r.both()
		case "fresh":
			r.fresh()
		case "console":
			r.server.inConsole(first, strings.Fields(rest)...)
		case "classic":
			r.server.holds(strings.Split(argument, ", ")...)
		case "server":
			r.server.Update(func(state *mockserver.State) { lose(state.Organizations[first], rest) })
		case "scopes":
			r.server.Update(func(state *mockserver.State) { state.Organizations[first].Scopes = strings.Fields(rest) })
		case "secret":
			sender := r.server.State().Organizations[first].SMSSenders["SMSPublisher"]
			if sender == nil || *sender.Secret != rest {
				r.t.Errorf("line %d: the server does not have this secret for the SMS sender of %s", block.line, first)
			}
		}
	}
	file, isFile := block.directives["file"]
	switch {
	case block.language == "":
	case block.language == "text":
		if !r.skipped && !failing(strings.Split(block.text, "…")...).MatchString(r.output) {
			r.t.Errorf("line %d: the commands did not print\n%s\nbut\n%s", block.line, block.text, r.output)
		}
	case !r.hasCLI(block.directives["needs"]):
		r.skipped = true
	case isFile:
		if err := os.MkdirAll(filepath.Dir(r.cli.path(file)), 0o750); err != nil {
			r.t.Fatal(err)
		}
		r.cli.write(file, block.text)
		for _, command := range workflowRun.FindAllStringSubmatch(block.text, -1) {
			r.workflow = append(r.workflow, command[1])
		}
	case block.language == "sh":
		r.run(block)
	default:
		r.t.Errorf("line %d: nobody tries this block: say which file it is", block.line)
	}
}

// lose takes something away from an organization's server.
func lose(organization *mockserver.Organization, what string) {
	organization.TypeMissing = what == "type_myaccount"
	organization.ApplicationSwitchMissing = what == "switch"
	organization.Applications = nil // the usual one
	if what == "application" {
		organization.Applications = []mockserver.Application{}
	}
}

// hasCLI reports whether the CLI under test is one of those that a block needs.
func (r *guideReader) hasCLI(needs string) bool {
	r.t.Helper()
	if needs == "" {
		return true
	}
	product, release := r.cli.product()
	for need := range strings.SplitSeq(needs, ", ") {
		name, minimum, _ := strings.Cut(need, " ")
		if strings.HasSuffix(strings.ToLower(product), name) && atLeast(r.t, release, minimum) {
			return true
		}
	}
	return false
}

var (
	workflowRun    = regexp.MustCompile(`(?m)^\s*- run: (.+)$`)
	escapeSequence = regexp.MustCompile(`\x1b\[[0-9;]*m`)
)

// guideShell stops at the first command that fails, as a reader does, and hands the exported variables on to the next
// block.
const guideShell = `
	set -e
	if [ -e "$GUIDE/exports" ]; then . "$GUIDE/exports"; fi
	trap 'export -p >"$GUIDE/exports"' EXIT
	. "$GUIDE/commands"
`

// run runs the commands of a block in a shell of their own.
func (r *guideReader) run(block guideBlock) {
	r.t.Helper()
	r.ran += block.text
	r.server.ClearRequests()
	if err := os.WriteFile(filepath.Join(r.shell, "commands"), []byte(block.text), 0o600); err != nil {
		r.t.Fatal(err)
	}
	shell := exec.CommandContext(r.t.Context(), "sh", "-c", guideShell)
	shell.Dir = r.cli.dir
	for name, value := range r.cli.env {
		shell.Env = append(shell.Env, name+"="+value)
	}
	shell.Env = append(shell.Env, "GUIDE="+r.shell)
	output, err := shell.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	got, want := strconv.Itoa(shell.ProcessState.ExitCode()), block.directives["exit"]
	if got != want && (got != "0" || want != "") {
		r.t.Fatalf("line %d: the commands ended with status %s:\n%s\n%s", block.line, got, block.text, output)
	}
	if want := block.directives["calls"]; want != "" {
		most, limited := strings.CutPrefix(want, "at most ")
		sent := len(r.server.Requests())
		if number, err := strconv.Atoi(most); err != nil || sent > number || sent < number && !limited {
			r.t.Errorf("line %d: the commands sent %d requests", block.line, sent)
		}
	}
	portals := regexp.MustCompile(regexp.QuoteMeta(r.server.URL()) + `/t/(\w+)/myaccount`)
	r.output = escapeSequence.ReplaceAllString(string(output), "")
	r.output = strings.ReplaceAll(r.output, "OpenTofu", "Terraform")
	r.output = portals.ReplaceAllString(r.output, "https://myaccount.asgardeo.io/t/$1")
	r.skipped = false
	r.look()
}

// finish insists that a workflow does nothing but what the reader has done.
func (r *guideReader) finish() {
	r.t.Helper()
	for _, command := range r.workflow {
		if !strings.Contains(r.ran, command) {
			r.t.Errorf("nobody tries the workflow's command %q", command)
		}
	}
	if !r.applied {
		r.t.Error("no state was looked at: the guide applies nothing")
	}
}

// look insists that the state of the working directory, if there is one, holds no secret of the guide.
func (r *guideReader) look() {
	r.t.Helper()
	content, err := os.ReadFile(r.cli.path("terraform.tfstate"))
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	if err != nil {
		r.t.Fatal(err)
	}
	state := string(content)
	r.applied = r.applied || strings.Contains(state, "bifrost")
	for _, secret := range []string{"client-secret", "auth-token", "gateway-token"} {
		if strings.Contains(state, secret) {
			r.t.Errorf("the state holds a secret, %q:\n%s", secret, state)
		}
	}
}
