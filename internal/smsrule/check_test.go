package smsrule_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// SMS OTP needs a sender. The server checks nothing, so the provider does: when it is planned, and again before it is
// written.

func TestSMSOTPNeedsASender(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
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
					w.Mock.Update(func(state *mockserver.State) {
						sender := providertest.TwilioStored()
						sender.Provider = test.sender
						if test.as == "" {
							test.as = "SMSPublisher"
						}
						state.Organizations["bifrost"].SMSSenders[test.as] = sender
					})
				}
				existing := w.Create(providertest.TwoFactor, smsOff)
				for _, o := range []*object{{TypeName: providertest.TwoFactor}, existing} {
					w.Calls()
					saved := w.Plan(o, smsOn)
					if !w.AskedForSenders() {
						t.Error("nobody asked for the senders")
					}
					if test.usable {
						wantNoError(t, saved.Diags)
						continue
					}
					wantError(t, saved.Diags, "[sms_otp_enabled]", needSender,
						`Organization "bifrost" has no SMS sender that SMS OTP could use`, "sms_sender = asgardeo_sms_sender.<name>.name",
						"Notification Channels, SMS Provider")
				}
				if test.usable {
					w.Up(existing, smsOn)
				}
			})
		}
	})
}

// TestSMSOTPThatIsNotOn does not make anybody ask for senders: the token may not even be allowed to.
func TestSMSOTPThatIsNotOn(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
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
				w.Sets(values{"sms_otp_enabled": test.live})
				saved := w.Plan(&object{TypeName: providertest.TwoFactor}, test.config)
				if asked := w.AskedForSenders(); asked != test.asks {
					t.Errorf("asked for senders: %t", asked)
				}
				if test.asks {
					wantError(t, saved.Diags, needSender)
					return
				}
				if test.config["sms_otp_enabled"] == unknown {
					return // what it becomes decides
				}
				wantNoError(t, w.Apply(saved))
				if w.AskedForSenders() {
					t.Error("asked for senders before the write")
				}
			})
		}
	})
}

// TestSMSOTPWithASenderOfThisPlan: depends_on lets Terraform plan the sender first, in the same process.
func TestSMSOTPWithASenderOfThisPlan(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		for _, test := range []struct {
			name   string
			sender values
			silent bool
		}{
			{"here", providertest.Twilio, true},
			{"here, by name", providertest.Twilio.With(values{"organization": "bifrost"}), true},
			{"where is not known yet", providertest.Twilio.With(values{"organization": unknown}), true},
			{"elsewhere", providertest.Twilio.With(values{"organization": "alfheim"}), false},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewFleetIn(t, at)
				sender := &object{TypeName: providertest.SenderType}
				p := w.Start()
				wantNoDiagnostics(t, p.Plan(sender, test.sender).Diags)
				w.Calls()
				saved := p.Plan(&object{TypeName: providertest.TwoFactor}, smsOn)
				if asked := w.AskedForSenders(); asked == test.silent {
					t.Errorf("asked for senders: %t", asked)
				}
				if !test.silent {
					wantError(t, saved.Diags, needSender)
					return
				}
				wantNoError(t, saved.Diags)

				// The other order is that of a configuration without depends_on.
				p = w.Start()
				wantError(t, p.Plan(&object{TypeName: providertest.TwoFactor}, smsOn).Diags, needSender, "sms_sender = ")
			})
		}
	})
}

// TestSMSOTPWithASenderThatWasNotCreated: the plan had one, and it failed.
func TestSMSOTPWithASenderThatWasNotCreated(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		for _, o := range []*object{{TypeName: providertest.TwoFactor}, w.Create(providertest.TwoFactor, smsOff)} {
			p := w.Start()
			wantNoDiagnostics(t, p.Refresh(o))
			wantNoDiagnostics(t, p.Plan(&object{TypeName: providertest.SenderType}, providertest.Twilio).Diags)
			saved := p.Plan(o, smsOn)
			before := w.Organization()
			wantError(t, p.Apply(saved), "[sms_otp_enabled]", needSender)
			w.WantOrganization(before)
		}
	})
}

func TestSMSSenderIsDeletedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		w.WithSender()
		fresh, existing := &object{TypeName: providertest.TwoFactor}, w.Create(providertest.TwoFactor, smsOff)
		create, update := w.Plan(fresh, smsOn), w.Plan(existing, smsOn)
		w.SetSender(nil)
		before := w.Organization()
		w.Calls()
		wantError(t, w.Apply(create), "[sms_otp_enabled]", needSender)
		look := at.Look(providertest.FlagsOfType()[providertest.TwoFactor]...)
		w.WantCalls(append(look, "POST token", providertest.SenderList)...)
		wantError(t, w.Apply(update), "[sms_otp_enabled]", needSender)
		// The last look before the write is a patient one: a sender that was created a moment ago may not be in every list
		// yet. It comes before everything else.
		w.WantCalls("POST token", providertest.SenderList, providertest.SenderList, providertest.SenderList,
			providertest.SenderList)
		w.WantOrganization(before)
		if fresh.State != nil {
			t.Errorf("the failed create left a state: %v", fresh.State)
		}
		existing.WantState(t, smsOff)

		w.WithSender() // positive control
		wantNoError(t, w.Apply(update))
		existing.WantState(t, smsOn)

		// What is on already is not held up when something else changes.
		more := smsOn.With(values{"totp_enabled": true})
		saved := w.WantAction(existing, more, "update")
		w.SetSender(nil)
		w.Calls()
		wantNoError(t, w.Apply(saved))
		w.WantCalls(slices.Concat([]string{"POST token"}, at.Look("totp_enabled"), at.Change("totp_enabled"))...)
		diags := w.Plan(existing, more).Diags // but the next plan says it
		wantNoError(t, diags)
		wantWarning(t, diags, needSender)

		// What the Console switched off meanwhile goes on again only where there is a sender.
		w.WithSender()
		saved = w.WantAction(existing, smsOn.With(values{"totp_enabled": false}), "update")
		w.SetSender(nil)
		w.Sets(values{"sms_otp_enabled": false, "totp_enabled": true})
		wantError(t, w.Apply(saved), "[sms_otp_enabled]", needSender)
		w.Wants(values{"sms_otp_enabled": false, "totp_enabled": true})
	})
}

func TestSMSOTPThatTurnsOutToBeOn(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		existing := w.Create(providertest.TwoFactor, values{"totp_enabled": true})
		for _, o := range []*object{{TypeName: providertest.TwoFactor}, existing} {
			saved := w.Plan(o, values{"sms_otp_enabled": unknown, "totp_enabled": true})
			wantNoError(t, saved.Diags)
			before := w.Organization()
			wantError(t, w.Apply(saved, smsOn), needSender)
			w.WantOrganization(before)
			wantNoError(t, w.Apply(saved, smsOff))
		}

		// An organization or a provider that is not known yet can be asked nothing.
		saved := w.Start().Plan(&object{TypeName: providertest.TwoFactor}, smsOn.With(values{"organization": unknown}))
		wantNoError(t, saved.Diags)
		wantError(t, w.Apply(saved, values{"organization": "bifrost"}), needSender)
		w.Provider["client_secret"] = unknown
		saved = w.Start().Plan(&object{TypeName: providertest.TwoFactor}, smsOn)
		wantNoError(t, saved.Diags)
		w.Provider["client_secret"] = mockserver.DefaultClientSecret
		wantError(t, w.Apply(saved), needSender)
	})
}

func TestSMSSenderThatCannotBeLookedAt(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		t.Run("scope not granted", func(t *testing.T) {
			t.Parallel()
			w := newWorkspaceIn(t, at)
			o := w.Create(providertest.TwoFactor, smsOff)
			providertest.Without("internal_notification_senders_view")(w)
			saved := w.Plan(o, smsOn)
			text := []string{
				"[sms_otp_enabled]",
				`SMS sender of "bifrost" not checked`,
				"API Authorization, Notification Sender Management API",
				"skip_sms_sender_check = true",
			}
			wantWarning(t, saved.Diags, text...)
			wantWarning(t, w.Apply(saved), text...)
			o.WantState(t, smsOn)
			w.Wants(values{"sms_otp_enabled": true})

			// The plan of a value that it did not know could not say it.
			providertest.Without()(w)
			w.WithSender()
			w.Up(o, smsOff)
			providertest.Without("internal_notification_senders_view")(w)
			saved = w.Plan(o, values{"sms_otp_enabled": unknown})
			wantNoDiagnostics(t, saved.Diags)
			wantWarning(t, w.Apply(saved, smsOn), text...)
		})

		t.Run("server fault", func(t *testing.T) {
			t.Parallel()
			w := newWorkspaceIn(t, at)
			w.WithSender()
			w.Provider["max_retries"] = 0
			o := w.Create(providertest.TwoFactor, smsOff)
			before := w.Plan(o, smsOn)
			providertest.Breaks(http.MethodGet, "/t/bifrost"+providertest.SenderCalls, mockserver.Fault{
				Action: mockserver.ActionStatus, Status: 500,
				Body: `{"code":"SE-50000","message":"M","description":"D","traceId":"trace-1"}`,
			})(w)
			text := []string{
				"[sms_otp_enabled]",
				"Unable to check the SMS sender",
				"Trace id: trace-1",
				"skip_sms_sender_check = true in the provider block switches this check off",
			}
			wantError(t, w.Plan(o, smsOn).Diags, text...)
			wantError(t, w.Apply(before), text...)
			w.Wants(values{})

			w.Provider["skip_sms_sender_check"] = true
			w.Up(o, smsOn)
		})

		t.Run("check switched off", func(t *testing.T) {
			t.Parallel()
			w := newWorkspaceIn(t, at)
			w.Provider["skip_sms_sender_check"] = true
			o := w.Create(providertest.TwoFactor, smsOn)
			w.Up(o, smsOff)
			w.Up(o, smsOn)
			if w.AskedForSenders() {
				t.Error("asked for senders all the same")
			}
			w.Provider["skip_sms_sender_check"] = false
			diags := w.Plan(o, smsOn).Diags
			wantNoError(t, diags)
			wantWarning(t, diags, needSender)
		})
	})
}

// TestReferenceToTheSender is proof enough for a plan, in whichever order and process the sender is planned, and also
// where the token may not look. Right before the write, who may look does.
func TestReferenceToTheSender(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		for _, reference := range []any{"SMSPublisher", unknown} {
			config := smsOn.With(values{"sms_sender": reference})
			t.Run(fmt.Sprint(reference), func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				saved := w.Plan(&object{TypeName: providertest.TwoFactor}, config)
				wantNoError(t, saved.Diags)
				if w.AskedForSenders() {
					t.Error("the plan asked for senders")
				}
				wantError(t, w.Plan(&object{TypeName: providertest.TwoFactor}, smsOn).Diags, needSender) // positive control
				known := values{"sms_sender": "SMSPublisher"}
				wantError(t, w.Apply(saved, known), needSender)
				w.WithSender()
				wantNoError(t, w.Apply(saved, known))
				w.Wants(values{"sms_otp_enabled": true})
				w.WantAction(saved.Object, smsOn.With(known), "no-op")

				providertest.Without("internal_notification_senders_view")(w)
				w.Up(saved.Object, smsOff)
				again := w.Plan(saved.Object, config)
				wantNoDiagnostics(t, again.Diags)
				wantNoDiagnostics(t, w.Apply(again, known))
			})
		}
		w := newWorkspaceIn(t, at)
		wantError(t,
			w.Start().Plan(&object{TypeName: providertest.TwoFactor}, smsOn.With(values{"sms_sender": "mine"})).Diags,
			"Invalid sms_sender", `"SMSPublisher"`, "asgardeo_sms_sender.<name>.name")
	})
}

// TestSMSSenderInUse is not deleted, and the destroy ends all the same.
func TestSMSSenderInUse(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		for _, guard := range []bool{false, true} { // of the server itself
			w := newWorkspaceIn(t, at)
			w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SMSGuard = guard })
			o := w.Create(providertest.SenderType, providertest.Twilio)
			wantNoDiagnostics(t, w.Plan(o, nil).Diags) // positive control
			w.Sets(values{"sms_otp_enabled": "TRUE"})
			destruction, kept := w.Plan(o, nil), *o
			wantWarning(t, destruction.Diags, `The SMS sender of "bifrost" stays`, "only forgets it",
				"switch SMS OTP off before")
			w.Calls()
			wantWarning(t, w.Apply(destruction), `The SMS sender of "bifrost" was not deleted`,
				"SMS OTP is on and sends through it")
			w.WantCalls(append(at.Look("sms_otp_enabled"), "POST token")...)
			w.WantSender(providertest.TwilioStored())
			if o.State != nil {
				t.Errorf("still in the state: %v", o.State)
			}

			// Who may not look leaves it to the server.
			view, _, _ := at.Scopes()
			*o = kept
			providertest.Without(view)(w)
			diags := w.Apply(w.Plan(o, nil))
			if guard {
				wantWarning(t, diags, `The SMS sender of "bifrost" was not deleted`)
				w.WantSender(providertest.TwilioStored())
				continue
			}
			wantNoDiagnostics(t, diags)
			w.WantSender(nil)
		}
	})
}

// TestDestroyOfEverything ends in one run, in whichever order, and leaves SMS OTP with its sender, or neither.
func TestDestroyOfEverything(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
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
					config := smsOn.With(nil)
					if test.mode != "" {
						config["on_destroy"] = test.mode
					}
					w.Sets(values{"sms_otp_enabled": test.before})
					var sender *object
					if test.before {
						w.WithSender()
						sender = w.Adopt(providertest.SenderType)
					} else {
						sender = w.Create(providertest.SenderType, providertest.Twilio)
					}
					factors := &object{TypeName: providertest.TwoFactor}
					if test.imported {
						factors = w.Adopt(providertest.TwoFactor)
					}
					w.Up(factors, config)
					objects := []*object{factors, sender}
					if senderFirst {
						slices.Reverse(objects)
					}
					p := w.Start()
					var plans []*providertest.Plan
					var announced providertest.Diagnostics
					for _, o := range objects {
						plans = append(plans, p.Plan(o, nil))
						announced = append(announced, plans[len(plans)-1].Diags...)
					}
					wantNoError(t, announced)
					if test.stays {
						wantWarning(t, announced.About("The SMS sender of"), `The SMS sender of "bifrost" stays`)
					}
					p = w.Start()
					for i, saved := range plans {
						diags := p.Apply(saved)
						wantNoError(t, diags)
						switch {
						case i == 0 || !senderFirst:
						case test.stays:
							wantNoDiagnostics(t, diags)
						default:
							wantWarning(t, diags, `The SMS sender of "bifrost" was deleted`)
						}
						if saved.Object.State != nil {
							t.Errorf("%s is still in the state", saved.Object.TypeName)
						}
					}
					w.WantShown(values{"sms_otp_enabled": test.stays})
					if there := w.Organization().SMSSenders["SMSPublisher"] != nil; there != test.stays {
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
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		for _, senderPlansFirst := range []bool{false, true} {
			for _, senderGoesFirst := range []bool{false, true} {
				t.Run(fmt.Sprintf("planned first %t, destroyed first %t", senderPlansFirst, senderGoesFirst), func(t *testing.T) {
					t.Parallel()
					w := newWorkspaceIn(t, at)
					w.WithSender()
					w.Sets(values{"sms_otp_enabled": true})
					sender, factors := w.Adopt(providertest.SenderType), w.Create(providertest.TwoFactor, smsOff)
					order := func(senderFirst bool) []*object {
						if senderFirst {
							return []*object{sender, factors}
						}
						return []*object{factors, sender}
					}
					p, plans := w.Start(), map[*object]*providertest.Plan{}
					var announced providertest.Diagnostics
					for _, o := range order(senderPlansFirst) {
						plans[o] = p.Plan(o, nil)
						announced = append(announced, plans[o].Diags...)
					}
					if senderPlansFirst {
						providertest.WantText(t, announced.Warnings(), "Destroying the two-factor settings", "sms_otp_enabled stays off")
					} else {
						providertest.WantText(t, announced.Warnings(), `The SMS sender of "bifrost" stays`)
						providertest.WantText(t, announced.Warnings(), "Destroying the two-factor settings",
							"sms_otp_enabled: false -> true")
					}
					p = w.Start()
					for _, o := range order(senderGoesFirst) {
						wantNoError(t, p.Apply(plans[o]))
					}
					w.WantShown(values{"sms_otp_enabled": !senderPlansFirst})
					if there := w.Organization().SMSSenders["SMSPublisher"] != nil; there == senderPlansFirst {
						t.Errorf("there is a sender: %t", there)
					}
				})
			}
		}
	})
}

// TestPlanThatDropsTheSenderOfSMSOTP contradicts itself: no order of its parts could be right. Where another sender
// comes in the place of the one that goes, it does not.
func TestPlanThatDropsTheSenderOfSMSOTP(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		sender, factors := w.Create(providertest.SenderType, providertest.Twilio), w.Create(providertest.TwoFactor, smsOn)
		for _, test := range []struct{ senderFirst, renamed bool }{{false, false}, {true, false}, {false, true}} {
			p := w.Start()
			wantNoError(t, p.Refresh(sender))
			wantNoError(t, p.Refresh(factors))
			var diags providertest.Diagnostics
			plan := func(o *object, config values) { diags = append(diags, p.Plan(o, config).Diags...) }
			if test.renamed {
				plan(&object{TypeName: providertest.SenderType}, providertest.Twilio)
			}
			if test.senderFirst {
				plan(sender, nil)
				plan(factors, smsOn)
			} else {
				plan(factors, smsOn)
				plan(sender, nil)
			}
			if test.renamed {
				wantNoError(t, diags)
				continue
			}
			wantError(t, diags, `SMS OTP of "bifrost" needs the SMS sender`)
		}
	})
}

// TestRestoreOfSMSOTPByWhoMayNotLook puts SMS OTP back on: there may be a sender.
func TestRestoreOfSMSOTPByWhoMayNotLook(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		w.Sets(values{"sms_otp_enabled": true})
		factors := w.Create(providertest.TwoFactor, smsOff)
		before := *factors
		wantWarning(t, w.Apply(w.Plan(factors, nil)), "no SMS sender") // positive control
		w.WantShown(smsOff)
		*factors = before
		providertest.Without("internal_notification_senders_view")(w)
		wantNoDiagnostics(t, w.Apply(w.Plan(factors, nil)))
		w.WantShown(smsOn)
	})
}

// TestRestoreOfSMSOTPWhoseSenderGoesAfterThePlan does not put it back on, unless somebody answers for the sender.
func TestRestoreOfSMSOTPWhoseSenderGoesAfterThePlan(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		for _, skipped := range []bool{false, true} {
			w := newWorkspaceIn(t, at)
			w.Provider["skip_sms_sender_check"] = skipped
			w.WithSender()
			w.Sets(values{"sms_otp_enabled": true})
			destruction := w.Plan(w.Create(providertest.TwoFactor, smsOff), nil)
			wantWarning(t, destruction.Diags, "sms_otp_enabled: false -> true")
			w.SetSender(nil)
			diags := w.Apply(destruction)
			if skipped {
				wantNoDiagnostics(t, diags)
			} else {
				wantWarning(t, diags, `Not all two-factor settings of "bifrost" are restored`, "no SMS sender")
			}
			w.WantShown(values{"sms_otp_enabled": skipped})
		}
	})
}

// TestPlanOfARestoreOfSMSOTPWithoutASender says that it goes on where nobody is asked for a sender,
// or one comes.
func TestPlanOfARestoreOfSMSOTPWithoutASender(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		w.Sets(values{"sms_otp_enabled": true})
		factors, provider := w.Create(providertest.TwoFactor, smsOff), w.Provider
		for _, argument := range []values{{"skip_sms_sender_check": true}, {"client_secret": unknown}} {
			w.Provider = provider.With(argument)
			wantWarning(t, w.Start().Plan(factors, nil).Diags, "sms_otp_enabled: false -> true")
		}
		w.Provider = provider
		wantWarning(t, w.Start().Plan(factors, nil).Diags, "sms_otp_enabled stays off") // positive control
		p := w.Start()
		wantNoDiagnostics(t, p.Plan(&object{TypeName: providertest.SenderType}, providertest.Twilio).Diags)
		wantWarning(t, p.Plan(factors, nil).Diags, "sms_otp_enabled: false -> true")
	})
}

// TestRestoreOfSMSOTPAfterADestroyThatFailed goes by its own plan, and not by the earlier one.
func TestRestoreOfSMSOTPAfterADestroyThatFailed(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		w.Sets(values{"sms_otp_enabled": true, "email_otp_enabled": true})
		factors := w.Create(providertest.TwoFactor, smsOff.With(values{"email_otp_enabled": false}))
		destruction := w.Plan(factors, nil)
		wantWarning(t, destruction.Diags, "sms_otp_enabled stays off")
		w.RefuseSettings(0)
		wantError(t, w.Apply(destruction), "Unable to hand back the two-factor settings")
		w.Mock.ClearFaults()
		w.WithSender()
		destruction = w.Plan(factors, nil)
		wantWarning(t, destruction.Diags, "sms_otp_enabled: false -> true")
		wantNoDiagnostics(t, w.Apply(destruction))
		w.WantShown(values{"sms_otp_enabled": true, "email_otp_enabled": true})
	})
}

// TestRestoreOfSMSOTPBesideASenderThatStays puts it back on in the place that the provider has left: the sender stays,
// because the other place needs it.
func TestRestoreOfSMSOTPBesideASenderThatStays(t *testing.T) {
	t.Parallel()
	for _, needed := range []bool{true, false} { // false: positive control
		w := providertest.NewApplicationWorkspace(t)
		w.Provider["my_account_api"] = "classic"
		w.WithSender()
		w.Console(providertest.Stored{providertest.TwoFactorObject: {"sms_otp_enabled": "true"}})
		sender, factors := w.Adopt(providertest.SenderType), w.Create(providertest.TwoFactor, smsOff)
		delete(w.Provider, "my_account_api")
		if needed {
			w.SetFlow(providertest.Password+"|"+providertest.SMSOTP, "")
		}
		p := w.Start()
		ofSender, ofFactors := p.Plan(sender, nil), p.Plan(factors, nil)
		if needed {
			wantWarning(t, ofSender.Diags, `The SMS sender of "bifrost" stays`)
			wantWarning(t, ofFactors.Diags, "sms_otp_enabled: false -> true")
		} else {
			wantNoDiagnostics(t, ofSender.Diags.About("The SMS sender of"))
			wantWarning(t, ofFactors.Diags, "sms_otp_enabled stays off")
		}
		p = w.Start()
		wantNoError(t, p.Apply(ofSender))
		wantNoError(t, p.Apply(ofFactors))
		w.WantStored(providertest.Stored{providertest.TwoFactorObject: {"sms_otp_enabled": fmt.Sprint(needed)}})
		if there := w.Sender() != nil; there != needed {
			t.Errorf("there is a sender: %t", there)
		}
	}
}

// TestReplacementThatWouldLoseCredentials is refused in the plan, like any other change by which the server would lose
// them.
func TestReplacementThatWouldLoseCredentials(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	o := w.Create(providertest.SenderType, providertest.Custom)
	p := w.Start()
	wantNoError(t, p.Refresh(o))
	// positive control: a tainted sender is replaced
	wantNoError(t, p.Plan(&object{TypeName: providertest.SenderType}, providertest.Custom).Diags)
	w.Mock.Update(func(state *mockserver.State) {
		sender := state.Organizations["bifrost"].SMSSenders["SMSPublisher"]
		sender.Authentication = &mockserver.SenderAuthentication{
			Type:       "BEARER",
			Properties: map[string]string{"accessToken": "t"},
		}
	})
	p = w.Start()
	wantNoError(t, p.Refresh(o))
	wantError(t, p.Plan(&object{TypeName: providertest.SenderType}, providertest.Custom).Diags,
		`Replacing the SMS sender of "bifrost" would lose its credentials`, "authentication", "terraform untaint")
}

// TestDeletionOfAWholeSender says nothing of credentials that the server does not have.
func TestDeletionOfAWholeSender(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	o := w.Create(providertest.SenderType, providertest.Custom)
	wantNoDiagnostics(t, w.Start().Plan(o, nil).Diags) // as in "terraform destroy", without a refresh in this process
}

// TestSMSSenderOfWhatIsNotThere: without My Account settings nothing can use the sender. Not to know is no such reason.
func TestSMSSenderOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		w.Provider["max_retries"] = 0
		o := w.Create(providertest.SenderType, providertest.Twilio)
		destruction := w.Plan(o, nil)
		providertest.Breaks(http.MethodGet, at.Reads("bifrost").PathPrefix, mockserver.Fault{
			Action: mockserver.ActionStatus, Status: 500,
			Body: `{"code":"CONFIGM_00020","message":"Internal server error","description":"Internal server error"}`,
		})(w)
		wantError(t, w.Apply(destruction), "Unable to delete the SMS sender", "HTTP status: 500")
		w.WantSender(providertest.TwilioStored())
		w.Mock.ClearFaults()
		w.Mock.Update(func(state *mockserver.State) { at.RemoveSettings(state.Organizations["bifrost"]) })
		wantNoDiagnostics(t, w.Apply(destruction))
		w.WantSender(nil)
	})
}

// TestCallsOfTheWholeSetUp creates, keeps and destroys portal, factors and sender, each in one run, on a server that
// insists on the order.
func TestCallsOfTheWholeSetUp(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at place) {
		const (
			status, putStatus   = "GET " + providertest.StatusObject, "PUT " + providertest.StatusObject
			factors, putFactors = "GET " + providertest.TwoFactorObject, "PUT " + providertest.TwoFactorObject
			enrollment          = "GET " + providertest.EnrollmentObject
			application, patch  = "GET " + providertest.ApplicationDocument, "PATCH " + providertest.ApplicationDocument
		)
		calls := map[string]struct{ plan, create, destroy []string }{
			"classic": {
				plan:    []string{status, factors, enrollment},
				create:  []string{status, status, putStatus, factors, enrollment, factors, putFactors},
				destroy: []string{factors, putFactors, status, putStatus, factors},
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
		w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SMSGuard = true })
		// In the order of depends_on.
		objects := []*object{
			{TypeName: providertest.SenderType}, {TypeName: providertest.Portal}, {TypeName: providertest.TwoFactor},
		}
		configs := []values{
			providertest.Twilio, {"enabled": false}, smsOn.With(values{"backup_codes_enabled": true}),
		}
		planAll := func(configs ...values) []*providertest.Plan {
			t.Helper()
			p := w.Start()
			for _, o := range objects {
				wantNoDiagnostics(t, p.Refresh(o))
			}
			var plans []*providertest.Plan
			for i, o := range objects {
				plans = append(plans, p.Plan(o, configs[i]))
				wantNoError(t, plans[i].Diags)
			}
			return plans
		}
		applyAll := func(plans []*providertest.Plan) {
			t.Helper()
			p := w.Start()
			for _, saved := range plans {
				wantNoError(t, p.Apply(saved))
			}
		}

		plans := planAll(configs...)
		w.WantCalls(append(calls.plan, "POST token", providertest.SenderList)...)
		applyAll(plans)
		w.WantCalls(append(calls.create, "POST token", providertest.SenderList, "POST sms", providertest.SenderList)...)
		w.WantSender(providertest.TwilioStored())
		w.Wants(values{"enabled": false, "sms_otp_enabled": true, "backup_codes_enabled": true})

		for _, unchanged := range planAll(configs...) {
			if unchanged.Action != "no-op" {
				t.Errorf("the plan would %s %s", unchanged.Action, unchanged.Object.TypeName)
			}
		}
		w.WantCalls(append(calls.plan, "POST token", providertest.SenderList)...)

		plans = planAll(nil, nil, nil)
		w.Calls()
		slices.Reverse(plans)
		applyAll(plans)
		// The list tells the API's version.
		w.WantCalls(append(calls.destroy, "POST token", providertest.SenderList, "DELETE SMSPublisher")...)
		w.WantSender(nil)
		w.Wants(values{"enabled": true, "sms_otp_enabled": false, "backup_codes_enabled": false})
	})
}

// TestSMSSenderCheckWhileOnlyValidating: "terraform validate" has no server to ask.
func TestSMSSenderCheckWhileOnlyValidating(t *testing.T) {
	t.Parallel()
	p := providertest.NewProcess(t)
	for typeName, config := range map[string]values{
		providertest.TwoFactor: smsOn, providertest.SenderType: providertest.Twilio,
	} {
		response, err := p.Server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
			TypeName: typeName, Config: p.Encode(p.ResourceType(&object{TypeName: typeName}), config),
			ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
		})
		providertest.Must(t, err)
		wantNoDiagnostics(t, response.Diagnostics)
	}
}
