package redact

import (
	"slices"
	"strings"
	"testing"
)

// TestCredentials: what may be a credential is found by its name, by its length or by its place.
func TestCredentials(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		find func(text string) []string
		text string
		want []string
	}{
		"JSON":       {NamedCredentials, `{"api_key": "k-1234", "to": "{{mobile}}"}`, []string{"k-1234"}},
		"form":       {NamedCredentials, "to=1&password=p4ss&token={{token}}", []string{"p4ss"}},
		"long words": {CredentialsInBody, "hello 0123456789abcdef", []string{"0123456789abcdef"}},
		"each once":  {CredentialsInBody, "key=0123456789abcdef", []string{"0123456789abcdef"}},
		"headers": {
			CredentialsInHeaders, "Accept: text/plain-old, X-Id: Bearer b-234567", []string{"Bearer b-234567", "b-234567"},
		},
		"cookie":      {CredentialsInHeaders, `Cookie: session="s-234567"`, []string{`session="s-234567"`, "s-234567"}},
		"short words": {CredentialsInHeaders, "X-Mode: fast", nil},
		"password":    {CredentialsInURL, "https://user:p4ss@sms.example", []string{"p4ss"}},
		"user alone":  {CredentialsInURL, "https://u-1@sms.example", []string{"u-1"}},
		"query": {
			CredentialsInURL, "https://sms.example?q=a%20b%20c%20d%20e", []string{"a%20b%20c%20d%20e", "a b c d e", ""},
		},
		"path":   {CredentialsInURL, "https://sms.example/0123456789abcdef", []string{"0123456789abcdef", ""}},
		"no URL": {CredentialsInURL, "https://%", nil},
	} {
		if got := test.find(test.text); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestCredentialsAreFew: each of them is looked for in every message.
func TestCredentialsAreFew(t *testing.T) {
	t.Parallel()
	var body, headers strings.Builder
	for range 1000 {
		body.WriteString("token=0123456789 ")
		headers.WriteString("X-A: Bearer t=0123456789, ")
	}
	address := "https://sms.example/?" + strings.ReplaceAll(body.String(), " ", "&")
	for name, found := range map[string][]string{
		"a body": CredentialsInBody(body.String()), "headers": CredentialsInHeaders(headers.String()),
		"an address": CredentialsInURL(address),
	} {
		if len(found) == 0 || len(found) > 5*maxPieces {
			t.Errorf("%d credentials in %s", len(found), name)
		}
	}
}
