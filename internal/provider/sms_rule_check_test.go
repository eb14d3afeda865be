package provider

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// SMS OTP needs a sender. The server checks nothing, so the provider does: when it is planned, and again before it is
// written.

const (
	senderList = "GET sms"
	needSender = "sms_otp_enabled needs an SMS sender"
)

var smsOn, smsOff = values{"sms_otp_enabled": true}, values{"sms_otp_enabled": false}

// asked reports whether the senders were asked for since the last look.
func (w *workspace) asked() bool {
	w.t.Helper()
	return slices.Contains(w.calls(), senderList)
}

func TestSMSOTPNeedsASender(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, test := range []struct {
			name   string
			sender string // the gateway; empty: none
			as     string // under this name instead of SMSPublisher
			usable bool
		}{
			{name: "no sender"},
			{name: "of a gateway that nobody knows", sender: "Bulksms"},
			{name: "of another name", sender: "Twilio", as: "EmailPublisher"},
			{name: "Twilio", sender: "Twilio", usable: true},
			{name: "Vonage in other letters", sender: "VONAGE"},
			{name: "Custom", sender: "Custom", usable: true},
			{name: "the built-in one", sender: "choreo", usable: true},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				if test.sender != "" {
					w.mock.Update(func(state *mockserver.State) {
						sender := twilioStored()
						sender.Provider = test.sender
						if test.as == "" {
							test.as = "SMSPublisher"
						}
						state.Organizations["bifrost"].SMSSenders[test.as] = sender
					})
				}
				existing := w.create(twoFactor, smsOff)
				for _, o := range []*object{{typeName: twoFactor}, existing} {
					w.calls()
					saved := w.plan(o, smsOn)
					if !w.asked() {
						t.Error("nobody asked for the senders")
					}
					if test.usable {
						wantNoError(t, saved.diags)
						continue
					}
					wantError(
						t,
						saved.diags,
						"[sms_otp_enabled]",
						needSender,
						`Organization "bifrost" has no SMS sender that SMS OTP could use`,
						"sms_sender = asgardeo_sms_sender.<name>.name",
						"Notification Channels, SMS Provider",
					)
				}
				if test.usable {
					w.up(existing, smsOn)
				}
			})
		}
	})
}

// TestSMSOTPThatIsNotOn does not make anybody ask for senders: the token may not even be allowed to.
func TestSMSOTPThatIsNotOn(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, test := range []struct {
			name   string
			config values
			live   string
			asks   bool
		}{
			{"off", smsOff, "false", false},
			{"off, live on", smsOff, "true", false},
			{"undeclared, live on", values{"totp_enabled": true}, "true", false},
			{"undeclared, live off", values{"totp_enabled": true}, "false", false},
			{"not known yet", values{"sms_otp_enabled": unknown}, "true", false},
			{"on", smsOn, "false", true},
			{"on, live on", smsOn, "true", true},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				w.sets(values{"sms_otp_enabled": test.live})
				saved := w.plan(&object{typeName: twoFactor}, test.config)
				if asked := w.asked(); asked != test.asks {
					t.Errorf("asked for senders: %t", asked)
				}
				if test.asks {
					wantError(t, saved.diags, needSender)
					return
				}
				if test.config["sms_otp_enabled"] == unknown {
					return // what it becomes decides
				}
				wantNoError(t, w.apply(saved))
				if w.asked() {
					t.Error("asked for senders before the write")
				}
			})
		}
	})
}

// TestSMSOTPWithASenderOfThisPlan: depends_on lets Terraform plan the sender first, in the same process.
func TestSMSOTPWithASenderOfThisPlan(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, test := range []struct {
			name   string
			sender values
			silent bool
		}{
			{"here", twilio, true},
			{"here, by name", twilio.with(values{"organization": "bifrost"}), true},
			{"where is not known yet", twilio.with(values{"organization": unknown}), true},
			{"elsewhere", twilio.with(values{"organization": "alfheim"}), false},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := newFleetIn(t, at)
				sender := &object{typeName: senderType}
				p := w.start()
				wantNoDiagnostics(t, p.plan(sender, test.sender).diags)
				w.calls()
				saved := p.plan(&object{typeName: twoFactor}, smsOn)
				if asked := w.asked(); asked == test.silent {
					t.Errorf("asked for senders: %t", asked)
				}
				if !test.silent {
					wantError(t, saved.diags, needSender)
					return
				}
				wantNoError(t, saved.diags)

				// The other order is that of a configuration without depends_on.
				p = w.start()
				wantError(t, p.plan(&object{typeName: twoFactor}, smsOn).diags, needSender, "sms_sender = ")
			})
		}
	})
}

// TestSMSOTPWithASenderThatWasNotCreated: the plan had one, and it failed.
func TestSMSOTPWithASenderThatWasNotCreated(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		for _, o := range []*object{{typeName: twoFactor}, w.create(twoFactor, smsOff)} {
			p := w.start()
			wantNoDiagnostics(t, p.refresh(o))
			wantNoDiagnostics(t, p.plan(&object{typeName: senderType}, twilio).diags)
			saved := p.plan(o, smsOn)
			before := w.kept()
			wantError(t, p.apply(saved), "[sms_otp_enabled]", needSender)
			w.wantKept(before)
		}
	})
}

func TestSMSSenderIsDeletedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		w.withSender()
		fresh, existing := &object{typeName: twoFactor}, w.create(twoFactor, smsOff)
		create, update := w.plan(fresh, smsOn), w.plan(existing, smsOn)
		w.setSender(nil)
		before := w.kept()
		w.calls()
		wantError(t, w.apply(create), "[sms_otp_enabled]", needSender)
		w.wantCalls(append(at.look(flagsOfType()[twoFactor]...), "POST token", senderList)...)
		wantError(t, w.apply(update), "[sms_otp_enabled]", needSender)
		// The last look before the write is a patient one: a sender that was created a moment ago may not be in every list
		// yet. It comes before everything else.
		w.wantCalls("POST token", senderList, senderList, senderList, senderList)
		w.wantKept(before)
		if fresh.state != nil {
			t.Errorf("the failed create left a state: %v", fresh.state)
		}
		existing.wantState(t, smsOff)

		w.withSender() // positive control
		wantNoError(t, w.apply(update))
		existing.wantState(t, smsOn)

		// What is on already is not held up when something else changes.
		more := smsOn.with(values{"totp_enabled": true})
		saved := w.wantAction(existing, more, "update")
		w.setSender(nil)
		w.calls()
		wantNoError(t, w.apply(saved))
		w.wantCalls(slices.Concat([]string{"POST token"}, at.look("totp_enabled"), at.change("totp_enabled"))...)
		diags := w.plan(existing, more).diags // but the next plan says it
		wantNoError(t, diags)
		wantWarning(t, diags, needSender)

		// What the Console switched off meanwhile goes on again only where there is a sender.
		w.withSender()
		saved = w.wantAction(existing, smsOn.with(values{"totp_enabled": false}), "update")
		w.setSender(nil)
		w.sets(values{"sms_otp_enabled": false, "totp_enabled": true})
		wantError(t, w.apply(saved), "[sms_otp_enabled]", needSender)
		w.wants(values{"sms_otp_enabled": false, "totp_enabled": true})
	})
}

func TestSMSOTPThatTurnsOutToBeOn(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		existing := w.create(twoFactor, values{"totp_enabled": true})
		for _, o := range []*object{{typeName: twoFactor}, existing} {
			saved := w.plan(o, values{"sms_otp_enabled": unknown, "totp_enabled": true})
			wantNoError(t, saved.diags)
			before := w.kept()
			wantError(t, w.apply(saved, smsOn), needSender)
			w.wantKept(before)
			wantNoError(t, w.apply(saved, smsOff))
		}

		// An organization or a provider that is not known yet can be asked nothing.
		saved := w.start().plan(&object{typeName: twoFactor}, smsOn.with(values{"organization": unknown}))
		wantNoError(t, saved.diags)
		wantError(t, w.apply(saved, values{"organization": "bifrost"}), needSender)
		w.provider["client_secret"] = unknown
		saved = w.start().plan(&object{typeName: twoFactor}, smsOn)
		wantNoError(t, saved.diags)
		w.provider["client_secret"] = mockserver.DefaultClientSecret
		wantError(t, w.apply(saved), needSender)
	})
}

func TestSMSSenderThatCannotBeLookedAt(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		t.Run("scope not granted", func(t *testing.T) {
			t.Parallel()
			w := newWorkspaceIn(t, at)
			o := w.create(twoFactor, smsOff)
			without("internal_notification_senders_view")(w)
			saved := w.plan(o, smsOn)
			text := []string{
				"[sms_otp_enabled]",
				`SMS sender of "bifrost" not checked`,
				"API Authorization, Notification Sender Management API",
				"skip_sms_sender_check = true",
			}
			wantWarning(t, saved.diags, text...)
			wantWarning(t, w.apply(saved), text...)
			o.wantState(t, smsOn)
			w.wants(values{"sms_otp_enabled": true})

			// The plan of a value that it did not know could not say it.
			without()(w)
			w.withSender()
			w.up(o, smsOff)
			without("internal_notification_senders_view")(w)
			saved = w.plan(o, values{"sms_otp_enabled": unknown})
			wantNoDiagnostics(t, saved.diags)
			wantWarning(t, w.apply(saved, smsOn), text...)
		})

		t.Run("server fault", func(t *testing.T) {
			t.Parallel()
			w := newWorkspaceIn(t, at)
			w.withSender()
			w.provider["max_retries"] = 0
			o := w.create(twoFactor, smsOff)
			before := w.plan(o, smsOn)
			breaks(http.MethodGet, "/t/bifrost"+senderCalls, mockserver.Fault{
				Action: mockserver.ActionStatus, Status: 500,
				Body: `{"code":"SE-50000","message":"M","description":"D","traceId":"trace-1"}`,
			})(w)
			text := []string{
				"[sms_otp_enabled]",
				"Unable to check the SMS sender",
				"Trace id: trace-1",
				"skip_sms_sender_check = true in the provider block switches this check off",
			}
			wantError(t, w.plan(o, smsOn).diags, text...)
			wantError(t, w.apply(before), text...)
			w.wants(values{})

			w.provider["skip_sms_sender_check"] = true
			w.up(o, smsOn)
		})

		t.Run("check switched off", func(t *testing.T) {
			t.Parallel()
			w := newWorkspaceIn(t, at)
			w.provider["skip_sms_sender_check"] = true
			o := w.create(twoFactor, smsOn)
			w.up(o, smsOff)
			w.up(o, smsOn)
			if w.asked() {
				t.Error("asked for senders all the same")
			}
			w.provider["skip_sms_sender_check"] = false
			diags := w.plan(o, smsOn).diags
			wantNoError(t, diags)
			wantWarning(t, diags, needSender)
		})
	})
}

// TestReferenceToTheSender is proof enough for a plan, in whichever order and process the sender is planned, and also
// where the token may not look. Right before the write, who may look does.
func TestReferenceToTheSender(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, reference := range []any{"SMSPublisher", unknown} {
			config := smsOn.with(values{"sms_sender": reference})
			t.Run(fmt.Sprint(reference), func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				saved := w.plan(&object{typeName: twoFactor}, config)
				wantNoError(t, saved.diags)
				if w.asked() {
					t.Error("the plan asked for senders")
				}
				wantError(t, w.plan(&object{typeName: twoFactor}, smsOn).diags, needSender) // positive control
				known := values{"sms_sender": "SMSPublisher"}
				wantError(t, w.apply(saved, known), needSender)
				w.withSender()
				wantNoError(t, w.apply(saved, known))
				w.wants(values{"sms_otp_enabled": true})
				w.wantAction(saved.object, smsOn.with(known), "no-op")

				without("internal_notification_senders_view")(w)
				w.up(saved.object, smsOff)
				again := w.plan(saved.object, config)
				wantNoDiagnostics(t, again.diags)
				wantNoDiagnostics(t, w.apply(again, known))
			})
		}
		w := newWorkspaceIn(t, at)
		wantError(t, w.start().plan(&object{typeName: twoFactor}, smsOn.with(values{"sms_sender": "mine"})).diags,
			"Invalid sms_sender", `"SMSPublisher"`, "asgardeo_sms_sender.<name>.name")
	})
}

// TestSMSSenderInUse is not deleted, and the destroy ends all the same.
func TestSMSSenderInUse(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, guard := range []bool{false, true} { // of the server itself
			w := newWorkspaceIn(t, at)
			w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SMSGuard = guard })
			o := w.create(senderType, twilio)
			wantNoDiagnostics(t, w.plan(o, nil).diags) // positive control
			w.sets(values{"sms_otp_enabled": "TRUE"})
			destruction, kept := w.plan(o, nil), *o
			wantWarning(
				t,
				destruction.diags,
				`The SMS sender of "bifrost" stays`,
				"only forgets it",
				"switch SMS OTP off before",
			)
			w.calls()
			wantWarning(
				t,
				w.apply(destruction),
				`The SMS sender of "bifrost" was not deleted`,
				"SMS OTP is on and sends through it",
			)
			w.wantCalls(append(at.look("sms_otp_enabled"), "POST token")...)
			w.wantSender(twilioStored())
			if o.state != nil {
				t.Errorf("still in the state: %v", o.state)
			}

			// Who may not look leaves it to the server.
			view, _, _ := at.scopes()
			*o = kept
			without(view)(w)
			diags := w.apply(w.plan(o, nil))
			if guard {
				wantWarning(t, diags, `The SMS sender of "bifrost" was not deleted`)
				w.wantSender(twilioStored())
				continue
			}
			wantNoDiagnostics(t, diags)
			w.wantSender(nil)
		}
	})
}

// TestDestroyOfEverything ends in one run, in whichever order, and leaves SMS OTP with its sender, or neither.
func TestDestroyOfEverything(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, test := range []struct {
			name     string
			before   bool // SMS OTP was on, and the sender there
			imported bool
			mode     string
			stays    bool
		}{
			{"both imported", true, true, "", true},
			{"both imported, reset", true, true, "reset", false},
			{"both created", false, false, "", false},
			{"both created, kept", false, false, "keep", true},
			{"factors created over what was on", true, false, "", true},
		} {
			for _, senderFirst := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, sender first %t", test.name, senderFirst), func(t *testing.T) {
					t.Parallel()
					w := newWorkspaceIn(t, at)
					config := smsOn.with(nil)
					if test.mode != "" {
						config["on_destroy"] = test.mode
					}
					w.sets(values{"sms_otp_enabled": test.before})
					var sender *object
					if test.before {
						w.withSender()
						sender = w.adopt(senderType)
					} else {
						sender = w.create(senderType, twilio)
					}
					factors := &object{typeName: twoFactor}
					if test.imported {
						factors = w.adopt(twoFactor)
					}
					w.up(factors, config)
					objects := []*object{factors, sender}
					if senderFirst {
						slices.Reverse(objects)
					}
					p := w.start()
					var plans []*plan
					var announced diagnostics
					for _, o := range objects {
						plans = append(plans, p.plan(o, nil))
						announced = append(announced, plans[len(plans)-1].diags...)
					}
					wantNoError(t, announced)
					if test.stays {
						wantWarning(t, announced.about("The SMS sender of"), `The SMS sender of "bifrost" stays`)
					}
					p = w.start()
					for _, saved := range plans {
						wantNoError(t, p.apply(saved))
						if saved.object.state != nil {
							t.Errorf("%s is still in the state", saved.object.typeName)
						}
					}
					w.sees(values{"sms_otp_enabled": test.stays})
					if there := w.kept().SMSSenders["SMSPublisher"] != nil; there != test.stays {
						t.Errorf("there is a sender: %t", there)
					}
				})
			}
		}
	})
}

// TestDestroyThatPutsSMSOTPBackOn does as its plan says, whichever resource Terraform plans first and destroys first:
// either SMS OTP is on again and the sender stays, or neither is there.
func TestDestroyThatPutsSMSOTPBackOn(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, senderPlansFirst := range []bool{false, true} {
			for _, senderGoesFirst := range []bool{false, true} {
				t.Run(fmt.Sprintf("planned first %t, destroyed first %t", senderPlansFirst, senderGoesFirst), func(t *testing.T) {
					t.Parallel()
					w := newWorkspaceIn(t, at)
					w.withSender()
					w.sets(values{"sms_otp_enabled": true})
					sender, factors := w.adopt(senderType), w.create(twoFactor, smsOff)
					order := func(senderFirst bool) []*object {
						if senderFirst {
							return []*object{sender, factors}
						}
						return []*object{factors, sender}
					}
					p, plans := w.start(), map[*object]*plan{}
					var announced diagnostics
					for _, o := range order(senderPlansFirst) {
						plans[o] = p.plan(o, nil)
						announced = append(announced, plans[o].diags...)
					}
					if senderPlansFirst {
						wantText(t, announced.warnings(), "Destroying the two-factor settings", "sms_otp_enabled stays off")
					} else {
						wantText(t, announced.warnings(), `The SMS sender of "bifrost" stays`)
						wantText(t, announced.warnings(), "Destroying the two-factor settings", "sms_otp_enabled: false -> true")
					}
					p = w.start()
					for _, o := range order(senderGoesFirst) {
						wantNoError(t, p.apply(plans[o]))
					}
					w.sees(values{"sms_otp_enabled": !senderPlansFirst})
					if there := w.kept().SMSSenders["SMSPublisher"] != nil; there == senderPlansFirst {
						t.Errorf("there is a sender: %t", there)
					}
				})
			}
		}
	})
}

// TestReplacementThatWouldLoseCredentials is refused in the plan, like any other change by which the server would lose
// them.
func TestReplacementThatWouldLoseCredentials(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	o := w.create(senderType, custom)
	p := w.start()
	wantNoError(t, p.refresh(o))
	wantNoError(t, p.plan(&object{typeName: senderType}, custom).diags) // positive control: a tainted sender is replaced
	w.mock.Update(func(state *mockserver.State) {
		sender := state.Organizations["bifrost"].SMSSenders["SMSPublisher"]
		sender.Authentication = &mockserver.SenderAuthentication{
			Type:       "BEARER",
			Properties: map[string]string{"accessToken": "t"},
		}
	})
	p = w.start()
	wantNoError(t, p.refresh(o))
	wantError(t, p.plan(&object{typeName: senderType}, custom).diags,
		`Replacing the SMS sender of "bifrost" would lose its credentials`, "authentication", "terraform untaint")
}

// TestDeletionOfAWholeSender says nothing of credentials that the server does not have.
func TestDeletionOfAWholeSender(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	o := w.create(senderType, custom)
	wantNoDiagnostics(t, w.start().plan(o, nil).diags) // as in "terraform destroy", without a refresh in this process
}

// TestSMSSenderOfWhatIsNotThere: without My Account settings nothing can use the sender. Not to know is no such reason.
func TestSMSSenderOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		w.provider["max_retries"] = 0
		o := w.create(senderType, twilio)
		destruction := w.plan(o, nil)
		breaks(http.MethodGet, at.reads("bifrost").PathPrefix, mockserver.Fault{
			Action: mockserver.ActionStatus, Status: 500,
			Body: `{"code":"CONFIGM_00020","message":"Internal server error","description":"Internal server error"}`,
		})(w)
		wantError(t, w.apply(destruction), "Unable to delete the SMS sender", "HTTP status: 500")
		w.wantSender(twilioStored())
		w.mock.ClearFaults()
		w.mock.Update(func(state *mockserver.State) { at.remove(state.Organizations["bifrost"]) })
		wantNoDiagnostics(t, w.apply(destruction))
		w.wantSender(nil)
	})
}

// TestCallsOfTheWholeSetUp creates, keeps and destroys portal, factors and sender, each in one run, on a server that
// insists on the order.
func TestCallsOfTheWholeSetUp(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		const (
			status, factors, enrollment = "GET " + statusObject, "GET " + twoFactorObject, "GET " + enrollmentObject
			application, patch          = "GET " + applicationDocument, "PATCH " + applicationDocument
		)
		calls := map[string]struct{ plan, create, destroy []string }{
			"classic": {
				plan: []string{status, factors, enrollment},
				create: []string{
					status, status, "PUT " + statusObject, factors, enrollment, factors, "PUT " + twoFactorObject,
				},
				destroy: []string{factors, "PUT " + twoFactorObject, status, "PUT " + statusObject, factors},
			},
			"application": {
				plan: []string{"GET applications", application},
				// Of each resource: the look of the plan, that right before the change, and the one that confirms it.
				create: []string{
					"GET applications", application, application, patch, application, application, application, patch, application,
				},
				destroy: []string{
					"GET applications", application, patch, application, application, patch, application, application,
				},
			},
		}[at.String()]
		w := newWorkspaceIn(t, at)
		w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SMSGuard = true })
		objects := []*object{{typeName: senderType}, {typeName: portal}, {typeName: twoFactor}} // in the order of depends_on
		configs := []values{twilio, {"enabled": false}, smsOn.with(values{"backup_codes_enabled": true})}
		planAll := func(configs ...values) []*plan {
			t.Helper()
			p := w.start()
			for _, o := range objects {
				wantNoDiagnostics(t, p.refresh(o))
			}
			var plans []*plan
			for i, o := range objects {
				plans = append(plans, p.plan(o, configs[i]))
				wantNoError(t, plans[i].diags)
			}
			return plans
		}
		applyAll := func(plans []*plan) {
			t.Helper()
			p := w.start()
			for _, saved := range plans {
				wantNoError(t, p.apply(saved))
			}
		}

		plans := planAll(configs...)
		w.wantCalls(append(calls.plan, "POST token", senderList)...)
		applyAll(plans)
		w.wantCalls(append(calls.create, "POST token", senderList, "POST sms", senderList)...)
		w.wantSender(twilioStored())
		w.wants(values{"enabled": false, "sms_otp_enabled": true, "backup_codes_enabled": true})

		for _, unchanged := range planAll(configs...) {
			if unchanged.action != "no-op" {
				t.Errorf("the plan would %s %s", unchanged.action, unchanged.object.typeName)
			}
		}
		w.wantCalls(append(calls.plan, "POST token", senderList)...)

		plans = planAll(nil, nil, nil)
		w.calls()
		slices.Reverse(plans)
		applyAll(plans)
		w.wantCalls(
			append(calls.destroy, "POST token", senderList, "DELETE SMSPublisher")...) // the list tells the API's version
		w.wantSender(nil)
		w.wants(values{"enabled": true, "sms_otp_enabled": false, "backup_codes_enabled": false})
	})
}

// TestSMSSenderCheckWhileOnlyValidating: "terraform validate" has no server to ask.
func TestSMSSenderCheckWhileOnlyValidating(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	for typeName, config := range map[string]values{twoFactor: smsOn, senderType: twilio} {
		response, err := p.server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
			TypeName: typeName, Config: p.encode(p.resourceType(&object{typeName: typeName}), config),
			ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
		})
		must(t, err)
		wantNoDiagnostics(t, response.Diagnostics)
	}
}
