package smssender_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// What the server would accept without a word, and what it would refuse only during apply.

func TestSMSSenderDoubts(t *testing.T) {
	t.Parallel()
	plain := providertest.Values{"provider_name": "Twilio", "key": "k", "secret": "s", "sender": "+1"}
	for _, test := range []struct {
		name    string
		config  providertest.Values
		warning []string // nil: none
	}{
		{
			"a key from a file", plain.With(providertest.Values{"key": "k\n"}),
			[]string{"[key]", "key begins or ends with white space", "trimspace()"},
		},
		{
			"a secret after a blank", plain.With(providertest.Values{"secret": " s3cret"}),
			[]string{"[secret]", "secret begins or ends with white space", "a part of the secret"},
		},
		{
			"a write-only key from a file", providertest.Twilio.With(providertest.Values{"key_wo": "k\r\n"}),
			[]string{"[key_wo]", "key_wo begins or ends with white space"},
		},
		{
			"a write-only secret from a file", providertest.Twilio.With(providertest.Values{"secret_wo": "s\n"}),
			[]string{"[secret_wo]", "secret_wo begins or ends with white space"},
		},
		{"a secret with blanks inside", plain.With(providertest.Values{"secret": "s 3 cret"}), nil},

		{
			"a write-only key without version", providertest.Twilio.With(providertest.Values{"key_wo_version": nil}),
			[]string{
				"[key_wo]", "key_wo without key_wo_version", "a new key would never be sent",
				"Set key_wo_version = 1, and raise it with every change",
			},
		},
		{
			"a write-only secret without version", providertest.Twilio.With(providertest.Values{"secret_wo_version": nil}),
			[]string{
				"[secret_wo]", "secret_wo without secret_wo_version", "a new secret would never be sent",
				"Set secret_wo_version = 1, and raise it with every change",
			},
		},
		{
			"a write-only secret that is not known yet", providertest.Twilio.With(providertest.Values{"secret_wo": providertest.Unknown, "secret_wo_version": nil}),
			nil,
		},
		{"a version that is not known yet", providertest.Twilio.With(providertest.Values{"secret_wo_version": providertest.Unknown}), nil},
		{"version 0", providertest.Twilio.With(providertest.Values{"secret_wo_version": 0}), nil},

		{"a blank sender", plain.With(providertest.Values{"sender": " "}), []string{"[sender]", "sender is blank"}},
		{"a sender of words", plain.With(providertest.Values{"sender": "ACME Bank"}), nil},

		{
			"a URL with credentials", providertest.Custom.With(providertest.Values{"provider_url": "https://user:pa55@sms.example.com"}),
			[]string{"[provider_url]", "provider_url has credentials", "http_headers"},
		},
		{
			"a URL with a key in its query",
			providertest.Custom.With(providertest.Values{"provider_url": "https://sms.example.com/v1?api_key=s3cret-key&to={{mobile}}"}),
			[]string{"[provider_url]", "provider_url has credentials", "http_headers"},
		},
		{
			"a URL with a placeholder in its query",
			providertest.Custom.With(providertest.Values{"provider_url": "https://sms.example.com/v1?keyword={{body}}&auth=no"}), nil,
		},
		{
			"a body with a password",
			providertest.Custom.With(providertest.Values{"body": `{"password": "s3cret-word", "to": {{mobile}}, "text": {{body}}}`}),
			[]string{"[body]", "body has credentials", "http_headers"},
		},
		{
			"a form with a token", providertest.Custom.With(providertest.Values{"body": "to={{mobile}}&text={{body}}&Access-Token=s3cret"}),
			[]string{"[body]", "body has credentials"},
		},
		{
			"XML with a key", providertest.Custom.With(providertest.Values{"body": "<to>{{mobile}}</to><text>{{body}}</text><apiKey>s3cret</apiKey>"}),
			[]string{"[body]", "body has credentials"},
		},
		{
			"a URL with a port and placeholders",
			providertest.Custom.With(providertest.Values{"provider_url": "http://localhost:8080/to/{{mobile}}?text={{body}}"}), nil,
		},
		{
			"a URL for Twilio", plain.With(providertest.Values{"provider_url": "https://sms.example.com"}),
			[]string{
				"[provider_url]", "provider_url has no effect with Twilio", "with key, secret and sender alone",
				"before October 2023",
			},
		},
		{
			"a method for Vonage", plain.With(providertest.Values{"provider_name": "Vonage", "http_method": "POST"}),
			[]string{"[http_method]", "has no effect with Vonage", "Remove http_method."},
		},
		{"a URL for Twilio that is not known yet", plain.With(providertest.Values{"provider_url": providertest.Unknown}), nil},

		{
			"a method in small letters", providertest.Custom.With(providertest.Values{"http_method": "post"}),
			[]string{"[http_method]", `It is "post". Write "POST", in capital letters.`},
		},
		{
			"no method at all", providertest.Custom.With(providertest.Values{"http_method": "FETCH"}),
			[]string{"[http_method]", `It is "FETCH". Write POST, PUT, GET, PATCH or DELETE`},
		},
		{"GET", providertest.Custom.With(providertest.Values{"http_method": "GET"}), nil},
		{"a method that is not known yet", providertest.Custom.With(providertest.Values{"http_method": providertest.Unknown}), nil},

		{
			"headers without a colon", providertest.Custom.With(providertest.Values{"http_headers": "header-secret"}),
			[]string{"[http_headers]", "has another form than expected", `"X-Tenant: 1, X-Region: eu"`},
		},
		{
			"headers of several lines", providertest.Custom.With(providertest.Values{"http_headers": "X: header-secret\nY: 2"}),
			[]string{"[http_headers]", "a single line"},
		},
		{
			"headers from a file", providertest.Custom.With(providertest.Values{"http_headers": "X: header-secret\n"}),
			[]string{"[http_headers]", "trimspace() removes a line break"},
		},
		{
			"an address in a header", providertest.Custom.With(providertest.Values{"http_headers": "X-Callback: https://s3cret.example"}),
			[]string{"[http_headers]", "has a value with a colon or a comma", "drops"},
		},
		{
			"a comma in a header", providertest.Custom.With(providertest.Values{"http_headers": "Accept: text/plain, text/html"}),
			[]string{"[http_headers]", "has a value with a colon or a comma"},
		},
		{
			"write-only headers with a comma",
			providertest.Custom.With(providertest.Values{"http_headers": nil, "http_headers_wo": "Accept: a, b", "http_headers_wo_version": 1}),
			[]string{"[http_headers]", "a colon or a comma"},
		},
		{"a comma at the end of the headers", providertest.Custom.With(providertest.Values{"http_headers": "X: 1,"}), nil},
		{"headers that are not known yet", providertest.Custom.With(providertest.Values{"http_headers": providertest.Unknown}), nil},

		{
			"a body without number", providertest.Custom.With(providertest.Values{"body": "text={{body}}"}),
			[]string{"[body]", "body has no {{mobile}}", "would not learn whom to send to"},
		},
		{
			"a body without text", providertest.Custom.With(providertest.Values{"body": "to={{mobile}}"}),
			[]string{"[body]", "body has no {{body}}", "would not learn what to send"},
		},
		{
			"the number in the URL",
			providertest.Custom.With(providertest.Values{"body": "{{body}}", "provider_url": "https://sms.example.com/{{mobile}}"}), nil,
		},
		{"the number in a header", providertest.Custom.With(providertest.Values{"body": "{{body}}", "http_headers": "X-To: {{mobile}}"}), nil},
		{"a body that is not known yet", providertest.Custom.With(providertest.Values{"body": providertest.Unknown}), nil},
		{
			"a URL that is not known yet, with a body without number",
			providertest.Custom.With(providertest.Values{"body": "{{body}}", "provider_url": providertest.Unknown}), nil,
		},
		{
			"headers that are not known yet, with a body without number",
			providertest.Custom.With(providertest.Values{"body": "{{body}}", "http_headers": providertest.Unknown}), nil,
		},

		{"a custom gateway with sender, as the Console has it", providertest.Custom.With(providertest.Values{"sender": "ACME"}), nil},

		{
			"a number with blanks", plain.With(providertest.Values{"sender": "+1 555 0100"}),
			[]string{"[sender]", "sender is none that Twilio knows", `such as "+15550100"`},
		},
		{"a number without country", plain.With(providertest.Values{"sender": "01715550100"}), []string{"[sender]", "the country code"}},
		{
			"a name that is too long", plain.With(providertest.Values{"sender": "ACME Banking Corporation"}),
			[]string{"[sender]", "at most 11 characters"},
		},
		{"a short code", plain.With(providertest.Values{"sender": "12345"}), nil},
		{"a messaging service", plain.With(providertest.Values{"sender": "MG0123456789abcdef0123456789abcdef"}), nil},
		{
			"a number for Vonage, which takes it without +", plain.With(providertest.Values{"provider_name": "Vonage", "sender": "15550100"}),
			nil,
		},

		{
			"a key of an example", plain.With(providertest.Values{"key": "<your-key>"}),
			[]string{"[key]", "key is a placeholder", "Replace it"},
		},
		{"a secret of an example", plain.With(providertest.Values{"secret": "changeme"}), []string{"[secret]", "secret is a placeholder"}},
		{
			"an expression in quotes", plain.With(providertest.Values{"secret": "var.twilio_secret"}), []string{"[secret]", "without quotes"},
		},
		{
			"an escaped expression", providertest.Twilio.With(providertest.Values{"secret_wo": "${var.s3cret}"}),
			[]string{"[secret_wo]", "without quotes"},
		},
		{
			"a sender of an example", plain.With(providertest.Values{"sender": "YOUR_NUMBER"}),
			[]string{"[sender]", "sender is a placeholder"},
		},
		{
			"a password of an example", authenticated(
				oauth(providertest.Values{"client_secret_wo": "replace-me"}),
			).With(providertest.Values{"http_headers": nil}),
			[]string{"[authentication.client_secret_wo]", "authentication.client_secret_wo is a placeholder"},
		},
		{"secrets that resemble nothing", plain.With(providertest.Values{"key": "yourself", "secret": "variable.x"}), nil},

		// What signs a request to a custom gateway.
		{
			"key and secret of a custom gateway", providertest.Custom.With(
				providertest.Values{"key": "k", "secret_wo": "s", "secret_wo_version": 1, "http_headers": nil},
			),
			[]string{"[key]", "become a header", `"Authorization: Basic …"`, "the type BASIC"},
		},
		{"a key alone", providertest.Custom.With(providertest.Values{"key": "k"}), []string{"[key]", "alone has no effect"}},
		{
			"two signatures of key and secret", providertest.Custom.With(providertest.Values{"key": "k", "secret": "s"}),
			[]string{"[http_headers]", "has the header of the authentication", `"Authorization"`},
		},
		{
			"two signatures", authenticated(oauth(nil)).With(providertest.Values{"http_headers": providertest.Custom["http_headers"]}),
			[]string{"[http_headers]", "has the header of the authentication", "either of the two may win"},
		},
		{
			"two API keys", authenticated(providertest.Values{"type": "API_KEY", "header": "x-tenant", "value": "s3cret"}),
			[]string{"[http_headers]", "has the header of the authentication", `"x-tenant"`},
		},
		{
			"an API key beside another header", authenticated(providertest.Values{"type": "API_KEY", "header": "X-Key", "value": "s3cret"}),
			nil,
		},
		{"one signature", authenticated(oauth(nil)).With(providertest.Values{"http_headers": "X-Tenant: 1"}), nil},
		{"no signature beside an own one", authenticated(providertest.Values{"type": "NONE"}), nil},
		{
			"a token endpoint without encryption", authenticated(
				oauth(providertest.Values{"token_endpoint": "http://login.example.com"}),
			).With(providertest.Values{"http_headers": nil}),
			[]string{"[authentication.token_endpoint]", "is not encrypted", "Use https"},
		},
		{
			"a write-only secret of the authentication without version", authenticated(
				oauth(providertest.Values{"client_secret_wo_version": nil}),
			).With(providertest.Values{"http_headers": nil}),
			[]string{"[authentication.client_secret_wo]", "without client_secret_wo_version"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			diags := providertest.NewProcess(t).Plan(&providertest.Object{TypeName: providertest.SenderType}, test.config).Diags
			if test.warning == nil {
				providertest.WantNoDiagnostics(t, diags)
				return
			}
			providertest.WantWarning(t, diags, test.warning...)
			providertest.WantAbsent(t, diags.String(), "s3cret", "pa55", "header-secret")
		})
	}
}

// TestSMSSenderErrorsRepeatNoCredentials: a URL that cannot be used may have some.
func TestSMSSenderErrorsRepeatNoCredentials(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"user:pa55@sms.example.com", "https://user:pa55@sms.example.com\n", "https://user:pa55%zz@sms.example.com",
	} {
		diags := providertest.NewProcess(t).
			Plan(&providertest.Object{TypeName: providertest.SenderType}, providertest.Custom.With(providertest.Values{"provider_url": url})).
			Diags
		providertest.WantError(t, diags, "[provider_url]", "Invalid provider_url")
		providertest.WantAbsent(t, diags.String(), "pa55", "zz")
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
	occupied := func(t *testing.T) *providertest.Workspace {
		t.Helper()
		w := providertest.NewFleet(t)
		w.SetSender(providertest.CustomStored())
		return w
	}

	t.Run("with SMS OTP", func(t *testing.T) {
		t.Parallel()
		w := occupied(t)
		p := w.Start()
		providertest.WantNoError(t, p.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, providertest.SMSOn).Diags)
		providertest.WantWarning(
			t,
			p.Plan(&providertest.Object{TypeName: providertest.SenderType}, providertest.Twilio).Diags,
			text...)
		w.WantCalls(
			"POST token",
			"GET "+providertest.TwoFactorObject,
			"GET "+providertest.EnrollmentObject,
			"GET sms",
		) // one look is enough for both
		providertest.WantAbsent(
			t,
			p.Plan(&providertest.Object{TypeName: providertest.SenderType}, providertest.Twilio).Diags.String(),
			"header-secret",
		)
	})

	t.Run("another name", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewWorkspace(t)
		w.Mock.Update(func(state *mockserver.State) {
			state.Organizations["bifrost"].SMSSenders["EmailPublisher"] = providertest.CustomStored()
		})
		providertest.WantNoDiagnostics(
			t,
			w.Plan(&providertest.Object{TypeName: providertest.SenderType}, providertest.Twilio).Diags,
		)
	})

	// Nothing can be told of what cannot be looked at, and it is no reason to fail.
	for name, hide := range map[string]func(w *providertest.Workspace){
		"no scope": providertest.Without("internal_notification_senders_view"),
		"no credentials": func(w *providertest.Workspace) {
			w.Provider = w.Provider.With(providertest.Values{"organization": "alfheim", "credentials": nil})
		},
		"a server in trouble": providertest.Breaks(
			http.MethodGet, providertest.APIPath, mockserver.Fault{Action: mockserver.ActionStatus, Status: http.StatusServiceUnavailable},
		),
		"a provider that is not known yet": func(w *providertest.Workspace) { w.Provider["client_secret"] = providertest.Unknown },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := occupied(t)
			w.Wrap, w.Provider["max_retries"] = nil, 1
			here := providertest.Twilio.With(providertest.Values{"organization": "bifrost"})
			providertest.WantWarning(t, w.Plan(&providertest.Object{TypeName: providertest.SenderType}, here).Diags, text...)
			hide(w)
			providertest.WantNoDiagnostics(t, w.Plan(&providertest.Object{TypeName: providertest.SenderType}, here).Diags)
		})
	}
	t.Run("an organization that is not known yet", func(t *testing.T) {
		t.Parallel()
		w := occupied(t)
		providertest.WantNoDiagnostics(
			t,
			w.Plan(
				&providertest.Object{TypeName: providertest.SenderType},
				providertest.Twilio.With(providertest.Values{"organization": providertest.Unknown}),
			).Diags,
		)
		w.WantCalls()
	})

	// What is to be replaced is no obstacle to its successor.
	t.Run("replaced on request", func(t *testing.T) {
		t.Parallel()
		w := occupied(t)
		o := w.Adopt(providertest.SenderType)
		w.Up(o, providertest.Custom)
		w.Calls()
		p := w.Start()
		providertest.WantNoDiagnostics(t, p.Plan(o, providertest.Custom).Diags)
		// Terraform asks for the successor in a second call, as if there were nothing.
		providertest.WantNoDiagnostics(
			t,
			p.Plan(&providertest.Object{TypeName: providertest.SenderType}, providertest.Custom).Diags,
		)
		w.WantCalls()
	})
	t.Run("moved", func(t *testing.T) {
		t.Parallel()
		w := occupied(t)
		o := w.Adopt(providertest.SenderType)
		w.Up(o, providertest.Custom)
		there := providertest.Custom.With(providertest.Values{"organization": "alfheim"})
		providertest.WantNoDiagnostics(t, w.WantAction(o, there, "replace").Diags)
		w.Mock.Update(func(state *mockserver.State) {
			state.Organizations["alfheim"].SMSSenders = maps.Clone(state.Organizations["bifrost"].SMSSenders)
		})
		w.Calls()
		providertest.WantWarning(
			t,
			w.WantAction(o, there, "replace").Diags,
			`Organization "alfheim" has an SMS sender already`,
			"terraform import asgardeo_sms_sender.<name> alfheim",
		)
		// The refresh here, and the looks whether SMS OTP needs the sender here, and at senders there.
		w.WantCalls("POST token", "GET sms", "GET "+providertest.TwoFactorObject, "POST token", "GET sms")
	})
}
