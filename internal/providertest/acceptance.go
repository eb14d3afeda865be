package providertest

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/provider"
)

// AccServer is the mock server of one acceptance test.
type AccServer struct {
	*mockserver.Server
	t *testing.T
	// where the settings are; nil: in the classic place, of which the environment of a CLI says nothing
	at Place
}

// StartAccServer starts a server, or skips the test where acceptance tests are not asked for.
func StartAccServer(t *testing.T, options ...mockserver.Option) *AccServer {
	t.Helper()
	if os.Getenv(resource.EnvTfAcc) == "" {
		t.Skipf("acceptance tests run a Terraform CLI: set %s=1, or run make test", resource.EnvTfAcc)
	}
	return &AccServer{Server: mockserver.New(t, options...), t: t}
}

// StartAccServerIn is StartAccServer for a place of the settings: configurations say which it is, and lines stand for
// flags.
func StartAccServerIn(t *testing.T, at Place, options ...mockserver.Option) *AccServer {
	t.Helper()
	server := StartAccServer(t, options...)
	server.at = at
	return server
}

// InEachAccPlace runs an acceptance test for each place of the settings, or for that which TEST_MY_ACCOUNT_API names.
func InEachAccPlace(t *testing.T, test func(t *testing.T, at Place)) {
	t.Helper()
	chosen := os.Getenv("TEST_MY_ACCOUNT_API")
	ran := false
	for _, at := range AllPlaces {
		if chosen != "" && chosen != at.String() {
			continue
		}
		ran = true
		t.Run(at.String(), func(t *testing.T) {
			t.Parallel()
			test(t, at)
		})
	}
	if !ran {
		t.Fatalf("TEST_MY_ACCOUNT_API=%s is no place of the settings", chosen)
	}
}

// AccProviders serves the provider from this process. The CLI asks for a new one in each run. All that it exchanges
// with a server has to be as documented.
func AccProviders(t *testing.T) map[string]func() (tfprotov6.ProviderServer, error) {
	t.Helper()
	return map[string]func() (tfprotov6.ProviderServer, error){
		"asgardeo": providerserver.NewProtocol6WithError(&provider.Provider{
			Version: "test", RetryWaitMin: time.Millisecond, Wrap: contract.Check(t),
		}),
	}
}

// Run runs the steps of a test. The optional check looks at the server after everything was destroyed.
func (s *AccServer) Run(destroyed func(), steps ...resource.TestStep) {
	s.t.Helper()
	test := resource.TestCase{ProtoV6ProviderFactories: AccProviders(s.t), Steps: steps}
	if destroyed != nil {
		test.CheckDestroy = func(*terraform.State) error { destroyed(); return nil }
	}
	resource.Test(s.t, test)
}

// IdentityVersions skips a test where the CLI knows no identities: they came with Terraform 1.12 and OpenTofu 1.12.
var IdentityVersions = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)}

// Config is a configuration for the server's first organization.
func (s *AccServer) Config(body string) string {
	return s.ConfigWith(fmt.Sprintf(`
		organization  = %q
		client_id     = %q
		client_secret = %q`,
		mockserver.DefaultOrganization, mockserver.DefaultClientID, mockserver.DefaultClientSecret), body)
}

// ConfigWith is a configuration with other arguments of the provider than usual.
func (s *AccServer) ConfigWith(arguments, body string) string {
	api := "classic"
	if s.at != nil {
		api = s.at.String()
	}
	return fmt.Sprintf(`provider "asgardeo" {
 base_url = %q
 requests_per_minute = 0
 my_account_api = %q
%s
}
%s`, s.URL(), api, arguments, body)
}

// Portal is the configuration of a portal with these arguments.
func (s *AccServer) Portal(arguments string) string {
	return s.Config(fmt.Sprintf("resource \"asgardeo_my_account_portal\" \"this\" {\n%s\n}\n", arguments))
}

// TwoFactor is the configuration of two-factor settings with these arguments.
func (s *AccServer) TwoFactor(arguments string) string {
	return s.Config(fmt.Sprintf("resource \"asgardeo_my_account_two_factor\" \"this\" {\n%s\n}\n", arguments))
}

// Sender is the configuration of an SMS sender with these arguments.
func (s *AccServer) Sender(arguments string) string {
	return s.Config("resource \"asgardeo_sms_sender\" \"this\" {\n" + arguments + "\n}\n")
}

// LoginFlow is the configuration of a login flow. The steps are in the notation of StepsOf; the arguments are further
// lines of the block.
func (s *AccServer) LoginFlow(steps, arguments string) string {
	return s.Config(LoginFlowBlock(steps, arguments))
}

// LoginFlowBlock is the block of a login flow for a configuration that has other blocks, too. The steps are in the
// notation of StepsOf; the arguments are further lines of the block.
func LoginFlowBlock(steps, arguments string) string {
	var text strings.Builder
	for _, step := range StepsOf(steps) {
		text.WriteString("    {\n      options = [\n")
		for _, option := range step.Options {
			connection := ""
			if option.IDP != "LOCAL" {
				connection = fmt.Sprintf(", connection = %q", option.IDP)
			}
			fmt.Fprintf(&text, "        { authenticator = %q%s },\n", option.Authenticator, connection)
		}
		text.WriteString("      ]\n    },\n")
	}
	return fmt.Sprintf("resource %q \"this\" {\n  steps = [\n%s  ]\n%s\n}\n", LoginFlowType, text.String(), arguments)
}

// FlagArguments renders flags as arguments of a two-factor block, one a line, in the order of their names.
func FlagArguments(values map[string]bool) string {
	var lines []string
	for name, on := range values {
		lines = append(lines, fmt.Sprintf("%s = %t", name, on))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
