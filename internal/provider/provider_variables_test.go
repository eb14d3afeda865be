package provider

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
)

// What comes of the provider block: the defaults, the environment variable of each argument, and what the requests say
// of who sends them.

func TestProviderBlockAndItsDefaults(t *testing.T) {
	t.Parallel()
	endpoint := func(region string) asgardeo.Endpoint {
		found, err := asgardeo.RegionEndpoint(region)
		must(t, err)
		return found
	}
	own, err := asgardeo.ParseBaseURL("https://is.example.com")
	must(t, err)
	block := func(given map[string]attr.Value) map[string]attr.Value {
		block := map[string]attr.Value{"credentials": types.MapNull(types.ObjectType{})}
		for name := range blockSchema().Attributes {
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
			client, data, diags := resolve(block(test.block), getenv)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if diff := cmp.Diff(test.want, client, cmp.AllowUnexported(asgardeo.Endpoint{})); diff != "" {
				t.Errorf("the client's configuration differs (- want, + got):\n%s", diff)
			}
			if data.skipSMSSenderCheck != test.skip {
				t.Errorf("skip_sms_sender_check is %t, want %t", data.skipSMSSenderCheck, test.skip)
			}
		})
	}
}

// TestEveryVariableHasItsEffect takes each argument out of a configuration that is right otherwise: its variable puts
// the effect back.
func TestEveryVariableHasItsEffect(t *testing.T) {
	works := func(w *workspace) bool {
		p := newProcessOver(w.t, w.wrap)
		if len(p.configure(w.provider).errors()) > 0 {
			return false
		}
		_, diags := p.read(portal, values{})
		return len(diags.errors()) == 0
	}
	// Credentials of another organization keep the provider from calling anybody.
	address := func(w *workspace) string {
		delete(w.provider, "base_url")
		delete(w.provider, "client_id")
		delete(w.provider, "client_secret")
		w.provider["credentials"] = values{"other": values{"client_id": "id", "client_secret": onlySecret}}
		url, _ := w.start().plan(&object{typeName: portal}, values{"enabled": true}).planned["url"].(string)
		return url
	}
	slow := mockserver.Fault{Match: mockserver.Match{PathPrefix: apiPath}, Action: mockserver.ActionLatency,
		LatencyMS: 200}
	busy := mockserver.Fault{Match: mockserver.Match{PathPrefix: apiPath}, Times: 3, Action: mockserver.ActionStatus,
		Status: 429}

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
			value:  func(*workspace) string { return "eu" },
			effect: func(w *workspace) bool { return address(w) == "https://myaccount.eu.asgardeo.io/t/bifrost" },
		},
		"base_url": {
			value:  func(w *workspace) string { return w.mock.URL() },
			effect: func(w *workspace) bool { return address(w) == w.mock.URL()+"/t/bifrost/myaccount" },
		},
		"client_id":     {value: func(*workspace) string { return mockserver.DefaultClientID }, effect: works},
		"client_secret": {value: func(*workspace) string { return mockserver.DefaultClientSecret }, effect: works},
		"access_token": {
			value: func(w *workspace) string {
				token, diags := w.start().open(values{"scopes": []any{viewScope}})
				wantNoDiagnostics(w.t, diags)
				return token["access_token"].(string)
			},
			effect: func(w *workspace) bool {
				delete(w.provider, "client_id")
				delete(w.provider, "client_secret")
				return works(w)
			},
		},
		"ca_certificate": {
			options: []mockserver.Option{mockserver.WithTLS()},
			value: func(w *workspace) string {
				file := filepath.Join(t.TempDir(), "ca.pem")
				must(w.t, os.WriteFile(file, []byte(w.mock.CACertificate()), 0o600))
				return file
			},
			effect: works,
		},
		"request_timeout": {
			value: func(*workspace) string { return "20ms" },
			effect: func(w *workspace) bool {
				w.provider["max_retries"] = 0
				w.mock.AddFault(slow)
				return !works(w)
			},
		},
		"max_retries": {
			value: func(*workspace) string { return "2" },
			effect: func(w *workspace) bool { // one try less than it takes
				w.mock.AddFault(busy)
				return !works(w)
			},
		},
		"requests_per_minute": {
			value: func(*workspace) string { return "1" },
			effect: func(w *workspace) bool { // the second request would have to wait for a minute
				o := &object{typeName: portal, state: values{
					"organization": "bifrost", "api": "classic", "enabled": true, "url": "", "on_destroy": "restore",
					"timeouts": values{"read": "20s"},
				}}
				w.calls()
				return len(w.start().refresh(o).errors()) > 0 && slices.Equal(w.calls(), []string{"POST token"})
			},
		},
		"my_account_api": {
			value: func(*workspace) string { return "classic" },
			effect: func(w *workspace) bool {
				_, diags := w.start().read(portal, values{})
				wantNoDiagnostics(w.t, diags)
				return slices.Contains(w.calls(), "GET "+statusObject)
			},
		},
		"client_private_key": {
			options: func() []mockserver.Option {
				key, _ := signingKey()
				return []mockserver.Option{mockserver.WithClientKey(&key.PublicKey)}
			}(),
			value: func(w *workspace) string {
				delete(w.provider, "client_secret")
				_, text := signingKey()
				return text
			},
			effect: works,
		},
		"allow_http": {
			value: func(*workspace) string { return "true" },
			effect: func(w *workspace) bool {
				w.provider["base_url"] = "http://is.example.com"
				return len(newProcessOver(w.t, w.wrap).configure(w.provider).errors()) == 0
			},
		},
		"skip_sms_sender_check": {
			value: func(*workspace) string { return "true" },
			effect: func(w *workspace) bool {
				return len(w.start().plan(&object{typeName: twoFactor}, smsOn).diags.errors()) == 0
			},
		},
	}
	for _, attribute := range newProcess(t).schemas.Provider.Block.Attributes {
		if _, tested := tests[attribute.Name]; !tested && attribute.Name != "credentials" {
			t.Errorf("the variable of %s is not tested", attribute.Name)
		}
	}
	for argument, test := range tests {
		for _, set := range []bool{true, false} { // negative control
			t.Run(argument+map[bool]string{true: "", false: ", not set"}[set], func(t *testing.T) {
				w := newWorkspace(t, test.options...)
				w.provider["ca_certificate"] = nil
				if certificate := w.mock.CACertificate(); certificate != "" && argument != "ca_certificate" {
					w.provider["ca_certificate"] = certificate
				}
				value := test.value(w)
				delete(w.provider, argument)
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
	w := newWorkspace(t)
	check := contract.Check(t)
	agents := &agents{}
	w.wrap = func(connection http.RoundTripper) http.RoundTripper {
		agents.connection = check(connection)
		return agents
	}
	w.create(portal, values{"enabled": false})
	for _, agent := range agents.seen {
		if agent != "terraform-provider-asgardeo/test Terraform/1.11.4" {
			t.Errorf("the User-Agent is %q", agent)
		}
	}
	if calls := w.calls(); len(agents.seen) != len(calls) || len(calls) < 4 {
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
