package settings_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Resources of one configuration that have the same settings: what their plans say, what is written, and what is still
// known of the time before Terraform.

// renaming is an organization with TOTP off, in which a resource has switched it on.
func renaming(
	t *testing.T,
	at providertest.Place,
) (w *providertest.Workspace, old *providertest.Object, config values) {
	t.Helper()
	w = providertest.NewWorkspaceIn(t, at)
	w.Sets(values{"totp_enabled": false})
	config = values{"totp_enabled": true}
	old = w.Create(providertest.TwoFactor, config)
	w.Calls()
	return w, old, config
}

// TestRenameWithoutMoved destroys a resource and creates it under another address, in both orders in which Terraform
// may plan and apply that. The new one's destruction brings back what was there before the old one, unless the new
// one was there first: then it says what is forgotten.
func TestRenameWithoutMoved(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, test := range []struct {
			name                        string
			createIsPlanned, isCreated  bool // first
			writes                      int
			knowsWhatWas, saysForgotten bool
		}{
			{"create planned first, destroy applied first", true, false, 0, true, false},
			{"create planned first, create applied first", true, true, 0, false, true},
			{"destroy planned first, destroy applied first", false, false, 2, true, false},
			{"destroy planned first, create applied first", false, true, 0, false, true},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w, old, config := renaming(t, at)
				fresh := &providertest.Object{TypeName: providertest.TwoFactor}
				p := w.Start()
				providertest.WantNoError(t, p.Refresh(old))
				var creation, destruction *providertest.Plan
				if test.createIsPlanned {
					creation, destruction = p.Plan(fresh, config), p.Plan(old, nil)
					providertest.WantWarning(t, destruction.Diags, "stay with another resource", "totp_enabled", "moved block")
				} else {
					destruction, creation = p.Plan(old, nil), p.Plan(fresh, config)
					providertest.WantWarning(t, creation.Diags, "are destroyed and created", "totp_enabled", "moved block")
					providertest.WantWarning(t, destruction.Diags, "Destroying the two-factor settings", "totp_enabled: true -> false")
				}
				w.Calls()
				p = w.Start()
				var diags providertest.Diagnostics
				if test.isCreated {
					providertest.WantNoError(t, p.Apply(creation))
					diags = p.Apply(destruction)
				} else {
					diags = p.Apply(destruction)
					providertest.WantNoError(t, p.Apply(creation))
				}
				if test.saysForgotten {
					providertest.WantWarning(t, diags, "Another resource has the two-factor settings", "totp_enabled = false")
				} else {
					providertest.WantNoDiagnostics(t, diags)
				}
				if writes := w.Writes(); len(writes) != test.writes {
					t.Errorf("%d writes, want %d: %v", len(writes), test.writes, writes)
				}
				w.Wants(values{"totp_enabled": true})
				w.WantAction(fresh, config, "no-op")

				providertest.WantNoError(t, w.Apply(w.Plan(fresh, nil)))
				w.Wants(values{"totp_enabled": !test.knowsWhatWas})
			})
		}
	})
}

// TestRenameThatFails puts back what was there before the old resource, since no resource knows of it anymore.
func TestRenameThatFails(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w, old, config := renaming(t, at)
		w.Wrap = providertest.BesidesFaults(t)
		fresh, both := &providertest.Object{
			TypeName: providertest.TwoFactor,
		}, config.With(
			values{"email_otp_enabled": true},
		)
		p := w.Start()
		providertest.WantNoError(t, p.Refresh(old))
		creation, destruction := p.Plan(fresh, both), p.Plan(old, nil)
		p = w.Start()
		providertest.WantNoDiagnostics(t, p.Apply(destruction))
		w.Mock.AddFault(mockserver.Fault{
			Match: at.Writes("bifrost"), Action: mockserver.ActionStatus, Status: 400,
			Body: `{"code":"CONFIGM_00033","message":"no"}`,
		})
		providertest.WantError(t, p.Apply(creation), "Unable to create the two-factor settings",
			"put back again:\n\n  totp_enabled: false -> true")
		w.WantShown(values{"totp_enabled": false, "email_otp_enabled": false})
	})
}

// TestRenameThatLacksASender is refused before anything is written, and still puts back what the old resource left.
func TestRenameThatLacksASender(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w, old, config := renaming(t, at)
		fresh, both := &providertest.Object{TypeName: providertest.TwoFactor}, config.With(values{
			"sms_otp_enabled": true, "sms_sender": "SMSPublisher", // so that the plan does not look for one
		})
		p := w.Start()
		providertest.WantNoError(t, p.Refresh(old))
		creation, destruction := p.Plan(fresh, both), p.Plan(old, nil)
		p = w.Start()
		providertest.WantNoDiagnostics(t, p.Apply(destruction))
		said := p.Apply(creation).String()
		for _, part := range []string{
			"sms_otp_enabled needs an SMS sender", "put back again:\n\n  totp_enabled: false -> true",
		} {
			if !strings.Contains(said, part) {
				t.Errorf("nothing is said of %q:\n%s", part, said)
			}
		}
		w.WantShown(values{"totp_enabled": false, "sms_otp_enabled": false})
	})
}

// TestRemovalOfOneOfTwo leaves the settings to the other resource, which was created beside it in an earlier apply.
// Where the plan cannot know of that one in time, it stops.
func TestRemovalOfOneOfTwo(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w, old, config := renaming(t, at)
		stays := &providertest.Object{TypeName: providertest.TwoFactor}
		p := w.Start()
		providertest.WantNoError(t, p.Refresh(old))
		unchanged, creation := p.Plan(old, config), p.Plan(stays, config)
		providertest.WantNoDiagnostics(t, unchanged.Diags)
		providertest.WantWarning(t, creation.Diags, `Two resources for the two-factor settings of "bifrost"`, "totp_enabled")
		providertest.WantNoError(t, w.Apply(creation))

		p = w.Start()
		providertest.WantNoError(t, p.Refresh(old))
		early := p.Plan(old, nil)
		providertest.WantWarning(t, early.Diags, "Destroying the two-factor settings", "totp_enabled: true -> false")
		providertest.WantNoError(t, p.Refresh(stays))
		providertest.WantError(t, p.Plan(stays, config).Diags,
			"Destroying another resource would undo the two-factor settings", "totp_enabled", "removed block", "moved block")

		p = w.Start()
		providertest.WantNoError(t, p.Refresh(old))
		providertest.WantNoError(t, p.Refresh(stays))
		removal := p.Plan(old, nil)
		providertest.WantWarning(t, removal.Diags, "stay with another resource", "totp_enabled = false")
		if after := p.Plan(stays, config); after.Action != "no-op" || len(after.Diags) > 0 {
			t.Errorf("the plan of the one that stays would %s:\n%s", after.Action, after.Diags)
		}
		w.Calls()
		providertest.WantNoDiagnostics(t, w.Apply(removal))
		w.WantCalls()
		w.Wants(values{"totp_enabled": true})
		w.WantAction(stays, config, "no-op")
	})
}

// TestDestructionOfBoth hands back what was there before: "terraform destroy" refreshes in a process of its own.
func TestDestructionOfBoth(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w, first, config := renaming(t, at)
		second := w.Create(providertest.TwoFactor, config)
		p := w.Start()
		one, other := p.Plan(first, nil), p.Plan(second, nil)
		p = w.Start()
		providertest.WantNoError(t, p.Apply(one))
		providertest.WantNoError(t, p.Apply(other))
		w.Wants(values{"totp_enabled": false})
	})
}

// TestRemovalOfBoth is that of both blocks in one apply: Terraform may refresh both before it plans that one of them
// goes.
func TestRemovalOfBoth(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, lastPlannedFirst := range []bool{false, true} {
			w, first, config := renaming(t, at)
			second := w.Create(providertest.TwoFactor, config)
			p := w.Start()
			providertest.WantNoError(t, p.Refresh(first))
			providertest.WantNoError(t, p.Refresh(second))
			plans := []*providertest.Plan{p.Plan(first, nil), p.Plan(second, nil)}
			providertest.WantWarning(t, plans[0].Diags, "stay with another resource", "totp_enabled = false")
			providertest.WantWarning(t, plans[1].Diags, "Destroying the two-factor settings", "totp_enabled: true -> false")
			if lastPlannedFirst {
				slices.Reverse(plans)
			}
			p = w.Start()
			for _, saved := range plans {
				providertest.WantNoError(t, p.Apply(saved))
			}
			w.Wants(values{"totp_enabled": false})
		}
	})
}

// TestOrganizationThatTurnsOutToBeAnother is explained beside Terraform's own error: no update may become a
// replacement.
func TestOrganizationThatTurnsOutToBeAnother(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, configs := range providertest.ConfigsOf {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewFleetIn(t, at)
				o := w.Create(typeName, configs[0])
				saved := w.WantAction(o, configs[1].With(values{"organization": providertest.Unknown}), "update")
				providertest.WantText(t, saved.Diags.Warnings(), "The organization is not known yet", `"bifrost"`)
				final := w.Start().Plan(o, configs[1].With(values{"organization": "alfheim"})) // of the apply
				providertest.WantText(t, final.Diags.Warnings(), "The organization turned out to be another one", `"bifrost"`,
					`"alfheim"`, "inconsistent final plan", "Nothing was changed")
				if final.Action != "replace" {
					t.Errorf("Terraform would not stop: %s", final.Action)
				}
				providertest.WantNoError(t, w.Apply(saved, values{"organization": "bifrost"})) // positive control
				w.WantAction(o, configs[1].With(values{"organization": "alfheim"}), "replace")
			})
		}
	})
}

// TestDriftThatCannotBeRepaired is a warning in the plan, so that "terraform destroy", which plans the configuration
// first, gets to its own plan. Applying it fails.
func TestDriftThatCannotBeRepaired(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, test := range []struct {
			name    string
			config  values
			console values
			says    string
		}{
			{
				"backup codes", values{"backup_codes_enabled": true},
				values{"totp_enabled": false, "backup_codes_enabled": false}, "backup_codes_enabled needs",
			},
			{
				"SMS OTP", values{"sms_otp_enabled": true}, values{"sms_otp_enabled": false},
				"sms_otp_enabled needs an SMS sender",
			},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				w.WithSender()
				w.Sets(values{"totp_enabled": true})
				o := w.Create(providertest.TwoFactor, test.config)
				w.Sets(test.console)
				w.Mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SMSSenders = nil })
				saved := w.Plan(o, test.config)
				providertest.WantNoError(t, saved.Diags)
				providertest.WantText(t, saved.Diags.Warnings(), test.says)
				providertest.WantText(t, w.Apply(saved).Errors(), test.says)
				providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
				// What the configuration newly asks for is an error of the plan.
				providertest.WantText(t, w.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, test.config).Diags.Errors(),
					test.says)
			})
		}
	})
}

// TestReplacementOfOneResource destroys it and creates it at the same address, by force or because it is tainted.
// Nobody meets what was there before Terraform in between, and the new one's destruction brings it back.
func TestReplacementOfOneResource(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, tainted := range []bool{false, true} {
			w, old, config := renaming(t, at)
			fresh := &providertest.Object{TypeName: providertest.TwoFactor}
			if !tainted {
				fresh.Private = old.Private
			}
			p := w.Start()
			providertest.WantNoError(t, p.Refresh(old))
			if !tainted { // Terraform plans the change first, and then the new resource without the old one's state
				providertest.WantNoDiagnostics(t, p.Plan(old, config).Diags)
			}
			creation := p.Plan(fresh, config)
			providertest.WantNoDiagnostics(t, creation.Diags)
			w.Calls()
			p = w.Start() // both halves of a replacement have the private state of its plan
			destruction := &providertest.Plan{Object: old, Action: "delete", Private: creation.Private}
			providertest.WantNoDiagnostics(t, p.Apply(destruction))
			fresh.Private = nil
			providertest.WantNoError(t, p.Apply(creation))
			if writes := w.Writes(); len(writes) > 0 {
				t.Errorf("tainted %t: written was %v", tainted, writes)
			}
			w.WantAction(fresh, config, "no-op")
			providertest.WantNoError(t, w.Apply(w.Plan(fresh, nil)))
			w.Wants(values{"totp_enabled": false})
		}
	})
}

// TestPlansBeforeTheProviderIsKnown is about credentials that another resource of the same run makes: a plan goes by
// the state and the configuration.
func TestPlansBeforeTheProviderIsKnown(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, typeName := range []string{providertest.Portal, providertest.TwoFactor} {
			configs := providertest.ConfigsOf[typeName]
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				o := w.Create(typeName, configs[0])
				w.Provider["client_secret"] = providertest.Unknown
				w.Calls()
				change, destruction := w.Start().Plan(o, configs[1]), w.Start().Plan(o, nil)
				providertest.WantNoDiagnostics(t, change.Diags)
				same := w.Start().Plan(o, configs[0])
				if change.Action != "update" || same.Action != "no-op" {
					t.Errorf("the plan would %s, and without a change %s", change.Action, same.Action)
				}
				providertest.WantWarning(t, destruction.Diags, "Destroying the ", "enabled: ", " -> ")

				p := w.Start()
				for i := range 2 {
					creation := p.Plan(&providertest.Object{TypeName: typeName}, configs[0])
					providertest.WantText(t, creation.Diags.Warnings(), "Taking over", "client_secret")
					if others := creation.Diags.About("Two resources for the "); len(others) != i {
						t.Errorf("the plan of creation %d says:\n%s", i+1, creation.Diags)
					}
				}
				w.WantCalls()

				_, imported := w.Start().ImportByID(typeName, "bifrost")
				providertest.WantError(t, imported, "client_secret")
				p = w.Start()
				for range 2 { // they may be for two organizations
					creation := p.Plan(&providertest.Object{TypeName: typeName},
						configs[0].With(values{"organization": providertest.Unknown}))
					providertest.WantNoDiagnostics(t, creation.Diags.About("Two resources for the "))
				}

				w.Provider["client_secret"] = mockserver.DefaultClientSecret
				providertest.WantNoError(t, w.Apply(change))
				o.WantState(t, configs[1])
				w.Up(o, configs[0].With(values{"on_destroy": "reset"}))
				w.Provider["client_secret"] = providertest.Unknown
				providertest.WantNoDiagnostics(t, w.Start().Plan(o, nil).Diags) // nobody can tell what the defaults are there
				w.Provider["my_account_api"] = providertest.Unknown
				providertest.WantNoDiagnostics(t, w.Start().Plan(o, configs[1]).Diags)
			})
		}
	})
}

// TestOrganizationWithoutCredentials is one that the provider block has none for anymore: the state stays.
func TestOrganizationWithoutCredentials(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, typeName := range []string{providertest.Portal, providertest.TwoFactor} {
			configs := providertest.ConfigsOf[typeName]
			w := providertest.NewFleetIn(t, at)
			o := w.Create(typeName, configs[0].With(values{"organization": "alfheim"}))
			before, destruction := o.State, w.Plan(o, nil)
			delete(w.Provider["credentials"].(values), "alfheim")
			providertest.WantError(t, w.Start().Refresh(o), "alfheim")
			providertest.WantError(t, w.Apply(destruction), "alfheim")
			providertest.WantError(t, w.Start().Plan(
				&providertest.Object{TypeName: typeName}, configs[0].With(values{"organization": "alfheim"})).Diags, "alfheim")
			if !providertest.Same(before, o.State) {
				t.Errorf("the state became %v", o.State)
			}
		}
	})
}

// TestMoveFromAnOrganizationThatRefuses is about that one alone: nothing is said of the other organization yet.
func TestMoveFromAnOrganizationThatRefuses(t *testing.T) {
	t.Parallel()
	w := providertest.NewFleetIn(t, providertest.ApplicationPlace{})
	config := values{"enabled": false}
	o, elsewhere := w.Create(providertest.Portal, config), config.With(values{"organization": "alfheim"})
	providertest.WantText(t, w.Plan(o, elsewhere).Diags.Warnings(), "Taking over") // positive control
	w.Edit(func(a *mockserver.Application) { a.Access = "READ" })
	diags := w.Plan(o, elsewhere).Diags
	providertest.WantError(t, diags, "Unable to plan handing back the My Account portal")
	providertest.WantAbsent(t, diags.Warnings().String(), "alfheim")
}

// TestSenderIsLookedForFirst, before the settings are read for the change: a look in between would give others time.
func TestSenderIsLookedForFirst(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		w.WithSender()
		o := w.Create(providertest.TwoFactor, providertest.SMSOff)
		saved := w.Plan(o, providertest.SMSOn)
		w.SetSender(nil)
		w.Calls()
		providertest.WantError(t, w.Apply(saved), providertest.NeedSender)
		isOfSettings := func(call string) bool {
			return call != providertest.TokenCall && call != providertest.SenderList
		}
		for _, call := range w.Calls() {
			if isOfSettings(call) {
				t.Errorf("without a sender there was %s", call)
			}
		}

		// A create looks at the settings in its plan, too.
		saved = w.Plan(&providertest.Object{TypeName: providertest.TwoFactor},
			providertest.SMSOn.With(values{"sms_sender": "SMSPublisher"}))
		w.Calls()
		providertest.WantError(t, w.Apply(saved), providertest.NeedSender)
		called := w.Calls()
		look := at.Look(providertest.FlagsOfType()[providertest.TwoFactor]...)
		ofSettings := slices.DeleteFunc(slices.Clone(called), func(call string) bool { return !isOfSettings(call) })
		if len(ofSettings) != len(look) {
			t.Errorf("the calls are %q", called)
		}
	})
}
