package asgardeo

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// Whatever a server says, the error is one of the known kinds, on one line, and holds no secret.
func FuzzServerError(f *testing.F) {
	for _, body := range []string{
		gatewayBody401, gatewayBody403, unknownTenant, invalidClient, htmlPage, "", "null", "[]", `{"code":null,"traceId":1}`,
		`{"code":"CONFIGM_00017","description":"` + liveToken + `"}`, `{"description":"a\nb\u0000"}`, `{"code":1e400}`,
	} {
		f.Add(404, "application/json", body)
		f.Add(503, "text/html", body)
	}
	f.Fuzz(func(t *testing.T, status int, contentType, body string) {
		if status < 300 || status > 599 {
			return
		}
		organization := newOrganization(New(Config{}), bifrost, Credentials{AccessToken: liveToken})
		response := &http.Response{
			StatusCode: status, Header: http.Header{"Content-Type": {contentType}, "Activityid": {body}},
		}
		tries := &attempts{clean: organization.clean, last: outcome{response: response, body: []byte(body)}}
		failure := organization.refusal(Error{Doing: "read", Organization: bifrost}, tries, storeCodes)
		if failure.Kind < Unexpected || failure.Kind > TimedOut {
			t.Errorf("kind %d", failure.Kind)
		}
		if text := failure.Error(); strings.ContainsAny(text, "\n\r") || strings.Contains(text, liveToken) ||
			strings.Contains(string(failure.TraceID), liveToken) {
			t.Errorf("text %q, trace id %q", text, failure.TraceID)
		}
		if utf8.RuneCountInString(string(failure.Description)) > redact.MaxDescription+1 {
			t.Errorf("the description has %d bytes", len(failure.Description))
		}
		if failure.Kind == NotStored && (status != http.StatusNotFound || failure.Code != "CONFIGM_00017") {
			t.Errorf("status %d and code %q pass for defaults", status, failure.Code)
		}
	})
}

// A write sends every attribute it does not know as it was, each key once, and sets the wanted values.
func FuzzMerge(f *testing.F) {
	for _, attributes := range []string{
		`[]`, `null`, `[{"key":"totp_enabled","value":"TRUE"},{"key":"x","value":"y"}]`,
		`[{"key":"x","value":1.50},{"key":"x","value":null}]`,
		`[{"key":"totp_enabled"},{"key":"","value":""}]`, `[{"key":"é<&>","value":"\u00e9\ud83d\udddd"}]`,
		`[{"key":"a","value":{"b":[1,{}]}}]`,
		`[{"key":"totp_enabled","value":null},{"key":"totp_enabled","value":"true"}]`, `[null]`,
		`[{"KEY":"totp_enabled","Value":"true"}]`,
	} {
		f.Add(attributes, true)
		f.Add(attributes, false)
	}
	f.Fuzz(func(t *testing.T, attributes string, on bool) {
		var list []attribute
		if json.Unmarshal([]byte(attributes), &list) != nil {
			return
		}
		before := newObject(twoFactorObject, list)
		merged := merge(t, before, portal.Settings{portal.TOTP: portal.ValueOf(on)})
		sent, err := encodeJSON(merged.attributes())
		if err != nil {
			t.Fatal(err)
		}
		var again []attribute
		if err := json.Unmarshal(sent, &again); err != nil {
			t.Fatalf("%s: %v", sent, err)
		}
		after := newObject(twoFactorObject, again)
		if len(again) != len(after.stored) {
			t.Errorf("a key is sent twice: %s", sent)
		}
		if got := after.values()[portal.TOTP]; got != portal.ValueOf(on) {
			t.Errorf("TOTP is %v after %s", got, sent)
		}
		if changes := before.values()[portal.TOTP] != portal.ValueOf(on); changes == merged.equals(before) {
			t.Errorf("changed to %s", sent)
		}
		if diff := cmp.Diff(strangersOf(t, before), strangersOf(t, after)); diff != "" {
			t.Errorf("strangers (-before +after):\n%s", diff)
		}
	})
}

func strangersOf(t *testing.T, o object) map[string]string {
	t.Helper()
	strangers := map[string]string{}
	for _, a := range o.attributes() {
		if a.Key != locations[portal.TOTP].attribute {
			value, err := encodeJSON(a.Value) // without blanks, which mean nothing
			if err != nil {
				t.Fatal(err)
			}
			strangers[a.Key] = string(value)
		}
	}
	return strangers
}

func FuzzRetryAfter(f *testing.F) {
	for _, header := range []string{
		"", "0", "1", "-1", "60", "61", "9223372036854775807", "18446744074", "99999999999999999999", "1.5", "soon",
		"Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		f.Add(header, 429, 0)
		f.Add(header, 500, 70)
	}
	f.Fuzz(func(t *testing.T, header string, status, attempt int) {
		if attempt < 0 {
			return
		}
		response := &http.Response{
			StatusCode: status, Header: http.Header{"Retry-After": {header}}, Body: io.NopCloser(strings.NewReader("")),
		}
		wait := backoff(time.Second, retryWaitMax, attempt, response)
		if wait < 750*time.Millisecond || wait > retryAfterMax*5/4 {
			t.Errorf("%q, status %d, attempt %d: %s", header, status, attempt, wait)
		}
	})
}

// What is accepted is a base URL to which paths can be added, and reads as itself again.
func FuzzBaseURL(f *testing.F) {
	for _, raw := range []string{
		"https://api.asgardeo.io", "http://[::1]:80/a/", "https://h/t/x", "https://u:p@h", "https://h?q", "//h",
		"https://h/%2f%zz", "https://h:443//", "https://[fe80::1%25en0]:1", "https://h/a b", "https://é.example/ü",
		"https://h:0", "https://t/x",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		endpoint, err := ParseBaseURL(raw)
		if err != nil {
			return
		}
		base := endpoint.String()
		parsed, err := url.Parse(endpoint.organizationURL(bifrost) + "/oauth2/token")
		if err != nil {
			t.Fatalf("%q: %v", base, err)
		}
		if parsed.Host == "" || parsed.User != nil || parsed.RawQuery != "" || parsed.Fragment != "" ||
			!strings.HasSuffix(parsed.Path, tokenPath) || (parsed.Scheme != "http" && parsed.Scheme != "https") {
			t.Errorf("%q leads to %q", raw, parsed)
		}
		again, err := ParseBaseURL(base)
		if err != nil || again != endpoint {
			t.Errorf("%q is read as %q (%v)", base, again, err)
		}
	})
}

// What is accepted is one segment of a path that needs no encoding.
func FuzzOrganization(f *testing.F) {
	for _, name := range []string{
		"bifrost", "carbon.super", "", "..", "a/b", "A", "é", "a\n", "%2e", strings.Repeat("a", 256),
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if err := ValidateOrganization(name); err != nil {
			if err.Error() == "" {
				t.Error("an error without text")
			}
			return
		}
		if name == "" || name == "." || name == ".." || len(name) > 255 || url.PathEscape(name) != name ||
			strings.ContainsFunc(name, unicode.IsUpper) {
			t.Errorf("%q is accepted", name)
		}
	})
}
