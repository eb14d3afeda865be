package smssender_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smssender"
)

// What can go wrong with an SMS sender, and what the user is told then.

func TestSMSSenderThatIsGone(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	o := w.Create(smsSender, providertest.Twilio)
	changed := w.WantAction(o, twilio(values{"sender": "+1"}), "update")
	deleted := w.WantAction(o, nil, "delete")
	w.SetSender(nil)

	diags := w.Apply(changed)
	providertest.WantError(t, diags, "Unable to update the SMS sender", `Organization "bifrost" has no SMS sender anymore`,
		"Plan again")
	if o.State == nil {
		t.Error("the failed update removed the sender from the state")
	}

	gone := &providertest.Object{
		TypeName: smsSender,
		State:    o.State,
		Private:  o.Private,
		Identity: o.Identity,
	}
	w.Calls()
	providertest.WantNoDiagnostics(t, w.Start().Refresh(gone))
	if gone.State != nil {
		t.Errorf("the state still has the sender: %v", gone.State)
	}
	providertest.WantSenderIdentity(t, gone)
	w.WantCalls("POST token", "GET sms", "GET sms", "GET sms", "GET sms") // a node that lags behind may not know of it yet
	w.Up(gone, providertest.Twilio)
	w.WantSender(providertest.TwilioStored())

	w.SetSender(nil) // to delete what is gone is no error
	providertest.WantNoDiagnostics(t, w.Apply(deleted))
	if o.State != nil {
		t.Errorf("the state still has the sender: %v", o.State)
	}
}

func TestSMSSenderThatExists(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	w.SetSender(providertest.CustomStored())
	o := newSender()
	diags := w.Apply(w.Plan(o, providertest.Twilio))
	providertest.WantError(t, diags, "Unable to create the SMS sender", `Organization "bifrost" has an SMS sender already`,
		"terraform import asgardeo_sms_sender.<name> bifrost", "HTTP status: 409", "Server code: NSM-60002")
	if o.State != nil {
		t.Errorf("a state was saved: %v", o.State)
	}
	w.WantSender(providertest.CustomStored())
}

// TestSMSSenderErrors: each of the server's complaints comes with its own next step.
func TestSMSSenderErrors(t *testing.T) {
	t.Parallel()
	status := map[string]int{"NSM-60001": http.StatusNotFound}
	for text, advice := range smssender.NextSteps {
		code := string(text)
		for method, act := range map[string]string{http.MethodPost: "create", http.MethodPut: "update"} {
			t.Run(code+" "+act, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspace(t)
				o := newSender()
				if act == "update" {
					o = w.Create(smsSender, providertest.Twilio)
				}
				saved := w.Plan(o, twilio(values{"sender": "+1", "secret_wo_version": 2}))
				before := o.State
				providertest.Breaks(method, providertest.APIPath, mockserver.Fault{
					Action: mockserver.ActionStatus, Status: max(http.StatusBadRequest, status[code]),
					Body: fmt.Sprintf(
						`{"code":%q,"message":"M","description":"The server repeats first-secret.","traceId":"trace-1"}`, code),
				})(w)
				diags := w.Apply(saved)
				providertest.WantError(t, diags, "Unable to "+act+" the SMS sender", "The server did not accept the call", advice,
					"HTTP status: ", "Server code: "+code, "Server message: The server repeats (redacted).", "Trace id: trace-1")
				providertest.WantAbsent(t, diags.String(), "first-secret")
				if diff := cmp.Diff(before, o.State); diff != "" {
					t.Errorf("the state was changed (- before, + after):\n%s", diff)
				}
				w.Mock.ClearFaults()
				providertest.WantNoDiagnostics(t, w.Apply(saved))
			})
		}
	}
	// No two of them have the same one, or the table would prove nothing.
	if advice := slices.Sorted(maps.Values(smssender.NextSteps)); len(slices.Compact(advice)) != len(smssender.NextSteps) {
		t.Error("two complaints have the same next step")
	}
}

func TestSMSSenderScopes(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	o := newSender()
	create := w.Plan(o, providertest.Twilio)
	providertest.Without("internal_notification_senders_create")(w)
	providertest.WantError(t, w.Apply(create), "Unable to create the SMS sender",
		"needs the scope internal_notification_senders_create", "Notification Sender Management API")
	providertest.Without()(w)
	providertest.WantNoDiagnostics(t, w.Apply(create))

	update, destruction := w.Plan(o, twilio(values{"sender": "+1"})), w.Plan(o, nil)
	providertest.Without("internal_notification_senders_update", "internal_notification_senders_delete")(w)
	providertest.WantError(t, w.Apply(update), "Unable to update the SMS sender",
		"needs the scope internal_notification_senders_update")
	providertest.WantError(t, w.Apply(destruction), "Unable to delete the SMS sender",
		"needs the scope internal_notification_senders_delete")
	providertest.Without("internal_notification_senders_view")(w)
	state := maps.Clone(o.State)
	providertest.WantError(t, w.Start().Refresh(o), "Unable to read the SMS sender",
		"needs the scope internal_notification_senders_view")
	if diff := cmp.Diff(state, o.State); diff != "" {
		t.Errorf("the state was changed (- before, + after):\n%s", diff)
	}
	w.WantSender(providertest.TwilioStored())
}

func TestSMSSenderAnswerIsLost(t *testing.T) {
	t.Parallel()
	lost := mockserver.Fault{
		Match:  mockserver.Match{Method: http.MethodPost, PathPrefix: providertest.APIPath},
		Action: mockserver.ActionDropAfter,
	}
	for _, config := range []values{providertest.Twilio, providertest.Custom} {
		w := providertest.NewWorkspace(t)
		o := newSender()
		saved := w.Plan(o, config)
		w.Calls()
		w.Mock.AddFault(lost)
		providertest.WantNoDiagnostics(t, w.Apply(saved))
		w.WantCalls("POST token", "GET sms", "POST sms", "GET sms") // found, and not sent again
		w.WantAction(o, config, "no-op")
	}

	// Before it was processed: it is sent again.
	w := providertest.NewWorkspace(t)
	o := newSender()
	saved := w.Plan(o, providertest.Twilio)
	w.Mock.AddFault(mockserver.Fault{Match: lost.Match, Action: mockserver.ActionDropBefore})
	w.Calls()
	providertest.WantNoDiagnostics(t, w.Apply(saved))
	w.WantCalls("POST token", "GET sms", "POST sms", "GET sms", "POST sms")
	w.WantSender(providertest.TwilioStored())

	// Somebody else's, which the lost answer would have said.
	w = providertest.NewWorkspace(t)
	w.SetSender(providertest.CustomStored())
	o = newSender()
	saved = w.Plan(o, providertest.Twilio)
	w.Mock.AddFault(lost)
	providertest.WantError(t, w.Apply(saved), "Unable to create the SMS sender", `"bifrost"`)
	if o.State != nil {
		t.Errorf("somebody else's sender is in the state: %v", o.State)
	}
	w.WantSender(providertest.CustomStored())
}

// TestTwoSendersOfOneConfiguration: the second one is told of the first, not to import what Terraform has just created.
func TestTwoSendersOfOneConfiguration(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	first, second := w.Plan(newSender(), providertest.Twilio), w.Plan(newSender(), providertest.Twilio)
	run := w.Start()
	providertest.WantNoError(t, run.Apply(first))
	diags := run.Apply(second)
	providertest.WantError(t, diags, "Unable to create the SMS sender",
		"Another asgardeo_sms_sender of this configuration has just created", "Remove one of the two blocks.")
	providertest.WantAbsent(t, diags.String(), "import")
}

// TestPlaceholdersOfTheProvider: they are told before the server refuses them, and are not repeated.
func TestPlaceholdersOfTheProvider(t *testing.T) {
	t.Parallel()
	for text, warned := range map[string]bool{"<s3cret>": true, "var.client_secret": true, "s3cret-of-mine": false} {
		for name, config := range map[string]values{
			"client_secret is": {"client_id": "id", "client_secret": text},
			`client_secret of credentials["asgard"] is`: {
				"credentials": values{"asgard": values{"client_id": "id", "client_secret": text}},
			},
		} {
			config["organization"] = "bifrost"
			diags := providertest.NewProcess(t).Configure(config)
			if !warned {
				providertest.WantNoDiagnostics(t, diags)
				continue
			}
			providertest.WantWarning(t, diags, name+" a placeholder")
			providertest.WantAbsent(t, diags.String(), text)
		}
	}
}
