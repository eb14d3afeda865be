package provider_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestAccGuides does what a reader of docs/guides/*.md does, against a mock server: it writes the files, runs the
// commands and compares what they print. The reader begins in an empty directory and stays in the one that the commands
// change to. Comments that a reader does not see say how. These are about the next block:
//
//	<!-- test: file NAME -->
//		It is the content of this file.
//	<!-- test: backend -->
//		It is a file with a backend that the reader replaces with their own: here, a file beside the directory.
//	<!-- test: form -->
//		It needs somebody else's server, so only its form is checked.
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
//	<!-- test: opa -->
//		The guide needs opa.
//	<!-- test: workflow FILE -->
//		GitHub runs this workflow, with what is in the directory; "workflow FILE exit N" says how it ends.
//	<!-- test: console ORGANIZATION CHANGE -->
//		Somebody changes the application My Account in the Console, see inConsole.
//	<!-- test: classic OBJECT KEY=VALUE, OBJECT KEY=VALUE -->
//		The configuration store must hold these objects and no other.
//	<!-- test: server ORGANIZATION MISSING -->
//		The organization's server has no type_myaccount, switch or application from now on; "everything" brings them back.
//	<!-- test: scopes ORGANIZATION SCOPE -->
//		The organization's application has these scopes from now on.
//	<!-- test: client ORGANIZATION NAME SCOPE -->
//		It has this application from now on: client ID NAME-client-id, secret NAME-client-secret.
//	<!-- test: secret ORGANIZATION SECRET -->
//		The server must have this secret of the SMS sender.
//
// Blocks of sh are run, "terraform" being the CLI under test. A block of text is what the commands before it print,
// apart from line breaks and from "…", which stands for anything. Every other block must be a file.
func TestAccGuides(t *testing.T) {
	t.Parallel()
	providertest.NeedsCLI(t)
	providertest.StartAccServer(t) // skips where there is no CLI
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
			blocks := parseGuide(t, string(content))
			if len(blocks) == 0 {
				return // nothing to do, only to read
			}
			reader := newGuideReader(t)
			reader.publishModules(string(content))
			for _, block := range blocks {
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
	guideSteps     = []string{"both", "opa", "workflow", "console", "classic", "server", "scopes", "client", "secret"}
	guideMarks     = []string{"file", "backend", "form", "exit", "calls", "needs"}
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
		case strings.HasPrefix(strings.TrimSpace(text), "```"):
			t.Fatalf("line %d: nobody tries an indented block", i+1)
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
	server  *providertest.AccServer
	cli     *providertest.CLI // cli.dir is the directory that the reader is in
	bin     string            // holds the commands terraform, gh and, where a guide needs them, tofu and opa
	shell   string            // holds the commands to run, and what those before them have left
	state   string            // the file in which the reader's own backend keeps the state
	skipped bool              // the last commands were left out
	output  string            // of the last commands

	workflows []string // workflow files that GitHub has not run yet
	applied   bool     // a state was looked at
}

func newGuideReader(t *testing.T) *guideReader {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "my-account")
	providertest.Must(t, os.Mkdir(dir, 0o750))
	r := &guideReader{
		t: t, server: startFleet(t), bin: t.TempDir(), shell: t.TempDir(),
		state: filepath.Join(t.TempDir(), "terraform.tfstate"),
	}
	r.cli = providertest.NewCLIIn(t, r.server, dir)
	// The reader changes directories, so the CLI must not look for the provider in the first one.
	providertest.Must(t, os.Remove(r.cli.Path("terraform.d")))
	r.cli.Env["TF_CLI_CONFIG_FILE"] = filepath.Join(r.shell, "terraform.rc")
	providertest.Must(t, os.WriteFile(r.cli.Env["TF_CLI_CONFIG_FILE"], fmt.Appendf(nil, "provider_installation {\n  "+
		"filesystem_mirror {\n    path = %q\n  }\n}\n",
		filepath.ToSlash(filepath.Join(providertest.ProviderMirror(t), "plugins"))), 0o600))
	for _, name := range []string{"ASGARDEO_ORGANIZATION", "ASGARDEO_CLIENT_ID", "ASGARDEO_CLIENT_SECRET"} {
		delete(r.cli.Env, name) // the guide's to set
	}
	r.cli.Env["PATH"] = r.bin + string(os.PathListSeparator) + r.cli.Env["PATH"]
	r.cli.Env["ASGARDEO_REQUESTS_PER_MINUTE"] = "0"
	r.command("terraform", providertest.CLIPath(t))
	providertest.Must(t, os.WriteFile(filepath.Join(r.bin, "gh"), []byte(guideGitHub), 0o700))
	return r
}

// publishModules puts the modules of this repository where the guide's configurations find them: git takes a copy for
// the repository on GitHub.
func (r *guideReader) publishModules(guide string) {
	r.t.Helper()
	tag := guideModule.FindStringSubmatch(guide)
	if tag == nil {
		return
	}
	repository := filepath.Join(r.t.TempDir(), "repository")
	providertest.Must(r.t, os.Mkdir(repository+".git", 0o750))
	providertest.Must(r.t, os.Rename(copyOfExamples(r.t), filepath.Join(repository+".git", "examples")))
	maps.Copy(r.cli.Env, map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_COUNT": "1",
		"GIT_CONFIG_KEY_0":   "url.file:///" + strings.TrimPrefix(filepath.ToSlash(repository), "/") + ".insteadOf",
		"GIT_CONFIG_VALUE_0": "https://github.com/asgardeo/terraform-provider-asgardeo",
		"GIT_AUTHOR_NAME":    "test", "GIT_AUTHOR_EMAIL": "test@example.com",
		"GIT_COMMITTER_NAME": "test", "GIT_COMMITTER_EMAIL": "test@example.com",
	})
	for _, arguments := range [][]string{
		{"init", "-q"}, {"add", "."}, {"commit", "-q", "-m", "modules"}, {"tag", tag[1]},
	} {
		if output, err := r.start(repository+".git", "git", arguments...).CombinedOutput(); err != nil {
			r.t.Fatalf("git %s: %v\n%s", arguments[0], err, output)
		}
	}
}

// command puts a command on the reader's PATH.
func (r *guideReader) command(name, path string) {
	r.t.Helper()
	link := filepath.Join(r.bin, name)
	if err := os.Remove(link); err != nil && !errors.Is(err, os.ErrNotExist) {
		r.t.Fatal(err)
	}
	providertest.Must(r.t, os.Symlink(path, link))
}

// start prepares a program in the reader's environment.
func (r *guideReader) start(dir, name string, arguments ...string) *exec.Cmd {
	//nolint:gosec // G204: a shell, git, or the developer's own CLI
	program := exec.CommandContext(r.t.Context(), name, arguments...)
	program.Dir = dir
	for name, value := range r.cli.Env {
		program.Env = append(program.Env, name+"="+value)
	}
	program.Env = append(program.Env, "GUIDE="+r.shell)
	return program
}

// both finds the CLI that is not under test.
func (r *guideReader) both() {
	r.t.Helper()
	commands := map[string]string{"Terraform": "terraform", "OpenTofu": "tofu"}
	tested, _ := r.cli.Product()
	for product, name := range commands {
		if product == tested {
			r.command(name, providertest.CLIPath(r.t))
			continue
		}
		r.tool(name)
	}
}

// tool finds a command on PATH or in bin/.
func (r *guideReader) tool(name string) {
	r.t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path, err = filepath.Abs(filepath.Join("..", "..", "bin", name))
	}
	if _, missing := os.Stat(path); err != nil || missing != nil {
		r.t.Skipf("the guide needs %s: make bin/%s builds one", name, name)
	}
	r.command(name, path)
}

func (r *guideReader) follow(block guideBlock) {
	r.t.Helper()
	for name, argument := range block.directives {
		first, rest, _ := strings.Cut(argument, " ")
		switch name {
		case "both":
			r.both()
		case "opa":
			r.tool("opa")
		case "workflow":
			r.runWorkflow(block.line, first, strings.TrimPrefix(rest, "exit "))
		case "console":
			r.server.InConsole(first, strings.Fields(rest)...)
		case "classic":
			r.server.Holds(strings.Split(argument, ", ")...)
		case "server":
			r.server.Update(func(state *mockserver.State) { lose(state.Organizations[first], rest) })
		case "scopes":
			r.server.Update(func(state *mockserver.State) { state.Organizations[first].Scopes = strings.Fields(rest) })
		case "client":
			name, scopes, _ := strings.Cut(rest, " ")
			r.server.Update(func(state *mockserver.State) {
				organization := state.Organizations[first]
				organization.ClientID, organization.ClientSecret = name+"-client-id", name+"-client-secret"
				organization.Scopes = strings.Fields(scopes)
			})
		case "secret":
			sender := r.server.State().Organizations[first].SMSSenders["SMSPublisher"]
			if sender == nil || *sender.Secret != rest {
				r.t.Errorf("line %d: the server does not have this secret for the SMS sender of %s", block.line, first)
			}
		}
	}
	file, isFile := block.directives["file"]
	_, isBackend := block.directives["backend"]
	_, isForm := block.directives["form"]
	switch {
	case block.language == "":
	case block.language == "text":
		if !r.skipped && !providertest.Failing(strings.Split(block.text, "…")...).MatchString(r.output) {
			r.t.Errorf("line %d: the commands did not print\n%s\nbut\n%s", block.line, block.text, r.output)
		}
	case !r.hasCLI(block.directives["needs"]):
		r.skipped = true
	case isForm:
		r.wantForm(block)
	case isFile:
		if block.language == "terraform" {
			r.wantForm(block)
		}
		providertest.Must(r.t, os.MkdirAll(filepath.Dir(r.cli.Path(file)), 0o750))
		if isBackend {
			block.text = fmt.Sprintf("terraform {\n  backend \"local\" {\n    path = %q\n  }\n}\n", r.state)
		}
		r.cli.Write(file, block.text)
		if strings.HasPrefix(file, ".github/workflows/") {
			r.workflows = append(r.workflows, file)
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
	product, release := r.cli.Product()
	for need := range strings.SplitSeq(needs, ", ") {
		name, minimum, _ := strings.Cut(need, " ")
		if strings.HasSuffix(strings.ToLower(product), name) && providertest.AtLeast(r.t, release, minimum) {
			return true
		}
	}
	return false
}

var (
	escapeSequence = regexp.MustCompile(`\x1b\[[0-9;]*m`)
	guideModule    = regexp.MustCompile(`github\.com/asgardeo/terraform-provider-asgardeo//\S+\?ref=(v[0-9.]+)`)
)

// guideShell stops at the first command that fails, as a reader does, and hands the directory and the exported
// variables on to the next block.
const guideShell = `
	set -e
	if [ -e "$GUIDE/exports" ]; then . "$GUIDE/exports"; fi
	# -W: Git's shell on Windows
	trap 'export -p >"$GUIDE/exports"; { pwd -W 2>/dev/null || pwd; } >"$GUIDE/directory"' EXIT
	. "$GUIDE/commands"
`

// run runs the commands of a block in a shell of their own.
func (r *guideReader) run(block guideBlock) {
	r.t.Helper()
	r.server.ClearRequests()
	providertest.Must(r.t, os.WriteFile(filepath.Join(r.shell, "commands"), []byte(block.text), 0o600))
	r.finished(block.line, r.start(r.cli.Dir, "sh", "-c", guideShell), block.directives["exit"])
	if want := block.directives["calls"]; want != "" {
		most, limited := strings.CutPrefix(want, "at most ")
		sent := len(r.server.Requests())
		if number, err := strconv.Atoi(most); err != nil || sent > number || sent < number && !limited {
			r.t.Errorf("line %d: the commands sent %d requests", block.line, sent)
		}
	}
	directory, err := os.ReadFile(filepath.Join(r.shell, "directory"))
	providertest.Must(r.t, err)
	r.cli.Dir = strings.TrimSpace(string(directory))
	r.look()
}

// finished runs a program, insists on its status, and keeps what it prints.
func (r *guideReader) finished(line int, program *exec.Cmd, want string) {
	r.t.Helper()
	output, err := program.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	if got := strconv.Itoa(program.ProcessState.ExitCode()); got != cmp.Or(want, "0") {
		r.t.Fatalf("line %d: the commands ended with status %s:\n%s", line, got, output)
	}
	portals := regexp.MustCompile(regexp.QuoteMeta(r.server.URL()) + `/t/(\w+)/myaccount`)
	r.output = escapeSequence.ReplaceAllString(string(output), "")
	r.output = strings.ReplaceAll(r.output, "OpenTofu", "Terraform")
	r.output = portals.ReplaceAllString(r.output, "https://myaccount.asgardeo.io/t/$1")
	r.skipped = false
}

// wantForm insists on the form that terraform fmt gives to a configuration.
func (r *guideReader) wantForm(block guideBlock) {
	r.t.Helper()
	program := r.start(r.cli.Dir, "terraform", "fmt", "-check", "-diff", "-")
	program.Path = providertest.CLIPath(r.t)
	program.Stdin = strings.NewReader(block.text)
	r.finished(block.line, program, "")
}

// finish insists that everything was tried.
func (r *guideReader) finish() {
	r.t.Helper()
	if len(r.workflows) > 0 {
		r.t.Errorf("nobody runs %s", r.workflows)
	}
	if !r.applied {
		r.t.Error("no state was looked at: the guide applies nothing")
	}
}

// look insists that the state, if there is one, holds no secret of the guide.
func (r *guideReader) look() {
	r.t.Helper()
	for _, name := range []string{r.cli.Path("terraform.tfstate"), r.state} {
		content, err := os.ReadFile(name)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		providertest.Must(r.t, err)
		state := string(content)
		r.applied = r.applied || strings.Contains(state, "bifrost")
		for _, secret := range []string{"client-secret", "auth-token", "gateway-token"} {
			if strings.Contains(state, secret) {
				r.t.Errorf("the state holds a secret, %q:\n%s", secret, state)
			}
		}
	}
}
