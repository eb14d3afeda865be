package settings_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Only what the configuration declares is owned: these tests change the server behind Terraform's back, declare
// settings and let go of them again.

func TestLifecycle(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, test := range []struct {
			name, typeName        string
			first, second         values
			afterFirst, afterLast values
		}{
			{
				"portal", providertest.Portal, values{"enabled": false}, values{"enabled": true},
				values{"enabled": false}, values{"enabled": true},
			},
			{
				"two factor", providertest.TwoFactor,
				values{
					"email_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true,
					"backup_codes_enabled": true,
				},
				values{
					"email_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": false,
					"backup_codes_enabled": true,
				},
				values{
					"email_otp_enabled":       true,
					"totp_enabled":            true,
					"backup_codes_enabled":    true,
					"totp_enrollment_enabled": true,
				},
				values{
					"email_otp_enabled":       false,
					"totp_enabled":            true,
					"backup_codes_enabled":    true,
					"totp_enrollment_enabled": false,
				},
			},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)

				o := w.Create(test.typeName, test.first)
				o.WantState(t, test.first)
				o.WantIdentity(t)
				w.Wants(test.afterFirst)

				w.Up(o, test.second)
				o.WantState(t, test.second)
				o.WantIdentity(t)
				w.Wants(test.afterLast)

				destruction := w.Plan(o, nil)
				providertest.WantNoError(t, w.Apply(destruction))
				if o.State != nil || o.Identity != nil {
					t.Errorf("destroyed, but still in the state: %v %v", o.State, o.Identity)
				}
				for _, request := range w.Mock.Requests() {
					if request.Method == http.MethodDelete {
						t.Errorf("the settings were deleted: %s", request.Path)
					}
				}
			})
		}
	})
}

// drift is one change behind Terraform's back and what the refreshed state says then.
type drift struct {
	name    string
	console []providertest.Edit
	state   values
}

// TestDriftOfEveryFlag in either place: the refresh sees it, and the next apply mends it.
func TestDriftOfEveryFlag(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, config := range map[string]values{
			providertest.Portal: {"enabled": false}, providertest.TwoFactor: providertest.EveryFactor(true),
		} {
			for flag := range config {
				t.Run(flag, func(t *testing.T) {
					t.Parallel()
					w := providertest.NewWorkspaceIn(t, at)
					w.WithSender()
					o := w.Create(typeName, config)
					before, drifted := w.Organization(), config.With(values{flag: config[flag] == false})
					if flag == "totp_enabled" { // enrollment goes with it
						drifted["totp_enrollment_enabled"] = false
					}
					w.Sets(drifted)
					repair := w.WantAction(o, config, "update")
					o.WantState(t, drifted)
					providertest.WantNoError(t, w.Apply(repair))
					o.WantState(t, config)
					w.WantAction(o, config, "no-op")
					if diff := cmp.Diff(at.Read(before), at.Read(w.Organization())); diff != "" {
						t.Errorf("the repair has not mended it (- before, + after):\n%s", diff)
					}
				})
			}
		}
	})
}

// TestDriftOfEveryAttribute is about what the classic place stores, down to what is missing there.
func TestDriftOfEveryAttribute(t *testing.T) {
	t.Parallel()
	for typeName, declared := range map[string]values{
		providertest.Portal: {"enabled": false}, providertest.TwoFactor: providertest.EveryFactor(true),
	} {
		var drifts []drift
		withoutObject := map[string]values{} // the state once an object is gone
		for flag := range declared {         // each the opposite of what it is where nothing is stored
			at, opposite := providertest.ClassicFlags[flag], values{flag: declared[flag] == false}
			drifts = append(drifts,
				drift{
					flag, []providertest.Edit{{What: "set", Flag: flag, Value: fmt.Sprint(opposite[flag])}},
					declared.With(opposite),
				},
				drift{
					flag + " removed",
					[]providertest.Edit{{What: "add", Object: at.Object, Value: "other"}, {What: "unset", Flag: flag}},
					declared.With(opposite),
				},
			)
			withoutObject[at.Object] = declared.With(withoutObject[at.Object]).With(opposite)
		}
		for object, state := range withoutObject {
			drifts = append(drifts, drift{
				object + " removed", []providertest.Edit{{What: "remove", Object: object}}, state,
			})
		}
		for _, drift := range drifts {
			t.Run(typeName+" "+drift.name, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspace(t)
				w.WithSender()
				o := w.Create(typeName, declared)
				before := w.Mock.State()

				w.Mock.Update(func(state *mockserver.State) {
					for _, edit := range drift.console {
						edit.Apply(w.Place, state.Organizations["bifrost"])
					}
				})
				private := string(o.Private)
				repair := w.WantAction(o, declared, "update")
				o.WantState(t, drift.state)
				o.WantIdentity(t)
				if string(o.Private) != private {
					t.Error("the refresh changed the private state, which a plan that only refreshes reports as a change")
				}

				providertest.WantNoError(t, w.Apply(repair))
				o.WantState(t, declared)
				w.WantAction(o, declared, "no-op")
				for name, attributes := range before.Organizations["bifrost"].MyAccount {
					for key, value := range attributes {
						if got := w.Mock.State().Organizations["bifrost"].MyAccount[name][key]; got != value {
							t.Errorf("%s/%s is %v after the repair, want %v", name, key, got, value)
						}
					}
				}
			})
		}
	}
}

func TestOrganizationGone(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, config := range map[string]values{
			providertest.Portal: {"enabled": false}, providertest.TwoFactor: {"email_otp_enabled": true},
		} {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				o := w.Create(typeName, config)
				before := *o

				w.Mock.Update(func(state *mockserver.State) { delete(state.Organizations, "bifrost") })
				providertest.WantError(t, w.Start().Refresh(o), "knows no organization \"bifrost\"", "ASGARDEO_ORGANIZATION",
					"No resource was dropped from the state")
				if diff := cmp.Diff(before.State, o.State); diff != "" {
					t.Errorf("the state was changed:\n%s", diff)
				}
			})
		}
	})
}

// TestUndeclaredSettingsAreNotOwned in either place: what the Console does with them is no drift, and stays.
func TestUndeclaredSettingsAreNotOwned(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		w.Sets(values{
			"email_otp_enabled": false, "sms_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true,
			"others": "kept",
		})
		config := values{"email_otp_enabled": true}
		o := w.Create(providertest.TwoFactor, config)
		o.WantState(t, config)
		w.Wants(values{
			"email_otp_enabled": true, "sms_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true,
			"others": "kept",
		})

		w.Sets(values{
			"email_otp_enabled": true, "sms_otp_enabled": false, "totp_enabled": true, "backup_codes_enabled": true,
			"others": "new",
		})
		w.WantAction(o, config, "no-op")
		o.WantState(t, config)

		// Positive control: the same Console changes what is declared.
		w.Sets(values{
			"email_otp_enabled": false, "sms_otp_enabled": false, "totp_enabled": true, "backup_codes_enabled": true,
			"others": "new",
		})
		saved := w.WantAction(o, config, "update")

		// A saved plan stays good while an undeclared setting changes, and does not undo that change.
		w.Sets(values{"email_otp_enabled": false, "sms_otp_enabled": true, "totp_enabled": true, "others": "newer"})
		providertest.WantNoDiagnostics(t, w.Apply(saved))
		w.WantShown(values{
			"email_otp_enabled": true, "sms_otp_enabled": true, "totp_enabled": true, "backup_codes_enabled": false,
		})
	})
}

// TestUndeclaredAttributesAreNotOwned is the same to the letter of what the classic place stores.
func TestUndeclaredAttributesAreNotOwned(t *testing.T) {
	t.Parallel()

	w := providertest.NewWorkspace(t)
	w.Console(stored{
		providertest.TwoFactorObject: {
			"email_otp_enabled": "false", "sms_otp_enabled": "TRUE", "totp_enabled": "true", "future": "kept",
			"backup_code_enabled": "",
		},
		providertest.EnrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
	})
	config := values{"email_otp_enabled": true}
	o := w.Create(providertest.TwoFactor, config)
	o.WantState(t, config)
	w.WantStored(stored{
		providertest.TwoFactorObject: {
			"email_otp_enabled": "true", "sms_otp_enabled": "TRUE", "totp_enabled": "true", "future": "kept",
			"backup_code_enabled": "",
		},
		providertest.EnrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
	})

	// The Console changes what is not declared: no drift, no plan.
	w.Console(stored{
		providertest.TwoFactorObject: {
			"email_otp_enabled": "true",
			"sms_otp_enabled":   "false",
			"totp_enabled":      "true",
			"future":            "new",
		},
	})
	w.WantAction(o, config, "no-op")
	o.WantState(t, config)

	// Positive control: the same Console changes what is declared.
	w.Console(stored{
		providertest.TwoFactorObject: {
			"email_otp_enabled": "false", "sms_otp_enabled": "false", "totp_enabled": "true", "future": "new",
		},
	})
	w.WantAction(o, config, "update")

	// A saved plan stays good while an undeclared setting changes, and does not undo that change.
	saved := w.Plan(o, config)
	w.Console(stored{
		providertest.TwoFactorObject: {
			"email_otp_enabled": "false", "sms_otp_enabled": "false", "totp_enabled": "true", "future": "newer",
			"more": "too",
		},
	})
	providertest.WantNoDiagnostics(t, w.Apply(saved))
	w.WantStored(stored{
		providertest.TwoFactorObject: {
			"email_otp_enabled": "true", "sms_otp_enabled": "false", "totp_enabled": "true", "future": "newer",
			"more": "too",
		},
		providertest.EnrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
	})
}

func TestUndeclareAndDeclareAgain(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		both := values{"email_otp_enabled": true, "totp_enabled": true}
		for _, test := range []struct {
			name    string
			live    values
			console string // what somebody sets email OTP to while it is not declared; empty: nobody does
			after   string // what destroy leaves
		}{
			{"nobody touched it, so Terraform still owes the value from before", nil, "", "false"},
			{
				"somebody else switched it off, which is what Terraform finds then", values{"email_otp_enabled": true},
				"false", "false",
			},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				w.Sets(test.live)
				o := w.Create(providertest.TwoFactor, both)

				// Letting go is a change of the state alone.
				w.Calls()
				saved := w.WantAction(o, values{"totp_enabled": true}, "update")
				w.WantCalls(append(at.Look(providertest.FlagsOfType()[providertest.TwoFactor]...), "POST token")...)
				providertest.WantNoDiagnostics(t, w.Apply(saved))
				w.WantCalls()
				o.WantState(t, values{"totp_enabled": true})
				w.Wants(values{"email_otp_enabled": true, "totp_enabled": true})

				if test.console != "" {
					w.Sets(values{"email_otp_enabled": test.console, "totp_enabled": true})
				}
				w.Up(o, both)
				o.WantState(t, both)
				w.Wants(values{"email_otp_enabled": true, "totp_enabled": true})

				providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
				w.Wants(values{"email_otp_enabled": test.after, "totp_enabled": false})
			})
		}
	})
}

func TestOnlyOnDestroyChanges(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, config := range map[string]values{
			providertest.Portal: {"enabled": false}, providertest.TwoFactor: {"email_otp_enabled": true, "totp_enabled": false},
		} {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				o := w.Create(typeName, config)
				for _, mode := range []any{"keep", "reset", "restore", nil} {
					config["on_destroy"] = mode
					saved := w.WantAction(o, config, "update")
					if saved.Planned["url"] != o.State["url"] {
						t.Errorf("the planned url is %v", saved.Planned["url"])
					}
					w.Calls()
					providertest.WantNoDiagnostics(t, w.Apply(saved))
					w.WantCalls()
					if o.State["on_destroy"] != mode {
						t.Errorf("the state says %v, not %v", o.State["on_destroy"], mode)
					}
					o.WantIdentity(t)
				}
				// Positive control: a changed setting is a call.
				for name, value := range config {
					if on, flag := value.(bool); flag {
						config[name] = !on
					}
				}
				saved := w.Plan(o, config)
				w.Calls()
				providertest.WantNoError(t, w.Apply(saved))
				if len(w.Calls()) == 0 {
					t.Error("a changed setting made no call")
				}
			})
		}
	})
}

func TestTakeoverIsAnnounced(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, test := range []struct {
			name, typeName string
			live           values
			config         values
			warning        []string // nil: none
			absent         []string
		}{
			{
				"portal off, to be on", providertest.Portal, values{"enabled": false}, values{"enabled": true},
				[]string{`Taking over the My Account portal of "bifrost"`, "enabled: false -> true", "terraform import"}, nil,
			},
			{
				"portal that nobody configured, to be off", providertest.Portal, nil, values{"enabled": false},
				[]string{`Taking over the My Account portal of "bifrost"`, "enabled: true -> false"}, nil,
			},
			{"portal that is right already", providertest.Portal, values{"enabled": false}, values{"enabled": false}, nil, nil},
			{"portal that nobody configured, to be on", providertest.Portal, nil, values{"enabled": true}, nil, nil},
			{
				"two factor", providertest.TwoFactor,
				values{"email_otp_enabled": true, "totp_enabled": true, "sms_otp_enabled": true},
				values{"email_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": true},
				[]string{
					`Taking over the two-factor settings of "bifrost"`, "email_otp_enabled: true -> false",
					"totp_enrollment_enabled: false -> true",
				},
				[]string{"  totp_enabled:", "sms_otp_enabled"},
			},
			{
				"two factor that is right already", providertest.TwoFactor, values{"email_otp_enabled": true, "totp_enabled": true},
				values{"email_otp_enabled": true, "sms_otp_enabled": false}, nil, nil,
			},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				w.Sets(test.live)
				diags := providertest.WithoutSignOutWarning(
					w.Plan(&providertest.Object{TypeName: test.typeName}, test.config).Diags,
				)
				if test.warning == nil {
					providertest.WantNoDiagnostics(t, diags)
					return
				}
				providertest.WantWarning(t, diags, test.warning...)
				providertest.WantAbsent(t, diags.String(), test.absent...)
				if written := w.Writes(); len(written) > 0 {
					t.Errorf("the plan wrote %v", written)
				}
			})
		}
	})
}

func TestSavedPlanAfterConsoleChange(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		t.Run("create warns of what it takes over now", func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspaceIn(t, at)
			o := &providertest.Object{TypeName: providertest.Portal}
			saved := w.Plan(o, values{"enabled": true})
			providertest.WantNoDiagnostics(t, saved.Diags)
			w.Sets(values{"enabled": false, "others": "kept"})
			providertest.WantWarning(t, w.Apply(saved), `Taking over the My Account portal of "bifrost"`,
				"enabled: false -> true")
			w.Wants(values{"enabled": true, "others": "kept"})
		})

		t.Run("update warns of a declared setting that it changes back", func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspaceIn(t, at)
			o := w.Create(providertest.TwoFactor, values{"email_otp_enabled": true, "totp_enabled": false})
			saved := w.Plan(o, values{"email_otp_enabled": true, "totp_enabled": true})
			providertest.WantNoDiagnostics(t, saved.Diags)
			w.Sets(values{"email_otp_enabled": false, "totp_enabled": false, "others": "kept"})
			diags := w.Apply(saved)
			providertest.WantWarning(t, diags, `The two-factor settings of "bifrost" changed outside Terraform`,
				"email_otp_enabled: false -> true")
			providertest.WantAbsent(t, diags.String(), "  totp_enabled:")
			w.Wants(values{"email_otp_enabled": true, "totp_enabled": true, "others": "kept"})
			o.WantState(t, values{"email_otp_enabled": true, "totp_enabled": true})
		})

		t.Run("update has nothing to warn of when somebody else made the same change", func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspaceIn(t, at)
			o := w.Create(providertest.TwoFactor, values{"email_otp_enabled": true, "totp_enabled": false})
			saved := w.Plan(o, values{"email_otp_enabled": true, "totp_enabled": true})
			w.Sets(values{"email_otp_enabled": true, "totp_enabled": true})
			w.Calls()
			providertest.WantNoDiagnostics(t, w.Apply(saved))
			w.WantCalls(append(at.Look("totp_enabled"), "POST token")...)
			o.WantState(t, values{"email_otp_enabled": true, "totp_enabled": true})
		})

		t.Run("update refuses what has become a contradiction, and loses nothing", func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspaceIn(t, at)
			w.Sets(values{"totp_enabled": true, "email_otp_enabled": true})
			o := w.Create(providertest.TwoFactor, values{"totp_enrollment_enabled": false})
			saved := w.Plan(o, values{"totp_enrollment_enabled": true})
			providertest.WantNoDiagnostics(t, saved.Diags)
			w.Sets(values{"totp_enabled": false, "email_otp_enabled": true})
			w.Calls()
			providertest.WantError(t, w.Apply(saved), "[totp_enrollment_enabled]", "needs totp_enabled",
				`in organization "bifrost": totp_enabled is off`)
			if written := w.Writes(); len(written) > 0 {
				t.Errorf("wrote %v", written)
			}
			o.WantState(t, values{"totp_enrollment_enabled": false})
			o.WantIdentity(t)
		})
	})
}

// TestWarningsOfManyOrganizationsDiffer matters because Terraform folds warnings with equal summaries into one.
func TestWarningsOfManyOrganizationsDiffer(t *testing.T) {
	t.Parallel()

	providertest.InBothPlaces(t, testWarningsOfManyOrganizations)
}

func testWarningsOfManyOrganizations(t *testing.T, at providertest.Place) {
	t.Helper()
	names := []string{"alfheim", "bifrost", "carbon.super"}
	w := providertest.NewWorkspaceIn(t, at, mockserver.WithOrganization(names...))
	delete(w.Provider, "organization") // the client is good for all of them
	for _, name := range names {
		w.SetsIn(name, values{"enabled": false, "email_otp_enabled": false, "totp_enrollment_enabled": false})
	}
	seen := map[string]string{}
	collect := func(name string, diags providertest.Diagnostics, want int) {
		t.Helper()
		providertest.WantNoError(t, diags)
		if len(diags) != want {
			t.Errorf("%s: got %d warnings, want %d:\n%s", name, len(diags), want, diags)
		}
		for _, warning := range diags {
			if other, again := seen[warning.Summary]; again {
				t.Errorf("%s and %s both warn %q", other, name, warning.Summary)
			}
			seen[warning.Summary] = name
		}
	}
	unready := values{"base_url": providertest.Unknown} // "not refreshed"
	signsOut := map[string]int{}                        // how many warnings of that there are
	if at.String() == "application" {
		signsOut[providertest.Portal] = 1
	}
	for _, name := range names {
		for typeName, configs := range map[string][2]values{
			providertest.Portal: {{"enabled": true, "organization": name}, {"enabled": true, "organization": name}},
			providertest.TwoFactor: {
				{"email_otp_enabled": true, "organization": name},
				{"email_otp_enabled": true, "sms_otp_enabled": false, "organization": name},
			},
		} {
			o := &providertest.Object{TypeName: typeName}
			saved := w.Plan(o, configs[0])
			collect(name, saved.Diags, 1) // the takeover
			providertest.WantNoError(t, w.Apply(saved))
			collect(name, providertest.Start(t, unready).Refresh(o), 1)
			collect(name, w.Plan(o, nil).Diags, 1+signsOut[typeName]) // the handover

			forgetful := *o
			forgetful.Private = nil
			destruction := w.Plan(&forgetful, nil)
			providertest.WantWarning(t, destruction.Diags, "no record")
			collect(name, w.Apply(destruction), 1)

			unreadable := *o
			unreadable.Private = []byte(`{"before_terraform":"eyJ2ZXJzaW9uIjo5OX0="}`)
			collect(name, w.Plan(&unreadable, nil).Diags.About("Unreadable record"), 1)
			// Even what looks like a record is not used. {"version":99,"settings":{"enabled":{"before":"off","set":true}}}
			unreadable.Private = []byte(
				`{"before_terraform":"eyJ2ZXJzaW9uIjo5OSwic2V0dGluZ3MiOnsi` +
					`ZW5hYmxlZCI6eyJiZWZvcmUiOiJvZmYiLCJzZXQiOnRydWV9fX0="}`,
			)
			providertest.WantWarning(t, w.Plan(&unreadable, nil).Diags.About("Destroying"), "no record")
		}
	}

	// Warnings of what Terraform has no part in, and of changes between plan and apply.
	for _, name := range names {
		w.SetsIn(name, values{"email_otp_enabled": true})
		o := w.Create(providertest.TwoFactor, values{"email_otp_enabled": true, "organization": name})
		config := values{
			"email_otp_enabled": true, "sms_otp_enabled": false, "backup_codes_enabled": true, "organization": name,
		}
		saved := w.Plan(o, config)
		collect(name, saved.Diags, 1) // taking over more
		w.SetsIn(name, values{"email_otp_enabled": false})
		collect(name, w.Apply(saved).About("changed outside"), 1)
		w.Up(o, config.With(values{"sms_otp_enabled": nil}))
		w.Mock.Update(func(state *mockserver.State) { mislead(at, state.Organizations[name]) })
		collect(name, w.Plan(o, config).Diags, 1)
	}
	if len(seen) != 3*(2*5+3+signsOut[providertest.Portal]) {
		t.Errorf("got %d different warnings: %v", len(seen), seen)
	}
}

// mislead does in the Console what every plan warns of from then on: it switches enrollment on without TOTP, or lets a
// script decide about the second factors.
func mislead(at providertest.Place, organization *mockserver.Organization) {
	if at.String() == "classic" {
		organization.MyAccount[providertest.EnrollmentObject] = providertest.Attributes{
			"enrolUserInAuthenticationFlow": "true",
		}
		return
	}
	at.Edit(organization, providertest.Edit{What: "script"})
}
