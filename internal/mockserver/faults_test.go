package mockserver_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// tryJSON is call for answers that may not come. No other request of the client may be under way.
func (c *client) tryJSON(method, path, body string) (*reply, error) {
	c.t.Helper()
	c.http.CloseIdleConnections() // on a used connection Go's client would repeat a GET that was dropped
	return c.try(method, path, body, "Content-Type", "application/json", "Authorization", "Bearer "+c.token)
}

func storedStatus(server *mockserver.Server) any {
	return server.State().Organizations["bifrost"].MyAccount["status"]["enable"]
}

func TestFaultStatus(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)
	server.AddFault(mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 503, Body: `{"code":"busy"}`, Headers: map[string]string{"Retry-After": "7"},
		Times: 2,
	})
	for range 2 {
		r := c.call("PUT", resourcesPath, putStatus).expect(http.StatusServiceUnavailable)
		if got := r.header.Get(mockserver.FaultHeader); got != mockserver.ActionStatus {
			t.Errorf("the answer is marked as %q", got)
		}
		if string(r.body) != `{"code":"busy"}` || r.header.Get("Retry-After") != "7" ||
			r.header.Get("Content-Type") != "application/json" {
			t.Errorf("%v %s", r.header, r.body)
		}
	}
	if got := storedStatus(server); got != nil {
		t.Errorf("a refused request was processed: %v", got)
	}
	put := c.call("PUT", resourcesPath, putStatus).expect(http.StatusOK)
	if got := put.header.Values(mockserver.FaultHeader); got != nil {
		t.Errorf("the server's own answer is marked as %q", got)
	}

	server.AddFault(mockserver.Fault{Action: mockserver.ActionStatus, Status: 429})
	r := c.call("GET", resourcesPath, "").expect(http.StatusTooManyRequests)
	r.expectEmpty()
	if got := r.header.Values("Retry-After"); got != nil {
		t.Errorf("Retry-After %v", got)
	}

	server.AddFault(mockserver.Fault{
		Action: mockserver.ActionStatus, Status: 502, Body: "<html>",
		Headers: map[string]string{"Content-Type": "text/plain"},
	})
	broken := c.call("GET", resourcesPath, "").expect(http.StatusBadGateway)
	if got := broken.header.Get("Content-Type"); got != "text/plain" {
		t.Errorf("Content-Type %q", got)
	}
}

func TestFaultTimes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		times int
		want  []int
	}{
		"0 is once":          {0, []int{500, 404, 404, 404}},
		"two":                {2, []int{500, 500, 404, 404}},
		"negative is always": {-1, []int{500, 500, 500, 500}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mockserver.New(t)
			c := newClient(t, server)
			server.AddFault(mockserver.Fault{Action: mockserver.ActionStatus, Status: 500, Times: test.times})
			for i, want := range test.want {
				if got := c.call("GET", resourcesPath+"/status", "").status; got != want {
					t.Errorf("call %d has status %d, want %d", i+1, got, want)
				}
			}
			server.ClearFaults()
			c.call("GET", resourcesPath+"/status", "").expect(http.StatusNotFound)
		})
	}
}

func TestFaultMatch(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		match mockserver.Match
		hit   bool
	}{
		"everything":          {mockserver.Match{}, true},
		"method":              {mockserver.Match{Method: "GET"}, true},
		"method in any case":  {mockserver.Match{Method: "get"}, true},
		"another method":      {mockserver.Match{Method: "PUT"}, false},
		"path":                {mockserver.Match{PathPrefix: "/t/bifrost/api/identity"}, true},
		"another path":        {mockserver.Match{PathPrefix: "/t/bifrost/api/server"}, false},
		"organization":        {mockserver.Match{Organization: "bifrost"}, true},
		"other organization":  {mockserver.Match{Organization: "asgard"}, false},
		"all three":           {mockserver.Match{Method: "GET", PathPrefix: "/t/", Organization: "bifrost"}, true},
		"two and a wrong one": {mockserver.Match{Method: "GET", PathPrefix: "/t/", Organization: "asgard"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mockserver.New(t, mockserver.WithOrganization("bifrost", "asgard"))
			c := newClient(t, server)
			server.AddFault(mockserver.Fault{Match: test.match, Action: mockserver.ActionStatus, Status: 500})
			if got := c.call("GET", resourcesPath+"/status", "").status; (got == 500) != test.hit {
				t.Errorf("status %d, want a hit: %v", got, test.hit)
			}
		})
	}
}

func TestFaultsAreTakenInOrder(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)
	for _, status := range []int{500, 502, 503} {
		server.AddFault(mockserver.Fault{Action: mockserver.ActionStatus, Status: status})
	}
	for _, want := range []int{500, 502, 503, 404} {
		c.call("GET", resourcesPath+"/status", "").expect(want)
	}
}

func TestFaultOnTokenRequest(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := anonymous(t, server)
	server.AddFault(mockserver.Fault{
		Match: mockserver.Match{PathPrefix: tokenPath}, Action: mockserver.ActionStatus, Status: 500,
	})
	c.postForm(tokenPath, goodForm()).expect(http.StatusInternalServerError)
	c.postForm(tokenPath, goodForm()).expect(http.StatusOK)
}

func TestFaultLatency(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)
	const latency = 150 * time.Millisecond
	server.AddFault(mockserver.Fault{Action: mockserver.ActionLatency, LatencyMS: int(latency.Milliseconds())})
	start := time.Now()
	c.call("PUT", resourcesPath, putStatus).expect(http.StatusOK)
	if took := time.Since(start); took < latency {
		t.Errorf("answered after %v", took)
	}
	if storedStatus(server) != "false" {
		t.Error("the late request was not processed")
	}

	server.AddFault(mockserver.Fault{Action: mockserver.ActionStatus, Status: 503, LatencyMS: int(latency.Milliseconds())})
	start = time.Now()
	c.call("PUT", resourcesPath, putStatus).expect(http.StatusServiceUnavailable)
	if took := time.Since(start); took < latency {
		t.Errorf("another action with a latency answered after %v", took)
	}
}

func TestCloseEndsLatency(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)
	server.AddFault(mockserver.Fault{Action: mockserver.ActionLatency, LatencyMS: int(time.Hour.Milliseconds())})
	failed := make(chan error, 1)
	go func() {
		_, err := c.try("GET", resourcesPath, "")
		failed <- err
	}()
	for len(server.Faults()) > 0 { // until the request is waiting
		time.Sleep(time.Millisecond)
	}
	server.Close()
	if err := <-failed; err == nil {
		t.Error("the waiting request got an answer")
	}
	server.Close() // a second time is fine
}

func TestFaultDropBefore(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)
	server.ClearRequests()
	server.AddFault(mockserver.Fault{Action: mockserver.ActionDropBefore})
	if r, err := c.tryJSON("PUT", resourcesPath, putStatus); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, %v, want the connection closed", r, err)
	}
	if got := storedStatus(server); got != nil {
		t.Errorf("the dropped request was processed: %v", got)
	}
	if got := server.Requests(); len(got) != 1 || got[0].Status != 0 || got[0].Method != http.MethodPut {
		t.Errorf("journal %+v, want the lost request with status 0", got)
	}
	c.call("PUT", resourcesPath, putStatus).expect(http.StatusOK)
}

func TestFaultDropAfter(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)
	server.ClearRequests()
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "PUT"}, Action: mockserver.ActionDropAfter})
	if r, err := c.tryJSON("PUT", resourcesPath, putStatus); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, %v, want the connection closed", r, err)
	}
	if got := storedStatus(server); got != "false" {
		t.Errorf("the request was not applied: %v", got)
	}
	if got := server.Requests(); len(got) != 1 || got[0].Status != 0 {
		t.Errorf("journal %+v, want status 0", got)
	}
}

func TestFaultTruncate(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)
	for _, request := range [][3]string{
		{"PUT", resourcesPath, putStatus},
		{"DELETE", resourcesPath + "/status", ""}, // has no body to cut, and promises one
	} {
		server.AddFault(mockserver.Fault{Action: mockserver.ActionTruncate})
		if r, err := c.tryJSON(request[0], request[1], request[2]); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: got %v, %v, want an unexpected end", request[0], r, err)
		}
		requests := server.Requests()
		if got := requests[len(requests)-1]; got.Status != http.StatusOK {
			t.Errorf("journal %+v", got)
		}
	}
	if got := storedStatus(server); got != nil {
		t.Errorf("the requests were not applied: %v", got)
	}
	c.call("POST", sendersPath, twilioSender).expect(http.StatusCreated)
	server.AddFault(mockserver.Fault{Action: mockserver.ActionTruncate})
	c.call("DELETE", senderPath, "").expect(http.StatusNoContent) // nothing to truncate in a 204
}

func TestFaultStaleRead(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithState(storedState()))
	c := newClient(t, server)
	enable := func() any {
		t.Helper()
		return c.call("GET", resourcesPath+"/status", "").expect(http.StatusOK).attributes("attributes")["enable"]
	}
	server.AddFault(mockserver.Fault{Action: mockserver.ActionStaleRead})
	if enable() != "true" {
		t.Error("an object that was never written is wrong")
	}
	c.call("PUT", resourcesPath, putStatus).expect(http.StatusOK) // neither this nor the read before uses the fault up
	if got := enable(); got != "true" {
		t.Errorf("the first read after the write has %v, want the old true", got)
	}
	if got := enable(); got != "false" {
		t.Errorf("the second read after the write has %v", got)
	}

	// A single attribute and a deleted object.
	server.AddFault(mockserver.Fault{Action: mockserver.ActionStaleRead})
	if got := c.call("GET", resourcesPath+"/status/enable", "").expect(http.StatusOK).text("value"); got != "true" {
		t.Errorf("stale attribute %q", got)
	}
	c.call("DELETE", resourcesPath+"/status", "").expect(http.StatusOK)
	server.AddFault(mockserver.Fault{Action: mockserver.ActionStaleRead})
	if got := enable(); got != "false" {
		t.Errorf("the deleted object has %v", got)
	}
	c.call("GET", resourcesPath+"/status", "").expectError(http.StatusNotFound, "CONFIGM_00017")

	// An object that was created.
	c.call("PUT", resourcesPath, putStatus).expect(http.StatusOK)
	server.AddFault(mockserver.Fault{Action: mockserver.ActionStaleRead})
	c.call("GET", resourcesPath+"/status", "").expectError(http.StatusNotFound, "CONFIGM_00017")
	if enable() != "false" {
		t.Error("the created object is not there")
	}

	// A change from outside is a write, too.
	server.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].MyAccount["status"]["enable"] = "outside"
	})
	server.AddFault(mockserver.Fault{Action: mockserver.ActionStaleRead})
	if first, second := enable(), enable(); first != "false" || second != "outside" {
		t.Errorf("after an edit from outside: %v, %v", first, second)
	}
}

func TestFaultStaleReadOfSenders(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)
	server.AddFault(mockserver.Fault{Action: mockserver.ActionStaleRead, Times: 2})
	c.call("POST", sendersPath, twilioSender).expect(http.StatusCreated)
	if got := string(c.call("GET", sendersPath, "").expect(http.StatusOK).body); got != "[]" {
		t.Errorf("stale list %s", got)
	}
	c.call("GET", senderPath, "").expectError(http.StatusNotFound, "NSM-60006")
	c.call("GET", senderPath, "").expect(http.StatusOK)
	c.call("DELETE", senderPath, "").expect(http.StatusNoContent)
	server.AddFault(mockserver.Fault{Action: mockserver.ActionStaleRead})
	if got := string(c.call("GET", sendersPath, "").expect(http.StatusOK).body); !strings.Contains(got, "s3cret") {
		t.Errorf("stale list after the deletion: %s", got)
	}
}

func TestFaultExpireTokens(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithOrganization("bifrost", "asgard"))
	c := newClient(t, server)
	other := *c
	other.token = c.fetchToken("asgard", mockserver.AllScopes()...)
	server.AddFault(mockserver.Fault{
		Match: mockserver.Match{Organization: "bifrost"}, Action: mockserver.ActionExpireTokens,
	})
	c.call("GET", resourcesPath+"/status", "").expectGatewayError(http.StatusUnauthorized, "Unauthorized")
	c.call("GET", resourcesPath+"/status", "").expect(http.StatusUnauthorized) // for good
	other.call("GET", "/t/asgard/api/identity/config-mgt/v1.0/resource/myaccount/status", "").expect(http.StatusNotFound)
	c.token = c.fetchToken("bifrost", "internal_config_mgt_view")
	c.call("GET", resourcesPath+"/status", "").expect(http.StatusNotFound)
	for _, request := range server.Requests() {
		if request.ForeignToken {
			t.Errorf("an expired token counts as a foreign one: %+v", request)
		}
	}
}

func TestFaultHTML404AndRedirect(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	c := newClient(t, server)
	server.AddFault(mockserver.Fault{Action: mockserver.ActionHTML404})
	r := c.call("PUT", resourcesPath, putStatus).expect(http.StatusNotFound)
	if got := r.header.Get(mockserver.FaultHeader); got != mockserver.ActionHTML404 {
		t.Errorf("the answer is marked as %q", got)
	}
	if !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") || !strings.Contains(string(r.body), "<html") {
		t.Errorf("%v %s, want a page", r.header, r.body)
	}
	server.AddFault(mockserver.Fault{Action: mockserver.ActionRedirect})
	r = c.call("PUT", resourcesPath, putStatus).expect(http.StatusFound)
	if got := r.header.Get(mockserver.FaultHeader); got != mockserver.ActionRedirect {
		t.Errorf("the answer is marked as %q", got)
	}
	if !strings.HasSuffix(r.header.Get("Location"), "/authenticationendpoint/invalid_tenant_domain.do") {
		t.Errorf("Location %q", r.header.Get("Location"))
	}
	if got := storedStatus(server); got != nil {
		t.Errorf("a refused request was processed: %v", got)
	}
}

func TestFaultThatCannotBePanics(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	server.AddFault(mockserver.Fault{Action: "explode"})
}
