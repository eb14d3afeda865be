package provider

import (
	"slices"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Resources of one configuration that have the same settings: what their plans say, what is written, and what is still
// known of the time before Terraform.

// renaming is an organization with TOTP off, in which a resource has switched it on.
func renaming(t *testing.T, at place) (w *workspace, old *object, config values) {
	t.Helper()
	w = newWorkspaceIn(t, at)
	w.sets(values{"totp_enabled": false})
	config = values{"totp_enabled": true}
	old = w.create(twoFactor, config)
	w.calls()
	return w, old, config
}

// TestRenameWithoutMoved destroys a resource and creates it under another address, in both orders in which Terraform
// may plan and apply that. The new one's destruction brings back what was there before the old one, unless the new
// one was there first: then it says what is forgotten.
func TestRenameWithoutMoved(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
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
				fresh := &object{typeName: twoFactor}
				p := w.start()
				wantNoError(t, p.refresh(old))
				var creation, destruction *plan
				if test.createIsPlanned {
					creation, destruction = p.plan(fresh, config), p.plan(old, nil)
					wantWarning(t, destruction.diags, "stay with another resource", "totp_enabled", "moved block")
				} else {
					destruction, creation = p.plan(old, nil), p.plan(fresh, config)
					wantWarning(t, creation.diags, "are destroyed and created", "totp_enabled", "moved block")
					wantWarning(t, destruction.diags, "Destroying the two-factor settings", "totp_enabled: true -> false")
				}
				w.calls()
				p = w.start()
				var diags diagnostics
				if test.isCreated {
					wantNoError(t, p.apply(creation))
					diags = p.apply(destruction)
				} else {
					diags = p.apply(destruction)
					wantNoError(t, p.apply(creation))
				}
				if test.saysForgotten {
					wantWarning(t, diags, "Another resource has the two-factor settings", "totp_enabled = false")
				} else {
					wantNoDiagnostics(t, diags)
				}
				if writes := w.writes(); len(writes) != test.writes {
					t.Errorf("%d writes, want %d: %v", len(writes), test.writes, writes)
				}
				w.wants(values{"totp_enabled": true})
				w.wantAction(fresh, config, "no-op")

				wantNoError(t, w.apply(w.plan(fresh, nil)))
				w.wants(values{"totp_enabled": !test.knowsWhatWas})
			})
		}
	})
}

// TestRenameThatFails puts back what was there before the old resource, since no resource knows of it anymore.
func TestRenameThatFails(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w, old, config := renaming(t, at)
		w.wrap = besidesFaults(t)
		fresh, both := &object{typeName: twoFactor}, config.with(values{"email_otp_enabled": true})
		p := w.start()
		wantNoError(t, p.refresh(old))
		creation, destruction := p.plan(fresh, both), p.plan(old, nil)
		p = w.start()
		wantNoDiagnostics(t, p.apply(destruction))
		w.mock.AddFault(mockserver.Fault{
			Match: at.writes("bifrost"), Action: mockserver.ActionStatus, Status: 400,
			Body: `{"code":"CONFIGM_00033","message":"no"}`,
		})
		wantError(t, p.apply(creation), "Unable to create the two-factor settings",
			"put back again:\n\n  totp_enabled: false -> true")
		w.sees(values{"totp_enabled": false, "email_otp_enabled": false})
	})
}

// TestRemovalOfOneOfTwo leaves the settings to the other resource, which was created beside it in an earlier apply.
// Where the plan cannot know of that one in time, it stops.
func TestRemovalOfOneOfTwo(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w, old, config := renaming(t, at)
		stays := &object{typeName: twoFactor}
		p := w.start()
		wantNoError(t, p.refresh(old))
		unchanged, creation := p.plan(old, config), p.plan(stays, config)
		wantNoDiagnostics(t, unchanged.diags)
		wantWarning(t, creation.diags, `Two resources for the two-factor settings of "bifrost"`, "totp_enabled")
		wantNoError(t, w.apply(creation))

		p = w.start()
		wantNoError(t, p.refresh(old))
		early := p.plan(old, nil)
		wantWarning(t, early.diags, "Destroying the two-factor settings", "totp_enabled: true -> false")
		wantNoError(t, p.refresh(stays))
		wantError(t, p.plan(stays, config).diags, "Destroying another resource would undo the two-factor settings",
			"totp_enabled", "removed block", "moved block")

		p = w.start()
		wantNoError(t, p.refresh(old))
		wantNoError(t, p.refresh(stays))
		removal := p.plan(old, nil)
		wantWarning(t, removal.diags, "stay with another resource", "totp_enabled = false")
		if after := p.plan(stays, config); after.action != "no-op" || len(after.diags) > 0 {
			t.Errorf("the plan of the one that stays would %s:\n%s", after.action, after.diags)
		}
		w.calls()
		wantNoDiagnostics(t, w.apply(removal))
		w.wantCalls()
		w.wants(values{"totp_enabled": true})
		w.wantAction(stays, config, "no-op")
	})
}

// TestDestructionOfBoth hands back what was there before: "terraform destroy" refreshes in a process of its own.
func TestDestructionOfBoth(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w, first, config := renaming(t, at)
		second := w.create(twoFactor, config)
		p := w.start()
		one, other := p.plan(first, nil), p.plan(second, nil)
		p = w.start()
		wantNoError(t, p.apply(one))
		wantNoError(t, p.apply(other))
		w.wants(values{"totp_enabled": false})
	})
}

// TestRemovalOfBoth is that of both blocks in one apply: Terraform may refresh both before it plans that one of them
// goes.
func TestRemovalOfBoth(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, lastPlannedFirst := range []bool{false, true} {
			w, first, config := renaming(t, at)
			second := w.create(twoFactor, config)
			p := w.start()
			wantNoError(t, p.refresh(first))
			wantNoError(t, p.refresh(second))
			plans := []*plan{p.plan(first, nil), p.plan(second, nil)}
			wantWarning(t, plans[0].diags, "stay with another resource", "totp_enabled = false")
			wantWarning(t, plans[1].diags, "Destroying the two-factor settings", "totp_enabled: true -> false")
			if lastPlannedFirst {
				slices.Reverse(plans)
			}
			p = w.start()
			for _, saved := range plans {
				wantNoError(t, p.apply(saved))
			}
			w.wants(values{"totp_enabled": false})
		}
	})
}

// TestOrganizationThatTurnsOutToBeAnother is explained beside Terraform's own error: no update may become a
// replacement.
func TestOrganizationThatTurnsOutToBeAnother(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, configs := range configsOf {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := newFleetIn(t, at)
				o := w.create(typeName, configs[0])
				saved := w.wantAction(o, configs[1].with(values{"organization": unknown}), "update")
				wantText(t, saved.diags.warnings(), "The organization is not known yet", `"bifrost"`)
				final := w.start().plan(o, configs[1].with(values{"organization": "alfheim"})) // of the apply
				wantText(t, final.diags.warnings(), "The organization turned out to be another one", `"bifrost"`, `"alfheim"`,
					"inconsistent final plan", "Nothing was changed")
				if final.action != "replace" {
					t.Errorf("Terraform would not stop: %s", final.action)
				}
				wantNoError(t, w.apply(saved, values{"organization": "bifrost"})) // positive control
				w.wantAction(o, configs[1].with(values{"organization": "alfheim"}), "replace")
			})
		}
	})
}

// TestDriftThatCannotBeRepaired is a warning in the plan, so that "terraform destroy", which plans the configuration
// first, gets to its own plan. Applying it fails.
func TestDriftThatCannotBeRepaired(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
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
				w := newWorkspaceIn(t, at)
				w.withSender()
				w.sets(values{"totp_enabled": true})
				o := w.create(twoFactor, test.config)
				w.sets(test.console)
				w.mock.Update(func(state *mockserver.State) { state.Organizations["bifrost"].SMSSenders = nil })
				saved := w.plan(o, test.config)
				wantNoError(t, saved.diags)
				wantText(t, saved.diags.warnings(), test.says)
				wantText(t, w.apply(saved).errors(), test.says)
				wantNoError(t, w.apply(w.plan(o, nil)))
				// What the configuration newly asks for is an error of the plan.
				wantText(t, w.plan(&object{typeName: twoFactor}, test.config).diags.errors(), test.says)
			})
		}
	})
}
