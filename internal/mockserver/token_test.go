package mockserver_test

import (
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

const formType = "application/x-www-form-urlencoded"

func basic(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
}

// goodForm asks for a token with the credentials in the body.
func goodForm() url.Values {
	return url.Values{
		"grant_type": {"client_credentials"}, "scope": {"internal_config_mgt_view"},
		"client_id": {mockserver.DefaultClientID}, "client_secret": {mockserver.DefaultClientSecret},
	}
}

func TestTokenGranted(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contentType, body, authorization string
	}{
		"credentials in the form": {formType, goodForm().Encode(), ""},
		"form with a charset":     {formType + "; charset=UTF-8", goodForm().Encode(), ""},
		"Basic": {
			formType, "grant_type=client_credentials&scope=internal_config_mgt_view",
			basic(mockserver.DefaultClientID, mockserver.DefaultClientSecret),
		},
		"Basic with client_id again": {
			formType, "grant_type=client_credentials&scope=internal_config_mgt_view&client_id=" + mockserver.DefaultClientID,
			basic(mockserver.DefaultClientID, mockserver.DefaultClientSecret),
		},
		"JSON": {
			"application/json",
			`{"grant_type":"client_credentials","scope":"internal_config_mgt_view","client_id":"` + mockserver.DefaultClientID +
				`","client_secret":"` + mockserver.DefaultClientSecret + `"}`,
			"",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := anonymous(t, mockserver.New(t))
			headers := []string{"Content-Type", test.contentType}
			if test.authorization != "" {
				headers = append(headers, "Authorization", test.authorization)
			}
			r := c.send("POST", tokenPath, test.body, headers...).expect(http.StatusOK)
			object := r.object()
			if object["token_type"] != "Bearer" || object["expires_in"] != float64(3600) ||
				object["scope"] != "internal_config_mgt_view" || object["access_token"] == "" {
				t.Errorf("answer %s", r.body)
			}
			if len(object) != 4 {
				t.Errorf("answer %s, want four fields and no refresh token", r.body)
			}
			if r.header.Get("Cache-Control") != "no-store" || r.header.Get("Pragma") != "no-cache" ||
				r.header.Get("Content-Type") != "application/json" {
				t.Errorf("headers %v", r.header)
			}
			c.token = r.text("access_token")
			c.call("GET", resourcesPath+"/status", "").expectError(http.StatusNotFound, "CONFIGM_00017") // it works
		})
	}
}

func TestTokenRefused(t *testing.T) {
	t.Parallel()
	form := func(change func(url.Values)) string {
		values := goodForm()
		change(values)
		return values.Encode()
	}
	without := func(names ...string) string {
		return form(func(v url.Values) {
			for _, name := range names {
				v.Del(name)
			}
		})
	}
	bare := without("client_id", "client_secret")
	tests := map[string]struct {
		query, body, authorization string
		status                     int
		code                       string
	}{
		"wrong secret": {
			body: form(func(v url.Values) { v.Set("client_secret", "wrong") }), status: 401, code: "invalid_client",
		},
		"unknown client": {
			body: form(func(v url.Values) { v.Set("client_id", "nobody") }), status: 401, code: "invalid_client",
		},
		"no credentials": {body: bare, status: 401, code: "invalid_client"},
		"wrong secret in Basic": {
			body: bare, authorization: basic(mockserver.DefaultClientID, "wrong"), status: 401, code: "invalid_client",
		},
		"Basic is not base64": {body: bare, authorization: "Basic ???", status: 401, code: "invalid_client"},
		"Basic has no colon": {
			body: bare, authorization: "Basic " + base64.StdEncoding.EncodeToString([]byte("id")), status: 401,
			code: "invalid_client",
		},
		"both at once": {
			body: goodForm().Encode(), authorization: basic(mockserver.DefaultClientID, mockserver.DefaultClientSecret),
			status: 400, code: "invalid_request",
		},
		"repeated parameter": {
			body: goodForm().Encode() + "&scope=internal_config_mgt_update", status: 400, code: "invalid_request",
		},
		"repeated in the query": {
			query: "?grant_type=client_credentials", body: goodForm().Encode(), status: 400, code: "invalid_request",
		},
		"password in the query": {
			query: "?password=" + mockserver.DefaultClientSecret, body: goodForm().Encode(), status: 400,
			code: "invalid_request",
		},
		"secret in the query": {
			query: "?client_secret=" + mockserver.DefaultClientSecret, body: without("client_secret"), status: 400,
			code: "invalid_request",
		},
		"grant_type missing": {body: without("grant_type"), status: 400, code: "invalid_request"},
		"grant_type unknown": {
			body: form(func(v url.Values) { v.Set("grant_type", "wishes") }), status: 400, code: "invalid_request",
		},
		"grant_type not enabled": {
			body: form(func(v url.Values) { v.Set("grant_type", "password") }), status: 400, code: "unauthorized_client",
		},
		"unreadable form": {body: "grant_type=%zz", status: 400, code: "invalid_request"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := anonymous(t, mockserver.New(t))
			headers := []string{"Content-Type", formType}
			if test.authorization != "" {
				headers = append(headers, "Authorization", test.authorization)
			}
			r := c.send("POST", tokenPath+test.query, test.body, headers...).expect(test.status)
			if got := r.text("error"); got != test.code {
				t.Errorf("error %q, want %q", got, test.code)
			}
			if r.text("error_description") == "" || len(r.object()) != 2 {
				t.Errorf("body %s, want error and error_description", r.body)
			}
			if r.header.Get("Cache-Control") != "no-store" || r.header.Get("Pragma") != "no-cache" {
				t.Errorf("headers %v, want none that let the answer be stored", r.header)
			}
			if got := r.header.Get("WWW-Authenticate"); strings.HasPrefix(got, "Basic "+
				"realm=") != (test.status == http.StatusUnauthorized) {
				t.Errorf("WWW-Authenticate %q with status %d", got, test.status)
			}
			if strings.Contains(string(r.body), mockserver.DefaultClientSecret) {
				t.Errorf("the answer has the secret: %s", r.body)
			}
		})
	}
}

func TestTokenMethodAndMediaType(t *testing.T) {
	t.Parallel()
	c := anonymous(t, mockserver.New(t))
	c.send("GET", tokenPath, "").expect(http.StatusMethodNotAllowed)
	c.send("POST", tokenPath, goodForm().Encode(), "Content-Type", "text/plain").expect(http.StatusUnsupportedMediaType)
}

// Basic credentials are split at colons and not decoded.
func TestTokenSpecialCharactersInCredentials(t *testing.T) {
	t.Parallel()
	const id = "the id"
	tests := map[string]struct {
		secret, sent string
		inHeader     bool
		status       int
	}{
		"raw in Basic":                  {"p%20 &+", "p%20 &+", true, 200},
		"percent-encoded in Basic":      {"p &", url.QueryEscape("p &"), true, 401},
		"colon in Basic":                {"a:b", "a:b", true, 401},
		"colon in the form":             {"a:b", "a:b", false, 200},
		"anything in the form":          {"p%20 &+é", "p%20 &+é", false, 200},
		"trailing colon is lost":        {"a:", "a:", true, 401},
		"trailing colon does not count": {"a", "a:", true, 200},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := anonymous(t, mockserver.New(t, mockserver.WithClient(id, test.secret)))
			if test.inHeader {
				c.send("POST", tokenPath, "grant_type=client_credentials", "Content-Type", formType, "Authorization",
					basic(id, test.sent)).expect(test.status)
				return
			}
			c.postForm(tokenPath,
				url.Values{
					"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {test.sent},
				}).expect(test.status)
		})
	}
}

func TestTokenScopes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		authorised []string
		asked      string
		want       any
	}{
		"everything by default": {
			nil, "internal_config_mgt_view internal_application_mgt_view",
			"internal_config_mgt_view internal_application_mgt_view",
		},
		"the unknown is dropped": {nil, "internal_config_mgt_view wishes", "internal_config_mgt_view"},
		"the unauthorised is dropped": {
			[]string{"internal_config_mgt_view"}, "internal_config_mgt_update internal_config_mgt_view",
			"internal_config_mgt_view",
		},
		"nothing granted is no scope":    {[]string{}, "internal_config_mgt_view", nil},
		"nothing asked is nothing given": {nil, "", nil},
		"asked twice": {
			nil, "internal_config_mgt_view internal_config_mgt_view", "internal_config_mgt_view",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := anonymous(t, mockserver.New(t, mockserver.WithState(mockserver.State{
				Organizations: map[string]*mockserver.Organization{"bifrost": {Scopes: test.authorised}},
			})))
			form := goodForm()
			form.Set("scope", test.asked)
			object := c.postForm(tokenPath, form).expect(http.StatusOK).object()
			if got := object["scope"]; got != test.want {
				t.Errorf("scope %v, want %v", got, test.want)
			}
			if _, present := object["scope"]; present != (test.want != nil) {
				t.Errorf("fields %v", slices.Sorted(maps.Keys(object)))
			}
		})
	}
}

func TestTokenOfOrganizationWithOwnClient(t *testing.T) {
	t.Parallel()
	c := anonymous(t, mockserver.New(t, mockserver.WithState(mockserver.State{
		Organizations: map[string]*mockserver.Organization{"bifrost": {ClientID: "own", ClientSecret: "own-secret"}},
	})))
	c.postForm(tokenPath, goodForm()).expect(http.StatusUnauthorized)
	form := goodForm()
	form.Set("client_id", "own")
	form.Set("client_secret", "own-secret")
	c.postForm(tokenPath, form).expect(http.StatusOK)
}

func TestTokenOfDisabledApplication(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := anonymous(t, server)
	disable := func(disabled bool) {
		server.Update(func(state *mockserver.State) { state.Organizations["bifrost"].ApplicationDisabled = disabled })
	}
	disable(true)
	r := c.postForm(tokenPath, goodForm()).expect(http.StatusUnauthorized)
	if r.text("error") != "invalid_client" || r.text("error_description") != "Application is disabled." {
		t.Errorf("answer %s", r.body)
	}
	disable(false)
	c.postForm(tokenPath, goodForm()).expect(http.StatusOK)
}

func TestTokenExpires(t *testing.T) {
	t.Parallel()
	c := anonymous(t, mockserver.New(t, mockserver.WithTokenLifetime(900*time.Millisecond)))
	r := c.postForm(tokenPath, goodForm()).expect(http.StatusOK)
	if got := r.object()["expires_in"]; got != float64(1) {
		t.Errorf("expires_in %v, want whole seconds, rounded up", got)
	}
	c.token = r.text("access_token")
	c.call("GET", resourcesPath+"/status", "").expect(http.StatusNotFound)
	time.Sleep(950 * time.Millisecond)
	c.call("GET", resourcesPath+"/status", "").expect(http.StatusUnauthorized)
}
