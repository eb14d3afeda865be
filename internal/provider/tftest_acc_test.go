package provider_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// fleetClients are the applications in the organizations that examples and guides speak of, so that what a page shows
// is what works here.
const fleetClients = `{
	"asgard":  {"client_id": "asgard-client-id",  "client_secret": "asgard-client-secret"},
	"bifrost": {"client_id": "bifrost-client-id", "client_secret": "bifrost-client-secret"},
	"midgard": {"client_id": "midgard-client-id", "client_secret": "midgard-client-secret"}
}`

// startFleet starts a server with these organizations, as make mock does.
func startFleet(t *testing.T) *providertest.AccServer {
	t.Helper()
	seed, err := os.ReadFile(filepath.Join("..", "..", "scripts", "mock.json"))
	if err != nil {
		t.Fatal(err)
	}
	state, err := mockserver.ParseState(seed)
	if err != nil {
		t.Fatal(err)
	}
	return providertest.StartAccServer(t, mockserver.WithState(state))
}

// newFleetCLI prepares a working directory with the credentials of all of them; the provider's own organization is
// bifrost.
func newFleetCLI(t *testing.T, server *providertest.AccServer, dir string) *providertest.CLI {
	t.Helper()
	c := providertest.NewCLIIn(t, server, dir)
	c.Env["ASGARDEO_CLIENT_ID"], c.Env["ASGARDEO_CLIENT_SECRET"] = "bifrost-client-id", "bifrost-client-secret"
	c.Env["TF_VAR_credentials"] = fleetClients
	for _, name := range []string{"twilio_account_sid", "twilio_auth_token", "gateway_token"} { // what examples ask for
		c.Env["TF_VAR_"+name] = "value-of-the-test"
	}
	return c
}

// TestAccTerraformTest runs the examples' own tests: terraform test, or tofu test.
func TestAccTerraformTest(t *testing.T) {
	t.Parallel()
	providertest.NeedsCLI(t)
	providertest.StartAccServer(t) // skips where there is no CLI
	for _, pattern := range []string{"*/tests/*.tftest.hcl", "modules/*/tests/*.tftest.hcl"} {
		files, err := fs.Glob(examples, pattern)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 {
			t.Errorf("no example has %s anymore", pattern)
		}
		for _, file := range files {
			t.Run(file, func(t *testing.T) {
				t.Parallel()
				runTerraformTest(t, file)
			})
		}
	}
}

var (
	tftestRun    = regexp.MustCompile(`(?m)^run "`)
	tftestMocked = regexp.MustCompile(`(?m)^mock_provider "asgardeo"`)
	tftestPassed = regexp.MustCompile(`Success! (\d+) passed, 0 failed\.`)
)

// runTerraformTest runs one file. It must need no organization where it replaces the provider, and leave the
// organizations as they were where it does not.
func runTerraformTest(t *testing.T, file string) {
	t.Helper()
	content, err := fs.ReadFile(examples, file)
	if err != nil {
		t.Fatal(err)
	}
	server := startFleet(t)
	found := server.Applications()
	directory, tests := path.Split(path.Dir(file))
	c := newFleetCLI(t, server, filepath.Join(copyOfExamples(t), directory))
	c.Run(0, "init", "-no-color")
	output := c.Run(0, "test", "-no-color", "-filter="+path.Join(tests, path.Base(file)))

	runs := strconv.Itoa(len(tftestRun.FindAll(content, -1)))
	if passed := tftestPassed.FindStringSubmatch(output.Plain()); len(passed) == 0 || passed[1] != runs {
		t.Errorf("%s runs should have passed:\n%s", runs, output)
	}
	changes := providertest.Writes(server.Requests())
	if mocked := tftestMocked.Match(content); mocked != (len(changes) == 0) {
		t.Errorf("with the provider replaced: %t, changes of the server: %q", mocked, changes)
	}
	for name, organization := range server.State().Organizations {
		if len(organization.SMSSenders) > 0 {
			t.Errorf("%s still has an SMS sender", name)
		}
	}
	if diff := gocmp.Diff(found, server.Applications()); diff != "" {
		t.Errorf("the organizations are not as they were found (-want +got):\n%s", diff)
	}
}

var (
	examples = os.DirFS(filepath.Join("..", "..", "examples"))
	// exampleLeftover is what a CLI leaves where somebody has tried an example in place.
	exampleLeftover = regexp.MustCompile(`^(\.terraform|\.terraform\.lock\.hcl|terraform\.d|terraform\.tfstate.*)$`)
)

// copyOfExamples copies all examples, because they use modules beside them and CLIs write where they work.
func copyOfExamples(t *testing.T) string {
	t.Helper()
	tree := t.TempDir()
	err := fs.WalkDir(examples, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case exampleLeftover.MatchString(entry.Name()) && entry.IsDir():
			return fs.SkipDir
		case exampleLeftover.MatchString(entry.Name()):
			return nil
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(tree, name), 0o750)
		}
		content, err := fs.ReadFile(examples, name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(tree, name), content, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
