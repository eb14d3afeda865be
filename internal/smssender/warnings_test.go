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
	plain := values{"provider_name": "Twilio", "key": "k", "secret": "s", "sender": "+1"}
	for _, test := range []struct {
		name    string
		config  values
		warning []string // nil: none
	}{
		{
			"a key from a file", plain.With(values{"key": "k\n"}),
			[]string{"[key]", "key begins or ends with white space", "trimspace()"},
		},
		{
			"a secret after a blank", plain.With(values{"secret": " s3cret"}),
			[]string{"[secret]", "secret begins or ends with white space", "a part of the secret"},
		},
		{
			"a write-only key from a file", twilio(values{"key_wo": "k\r\n"}),
			[]string{"[key_wo]", "key_wo begins or ends with white space"},
		},
		{
			"a write-only secret from a file", twilio(values{"secret_wo": "s\n"}),
			[]string{"[secret_wo]", "secret_wo begins or ends with white space"},
		},
		{"a secret with blanks inside", plain.With(values{"secret": "s 3 cret"}), nil},

		{
			"a write-only key without version", twilio(values{"key_wo_version": nil}),
			[]string{
				"[key_wo]", "key_wo without key_wo_version", "a new key would never be sent",
				"Set key_wo_version = 1, and raise it with every change",
			},
		},
		{
			"a write-only secret without version", twilio(values{"secret_wo_version": nil}),
			[]string{
				"[secret_wo]", "secret_wo without secret_wo_version", "a new secret would never be sent",
				"Set secret_wo_version = 1, and raise it with every change",
			},
		},
		{"a write-only secret that is not known yet", twilio(values{"secret_wo": unknown, "secret_wo_version": nil}), nil},
		{"a version that is not known yet", twilio(values{"secret_wo_version": unknown}), nil},
		{"version 0", twilio(values{"secret_wo_version": 0}), nil},

		{"a blank sender", plain.With(values{"sender": " "}), []string{"[sender]", "sender is blank"}},
		{"a sender of words", plain.With(values{"sender": "ACME Bank"}), nil},

		{
			"a URL with credentials", custom(values{"provider_url": "https://user:pa55@sms.example.com"}),
			[]string{"[provider_url]", "provider_url has credentials", "http_headers"},
		},
		{
			"a URL with a key in its query",
			custom(values{"provider_url": "https://sms.example.com/v1?api_key=s3cret-key&to={{mobile}}"}),
			[]string{"[provider_url]", "provider_url has credentials", "http_headers"},
		},
		{
			"a URL with a placeholder in its query",
			custom(values{"provider_url": "https://sms.example.com/v1?keyword={{body}}&auth=no"}), nil,
		},
		{
			"a body with a password", custom(values{"body": `{"password": "s3cret-word", "to": {{mobile}}, "text": {{body}}}`}),
			[]string{"[body]", "body has credentials", "http_headers"},
		},
		{
			"a form with a token", custom(values{"body": "to={{mobile}}&text={{body}}&Access-Token=s3cret"}),
			[]string{"[body]", "body has credentials"},
		},
		{
			"XML with a key", custom(values{"body": "<to>{{mobile}}</to><text>{{body}}</text><apiKey>s3cret</apiKey>"}),
			[]string{"[body]", "body has credentials"},
		},
		{
			"a URL with a port and placeholders",
			custom(values{"provider_url": "http://localhost:8080/to/{{mobile}}?text={{body}}"}), nil,
		},
		{
			"a URL for Twilio", plain.With(values{"provider_url": "https://sms.example.com"}),
			[]string{
				"[provider_url]", "provider_url has no effect with Twilio", "with key, secret and sender alone",
				"before October 2023",
			},
		},
		{
			"a method for Vonage", plain.With(values{"provider_name": "Vonage", "http_method": "POST"}),
			[]string{"[http_method]", "has no effect with Vonage", "Remove http_method."},
		},
		{"a URL for Twilio that is not known yet", plain.With(values{"provider_url": unknown}), nil},

		{
			"a method in small letters", custom(values{"http_method": "post"}),
			[]string{"[http_method]", `It is "post". Write "POST", in capital letters.`},
		},
		{
			"no method at all", custom(values{"http_method": "FETCH"}),
			[]string{"[http_method]", `It is "FETCH". Write POST, PUT, GET, PATCH or DELETE`},
		},
		{"GET", custom(values{"http_method": "GET"}), nil},
		{"a method that is not known yet", custom(values{"http_method": unknown}), nil},

		{
			"headers without a colon", custom(values{"http_headers": "header-secret"}),
			[]string{"[http_headers]", "has another form than expected", `"X-Tenant: 1, X-Region: eu"`},
		},
		{
			"headers of several lines", custom(values{"http_headers": "X: header-secret\nY: 2"}),
			[]string{"[http_headers]", "a single line"},
		},
		{
			"headers from a file", custom(values{"http_headers": "X: header-secret\n"}),
			[]string{"[http_headers]", "trimspace() removes a line break"},
		},
		{
			"an address in a header", custom(values{"http_headers": "X-Callback: https://s3cret.example"}),
			[]string{"[http_headers]", "has a value with a colon or a comma", "drops"},
		},
		{
			"a comma in a header", custom(values{"http_headers": "Accept: text/plain, text/html"}),
			[]string{"[http_headers]", "has a value with a colon or a comma"},
		},
		{
			"write-only headers with a comma",
			custom(values{"http_headers": nil, "http_headers_wo": "Accept: a, b", "http_headers_wo_version": 1}),
			[]string{"[http_headers]", "a colon or a comma"},
		},
		{"a comma at the end of the headers", custom(values{"http_headers": "X: 1,"}), nil},
		{"headers that are not known yet", custom(values{"http_headers": unknown}), nil},

		{
			"a body without number", custom(values{"body": "text={{body}}"}),
			[]string{"[body]", "body has no {{mobile}}", "would not learn whom to send to"},
		},
		{
			"a body without text", custom(values{"body": "to={{mobile}}"}),
			[]string{"[body]", "body has no {{body}}", "would not learn what to send"},
		},
		{
			"the number in the URL",
			custom(values{"body": "{{body}}", "provider_url": "https://sms.example.com/{{mobile}}"}), nil,
		},
		{"the number in a header", custom(values{"body": "{{body}}", "http_headers": "X-To: {{mobile}}"}), nil},
		{"a body that is not known yet", custom(values{"body": unknown}), nil},
		{
			"a URL that is not known yet, with a body without number",
			custom(values{"body": "{{body}}", "provider_url": unknown}), nil,
		},
		{
			"headers that are not known yet, with a body without number",
			custom(values{"body": "{{body}}", "http_headers": unknown}), nil,
		},

		{"a custom gateway with sender, as the Console has it", custom(values{"sender": "ACME"}), nil},

		{
			"a number with blanks", plain.With(values{"sender": "+1 555 0100"}),
			[]string{"[sender]", "sender is none that Twilio knows", `such as "+15550100"`},
		},
		{"a number without country", plain.With(values{"sender": "01715550100"}), []string{"[sender]", "the country code"}},
		{
			"a name that is too long", plain.With(values{"sender": "ACME Banking Corporation"}),
			[]string{"[sender]", "at most 11 characters"},
		},
		{"a short code", plain.With(values{"sender": "12345"}), nil},
		{"a messaging service", plain.With(values{"sender": "MG0123456789abcdef0123456789abcdef"}), nil},
		{
			"a number for Vonage, which takes it without +", plain.With(values{"provider_name": "Vonage", "sender": "15550100"}),
			nil,
		},

		{
			"a key of an example", plain.With(values{"key": "<your-key>"}),
			[]string{"[key]", "key is a placeholder", "Replace it"},
		},
		{"a secret of an example", plain.With(values{"secret": "changeme"}), []string{"[secret]", "secret is a placeholder"}},
		{
			"an expression in quotes", plain.With(values{"secret": "var.twilio_secret"}), []string{"[secret]", "without quotes"},
		},
		{"an escaped expression", twilio(values{"secret_wo": "${var.s3cret}"}), []string{"[secret_wo]", "without quotes"}},
		{
			"a sender of an example", plain.With(values{"sender": "YOUR_NUMBER"}),
			[]string{"[sender]", "sender is a placeholder"},
		},
		{
			"a password of an example",
			authenticated(oauth(values{"client_secret_wo": "replace-me"})).With(values{"http_headers": nil}),
			[]string{"[authentication.client_secret_wo]", "authentication.client_secret_wo is a placeholder"},
		},
		{"secrets that resemble nothing", plain.With(values{"key": "yourself", "secret": "variable.x"}), nil},

		// What signs a request to a custom gateway.
		{
			"key and secret of a custom gateway",
			custom(values{"key": "k", "secret_wo": "s", "secret_wo_version": 1, "http_headers": nil}),
			[]string{"[key]", "become a header", `"Authorization: Basic …"`, "the type BASIC"},
		},
		{"a key alone", custom(values{"key": "k"}), []string{"[key]", "alone has no effect"}},
		{
			"two signatures of key and secret", custom(values{"key": "k", "secret": "s"}),
			[]string{"[http_headers]", "has the header of the authentication", `"Authorization"`},
		},
		{
			"two signatures",
			authenticated(oauth(nil)).With(values{"http_headers": providertest.Custom["http_headers"]}),
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
		{"one signature", authenticated(oauth(nil)).With(values{"http_headers": "X-Tenant: 1"}), nil},
		{"no signature beside an own one", authenticated(values{"type": "NONE"}), nil},
		{
			"a token endpoint without encryption",
			authenticated(oauth(values{"token_endpoint": "http://login.example.com"})).With(values{"http_headers": nil}),
			[]string{"[authentication.token_endpoint]", "is not encrypted", "Use https"},
		},
		{
			"a write-only secret of the authentication without version",
			authenticated(oauth(values{"client_secret_wo_version": nil})).With(values{"http_headers": nil}),
			[]string{"[authentication.client_secret_wo]", "without client_secret_wo_version"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			diags := providertest.NewProcess(t).Plan(newSender(), test.config).Diags
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
		diags := providertest.NewProcess(t).Plan(newSender(), custom(values{"provider_url": url})).Diags
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
		providertest.WantWarning(t, p.Plan(newSender(), providertest.Twilio).Diags, text...)
		// One look is enough for both.
		w.WantCalls("POST token", "GET "+providertest.TwoFactorObject, "GET "+providertest.EnrollmentObject, "GET sms")
		providertest.WantAbsent(t, p.Plan(newSender(), providertest.Twilio).Diags.String(), "header-secret")
	})

	t.Run("another name", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewWorkspace(t)
		w.Mock.Update(func(state *mockserver.State) {
			state.Organizations["bifrost"].SMSSenders["EmailPublisher"] = providertest.CustomStored()
		})
		providertest.WantNoDiagnostics(t, w.Plan(newSender(), providertest.Twilio).Diags)
	})

	// Nothing can be told of what cannot be looked at, and it is no reason to fail.
	for name, hide := range map[string]func(w *providertest.Workspace){
		"no scope": providertest.Without("internal_notification_senders_view"),
		"no credentials": func(w *providertest.Workspace) {
			w.Provider = w.Provider.With(values{"organization": "alfheim", "credentials": nil})
		},
		"a server in trouble": providertest.Breaks(http.MethodGet, providertest.APIPath, mockserver.Fault{
			Action: mockserver.ActionStatus, Status: http.StatusServiceUnavailable,
		}),
		"a provider that is not known yet": func(w *providertest.Workspace) { w.Provider["client_secret"] = unknown },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := occupied(t)
			w.Wrap, w.Provider["max_retries"] = nil, 1
			here := twilio(values{"organization": "bifrost"})
			providertest.WantWarning(t, w.Plan(newSender(), here).Diags, text...)
			hide(w)
			providertest.WantNoDiagnostics(t, w.Plan(newSender(), here).Diags)
		})
	}
	t.Run("an organization that is not known yet", func(t *testing.T) {
		t.Parallel()
		w := occupied(t)
		providertest.WantNoDiagnostics(t, w.Plan(newSender(), twilio(values{"organization": unknown})).Diags)
		w.WantCalls()
	})

	// What is to be replaced is no obstacle to its successor.
	t.Run("replaced on request", func(t *testing.T) {
		t.Parallel()
		w := occupied(t)
		o := w.Adopt(smsSender)
		w.Up(o, providertest.Custom)
		w.Calls()
		p := w.Start()
		providertest.WantNoDiagnostics(t, p.Plan(o, providertest.Custom).Diags)
		// Terraform asks for the successor in a second call, as if there were nothing.
		providertest.WantNoDiagnostics(t, p.Plan(newSender(), providertest.Custom).Diags)
		w.WantCalls()
	})
	t.Run("moved", func(t *testing.T) {
		t.Parallel()
		w := occupied(t)
		o := w.Adopt(smsSender)
		w.Up(o, providertest.Custom)
		there := custom(values{"organization": "alfheim"})
		providertest.WantNoDiagnostics(t, w.WantAction(o, there, "replace").Diags)
		w.Mock.Update(func(state *mockserver.State) {
			state.Organizations["alfheim"].SMSSenders = maps.Clone(state.Organizations["bifrost"].SMSSenders)
		})
		w.Calls()
		providertest.WantWarning(t, w.WantAction(o, there, "replace").Diags,
			`Organization "alfheim" has an SMS sender already`, "terraform import asgardeo_sms_sender.<name> alfheim")
		// The refresh here, and the looks whether SMS OTP needs the sender here, and at senders there.
		w.WantCalls("POST token", "GET sms", "GET "+providertest.TwoFactorObject, "POST token", "GET sms")
	})
}
