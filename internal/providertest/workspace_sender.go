package providertest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Configurations of SMS senders without and with many arguments.
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

// TwilioStored is what the server stores for Twilio.
func TwilioStored() *mockserver.SMSSender {
	return &mockserver.SMSSender{
		Provider:    "Twilio",
		Key:         new("first-key"),
		Secret:      new("first-secret"),
		Sender:      new("+15550100"),
		ContentType: "JSON",
	}
}

// CustomStored is what the server stores for Custom.
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

// SMSOn and SMSOff are configurations of two-factor settings that switch nothing but SMS OTP.
var (
	SMSOn  = Values{"sms_otp_enabled": true}
	SMSOff = Values{"sms_otp_enabled": false}
)

// NeedSender is what the error says when SMS OTP is to be on where there is no SMS sender.
const NeedSender = "sms_otp_enabled needs an SMS sender"

// SenderIdentity is the identity of the SMS sender of "bifrost".
var SenderIdentity = Values{"organization": "bifrost", "name": "SMSPublisher"}

// WantSenderIdentity insists that an object has SenderIdentity.
func WantSenderIdentity(t *testing.T, o *Object) {
	t.Helper()
	if diff := cmp.Diff(SenderIdentity, o.Identity); diff != "" {
		t.Errorf("the identity differs (- want, + got):\n%s", diff)
	}
}

// WithSender gives "bifrost" the SMS sender that SMS OTP needs.
func (w *Workspace) WithSender() {
	w.Mock.Update(func(state *mockserver.State) {
		state.Organizations["bifrost"].SMSSenders["SMSPublisher"] = &mockserver.SMSSender{
			Provider: "Twilio", Key: new("AC00"), Secret: new("sender-secret"), Sender: new("+15550100"), ContentType: "JSON",
		}
	})
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

// ChangeSender changes a part of the sender as somebody in the Console would.
func (w *Workspace) ChangeSender(change func(sender *mockserver.SMSSender)) {
	sender := w.Sender()
	change(sender)
	w.SetSender(sender)
}

// WantSender compares what the server has as the sender of "bifrost": nil means none.
func (w *Workspace) WantSender(want *mockserver.SMSSender) {
	w.T.Helper()
	if diff := cmp.Diff(want, w.Sender(), cmpopts.EquateEmpty()); diff != "" {
		w.T.Errorf("the server has another sender (- want, + got):\n%s", diff)
	}
}

// SentSenders returns the bodies since the last look in which senders were sent, secrets masked.
func (w *Workspace) SentSenders() []map[string]any {
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
