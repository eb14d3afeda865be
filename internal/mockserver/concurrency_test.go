package mockserver_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Many clients of many organizations, an administrator and an observer at once. The race detector is the main judge;
// beyond it, no write may be lost and no organization may see another's.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	const organizations, rounds = 8, 25
	var names []string
	for i := range organizations {
		names = append(names, fmt.Sprintf("org-%d", i))
	}
	server := mockserver.New(t, mockserver.WithOrganization(names...), mockserver.WithLog(io.Discard))
	server.AddFault(mockserver.Fault{
		Match: mockserver.Match{Method: "GET"}, Action: mockserver.ActionLatency, LatencyMS: 1, Times: 20,
	})
	server.AddFault(mockserver.Fault{
		Match: mockserver.Match{Organization: "org-0"}, Action: mockserver.ActionStaleRead, Times: 3,
	})

	var clients, observers sync.WaitGroup
	for _, name := range names {
		c := anonymous(t, server)
		c.token = c.fetchToken(name, mockserver.AllScopes()...)
		base := "/t/" + name + "/api/identity/config-mgt/v1.0/resource/myaccount"
		for worker := range 2 {
			clients.Go(func() {
				for round := range rounds {
					value := fmt.Sprintf("%s/%d/%d", name, worker, round)
					for _, request := range [][3]string{
						{"PUT", base, `{"name":"shared","attributes":[{"key":"a","value":"` + value + `"}]}`},
						{"PUT", base, fmt.Sprintf(`{"name":"own-%d-%d","attributes":[{"key":"a","value":"%s"}]}`, worker, round, value)},
						{"GET", base + "/shared", ""},
						{"GET", "/t/" + name + "/api/server/v1/notification-senders/sms", ""},
					} {
						r, err := c.try(request[0], request[1], request[2], "Content-Type", "application/json", "Authorization",
							"Bearer "+c.token)
						switch {
						case err != nil:
							t.Error(err)
						case r.status == http.StatusNotFound && name == "org-0": // a stale read from before the first write
						case r.status != http.StatusOK:
							t.Errorf("%s %s: %d %s", request[0], request[1], r.status, r.body)
						case strings.HasSuffix(request[1], "/shared") && !strings.Contains(string(r.body), `"value":"`+name+`/`):
							t.Errorf("%s sees %s", name, r.body)
						}
					}
				}
			})
		}
	}
	var stop atomic.Bool
	observers.Go(func() {
		for !stop.Load() {
			server.Update(func(state *mockserver.State) {
				state.Organizations["org-1"].MyAccount["edited"] = mockserver.Attributes{"a": "b"}
			})
			server.State()
			server.Requests()
			server.Faults()
			time.Sleep(time.Millisecond) // leaves the machine to the clients
		}
	})
	clients.Wait()
	stop.Store(true)
	observers.Wait()

	for name, o := range server.State().Organizations {
		want := 2*rounds + 1
		if name == "org-1" {
			want++
		}
		if len(o.MyAccount) != want {
			t.Errorf("%s has %d objects, want %d", name, len(o.MyAccount), want)
		}
	}
	if got, want := len(server.Requests()), organizations*(1+2*rounds*4); got != want {
		t.Errorf("the journal has %d requests, want %d", got, want)
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	if got := mockserver.New(t).CACertificate(); got != "" {
		t.Errorf("a server without TLS has the certificate %q", got)
	}
	server := mockserver.New(t, mockserver.WithTLS())
	if !strings.HasPrefix(server.URL(), "https://127.0.0.1:") {
		t.Fatalf("URL %q", server.URL())
	}
	c := anonymous(t, server)
	if r, err := c.try("GET", "/_mock/state", ""); err == nil {
		t.Errorf("a client that does not trust the certificate got %d", r.status)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(server.CACertificate())) {
		t.Fatalf("not a certificate: %s", server.CACertificate())
	}
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
	}
	t.Cleanup(transport.CloseIdleConnections)
	c.http.Transport = transport
	c.token = c.fetchToken("bifrost", mockserver.AllScopes()...)
	c.call("GET", resourcesPath+"/status", "").expectError(http.StatusNotFound, "CONFIGM_00017")

	// Faults that need the connection work below TLS, too.
	server.AddFault(mockserver.Fault{Action: mockserver.ActionDropAfter})
	if _, err := c.tryJSON("PUT", resourcesPath, putStatus); err == nil {
		t.Error("the dropped request has an answer")
	}
	if storedStatus(server) != "false" {
		t.Error("the dropped request was not applied")
	}
}

// BenchmarkRead reads one object after the other of a thousand organizations.
func BenchmarkRead(b *testing.B) {
	state := mockserver.State{Organizations: map[string]*mockserver.Organization{}}
	var names []string
	for i := range 1000 {
		name := fmt.Sprintf("org-%d", i)
		names = append(names, name)
		state.Organizations[name] = &mockserver.Organization{
			MyAccount: map[string]mockserver.Attributes{"myaccount-2FA-config": twoFactor()},
		}
	}
	server := mockserver.New(b, mockserver.WithState(state))
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	tokens := make([]string, len(names))
	do := func(method, path, body, token string) string {
		request, err := http.NewRequestWithContext(b.Context(), method, server.URL()+path, strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		request.Header.Set("Content-Type", formType)
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		defer response.Body.Close()
		content, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			b.Fatalf("%s: %d %s %v", path, response.StatusCode, content, err)
		}
		return string(content)
	}
	for i, name := range names {
		answer := do("POST", "/t/"+name+"/oauth2/token", goodForm().Encode(), "")
		_, rest, _ := strings.Cut(answer, `"access_token":"`)
		tokens[i], _, _ = strings.Cut(rest, `"`)
	}
	server.ClearRequests()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		n := i % len(names)
		do("GET", "/t/"+names[n]+"/api/identity/config-mgt/v1.0/resource/myaccount/myaccount-2FA-config", "", tokens[n])
	}
}
