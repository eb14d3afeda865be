package explain_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// What errors say, each by its cause: nothing that is not so, and the next step that helps.

const (
	usToken    = "https://api.asgardeo.io/t/bifrost/oauth2/token"
	ownToken   = "https://is.example.com:9443/t/bifrost/oauth2/token"
	plainToken = "http://is.example.com/t/bifrost/oauth2/token"

	viewScope, updateScope = "internal_config_mgt_view", "internal_config_mgt_update"

	maybeApplied = "the server may have applied it"
)

func TestError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failure asgardeo.Error
		says    []string
		not     []string
	}{
		"unknown organization of a region": {
			asgardeo.Error{
				Kind: asgardeo.UnknownOrganization, URL: usToken, Status: http.StatusNotFound, Reason: "an HTML page",
			},
			[]string{
				`The server at ` + usToken + ` knows no organization "bifrost".`, "terraform state rm <address>",
				"No resource was dropped from the state", "Answer: an HTML page",
			},
			[]string{"Either", "does not lead"},
		},
		"unknown organization, or a wrong address": {
			asgardeo.Error{
				Kind: asgardeo.UnknownOrganization, URL: ownToken, Status: http.StatusNotFound, Reason: "an HTML page",
			},
			[]string{
				`Either the server at ` + ownToken +
					` knows no organization "bifrost",` +
					` or base_url does not lead to Asgardeo or a WSO2 Identity Server: the answer was an HTML page.`,
			},
			[]string{"Answer:"},
		},
		"unknown organization, or somebody else's redirect": {
			asgardeo.Error{
				Kind: asgardeo.UnknownOrganization, URL: ownToken, Status: http.StatusFound,
				Reason: "a redirect to https://login.example.com",
			},
			[]string{"Either the server", "the answer was a redirect to https://login.example.com."},
			nil,
		},
		"unknown organization, by the redirect that servers have for it": {
			asgardeo.Error{
				Kind: asgardeo.UnknownOrganization, URL: ownToken, Status: http.StatusFound,
				Reason: "a redirect to /authenticationendpoint/invalid_tenant_domain.do",
			},
			[]string{`The server at ` + ownToken + ` knows no organization "bifrost".`},
			[]string{"Either"},
		},
		"unknown organization, said by the server": {
			asgardeo.Error{
				Kind: asgardeo.UnknownOrganization, URL: ownToken, Status: http.StatusNotFound, Code: "404",
				Description: "bifrost is an invalid tenant domain",
			},
			[]string{
				`The server at ` + ownToken + ` knows no organization "bifrost".`,
				"Server message: bifrost is an invalid tenant domain",
			},
			[]string{"Either", "does not lead"},
		},
		"unknown client": {
			asgardeo.Error{
				Kind: asgardeo.BadCredentials, Status: 401, Code: "invalid_client",
				Description: "A valid OAuth client could not be found for client_id: x",
			},
			[]string{
				"Check client_id and client_secret (ASGARDEO_CLIENT_ID, ASGARDEO_CLIENT_SECRET): this organization has no " +
					"application with such a client_id",
			},
			[]string{"swapped", "the secret is wrong"},
		},
		"client id and secret swapped": {
			asgardeo.Error{
				Kind: asgardeo.BadCredentials, Status: 401, Swapped: true,
				Description: "A valid OAuth client could not be found for client_id: (redacted)",
			},
			[]string{"they look swapped."}, nil,
		},
		"wrong secret": {
			asgardeo.Error{
				Kind: asgardeo.BadCredentials, Status: 401, Swapped: true, Description: "Client credentials are invalid.",
			},
			[]string{"the client_id is known there, so the secret is wrong"},
			[]string{"swapped", "no application"},
		},
		"wrong secret of an entry": {
			asgardeo.Error{
				Kind: asgardeo.BadCredentials, Status: 401, OwnEntry: true, Description: "Client credentials are invalid.",
			},
			[]string{`Check client_id and client_secret of credentials["bifrost"]: the client_id is known there`},
			[]string{"ASGARDEO_CLIENT"},
		},
		"wrong key": {
			asgardeo.Error{
				Kind: asgardeo.BadCredentials, Status: 401, PrivateKey: true, Description: "Client credentials are invalid.",
			},
			[]string{"Check client_id (ASGARDEO_CLIENT_ID), and that the application has the certificate of client_private_key"},
			[]string{"client_secret", "ASGARDEO_CLIENT_SECRET"},
		},
		"disabled application": {
			asgardeo.Error{Kind: asgardeo.BadCredentials, Status: 401, Description: "Application is disabled."},
			[]string{"Enable the application in the Console (Applications, the application)"}, nil,
		},
		"misspelt organization": {
			asgardeo.Error{Kind: asgardeo.NoCredentials, Known: []string{"asgard", "bifrst"}},
			[]string{
				`Add an entry "bifrost"`, `If the name is misspelt: there are credentials for "bifrst".`, "terraform state rm",
			},
			nil,
		},
		"organizations with numbers": {
			asgardeo.Error{Kind: asgardeo.NoCredentials, Known: []string{"bifros1"}}, []string{`Add an entry "bifrost"`},
			[]string{"misspelt"},
		},
		"organization that resembles none": {
			asgardeo.Error{Kind: asgardeo.NoCredentials, Known: []string{"asgard", ""}},
			[]string{`Add an entry "bifrost" with client_id and client_secret to the provider's argument credentials`},
			[]string{"misspelt"},
		},
		"unknown host of a region": {
			asgardeo.Error{
				Kind: asgardeo.UnknownHost, URL: usToken, Attempts: 1, Reason: `the name service knows no host "api.asgardeo.io"`,
			},
			[]string{
				`(1 attempt): the name service knows no host "api.asgardeo.io".`,
				"region or base_url (ASGARDEO_REGION, ASGARDEO_BASE_URL)", "(DNS)", "HTTPS_PROXY",
			},
			[]string{"request_timeout", maybeApplied, "Server message", "Answer"},
		},
		"unknown host of a base URL": {
			asgardeo.Error{Kind: asgardeo.UnknownHost, URL: ownToken, Reason: "x"},
			[]string{"Check the host that base_url (ASGARDEO_BASE_URL) leads to", "(DNS)"},
			[]string{"region", "request_timeout", maybeApplied},
		},
		"refused connection": {
			asgardeo.Error{
				Kind: asgardeo.ConnectionRefused, URL: plainToken, Attempts: 8,
				Reason: "no connection to 10.0.0.1:80: connection refused",
			},
			[]string{
				"(8 attempts): no connection to 10.0.0.1:80: connection refused.",
				"Check host and port that base_url (ASGARDEO_BASE_URL) leads to", "HTTP_PROXY",
			},
			[]string{"HTTPS_PROXY", "request_timeout", maybeApplied},
		},
		"slow answer to a read": {
			asgardeo.Error{Kind: asgardeo.TooSlow, URL: ownToken, Reason: "no answer within 30s"},
			[]string{"no answer within 30s", "request_timeout (ASGARDEO_REQUEST_TIMEOUT)"},
			[]string{maybeApplied, "proxy"},
		},
		"slow answer to a change": {
			asgardeo.Error{Kind: asgardeo.TooSlow, URL: ownToken, Reason: "no answer within 30s", Unsettled: true},
			[]string{
				"request_timeout", "The call was a change, so the server may have applied it; the next plan compares again.",
			},
			nil,
		},
		"proxy": {
			asgardeo.Error{
				Kind: asgardeo.ProxyRefused, URL: ownToken,
				Reason: "the proxy refused it with HTTP status 407 Proxy Authentication Required",
			},
			[]string{
				"the proxy refused it with HTTP status 407", "Check the proxy in HTTPS_PROXY", "user name and password", "NO_PROXY",
			},
			[]string{"issue tracker", "base_url"},
		},
		"connection that broke": {
			asgardeo.Error{Kind: asgardeo.Unreachable, URL: ownToken, Reason: "the answer was cut short"},
			[]string{"the answer was cut short", "Run the command again", "HTTPS_PROXY", "base_url (ASGARDEO_BASE_URL)"},
			[]string{"request_timeout", maybeApplied, "write https://"},
		},
		"connection with http that broke": {
			asgardeo.Error{
				Kind: asgardeo.Unreachable, URL: plainToken, Reason: "the connection was closed before an answer came",
			},
			[]string{"write https:// in base_url"}, nil,
		},
		"http where https is expected": {
			asgardeo.Error{
				Kind: asgardeo.WrongScheme, URL: plainToken, Status: http.StatusFound,
				Reason: "it redirects to https://is.example.com",
			},
			[]string{
				`The server cannot be called with http for organization "bifrost": it redirects to https://is.example.com.`,
				"Write https:// in base_url (ASGARDEO_BASE_URL)",
			},
			[]string{"knows no organization", "proxy", "Answer:"},
		},
		"https where http is spoken": {
			asgardeo.Error{Kind: asgardeo.WrongScheme, URL: ownToken, Reason: "it speaks http there"},
			[]string{"cannot be called with https", "it speaks http there.", "port for https", "write http://"}, nil,
		},
		"http where a region is expected": {
			asgardeo.Error{Kind: asgardeo.WrongScheme, URL: usToken, Reason: "it speaks http there"},
			[]string{"Something in front of the API answered"},
			[]string{"write http://"},
		},
		"certificate for another name": {
			asgardeo.Error{
				Kind: asgardeo.CertificateName, URL: ownToken, OwnCAs: true,
				Reason: "certificate is valid for localhost, not is.example.com",
			},
			[]string{
				"is for another name: certificate is valid for localhost, not is.example.com.",
				"Use a name from the certificate in base_url",
			},
			[]string{"ca_certificate"},
		},
		"certificate of something between": {
			asgardeo.Error{
				Kind: asgardeo.CertificateName, URL: usToken, Reason: "certificate is valid for proxy, not api.asgardeo.io",
			},
			[]string{"Something in front of the API answered"},
			[]string{"Use a name"},
		},
		"certificate that has expired": {
			asgardeo.Error{
				Kind: asgardeo.CertificateExpired, URL: ownToken,
				Reason: "certificate has expired or is not yet valid: current time 2 is after 1",
			},
			[]string{"has expired or is not yet valid: current time 2 is after 1.", "Renew the server's certificate", "clock"},
			[]string{"ca_certificate"},
		},
		"certificate of an unknown authority": {
			asgardeo.Error{Kind: asgardeo.Untrusted, URL: ownToken, Reason: "certificate signed by unknown authority"},
			[]string{
				"is not trusted: certificate signed by unknown authority.", "give that authority's certificate to the provider",
			},
			[]string{"does not cover"},
		},
		"certificate of another authority": {
			asgardeo.Error{
				Kind: asgardeo.Untrusted, URL: ownToken, OwnCAs: true, Reason: "certificate signed by unknown authority",
			},
			[]string{
				"What ca_certificate (ASGARDEO_CA_CERTIFICATE) holds does not cover the issuer of the server's certificate",
			},
			[]string{"give that authority's"},
		},
		"scope that was granted": {
			asgardeo.Error{
				Kind: asgardeo.MissingScope, Status: http.StatusForbidden, Scope: viewScope, ScopesKnown: true,
				Granted: []redact.Text{viewScope},
			},
			[]string{
				`The server refused the call for organization "bifrost" although the access token has the scope ` + viewScope,
				"the organization may restrict this API",
			},
			[]string{"does not allow", "Authorize"},
		},
		"scope that was not granted": {
			asgardeo.Error{
				Kind: asgardeo.MissingScope, Status: http.StatusForbidden, Scope: viewScope, ScopesKnown: true,
				Granted: []redact.Text{updateScope},
			},
			[]string{
				"does not allow this call, which needs the scope " + viewScope, "granted only " + updateScope,
				"Authorize the application",
			},
			[]string{"although"},
		},
		"too many requests": {
			asgardeo.Error{Kind: asgardeo.RateLimited, Status: http.StatusTooManyRequests},
			[]string{"requests_per_minute (ASGARDEO_REQUESTS_PER_MINUTE)", "everybody behind the same client address"},
			[]string{"-parallelism"},
		},
		"no time for the first attempt": {
			asgardeo.Error{Kind: asgardeo.TimedOut, Err: context.DeadlineExceeded},
			[]string{
				"was given up before it succeeded (0 attempts): the time for the operation ran out.", "timeouts.read",
				"-refresh=false",
			},
			[]string{"deadline"},
		},
		"no time for another attempt": {
			asgardeo.Error{
				Kind: asgardeo.TimedOut, Err: context.DeadlineExceeded, Attempts: 2, Status: http.StatusServiceUnavailable,
				Description: "busy",
			},
			[]string{"(2 attempts): the time for the operation ran out. The last attempt ended so: busy.", "timeouts.update"},
			nil,
		},
		"interrupt": {
			asgardeo.Error{Kind: asgardeo.TimedOut, Err: context.Canceled},
			[]string{"Terraform was interrupted.", "Run the command again."},
			[]string{"timeouts"},
		},
		"refusal without a text": {
			asgardeo.Error{Kind: asgardeo.BadCredentials, Status: http.StatusUnauthorized, Reason: "an empty answer"},
			[]string{"Answer: an empty answer"},
			[]string{"Server message"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.failure.Organization, test.failure.Method = "bifrost", http.MethodPost
			text := explain.Error(&test.failure)
			for _, fragment := range test.says {
				if !strings.Contains(text, fragment) {
					t.Errorf("the text lacks %q:\n%s", fragment, text)
				}
			}
			for _, fragment := range test.not {
				if strings.Contains(text, fragment) {
					t.Errorf("the text has %q:\n%s", fragment, text)
				}
			}
		})
	}
	if got := explain.Error(errors.New("something else")); got != "Something else" {
		t.Errorf("an error of another kind: %q", got)
	}
}
