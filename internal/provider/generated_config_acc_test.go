package provider_test

import (
	"os"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Adoption of everything that an organization has, with configuration that the CLI writes.

// newAdoption is a working directory for an organization that was set up in the Console.
func newAdoption(t *testing.T) (*providertest.AccServer, *providertest.CLI) {
	t.Helper()
	server := providertest.StartAccServer(t)
	server.InConsole("bifrost", "enabled=false", "factors=sms_otp,totp")
	server.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].SMSSenders["SMSPublisher"] = providertest.TwilioStored()
		state.Organizations["bifrost"].MyAccountApplication().AuthenticationSequence.Script = enrollingScript
	})
	return server, providertest.NewCLI(t, server, "")
}

// enrollingScript lets users enroll TOTP in the second of two steps.
const enrollingScript = `
	var onLoginRequest = function(context) {
		executeStep(1);
		executeStep(2, { authenticatorParams: { common: { 'enrolUserInAuthenticationFlow': 'true' } } }, {});
	};
`

// importBlocks are for all that there is. The provider is for the plan that generates configuration alone: some
// releases look for another one without it, and all refuse it afterwards.
func importBlocks(imported, provider string) string {
	var blocks strings.Builder
	for _, address := range []string{
		providertest.PortalAddress, providertest.TwoFactorAddress, providertest.SenderAddress,
	} {
		blocks.WriteString("import {\n to = " + address + "\n " + imported + "\n " + provider + "\n}\n")
	}
	return blocks.String()
}

func testGeneratedConfig(t *testing.T, server *providertest.AccServer, c *providertest.CLI, imported string) {
	t.Helper()
	c.Write("imports.tf", importBlocks(imported, "provider = asgardeo"))
	c.Plan(2, "-generate-config-out=generated.tf").Has(t, "3 to import, 0 to add, 0 to change, 0 to destroy.")
	c.Write("imports.tf", importBlocks(imported, ""))
	generated := string(c.Read("generated.tf"))
	providertest.WantAbsent(t, generated, "first-key", "first-secret")
	for _, line := range []string{
		`enabled = false`, `totp_enrollment_enabled = true`, `backup_codes_enabled = false`, `sender = "+15550100"`,
	} {
		if !strings.Contains(strings.Join(strings.Fields(generated), " "), line) {
			t.Errorf("the configuration lacks %s:\n%s", line, generated)
		}
	}
	c.ApplyImports(server)

	// The secrets come later, as one change of the sender alone.
	lines := strings.Split(generated, "\n")
	for i, line := range lines {
		switch name, _, _ := strings.Cut(line, "="); strings.TrimSpace(name) {
		case "secret_wo":
			lines[i] = `secret_wo = "second-secret"`
		case "secret_wo_version":
			lines[i] = "secret_wo_version = 1"
		}
	}
	c.Write("generated.tf", strings.Join(lines, "\n"))
	c.Plan(2).Has(t, providertest.SenderAddress+" will be updated in-place", "0 to add, 1 to change, 0 to destroy.")
	c.Apply().Has(t, "0 added, 1 changed, 0 destroyed.")
	server.Wrote("PUT /t/bifrost/api/server/v2/notification-senders/sms/SMSPublisher")
	sender := server.State().Organizations["bifrost"].SMSSenders["SMSPublisher"]
	if *sender.Secret != "second-secret" || *sender.Key != "first-key" {
		t.Error("the server has other secrets")
	}
	c.Plan(0)
}

func TestAccCLI_generatedConfigByID(t *testing.T) {
	t.Parallel()
	providertest.NeedsCLI(t)
	server, c := newAdoption(t)
	testGeneratedConfig(t, server, c, `id = "bifrost"`)
}

func TestAccCLI_generatedConfigByIdentity(t *testing.T) {
	t.Parallel()
	server, c := newAdoption(t)
	c.Needs("1.12.0", "Terraform", "OpenTofu")
	testGeneratedConfig(t, server, c, `identity = { organization = "bifrost" }`)
}

func TestAccCLI_generatedConfigByQuery(t *testing.T) {
	t.Parallel()
	server, c := newAdoption(t)
	c.Needs("1.14.0", "Terraform")
	c.Write("all.tfquery.hcl", `
		list "asgardeo_my_account_portal" "this" {
			provider = asgardeo
		}
		list "asgardeo_my_account_two_factor" "this" {
			provider = asgardeo
		}
		list "asgardeo_sms_sender" "this" {
			provider = asgardeo
		}`)
	c.Run(0, "query", "-no-color", "-generate-config-out=generated.tf").Has(t,
		"My Account portal of bifrost", "Two-factor settings of bifrost", "SMS sender of bifrost")
	if err := os.Remove(c.Path("all.tfquery.hcl")); err != nil {
		t.Fatal(err)
	}
	providertest.WantAbsent(t, string(c.Read("generated.tf")), "first-key", "first-secret")
	c.ApplyImports(server)
}

// TestAccCLI_queryWithTrouble: what can be read is listed, and what cannot is said.
func TestAccCLI_queryWithTrouble(t *testing.T) {
	t.Parallel()
	_, c := newAdoption(t)
	c.Needs("1.14.0", "Terraform")
	list := func(organizations string) {
		c.Write("all.tfquery.hcl", `
			list "asgardeo_my_account_portal" "this" {
				provider = asgardeo
				config {
					organizations = `+organizations+`
				}
			}`)
	}
	list(`["asgard", "bifrost", "vanaheim"]`)
	c.Run(0, "query", "-no-color").Has(t, "My Account portal of bifrost",
		`Warning: The My Account portal of "asgard": not listed`,
		`Warning: The My Account portal of "vanaheim": not listed`, `Add an entry "vanaheim"`)
	list(`["asgard", "vanaheim"]`)
	c.Run(1, "query", "-no-color").Has(t,
		`no credentials for organization "asgard"`, `no credentials for organization "vanaheim"`)
}
