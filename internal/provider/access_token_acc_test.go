package provider_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Ephemeral resources need Terraform 1.10 or OpenTofu 1.11. That the token stays out of plan, state and log is
// TestAccCLI_secrets' business.
var ephemeralVersions = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_10_0)}

func TestAccAccessToken(t *testing.T) {
	t.Parallel()
	server := providertest.StartAccServer(t, mockserver.WithOrganization("bifrost", "asgard"))
	server.Stores("bifrost/status enable=true", "asgard/status enable=true")
	server.Update(func(state *mockserver.State) {
		state.Organizations["asgard"].ClientID, state.Organizations["asgard"].ClientSecret = "asgards-id", "asgards-secret"
	})
	config := func(arguments string) string {
		return server.ConfigWith(`
			organization  = "bifrost"
			client_id     = "`+mockserver.DefaultClientID+`"
			client_secret = "`+mockserver.DefaultClientSecret+`"
			credentials   = {
				asgard = { client_id = "asgards-id", client_secret = "asgards-secret" }
			}`, `
			ephemeral "asgardeo_access_token" "this" {
				revoke = false # the checks use it after the run
				`+arguments+`
			}
			provider "echo" {
				data = ephemeral.asgardeo_access_token.this
			}
			resource "echo" "this" {}`)
	}
	data := tfjsonpath.New("data")
	step := func(organization, arguments string) resource.TestStep {
		return resource.TestStep{
			Config: config(arguments),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("echo.this", data.AtMapKey("organization"), knownvalue.StringExact(organization)),
				statecheck.ExpectKnownValue("echo.this", data.AtMapKey("access_token"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue("echo.this", data.AtMapKey("expires_at"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue("echo.this", data.AtMapKey("granted_scopes"),
					knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact(viewScope)})),
			},
			Check: func(state *terraform.State) error { // the token is good, and for this organization only
				token := state.RootModule().Resources["echo.this"].Primary.Attributes["data.access_token"]
				for name, want := range map[string]int{organization: http.StatusOK, map[string]string{"bifrost": "asgard",
					"asgard": "bifrost"}[organization]: http.StatusUnauthorized} {
					if got := providertest.StatusWithToken(t, server.URL()+"/t/"+name+settingsPath, token); got != want {
						return fmt.Errorf("%s answers the token with status %d, want %d", name, got, want)
					}
				}
				return nil
			},
		}
	}
	providers := providertest.AccProviders(t)
	providers["echo"] = echoprovider.NewProviderServer()
	steps := []resource.TestStep{
		{Config: config(`scopes = []`), ExpectError: providertest.Failing("Invalid Attribute Value", "at least 1")},
		{Config: config("organization = \"vanaheim\"\n scopes = [\"" + viewScope + "\"]"),
			ExpectError: providertest.Failing(`no credentials for organization "vanaheim"`)},
		step("bifrost", `scopes = ["`+viewScope+`"]`),
	}
	other := step("asgard", "organization = \"asgard\"\n scopes = [\""+viewScope+"\"]")
	for _, steps := range [][]resource.TestStep{steps, {other}} { // the echo keeps its first value
		resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: providers, TerraformVersionChecks: ephemeralVersions,
			Steps: steps})
	}
}

// TestAccCLI_accessTokenScopes reads the warning, which tests of the harness do not see.
func TestAccCLI_accessTokenScopes(t *testing.T) {
	t.Parallel()
	providertest.NeedsCLI(t)
	server := providertest.StartAccServer(t)
	c := providertest.NewCLI(t, server, `
		ephemeral "asgardeo_access_token" "this" {
			scopes = ["internal_config_mgt_view", "internal_application_mgt_view"]
		}`)
	c.Plan(0).Lacks(t, "Warning")
	server.Update(func(state *mockserver.State) { state.Organizations["bifrost"].Scopes = []string{viewScope} })
	c.Plan(0).Has(t, `Warning: Scopes not granted in "bifrost"`, "without internal_application_mgt_view, because")
	c.With(map[string]string{"ASGARDEO_CLIENT_ID": "", "ASGARDEO_CLIENT_SECRET": "",
		"ASGARDEO_ACCESS_TOKEN": "from-elsewhere"}).
		Plan(1).Has(t, "Unable to get an access token", "Give it client_id and client_secret instead.")
}
