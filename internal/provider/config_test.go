package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// The provider block and its environment variables: what is accepted, what is refused and in which words, and which
// source wins.

// onlySecret is a secret that must not be repeated in any message.
const onlySecret = "only-secret"

func TestProviderArguments(t *testing.T) {
	t.Parallel()

	client := values{"client_id": "id", "client_secret": onlySecret}
	with := func(more values) values {
		config := maps.Clone(client)
		maps.Copy(config, more)
		return config
	}
	for _, test := range []struct {
		name   string
		config values
		text   []string // of the error; nil: none
	}{
		{"region", with(values{"region": "eu"}), nil},
		{"base URL", with(values{"base_url": "http://127.0.0.1:9443/identity/"}), nil},
		{"all numbers zero", with(values{"max_retries": 0, "requests_per_minute": 0}), nil},
		{"durations", with(values{"request_timeout": "1m30s"}), nil},
		{"access token alone", values{"access_token": onlySecret}, nil},
		{"credentials alone", values{"credentials": values{"bifrost": client}}, nil},

		{"region that does not exist", with(values{"region": "mars"}), []string{"[region]", "Invalid region",
			`"mars" is not a region of Asgardeo: the regions are "us" and "eu".`}},
		{"empty region", with(values{"region": ""}), []string{"[region]", `"us" and "eu"`}},
		{"region and base URL", with(values{"region": "us", "base_url": "https://is.example.com"}),
			[]string{"[base_url]", "Contradictory provider arguments", "Both region and base_url are set"}},
		{"client and access token", values{"client_id": "id", "access_token": onlySecret},
			[]string{"[access_token]", "Both client_id and access_token are set"}},
		{"client secret and access token", values{"client_secret": onlySecret, "access_token": onlySecret},
			[]string{"[access_token]", "Both client_secret and access_token are set"}},
		{"no credentials", values{}, []string{"Missing credentials", "client_id", "ASGARDEO_CLIENT_ID", "client_secret",
			"ASGARDEO_CLIENT_SECRET", "access_token", "ASGARDEO_ACCESS_TOKEN", "credentials"}},
		{"no client secret", values{"client_id": "id"}, []string{"[client_secret]", "Missing client_secret",
			"ASGARDEO_CLIENT_SECRET"}},
		{"no client ID", values{"client_secret": onlySecret}, []string{"[client_id]", "Missing client_id",
			"ASGARDEO_CLIENT_ID"}},
		{"empty client ID", values{"client_id": "", "client_secret": onlySecret},
			[]string{"[client_id]", "leave it out to use ASGARDEO_CLIENT_ID"}},
		{"empty client secret", values{"client_id": "id", "client_secret": ""}, []string{"[client_secret]",
			"leave it out to use ASGARDEO_CLIENT_SECRET"}},
		{"empty access token", values{"access_token": ""},
			[]string{"[access_token]", "leave it out to use ASGARDEO_ACCESS_TOKEN"}},
		{"client ID that ends with a line break", values{"client_id": "id\n", "client_secret": onlySecret},
			[]string{"[client_id]", "Invalid client_id", "ends with a line break; secret stores often add one"}},
		{"client secret that ends with a line break", values{"client_id": "id", "client_secret": onlySecret + "\r\n"},
			[]string{"[client_secret]", "Invalid client_secret", "ends with a line break"}},
		{"client secret that begins with a blank", values{"client_id": "id", "client_secret": " " + onlySecret},
			[]string{"[client_secret]", "begins or ends with white space"}},
		{"client secret of blanks", values{"client_id": "id", "client_secret": " \n"},
			[]string{"[client_secret]", "nothing but white space"}},
		{"client secret with a blank within", values{"client_id": "id", "client_secret": "only secret"}, nil},
		{"access token that ends with a line break", values{"access_token": onlySecret + "\n"},
			[]string{"[access_token]", "ends with a line break"}},
		{"access token that ends with a tab", values{"access_token": onlySecret + "\t"},
			[]string{"[access_token]", "begins or ends with white space"}},
		{"access token with its scheme", values{"access_token": "bearer " + onlySecret},
			[]string{"[access_token]", "Invalid access_token", "only the token itself belongs there"}},
		{"access token of two lines", values{"access_token": onlySecret + "\n" + onlySecret},
			[]string{"[access_token]", "white space or a control character in it"}},
		{"access token with a control character", values{"access_token": onlySecret + "\x00" + onlySecret},
			[]string{"[access_token]", "control character"}},

		{"empty organization", with(values{"organization": ""}), []string{"[organization]", "must not be empty"}},
		{"organization in capitals", with(values{"organization": "Bifrost"}), []string{"[organization]", `write "bifrost"`}},
		{"organization as URL", with(values{"organization": "https://console.asgardeo.io/t/bifrost"}),
			[]string{"[organization]", "the name alone, not a URL"}},
		{"organization with a blank", with(values{"organization": "bi frost"}), []string{"[organization]",
			`"bi frost" is not the name of an organization`}},
		{"organization that leads elsewhere", with(values{"organization": "../carbon.super"}),
			[]string{"[organization]", "is not the name of an organization"}},
		{"organization that is too long", with(values{"organization": strings.Repeat("a", 256)}),
			[]string{"[organization]", "255"}},

		{"base URL without a scheme", with(values{"base_url": "is.example.com"}),
			[]string{"[base_url]", `must start with "https://"`}},
		{"base URL with another scheme", with(values{"base_url": "ftp://is.example.com"}),
			[]string{"[base_url]", `must start with "https://"`}},
		{"base URL without a host", with(values{"base_url": "https://"}), []string{"[base_url]", "names no host"}},
		{"base URL with a password", with(values{"base_url": "https://admin:" + onlySecret + "@is.example.com"}),
			[]string{"[base_url]", "user name or password"}},
		{"base URL with a query", with(values{"base_url": "https://is.example.com?a=b"}), []string{"[base_url]", "query"}},
		{"base URL with the organization", with(values{"base_url": "https://is.example.com/t/bifrost"}),
			[]string{"[base_url]", `before "/t/bifrost"`}},
		{"base URL that is none", with(values{"base_url": "https://is.example.com:port"}),
			[]string{"[base_url]", "not a URL"}},
		{"empty base URL", with(values{"base_url": ""}), []string{"[base_url]"}},

		{"timeout without a unit", with(values{"request_timeout": "30"}),
			[]string{"[request_timeout]", `"30" is not a time limit`}},
		{"timeout that is a word", with(values{"request_timeout": "soon"}),
			[]string{"[request_timeout]", `"soon" is not a time limit`}},
		{"timeout of zero", with(values{"request_timeout": "0s"}), []string{"[request_timeout]", "above zero"}},
		{"negative timeout", with(values{"request_timeout": "-5s"}), []string{"[request_timeout]", "above zero"}},
		{"timeout that nothing meets", with(values{"request_timeout": "5ns"}), []string{"[request_timeout]", "above zero"}},
		{"timeout with a blank", with(values{"request_timeout": " 45s"}),
			[]string{"[request_timeout]", `such as "45s" or "2m"`}},
		{"empty timeout", with(values{"request_timeout": ""}), []string{"[request_timeout]", "Invalid request_timeout"}},
		{"negative retries", with(values{"max_retries": -1}), []string{"[max_retries]", "0"}},
		{"too many retries", with(values{"max_retries": 101}), []string{"[max_retries]", "100"}},
		{"negative pace", with(values{"requests_per_minute": -1}), []string{"[requests_per_minute]", "0"}},

		{"certificate in a file that does not exist", with(values{"ca_certificate": "/nowhere/ca.pem"}),
			[]string{"[ca_certificate]", `"/nowhere/ca.pem"`, "no such file"}},
		{"empty certificate", with(values{"ca_certificate": ""}),
			[]string{"[ca_certificate]", "leave it out to use ASGARDEO_CA_CERTIFICATE"}},

		{"credentials of a malformed name", values{"credentials": values{"Bifrost": client}},
			[]string{"[credentials", `write "bifrost"`}},
		{"credentials without a secret", values{"credentials": values{"bifrost": values{"client_id": "id"}}}, []string{
			`credentials["bifrost"].client_secret`, "Missing client_secret",
			`The entry credentials["bifrost"] has no client_secret. Set both there`,
		}},
		{"credentials without anything", values{"credentials": values{"bifrost": values{}}}, []string{
			"Missing client_id and client_secret", `The entry credentials["bifrost"] has no client_id and client_secret.`,
		}},
		{"credentials with an empty secret", values{"credentials": values{"bifrost": values{"client_id": "id",
			"client_secret": ""}}}, []string{`credentials["bifrost"].client_secret`,
			`In credentials["bifrost"], client_secret is empty.`}},
		{"credentials with a secret and a line break", values{"credentials": values{"bifrost": values{"client_id": "id",
			"client_secret": onlySecret + "\n"}}}, []string{`credentials["bifrost"].client_secret`, "ends with a line break"}},
		{"credentials that are null for an organization", with(values{"credentials": values{"other": nil}}),
			[]string{`The entry credentials["other"] is null`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			diags := providertest.NewProcess(t).Configure(test.config)
			if test.text == nil {
				providertest.WantNoDiagnostics(t, diags)
				return
			}
			providertest.WantError(t, diags, test.text...)
			providertest.WantAbsent(t, diags.String(), onlySecret)
		})
	}
}

// TestProviderArgumentsThatAreNotKnownYet may depend on each other in ways that only apply shows: an argument may turn
// out to be null.
func TestProviderArgumentsThatAreNotKnownYet(t *testing.T) {
	t.Parallel()

	client := values{"client_id": "id", "client_secret": onlySecret}
	for _, test := range []struct {
		name    string
		config  values
		waiting string // what the provider waits for; empty: for nothing
	}{
		{"organization", client.With(values{"organization": unknown}), ""},
		{"skip_sms_sender_check", client.With(values{"skip_sms_sender_check": unknown}), ""},
		{"region", client.With(values{"region": unknown}), "region"},
		{"base URL", client.With(values{"base_url": unknown}), "base_url"},
		{"region, with a base URL", client.With(values{"region": unknown, "base_url": "http://127.0.0.1:1"}), "region"},
		{"base URL, with a region", client.With(values{"region": "us", "base_url": unknown}), "base_url"},
		{"region and base URL", client.With(values{"region": unknown, "base_url": unknown}), "base_url, region"},
		{"client ID", values{"client_id": unknown, "client_secret": onlySecret}, "client_id"},
		{"client secret", values{"client_id": "id", "client_secret": unknown}, "client_secret"},
		{"client", values{"client_id": unknown, "client_secret": unknown}, "client_id, client_secret"},
		{"access token", values{"access_token": unknown}, "access_token"},
		{"access token, with a client", client.With(values{"access_token": unknown}), "access_token"},
		{"client, with an access token", values{"client_id": unknown, "client_secret": unknown, "access_token": onlySecret},
			"client_id, client_secret"},
		{"request timeout", client.With(values{"request_timeout": unknown}), "request_timeout"},
		{"retries", client.With(values{"max_retries": unknown}), "max_retries"},
		{"pace", client.With(values{"requests_per_minute": unknown}), "requests_per_minute"},
		{"certificate", client.With(values{"ca_certificate": unknown}), "ca_certificate"},
		{"credentials", values{"credentials": unknown}, "credentials"},
		{"entry of credentials", values{"credentials": values{"bifrost": client, "other": unknown}}, `credentials["other"]`},
		{"secret in credentials", values{"credentials": values{"bifrost": values{"client_id": "id",
			"client_secret": unknown}}}, `credentials["bifrost"]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := providertest.NewProcess(t)
			providertest.WantNoDiagnostics(t, p.Configure(test.config))
			if test.waiting == "" {
				return
			}
			_, diags := p.Read(portalType, values{"organization": "bifrost"})
			providertest.WantError(t, diags, "Provider configuration not known yet",
				"depend on something that is not applied yet: "+test.waiting+".")
		})
	}
}

// setVariables sets environment variables by the names of their arguments.
func setVariables(t *testing.T, variables map[string]string) {
	t.Helper()
	for argument, value := range variables {
		t.Setenv("ASGARDEO_"+strings.ToUpper(argument), value)
	}
}

func TestProviderVariablesThatAreWrong(t *testing.T) {
	for _, test := range []struct {
		argument, value, right string
		text                   string
	}{
		{"organization", "Bifrost", "bifrost", `write "bifrost"`},
		{"region", "mars", "", `"mars" is not a region`},
		{"base_url", "ftp://is.example.com", "http://127.0.0.1:1", `must start with "https://"`},
		{"ca_certificate", "/nowhere/ca.pem", "", `"/nowhere/ca.pem"`},
		{"request_timeout", "30", "30s", `"30" is not a time limit`},
		{"client_id", "id\n", "id", "it ends with a line break; secret stores often add one"},
		{"client_secret", onlySecret + "\n", onlySecret, "it ends with a line break; secret stores often add one"},
		{"client_secret", onlySecret + " ", onlySecret, "it begins or ends with white space"},
		{"max_retries", "many", "1", `"many" is not a whole number from 0 to 100`},
		{"max_retries", "-1", "1", `"-1" is not a whole number`},
		{"max_retries", "101", "1", `"101" is not a whole number from 0 to 100`},
		{"requests_per_minute", "1.5", "1", `"1.5" is not a whole number`},
		{"requests_per_minute", "-1", "1", `"-1" is not a whole number`},
		{"skip_sms_sender_check", "maybe", "true", `"maybe" is neither true nor false`},
	} {
		t.Run(fmt.Sprintf("%s %q", test.argument, test.value), func(t *testing.T) {
			setVariables(t, map[string]string{"client_id": "id", "client_secret": onlySecret, test.argument: test.value})
			diags := providertest.NewProcess(t).Configure(values{})
			providertest.WantError(t, diags, "Invalid environment variable ASGARDEO_"+strings.ToUpper(test.argument),
				"the provider's argument "+test.argument, test.text)
			providertest.WantAbsent(t, diags.String(), onlySecret)

			setVariables(t, map[string]string{test.argument: test.right}) // positive control
			providertest.WantNoDiagnostics(t, providertest.NewProcess(t).Configure(values{}))
		})
	}
}

func TestProviderVariablesThatContradictEachOther(t *testing.T) {
	for _, test := range []struct {
		name      string
		variables map[string]string
		config    values
		text      []string // nil: none
	}{
		{
			"region and base URL", map[string]string{"region": "us", "base_url": "http://127.0.0.1:1",
				"access_token": onlySecret}, values{},
			[]string{"Contradictory environment variables", "ASGARDEO_REGION", "ASGARDEO_BASE_URL", "region", "base_url"},
		},
		{
			"client and access token", map[string]string{"client_id": "id", "client_secret": onlySecret,
				"access_token": onlySecret}, values{},
			[]string{"Contradictory environment variables", "ASGARDEO_CLIENT_ID", "ASGARDEO_CLIENT_SECRET",
				"ASGARDEO_ACCESS_TOKEN"},
		},
		{
			"client secret alone", map[string]string{"client_secret": onlySecret}, values{},
			[]string{"Missing client_id", "ASGARDEO_CLIENT_ID"},
		},
		{
			"an argument silences the variable of its alternative: region", map[string]string{"base_url": "http://127.0.0.1:1",
				"access_token": onlySecret},
			values{"region": "us"}, nil,
		},
		{
			"an argument silences the variable of its alternative: base URL", map[string]string{"region": "eu",
				"access_token": onlySecret},
			values{"base_url": "http://127.0.0.1:1"}, nil,
		},
		{
			"an argument silences the variable of its alternative: access token", map[string]string{"client_id": "id",
				"client_secret": onlySecret},
			values{"access_token": onlySecret}, nil,
		},
		{
			"an argument silences the variable of its alternative: client", map[string]string{"access_token": onlySecret},
			values{"client_id": "id", "client_secret": onlySecret}, nil,
		},
		{
			"half of the client as argument, half as variable", map[string]string{"client_secret": onlySecret,
				"access_token": onlySecret},
			values{"client_id": "id"}, nil,
		},
		{"empty variables count as not set", map[string]string{
			"organization": "", "region": "", "base_url": "", "client_id": "", "client_secret": "", "access_token": "",
			"ca_certificate":  "",
			"request_timeout": "", "max_retries": "", "requests_per_minute": "", "skip_sms_sender_check": "",
		}, values{"access_token": onlySecret}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			setVariables(t, test.variables)
			diags := providertest.NewProcess(t).Configure(test.config)
			if test.text == nil {
				providertest.WantNoDiagnostics(t, diags)
				return
			}
			providertest.WantError(t, diags, test.text...)
			providertest.WantAbsent(t, diags.String(), onlySecret)
		})
	}
}

// TestProviderVariablesAreUsed configures everything by variables, and then everything by arguments that win over them.
func TestProviderVariablesAreUsed(t *testing.T) {
	w := providertest.NewWorkspace(t, mockserver.WithTLS())
	certificate := filepath.Join(t.TempDir(), "ca.pem")
	providertest.Must(t, os.WriteFile(certificate, []byte(w.Mock.CACertificate()), 0o600))
	right := map[string]string{
		"organization": "bifrost", "my_account_api": "classic", "base_url": w.Mock.URL(),
		"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret,
		"ca_certificate": certificate, "request_timeout": "10s", "max_retries": "0", "requests_per_minute": "0",
		"skip_sms_sender_check": "true",
	}
	setVariables(t, right)
	w.Provider = values{}
	w.Create(twoFactorType, values{"sms_otp_enabled": true}) // without a sender
	w.WantStored(providertest.Stored{providertest.TwoFactorObject: {"sms_otp_enabled": "true"}})

	// max_retries is 0.
	w.Mock.ClearRequests()
	w.Mock.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET"}, Times: -1, Action: mockserver.ActionStatus,
		Status: 503})
	_, diags := w.Start().Read(portalType, values{})
	providertest.WantError(t, diags, "1 attempt")
	w.WantCalls("POST token", "GET status")
	w.Mock.ClearFaults()

	setVariables(t, map[string]string{
		"organization": "Wrong", "base_url": "wrong", "client_id": "wrong", "client_secret": "wrong",
		"ca_certificate": "wrong", "request_timeout": "wrong",
		"max_retries": "wrong", "requests_per_minute": "wrong", "skip_sms_sender_check": "wrong",
	})
	w.Provider = values{
		"organization": "bifrost", "my_account_api": "classic", "base_url": w.Mock.URL(),
		"client_id": mockserver.DefaultClientID, "client_secret": mockserver.DefaultClientSecret,
		"ca_certificate": w.Mock.CACertificate(), "request_timeout": "10s", "max_retries": 0, "requests_per_minute": 0,
		"skip_sms_sender_check": true,
	}
	data, diags := w.Start().Read(twoFactorType, values{})
	providertest.WantNoDiagnostics(t, diags)
	if data["sms_otp_enabled"] != true {
		t.Errorf("read %v", data)
	}
}

func TestRequestTimeout(t *testing.T) {
	t.Parallel()

	w := providertest.NewWorkspace(t)
	w.Provider["request_timeout"], w.Provider["max_retries"] = "20ms", 1
	w.Mock.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET"}, Times: -1, Action: mockserver.ActionLatency,
		LatencyMS: 60_000})
	_, diags := w.Start().Read(portalType, values{})
	providertest.WantError(t, diags, "could not be reached", "2 attempts", "no answer within 20ms", "request_timeout")
}

func TestAccessToken(t *testing.T) {
	t.Parallel()

	w := providertest.NewWorkspace(t)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Mock.URL()+tokenPath,
		strings.NewReader(url.Values{
			"grant_type": {"client_credentials"}, "client_id": {mockserver.DefaultClientID},
			"client_secret": {mockserver.DefaultClientSecret},
			"scope":         {"internal_config_mgt_view"},
		}.Encode()))
	providertest.Must(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	response, err := transport.RoundTrip(request)
	providertest.Must(t, err)
	var token struct {
		Value string `json:"access_token"`
	}
	providertest.Must(t, json.NewDecoder(response.Body).Decode(&token))
	providertest.Must(t, response.Body.Close())

	w.Provider = values{"organization": "bifrost", "my_account_api": "classic", "base_url": w.Mock.URL(),
		"access_token": token.Value}
	w.Mock.ClearRequests()
	_, diags := w.Start().Read(portalType, values{})
	providertest.WantNoDiagnostics(t, diags)
	w.WantCalls("GET status")

	o := &providertest.Object{TypeName: portalType}
	diags = w.Apply(w.Plan(o, values{"enabled": false}))
	providertest.WantError(t, diags, "needs the scope internal_config_mgt_update", "Then get a new access token.")
	providertest.WantAbsent(t, diags.String(), token.Value)
}

func TestCredentialsOfManyOrganizations(t *testing.T) {
	t.Parallel()

	w := providertest.NewWorkspace(t, mockserver.WithOrganization("bifrost", "alfheim", "jotunheim"))
	w.Mock.Update(func(state *mockserver.State) {
		for name, organization := range state.Organizations {
			organization.ClientID, organization.ClientSecret = name+"-id", name+"-secret"
		}
	})
	own := func(name string) values {
		return values{"client_id": name + "-id", "client_secret": name + "-secret"}
	}
	read := func(organization any) providertest.Diagnostics {
		t.Helper()
		_, diags := w.Start().Read(portalType, values{"organization": organization})
		return diags
	}

	w.Provider = values{"organization": "bifrost", "my_account_api": "classic", "base_url": w.Mock.URL(),
		"credentials": values{"alfheim": own("alfheim")}}
	maps.Copy(w.Provider, own("bifrost"))
	providertest.WantNoDiagnostics(t, read(nil))
	providertest.WantNoDiagnostics(t, read("bifrost"))
	providertest.WantNoDiagnostics(t, read("alfheim"))
	w.Mock.ClearRequests()
	providertest.WantError(t, read("jotunheim"), `no credentials for organization "jotunheim"`, `Add an entry "jotunheim"`)
	w.WantCalls() // nobody else's credentials are sent there

	// An entry for the provider's own organization wins.
	w.Provider["client_secret"] = "outdated"
	providertest.WantError(t, read(nil), "refused the client")
	w.Provider["credentials"] = values{"alfheim": own("alfheim"), "bifrost": own("bifrost")}
	providertest.WantNoDiagnostics(t, read(nil))

	// Also over an access token.
	delete(w.Provider, "client_id")
	delete(w.Provider, "client_secret")
	w.Provider["access_token"] = "outdated"
	providertest.WantNoDiagnostics(t, read(nil))
	delete(w.Provider, "credentials")
	providertest.WantError(t, read(nil), "refused the access token") // control
	providertest.WantError(t, read("alfheim"), `no credentials for organization "alfheim"`,
		"access_token (ASGARDEO_ACCESS_TOKEN)")
	delete(w.Provider, "access_token")
	maps.Copy(w.Provider, own("bifrost"))

	// Without an organization of its own, the client is good for all.
	delete(w.Provider, "organization")
	providertest.WantError(t, read("alfheim"), "refused the client")
	w.Mock.Update(func(state *mockserver.State) {
		for _, organization := range state.Organizations {
			organization.ClientID, organization.ClientSecret = "bifrost-id", "bifrost-secret"
		}
	})
	providertest.WantNoDiagnostics(t, read("alfheim"))
}

func TestPortalURL(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		name         string
		provider     values
		organization string
		url          string
	}{
		{"US by default", values{}, "bifrost", "https://myaccount.asgardeo.io/t/bifrost"},
		{"US", values{"region": "us"}, "bifrost", "https://myaccount.asgardeo.io/t/bifrost"},
		{"EU", values{"region": "eu"}, "bifrost", "https://myaccount.eu.asgardeo.io/t/bifrost"},
		{"EU by its address", values{"base_url": "https://api.eu.asgardeo.io/"}, "bifrost",
			"https://myaccount.eu.asgardeo.io/t/bifrost"},
		{"a server of one's own", values{"base_url": "https://is.example.com:9443/identity/"}, "bifrost",
			"https://is.example.com:9443/identity/t/bifrost/myaccount"},
		{"the first organization of a server of one's own", values{"base_url": "https://is.example.com"}, "carbon.super",
			"https://is.example.com/myaccount"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			// Credentials of another organization keep the provider from calling anybody.
			config := values{"credentials": values{"other": values{"client_id": "id", "client_secret": onlySecret}}}
			maps.Copy(config, test.provider)
			planned := providertest.Start(t, config).Plan(&providertest.Object{TypeName: portalType},
				values{"enabled": true, "organization": test.organization})
			providertest.WantError(t, planned.Diags, "no credentials")
			if diff := cmp.Diff(test.url, planned.Planned["url"]); diff != "" {
				t.Errorf("the URL differs (- want, + got):\n%s", diff)
			}
		})
	}
}

// TestEveryArgumentHasAVariable keeps the schema and the names of the variables together.
func TestEveryArgumentHasAVariable(t *testing.T) {
	t.Parallel()

	p := providertest.NewProcess(t)
	var missing []string
	for _, attribute := range p.Schemas.Provider.Block.Attributes {
		if attribute.Name != "credentials" && !strings.Contains(attribute.Description,
			"`ASGARDEO_"+strings.ToUpper(attribute.Name)+"`") {
			missing = append(missing, attribute.Name)
		}
	}
	if len(missing) > 0 {
		t.Errorf("arguments whose description names no variable: %v", missing)
	}
}

// TestProviderVariablesThatAreEmpty are as good as not set, and whoever has set them gets to know.
func TestProviderVariablesThatAreEmpty(t *testing.T) {
	for _, test := range []struct {
		name      string
		variables map[string]string
		config    values
		text      []string
	}{
		{"all", map[string]string{"client_id": "", "client_secret": "", "access_token": ""}, values{}, []string{
			"Missing credentials", "ASGARDEO_CLIENT_ID is set but empty.", "ASGARDEO_CLIENT_SECRET is set but empty.",
			"ASGARDEO_ACCESS_TOKEN is set but empty.",
		}},
		{"client secret", map[string]string{"client_secret": ""}, values{"client_id": "id"},
			[]string{"Missing client_secret", "ASGARDEO_CLIENT_SECRET is set but empty."}},
	} {
		t.Run(test.name, func(t *testing.T) {
			setVariables(t, test.variables)
			diags := providertest.NewProcess(t).Configure(test.config)
			providertest.WantError(t, diags, test.text...)
			for argument := range test.variables { // control
				providertest.Must(t, os.Unsetenv("ASGARDEO_"+strings.ToUpper(argument)))
			}
			providertest.WantAbsent(t, providertest.NewProcess(t).Configure(test.config).String(), "set but empty")
		})
	}
	t.Run("organization", func(t *testing.T) {
		setVariables(t, map[string]string{"organization": ""})
		p := providertest.NewProcess(t)
		providertest.WantNoDiagnostics(t, p.Configure(values{"access_token": onlySecret}))
		_, diags := p.Read(portalType, values{})
		providertest.WantError(t, diags, "Missing organization", "ASGARDEO_ORGANIZATION is set but empty.")
	})
}

func TestConnectionInClearText(t *testing.T) {
	config := func(address string) values {
		return values{"access_token": onlySecret, "base_url": address}
	}
	text := []string{"[base_url]", "The connection to http://is.example.com:9763 is not encrypted",
		"base_url begins with http://", "client secret", "Write https://"}
	readable := config("http://is.example.com:9763")
	for _, refused := range []values{readable, readable.With(values{"allow_http": false})} {
		diags := providertest.NewProcess(t).Configure(refused)
		providertest.WantError(t, diags, append(text, "set allow_http = true (ASGARDEO_ALLOW_HTTP=true)")...)
		providertest.WantAbsent(t, diags.String(), onlySecret)
	}
	allowed := readable.With(values{"allow_http": true})
	providertest.WantWarning(t, providertest.NewProcess(t).Configure(allowed), text...)
	p := providertest.NewProcess(t)
	providertest.WantNoDiagnostics(t, p.Configure(readable.With(values{"allow_http": unknown})))
	_, diags := p.Read(portalType, values{"organization": "bifrost"})
	providertest.WantError(t, diags, "depend on something that is not applied yet: allow_http.")
	for _, address := range []string{"https://is.example.com:9443", "http://localhost:8787", "http://127.0.0.1:8787",
		"http://[::1]:8787"} {
		providertest.WantNoDiagnostics(t, providertest.NewProcess(t).Configure(config(address)))
	}
	setVariables(t, map[string]string{"base_url": "http://is.example.com"})
	providertest.WantError(t, providertest.NewProcess(t).Configure(values{"access_token": onlySecret}),
		"ASGARDEO_BASE_URL begins with http://")
	setVariables(t, map[string]string{"base_url": "http://is.example.com", "allow_http": "true"})
	providertest.WantWarning(t, providertest.NewProcess(t).Configure(values{"access_token": onlySecret}),
		"ASGARDEO_BASE_URL begins with http://")
	providertest.WantError(t,
		providertest.NewProcess(t).Configure(values{"access_token": onlySecret, "allow_http": false}),
		"ASGARDEO_BASE_URL begins with http://")
}

func TestCertificateAuthorities(t *testing.T) {
	t.Parallel()

	const begin, end = "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n"
	good := mockserver.New(t, mockserver.WithTLS()).CACertificate()
	key := "-----BEGIN PRIVATE KEY-----\nb25seS1zZWNyZXQ=\n-----END PRIVATE KEY-----\n"
	for _, test := range []struct {
		name, text string
		errors     []string // nil: none
	}{
		{"one", good, nil},
		{"bundle with comments", "# the first\n" + good + "# the second\n" + good, nil},
		{"certificate beside its key", key + good, nil},
		{"not a certificate within", begin + "AAAA\n" + end,
			[]string{"Invalid ca_certificate", "Certificate 1 of 1 in it cannot be read: x509: malformed certificate."}},
		{"not base64 within", good + begin + "???\n" + end, []string{"1 of 2 certificates in it cannot be read",
			"lines of base64 text"}},
		{"no end", good + strings.TrimSuffix(good, end), []string{"1 of 2 certificates in it cannot be read", "END line"}},
		{"line breaks lost", strings.ReplaceAll(good, "\n", `\n`), []string{"1 of 1 certificates in it cannot be read"}},
		{"private key", key, []string{"It is a private key: give the certificate of the authority instead."}},
		{"something else", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
			[]string{"It holds no certificate", "-----BEGIN CERTIFICATE-----"}},
	} {
		diags := providertest.NewProcess(t).
			Configure(values{"access_token": onlySecret, "ca_certificate": test.text})
		if test.errors == nil {
			providertest.WantNoDiagnostics(t, diags)
			continue
		}
		providertest.WantError(t, diags, append(test.errors, "[ca_certificate]")...)
		providertest.WantAbsent(t, diags.String(), "b25seS1zZWNyZXQ")
	}
	// The bundle of an operating system works, although Go refuses one certificate of it.
	diags := providertest.NewProcess(t).
		Configure(values{"access_token": onlySecret, "ca_certificate": good + begin + "AAAA\n" + end})
	providertest.WantNoError(t, diags)
	providertest.WantWarning(t, diags, "Certificates left out of ca_certificate",
		"certificate 2 of 2 in it cannot be read", "The others are used")
}
