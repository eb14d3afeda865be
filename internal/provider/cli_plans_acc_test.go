package provider_test

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

const cliBoth = `
	resource "asgardeo_my_account_portal" "this" {
		enabled = false
	}
	resource "asgardeo_my_account_two_factor" "this" {
		email_otp_enabled = true
		totp_enabled      = false
	}
`

// TestAccCLI_savedPlans applies plans after somebody has changed something in the Console.
func TestAccCLI_savedPlans(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		c := providertest.NewCLI(t, server, cliBoth)

		// The plan of a create.
		c.Plan(2, "-out", "create.tfplan").Has(t, `Taking over the My Account portal of "bifrost"`, "enabled: true -> false",
			"email_otp_enabled: false -> true")
		server.Stores("bifrost/status enable=false",
			"bifrost/myaccount-2FA-config backup_code_enabled=true totp_enabled=true")
		server.ClearRequests()
		output := c.ApplySaved("create.tfplan")
		output.Has(t, `Taking over the two-factor settings of "bifrost"`, "totp_enabled: true -> false")
		output.Lacks(t, "Taking over the My Account portal")
		server.Wrote("bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=true totp_enabled=false")
		c.Plan(0)

		// The plan of an update, and a change of what nobody declared.
		update := `
		resource "asgardeo_my_account_portal" "this" {
			enabled = false
		}
		resource "asgardeo_my_account_two_factor" "this" {
			email_otp_enabled = true
			totp_enabled      = true
		}`
		c.Configure(update)
		c.Plan(2, "-out", "update.tfplan")
		server.Stores("bifrost/myaccount-2FA-config backup_code_enabled=false email_otp_enabled=true passkey_enabled=true " +
			"totp_enabled=false")
		server.ClearRequests()
		c.ApplySaved("update.tfplan").Lacks(t, "Warning", "changed outside Terraform")
		server.Wrote("bifrost/myaccount-2FA-config backup_code_enabled=false email_otp_enabled=true passkey_enabled=true " +
			"totp_enabled=true")
		c.Plan(0)

		// The plan of an update, and a change of what is declared.
		c.Configure(cliBoth)
		c.Plan(2, "-out", "overtaken.tfplan")
		server.Stores("bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=true")
		server.ClearRequests()
		c.ApplySaved("overtaken.tfplan").Has(t, `The two-factor settings of "bifrost" changed outside Terraform`,
			"email_otp_enabled: false -> true")
		server.Wrote("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=false")
		c.Plan(0)

		// The plan of a destroy: what somebody changed since is not Terraform's to hand back.
		c.Plan(2, "-destroy", "-out", "destroy.tfplan").Has(t, `Destroying the two-factor settings of "bifrost"`,
			"email_otp_enabled: true -> false", "totp_enabled: false -> true")
		server.Stores("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true", "bifrost/status enable=true")
		server.ClearRequests()
		c.ApplySaved("destroy.tfplan")
		server.Wrote("bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=true")
		server.Holds("bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=true", "bifrost/status enable=true")
	})
}

// TestAccCLI_refreshOnly uses the command with which pipelines look for drift.
func TestAccCLI_refreshOnly(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		c := providertest.NewCLI(t, server, cliBoth)
		c.Run(0, "import", "-no-color", providertest.TwoFactorAddress, "bifrost")
		c.Plan(0, "-refresh-only") // right after an import, too
		c.Apply()
		c.Plan(0, "-refresh-only")

		server.Stores("bifrost/myaccount-2FA-config backup_code_enabled=true email_otp_enabled=true totp_enabled=false")
		c.Plan(0, "-refresh-only") // nobody declared backup codes

		server.Stores("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true", "bifrost/status enable=true")
		c.Plan(2, "-refresh-only").Has(t, "totp_enabled = false -> true", "enabled = false -> true")
		server.ClearRequests()
		c.Apply("-refresh-only")
		server.Wrote()
		if got := c.Attributes(providertest.TwoFactorAddress)["totp_enabled"]; got != true {
			t.Errorf("totp_enabled is %v in the state", got)
		}
		c.Plan(2).Has(t, "totp_enabled = true -> false", "Plan: 0 to add, 2 to change, 0 to destroy")

		// An organization that is gone is an error, and no reason to forget it.
		before := string(c.Read("terraform.tfstate"))
		server.Update(func(state *mockserver.State) { delete(state.Organizations, "bifrost") })
		c.Run(1, "apply", "-no-color", "-auto-approve", "-refresh-only").Has(t, `knows no organization "bifrost"`)
		if got := string(c.Read("terraform.tfstate")); got != before {
			t.Errorf("the state has changed from\n%s\nto\n%s", before, got)
		}
	})
}

// TestAccCLI_calls counts the calls of whole commands. Terraform starts the provider several times in each; only the
// starts that have something to ask for may call.
func TestAccCLI_calls(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		c := providertest.NewCLI(t, server, cliBoth)
		calls := func() map[string]int {
			counted := map[string]int{}
			for _, request := range server.Requests() {
				if strings.HasSuffix(request.Path, "/oauth2/token") {
					counted["token"]++
				} else {
					counted[request.Method]++
				}
			}
			server.ClearRequests()
			return counted
		}
		count := func(command string, want map[string]int) {
			t.Helper()
			if diff := gocmp.Diff(want, calls()); diff != "" {
				t.Errorf("%s made other calls (-want +got):\n%s", command, diff)
			}
		}
		c.Run(0, "validate")
		count("validate", map[string]int{})
		// Three objects are looked at by the plan, and by the apply to see whether the plan's takeover is still the same.
		// Right before the write, enrollment does not matter, as TOTP stays off. Plan and apply are processes with a token
		// each. The application is looked up in each process, read by the plan and, for each resource, by the check of the
		// plan and around the change: one after the other, as the second look has to wait for what the first resource did.
		want := map[string][3]map[string]int{
			"classic":     {{"token": 2, "GET": 8, "PUT": 2}, {"token": 1, "GET": 3}, {"token": 2, "GET": 4, "PUT": 1}},
			"application": {{"token": 2, "GET": 9, "PATCH": 2}, {"token": 1, "GET": 2}, {"token": 2, "GET": 5, "PATCH": 1}},
		}[at.String()]
		c.Apply("-parallelism=1")
		count("creating", want[0])
		c.Plan(0)
		count("an empty plan", want[1])
		c.Configure(strings.Replace(cliBoth, "totp_enabled      = false", "totp_enabled      = true", 1))
		c.Apply()
		count("changing a flag", want[2])
		c.Run(0, "output")
		count("output", map[string]int{})
	})
}

// TestAccCLI_twoResources is about settings that two resources declare, and about plans that only look like that.
func TestAccCLI_twoResources(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		const rivals = `Two resources for the`
		server := providertest.StartAccServerIn(t, at)
		c := providertest.NewCLI(t, server, cliBoth)
		lacks := func(output providertest.CLIOutput) {
			t.Helper()
			if strings.Contains(string(output), rivals) {
				t.Errorf("one resource is taken for two:\n%s", output)
			}
		}
		lacks(c.Apply())
		lacks(c.Plan(0))
		lacks(c.Plan(2, "-replace", providertest.PortalAddress, "-replace", providertest.TwoFactorAddress))
		lacks(c.Apply("-replace", providertest.PortalAddress, "-replace", providertest.TwoFactorAddress))
		c.Run(0, "taint", providertest.PortalAddress)
		lacks(c.Apply())
		c.Configure(strings.ReplaceAll(cliBoth, "enabled = false\n",
			"enabled = false\n\t\tlifecycle {\n create_before_destroy = true\n }\n"))
		lacks(c.Apply("-replace", providertest.PortalAddress))
		lacks(c.Plan(2, "-destroy"))

		c.Configure(cliBoth + strings.ReplaceAll(cliBoth, `"this"`, `"other"`))
		c.Plan(2).Has(t, `Two resources for the My Account portal of "bifrost"`, "declares enabled") // also with equal values
		c.Configure(cliBoth + strings.NewReplacer(`"this"`, `"other"`, "enabled = false", "enabled = true").Replace(cliBoth))
		c.Plan(2).Has(t, `Two resources for the My Account portal of "bifrost"`)
		c.Configure(cliBoth + strings.ReplaceAll(cliBoth, `"this"`, `"other"`))
		c.Apply()
		c.Plan(0).Has(t, `Two resources for the My Account portal of "bifrost"`, "declares enabled",
			`Two resources for the two-factor settings of "bifrost"`, "email_otp_enabled, totp_enabled")
		lacks(c.Destroy())

		c.Plan(2).Has(t, rivals) // both are new
		c.Configure(cliBoth + strings.NewReplacer(`"this"`, `"other"`, "email_otp_enabled = true", "",
			"totp_enabled      = false", "backup_codes_enabled = false").Replace(cliBoth))
		output := c.Plan(2)
		output.Has(t, `Two resources for the My Account portal`)
		if strings.Contains(string(output), `Two resources for the two-factor settings`) {
			t.Errorf("resources that share no setting are rivals:\n%s", output)
		}
	})
}

// TestAccCLI_partOfTheConfiguration uses the options that make Terraform look at a part only.
func TestAccCLI_partOfTheConfiguration(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		c := providertest.NewCLI(t, server, cliBoth)
		c.Apply("-target", providertest.PortalAddress)
		server.Wrote("bifrost/status enable=false")
		c.Apply("-target", providertest.TwoFactorAddress)
		server.Wrote("bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=false")
		c.Plan(0)

		server.ClearRequests()
		c.Apply("-replace", providertest.PortalAddress).
			Has(t, "will be replaced, as requested", "1 added, 0 changed, 1 destroyed")
		server.Wrote() // users never meet what was there before Terraform in between

		c.Run(0, "destroy", "-no-color", "-auto-approve", "-target", providertest.TwoFactorAddress)
		server.Wrote("bifrost/myaccount-2FA-config email_otp_enabled=false totp_enabled=false")
		c.Plan(2).Has(t, "Plan: 1 to add, 0 to change, 0 to destroy")

		// A plan without refresh trusts the state.
		server.Stores("bifrost/status enable=true")
		server.ClearRequests()
		c.Plan(0, "-refresh=false", "-target", providertest.PortalAddress)
		if got := server.Requests(); len(got) > 0 {
			t.Errorf("the plan has asked for %s", got[0].Path)
		}
		c.Apply("-target", providertest.PortalAddress)
		server.Wrote("bifrost/status enable=false")
	})
}

// TestAccCLI_generatedConfiguration adopts an organization without writing a line.
func TestAccCLI_generatedConfiguration(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		found := []string{
			"bifrost/myaccount-2FA-config email_otp_enabled=true totp_enabled=true",
			"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=true", "bifrost/status enable=false",
		}
		server.Stores(found...)
		c := providertest.NewCLI(t, server, `
		import {
			to = asgardeo_my_account_portal.this
			id = "bifrost"
		}
		import {
			to = asgardeo_my_account_two_factor.this
			id = "bifrost"
		}`)
		c.Plan(2, "-generate-config-out", "generated.tf").Has(t, "Plan: 2 to import, 0 to add, 0 to change, 0 to destroy")
		c.Apply().Has(t, "2 imported, 0 added, 0 changed, 0 destroyed")
		c.Plan(0)
		for _, name := range []string{"email_otp_enabled", "totp_enabled", "totp_enrollment_enabled"} {
			if got := c.Attributes(providertest.TwoFactorAddress)[name]; got != true {
				t.Errorf("%s is %v in the state", name, got)
			}
		}
		server.Wrote()
		c.Destroy()
		server.Wrote()
		server.Holds(found...)
	})
}

// TestAccCLI_organizationTurnsOutToBeAnother stops before anything is written, and the next plan shows the move.
func TestAccCLI_organizationTurnsOutToBeAnother(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at, mockserver.WithOrganization("asgard", "bifrost"))
		credentials := `{ client_id = "` + mockserver.DefaultClientID + `", client_secret = "` +
			mockserver.DefaultClientSecret + `" }`
		config := func(organization, enabled string) string {
			return `
			provider "asgardeo" {
				credentials = { asgard = ` + credentials + `, bifrost = ` + credentials + ` }
			}
			resource "terraform_data" "organization" {
				input = "` + organization + `"
			}
			resource "asgardeo_my_account_portal" "this" {
				organization = terraform_data.organization.output
				enabled      = ` + enabled + `
			}`
		}
		c := providertest.NewCLI(t, server, config("bifrost", "false"))
		c.Apply()
		c.Configure(config("asgard", "true"))
		c.Plan(2, "-out", "unknown.tfplan").Has(t, "The organization is not known yet")
		server.ClearRequests()
		c.Run(1, "apply", "-no-color", "unknown.tfplan").Has(t, "inconsistent final plan",
			"The organization turned out to be another one", "Plan and apply again")
		wantReadsOnly(t, server)
		c.Plan(2).Has(t, "must be replaced", `"bifrost" -> "asgard"`)
		c.Apply()
		c.Plan(0)
	})
}
