package provider

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Whatever the server says: the message names what was tried, what happened and what to do, and nothing is lost.

// trouble is something that keeps the provider from reading or writing.
type trouble struct {
	name    string
	options []mockserver.Option
	cause   func(w *workspace)
	// What the error says, whatever was tried.
	text []string
}

// breaks lets a fault happen to every request of a kind.
func breaks(method, path string, fault mockserver.Fault) func(*workspace) {
	fault.Match, fault.Times = mockserver.Match{Method: method, PathPrefix: path}, -1
	return func(w *workspace) {
		w.mock.AddFault(fault)
	}
}

// notTheAPI is breaks for what the management API never answers, only something in front of it.
func notTheAPI(method, path string, fault mockserver.Fault) func(*workspace) {
	return func(w *workspace) {
		w.wrap = besidesFaults(w.t)
		breaks(method, path, fault)(w)
	}
}

const (
	tokenPath = "/t/bifrost/oauth2/token"
	apiPath   = "/t/bifrost/api/"
)

// without is an organization whose application was not granted some scopes.
func without(scopes ...string) func(*workspace) {
	return func(w *workspace) {
		w.mock.Update(func(state *mockserver.State) {
			granted := slices.DeleteFunc(mockserver.AllScopes(),
				func(scope string) bool { return slices.Contains(scopes, scope) })
			state.Organizations["bifrost"].Scopes = granted
		})
	}
}

func removeOrganization(w *workspace) {
	w.mock.Update(func(state *mockserver.State) { delete(state.Organizations, "bifrost") })
}

// unreadable are troubles that no call gets past.
var unreadable = []trouble{
	{"unknown organization, HTML page from the token endpoint", nil, removeOrganization, []string{
		`knows no organization "bifrost", or base_url does not lead to Asgardeo`, "the answer was an HTML page",
		"ASGARDEO_ORGANIZATION", "ASGARDEO_REGION",
		"terraform state rm <address>", "HTTP status: 404", "No resource was dropped from the state",
	}},
	{"unknown organization, redirect from the token endpoint", []mockserver.Option{mockserver.WithTenantRedirect()},
		removeOrganization, []string{
			`knows no organization "bifrost"`, "ASGARDEO_ORGANIZATION", "HTTP status: 302",
		}},
	{"unknown organization, behind a token endpoint of its own", nil, breaks("GET", apiPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 404,
		Body: `{"code":404,"message":"bifrost is an invalid tenant domain",` +
			`"description":"bifrost is an invalid tenant domain"}`,
	}), []string{`knows no organization "bifrost"`, "invalid tenant domain"}},
	{"wrong secret", nil, func(w *workspace) { w.provider["client_secret"] = "wrong-secret" }, []string{
		`The token endpoint of organization "bifrost" refused the client`, "ASGARDEO_CLIENT_SECRET", "HTTP status: 401",
		"Server code: invalid_client",
	}},
	{"unknown client", nil, func(w *workspace) { w.provider["client_id"] = "somebody" }, []string{
		"refused the client", "ASGARDEO_CLIENT_ID", "could not be found for client_id: somebody",
	}},
	{"grant not allowed", nil, breaks("POST", tokenPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 400,
		Body: `{"error":"unauthorized_client","error_description":"The client is not authorized"}`,
	}), []string{"Client Credential"}},
	{"token that the API does not accept", nil, breaks("GET", apiPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 401,
		Body:    `{"code":401,"message":"Unauthorized","description":"No.","traceId":"trace-1"}`,
		Headers: map[string]string{"WWW-Authenticate": "Bearer realm=127.0.0.1"},
	}), []string{"refused the access token", "HTTP status: 401", "Trace id: trace-1"}},
	{"scope for reading not granted", nil, without("internal_config_mgt_view"), []string{
		"needs the scope internal_config_mgt_view", "API Authorization, Identity Configuration Management API",
		"granted only", "internal_config_mgt_update", "HTTP status: 403",
	}},
	{"no scope granted at all", nil, without(mockserver.AllScopes()...), []string{
		"needs the scope internal_config_mgt_view", "no scope at all", "Identity Configuration Management API",
	}},
	{"server without the feature", nil, func(w *workspace) {
		w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].TypeMissing = true })
	}, []string{`no classic My Account settings for organization "bifrost"`, `"myaccount"`, "CONFIGM_00008",
		"HTTP status: 404"}},
	{"HTML instead of JSON", nil, notTheAPI("GET", apiPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 200, Body: "<html>Sign in to the proxy</html>",
	}), []string{"not one of the management API: an HTML page", "ASGARDEO_BASE_URL", "HTTPS_PROXY"}},
	{"HTML instead of JSON, not found", nil, breaks("GET", apiPath, mockserver.Fault{Action: mockserver.ActionHTML404}),
		[]string{
			"not one of the management API: an HTML page", "HTTP status: 404",
		}},
	{"HTML from the token endpoint", nil, notTheAPI("POST", tokenPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 200, Body: "<html>Sign in to the proxy</html>",
	}), []string{"not one of the management API", "token", "HTTPS_PROXY"}},
	{"redirect instead of JSON", nil, breaks("GET", apiPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 302,
		Headers: map[string]string{"Location": "https://login.example.com/sso?code=one-time"},
	}), []string{"a redirect to https://login.example.com.", "HTTP status: 302"}},
	{"redirect to the page for unknown organizations", nil,
		breaks("GET", apiPath, mockserver.Fault{Action: mockserver.ActionRedirect}), []string{
			`knows no organization "bifrost"`,
		}},
	{"truncated JSON", nil, breaks("GET", apiPath, mockserver.Fault{Action: mockserver.ActionTruncate}), []string{
		"could not be reached", "the answer was cut short", "attempts",
	}},
	{"truncated JSON in a whole answer", nil, breaks("GET", apiPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 200, Body: `{"resourceName":"sta`,
	}), []string{"the answer was cut short"}},
	{"an empty answer", nil, notTheAPI("GET", apiPath, mockserver.Fault{Action: mockserver.ActionStatus, Status: 200}),
		[]string{"an empty answer"}},
	{"a server that keeps failing", nil, breaks("GET", apiPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 500,
		Body: `{"code":"CONFIGM_00002","message":"Internal server error","description":"Internal server error",` +
			`"traceId":"trace-2"}`,
	}), []string{"failed to answer", "3 attempts", "HTTP status: 500", "Trace id: trace-2"}},
	{"too many requests", nil, breaks("GET", apiPath, mockserver.Fault{Action: mockserver.ActionStatus, Status: 429}),
		[]string{
			"too many requests (3 attempts)", "requests_per_minute", "max_retries",
		}},
	{"an unreachable server", nil, func(w *workspace) { w.mock.Close() }, []string{
		"could not be reached", "no connection to 127.0.0.1:", "connection refused", "ASGARDEO_BASE_URL",
	}},
	{"a connection that breaks", nil, breaks("", "/", mockserver.Fault{Action: mockserver.ActionDropBefore}), []string{
		"could not be reached", "closed before an answer came",
	}},
	{"a certificate that nobody vouches for", []mockserver.Option{mockserver.WithTLS()},
		func(w *workspace) { delete(w.provider, "ca_certificate") }, []string{
			"certificate of the server is not trusted", "ca_certificate", "ASGARDEO_CA_CERTIFICATE",
		}},
	{"no credentials for the organization", nil, func(w *workspace) {
		w.provider["organization"] = "other"
	}, []string{`no credentials for organization "bifrost"`, `Add an entry "bifrost"`, "credentials"}},
}

// settled is a workspace with an object that was created before the trouble began.
func (trouble trouble) settled(t *testing.T, typeName string, config values) (*workspace, *object) {
	t.Helper()
	w := newWorkspace(t, trouble.options...)
	w.provider["max_retries"] = 2
	if certificate := w.mock.CACertificate(); certificate != "" {
		w.provider["ca_certificate"] = certificate
	}
	w.console(stored{statusObject: {"enable": "true", "future": "kept"}, twoFactorObject: {"totp_enabled": "true",
		"future": "kept"}})
	config["organization"] = "bifrost"
	o := w.create(typeName, config)
	return w, o
}

func TestTroubleLosesNothing(t *testing.T) {
	t.Parallel()

	for _, trouble := range unreadable {
		for typeName, settings := range map[string][2]values{
			portal:    {{"enabled": false}, {"enabled": true}},
			twoFactor: {{"email_otp_enabled": true}, {"email_otp_enabled": false}},
		} {
			t.Run(trouble.name+" "+typeName, func(t *testing.T) {
				t.Parallel()
				w, o := trouble.settled(t, typeName, settings[0])
				change := settings[1]
				change["organization"] = "bifrost"
				update, destruction := w.plan(o, change), w.plan(o, nil)
				trouble.cause(w)
				before, stored := *o, w.mock.State()

				wantTrouble := func(action string, diags diagnostics) {
					t.Helper()
					wantError(t, diags, append([]string{action}, trouble.text...)...)
					wantAbsent(t, diags.String(), mockserver.DefaultClientSecret, "wrong-secret", "one-time", "Bearer ")
					if diff := cmp.Diff(before, *o, cmp.AllowUnexported(object{})); diff != "" {
						t.Errorf("the state was changed (- before, + after):\n%s", diff)
					}
					if diff := cmp.Diff(stored, w.mock.State()); diff != "" {
						t.Errorf("the server was changed (- before, + after):\n%s", diff)
					}
				}
				wantTrouble("Unable to", w.start().refresh(o))
				wantTrouble("Unable to", w.start().plan(&object{typeName: typeName}, change).diags)
				wantTrouble("Unable to", w.apply(update))
				wantTrouble("Unable to", w.apply(destruction))
				_, diags := w.start().importByID(typeName, "bifrost")
				wantTrouble("Unable to", diags)
				_, diags = w.start().read(typeName, values{"organization": "bifrost"})
				wantTrouble("Unable to", diags)
			})
		}
	}
}

// TestMissingScopeForWriting is the one trouble that shows only when something is written.
func TestMissingScopeForWriting(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, config := range map[string]values{portal: {"enabled": false}, twoFactor: {"email_otp_enabled": true}} {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				view, update, api := at.scopes()
				without(update)(w)
				o := &object{typeName: typeName}
				saved := w.plan(o, config)
				wantError(t, w.apply(saved), "Unable to create the", "needs the scope "+update, api,
					"granted only", view, "HTTP status: 403")
				if o.state != nil {
					t.Errorf("a state was saved: %v", o.state)
				}
				w.wants(values{})

				without()(w) // positive control
				w.up(o, config)
				without(update)(w)
				wantError(t, w.apply(w.plan(o, nil)), "Unable to hand back the", "needs the scope "+update)
				o.wantState(t, config)
			})
		}
	})
}

func TestStaticTokenThatIsRefused(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		delete(w.provider, "client_id")
		delete(w.provider, "client_secret")
		w.provider["access_token"] = "not-a-token-of-this-server"
		_, diags := w.start().read(portal, values{})
		wantError(t, diags, "Unable to read the My Account portal", "refused the access token", "ASGARDEO_ACCESS_TOKEN",
			"get a new one")
		wantAbsent(t, diags.String(), "not-a-token-of-this-server")
		w.wantCalls(at.look("enabled")[:1]...)
	})
}

func TestMissingOrganization(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		o := w.create(portal, values{"enabled": false})
		delete(w.provider, "organization")
		w.calls()
		wantError(t, w.start().plan(o, values{"enabled": false}).diags, "[organization]", "Missing organization",
			"ASGARDEO_ORGANIZATION")
		for _, typeName := range []string{portal, twoFactor} {
			wantError(t, w.start().plan(&object{typeName: typeName},
				values{map[string]string{portal: "enabled", twoFactor: "totp_enabled"}[typeName]: true}).diags,
				"[organization]", "Missing organization", "ASGARDEO_ORGANIZATION")
			_, diags := w.start().read(typeName, values{})
			wantError(t, diags, "[organization]", "Missing organization", "ASGARDEO_ORGANIZATION")
			_, diags = w.start().importByIdentity(typeName, values{})
			wantError(t, diags, "Missing organization", "ASGARDEO_ORGANIZATION")
		}
		w.wantCalls()
	})
}
