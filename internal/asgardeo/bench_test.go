package asgardeo

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// What the client itself costs, without a server: small next to any call.

// BenchmarkObject decodes a stored object and merges a change into it.
func BenchmarkObject(b *testing.B) {
	body := []byte(stored(twoFactorObject,
		`[{"key":"totp_enabled","value":"true"},{"key":"sms_otp_enabled","value":"False"},`+
			`{"key":"future","value":"kept"},{"key":"email_otp_enabled","value":"true"},{"key":"backup_code_enabled",`+
			`"value":"true"}]`).body)
	want := portal.Settings{portal.EmailOTP: portal.Off, portal.TOTP: portal.On}
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		var answer storedObject
		if err := json.Unmarshal(body, &answer); err != nil {
			b.Fatal(err)
		}
		before := newObject(twoFactorObject, answer.Attributes)
		merged, err := before.merge(Change{Want: want})
		if err != nil || merged.equals(before) {
			b.Fatalf("merged to %v: %v", merged, err)
		}
	}
}

// canned is a connection that gives one answer from memory.
type canned reply

func (c canned) RoundTrip(*http.Request) (*http.Response, error) {
	header := http.Header{}
	for name, value := range c.header {
		header.Set(name, value)
	}
	return &http.Response{StatusCode: c.status, Header: header, Body: io.NopCloser(strings.NewReader(c.body))}, nil
}

// BenchmarkCall makes whole calls, except that the answer comes from memory: what an answer of each sort costs.
func BenchmarkCall(b *testing.B) {
	for _, call := range []struct {
		name   string
		answer reply
		kind   Kind // of the error, if failed
		failed bool
	}{
		{name: "object", answer: stored(statusObject, `[{"key":"enable","value":"true"}]`)},
		{
			name: "not stored",
			answer: reply{404, nil,
				`{"code":"CONFIGM_00017","message":"Not Found","description":"Resource with the name: status does not exists.",` +
					`"traceId":null}`},
		},
		{
			name:   "gateway error",
			answer: reply{403, nil, `{"code":403,"message":"Forbidden","description":"Operation is not permitted."}`},
			kind:   MissingScope, failed: true,
		},
		{
			name: "page", kind: NotAPI, failed: true,
			answer: reply{
				404, map[string]string{"Content-Type": "text/html"},
				"<!doctype html><html>" + strings.Repeat("<p>Not Found</p>", 500) + "</html>",
			},
		},
	} {
		b.Run(call.name, func(b *testing.B) {
			organization, err := New(Config{
				Credentials: Credentials{AccessToken: "token-of-the-benchmark"}, RequestTimeout: DefaultRequestTimeout,
				Wrap: func(http.RoundTripper) http.RoundTripper { return canned(call.answer) },
			}).Organization(bifrost)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				_, err := organization.MyAccount(portal.ClassicAPI).Read(b.Context(), portal.PortalEnabled)
				var failure *Error
				if (err != nil) != call.failed || errors.As(err, &failure) && failure.Kind != call.kind {
					b.Fatalf("the error is %v", err)
				}
			}
		})
	}
}
