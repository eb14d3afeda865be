package session_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// testQuery runs a query over the organizations asgard, bifrost and vanaheim, of which the last has no credentials
// here.
func testQuery(t *testing.T, steps func(server *providertest.AccServer) []resource.TestStep) {
	t.Helper()
	server := providertest.StartAccServer(t, mockserver.WithOrganization("asgard", "bifrost", "vanaheim"))
	server.Stores("asgard/status enable=false", "bifrost/myaccount-2FA-config totp_enabled=true")
	server.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].SMSSenders = map[string]*mockserver.SMSSender{
			"SMSPublisher": providertest.StoredSMSSender(),
		}
	})
	provider := server.ConfigWith(`
		organization = "bifrost"
		max_retries  = 0
		credentials = {
			asgard  = { client_id = "`+mockserver.DefaultClientID+`", client_secret = "`+mockserver.DefaultClientSecret+`" }
			bifrost = { client_id = "`+mockserver.DefaultClientID+`", client_secret = "`+mockserver.DefaultClientSecret+`" }
		}`, "")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providertest.AccProviders(t),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
		Steps:                    append([]resource.TestStep{{Config: provider}}, steps(server)...), // queries have none
	})
	server.Wrote()
}

func identityOf(organization string, more ...string) map[string]knownvalue.Check {
	identity := map[string]knownvalue.Check{"organization": knownvalue.StringExact(organization)}
	for _, name := range more {
		identity["name"] = knownvalue.StringExact(name)
	}
	return identity
}

func TestAccQuery_names(t *testing.T) {
	t.Parallel()
	testQuery(t, func(*providertest.AccServer) []resource.TestStep {
		return []resource.TestStep{{
			Query: true,
			Config: `
				list "asgardeo_my_account_portal" "own" {
					provider = asgardeo
				}
				list "asgardeo_my_account_two_factor" "one" {
					provider = asgardeo
					config {
						organization = "asgard"
					}
				}
				list "asgardeo_my_account_portal" "several" {
					provider = asgardeo
					config {
						organizations = ["asgard", "bifrost"]
					}
				}
				list "asgardeo_my_account_portal" "first" {
					provider = asgardeo
					limit    = 1
					config {
						organizations = ["asgard", "bifrost"]
					}
				}
				list "asgardeo_sms_sender" "several" {
					provider = asgardeo
					config {
						organizations = ["asgard", "bifrost"]
					}
				}`,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("asgardeo_my_account_portal.own", 1),
				querycheck.ExpectIdentity("asgardeo_my_account_portal.own", identityOf("bifrost")),
				querycheck.ExpectLength("asgardeo_my_account_two_factor.one", 1),
				querycheck.ExpectIdentity("asgardeo_my_account_two_factor.one", identityOf("asgard")),
				querycheck.ExpectLength("asgardeo_my_account_portal.several", 2),
				querycheck.ExpectIdentity("asgardeo_my_account_portal.several", identityOf("asgard")),
				querycheck.ExpectIdentity("asgardeo_my_account_portal.several", identityOf("bifrost")),
				querycheck.ExpectLength("asgardeo_my_account_portal.first", 1),
				querycheck.ExpectIdentity("asgardeo_my_account_portal.first", identityOf("asgard")),
				querycheck.ExpectLength("asgardeo_sms_sender.several", 1),
				querycheck.ExpectIdentity("asgardeo_sms_sender.several", identityOf("bifrost", "SMSPublisher")),
			},
		}}
	})
}

func TestAccQuery_resources(t *testing.T) {
	t.Parallel()
	testQuery(t, func(server *providertest.AccServer) []resource.TestStep {
		known := func(typeName, organization, displayName string,
			attributes map[string]knownvalue.Check) []querycheck.QueryResultCheck {
			var values []querycheck.KnownValueCheck
			for name, value := range attributes {
				values = append(values, querycheck.KnownValueCheck{Path: tfjsonpath.New(name), KnownValue: value})
			}
			filter := queryfilter.ByDisplayName(knownvalue.StringExact(displayName))
			return []querycheck.QueryResultCheck{
				querycheck.ExpectResourceDisplayName(typeName+"."+organization, filter, knownvalue.StringExact(displayName)),
				querycheck.ExpectResourceKnownValues(typeName+"."+organization, filter, values),
			}
		}
		list := func(typeName, organization string) string {
			return `list "` + typeName + `" "` + organization + `" {
				provider         = asgardeo
				include_resource = true
				config {
					organization = "` + organization + `"
				}
			}
			`
		}
		checks := known(portalType, "asgard", "My Account portal of asgard", map[string]knownvalue.Check{
			"organization": knownvalue.StringExact("asgard"), "enabled": knownvalue.Bool(false),
			"url": knownvalue.StringExact(server.URL() + "/t/asgard/myaccount"),
		})
		checks = append(
			checks,
			known(twoFactorType, "bifrost", "Two-factor settings of bifrost", map[string]knownvalue.Check{
				"organization": knownvalue.StringExact("bifrost"), "totp_enabled": knownvalue.Bool(true),
				"email_otp_enabled": knownvalue.Bool(false),
			})...)
		checks = append(
			checks,
			known(senderType, "bifrost", "SMS sender of bifrost", map[string]knownvalue.Check{
				"provider_name": knownvalue.StringExact("Twilio"), "key": knownvalue.Null(), "secret": knownvalue.Null(),
			})...)
		return []resource.TestStep{
			{Query: true, Config: list(portalType, "asgard") + list(twoFactorType, "bifrost") +
				list(senderType, "bifrost"), QueryResultChecks: checks},
		}
	})
}

func TestAccQuery_nothingToRead(t *testing.T) {
	t.Parallel()
	testQuery(t, func(*providertest.AccServer) []resource.TestStep {
		list := func(organizations string) string {
			return `list "asgardeo_my_account_portal" "all" {
				provider = asgardeo
				config {
					organizations = ` + organizations + `
				}
			}`
		}
		return []resource.TestStep{
			{
				Query:       true,
				Config:      list(`["vanaheim"]`),
				ExpectError: providertest.Failing(`no credentials for organization "vanaheim"`),
			},
			{Query: true, Config: list(`["bifrost", "Asgard"]`), ExpectError: providertest.Failing(`write "asgard"`)},
			{Query: true, Config: list(`["vanaheim", "bifrost"]`), QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("asgardeo_my_account_portal.all", 1),
				querycheck.ExpectIdentity("asgardeo_my_account_portal.all", identityOf("bifrost")),
			}},
		}
	})
}
