package provider

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// An access token for other providers, which is in neither plan nor state.

const tokenType = "asgardeo_access_token"

// open makes the calls of an ephemeral block: validation and opening.
func (p *process) open(config values) (values, diagnostics) {
	p.t.Helper()
	typ := p.schemas.EphemeralResourceSchemas[tokenType].ValueType()
	validated, err := p.server.ValidateEphemeralResourceConfig(p.t.Context(),
		&tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: tokenType, Config: p.encode(typ, config)})
	must(p.t, err)
	if diags := diagnostics(validated.Diagnostics); len(diags.errors()) > 0 {
		return nil, diags
	}
	opened, err := p.server.OpenEphemeralResource(p.t.Context(),
		&tfprotov6.OpenEphemeralResourceRequest{TypeName: tokenType, Config: p.encode(typ, config)})
	must(p.t, err)
	diags := append(diagnostics(validated.Diagnostics), opened.Diagnostics...)
	if len(diags.errors()) > 0 {
		return nil, diags
	}
	if !opened.RenewAt.IsZero() {
		p.t.Error("a token needs no renewal")
	}
	p.opened = opened.Private
	return p.decode(typ, opened.Result), diags
}

// close ends the block that was opened last.
func (p *process) close() diagnostics {
	p.t.Helper()
	closed, err := p.server.CloseEphemeralResource(p.t.Context(),
		&tfprotov6.CloseEphemeralResourceRequest{TypeName: tokenType, Private: p.opened})
	must(p.t, err)
	return closed.Diagnostics
}

func TestAccessTokenIsRevoked(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.console(stored{statusObject: {"enable": "true"}})
	asked := values{"scopes": []any{viewScope}}
	for name, test := range map[string]struct {
		config values
		after  int
	}{
		"default": {asked, http.StatusUnauthorized}, "wanted": {asked.with(values{"revoke": true}), http.StatusUnauthorized},
		"not wanted": {asked.with(values{"revoke": false}), http.StatusOK},
	} {
		p := w.start()
		token, diags := p.open(test.config)
		wantNoDiagnostics(t, diags)
		if got := w.status(token["access_token"], "bifrost", settingsPath); got != http.StatusOK {
			t.Errorf("%s: status %d before", name, got)
		}
		wantNoDiagnostics(t, p.close())
		if got := w.status(token["access_token"], "bifrost", settingsPath); got != test.after {
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
		w := newWorkspace(t)
		w.wrap = besidesFaults(t)
		p := w.start()
		token, diags := p.open(values{"scopes": []any{viewScope}})
		wantNoDiagnostics(t, diags)
		test.fault.Match = mockserver.Match{Method: http.MethodPost, PathPrefix: "/t/bifrost/oauth2/revoke"}
		w.mock.AddFault(test.fault)
		diags = p.close()
		if test.warnings == nil {
			wantNoDiagnostics(t, diags)
		} else {
			wantWarning(t, diags, test.warnings...)
		}
		wantAbsent(t, name+diags.String(), token["access_token"].(string), mockserver.DefaultClientSecret)
	}
}

// TestAccessTokenOfSeveral: a server that gives the same token twice does not have it revoked under somebody else.
func TestAccessTokenOfSeveral(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.wrap = besidesFaults(t)
	breaks(http.MethodPost, tokenPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 200, Times: 2,
		Body: `{"access_token":"shared","token_type":"Bearer","scope":"internal_config_mgt_view","expires_in":3600}`,
	})(w)
	p := w.start()
	for range 2 {
		_, diags := p.open(values{"scopes": []any{viewScope}})
		wantNoDiagnostics(t, diags)
	}
	w.calls()
	wantNoDiagnostics(t, p.close())
	w.wantCalls()
	wantNoDiagnostics(t, p.close())
	w.wantCalls("POST revoke")
}

// statusFor is how the server answers a GET with a token.
func statusFor(t tester, url, token string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	must(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	must(t, err)
	must(t, response.Body.Close())
	return response.StatusCode
}

// status is statusFor a path of an organization.
func (w *workspace) status(token any, organization, path string) int {
	w.t.Helper()
	return statusFor(w.t, w.mock.URL()+"/t/"+organization+path, token.(string))
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
	w := newWorkspace(t, mockserver.WithTokenLifetime(10*time.Minute))
	w.console(stored{statusObject: {"enable": "true"}})
	before := time.Now().Truncate(time.Second)
	token, diags := w.start().open(values{"scopes": []any{updateScope, viewScope}})
	wantNoDiagnostics(t, diags)
	w.wantCalls("POST token") // no other token than the one that was asked for
	if token["organization"] != "bifrost" {
		t.Errorf("the organization is %v", token["organization"])
	}
	if diff := cmp.Diff([]string{updateScope, viewScope}, sorted(token["granted_scopes"])); diff != "" {
		t.Errorf("other scopes were granted (- want, + got):\n%s", diff)
	}
	expires, err := time.Parse(time.RFC3339, token["expires_at"].(string))
	must(t, err)
	if life := expires.Sub(before); expires.Location() != time.UTC || life < 9*time.Minute || life > 11*time.Minute {
		t.Errorf("the token ends at %v, after %v", token["expires_at"], life)
	}

	// It is good for what it was granted, and for nothing else.
	for path, want := range map[string]int{settingsPath: http.StatusOK, sendersPath: http.StatusForbidden} {
		if got := w.status(token["access_token"], "bifrost", path); got != want {
			t.Errorf("%s answers the token with status %d, want %d", path, got, want)
		}
	}
	if got := w.status("another-token", "bifrost", settingsPath); got != http.StatusUnauthorized {
		t.Errorf("any token is good: %d", got)
	}
}

func TestAccessTokenWithoutSomeScopes(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	without(sendersScope, updateScope)(w)
	asked := values{"scopes": []any{sendersScope, viewScope, updateScope}}
	token, diags := w.start().open(asked)
	wantWarning(t, diags, "[scopes]", `Scopes not granted in "bifrost"`, "without "+updateScope+", "+sendersScope+",",
		"API Authorization")
	wantAbsent(t, diags.String(), viewScope, token["access_token"].(string))
	if diff := cmp.Diff([]string{viewScope}, sorted(token["granted_scopes"])); diff != "" {
		t.Errorf("other scopes were granted (- want, + got):\n%s", diff)
	}

	without(mockserver.AllScopes()...)(w)
	token, diags = w.start().open(asked)
	wantWarning(t, diags, updateScope, viewScope, sendersScope)
	if granted := sorted(token["granted_scopes"]); len(granted) > 0 {
		t.Errorf("granted %v", granted)
	}

	without()(w)
	_, diags = w.start().open(asked)
	wantNoDiagnostics(t, diags)
}

func TestAccessTokenOfAnotherOrganization(t *testing.T) {
	t.Parallel()
	w := newListing(t)
	w.mock.Update(func(state *mockserver.State) {
		state.Organizations["alfheim"].MyAccount[statusObject] = attributes{"enable": "true"}
		alfheim := state.Organizations["alfheim"]
		alfheim.ClientID, alfheim.ClientSecret = "alfheims-id", "alfheims-secret"
	})
	w.provider["credentials"].(values)["alfheim"] = values{"client_id": "alfheims-id", "client_secret": "alfheims-secret"}
	p := w.start()
	token, diags := p.open(values{"organization": "alfheim", "scopes": []any{viewScope}})
	wantNoDiagnostics(t, diags)
	if got := w.status(token["access_token"], "alfheim", settingsPath); token["organization"] != "alfheim" ||
		got != http.StatusOK {
		t.Errorf("the token of %v is answered with status %d", token["organization"], got)
	}
	if got := w.status(token["access_token"], "bifrost", settingsPath); got != http.StatusUnauthorized {
		t.Errorf("the token is good for another organization: %d", got)
	}

	_, diags = p.open(values{"organization": "vanaheim", "scopes": []any{viewScope}})
	wantError(t, diags, `no credentials for organization "vanaheim"`, `Add an entry "vanaheim"`)
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
			delete(w.provider, "client_id")
			delete(w.provider, "client_secret")
			w.provider["access_token"] = staticToken
		}, asked, []string{"Unable to get an access token", "ASGARDEO_ACCESS_TOKEN",
			"Give it client_id and client_secret instead"}},
		{"a wrong secret", func(w *workspace) { w.provider["client_secret"] = "wrong-secret" }, asked, []string{
			"Unable to get an access token", `organization "bifrost" refused the client`, "ASGARDEO_CLIENT_SECRET",
			"invalid_client",
		}},
		{"an unknown organization", removeOrganization, asked,
			[]string{"Unable to get an access token", `knows no organization "bifrost"`}},
		{"a busy server", breaks(http.MethodPost, tokenPath, mockserver.Fault{Action: mockserver.ActionStatus, Status: 503,
			Body: `{"code":503,"message":"m","description":"d"}`}), asked, []string{
			"Unable to get an access token", "HTTP status: 503",
		}},
		{"no organization", func(w *workspace) { delete(w.provider, "organization") }, asked,
			[]string{"[organization]", "Missing organization", "ASGARDEO_ORGANIZATION"}},
		{"a provider that is not known yet", func(w *workspace) { w.provider["client_secret"] = unknown }, asked,
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
			w := newWorkspace(t)
			w.provider["max_retries"] = 0
			_, diags := w.start().open(asked) // positive control
			wantNoDiagnostics(t, diags)
			test.cause(w)
			_, diags = w.start().open(test.config)
			wantError(t, diags, test.errors...)
			wantAbsent(t, diags.String(), staticToken, "wrong-secret", mockserver.DefaultClientSecret)
		})
	}
}

// TestAccessTokenWithoutEnd: a server need not say when a token ends.
func TestAccessTokenWithoutEnd(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.wrap = besidesFaults(t) // it is documented that it does say
	breaks(http.MethodPost, tokenPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 200,
		Body: `{"access_token":"endless","token_type":"Bearer","scope":"internal_config_mgt_view"}`,
	})(w)
	token, diags := w.start().open(values{"scopes": []any{viewScope}})
	wantNoDiagnostics(t, diags)
	if diff := cmp.Diff(values{
		"organization": "bifrost", "access_token": "endless", "scopes": []any{viewScope}, "granted_scopes": []any{viewScope},
	}, token); diff != "" {
		t.Errorf("the token differs (- want, + got):\n%s", diff)
	}
}
