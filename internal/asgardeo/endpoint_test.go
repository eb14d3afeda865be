package asgardeo

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestRegionEndpoint(t *testing.T) {
	t.Parallel()
	for region, want := range map[string][2]string{
		"us": {"https://api.asgardeo.io", "https://myaccount.asgardeo.io/t/bifrost"},
		"eu": {"https://api.eu.asgardeo.io", "https://myaccount.eu.asgardeo.io/t/bifrost"},
	} {
		endpoint, err := RegionEndpoint(region)
		if err != nil {
			t.Fatalf("%s: %v", region, err)
		}
		if got := endpoint.String(); got != want[0] {
			t.Errorf("%s: base URL %q, want %q", region, got, want[0])
		}
		if got := endpoint.organizationURL(bifrost); got != want[0]+"/t/bifrost" {
			t.Errorf("%s: organization at %q", region, got)
		}
		if got := endpoint.PortalURL(bifrost); got != want[1] {
			t.Errorf("%s: portal at %q, want %q", region, got, want[1])
		}
		if !slices.Contains(Regions(), region) {
			t.Errorf("Regions() lacks %q", region)
		}
	}
	if len(Regions()) != 2 {
		t.Errorf("Regions() is %q", Regions())
	}
	for _, region := range []string{"", "US", "asia"} {
		_, err := RegionEndpoint(region)
		if err == nil || !strings.Contains(err.Error(), `"us" and "eu"`) {
			t.Errorf("region %q: error %v, want one that lists the regions", region, err)
		}
	}
}

func TestParseBaseURL(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ raw, base, organization, portal string }{
		"https": {
			"https://is.example.com:9443", "https://is.example.com:9443",
			"https://is.example.com:9443/t/bifrost", "https://is.example.com:9443/t/bifrost/myaccount",
		},
		"http": {
			"http://127.0.0.1:8787", "http://127.0.0.1:8787",
			"http://127.0.0.1:8787/t/bifrost", "http://127.0.0.1:8787/t/bifrost/myaccount",
		},
		"trailing slash": {
			"https://is.example.com/", "https://is.example.com",
			"https://is.example.com/t/bifrost", "https://is.example.com/t/bifrost/myaccount",
		},
		"trailing slashes": {
			"https://is.example.com///", "https://is.example.com",
			"https://is.example.com/t/bifrost", "https://is.example.com/t/bifrost/myaccount",
		},
		"path": {
			"https://example.com/identity", "https://example.com/identity",
			"https://example.com/identity/t/bifrost", "https://example.com/identity/t/bifrost/myaccount",
		},
		"path with a trailing slash": {
			"https://example.com/identity/v1/", "https://example.com/identity/v1",
			"https://example.com/identity/v1/t/bifrost", "https://example.com/identity/v1/t/bifrost/myaccount",
		},
		"path keeps its case and encoding": {
			"https://example.com/Id%2Fentity", "https://example.com/Id%2Fentity",
			"https://example.com/Id%2Fentity/t/bifrost", "https://example.com/Id%2Fentity/t/bifrost/myaccount",
		},
		"upper-case scheme and host": {
			"HTTPS://IS.Example.COM:9443", "https://is.example.com:9443",
			"https://is.example.com:9443/t/bifrost", "https://is.example.com:9443/t/bifrost/myaccount",
		},
		"blanks around it": {
			" https://is.example.com\n", "https://is.example.com",
			"https://is.example.com/t/bifrost", "https://is.example.com/t/bifrost/myaccount",
		},
		"IPv6": {
			"https://[::1]:9443", "https://[::1]:9443",
			"https://[::1]:9443/t/bifrost", "https://[::1]:9443/t/bifrost/myaccount",
		},
		"a host and a path that look like an organization's": {
			"https://t/identity", "https://t/identity",
			"https://t/identity/t/bifrost", "https://t/identity/t/bifrost/myaccount",
		},
		"region us": {
			"https://api.asgardeo.io", "https://api.asgardeo.io",
			"https://api.asgardeo.io/t/bifrost", "https://myaccount.asgardeo.io/t/bifrost",
		},
		"region eu, upper case, slash": {
			"https://API.eu.asgardeo.io/", "https://api.eu.asgardeo.io",
			"https://api.eu.asgardeo.io/t/bifrost", "https://myaccount.eu.asgardeo.io/t/bifrost",
		},
		"region with the port that https means": {
			"https://api.asgardeo.io:443", "https://api.asgardeo.io",
			"https://api.asgardeo.io/t/bifrost", "https://myaccount.asgardeo.io/t/bifrost",
		},
		"the port that http means": {
			"http://is.example.com:80/x", "http://is.example.com/x",
			"http://is.example.com/x/t/bifrost", "http://is.example.com/x/t/bifrost/myaccount",
		},
		"a region's host with another port is no region": {
			"https://api.asgardeo.io:8443", "https://api.asgardeo.io:8443",
			"https://api.asgardeo.io:8443/t/bifrost", "https://api.asgardeo.io:8443/t/bifrost/myaccount",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoint, err := ParseBaseURL(test.raw)
			if err != nil {
				t.Fatal(err)
			}
			if got := endpoint.String(); got != test.base {
				t.Errorf("base URL %q, want %q", got, test.base)
			}
			if got := endpoint.organizationURL(bifrost); got != test.organization {
				t.Errorf("organization at %q, want %q", got, test.organization)
			}
			client := New(Config{Endpoint: endpoint})
			if got := client.PortalURL(bifrost); got != test.portal {
				t.Errorf("portal at %q, want %q", got, test.portal)
			}
		})
	}
}

func TestSuperTenantHasNoOrganizationInItsPaths(t *testing.T) {
	t.Parallel()
	endpoint, err := ParseBaseURL("https://is.example.com:9443/id/")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := endpoint.organizationURL(superTenant), "https://is.example.com:9443/id"; got != want {
		t.Errorf("organization at %q, want %q", got, want)
	}
	if got, want := endpoint.PortalURL(superTenant), "https://is.example.com:9443/id/myaccount"; got != want {
		t.Errorf("portal at %q, want %q", got, want)
	}
}

func TestParseBaseURLRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ raw, says string }{
		"nothing":                      {"", "https://"},
		"no scheme":                    {"api.asgardeo.io", "https://"},
		"no scheme, with a port":       {"localhost:9443", "https://"},
		"another scheme":               {"ftp://is.example.com", "https://"},
		"no host":                      {"https:///path", "no host"},
		"only a port":                  {"https://:9443", "no host"},
		"opaque":                       {"https:is.example.com", "no host"},
		"user and password":            {"https://admin:hunter2@is.example.com", "user name or password"},
		"user":                         {"https://admin@is.example.com", "user name or password"},
		"query":                        {"https://is.example.com?tenant=x", "query"},
		"empty query":                  {"https://is.example.com/?", "query"},
		"fragment":                     {"https://is.example.com/#users", "fragment"},
		"empty fragment":               {"https://is.example.com/#", "fragment"},
		"organization":                 {"https://api.asgardeo.io/t/bifrost", `"/t/bifrost"`},
		"organization and slash":       {"https://api.asgardeo.io/t/bifrost/", `"/t/bifrost"`},
		"organization and /o":          {"https://api.asgardeo.io/t/bifrost/o", `"/t/bifrost/o"`},
		"organization and more":        {"https://api.asgardeo.io/t/bifrost/oauth2/token", `"/t/bifrost/oauth2/token"`},
		"organization behind a path":   {"https://example.com/id/t/bifrost", `"/t/bifrost"`},
		"organization left out":        {"https://api.asgardeo.io/t/", `"/t"`},
		"not a URL, with a password":   {"https://admin:hunter2@is.example.com:port", "not a URL"},
		"IPv6 zone":                    {"https://[fe80::1%25eth0]:9443", "IPv6 zone"},
		"broken character in the host": {"https://a%ffb.example", "cannot have"},
		"port out of range":            {"https://is.example.com:99999", "port"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoint, err := ParseBaseURL(test.raw)
			if err == nil {
				t.Fatalf("accepted as %q", endpoint)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("the error is %q, want one with %q", err, test.says)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error repeats the password: %q", err)
			}
		})
	}
}

func TestValidateOrganization(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"bifrost", "a", "7", "a-b", "my-company-2", "carbon.super", "wso2.example.com", "under_score",
		strings.Repeat("a", 255),
	} {
		if err := ValidateOrganization(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for name, says := range map[string]string{
		"":                                  "must not be empty",
		strings.Repeat("a", 256):            "255",
		"Bifrost":                           `write "bifrost"`,
		"https://api.asgardeo.io/t/bifrost": "not a URL",
		"/t/bifrost":                        "not a URL",
		"bifrost/o":                         "lower-case letters",
		"bi frost":                          "lower-case letters",
		"bifrost\n":                         "lower-case letters",
		" bifrost":                          "lower-case letters",
		"-bifrost":                          "start and end",
		"bifrost.":                          "start and end",
		"..":                                "start and end",
		"bifröst":                           "lower-case letters",
		"bifrost?x=1":                       "lower-case letters",
		"bifrost%2f..":                      "lower-case letters",
	} {
		err := ValidateOrganization(name)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: error %v, want one with %q", name, err, says)
		}
	}
}

func TestInClearText(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"http://is.example.com": true, "http://10.0.0.1:9443/x": true, "http://[fe80::1]": true,
		"http://localhost.example.com": true, "http://128.0.0.1": true,
		"https://is.example.com": false, "https://api.asgardeo.io": false,
		"http://localhost:8787": false, "http://LOCALHOST": false, "http://127.0.0.1:1": false, "http://127.8.9.10": false,
		"http://[::1]:8787": false,
	} {
		endpoint, err := ParseBaseURL(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := endpoint.InClearText(); got != want {
			t.Errorf("%s: %t, want %t", address, got, want)
		}
	}
}

func TestInRegion(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://api.asgardeo.io/t/bifrost/oauth2/token": true, "https://api.eu.asgardeo.io/t/bifrost": true,
		"https://api.asgardeo.io.example.com/t/bifrost": false, "http://api.asgardeo.io/t/bifrost": false,
		"https://is.example.com/t/bifrost": false, "": false,
	} {
		if got := InRegion(address); got != want {
			t.Errorf("%q: %t, want %t", address, got, want)
		}
	}
}

// TestNamesStayWithinTheirPlace: a name that nobody has judged, such as one of a forged state, changes no address and
// reaches no server.
func TestNamesStayWithinTheirPlace(t *testing.T) {
	t.Parallel()
	server := serve(t, stored(statusObject, `[]`))
	client := New(configFor(t, server.URL))
	for _, name := range []string{
		"", "a/../../t/victim", "..", "a?x=", "a#", "a b", "a%2f", "\x1b[2J", "A", strings.Repeat("a", 256),
	} {
		if _, err := client.Organization(name); err == nil {
			t.Errorf("%q is taken for a name", name)
		}
		address, err := url.Parse(client.PortalURL(name))
		if err != nil || address.RawQuery != "" || address.Fragment != "" ||
			strings.Count(address.EscapedPath(), "/") != strings.Count("/t/x/myaccount", "/") {
			t.Errorf("%q makes the address %v (%v)", name, address, err)
		}
	}
	// Control: a good one reaches the server.
	if _, err := readSwitch(t.Context(), organizationOf(t, client, bifrost)); err != nil {
		t.Error(err)
	}
	connectionOf(client).CloseIdleConnections()
}
