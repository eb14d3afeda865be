package smssender_test

import (
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// What others, or this process itself, did to the sender after it was read.

// TestEveryFieldOfTheSenderChangedBetweenPlanAndApply: the warning names the field, and no other.
func TestEveryFieldOfTheSenderChangedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(s *liveSender){
		"provider_name":       func(s *liveSender) { s.Provider = "Bulksms" },
		"provider_url":        func(s *liveSender) { s.ProviderURL = new("https://other.example.com") },
		"sender (appeared)":   func(s *liveSender) { s.Sender = new("ACME") },
		"content_type":        func(s *liveSender) { s.ContentType = "JSON" },
		"body":                func(s *liveSender) { s.Properties["body"] = "{{body}}" },
		"http_headers (gone)": func(s *liveSender) { delete(s.Properties, "http.headers") },
		"http_method":         func(s *liveSender) { s.Properties["http.method"] = "GET" },
		"":                    func(*liveSender) {}, // nobody did
		" (of no argument)":   func(s *liveSender) { s.Properties["future"] = "kept" },
		" (of what is not shown)": func(s *liveSender) {
			s.Key, s.Secret = new("rotated-key"), new("rotated-secret")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			o := w.Create(smsSender, providertest.Custom)
			changed := custom(values{"body": `{"receiver": {{mobile}}, "text": {{body}}}`})
			saved := w.WantAction(o, changed, "update")
			w.ChangeSender(change)
			diags := w.Apply(saved)
			field, _, _ := strings.Cut(name, " ")
			if field == "" {
				providertest.WantNoDiagnostics(t, diags)
				return
			}
			providertest.WantWarning(t, diags, `The SMS sender of "bifrost" changed outside Terraform`,
				"somebody else changed "+field+". Applying")
			o.WantState(t, changed.With(values{"name": "SMSPublisher"}))
			w.WantAction(o, changed, "no-op")
		})
	}
}

// TestSenderThatThisProcessChanged: what the process has read of the sender no longer counts once it has changed it.
func TestSenderThatThisProcessChanged(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	w.WithSender()
	sender, factors := w.Adopt(smsSender), w.Create(providertest.TwoFactor, providertest.SMSOff)
	destruction := w.Start().Plan(sender, nil)
	p := w.Start()
	providertest.WantNoDiagnostics(t, p.Refresh(sender))
	providertest.WantNoDiagnostics(t, p.Refresh(factors))
	w.Calls()
	providertest.WantNoError(t, p.Plan(factors, providertest.SMSOn).Diags)
	if w.AskedForSenders() { // positive control: the refresh has just asked
		t.Error("the plan asked again")
	}
	providertest.WantNoDiagnostics(t, p.Apply(destruction))
	providertest.WantError(t, p.Plan(factors, providertest.SMSOn).Diags, providertest.NeedSender)
	if !w.AskedForSenders() {
		t.Error("the plan took what the process had read before it deleted the sender")
	}
}
