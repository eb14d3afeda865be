package provider

import (
	"fmt"
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
	"github.com/hashicorp/go-version"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// TestAccExamples runs every file below examples/ against a mock server, so that what users copy works.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	startAccServer(t) // skips where there is no CLI
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
		server.hasSMSSender() // SMS OTP may rely on it
	}
	c := newFleetCLI(t, server, directory)
	if !exampleRequired.MatchString(text) {
		c.write("required.tf", cliRequired)
	}
	if !exampleProvider.MatchString(text) {
		c.write("provider.tf", `provider "asgardeo" {}`)
	}
	c.run(0, "init", "-no-color")
	if text != "" {
		liveThrough(c, server, text)
	}

	server.hasSMSSender() // there must be something to import
	for name, content := range apart {
		runApart(c, name, content)
	}
	for _, script := range glob(t, directory, "import*.sh") {
		commands := exampleImport.FindAllStringSubmatch(string(c.read(filepath.Base(script))), -1)
		if len(commands) == 0 {
			t.Errorf("%s has no command", filepath.Base(script))
		}
		for _, command := range commands {
			c.run(0, strings.Fields(command[1])...).has(t, "Import successful!")
		}
	}
}

// hasSMSSender gives the first organization a sender, as somebody in the Console would.
func (s *accServer) hasSMSSender() {
	s.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].SMSSenders = map[string]*mockserver.SMSSender{"SMSPublisher": smsSender()}
	})
}

// inConsole changes the application My Account of an organization, as somebody in the Console would:
//
//	enabled=false           the switch in its danger zone
//	factors=totp,email_otp  the last step of its login flow; without any, there is no such step
func (s *accServer) inConsole(organization string, changes ...string) {
	s.t.Helper()
	s.Update(func(state *mockserver.State) {
		application := state.Organizations[organization].MyAccountApplication()
		for _, change := range changes {
			switch name, value, _ := strings.Cut(change, "="); name {
			case "enabled":
				application.ApplicationEnabled = new(value == "true")
			case "factors":
				application.AuthenticationSequence = consoleFlow(application.AuthenticationSequence, value)
			default:
				s.t.Errorf("nobody can change %s in the Console", change)
			}
		}
	})
}

// consoleFlow is a login flow that the Console has saved. It always has a script: where there was none, or one for
// another number of steps, the Console writes one that runs each step.
func consoleFlow(before *mockserver.AuthenticationSequence, factors string) *mockserver.AuthenticationSequence {
	if before == nil {
		before = &mockserver.AuthenticationSequence{}
	}
	steps := []mockserver.Step{{Options: []mockserver.StepOption{{Authenticator: "BasicAuthenticator"}}}}
	if len(before.Steps) > 0 {
		steps = slices.Clone(before.Steps[:1])
	}
	if factors != "" {
		var second mockserver.Step
		for name := range strings.SplitSeq(factors, ",") {
			i := slices.IndexFunc(knownFlags, func(known knownFlag) bool { return known.flag == name+"_enabled" })
			second.Options = append(second.Options, mockserver.StepOption{Authenticator: knownFlags[i].authenticator})
		}
		steps = append(steps, second)
	}
	flow := &mockserver.AuthenticationSequence{Steps: steps, Script: before.Script}
	if flow.Script == "" || len(before.Steps) != len(steps) {
		flow.Script = "var onLoginRequest = function(context) {\n"
		for i := range steps {
			flow.Script += fmt.Sprintf("    executeStep(%d);\n", i+1)
		}
		flow.Script += "};\n"
	}
	return flow
}

// foundByExamples sets the organizations to something: hardly anything of it is what the examples declare. The login
// flow of bifrost is one that somebody has saved in the Console; the others have the server's own.
func (s *accServer) foundByExamples() {
	s.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].Connections = map[string][]string{"Google": {"GoogleOIDCAuthenticator"}}
		state.Organizations["bifrost"].MyAccountApplication().AuthenticationSequence = &mockserver.AuthenticationSequence{
			Steps: []mockserver.Step{{Options: []mockserver.StepOption{
				{IDP: "Google", Authenticator: "GoogleOIDCAuthenticator"}, {Authenticator: "BasicAuthenticator"},
			}}},
		}
	})
	s.inConsole("bifrost", "factors=email_otp,backup_codes")
}

// applications are the portals of all organizations as they are now, each in words.
func (s *accServer) applications() map[string]string {
	all := map[string]string{}
	for name, organization := range s.State().Organizations {
		application := organization.MyAccountApplication()
		text := fmt.Sprintf("disabled %t", application.ApplicationEnabled != nil && !*application.ApplicationEnabled)
		if flow := application.AuthenticationSequence; flow != nil && flow.Type != "DEFAULT" {
			text += fmt.Sprintf(", steps %v, script %s", optionsOf(flow.Steps), flow.Script)
		}
		all[name] = text
	}
	return all
}

// optionsOf are the authenticators of each step.
func optionsOf(steps []mockserver.Step) [][]string {
	var all [][]string
	for _, step := range steps {
		var options []string
		for _, option := range step.Options {
			options = append(options, option.Authenticator)
		}
		slices.Sort(options)
		all = append(all, options)
	}
	return all
}

// liveThrough applies a configuration, finds nothing more to do, and destroys everything, which leaves the
// organizations as they were found.
func liveThrough(c *cli, server *accServer, text string) {
	c.t.Helper()
	if removed := exampleRemoved.FindStringSubmatch(text); removed != nil {
		before := newFleetCLI(c.t, server, c.t.TempDir())
		before.configure(`resource "asgardeo_my_account_two_factor" "` + removed[1] + `" {
			totp_enabled = true
		}`)
		before.run(0, "init", "-no-color")
		before.apply()
		c.write("terraform.tfstate", string(before.read("terraform.tfstate")))
	} else {
		server.foundByExamples()
	}
	found := server.applications()
	defer func() {
		if diff := gocmp.Diff(found, server.applications()); diff != "" {
			c.t.Errorf("the organizations are not as they were found (-want +got):\n%s", diff)
		}
		server.holds() // nothing in the place that these settings had before
	}()
	c.apply()
	if exampleCalls.MatchString(text) && len(server.Requests()) == 0 {
		c.t.Error("the server was asked nothing")
	}
	c.plan(0)
	c.destroy()
	if left := c.run(0, "state", "list"); left.plain() != "" {
		c.t.Errorf("the state still holds %s", left)
	}
	for _, request := range server.Requests() {
		if request.Status >= http.StatusBadRequest {
			c.t.Errorf("%s %s: status %d", request.Method, request.Path, request.Status)
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
func runApart(c *cli, name, content string) {
	c.t.Helper()
	product, release := c.product()
	switch {
	case strings.HasSuffix(name, ".tfquery.hcl") && product == "Terraform" && atLeast(c.t, release, "1.14.0"):
		c.write(name, content)
		c.run(0, "query", "-no-color").has(c.t, "organization=bifrost")
	case strings.HasSuffix(name, ".tf") && (!strings.Contains(content, "identity") || atLeast(c.t, release, "1.12.0")):
		c.write(name, content)
		c.plan(2).has(c.t, "1 to import, 0 to add")
	default:
		name += ".tf"
		c.write(name, content)
		c.run(0, "fmt", "-check", "-diff", name)
	}
	if err := os.Remove(c.path(name)); err != nil {
		c.t.Fatal(err)
	}
}

func atLeast(t *testing.T, release, minimum string) bool {
	t.Helper()
	parsed, err := version.NewVersion(release)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Core().GreaterThanOrEqual(version.Must(version.NewVersion(minimum)))
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
		must(t, fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
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
	must(t, err)
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
		must(t, err)
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
