package provider

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Only what the configuration declares is owned: these tests change the server behind Terraform's back, declare
// settings and let go of them again.

func TestLifecycle(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, test := range []struct {
			name, typeName        string
			first, second         values
			afterFirst, afterLast values
		}{
			{
				"portal", portal, values{"enabled": false}, values{"enabled": true},
				values{"enabled": false}, values{"enabled": true},
			},
			{
				"two factor", twoFactor,
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
				w := newWorkspaceIn(t, at)

				o := w.create(test.typeName, test.first)
				o.wantState(t, test.first)
				o.wantIdentity(t)
				w.wants(test.afterFirst)

				w.up(o, test.second)
				o.wantState(t, test.second)
				o.wantIdentity(t)
				w.wants(test.afterLast)

				destruction := w.plan(o, nil)
				wantNoError(t, w.apply(destruction))
				if o.state != nil || o.identity != nil {
					t.Errorf("destroyed, but still in the state: %v %v", o.state, o.identity)
				}
				for _, request := range w.mock.Requests() {
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
	console stored
	state   values
}

// TestDriftOfEveryFlag in either place: the refresh sees it, and the next apply mends it.
func TestDriftOfEveryFlag(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		declared := values{
			"email_otp_enabled": true, "sms_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true,
			"backup_codes_enabled": true,
		}
		for typeName, config := range map[string]values{portal: {"enabled": false}, twoFactor: declared} {
			for _, flag := range flagsOfType()[typeName] {
				t.Run(flag, func(t *testing.T) {
					t.Parallel()
					w := newWorkspaceIn(t, at)
					w.withSender()
					o := w.create(typeName, config)
					before, drifted := w.kept(), config.with(values{flag: config[flag] == false})
					if flag == "totp_enabled" { // enrollment goes with it
						drifted["totp_enrollment_enabled"] = false
					}
					w.sets(drifted)
					repair := w.wantAction(o, config, "update")
					o.wantState(t, drifted)
					wantNoError(t, w.apply(repair))
					o.wantState(t, config)
					w.wantAction(o, config, "no-op")
					if diff := cmp.Diff(at.read(before), at.read(w.kept())); diff != "" {
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

	declared := values{
		"email_otp_enabled": true, "sms_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true,
		"backup_codes_enabled": true,
	}
	const on, off = "true", "false"
	twoFactorWith := func(name string, value any) stored {
		changed := storedFactors(on)
		if changed[name] = value; value == nil {
			delete(changed, name)
		}
		return stored{twoFactorObject: changed}
	}
	with := func(base values, name string, value bool) values {
		changed := values{}
		for key := range base {
			changed[key] = base[key]
		}
		changed[name] = value
		return changed
	}
	allFactorsOff := values{
		"email_otp_enabled": false, "sms_otp_enabled": false, "totp_enabled": false,
		"totp_enrollment_enabled": true, "backup_codes_enabled": false,
	}

	for _, resource := range []struct {
		typeName string
		declared values
		drifts   []drift
	}{
		{portal, values{"enabled": false}, []drift{
			{"value", stored{statusObject: {"enable": on}}, values{"enabled": true}},
			{"attribute removed", stored{statusObject: {"other": off}}, values{"enabled": true}},
			{"object removed", stored{statusObject: nil}, values{"enabled": true}},
		}},
		{twoFactor, declared, []drift{
			{"email OTP", twoFactorWith("email_otp_enabled", off), with(declared, "email_otp_enabled", false)},
			{"SMS OTP", twoFactorWith("sms_otp_enabled", off), with(declared, "sms_otp_enabled", false)},
			{"TOTP", twoFactorWith("totp_enabled", off), with(declared, "totp_enabled", false)},
			{"backup codes", twoFactorWith("backup_code_enabled", off), with(declared, "backup_codes_enabled", false)},
			{
				"enrollment", stored{enrollmentObject: {"enrolUserInAuthenticationFlow": off}},
				with(declared, "totp_enrollment_enabled", false),
			},
			{"email OTP removed", twoFactorWith("email_otp_enabled", nil), with(declared, "email_otp_enabled", false)},
			{"SMS OTP removed", twoFactorWith("sms_otp_enabled", nil), with(declared, "sms_otp_enabled", false)},
			{"TOTP removed", twoFactorWith("totp_enabled", nil), with(declared, "totp_enabled", false)},
			{
				"backup codes removed", twoFactorWith("backup_code_enabled", nil),
				with(declared, "backup_codes_enabled", false),
			},
			{"enrollment removed", stored{enrollmentObject: {"other": on}}, with(declared, "totp_enrollment_enabled", false)},
			{"two-factor object removed", stored{twoFactorObject: nil}, allFactorsOff},
			{"enrollment object removed", stored{enrollmentObject: nil}, with(declared, "totp_enrollment_enabled", false)},
		}},
	} {
		for _, drift := range resource.drifts {
			t.Run(resource.typeName+" "+drift.name, func(t *testing.T) {
				t.Parallel()
				w := newWorkspace(t)
				w.withSender()
				o := w.create(resource.typeName, resource.declared)
				before := w.mock.State()

				w.console(drift.console)
				private := string(o.private)
				repair := w.wantAction(o, resource.declared, "update")
				o.wantState(t, drift.state)
				o.wantIdentity(t)
				if string(o.private) != private {
					t.Error("the refresh changed the private state, which a plan that only refreshes reports as a change")
				}

				wantNoError(t, w.apply(repair))
				o.wantState(t, resource.declared)
				w.wantAction(o, resource.declared, "no-op")
				for name, attributes := range before.Organizations["bifrost"].MyAccount {
					for key, value := range attributes {
						if got := w.mock.State().Organizations["bifrost"].MyAccount[name][key]; got != value {
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
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, config := range map[string]values{
			portal: {"enabled": false}, twoFactor: {"email_otp_enabled": true},
		} {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				o := w.create(typeName, config)
				before := *o

				w.mock.Update(func(state *mockserver.State) { delete(state.Organizations, "bifrost") })
				wantError(
					t, w.start().refresh(o), "knows no organization \"bifrost\"", "ASGARDEO_ORGANIZATION",
					"No resource was dropped from the state",
				)
				if diff := cmp.Diff(before.state, o.state); diff != "" {
					t.Errorf("the state was changed:\n%s", diff)
				}
			})
		}
	})
}

// TestUndeclaredSettingsAreNotOwned in either place: what the Console does with them is no drift, and stays.
func TestUndeclaredSettingsAreNotOwned(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		w.sets(values{
			"email_otp_enabled": false, "sms_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true,
			"others": "kept",
		})
		config := values{"email_otp_enabled": true}
		o := w.create(twoFactor, config)
		o.wantState(t, config)
		w.wants(values{
			"email_otp_enabled": true, "sms_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true,
			"others": "kept",
		})

		w.sets(values{
			"email_otp_enabled": true, "sms_otp_enabled": false, "totp_enabled": true, "backup_codes_enabled": true,
			"others": "new",
		})
		w.wantAction(o, config, "no-op")
		o.wantState(t, config)

		// Positive control: the same Console changes what is declared.
		w.sets(values{
			"email_otp_enabled": false, "sms_otp_enabled": false, "totp_enabled": true, "backup_codes_enabled": true,
			"others": "new",
		})
		saved := w.wantAction(o, config, "update")

		// A saved plan stays good while an undeclared setting changes, and does not undo that change.
		w.sets(values{"email_otp_enabled": false, "sms_otp_enabled": true, "totp_enabled": true, "others": "newer"})
		wantNoDiagnostics(t, w.apply(saved))
		w.sees(values{
			"email_otp_enabled": true, "sms_otp_enabled": true, "totp_enabled": true, "backup_codes_enabled": false,
		})
	})
}

// TestUndeclaredAttributesAreNotOwned is the same to the letter of what the classic place stores.
func TestUndeclaredAttributesAreNotOwned(t *testing.T) {
	t.Parallel()

	w := newWorkspace(t)
	w.console(stored{
		twoFactorObject: {
			"email_otp_enabled": "false", "sms_otp_enabled": "TRUE", "totp_enabled": "true", "future": "kept",
			"backup_code_enabled": "",
		},
		enrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
	})
	config := values{"email_otp_enabled": true}
	o := w.create(twoFactor, config)
	o.wantState(t, config)
	w.wantStored(stored{
		twoFactorObject: {
			"email_otp_enabled": "true", "sms_otp_enabled": "TRUE", "totp_enabled": "true", "future": "kept",
			"backup_code_enabled": "",
		},
		enrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
	})

	// The Console changes what is not declared: no drift, no plan.
	w.console(stored{
		twoFactorObject: {"email_otp_enabled": "true", "sms_otp_enabled": "false", "totp_enabled": "true", "future": "new"},
	})
	w.wantAction(o, config, "no-op")
	o.wantState(t, config)

	// Positive control: the same Console changes what is declared.
	w.console(stored{
		twoFactorObject: {
			"email_otp_enabled": "false", "sms_otp_enabled": "false", "totp_enabled": "true", "future": "new",
		},
	})
	w.wantAction(o, config, "update")

	// A saved plan stays good while an undeclared setting changes, and does not undo that change.
	saved := w.plan(o, config)
	w.console(stored{
		twoFactorObject: {
			"email_otp_enabled": "false", "sms_otp_enabled": "false", "totp_enabled": "true", "future": "newer",
			"more": "too",
		},
	})
	wantNoDiagnostics(t, w.apply(saved))
	w.wantStored(stored{
		twoFactorObject: {
			"email_otp_enabled": "true", "sms_otp_enabled": "false", "totp_enabled": "true", "future": "newer",
			"more": "too",
		},
		enrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
	})
}

func TestUndeclareAndDeclareAgain(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
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
				w := newWorkspaceIn(t, at)
				w.sets(test.live)
				o := w.create(twoFactor, both)

				// Letting go is a change of the state alone.
				w.calls()
				saved := w.wantAction(o, values{"totp_enabled": true}, "update")
				w.wantCalls(append(at.look(flagsOfType()[twoFactor]...), "POST token")...)
				wantNoDiagnostics(t, w.apply(saved))
				w.wantCalls()
				o.wantState(t, values{"totp_enabled": true})
				w.wants(values{"email_otp_enabled": true, "totp_enabled": true})

				if test.console != "" {
					w.sets(values{"email_otp_enabled": test.console, "totp_enabled": true})
				}
				w.up(o, both)
				o.wantState(t, both)
				w.wants(values{"email_otp_enabled": true, "totp_enabled": true})

				wantNoError(t, w.apply(w.plan(o, nil)))
				w.wants(values{"email_otp_enabled": test.after, "totp_enabled": false})
			})
		}
	})
}

func TestOnlyOnDestroyChanges(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, config := range map[string]values{
			portal: {"enabled": false}, twoFactor: {"email_otp_enabled": true, "totp_enabled": false},
		} {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				o := w.create(typeName, config)
				for _, mode := range []any{"keep", "reset", "restore", nil} {
					config["on_destroy"] = mode
					saved := w.wantAction(o, config, "update")
					w.calls()
					wantNoDiagnostics(t, w.apply(saved))
					w.wantCalls()
					if o.state["on_destroy"] != mode {
						t.Errorf("the state says %v, not %v", o.state["on_destroy"], mode)
					}
					o.wantIdentity(t)
				}
				// Positive control: a changed setting is a call.
				for name, value := range config {
					if on, flag := value.(bool); flag {
						config[name] = !on
					}
				}
				saved := w.plan(o, config)
				w.calls()
				wantNoError(t, w.apply(saved))
				if len(w.calls()) == 0 {
					t.Error("a changed setting made no call")
				}
			})
		}
	})
}

func TestTakeoverIsAnnounced(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, test := range []struct {
			name, typeName string
			live           values
			config         values
			warning        []string // nil: none
			absent         []string
		}{
			{
				"portal off, to be on", portal, values{"enabled": false}, values{"enabled": true},
				[]string{`Taking over the My Account portal of "bifrost"`, "enabled: false -> true", "terraform import"}, nil,
			},
			{
				"portal that nobody configured, to be off", portal, nil, values{"enabled": false},
				[]string{`Taking over the My Account portal of "bifrost"`, "enabled: true -> false"}, nil,
			},
			{"portal that is right already", portal, values{"enabled": false}, values{"enabled": false}, nil, nil},
			{"portal that nobody configured, to be on", portal, nil, values{"enabled": true}, nil, nil},
			{
				"two factor", twoFactor,
				values{"email_otp_enabled": true, "totp_enabled": true, "sms_otp_enabled": true},
				values{"email_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": true},
				[]string{
					`Taking over the two-factor settings of "bifrost"`, "email_otp_enabled: true -> false",
					"totp_enrollment_enabled: false -> true",
				},
				[]string{"  totp_enabled:", "sms_otp_enabled"},
			},
			{
				"two factor that is right already", twoFactor, values{"email_otp_enabled": true, "totp_enabled": true},
				values{"email_otp_enabled": true, "sms_otp_enabled": false}, nil, nil,
			},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				w.sets(test.live)
				diags := besidesSignOut(w.plan(&object{typeName: test.typeName}, test.config).diags)
				if test.warning == nil {
					wantNoDiagnostics(t, diags)
					return
				}
				wantWarning(t, diags, test.warning...)
				wantAbsent(t, diags.String(), test.absent...)
				if written := w.writes(); len(written) > 0 {
					t.Errorf("the plan wrote %v", written)
				}
			})
		}
	})
}

func TestSavedPlanAfterConsoleChange(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		t.Run("create warns of what it takes over now", func(t *testing.T) {
			t.Parallel()
			w := newWorkspaceIn(t, at)
			o := &object{typeName: portal}
			saved := w.plan(o, values{"enabled": true})
			wantNoDiagnostics(t, saved.diags)
			w.sets(values{"enabled": false, "others": "kept"})
			wantWarning(t, w.apply(saved), `Taking over the My Account portal of "bifrost"`, "enabled: false -> true")
			w.wants(values{"enabled": true, "others": "kept"})
		})

		t.Run("update warns of a declared setting that it changes back", func(t *testing.T) {
			t.Parallel()
			w := newWorkspaceIn(t, at)
			o := w.create(twoFactor, values{"email_otp_enabled": true, "totp_enabled": false})
			saved := w.plan(o, values{"email_otp_enabled": true, "totp_enabled": true})
			wantNoDiagnostics(t, saved.diags)
			w.sets(values{"email_otp_enabled": false, "totp_enabled": false, "others": "kept"})
			diags := w.apply(saved)
			wantWarning(
				t, diags, `The two-factor settings of "bifrost" changed outside Terraform`,
				"email_otp_enabled: false -> true",
			)
			wantAbsent(t, diags.String(), "  totp_enabled:")
			w.wants(values{"email_otp_enabled": true, "totp_enabled": true, "others": "kept"})
			o.wantState(t, values{"email_otp_enabled": true, "totp_enabled": true})
		})

		t.Run("update has nothing to warn of when somebody else made the same change", func(t *testing.T) {
			t.Parallel()
			w := newWorkspaceIn(t, at)
			o := w.create(twoFactor, values{"email_otp_enabled": true, "totp_enabled": false})
			saved := w.plan(o, values{"email_otp_enabled": true, "totp_enabled": true})
			w.sets(values{"email_otp_enabled": true, "totp_enabled": true})
			w.calls()
			wantNoDiagnostics(t, w.apply(saved))
			w.wantCalls(append(at.look("totp_enabled"), "POST token")...)
			o.wantState(t, values{"email_otp_enabled": true, "totp_enabled": true})
		})

		t.Run("update refuses what has become a contradiction, and loses nothing", func(t *testing.T) {
			t.Parallel()
			w := newWorkspaceIn(t, at)
			w.sets(values{"totp_enabled": true, "email_otp_enabled": true})
			o := w.create(twoFactor, values{"totp_enrollment_enabled": false})
			saved := w.plan(o, values{"totp_enrollment_enabled": true})
			wantNoDiagnostics(t, saved.diags)
			w.sets(values{"totp_enabled": false, "email_otp_enabled": true})
			w.calls()
			wantError(
				t, w.apply(saved), "[totp_enrollment_enabled]", "needs totp_enabled",
				`in organization "bifrost": totp_enabled is off`,
			)
			if written := w.writes(); len(written) > 0 {
				t.Errorf("wrote %v", written)
			}
			o.wantState(t, values{"totp_enrollment_enabled": false})
			o.wantIdentity(t)
		})
	})
}

// TestWarningsOfManyOrganizationsDiffer matters because Terraform folds warnings with equal summaries into one.
func TestWarningsOfManyOrganizationsDiffer(t *testing.T) {
	t.Parallel()

	inBothPlaces(t, testWarningsOfManyOrganizations)
}

func testWarningsOfManyOrganizations(t *testing.T, at place) {
	t.Helper()
	names := []string{"alfheim", "bifrost", "carbon.super"}
	w := newWorkspaceIn(t, at, mockserver.WithOrganization(names...))
	delete(w.provider, "organization") // the client is good for all of them
	for _, name := range names {
		w.setsIn(name, values{"enabled": false, "email_otp_enabled": false, "totp_enrollment_enabled": false})
	}
	seen := map[string]string{}
	collect := func(name string, diags diagnostics, want int) {
		t.Helper()
		wantNoError(t, diags)
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
	unready := values{"base_url": unknown} // "not refreshed"
	signsOut := map[string]int{}           // how many warnings of that there are
	if at.String() == "application" {
		signsOut[portal] = 1
	}
	for _, name := range names {
		for typeName, configs := range map[string][2]values{
			portal: {{"enabled": true, "organization": name}, {"enabled": true, "organization": name}},
			twoFactor: {
				{"email_otp_enabled": true, "organization": name},
				{"email_otp_enabled": true, "sms_otp_enabled": false, "organization": name},
			},
		} {
			o := &object{typeName: typeName}
			saved := w.plan(o, configs[0])
			collect(name, saved.diags, 1) // the takeover
			wantNoError(t, w.apply(saved))
			collect(name, start(t, unready).refresh(o), 1)
			collect(name, w.plan(o, nil).diags, 1+signsOut[typeName]) // the handover

			forgetful := *o
			forgetful.private = nil
			destruction := w.plan(&forgetful, nil)
			wantWarning(t, destruction.diags, "no record")
			collect(name, w.apply(destruction), 1)

			unreadable := *o
			unreadable.private = []byte(`{"before_terraform":"eyJ2ZXJzaW9uIjo5OX0="}`)
			collect(name, w.plan(&unreadable, nil).diags.about("Unreadable record"), 1)
			// Even what looks like a record is not used. {"version":99,"settings":{"enabled":{"before":"off","set":true}}}
			unreadable.private = []byte(
				`{"before_terraform":"eyJ2ZXJzaW9uIjo5OSwic2V0dGluZ3MiOnsi` +
					`ZW5hYmxlZCI6eyJiZWZvcmUiOiJvZmYiLCJzZXQiOnRydWV9fX0="}`,
			)
			wantWarning(t, w.plan(&unreadable, nil).diags.about("Destroying"), "no record")
		}
	}

	// Warnings of what Terraform has no part in, and of changes between plan and apply.
	for _, name := range names {
		w.setsIn(name, values{"email_otp_enabled": true})
		o := w.create(twoFactor, values{"email_otp_enabled": true, "organization": name})
		config := values{
			"email_otp_enabled": true, "sms_otp_enabled": false, "backup_codes_enabled": true, "organization": name,
		}
		saved := w.plan(o, config)
		collect(name, saved.diags, 1) // taking over more
		w.setsIn(name, values{"email_otp_enabled": false})
		collect(name, w.apply(saved).about("changed outside"), 1)
		w.up(o, config.with(values{"sms_otp_enabled": nil}))
		w.mock.Update(func(state *mockserver.State) { mislead(at, state.Organizations[name]) })
		collect(name, w.plan(o, config).diags, 1)
	}
	if len(seen) != 3*(2*5+3+signsOut[portal]) {
		t.Errorf("got %d different warnings: %v", len(seen), seen)
	}
}

// mislead does in the Console what every plan warns of from then on: it switches enrollment on without TOTP, or lets a
// script decide about the second factors.
func mislead(at place, organization *mockserver.Organization) {
	if at.String() == "classic" {
		organization.MyAccount[enrollmentObject] = attributes{"enrolUserInAuthenticationFlow": "true"}
		return
	}
	at.edit(organization, edit{what: "script"})
}
