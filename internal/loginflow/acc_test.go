package loginflow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

const loginFlowAddress = "asgardeo_my_account_login_flow.this"

// withGoogle is an organization with a connection.
func withGoogle() mockserver.Option {
	return mockserver.WithState(mockserver.State{Organizations: map[string]*mockserver.Organization{
		mockserver.DefaultOrganization: {Connections: map[string][]string{"Google": {"GoogleOIDCAuthenticator"}}},
	}})
}

func TestAccLoginFlow_lifeCycle(t *testing.T) {
	t.Parallel()
	server := providertest.StartAccServer(t, withGoogle())
	flow := password + " " + google + "|" + backup + " totp"
	heredoc := "script = <<-EOT\n" + conditional + "EOT\n"
	server.Run(server.HoldingFlow("DEFAULT"),
		resource.TestStep{
			Config:      server.LoginFlow("totp|"+password, ""),
			ExpectError: providertest.Failing("TOTP in the first step", "Put it into a later step"),
		},
		resource.TestStep{
			Config:           server.LoginFlow(flow, heredoc),
			ConfigPlanChecks: providertest.Planning(loginFlowAddress, plancheck.ResourceActionCreate),
			ConfigStateChecks: providertest.Saving(loginFlowAddress,
				map[string]any{"organization": "bifrost", "type": "USER_DEFINED", "on_destroy": nil}),
			PostApplyFunc: server.HoldingFlow(
				"USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator | backup-code-authenticator totp"),
		},
		resource.TestStep{
			// The server shows the options of step 1 in its own order.
			ResourceName: loginFlowAddress, ImportState: true,
			ImportStateKind: resource.ImportBlockWithID, ImportStateId: "bifrost",
		},
		resource.TestStep{ // drift of each kind
			PreConfig:        func() { server.StoresFlow(password+"|totp", conditional) },
			Config:           server.LoginFlow(flow, heredoc),
			ConfigPlanChecks: providertest.Planning(loginFlowAddress, plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			PreConfig:        func() { server.StoresFlow(flow, consoleScript(2)) },
			Config:           server.LoginFlow(flow, heredoc),
			ConfigPlanChecks: providertest.Planning(loginFlowAddress, plancheck.ResourceActionUpdate),
		},
		resource.TestStep{ // no drift
			PreConfig: func() {
				server.StoresFlow(password+" "+google+"|totp "+backup, strings.ReplaceAll(conditional, "\n", "\r\n"))
			},
			Config:           server.LoginFlow(flow, heredoc),
			ConfigPlanChecks: providertest.PlanningNothing(),
		},
		resource.TestStep{ // without a script
			Config:            server.LoginFlow(flow+"|"+passkey, "subject_step = 3"),
			ConfigPlanChecks:  providertest.Planning(loginFlowAddress, plancheck.ResourceActionUpdate),
			ConfigStateChecks: providertest.Saving(loginFlowAddress, map[string]any{"script": nil}),
		},
	)
}

// In both orders in which Terraform may plan the two.
func TestAccLoginFlow_besideTwoFactor(t *testing.T) {
	t.Parallel()
	server := providertest.StartAccServer(t)
	for _, depends := range []string{"", "depends_on = [asgardeo_my_account_two_factor.this]"} {
		c := providertest.NewCLI(t, server, providertest.LoginFlowBlock(password+"|totp", depends)+`
			resource "asgardeo_my_account_two_factor" "this" {
				totp_enabled = true
			}`)
		c.Env["ASGARDEO_MY_ACCOUNT_API"] = "application"
		c.Plan(1).Has(t, `Two kinds of resources for the login flow of "bifrost"`, "asgardeo_my_account_two_factor",
			"asgardeo_my_account_login_flow")
	}
}

// What Terraform generates is the flow as it is, and a person can read it.
func TestAccLoginFlow_generatedConfig(t *testing.T) {
	t.Parallel()
	providertest.NeedsCLI(t)
	server := providertest.StartAccServer(t, withGoogle())
	server.StoresFlow(google+" "+password+"|totp", conditional)
	c := providertest.NewCLI(t, server, "")
	c.Write("imports.tf", "import {\n to = "+loginFlowAddress+"\n id = \"bifrost\"\n provider = asgardeo\n}\n")
	c.Plan(2, "-generate-config-out=generated.tf").Has(t, "1 to import, 0 to add, 0 to change, 0 to destroy.")
	c.Write("imports.tf", "import {\n to = "+loginFlowAddress+"\n id = \"bifrost\"\n}\n")
	generated := string(c.Read("generated.tf"))
	for _, text := range []string{`"GoogleOIDCAuthenticator"`, `"Google"`, "executeStep(1, {"} {
		if !strings.Contains(generated, text) {
			t.Errorf("the configuration lacks %s:\n%s", text, generated)
		}
	}
	server.ClearRequests()
	c.Apply().Has(t, "1 imported, 0 added, 0 changed, 0 destroyed.")
	c.Plan(0)
	server.Wrote()

	// The imported flow is what destroy restores.
	c.Write("generated.tf", providertest.LoginFlowBlock(password+"|totp|"+passkey, ""))
	c.Apply("-auto-approve").Has(t, "0 added, 1 changed, 0 destroyed.")
	c.Plan(2, "-destroy").Has(t, `Destroying the login flow of "bifrost"`,
		"step 1: GoogleOIDCAuthenticator (Google), BasicAuthenticator",
		fmt.Sprintf("a script of %d characters", len(conditional)))
	c.Destroy()
	server.HoldingFlow("USER_DEFINED Google/GoogleOIDCAuthenticator BasicAuthenticator | totp")()
	sequence := server.State().Organizations["bifrost"].MyAccountApplication().AuthenticationSequence
	if sequence.Script != conditional {
		t.Errorf("the script is %s", sequence.Script)
	}
}

// Somebody else's flow in the plan, as people see it: a line a step, and no line is broken.
func TestAccLoginFlow_takeoverIsReadable(t *testing.T) {
	t.Parallel()
	server := providertest.StartAccServer(t, withGoogle())
	server.StoresFlow(google+" "+password+"|totp "+emailOTP+" "+passkey, "")
	c := providertest.NewCLI(t, server, providertest.LoginFlowBlock(password, ""))
	c.Plan(2).Has(t, `Taking over the login flow of "bifrost"`, "now:",
		"step 1: GoogleOIDCAuthenticator (Google), BasicAuthenticator",
		"step 2: totp, email-otp-authenticator, FIDOAuthenticator", "planned:", "step 1: BasicAuthenticator")
}
