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
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
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
				w := providertest.NewWorkspaceIn(t, at)
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
				existing := w.Create(providertest.TwoFactor, providertest.SMSOff)
				for _, o := range []*providertest.Object{{TypeName: providertest.TwoFactor}, existing} {
					w.Calls()
					saved := w.Plan(o, providertest.SMSOn)
					if !w.Asked() {
						t.Error("nobody asked for the senders")
					}
					if test.usable {
						providertest.WantNoError(t, saved.Diags)
						continue
					}
					providertest.WantError(
						t,
						saved.Diags,
						"[sms_otp_enabled]",
						providertest.NeedSender,
						`Organization "bifrost" has no SMS sender that SMS OTP could use`,
						"sms_sender = asgardeo_sms_sender.<name>.name",
						"Notification Channels, SMS Provider",
					)
				}
				if test.usable {
					w.Up(existing, providertest.SMSOn)
				}
			})
		}
	})
}

// TestSMSOTPThatIsNotOn does not make anybody ask for senders: the token may not even be allowed to.
func TestSMSOTPThatIsNotOn(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, test := range []struct {
			name   string
			config providertest.Values
			live   string
			asks   bool
		}{
			{"off", providertest.SMSOff, "false", false},
			{"off, live on", providertest.SMSOff, "true", false},
			{"undeclared, live on", providertest.Values{"totp_enabled": true}, "true", false},
			{"undeclared, live off", providertest.Values{"totp_enabled": true}, "false", false},
			{"not known yet", providertest.Values{"sms_otp_enabled": providertest.Unknown}, "true", false},
			{"on", providertest.SMSOn, "false", true},
			{"on, live on", providertest.SMSOn, "true", true},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				w.Sets(providertest.Values{"sms_otp_enabled": test.live})
				saved := w.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, test.config)
				if asked := w.Asked(); asked != test.asks {
					t.Errorf("asked for senders: %t", asked)
				}
				if test.asks {
					providertest.WantError(t, saved.Diags, providertest.NeedSender)
					return
				}
				if test.config["sms_otp_enabled"] == providertest.Unknown {
					return // what it becomes decides
				}
				providertest.WantNoError(t, w.Apply(saved))
				if w.Asked() {
					t.Error("asked for senders before the write")
				}
			})
		}
	})
}

// TestSMSOTPWithASenderOfThisPlan: depends_on lets Terraform plan the sender first, in the same process.
func TestSMSOTPWithASenderOfThisPlan(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, test := range []struct {
			name   string
			sender providertest.Values
			silent bool
		}{
			{"here", providertest.Twilio, true},
			{"here, by name", providertest.Twilio.With(providertest.Values{"organization": "bifrost"}), true},
			{"where is not known yet", providertest.Twilio.With(providertest.Values{"organization": providertest.Unknown}), true},
			{"elsewhere", providertest.Twilio.With(providertest.Values{"organization": "alfheim"}), false},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewFleetIn(t, at)
				sender := &providertest.Object{TypeName: providertest.SenderType}
				p := w.Start()
				providertest.WantNoDiagnostics(t, p.Plan(sender, test.sender).Diags)
				w.Calls()
				saved := p.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, providertest.SMSOn)
				if asked := w.Asked(); asked == test.silent {
					t.Errorf("asked for senders: %t", asked)
				}
				if !test.silent {
					providertest.WantError(t, saved.Diags, providertest.NeedSender)
					return
				}
				providertest.WantNoError(t, saved.Diags)

				// The other order is that of a configuration without depends_on.
				p = w.Start()
				providertest.WantError(
					t,
					p.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, providertest.SMSOn).Diags,
					providertest.NeedSender,
					"sms_sender = ",
				)
			})
		}
	})
}

// TestSMSOTPWithASenderThatWasNotCreated: the plan had one, and it failed.
func TestSMSOTPWithASenderThatWasNotCreated(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		for _, o := range []*providertest.Object{{TypeName: providertest.TwoFactor}, w.Create(providertest.TwoFactor, providertest.SMSOff)} {
			p := w.Start()
			providertest.WantNoDiagnostics(t, p.Refresh(o))
			providertest.WantNoDiagnostics(
				t,
				p.Plan(&providertest.Object{TypeName: providertest.SenderType}, providertest.Twilio).Diags,
			)
			saved := p.Plan(o, providertest.SMSOn)
			before := w.Kept()
			providertest.WantError(t, p.Apply(saved), "[sms_otp_enabled]", providertest.NeedSender)
			w.WantKept(before)
		}
	})
}

func TestSMSSenderIsDeletedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		w.WithSender()
		fresh, existing := &providertest.Object{
			TypeName: providertest.TwoFactor,
		}, w.Create(
			providertest.TwoFactor,
			providertest.SMSOff,
		)
		create, update := w.Plan(fresh, providertest.SMSOn), w.Plan(existing, providertest.SMSOn)
		w.SetSender(nil)
		before := w.Kept()
		w.Calls()
		providertest.WantError(t, w.Apply(create), "[sms_otp_enabled]", providertest.NeedSender)
		w.WantCalls(
			append(at.Look(providertest.FlagsOfType()[providertest.TwoFactor]...), "POST token", providertest.SenderList)...)
		providertest.WantError(t, w.Apply(update), "[sms_otp_enabled]", providertest.NeedSender)
		// The last look before the write is a patient one: a sender that was created a moment ago may not be in every list
		// yet. It comes before everything else.
		w.WantCalls(
			"POST token",
			providertest.SenderList,
			providertest.SenderList,
			providertest.SenderList,
			providertest.SenderList,
		)
		w.WantKept(before)
		if fresh.State != nil {
			t.Errorf("the failed create left a state: %v", fresh.State)
		}
		existing.WantState(t, providertest.SMSOff)

		w.WithSender() // positive control
		providertest.WantNoError(t, w.Apply(update))
		existing.WantState(t, providertest.SMSOn)

		// What is on already is not held up when something else changes.
		more := providertest.SMSOn.With(providertest.Values{"totp_enabled": true})
		saved := w.WantAction(existing, more, "update")
		w.SetSender(nil)
		w.Calls()
		providertest.WantNoError(t, w.Apply(saved))
		w.WantCalls(slices.Concat([]string{"POST token"}, at.Look("totp_enabled"), at.Change("totp_enabled"))...)
		diags := w.Plan(existing, more).Diags // but the next plan says it
		providertest.WantNoError(t, diags)
		providertest.WantWarning(t, diags, providertest.NeedSender)

		// What the Console switched off meanwhile goes on again only where there is a sender.
		w.WithSender()
		saved = w.WantAction(existing, providertest.SMSOn.With(providertest.Values{"totp_enabled": false}), "update")
		w.SetSender(nil)
		w.Sets(providertest.Values{"sms_otp_enabled": false, "totp_enabled": true})
		providertest.WantError(t, w.Apply(saved), "[sms_otp_enabled]", providertest.NeedSender)
		w.Wants(providertest.Values{"sms_otp_enabled": false, "totp_enabled": true})
	})
}

func TestSMSOTPThatTurnsOutToBeOn(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		existing := w.Create(providertest.TwoFactor, providertest.Values{"totp_enabled": true})
		for _, o := range []*providertest.Object{{TypeName: providertest.TwoFactor}, existing} {
			saved := w.Plan(o, providertest.Values{"sms_otp_enabled": providertest.Unknown, "totp_enabled": true})
			providertest.WantNoError(t, saved.Diags)
			before := w.Kept()
			providertest.WantError(t, w.Apply(saved, providertest.SMSOn), providertest.NeedSender)
			w.WantKept(before)
			providertest.WantNoError(t, w.Apply(saved, providertest.SMSOff))
		}

		// An organization or a provider that is not known yet can be asked nothing.
		saved := w.Start().
			Plan(&providertest.Object{TypeName: providertest.TwoFactor}, providertest.SMSOn.With(providertest.Values{"organization": providertest.Unknown}))
		providertest.WantNoError(t, saved.Diags)
		providertest.WantError(t, w.Apply(saved, providertest.Values{"organization": "bifrost"}), providertest.NeedSender)
		w.Provider["client_secret"] = providertest.Unknown
		saved = w.Start().Plan(&providertest.Object{TypeName: providertest.TwoFactor}, providertest.SMSOn)
		providertest.WantNoError(t, saved.Diags)
		w.Provider["client_secret"] = mockserver.DefaultClientSecret
		providertest.WantError(t, w.Apply(saved), providertest.NeedSender)
	})
}

func TestSMSSenderThatCannotBeLookedAt(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		t.Run("scope not granted", func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspaceIn(t, at)
			o := w.Create(providertest.TwoFactor, providertest.SMSOff)
			providertest.Without("internal_notification_senders_view")(w)
			saved := w.Plan(o, providertest.SMSOn)
			text := []string{
				"[sms_otp_enabled]",
				`SMS sender of "bifrost" not checked`,
				"API Authorization, Notification Sender Management API",
				"skip_sms_sender_check = true",
			}
			providertest.WantWarning(t, saved.Diags, text...)
			providertest.WantWarning(t, w.Apply(saved), text...)
			o.WantState(t, providertest.SMSOn)
			w.Wants(providertest.Values{"sms_otp_enabled": true})

			// The plan of a value that it did not know could not say it.
			providertest.Without()(w)
			w.WithSender()
			w.Up(o, providertest.SMSOff)
			providertest.Without("internal_notification_senders_view")(w)
			saved = w.Plan(o, providertest.Values{"sms_otp_enabled": providertest.Unknown})
			providertest.WantNoDiagnostics(t, saved.Diags)
			providertest.WantWarning(t, w.Apply(saved, providertest.SMSOn), text...)
		})

		t.Run("server fault", func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspaceIn(t, at)
			w.WithSender()
			w.Provider["max_retries"] = 0
			o := w.Create(providertest.TwoFactor, providertest.SMSOff)
			before := w.Plan(o, providertest.SMSOn)
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
			providertest.WantError(t, w.Plan(o, providertest.SMSOn).Diags, text...)
			providertest.WantError(t, w.Apply(before), text...)
			w.Wants(providertest.Values{})

			w.Provider["skip_sms_sender_check"] = true
			w.Up(o, providertest.SMSOn)
		})

		t.Run("check switched off", func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspaceIn(t, at)
			w.Provider["skip_sms_sender_check"] = true
			o := w.Create(providertest.TwoFactor, providertest.SMSOn)
			w.Up(o, providertest.SMSOff)
			w.Up(o, providertest.SMSOn)
			if w.Asked() {
				t.Error("asked for senders all the same")
			}
			w.Provider["skip_sms_sender_check"] = false
			diags := w.Plan(o, providertest.SMSOn).Diags
			providertest.WantNoError(t, diags)
			providertest.WantWarning(t, diags, providertest.NeedSender)
		})
	})
}

// TestReferenceToTheSender is proof enough for a plan, in whichever order and process the sender is planned, and also
// where the token may not look. Right before the write, who may look does.
func TestReferenceToTheSender(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, reference := range []any{"SMSPublisher", providertest.Unknown} {
			config := providertest.SMSOn.With(providertest.Values{"sms_sender": reference})
			t.Run(fmt.Sprint(reference), func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				saved := w.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, config)
				providertest.WantNoError(t, saved.Diags)
				if w.Asked() {
					t.Error("the plan asked for senders")
				}
				providertest.WantError(
					t,
					w.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, providertest.SMSOn).Diags,
					providertest.NeedSender,
				) // positive control
				known := providertest.Values{"sms_sender": "SMSPublisher"}
				providertest.WantError(t, w.Apply(saved, known), providertest.NeedSender)
				w.WithSender()
				providertest.WantNoError(t, w.Apply(saved, known))
				w.Wants(providertest.Values{"sms_otp_enabled": true})
				w.WantAction(saved.Object, providertest.SMSOn.With(known), "no-op")

				providertest.Without("internal_notification_senders_view")(w)
				w.Up(saved.Object, providertest.SMSOff)
				again := w.Plan(saved.Object, config)
				providertest.WantNoDiagnostics(t, again.Diags)
				providertest.WantNoDiagnostics(t, w.Apply(again, known))
			})
		}
		w := providertest.NewWorkspaceIn(t, at)
		providertest.WantError(
			t,
			w.Start().
				Plan(&providertest.Object{TypeName: providertest.TwoFactor}, providertest.SMSOn.With(providertest.Values{"sms_sender": "mine"})).
				Diags,
			"Invalid sms_sender",
			`"SMSPublisher"`,
			"asgardeo_sms_sender.<name>.name",
		)
	})
}

// TestSMSSenderInUse is not deleted, and the destroy ends all the same.
func TestSMSSenderInUse(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, guard := range []bool{false, true} { // of the server itself
			w := providertest.NewWorkspaceIn(t, at)
			w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SMSGuard = guard })
			o := w.Create(providertest.SenderType, providertest.Twilio)
			providertest.WantNoDiagnostics(t, w.Plan(o, nil).Diags) // positive control
			w.Sets(providertest.Values{"sms_otp_enabled": "TRUE"})
			destruction, kept := w.Plan(o, nil), *o
			providertest.WantWarning(
				t,
				destruction.Diags,
				`The SMS sender of "bifrost" stays`,
				"only forgets it",
				"switch SMS OTP off before",
			)
			w.Calls()
			providertest.WantWarning(
				t,
				w.Apply(destruction),
				`The SMS sender of "bifrost" was not deleted`,
				"SMS OTP is on and sends through it",
			)
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
				providertest.WantWarning(t, diags, `The SMS sender of "bifrost" was not deleted`)
				w.WantSender(providertest.TwilioStored())
				continue
			}
			providertest.WantNoDiagnostics(t, diags)
			w.WantSender(nil)
		}
	})
}

// TestDestroyOfEverything ends in one run, in whichever order, and leaves SMS OTP with its sender, or neither.
func TestDestroyOfEverything(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
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
					w := providertest.NewWorkspaceIn(t, at)
					config := providertest.SMSOn.With(nil)
					if test.mode != "" {
						config["on_destroy"] = test.mode
					}
					w.Sets(providertest.Values{"sms_otp_enabled": test.before})
					var sender *providertest.Object
					if test.before {
						w.WithSender()
						sender = w.Adopt(providertest.SenderType)
					} else {
						sender = w.Create(providertest.SenderType, providertest.Twilio)
					}
					factors := &providertest.Object{TypeName: providertest.TwoFactor}
					if test.imported {
						factors = w.Adopt(providertest.TwoFactor)
					}
					w.Up(factors, config)
					objects := []*providertest.Object{factors, sender}
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
					providertest.WantNoError(t, announced)
					if test.stays {
						providertest.WantWarning(t, announced.About("The SMS sender of"), `The SMS sender of "bifrost" stays`)
					}
					p = w.Start()
					for _, saved := range plans {
						providertest.WantNoError(t, p.Apply(saved))
						if saved.Object.State != nil {
							t.Errorf("%s is still in the state", saved.Object.TypeName)
						}
					}
					w.Sees(providertest.Values{"sms_otp_enabled": test.stays})
					if there := w.Kept().SMSSenders["SMSPublisher"] != nil; there != test.stays {
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
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, senderPlansFirst := range []bool{false, true} {
			for _, senderGoesFirst := range []bool{false, true} {
				t.Run(fmt.Sprintf("planned first %t, destroyed first %t", senderPlansFirst, senderGoesFirst), func(t *testing.T) {
					t.Parallel()
					w := providertest.NewWorkspaceIn(t, at)
					w.WithSender()
					w.Sets(providertest.Values{"sms_otp_enabled": true})
					sender, factors := w.Adopt(providertest.SenderType), w.Create(providertest.TwoFactor, providertest.SMSOff)
					order := func(senderFirst bool) []*providertest.Object {
						if senderFirst {
							return []*providertest.Object{sender, factors}
						}
						return []*providertest.Object{factors, sender}
					}
					p, plans := w.Start(), map[*providertest.Object]*providertest.Plan{}
					var announced providertest.Diagnostics
					for _, o := range order(senderPlansFirst) {
						plans[o] = p.Plan(o, nil)
						announced = append(announced, plans[o].Diags...)
					}
					if senderPlansFirst {
						providertest.WantText(t, announced.Warnings(), "Destroying the two-factor settings", "sms_otp_enabled stays off")
					} else {
						providertest.WantText(t, announced.Warnings(), `The SMS sender of "bifrost" stays`)
						providertest.WantText(t, announced.Warnings(), "Destroying the two-factor settings", "sms_otp_enabled: false -> true")
					}
					p = w.Start()
					for _, o := range order(senderGoesFirst) {
						providertest.WantNoError(t, p.Apply(plans[o]))
					}
					w.Sees(providertest.Values{"sms_otp_enabled": !senderPlansFirst})
					if there := w.Kept().SMSSenders["SMSPublisher"] != nil; there == senderPlansFirst {
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
	w := providertest.NewWorkspace(t)
	o := w.Create(providertest.SenderType, providertest.Custom)
	p := w.Start()
	providertest.WantNoError(t, p.Refresh(o))
	providertest.WantNoError(
		t,
		p.Plan(&providertest.Object{TypeName: providertest.SenderType}, providertest.Custom).Diags,
	) // positive control: a tainted sender is replaced
	w.Mock.Update(func(state *mockserver.State) {
		sender := state.Organizations["bifrost"].SMSSenders["SMSPublisher"]
		sender.Authentication = &mockserver.SenderAuthentication{
			Type:       "BEARER",
			Properties: map[string]string{"accessToken": "t"},
		}
	})
	p = w.Start()
	providertest.WantNoError(t, p.Refresh(o))
	providertest.WantError(t, p.Plan(&providertest.Object{TypeName: providertest.SenderType}, providertest.Custom).Diags,
		`Replacing the SMS sender of "bifrost" would lose its credentials`, "authentication", "terraform untaint")
}

// TestDeletionOfAWholeSender says nothing of credentials that the server does not have.
func TestDeletionOfAWholeSender(t *testing.T) {
	t.Parallel()
	w := providertest.NewWorkspace(t)
	o := w.Create(providertest.SenderType, providertest.Custom)
	providertest.WantNoDiagnostics(
		t,
		w.Start().Plan(o, nil).Diags,
	) // as in "terraform destroy", without a refresh in this process
}

// TestSMSSenderOfWhatIsNotThere: without My Account settings nothing can use the sender. Not to know is no such reason.
func TestSMSSenderOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		w.Provider["max_retries"] = 0
		o := w.Create(providertest.SenderType, providertest.Twilio)
		destruction := w.Plan(o, nil)
		providertest.Breaks(http.MethodGet, at.Reads("bifrost").PathPrefix, mockserver.Fault{
			Action: mockserver.ActionStatus, Status: 500,
			Body: `{"code":"CONFIGM_00020","message":"Internal server error","description":"Internal server error"}`,
		})(w)
		providertest.WantError(t, w.Apply(destruction), "Unable to delete the SMS sender", "HTTP status: 500")
		w.WantSender(providertest.TwilioStored())
		w.Mock.ClearFaults()
		w.Mock.Update(func(state *mockserver.State) { at.Remove(state.Organizations["bifrost"]) })
		providertest.WantNoDiagnostics(t, w.Apply(destruction))
		w.WantSender(nil)
	})
}

// TestCallsOfTheWholeSetUp creates, keeps and destroys portal, factors and sender, each in one run, on a server that
// insists on the order.
func TestCallsOfTheWholeSetUp(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		const (
			status, factors, enrollment = "GET " + providertest.StatusObject, "GET " + providertest.TwoFactorObject, "GET " + providertest.EnrollmentObject
			application, patch          = "GET " + providertest.ApplicationDocument, "PATCH " + providertest.ApplicationDocument
		)
		calls := map[string]struct{ plan, create, destroy []string }{
			"classic": {
				plan: []string{status, factors, enrollment},
				create: []string{
					status, status, "PUT " + providertest.StatusObject, factors, enrollment, factors, "PUT " + providertest.TwoFactorObject,
				},
				destroy: []string{factors, "PUT " + providertest.TwoFactorObject, status, "PUT " + providertest.StatusObject, factors},
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
		w := providertest.NewWorkspaceIn(t, at)
		w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SMSGuard = true })
		objects := []*providertest.Object{
			{TypeName: providertest.SenderType},
			{TypeName: providertest.Portal},
			{TypeName: providertest.TwoFactor},
		} // in the order of depends_on
		configs := []providertest.Values{
			providertest.Twilio,
			{"enabled": false},
			providertest.SMSOn.With(providertest.Values{"backup_codes_enabled": true}),
		}
		planAll := func(configs ...providertest.Values) []*providertest.Plan {
			t.Helper()
			p := w.Start()
			for _, o := range objects {
				providertest.WantNoDiagnostics(t, p.Refresh(o))
			}
			var plans []*providertest.Plan
			for i, o := range objects {
				plans = append(plans, p.Plan(o, configs[i]))
				providertest.WantNoError(t, plans[i].Diags)
			}
			return plans
		}
		applyAll := func(plans []*providertest.Plan) {
			t.Helper()
			p := w.Start()
			for _, saved := range plans {
				providertest.WantNoError(t, p.Apply(saved))
			}
		}

		plans := planAll(configs...)
		w.WantCalls(append(calls.plan, "POST token", providertest.SenderList)...)
		applyAll(plans)
		w.WantCalls(append(calls.create, "POST token", providertest.SenderList, "POST sms", providertest.SenderList)...)
		w.WantSender(providertest.TwilioStored())
		w.Wants(providertest.Values{"enabled": false, "sms_otp_enabled": true, "backup_codes_enabled": true})

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
		w.WantCalls(
			append(
				calls.destroy,
				"POST token",
				providertest.SenderList,
				"DELETE SMSPublisher",
			)...) // the list tells the API's version
		w.WantSender(nil)
		w.Wants(providertest.Values{"enabled": true, "sms_otp_enabled": false, "backup_codes_enabled": false})
	})
}

// TestSMSSenderCheckWhileOnlyValidating: "terraform validate" has no server to ask.
func TestSMSSenderCheckWhileOnlyValidating(t *testing.T) {
	t.Parallel()
	p := providertest.NewProcess(t)
	for typeName, config := range map[string]providertest.Values{providertest.TwoFactor: providertest.SMSOn, providertest.SenderType: providertest.Twilio} {
		response, err := p.Server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
			TypeName: typeName, Config: p.Encode(p.ResourceType(&providertest.Object{TypeName: typeName}), config),
			ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
		})
		providertest.Must(t, err)
		providertest.WantNoDiagnostics(t, response.Diagnostics)
	}
}
