package provider_test

import (
	"fmt"
	"net"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

const portalOff = "resource \"asgardeo_my_account_portal\" \"this\" {\n enabled = false\n}\n"

func TestAccErrors_beforeTheFirstCall(t *testing.T) {
	t.Parallel()
	server := providertest.StartAccServer(t)
	refused := func(arguments string, texts ...string) resource.TestStep {
		return resource.TestStep{Config: server.ConfigWith(arguments, portalOff), ExpectError: providertest.Failing(texts...)}
	}
	server.Run(nil,
		refused(`organization = "bifrost"`, "Missing credentials", "ASGARDEO_CLIENT_ID", "ASGARDEO_ACCESS_TOKEN"),
		refused(`client_id = "id"
			client_secret = "secret"`, "Missing organization", "ASGARDEO_ORGANIZATION"),
		refused(`client_id = "id"`, "Missing client_secret", "ASGARDEO_CLIENT_SECRET"),
		refused(`region = "us"`, "Contradictory provider arguments", "Both region and base_url are set"),
		refused(`organization = "Bifrost"`, "Invalid organization", `write "bifrost"`),
		refused(`request_timeout = "45"`, "Invalid request_timeout", `"45" is not a time limit`),
	)
	if got := server.Requests(); len(got) > 0 {
		t.Errorf("the server was asked %d times, the first time for %s", len(got), got[0].Path)
	}
}

func TestAccErrors_refusedByTheServer(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		server := providertest.StartAccServerIn(t, at)
		view, update, api := at.Scopes()
		missing := map[string][]string{
			"classic": {
				`no classic My Account settings for organization "bifrost"`, `resource type "myaccount"`, "Server code: CONFIGM_",
			},
			"application": {`no application "My Account" in organization "bifrost"`, "only it can"},
		}[at.String()]
		arguments := func(organization, secret string) string {
			return fmt.Sprintf("organization = %q\n client_id = %q\n client_secret = %q", organization,
				mockserver.DefaultClientID, secret)
		}
		scopes := func(scopes ...string) func() {
			return func() {
				server.Update(func(state *mockserver.State) { state.Organizations["bifrost"].Scopes = scopes })
			}
		}
		good := server.ConfigWith(arguments("bifrost", mockserver.DefaultClientSecret), portalOff)
		server.Run(nil,
			resource.TestStep{
				Config: server.ConfigWith(arguments("bifrost", "wrong"), portalOff),
				ExpectError: providertest.Failing("Unable to plan the My Account "+
					"portal", `token endpoint of organization "bifrost" refused the client`,
					"ASGARDEO_CLIENT_SECRET", "HTTP status: 401", "Server code: invalid_client"),
			},
			resource.TestStep{
				Config: server.ConfigWith(arguments("asgard", mockserver.DefaultClientSecret), portalOff),
				ExpectError: providertest.Failing("Unable to plan the My Account portal", `knows no organization "asgard"`,
					"region or base_url"),
			},
			resource.TestStep{
				PreConfig: scopes(update),
				Config:    good,
				ExpectError: providertest.Failing("Unable to plan the My Account portal", "needs the scope "+view,
					"granted only "+update, api, "HTTP status: 403"),
			},
			resource.TestStep{
				PreConfig: scopes(view),
				Config:    good,
				ExpectError: providertest.Failing("Unable to create the My Account portal", "needs the scope "+update,
					"granted only "+view, api, "HTTP status: 403"),
			},
			resource.TestStep{
				PreConfig: func() {
					server.Update(func(state *mockserver.State) {
						state.Organizations["bifrost"].Scopes = nil
						at.RemoveSettings(state.Organizations["bifrost"])
					})
				},
				Config:      good,
				ExpectError: providertest.Failing(missing...),
			},
			resource.TestStep{ // none of the failures left anything behind, neither there nor in the state
				PreConfig: func() {
					server.Update(func(state *mockserver.State) {
						state.Organizations["bifrost"].TypeMissing, state.Organizations["bifrost"].Applications = false, nil
					})
					server.Holds()
					server.ClearRequests()
				},
				Config:        good,
				PostApplyFunc: server.Writing("bifrost/status enable=false"),
			},
		)
	})
}

func TestAccErrors_unreachable(t *testing.T) {
	t.Parallel()
	providertest.InEachAccPlace(t, func(t *testing.T, at providertest.Place) {
		providertest.StartAccServerIn(t, at) // skips where there is no CLI
		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := listener.Addr().String()
		if err := listener.Close(); err != nil {
			t.Fatal(err)
		}
		resource.Test(
			t,
			resource.TestCase{ProtoV6ProviderFactories: providertest.AccProviders(t), Steps: []resource.TestStep{{
				Config: fmt.Sprintf(`
			provider "asgardeo" {
				base_url     = "http://%s"
				organization = "bifrost"
				access_token = "token"
				max_retries  = 1

				my_account_api = %q
			}
			%s`, address, at, portalOff),
				ExpectError: providertest.Failing(
					"Unable to plan the My Account portal",
					"could not be reached",
					"2 attempts",
					address,
					"ASGARDEO_BASE_URL",
				),
			}}},
		)
	})
}

// TestAccErrors_halfWay loses the second of two writes: a create keeps no state and an update keeps what was written,
// so that the next apply continues from there. In an application there is no half way: one change has both.
func TestAccErrors_halfWay(t *testing.T) {
	t.Parallel()
	server := providertest.StartAccServerIn(t, providertest.ClassicPlace{})
	failSecondWrite := func() {
		server.AddFault(mockserver.Fault{
			Match: mockserver.Match{Method: "PUT"}, Action: mockserver.ActionLatency, LatencyMS: 1,
		})
		server.AddFault(mockserver.Fault{
			Match: mockserver.Match{Method: "PUT"}, Action: mockserver.ActionStatus, Status: 400,
			Body: `{"code":"CONFIGM_00019","message":"Refused","description":"refused for a test"}`,
		})
	}
	both := func(on bool) string {
		return server.TwoFactor(
			providertest.FlagArguments(map[string]bool{"totp_enabled": on, "totp_enrollment_enabled": on}),
		)
	}
	server.Run(nil,
		resource.TestStep{
			PreConfig: failSecondWrite,
			Config:    both(true),
			ExpectError: providertest.Failing("Unable to create the two-factor settings", "refused for a test",
				"Written before that, and put back again:", "totp_enabled: false -> true", "The settings are what they were"),
		},
		resource.TestStep{
			PreConfig: func() {
				server.Wrote("bifrost/myaccount-2FA-config totp_enabled=true",
					"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=true (status 400)",
					"bifrost/myaccount-2FA-config totp_enabled=false")
			},
			Config: both(true),
			PostApplyFunc: server.Writing("bifrost/myaccount-2FA-config totp_enabled=true",
				"bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=true"),
		},
		resource.TestStep{
			PreConfig: failSecondWrite,
			Config:    both(false),
			ExpectError: providertest.Failing("Unable to update the two-factor settings", "refused for a test",
				"Already written:", "totp_enrollment_enabled: ", "The state records it"),
		},
		resource.TestStep{
			PreConfig: func() {
				server.Wrote("bifrost/myaccount-TOTP-config enrolUserInAuthenticationFlow=false",
					"bifrost/myaccount-2FA-config totp_enabled=false (status 400)")
			},
			Config:        both(false),
			PostApplyFunc: server.Writing("bifrost/myaccount-2FA-config totp_enabled=false"),
		},
	)
}
