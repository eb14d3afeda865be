package provider_test

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/provider"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// What comes of the provider block: the defaults, the environment variable of each argument, and what the requests say
// of who sends them.

func TestProviderBlockAndItsDefaults(t *testing.T) {
	t.Parallel()
	endpoint := func(region string) asgardeo.Endpoint {
		found, err := asgardeo.RegionEndpoint(region)
		providertest.Must(t, err)
		return found
	}
	own, err := asgardeo.ParseBaseURL("https://is.example.com")
	providertest.Must(t, err)
	block := func(given map[string]attr.Value) map[string]attr.Value {
		block := map[string]attr.Value{"credentials": types.MapNull(types.ObjectType{})}
		for name := range provider.BlockSchema().Attributes {
			if name != "credentials" {
				block[name] = types.StringNull()
			}
		}
		maps.Copy(block, given)
		return block
	}
	defaults := func(change func(*asgardeo.Config)) asgardeo.Config {
		config := asgardeo.Config{
			Endpoint: endpoint("us"), Credentials: asgardeo.Credentials{AccessToken: onlySecret},
			OrganizationCredentials: map[string]asgardeo.Credentials{},
			RequestTimeout:          30 * time.Second, MaxRetries: 7, RequestsPerMinute: 200,
		}
		change(&config)
		return config
	}
	for _, test := range []struct {
		name      string
		block     map[string]attr.Value // null otherwise
		variables map[string]string
		want      asgardeo.Config
		skip      bool
	}{
		{"nothing but credentials", nil, map[string]string{"access_token": onlySecret}, defaults(func(*asgardeo.Config) {}),
			false},
		{
			"arguments", map[string]attr.Value{
				"organization": types.StringValue("bifrost"), "region": types.StringValue("eu"),
				"access_token": types.StringValue(onlySecret), "request_timeout": types.StringValue("45s"),
				"max_retries": types.Int64Value(3), "requests_per_minute": types.Int64Value(17),
				"skip_sms_sender_check": types.BoolValue(true),
			}, nil,
			defaults(func(c *asgardeo.Config) {
				c.Organization, c.Endpoint = "bifrost", endpoint("eu")
				c.RequestTimeout, c.MaxRetries, c.RequestsPerMinute = 45*time.Second, 3, 17
			}), true,
		},
		{
			"variables", nil, map[string]string{
				"organization": "bifrost", "region": "eu", "access_token": onlySecret, "request_timeout": "45s", "max_retries": "3",
				"requests_per_minute":   "17",
				"skip_sms_sender_check": "true",
			},
			defaults(func(c *asgardeo.Config) {
				c.Organization, c.Endpoint = "bifrost", endpoint("eu")
				c.RequestTimeout, c.MaxRetries, c.RequestsPerMinute = 45*time.Second, 3, 17
			}), true,
		},
		{
			"a client and a server of one's own, as arguments", map[string]attr.Value{
				"base_url": types.StringValue("https://is.example.com"), "client_id": types.StringValue("id"),
				"client_secret": types.StringValue(onlySecret),
			}, nil,
			defaults(func(c *asgardeo.Config) {
				c.Endpoint, c.Credentials = own, asgardeo.Credentials{ClientID: "id", ClientSecret: onlySecret}
			}), false,
		},
		{
			"a client and a server of one's own, as variables", nil,
			map[string]string{"base_url": "https://is.example.com", "client_id": "id", "client_secret": onlySecret},
			defaults(func(c *asgardeo.Config) {
				c.Endpoint, c.Credentials = own, asgardeo.Credentials{ClientID: "id", ClientSecret: onlySecret}
			}), false,
		},
		{
			"zero is a value, as an argument", map[string]attr.Value{
				"access_token": types.StringValue(onlySecret), "max_retries": types.Int64Value(0),
				"requests_per_minute": types.Int64Value(0),
			}, map[string]string{"max_retries": "3", "requests_per_minute": "17"},
			defaults(func(c *asgardeo.Config) { c.MaxRetries, c.RequestsPerMinute = 0, 0 }), false,
		},
		{
			"zero is a value, as a variable", nil, map[string]string{"access_token": onlySecret, "max_retries": "0",
				"requests_per_minute": "0"},
			defaults(func(c *asgardeo.Config) { c.MaxRetries, c.RequestsPerMinute = 0, 0 }), false,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			getenv := func(argument string) string { return test.variables[argument] }
			client, data, diags := provider.Resolve(block(test.block), getenv)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if diff := cmp.Diff(test.want, client, cmp.AllowUnexported(asgardeo.Endpoint{})); diff != "" {
				t.Errorf("the client's configuration differs (- want, + got):\n%s", diff)
			}
			if data.SkipSMSSenderCheck != test.skip {
				t.Errorf("skip_sms_sender_check is %t, want %t", data.SkipSMSSenderCheck, test.skip)
			}
		})
	}
}

// TestEveryVariableHasItsEffect takes each argument out of a configuration that is right otherwise: its variable puts
// the effect back.
func TestEveryVariableHasItsEffect(t *testing.T) {
	works := func(w *workspace) bool {
		p := providertest.NewProcessOver(w.T, w.Wrap)
		if len(p.Configure(w.Provider).Errors()) > 0 {
			return false
		}
		_, diags := p.Read(portalType, values{})
		return len(diags.Errors()) == 0
	}
	// Credentials of another organization keep the provider from calling anybody.
	address := func(w *workspace) string {
		delete(w.Provider, "base_url")
		delete(w.Provider, "client_id")
		delete(w.Provider, "client_secret")
		w.Provider["credentials"] = values{"other": values{"client_id": "id", "client_secret": onlySecret}}
		url, _ := w.Start().Plan(&providertest.Object{TypeName: portalType}, values{"enabled": true}).Planned["url"].(string)
		return url
	}
	slow := mockserver.Fault{Match: mockserver.Match{PathPrefix: providertest.APIPath}, Action: mockserver.ActionLatency,
		LatencyMS: 200}
	busy := mockserver.Fault{
		Match:  mockserver.Match{PathPrefix: providertest.APIPath},
		Times:  3,
		Action: mockserver.ActionStatus,
		Status: 429,
	}

	tests := map[string]struct {
		options []mockserver.Option
		value   func(w *workspace) string
		effect  func(w *workspace) bool
	}{
		"organization": {
			options: []mockserver.Option{mockserver.WithOrganization("alfheim")},
			value:   func(*workspace) string { return "alfheim" }, effect: works,
		},
		"region": {
			value: func(*workspace) string { return "eu" },
			effect: func(w *workspace) bool {
				return address(w) == "https://myaccount.eu.asgardeo.io/t/bifrost"
			},
		},
		"base_url": {
			value:  func(w *workspace) string { return w.Mock.URL() },
			effect: func(w *workspace) bool { return address(w) == w.Mock.URL()+"/t/bifrost/myaccount" },
		},
		"client_id": {value: func(*workspace) string { return mockserver.DefaultClientID }, effect: works},
		"client_secret": {
			value:  func(*workspace) string { return mockserver.DefaultClientSecret },
			effect: works,
		},
		"access_token": {
			value: func(w *workspace) string {
				token, diags := w.Start().OpenToken(values{"scopes": []any{viewScope}})
				providertest.WantNoDiagnostics(w.T, diags)
				return token["access_token"].(string)
			},
			effect: func(w *workspace) bool {
				delete(w.Provider, "client_id")
				delete(w.Provider, "client_secret")
				return works(w)
			},
		},
		"ca_certificate": {
			options: []mockserver.Option{mockserver.WithTLS()},
			value: func(w *workspace) string {
				file := filepath.Join(t.TempDir(), "ca.pem")
				providertest.Must(w.T, os.WriteFile(file, []byte(w.Mock.CACertificate()), 0o600))
				return file
			},
			effect: works,
		},
		"request_timeout": {
			value: func(*workspace) string { return "20ms" },
			effect: func(w *workspace) bool {
				w.Provider["max_retries"] = 0
				w.Mock.AddFault(slow)
				return !works(w)
			},
		},
		"max_retries": {
			value: func(*workspace) string { return "2" },
			effect: func(w *workspace) bool { // one try less than it takes
				w.Mock.AddFault(busy)
				return !works(w)
			},
		},
		"requests_per_minute": {
			value: func(*workspace) string { return "1" },
			effect: func(w *workspace) bool { // the second request would have to wait for a minute
				o := &providertest.Object{TypeName: portalType, State: values{
					"organization": "bifrost", "api": "classic", "enabled": true, "url": "", "on_destroy": "restore",
					"timeouts": values{"read": "20s"},
				}}
				w.Calls()
				return len(w.Start().Refresh(o).Errors()) > 0 && slices.Equal(w.Calls(), []string{"POST token"})
			},
		},
		"my_account_api": {
			value: func(*workspace) string { return "classic" },
			effect: func(w *workspace) bool {
				_, diags := w.Start().Read(portalType, values{})
				providertest.WantNoDiagnostics(w.T, diags)
				return slices.Contains(w.Calls(), "GET "+providertest.StatusObject)
			},
		},
		"client_private_key": {
			options: func() []mockserver.Option {
				key, _ := signingKey()
				return []mockserver.Option{mockserver.WithClientKey(&key.PublicKey)}
			}(),
			value: func(w *workspace) string {
				delete(w.Provider, "client_secret")
				_, text := signingKey()
				return text
			},
			effect: works,
		},
		"allow_http": {
			value: func(*workspace) string { return "true" },
			effect: func(w *workspace) bool {
				w.Provider["base_url"] = "http://is.example.com"
				return len(providertest.NewProcessOver(w.T, w.Wrap).Configure(w.Provider).Errors()) == 0
			},
		},
		"skip_sms_sender_check": {
			value: func(*workspace) string { return "true" },
			effect: func(w *workspace) bool {
				return len(w.Start().Plan(&providertest.Object{TypeName: twoFactorType}, providertest.SMSOn).Diags.Errors()) == 0
			},
		},
	}
	for _, attribute := range providertest.NewProcess(t).Schemas.Provider.Block.Attributes {
		if _, tested := tests[attribute.Name]; !tested && attribute.Name != "credentials" {
			t.Errorf("the variable of %s is not tested", attribute.Name)
		}
	}
	for argument, test := range tests {
		for _, set := range []bool{true, false} { // negative control
			t.Run(argument+map[bool]string{true: "", false: ", not set"}[set], func(t *testing.T) {
				w := providertest.NewWorkspace(t, test.options...)
				w.Provider["ca_certificate"] = nil
				if certificate := w.Mock.CACertificate(); certificate != "" && argument != "ca_certificate" {
					w.Provider["ca_certificate"] = certificate
				}
				value := test.value(w)
				delete(w.Provider, argument)
				if set {
					t.Setenv("ASGARDEO_"+strings.ToUpper(argument), value)
				}
				if got := test.effect(w); got != set {
					t.Errorf("the effect shows: %t, want %t", got, set)
				}
			})
		}
	}
}

// TestUserAgent: every request, the token's included, names the provider's and Terraform's version, which is all that
// it tells.
func TestUserAgent(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	check := contract.Check(t)
	agents := &agents{}
	w.Wrap = func(connection http.RoundTripper) http.RoundTripper {
		agents.connection = check(connection)
		return agents
	}
	w.Create(portalType, values{"enabled": false})
	for _, agent := range agents.seen {
		if agent != "terraform-provider-asgardeo/test Terraform/1.11.4" {
			t.Errorf("the User-Agent is %q", agent)
		}
	}
	if calls := w.Calls(); len(agents.seen) != len(calls) || len(calls) < 4 {
		t.Errorf("%d User-Agents were seen in the calls %v", len(agents.seen), calls)
	}
}

// agents is a connection that remembers the User-Agent of each request.
type agents struct {
	connection http.RoundTripper
	mutex      sync.Mutex
	seen       []string
}

func (a *agents) RoundTrip(request *http.Request) (*http.Response, error) {
	a.mutex.Lock()
	a.seen = append(a.seen, request.Header.Get("User-Agent"))
	a.mutex.Unlock()
	return a.connection.RoundTrip(request)
}
