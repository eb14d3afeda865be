package asgardeo

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// clientKey is made once: it takes a while.
var clientKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// withKey is a client that signs in with a private key, and what it sent to the token endpoint.
func withKey(t *testing.T, server *mockserver.Server, key *rsa.PrivateKey) (*Organization, *[]url.Values) {
	t.Helper()
	config := configFor(t, server.URL())
	config.Credentials = Credentials{ClientID: mockserver.DefaultClientID, PrivateKey: &PrivateKey{key}}
	var sent []url.Values
	config.Wrap = func(next http.RoundTripper) http.RoundTripper {
		t.Cleanup(next.(*http.Transport).CloseIdleConnections)
		return roundTripper(func(request *http.Request) (*http.Response, error) {
			if strings.Contains(request.URL.Path, "/oauth2/") {
				body, err := io.ReadAll(request.Body)
				if err != nil {
					return nil, err
				}
				form, err := url.ParseQuery(string(body))
				if err != nil {
					return nil, err
				}
				sent = append(sent, form)
				request.Body = io.NopCloser(bytes.NewReader(body))
			}
			return next.RoundTrip(request)
		})
	}
	return organizationOf(t, New(config), bifrost), &sent
}

func TestSignInWithAPrivateKey(t *testing.T) {
	t.Parallel()
	server := mockserver.New(t, mockserver.WithClientKey(&clientKey().PublicKey))
	organization, sent := withKey(t, server, clientKey())
	// The server has seen the claim of an attempt whose answer was lost, and would refuse it.
	server.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "POST"}, Action: mockserver.ActionDropAfter})
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	if _, err := organization.MyAccount(portal.ClassicAPI).Read(ctx, portal.PortalEnabled); err != nil {
		t.Fatal(err)
	}
	token, err := organization.IssueToken(ctx, []string{ScopeViewSettings})
	if err != nil {
		t.Fatal(err)
	}
	if err := organization.RevokeToken(ctx, token.Value); err != nil {
		t.Fatal(err)
	}
	if len(*sent) != 4 {
		t.Fatalf("%d requests to the token endpoints", len(*sent))
	}
	seen := map[string]bool{}
	for _, form := range *sent {
		assertion := form.Get("client_assertion")
		if assertion == "" || seen[assertion] || form.Has("client_secret") ||
			form.Get("client_id") != mockserver.DefaultClientID {
			t.Errorf("a request with a used claim, or with a secret: %v", form)
		}
		seen[assertion] = true
		if strings.Contains(log.String(), assertion) {
			t.Error("the log has a claim")
		}
	}
}

func TestSignInWithAWrongKey(t *testing.T) {
	t.Parallel()
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	server := mockserver.New(t, mockserver.WithClientKey(&clientKey().PublicKey))
	organization, _ := withKey(t, server, other)
	_, err = organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
	if failure := failureOf(t, err); failure.Kind != BadCredentials {
		t.Errorf("%+v", failure)
	}
	// A server that knows no key refuses, too, and its echo of the claim is hidden.
	organization, sent := withKey(t, mockserver.New(t), clientKey())
	_, err = organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
	if failure := failureOf(t, err); failure.Kind != BadCredentials {
		t.Errorf("%+v", failure)
	}
	assertion := (*sent)[0].Get("client_assertion")
	if got := organization.clean("you sent " + assertion); strings.Contains(string(got), assertion) {
		t.Errorf("the claim is told: %s", got)
	}
}

func TestParsePrivateKey(t *testing.T) {
	t.Parallel()
	block := func(kind string, content []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}))
	}
	modern, err := x509.MarshalPKCS8PrivateKey(clientKey())
	if err != nil {
		t.Fatal(err)
	}
	short, err := rsa.GenerateKey(rand.Reader, 1024) //nolint:gosec // it is to be refused
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		short = nil // some builds of Go make no such key
	}
	for name, test := range map[string]struct{ text, want string }{
		"PKCS #1":  {block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(clientKey())), ""},
		"PKCS #8":  {block("PRIVATE KEY", modern), ""},
		"nothing":  {"", "no RSA private key"},
		"a secret": {"s3cret", "no RSA private key"},
		"garbage":  {block("PRIVATE KEY", []byte("s3cret")), "no RSA private key"},
	} {
		key, err := ParsePrivateKey([]byte(test.text))
		if test.want == "" && (err != nil || !key.rsa.Equal(clientKey())) || test.want != "" &&
			(err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(fmt.Sprint(err), "s3cret") {
			t.Errorf("%s: the error repeats it: %v", name, err)
		}
	}
	if short != nil {
		if _, err := ParsePrivateKey([]byte(block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(short)))); err == nil {
			t.Error("a short key is taken")
		}
	}
}
