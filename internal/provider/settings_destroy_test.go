package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
)

// Destroying hands the settings back: these tests look at what the plan announces, what is written, and what remains.

// TestOnDestroy walks through everything that decides what destroying the two-factor settings does. Terraform
// switches email OTP off, and TOTP and enrollment on. The classic place stores the latter in an object of its own, so
// that a destroy can fail half-way; in the application it fails as a whole.
func TestOnDestroy(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		all := len(at.writesOf("totp_enabled", "totp_enrollment_enabled"))
		for _, mode := range []string{"", "restore", "reset", "keep"} {
			for _, imported := range []bool{false, true} {
				for _, present := range []bool{false, true} {
					for _, changed := range []bool{false, true} {
						for passing := range all + 1 {
							name := fmt.Sprintf("mode %q imported %t stored %t changed outside %t writes that succeed %d",
								mode, imported, present, changed, passing)
							t.Run(name, func(t *testing.T) {
								t.Parallel()
								destroyCase{at, mode, imported, present, changed, passing, all}.run(t)
							})
						}
					}
				}
			}
		}
	})
}

type destroyCase struct {
	at       place
	mode     string
	imported bool // otherwise created
	present  bool // whether the organization had settings before, with email OTP on
	changed  bool // whether somebody switches email OTP on, later
	passing  int  // how many writes succeed before the server refuses them
	all      int  // how many there are
}

// flags is what the organization has with these values.
func (c destroyCase) flags(email, totp, enrollment bool) values {
	flags := values{"email_otp_enabled": email, "totp_enabled": totp, "totp_enrollment_enabled": enrollment}
	if c.present {
		flags["sms_otp_enabled"] = "True" // not declared
		flags["others"] = "kept"
	}
	return flags
}

func (c destroyCase) run(t *testing.T) {
	t.Helper()
	w := newWorkspaceIn(t, c.at)
	if c.present {
		w.sets(c.flags(true, false, false))
	}
	config := values{"email_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": true}
	if c.mode != "" {
		config["on_destroy"] = c.mode
	}
	o := &object{typeName: twoFactor}
	if c.imported {
		o = w.adopt(twoFactor)
	}
	w.up(o, config)
	w.wants(c.flags(false, true, true))
	email := false
	if c.changed {
		email = true
		w.sets(c.flags(email, true, true))
	}

	// What is to be left in the end.
	announced := []string{
		`Destroying the two-factor settings of "bifrost"`, "  totp_enabled: true -> false",
		"  totp_enrollment_enabled: true -> " + string(c.enrollment()),
	}
	var unannounced []string
	after := c.flags(email, false, false)
	switch {
	case c.mode == "keep":
		after = c.flags(email, true, true)
		announced = nil
	case c.mode == "reset" && c.changed:
		after = c.flags(false, false, false)
		announced = append(announced, `on_destroy = "reset"`, "Asgardeo's defaults", "  email_otp_enabled: true -> false")
	case c.mode == "reset":
		announced = append(announced, `on_destroy = "reset"`)
		unannounced = append(unannounced, "email_otp_enabled")
	case c.changed && c.present: // by chance, somebody else has put the earlier value back
		announced = append(announced, `on_destroy = "restore"`)
		unannounced = append(unannounced, "email_otp_enabled")
	case c.changed:
		announced = append(announced, `on_destroy = "restore"`, "left as they are: email_otp_enabled.")
		unannounced = append(unannounced, "  email_otp_enabled:")
	default:
		after = c.flags(c.present, false, false)
		announced = append(announced, `on_destroy = "restore"`)
		if c.present {
			announced = append(announced, "  email_otp_enabled: false -> true")
		} else {
			unannounced = append(unannounced, "email_otp_enabled")
		}
	}

	destruction := w.plan(o, nil)
	if announced == nil {
		wantNoDiagnostics(t, destruction.diags)
	} else {
		wantWarning(t, destruction.diags, announced...)
		wantAbsent(t, destruction.diags.String(), append(unannounced, "sms_otp_enabled")...)
	}
	w.calls()
	state := o.state
	w.refuses(c.passing)
	diags := w.apply(destruction)

	switch {
	case c.mode == "keep":
		wantNoDiagnostics(t, diags)
		w.wantCalls()
	case c.passing < c.all:
		fragments := []string{"Unable to hand back the two-factor settings", c.at.refusal()}
		if c.passing == 1 {
			fragments = append(fragments, "Already written:\n\n  totp_enrollment_enabled: ",
				"The resource stays in the state")
			w.wants(c.flags(email, true, false))
		} else {
			wantAbsent(t, diags.String(), "Already written")
			w.wants(c.flags(email, true, true))
		}
		wantError(t, diags, fragments...)
		if diff := cmp.Diff(state, o.state); diff != "" {
			t.Errorf("the failure changed the state:\n%s", diff)
		}
		o.wantIdentity(t)

		// The next destroy finishes the work.
		w.mock.ClearFaults()
		destruction = w.plan(o, nil)
		wantWarning(t, destruction.diags, "  totp_enabled: true -> false")
		wantAbsent(t, destruction.diags.String(), "left as they are: totp")
		wantNoDiagnostics(t, w.apply(destruction))
	default:
		wantNoDiagnostics(t, diags)
		want := c.at.writesOf("totp_enabled", "totp_enrollment_enabled")
		slices.Reverse(want)
		if diff := cmp.Diff(want, w.writes()); diff != "" {
			t.Errorf("what depends on TOTP goes first (- want, + got):\n%s", diff)
		}
	}
	if o.state != nil || o.private != nil {
		t.Errorf("destroyed, but still in the state: %v", o.state)
	}
	w.wants(after)
}

// enrollment is what the plan says that becomes of enrollment. In the application it is not Terraform's default.
func (c destroyCase) enrollment() sight {
	if c.mode == "reset" && c.at.String() == "application" {
		return seenNotSet
	}
	return seenOff
}

func TestOnDestroyOfThePortal(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, test := range []struct {
			name    string
			live    values
			config  values
			console values
			warning []string // of the plan; nil: none
			want    values
		}{
			{
				"restores what was stored", values{"enabled": false, "others": "kept"}, values{"enabled": true}, nil,
				[]string{`Destroying the My Account portal of "bifrost"`, "enabled: true -> false"},
				values{"enabled": false, "others": "kept"},
			},
			{
				"restores what was not stored by writing the default", nil, values{"enabled": false}, nil,
				[]string{"enabled: false -> true"}, values{"enabled": true},
			},
			{
				"has nothing to restore where nothing was changed", values{"enabled": false}, values{"enabled": false}, nil,
				nil, values{"enabled": false},
			},
			{
				"leaves what somebody else changed", values{"enabled": false}, values{"enabled": false},
				values{"enabled": true},
				[]string{"Changed outside Terraform, and therefore left as they are: enabled."}, values{"enabled": true},
			},
			{
				"resets to on", values{"enabled": false}, values{"enabled": false, "on_destroy": "reset"}, nil,
				[]string{`on_destroy = "reset"`, "enabled: false -> true"}, values{"enabled": true},
			},
			{
				"resets what somebody else changed", values{"enabled": true},
				values{"enabled": true, "on_destroy": "reset"}, values{"enabled": false},
				[]string{"enabled: false -> true"}, values{"enabled": true},
			},
			{
				"keeps", nil, values{"enabled": false, "on_destroy": "keep"}, nil,
				nil, values{"enabled": false},
			},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				w.sets(test.live)
				o := w.create(portal, test.config)
				w.sets(test.console)
				destruction := w.plan(o, nil)
				if test.warning == nil {
					wantNoDiagnostics(t, destruction.diags)
				} else {
					wantWarning(t, besidesSignOut(destruction.diags), test.warning...)
				}
				wantNoDiagnostics(t, w.apply(destruction))
				w.wants(test.want)
			})
		}
	})
}

// What depends on a factor that goes off goes off with it, declared or not, and what lacks its precondition stays off.
func TestOnDestroyLeavesNoContradiction(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, test := range []struct {
			name    string
			live    values
			config  values
			console values
			warning []string
			want    values
			only    string // the place that can have this
		}{
			{
				"undeclared enrollment goes off with TOTP", nil, values{"totp_enabled": true},
				values{"totp_enabled": true, "totp_enrollment_enabled": true, "others": "kept"},
				[]string{
					"totp_enabled: true -> false",
					"totp_enrollment_enabled: true -> false (not managed here, but it cannot stay on alone)",
				},
				values{"totp_enabled": false, "totp_enrollment_enabled": false, "others": "kept"}, "",
			},
			{
				"undeclared backup codes go off with the last factor", nil, values{"email_otp_enabled": true},
				values{"email_otp_enabled": true, "backup_codes_enabled": true},
				[]string{"email_otp_enabled: true -> false", "backup_codes_enabled: true -> false (not managed here"},
				values{"email_otp_enabled": false, "backup_codes_enabled": false}, "",
			},
			{
				"undeclared backup codes stay while a factor stays", nil, values{"email_otp_enabled": true},
				values{"email_otp_enabled": true, "backup_codes_enabled": true, "totp_enabled": true},
				[]string{"email_otp_enabled: true -> false"},
				values{"email_otp_enabled": false, "backup_codes_enabled": true, "totp_enabled": true}, "",
			},
			{
				"enrollment is not restored without TOTP",
				values{"totp_enabled": true, "email_otp_enabled": true, "totp_enrollment_enabled": true},
				values{"totp_enrollment_enabled": false, "email_otp_enabled": false},
				values{"totp_enabled": false, "email_otp_enabled": false},
				[]string{
					"email_otp_enabled: false -> true",
					"totp_enrollment_enabled stays off, although it was on before Terraform: it needs totp_enabled, which " +
						"will be off",
				},
				values{"totp_enabled": false, "email_otp_enabled": true, "totp_enrollment_enabled": false}, "",
			},
			{
				"a contradiction that was there before is not Terraform's to mend",
				values{"totp_enabled": false, "totp_enrollment_enabled": true},
				values{"email_otp_enabled": true}, nil,
				[]string{"email_otp_enabled: true -> false"},
				values{"totp_enabled": false, "email_otp_enabled": false, "totp_enrollment_enabled": true}, "classic",
			},
		} {
			if test.only != "" && test.only != at.String() {
				continue
			}
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				w.sets(test.live)
				o := &object{typeName: twoFactor}
				wantNoError(t, w.apply(w.plan(o, test.config)))
				w.sets(test.console)
				destruction := w.plan(o, nil)
				wantWarning(t, destruction.diags, test.warning...)
				diags := w.apply(destruction)
				wantNoError(t, diags)
				if last := test.warning[len(test.warning)-1]; strings.Contains(last, "stays off") {
					wantWarning(t, diags, "Not all two-factor settings", last)
				} else {
					wantNoDiagnostics(t, diags)
				}
				w.wants(test.want)
			})
		}
	})
}

func TestDestroyWithoutRecord(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, setting := range map[string]values{
			portal: {"enabled": false}, twoFactor: {"email_otp_enabled": true},
		} {
			for _, mode := range []string{"restore", "reset"} {
				t.Run(typeName+" "+mode, func(t *testing.T) {
					t.Parallel()
					w := newWorkspaceIn(t, at)
					config := values{"on_destroy": mode}
					maps.Copy(config, setting)
					o := w.create(typeName, config)
					before := w.kept()
					o.private = nil // as "terraform taint" does

					destruction := w.plan(o, nil)
					w.calls()
					if mode == "reset" { // positive control: it needs no record
						wantWarning(t, destruction.diags, `on_destroy = "reset"`)
						wantNoDiagnostics(t, w.apply(destruction))
						if len(w.writes()) != 1 {
							t.Error("reset wrote nothing")
						}
						return
					}
					wantWarning(t, destruction.diags, "no record of what the settings were", `on_destroy = "reset"`)
					wantWarning(t, w.apply(destruction), "Nothing to restore", "so they stay as they are")
					w.wantCalls()
					w.wantKept(before)
				})
			}
		}
	})
}

// TestDestroyOfThePredecessor is about create_before_destroy: the successor manages the same settings already.
func TestDestroyOfThePredecessor(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for typeName, config := range map[string]values{
			portal: {"enabled": false}, twoFactor: {"email_otp_enabled": true},
		} {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				old := w.create(typeName, config)
				held, copied := w.kept(), *old

				successor := &object{typeName: typeName}
				p := w.start()
				wantNoError(t, p.apply(p.plan(successor, config)))
				wantNoError(t, p.apply(p.plan(old, nil)))
				w.wantKept(held)
				if old.state != nil {
					t.Error("the predecessor is still in the state")
				}

				// Positive control: a process that has not created the successor hands back.
				wantNoError(t, w.apply(w.plan(&copied, nil)))
				if diff := cmp.Diff(held, w.kept()); diff == "" {
					t.Error("nothing was handed back")
				}
			})
		}
	})
}

// TestDestroyLeavesTheSuccessorsSettings alone, and only those.
func TestDestroyLeavesTheSuccessorsSettings(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		w.sets(values{"email_otp_enabled": false, "totp_enabled": false})
		old := w.create(twoFactor, values{"email_otp_enabled": true, "totp_enabled": true})
		destruction := w.plan(old, nil)
		p := w.start()
		wantNoError(t, p.apply(p.plan(&object{typeName: twoFactor}, values{"email_otp_enabled": true})))
		diags := p.apply(destruction)
		wantNoError(t, diags)
		wantWarning(
			t, diags, `Another resource has the two-factor settings of "bifrost" now`, "  email_otp_enabled = false",
		)
		wantAbsent(t, diags.String(), "totp_enabled =")
		w.wants(values{"email_otp_enabled": true, "totp_enabled": false})
	})
}

// TestDestroyBesideCreate is a rename without a moved block: Terraform runs both at the same time.
func TestDestroyBesideCreate(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		config := values{"email_otp_enabled": true, "totp_enabled": true}
		w := newWorkspaceIn(t, at)
		old := w.create(twoFactor, values{"email_otp_enabled": true})
		p := w.start()
		fresh := &object{typeName: twoFactor}
		creation, destruction := p.plan(fresh, config), p.plan(old, nil)
		p = w.start()
		put := w.place.writes("bifrost")
		w.mock.AddFault(mockserver.Fault{Match: put, Times: 1, Action: mockserver.ActionLatency, LatencyMS: 300})
		created := make(chan diagnostics)
		go func() { created <- p.apply(creation) }()
		for deadline := time.Now().Add(10 * time.Second); len(w.mock.Faults()) > 0 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond) // until the create, with the lock held, waits for its PUT
		}
		wantNoError(t, p.apply(destruction))
		wantNoError(t, <-created)
		w.wantAction(fresh, config, "no-op")
	})
}

// TestDestroyBesideCreateThatFails waits for what comes of the create, and hands back what it did not take.
func TestDestroyBesideCreateThatFails(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		before := values{"email_otp_enabled": false, "totp_enabled": false}
		w := newWorkspaceIn(t, at)
		w.wrap = besidesFaults(t)
		w.sets(before)
		old, fresh := w.create(twoFactor, values{"email_otp_enabled": true}), &object{typeName: twoFactor}
		p := w.start()
		creation, destruction := p.plan(fresh, values{"email_otp_enabled": true, "totp_enabled": true}), p.plan(old, nil)
		p = w.start()
		put := w.place.writes("bifrost")
		w.mock.AddFault(mockserver.Fault{
			Match: put, Times: 1, Action: mockserver.ActionStatus, Status: 400, LatencyMS: 300,
			Body: `{"code":"CONFIGM_00033","message":"no"}`,
		})
		created := make(chan diagnostics)
		go func() { created <- p.apply(creation) }()
		for deadline := time.Now().Add(10 * time.Second); len(w.mock.Faults()) > 0 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond) // until the create waits for its PUT
		}
		diags := p.apply(destruction)
		wantError(t, <-created, "Unable to create the two-factor settings")
		wantNoDiagnostics(t, diags)
		w.wants(before)
	})
}

// TestWaitingForATurn ends when the operation's time does, and loses nothing.
func TestWaitingForATurn(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		short := values{"update": "100ms", "delete": "100ms"}
		w := newWorkspaceIn(t, at)
		waits := w.create(twoFactor, values{"email_otp_enabled": true, "timeouts": short})
		p := w.start()
		creation := p.plan(&object{typeName: portal}, values{"enabled": false})
		create := p.plan(&object{typeName: twoFactor}, values{"totp_enabled": true, "timeouts": values{"create": "100ms"}})
		update, destruction := p.plan(waits, values{"email_otp_enabled": false, "timeouts": short}), p.plan(waits, nil)
		p = w.start()
		put := w.place.writes("bifrost")
		w.mock.AddFault(mockserver.Fault{Match: put, Times: 1, Action: mockserver.ActionLatency, LatencyMS: 3000})
		created := make(chan diagnostics)
		go func() { created <- p.apply(creation) }()
		for deadline := time.Now().Add(10 * time.Second); len(w.mock.Faults()) > 0 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond) // until the create, whose turn it is, waits for its PUT
		}
		for _, change := range []*plan{create, update, destruction} {
			wantError(t, p.apply(change), "Unable to ", `while another resource of organization "bifrost" was being changed`)
		}
		if waits.state["email_otp_enabled"] != true || create.object.state != nil {
			t.Errorf("the states are %v and %v", waits.state, create.object.state)
		}
		wantNoError(t, <-created)
	})
}

// TestDestroyLeavesAContradictionOfOthers as it is: it was there before, and nobody declared it. Only the classic place
// can hold one.
func TestDestroyLeavesAContradictionOfOthers(t *testing.T) {
	t.Parallel()

	w := newWorkspace(t)
	before := stored{
		twoFactorObject:  {"email_otp_enabled": "false", "totp_enabled": "true"},
		enrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
	}
	w.console(before)
	o := w.create(twoFactor, values{"email_otp_enabled": true, "totp_enabled": true})
	w.console(stored{twoFactorObject: {"email_otp_enabled": "true", "totp_enabled": "false"}})
	destruction := w.plan(o, nil)
	wantAbsent(t, destruction.diags.String(), "totp_enrollment_enabled")
	wantNoError(t, w.apply(destruction))
	w.wantStored(stored{
		twoFactorObject:  {"email_otp_enabled": "false", "totp_enabled": "false"},
		enrollmentObject: before[enrollmentObject],
	})
}

// TestDestroyAfterUpdateTookOver is two resources that become one: what the other one declares now is its own.
func TestDestroyAfterUpdateTookOver(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		w.sets(values{"email_otp_enabled": false, "totp_enabled": false})
		stays := w.create(twoFactor, values{"email_otp_enabled": true})
		leaves := w.create(twoFactor, values{"totp_enabled": true})
		both := values{"email_otp_enabled": true, "totp_enabled": true}
		p := w.start()
		wantNoError(t, p.refresh(stays))
		wantNoError(t, p.refresh(leaves))
		update, destruction := p.plan(stays, both), p.plan(leaves, nil)
		p = w.start()
		wantNoError(t, p.apply(update))
		wantWarning(t, p.apply(destruction), "Another resource has the two-factor settings", "totp_enabled = false")
		w.wantAction(stays, both, "no-op")
	})
}

// TestDestroyOfADeposedObject: with create_before_destroy, Terraform plans the destruction once more during apply.
func TestDestroyOfADeposedObject(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		old := w.create(portal, values{"enabled": false})
		p := w.start()
		wantNoError(t, p.apply(p.plan(&object{typeName: portal}, values{"enabled": false})))
		wantNoDiagnostics(t, p.plan(old, nil).diags)
		wantWarning(t, w.start().plan(old, nil).diags, "Destroying the My Account portal") // positive control
	})
}

// TestRestoreOfSMSOTPWithoutASender would leave users without their passcodes.
func TestRestoreOfSMSOTPWithoutASender(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, sender := range []bool{false, true} {
			w := newWorkspaceIn(t, at)
			w.withSender()
			w.sets(values{"sms_otp_enabled": true, "email_otp_enabled": false})
			o := w.create(twoFactor, values{"sms_otp_enabled": false, "email_otp_enabled": true})
			if !sender {
				w.setSender(nil)
			}
			destruction := w.plan(o, nil)
			diags := w.apply(destruction)
			wantNoError(t, diags)
			w.wants(values{"sms_otp_enabled": sender, "email_otp_enabled": false})
			if sender {
				wantWarning(t, destruction.diags, "sms_otp_enabled: false -> true")
				wantNoDiagnostics(t, diags)
				continue
			}
			wantWarning(t, destruction.diags, "sms_otp_enabled stays off", "no SMS sender")
			wantAbsent(t, destruction.diags.String(), "sms_otp_enabled: false")
			wantWarning(t, diags, `Not all two-factor settings of "bifrost" are restored`)
		}

		w := newWorkspaceIn(t, at) // who switched the check off answers for the sender
		w.provider["skip_sms_sender_check"] = true
		before := values{"sms_otp_enabled": true}
		w.sets(before)
		wantNoDiagnostics(t, w.apply(w.plan(w.create(twoFactor, values{"sms_otp_enabled": false}), nil)))
		w.wants(before)
	})
}

func TestDestroyOfUnreachableSettingsIsAnnouncedFromTheState(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		w := newWorkspaceIn(t, at)
		o := w.create(portal, values{"enabled": false})
		w.provider["max_retries"] = 0
		breaks("GET", apiPath, mockserver.Fault{
			Action: mockserver.ActionStatus, Status: 503,
			Body: `{"code":503,"message":"Service Unavailable","description":"Try again later."}`,
		})(w)
		destruction := w.start().plan(o, nil)
		wantWarning(t, destruction.diags, `Destroying the My Account portal of "bifrost"`, "enabled: false -> true")
		wantError(t, w.apply(destruction), "Unable to hand back the My Account portal", "HTTP status: 503")
		o.wantState(t, values{"enabled": false})
		w.wants(values{"enabled": false})
	})
}
