package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

const authenticatorsPath = "/t/bifrost/api/server/v1/authenticators"

// authenticators lists the names by type.
func (p *portal) authenticators() string {
	p.t.Helper()
	var items []struct {
		ID, Name, DisplayName, Type, DefinedBy string
		IsEnabled                              bool
		Tags                                   []string
	}
	r := p.call("GET", authenticatorsPath, "").expect(http.StatusOK)
	if err := json.Unmarshal(r.body, &items); err != nil {
		p.t.Fatal(err)
	}
	var names []string
	for _, item := range items {
		if item.ID == "" || item.DisplayName == "" || item.DefinedBy != "SYSTEM" || !item.IsEnabled || item.Tags == nil {
			p.t.Errorf("item %+v", item)
		}
		if item.Name == "totp" && item.ID != "dG90cA" {
			p.t.Errorf("the id of totp is %s", item.ID)
		}
		names = append(names, item.Type+"/"+item.Name)
	}
	return strings.Join(names, " ")
}

func TestAuthenticators(t *testing.T) {
	t.Parallel()
	p := newPortal(t, nil)
	const want = "LOCAL/BasicAuthenticator LOCAL/IdentifierExecutor LOCAL/totp LOCAL/email-otp-authenticator " +
		"LOCAL/sms-otp-authenticator " +
		"LOCAL/backup-code-authenticator LOCAL/FIDOAuthenticator LOCAL/MagicLinkAuthenticator " +
		"LOCAL/push-notification-authenticator " +
		"LOCAL/SessionExecutor LOCAL/OrganizationIdentifierHandler LOCAL/SharedUserIdentifierExecutor FEDERATED/Entra ID " +
		"FEDERATED/Google"
	if got := p.authenticators(); got != want {
		t.Errorf("the list is  %s\nand should be %s", got, want)
	}
	p = newPortal(t, func(o *mockserver.Organization) {
		o.Authenticators = []string{"BasicAuthenticator", "custom-authenticator"}
		o.Connections = nil
	})
	if got := p.authenticators(); got != "LOCAL/BasicAuthenticator LOCAL/custom-authenticator" {
		t.Errorf("the list is %s", got)
	}
	p.patch(sequence(userDefined + steps(step("custom-authenticator")))).expectChanged()
	p.patch(sequence(userDefined+steps(step("totp")))).expectError(http.StatusBadRequest, "APP-60001")
	p.call("GET", authenticatorsPath+"/dG90cA", "").expect(http.StatusNotFound).expectNotJSON()
}

// configured is the other view of the login flow, in one line.
func (p *portal) configured() string {
	p.t.Helper()
	var list []struct {
		StepID                                       int
		LocalAuthenticators, FederatedAuthenticators []struct{ Name, Type string }
	}
	r := p.call("GET", p.path+"/authenticators", "").expect(http.StatusOK)
	if err := json.Unmarshal(r.body, &list); err != nil {
		p.t.Fatal(err)
	}
	var parts []string
	for _, step := range list {
		if step.LocalAuthenticators == nil || step.FederatedAuthenticators == nil {
			p.t.Errorf("null instead of a list: %s", r.body)
		}
		parts = append(parts, fmt.Sprint(step.StepID, step.FederatedAuthenticators, step.LocalAuthenticators))
	}
	return strings.Join(parts, " ")
}

// The option for users of sub-organizations is there, although the application does not show it, and comes back.
func TestSharedApplication(t *testing.T) {
	t.Parallel()
	p := newPortal(t, func(o *mockserver.Organization) { o.MyAccountApplication().Shared = true })
	if got := p.configured(); got != "1 [] [{Username & Password BasicAuthenticator}]" {
		t.Errorf("before any update: %s", got)
	}
	const own = "USER_DEFINED [LOCAL/BasicAuthenticator] 1 1"
	const hidden = "1 [{SSO OrganizationAuthenticator}] [{Username & Password BasicAuthenticator}]"
	for _, change := range []string{
		`{"applicationEnabled":true}`, // any update makes the default flow one of its own
		sequence(`"type":"DEFAULT"`),
		sequence(userDefined + steps(step("BasicAuthenticator"))),
		sequence(userDefined + steps(step("SSO/OrganizationAuthenticator", "BasicAuthenticator"))),
	} {
		p.patch(change).expectChanged()
		if got := p.flow(); got != own {
			t.Errorf("after %s: %s", change, got)
		}
		if got := p.configured(); got != hidden {
			t.Errorf("after %s: %s", change, got)
		}
	}
	p.patch(sequence(userDefined + steps(step("IdentifierExecutor", "Google/GoogleOIDCAuthenticator"),
		step("totp")))).expectChanged()
	want := "1 [{Google GoogleOIDCAuthenticator} {SSO OrganizationAuthenticator}] [{Identifier First " +
		"IdentifierExecutor}] 2 [] [{TOTP totp}]"
	if got := p.configured(); got != want {
		t.Errorf("with two steps: %s", got)
	}
	stored := p.server.State().Organizations["bifrost"].MyAccountApplication().AuthenticationSequence.Steps[0].Options
	if len(stored) != 3 {
		t.Errorf("stored are %v", stored)
	}

	p.server.Update(func(state *mockserver.State) { state.Organizations["bifrost"].MyAccountApplication().Shared = false })
	p.patch(`{}`).expectChanged()
	if got := p.configured(); strings.Contains(got, "SSO") {
		t.Errorf("no longer shared: %s", got)
	}
}

// Of other applications, it shows.
func TestSharedApplicationOfCustomers(t *testing.T) {
	t.Parallel()
	p := newPortal(t, func(o *mockserver.Organization) {
		o.Applications = []mockserver.Application{{Name: "My Account"}, {ID: "shop", Name: "Shop", Shared: true}}
	})
	p.path = appsPath + "/shop"
	p.patch(`{}`).expectChanged()
	if got := p.flow(); got != "USER_DEFINED [SSO/OrganizationAuthenticator LOCAL/BasicAuthenticator] 1 1" {
		t.Errorf("the flow is %s", got)
	}
}
