package providertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// The tests cli_*_acc_test.go run the CLI and the provider's own program as a user does, for what the test harness has
// no kind of step for: saved plans, -target, exit statuses, warnings, logs.

// cliVersion is the version under which the CLI finds the program. The examples' constraint lets it pass.
const cliVersion = "0.99.0"

// Cli is a working directory with a configuration.
type Cli struct {
	T   *testing.T
	Dir string
	Env map[string]string
}

// NewCLI prepares an initialized working directory with one configuration file.
func NewCLI(t *testing.T, server *AccServer, config string) *Cli {
	t.Helper()
	c := NewCLIIn(t, server, t.TempDir())
	c.Configure(config)
	c.Run(0, "init", "-no-color")
	return c
}

// NewCLIIn prepares a working directory, in which the provider's arguments come from the environment.
func NewCLIIn(t *testing.T, server *AccServer, dir string) *Cli {
	t.Helper()
	// CLIs look for providers in this directory of the working directory by themselves.
	if err := os.Symlink(CliMirror(t), filepath.Join(dir, "terraform.d")); err != nil {
		t.Fatal(err)
	}
	c := &Cli{T: t, Dir: dir, Env: map[string]string{
		"PATH":               os.Getenv("PATH"),
		"HOME":               t.TempDir(), // CLIs look for providers there, too
		"TF_CLI_CONFIG_FILE": os.DevNull,
		"CHECKPOINT_DISABLE": "1",
		"TF_IN_AUTOMATION":   "1",
		"TF_INPUT":           "0",

		"ASGARDEO_BASE_URL":      server.URL(),
		"ASGARDEO_ORGANIZATION":  mockserver.DefaultOrganization,
		"ASGARDEO_CLIENT_ID":     mockserver.DefaultClientID,
		"ASGARDEO_CLIENT_SECRET": mockserver.DefaultClientSecret,
		"ASGARDEO_MAX_RETRIES":   "0", // the program waits for a second before it tries again
	}}
	if server.at != nil {
		c.Env["ASGARDEO_MY_ACCOUNT_API"] = server.at.String()
	}
	return c
}

// CliRequired is for either registry: the CLI chooses its own.
const CliRequired = `
	terraform {
		required_providers {
			asgardeo = {
				source = "asgardeo/asgardeo"
			}
		}
	}
`

// Configure replaces main.tf, except for where the provider is from.
func (c *Cli) Configure(config string) {
	c.T.Helper()
	c.Write("main.tf", CliRequired+config)
}

func (c *Cli) Write(name, content string) {
	c.T.Helper()
	if err := os.WriteFile(c.Path(name), []byte(content), 0o600); err != nil {
		c.T.Fatal(err)
	}
}

func (c *Cli) Read(name string) []byte {
	c.T.Helper()
	content, err := os.ReadFile(c.Path(name))
	if err != nil {
		c.T.Fatal(err)
	}
	return content
}

func (c *Cli) Path(name string) string {
	return filepath.Join(c.Dir, name)
}

// Run runs a command of the CLI, insists on its exit status, and returns everything it printed.
func (c *Cli) Run(status int, arguments ...string) CliOutput {
	c.T.Helper()
	command := exec.CommandContext(c.T.Context(), CliPath(c.T), arguments...) //nolint:gosec // the developer's own CLI
	command.Dir = c.Dir
	for name, value := range c.Env {
		command.Env = append(command.Env, name+"="+value)
	}
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err := command.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		c.T.Fatal(err)
	}
	if got := command.ProcessState.ExitCode(); got != status {
		c.T.Fatalf("%s ended with status %d instead of %d:\n%s", strings.Join(arguments, " "), got, status, &output)
	}
	return CliOutput(output.String())
}

// Plan is plan -detailed-exitcode: status 0 is an empty plan, 2 is one with changes.
func (c *Cli) Plan(status int, arguments ...string) CliOutput {
	c.T.Helper()
	return c.Run(status, append([]string{"plan", "-no-color", "-detailed-exitcode"}, arguments...)...)
}

func (c *Cli) Apply(arguments ...string) CliOutput {
	c.T.Helper()
	return c.Run(0, append([]string{"apply", "-no-color", "-auto-approve"}, arguments...)...)
}

// ApplySaved applies a plan file.
func (c *Cli) ApplySaved(name string) CliOutput {
	c.T.Helper()
	return c.Run(0, "apply", "-no-color", name)
}

func (c *Cli) Destroy() CliOutput {
	c.T.Helper()
	return c.Run(0, "destroy", "-no-color", "-auto-approve")
}

// CliOutput is what a command printed.
type CliOutput string

// Plain is the output without the frames and line breaks that depend on the width of the screen.
func (o CliOutput) Plain() string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(string(o))), " ")
}

func (o CliOutput) Has(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(o.Plain(), text) {
			t.Errorf("the output lacks %q:\n%s", text, o)
		}
	}
}

func (o CliOutput) Lacks(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(o.Plain(), text) {
			t.Errorf("the output has %q:\n%s", text, o)
		}
	}
}

// Product returns the CLI's name and version.
func (c *Cli) Product() (name, release string) {
	c.T.Helper()
	name, release, _ = strings.Cut(string(c.Run(0, "version")), " ")
	release, _, _ = strings.Cut(release, "\n")
	return name, strings.TrimPrefix(release, "v")
}

// NeedsCLI skips a test of write-only arguments and ephemeral resources where the CLI knows none. They are tested at
// the level of the protocol, too.
func NeedsCLI(t *testing.T) {
	t.Helper()
	NewCLI(t, StartAccServer(t), "").Needs("1.11.0", "Terraform", "OpenTofu")
}

// NeedsRemovedBlocks skips the test where removed blocks, or what they say of destroying, are unknown.
func NeedsRemovedBlocks(t *testing.T) {
	t.Helper()
	c := NewCLI(t, StartAccServer(t), "")
	if name, _ := c.Product(); name == "OpenTofu" {
		c.Needs("1.10.0", "OpenTofu")
		return
	}
	c.Needs("1.7.0", "Terraform")
}

// CliPathVariable names the CLI; the harness looks there, too.
const CliPathVariable = "TF_ACC_TERRAFORM_PATH"

func CliPath(t *testing.T) string {
	t.Helper()
	name := os.Getenv(CliPathVariable)
	if name == "" {
		name = "terraform"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%v: set %s to the path of a Terraform or OpenTofu CLI", err, CliPathVariable)
	}
	return path
}

// CliMirror returns the directory in which CLIs find the provider's program.
func CliMirror(t *testing.T) string {
	t.Helper()
	mirror, err := buildMirror()
	if err != nil {
		t.Fatal(err)
	}
	return mirror
}

// buildMirror builds the program once for all tests. It goes where go test has put the test's own program, and will be
// removed with it.
var buildMirror = sync.OnceValues(func() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	// ignored by git, should it stay behind a debugger
	mirror, err := os.MkdirTemp(filepath.Dir(self), "terraform.d-*.test")
	if err != nil {
		return "", err
	}
	program := filepath.Join(mirror, "terraform-provider-asgardeo")
	//nolint:gosec // a path of our own
	build := exec.CommandContext(context.Background(), "go", "build", "-o", program,
		"github.com/asgardeo/terraform-provider-asgardeo")
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	// One source address means either registry, depending on the CLI.
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		directory := filepath.Join(mirror, "plugins", registry, "asgardeo", "asgardeo", cliVersion,
			runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(directory, 0o750); err != nil {
			return "", err
		}
		name := "terraform-provider-asgardeo_v" + cliVersion
		if runtime.GOOS == "windows" {
			name += ".exe"
		}
		if err := os.Link(program, filepath.Join(directory, name)); err != nil {
			return "", err
		}
	}
	return mirror, nil
})

// With returns the environment of a run with other variables.
func (c *Cli) With(variables map[string]string) *Cli {
	changed := *c
	changed.Env = maps.Clone(c.Env)
	maps.Copy(changed.Env, variables)
	return &changed
}

// Attributes returns the attributes of the only instance of a resource in the state.
func (c *Cli) Attributes(address string) map[string]any {
	c.T.Helper()
	var state struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Address string         `json:"address"`
					Values  map[string]any `json:"values"`
				} `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal([]byte(c.Run(0, "show", "-json")), &state); err != nil {
		c.T.Fatal(err)
	}
	for _, instance := range state.Values.RootModule.Resources {
		if instance.Address == address {
			return instance.Values
		}
	}
	return nil
}
