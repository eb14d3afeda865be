package providertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// CLIPathVariable names the environment variable with the path of the CLI. The harness for acceptance tests reads it,
// too.
const CLIPathVariable = "TF_ACC_TERRAFORM_PATH"

// CLIPath returns the path of the CLI that tests run.
func CLIPath(t *testing.T) string {
	t.Helper()
	name := os.Getenv(CLIPathVariable)
	if name == "" {
		name = "terraform"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%v: set %s to the path of a Terraform or OpenTofu CLI", err, CLIPathVariable)
	}
	return path
}

// cliVersion is the version under which the CLI finds the program. The examples' constraint lets it pass.
const cliVersion = "0.99.0"

// ProviderMirror returns the directory in which CLIs find the provider's program.
func ProviderMirror(t *testing.T) string {
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
