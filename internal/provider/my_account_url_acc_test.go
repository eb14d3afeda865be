package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

func TestAccMyAccountURL(t *testing.T) {
	t.Parallel()
	server := providertest.StartAccServer(t)
	output := func(call string) string { // without a provider block
		return "output \"url\" {\n value = provider::asgardeo::my_account_url(" + call + ")\n}\n"
	}
	step := func(call, url string) resource.TestStep {
		return resource.TestStep{
			Config:            output(call),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("url", knownvalue.StringExact(url))},
		}
	}
	refused := func(call string, texts ...string) resource.TestStep {
		return resource.TestStep{
			Config: output(call),
			ExpectError: providertest.Failing(append([]string{"Invalid function argument"},
				texts...)...),
		}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providertest.AccProviders(t),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
		Steps: []resource.TestStep{
			step(`"bifrost"`, "https://myaccount.asgardeo.io/t/bifrost"),
			step(`"bifrost", "us"`, "https://myaccount.asgardeo.io/t/bifrost"),
			step(`"bifrost", "eu"`, "https://myaccount.eu.asgardeo.io/t/bifrost"),
			refused(`"Bifrost"`, `"organization"`, `write "bifrost"`),
			refused(`"bifrost", "mars"`, `"region"`, `"mars"`),
			refused(`"bifrost", "us", "eu"`, `"region"`, "an organization lives in one region"),
		},
	})
	if requests := server.Requests(); len(requests) > 0 {
		t.Errorf("the server was asked: %v", requests)
	}
}
