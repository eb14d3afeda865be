package asgardeo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// Bodies as the real server has them.
const (
	gatewayBody401 = "{\n  \"code\": 401,\n  \"message\": \"Unauthorized\",\n  \"description\": \"Authorization " +
		"failure. Authorization information was invalid or missing from your request.\",\n  \"traceId\": \"7d1f\"\n}"
	gatewayBody403 = "{\n  \"code\": 403,\n  \"message\": \"Forbidden\",\n  \"description\": \"Operation is not " +
		"permitted. You do not have permissions to make this request.\"\n}"
	gatewayBody503 = "{\n  \"code\": 503,\n  \"message\": \"Forbidden\",\n  \"description\": \"Error while connecting " +
		"to the user store\"\n}"
	unknownTenant = `{"code":404,"message":"bifrost is an invalid tenant domain","description":"bifrost is an invalid ` +
		`tenant domain"}`
	htmlPage      = "<!doctype html><html><head><title>HTTP Status 404 – Not Found</title></head><body>…</body></html>"
	invalidClient = `{"error_description":"Client credentials are invalid.","error":"invalid_client"}`
)

var (
	jsonUTF8   = map[string]string{"Content-Type": "application/json;charset=UTF-8"}
	htmlType   = map[string]string{"Content-Type": "text/html;charset=utf-8"}
	gateway401 = reply{http.StatusUnauthorized, jsonUTF8, gatewayBody401}
)

// facts compares what a caller tells people; the rest is checked where it matters.
var facts = cmpopts.IgnoreFields(
	Error{}, "Doing", "Organization", "Method", "URL", "Scope", "OwnCAs", "Attempts", "Unsettled", "Err",
)

func TestErrorsOfTheAPI(t *testing.T) {
	t.Parallel()
	longText := strings.Repeat("ä", 5000)
	for name, test := range map[string]struct {
		reply reply
		want  Error
	}{
		"unknown organization": {
			reply{404, nil, unknownTenant},
			Error{Kind: UnknownOrganization, Status: 404, Code: "404", Description: "bifrost is an invalid tenant domain"},
		},
		"unknown organization, said by the later valve": {
			reply{
				404, nil,
				`{"code":404,"message":"invalid tenant domain : bifrost","description":"invalid tenant domain : bifrost"}`,
			},
			Error{Kind: UnknownOrganization, Status: 404, Code: "404", Description: "invalid tenant domain : bifrost"},
		},
		"unknown organization, redirect": {
			reply{
				302, map[string]string{"Location": "https://is.example.com/authenticationendpoint/invalid_tenant_domain.do?sp=x#y"},
				"",
			},
			Error{Kind: UnknownOrganization, Status: 302, Reason: "a redirect to https://is.example.com"},
		},
		"feature missing": {
			reply{
				404, nil,
				`{"code":"CONFIGM_00008","message":"Not Found","description":"Resource type with the name: myaccount does not ` +
					`exists.","traceId":"b1946ac9"}`,
			},
			Error{
				Kind: ClassicMissing, Status: 404, Code: "CONFIGM_00008", TraceID: "b1946ac9",
				Description: "Resource type with the name: myaccount does not exists.",
			},
		},
		"missing scope": {
			reply{403, jsonUTF8, gatewayBody403},
			Error{
				Kind: MissingScope, Status: 403, Code: "403", Granted: texts(Scopes), ScopesKnown: true,
				Description: "Operation is not permitted. You do not have permissions to make this request.",
			},
		},
		"403 without a body": {
			reply{403, nil, ""},
			Error{Kind: MissingScope, Status: 403, Granted: texts(Scopes), ScopesKnown: true, Reason: "an empty answer"},
		},
		"403 of a firewall": {
			reply{403, htmlType, "<html>blocked</html>"}, Error{Kind: NotAPI, Status: 403, Reason: "an HTML page"},
		},
		"token rejected": {
			gateway401,
			Error{
				Kind: TokenRejected, Status: 401, Code: "401", TraceID: "7d1f",
				Description: "Authorization failure. Authorization information was invalid or missing from your request.",
			},
		},
		"invalid request": {
			reply{
				400, nil,
				`{"code":"CONFIGM_00011","message":"Bad Request","description":"Get resource request validation failed.",` +
					`"traceId":null}`,
			},
			Error{Kind: Refused, Status: 400, Code: "CONFIGM_00011", Description: "Get resource request validation failed."},
		},
		"trace id under its other name": {
			reply{400, nil, `{"code":"CONFIGM_00011","message":"Bad Request","description":"x","ref":"c0ffee"}`},
			Error{Kind: Refused, Status: 400, Code: "CONFIGM_00011", Description: "x", TraceID: "c0ffee"},
		},
		"trace id in a header": {
			reply{
				400, map[string]string{"activityid": "from-the-header"},
				`{"code":"CONFIGM_00011","message":"Bad Request","description":"x"}`,
			},
			Error{Kind: Refused, Status: 400, Code: "CONFIGM_00011", Description: "x", TraceID: "from-the-header"},
		},
		"only a message": {
			reply{400, nil, `{"code":"X","message":"Bad Request","description":" "}`},
			Error{Kind: Refused, Status: 400, Code: "X", Description: "Bad Request"},
		},
		"a field of another type does not hide the others": {
			reply{404, nil, `{"traceId":17,"message":["?"],"code":"CONFIGM_00008","description":"still there"}`},
			Error{Kind: ClassicMissing, Status: 404, Code: "CONFIGM_00008", Description: "still there"},
		},
		"a code of no known type": {
			reply{400, nil, `{"code":{"a":1},"description":"x"}`},
			Error{Kind: Refused, Status: 400, Description: "x"},
		},
		"several lines become one": {
			reply{400, nil, `{"code":"X","description":"first\n\tsecond\r\n  third"}`},
			Error{Kind: Refused, Status: 400, Code: "X", Description: "first second third"},
		},
		"endless text is cut": {
			reply{400, nil, `{"code":"X","description":"` + longText + `"}`},
			Error{
				Kind: Refused, Status: 400, Code: "X",
				Description: redact.Text(strings.Repeat("ä", redact.MaxDescription) + "…"),
			},
		},
		"conflict, which says Bad Request": {
			reply{409, nil, `{"code":"CONFIGM_00013","message":"Bad Request","description":"Resource already exists."}`},
			Error{Kind: Unexpected, Status: 409, Code: "CONFIGM_00013", Description: "Resource already exists."},
		},
		"404 of a service with another code": {
			reply{404, nil, `{"code":"CONFIGM_00020","message":"Not Found","description":"No resources found."}`},
			Error{Kind: Refused, Status: 404, Code: "CONFIGM_00020", Description: "No resources found."},
		},
		"the code of a missing object with another status": {
			reply{410, nil, `{"code":"CONFIGM_00017","message":"Gone","description":"x"}`},
			Error{Kind: Unexpected, Status: 410, Code: "CONFIGM_00017", Description: "x"},
		},
		"404 without a body": {reply{404, nil, ""}, Error{Kind: NotAPI, Status: 404, Reason: "an empty answer"}},
		"404 without a code": {
			reply{404, nil, `{"message":"Not Found"}`},
			Error{Kind: NotAPI, Status: 404, Reason: "HTTP status 404 without a code", Description: "Not Found"},
		},
		"404 page": {reply{404, htmlType, htmlPage}, Error{Kind: NotAPI, Status: 404, Reason: "an HTML page"}},
		"404 page that calls itself JSON": {
			reply{404, jsonUTF8, "\n " + htmlPage}, Error{Kind: NotAPI, Status: 404, Reason: "an HTML page"},
		},
		"404 of another kind of API": {
			reply{404, nil, `{"status":"error"}`},
			Error{Kind: NotAPI, Status: 404, Reason: "an answer of type application/json that is not the JSON expected"},
		},
		"404 with a list": {
			reply{404, jsonUTF8, `[]`},
			Error{Kind: NotAPI, Status: 404, Reason: "an answer of type application/json that is not the JSON expected"},
		},
		"plain text": {
			reply{404, map[string]string{"Content-Type": "text/plain; charset=utf-8"}, "page not found"},
			Error{Kind: NotAPI, Status: 404, Reason: "an answer of type text/plain that is not the JSON expected"},
		},
		"405": {reply{405, nil, ""}, Error{Kind: Unexpected, Status: 405, Reason: "an empty answer"}},
		"redirect": {
			reply{307, map[string]string{"Location": "/login?state=s3cret"}, ""},
			Error{Kind: NotAPI, Status: 307, Reason: "a redirect to /login"},
		},
		"bare redirect": {
			reply{302, nil, ""}, Error{Kind: NotAPI, Status: 302, Reason: "a redirect to an unreadable address"},
		},
		"redirect's URL": {
			reply{302, map[string]string{"Location": "https://u:p@h.example/x"}, ""},
			Error{Kind: NotAPI, Status: 302, Reason: "a redirect to https://h.example"},
		},
		"HTML 200": {
			reply{200, htmlType, "<html>Sign in</html>"}, Error{Kind: NotAPI, Status: 200, Reason: "an HTML page"},
		},
		"empty 200": {reply{200, jsonUTF8, ""}, Error{Kind: NotAPI, Status: 200, Reason: "an empty answer"}},
		"204":       {reply{204, nil, ""}, Error{Kind: NotAPI, Status: 204, Reason: "an empty answer"}},
		"200 that is no object of the store": {
			reply{200, nil, `{"status":"UP"}`},
			Error{Kind: NotAPI, Status: 200, Reason: "an answer of type application/json that is not the JSON expected"},
		},
		"200 null": {
			reply{200, jsonUTF8, `null`},
			Error{Kind: NotAPI, Status: 200, Reason: "an answer of type application/json that is not the JSON expected"},
		},
		"200 with attributes of another shape": {
			reply{200, nil, `{"resourceName":"status","resourceType":"myaccount","attributes":{"enable":"false"}}`},
			Error{Kind: NotAPI, Status: 200, Reason: "an answer of type application/json that is not the JSON expected"},
		},
		"wrong resource type": {
			reply{
				200, nil, `{"resourceName":"status","resourceType":"Publisher","attributes":[{"key":"enable","value":"false"}]}`,
			},
			Error{Kind: Unexpected, Status: 200, Reason: `an object of type "Publisher" instead of "myaccount"`},
		},
		"wrong resource name": {
			reply{
				200, nil, `{"resourceName":"other","resourceType":"myaccount","attributes":[{"key":"enable","value":"false"}]}`,
			},
			Error{Kind: Unexpected, Status: 200, Reason: `the object "other" instead of "status"`},
		},
		"429": {
			reply{429, nil, ""},
			Error{Kind: RateLimited, Status: 429, Reason: "an empty answer"},
		},
		"500": {
			reply{
				500, nil,
				`{"code":"CONFIGM_00034","message":"Internal server error","description":"Internal server error","traceId":"beef"}`,
			},
			Error{Kind: ServerFault, Status: 500, Code: "CONFIGM_00034", Description: "Internal server error", TraceID: "beef"},
		},
		"503 of the gateway, which says Forbidden": {
			reply{503, jsonUTF8, gatewayBody503},
			Error{Kind: ServerFault, Status: 503, Code: "503", Description: "Error while connecting to the user store"},
		},
		"502 page": {
			reply{502, map[string]string{"Content-Type": "text/html", "X-Correlation-ID": "lb-1"}, "<h1>Bad Gateway</h1>"},
			Error{Kind: ServerFault, Status: 502, Reason: "an HTML page", TraceID: "lb-1"},
		},
		"501": {reply{501, nil, ""}, Error{Kind: ServerFault, Status: 501, Reason: "an empty answer"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, test.reply)
			organization := open(t, configFor(t, server.URL))
			_, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
			failure := failureOf(t, err)
			if diff := cmp.Diff(&test.want, failure, facts); diff != "" {
				t.Errorf("reading (-want +got):\n%s", diff)
			}
			if failure.Organization != bifrost || failure.Method != http.MethodGet || failure.URL != server.URL+statusAt ||
				failure.Doing != "read the My Account settings" {
				t.Errorf("what was tried: %+v", failure)
			}
			for _, part := range []string{
				string(failure.Code), string(failure.Description), string(failure.Reason), fmt.Sprint(failure.Status), bifrost,
				statusAt,
			} {
				if !strings.Contains(failure.Error(), part) {
					t.Errorf("the text lacks %q: %s", part, failure.Error())
				}
			}
			if strings.Contains(failure.Error(), "\n") {
				t.Errorf("the text has several lines: %q", failure.Error())
			}

			// The same answer to a PUT.
			server = serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					stored("status", `[]`).ServeHTTP(w, r)
					return
				}
				test.reply.ServeHTTP(w, r)
			}))
			_, err = switchOff(t.Context(), open(t, configFor(t, server.URL)))
			failure = failureOf(t, err)
			if diff := cmp.Diff(&test.want, failure, facts); diff != "" {
				t.Errorf("writing (-want +got):\n%s", diff)
			}
			if failure.Method != http.MethodPut || failure.URL != server.URL+storeAt ||
				failure.Doing != "change the My Account settings" || failure.Scope != ScopeUpdateSettings {
				t.Errorf("what was tried: %+v", failure)
			}
		})
	}
}

func TestOnlyAMissingObjectMeansDefaults(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]reply{
		"trace id null": {
			404, nil,
			`{"code":"CONFIGM_00017","message":"Not Found","description":"Resource with the name: status does not exists.",` +
				`"traceId":null}`,
		},
		"trace id absent": {
			404, nil,
			`{"code":"CONFIGM_00017","message":"Not Found","description":"Resource with the name: status does not exists."}`,
		},
		"trace id set": {
			404, nil,
			`{"code":"CONFIGM_00017","message":"Not Found","description":"Resource with the name: status does not exists.",` +
				`"traceId":"1"}`,
		},
		"no attributes": stored("status", `[]`),
	} {
		got, err := open(
			t,
			configFor(t, serve(t, reply).URL),
		).MyAccount(portal.ClassicAPI).
			Read(t.Context(), portal.PortalEnabled)
		if err != nil || got.Settings[portal.PortalEnabled] != portal.On {
			t.Errorf("%s: %v and %v", name, got, err)
		}
	}
	// A PUT never answers so; if it does, nothing was written.
	server := serve(t, reply{404, nil, `{"code":"CONFIGM_00017","message":"Not Found","description":"x"}`})
	written, err := switchOff(t.Context(), open(t, configFor(t, server.URL)))
	if failure := failureOf(t, err); failure.Kind != NotStored || len(written.Changed) > 0 {
		t.Errorf("a PUT: %+v, written %v", failure, written)
	}
}

func TestMissingScopeNamesWhatWasGranted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ authorized, granted []string }{
		"one": {[]string{ScopeViewSettings}, []string{ScopeViewSettings}}, "none": {[]string{}, []string{}},
	} {
		server := mockserver.New(t, mockserver.WithState(mockserver.State{
			Organizations: map[string]*mockserver.Organization{bifrost: {Scopes: test.authorized}},
		}))
		organization := open(t, configFor(t, server.URL()))
		_, err := switchOff(t.Context(), organization)
		failure := failureOf(t, err)
		if failure.Kind != MissingScope || !failure.ScopesKnown || !slices.Equal(failure.Granted, texts(test.granted)) {
			t.Errorf("%s: %+v", name, failure)
		}
		want := ScopeUpdateSettings
		if len(test.granted) == 0 {
			want = ScopeViewSettings
		}
		if failure.Scope != want {
			t.Errorf("%s: the scope missing is %q, want %q", name, failure.Scope, want)
		}
	}
	config := configFor(t, serve(t, reply{403, jsonUTF8, gatewayBody403}).URL)
	config.Credentials.AccessToken = "ready-made"
	_, err := open(t, config).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
	if failure := failureOf(t, err); failure.Kind != MissingScope || failure.ScopesKnown || failure.Granted != nil {
		t.Errorf("with a ready-made token: %+v", failure)
	}
}

func TestErrorsOfTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		reply reply
		want  Error
	}{
		"unknown organization, page": {
			reply{404, htmlType, htmlPage}, Error{Kind: UnknownOrganization, Status: 404, Reason: "an HTML page"},
		},
		"unknown organization, redirect": {
			reply{302, map[string]string{"Location": "/authenticationendpoint/invalid_tenant_domain.do"}, ""},
			Error{
				Kind: UnknownOrganization, Status: 302, Reason: "a redirect to /authenticationendpoint/invalid_tenant_domain.do",
			},
		},
		"unknown organization, JSON": {
			reply{404, nil, unknownTenant},
			Error{Kind: UnknownOrganization, Status: 404, Code: "404", Description: "bifrost is an invalid tenant domain"},
		},
		"wrong secret": {
			reply{401, map[string]string{"WWW-Authenticate": "Basic realm=is.example.com"}, invalidClient},
			Error{Kind: BadCredentials, Status: 401, Code: "invalid_client", Description: "Client credentials are invalid."},
		},
		"grant not allowed": {
			reply{
				400, nil,
				`{"error_description":"The authenticated client is not authorized to use this authorization grant type",` +
					`"error":"unauthorized_client"}`,
			},
			Error{
				Kind: BadCredentials, Status: 400, Code: "unauthorized_client",
				Description: "The authenticated client is not authorized to use this authorization grant type",
			},
		},
		"error in the body of a text": {
			reply{400, map[string]string{"Content-Type": "text/plain"}, `{"error":"invalid_scope"}`},
			Error{Kind: BadCredentials, Status: 400, Code: "invalid_scope"},
		},
		"401 without a body": {reply{401, nil, ""}, Error{Kind: BadCredentials, Status: 401, Reason: "an empty answer"}},
		"401 of a proxy": {
			reply{401, htmlType, "<html>proxy</html>"}, Error{Kind: NotAPI, Status: 401, Reason: "an HTML page"},
		},
		"403": {
			reply{403, jsonUTF8, gatewayBody403},
			Error{Kind: BadCredentials, Status: 403, Code: "403", Description: "Operation is not permitted. You do not have " +
				"permissions to make this request."},
		},
		"403 of a firewall": {
			reply{403, htmlType, "<html>blocked</html>"}, Error{Kind: NotAPI, Status: 403, Reason: "an HTML page"},
		},
		"400 page": {
			reply{400, htmlType, "<html>bad</html>"}, Error{Kind: NotAPI, Status: 400, Reason: "an HTML page"},
		},
		"429": {reply{429, nil, ""}, Error{Kind: RateLimited, Status: 429, Reason: "an empty answer"}},
		"500": {
			reply{500, nil, `{"error":"server_error","error_description":"Internal Server Error."}`},
			Error{Kind: ServerFault, Status: 500, Code: "server_error", Description: "Internal Server Error."},
		},
		"HTML 200": {
			reply{200, htmlType, "<html>Sign in</html>"},
			Error{Kind: NotAPI, Status: 200, Reason: "the token endpoint answered without a token"},
		},
		"empty 200": {
			reply{200, nil, ""}, Error{Kind: NotAPI, Status: 200, Reason: "the token endpoint answered without a token"},
		},
		"200, no token": {
			reply{200, nil, `{"token_type":"Bearer"}`},
			Error{Kind: NotAPI, Status: 200, Reason: "the token endpoint answered without a token"},
		},
		"200, but error": {
			reply{200, nil, invalidClient},
			Error{Kind: BadCredentials, Status: 200, Code: "invalid_client", Description: "Client credentials are invalid."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, stored("status", `[]`))
			server.token = test.reply
			_, err := readSwitch(t.Context(), open(t, configFor(t, server.URL)))
			failure := failureOf(t, err)
			if diff := cmp.Diff(&test.want, failure, facts); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if failure.Doing != "read the My Account settings" || failure.Method != http.MethodPost ||
				failure.URL != server.URL+tokenPath || failure.Organization != bifrost {
				t.Errorf("what was tried: %+v", failure)
			}
			if n := len(server.seen(false)); n != 0 {
				t.Errorf("%d calls of the API without a token", n)
			}
		})
	}
}

func TestUnknownOrganizationOfTheMock(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]mockserver.Option{
		"page":     {mockserver.WithOrganization("asgard")},
		"redirect": {mockserver.WithOrganization("asgard"), mockserver.WithTenantRedirect()},
	} {
		server := mockserver.New(t, options...)
		for _, token := range []string{"", "ready-made"} {
			config := configFor(t, server.URL())
			config.Credentials.AccessToken = token
			_, err := open(t, config).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
			if failure := failureOf(t, err); failure.Kind != UnknownOrganization {
				t.Errorf("%s, access token %q: %+v", name, token, failure)
			}
		}
	}
}

func TestClassicMissingOnTheMock(t *testing.T) {
	t.Parallel()
	_, organization := openMock(t, mockserver.WithTraceID("0af7651916cd43dd"), mockserver.WithState(mockserver.State{
		Organizations: map[string]*mockserver.Organization{bifrost: {TypeMissing: true}},
	}))
	_, err := switchOff(t.Context(), organization)
	if failure := failureOf(t, err); failure.Kind != ClassicMissing || failure.TraceID != "0af7651916cd43dd" {
		t.Errorf("the error is %+v", failure)
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	followed := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
	t.Cleanup(other.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		away := reply{status, map[string]string{"Location": other.URL}, ""}
		server := serve(t, away)
		if _, err := readSwitch(t.Context(), open(t, configFor(t, server.URL))); err == nil {
			t.Errorf("%d of the API: no error", status)
		}
		server.token = away
		if _, err := readSwitch(t.Context(), open(t, configFor(t, server.URL))); err == nil {
			t.Errorf("%d of the token endpoint: no error", status)
		}
	}
	other.Close()
	if followed {
		t.Error("a redirect was followed, and the token or the secret with it")
	}
}

func TestHeadersOfEveryCall(t *testing.T) {
	t.Parallel()
	server := serve(t, stored("status", `[]`))
	organization := open(t, configFor(t, server.URL))
	if _, err := switchOff(t.Context(), organization); err != nil {
		t.Fatal(err)
	}
	requests := server.seen(false)
	if len(requests) != 2 {
		t.Fatalf("%d calls", len(requests))
	}
	for _, request := range requests {
		for name, want := range map[string]string{
			"Content-Type": "application/json", "Accept": "application/json",
			"User-Agent": testUserAgent, "Authorization": "Bearer " + grantedToken,
		} {
			if got := request.header.Values(name); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s is %q, want %q", request.method, name, got, want)
			}
		}
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	const address = "127.0.0.1:1" // below the ports that other tests are given
	for name, test := range map[string]struct {
		dial     func(context.Context, string, string) (net.Conn, error)
		kind     Kind
		says     string
		attempts int
	}{
		"closed port": {nil, ConnectionRefused, "no connection to " + address + ": connection refused", 3},
		"unknown host": {
			func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{
					Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.asgardeo.oi", IsNotFound: true},
				}
			},
			UnknownHost, `the name service knows no host "api.asgardeo.oi"`, 1,
		},
		"name service down": {
			func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{
					Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "server misbehaving", Name: "api.asgardeo.io", IsTemporary: true},
				}
			},
			Unreachable, "no connection: lookup api.asgardeo.io: server misbehaving", 3,
		},
		"reset": {
			func(context.Context, string, string) (net.Conn, error) { return brokenConnection(t), nil },
			Unreachable, "the connection broke: ", 3,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := configFor(t, "http://"+address)
			client := New(config)
			connection := connectionOf(client)
			connection.Proxy = nil
			if test.dial != nil {
				connection.DialContext = test.dial
			}
			_, err := readSwitch(t.Context(), organizationOf(t, client, bifrost))
			failure := failureOf(t, err)
			if failure.Kind != test.kind || failure.Status != 0 || failure.Attempts != test.attempts {
				t.Errorf("the error is %+v", failure)
			}
			if !strings.HasPrefix(string(failure.Reason), test.says) || failure.Description != "" {
				t.Errorf("the reason is %q, want %q; the description is %q", failure.Reason, test.says, failure.Description)
			}
			if failure.Err == nil || !errors.Is(failure, failure.Err) {
				t.Errorf("the cause is %v", failure.Err)
			}
		})
	}
}

// brokenConnection fails on the first write, as a connection does that the other side has reset.
func brokenConnection(t *testing.T) net.Conn {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { _ = theirs.Close() })
	return &resetConn{Conn: ours}
}

type resetConn struct{ net.Conn }

func (c *resetConn) Write([]byte) (int, error) {
	return 0, &net.OpError{Op: "write", Net: "tcp", Err: errors.New("connection reset by peer")}
}

func TestUntrustedCertificate(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithTLS())
	_, err := open(t, configFor(t, server.URL())).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
	failure := failureOf(t, err)
	if failure.Kind != Untrusted || failure.OwnCAs || failure.Attempts != 1 || failure.Err == nil {
		t.Errorf("without its certificate: %+v", failure)
	}
	if got := server.Requests(); len(got) != 0 {
		t.Errorf("something was sent to a server that is not trusted: %v", got)
	}

	config := configFor(t, server.URL())
	config.RootCAs = poolOf(t, server.CACertificate())
	if _, err := open(t, config).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
		t.Errorf("with its certificate: %v", err)
	}

	// A good certificate of another host.
	config.Endpoint.api = strings.Replace(config.Endpoint.api, "127.0.0.1", "other.example.com", 1)
	client := New(config)
	connection := connectionOf(client)
	connection.Proxy = nil
	address := strings.TrimPrefix(server.URL(), "https://")
	connection.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	_, err = readSwitch(t.Context(), organizationOf(t, client, bifrost))
	if failure := failureOf(t, err); failure.Kind != CertificateName ||
		failure.Reason != "certificate is valid for localhost, not other.example.com" {
		t.Errorf("for another host: %+v", failure)
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	t.Parallel()
	config := connectionOf(New(Config{})).TLSClientConfig
	if config.MinVersion < 0x0303 {
		t.Errorf("TLS %#x is accepted", config.MinVersion)
	}
}

func TestRequestTimeout(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]http.HandlerFunc{
		"before the answer": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"in the middle of the answer": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"resourceName":`)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := configFor(t, serve(t, wait).URL)
			config.Credentials.AccessToken = "ready-made"
			config.RequestTimeout = 30 * time.Millisecond
			config.MaxRetries = 1
			_, err := open(t, config).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
			failure := failureOf(t, err)
			if failure.Kind != TooSlow || failure.Attempts != 2 {
				t.Errorf("the error is %+v", failure)
			}
			if !strings.Contains(failure.Error(), "no answer within 30ms") {
				t.Errorf("the text is %q", failure.Error())
			}
		})
	}

	// The next attempt may be quicker.
	server := mockserver.New(t)
	server.AddFault(
		mockserver.Fault{Match: mockserver.Match{Method: "GET"}, Action: mockserver.ActionLatency, LatencyMS: 60_000},
	)
	config := configFor(t, server.URL())
	config.RequestTimeout = 500 * time.Millisecond
	if _, err := open(t, config).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
		t.Error(err)
	}
}

func TestCallersDeadlineKeepsTheLastServerError(t *testing.T) {
	t.Parallel()
	busy := reply{503, nil, `{"code":503,"message":"Forbidden","description":"the user store is away","traceId":"t-1"}`}
	answered := Error{Kind: TimedOut, Status: 503, Code: "503", Description: "the user store is away", TraceID: "t-1"}
	read := func(ctx context.Context, o *Organization) error {
		_, err := o.MyAccount(portal.ClassicAPI).Read(ctx, portal.PortalEnabled)
		return err
	}
	write := func(ctx context.Context, o *Organization) error {
		_, err := o.MyAccount(portal.ClassicAPI).Write(ctx, []portal.Setting{portal.PortalEnabled}, always(nil))
		return err
	}
	for name, test := range map[string]struct {
		act    func(context.Context, *Organization) error
		path   string // what fails
		broken bool   // the connection, instead of an answer
		want   Error
	}{
		"reading":    {read, statusAt, false, answered},
		"writing":    {write, statusAt, false, answered},
		"signing in": {read, tokenPath, false, answered},
		"after a lost connection": {
			read, statusAt, true, Error{Kind: TimedOut, Reason: "the connection was closed before an answer came"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := offline(Config{
					Credentials: Credentials{ClientID: "id", ClientSecret: "secret"}, RequestTimeout: time.Minute,
					MaxRetries: 2, RetryWaitMin: time.Hour,
				}, func(request *http.Request) (*http.Response, error) {
					switch {
					case request.URL.Path != test.path:
						return answerWith(request, tokenReply(grantedToken, "")), nil
					case test.broken:
						return nil, io.EOF
					}
					return answerWith(request, busy), nil
				})
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				err := test.act(ctx, organizationOf(t, client, bifrost))
				failure := failureOf(t, err)
				if diff := cmp.Diff(&test.want, failure, facts); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if !errors.Is(err, context.DeadlineExceeded) || failure.Attempts != 1 {
					t.Errorf("the error is %+v", failure)
				}
			})
		})
	}
}

func TestCancelledBeforeTheFirstAttempt(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := organization.MyAccount(portal.ClassicAPI).Read(ctx, portal.PortalEnabled)
	if failure := failureOf(t, err); failure.Kind != TimedOut || failure.Attempts != 0 ||
		!errors.Is(err, context.Canceled) {
		t.Errorf("the error is %+v", failure)
	}
	if got := calls(server); len(got) != 0 {
		t.Errorf("calls %v", got)
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	for want, failure := range map[string]*Error{
		`cannot sign in of organization "x"`: {Doing: "sign in", Organization: "x"},
		`cannot read of organization "x": GET https://h/p: HTTP status 400: C: text`: {
			Doing: "read", Organization: "x", Method: "GET", URL: "https://h/p", Status: 400, Code: "C", Description: "text",
		},
		`cannot read of organization "x": GET https://h/p: why`: {
			Doing: "read", Organization: "x", Method: "GET", URL: "https://h/p", Err: errors.New("why"),
		},
	} {
		if got := failure.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestProxyOfTheEnvironmentIsUsed(t *testing.T) {
	t.Parallel()
	connection := connectionOf(New(Config{}))
	if connection.Proxy == nil {
		t.Fatal("the transport has no proxy function")
	}
	// The function is replaced by one that names a proxy, since the environment is read once for a process.
	proxied := false
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxied = r.URL.Host == "is.example.com"
		stored("status", `[]`).ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	config := configFor(t, "http://is.example.com")
	config.Credentials.AccessToken = "x"
	client := New(config)
	t.Cleanup(connectionOf(client).CloseIdleConnections)
	connectionOf(client).Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	if _, err := readSwitch(t.Context(), organizationOf(t, client, bifrost)); err != nil ||
		!proxied {
		t.Errorf("through a proxy: %v, proxied %t", err, proxied)
	}
}

// TestSortingOfAnswers: what an answer is about follows from all that it says together, and not from one word of it.
func TestSortingOfAnswers(t *testing.T) {
	t.Parallel()
	const (
		unknownOrganizationPage = "https://is.example.com/authenticationendpoint/invalid_tenant_domain.do"
		plainRequest            = "The plain HTTP request was sent to HTTPS port"
	)
	text := map[string]string{"Content-Type": "text/plain"}
	for name, test := range map[string]struct {
		url    string
		reply  reply
		kind   Kind
		reason redact.Text
	}{
		"only a redirect leads to the page for unknown organizations": {
			"https://is.example.com/x",
			reply{400, map[string]string{"Location": unknownOrganizationPage}, `{"code":"X"}`}, Refused, "",
		},
		"a redirect from https to another page of the same server": {
			"https://is.example.com/x", reply{302, map[string]string{"Location": "/login"}, ""},
			NotAPI, "a redirect to /login",
		},
		"a redirect from http to https of the same server": {
			"http://is.example.com/x", reply{302, map[string]string{"Location": "https://is.example.com/x"}, ""},
			WrongScheme, "it redirects to https://is.example.com",
		},
		"400 of a server that speaks https": {
			"http://is.example.com/x", reply{400, text, plainRequest}, WrongScheme, "it speaks https there",
		},
		"404 with the same words": {
			"http://is.example.com/x", reply{404, text, plainRequest},
			NotAPI, "an answer of type text/plain that is not the JSON expected",
		},
		"a number as the code of another status than 404": {
			"https://is.example.com/x", reply{400, nil, `{"code":400,"description":"x"}`}, Refused, "",
		},
		"a code alone": {"https://is.example.com/x", reply{400, nil, `{"code":"X"}`}, Refused, ""},
		"JSON that calls itself HTML": {
			"https://is.example.com/x", reply{404, htmlType, unknownTenant}, NotAPI, "an HTML page",
		},
		"JSON that calls itself nothing": {
			"https://is.example.com/x", reply{404, map[string]string{"Content-Type": ""}, `[]`},
			NotAPI, "an answer that is not JSON",
		},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, test.url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		organization := newOrganization(New(Config{}), bifrost, Credentials{AccessToken: "ready-made"})
		header := http.Header{"Content-Type": {"application/json"}}
		for name, value := range test.reply.header {
			header.Set(name, value)
		}
		tries := &attempts{clean: organization.clean, last: outcome{
			response: &http.Response{StatusCode: test.reply.status, Header: header, Request: request},
			body:     []byte(test.reply.body),
		}}
		failure := organization.refusal(Error{URL: test.url}, tries, storeCodes)
		if failure.Kind != test.kind || failure.Reason != test.reason {
			t.Errorf("%s: kind %d, want %d, because %q", name, failure.Kind, test.kind, failure.Reason)
		}
	}
}

func TestCodesOfErrors(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct {
		code    string
		numeric bool
	}{
		`{"code":"X"}`:             {"X", false},
		`{"code":404}`:             {"404", true},
		`{"code":null}`:            {"", false},
		`{"code":" "}`:             {"", false},
		`{"code":[404]}`:           {"", false},
		`{"message":"x"}`:          {"", false},
		`{"error":"e","code":404}`: {"e", false},
		`{"Code":"X"}`:             {"X", false},
		`{"CODE":"Y","code":"X"}`:  {"X", false},
	} {
		for range 20 { // members are read in any order
			said := outcome{response: &http.Response{}, body: []byte(body)}.serverError()
			if code, numeric := said.code(); code != want.code || numeric != want.numeric {
				t.Errorf("%s: the code is %q, a number: %t", body, code, numeric)
			}
		}
	}
	said := outcome{response: &http.Response{}, body: []byte(`{"TraceID":"t"}`)}.serverError()
	if got := said.traceID(http.Header{}); got != "t" {
		t.Errorf("the trace id is %q", got)
	}
}
