package provider_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
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

// notTheAPI is breaks for what the management API never answers, only something in front of it.
func notTheAPI(method, path string, fault mockserver.Fault) func(*workspace) {
	return func(w *workspace) {
		w.Wrap = providertest.BesidesFaults(w.T)
		providertest.Breaks(method, path, fault)(w)
	}
}

const (
	tokenPath = "/t/bifrost/oauth2/token"
)

func removeOrganization(w *workspace) {
	w.Mock.Update(func(state *mockserver.State) { delete(state.Organizations, "bifrost") })
}

// unreadable are troubles that no call gets past.
var unreadable = []trouble{
	{"unknown organization, HTML page from the token endpoint", nil, removeOrganization, []string{
		`knows no organization "bifrost", or base_url does not lead to Asgardeo`, "the answer was an HTML page",
		"ASGARDEO_ORGANIZATION", "ASGARDEO_REGION",
		"terraform state rm <address>", "HTTP status: 404", "No resource was dropped from the state",
	}},
	{"unknown organization, redirect from the token endpoint", []mockserver.Option{mockserver.WithTenantRedirect()},
		removeOrganization, []string{`knows no organization "bifrost"`, "ASGARDEO_ORGANIZATION", "HTTP status: 302"}},
	{
		"unknown organization, behind a token endpoint of its own",
		nil,
		providertest.Breaks("GET", providertest.APIPath, mockserver.Fault{
			Action: mockserver.ActionStatus, Status: 404,
			Body: `{"code":404,"message":"bifrost is an invalid tenant domain",` +
				`"description":"bifrost is an invalid tenant domain"}`,
		}),
		[]string{`knows no organization "bifrost"`, "invalid tenant domain"},
	},
	{"wrong secret", nil, func(w *workspace) { w.Provider["client_secret"] = "wrong-secret" }, []string{
		`The token endpoint of organization "bifrost" refused the client`, "ASGARDEO_CLIENT_SECRET", "HTTP status: 401",
		"Server code: invalid_client",
	}},
	{"unknown client", nil, func(w *workspace) { w.Provider["client_id"] = "somebody" }, []string{
		"refused the client", "ASGARDEO_CLIENT_ID", "could not be found for client_id: somebody",
	}},
	{"grant not allowed", nil, providertest.Breaks("POST", tokenPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 400,
		Body: `{"error":"unauthorized_client","error_description":"The client is not authorized"}`,
	}), []string{"Client Credential"}},
	{"token that the API does not accept", nil, providertest.Breaks("GET", providertest.APIPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 401,
		Body:    `{"code":401,"message":"Unauthorized","description":"No.","traceId":"trace-1"}`,
		Headers: map[string]string{"WWW-Authenticate": "Bearer realm=127.0.0.1"},
	}), []string{"refused the access token", "HTTP status: 401", "Trace id: trace-1"}},
	{"scope for reading not granted", nil, providertest.Without("internal_config_mgt_view"), []string{
		"needs the scope internal_config_mgt_view", "API Authorization, Identity Configuration Management API",
		"granted only", "internal_config_mgt_update", "HTTP status: 403",
	}},
	{"no scope granted at all", nil, providertest.Without(mockserver.AllScopes()...), []string{
		"needs the scope internal_config_mgt_view", "no scope at all", "Identity Configuration Management API",
	}},
	{"server without the feature", nil, func(w *workspace) {
		w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].TypeMissing = true })
	}, []string{`no classic My Account settings for organization "bifrost"`, `"myaccount"`, "CONFIGM_00008",
		"HTTP status: 404"}},
	{"HTML instead of JSON", nil, notTheAPI("GET", providertest.APIPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 200, Body: "<html>Sign in to the proxy</html>",
	}), []string{"not one of the management API: an HTML page", "ASGARDEO_BASE_URL", "HTTPS_PROXY"}},
	{"HTML instead of JSON, not found", nil, providertest.Breaks("GET", providertest.APIPath, mockserver.Fault{
		Action: mockserver.ActionHTML404,
	}), []string{"not one of the management API: an HTML page", "HTTP status: 404"}},
	{"HTML from the token endpoint", nil, notTheAPI("POST", tokenPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 200, Body: "<html>Sign in to the proxy</html>",
	}), []string{"not one of the management API", "token", "HTTPS_PROXY"}},
	{"redirect instead of JSON", nil, providertest.Breaks("GET", providertest.APIPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 302,
		Headers: map[string]string{"Location": "https://login.example.com/sso?code=one-time"},
	}), []string{"a redirect to https://login.example.com.", "HTTP status: 302"}},
	{"redirect to the page for unknown organizations", nil, providertest.Breaks("GET", providertest.APIPath,
		mockserver.Fault{Action: mockserver.ActionRedirect}), []string{
		`knows no organization "bifrost"`,
	}},
	{
		"truncated JSON", nil,
		providertest.Breaks("GET", providertest.APIPath, mockserver.Fault{Action: mockserver.ActionTruncate}),
		[]string{"could not be reached", "the answer was cut short", "attempts"},
	},
	{"truncated JSON in a whole answer", nil, providertest.Breaks("GET", providertest.APIPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 200, Body: `{"resourceName":"sta`,
	}), []string{"the answer was cut short"}},
	{
		"an empty answer", nil,
		notTheAPI("GET", providertest.APIPath, mockserver.Fault{Action: mockserver.ActionStatus, Status: 200}),
		[]string{"an empty answer"},
	},
	{"a server that keeps failing", nil, providertest.Breaks("GET", providertest.APIPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 500,
		Body: `{"code":"CONFIGM_00002","message":"Internal server error","description":"Internal server error",` +
			`"traceId":"trace-2"}`,
	}), []string{"failed to answer", "3 attempts", "HTTP status: 500", "Trace id: trace-2"}},
	{"too many requests", nil, providertest.Breaks("GET", providertest.APIPath, mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 429,
	}), []string{"too many requests (3 attempts)", "requests_per_minute", "max_retries"}},
	{"an unreachable server", nil, func(w *workspace) { w.Mock.Close() }, []string{
		"could not be reached", "no connection to 127.0.0.1:", "connection refused", "ASGARDEO_BASE_URL",
	}},
	{
		"a connection that breaks",
		nil,
		providertest.Breaks("", "/", mockserver.Fault{Action: mockserver.ActionDropBefore}),
		[]string{"could not be reached", "closed before an answer came"},
	},
	{"a certificate that nobody vouches for", []mockserver.Option{mockserver.WithTLS()}, func(w *workspace) {
		delete(w.Provider, "ca_certificate")
	}, []string{"certificate of the server is not trusted", "ca_certificate", "ASGARDEO_CA_CERTIFICATE"}},
	{"no credentials for the organization", nil, func(w *workspace) {
		w.Provider["organization"] = "other"
	}, []string{`no credentials for organization "bifrost"`, `Add an entry "bifrost"`, "credentials"}},
}

// settled is a workspace with an object that was created before the trouble began.
func (trouble trouble) settled(
	t *testing.T,
	typeName string,
	config values,
) (*workspace, *providertest.Object) {
	t.Helper()
	w := providertest.NewWorkspace(t, trouble.options...)
	w.Provider["max_retries"] = 2
	if certificate := w.Mock.CACertificate(); certificate != "" {
		w.Provider["ca_certificate"] = certificate
	}
	w.Console(providertest.Stored{
		providertest.StatusObject: {
			"enable": "true",
			"future": "kept",
		}, providertest.TwoFactorObject: {"totp_enabled": "true", "future": "kept"},
	})
	config["organization"] = "bifrost"
	o := w.Create(typeName, config)
	return w, o
}

func TestTroubleLosesNothing(t *testing.T) {
	t.Parallel()

	for _, trouble := range unreadable {
		for typeName, settings := range map[string][2]values{
			portalType:    {{"enabled": false}, {"enabled": true}},
			twoFactorType: {{"email_otp_enabled": true}, {"email_otp_enabled": false}},
		} {
			t.Run(trouble.name+" "+typeName, func(t *testing.T) {
				t.Parallel()
				w, o := trouble.settled(t, typeName, settings[0])
				change := settings[1]
				change["organization"] = "bifrost"
				update, destruction := w.Plan(o, change), w.Plan(o, nil)
				trouble.cause(w)
				before, stored := *o, w.Mock.State()

				wantTrouble := func(action string, diags providertest.Diagnostics) {
					t.Helper()
					providertest.WantError(t, diags, append([]string{action}, trouble.text...)...)
					providertest.WantAbsent(t, diags.String(), mockserver.DefaultClientSecret, "wrong-secret", "one-time", "Bearer ")
					if diff := cmp.Diff(before, *o, cmp.AllowUnexported(providertest.Object{})); diff != "" {
						t.Errorf("the state was changed (- before, + after):\n%s", diff)
					}
					if diff := cmp.Diff(stored, w.Mock.State()); diff != "" {
						t.Errorf("the server was changed (- before, + after):\n%s", diff)
					}
				}
				wantTrouble("Unable to", w.Start().Refresh(o))
				wantTrouble("Unable to", w.Start().Plan(&providertest.Object{TypeName: typeName}, change).Diags)
				wantTrouble("Unable to", w.Apply(update))
				wantTrouble("Unable to", w.Apply(destruction))
				_, diags := w.Start().ImportByID(typeName, "bifrost")
				wantTrouble("Unable to", diags)
				_, diags = w.Start().Read(typeName, values{"organization": "bifrost"})
				wantTrouble("Unable to", diags)
			})
		}
	}
}

// TestMissingScopeForWriting is the one trouble that shows only when something is written.
func TestMissingScopeForWriting(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, config := range map[string]values{
			portalType: {"enabled": false}, twoFactorType: {"email_otp_enabled": true},
		} {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				view, update, api := at.Scopes()
				providertest.Without(update)(w)
				o := &providertest.Object{TypeName: typeName}
				saved := w.Plan(o, config)
				providertest.WantError(t, w.Apply(saved), "Unable to create the", "needs the scope "+update, api,
					"granted only", view, "HTTP status: 403")
				if o.State != nil {
					t.Errorf("a state was saved: %v", o.State)
				}
				w.Wants(values{})

				providertest.Without()(w) // positive control
				w.Up(o, config)
				providertest.Without(update)(w)
				providertest.WantError(t, w.Apply(w.Plan(o, nil)), "Unable to hand back the", "needs the scope "+update)
				o.WantState(t, config)
			})
		}
	})
}

func TestStaticTokenThatIsRefused(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		delete(w.Provider, "client_id")
		delete(w.Provider, "client_secret")
		w.Provider["access_token"] = "not-a-token-of-this-server"
		_, diags := w.Start().Read(portalType, values{})
		providertest.WantError(t, diags, "Unable to read the My Account portal", "refused the access token",
			"ASGARDEO_ACCESS_TOKEN", "get a new one")
		providertest.WantAbsent(t, diags.String(), "not-a-token-of-this-server")
		w.WantCalls(at.Look("enabled")[:1]...)
	})
}

func TestMissingOrganization(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		o := w.Create(portalType, values{"enabled": false})
		delete(w.Provider, "organization")
		w.Calls()
		providertest.WantError(t, w.Start().Plan(o, values{"enabled": false}).Diags, "[organization]",
			"Missing organization", "ASGARDEO_ORGANIZATION")
		for typeName, config := range map[string]values{
			portalType: {"enabled": true}, twoFactorType: {"totp_enabled": true},
		} {
			creation := w.Start().Plan(&providertest.Object{TypeName: typeName}, config)
			providertest.WantError(t, creation.Diags, "[organization]", "Missing organization", "ASGARDEO_ORGANIZATION")
			_, diags := w.Start().Read(typeName, values{})
			providertest.WantError(t, diags, "[organization]", "Missing organization", "ASGARDEO_ORGANIZATION")
			_, diags = w.Start().ImportByIdentity(typeName, values{})
			providertest.WantError(t, diags, "Missing organization", "ASGARDEO_ORGANIZATION")
		}
		w.WantCalls()
	})
}

// TestMaybeApplied: only a change that may have reached the server is said to be applied perhaps.
func TestMaybeApplied(t *testing.T) {
	t.Parallel()
	const maybeApplied = "the server may have applied it"
	w := providertest.NewWorkspace(t)
	w.Provider["max_retries"] = 1
	o := w.Create(portalType, values{"enabled": false})
	saved := w.Plan(o, values{"enabled": true})
	for method, fault := range map[string]mockserver.Fault{
		http.MethodPut:  {Action: mockserver.ActionStatus, Status: http.StatusTooManyRequests},
		http.MethodGet:  {Action: mockserver.ActionDropAfter},
		http.MethodPost: {Action: mockserver.ActionDropAfter},
	} {
		providertest.Breaks(method, "/t/bifrost", fault)(w)
		diags := w.Apply(saved)
		providertest.WantError(t, diags, "Unable to update")
		providertest.WantAbsent(t, diags.String(), maybeApplied)
		w.Mock.ClearFaults()
	}
	// Positive control. It never arrives, but that it is not there yet proves nothing.
	providertest.Breaks(http.MethodPut, providertest.APIPath, mockserver.Fault{Action: mockserver.ActionDropBefore})(w)
	providertest.WantError(t, w.Apply(saved), maybeApplied)
}
