package asgardeo

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net/http"
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

// sign returns what completes each attempt of a request to the token endpoint, or nil where a secret does. A repeated
// attempt has a claim of its own: the server may have seen the one before.
func (t *tokens) sign() func(form url.Values) error {
	if t.PrivateKey == nil {
		return nil
	}
	return func(form url.Values) error {
		now := time.Now()
		assertion, err := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.RegisteredClaims{
			Issuer: t.ClientID, Subject: t.ClientID, Audience: jwt.ClaimStrings{t.url},
			ID: rand.Text(), IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(assertionLife)),
		}).SignedString(t.PrivateKey.rsa)
		if err != nil {
			return errors.New("the private key cannot sign")
		}
		t.remember(assertion)
		form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		form.Set("client_assertion", assertion)
		return nil
	}
}

// signForm completes the form of a request.
func signForm(request *http.Request, sign func(form url.Values) error) error {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return err
	}
	if err := sign(form); err != nil {
		return err
	}
	body = []byte(form.Encode())
	request.Body, request.GetBody, request.ContentLength = io.NopCloser(bytes.NewReader(body)), nil, int64(len(body))
	return nil
}
