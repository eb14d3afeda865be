package provider

import (
	"maps"
	"net/http"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// What the server would accept without a word, and what it would refuse only during apply.

func TestSMSSenderDoubts(t *testing.T) {
	t.Parallel()
	plain := values{"provider_name": "Twilio", "key": "k", "secret": "s", "sender": "+1"}
	for _, test := range []struct {
		name    string
		config  values
		warning []string // nil: none
	}{
		{
			"a key from a file", plain.with(values{"key": "k\n"}),
			[]string{"[key]", "key begins or ends with white space", "trimspace()"},
		},
		{
			"a secret after a blank", plain.with(values{"secret": " s3cret"}),
			[]string{"[secret]", "secret begins or ends with white space", "a part of the secret"},
		},
		{
			"a write-only key from a file", twilio.with(values{"key_wo": "k\r\n"}),
			[]string{"[key_wo]", "key_wo begins or ends with white space"},
		},
		{
			"a write-only secret from a file", twilio.with(values{"secret_wo": "s\n"}),
			[]string{"[secret_wo]", "secret_wo begins or ends with white space"},
		},
		{"a secret with blanks inside", plain.with(values{"secret": "s 3 cret"}), nil},

		{
			"a write-only key without version", twilio.with(values{"key_wo_version": nil}),
			[]string{
				"[key_wo]", "key_wo without key_wo_version", "a new key would never be sent",
				"Set key_wo_version = 1, and raise it with every change",
			},
		},
		{
			"a write-only secret without version", twilio.with(values{"secret_wo_version": nil}),
			[]string{
				"[secret_wo]", "secret_wo without secret_wo_version", "a new secret would never be sent",
				"Set secret_wo_version = 1, and raise it with every change",
			},
		},
		{
			"a write-only secret that is not known yet", twilio.with(values{"secret_wo": unknown, "secret_wo_version": nil}),
			nil,
		},
		{"a version that is not known yet", twilio.with(values{"secret_wo_version": unknown}), nil},
		{"version 0", twilio.with(values{"secret_wo_version": 0}), nil},

		{"a blank sender", plain.with(values{"sender": " "}), []string{"[sender]", "sender is blank"}},
		{"a sender of words", plain.with(values{"sender": "ACME Bank"}), nil},

		{
			"a URL with credentials", custom.with(values{"provider_url": "https://user:pa55@sms.example.com"}),
			[]string{"[provider_url]", "provider_url has credentials", "http_headers"},
		},
		{
			"a URL with a key in its query",
			custom.with(values{"provider_url": "https://sms.example.com/v1?api_key=s3cret-key&to={{mobile}}"}),
			[]string{"[provider_url]", "provider_url has credentials", "http_headers"},
		},
		{
			"a URL with a placeholder in its query",
			custom.with(values{"provider_url": "https://sms.example.com/v1?keyword={{body}}&auth=no"}), nil,
		},
		{
			"a body with a password",
			custom.with(values{"body": `{"password": "s3cret-word", "to": {{mobile}}, "text": {{body}}}`}),
			[]string{"[body]", "body has credentials", "http_headers"},
		},
		{
			"a form with a token", custom.with(values{"body": "to={{mobile}}&text={{body}}&Access-Token=s3cret"}),
			[]string{"[body]", "body has credentials"},
		},
		{
			"XML with a key", custom.with(values{"body": "<to>{{mobile}}</to><text>{{body}}</text><apiKey>s3cret</apiKey>"}),
			[]string{"[body]", "body has credentials"},
		},
		{
			"a URL with a port and placeholders",
			custom.with(values{"provider_url": "http://localhost:8080/to/{{mobile}}?text={{body}}"}), nil,
		},
		{
			"a URL for Twilio", plain.with(values{"provider_url": "https://sms.example.com"}),
			[]string{
				"[provider_url]", "provider_url has no effect with Twilio", "with key, secret and sender alone",
				"before October 2023",
			},
		},
		{
			"a method for Vonage", plain.with(values{"provider_name": "Vonage", "http_method": "POST"}),
			[]string{"[http_method]", "has no effect with Vonage", "Remove http_method."},
		},
		{"a URL for Twilio that is not known yet", plain.with(values{"provider_url": unknown}), nil},

		{
			"a method in small letters", custom.with(values{"http_method": "post"}),
			[]string{"[http_method]", `It is "post". Write "POST", in capital letters.`},
		},
		{
			"no method at all", custom.with(values{"http_method": "FETCH"}),
			[]string{"[http_method]", `It is "FETCH". Write POST, PUT, GET, PATCH or DELETE`},
		},
		{"GET", custom.with(values{"http_method": "GET"}), nil},
		{"a method that is not known yet", custom.with(values{"http_method": unknown}), nil},

		{
			"headers without a colon", custom.with(values{"http_headers": "header-secret"}),
			[]string{"[http_headers]", "has another form than expected", `"X-Tenant: 1, X-Region: eu"`},
		},
		{
			"headers of several lines", custom.with(values{"http_headers": "X: header-secret\nY: 2"}),
			[]string{"[http_headers]", "a single line"},
		},
		{
			"headers from a file", custom.with(values{"http_headers": "X: header-secret\n"}),
			[]string{"[http_headers]", "trimspace() removes a line break"},
		},
		{
			"an address in a header", custom.with(values{"http_headers": "X-Callback: https://s3cret.example"}),
			[]string{"[http_headers]", "has a value with a colon or a comma", "drops"},
		},
		{
			"a comma in a header", custom.with(values{"http_headers": "Accept: text/plain, text/html"}),
			[]string{"[http_headers]", "has a value with a colon or a comma"},
		},
		{
			"write-only headers with a comma",
			custom.with(values{"http_headers": nil, "http_headers_wo": "Accept: a, b", "http_headers_wo_version": 1}),
			[]string{"[http_headers]", "a colon or a comma"},
		},
		{"a comma at the end of the headers", custom.with(values{"http_headers": "X: 1,"}), nil},
		{"headers that are not known yet", custom.with(values{"http_headers": unknown}), nil},

		{
			"a body without number", custom.with(values{"body": "text={{body}}"}),
			[]string{"[body]", "body has no {{mobile}}", "would not learn whom to send to"},
		},
		{
			"a body without text", custom.with(values{"body": "to={{mobile}}"}),
			[]string{"[body]", "body has no {{body}}", "would not learn what to send"},
		},
		{
			"the number in the URL",
			custom.with(values{"body": "{{body}}", "provider_url": "https://sms.example.com/{{mobile}}"}), nil,
		},
		{"the number in a header", custom.with(values{"body": "{{body}}", "http_headers": "X-To: {{mobile}}"}), nil},
		{"a body that is not known yet", custom.with(values{"body": unknown}), nil},
		{
			"a URL that is not known yet, with a body without number",
			custom.with(values{"body": "{{body}}", "provider_url": unknown}), nil,
		},
		{
			"headers that are not known yet, with a body without number",
			custom.with(values{"body": "{{body}}", "http_headers": unknown}), nil,
		},

		{"a custom gateway with sender, as the Console has it", custom.with(values{"sender": "ACME"}), nil},

		{
			"a number with blanks", plain.with(values{"sender": "+1 555 0100"}),
			[]string{"[sender]", "sender is none that Twilio knows", `such as "+15550100"`},
		},
		{"a number without country", plain.with(values{"sender": "01715550100"}), []string{"[sender]", "the country code"}},
		{
			"a name that is too long", plain.with(values{"sender": "ACME Banking Corporation"}),
			[]string{"[sender]", "at most 11 characters"},
		},
		{"a short code", plain.with(values{"sender": "12345"}), nil},
		{"a messaging service", plain.with(values{"sender": "MG0123456789abcdef0123456789abcdef"}), nil},
		{
			"a number for Vonage, which takes it without +", plain.with(values{"provider_name": "Vonage", "sender": "15550100"}),
			nil,
		},

		{
			"a key of an example", plain.with(values{"key": "<your-key>"}),
			[]string{"[key]", "key is a placeholder", "Replace it"},
		},
		{"a secret of an example", plain.with(values{"secret": "changeme"}), []string{"[secret]", "secret is a placeholder"}},
		{
			"an expression in quotes", plain.with(values{"secret": "var.twilio_secret"}), []string{"[secret]", "without quotes"},
		},
		{
			"an escaped expression", twilio.with(values{"secret_wo": "${var.s3cret}"}),
			[]string{"[secret_wo]", "without quotes"},
		},
		{
			"a sender of an example", plain.with(values{"sender": "YOUR_NUMBER"}),
			[]string{"[sender]", "sender is a placeholder"},
		},
		{
			"a password of an example", authenticated(
				oauth(values{"client_secret_wo": "replace-me"}),
			).with(values{"http_headers": nil}),
			[]string{"[authentication.client_secret_wo]", "authentication.client_secret_wo is a placeholder"},
		},
		{"secrets that resemble nothing", plain.with(values{"key": "yourself", "secret": "variable.x"}), nil},

		// What signs a request to a custom gateway.
		{
			"key and secret of a custom gateway", custom.with(
				values{"key": "k", "secret_wo": "s", "secret_wo_version": 1, "http_headers": nil},
			),
			[]string{"[key]", "become a header", `"Authorization: Basic …"`, "the type BASIC"},
		},
		{"a key alone", custom.with(values{"key": "k"}), []string{"[key]", "alone has no effect"}},
		{
			"two signatures of key and secret", custom.with(values{"key": "k", "secret": "s"}),
			[]string{"[http_headers]", "has the header of the authentication", `"Authorization"`},
		},
		{
			"two signatures", authenticated(oauth(nil)).with(values{"http_headers": custom["http_headers"]}),
			[]string{"[http_headers]", "has the header of the authentication", "either of the two may win"},
		},
		{
			"two API keys", authenticated(values{"type": "API_KEY", "header": "x-tenant", "value": "s3cret"}),
			[]string{"[http_headers]", "has the header of the authentication", `"x-tenant"`},
		},
		{
			"an API key beside another header", authenticated(values{"type": "API_KEY", "header": "X-Key", "value": "s3cret"}),
			nil,
		},
		{"one signature", authenticated(oauth(nil)).with(values{"http_headers": "X-Tenant: 1"}), nil},
		{"no signature beside an own one", authenticated(values{"type": "NONE"}), nil},
		{
			"a token endpoint without encryption", authenticated(
				oauth(values{"token_endpoint": "http://login.example.com"}),
			).with(values{"http_headers": nil}),
			[]string{"[authentication.token_endpoint]", "is not encrypted", "Use https"},
		},
		{
			"a write-only secret of the authentication without version", authenticated(
				oauth(values{"client_secret_wo_version": nil}),
			).with(values{"http_headers": nil}),
			[]string{"[authentication.client_secret_wo]", "without client_secret_wo_version"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			diags := newProcess(t).plan(&object{typeName: senderType}, test.config).diags
			if test.warning == nil {
				wantNoDiagnostics(t, diags)
				return
			}
			wantWarning(t, diags, test.warning...)
			wantAbsent(t, diags.String(), "s3cret", "pa55", "header-secret")
		})
	}
}

// TestSMSSenderErrorsRepeatNoCredentials: a URL that cannot be used may have some.
func TestSMSSenderErrorsRepeatNoCredentials(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"user:pa55@sms.example.com", "https://user:pa55@sms.example.com\n", "https://user:pa55%zz@sms.example.com",
	} {
		diags := newProcess(t).plan(&object{typeName: senderType}, custom.with(values{"provider_url": url})).diags
		wantError(t, diags, "[provider_url]", "Invalid provider_url")
		wantAbsent(t, diags.String(), "pa55", "zz")
	}
}

// TestSMSSenderThatExistsIsAnnounced: the create would fail, and the plan can tell.
func TestSMSSenderThatExistsIsAnnounced(t *testing.T) {
	t.Parallel()
	text := []string{
		`Organization "bifrost" has an SMS sender already`,
		`provider_name is "Custom"`,
		"unless this run deletes the first one before",
		"terraform import asgardeo_sms_sender.<name> bifrost",
	}
	occupied := func(t *testing.T) *workspace {
		t.Helper()
		w := newFleet(t)
		w.setSender(customStored())
		return w
	}

	t.Run("with SMS OTP", func(t *testing.T) {
		t.Parallel()
		w := occupied(t)
		p := w.start()
		wantNoError(t, p.plan(&object{typeName: twoFactor}, smsOn).diags)
		wantWarning(t, p.plan(&object{typeName: senderType}, twilio).diags, text...)
		w.wantCalls("POST token", "GET "+twoFactorObject, "GET "+enrollmentObject, "GET sms") // one look is enough for both
		wantAbsent(t, p.plan(&object{typeName: senderType}, twilio).diags.String(), "header-secret")
	})

	t.Run("another name", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		w.mock.Update(func(state *mockserver.State) {
			state.Organizations["bifrost"].SMSSenders["EmailPublisher"] = customStored()
		})
		wantNoDiagnostics(t, w.plan(&object{typeName: senderType}, twilio).diags)
	})

	// Nothing can be told of what cannot be looked at, and it is no reason to fail.
	for name, hide := range map[string]func(w *workspace){
		"no scope": without("internal_notification_senders_view"),
		"no credentials": func(w *workspace) {
			w.provider = w.provider.with(values{"organization": "alfheim", "credentials": nil})
		},
		"a server in trouble": breaks(
			http.MethodGet, apiPath, mockserver.Fault{Action: mockserver.ActionStatus, Status: http.StatusServiceUnavailable},
		),
		"a provider that is not known yet": func(w *workspace) { w.provider["client_secret"] = unknown },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := occupied(t)
			w.wrap, w.provider["max_retries"] = nil, 1
			here := twilio.with(values{"organization": "bifrost"})
			wantWarning(t, w.plan(&object{typeName: senderType}, here).diags, text...)
			hide(w)
			wantNoDiagnostics(t, w.plan(&object{typeName: senderType}, here).diags)
		})
	}
	t.Run("an organization that is not known yet", func(t *testing.T) {
		t.Parallel()
		w := occupied(t)
		wantNoDiagnostics(t, w.plan(&object{typeName: senderType}, twilio.with(values{"organization": unknown})).diags)
		w.wantCalls()
	})

	// What is to be replaced is no obstacle to its successor.
	t.Run("replaced on request", func(t *testing.T) {
		t.Parallel()
		w := occupied(t)
		o := w.adopt(senderType)
		w.up(o, custom)
		w.calls()
		p := w.start()
		wantNoDiagnostics(t, p.plan(o, custom).diags)
		// Terraform asks for the successor in a second call, as if there were nothing.
		wantNoDiagnostics(t, p.plan(&object{typeName: senderType}, custom).diags)
		w.wantCalls()
	})
	t.Run("moved", func(t *testing.T) {
		t.Parallel()
		w := occupied(t)
		o := w.adopt(senderType)
		w.up(o, custom)
		there := custom.with(values{"organization": "alfheim"})
		wantNoDiagnostics(t, w.wantAction(o, there, "replace").diags)
		w.mock.Update(func(state *mockserver.State) {
			state.Organizations["alfheim"].SMSSenders = maps.Clone(state.Organizations["bifrost"].SMSSenders)
		})
		w.calls()
		wantWarning(
			t,
			w.wantAction(o, there, "replace").diags,
			`Organization "alfheim" has an SMS sender already`,
			"terraform import asgardeo_sms_sender.<name> alfheim",
		)
		// The refresh here, and the looks whether SMS OTP needs the sender here, and at senders there.
		w.wantCalls("POST token", "GET sms", "GET "+twoFactorObject, "POST token", "GET sms")
	})
}
