package provider

import (
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// What others, or this process itself, did to the sender after it was read.

// TestEveryFieldOfTheSenderChangedBetweenPlanAndApply: the warning names the field, and no other.
func TestEveryFieldOfTheSenderChangedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(s *mockserver.SMSSender){
		"provider_name":       func(s *mockserver.SMSSender) { s.Provider = "Bulksms" },
		"provider_url":        func(s *mockserver.SMSSender) { s.ProviderURL = new("https://other.example.com") },
		"sender (appeared)":   func(s *mockserver.SMSSender) { s.Sender = new("ACME") },
		"content_type":        func(s *mockserver.SMSSender) { s.ContentType = "JSON" },
		"body":                func(s *mockserver.SMSSender) { s.Properties["body"] = "{{body}}" },
		"http_headers (gone)": func(s *mockserver.SMSSender) { delete(s.Properties, "http.headers") },
		"http_method":         func(s *mockserver.SMSSender) { s.Properties["http.method"] = "GET" },
		"":                    func(*mockserver.SMSSender) {}, // nobody did
		" (of no argument)":   func(s *mockserver.SMSSender) { s.Properties["future"] = "kept" },
		" (of what is not shown)": func(s *mockserver.SMSSender) {
			s.Key, s.Secret = new("rotated-key"), new("rotated-secret")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			o := w.create(senderType, custom)
			changed := custom.with(values{"body": `{"receiver": {{mobile}}, "text": {{body}}}`})
			saved := w.wantAction(o, changed, "update")
			w.changeSender(change)
			diags := w.apply(saved)
			field, _, _ := strings.Cut(name, " ")
			if field == "" {
				wantNoDiagnostics(t, diags)
				return
			}
			wantWarning(
				t,
				diags,
				`The SMS sender of "bifrost" changed outside Terraform`,
				"somebody else changed "+field+". Applying",
			)
			o.wantState(t, changed.with(values{"name": "SMSPublisher"}))
			w.wantAction(o, changed, "no-op")
		})
	}
}

// TestSenderThatThisProcessChanged: what the process has read of the sender no longer counts once it has changed it.
func TestSenderThatThisProcessChanged(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.withSender()
	sender, factors := w.adopt(senderType), w.create(twoFactor, smsOff)
	destruction := w.start().plan(sender, nil)
	p := w.start()
	wantNoDiagnostics(t, p.refresh(sender))
	wantNoDiagnostics(t, p.refresh(factors))
	w.calls()
	wantNoError(t, p.plan(factors, smsOn).diags)
	if w.asked() { // positive control: the refresh has just asked
		t.Error("the plan asked again")
	}
	wantNoDiagnostics(t, p.apply(destruction))
	wantError(t, p.plan(factors, smsOn).diags, needSender)
	if !w.asked() {
		t.Error("the plan took what the process had read before it deleted the sender")
	}
}
