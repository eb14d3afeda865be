package smssender_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// The SMS sender is created and deleted, unlike the settings. The server forgets whatever a change does not send, and
// gives secrets away in clear text.

func TestSMSSenderConfiguration(t *testing.T) {
	t.Parallel()
	plain := values{"provider_name": "Twilio", "key": "k", "secret": "s", "sender": "+1"}
	for _, test := range []struct {
		name   string
		config values
		errors []string // nil: none
	}{
		{"Twilio", plain, nil},
		{"Twilio, write-only", providertest.Twilio, nil},
		{"Vonage", plain.With(values{"provider_name": "Vonage", "sender": "ACME"}), nil},
		{"Custom", providertest.Custom, nil},
		{
			"Custom, the least",
			values{"provider_name": "Custom", "provider_url": "https://sms.example.com", "body": "{{mobile}}{{body}}"}, nil,
		},
		{"Twilio, not known yet", plain.With(values{"sender": unknown, "secret": unknown}), nil},
		{"Custom, not known yet", custom(values{"provider_url": unknown, "body": unknown}), nil},
		{"a gateway that is not known yet", values{"provider_name": unknown}, nil},
		{"no gateway", values{"sender": "+1"}, []string{"[provider_name]", "required"}},
		{
			"another gateway", values{"provider_name": "Bulksms"},
			[]string{"[provider_name]", `"Bulksms" is none of "Twilio", "Vonage" and "Custom", in exactly this spelling`},
		},
		{
			"in other letters", values{"provider_name": "twilio"},
			[]string{
				"[provider_name]", `"twilio" is none of "Twilio", "Vonage" and "Custom", in exactly this spelling. Write "Twilio".`,
			},
		},
		{
			"the built-in one", values{"provider_name": "choreo"},
			[]string{
				"[provider_name]", `"choreo" is the sender that Asgardeo provides itself`, "which replaces it", "data source",
			},
		},
		{
			"Twilio without sender", plain.With(values{"sender": nil}),
			[]string{"[sender]", "An SMS sender with provider_name = \"Twilio\" needs sender. Set sender in this block."},
		},
		{
			"Vonage without sender", plain.With(values{"provider_name": "Vonage", "sender": nil}),
			[]string{"[sender]", "provider_name = \"Vonage\" needs sender"},
		},
		{
			"Custom without URL", custom(values{"provider_url": nil}),
			[]string{"[provider_url]", "provider_name = \"Custom\" needs provider_url"},
		},
		{"Custom without body", custom(values{"body": nil}), []string{"[body]", "provider_name = \"Custom\" needs body"}},
		{
			"a URL without scheme", custom(values{"provider_url": "sms.example.com/v1"}),
			[]string{
				"[provider_url]",
				`does not begin with https://. Write the whole address, such as "https://sms.example.com/v1/messages"`,
			},
		},
		{
			"a URL of another scheme", custom(values{"provider_url": "ftp://sms.example.com"}),
			[]string{"[provider_url]", "does not begin with https://"},
		},
		{"a URL without host", custom(values{"provider_url": "https:///v1"}), []string{"[provider_url]", "names no host"}},
		{"an empty URL", custom(values{"provider_url": ""}), []string{"[provider_url]", "It is empty"}},
		{
			"a URL after white space", custom(values{"provider_url": " https://sms.example.com"}),
			[]string{"[provider_url]", "begins or ends with white space"},
		},
		{
			"a URL from a file", custom(values{"provider_url": "https://sms.example.com/v1\n"}),
			[]string{"[provider_url]", "line break at the end of a file", "trimspace()"},
		},
		{
			"another content type", custom(values{"content_type": "json"}),
			[]string{"[content_type]", `"json" is no value of content_type. Write "JSON"; it can also be "FORM".`},
		},
		{"an empty sender", plain.With(values{"sender": ""}), []string{"[sender]", "Empty text", "leave it out (null)"}},
		{
			"a version without secret", plain.With(values{"secret_wo_version": 1}),
			[]string{"[secret_wo_version]", "Missing secret_wo", "Set secret_wo, or remove secret_wo_version."},
		},
		{
			"a version without key", plain.With(values{"key_wo_version": 1}),
			[]string{"[key_wo_version]", "Missing key_wo", "Set key_wo, or remove key_wo_version."},
		},
		{
			"a malformed organization", plain.With(values{"organization": "Bifrost"}),
			[]string{"[organization]", `write "bifrost"`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			diags := providertest.NewProcess(t).Plan(newSender(), test.config).Diags
			if test.errors == nil {
				providertest.WantNoDiagnostics(t, diags)
				return
			}
			providertest.WantError(t, diags, test.errors...)
		})
	}
	for _, name := range []string{"key", "secret"} {
		t.Run(name+" twice", func(t *testing.T) {
			t.Parallel()
			diags := providertest.NewProcess(t).Plan(newSender(), plain.With(values{name + "_wo": "w"})).Diags
			providertest.WantError(t, diags, "["+name+"]", "Two values of "+name,
				"Both "+name+" and "+name+"_wo are set. Remove one of them")
		})
	}
}

// TestSMSSenderBodies: each gateway is sent exactly what the configuration says.
func TestSMSSenderBodies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		config values
		state  values
		body   map[string]any // with secrets masked
		want   *liveSender
	}{
		{
			"Twilio", providertest.Twilio,
			values{
				"provider_name": "Twilio", "sender": "+15550100", "content_type": "JSON", "key_wo_version": 1,
				"secret_wo_version": 1,
			},
			map[string]any{
				"name": "SMSPublisher", "provider": "Twilio", "key": "***", "secret": "***", "sender": "+15550100",
				"contentType": "JSON",
			},
			providertest.TwilioStored(),
		},
		{
			"Vonage", values{"provider_name": "Vonage", "key": "k", "secret": "s", "sender": "ACME", "content_type": "FORM"},
			values{"provider_name": "Vonage", "key": "k", "secret": "s", "sender": "ACME", "content_type": "FORM"},
			map[string]any{
				"name": "SMSPublisher", "provider": "Vonage", "key": "***", "secret": "***", "sender": "ACME",
				"contentType": "FORM",
			},
			&mockserver.SMSSender{Provider: "Vonage", Key: new("k"), Secret: new("s"), Sender: new("ACME"), ContentType: "FORM"},
		},
		{
			"Custom", providertest.Custom, providertest.Custom,
			map[string]any{
				"name": "SMSPublisher", "provider": "Custom", "providerURL": "https://sms.example.com/v1?a=1&b=<2>",
				"contentType": "FORM",
				"properties": []any{
					map[string]any{"key": "body", "value": `{"to": {{mobile}}, "text": "<&> {{body}}"}`},
					map[string]any{"key": "http.headers", "value": "***"},
					map[string]any{"key": "http.method", "value": "PUT"},
				},
			},
			providertest.CustomStored(),
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			o := newSender()
			saved := w.Plan(o, test.config)
			providertest.WantNoDiagnostics(t, saved.Diags)
			providertest.WantNoDiagnostics(t, w.Apply(saved))
			if diff := cmp.Diff([]map[string]any{test.body}, w.SentSenders()); diff != "" {
				t.Errorf("something else was sent (- want, + got):\n%s", diff)
			}
			w.WantSender(test.want)
			o.WantState(t, test.state.With(values{"name": "SMSPublisher"}))
			providertest.WantSenderIdentity(t, o)
			w.WantAction(o, test.config, "no-op")

			w.Calls()
			providertest.WantNoDiagnostics(t, w.Apply(w.Plan(o, nil)))
			// Whether SMS OTP needs it is looked up in the plan and again in the apply, which looks for the version of the API,
			// too.
			w.WantCalls("POST token", "GET sms", "GET "+providertest.TwoFactorObject, "POST token",
				"GET "+providertest.TwoFactorObject, "GET sms", "DELETE SMSPublisher")
			w.WantSender(nil)
		})
	}
}

// TestSMSSenderKeepsWhatItDoesNotChange: a change sends the whole sender, the live secrets and what the provider does
// not know included.
func TestSMSSenderKeepsWhatItDoesNotChange(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name          string
		config        values
		change        values
		stored        *liveSender
		storedChanged func(sender *liveSender)
	}{
		{
			"Twilio's number", providertest.Twilio, values{"sender": "+15550199"}, providertest.TwilioStored(),
			func(s *liveSender) { s.Sender = new("+15550199") },
		},
		{
			"Twilio's form", providertest.Twilio, values{"content_type": "FORM"}, providertest.TwilioStored(),
			func(s *liveSender) { s.ContentType = "FORM" },
		},
		{
			"a URL for Twilio", providertest.Twilio, values{"provider_url": "https://x.example"}, providertest.TwilioStored(),
			func(s *liveSender) { s.ProviderURL = new("https://x.example") },
		},
		{
			"Custom's path", providertest.Custom, values{"provider_url": "https://sms.example.com/v2"},
			providertest.CustomStored(), func(s *liveSender) { s.ProviderURL = new("https://sms.example.com/v2") },
		},
		{
			"Custom's body", providertest.Custom, values{"body": "{{mobile}}{{body}}"}, providertest.CustomStored(),
			func(s *liveSender) { s.Properties["body"] = "{{mobile}}{{body}}" },
		},
		{
			"Custom's method goes", providertest.Custom, values{"http_method": nil}, providertest.CustomStored(),
			func(s *liveSender) { delete(s.Properties, "http.method") },
		},
		{
			"Custom's headers", providertest.Custom, values{"http_headers": "X: 1"}, providertest.CustomStored(),
			func(s *liveSender) { s.Properties["http.headers"] = "X: 1" },
		},
		{
			"Custom's form goes to the default", providertest.Custom, values{"content_type": nil}, providertest.CustomStored(),
			func(s *liveSender) { s.ContentType = "JSON" },
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			o := w.Create(smsSender, test.config)
			// Meanwhile somebody rotated the secrets in the Console, and a new version of it left something of its own.
			meanwhile := func(s *liveSender) {
				s.Key, s.Secret = new("rotated-key"), new("rotated-secret")
				if s.Properties == nil {
					s.Properties = map[string]string{}
				}
				s.Properties["channel.type"], s.Properties["future"] = "default", "kept"
			}
			w.ChangeSender(meanwhile)
			changed := test.config.With(test.change)
			saved := w.WantAction(o, changed, "update")
			providertest.WantNoError(t, saved.Diags)
			w.Calls()
			providertest.WantNoError(t, w.Apply(saved))
			w.WantCalls("POST token", "GET sms", "PUT SMSPublisher")
			meanwhile(test.stored)
			test.storedChanged(test.stored)
			w.WantSender(test.stored)
			w.WantAction(o, changed, "no-op")
		})
	}
}

func TestSMSSenderDrift(t *testing.T) {
	t.Parallel()
	type gateway struct {
		config values
		stored func() *liveSender
	}
	ofTwilio := gateway{providertest.Twilio, providertest.TwilioStored}
	ofCustom := gateway{providertest.Custom, providertest.CustomStored}
	for name, drift := range map[string]struct {
		gateway
		seen   any // in the refreshed state
		change func(s *liveSender)
	}{
		"provider_name":    {ofTwilio, "Vonage", func(s *liveSender) { s.Provider = "Vonage" }},
		"sender":           {ofTwilio, "+1", func(s *liveSender) { s.Sender = new("+1") }},
		"sender (gone)":    {ofTwilio, nil, func(s *liveSender) { s.Sender = nil }},
		"sender (emptied)": {ofTwilio, nil, func(s *liveSender) { s.Sender = new("") }},
		"content_type":     {ofTwilio, "FORM", func(s *liveSender) { s.ContentType = "FORM" }},
		"provider_url": {
			ofCustom, "https://x.example", func(s *liveSender) { s.ProviderURL = new("https://x.example") },
		},
		"provider_url (appeared)": {
			ofTwilio, "https://x.example", func(s *liveSender) { s.ProviderURL = new("https://x.example") },
		},
		"body":         {ofCustom, "{{body}}", func(s *liveSender) { s.Properties["body"] = "{{body}}" }},
		"http_headers": {ofCustom, "X: 1", func(s *liveSender) { s.Properties["http.headers"] = "X: 1" }},
		"http_method":  {ofCustom, nil, func(s *liveSender) { delete(s.Properties, "http.method") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			o := w.Create(smsSender, drift.config)
			w.ChangeSender(drift.change)
			saved := w.WantAction(o, drift.config, "update")
			attribute, _, _ := strings.Cut(name, " ")
			if got := o.State[attribute]; got != drift.seen {
				t.Errorf("the refresh saw %v, want %v", got, drift.seen)
			}
			providertest.WantNoDiagnostics(t, w.Apply(saved))
			w.WantSender(drift.stored())
			w.WantAction(o, drift.config, "no-op")
		})
	}
}

func TestSMSSenderChangedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	o := w.Create(smsSender, providertest.Custom)
	saved := w.WantAction(o, custom(values{"http_method": "GET"}), "update")
	w.ChangeSender(func(s *liveSender) { s.Properties["body"], s.Properties["http.headers"] = "{{body}}", "X: 1" })
	diags := w.Apply(saved)
	providertest.WantWarning(t, diags, `The SMS sender of "bifrost" changed outside Terraform`, "body, http_headers")
	providertest.WantAbsent(t, diags.String(), "header-secret", "http_method")
	want := providertest.CustomStored()
	want.Properties["http.method"] = "GET"
	w.WantSender(want)
}

func TestSMSSenderMovesToAnotherOrganization(t *testing.T) {
	t.Parallel()
	w := providertest.NewFleet(t)
	o := w.Create(smsSender, providertest.Twilio)
	moved := twilio(values{"organization": "alfheim"})
	providertest.WantError(t, w.Plan(o, moved.With(values{"secret_wo": nil, "secret_wo_version": nil})).Diags, "[secret]",
		"Missing secret")
	saved := w.WantAction(o, moved, "replace")
	if diff := cmp.Diff([]string{"organization"}, saved.RequiresReplace); diff != "" {
		t.Errorf("what requires the replacement differs (- want, + got):\n%s", diff)
	}
	providertest.WantNoDiagnostics(t, w.Apply(saved))
	w.WantSender(nil)
	there := w.Mock.State().Organizations["alfheim"].SMSSenders["SMSPublisher"]
	if diff := cmp.Diff(providertest.TwilioStored(), there, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the sender differs (- want, + got):\n%s", diff)
	}
	if diff := cmp.Diff(values{"organization": "alfheim", "name": "SMSPublisher"}, o.Identity); diff != "" {
		t.Errorf("the identity differs (- want, + got):\n%s", diff)
	}
}

func TestSMSSenderImport(t *testing.T) {
	t.Parallel()
	byIdentity := func(identity values) func(p *providertest.Process) (*providertest.Object, providertest.Diagnostics) {
		return func(p *providertest.Process) (*providertest.Object, providertest.Diagnostics) {
			return p.ImportByIdentity(smsSender, identity)
		}
	}
	for name, by := range map[string]func(p *providertest.Process) (*providertest.Object, providertest.Diagnostics){
		"id": func(p *providertest.Process) (*providertest.Object, providertest.Diagnostics) {
			return p.ImportByID(smsSender, "bifrost")
		},
		"identity":                      byIdentity(providertest.SenderIdentity),
		"empty identity":                byIdentity(values{}),
		"identity without name":         byIdentity(values{"organization": "bifrost"}),
		"identity without organization": byIdentity(values{"name": "SMSPublisher"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			_, diags := by(w.Start()) // there is none
			providertest.WantError(t, diags, "Unable to import the SMS sender", `Organization "bifrost" has no SMS sender`,
				"without importing it")
			w.SetSender(providertest.TwilioStored())
			w.Calls()
			o, diags := by(w.Start())
			providertest.WantNoDiagnostics(t, diags)
			w.WantCalls("POST token", "GET sms")
			o.WantState(t, values{
				"organization": "bifrost", "name": "SMSPublisher", "provider_name": "Twilio", "sender": "+15550100",
				"content_type": "JSON",
			})
			providertest.WantSenderIdentity(t, o)
		})
	}
}

func TestSMSSenderImportOfWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	w.SetSender(providertest.TwilioStored())
	for id, text := range map[string]string{
		"": `write "bifrost"`, "asgard/SMSPublisher": `write "asgard"`, "SMSPublisher": `write "bifrost"`,
		"Bifrost": `write "bifrost"`,
	} {
		_, diags := w.Start().ImportByID(smsSender, id)
		providertest.WantError(t, diags, "Invalid import ID", text)
	}
	for _, name := range []string{"smspublisher", "Twilio", ""} {
		_, diags := w.Start().ImportByIdentity(smsSender, values{"organization": "bifrost", "name": name})
		providertest.WantError(t, diags, "Invalid import identity", `The only SMS sender is named "SMSPublisher"`,
			"Leave name out")
	}
	w.WantCalls()
}
