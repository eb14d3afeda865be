package asgardeo

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

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
