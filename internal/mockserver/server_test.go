package mockserver_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// The paths of the organization "bifrost", below the server's URL.
const (
	tokenPath     = "/t/bifrost/oauth2/token"
	configPath    = "/t/bifrost/api/identity/config-mgt/v1.0"
	resourcesPath = configPath + "/resource/myaccount"
	sendersPath   = "/t/bifrost/api/server/v1/notification-senders/sms"
	sendersV2Path = "/t/bifrost/api/server/v2/notification-senders/sms"
	appsPath      = "/t/bifrost/api/server/v1/applications"
)

// client calls a mock server the way a careful client of the real one does.
type client struct {
	t      *testing.T
	server *mockserver.Server
	http   *http.Client
	token  string
}

// newClient has a token of organization "bifrost" with every scope it may have.
func newClient(t *testing.T, server *mockserver.Server) *client {
	t.Helper()
	c := anonymous(t, server)
	c.token = c.fetchToken("bifrost", mockserver.AllScopes()...)
	return c
}

// anonymous has no token. Its connections are its own and end with the test.
func anonymous(t *testing.T, server *mockserver.Server) *client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &client{t: t, server: server, http: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (c *client) fetchToken(organization string, scopes ...string) string {
	c.t.Helper()
	r := c.postForm("/t/"+organization+"/oauth2/token", url.Values{
		"grant_type": {"client_credentials"}, "scope": {strings.Join(scopes, " ")},
		"client_id": {mockserver.DefaultClientID}, "client_secret": {mockserver.DefaultClientSecret},
	})
	r.expect(http.StatusOK)
	return r.text("access_token")
}

func (c *client) postForm(path string, form url.Values) *reply {
	c.t.Helper()
	return c.send("POST", path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// call sends JSON with the client's token.
func (c *client) call(method, path, body string) *reply {
	c.t.Helper()
	return c.send(method, path, body, "Content-Type", "application/json", "Authorization", "Bearer "+c.token)
}

// send sends exactly these headers; it fails the test when there is no answer.
func (c *client) send(method, path, body string, headers ...string) *reply {
	c.t.Helper()
	r, err := c.try(method, path, body, headers...)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (c *client) try(method, path, body string, headers ...string) (*reply, error) {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.server.URL()+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	for pair := range slices.Chunk(headers, 2) {
		request.Header.Set(pair[0], pair[len(pair)-1])
	}
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host // net/http takes no notice of the header
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	return &reply{
		t: c.t, what: method + " " + path, status: response.StatusCode, header: response.Header, body: content,
	}, nil
}

// reply is an answer with the checks that most tests need.
type reply struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	body   []byte
}

func (r *reply) expect(status int) *reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s: status %d, want %d; body: %s", r.what, r.status, status, r.body)
	}
	return r
}

// expectError checks a service's error body: its code is a string.
func (r *reply) expectError(status int, code string) *reply {
	r.t.Helper()
	r.expect(status)
	object := r.object()
	if object["code"] != code {
		r.t.Errorf("%s: code %v, want the string %q", r.what, object["code"], code)
	}
	for _, name := range []string{"message", "description"} {
		if text, ok := object[name].(string); !ok || text == "" {
			r.t.Errorf("%s: %s is %v, want a text", r.what, name, object[name])
		}
	}
	if trace, ok := object["traceId"]; ok && trace != nil {
		if text, ok := trace.(string); !ok || text == "" {
			r.t.Errorf("%s: traceId is %v, want a text, null or nothing", r.what, trace)
		}
	}
	if got := r.header.Get("Content-Type"); got != "application/json" {
		r.t.Errorf("%s: Content-Type %q", r.what, got)
	}
	return r
}

func (r *reply) expectDescription(want string) {
	r.t.Helper()
	if got := r.text("description"); got != want {
		r.t.Errorf("%s: description %q, want %q", r.what, got, want)
	}
}

func (r *reply) expectEmpty() {
	r.t.Helper()
	if len(r.body) != 0 {
		r.t.Errorf("%s: body %q, want none", r.what, r.body)
	}
}

// expectNotJSON is what the servlet container, not a service, answers.
func (r *reply) expectNotJSON() {
	r.t.Helper()
	if json.Valid(r.body) && len(r.body) > 0 {
		r.t.Errorf("%s: body %q, want none or one that is not JSON", r.what, r.body)
	}
}

func (r *reply) object() map[string]any {
	r.t.Helper()
	var object map[string]any
	if err := json.Unmarshal(r.body, &object); err != nil {
		r.t.Fatalf("%s: body %q: %v", r.what, r.body, err)
	}
	return object
}

func (r *reply) text(name string) string {
	r.t.Helper()
	text, ok := r.object()[name].(string)
	if !ok {
		r.t.Fatalf("%s: no text %q in %s", r.what, name, r.body)
	}
	return text
}

// attributes returns the key/value list under a name as a map and fails on a repeated key.
func (r *reply) attributes(name string) map[string]any {
	r.t.Helper()
	var object map[string]json.RawMessage
	var list []struct {
		Key   string
		Value any
	}
	if err := json.Unmarshal(r.body, &object); err != nil {
		r.t.Fatalf("%s: body %q: %v", r.what, r.body, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(object[name]))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&list); err != nil || list == nil {
		r.t.Fatalf("%s: %s is not a list of key and value: %s", r.what, name, r.body)
	}
	attributes := map[string]any{}
	for _, a := range list {
		if _, twice := attributes[a.Key]; twice {
			r.t.Fatalf("%s: key %q twice in %s", r.what, a.Key, r.body)
		}
		attributes[a.Key] = a.Value
	}
	return attributes
}

func TestReadAfterWrite(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)

	c.call("GET", resourcesPath+"/status", "").expectError(http.StatusNotFound, "CONFIGM_00017")
	c.call("PUT", resourcesPath, `{"name":"status","attributes":[{"key":"enable","value":false}]}`).expect(http.StatusOK)
	r := c.call("GET", resourcesPath+"/status", "").expect(http.StatusOK)
	if got := r.attributes("attributes")["enable"]; got != "false" {
		t.Errorf("enable is %#v, want the string false", got)
	}
	if got := server.State().Organizations["bifrost"].MyAccount["status"]["enable"]; got != "false" {
		t.Errorf("the state has %#v, want the string false", got)
	}
}
