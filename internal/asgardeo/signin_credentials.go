package asgardeo

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Scopes are the permissions that the package's calls need, all asked for with every token: the server leaves out,
// without a word, those that the application is not authorized for.
var Scopes = []string{
	ScopeViewApplications, ScopeUpdateApplications, ScopeUpdateScripts, ScopeViewAuthenticators,
	ScopeViewSettings, ScopeUpdateSettings,
	ScopeViewSenders, ScopeCreateSenders, ScopeUpdateSenders, ScopeDeleteSenders,
}

// The scopes by name.
const (
	ScopeViewApplications   = "internal_application_mgt_view"
	ScopeUpdateApplications = "internal_application_mgt_update"
	ScopeUpdateScripts      = "internal_application_script_update"
	ScopeViewAuthenticators = "internal_authenticator_view"
	ScopeViewSettings       = "internal_config_mgt_view"
	ScopeUpdateSettings     = "internal_config_mgt_update"
	ScopeViewSenders        = "internal_notification_senders_view"
	ScopeCreateSenders      = "internal_notification_senders_create"
	ScopeUpdateSenders      = "internal_notification_senders_update"
	ScopeDeleteSenders      = "internal_notification_senders_delete"
)

// Credentials are an application's client id and secret or private key, or a ready access token.
type Credentials struct {
	ClientID     string
	ClientSecret string
	PrivateKey   *PrivateKey // instead of the secret
	AccessToken  string
}

// likeClientID is what servers make for a client id, and what they allow where it is chosen.
var likeClientID = regexp.MustCompile(`^[A-Za-z0-9_]{15,30}$`)

// swapped reports that id and secret were probably taken for each other.
func (c Credentials) swapped() bool {
	return c.ClientSecret != "" && !likeClientID.MatchString(c.ClientID) && likeClientID.MatchString(c.ClientSecret)
}

// secrets are what must not appear anywhere: also an id that may be the secret in the wrong place, since servers repeat
// an unknown id in their answers.
func (c Credentials) secrets() []string {
	secrets := []string{c.ClientSecret, c.AccessToken}
	const shortestSecret = 15
	rightWayRound := likeClientID.MatchString(c.ClientID) && !likeClientID.MatchString(c.ClientSecret)
	if c.ClientSecret != "" && len(c.ClientID) >= shortestSecret && !rightWayRound {
		secrets = append(secrets, c.ClientID)
	}
	return slices.DeleteFunc(secrets, func(secret string) bool { return secret == "" })
}

// Sign-in with a private key (RFC 7523, private_key_jwt): the client signs what it claims, and the server knows its
// public key.

// assertionLife is how long a signed claim is good. The server takes each of them once.
const assertionLife = 5 * time.Minute

// PrivateKey is what an application signs in with.
type PrivateKey struct {
	rsa *rsa.PrivateKey
}

// ParsePrivateKey reads an RSA key from PEM text, in PKCS #1 or PKCS #8. The server's published sources take no other
// kind.
func ParsePrivateKey(text []byte) (*PrivateKey, error) {
	key, err := jwt.ParseRSAPrivateKeyFromPEM(text)
	switch {
	case err != nil:
		// The error could repeat parts of the text.
		return nil, errors.New("it is no RSA private key: expected is PEM text, without a password, that begins with " +
			"\"-----BEGIN PRIVATE KEY-----\"")
	case key.N.BitLen() < 2048:
		return nil, fmt.Errorf("the key has %d bits, and servers expect 2048 or more", key.N.BitLen())
	}
	return &PrivateKey{key}, nil
}

// sign returns what each attempt of a request to the token endpoint adds to its form, or nil where a secret does. A
// repeated attempt has a claim of its own: the server may have seen the one before.
func (t *tokens) sign() func() (string, error) {
	if t.PrivateKey == nil {
		return nil
	}
	return func() (string, error) {
		now := time.Now()
		assertion, err := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.RegisteredClaims{
			Issuer: t.ClientID, Subject: t.ClientID, Audience: jwt.ClaimStrings{t.url},
			ID: rand.Text(), IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(assertionLife)),
		}).SignedString(t.PrivateKey.rsa)
		if err != nil {
			return "", errors.New("the private key cannot sign")
		}
		t.remember(assertion)
		return "&" + url.Values{
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
			"client_assertion":      {assertion},
		}.Encode(), nil
	}
}
