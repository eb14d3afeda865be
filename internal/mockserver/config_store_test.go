package mockserver_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// twoFactor is a stored object with every attribute the Console writes.
func twoFactor() mockserver.Attributes {
	return mockserver.Attributes{
		"email_otp_enabled": "true", "sms_otp_enabled": "false", "totp_enabled": "true", "backup_code_enabled": "false",
	}
}

func storedState() mockserver.State {
	return mockserver.State{Organizations: map[string]*mockserver.Organization{
		"bifrost": {MyAccount: map[string]mockserver.Attributes{
			"status":               {"enable": "true"},
			"myaccount-2FA-config": twoFactor(),
		}},
		"bare": {TypeMissing: true, MyAccount: map[string]mockserver.Attributes{"status": {"enable": "true"}}},
	}}
}

const putStatus = `{"name":"status","attributes":[{"key":"enable","value":"false"}]}`

// Every situation has a fresh server that stores storedState.
func TestConfigStoreErrors(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("x", n) }
	withAttributes := func(list string) string { return `{"name":"status","attributes":` + list + `}` }
	tests := map[string]struct {
		method, path, body string
		status             int
		code               string
	}{
		"resource missing: GET":           {"GET", "/resource/myaccount/none", "", 404, "CONFIGM_00017"},
		"resource missing: DELETE":        {"DELETE", "/resource/myaccount/none", "", 404, "CONFIGM_00017"},
		"resource missing: GET attribute": {"GET", "/resource/myaccount/none/enable", "", 404, "CONFIGM_00017"},
		"resource missing: POST attribute": {
			"POST", "/resource/myaccount/none", `{"key":"a","value":"b"}`, 404, "CONFIGM_00017",
		},
		"resource missing: PUT attribute": {
			"PUT", "/resource/myaccount/none", `{"key":"a","value":"b"}`, 404, "CONFIGM_00017",
		},
		"resource missing: DELETE attribute": {"DELETE", "/resource/myaccount/none/enable", "", 404, "CONFIGM_00017"},

		"attribute missing: GET":    {"GET", "/resource/myaccount/status/none", "", 400, "CONFIGM_00027"},
		"attribute missing: DELETE": {"DELETE", "/resource/myaccount/status/none", "", 400, "CONFIGM_00027"},

		"POST of an existing name": {"POST", "/resource/myaccount", putStatus, 409, "CONFIGM_00013"},
		"attribute POST with an existing key": {
			"POST", "/resource/myaccount/status", `{"key":"enable","value":"x"}`, 409, "CONFIGM_00031",
		},
		"attribute POST with an empty key": {
			"POST", "/resource/myaccount/status", `{"key":"","value":"x"}`, 400, "CONFIGM_00026",
		},
		"attribute PUT with an empty key": {
			"PUT", "/resource/myaccount/status", `{"key":"","value":"x"}`, 400, "CONFIGM_00026",
		},
		"attribute PUT without a key": {"PUT", "/resource/myaccount/status", `{"value":"x"}`, 400, "CONFIGM_00026"},
		"missing name: POST": {
			"POST", "/resource/myaccount", `{"attributes":[{"key":"a","value":"b"}]}`, 400, "CONFIGM_00010",
		},
		"empty name: POST": {
			"POST", "/resource/myaccount", `{"name":"","attributes":[{"key":"a","value":"b"}]}`, 400, "CONFIGM_00010",
		},
		"missing name: PUT": {
			"PUT", "/resource/myaccount", `{"attributes":[{"key":"a","value":"b"}]}`, 400, "CONFIGM_00033",
		},
		"empty name: PUT": {
			"PUT", "/resource/myaccount", `{"name":"","attributes":[{"key":"a","value":"b"}]}`, 400, "CONFIGM_00033",
		},
		"null name: PUT": {
			"PUT", "/resource/myaccount", `{"name":null,"attributes":[{"key":"a","value":"b"}]}`, 400, "CONFIGM_00033",
		},
		"empty attributes: PUT":   {"PUT", "/resource/myaccount", withAttributes(`[]`), 500, "CONFIGM_00034"},
		"omitted attributes: PUT": {"PUT", "/resource/myaccount", `{"name":"status"}`, 500, "CONFIGM_00034"},
		"null attributes: PUT":    {"PUT", "/resource/myaccount", withAttributes(`null`), 500, "CONFIGM_00002"},
		"null as an attribute: PUT": {
			"PUT", "/resource/myaccount", withAttributes(`[null]`), 500, "CONFIGM_00002",
		},
		"duplicate keys in one PUT": {
			"PUT", "/resource/myaccount", withAttributes(`[{"key":"a","value":"1"},{"key":"a","value":"2"}]`), 500,
			"CONFIGM_00034",
		},
		"key longer than its column: PUT": {
			"PUT", "/resource/myaccount", withAttributes(`[{"key":"` + long(256) + `","value":"1"}]`), 500, "CONFIGM_00034",
		},
		"value longer than its column: PUT": {
			"PUT", "/resource/myaccount", withAttributes(`[{"key":"a","value":"` + long(1024) + `"}]`), 500, "CONFIGM_00034",
		},
		"name longer than its column: PUT": {
			"PUT", "/resource/myaccount", `{"name":"` + long(256) + `","attributes":[{"key":"a","value":"b"}]}`, 500,
			"CONFIGM_00034",
		},
		"key longer than its column: one": {
			"PUT", "/resource/myaccount/status", `{"key":"` + long(256) + `","value":"1"}`, 500, "CONFIGM_00002",
		},
		"value longer than its column: one": {
			"PUT", "/resource/myaccount/status", `{"key":"enable","value":"` + long(1024) + `"}`, 500, "CONFIGM_00002",
		},
		"key longer than its column: another": {
			"POST", "/resource/myaccount/status", `{"key":"` + long(256) + `","value":"1"}`, 500, "CONFIGM_00002",
		},
		"empty name and attributes: PUT": {
			"PUT", "/resource/myaccount", `{"name":"","attributes":[]}`, 400, "CONFIGM_00033",
		},
		"type unknown: GET":               {"GET", "/resource/none/status", "", 404, "CONFIGM_00008"},
		"type unknown: GET resource type": {"GET", "/resource-type/none", "", 404, "CONFIGM_00008"},
		"search without a filter":         {"GET", "/search", "", 400, "CONFIGM_00018"},
		"search that cannot be parsed":    {"GET", "/search?filter=gibberish", "", 400, "CONFIGM_00022"},
		"search for an unsupported property": {
			"GET", "/search?filter=" + url.QueryEscape("colour eq 'red'"), "", 400, "CONFIGM_00023",
		},
		"search that finds nothing": {
			"GET", "/search?filter=" + url.QueryEscape("resourceName eq 'none'"), "", 404, "CONFIGM_00020",
		},
		"search is confined to the own tenant": {
			"GET", "/search?filter=" + url.QueryEscape("tenantDomain eq 'bare'"), "", 404, "CONFIGM_00020",
		},
	}
	messages := map[int]string{400: "Bad Request", 404: "Not Found", 409: "Bad Request", 500: "Internal server error"}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mockserver.New(t, mockserver.WithState(storedState()))
			before := server.State()
			c := newClient(t, server)
			r := c.call(test.method, configPath+test.path, test.body).expectError(test.status, test.code)
			if got, want := r.text("message"), messages[test.status]; got != want {
				t.Errorf("message %q, want %q", got, want)
			}
			if test.status == http.StatusInternalServerError {
				r.expectDescription("Internal server error")
			}
			if after := server.State(); !reflect.DeepEqual(after, before) {
				t.Errorf("a refused request changed the state: %+v", after.Organizations["bifrost"])
			}
		})
	}
}

func TestConfigStoreDescriptions(t *testing.T) {
	t.Parallel()
	c := newClient(t, mockserver.New(t, mockserver.WithState(storedState())))
	c.call("GET", configPath+"/resource/colours/status", "").expectDescription("Resource type with the name: colours " +
		"does not exists.")
	c.call("GET", resourcesPath+"/none", "").expectDescription("Resource with the name: none does not exists.")
	c.call("GET", resourcesPath+"/status/none", "").expectDescription("Attribute with the key: none does not exists.")
}

func TestConfigStoreTypeMissing(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithState(storedState()))
	c := newClient(t, server)
	c.call("GET", resourcesPath+"/status", "").expect(http.StatusOK) // the control: this organization has the type
	c.token = c.fetchToken("bare", mockserver.AllScopes()...)
	base := "/t/bare/api/identity/config-mgt/v1.0"
	for _, request := range [][3]string{
		{"GET", "/resource/myaccount/status", ""},
		{"GET", "/resource/myaccount/status/enable", ""},
		{"DELETE", "/resource/myaccount/status", ""},
		{"PUT", "/resource/myaccount", putStatus},
		{"POST", "/resource/myaccount", putStatus},
		{"PUT", "/resource/myaccount/status", `{"key":"enable","value":"x"}`},
		// the type is looked at before the name, and both before the attributes
		{"PUT", "/resource/myaccount", `{"name":"","attributes":[]}`},
		{"POST", "/resource/myaccount", `{"attributes":[]}`},
		{"GET", "/resource-type/myaccount", ""},
	} {
		c.call(request[0], base+request[1], request[2]).expectError(http.StatusNotFound, "CONFIGM_00008")
	}
	c.call("GET", base+"/search?filter="+url.QueryEscape("resourceTypeName eq 'myaccount'"),
		"").expectError(http.StatusNotFound,
		"CONFIGM_00020")
	if !server.State().Organizations["bare"].TypeMissing {
		t.Error("a PUT created the type")
	}
}

// What the servlet container refuses has no JSON body.
func TestConfigStoreRefusedByContainer(t *testing.T) {
	t.Parallel()
	c := newClient(t, mockserver.New(t, mockserver.WithState(storedState())))
	bearer := "Bearer " + c.token
	tests := map[string]struct {
		method, path, body, contentType string
		status                          int
	}{
		"malformed JSON": {"PUT", resourcesPath, `{"name":`, "application/json", 400},
		"empty body":     {"PUT", resourcesPath, "", "application/json", 400},
		"unknown field": {
			"PUT", resourcesPath, `{"name":"a","attributes":[{"key":"a","value":"b"}],"extra":1}`, "application/json", 400,
		},
		"field in another case": {
			"PUT", resourcesPath, `{"Name":"a","attributes":[{"key":"a","value":"b"}]}`, "application/json", 400,
		},
		"unknown field in attribute": {
			"PUT", resourcesPath, `{"name":"a","attributes":[{"key":"a","value":"b","id":1}]}`, "application/json", 400,
		},
		"object as value": {
			"PUT", resourcesPath, `{"name":"a","attributes":[{"key":"a","value":{}}]}`, "application/json", 400,
		},
		"array as value":             {"PUT", resourcesPath + "/status", `{"key":"a","value":[]}`, "application/json", 400},
		"object as attributes":       {"PUT", resourcesPath, `{"name":"a","attributes":{}}`, "application/json", 400},
		"array as body":              {"POST", resourcesPath, `[]`, "application/json", 400},
		"form as content type: PUT":  {"PUT", resourcesPath, putStatus, "application/x-www-form-urlencoded", 415},
		"text as content type: POST": {"POST", resourcesPath + "/status", `{"key":"a","value":"b"}`, "text/plain", 415},
		"GET of the collection":      {"GET", resourcesPath, "", "application/json", 405},
		"DELETE of the collection":   {"DELETE", resourcesPath, "", "application/json", 405},
		"PUT of an attribute's path": {
			"PUT", resourcesPath + "/status/enable", `{"key":"enable","value":"x"}`, "application/json", 405,
		},
		"path below an attribute": {"GET", resourcesPath + "/status/enable/more", "", "application/json", 404},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := *c
			c.t = t
			r := c.send(test.method, test.path, test.body, "Content-Type", test.contentType, "Authorization", bearer)
			r.expect(test.status)
			r.expectNotJSON()
			if test.status == http.StatusMethodNotAllowed && r.header.Get("Allow") == "" {
				t.Error("no Allow header")
			}
		})
	}
	t.Run("control: a charset is fine", func(t *testing.T) {
		t.Parallel()
		c := *c
		c.t = t
		c.send("PUT", resourcesPath, `{"name":"other","attributes":[{"key":"a","value":"b"}]}`,
			"Content-Type", "application/json; charset=utf-8", "Authorization", bearer).expect(http.StatusOK)
	})
}

var instant = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(\d{3}|\d{6})Z$`)

func (r *reply) expectResource(name string, attributes map[string]any) {
	r.t.Helper()
	if got := r.attributes("attributes"); !reflect.DeepEqual(got, attributes) {
		r.t.Errorf("%s: attributes %v, want %v", r.what, got, attributes)
	}
	object := r.object()
	wantFields := []string{
		"attributes", "created", "files", "lastModified", "resourceId", "resourceName", "resourceType", "tenantDomain",
	}
	if got := slices.Sorted(maps.Keys(object)); !slices.Equal(got, wantFields) {
		r.t.Errorf("%s: fields %v, want %v", r.what, got, wantFields)
	}
	for field, want := range map[string]string{
		"resourceName": name, "resourceType": "myaccount", "tenantDomain": "bifrost",
	} {
		if got := r.text(field); got != want {
			r.t.Errorf("%s: %s %q, want %q", r.what, field, got, want)
		}
	}
	for _, field := range []string{"created", "lastModified"} {
		if got := r.text(field); !instant.MatchString(got) {
			r.t.Errorf("%s: %s %q is not an instant", r.what, field, got)
		}
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`).MatchString(r.text("resourceId")) {
		r.t.Errorf("%s: resourceId %q is not a UUID", r.what, r.text("resourceId"))
	}
	files, ok := object["files"].([]any)
	if !ok || len(files) != 1 {
		r.t.Fatalf("%s: files %v, want one link", r.what, object["files"])
	}
	link, _ := files[0].(map[string]any)
	href, _ := link["href"].(string)
	if link["rel"] != "file" || !strings.HasSuffix(href, configPath+"/resource/myaccount/"+name+"/file") {
		r.t.Errorf("%s: link %v", r.what, link)
	}
}

func TestConfigStoreSuccesses(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)

	r := c.call("POST", resourcesPath, `{"name":"status","attributes":[{"key":"enable",`+
		`"value":"true"}]}`).expect(http.StatusCreated)
	r.expectResource("status", map[string]any{"enable": "true"})
	id := r.text("resourceId")
	if got, want := r.header.Get("Location"), "/resource/myaccount/"+id; got != want {
		t.Errorf("Location %q, want %q: by id and relative", got, want)
	}

	r = c.call("PUT", resourcesPath,
		`{"name":"status","attributes":[{"key":"enable","value":"false"},{"key":"more","value":"x"}]}`).expect(http.StatusOK)
	r.expectResource("status", map[string]any{"enable": "false", "more": "x"})
	if r.text("resourceId") != id {
		t.Error("a replace changed the id")
	}
	c.call("PUT", resourcesPath, `{"name":"fresh","attributes":[{"key":"a","value":"b"}]}`).expect(http.StatusOK).
		expectResource("fresh", map[string]any{"a": "b"})

	c.call("GET", resourcesPath+"/status", "").expect(http.StatusOK).expectResource("status",
		map[string]any{"enable": "false", "more": "x"})

	expectPair := func(r *reply, key, value string) {
		t.Helper()
		if want := (map[string]any{"key": key, "value": value}); !reflect.DeepEqual(r.object(), want) {
			t.Errorf("%s: %s, want %v", r.what, r.body, want)
		}
	}
	r = c.call("POST", resourcesPath+"/status", `{"key":"added","value":1}`).expect(http.StatusCreated)
	expectPair(r, "added", "1")
	if r.header.Get("Location") == "" {
		t.Error("adding an attribute has no Location")
	}
	expectPair(c.call("PUT", resourcesPath+"/status", `{"key":"enable","value":true}`).expect(http.StatusOK), "enable",
		"true")
	expectPair(c.call("PUT", resourcesPath+"/status", `{"key":"put","value":"new"}`).expect(http.StatusOK), "put", "new")
	expectPair(c.call("GET", resourcesPath+"/status/put", "").expect(http.StatusOK), "put", "new")
	c.call("DELETE", resourcesPath+"/status/more", "").expect(http.StatusOK).expectEmpty()
	c.call("GET", resourcesPath+"/status", "").expectResource("status",
		map[string]any{"enable": "true", "added": "1", "put": "new"})

	c.call("DELETE", resourcesPath+"/status", "").expect(http.StatusOK).expectEmpty()
	c.call("GET", resourcesPath+"/status", "").expectError(http.StatusNotFound, "CONFIGM_00017")

	r = c.call("GET", configPath+"/resource-type/myaccount", "").expect(http.StatusOK)
	if got := slices.Sorted(maps.Keys(r.object())); !slices.Equal(got, []string{"description", "id", "links", "name"}) {
		t.Errorf("fields of a resource type: %v", got)
	}
	want := `"links":[{"rel":"resource","href":"/t/bifrost/api/identity/config-mgt/v1.0/resource/myaccount/fresh"}]`
	if !strings.Contains(string(r.body), want) {
		t.Errorf("resource type %s has not %s", r.body, want)
	}
}

// The state machine of one object.
func TestConfigStoreLifeOfAnObject(t *testing.T) {
	t.Parallel()
	c := newClient(t, mockserver.New(t))
	get := func() *reply { t.Helper(); return c.call("GET", resourcesPath+"/status", "").expect(http.StatusOK) }
	put := func(value string) {
		t.Helper()
		c.call("PUT", resourcesPath, `{"name":"status","attributes":[{"key":"enable",`+
			`"value":"`+value+`"}]}`).expect(http.StatusOK)
	}
	second := func(text string) string { return text[:len("2006-01-02T15:04:05.000")] } // both formats have these digits

	put("true")
	first := get()
	put("false")
	replaced := get()
	if first.text("resourceId") != replaced.text("resourceId") ||
		second(first.text("created")) != second(replaced.text("created")) {
		t.Error("a replace changed id or creation time")
	}
	if second(first.text("lastModified")) >= second(replaced.text("lastModified")) {
		t.Errorf("a replace did not move lastModified: %s, %s", first.text("lastModified"), replaced.text("lastModified"))
	}
	c.call("DELETE", resourcesPath+"/status", "").expect(http.StatusOK).expectEmpty()
	c.call("DELETE", resourcesPath+"/status", "").expectError(http.StatusNotFound, "CONFIGM_00017")
	put("true")
	if get().text("resourceId") == first.text("resourceId") {
		t.Error("an object created anew has its old id")
	}
}

func TestConfigStorePutReplacesTheWholeSet(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithState(storedState()))
	c := newClient(t, server)
	c.call("PUT", resourcesPath, `{"name":"myaccount-2FA-config","attributes":[{"key":"totp_enabled",`+
		`"value":"true"}]}`).expect(http.StatusOK)
	want := mockserver.Attributes{"totp_enabled": "true"}
	if got := server.State().Organizations["bifrost"].MyAccount["myaccount-2FA-config"]; !reflect.DeepEqual(got, want) {
		t.Errorf("stored %v, want %v", got, want)
	}
}

func TestConfigStoreValues(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("é", 1023)
	tests := map[string]struct {
		sent string
		want any
	}{
		"string":                {`"true"`, "true"},
		"case is kept":          {`"TRUE"`, "TRUE"},
		"blanks are kept":       {`" x "`, " x "},
		"boolean":               {`true`, "true"},
		"number":                {`1`, "1"},
		"number keeps digits":   {`1.50`, "1.50"},
		"empty string":          {`""`, ""},
		"no HTML escapes":       {`"<a href='x'>&"`, "<a href='x'>&"},
		"null":                  {`null`, nil},
		"as long as the column": {`"` + longest + `"`, longest},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, mockserver.New(t))
			c.call("PUT", resourcesPath, `{"name":"status","attributes":[{"key":"enable",`+
				`"value":`+test.sent+`}]}`).expect(http.StatusOK)
			r := c.call("GET", resourcesPath+"/status", "").expect(http.StatusOK)
			if got := r.attributes("attributes")["enable"]; got != test.want {
				t.Errorf("came back as %#v, want %#v", got, test.want)
			}
			if strings.Contains(string(r.body), `\u003c`) {
				t.Errorf("body has HTML escapes: %s", r.body)
			}
		})
	}
}

// An awkward server: values that were seeded as numbers and booleans are answered as such until they are written.
func TestConfigStoreSeededTypes(t *testing.T) {
	t.Parallel()
	state, err := mockserver.ParseState([]byte(`{"organizations":{"bifrost":{"myaccount":{"status":{"enable":true,` +
		`"n":10000000000000001,"s":"x"}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, mockserver.New(t, mockserver.WithState(state)))
	r := c.call("GET", resourcesPath+"/status", "").expect(http.StatusOK)
	if got := r.attributes("attributes"); got["enable"] != true || got["s"] != "x" ||
		!strings.Contains(string(r.body), `"value":10000000000000001}`) {
		t.Errorf("seeded types are lost: %s", r.body)
	}
	c.call("PUT", resourcesPath, `{"name":"status","attributes":[{"key":"enable","value":true}]}`).expect(http.StatusOK)
	if got := c.call("GET", resourcesPath+"/status", "").attributes("attributes")["enable"]; got != "true" {
		t.Errorf("a written boolean came back as %#v", got)
	}
}

func TestConfigStoreOrder(t *testing.T) {
	t.Parallel()
	c := newClient(t, mockserver.New(t))
	keys := func(r *reply) string {
		return strings.Join(regexp.MustCompile(`"key":"(.)"`).FindAllString(string(r.body), -1), "")
	}
	var pairs []string
	for key := range strings.SplitSeq("hgfedcba", "") {
		pairs = append(pairs, fmt.Sprintf(`{"key":%q,"value":"x"}`, key))
	}
	body := `{"name":"status","attributes":[` + strings.Join(pairs, ",") + `]}`
	sent := keys(&reply{body: []byte(body)})
	if got := keys(c.call("PUT", resourcesPath, body).expect(http.StatusOK)); got != sent {
		t.Errorf("PUT answered the order %s, want that of the request, %s", got, sent)
	}
	seen := map[string]bool{}
	for range 20 {
		seen[keys(c.call("GET", resourcesPath+"/status", "").expect(http.StatusOK))] = true
	}
	if len(seen) < 2 {
		t.Error("GET answers the attributes in a fixed order")
	}
}

func TestConfigStoreTimestampFormats(t *testing.T) {
	t.Parallel()
	c := newClient(t, mockserver.New(t, mockserver.WithState(storedState())))
	lengths := map[int]bool{}
	for range 40 {
		lengths[len(c.call("GET", resourcesPath+"/status", "").text("lastModified"))] = true
	}
	if want := (map[int]bool{
		len("2006-01-02T15:04:05.000Z"): true, len("2006-01-02T15:04:05.000000Z"): true,
	}); !maps.Equal(lengths,
		want) {
		t.Errorf("lengths %v, want %v", lengths, want)
	}
}

func TestConfigStoreSearch(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithState(storedState()))
	c := newClient(t, server)
	id := c.call("GET", resourcesPath+"/status", "").text("resourceId")
	tests := map[string]struct {
		parameter, filter string
		want              int
	}{
		"by type":                        {"filter", "resourceTypeName eq 'myaccount'", 2},
		"by type, other parameter":       {"$filter", "resourceTypeName eq 'myaccount'", 2},
		"by name":                        {"filter", "resourceName eq 'status'", 1},
		"by name, other parameter":       {"$filter", "resourceName eq 'status'", 1},
		"by id":                          {"filter", "resourceId eq '" + id + "'", 1},
		"by the tenant":                  {"filter", "tenantDomain eq 'bifrost'", 2},
		"by attribute key":               {"filter", "attributeKey eq 'totp_enabled'", 1},
		"by a value that both resources": {"filter", "attributeValue eq 'true'", 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := *c
			c.t = t
			query := url.Values{test.parameter: {test.filter}}.Encode()
			r := c.call("GET", configPath+"/search?"+query, "").expect(http.StatusOK)
			resources, ok := r.object()["resources"].([]any)
			if !ok || len(resources) != test.want {
				t.Errorf("found %s, want %d resources", r.body, test.want)
			}
		})
	}
}

// Types can be written in the super organization only, and there without /t/.
func TestResourceTypesOfTheSuperOrganization(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithOrganization(mockserver.SuperOrganization, "bifrost"))
	c := newClient(t, server)
	const bare = "/api/identity/config-mgt/v1.0"
	c.call("POST", configPath+"/resource-type", `{"name":"colours"}`).expect(http.StatusUnauthorized)
	c.call("DELETE", configPath+"/resource-type/myaccount", "").expect(http.StatusUnauthorized)

	c.token = c.fetchToken(mockserver.SuperOrganization, mockserver.AllScopes()...)
	c.call("POST", "/t/carbon.super"+bare+"/resource-type", `{"name":"colours"}`).expect(http.StatusUnauthorized)
	c.call("POST", bare+"/resource-type", `{"description":"nameless"}`).expectError(http.StatusBadRequest, "CONFIGM_00004")
	c.call("POST", bare+"/resource-type", `{"name":"myaccount"}`).expectError(http.StatusConflict, "CONFIGM_00006")
	c.call("POST", bare+"/resource-type", `{"name":"colours","description":"of the rainbow"}`).expect(http.StatusCreated)
	if got := c.call("GET", bare+"/resource-type/colours", "").expect(http.StatusOK).text("description"); got != "of "+
		"the rainbow" {
		t.Errorf("description %q", got)
	}
	c.call("PUT", bare+"/resource-type", `{"name":"colours","description":"faded"}`).expect(http.StatusOK)
	c.call("PUT", bare+"/resource/colours", putStatus).expect(http.StatusOK)
	// a namesake of another type
	c.call("GET", bare+"/resource/myaccount/status", "").expectError(http.StatusNotFound, "CONFIGM_00017")
	c.call("DELETE", bare+"/resource-type/colours", "").expect(http.StatusOK).expectEmpty()
	c.call("GET", bare+"/resource/colours/status", "").expectError(http.StatusNotFound, "CONFIGM_00008")

	c.call("DELETE", bare+"/resource-type/myaccount", "").expect(http.StatusOK)
	c.call("PUT", bare+"/resource/myaccount", putStatus).expectError(http.StatusNotFound, "CONFIGM_00008")
	c.call("POST", bare+"/resource-type", `{"name":"myaccount"}`).expect(http.StatusCreated)
	c.call("PUT", bare+"/resource/myaccount", putStatus).expect(http.StatusOK)
	if got := server.State().Organizations[mockserver.SuperOrganization].MyAccount["status"]["enable"]; got != "false" {
		t.Errorf("stored %v", got)
	}
}
