package mockserver_test

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

const (
	governancePath = "/t/bifrost/api/server/v1/identity-governance"
	connectorPath  = governancePath + "/TXVsdGkgRmFjdG9yIEF1dGhlbnRpY2F0b3Jz/connectors/dG90cA"
	enrolment      = "TOTP.EnrolUserInAuthenticationFlow"
)

// properties are the names and values that a connector shows.
func (p *portal) properties(path string) map[string]any {
	p.t.Helper()
	r := p.call("GET", path, "").expect(http.StatusOK)
	list, ok := r.object()["properties"].([]any)
	if !ok {
		p.t.Fatalf("connector %s", r.body)
	}
	found := map[string]any{}
	for _, element := range list {
		property, _ := element.(map[string]any)
		name, _ := property["name"].(string)
		found[name] = property["value"]
	}
	return found
}

func update(name, value string) string {
	return `{"operation":"UPDATE","properties":[{"name":"` + name + `","value":"` + value + `"}]}`
}

func TestTOTPConnector(t *testing.T) {
	t.Parallel()
	p := newPortal(t, nil)
	object := p.call("GET", connectorPath, "").expect(http.StatusOK).object()
	want := map[string]any{
		"id": "dG90cA", "name": "totp", "category": "Multi Factor Authenticators", "friendlyName": "TOTP", "order": 0.0,
		"subCategory": "DEFAULT", "properties": []any{map[string]any{
			"name": enrolment, "value": "true", "displayName": "Enable TOTP enrollment during login",
			"description": "Lets users enroll in TOTP while they sign in.", "meta": map[string]any{"type": "boolean"},
		}},
	}
	if !reflect.DeepEqual(object, want) {
		t.Errorf("connector %v", object)
	}
	if got := p.server.State().Organizations["bifrost"].Governance; len(got) != 0 {
		t.Errorf("a read stored %v", got)
	}
	p.call("PATCH", connectorPath, update(enrolment, "false")).expectChanged()
	if got := p.properties(connectorPath); got[enrolment] != "false" {
		t.Errorf("properties %v", got)
	}
	// A typing mistake is stored, and changes nothing that shows.
	p.call("PATCH", connectorPath, update("TOTP.EnrolUserInAuthenticationflow", "true")).expectChanged()
	p.call("PATCH", connectorPath, `{"operation":"UPDATE","properties":[]}`).expectChanged()
	if got := p.properties(connectorPath); len(got) != 1 || got[enrolment] != "false" {
		t.Errorf("properties %v", got)
	}
	stored := p.server.State().Organizations["bifrost"].Governance["Multi Factor Authenticators/totp"]
	if stored[enrolment] != "false" || len(stored) != 2 {
		t.Errorf("stored are %v", stored)
	}

	// A property that nobody has is not shown, not even with its default.
	p = newPortal(t, func(o *mockserver.Organization) {
		o.Governance = map[string]map[string]string{"Multi Factor Authenticators/totp": {},
			"Login Policies/lock": {"Lock.Enabled": "true"}}
	})
	if got := p.properties(connectorPath); len(got) != 0 {
		t.Errorf("properties %v", got)
	}
	if got := p.properties(governancePath + "/TG9naW4gUG9saWNpZXM/connectors/bG9jaw"); got["Lock.Enabled"] != "true" {
		t.Errorf("properties of another connector %v", got)
	}
}

func TestConnectorRefusals(t *testing.T) {
	t.Parallel()
	missing := func(o *mockserver.Organization) { o.TOTPConnectorMissing = true }
	for _, test := range []struct {
		name         string
		edit         func(*mockserver.Organization)
		method, path string
		body         string
		status       int
		code         string
	}{
		{"older server: GET", missing, "GET", connectorPath, "", 404, "IDG-50009"},
		{"older server: PATCH", missing, "PATCH", connectorPath, update(enrolment, "false"), 404, "IDG-50009"},
		{"unknown connector", nil, "GET", governancePath + "/TXVsdGkgRmFjdG9yIEF1dGhlbnRpY2F0b3Jz/connectors/VE9UUA", "",
			404, "IDG-50009"},
		{"another category", nil, "GET", governancePath + "/TG9naW4gUG9saWNpZXM/connectors/dG90cA", "", 404, "IDG-50009"},
		{"padded category", nil, "GET", governancePath + "/TXVsdGkgRmFjdG9yIEF1dGhlbnRpY2F0b3Jz=/connectors/dG90cA", "",
			404, "IDG-50009"},
		{"connector that is no base64url", nil, "GET", governancePath +
			"/TXVsdGkgRmFjdG9yIEF1dGhlbnRpY2F0b3Jz/connectors/t.p", "", 500, "SE-50000"},
		{"value a boolean", nil, "PATCH", connectorPath, `{"operation":"UPDATE","properties":[{"name":"a","value":false}]}`,
			400, "UE-10000"},
		{"value null", nil, "PATCH", connectorPath, `{"operation":"UPDATE","properties":[{"name":"a","value":null}]}`, 400,
			"UE-10000"},
		{"no name", nil, "PATCH", connectorPath, `{"operation":"UPDATE","properties":[{"value":"false"}]}`, 400, "UE-10000"},
		{"no operation", nil, "PATCH", connectorPath, `{"properties":[]}`, 400, "UE-10000"},
		{"another operation", nil, "PATCH", connectorPath, `{"operation":"REMOVE","properties":[]}`, 400, "UE-10000"},
		{"no properties", nil, "PATCH", connectorPath, `{"operation":"UPDATE"}`, 400, "UE-10000"},
		{"unknown member", nil, "PATCH", connectorPath, `{"operation":"UPDATE","properties":[],"id":"dG90cA"}`, 400,
			"UE-10000"},
		{"unknown member of a property", nil, "PATCH", connectorPath,
			`{"operation":"UPDATE","properties":[{"name":"a","value":"b","meta":{}}]}`, 400, "UE-10000"},
		{"no JSON", nil, "PATCH", connectorPath, `{`, 400, "UE-10000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t, test.edit)
			p.call(test.method, test.path, test.body).expectError(test.status, test.code)
			if got := p.server.State().Organizations["bifrost"].Governance; len(got) != 0 {
				t.Errorf("stored are %v", got)
			}
		})
	}
	p := newPortal(t, nil)
	p.send("PATCH", connectorPath, update(enrolment, "false"), "Content-Type", "text/plain", "Authorization",
		"Bearer "+p.token).
		expect(http.StatusUnsupportedMediaType)
	p.call("GET", governancePath, "").expect(http.StatusNotFound).expectNotJSON()
}

// A failure behind the service is no failure of the call.
func TestGovernanceSwallows(t *testing.T) {
	t.Parallel()
	p := newPortal(t, func(o *mockserver.Organization) { o.GovernanceSwallows = true })
	p.call("PATCH", connectorPath, update(enrolment, "false")).expectChanged()
	if got := p.properties(connectorPath); got[enrolment] != "true" {
		t.Errorf("properties %v", got)
	}
	p.call("PATCH", connectorPath, `{}`).expectError(http.StatusBadRequest, "UE-10000")
}
