package provider

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

// cli is a working directory with a configuration.
type cli struct {
	t   *testing.T
	dir string
	env map[string]string
}

// newCLI prepares an initialized working directory with one configuration file.
func newCLI(t *testing.T, server *accServer, config string) *cli {
	t.Helper()
	c := newCLIIn(t, server, t.TempDir())
	c.configure(config)
	c.run(0, "init", "-no-color")
	return c
}

// newCLIIn prepares a working directory, in which the provider's arguments come from the environment.
func newCLIIn(t *testing.T, server *accServer, dir string) *cli {
	t.Helper()
	// CLIs look for providers in this directory of the working directory by themselves.
	if err := os.Symlink(cliMirror(t), filepath.Join(dir, "terraform.d")); err != nil {
		t.Fatal(err)
	}
	c := &cli{t: t, dir: dir, env: map[string]string{
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
		c.env["ASGARDEO_MY_ACCOUNT_API"] = server.at.String()
	}
	return c
}

// cliRequired is for either registry: the CLI chooses its own.
const cliRequired = `
	terraform {
		required_providers {
			asgardeo = {
				source = "asgardeo/asgardeo"
			}
		}
	}
`

// configure replaces main.tf, except for where the provider is from.
func (c *cli) configure(config string) {
	c.t.Helper()
	c.write("main.tf", cliRequired+config)
}

func (c *cli) write(name, content string) {
	c.t.Helper()
	if err := os.WriteFile(c.path(name), []byte(content), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cli) read(name string) []byte {
	c.t.Helper()
	content, err := os.ReadFile(c.path(name))
	if err != nil {
		c.t.Fatal(err)
	}
	return content
}

func (c *cli) path(name string) string {
	return filepath.Join(c.dir, name)
}

// run runs a command of the CLI, insists on its exit status, and returns everything it printed.
func (c *cli) run(status int, arguments ...string) cliOutput {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), cliPath(c.t), arguments...) //nolint:gosec // the developer's own CLI
	command.Dir = c.dir
	for name, value := range c.env {
		command.Env = append(command.Env, name+"="+value)
	}
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err := command.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		c.t.Fatal(err)
	}
	if got := command.ProcessState.ExitCode(); got != status {
		c.t.Fatalf("%s ended with status %d instead of %d:\n%s", strings.Join(arguments, " "), got, status, &output)
	}
	return cliOutput(output.String())
}

// plan is plan -detailed-exitcode: status 0 is an empty plan, 2 is one with changes.
func (c *cli) plan(status int, arguments ...string) cliOutput {
	c.t.Helper()
	return c.run(status, append([]string{"plan", "-no-color", "-detailed-exitcode"}, arguments...)...)
}

func (c *cli) apply(arguments ...string) cliOutput {
	c.t.Helper()
	return c.run(0, append([]string{"apply", "-no-color", "-auto-approve"}, arguments...)...)
}

// applySaved applies a plan file.
func (c *cli) applySaved(name string) cliOutput {
	c.t.Helper()
	return c.run(0, "apply", "-no-color", name)
}

func (c *cli) destroy() cliOutput {
	c.t.Helper()
	return c.run(0, "destroy", "-no-color", "-auto-approve")
}

// cliOutput is what a command printed.
type cliOutput string

// plain is the output without the frames and line breaks that depend on the width of the screen.
func (o cliOutput) plain() string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(string(o))), " ")
}

func (o cliOutput) has(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(o.plain(), text) {
			t.Errorf("the output lacks %q:\n%s", text, o)
		}
	}
}

func (o cliOutput) lacks(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(o.plain(), text) {
			t.Errorf("the output has %q:\n%s", text, o)
		}
	}
}

// product returns the CLI's name and version.
func (c *cli) product() (name, release string) {
	c.t.Helper()
	name, release, _ = strings.Cut(string(c.run(0, "version")), " ")
	release, _, _ = strings.Cut(release, "\n")
	return name, strings.TrimPrefix(release, "v")
}

// needsCLI skips a test of write-only arguments and ephemeral resources where the CLI knows none. They are tested at
// the level of the protocol, too.
func needsCLI(t *testing.T) {
	t.Helper()
	newCLI(t, startAccServer(t), "").needs("1.11.0", "Terraform", "OpenTofu")
}

// needsRemovedBlocks skips the test where removed blocks, or what they say of destroying, are unknown.
func needsRemovedBlocks(t *testing.T) {
	t.Helper()
	c := newCLI(t, startAccServer(t), "")
	if name, _ := c.product(); name == "OpenTofu" {
		c.needs("1.10.0", "OpenTofu")
		return
	}
	c.needs("1.7.0", "Terraform")
}

// cliPathVariable names the CLI; the harness looks there, too.
const cliPathVariable = "TF_ACC_TERRAFORM_PATH"

func cliPath(t *testing.T) string {
	t.Helper()
	name := os.Getenv(cliPathVariable)
	if name == "" {
		name = "terraform"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%v: set %s to the path of a Terraform or OpenTofu CLI", err, cliPathVariable)
	}
	return path
}

// cliMirror returns the directory in which CLIs find the provider's program.
func cliMirror(t *testing.T) string {
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

// with returns the environment of a run with other variables.
func (c *cli) with(variables map[string]string) *cli {
	changed := *c
	changed.env = maps.Clone(c.env)
	maps.Copy(changed.env, variables)
	return &changed
}

// attributes returns the attributes of the only instance of a resource in the state.
func (c *cli) attributes(address string) map[string]any {
	c.t.Helper()
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
	if err := json.Unmarshal([]byte(c.run(0, "show", "-json")), &state); err != nil {
		c.t.Fatal(err)
	}
	for _, instance := range state.Values.RootModule.Resources {
		if instance.Address == address {
			return instance.Values
		}
	}
	return nil
}
