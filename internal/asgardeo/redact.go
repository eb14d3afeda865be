package asgardeo

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
)

// redact removes the organization's secrets from a text of the server, in every encoding in which a server or a proxy
// may have repeated them.
func (o *Organization) redact(text string) string {
	return Redact(text, o.secrets...)
}

// Redact replaces secrets in a text, also where they are percent-encoded, escaped for JSON, or in base64.
func Redact(text string, secrets ...string) string {
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		escaped, _ := json.Marshal(secret) // a string always encodes
		for _, form := range []string{
			secret,
			url.QueryEscape(secret),
			url.PathEscape(secret),
			strings.Trim(string(escaped), `"`),
			base64.StdEncoding.EncodeToString([]byte(secret)),
			base64.URLEncoding.EncodeToString([]byte(secret)),
		} {
			text = strings.ReplaceAll(text, form, "(redacted)")
		}
	}
	return text
}
