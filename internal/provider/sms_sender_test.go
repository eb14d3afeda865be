package provider

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// The SMS sender is created and deleted, unlike the settings. The server forgets whatever a change does not send, and
// gives secrets away in clear text.

// sender is what the server has as the sender of "bifrost".
func (w *workspace) sender() *mockserver.SMSSender {
	return w.mock.State().Organizations["bifrost"].SMSSenders["SMSPublisher"]
}

// setSender replaces the sender as somebody in the Console would: nil removes it.
func (w *workspace) setSender(sender *mockserver.SMSSender) {
	w.mock.Update(func(state *mockserver.State) {
		senders := state.Organizations["bifrost"].SMSSenders
		delete(senders, "SMSPublisher")
		if sender != nil {
			senders["SMSPublisher"] = sender
		}
	})
}

// changeSender is setSender for a part of it.
func (w *workspace) changeSender(change func(sender *mockserver.SMSSender)) {
	sender := w.sender()
	change(sender)
	w.setSender(sender)
}

func (w *workspace) wantSender(want *mockserver.SMSSender) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.sender(), cmpopts.EquateEmpty()); diff != "" {
		w.t.Errorf("the server has another sender (- want, + got):\n%s", diff)
	}
}

// sent are the bodies since the last look in which senders were sent, secrets masked.
func (w *workspace) sent() []map[string]any {
	w.t.Helper()
	var bodies []map[string]any
	for _, request := range w.mock.Requests() {
		if !strings.Contains(request.Path, "/notification-senders/") || request.Body == "" {
			continue
		}
		var body map[string]any
		must(w.t, json.Unmarshal([]byte(request.Body), &body))
		bodies = append(bodies, body)
	}
	w.mock.ClearRequests()
	return bodies
}

var senderIdentity = values{"organization": "bifrost", "name": "SMSPublisher"}

func wantSenderIdentity(t *testing.T, o *object) {
	t.Helper()
	if diff := cmp.Diff(senderIdentity, o.identity); diff != "" {
		t.Errorf("the identity differs (- want, + got):\n%s", diff)
	}
}

// with are values with others: nil removes one.
func (v values) with(others values) values {
	changed := maps.Clone(v)
	maps.Copy(changed, others)
	maps.DeleteFunc(changed, func(_ string, value any) bool { return value == nil })
	return changed
}

var (
	twilio = values{
		"provider_name": "Twilio", "key_wo": "first-key", "key_wo_version": 1, "secret_wo": "first-secret",
		"secret_wo_version": 1, "sender": "+15550100",
	}
	custom = values{
		"provider_name": "Custom", "provider_url": "https://sms.example.com/v1?a=1&b=<2>",
		"body":         `{"to": {{mobile}}, "text": "<&> {{body}}"}`,
		"content_type": "FORM", "http_method": "PUT", "http_headers": "Authorization: Bearer header-secret, X-Tenant: 1",
	}
)

func twilioStored() *mockserver.SMSSender {
	return &mockserver.SMSSender{
		Provider:    "Twilio",
		Key:         new("first-key"),
		Secret:      new("first-secret"),
		Sender:      new("+15550100"),
		ContentType: "JSON",
	}
}

func customStored() *mockserver.SMSSender {
	return &mockserver.SMSSender{
		Provider:    "Custom",
		ProviderURL: new("https://sms.example.com/v1?a=1&b=<2>"),
		ContentType: "FORM",
		Properties: map[string]string{
			"body": `{"to": {{mobile}}, "text": "<&> {{body}}"}`, "http.method": "PUT",
			"http.headers": "Authorization: Bearer header-secret, X-Tenant: 1",
		},
	}
}

func TestSMSSenderConfiguration(t *testing.T) {
	t.Parallel()
	plain := values{"provider_name": "Twilio", "key": "k", "secret": "s", "sender": "+1"}
	for _, test := range []struct {
		name   string
		config values
		errors []string // nil: none
	}{
		{"Twilio", plain, nil},
		{"Twilio, write-only", twilio, nil},
		{"Vonage", plain.with(values{"provider_name": "Vonage", "sender": "ACME"}), nil},
		{"Custom", custom, nil},
		{
			"Custom, the least",
			values{"provider_name": "Custom", "provider_url": "https://sms.example.com", "body": "{{mobile}}{{body}}"}, nil,
		},
		{"Twilio, not known yet", plain.with(values{"sender": unknown, "secret": unknown}), nil},
		{"Custom, not known yet", custom.with(values{"provider_url": unknown, "body": unknown}), nil},
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
			"Twilio without sender", plain.with(values{"sender": nil}),
			[]string{"[sender]", "An SMS sender with provider_name = \"Twilio\" needs sender. Set sender in this block."},
		},
		{
			"Vonage without sender", plain.with(values{"provider_name": "Vonage", "sender": nil}),
			[]string{"[sender]", "provider_name = \"Vonage\" needs sender"},
		},
		{
			"Custom without URL", custom.with(values{"provider_url": nil}),
			[]string{"[provider_url]", "provider_name = \"Custom\" needs provider_url"},
		},
		{
			"Custom without body", custom.with(values{"body": nil}), []string{"[body]", "provider_name = \"Custom\" needs body"},
		},
		{
			"a URL without scheme", custom.with(values{"provider_url": "sms.example.com/v1"}),
			[]string{
				"[provider_url]",
				`does not begin with https://. Write the whole address, such as "https://sms.example.com/v1/messages"`,
			},
		},
		{
			"a URL of another scheme", custom.with(values{"provider_url": "ftp://sms.example.com"}),
			[]string{"[provider_url]", "does not begin with https://"},
		},
		{
			"a URL without host", custom.with(values{"provider_url": "https:///v1"}),
			[]string{"[provider_url]", "names no host"},
		},
		{"an empty URL", custom.with(values{"provider_url": ""}), []string{"[provider_url]", "It is empty"}},
		{
			"a URL after white space", custom.with(values{"provider_url": " https://sms.example.com"}),
			[]string{"[provider_url]", "begins or ends with white space"},
		},
		{
			"a URL from a file", custom.with(values{"provider_url": "https://sms.example.com/v1\n"}),
			[]string{"[provider_url]", "line break at the end of a file", "trimspace()"},
		},
		{
			"another content type", custom.with(values{"content_type": "json"}),
			[]string{"[content_type]", `"json" is no value of content_type. Write "JSON"; it can also be "FORM".`},
		},
		{"an empty sender", plain.with(values{"sender": ""}), []string{"[sender]", "Empty text", "leave it out (null)"}},
		{
			"a version without secret", plain.with(values{"secret_wo_version": 1}),
			[]string{"[secret_wo_version]", "Missing secret_wo", "Set secret_wo, or remove secret_wo_version."},
		},
		{
			"a version without key", plain.with(values{"key_wo_version": 1}),
			[]string{"[key_wo_version]", "Missing key_wo", "Set key_wo, or remove key_wo_version."},
		},
		{
			"a malformed organization", plain.with(values{"organization": "Bifrost"}),
			[]string{"[organization]", `write "bifrost"`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			diags := newProcess(t).plan(&object{typeName: senderType}, test.config).diags
			if test.errors == nil {
				wantNoDiagnostics(t, diags)
				return
			}
			wantError(t, diags, test.errors...)
		})
	}
	for _, name := range []string{"key", "secret"} {
		t.Run(name+" twice", func(t *testing.T) {
			t.Parallel()
			diags := newProcess(t).plan(&object{typeName: senderType}, plain.with(values{name + "_wo": "w"})).diags
			wantError(t, diags, "["+name+"]", "Two values of "+name, "Both "+name+" and "+name+"_wo are set. Remove one of them")
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
		want   *mockserver.SMSSender
	}{
		{
			"Twilio", twilio,
			values{
				"provider_name": "Twilio", "sender": "+15550100", "content_type": "JSON", "key_wo_version": 1,
				"secret_wo_version": 1,
			},
			map[string]any{
				"name": "SMSPublisher", "provider": "Twilio", "key": "***", "secret": "***", "sender": "+15550100",
				"contentType": "JSON",
			},
			twilioStored(),
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
			"Custom", custom, custom,
			map[string]any{
				"name": "SMSPublisher", "provider": "Custom", "providerURL": "https://sms.example.com/v1?a=1&b=<2>",
				"contentType": "FORM",
				"properties": []any{
					map[string]any{"key": "body", "value": `{"to": {{mobile}}, "text": "<&> {{body}}"}`},
					map[string]any{"key": "http.headers", "value": "***"},
					map[string]any{"key": "http.method", "value": "PUT"},
				},
			},
			customStored(),
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			o := &object{typeName: senderType}
			saved := w.plan(o, test.config)
			wantNoDiagnostics(t, saved.diags)
			wantNoDiagnostics(t, w.apply(saved))
			if diff := cmp.Diff([]map[string]any{test.body}, w.sent()); diff != "" {
				t.Errorf("something else was sent (- want, + got):\n%s", diff)
			}
			w.wantSender(test.want)
			o.wantState(t, test.state.with(values{"name": "SMSPublisher"}))
			wantSenderIdentity(t, o)
			w.wantAction(o, test.config, "no-op")

			w.calls()
			wantNoDiagnostics(t, w.apply(w.plan(o, nil)))
			// Whether SMS OTP needs it is looked up in the plan and again in the apply, which looks for the version of the API,
			// too.
			w.wantCalls(
				"POST token",
				"GET sms",
				"GET "+twoFactorObject,
				"POST token",
				"GET "+twoFactorObject,
				"GET sms",
				"DELETE SMSPublisher",
			)
			w.wantSender(nil)
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
		stored        *mockserver.SMSSender
		storedChanged func(sender *mockserver.SMSSender)
	}{
		{
			"Twilio's number", twilio, values{"sender": "+15550199"}, twilioStored(),
			func(s *mockserver.SMSSender) { s.Sender = new("+15550199") },
		},
		{
			"Twilio's form", twilio, values{"content_type": "FORM"}, twilioStored(),
			func(s *mockserver.SMSSender) { s.ContentType = "FORM" },
		},
		{
			"a URL for Twilio", twilio, values{"provider_url": "https://x.example"}, twilioStored(),
			func(s *mockserver.SMSSender) { s.ProviderURL = new("https://x.example") },
		},
		{
			"Custom's path", custom, values{"provider_url": "https://sms.example.com/v2"}, customStored(),
			func(s *mockserver.SMSSender) { s.ProviderURL = new("https://sms.example.com/v2") },
		},
		{
			"Custom's body", custom, values{"body": "{{mobile}}{{body}}"}, customStored(),
			func(s *mockserver.SMSSender) { s.Properties["body"] = "{{mobile}}{{body}}" },
		},
		{
			"Custom's method goes", custom, values{"http_method": nil}, customStored(),
			func(s *mockserver.SMSSender) { delete(s.Properties, "http.method") },
		},
		{
			"Custom's headers", custom, values{"http_headers": "X: 1"}, customStored(),
			func(s *mockserver.SMSSender) { s.Properties["http.headers"] = "X: 1" },
		},
		{
			"Custom's form goes to the default", custom, values{"content_type": nil}, customStored(),
			func(s *mockserver.SMSSender) { s.ContentType = "JSON" },
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			o := w.create(senderType, test.config)
			// Meanwhile somebody rotated the secrets in the Console, and a new version of it left something of its own.
			meanwhile := func(s *mockserver.SMSSender) {
				s.Key, s.Secret = new("rotated-key"), new("rotated-secret")
				if s.Properties == nil {
					s.Properties = map[string]string{}
				}
				s.Properties["channel.type"], s.Properties["future"] = "default", "kept"
			}
			w.changeSender(meanwhile)
			changed := test.config.with(test.change)
			saved := w.wantAction(o, changed, "update")
			wantNoError(t, saved.diags)
			w.calls()
			wantNoError(t, w.apply(saved))
			w.wantCalls("POST token", "GET sms", "PUT SMSPublisher")
			meanwhile(test.stored)
			test.storedChanged(test.stored)
			w.wantSender(test.stored)
			w.wantAction(o, changed, "no-op")
		})
	}
}

func TestSMSSenderDrift(t *testing.T) {
	t.Parallel()
	for name, drift := range map[string]struct {
		config values
		stored func() *mockserver.SMSSender
		seen   any // in the refreshed state
		change func(s *mockserver.SMSSender)
	}{
		"provider_name":    {twilio, twilioStored, "Vonage", func(s *mockserver.SMSSender) { s.Provider = "Vonage" }},
		"sender":           {twilio, twilioStored, "+1", func(s *mockserver.SMSSender) { s.Sender = new("+1") }},
		"sender (gone)":    {twilio, twilioStored, nil, func(s *mockserver.SMSSender) { s.Sender = nil }},
		"sender (emptied)": {twilio, twilioStored, nil, func(s *mockserver.SMSSender) { s.Sender = new("") }},
		"content_type":     {twilio, twilioStored, "FORM", func(s *mockserver.SMSSender) { s.ContentType = "FORM" }},
		"provider_url": {
			custom, customStored, "https://x.example",
			func(s *mockserver.SMSSender) { s.ProviderURL = new("https://x.example") },
		},
		"provider_url (appeared)": {
			twilio, twilioStored, "https://x.example",
			func(s *mockserver.SMSSender) { s.ProviderURL = new("https://x.example") },
		},
		"body": {
			custom, customStored, "{{body}}", func(s *mockserver.SMSSender) { s.Properties["body"] = "{{body}}" },
		},
		"http_headers": {
			custom, customStored, "X: 1", func(s *mockserver.SMSSender) { s.Properties["http.headers"] = "X: 1" },
		},
		"http_method": {
			custom, customStored, nil, func(s *mockserver.SMSSender) { delete(s.Properties, "http.method") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			o := w.create(senderType, drift.config)
			w.changeSender(drift.change)
			saved := w.wantAction(o, drift.config, "update")
			attribute, _, _ := strings.Cut(name, " ")
			if got := o.state[attribute]; got != drift.seen {
				t.Errorf("the refresh saw %v, want %v", got, drift.seen)
			}
			wantNoDiagnostics(t, w.apply(saved))
			w.wantSender(drift.stored())
			w.wantAction(o, drift.config, "no-op")
		})
	}
}

func TestSMSSenderChangedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	o := w.create(senderType, custom)
	saved := w.wantAction(o, custom.with(values{"http_method": "GET"}), "update")
	w.changeSender(
		func(s *mockserver.SMSSender) { s.Properties["body"], s.Properties["http.headers"] = "{{body}}", "X: 1" },
	)
	diags := w.apply(saved)
	wantWarning(t, diags, `The SMS sender of "bifrost" changed outside Terraform`, "body, http_headers")
	wantAbsent(t, diags.String(), "header-secret", "http_method")
	want := customStored()
	want.Properties["http.method"] = "GET"
	w.wantSender(want)
}

func TestSMSSenderMovesToAnotherOrganization(t *testing.T) {
	t.Parallel()
	w := newFleet(t)
	o := w.create(senderType, twilio)
	moved := twilio.with(values{"organization": "alfheim"})
	wantError(
		t,
		w.plan(o, moved.with(values{"secret_wo": nil, "secret_wo_version": nil})).diags,
		"[secret]",
		"Missing secret",
	)
	saved := w.wantAction(o, moved, "replace")
	if diff := cmp.Diff([]string{"organization"}, saved.requiresReplace); diff != "" {
		t.Errorf("what requires the replacement differs (- want, + got):\n%s", diff)
	}
	wantNoDiagnostics(t, w.apply(saved))
	w.wantSender(nil)
	if diff := cmp.Diff(
		twilioStored(), w.mock.State().Organizations["alfheim"].SMSSenders["SMSPublisher"], cmpopts.EquateEmpty(),
	); diff != "" {
		t.Errorf("the sender differs (- want, + got):\n%s", diff)
	}
	if diff := cmp.Diff(values{"organization": "alfheim", "name": "SMSPublisher"}, o.identity); diff != "" {
		t.Errorf("the identity differs (- want, + got):\n%s", diff)
	}
}

func TestSMSSenderImport(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]func(w *workspace) (*object, diagnostics){
		"id": func(w *workspace) (*object, diagnostics) { return w.start().importByID(senderType, "bifrost") },
		"identity": func(w *workspace) (*object, diagnostics) {
			return w.start().importByIdentity(senderType, senderIdentity)
		},
		"empty identity": func(w *workspace) (*object, diagnostics) {
			return w.start().importByIdentity(senderType, values{})
		},
		"identity without name": func(w *workspace) (*object, diagnostics) {
			return w.start().importByIdentity(senderType, values{"organization": "bifrost"})
		},
		"identity without organization": func(w *workspace) (*object, diagnostics) {
			return w.start().importByIdentity(senderType, values{"name": "SMSPublisher"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			_, diags := by(w) // there is none
			wantError(
				t,
				diags,
				"Unable to import the SMS sender",
				`Organization "bifrost" has no SMS sender`,
				"without importing it",
			)
			w.setSender(twilioStored())
			w.calls()
			o, diags := by(w)
			wantNoDiagnostics(t, diags)
			w.wantCalls("POST token", "GET sms")
			o.wantState(
				t,
				values{
					"organization":  "bifrost",
					"name":          "SMSPublisher",
					"provider_name": "Twilio",
					"sender":        "+15550100",
					"content_type":  "JSON",
				},
			)
			wantSenderIdentity(t, o)
		})
	}
}

func TestSMSSenderImportOfWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.setSender(twilioStored())
	for id, text := range map[string]string{
		"": `write "bifrost"`, "asgard/SMSPublisher": `write "asgard"`, "SMSPublisher": `write "bifrost"`,
		"Bifrost": `write "bifrost"`,
	} {
		_, diags := w.start().importByID(senderType, id)
		wantError(t, diags, "Invalid import ID", text)
	}
	for _, name := range []string{"smspublisher", "Twilio", ""} {
		_, diags := w.start().importByIdentity(senderType, values{"organization": "bifrost", "name": name})
		wantError(t, diags, "Invalid import identity", `The only SMS sender is named "SMSPublisher"`, "Leave name out")
	}
	w.wantCalls()
}
