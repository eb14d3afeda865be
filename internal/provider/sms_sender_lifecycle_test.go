package provider

import (
	"net/http"
	"slices"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// What becomes of a sender that Terraform does not want anymore.

// builtInStored is the sender that Asgardeo provides itself. It works without an account at a gateway, on a channel of
// its own.
func builtInStored() *mockserver.SMSSender {
	return &mockserver.SMSSender{
		Provider: "choreo", ProviderURL: new("https://console.choreo.dev/"), ContentType: "FORM",
		Properties: map[string]string{"channel.type": "choreo"},
	}
}

// senderFault is what happens to the calls of a method, in both versions of the API.
func senderFault(method string, times int, action, body string) mockserver.Fault {
	fault := mockserver.Fault{
		Match: mockserver.Match{
			Method:     method,
			PathPrefix: "/t/bifrost" + senderCalls,
		}, Times: times, Action: action, Body: body,
	}
	if action == mockserver.ActionStatus {
		fault.Status = http.StatusBadRequest
	}
	if action == mockserver.ActionLatency {
		fault.LatencyMS = 1
	}
	if body == bodyOccupied {
		fault.Status = http.StatusConflict
	}
	return fault
}

const (
	bodyRefused  = `{"code":"UE-10000","message":"Invalid Request","description":"D","traceId":"t"}`
	bodyOccupied = `{"code":"NSM-60002","message":"Notification sender already exists.","description":"D","traceId":"t"}`
)

// TestSMSSenderBuiltInGivesWay: no sender leaves its channel, so the one of Asgardeo goes and another one comes, within
// one update and while SMS OTP is on.
func TestSMSSenderBuiltInGivesWay(t *testing.T) {
	t.Parallel()
	const drop, lose, refuse = mockserver.ActionDropBefore, mockserver.ActionDropAfter, mockserver.ActionStatus
	pass := senderFault(
		http.MethodGet,
		1,
		mockserver.ActionLatency,
		"",
	) // the look before the change, through each version
	for _, test := range []struct {
		name   string
		faults []mockserver.Fault
		text   []string // of the error; nil: none
		left   *mockserver.SMSSender
	}{
		{"all well", nil, nil, twilioStored()},
		{
			"the deletion is refused", []mockserver.Fault{senderFault(http.MethodDelete, 1, refuse, bodyRefused)},
			[]string{"Unable to update"}, builtInStored(),
		},
		{
			"nothing hears of the deletion", []mockserver.Fault{senderFault(http.MethodDelete, -1, drop, "")},
			[]string{"Unable to update"}, builtInStored(),
		},
		{
			"the answer to the deletion is lost", []mockserver.Fault{senderFault(http.MethodDelete, -1, lose, "")}, nil,
			twilioStored(),
		},
		{
			"the new one is lost on the way", []mockserver.Fault{senderFault(http.MethodPost, 1, drop, "")}, nil, twilioStored(),
		},
		{
			"the answer to the new one is lost", []mockserver.Fault{senderFault(http.MethodPost, 1, lose, "")}, nil,
			twilioStored(),
		},
		{
			"the answer to the new one is lost, and nobody may look",
			[]mockserver.Fault{
				senderFault(http.MethodPost, 1, lose, ""), pass, senderFault(http.MethodGet, 1, refuse, bodyRefused),
			},
			nil, twilioStored(),
		},
		{
			"the new one is refused", []mockserver.Fault{senderFault(http.MethodPost, 1, refuse, bodyRefused)},
			[]string{
				"Unable to update", "Server code: UE-10000", "had to be deleted first", "It is back as it was",
			}, builtInStored(),
		},
		{
			"the new one is refused, and the old one is lost on the way back",
			[]mockserver.Fault{senderFault(http.MethodPost, 1, refuse, bodyRefused), senderFault(http.MethodPost, 1, drop, "")},
			[]string{"It is back as it was"}, builtInStored(),
		},
		{
			"both are refused", []mockserver.Fault{senderFault(http.MethodPost, 2, refuse, bodyRefused)},
			[]string{"Unable to update", "could not be put back", "nobody receives passcodes", "Run the command again"}, nil,
		},
		{
			"somebody else's is there", []mockserver.Fault{senderFault(http.MethodPost, -1, refuse, bodyOccupied)},
			[]string{"Somebody else created an SMS sender in the same moment", "there is another one by now"}, nil,
		},
	} {
		for _, api := range []mockserver.SenderAPI{"", mockserver.SendersV1} {
			t.Run(test.name+" "+string(api), func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, applicationPlace{})
				w.wrap = besidesFaults(t)
				w.provider["max_retries"] = 1
				w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SenderAPI = api })
				w.setSender(builtInStored())
				w.create(twoFactor, smsOn)
				o := w.adopt(senderType)
				known := values{
					"name":          "SMSPublisher",
					"provider_name": "choreo",
					"provider_url":  "https://console.choreo.dev/",
					"content_type":  "FORM",
				}
				o.wantState(t, known)
				saved := w.wantAction(o, twilio, "update")
				wantWarning(
					t,
					saved.diags,
					"[provider_name]",
					`Asgardeo's own SMS sender of "bifrost" is deleted`,
					"is put back",
					"The Console can",
				)
				w.calls()
				for _, fault := range test.faults {
					addFaults(w.mock, fault)
					if fault.Action == mockserver.ActionLatency && api != "" {
						w.mock.AddFault(fault) // version 2 is asked twice
					}
				}
				diags := w.apply(saved)
				w.mock.ClearFaults()
				if calls := w.calls(); slices.Contains(calls, "GET applications") {
					t.Errorf("SMS OTP was looked at: %v", calls) // there is a sender before and after
				}
				w.wantSender(test.left)
				if test.text == nil {
					wantNoDiagnostics(t, diags)
				} else {
					wantError(t, diags, test.text...)
					o.wantState(t, known)
					w.up(o, twilio) // the way out
					w.wantSender(twilioStored())
				}
				w.wantAction(o, twilio, "no-op")
			})
		}
	}
}

func TestSMSSenderBuiltInStaysWithoutTheScopes(t *testing.T) {
	t.Parallel()
	for _, scope := range []string{"internal_notification_senders_create", "internal_notification_senders_delete"} {
		w := newWorkspace(t)
		w.setSender(builtInStored())
		o := w.adopt(senderType)
		wantError(t, w.plan(o, values{"provider_name": "Vonage", "sender": "ACME", "key": "k"}).diags, "Missing secret")
		saved := w.wantAction(o, twilio, "update")
		without(scope)(w)
		wantError(t, w.apply(saved), "Unable to update the SMS sender", scope)
		w.wantSender(builtInStored())
	}
}

// TestSMSSenderOfAnUnknownGateway: only the channel cannot be changed.
func TestSMSSenderOfAnUnknownGateway(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	unknownGateway := customStored()
	unknownGateway.Provider = "Bulksms"
	w.setSender(unknownGateway)
	o := w.adopt(senderType)
	w.calls()
	w.up(o, custom)
	if calls := w.calls(); slices.Contains(calls, "DELETE SMSPublisher") {
		t.Errorf("it was deleted: %v", calls)
	}
	w.wantSender(customStored())
}

func TestSMSSenderOnDestroy(t *testing.T) {
	t.Parallel()
	keep := values{"on_destroy": "keep"}

	t.Run("keep", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		o := w.create(senderType, twilio)
		w.mock.ClearRequests()
		w.up(o, twilio.with(keep))
		if sent := w.sent(); len(sent) > 0 {
			t.Errorf("sent %v", sent)
		}
		w.create(twoFactor, smsOn) // which does not keep it from being forgotten
		saved := w.wantAction(o, nil, "delete")
		wantNoDiagnostics(t, saved.diags)
		w.calls()
		wantNoDiagnostics(t, w.apply(saved))
		w.wantCalls()
		if o.state != nil {
			t.Errorf("the state is %v", o.state)
		}
		w.wantSender(twilioStored())
	})

	t.Run("what was applied last counts", func(t *testing.T) {
		t.Parallel()
		w := newFleet(t)
		o := w.create(senderType, twilio)
		// A replacement, which takes both in one apply.
		w.up(o, twilio.with(keep).with(values{"organization": "alfheim"}))
		w.wantSender(nil)
		w.up(o, twilio.with(values{"organization": "bifrost"}))
		w.wantSender(twilioStored())
		if w.mock.State().Organizations["alfheim"].SMSSenders["SMSPublisher"] == nil {
			t.Error("the sender that was to be kept is gone")
		}
		wantNoDiagnostics(t, w.apply(w.wantAction(o, nil, "delete")))
		w.wantSender(nil)
	})

	t.Run("a kept one is taken by its own replacement", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t)
		config := twilio.with(keep)
		o := w.create(senderType, config)
		p := w.start()
		destroyed := p.plan(o, nil)
		created := p.plan(&object{typeName: senderType}, config.with(values{"sender": "+15550199"}))
		p = w.start() // the apply of terraform apply -replace=…
		wantNoError(t, p.apply(destroyed))
		wantNoDiagnostics(t, p.apply(created))
		want := twilioStored()
		want.Sender = new("+15550199")
		w.wantSender(want)
	})

	t.Run("another value", func(t *testing.T) {
		t.Parallel()
		diags := newProcess(t).plan(&object{typeName: senderType}, twilio.with(values{"on_destroy": "restore"})).diags
		wantError(t, diags, "[on_destroy]", `"delete"`, `"keep"`)
	})
}

// TestSMSSenderThatCannotComeBack: a deletion that Terraform could not make good is announced.
func TestSMSSenderThatCannotComeBack(t *testing.T) {
	t.Parallel()
	bearer := authenticatedStored("BEARER", map[string]string{"accessToken": "console-secret"})
	delete(bearer.Properties, "http.headers")
	plainCustom := customStored()
	delete(plainCustom.Properties, "http.headers")
	for _, test := range []struct {
		name string
		live *mockserver.SMSSender
		then values   // what Terraform makes of the imported sender, if anything
		text []string // nil: no warning
	}{
		{"Twilio", twilioStored(), nil, []string{"key, secret"}},
		{
			"Twilio with a secret", twilioStored(), twilio.with(values{"key_wo": nil, "key_wo_version": nil}),
			[]string{": key."},
		},
		{"Twilio with both", twilioStored(), twilio, nil},
		{"headers", customStored(), nil, []string{"http_headers"}},
		{"declared headers", customStored(), custom, nil},
		{"an authentication", bearer, nil, []string{"authentication"}},
		{"a declared authentication", bearer, authenticated(oauth(nil)), nil},
		{"nothing secret", plainCustom, nil, nil},
		{"the built-in one", builtInStored(), nil, []string{"only the Console can bring it back"}},
		{"kept", twilioStored(), values{"provider_name": "Twilio", "sender": "+15550100", "on_destroy": "keep"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			w.setSender(test.live)
			o, diags := w.start().importByID(senderType, "bifrost")
			wantNoError(t, diags)
			w.start().refresh(o)
			if test.then != nil {
				w.up(o, test.then)
			}
			saved := w.wantAction(o, nil, "delete")
			if test.text == nil {
				wantNoDiagnostics(t, saved.diags)
				return
			}
			wantWarning(
				t,
				saved.diags,
				append(test.text, `Deleting the SMS sender of "bifrost" cannot be undone`, `apply on_destroy = "keep" before`)...)
			wantAbsent(t, saved.diags.String(), "console-secret", "first-key", "first-secret")
		})
	}

	t.Run("one that moves", func(t *testing.T) {
		t.Parallel()
		w := newFleet(t)
		w.setSender(twilioStored())
		o := w.adopt(senderType)
		saved := w.wantAction(o, twilio.with(values{"organization": "alfheim"}), "replace")
		wantWarning(t, saved.diags, "cannot be undone", "key, secret")
	})
}
