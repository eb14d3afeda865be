package mockserver_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

func TestMyAccountApplication(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithOrganization("bifrost", mockserver.SuperOrganization))
	c := newClient(t, server)

	items := c.listApplications("filter=name+eq+My+Account&limit=1")
	if len(items) != 1 {
		t.Fatalf("found %v", items)
	}
	item := items[0]
	want := map[string]any{
		"id": item["id"], "name": "My Account", "accessUrl": server.URL() + "/t/bifrost/myaccount", "access": "WRITE",
		"self": appsPath + "/" + item["id"].(string),
	}
	for name, value := range want {
		if item[name] != value {
			t.Errorf("%s is %v, want %v", name, item[name], value)
		}
	}
	if len(item) != len(want) {
		t.Errorf("item %v, want nothing that was not asked for", item)
	}

	item = c.listApplications("filter=name%20eq%20My%20Account&attributes=clientId,applicationEnabled")[0]
	if item["clientId"] != "MY_ACCOUNT" || item["applicationEnabled"] != true {
		t.Errorf("item %v", item)
	}

	r := c.call("GET", appsPath+"/"+item["id"].(string), "").expect(http.StatusOK)
	if r.text("name") != "My Account" || r.text("accessUrl") != server.URL()+"/t/bifrost/myaccount" ||
		r.object()["applicationEnabled"] != true {
		t.Errorf("application %s", r.body)
	}

	c.token = c.fetchToken(mockserver.SuperOrganization, mockserver.AllScopes()...)
	r = c.call("GET", "/api/server/v1/applications", "").expect(http.StatusOK)
	super, _ := r.object()["applications"].([]any)[0].(map[string]any)
	if super["accessUrl"] != server.URL()+"/myaccount" {
		t.Errorf("the super organization's portal is at %v", super["accessUrl"])
	}
}

// The portal is found by its exact name or by its client, and by nothing that is only like it.
func TestFindMyAccount(t *testing.T) {
	t.Parallel()
	c := newClient(t, mockserver.New(t,
		mockserver.WithState(mockserver.State{Organizations: map[string]*mockserver.Organization{
			"bifrost": {Applications: []mockserver.Application{{Name: "My Account Beta", ClientID: "beta"}, {Name: "My Account",
				ClientID: "MY_ACCOUNT"}}},
		}})))
	for filter, want := range map[string]string{
		"name eq My Account":           "My Account",
		"name eq My Account Beta":      "My Account Beta",
		"clientId eq MY_ACCOUNT":       "My Account",
		"clientId eq MY_ACCOUNT_other": "",
	} {
		got := ""
		if items := c.listApplications("limit=1&offset=0&filter=" + url.QueryEscape(filter)); len(items) == 1 {
			got, _ = items[0]["name"].(string)
		}
		if got != want {
			t.Errorf("%q found %q, want %q", filter, got, want)
		}
	}
}

// listApplications lists and checks the frame of the list.
func (c *client) listApplications(query string) []map[string]any {
	c.t.Helper()
	r := c.call("GET", appsPath+"?"+query, "").expect(http.StatusOK)
	object := r.object()
	list, ok := object["applications"].([]any)
	if !ok || object["count"] != float64(len(list)) {
		c.t.Fatalf("list %s", r.body)
	}
	for _, name := range []string{"totalResults", "startIndex", "links"} {
		if object[name] == nil {
			c.t.Errorf("list %s has no %s", r.body, name)
		}
	}
	items := make([]map[string]any, len(list))
	for i, element := range list {
		if items[i], ok = element.(map[string]any); !ok {
			c.t.Fatalf("list %s", r.body)
		}
	}
	return items
}

func TestSeededApplications(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithState(mockserver.State{Organizations: map[string]*mockserver.Organization{
		"bifrost": {Applications: []mockserver.Application{
			{Name: "My Account", ID: "1", AccessURL: "https://portal.example/${UserTenantHint}",
				ApplicationEnabled: new(false), Access: "READ"},
			{Name: "My Account 2"}, {Name: "Console"},
		}},
		"bare": {Applications: []mockserver.Application{}},
	}}))
	c := newClient(t, server)
	tests := map[string]int{
		"": 3, "limit=2": 2, "offset=2": 1, "offset=9": 0, "limit=1000": 3,
		"filter=" + url.QueryEscape("name eq My Account"):  1,
		"filter=" + url.QueryEscape("name eq my account"):  0,
		"filter=" + url.QueryEscape("name sw My"):          2,
		"filter=" + url.QueryEscape("name co o"):           3,
		"filter=" + url.QueryEscape("name ew 2"):           1,
		"filter=" + url.QueryEscape("clientId eq nothing"): 0,
		"filter=" + url.QueryEscape("name eq My"):          0,
	}
	for query, want := range tests {
		if got := c.listApplications(query); len(got) != want {
			t.Errorf("%q found %v, want %d", query, got, want)
		}
	}
	object := c.call("GET", appsPath+"/1", "").expect(http.StatusOK).object()
	if object["applicationEnabled"] != false || object["access"] != "READ" ||
		object["accessUrl"] != "https://portal.example/${UserTenantHint}" {
		t.Errorf("application %v", object)
	}
	c.token = c.fetchToken("bare", mockserver.AllScopes()...)
	if got := c.call("GET", "/t/bare/api/server/v1/applications",
		"").expect(http.StatusOK).object()["totalResults"]; got != float64(0) {
		t.Errorf("an organization without applications lists %v", got)
	}
}

func TestApplicationErrors(t *testing.T) {
	t.Parallel()
	c := newClient(t, mockserver.New(t))
	tests := map[string]struct {
		path   string
		status int
		code   string
	}{
		"unknown id":               {"/none", 404, "APP-60006"},
		"filter without a value":   {"?filter=name+eq", 400, "APP-60004"},
		"filter on another field":  {"?filter=colour+eq+red", 400, "APP-60004"},
		"unknown filter operation": {"?filter=name+like+My", 400, "APP-60004"},
		"unsupported attribute":    {"?attributes=colour", 400, "APP-60505"},
		"one unsupported of two":   {"?attributes=applicationEnabled,access", 400, "APP-60505"},
		"limit 0":                  {"?limit=0", 400, "UE-10000"},
		"limit not a number":       {"?limit=many", 400, "UE-10000"},
		"negative offset":          {"?offset=-1", 400, "UE-10000"},
		"sorting":                  {"?sortBy=name", 501, "APP-65002"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := *c
			c.t = t
			c.call("GET", appsPath+test.path, "").expectError(test.status, test.code)
		})
	}
	for _, test := range []struct{ method, path string }{
		{"POST", ""}, {"PUT", "/none"}, {"DELETE", "/none"}, {"PATCH", "/none/authenticators"},
	} {
		c.call(test.method, appsPath+test.path, "{}").expect(http.StatusMethodNotAllowed)
	}
	c.call("GET", appsPath+"/none/inbound-protocols", "").expect(http.StatusNotFound).expectNotJSON()
}
