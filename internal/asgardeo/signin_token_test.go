package asgardeo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

const awkwardSecret = `:+/%&= "ü\<` + "\t" + `100%25`

func TestNothingIsSentBeforeTheFirstCall(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	if _, known := organization.granted(); known {
		t.Error("scopes are known before there is a token")
	}
	if got := calls(server); len(got) != 0 {
		t.Errorf("calls %v", got)
	}
}

func TestOneTokenForManyGoroutines(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	server.AddFault(
		mockserver.Fault{Match: mockserver.Match{PathPrefix: tokenPath}, Action: mockserver.ActionLatency, LatencyMS: 50},
	)
	var group sync.WaitGroup
	for i := range 20 {
		setting := []portal.Setting{portal.PortalEnabled, portal.TOTP, portal.TOTPEnrollment}[i%3]
		group.Go(func() {
			if _, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), setting); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := count(calls(server), "POST "+tokenPath); got != 1 {
		t.Errorf("%d tokens, want 1", got)
	}
}

func TestTokenRequest(t *testing.T) {
	t.Parallel()
	server := serve(t, stored("status", `[]`))
	config := configFor(t, server.URL)
	config.Credentials = Credentials{ClientID: "id+with/odd=characters", ClientSecret: awkwardSecret}
	if _, err := open(t, config).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
		t.Fatal(err)
	}
	got := server.seen(true)
	if len(got) != 1 {
		t.Fatalf("%d token requests", len(got))
	}
	request := got[0]
	if request.method != http.MethodPost || request.path != tokenPath {
		t.Errorf("the request is %s %s", request.method, request.path)
	}
	if got := request.header.Get("Authorization"); got != "" {
		t.Errorf("credentials are in the header, which the server does not percent-decode: %q", got)
	}
	if got := request.header.Get("Content-Type"); got != "application/x-www-form-urlencoded" {
		t.Errorf("Content-Type is %q", got)
	}
	if got := request.header.Get("User-Agent"); got != testUserAgent {
		t.Errorf("User-Agent is %q, want that of every other call", got)
	}
	form, err := url.ParseQuery(request.body)
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {"id+with/odd=characters"}, "client_secret": {awkwardSecret},
		"scope": {"internal_application_mgt_view internal_application_mgt_update internal_application_script_update " +
			"internal_authenticator_view " +
			"internal_config_mgt_view internal_config_mgt_update internal_notification_senders_view " +
			"internal_notification_senders_create internal_notification_senders_update internal_notification_senders_delete"},
	}
	if diff := cmp.Diff(want, form); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}
	if got := server.seen(false)[0].header.Get("Authorization"); got != "Bearer "+grantedToken {
		t.Errorf("the call's Authorization is %q", got)
	}
}

func TestAwkwardSecretSignsIn(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithClient("id", awkwardSecret))
	config := configFor(t, server.URL())
	config.Credentials = Credentials{ClientID: "id", ClientSecret: awkwardSecret}
	if _, err := open(t, config).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
		t.Fatal(err)
	}
	config.Credentials.ClientSecret += "x"
	_, err := open(t, config).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
	if failure := failureOf(t, err); failure.Kind != BadCredentials {
		t.Errorf("with a wrong secret: %+v", failure)
	}
}

func TestGrantedScopes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ authorized, want []string }{
		"some": {[]string{ScopeViewSettings, "internal_login"}, []string{ScopeViewSettings}},
		"all":  {nil, Scopes},
	} {
		server := mockserver.New(t, mockserver.WithState(mockserver.State{
			Organizations: map[string]*mockserver.Organization{bifrost: {Scopes: test.authorized}},
		}))
		organization := open(t, configFor(t, server.URL()))
		if _, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
			t.Fatal(err)
		}
		got, known := organization.granted()
		if !known || !slices.Equal(got, texts(test.want)) {
			t.Errorf("%s: granted %q, known %t", name, got, known)
		}
	}
}

func TestRejectedTokenIsRefreshedOnce(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	if _, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
		t.Fatal(err)
	}
	server.ClearRequests()
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET"}, Action: mockserver.ActionExpireTokens})
	if _, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
		t.Fatal(err)
	}
	want := []string{"GET " + statusAt, "POST " + tokenPath, "GET " + statusAt}
	if diff := cmp.Diff(want, calls(server)); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}

	// The new token is refused as well: that is the answer, and there is no third.
	server.ClearRequests()
	server.AddFault(
		mockserver.Fault{Match: mockserver.Match{Method: "GET"}, Times: -1, Action: mockserver.ActionExpireTokens},
	)
	_, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
	failure := failureOf(t, err)
	if failure.Kind != TokenRejected || failure.Status != http.StatusUnauthorized || failure.Code != "401" ||
		failure.Attempts != 2 {
		t.Errorf("the error is %+v", failure)
	}
	if diff := cmp.Diff(want, calls(server)); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestRejectedTokenOfManyIsRefreshedOnce(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	if _, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
		t.Fatal(err)
	}
	server.ClearRequests()
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET"}, Action: mockserver.ActionExpireTokens})
	server.AddFault(
		mockserver.Fault{Match: mockserver.Match{Method: "GET"}, Times: 2, Action: mockserver.ActionLatency, LatencyMS: 50},
	)
	server.AddFault(
		mockserver.Fault{Match: mockserver.Match{PathPrefix: tokenPath}, Action: mockserver.ActionLatency, LatencyMS: 50},
	)
	var group sync.WaitGroup
	for _, setting := range []portal.Setting{portal.PortalEnabled, portal.TOTP, portal.TOTPEnrollment} {
		group.Go(func() {
			if _, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), setting); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := count(calls(server), "POST "+tokenPath); got != 1 {
		t.Errorf("%d tokens, want 1", got)
	}
}

func TestRejectedTokenOfAWriteIsRefreshed(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "PUT"}, Action: mockserver.ActionExpireTokens})
	if _, err := switchOff(t.Context(), organization); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"POST " + tokenPath, "GET " + statusAt, "PUT " + storeAt, "POST " + tokenPath, "GET " + statusAt, "PUT " + storeAt,
	}
	if diff := cmp.Diff(want, calls(server)); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if got := storedIn(server, "status")["enable"]; got != "false" {
		t.Errorf("stored is %v", got)
	}
}

func TestRefreshThatFailsIsTheError(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	if _, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
		t.Fatal(err)
	}
	server.Update(func(state *mockserver.State) { state.Organizations[bifrost].ClientSecret = "rotated" })
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET"}, Action: mockserver.ActionExpireTokens})
	_, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
	failure := failureOf(t, err)
	if failure.Kind != BadCredentials || failure.Doing != "read the My Account settings" ||
		!strings.HasSuffix(failure.URL, tokenPath) {
		t.Errorf("the error is %+v", failure)
	}
}

// roundTripper stands in for the network in tests on virtual time.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// answerWith makes a response without a network.
func answerWith(request *http.Request, r reply) *http.Response {
	header := http.Header{"Content-Type": {"application/json"}}
	for name, value := range r.header {
		header.Set(name, value)
	}
	return &http.Response{
		StatusCode: r.status, Header: header, Body: io.NopCloser(strings.NewReader(r.body)), Request: request,
	}
}

// offline is a client whose requests end in answer instead of the network.
func offline(config Config, answer roundTripper) *Client {
	config.Endpoint = Endpoint{api: "https://is.example.com"}
	client := New(config)
	transportOf(client.http).connection = answer
	return client
}

func TestTokenIsUsedUntilShortlyBeforeItExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tokens := 0
		client := offline(Config{
			Credentials: Credentials{ClientID: "id", ClientSecret: "secret"}, RequestTimeout: time.Minute,
		},
			func(request *http.Request) (*http.Response, error) {
				if strings.HasSuffix(request.URL.Path, "/oauth2/token") {
					tokens++
					return answerWith(request, tokenReply("token", "")), nil
				}
				return answerWith(request, stored("status", `[]`)), nil
			})
		organization := organizationOf(t, client, bifrost)
		start := time.Now()
		for _, step := range []struct {
			after time.Duration
			want  int
		}{
			{0, 1}, {time.Minute, 1}, {3589 * time.Second, 1}, {3591 * time.Second, 2}, {2 * 3580 * time.Second, 2},
			{3 * 3600 * time.Second, 3},
		} {
			time.Sleep(time.Until(start.Add(step.after)))
			if _, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
				t.Fatal(err)
			}
			if tokens != step.want {
				t.Errorf("after %s: %d tokens, want %d", step.after, tokens, step.want)
			}
		}
	})
}

func TestStaticAccessToken(t *testing.T) {
	t.Parallel()
	server := serve(t, stored("status", `[]`))
	config := configFor(t, server.URL)
	config.Credentials.AccessToken = "ready-made"
	organization := open(t, config)
	if _, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
		t.Fatal(err)
	}
	if got := server.seen(false)[0].header.Get("Authorization"); got != "Bearer ready-made" {
		t.Errorf("Authorization is %q", got)
	}
	if _, known := organization.granted(); known {
		t.Error("nobody said what a ready-made token allows")
	}

	// Refused, it stays refused: nothing could replace it.
	refusing := serve(t, gateway401)
	config = configFor(t, refusing.URL)
	config.Credentials.AccessToken = "ready-made"
	_, err := open(t, config).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
	if failure := failureOf(t, err); failure.Kind != TokenRejected || failure.Attempts != 1 {
		t.Errorf("the error is %+v", failure)
	}
	for _, s := range []*script{server, refusing} {
		if n := len(s.seen(true)); n != 0 {
			t.Errorf("%d calls of the token endpoint", n)
		}
		if n := len(s.seen(false)); n != 1 {
			t.Errorf("%d calls of the API, want 1", n)
		}
	}
}

func TestWaitingForATokenCanBeCancelled(t *testing.T) {
	t.Parallel()
	release, arrived := make(chan struct{}), make(chan struct{})
	server := serve(t, stored("status", `[]`))
	server.token = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-release
		tokenReply(grantedToken, "").ServeHTTP(w, r)
	})
	organization := open(t, configFor(t, server.URL))
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
			t.Error(err)
		}
	})
	<-arrived
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := organization.MyAccount(portal.ClassicAPI).Write(ctx, []portal.Setting{portal.PortalEnabled}, always(nil))
	if failure := failureOf(t, err); failure.Kind != TimedOut || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %+v", failure)
	}
	close(release)
	group.Wait()
}

func TestFirstCallerThatGivesUpDoesNotFailTheOthers(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	first := true
	server := serve(t, stored("status", `[]`))
	server.token = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if first {
			first = false
			close(arrived)
			<-r.Context().Done()
			return
		}
		tokenReply(grantedToken, "").ServeHTTP(w, r)
	})
	organization := open(t, configFor(t, server.URL))
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		_, err := organization.MyAccount(portal.ClassicAPI).Write(ctx, []portal.Setting{portal.PortalEnabled}, always(nil))
		if failure := failureOf(t, err); failure.Kind != TimedOut {
			t.Errorf("the first caller's error is %+v", failure)
		}
	})
	<-arrived
	group.Go(func() {
		if _, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
			t.Error(err)
		}
	})
	time.Sleep(20 * time.Millisecond)
	cancel()
	group.Wait()
}

// A sign-in that fails takes up to minutes and counts as a failed attempt of the application: those who waited for it
// share the failure instead of repeating it one after the other.
func TestFailedSignInIsShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		client := offline(Config{
			Credentials: Credentials{ClientID: "id", ClientSecret: "wrong-secret"}, RequestTimeout: time.Minute,
		},
			func(request *http.Request) (*http.Response, error) {
				requests++
				time.Sleep(time.Second)
				return answerWith(request, reply{status: http.StatusUnauthorized, body: invalidClient}), nil
			})
		organization := organizationOf(t, client, bifrost)
		var group sync.WaitGroup
		for doing, act := range map[string]func() error{
			"read the My Account settings": func() error {
				_, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
				return err
			},
			"read the SMS senders": func() error {
				_, err := organization.SMSSender(t.Context())
				return err
			},
		} {
			group.Go(func() {
				failure := failureOf(t, act())
				if failure.Kind != BadCredentials || failure.Doing != doing || failure.Status != http.StatusUnauthorized ||
					failure.Attempts != 1 {
					t.Errorf("%s: the error is %+v", doing, failure)
				}
			})
		}
		group.Wait()
		if requests != 1 {
			t.Errorf("%d sign-ins, want 1", requests)
		}
		if _, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err == nil ||
			requests != 2 {
			t.Errorf("a later call: %v, %d sign-ins: a failure must not be kept", err, requests)
		}
	})
}

func TestIssuedToken(t *testing.T) {
	t.Parallel()
	server, organization := openMock(t)
	before := time.Now()
	token, err := organization.IssueToken(t.Context(), []string{ScopeViewSettings, "no_such_scope"})
	if err != nil {
		t.Fatal(err)
	}
	if token.Value == "" || !slices.Equal(token.Scopes, []redact.Text{ScopeViewSettings}) {
		t.Errorf("granted %q", token.Scopes)
	}
	if life := token.ExpiresAt.Sub(before); life < 59*time.Minute || life > 61*time.Minute {
		t.Errorf("good for %s", life)
	}
	if again, err := organization.IssueToken(t.Context(), nil); err != nil || again.Value == token.Value {
		t.Errorf("a second token: %v, the same %t", err, again.Value == token.Value)
	}
	// It works, and for what it was granted only.
	config := configFor(t, server.URL())
	config.Credentials = Credentials{AccessToken: token.Value}
	other := open(t, config)
	if _, err := other.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
		t.Error(err)
	}
	_, err = switchOff(t.Context(), other)
	if failure := failureOf(t, err); failure.Kind != MissingScope {
		t.Errorf("a write: %+v", failure)
	}
	_, err = other.IssueToken(t.Context(), nil)
	if failure := failureOf(t, err); failure.Kind != NoCredentials || failure.Doing != "get an access token" {
		t.Errorf("with an access token: %+v", failure)
	}
	config = configFor(t, server.URL())
	config.Credentials.ClientSecret = "wrong"
	_, err = open(t, config).IssueToken(t.Context(), nil)
	if failure := failureOf(t, err); failure.Kind != BadCredentials || failure.Status != http.StatusUnauthorized ||
		failure.Doing != "get an access token" {
		t.Errorf("with a wrong secret: %+v", failure)
	}
}

func TestWrapSeesEveryAttempt(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t)
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "GET"}, Action: mockserver.ActionStatus, Status: 503})
	var seen []string
	config := configFor(t, server.URL())
	config.Wrap = func(next http.RoundTripper) http.RoundTripper {
		t.Cleanup(next.(*http.Transport).CloseIdleConnections)
		return roundTripper(func(request *http.Request) (*http.Response, error) {
			seen = append(seen, request.Method+" "+request.URL.Path)
			return next.RoundTrip(request)
		})
	}
	if _, err := organizationOf(t, New(config), bifrost).MyAccount(portal.ClassicAPI).Read(
		t.Context(), portal.PortalEnabled,
	); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"POST " + tokenPath, "GET " + statusAt, "GET " + statusAt}, seen); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
}

// TestSwappedCredentials: a server repeats an unknown client id, which may be the secret.
func TestSwappedCredentials(t *testing.T) {
	t.Parallel()
	const id, secret = "kSZ7RQlzY7nRkZt2P1lZmxVd2fka", "9sK3jdh-39sdh83hJDK39dj20sla-9d8sKq2lmzXp0a"
	for _, test := range []struct {
		name        string
		credentials Credentials
		swapped     bool
		hidden      bool
	}{
		{"the right way round", Credentials{ClientID: id, ClientSecret: secret}, false, false},
		{"swapped", Credentials{ClientID: secret, ClientSecret: id}, true, true},
		{"a secret that looks like an id", Credentials{ClientID: id, ClientSecret: "a" + id}, false, true},
		{"ids of a test", Credentials{ClientID: "terraform", ClientSecret: "s"}, false, false},
		{"a key", Credentials{ClientID: "a-client-of-mine-with-a-key"}, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusUnauthorized)
				_, _ = fmt.Fprintf(
					w, `{"error":"invalid_client","error_description":"A valid OAuth client could not be found for client_id: %s"}`,
					url.QueryEscape(r.FormValue("client_id")),
				)
			}))
			t.Cleanup(server.Close)
			endpoint, err := ParseBaseURL(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			organization, err := New(
				Config{Endpoint: endpoint, Credentials: test.credentials, RequestTimeout: DefaultRequestTimeout},
			).Organization("bifrost")
			if err != nil {
				t.Fatal(err)
			}
			_, err = organization.IssueToken(t.Context(), nil)
			failure, ok := errors.AsType[*Error](err)
			if !ok || failure.Kind != BadCredentials {
				t.Fatalf("got %v", err)
			}
			hidden := !strings.Contains(err.Error(), test.credentials.ClientID)
			if failure.Swapped != test.swapped || hidden != test.hidden {
				t.Errorf("swapped %t, hidden %t: %v", failure.Swapped, hidden, err)
			}
		})
	}
}
