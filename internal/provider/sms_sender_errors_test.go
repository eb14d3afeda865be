package provider

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// What can go wrong with an SMS sender, and what the user is told then.

func TestSMSSenderThatIsGone(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	o := w.create(senderType, twilio)
	changed := w.wantAction(o, twilio.with(values{"sender": "+1"}), "update")
	deleted := w.wantAction(o, nil, "delete")
	w.setSender(nil)

	diags := w.apply(changed)
	wantError(
		t,
		diags,
		"Unable to update the SMS sender",
		`Organization "bifrost" has no SMS sender anymore`,
		"Plan again",
	)
	if o.state == nil {
		t.Error("the failed update removed the sender from the state")
	}

	gone := &object{typeName: senderType, state: o.state, private: o.private, identity: o.identity}
	w.calls()
	wantNoDiagnostics(t, w.start().refresh(gone))
	if gone.state != nil {
		t.Errorf("the state still has the sender: %v", gone.state)
	}
	wantSenderIdentity(t, gone)
	w.wantCalls("POST token", "GET sms", "GET sms", "GET sms", "GET sms") // a node that lags behind may not know of it yet
	w.up(gone, twilio)
	w.wantSender(twilioStored())

	w.setSender(nil) // to delete what is gone is no error
	wantNoDiagnostics(t, w.apply(deleted))
	if o.state != nil {
		t.Errorf("the state still has the sender: %v", o.state)
	}
}

func TestSMSSenderThatExists(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.setSender(customStored())
	o := &object{typeName: senderType}
	diags := w.apply(w.plan(o, twilio))
	wantError(
		t,
		diags,
		"Unable to create the SMS sender",
		`Organization "bifrost" has an SMS sender already`,
		"terraform import asgardeo_sms_sender.<name> bifrost",
		"HTTP status: 409",
		"Server code: NSM-60002",
	)
	if o.state != nil {
		t.Errorf("a state was saved: %v", o.state)
	}
	w.wantSender(customStored())
}

// TestSMSSenderErrors: each of the server's complaints comes with its own next step.
func TestSMSSenderErrors(t *testing.T) {
	t.Parallel()
	status := map[string]int{"NSM-60001": http.StatusNotFound}
	for text, advice := range senderAdvice {
		code := string(text)
		for method, act := range map[string]string{http.MethodPost: "create", http.MethodPut: "update"} {
			t.Run(code+" "+act, func(t *testing.T) {
				t.Parallel()
				w := newWorkspace(t)
				o := &object{typeName: senderType}
				if act == "update" {
					o = w.create(senderType, twilio)
				}
				saved := w.plan(o, twilio.with(values{"sender": "+1", "secret_wo_version": 2}))
				before := o.state
				breaks(method, apiPath, mockserver.Fault{
					Action: mockserver.ActionStatus, Status: max(http.StatusBadRequest, status[code]),
					Body: fmt.Sprintf(
						`{"code":%q,"message":"M","description":"The server repeats first-secret.","traceId":"trace-1"}`,
						code,
					),
				})(w)
				diags := w.apply(saved)
				wantError(t, diags, "Unable to "+act+" the SMS sender", "The server did not accept the call", advice,
					"HTTP status: ", "Server code: "+code, "Server message: The server repeats (redacted).", "Trace id: trace-1")
				wantAbsent(t, diags.String(), "first-secret")
				if diff := cmp.Diff(before, o.state); diff != "" {
					t.Errorf("the state was changed (- before, + after):\n%s", diff)
				}
				w.mock.ClearFaults()
				wantNoDiagnostics(t, w.apply(saved))
			})
		}
	}
	// No two of them have the same one, or the table would prove nothing.
	if advice := slices.Sorted(maps.Values(senderAdvice)); len(slices.Compact(advice)) != len(senderAdvice) {
		t.Error("two complaints have the same next step")
	}
}

func TestSMSSenderScopes(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	o := &object{typeName: senderType}
	create := w.plan(o, twilio)
	without("internal_notification_senders_create")(w)
	wantError(
		t,
		w.apply(create),
		"Unable to create the SMS sender",
		"needs the scope internal_notification_senders_create",
		"Notification Sender Management API",
	)
	without()(w)
	wantNoDiagnostics(t, w.apply(create))

	update, destruction := w.plan(o, twilio.with(values{"sender": "+1"})), w.plan(o, nil)
	without("internal_notification_senders_update", "internal_notification_senders_delete")(w)
	wantError(
		t,
		w.apply(update),
		"Unable to update the SMS sender",
		"needs the scope internal_notification_senders_update",
	)
	wantError(
		t,
		w.apply(destruction),
		"Unable to delete the SMS sender",
		"needs the scope internal_notification_senders_delete",
	)
	without("internal_notification_senders_view")(w)
	state := maps.Clone(o.state)
	wantError(
		t,
		w.start().refresh(o),
		"Unable to read the SMS sender",
		"needs the scope internal_notification_senders_view",
	)
	if diff := cmp.Diff(state, o.state); diff != "" {
		t.Errorf("the state was changed (- before, + after):\n%s", diff)
	}
	w.wantSender(twilioStored())
}

func TestSMSSenderAnswerIsLost(t *testing.T) {
	t.Parallel()
	lost := mockserver.Fault{
		Match:  mockserver.Match{Method: http.MethodPost, PathPrefix: apiPath},
		Action: mockserver.ActionDropAfter,
	}
	for _, config := range []values{twilio, custom} {
		w := newWorkspace(t)
		o := &object{typeName: senderType}
		saved := w.plan(o, config)
		w.calls()
		w.mock.AddFault(lost)
		wantNoDiagnostics(t, w.apply(saved))
		w.wantCalls("POST token", "GET sms", "POST sms", "GET sms") // found, and not sent again
		w.wantAction(o, config, "no-op")
	}

	// Before it was processed: it is sent again.
	w := newWorkspace(t)
	o := &object{typeName: senderType}
	saved := w.plan(o, twilio)
	w.mock.AddFault(mockserver.Fault{Match: lost.Match, Action: mockserver.ActionDropBefore})
	w.calls()
	wantNoDiagnostics(t, w.apply(saved))
	w.wantCalls("POST token", "GET sms", "POST sms", "GET sms", "POST sms")
	w.wantSender(twilioStored())

	// Somebody else's, which the lost answer would have said.
	w = newWorkspace(t)
	w.setSender(customStored())
	o = &object{typeName: senderType}
	saved = w.plan(o, twilio)
	w.mock.AddFault(lost)
	wantError(t, w.apply(saved), "Unable to create the SMS sender", `"bifrost"`)
	if o.state != nil {
		t.Errorf("somebody else's sender is in the state: %v", o.state)
	}
	w.wantSender(customStored())
}

// TestTwoSendersOfOneConfiguration: the second one is told of the first, not to import what Terraform has just created.
func TestTwoSendersOfOneConfiguration(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	first, second := w.plan(&object{typeName: senderType}, twilio), w.plan(&object{typeName: senderType}, twilio)
	run := w.start()
	wantNoError(t, run.apply(first))
	diags := run.apply(second)
	wantError(
		t,
		diags,
		"Unable to create the SMS sender",
		"Another asgardeo_sms_sender of this configuration has just created",
		"Remove one of the two blocks.",
	)
	wantAbsent(t, diags.String(), "import")
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
			diags := newProcess(t).configure(config)
			if !warned {
				wantNoDiagnostics(t, diags)
				continue
			}
			wantWarning(t, diags, name+" a placeholder")
			wantAbsent(t, diags.String(), text)
		}
	}
}
