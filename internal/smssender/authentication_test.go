package smssender_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// A custom gateway may have an authentication, whose secrets the server never tells and never keeps.

// oauth is the authentication of a client, with what is changed.
func oauth(change values) values {
	return values{
		"type": "CLIENT_CREDENTIAL", "client_id": "client", "client_secret_wo": "first-oauth-secret",
		"client_secret_wo_version": 1,
		"token_endpoint":           "https://login.example.com/token",
	}.With(change)
}

func authenticated(authentication values) values {
	return custom(values{"authentication": authentication, "http_headers": "X-Tenant: 1"})
}

// authenticatedStored is a custom sender with an authentication.
func authenticatedStored(typeName string, properties map[string]string) *liveSender {
	sender := providertest.CustomStored()
	sender.Properties["http.headers"] = "X-Tenant: 1"
	sender.Authentication = &mockserver.SenderAuthentication{Type: typeName, Properties: properties}
	return sender
}

func oauthStored(secret string) *liveSender {
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
			w := providertest.NewWorkspace(t)
			config := custom(values{"http_headers": "X-Tenant: 1"})
			o := w.Create(smsSender, config)
			changed := config.With(values{"http_method": "POST"})
			early := w.WantAction(o, changed, "update")
			w.ChangeSender(func(s *liveSender) {
				s.Authentication = &mockserver.SenderAuthentication{
					Type:       typeName,
					Properties: map[string]string{"accessToken": "console-secret"},
				}
			})
			before := w.Sender()
			// Once planned before, refused before the write.
			providertest.WantError(t, w.Apply(early), "[authentication]", "The sender's authentication would be lost", typeName,
				"Declare authentication with its secrets")
			w.WantSender(before)

			providertest.WantNoDiagnostics(t, w.WantAction(o, config, "no-op").Diags)
			saved := w.Plan(o, changed)
			providertest.WantError(t, saved.Diags, "[authentication]", "The sender's authentication would be lost", typeName)
			providertest.WantAbsent(t, saved.Diags.String(), "console-secret")
			w.WantSender(before)

			// The ways out that the message names.
			w.Up(o, changed.With(values{"authentication": values{"type": "NONE"}}))
			want := authenticatedStored("NONE", map[string]string{})
			want.Properties["http.method"] = "POST"
			w.WantSender(want)
		})
	}
	t.Run("import", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewWorkspace(t)
		w.SetSender(authenticatedStored("BEARER", map[string]string{"accessToken": "console-secret"}))
		o, diags := w.Start().ImportByID(smsSender, "bifrost")
		providertest.WantWarning(t, append(diags, w.Start().Refresh(o)...), "has an authentication", "Its type is \"BEARER\"",
			"declare authentication")
		providertest.WantAbsent(t, diags.String(), "console-secret")
	})
}

func TestSMSSenderAuthentication(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		config values
		want   *liveSender
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
			"PASSWORD_CREDENTIAL",
			oauth(values{"type": "PASSWORD_CREDENTIAL", "username": "u", "password": "p", "scopes": "a b"}),
			authenticatedStored("PASSWORD_CREDENTIAL", map[string]string{
				"clientId": "client", "clientSecret": "first-oauth-secret", "tokenEndpoint": "https://login.example.com/token",
				"username": "u", "password": "p", "scopes": "a b",
			}),
		},
		{"NONE", values{"type": "NONE"}, authenticatedStored("NONE", map[string]string{})},
		{"BASIC", values{"type": "BASIC", "username": "u", "password": "p"}, func() *liveSender {
			sender := authenticatedStored("", nil)
			sender.Authentication, sender.Key, sender.Secret = nil, new("u"), new("p")
			return sender
		}()},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			o := w.Create(smsSender, authenticated(test.config))
			w.WantSender(test.want)
			providertest.WantNoDiagnostics(t, w.WantAction(o, authenticated(test.config), "no-op").Diags)
			state, _ := o.State["authentication"].(values)
			for name := range test.config {
				if strings.HasSuffix(name, "_wo") {
					if state[name] != nil {
						t.Errorf("the state has %s", name)
					}
				} else if !providertest.Same(state[name], test.config[name]) {
					t.Errorf("%s is %v in the state", name, state[name])
				}
			}
			// Another change takes the secrets along.
			w.Up(o, authenticated(test.config).With(values{"http_method": "POST"}))
			test.want.Properties["http.method"] = "POST"
			w.WantSender(test.want)
			// What others take away comes back.
			w.ChangeSender(func(s *liveSender) { s.Authentication, s.Key, s.Secret = nil, nil, nil })
			w.Up(o, authenticated(test.config).With(values{"http_method": "POST"}))
			w.WantSender(test.want)
			// Declared once, it goes with its block.
			w.Up(o, custom(values{"http_method": "POST", "http_headers": "X-Tenant: 1"}))
			test.want.Authentication, test.want.Key, test.want.Secret = nil, nil, nil
			w.WantSender(test.want)
		})
	}
}

func TestSMSSenderAuthenticationChanges(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	o := w.Create(smsSender, authenticated(oauth(nil)))
	// The version sends a new secret, although nothing else tells of it.
	w.Up(o, authenticated(oauth(values{"client_secret_wo": "second-oauth-secret", "client_secret_wo_version": 2})))
	w.WantSender(oauthStored("second-oauth-secret"))
	// Everything that the server tells is compared.
	now := authenticated(oauth(values{"client_secret_wo": "second-oauth-secret", "client_secret_wo_version": 2}))
	for _, property := range []string{"clientId", "tokenEndpoint", "scopes"} {
		w.ChangeSender(func(s *liveSender) {
			s.Authentication = &mockserver.SenderAuthentication{
				Type:       "CLIENT_CREDENTIAL",
				Properties: maps.Clone(s.Authentication.Properties),
			}
			s.Authentication.Properties[property] = "https://elsewhere.example"
		})
		w.Up(o, now)
		w.WantSender(oauthStored("second-oauth-secret"))
	}
	w.ChangeSender(func(s *liveSender) {
		s.Authentication = &mockserver.SenderAuthentication{Type: "BEARER", Properties: map[string]string{"accessToken": "x"}}
	})
	w.Up(o, now)
	w.WantSender(oauthStored("second-oauth-secret"))
	if diff := cmp.Diff("CLIENT_CREDENTIAL", o.State["authentication"].(values)["type"]); diff != "" {
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
			twilio(values{"authentication": values{"type": "NONE"}}), "Remove authentication, which is for custom gateways",
		},
		"with a key": {authenticated(oauth(nil)).With(values{"key": "k"}), "Unexpected key"},
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
			w := providertest.NewWorkspace(t)
			if diags := w.Plan(newSender(), test.config).Diags; !strings.Contains(diags.String(), test.want) ||
				len(diags.Errors()) == 0 {
				t.Errorf("want %q, got\n%s", test.want, diags)
			}
		})
	}
}

// TestSMSSenderAuthenticationOnOldServers: there is no place for it, which the plan says where it can be known.
func TestSMSSenderAuthenticationOnOldServers(t *testing.T) {
	t.Parallel()
	for _, api := range []mockserver.SenderAPI{mockserver.SendersV1, mockserver.SendersV1Open, mockserver.SendersPlain} {
		w := providertest.NewWorkspace(t)
		w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SenderAPI = api })
		planned := w.Plan(newSender(), authenticated(oauth(nil)))
		if api == mockserver.SendersPlain {
			providertest.WantError(t, w.Apply(planned), "WSO2 Identity Server 7.3") // the list does not tell
		} else {
			providertest.WantError(t, planned.Diags, "[authentication]", "WSO2 Identity Server 7.3")
		}
		o := w.Create(smsSender, providertest.Custom) // control
		w.Up(o, custom(values{"http_method": "POST"}))
		if api != mockserver.SendersPlain {
			providertest.WantError(t, w.Plan(o, authenticated(oauth(nil))).Diags, "[authentication]", "WSO2 Identity Server 7.3")
		}
		providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
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
			w := providertest.NewWorkspace(t)
			stored := providertest.CustomStored()
			stored.Key, stored.Secret = new("first-key"), new("first-secret")
			w.SetSender(stored)
			o := w.Adopt(smsSender)
			saved := w.WantAction(o, custom(values{"http_headers": nil, "provider_url": address}), "update")
			if moves {
				providertest.WantWarning(t, saved.Diags, "goes to another gateway", "key, secret, http_headers", "declare it")
				stored.Key, stored.Secret = nil, nil
				delete(stored.Properties, "http.headers")
			} else {
				providertest.WantNoDiagnostics(t, saved.Diags)
			}
			providertest.WantNoError(t, w.Apply(saved))
			stored.ProviderURL = new(address)
			w.WantSender(stored)
		})
	}
}

// TestSMSSenderDeclaredSecrets: key and secret that are not write-only are values like any other, and what others put
// there never gets into the state.
func TestSMSSenderDeclaredSecrets(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	plain := providertest.SenderValues()
	rotate := func(s *liveSender) { s.Key, s.Secret = new("foreign-key"), new("foreign-secret") }
	o := w.Create(smsSender, plain)
	w.ChangeSender(rotate)
	saved := w.WantAction(o, plain, "update")
	if o.State["key"] != nil || o.State["secret"] != nil {
		t.Errorf("the state has %v", o.State)
	}
	providertest.WantNoError(t, w.Apply(saved))
	if s := w.Sender(); *s.Key != "AC00" || *s.Secret != "sender-secret" {
		t.Errorf("the server has %s, %s", *s.Key, *s.Secret)
	}
	saved = w.WantAction(o, plain.With(values{"sender": "+1"}), "update")
	w.ChangeSender(rotate)
	providertest.WantWarning(t, w.Apply(saved), "changed outside Terraform", "key, secret")
	if s := w.Sender(); *s.Key != "AC00" || *s.Secret != "sender-secret" || *s.Sender != "+1" {
		t.Errorf("the server has %s, %s, %s", *s.Key, *s.Secret, *s.Sender)
	}
	w.WantAction(o, plain.With(values{"sender": "+1"}), "no-op")
}

func TestSMSSenderWriteOnlyHeaders(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	config := custom(values{
		"http_headers": nil, "http_headers_wo": "Authorization: Bearer header-secret, X-Tenant: 1",
		"http_headers_wo_version": 1,
	})
	o := w.Create(smsSender, config)
	w.WantSender(providertest.CustomStored())
	if o.State["http_headers"] != nil || o.State["http_headers_wo"] != nil {
		t.Errorf("the state has %v", o.State)
	}
	w.ChangeSender(func(s *liveSender) { s.Properties["http.headers"] = "X: rotated" })
	w.Up(o, config.With(values{"http_method": "POST"})) // the version does not say that they are new
	if got := w.Sender().Properties["http.headers"]; got != "X: rotated" {
		t.Errorf("the headers are %q", got)
	}
	w.Up(o, config.With(values{"http_headers_wo_version": 2}))
	w.WantSender(providertest.CustomStored())
	w.Up(o, custom(values{"http_headers": nil}))
	if got, exist := w.Sender().Properties["http.headers"]; exist {
		t.Errorf("the headers are %q", got)
	}
}

// TestSMSSenderDataSourceAuthentication: the type and what is no secret are there to be looked at.
func TestSMSSenderDataSourceAuthentication(t *testing.T) {
	t.Parallel()
	basic := providertest.CustomStored()
	basic.Key, basic.Secret = new("user"), new("basic-secret")
	for name, test := range map[string]struct {
		live *liveSender
		want any
	}{
		"none":   {providertest.CustomStored(), nil},
		"Twilio": {providertest.TwilioStored(), nil},
		"BASIC":  {basic, values{"type": "BASIC", "username": "user"}},
		"BEARER": {authenticatedStored("BEARER", map[string]string{"accessToken": "basic-secret"}), values{"type": "BEARER"}},
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
			w := providertest.NewWorkspace(t)
			w.SetSender(test.live)
			read, diags := w.Start().Read(smsSender, values{})
			providertest.WantNoDiagnostics(t, diags)
			got, _ := read["authentication"].(values)
			want, _ := test.want.(values)
			if diff := cmp.Diff(want, got.With(nil), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("authentication (- want, + got):\n%s", diff)
			}
			providertest.WantAbsent(t, fmt.Sprint(read), "basic-secret")
		})
	}
}
