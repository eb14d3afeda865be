package smssender_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// What becomes of a sender that Terraform does not want anymore.

// builtInStored is the sender that Asgardeo provides itself. It works without an account at a gateway, on a channel of
// its own.
func builtInStored() *liveSender {
	return &mockserver.SMSSender{
		Provider: "choreo", ProviderURL: new("https://console.choreo.dev/"), ContentType: "FORM",
		Properties: map[string]string{"channel.type": "choreo"},
	}
}

// senderFault is what happens to the calls of a method, in both versions of the API.
func senderFault(method string, times int, action, body string) mockserver.Fault {
	fault := mockserver.Fault{
		Match: mockserver.Match{Method: method, PathPrefix: "/t/bifrost" + providertest.SenderCalls},
		Times: times, Action: action, Body: body,
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
	// The look before the change, through each version.
	pass := senderFault(http.MethodGet, 1, mockserver.ActionLatency, "")
	for _, test := range []struct {
		name   string
		faults []mockserver.Fault
		text   []string // of the error; nil: none
		left   *liveSender
	}{
		{"all well", nil, nil, providertest.TwilioStored()},
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
			providertest.TwilioStored(),
		},
		{
			"the new one is lost on the way", []mockserver.Fault{senderFault(http.MethodPost, 1, drop, "")}, nil,
			providertest.TwilioStored(),
		},
		{
			"the answer to the new one is lost", []mockserver.Fault{senderFault(http.MethodPost, 1, lose, "")}, nil,
			providertest.TwilioStored(),
		},
		{
			"the answer to the new one is lost, and nobody may look",
			[]mockserver.Fault{
				senderFault(http.MethodPost, 1, lose, ""), pass, senderFault(http.MethodGet, 1, refuse, bodyRefused),
			},
			nil, providertest.TwilioStored(),
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
				w := providertest.NewWorkspaceIn(t, providertest.ApplicationPlace{})
				w.Wrap = providertest.BesidesFaults(t)
				w.Provider["max_retries"] = 1
				w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SenderAPI = api })
				w.SetSender(builtInStored())
				w.Create(providertest.TwoFactor, providertest.SMSOn)
				o := w.Adopt(smsSender)
				known := values{
					"name":          "SMSPublisher",
					"provider_name": "choreo",
					"provider_url":  "https://console.choreo.dev/",
					"content_type":  "FORM",
				}
				o.WantState(t, known)
				saved := w.WantAction(o, providertest.Twilio, "update")
				providertest.WantWarning(t, saved.Diags, "[provider_name]", `Asgardeo's own SMS sender of "bifrost" is deleted`,
					"is put back", "The Console can")
				w.Calls()
				for _, fault := range test.faults {
					providertest.AddFaults(w.Mock, fault)
					if fault.Action == mockserver.ActionLatency && api != "" {
						w.Mock.AddFault(fault) // version 2 is asked twice
					}
				}
				diags := w.Apply(saved)
				w.Mock.ClearFaults()
				if calls := w.Calls(); slices.Contains(calls, "GET applications") {
					t.Errorf("SMS OTP was looked at: %v", calls) // there is a sender before and after
				}
				w.WantSender(test.left)
				if test.text == nil {
					providertest.WantNoDiagnostics(t, diags)
				} else {
					providertest.WantError(t, diags, test.text...)
					o.WantState(t, known)
					w.Up(o, providertest.Twilio) // the way out
					w.WantSender(providertest.TwilioStored())
				}
				w.WantAction(o, providertest.Twilio, "no-op")
			})
		}
	}
}

func TestSMSSenderBuiltInStaysWithoutTheScopes(t *testing.T) {
	t.Parallel()
	for _, scope := range []string{"internal_notification_senders_create", "internal_notification_senders_delete"} {
		w := providertest.NewWorkspace(t)
		w.SetSender(builtInStored())
		o := w.Adopt(smsSender)
		providertest.WantError(t, w.Plan(o, values{"provider_name": "Vonage", "sender": "ACME", "key": "k"}).Diags,
			"Missing secret")
		saved := w.WantAction(o, providertest.Twilio, "update")
		providertest.Without(scope)(w)
		providertest.WantError(t, w.Apply(saved), "Unable to update the SMS sender", scope)
		w.WantSender(builtInStored())
	}
}

// TestSMSSenderOfAnUnknownGateway: only the channel cannot be changed.
func TestSMSSenderOfAnUnknownGateway(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	unknownGateway := providertest.CustomStored()
	unknownGateway.Provider = "Bulksms"
	w.SetSender(unknownGateway)
	o := w.Adopt(smsSender)
	w.Calls()
	w.Up(o, providertest.Custom)
	if calls := w.Calls(); slices.Contains(calls, "DELETE SMSPublisher") {
		t.Errorf("it was deleted: %v", calls)
	}
	w.WantSender(providertest.CustomStored())
}

func TestSMSSenderOnDestroy(t *testing.T) {
	t.Parallel()
	keep := values{"on_destroy": "keep"}

	t.Run("keep", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewWorkspace(t)
		o := w.Create(smsSender, providertest.Twilio)
		w.Mock.ClearRequests()
		w.Up(o, twilio(keep))
		if sent := w.SentSenders(); len(sent) > 0 {
			t.Errorf("sent %v", sent)
		}
		w.Create(providertest.TwoFactor, providertest.SMSOn) // which does not keep it from being forgotten
		saved := w.WantAction(o, nil, "delete")
		providertest.WantNoDiagnostics(t, saved.Diags)
		w.Calls()
		providertest.WantNoDiagnostics(t, w.Apply(saved))
		w.WantCalls()
		if o.State != nil {
			t.Errorf("the state is %v", o.State)
		}
		w.WantSender(providertest.TwilioStored())
	})

	t.Run("what was applied last counts", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewFleet(t)
		o := w.Create(smsSender, providertest.Twilio)
		// A replacement, which takes both in one apply.
		w.Up(o, twilio(keep).With(values{"organization": "alfheim"}))
		w.WantSender(nil)
		w.Up(o, twilio(values{"organization": "bifrost"}))
		w.WantSender(providertest.TwilioStored())
		if w.Mock.State().Organizations["alfheim"].SMSSenders["SMSPublisher"] == nil {
			t.Error("the sender that was to be kept is gone")
		}
		providertest.WantNoDiagnostics(t, w.Apply(w.WantAction(o, nil, "delete")))
		w.WantSender(nil)
	})

	t.Run("a kept one is taken by its own replacement", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewWorkspace(t)
		config := twilio(keep)
		o := w.Create(smsSender, config)
		p := w.Start()
		destroyed := p.Plan(o, nil)
		created := p.Plan(newSender(), config.With(values{"sender": "+15550199"}))
		p = w.Start() // the apply of terraform apply -replace=…
		providertest.WantNoError(t, p.Apply(destroyed))
		providertest.WantNoDiagnostics(t, p.Apply(created))
		want := providertest.TwilioStored()
		want.Sender = new("+15550199")
		w.WantSender(want)
	})

	t.Run("another value", func(t *testing.T) {
		t.Parallel()
		diags := providertest.NewProcess(t).Plan(newSender(), twilio(values{"on_destroy": "restore"})).Diags
		providertest.WantError(t, diags, "[on_destroy]", `"delete"`, `"keep"`)
	})
}

// TestSMSSenderThatCannotComeBack: a deletion that Terraform could not make good is announced.
func TestSMSSenderThatCannotComeBack(t *testing.T) {
	t.Parallel()
	bearer := authenticatedStored("BEARER", map[string]string{"accessToken": "console-secret"})
	delete(bearer.Properties, "http.headers")
	plainCustom := providertest.CustomStored()
	delete(plainCustom.Properties, "http.headers")
	for _, test := range []struct {
		name string
		live *liveSender
		then values   // what Terraform makes of the imported sender, if anything
		text []string // nil: no warning
	}{
		{"Twilio", providertest.TwilioStored(), nil, []string{"key, secret"}},
		{
			"Twilio with a secret", providertest.TwilioStored(), twilio(values{"key_wo": nil, "key_wo_version": nil}),
			[]string{": key."},
		},
		{"Twilio with both", providertest.TwilioStored(), providertest.Twilio, nil},
		{"headers", providertest.CustomStored(), nil, []string{"http_headers"}},
		{"declared headers", providertest.CustomStored(), providertest.Custom, nil},
		{"an authentication", bearer, nil, []string{"authentication"}},
		{"a declared authentication", bearer, authenticated(oauth(nil)), nil},
		{"nothing secret", plainCustom, nil, nil},
		{"the built-in one", builtInStored(), nil, []string{"only the Console can bring it back"}},
		{
			"kept", providertest.TwilioStored(),
			values{"provider_name": "Twilio", "sender": "+15550100", "on_destroy": "keep"}, nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			w.SetSender(test.live)
			o, diags := w.Start().ImportByID(smsSender, "bifrost")
			providertest.WantNoError(t, diags)
			w.Start().Refresh(o)
			if test.then != nil {
				w.Up(o, test.then)
			}
			saved := w.WantAction(o, nil, "delete")
			if test.text == nil {
				providertest.WantNoDiagnostics(t, saved.Diags)
				return
			}
			providertest.WantWarning(t, saved.Diags,
				append(test.text, `Deleting the SMS sender of "bifrost" cannot be undone`, `apply on_destroy = "keep" before`)...)
			providertest.WantAbsent(t, saved.Diags.String(), "console-secret", "first-key", "first-secret")
		})
	}

	t.Run("one that moves", func(t *testing.T) {
		t.Parallel()
		w := providertest.NewFleet(t)
		w.SetSender(providertest.TwilioStored())
		o := w.Adopt(smsSender)
		saved := w.WantAction(o, twilio(values{"organization": "alfheim"}), "replace")
		providertest.WantWarning(t, saved.Diags, "cannot be undone", "key, secret")
	})
}
