package mockserver_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

func TestControlRequests(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := anonymous(t, server)
	if got := string(c.send("GET", "/_mock/requests", "").expect(http.StatusOK).body); got != "[]" {
		t.Errorf("an empty journal is %s", got)
	}
	c.send("GET", "/t/bifrost/x?a=b", "")
	r := c.send("GET", "/_mock/requests", "").expect(http.StatusOK)
	var got []map[string]any
	if err := json.Unmarshal(r.body, &got); err != nil || len(got) != 1 {
		t.Fatalf("%s: %v, want one request and none to the control API", r.body, err)
	}
	delete(got[0], "time")
	want := map[string]any{
		"method": "GET", "path": "/t/bifrost/x", "query": "a=b", "organization": "bifrost", "status": float64(401),
		"body": "", "foreign_token": false,
	}
	if !reflect.DeepEqual(got[0], want) {
		t.Errorf("request %v, want %v", got[0], want)
	}
	c.send("DELETE", "/_mock/requests", "").expect(http.StatusNoContent).expectEmpty()
	if got := server.Requests(); len(got) != 0 {
		t.Errorf("journal %+v", got)
	}
}

func TestControlState(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := anonymous(t, server)
	const empty = `{"organizations":{"bifrost":{"myaccount":{},"sms_senders":{},"type_missing":false,"sms_guard":false}}}`
	if got := string(c.send("GET", "/_mock/state", "").expect(http.StatusOK).body); got != empty {
		t.Errorf("state %s, want %s", got, empty)
	}
	const full = `{"organizations":{"asgard":{"myaccount":{"status":{"enable":"false","extra":"kept"},` +
		`"unknown-object":{"a":true,"b":1.50,"c":null}},` +
		`"sms_senders":{"SMSPublisher":{"provider":"Custom","providerURL":"https://sms.example","key":"k","secret":"s",` +
		`"sender":"","contentType":"FORM","properties":{"body":"b"}}},` +
		`"type_missing":true,"sms_guard":true,"scopes":[],"client_id":"own","client_secret":"own-secret",` +
		`"other_types":{"colours":{"red":{"hex":"f00"}}},"applications":[{"name":"My Account","applicationEnabled":false},` +
		`{"id":"1","name":"Shop","description":"d","accessUrl":"https://shop.example",` +
		`"access":"READ","clientId":"c","authenticationSequence":{"type":"USER_DEFINED","steps":[{"id":1,` +
		`"options":[{"idp":"Google",` +
		`"authenticator":"GoogleOIDCAuthenticator"},{"authenticator":"totp"}]}],"script":"x","subjectStepId":1,` +
		`"attributeStepId":1,` +
		`"requestPathAuthenticators":["OAuthRequestPathAuthenticator"]},"shared":true,"fragment":true}],` +
		`"connections":{"Google":["GoogleOIDCAuthenticator"]},"authenticators":["totp"],` +
		`"governance":{"Multi Factor Authenticators/totp":{"TOTP.EnrolUserInAuthenticationFlow":"false"}},` +
		`"application_switch_missing":true,` +
		`"script_scope_ignored":true,"script_survives_reset":true,"totp_connector_missing":true,"governance_swallows":true,` +
		`"unknown_members":true,"revocations":3}}}`
	c.send("PUT", "/_mock/state", full).expect(http.StatusNoContent).expectEmpty()
	if got := string(c.send("GET", "/_mock/state", "").expect(http.StatusOK).body); got != full {
		t.Errorf("state %s, want %s", got, full)
	}
	for body, want := range map[string]string{
		``:                                   "empty",
		`{`:                                  "not a valid JSON document",
		`{}`:                                 "organizations",
		`{"organizations":{}} more`:          "behind the JSON document",
		`{"organisations":{}}`:               "organisations",
		`{"organizations":{"a":{"typo":1}}}`: "typo",
		`{"organizations":{"a/b":{}}}`:       "a/b",
		`{"organizations":{"":{}}}`:          "name of an organization",
		`{"organizations":{"a":{"myaccount":{"status":{"x":[]}}}}}`:          "myaccount/status/x",
		`{"organizations":{"a":{"myaccount":{"status":"true"}}}}`:            "myaccount",
		`{"organizations":{"a":{"sms_senders":{"SMSPublisher":null}}}}`:      "sms_senders/SMSPublisher",
		`{"organizations":{"a":{"other_types":{"myaccount":{}}}}}`:           "other_types",
		`{"organizations":{"a":{"other_types":{"t":{"o":{"x":{}}}}}}}`:       "other_types/t/o/x",
		`{"organizations":{"a":{"applications":[{"clientId":"nameless"}]}}}`: "applications[0]",

		`{"organizations":{"a":{"applications":[{"name":"A"},{"name":"A"}]}}}`: "applications[1] has the name of another",

		`{"organizations":{"a":{"applications":[{"name":"A","access":"read"}]}}}`:      "access",
		withSequence(`"type":"default"`):                                               "the type",
		withSequence(`"type":"DEFAULT","steps":[{"options":[{"authenticator":"a"}]}]`): "type DEFAULT cannot have",
		withSequence(`"type":"USER_DEFINED"`):                                          "type USER_DEFINED needs",
		withSequence(`"steps":[{"id":2,"options":[{"authenticator":"a"}]}]`):           "id 2 at place 1",
		withSequence(`"steps":[{"options":[]}]`):                                       "no options in step 1",
		withSequence(`"steps":[{"options":[{"idp":"LOCAL"}]}]`):                        "without an authenticator in step 1",
		withSequence(`"enabled":true`):                                                 "enabled",
		`{"organizations":{"a":{"governance":{"totp":{}}}}}`:                           "governance",
	} {
		r := c.send("PUT", "/_mock/state", body).expect(http.StatusBadRequest)
		if got := r.text("error"); !strings.Contains(got, want) {
			t.Errorf("%s: error %q does not say %q", body, got, want)
		}
	}
	if got := string(c.send("GET", "/_mock/state", "").body); got != full {
		t.Errorf("a refused state changed the store: %s", got)
	}
	if got := len(server.Requests()); got != 0 {
		t.Errorf("the journal has %d calls of the control API", got)
	}
}

// withSequence is a state whose only application has such a login flow.
func withSequence(members string) string {
	return `{"organizations":{"a":{"applications":[{"name":"A","authenticationSequence":{` + members + `}}]}}}`
}

// An editor outside, such as a demo script, gets the state, changes a value and puts it back.
func TestControlStateIsVisibleToTheAPI(t *testing.T) {
	t.Parallel()
	c := newClient(t, mockserver.New(t, mockserver.WithState(storedState())))
	id := c.call("GET", resourcesPath+"/status", "").text("resourceId")
	state := string(c.send("GET", "/_mock/state", "").body)
	off := strings.ReplaceAll(state, `"enable":"true"`, `"enable":"false"`)
	c.send("PUT", "/_mock/state", off).expect(http.StatusNoContent)
	r := c.call("GET", resourcesPath+"/status", "").expect(http.StatusOK)
	if r.attributes("attributes")["enable"] != "false" || r.text("resourceId") != id {
		t.Errorf("%s, want the new value in the same object", r.body)
	}
}

func TestControlFaults(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := anonymous(t, server)
	const fault = `{"match":{"method":"GET","path_prefix":"/t/bifrost/api/identity","organization":"bifrost"},"times":2,` +
		`"action":"status","status":503,"body":"busy","headers":{"Retry-After":"1"}}`
	if got := string(c.send("POST", "/_mock/faults", fault).expect(http.StatusCreated).body); got != fault {
		t.Errorf("answered %s", got)
	}
	for _, action := range []string{
		"drop_before", "drop_after", "truncate", "stale_read", "expire_tokens", "html_404", "redirect",
	} {
		c.send("POST", "/_mock/faults", `{"match":{"organization":"none"},"action":"`+action+`"}`).expect(http.StatusCreated)
	}
	c.send("POST", "/_mock/faults", `{"match":{"organization":"none"},"action":"latency_ms","latency_ms":5,`+
		`"times":-1}`).expect(http.StatusCreated)

	r := c.send("GET", resourcesPath+"/status", "").expect(http.StatusServiceUnavailable)
	if string(r.body) != "busy" || r.header.Get("Retry-After") != "1" {
		t.Errorf("%v %s", r.header, r.body)
	}
	var armed []mockserver.Fault
	if err := json.Unmarshal(c.send("GET", "/_mock/faults", "").expect(http.StatusOK).body, &armed); err != nil {
		t.Fatal(err)
	}
	if len(armed) != 9 || armed[0].Times != 1 || armed[1].Times != 1 || armed[8].Times != -1 {
		t.Errorf("armed %+v", armed)
	}
	c.send("DELETE", "/_mock/faults", "").expect(http.StatusNoContent)
	if got := string(c.send("GET", "/_mock/faults", "").body); got != "[]" {
		t.Errorf("armed %s", got)
	}

	for body, want := range map[string]string{
		``:                                   "empty",
		`[]`:                                 "JSON",
		`{"match":{}}`:                       `no "action"`,
		`{"action":"explode"}`:               "drop_before",
		`{"action":"status"}`:                "200 to 599",
		`{"action":"redirect","status":302}`: `for action "status"`,
		`{"action":"truncate","headers":{"a":"b"}}`:                `for action "status"`,
		`{"action":"latency_ms"}`:                                  `needs a "latency_ms"`,
		`{"action":"latency_ms","latency_ms":-1}`:                  "negative",
		`{"action":"stale_read","latency_ms":1}`:                   "stale_read",
		`{"action":"redirect","match":{"path":"/x"}}`:              `"path"`,
		`{"action":"redirect","match":{"path_prefix":"t/asgard"}}`: `begin with "/"`,
		`{"action":"redirect","colour":"red"}`:                     "colour",
	} {
		r := c.send("POST", "/_mock/faults", body).expect(http.StatusBadRequest)
		if got := r.text("error"); !strings.Contains(got, want) {
			t.Errorf("%s: error %q does not say %q", body, got, want)
		}
	}
	if got := server.Faults(); len(got) != 0 {
		t.Errorf("refused faults are armed: %+v", got)
	}
}

func TestControlIsNeverAtFault(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	server.AddFault(mockserver.Fault{Action: mockserver.ActionDropBefore, Times: -1})
	c := anonymous(t, server)
	c.send("GET", "/_mock/state", "").expect(http.StatusOK)
	if r, err := c.try("GET", "/t/bifrost/x", ""); err == nil {
		t.Errorf("the control: status %d, want no answer", r.status)
	}
}

func TestControlUnknown(t *testing.T) {
	t.Parallel()
	c := anonymous(t, mockserver.New(t))
	if got := c.send("GET", "/_mock/wishes", "").expect(http.StatusNotFound).text("error"); !strings.Contains(got,
		"/_mock/faults") {
		t.Errorf("error %q does not say what there is", got)
	}
	for path, allowed := range map[string][]string{
		"requests": {"DELETE", "GET"}, "state": {"GET", "PUT"}, "faults": {"DELETE", "GET", "POST"},
	} {
		r := c.send("PATCH", "/_mock/"+path, "").expect(http.StatusMethodNotAllowed)
		if got := strings.Split(r.header.Get("Allow"), ", "); !slices.Equal(got, allowed) {
			t.Errorf("%s: Allow %v, want %v", path, got, allowed)
		}
		if r.text("error") == "" {
			t.Errorf("%s: no error text", path)
		}
	}
}

// TestControlIsNotForPages: a page of another site can have a browser send what it likes.
func TestControlIsNotForPages(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	own := strings.TrimPrefix(server.URL(), "http://")
	for name, test := range map[string]struct {
		host   string
		header http.Header
		status int
	}{
		"a program":          {"", nil, http.StatusOK},
		"localhost":          {"localhost:8787", nil, http.StatusOK},
		"a container's name": {"mock:8787", nil, http.StatusOK},
		"an IPv6 address":    {"[::1]:8787", nil, http.StatusOK},
		"its own page": {
			"", http.Header{"Origin": {server.URL()}, "Sec-Fetch-Site": {"same-origin"}}, http.StatusOK,
		},
		"a page of another site": {"", http.Header{"Origin": {"https://evil.example"}}, http.StatusForbidden},
		"a page without a site":  {"", http.Header{"Origin": {"null"}}, http.StatusForbidden},
		"another port":           {"", http.Header{"Origin": {"http://127.0.0.1:1"}}, http.StatusForbidden},
		"an image in a page":     {"", http.Header{"Sec-Fetch-Site": {"cross-site"}}, http.StatusForbidden},
		"a name that leads here": {"rebound.evil.example:8787", nil, http.StatusForbidden},
		"such a name as a page's": {
			"rebound.evil.example", http.Header{"Origin": {"http://rebound.evil.example"}}, http.StatusForbidden,
		},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL()+"/_mock/state", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if request.Host = own; test.host != "" {
			request.Host = test.host
		}
		maps.Copy(request.Header, test.header)
		answer, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != test.status {
			t.Errorf("%s: status %d, want %d", name, answer.StatusCode, test.status)
		}
	}
}
