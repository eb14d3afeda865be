package provider_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// An access token for other providers, which is in neither plan nor state.

func TestAccessTokenIsRevoked(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	w.Console(providertest.Stored{providertest.StatusObject: {"enable": "true"}})
	asked := values{"scopes": []any{viewScope}}
	for name, test := range map[string]struct {
		config values
		after  int
	}{
		"default": {asked, http.StatusUnauthorized}, "wanted": {asked.With(values{"revoke": true}), http.StatusUnauthorized},
		"not wanted": {asked.With(values{"revoke": false}), http.StatusOK},
	} {
		p := w.Start()
		token, diags := p.OpenToken(test.config)
		providertest.WantNoDiagnostics(t, diags)
		if got := w.StatusWithToken(token["access_token"], "bifrost", settingsPath); got != http.StatusOK {
			t.Errorf("%s: status %d before", name, got)
		}
		providertest.WantNoDiagnostics(t, p.CloseToken())
		if got := w.StatusWithToken(token["access_token"], "bifrost", settingsPath); got != test.after {
			t.Errorf("%s: status %d after", name, got)
		}
	}
}

// TestAccessTokenThatCannotBeRevoked: no server has to have the endpoint, and no run fails because of it.
func TestAccessTokenThatCannotBeRevoked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault    mockserver.Fault
		warnings []string
	}{
		"no such endpoint": {mockserver.Fault{Action: mockserver.ActionStatus, Status: 404, Body: "<html></html>"}, nil},
		"not that method":  {mockserver.Fault{Action: mockserver.ActionStatus, Status: 405}, nil},
		"a busy server": {mockserver.Fault{Action: mockserver.ActionStatus, Status: 503, Times: -1},
			[]string{`An access token of "bifrost" was not revoked`, "HTTP status: 503", "revoke = false"}},
		"a wrong client": {mockserver.Fault{Action: mockserver.ActionStatus, Status: 401,
			Body: `{"error":"invalid_client","error_description":"x"}`},
			[]string{`An access token of "bifrost" was not revoked`, "invalid_client"}},
	} {
		w := providertest.NewWorkspace(t)
		w.Wrap = providertest.BesidesFaults(t)
		p := w.Start()
		token, diags := p.OpenToken(values{"scopes": []any{viewScope}})
		providertest.WantNoDiagnostics(t, diags)
		test.fault.Match = mockserver.Match{Method: http.MethodPost, PathPrefix: "/t/bifrost/oauth2/revoke"}
		w.Mock.AddFault(test.fault)
		diags = p.CloseToken()
		if test.warnings == nil {
			providertest.WantNoDiagnostics(t, diags)
		} else {
			providertest.WantWarning(t, diags, test.warnings...)
		}
		providertest.WantAbsent(t, name+diags.String(), token["access_token"].(string), mockserver.DefaultClientSecret)
	}
}

// TestAccessTokenOfSeveral: a server that gives the same token twice does not have it revoked under somebody else.
func TestAccessTokenOfSeveral(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	w.Wrap = providertest.BesidesFaults(t)
	providertest.Breaks(http.MethodPost, tokenPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 200, Times: 2,
		Body: `{"access_token":"shared","token_type":"Bearer","scope":"internal_config_mgt_view","expires_in":3600}`,
	})(w)
	p := w.Start()
	for range 2 {
		_, diags := p.OpenToken(values{"scopes": []any{viewScope}})
		providertest.WantNoDiagnostics(t, diags)
	}
	w.Calls()
	providertest.WantNoDiagnostics(t, p.CloseToken())
	w.WantCalls()
	providertest.WantNoDiagnostics(t, p.CloseToken())
	w.WantCalls("POST revoke")
}

const (
	viewScope    = "internal_config_mgt_view"
	updateScope  = "internal_config_mgt_update"
	sendersScope = "internal_notification_senders_view"
	settingsPath = "/api/identity/config-mgt/v1.0/resource/myaccount/status"
	sendersPath  = "/api/server/v2/notification-senders/sms"
)

// sorted are the elements of a set, which has no order.
func sorted(set any) []string {
	var texts []string
	for _, element := range set.([]any) {
		texts = append(texts, element.(string))
	}
	slices.Sort(texts)
	return texts
}

func TestAccessTokenForOthers(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t, mockserver.WithTokenLifetime(10*time.Minute))
	w.Console(providertest.Stored{providertest.StatusObject: {"enable": "true"}})
	before := time.Now().Truncate(time.Second)
	token, diags := w.Start().OpenToken(values{"scopes": []any{updateScope, viewScope}})
	providertest.WantNoDiagnostics(t, diags)
	w.WantCalls("POST token") // no other token than the one that was asked for
	if token["organization"] != "bifrost" {
		t.Errorf("the organization is %v", token["organization"])
	}
	if diff := cmp.Diff([]string{updateScope, viewScope}, sorted(token["granted_scopes"])); diff != "" {
		t.Errorf("other scopes were granted (- want, + got):\n%s", diff)
	}
	expires, err := time.Parse(time.RFC3339, token["expires_at"].(string))
	providertest.Must(t, err)
	if life := expires.Sub(before); expires.Location() != time.UTC || life < 9*time.Minute || life > 11*time.Minute {
		t.Errorf("the token ends at %v, after %v", token["expires_at"], life)
	}

	// It is good for what it was granted, and for nothing else.
	for path, want := range map[string]int{settingsPath: http.StatusOK, sendersPath: http.StatusForbidden} {
		if got := w.StatusWithToken(token["access_token"], "bifrost", path); got != want {
			t.Errorf("%s answers the token with status %d, want %d", path, got, want)
		}
	}
	if got := w.StatusWithToken("another-token", "bifrost", settingsPath); got != http.StatusUnauthorized {
		t.Errorf("any token is good: %d", got)
	}
}

func TestAccessTokenWithoutSomeScopes(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	providertest.Without(sendersScope, updateScope)(w)
	asked := values{"scopes": []any{sendersScope, viewScope, updateScope}}
	token, diags := w.Start().OpenToken(asked)
	providertest.WantWarning(t, diags, "[scopes]", `Scopes not granted in "bifrost"`,
		"without "+updateScope+", "+sendersScope+",", "API Authorization")
	providertest.WantAbsent(t, diags.String(), viewScope, token["access_token"].(string))
	if diff := cmp.Diff([]string{viewScope}, sorted(token["granted_scopes"])); diff != "" {
		t.Errorf("other scopes were granted (- want, + got):\n%s", diff)
	}

	providertest.Without(mockserver.AllScopes()...)(w)
	token, diags = w.Start().OpenToken(asked)
	providertest.WantWarning(t, diags, updateScope, viewScope, sendersScope)
	if granted := sorted(token["granted_scopes"]); len(granted) > 0 {
		t.Errorf("granted %v", granted)
	}

	providertest.Without()(w)
	_, diags = w.Start().OpenToken(asked)
	providertest.WantNoDiagnostics(t, diags)
}

func TestAccessTokenOfAnotherOrganization(t *testing.T) {
	t.Parallel()
	w := providertest.NewFleet(t)
	w.Mock.Update(func(state *mockserver.State) {
		state.Organizations["alfheim"].MyAccount[providertest.StatusObject] = providertest.Attributes{"enable": "true"}
		alfheim := state.Organizations["alfheim"]
		alfheim.ClientID, alfheim.ClientSecret = "alfheims-id", "alfheims-secret"
	})
	w.Provider["credentials"].(values)["alfheim"] = values{
		"client_id":     "alfheims-id",
		"client_secret": "alfheims-secret",
	}
	p := w.Start()
	token, diags := p.OpenToken(values{"organization": "alfheim", "scopes": []any{viewScope}})
	providertest.WantNoDiagnostics(t, diags)
	if got := w.StatusWithToken(token["access_token"], "alfheim", settingsPath); token["organization"] != "alfheim" ||
		got != http.StatusOK {
		t.Errorf("the token of %v is answered with status %d", token["organization"], got)
	}
	if got := w.StatusWithToken(token["access_token"], "bifrost", settingsPath); got != http.StatusUnauthorized {
		t.Errorf("the token is good for another organization: %d", got)
	}

	_, diags = p.OpenToken(values{"organization": "vanaheim", "scopes": []any{viewScope}})
	providertest.WantError(t, diags, `no credentials for organization "vanaheim"`, `Add an entry "vanaheim"`)
}

func TestAccessTokenThatCannotBeHad(t *testing.T) {
	t.Parallel()
	asked := values{"scopes": []any{viewScope}}
	const staticToken = "a-token-from-elsewhere"
	for _, test := range []struct {
		name   string
		cause  func(w *workspace)
		config values
		errors []string
	}{
		{"a static token", func(w *workspace) {
			delete(w.Provider, "client_id")
			delete(w.Provider, "client_secret")
			w.Provider["access_token"] = staticToken
		}, asked, []string{"Unable to get an access token", "ASGARDEO_ACCESS_TOKEN",
			"Give it client_id and client_secret instead"}},
		{"a wrong secret", func(w *workspace) { w.Provider["client_secret"] = "wrong-secret" }, asked, []string{
			"Unable to get an access token", `organization "bifrost" refused the client`, "ASGARDEO_CLIENT_SECRET",
			"invalid_client",
		}},
		{"an unknown organization", removeOrganization, asked,
			[]string{"Unable to get an access token", `knows no organization "bifrost"`}},
		{"a busy server", providertest.Breaks(http.MethodPost, tokenPath, mockserver.Fault{
			Action: mockserver.ActionStatus, Status: 503, Body: `{"code":503,"message":"m","description":"d"}`,
		}), asked, []string{"Unable to get an access token", "HTTP status: 503"}},
		{"no organization", func(w *workspace) { delete(w.Provider, "organization") }, asked,
			[]string{"[organization]", "Missing organization", "ASGARDEO_ORGANIZATION"}},
		{"a provider that is not known yet", func(w *workspace) { w.Provider["client_secret"] = unknown }, asked,
			[]string{"Provider configuration not known yet", "client_secret"}},
		{"no scope", func(*workspace) {}, values{"scopes": []any{}}, []string{"[scopes]", "at least 1"}},
		{"an empty scope", func(*workspace) {}, values{"scopes": []any{viewScope, ""}}, []string{"[scopes", "one scope"}},
		{"two scopes in one", func(*workspace) {}, values{"scopes": []any{viewScope + " " + updateScope}},
			[]string{"[scopes", "without white space"}},
		{"no argument", func(*workspace) {}, values{}, []string{"[scopes]", "Missing"}},
		{"a malformed organization", func(*workspace) {}, values{"organization": "Bifrost", "scopes": []any{viewScope}},
			[]string{"[organization]", `write "bifrost"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			w.Provider["max_retries"] = 0
			_, diags := w.Start().OpenToken(asked) // positive control
			providertest.WantNoDiagnostics(t, diags)
			test.cause(w)
			_, diags = w.Start().OpenToken(test.config)
			providertest.WantError(t, diags, test.errors...)
			providertest.WantAbsent(t, diags.String(), staticToken, "wrong-secret", mockserver.DefaultClientSecret)
		})
	}
}

// TestAccessTokenWithoutEnd: a server need not say when a token ends.
func TestAccessTokenWithoutEnd(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	w.Wrap = providertest.BesidesFaults(t) // it is documented that it does say
	providertest.Breaks(http.MethodPost, tokenPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 200,
		Body: `{"access_token":"endless","token_type":"Bearer","scope":"internal_config_mgt_view"}`,
	})(w)
	token, diags := w.Start().OpenToken(values{"scopes": []any{viewScope}})
	providertest.WantNoDiagnostics(t, diags)
	if diff := cmp.Diff(values{
		"organization": "bifrost", "access_token": "endless", "scopes": []any{viewScope}, "granted_scopes": []any{viewScope},
	}, token); diff != "" {
		t.Errorf("the token differs (- want, + got):\n%s", diff)
	}
}
