package providertest

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// CLI is a working directory with a configuration, in which a test runs commands of the CLI.
type CLI struct {
	T   *testing.T
	Dir string
	Env map[string]string // all of the environment: the developer's own is left out
}

// NewCLI prepares an initialized working directory with one configuration file.
func NewCLI(t *testing.T, server *AccServer, config string) *CLI {
	t.Helper()
	c := NewCLIIn(t, server, t.TempDir())
	c.Configure(config)
	c.Run(0, "init", "-no-color")
	return c
}

// NewCLIIn prepares a working directory, in which the provider's arguments come from the environment.
func NewCLIIn(t *testing.T, server *AccServer, dir string) *CLI {
	t.Helper()
	// CLIs look for providers in this directory of the working directory by themselves.
	if err := os.Symlink(ProviderMirror(t), filepath.Join(dir, "terraform.d")); err != nil {
		t.Fatal(err)
	}
	c := &CLI{T: t, Dir: dir, Env: map[string]string{
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

// RequiredProviders says where the provider is from. It is for either registry: the CLI chooses its own.
const RequiredProviders = `
	terraform {
		required_providers {
			asgardeo = {
				source = "asgardeo/asgardeo"
			}
		}
	}
`

// With returns the working directory with other environment variables for what is run in it.
func (c *CLI) With(variables map[string]string) *CLI {
	changed := *c
	changed.Env = maps.Clone(c.Env)
	maps.Copy(changed.Env, variables)
	return &changed
}

// Configure replaces main.tf, except for where the provider is from.
func (c *CLI) Configure(config string) {
	c.T.Helper()
	c.Write("main.tf", RequiredProviders+config)
}

// Write writes a file in the working directory.
func (c *CLI) Write(name, content string) {
	c.T.Helper()
	if err := os.WriteFile(c.Path(name), []byte(content), 0o600); err != nil {
		c.T.Fatal(err)
	}
}

// Read returns the content of a file in the working directory.
func (c *CLI) Read(name string) []byte {
	c.T.Helper()
	content, err := os.ReadFile(c.Path(name))
	if err != nil {
		c.T.Fatal(err)
	}
	return content
}

// Path is the path of a file in the working directory.
func (c *CLI) Path(name string) string {
	return filepath.Join(c.Dir, name)
}

// command is a command of the CLI that was not started yet.
func (c *CLI) command(ctx context.Context, arguments ...string) *exec.Cmd {
	c.T.Helper()
	command := exec.CommandContext(ctx, CLIPath(c.T), arguments...) //nolint:gosec // the developer's own CLI
	command.Dir = c.Dir
	for name, value := range c.Env {
		command.Env = append(command.Env, name+"="+value)
	}
	return command
}

// Run runs a command of the CLI, insists on its exit status, and returns everything it printed.
func (c *CLI) Run(status int, arguments ...string) CLIOutput {
	c.T.Helper()
	command := c.command(c.T.Context(), arguments...)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err := command.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		c.T.Fatal(err)
	}
	if got := command.ProcessState.ExitCode(); got != status {
		c.T.Fatalf("%s ended with status %d instead of %d:\n%s", strings.Join(arguments, " "), got, status, &output)
	}
	return CLIOutput(output.String())
}

// Plan is plan -detailed-exitcode: status 0 is an empty plan, 2 is one with changes.
func (c *CLI) Plan(status int, arguments ...string) CLIOutput {
	c.T.Helper()
	return c.Run(status, append([]string{"plan", "-no-color", "-detailed-exitcode"}, arguments...)...)
}

// Apply plans and applies at once, which has to succeed.
func (c *CLI) Apply(arguments ...string) CLIOutput {
	c.T.Helper()
	return c.Run(0, append([]string{"apply", "-no-color", "-auto-approve"}, arguments...)...)
}

// ApplySaved applies a plan file.
func (c *CLI) ApplySaved(name string) CLIOutput {
	c.T.Helper()
	return c.Run(0, "apply", "-no-color", name)
}

// ApplyImports plans and applies a configuration with import blocks. It insists on three imports, and that nothing else
// is done.
func (c *CLI) ApplyImports(server *AccServer) {
	c.T.Helper()
	before := server.State()
	c.Plan(2, "-out", "adopt.tfplan").Has(c.T, "3 to import, 0 to add, 0 to change, 0 to destroy.")
	c.ApplySaved("adopt.tfplan").Has(c.T, "3 imported, 0 added, 0 changed, 0 destroyed.")
	c.Plan(0)
	server.Wrote()
	if !Same(before, server.State()) {
		c.T.Error("the server was changed")
	}
}

// Destroy destroys everything, which has to succeed.
func (c *CLI) Destroy() CLIOutput {
	c.T.Helper()
	return c.Run(0, "destroy", "-no-color", "-auto-approve")
}

// Attributes returns the attributes of the only instance of a resource in the state.
func (c *CLI) Attributes(address string) map[string]any {
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

// LeftBehind returns the content of every file in the working directory, archives unpacked. The programs are left out.
func (c *CLI) LeftBehind() map[string][]byte {
	c.T.Helper()
	left := map[string][]byte{}
	err := filepath.WalkDir(c.Dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "providers":
			return filepath.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		name, err := filepath.Rel(c.Dir, path)
		if err != nil {
			return err
		}
		left[name] = c.Read(name)
		archive, err := zip.NewReader(bytes.NewReader(left[name]), int64(len(left[name])))
		if err != nil {
			return nil //nolint:nilerr // no archive
		}
		for _, packed := range archive.File {
			file, err := packed.Open()
			if err != nil {
				return err
			}
			content, err := io.ReadAll(file)
			if err != nil {
				return err
			}
			left[name+"/"+packed.Name] = content
		}
		return nil
	})
	if err != nil {
		c.T.Fatal(err)
	}
	return left
}
