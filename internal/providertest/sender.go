package providertest

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// SenderFields is a sender without the difference between what is empty and what is not there.
type SenderFields struct {
	Provider, URL, Key, Secret, Sender, ContentType string
	Properties                                      map[string]string
	Authentication                                  *mockserver.SenderAuthentication
}

// senderProperties are the arguments that are stored as properties.
var senderPropertyKeys = map[string]string{"body": "body", "http_headers": "http.headers", "http_method": "http.method"}

func TextIn(config Values, names ...string) string {
	for _, name := range names {
		if text, ok := config[name].(string); ok {
			return text
		}
	}
	return ""
}

// Fill puts everything that is not secret into the fields.
func (f *SenderFields) Fill(config Values) {
	f.Provider, f.URL, f.Sender = TextIn(config, "provider_name"), TextIn(config, "provider_url"), TextIn(config, "sender")
	if f.ContentType = TextIn(config, "content_type"); f.ContentType == "" {
		f.ContentType = "JSON"
	}
	for argument, key := range senderPropertyKeys {
		delete(f.Properties, key)
		if text := TextIn(config, argument); text != "" {
			f.Properties[key] = text
		}
	}
}

func NewSender(config Values) *SenderFields {
	fields := &SenderFields{
		Properties: map[string]string{}, Key: TextIn(config, "key", "key_wo"), Secret: TextIn(config, "secret", "secret_wo"),
	}
	fields.Fill(config)
	if text := TextIn(config, "http_headers_wo"); text != "" {
		fields.Properties["http.headers"] = text
	}
	fields.Authenticate(config)
	return fields
}

// Authenticate puts a declared authentication into the fields as the server stores it: BASIC is key and secret.
func (f *SenderFields) Authenticate(config Values) {
	declared, ok := config["authentication"].(Values)
	if !ok {
		return
	}
	f.Key, f.Secret = TextIn(declared, "username"), TextIn(declared, "password")
	if declared["type"] != "BASIC" {
		f.Authentication = &mockserver.SenderAuthentication{Type: TextIn(declared, "type"), Properties: map[string]string{}}
		for property, text := range map[string]string{
			"accessToken": TextIn(declared, "access_token_wo"), "header": TextIn(declared, "header"),
			"value": TextIn(declared, "value"),
		} {
			if text != "" {
				f.Authentication.Properties[property] = text
			}
		}
	}
}

// Secretive reports that the fields have an authentication that nobody could send back.
func (f *SenderFields) Secretive() bool {
	return f != nil && f.Authentication != nil && f.Authentication.Type != "NONE"
}

// Shown is what the server tells of an authentication.
func (f *SenderFields) Shown() Values {
	switch {
	case f.Authentication != nil:
		shown := Values{"type": f.Authentication.Type}
		if header := f.Authentication.Properties["header"]; header != "" {
			shown["header"] = header
		}
		return shown
	case f.Key != "" && f.Secret != "":
		return Values{"type": "BASIC", "username": f.Key}
	}
	return nil
}

func SenderValues() Values {
	return Values{"provider_name": "Twilio", "key": "AC00", "secret": "sender-secret", "sender": "+15550100"}
}

const SenderAddress = "asgardeo_sms_sender.this"

// Sender is the configuration of an SMS sender with these arguments.
func (s *AccServer) Sender(arguments string) string {
	return s.Config("resource \"asgardeo_sms_sender\" \"this\" {\n" + arguments + "\n}\n")
}

// Sending checks the organization's SMS sender, and which calls have changed it since the last look.
func (s *AccServer) Sending(want *mockserver.SMSSender, methods ...string) func() {
	return func() {
		s.t.Helper()
		if diff := gocmp.Diff(
			want, s.State().Organizations["bifrost"].SMSSenders["SMSPublisher"], cmpopts.EquateEmpty(),
		); diff != "" {
			s.t.Errorf("the server has another sender (-want +got):\n%s", diff)
		}
		var got []string
		for _, line := range Writes(s.Requests()) {
			method, _, _ := strings.Cut(line, " ")
			got = append(got, method)
		}
		s.ClearRequests()
		if diff := gocmp.Diff(methods, got); diff != "" {
			s.t.Errorf("other calls changed the server (-want +got):\n%s", diff)
		}
	}
}

// Sender is what the server has as the sender of "bifrost".
func (w *Workspace) Sender() *mockserver.SMSSender {
	return w.Mock.State().Organizations["bifrost"].SMSSenders["SMSPublisher"]
}

// SetSender replaces the sender as somebody in the Console would: nil removes it.
func (w *Workspace) SetSender(sender *mockserver.SMSSender) {
	w.Mock.Update(func(state *mockserver.State) {
		senders := state.Organizations["bifrost"].SMSSenders
		delete(senders, "SMSPublisher")
		if sender != nil {
			senders["SMSPublisher"] = sender
		}
	})
}

// ChangeSender is setSender for a part of it.
func (w *Workspace) ChangeSender(change func(sender *mockserver.SMSSender)) {
	sender := w.Sender()
	change(sender)
	w.SetSender(sender)
}

func (w *Workspace) WantSender(want *mockserver.SMSSender) {
	w.T.Helper()
	if diff := cmp.Diff(want, w.Sender(), cmpopts.EquateEmpty()); diff != "" {
		w.T.Errorf("the server has another sender (- want, + got):\n%s", diff)
	}
}

// Sent are the bodies since the last look in which senders were sent, secrets masked.
func (w *Workspace) Sent() []map[string]any {
	w.T.Helper()
	var bodies []map[string]any
	for _, request := range w.Mock.Requests() {
		if !strings.Contains(request.Path, "/notification-senders/") || request.Body == "" {
			continue
		}
		var body map[string]any
		Must(w.T, json.Unmarshal([]byte(request.Body), &body))
		bodies = append(bodies, body)
	}
	w.Mock.ClearRequests()
	return bodies
}

var SenderIdentity = Values{"organization": "bifrost", "name": "SMSPublisher"}

func WantSenderIdentity(t *testing.T, o *Object) {
	t.Helper()
	if diff := cmp.Diff(SenderIdentity, o.Identity); diff != "" {
		t.Errorf("the identity differs (- want, + got):\n%s", diff)
	}
}

// With are values with others: nil removes one.
func (v Values) With(others Values) Values {
	changed := maps.Clone(v)
	maps.Copy(changed, others)
	maps.DeleteFunc(changed, func(_ string, value any) bool { return value == nil })
	return changed
}

var (
	Twilio = Values{
		"provider_name": "Twilio", "key_wo": "first-key", "key_wo_version": 1, "secret_wo": "first-secret",
		"secret_wo_version": 1, "sender": "+15550100",
	}
	Custom = Values{
		"provider_name": "Custom", "provider_url": "https://sms.example.com/v1?a=1&b=<2>",
		"body":         `{"to": {{mobile}}, "text": "<&> {{body}}"}`,
		"content_type": "FORM", "http_method": "PUT", "http_headers": "Authorization: Bearer header-secret, X-Tenant: 1",
	}
)

func TwilioStored() *mockserver.SMSSender {
	return &mockserver.SMSSender{
		Provider:    "Twilio",
		Key:         new("first-key"),
		Secret:      new("first-secret"),
		Sender:      new("+15550100"),
		ContentType: "JSON",
	}
}

func CustomStored() *mockserver.SMSSender {
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
