package providertest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// The secrets that tests configure, to look for them wherever they must not be. They have characters that each encoding
// changes.
const (
	PlantedClientSecret = `cl13nt:+/%&= "<>ü` + "\u00a0end"
	PlantedKey          = `k3y:+/%&= "<>ü`
	PlantedSecret       = `s3cret:+/%&= "<>ü`
	PlantedHeaders      = `Authorization: Bearer h3ader+/%&=<>ü, X-Key: "2"`
)

// Encodings are the ways in which servers, and what stands before them, repeat what they were sent.
var Encodings = map[string]func(string) string{
	"as it is":     func(s string) string { return s },
	"in a query":   url.QueryEscape,
	"in a path":    url.PathEscape,
	"in JSON":      QuotedText,
	"in HTML":      html.EscapeString,
	"in base64":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte("x" + s)) },
	"in base64url": func(s string) string { return base64.URLEncoding.EncodeToString([]byte("xy" + s)) },
}

// Leaks returns the names of the secrets that are in a text, and the forms in which they are.
func Leaks(content []byte, secrets map[string]string) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		for form, text := range SecretForms(secrets[name]) {
			if bytes.Contains(content, []byte(text)) {
				found = append(found, name+", "+form)
			}
		}
	}
	return found
}

// SecretForms returns a secret in each form in which it may be found in a file or a message, by the name of the form.
func SecretForms(secret string) map[string]string {
	var escaped bytes.Buffer
	encoder := json.NewEncoder(&escaped)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(secret) // a string always encodes
	forms := map[string]string{
		"plain":         secret,
		"in a query":    url.QueryEscape(secret),
		"in a path":     url.PathEscape(secret),
		"in JSON":       strings.Trim(strings.TrimSpace(escaped.String()), `"`),
		"in JSON, HTML": strings.Trim(QuotedText(secret), `"`),
		"in hex":        hex.EncodeToString([]byte(secret)),
	}
	// In base64, three bytes become four letters, so a secret looks different at each place in such a group. What it
	// shares with its neighbors is left out.
	for place, shared := range []int{0, 2, 3} {
		bits := 8 * (place + len(secret))
		for alphabet, encoding := range map[string]*base64.Encoding{
			"base64": base64.StdEncoding, "base64url": base64.URLEncoding,
		} {
			text := encoding.EncodeToString([]byte(strings.Repeat("x", place) + secret))
			forms[fmt.Sprintf("%s at %d", alphabet, place)] = text[shared : bits/6]
		}
	}
	return forms
}
