package provider_test

import (
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// TestAccExamples runs every file below examples/ against a mock server, so that what users copy works.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	providertest.NeedsCLI(t)
	providertest.StartAccServer(t) // skips where there is no CLI
	directories := exampleDirectories(t)
	if len(directories) == 0 {
		t.Fatal("there is no example")
	}
	for _, directory := range directories {
		t.Run(directory, func(t *testing.T) {
			t.Parallel()
			runExample(t, filepath.Join(copyOfExamples(t), directory))
		})
	}
}

// exampleDirectories lists the directories with configurations.
func exampleDirectories(t *testing.T) []string {
	t.Helper()
	var directories []string
	err := fs.WalkDir(examples, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case exampleLeftover.MatchString(entry.Name()) && entry.IsDir():
			return fs.SkipDir
		case strings.HasSuffix(name, ".tf"), strings.HasSuffix(name, ".tfquery.hcl"):
			directories = append(directories, path.Dir(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(directories)
	return slices.Compact(directories)
}

func glob(t *testing.T, elements ...string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(elements...))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// What is in a configuration.
var (
	exampleRequired = regexp.MustCompile(`required_providers`)
	exampleProvider = regexp.MustCompile(`(?m)^provider "asgardeo"`)
	exampleSender   = regexp.MustCompile(`(?m)^resource "asgardeo_sms_sender"`)
	exampleCalls    = regexp.MustCompile(`(?m)^(resource|data|ephemeral) "asgardeo_`)
	exampleRemoved  = regexp.MustCompile(`(?m)^\s*from\s*=\s*asgardeo_my_account_two_factor\.(\w+)`)
	exampleImport   = regexp.MustCompile(`(?m)^terraform (import .+)$`)
)

// runExample runs the configuration of a directory, and afterwards the files beside it that are not part of it.
func runExample(t *testing.T, directory string) {
	t.Helper()
	apart := setApart(t, directory, "import-by-*.tf", "*.tfquery.hcl")
	text := ""
	for _, file := range glob(t, directory, "*.tf") {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text += string(content) + "\n"
	}
	server := startFleet(t)
	if !exampleSender.MatchString(text) {
		server.StoresSMSSender() // SMS OTP may rely on it
	}
	c := newFleetCLI(t, server, directory)
	if !exampleRequired.MatchString(text) {
		c.Write("required.tf", providertest.RequiredProviders)
	}
	if !exampleProvider.MatchString(text) {
		c.Write("provider.tf", `provider "asgardeo" {}`)
	}
	c.Run(0, "init", "-no-color")
	if text != "" {
		liveThrough(c, server, text)
	}

	server.StoresSMSSender() // there must be something to import
	for name, content := range apart {
		runApart(c, name, content)
	}
	for _, script := range glob(t, directory, "import*.sh") {
		commands := exampleImport.FindAllStringSubmatch(string(c.Read(filepath.Base(script))), -1)
		if len(commands) == 0 {
			t.Errorf("%s has no command", filepath.Base(script))
		}
		for _, command := range commands {
			c.Run(0, strings.Fields(command[1])...).Has(t, "Import successful!")
		}
	}
}

// liveThrough applies a configuration, finds nothing more to do, and destroys everything, which leaves the
// organizations as they were found.
func liveThrough(c *providertest.CLI, server *providertest.AccServer, text string) {
	c.T.Helper()
	if removed := exampleRemoved.FindStringSubmatch(text); removed != nil {
		before := newFleetCLI(c.T, server, c.T.TempDir())
		before.Configure(`resource "asgardeo_my_account_two_factor" "` + removed[1] + `" {
			totp_enabled = true
		}`)
		before.Run(0, "init", "-no-color")
		before.Apply()
		c.Write("terraform.tfstate", string(before.Read("terraform.tfstate")))
	} else {
		server.PrepareForExamples()
	}
	found := server.Applications()
	defer func() {
		if diff := gocmp.Diff(found, server.Applications()); diff != "" {
			c.T.Errorf("the organizations are not as they were found (-want +got):\n%s", diff)
		}
		server.Holds() // nothing in the place that these settings had before
	}()
	c.Apply()
	if exampleCalls.MatchString(text) && len(server.Requests()) == 0 {
		c.T.Error("the server was asked nothing")
	}
	c.Plan(0)
	c.Destroy()
	if left := c.Run(0, "state", "list"); left.Plain() != "" {
		c.T.Errorf("the state still holds %s", left)
	}
	for _, request := range server.Requests() {
		if request.Status >= http.StatusBadRequest {
			c.T.Errorf("%s %s: status %d", request.Method, request.Path, request.Status)
		}
	}
}

// setApart takes files out of a directory.
func setApart(t *testing.T, directory string, patterns ...string) map[string]string {
	t.Helper()
	apart := map[string]string{}
	for _, pattern := range patterns {
		for _, file := range glob(t, directory, pattern) {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			apart[filepath.Base(file)] = string(content)
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	return apart
}

// runApart runs a file that needs something of its own. What an older CLI does not know it can check the form of.
func runApart(c *providertest.CLI, name, content string) {
	c.T.Helper()
	product, release := c.Product()
	hasIdentity := providertest.AtLeast(c.T, release, "1.12.0")
	switch {
	case strings.HasSuffix(name, ".tfquery.hcl") && product == "Terraform" && providertest.AtLeast(c.T, release, "1.14.0"):
		c.Write(name, content)
		c.Run(0, "query", "-no-color").Has(c.T, "organization=bifrost")
	case strings.HasSuffix(name, ".tf") && (hasIdentity || !strings.Contains(content, "identity")):
		c.Write(name, content)
		c.Plan(2).Has(c.T, "1 to import, 0 to add")
	default:
		name += ".tf"
		c.Write(name, content)
		c.Run(0, "fmt", "-check", "-diff", name)
	}
	if err := os.Remove(c.Path(name)); err != nil {
		c.T.Fatal(err)
	}
}

// TestExamplesHaveNoValueForSecrets: a default would replace the secret of a sender that somebody has imported.
func TestExamplesHaveNoValueForSecrets(t *testing.T) {
	t.Parallel()
	variable := regexp.MustCompile(`(?ms)^variable "(\w+)" \{\n.*?\n\}`)
	value := regexp.MustCompile(`\n {2}default\s*=\s*("|\d)`)
	secrets := 0
	check := func(name, text string) {
		for _, block := range variable.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(block[0], "sensitive") && !strings.Contains(block[1], "token") {
				continue
			}
			secrets++
			if value.MatchString(block[0]) && !strings.HasSuffix(block[1], "_version") {
				t.Errorf("%s: the variable %s has a value", name, block[1])
			}
		}
		if strings.Contains(text, "replace-me") {
			t.Errorf("%s holds a value to be replaced", name)
		}
	}
	for _, root := range []string{"examples", "templates", "docs"} {
		tree := os.DirFS(filepath.Join("..", "..", root))
		providertest.Must(t, fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !regexp.MustCompile(`\.(tf|hcl|md|tmpl)$`).MatchString(name) {
				return err
			}
			content, err := fs.ReadFile(tree, name)
			check(path.Join(root, name), string(content))
			return err
		}))
	}
	if secrets < 10 {
		t.Errorf("only %d secrets were found", secrets)
	}
}

// TestExamplesAreListed: examples/README.md has a line for each example and for nothing else, and a test runs each.
func TestExamplesAreListed(t *testing.T) {
	t.Parallel()
	index, err := fs.ReadFile(examples, "README.md")
	providertest.Must(t, err)
	listed := map[string]bool{}
	for _, line := range regexp.MustCompile(`(?m)^- \[(\S+)\]\((\S+)\): .+$`).FindAllStringSubmatch(string(index), -1) {
		if listed[line[1]] || line[1] != line[2] {
			t.Errorf("a wrong line: %s", line[0])
		}
		listed[line[1]] = true
	}
	run := map[string]bool{"policy": true} // make test-policy, and the guide to pipelines
	for _, directory := range exampleDirectories(t) {
		run[directory] = true
		run[path.Dir(directory)] = true // a kind of the reference
	}
	found := 0
	for _, pattern := range []string{"*", "modules/*"} {
		directories, err := fs.Glob(examples, pattern)
		providertest.Must(t, err)
		for _, directory := range directories {
			if info, err := fs.Stat(examples, directory); err != nil || !info.IsDir() || directory == "modules" {
				continue
			}
			found++
			if !listed[directory] {
				t.Errorf("examples/README.md does not list %s", directory)
			}
			if !run[directory] {
				t.Errorf("no test runs %s", directory)
			}
			delete(listed, directory)
		}
	}
	if found < 15 || len(listed) > 0 {
		t.Errorf("%d examples; examples/README.md lists what is not there: %v", found, listed)
	}
}
