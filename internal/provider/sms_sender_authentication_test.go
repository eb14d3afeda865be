package provider

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// A custom gateway may have an authentication, whose secrets the server never tells and never keeps.

// oauth is the authentication of a client, with what is changed.
func oauth(change values) values {
	return values{
		"type": "CLIENT_CREDENTIAL", "client_id": "client", "client_secret_wo": "first-oauth-secret",
		"client_secret_wo_version": 1,
		"token_endpoint":           "https://login.example.com/token",
	}.with(change)
}

func authenticated(authentication values) values {
	return custom.with(values{"authentication": authentication, "http_headers": "X-Tenant: 1"})
}

// authenticatedStored is a custom sender with an authentication.
func authenticatedStored(typeName string, properties map[string]string) *mockserver.SMSSender {
	sender := customStored()
	sender.Properties["http.headers"] = "X-Tenant: 1"
	sender.Authentication = &mockserver.SenderAuthentication{Type: typeName, Properties: properties}
	return sender
}

func oauthStored(secret string) *mockserver.SMSSender {
	return authenticatedStored("CLIENT_CREDENTIAL", map[string]string{
		"clientId": "client", "clientSecret": secret, "tokenEndpoint": "https://login.example.com/token",
	})
}

// TestSMSSenderAuthenticationOfOthers: a change would drop what somebody chose in the Console, so there is none.
func TestSMSSenderAuthenticationOfOthers(t *testing.T) {
	t.Parallel()
	for _, typeName := range []string{"BEARER", "API_KEY", "CLIENT_CREDENTIAL", "PASSWORD_CREDENTIAL"} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			config := custom.with(values{"http_headers": "X-Tenant: 1"})
			o := w.create(senderType, config)
			changed := config.with(values{"http_method": "POST"})
			early := w.wantAction(o, changed, "update")
			w.changeSender(func(s *mockserver.SMSSender) {
				s.Authentication = &mockserver.SenderAuthentication{
					Type:       typeName,
					Properties: map[string]string{"accessToken": "console-secret"},
				}
			})
			before := w.sender()
			// Once planned before, refused before the write.
			wantError(
				t,
				w.apply(early),
				"[authentication]",
				"The sender's authentication would be lost",
				typeName,
				"Declare authentication with its secrets",
			)
			w.wantSender(before)

			wantNoDiagnostics(t, w.wantAction(o, config, "no-op").diags)
			saved := w.plan(o, changed)
			wantError(t, saved.diags, "[authentication]", "The sender's authentication would be lost", typeName)
			wantAbsent(t, saved.diags.String(), "console-secret")
			w.wantSender(before)

			// The ways out that the message names.
			w.up(o, changed.with(values{"authentication": values{"type": "NONE"}}))
			want := authenticatedStored("NONE", map[string]string{})
			want.Properties["http.method"] = "POST"
			w.wantSender(want)
		})
	}
	t.Run("import", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		w.setSender(authenticatedStored("BEARER", map[string]string{"accessToken": "console-secret"}))
		o, diags := w.start().importByID(senderType, "bifrost")
		wantWarning(
			t,
			append(diags, w.start().refresh(o)...),
			"has an authentication",
			"Its type is \"BEARER\"",
			"declare authentication",
		)
		wantAbsent(t, diags.String(), "console-secret")
	})
}

func TestSMSSenderAuthentication(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		config values
		want   *mockserver.SMSSender
	}{
		{
			"BEARER", values{"type": "BEARER", "access_token": "t"},
			authenticatedStored("BEARER", map[string]string{"accessToken": "t"}),
		},
		{
			"API_KEY", values{"type": "API_KEY", "header": "X-Key", "value_wo": "v", "value_wo_version": 1},
			authenticatedStored("API_KEY", map[string]string{"header": "X-Key", "value": "v"}),
		},
		{"CLIENT_CREDENTIAL", oauth(nil), oauthStored("first-oauth-secret")},
		{
			"PASSWORD_CREDENTIAL", oauth(
				values{"type": "PASSWORD_CREDENTIAL", "username": "u", "password": "p", "scopes": "a b"},
			),
			authenticatedStored("PASSWORD_CREDENTIAL", map[string]string{
				"clientId": "client", "clientSecret": "first-oauth-secret", "tokenEndpoint": "https://login.example.com/token",
				"username": "u", "password": "p", "scopes": "a b",
			}),
		},
		{"NONE", values{"type": "NONE"}, authenticatedStored("NONE", map[string]string{})},
		{"BASIC", values{"type": "BASIC", "username": "u", "password": "p"}, func() *mockserver.SMSSender {
			sender := authenticatedStored("", nil)
			sender.Authentication, sender.Key, sender.Secret = nil, new("u"), new("p")
			return sender
		}()},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			o := w.create(senderType, authenticated(test.config))
			w.wantSender(test.want)
			wantNoDiagnostics(t, w.wantAction(o, authenticated(test.config), "no-op").diags)
			state, _ := o.state["authentication"].(values)
			for name := range test.config {
				if strings.HasSuffix(name, "_wo") {
					if state[name] != nil {
						t.Errorf("the state has %s", name)
					}
				} else if !same(state[name], test.config[name]) {
					t.Errorf("%s is %v in the state", name, state[name])
				}
			}
			// Another change takes the secrets along.
			w.up(o, authenticated(test.config).with(values{"http_method": "POST"}))
			test.want.Properties["http.method"] = "POST"
			w.wantSender(test.want)
			// What others take away comes back.
			w.changeSender(func(s *mockserver.SMSSender) { s.Authentication, s.Key, s.Secret = nil, nil, nil })
			w.up(o, authenticated(test.config).with(values{"http_method": "POST"}))
			w.wantSender(test.want)
			// Declared once, it goes with its block.
			w.up(o, custom.with(values{"http_method": "POST", "http_headers": "X-Tenant: 1"}))
			test.want.Authentication, test.want.Key, test.want.Secret = nil, nil, nil
			w.wantSender(test.want)
		})
	}
}

func TestSMSSenderAuthenticationChanges(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	o := w.create(senderType, authenticated(oauth(nil)))
	// The version sends a new secret, although nothing else tells of it.
	w.up(o, authenticated(oauth(values{"client_secret_wo": "second-oauth-secret", "client_secret_wo_version": 2})))
	w.wantSender(oauthStored("second-oauth-secret"))
	// Everything that the server tells is compared.
	now := authenticated(oauth(values{"client_secret_wo": "second-oauth-secret", "client_secret_wo_version": 2}))
	for _, property := range []string{"clientId", "tokenEndpoint", "scopes"} {
		w.changeSender(func(s *mockserver.SMSSender) {
			s.Authentication = &mockserver.SenderAuthentication{
				Type:       "CLIENT_CREDENTIAL",
				Properties: maps.Clone(s.Authentication.Properties),
			}
			s.Authentication.Properties[property] = "https://elsewhere.example"
		})
		w.up(o, now)
		w.wantSender(oauthStored("second-oauth-secret"))
	}
	w.changeSender(func(s *mockserver.SMSSender) {
		s.Authentication = &mockserver.SenderAuthentication{Type: "BEARER", Properties: map[string]string{"accessToken": "x"}}
	})
	w.up(o, now)
	w.wantSender(oauthStored("second-oauth-secret"))
	if diff := cmp.Diff("CLIENT_CREDENTIAL", o.state["authentication"].(values)["type"]); diff != "" {
		t.Error(diff)
	}
}

func TestSMSSenderAuthenticationValidation(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config values
		want   string
	}{
		"for Twilio": {
			twilio.with(values{"authentication": values{"type": "NONE"}}), "Remove authentication, which is for custom gateways",
		},
		"with a key": {authenticated(oauth(nil)).with(values{"key": "k"}), "Unexpected key"},
		"without a secret": {
			authenticated(oauth(values{"client_secret_wo": nil, "client_secret_wo_version": nil})), "Missing client_secret",
		},
		"without an endpoint":     {authenticated(oauth(values{"token_endpoint": nil})), "Missing token_endpoint"},
		"with another's argument": {authenticated(oauth(values{"header": "h"})), "Unexpected header"},
		"with two secrets":        {authenticated(oauth(values{"client_secret": "s"})), "Two values of client_secret"},
		"a version alone": {
			authenticated(values{"type": "BEARER", "access_token": "t", "access_token_wo_version": 1}),
			"Missing access_token_wo",
		},
		"an unknown type": {authenticated(values{"type": "basic"}), "authentication.type"},
		"a blank text":    {authenticated(values{"type": "BEARER", "access_token": " "}), "Blank text"},
		"no URL":          {authenticated(oauth(values{"token_endpoint": "login"})), "Invalid token_endpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			if diags := w.plan(&object{typeName: senderType}, test.config).diags; !strings.Contains(diags.String(), test.want) ||
				len(diags.errors()) == 0 {
				t.Errorf("want %q, got\n%s", test.want, diags)
			}
		})
	}
}

// TestSMSSenderAuthenticationOnOldServers: there is no place for it, which the plan says where it can be known.
func TestSMSSenderAuthenticationOnOldServers(t *testing.T) {
	t.Parallel()
	for _, api := range []mockserver.SenderAPI{mockserver.SendersV1, mockserver.SendersV1Open, mockserver.SendersPlain} {
		w := newWorkspace(t)
		w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SenderAPI = api })
		planned := w.plan(&object{typeName: senderType}, authenticated(oauth(nil)))
		if api == mockserver.SendersPlain {
			wantError(t, w.apply(planned), "WSO2 Identity Server 7.3") // the list does not tell
		} else {
			wantError(t, planned.diags, "[authentication]", "WSO2 Identity Server 7.3")
		}
		o := w.create(senderType, custom) // control
		w.up(o, custom.with(values{"http_method": "POST"}))
		if api != mockserver.SendersPlain {
			wantError(t, w.plan(o, authenticated(oauth(nil))).diags, "[authentication]", "WSO2 Identity Server 7.3")
		}
		wantNoError(t, w.apply(w.plan(o, nil)))
	}
}

// TestSMSSenderOfAnotherHost: what is stored for one host is nothing that another one should get.
func TestSMSSenderOfAnotherHost(t *testing.T) {
	t.Parallel()
	for address, moves := range map[string]bool{
		"https://sms.example.com/other": false, "https://SMS.example.com:443/v1": false,
		"http://sms.example.com/v1": true, "https://sms.example.com:8443/v1": true, "https://evil.example.com/v1": true,
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			stored := customStored()
			stored.Key, stored.Secret = new("first-key"), new("first-secret")
			w.setSender(stored)
			o := w.adopt(senderType)
			saved := w.wantAction(o, custom.with(values{"http_headers": nil, "provider_url": address}), "update")
			if moves {
				wantWarning(t, saved.diags, "goes to another gateway", "key, secret, http_headers", "declare it")
				stored.Key, stored.Secret = nil, nil
				delete(stored.Properties, "http.headers")
			} else {
				wantNoDiagnostics(t, saved.diags)
			}
			wantNoError(t, w.apply(saved))
			stored.ProviderURL = new(address)
			w.wantSender(stored)
		})
	}
}

// TestSMSSenderDeclaredSecrets: key and secret that are not write-only are values like any other, and what others put
// there never gets into the state.
func TestSMSSenderDeclaredSecrets(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	plain := senderValues()
	rotate := func(s *mockserver.SMSSender) { s.Key, s.Secret = new("foreign-key"), new("foreign-secret") }
	o := w.create(senderType, plain)
	w.changeSender(rotate)
	saved := w.wantAction(o, plain, "update")
	if o.state["key"] != nil || o.state["secret"] != nil {
		t.Errorf("the state has %v", o.state)
	}
	wantNoError(t, w.apply(saved))
	if s := w.sender(); *s.Key != "AC00" || *s.Secret != "sender-secret" {
		t.Errorf("the server has %s, %s", *s.Key, *s.Secret)
	}
	saved = w.wantAction(o, plain.with(values{"sender": "+1"}), "update")
	w.changeSender(rotate)
	wantWarning(t, w.apply(saved), "changed outside Terraform", "key, secret")
	if s := w.sender(); *s.Key != "AC00" || *s.Secret != "sender-secret" || *s.Sender != "+1" {
		t.Errorf("the server has %s, %s, %s", *s.Key, *s.Secret, *s.Sender)
	}
	w.wantAction(o, plain.with(values{"sender": "+1"}), "no-op")
}

func TestSMSSenderWriteOnlyHeaders(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	config := custom.with(
		values{
			"http_headers":            nil,
			"http_headers_wo":         "Authorization: Bearer header-secret, X-Tenant: 1",
			"http_headers_wo_version": 1,
		},
	)
	o := w.create(senderType, config)
	w.wantSender(customStored())
	if o.state["http_headers"] != nil || o.state["http_headers_wo"] != nil {
		t.Errorf("the state has %v", o.state)
	}
	w.changeSender(func(s *mockserver.SMSSender) { s.Properties["http.headers"] = "X: rotated" })
	w.up(o, config.with(values{"http_method": "POST"})) // the version does not say that they are new
	if got := w.sender().Properties["http.headers"]; got != "X: rotated" {
		t.Errorf("the headers are %q", got)
	}
	w.up(o, config.with(values{"http_headers_wo_version": 2}))
	w.wantSender(customStored())
	w.up(o, custom.with(values{"http_headers": nil}))
	if got, exist := w.sender().Properties["http.headers"]; exist {
		t.Errorf("the headers are %q", got)
	}
}

// TestSMSSenderDataSourceAuthentication: the type and what is no secret are there to be looked at.
func TestSMSSenderDataSourceAuthentication(t *testing.T) {
	t.Parallel()
	basic := customStored()
	basic.Key, basic.Secret = new("user"), new("basic-secret")
	for name, test := range map[string]struct {
		live *mockserver.SMSSender
		want any
	}{
		"none":   {customStored(), nil},
		"Twilio": {twilioStored(), nil},
		"BASIC":  {basic, values{"type": "BASIC", "username": "user"}},
		"BEARER": {
			authenticatedStored("BEARER", map[string]string{"accessToken": "basic-secret"}), values{"type": "BEARER"},
		},
		"API_KEY": {
			authenticatedStored("API_KEY", map[string]string{"header": "X-Key", "value": "basic-secret"}),
			values{"type": "API_KEY", "header": "X-Key"},
		},
		"OAuth": {
			oauthStored("basic-secret"),
			values{"type": "CLIENT_CREDENTIAL", "client_id": "client", "token_endpoint": "https://login.example.com/token"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			w.setSender(test.live)
			read, diags := w.start().read(senderType, values{})
			wantNoDiagnostics(t, diags)
			got, _ := read["authentication"].(values)
			want, _ := test.want.(values)
			if diff := cmp.Diff(want, got.with(nil), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("authentication (- want, + got):\n%s", diff)
			}
			wantAbsent(t, fmt.Sprint(read), "basic-secret")
		})
	}
}
