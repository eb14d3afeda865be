package provider_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestAccMakeMock does what "make mock" tells its reader: it looks at the pages and pastes the commands.
func TestAccMakeMock(t *testing.T) {
	t.Parallel()
	providertest.NeedsCLI(t)
	root := t.TempDir()
	for _, tree := range []string{"scripts", "examples/quickstart"} {
		if err := os.CopyFS(filepath.Join(root, tree), os.DirFS(filepath.Join("..", "..", tree))); err != nil {
			t.Fatal(err)
		}
	}
	for program, source := range map[string]string{
		"terraform-provider-asgardeo": ".", "asgardeo-mock": "./cmd/asgardeo-mock", "demo-console": "./scripts/console",
	} {
		to := filepath.Join(root, "bin", program)
		//nolint:gosec // G204: all from above
		build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", to, source)
		build.Dir = filepath.Join("..", "..")
		if output, err := build.CombinedOutput(); err != nil {
			t.Fatalf("building %s: %v: %s", program, err, output)
		}
	}
	told := startMakeMock(t, root)

	pages := regexp.MustCompile(`(?m)^ {2}(http\S+)$`).FindAllStringSubmatch(told, -1)
	if len(pages) != 2 {
		t.Errorf("pages %q", pages)
	}
	for _, page := range pages {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, page[1], http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(content), "bifrost") {
			t.Errorf("%s: status %d: %s (%v)", page[1], response.StatusCode, content, err)
		}
	}

	script, drift := "", 0
	for _, command := range regexp.MustCompile(`(?m)^ {2}([^h\s].*)$`).FindAllStringSubmatch(told, -1) {
		want := "0"
		if strings.Contains(command[1], "-detailed-exitcode") {
			want, drift = "2", drift+1
		}
		script += command[1] + "\n" + `status=$?; [ $status = ` + want + ` ] || { echo "ended with $status"; exit 1; }` + "\n"
	}
	for _, part := range []string{" init\n", " import ", " plan\n", " apply ", " destroy ", "demo-console portal off"} {
		if !strings.Contains(script, part) {
			t.Errorf("there is no command with %q: %s", part, told)
		}
	}
	if drift != 1 {
		t.Errorf("%d commands find drift", drift)
	}
	paste := exec.CommandContext(t.Context(), "sh", "-xc", script)
	paste.Env = append(readersEnvironment(), "TF_CLI_ARGS=-no-color")
	output, err := paste.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	for _, text := range []string{"Import successful!", "Plan: 1 to add, 1 to change, 0 to destroy.",
		"enabled      = false -> true", "Destroy complete!"} {
		if !strings.Contains(string(output), text) {
			t.Errorf("%q is not in %s", text, output)
		}
	}
}

// startMakeMock starts the mock until the end of the test, and returns what its reader is told.
func startMakeMock(t *testing.T, root string) string {
	t.Helper()
	// Not the test's context: it ends before the clean-up, which stops the script so that it stops what it has started.
	ctx, script := context.WithoutCancel(t.Context()), filepath.Join(root, "scripts", "demo.sh")
	command := exec.CommandContext(ctx, "sh", script, "mock") //nolint:gosec // G204: it is what is tested
	command.Env = append(
		readersEnvironment(),
		"MOCK_LISTEN=127.0.0.1:0",
		providertest.CLIPathVariable+"="+providertest.CLIPath(t),
	)
	command.Stderr = os.Stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := command.Wait(); err != nil {
			t.Errorf("the mock ends with %v", err)
		}
	})
	told := ""
	lines := bufio.NewScanner(stdout)
	for !strings.Contains(told, "built just now") && lines.Scan() {
		told += lines.Text() + "\n"
	}
	if !strings.Contains(told, "built just now") {
		t.Fatalf("it says %s", told)
	}
	return told
}

// readersEnvironment is the environment without what would lead the CLI or the provider elsewhere.
func readersEnvironment() []string {
	return slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "TF_") || strings.HasPrefix(variable, "ASGARDEO_")
	})
}
