package asgardeo

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/contract"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// TestMain draws the same random sequences in every run, and fails the run when a goroutine is left over.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// The paths of the organization "bifrost", below the base URL.
const (
	bifrost       = "bifrost"
	tokenPath     = "/t/bifrost/oauth2/token"
	storeAt       = "/t/bifrost" + storePath
	statusAt      = storeAt + "/status"
	twoFactorAt   = storeAt + "/myaccount-2FA-config"
	enrollmentAt  = storeAt + "/myaccount-TOTP-config"
	testUserAgent = "terraform-provider-asgardeo/1.2.3 Terraform/1.14.0"
)

// configFor is a client's configuration with everything a test wants quick.
func configFor(t *testing.T, baseURL string) Config {
	t.Helper()
	endpoint, err := ParseBaseURL(baseURL)
	if err != nil {
		t.Fatalf("the base URL %q: %v", baseURL, err)
	}
	return Config{
		Endpoint:       endpoint,
		Credentials:    Credentials{ClientID: mockserver.DefaultClientID, ClientSecret: mockserver.DefaultClientSecret},
		RequestTimeout: 10 * time.Second,
		MaxRetries:     2,
		RetryWaitMin:   time.Millisecond,
		UserAgent:      testUserAgent,
	}
}

// open returns the organization "bifrost" of a new client. Its connections end with the test.
func open(t *testing.T, config Config) *Organization {
	t.Helper()
	client := New(config)
	t.Cleanup(innermost(client).(interface{ CloseIdleConnections() }).CloseIdleConnections)
	return organizationOf(t, client, bifrost)
}

func organizationOf(t *testing.T, client *Client, name string) *Organization {
	t.Helper()
	organization, err := client.Organization(name)
	if err != nil {
		t.Fatalf("the organization %q: %v", name, err)
	}
	return organization
}

func transportOf(client *http.Client) *transport {
	return client.Transport.(*transport)
}

// innermost digs out the connection with what a test put around it.
func innermost(client *Client) http.RoundTripper {
	return transportOf(client.http).connection
}

// connectionOf digs out the connection around which nothing was put.
func connectionOf(client *Client) *http.Transport {
	return innermost(client).(*http.Transport)
}

// openMock returns the organization of a client of a new mock server. All that they exchange has to be as documented.
func openMock(t *testing.T, options ...mockserver.Option) (*mockserver.Server, *Organization) {
	t.Helper()
	server := mockserver.New(t, options...)
	config := configFor(t, server.URL())
	config.Wrap = contract.Check(t)
	return server, open(t, config)
}

// switchOff is a write of one setting of one document.
func switchOff(ctx context.Context, organization *Organization) (Written, error) {
	return change(ctx, organization.MyAccount(portal.ClassicAPI), portal.Settings{portal.PortalEnabled: portal.Off})
}

// change is a write that reads no other settings than it changes.
func change(ctx context.Context, account *MyAccount, want portal.Settings) (Written, error) {
	return account.Write(ctx, slices.Sorted(maps.Keys(want)), always(want))
}

// readSwitch is a read of one setting of one document.
func readSwitch(ctx context.Context, organization *Organization) (*Reading, error) {
	return organization.MyAccount(portal.ClassicAPI).Read(ctx, portal.PortalEnabled)
}

// seed stores objects as an administrator would in the Console.
func seed(server *mockserver.Server, objects map[string]mockserver.Attributes) {
	server.Update(func(state *mockserver.State) { state.Organizations[bifrost].MyAccount = objects })
}

func storedIn(server *mockserver.Server, name string) mockserver.Attributes {
	return server.State().Organizations[bifrost].MyAccount[name]
}

// calls lists what the mock server was asked, as "GET /path", oldest first.
func calls(server *mockserver.Server) []string {
	list := []string{}
	for _, request := range server.Requests() {
		list = append(list, request.Method+" "+request.Path)
	}
	return list
}

func count(list []string, what string) int {
	n := 0
	for _, element := range list {
		if element == what {
			n++
		}
	}
	return n
}

// failureOf returns the *Error that every failed call must be.
func failureOf(t *testing.T, err error) *Error {
	t.Helper()
	var failure *Error
	if !errors.As(err, &failure) {
		t.Fatalf("the error is %v (%T), want an *Error", err, err)
	}
	return failure
}

func poolOf(t *testing.T, pem string) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(pem)) {
		t.Fatal("the certificate cannot be read")
	}
	return pool
}

// reply is an answer written by hand, so that a mistake which client and mock server share cannot hide.
type reply struct {
	status int
	header map[string]string
	body   string
}

func (r reply) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if _, set := r.header["Content-Type"]; !set && strings.HasPrefix(strings.TrimSpace(r.body), "{") {
		w.Header().Set("Content-Type", "application/json")
	}
	for name, value := range r.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(r.status)
	_, _ = io.WriteString(w, r.body) // a client that has gone away is the test's business
}

// dropped closes the connection without an answer.
var dropped = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })

// received is one request as it arrived.
type received struct {
	method, path, body string
	header             http.Header
}

// script answers calls of the API one after the other, the last answer again and again. The token endpoint grants
// everything unless it has an answer of its own.
type script struct {
	*httptest.Server
	token http.Handler

	mutex    sync.Mutex
	answers  []http.Handler
	requests []received
}

const grantedToken = "token-of-the-script"

func serve(t *testing.T, answers ...http.Handler) *script {
	t.Helper()
	s := &script{answers: answers}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	s.mutex.Lock()
	s.requests = append(s.requests, received{r.Method, r.URL.Path, string(body), r.Header.Clone()})
	var answer http.Handler
	switch {
	case !strings.HasSuffix(r.URL.Path, "/oauth2/token"):
		answer = s.answers[0]
		if len(s.answers) > 1 {
			s.answers = s.answers[1:]
		}
	case s.token != nil:
		answer = s.token
	default:
		answer = tokenReply(grantedToken, strings.Join(Scopes, " "))
	}
	s.mutex.Unlock()
	answer.ServeHTTP(w, r)
}

// seen returns the requests so far; of the API only, or of the token endpoint only.
func (s *script) seen(token bool) []received {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var list []received
	for _, request := range s.requests {
		if strings.HasSuffix(request.path, "/oauth2/token") == token {
			list = append(list, request)
		}
	}
	return list
}

func tokenReply(token, scope string) reply {
	body, err := json.Marshal(
		map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": scope},
	)
	if err != nil {
		panic(err)
	}
	return reply{status: http.StatusOK, body: string(body)}
}

// stored is an answer of the configuration store, with all that the real one sends along.
func stored(name, attributes string) reply {
	return reply{status: http.StatusOK, body: `{"resourceId":"5a9f8d2e-0b5c-4b0e-9c3a-0d6f1c7e2b11",` +
		`"tenantDomain":"bifrost","resourceName":"` + name +
		`","resourceType":"myaccount","created":"2019-02-07T11:37:45.815Z","lastModified":"2026-01-02T03:04:05.123456Z",` +
		`"attributes":` + attributes +
		`,"files":[{"rel":"file","href":"/t/bifrost/api/identity/config-mgt/v1.0/resource/myaccount/` + name + `/file"}],` +
		`"somethingNew":{"a":[1,null]}}`}
}
