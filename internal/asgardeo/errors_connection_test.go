package asgardeo

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// What keeps an answer from arriving, sorted by what has to be done about it.

func TestWrongScheme(t *testing.T) {
	t.Parallel()
	speaksHTTP := serve(t, stored("status", `[]`))
	talking := func(body string) string {
		server := serve(t, stored("status", `[]`))
		server.token = reply{400, map[string]string{"Content-Type": "text/plain"}, body}
		return server.URL
	}
	redirecting := func(status int, to string) string {
		server := serve(t, stored("status", `[]`))
		server.token = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, port, _ := net.SplitHostPort(r.Host)
			w.Header().Set("Location", strings.ReplaceAll(to, "PORT", port))
			w.WriteHeader(status)
		})
		return server.URL
	}
	// A server that reads the request as a whole: one that hangs up on unread data may lose its answer.
	answering := func(answer string) string {
		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for {
				connection, err := listener.Accept()
				if err != nil {
					return
				}
				_, _ = connection.Read(make([]byte, 4096))
				_, _ = connection.Write([]byte(answer))
				_ = connection.Close()
			}
		}()
		return "http://" + listener.Addr().String()
	}
	swap := func(address, from, to string) string { return strings.Replace(address, from, to, 1) }
	for name, test := range map[string]struct {
		url, reason string
		kind        Kind
	}{
		"https where http is spoken": {
			swap(speaksHTTP.URL, "http:", "https:"), "it speaks http there", WrongScheme,
		},
		"http where https is spoken": {
			answering("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"),
			"it speaks https there", WrongScheme,
		},
		"http where https is spoken, WSO2": {
			talking("Bad Request\r\nThis combination of host and port requires TLS.\r\n"), "it speaks https there", WrongScheme,
		},
		"http where https is spoken, nginx": {
			talking("<center>The plain HTTP request was sent to HTTPS port</center>"), "it speaks https there", WrongScheme,
		},
		"http where only TLS is spoken": {
			answering("\x15\x03\x01\x00\x02\x02\x46"), "it speaks https there", WrongScheme,
		},
		"redirect to https, 301": {
			redirecting(301, "https://127.0.0.1:PORT/t"), "it redirects to https://127.0.0.1:", WrongScheme,
		},
		"redirect to https, 302": {
			redirecting(302, "https://127.0.0.1:9443/t"), "it redirects to https://127.0.0.1:9443", WrongScheme,
		},
		"redirect to https, 307": {
			redirecting(307, "https://127.0.0.1/t?code=one-time"), "it redirects to https://127.0.0.1", WrongScheme,
		},
		"redirect to https, 308": {
			redirecting(308, "https://127.0.0.1/t"), "it redirects to https://127.0.0.1", WrongScheme,
		},
		"control: 400 for another reason": {
			talking("Bad Request"), "an answer of type text/plain that is not the JSON expected", NotAPI,
		},
		"control: redirect to another host": {
			redirecting(302, "https://login.example.com/sso?code=one-time"), "a redirect to https://login.example.com",
			UnknownOrganization,
		},
		"control: redirect to another page": {
			redirecting(308, "/login?code=one-time"), "a redirect to /login", UnknownOrganization,
		},
		"control: redirect to the page for unknown ones": {
			redirecting(302, "https://127.0.0.1/authenticationendpoint/invalid_tenant_domain.do"), "", UnknownOrganization,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := open(t, configFor(t, test.url)).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
			failure := failureOf(t, err)
			if failure.Kind != test.kind || failure.Attempts != 1 || !strings.HasPrefix(string(failure.Reason), test.reason) {
				t.Errorf("kind %d, want %d: %+v", failure.Kind, test.kind, failure)
			}
			if strings.Contains(failure.Error(), "one-time") {
				t.Errorf("the query of a redirect is repeated: %s", failure)
			}
		})
	}
}

func TestTokenEndpointThatIsNotThere(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		reply reply
		want  Kind
	}{
		"HTML":               {reply{404, htmlType, htmlPage}, UnknownOrganization},
		"JSON of the server": {reply{404, jsonUTF8, unknownTenant}, UnknownOrganization},
		"nothing":            {reply{404, nil, ""}, NotAPI},
		"text": {
			reply{404, map[string]string{"Content-Type": "text/plain"}, "404 page not found"}, NotAPI,
		},
		"JSON of something else": {
			reply{404, jsonUTF8, `{"timestamp":1,"status":404,"error":"Not Found","path":"/foo"}`}, NotAPI,
		},
		"JSON with a textual code": {reply{404, jsonUTF8, `{"code":"NOT_FOUND","message":"no route"}`}, NotAPI},
	} {
		server := serve(t, stored("status", `[]`))
		server.token = test.reply
		_, err := readSwitch(t.Context(), open(t, configFor(t, server.URL)))
		if failure := failureOf(t, err); failure.Kind != test.want {
			t.Errorf("%s: kind %d, want %d: %+v", name, failure.Kind, test.want, failure)
		}
	}
}

func TestProxyThatRefuses(t *testing.T) {
	t.Parallel()
	answering := func(status int) string {
		proxy := httptest.NewServer(reply{status: status})
		t.Cleanup(proxy.Close)
		return proxy.URL
	}
	for name, test := range map[string]struct {
		server, proxy, reason string
		attempts              int
	}{
		"https, asks for credentials": {
			"https://is.example.com", answering(407), "the proxy refused it with HTTP status 407 Proxy Authentication Required",
			1,
		},
		"http, asks for credentials": {
			"http://is.example.com", answering(407), "the proxy refused it with HTTP status 407 Proxy Authentication Required",
			1,
		},
		"https, not allowed": {
			"https://is.example.com", answering(403), "the proxy refused it with HTTP status 403 Forbidden", 1,
		},
		"https, no way to the server": {
			"https://is.example.com", answering(502), "the proxy refused it with HTTP status 502 Bad Gateway", 3,
		},
		"https, no proxy there": {
			"https://is.example.com", "http://127.0.0.1:1",
			"the proxy cannot be reached: no connection to 127.0.0.1:1: connection refused", 3,
		},
		"http, no proxy there": {
			"http://is.example.com", "http://127.0.0.1:1",
			"the proxy cannot be reached: no connection to 127.0.0.1:1: connection refused", 3,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := New(configFor(t, test.server))
			connection := connectionOf(client)
			t.Cleanup(connection.CloseIdleConnections)
			connection.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(test.proxy) }
			organization := organizationOf(t, client, bifrost)
			_, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
			failure := failureOf(t, err)
			if failure.Kind != ProxyRefused || string(failure.Reason) != test.reason || failure.Attempts != test.attempts {
				t.Errorf("the error is %+v after %d attempts", failure, failure.Attempts)
			}
			// The request did not get any further, so nothing is left open about a change.
			organization.tokens.AccessToken = "ready-made"
			if err := (classicStore{organization}).write(t.Context(), object{}, object{}); err == nil || IsUnsettled(err) {
				t.Errorf("a change that no proxy passed on counts as perhaps applied: %v", err)
			}
		})
	}
}

// certify makes a certificate that signs itself.
func certify(t *testing.T, name string, until time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: until.Add(-time.Hour), NotAfter: until, IsCA: true, BasicConstraintsValid: true,
	}
	encoded, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(encoded)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{encoded}, PrivateKey: key}, pool
}

// serveTLS starts a server with a certificate and returns its address.
func serveTLS(t *testing.T, certificate tls.Certificate) string {
	t.Helper()
	server := httptest.NewUnstartedServer(stored("status", `[]`))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	good, pool := certify(t, "is.example.com", time.Now().Add(time.Hour))
	expired, expiredPool := certify(t, "is.example.com", time.Now().Add(-time.Minute))
	_, otherPool := certify(t, "is.example.com", time.Now().Add(time.Hour))
	for name, test := range map[string]struct {
		certificate tls.Certificate
		roots       *x509.CertPool
		host        string
		kind        Kind
		reason      string
		own         bool
	}{
		"another name": {
			good, pool, "localhost", CertificateName, "certificate is valid for is.example.com, not localhost", true,
		},
		"expired": {
			expired, expiredPool, "127.0.0.1", CertificateExpired, "certificate has expired or is not yet valid: current time ",
			true,
		},
		"another authority":  {good, otherPool, "127.0.0.1", Untrusted, "certificate signed by unknown authority", true},
		"no authority given": {good, nil, "127.0.0.1", Untrusted, "certificate signed by unknown authority", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := configFor(t, strings.Replace(serveTLS(t, test.certificate), "127.0.0.1", test.host, 1))
			config.RootCAs = test.roots
			config.Credentials = Credentials{AccessToken: "ready-made"}
			_, err := open(t, config).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
			failure := failureOf(t, err)
			if failure.Kind != test.kind || !strings.HasPrefix(string(failure.Reason), test.reason) ||
				failure.OwnCAs != test.own || failure.Attempts != 1 {
				t.Errorf("kind %d, want %d, own authorities %t: %+v", failure.Kind, test.kind, failure.OwnCAs, failure)
			}
		})
	}
	config := configFor(t, serveTLS(t, good))
	config.RootCAs, config.Credentials = pool, Credentials{AccessToken: "ready-made"}
	if _, err := open(t, config).MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled); err != nil {
		t.Errorf("a good certificate: %v", err)
	}
}

// The provider's own words are told as they are, however short a secret is; what came from outside is cleaned.
func TestOwnWordsAreNotRedacted(t *testing.T) {
	t.Parallel()
	clean := func(text string) redact.Text { return redact.Clean(text, []string{"a"}) }
	tooLate := ownError{reason: redact.Phrase("no answer within %v", 30*time.Second)}
	for want, err := range map[string]error{
		"no answer within 30s":                                     tooLate,
		"the answer was cut short":                                 errCutShort,
		"it speaks http there":                                     fmt.Errorf("x: %w", http.ErrSchemeMismatch),
		`the name service knows no host "is.ex(redacted)mple.com"`: &net.DNSError{Name: "is.example.com", IsNotFound: true},
		"no connection: ple(redacted)se":                           &net.OpError{Op: "dial", Err: errors.New("please")},
	} {
		if _, got := describeConnection(err, clean); string(got) != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	header := func(name, value string) http.Header { return http.Header{name: {value}} }
	for want, answer := range map[string]outcome{
		"an empty answer": {response: &http.Response{StatusCode: http.StatusUnauthorized}},
		"a redirect to /p(redacted)ge": {response: &http.Response{
			StatusCode: http.StatusFound, Header: header("Location", "/page"),
			Request: &http.Request{URL: &url.URL{}},
		}},
		"an answer of type text/pl(redacted)in that is not the JSON expected": {
			body:     []byte("x"),
			response: &http.Response{StatusCode: http.StatusNotFound, Header: header("Content-Type", "text/plain")},
		},
	} {
		if got := answer.inWords(clean); string(got) != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestWhereARedirectLeads: to another server, of which scheme, host and port are told, or to a page of the same one.
func TestWhereARedirectLeads(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{
		"/login?code=one-time":                  "/login",
		"http://h.example/login?code=one-time":  "/login",
		"https://h.example/login?code=one-time": "https://h.example",
		"http://h.example:8080/login":           "http://h.example:8080",
		"http://i.example/login":                "http://i.example",
		"":                                      "an unreadable address",
	} {
		response := &http.Response{
			Header:  http.Header{"Location": {location}},
			Request: &http.Request{URL: &url.URL{Scheme: "http", Host: "h.example", Path: "/x"}},
		}
		if got := redirectTarget(response); got != want {
			t.Errorf("%q leads to %q, want %q", location, got, want)
		}
	}
}

// TestCallerWhoGivesUpHearsOfTheLastRefusal, be it the mildest one, and of no answer that was none.
func TestCallerWhoGivesUpHearsOfTheLastRefusal(t *testing.T) {
	t.Parallel()
	organization := newOrganization(New(Config{}), bifrost, Credentials{AccessToken: "ready-made"})
	for status, want := range map[int]int{399: 0, 400: 400} {
		tries := &attempts{clean: organization.clean, last: outcome{response: &http.Response{StatusCode: status}}}
		failure := organization.noAnswer(Error{}, tries, context.Canceled)
		if failure.Kind != TimedOut || failure.Status != want {
			t.Errorf("after %d: %+v", status, failure)
		}
	}
}

func TestWhatDoesNotGetBetterByWaiting(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"a proxy that wants credentials": {proxyRefusal(407), true},
		"a proxy that is busy":           {proxyRefusal(429), false},
		"a proxy that fails":             {proxyRefusal(500), false},
		"no such host":                   {&net.DNSError{IsNotFound: true}, true},
		"a name service that is away":    {&net.DNSError{}, false},
		"a credential that cannot be sent": {
			errors.New(`net/http: invalid header field value for "Authorization"`), true,
		},
		"a server that nobody vouches for": {&tls.CertificateVerificationError{Err: errors.New("x")}, true},
		"http where https is wanted":       {tls.RecordHeaderError{RecordHeader: [5]byte([]byte("HTTP/"))}, true},
		"something else there than http":   {tls.RecordHeaderError{RecordHeader: [5]byte([]byte("SSH-2"))}, false},
	} {
		if got := hopeless(test.err); got != test.want {
			t.Errorf("%s: hopeless %t, want %t", name, got, test.want)
		}
	}
}

func TestConnectionsInWords(t *testing.T) {
	t.Parallel()
	clean := func(text string) redact.Text { return redact.Clean(text, nil) }
	unverified := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	for name, test := range map[string]struct {
		err    error
		kind   Kind
		reason redact.Text
	}{
		"a proxy, without a reason": {
			&net.OpError{Op: "proxyconnect", Err: errors.New("x")}, ProxyRefused, "the proxy cannot be reached",
		},
		"nothing listens, on Windows": {
			&net.OpError{Op: "dial", Err: refusedOnWindows}, ConnectionRefused,
			redact.Text("no connection: " + refusedOnWindows.Error()),
		},
		"a certificate that is too old": {
			unverified(x509.CertificateInvalidError{Reason: x509.Expired, Detail: "x"}), CertificateExpired,
			"certificate has expired or is not yet valid: x",
		},
		"a certificate that is wrong otherwise": {
			unverified(x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}), Untrusted,
			"certificate is not authorized to sign other certificates",
		},
	} {
		if kind, reason := describeConnection(test.err, clean); kind != test.kind || reason != test.reason {
			t.Errorf("%s: kind %d, want %d, because %q", name, kind, test.kind, reason)
		}
	}
}

func TestCauseAtTheBottom(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("read: %w", fmt.Errorf("connection: %w", errors.New("reset by a-secret")))
	clean := func(text string) redact.Text { return redact.Clean(text, []string{"a-secret"}) }
	if got := rootCause(err, clean).Error(); got != "reset by (redacted)" {
		t.Errorf("the cause is %q", got)
	}
}
