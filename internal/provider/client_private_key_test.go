package provider

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// signingKey is made once, as a key and as PEM text.
var signingKey = sync.OnceValues(func() (*rsa.PrivateKey, string) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key, string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
})

// newKeyWorkspace has a server whose applications sign in with a key.
func newKeyWorkspace(t *testing.T) (w *workspace, text string) {
	t.Helper()
	key, text := signingKey()
	w = newWorkspace(t, mockserver.WithClientKey(&key.PublicKey))
	delete(w.provider, "client_secret")
	return w, text
}

func TestClientPrivateKey(t *testing.T) {
	t.Parallel()
	w, text := newKeyWorkspace(t)
	file := filepath.Join(t.TempDir(), "key.pem")
	must(t, os.WriteFile(file, []byte(text), 0o600))
	for _, given := range []string{text, file} {
		w.provider["client_private_key"] = given
		_, diags := w.start().read(portal, values{})
		wantNoDiagnostics(t, diags)
	}
}

func TestClientPrivateKeyErrors(t *testing.T) {
	t.Parallel()
	_, text := signingKey()
	with := func(more values) values {
		return values{"client_id": "id", "client_private_key": text}.with(more)
	}
	for _, test := range []struct {
		name   string
		config values
		errors []string
	}{
		{"fine", with(nil), nil},
		{"not known yet", with(values{"client_private_key": unknown}), nil},
		{"with a secret", with(values{"client_secret": onlySecret}),
			[]string{"Both client_secret and client_private_key are set"}},
		{"with a token", values{"client_private_key": text, "access_token": onlySecret},
			[]string{"Both client_private_key and access_token are set"}},
		{"without an id", with(values{"client_id": nil}), []string{"Missing client_id"}},
		{"empty", with(values{"client_private_key": ""}), []string{"[client_private_key]",
			"leave it out to use ASGARDEO_CLIENT_PRIVATE_KEY"}},
		{"no such file", with(values{"client_private_key": "/nowhere/" + onlySecret}),
			[]string{"[client_private_key]", "no such file"}},
		{"no key", with(values{"client_private_key": "-----BEGIN PRIVATE KEY-----\n" + onlySecret +
			"\n-----END PRIVATE KEY-----\n"}), []string{"[client_private_key]", "no RSA private key"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			diags := newProcess(t).configure(test.config)
			if test.errors == nil {
				wantNoDiagnostics(t, diags)
				return
			}
			wantError(t, diags, test.errors...)
			wantAbsent(t, diags.String(), onlySecret, text[40:80])
		})
	}
}

// TestClientPrivateKeyVariables: an argument silences the variable of its alternative.
func TestClientPrivateKeyVariables(t *testing.T) {
	_, text := signingKey()
	setVariables(t, map[string]string{"client_id": "id", "client_private_key": text, "client_secret": onlySecret})
	wantError(t, newProcess(t).configure(values{}), "Contradictory environment variables",
		"Both ASGARDEO_CLIENT_SECRET and ASGARDEO_CLIENT_PRIVATE_KEY are set")
	wantNoDiagnostics(t, newProcess(t).configure(values{"client_secret": onlySecret}))
	wantNoDiagnostics(t, newProcess(t).configure(values{"client_private_key": text}))
	setVariables(t, map[string]string{"client_private_key": text, "access_token": onlySecret, "client_secret": "",
		"client_id": ""})
	wantError(t, newProcess(t).configure(values{}), "Contradictory environment variables",
		"ASGARDEO_ACCESS_TOKEN is set together with")
	wantNoDiagnostics(t, newProcess(t).configure(values{"access_token": onlySecret}))
}
