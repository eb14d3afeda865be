package provider_test

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
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
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
	w = providertest.NewWorkspace(t, mockserver.WithClientKey(&key.PublicKey))
	delete(w.Provider, "client_secret")
	return w, text
}

func TestClientPrivateKey(t *testing.T) {
	t.Parallel()
	w, text := newKeyWorkspace(t)
	file := filepath.Join(t.TempDir(), "key.pem")
	providertest.Must(t, os.WriteFile(file, []byte(text), 0o600))
	for _, given := range []string{text, file} {
		w.Provider["client_private_key"] = given
		_, diags := w.Start().Read(portalType, values{})
		providertest.WantNoDiagnostics(t, diags)
	}
}

func TestClientPrivateKeyErrors(t *testing.T) {
	t.Parallel()
	_, text := signingKey()
	with := func(more values) values {
		return values{"client_id": "id", "client_private_key": text}.With(more)
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
			diags := providertest.NewProcess(t).Configure(test.config)
			if test.errors == nil {
				providertest.WantNoDiagnostics(t, diags)
				return
			}
			providertest.WantError(t, diags, test.errors...)
			providertest.WantAbsent(t, diags.String(), onlySecret, text[40:80])
		})
	}
}

// TestClientPrivateKeyVariables: an argument silences the variable of its alternative.
func TestClientPrivateKeyVariables(t *testing.T) {
	_, text := signingKey()
	setVariables(t, map[string]string{"client_id": "id", "client_private_key": text, "client_secret": onlySecret})
	providertest.WantError(t, providertest.NewProcess(t).Configure(values{}), "Contradictory environment variables",
		"Both ASGARDEO_CLIENT_SECRET and ASGARDEO_CLIENT_PRIVATE_KEY are set")
	providertest.WantNoDiagnostics(t, providertest.NewProcess(t).Configure(values{"client_secret": onlySecret}))
	providertest.WantNoDiagnostics(t, providertest.NewProcess(t).Configure(values{"client_private_key": text}))
	setVariables(t, map[string]string{"client_private_key": text, "access_token": onlySecret, "client_secret": "",
		"client_id": ""})
	providertest.WantError(t, providertest.NewProcess(t).Configure(values{}), "Contradictory environment variables",
		"ASGARDEO_ACCESS_TOKEN is set together with")
	providertest.WantNoDiagnostics(t, providertest.NewProcess(t).Configure(values{"access_token": onlySecret}))
}
