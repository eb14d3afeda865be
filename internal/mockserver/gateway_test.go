package mockserver_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// expectGatewayError checks the body of the layers in front of the services: pretty-printed, its code a number.
func (r *reply) expectGatewayError(status int, message string) {
	r.t.Helper()
	r.expect(status)
	object := r.object()
	if object["code"] != float64(status) || object["message"] != message {
		r.t.Errorf("%s: body %s, want the number %d and %q", r.what, r.body, status, message)
	}
	if text, ok := object["description"].(string); !ok || text == "" {
		r.t.Errorf("%s: description %v", r.what, object["description"])
	}
	if !strings.HasPrefix(string(r.body), "{\n  \"code\": ") {
		r.t.Errorf("%s: body %q is not pretty-printed with two blanks", r.what, r.body)
	}
	if got := r.header.Get("Content-Type"); got != "application/json;charset=UTF-8" {
		r.t.Errorf("%s: Content-Type %q", r.what, got)
	}
	if got := r.header.Get("WWW-Authenticate"); got != "Bearer realm=127.0.0.1" {
		r.t.Errorf("%s: WWW-Authenticate %q", r.what, got)
	}
}

func TestGatewayUnauthorized(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithOrganization("bifrost", "asgard"))
	c := newClient(t, server)
	foreign := c.fetchToken("asgard", mockserver.AllScopes()...)
	path := resourcesPath + "/status"
	tests := map[string]struct {
		authorization, method, path string
	}{
		"no token":                {"", "GET", path},
		"unknown token":           {"Bearer nonsense", "GET", path},
		"another scheme":          {basic("admin", "admin"), "GET", path},
		"token of another tenant": {"Bearer " + foreign, "GET", path},
		"path without a rule":     {"Bearer " + c.token, "GET", "/t/bifrost/api/server/v1/wishes"},
		"path of a sub-organization": {
			"Bearer " + c.token, "GET", "/t/bifrost/o/api/identity/config-mgt/v1.0/resource/myaccount/status",
		},
		"method without a rule":             {"Bearer " + c.token, "POST", configPath + "/search"},
		"method without a rule: connector":  {"Bearer " + c.token, "PUT", connectorPath},
		"name that only begins like a path": {"Bearer " + c.token, "GET", configPath + "/resources"},
		"organization without a path":       {"Bearer " + c.token, "GET", "/t/bifrost"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := *c
			c.t = t
			headers := []string{"Content-Type", "application/json"}
			if test.authorization != "" {
				headers = append(headers, "Authorization", test.authorization)
			}
			c.send(test.method, test.path, "", headers...).expectGatewayError(http.StatusUnauthorized, "Unauthorized")
		})
	}
	t.Run("control: the scheme in any case", func(t *testing.T) {
		t.Parallel()
		c := *c
		c.t = t
		c.send("GET", path, "", "Authorization", "bearer "+c.token).expectError(http.StatusNotFound, "CONFIGM_00017")
	})
}

func TestForeignTokenIsMarked(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithOrganization("bifrost", "asgard"))
	c := newClient(t, server)
	c.call("GET", resourcesPath+"/status", "").expect(http.StatusNotFound)
	c.token = c.fetchToken("asgard", mockserver.AllScopes()...)
	server.ClearRequests()
	c.call("GET", "/t/asgard/api/identity/config-mgt/v1.0/resource/myaccount/status", "").expect(http.StatusNotFound)
	c.call("GET", resourcesPath+"/status", "").expect(http.StatusUnauthorized)
	requests := server.Requests()
	if len(requests) != 2 || requests[0].ForeignToken || !requests[1].ForeignToken {
		t.Errorf("journal %+v, want the second of two marked", requests)
	}
}

// Each call needs exactly its scope: refused with all others, let through with this one alone.
func TestGatewayScopes(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	tests := []struct{ method, path, body, scope string }{
		{"GET", resourcesPath + "/status", "", "internal_config_mgt_view"},
		{"GET", resourcesPath + "/status/enable", "", "internal_config_mgt_view"},
		{"GET", configPath + "/resource-type/none", "", "internal_config_mgt_view"},
		{"POST", resourcesPath, "{}", "internal_config_mgt_add"},
		{"POST", resourcesPath + "/status", "{}", "internal_config_mgt_add"},
		{"PUT", resourcesPath, "{}", "internal_config_mgt_update"},
		{"PUT", resourcesPath + "/status", "{}", "internal_config_mgt_update"},
		{"DELETE", resourcesPath + "/none", "", "internal_config_mgt_delete"},
		{"DELETE", resourcesPath + "/none/enable", "", "internal_config_mgt_delete"},
		{"GET", configPath + "/search", "", "internal_config_mgt_list"},
		{"GET", sendersPath, "", "internal_notification_senders_view"},
		{"GET", senderPath, "", "internal_notification_senders_view"},
		{"POST", sendersPath, "{}", "internal_notification_senders_create"},
		{"PUT", senderPath, "{}", "internal_notification_senders_update"},
		{"DELETE", senderPath, "", "internal_notification_senders_delete"},
		{"GET", appsPath, "", "internal_application_mgt_view"},
		{"GET", appsPath + "/none", "", "internal_application_mgt_view"},
		{"PATCH", appsPath + "/none", "{}", "internal_application_mgt_update"},
		{"GET", appsPath + "/none/authenticators", "", "internal_application_mgt_view"},
		{"PUT", appsPath + "/none/authenticationSequence/script", `{"script":""}`, "internal_application_script_update"},
		{"GET", authenticatorsPath, "", "internal_authenticator_view"},
		{"GET", connectorPath, "", "internal_governance_view"},
		{"PATCH", connectorPath, `{"operation":"UPDATE","properties":[]}`, "internal_governance_update"},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			t.Parallel()
			c := anonymous(t, server)
			c.token = c.fetchToken("bifrost",
				slices.DeleteFunc(mockserver.AllScopes(), func(s string) bool { return s == test.scope })...)
			c.call(test.method, test.path, test.body).expectGatewayError(http.StatusForbidden, "Forbidden")
			c.token = c.fetchToken("bifrost", test.scope)
			if r := c.call(test.method, test.path, test.body); r.status == http.StatusForbidden ||
				r.status == http.StatusUnauthorized {
				t.Errorf("refused with its scope: %d %s", r.status, r.body)
			}
		})
	}
}

func TestUnknownOrganization(t *testing.T) {
	t.Parallel()
	paths := []string{
		"/t/nowhere/api/identity/config-mgt/v1.0/resource/myaccount/status",
		"/t/nowhere/api/server/v1/notification-senders/sms",
		"/t/nowhere/oauth2/token",
		"/t/nowhere/anything",
	}
	t.Run("JSON", func(t *testing.T) {
		t.Parallel()
		c := newClient(t, mockserver.New(t, mockserver.WithTenantRedirect()))
		for _, path := range paths {
			const want = `{"code":404,"description":"nowhere is an invalid tenant domain",` +
				`"message":"nowhere is an invalid tenant domain"}`
			if got := string(c.call("GET", path, "").expect(http.StatusNotFound).body); got != want {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
		}
	})
	t.Run("HTML", func(t *testing.T) {
		t.Parallel()
		c := anonymous(t, mockserver.New(t))
		for _, path := range paths {
			r := c.send("POST", path, "a=b", "Content-Type", formType).expect(http.StatusNotFound)
			if !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") ||
				!strings.HasPrefix(string(r.body), "<!doctype html>") {
				t.Errorf("%s: %v %s, want a page", path, r.header, r.body)
			}
		}
	})
	t.Run("redirect", func(t *testing.T) {
		t.Parallel()
		server := mockserver.New(t, mockserver.WithTenantRedirect())
		c := anonymous(t, server)
		for _, path := range paths {
			r := c.send("POST", path, "a=b", "Content-Type", formType).expect(http.StatusFound)
			want := server.URL() + "/authenticationendpoint/invalid_tenant_domain.do"
			if got := r.header.Get("Location"); got != want {
				t.Errorf("%s: Location %q, want %q", path, got, want)
			}
		}
	})
	t.Run("comes before the token", func(t *testing.T) {
		t.Parallel()
		c := anonymous(t, mockserver.New(t))
		c.send("GET", paths[0], "", "Content-Type", "application/json").expect(http.StatusNotFound)
	})
}

func TestSuperOrganization(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithOrganization(mockserver.SuperOrganization))
	c := anonymous(t, server)
	c.token = c.postForm("/oauth2/token", goodForm()).expect(http.StatusOK).text("access_token")
	for _, prefix := range []string{"", "/t/carbon.super"} {
		c.call("GET", prefix+"/api/identity/config-mgt/v1.0/resource/myaccount/status", "").expectError(http.StatusNotFound,
			"CONFIGM_00017")
	}
	if got := server.Requests()[0].Organization; got != mockserver.SuperOrganization {
		t.Errorf("the journal has organization %q", got)
	}

	other := anonymous(t, mockserver.New(t))
	other.send("GET", "/api/identity/config-mgt/v1.0/resource/myaccount/status", "", "Content-Type", "application/json").
		expect(http.StatusNotFound) // no such organization
}

func TestPathPrefix(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithPathPrefix("/identity/"))
	if !strings.HasSuffix(server.URL(), "/identity") {
		t.Fatalf("URL %q", server.URL())
	}
	c := newClient(t, server)
	c.call("GET", resourcesPath+"/status", "").expectError(http.StatusNotFound, "CONFIGM_00017")
	c.call("GET", "/_mock/requests", "").expect(http.StatusOK)
	if got := server.Requests()[1]; got.Path != "/identity"+resourcesPath+"/status" || got.Organization != "bifrost" {
		t.Errorf("journal %+v", got)
	}

	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		strings.TrimSuffix(server.URL(), "/identity")+tokenPath, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusNotFound {
		t.Errorf("status %d without the prefix", response.StatusCode)
	}
}

// An id comes and goes, in both shapes, unless one is asked for.
func TestTraceIDs(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)
	kinds := map[string]map[string]bool{}
	for _, path := range []string{resourcesPath + "/status", senderPath, "/t/bifrost/nothing"} {
		kinds[path] = map[string]bool{}
		for range 80 {
			switch trace, present := c.call("GET", path, "").object()["traceId"]; {
			case !present:
				kinds[path]["absent"] = true
			case trace == nil:
				kinds[path]["null"] = true
			default:
				kinds[path]["text"] = true
			}
		}
	}
	if got := slices.Sorted(maps.Keys(kinds[resourcesPath+"/status"])); !slices.Equal(got,
		[]string{"absent", "null", "text"}) {
		t.Errorf("configuration store: %v", got)
	}
	for _, path := range []string{senderPath, "/t/bifrost/nothing"} {
		if got := slices.Sorted(maps.Keys(kinds[path])); !slices.Equal(got, []string{"absent", "text"}) {
			t.Errorf("%s: %v", path, got)
		}
	}

	fixed := newClient(t, mockserver.New(t, mockserver.WithTraceID("trace-1")))
	for range 10 {
		for path := range kinds {
			if got := fixed.call("GET", path, "").text("traceId"); got != "trace-1" {
				t.Fatalf("traceId %q", got)
			}
		}
	}
}
