package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

const loginFlowAddress = "asgardeo_my_account_login_flow.this"

// loginFlow is the configuration of a login flow, in the notation of stepsOf, with further arguments.
func (s *accServer) loginFlow(steps, arguments string) string {
	return s.config(loginFlowBlock(steps, arguments))
}

func loginFlowBlock(steps, arguments string) string {
	var text strings.Builder
	for _, step := range stepsOf(steps) {
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
	return fmt.Sprintf("resource %q \"this\" {\n  steps = [\n%s  ]\n%s\n}\n", loginFlowType, text.String(), arguments)
}

// withGoogle is an organization with a connection.
func withGoogle() mockserver.Option {
	return mockserver.WithState(mockserver.State{Organizations: map[string]*mockserver.Organization{
		mockserver.DefaultOrganization: {Connections: map[string][]string{"Google": {"GoogleOIDCAuthenticator"}}},
	}})
}

// setsFlow gives the application a login flow, as somebody in the Console would.
func (s *accServer) setsFlow(steps, script string) {
	s.Update(func(state *mockserver.State) {
		application := state.Organizations[mockserver.DefaultOrganization].MyAccountApplication()
		application.AuthenticationSequence = &mockserver.AuthenticationSequence{
			Type: "USER_DEFINED", Steps: stepsOf(steps), Script: script,
		}
	})
}

// hasFlow checks the steps that are stored.
func (s *accServer) hasFlow(want string) func() {
	return func() {
		s.t.Helper()
		w := &workspace{t: s.t, mock: s.Server}
		w.wantFlow(want)
	}
}

func TestAccLoginFlow_lifeCycle(t *testing.T) {
	t.Parallel()
	server := startAccServer(t, withGoogle())
	flow := password + " " + google + "|" + backup + " totp"
	heredoc := "script = <<-EOT\n" + conditional + "EOT\n"
	server.run(server.hasFlow("DEFAULT"),
		resource.TestStep{
			Config:      server.loginFlow("totp|"+password, ""),
			ExpectError: failing("TOTP in the first step", "Put it into a later step"),
		},
		resource.TestStep{
			Config:           server.loginFlow(flow, heredoc),
			ConfigPlanChecks: planning(loginFlowAddress, plancheck.ResourceActionCreate),
			ConfigStateChecks: saving(loginFlowAddress,
				map[string]any{"organization": "bifrost", "type": "USER_DEFINED", "on_destroy": nil}),
			PostApplyFunc: server.hasFlow(
				"USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator | backup-code-authenticator totp"),
		},
		resource.TestStep{
			// The server shows the options of step 1 in its own order.
			ResourceName: loginFlowAddress, ImportState: true,
			ImportStateKind: resource.ImportBlockWithID, ImportStateId: "bifrost",
		},
		resource.TestStep{ // drift of each kind
			PreConfig:        func() { server.setsFlow(password+"|totp", conditional) },
			Config:           server.loginFlow(flow, heredoc),
			ConfigPlanChecks: planning(loginFlowAddress, plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			PreConfig:        func() { server.setsFlow(flow, consoleScript(2)) },
			Config:           server.loginFlow(flow, heredoc),
			ConfigPlanChecks: planning(loginFlowAddress, plancheck.ResourceActionUpdate),
		},
		resource.TestStep{ // no drift
			PreConfig: func() {
				server.setsFlow(password+" "+google+"|totp "+backup, strings.ReplaceAll(conditional, "\n", "\r\n"))
			},
			Config:           server.loginFlow(flow, heredoc),
			ConfigPlanChecks: planningNothing(),
		},
		resource.TestStep{ // without a script
			Config:            server.loginFlow(flow+"|"+passkey, "subject_step = 3"),
			ConfigPlanChecks:  planning(loginFlowAddress, plancheck.ResourceActionUpdate),
			ConfigStateChecks: saving(loginFlowAddress, map[string]any{"script": nil}),
		},
	)
}

// In both orders in which Terraform may plan the two.
func TestAccLoginFlow_besideTwoFactor(t *testing.T) {
	t.Parallel()
	server := startAccServer(t)
	for _, depends := range []string{"", "depends_on = [asgardeo_my_account_two_factor.this]"} {
		c := newCLI(t, server, loginFlowBlock(password+"|totp", depends)+`
			resource "asgardeo_my_account_two_factor" "this" {
				totp_enabled = true
			}`)
		c.env["ASGARDEO_MY_ACCOUNT_API"] = "application"
		c.plan(1).has(t, `Two kinds of resources for the login flow of "bifrost"`, "asgardeo_my_account_two_factor",
			"asgardeo_my_account_login_flow")
	}
}

// What Terraform generates is the flow as it is, and a person can read it.
func TestAccLoginFlow_generatedConfig(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	server := startAccServer(t, withGoogle())
	server.setsFlow(google+" "+password+"|totp", conditional)
	c := newCLI(t, server, "")
	c.write("imports.tf", "import {\n to = "+loginFlowAddress+"\n id = \"bifrost\"\n provider = asgardeo\n}\n")
	c.plan(2, "-generate-config-out=generated.tf").has(t, "1 to import, 0 to add, 0 to change, 0 to destroy.")
	c.write("imports.tf", "import {\n to = "+loginFlowAddress+"\n id = \"bifrost\"\n}\n")
	generated := string(c.read("generated.tf"))
	for _, text := range []string{`"GoogleOIDCAuthenticator"`, `"Google"`, "executeStep(1, {"} {
		if !strings.Contains(generated, text) {
			t.Errorf("the configuration lacks %s:\n%s", text, generated)
		}
	}
	server.ClearRequests()
	c.apply().has(t, "1 imported, 0 added, 0 changed, 0 destroyed.")
	c.plan(0)
	server.wrote()

	// The imported flow is what destroy restores.
	c.write("generated.tf", loginFlowBlock(password+"|totp|"+passkey, ""))
	c.apply("-auto-approve").has(t, "0 added, 1 changed, 0 destroyed.")
	c.plan(2, "-destroy").has(t, `Destroying the login flow of "bifrost"`,
		"step 1: GoogleOIDCAuthenticator (Google), BasicAuthenticator",
		fmt.Sprintf("a script of %d characters", len(conditional)))
	c.destroy()
	server.hasFlow("USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator | totp")()
	sequence := server.State().Organizations["bifrost"].MyAccountApplication().AuthenticationSequence
	if sequence.Script != conditional {
		t.Errorf("the script is %s", sequence.Script)
	}
}

// Somebody else's flow in the plan, as people see it: a line a step, and no line is broken.
func TestAccLoginFlow_takeoverIsReadable(t *testing.T) {
	t.Parallel()
	server := startAccServer(t, withGoogle())
	server.setsFlow(google+" "+password+"|totp "+emailOTP+" "+passkey, "")
	c := newCLI(t, server, loginFlowBlock(password, ""))
	c.plan(2).has(t, `Taking over the login flow of "bifrost"`, "now:",
		"step 1: GoogleOIDCAuthenticator (Google), BasicAuthenticator",
		"step 2: totp, email-otp-authenticator, FIDOAuthenticator", "planned:", "step 1: BasicAuthenticator")
}
