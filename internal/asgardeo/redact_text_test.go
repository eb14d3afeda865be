package asgardeo

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact/redacttest"
)

func texts(plain []string) []redact.Text {
	found := make([]redact.Text, len(plain))
	for i, text := range plain {
		found[i] = redact.Text(text)
	}
	return found
}

// TestTextOfTheServerHasItsType: a new field of Error is either no text of the server or a Text.
func TestTextOfTheServerHasItsType(t *testing.T) {
	t.Parallel()
	own := []string{"Doing", "Organization", "Method", "URL", "Scope", "Known"}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Error]()) {
		typ := field.Type
		if typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() == reflect.String && typ != reflect.TypeFor[redact.Text]() && !slices.Contains(own, field.Name) {
			t.Errorf("%s is a plain text: is it the server's?", field.Name)
		}
	}
}

// textsIn yields every text that a value holds, at any depth, and those of the errors in it.
func textsIn(value reflect.Value, path string, yield func(path, text string)) {
	if value.CanInterface() {
		if err, ok := reflect.TypeAssert[error](value); ok && value.Kind() != reflect.Interface &&
			(value.Kind() != reflect.Pointer || !value.IsNil()) {
			yield(path+".Error()", err.Error())
		}
	}
	switch value.Kind() {
	case reflect.String:
		yield(path, value.String())
	case reflect.Pointer, reflect.Interface:
		if !value.IsNil() {
			textsIn(value.Elem(), path, yield)
		}
	case reflect.Struct:
		for i := range value.NumField() {
			textsIn(value.Field(i), path+"."+value.Type().Field(i).Name, yield)
		}
	case reflect.Slice, reflect.Array:
		for i := range value.Len() {
			textsIn(value.Index(i), fmt.Sprintf("%s[%d]", path, i), yield)
		}
	}
}

// reporter is the part of a test that reports.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// spy counts what a test would report.
type spy int

func (*spy) Helper() {}

func (s *spy) Errorf(string, ...any) { *s++ }

// wantHarmless looks at every text of an error.
func wantHarmless(t reporter, what string, failure *Error, secret string) {
	t.Helper()
	found := map[string]bool{}
	textsIn(reflect.ValueOf(failure), "", func(path, text string) {
		found[path] = true
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("%s: %s has control characters: %.200q", what, path, text)
		}
		if len(text) > 20_000 {
			t.Errorf("%s: %s has %d bytes", what, path, len(text))
		}
		if strings.Contains(strings.Join(strings.Fields(text), ""), strings.Join(strings.Fields(secret), "")) {
			t.Errorf("%s: %s holds the secret: %.200q", what, path, text)
		}
	})
	for _, needed := range []string{".Error()", ".Description", ".Reason", ".TraceID", ".Code"} {
		if !found[needed] {
			t.Errorf("the walk has not seen %s", needed)
		}
	}
}

// TestHostileTexts: whatever a server puts into any place of an answer, no field of the error has it as it came.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	const secret = "s3cret-of-the-client"
	wrapped := redacttest.Wrapped
	for name, hostile := range map[string]string{
		"escapes":          "\x1b]0;owned\x07\x1b[2J\x1b[31mred\u009b31m\u202egnp.exe\r\nforged: line",
		"a secret":         "you sent " + secret,
		"a split secret":   "you sent " + wrapped(secret, 5, "\x1b[0m") + " and " + wrapped(secret, 7, "\n"),
		"a flood":          strings.Repeat("flood ", 150_000),
		"a flood, no gaps": strings.Repeat("\x1bx", 450_000),
		"nothing but gaps": strings.Repeat(" \n", 450_000) + secret,
	} {
		statuses := []int{200, 302, 400, 401, 403, 404, 405, 409, 500}
		if len(hostile) > 1000 {
			statuses = []int{400, 403} // one of each shape is enough
		}
		for _, status := range statuses {
			for _, endpoint := range []string{"api", "token"} {
				what := fmt.Sprintf("%s, status %d from the %s", name, status, endpoint)
				server := serve(t, echo(hostile, status))
				server.token = tokenReply("some-token", ScopeUpdateSettings+" "+strings.ReplaceAll(hostile, "\n", " "))
				if endpoint == "token" {
					server.token = echo(hostile, status)
				}
				config := configFor(t, server.URL)
				config.Credentials.ClientSecret = secret
				config.MaxRetries = 0
				var log bytes.Buffer
				ctx := tflogtest.RootLogger(t.Context(), &log)
				_, err := open(t, config).MyAccount(portal.ClassicAPI).Read(ctx, portal.PortalEnabled)
				failure := failureOf(t, err)
				wantHarmless(t, what, failure, secret)
				if failure.Kind == MissingScope && !slices.Contains(failure.Granted, ScopeUpdateSettings) {
					t.Errorf("%s: the error does not tell what was granted: %q", what, failure.Granted)
				}
				if len(failure.Granted) > len(Scopes)+10 {
					t.Errorf("%s: %d scopes", what, len(failure.Granted))
				}
				if log.Len() > 50_000 || strings.Contains(log.String(), secret) {
					t.Errorf("%s: the log has %d bytes: %.2000s", what, log.Len(), log.String())
				}
				server.Close()
			}
		}
	}
	// Control: a Text that was not cleaned is found.
	for _, guilty := range []Error{
		{Granted: []redact.Text{"x", "\x1b[31m"}}, {Err: fmt.Errorf("outside: %w", errors.New(secret))},
		{TraceID: redact.Text(strings.Repeat("x", 30_000))},
	} {
		var found spy
		wantHarmless(&found, "control", &guilty, secret)
		if found == 0 {
			t.Errorf("the walk finds nothing in %.200v", guilty)
		}
	}
}

// TestGrantedScopesAreFew: the scopes that matter are told wherever in a flood they stand.
func TestGrantedScopesAreFew(t *testing.T) {
	t.Parallel()
	server := serve(t, reply{status: http.StatusForbidden, body: gatewayBody403})
	server.token = tokenReply(
		"some-token", strings.Repeat("flood ", 40_000)+ScopeViewSettings+strings.Repeat(" other-scope another", 40_000),
	)
	organization := open(t, configFor(t, server.URL))
	_, err := organization.MyAccount(portal.ClassicAPI).Read(t.Context(), portal.PortalEnabled)
	failure := failureOf(t, err)
	if want := (Error{Kind: MissingScope, Status: http.StatusForbidden}); failure.Kind != want.Kind ||
		failure.Status != want.Status {
		t.Errorf("%+v", failure)
	}
	if got := failure.Granted; !slices.Contains(got, ScopeViewSettings) || len(got) > 11 {
		t.Errorf("granted: %q", got)
	}
}
