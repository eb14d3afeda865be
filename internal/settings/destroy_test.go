package settings_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Destroying hands the settings back: these tests look at what the plan announces, what is written, and what remains.

// TestOnDestroy walks through everything that decides what destroying the two-factor settings does. Terraform
// switches email OTP off, and TOTP and enrollment on. The classic place stores the latter in an object of its own, so
// that a destroy can fail half-way; in the application it fails as a whole.
func TestOnDestroy(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		all := len(at.DocumentsWrittenFor("totp_enabled", "totp_enrollment_enabled"))
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
	at       providertest.Place
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
	w := providertest.NewWorkspaceIn(t, c.at)
	if c.present {
		w.Sets(c.flags(true, false, false))
	}
	config := values{"email_otp_enabled": false, "totp_enabled": true, "totp_enrollment_enabled": true}
	if c.mode != "" {
		config["on_destroy"] = c.mode
	}
	o := &providertest.Object{TypeName: providertest.TwoFactor}
	if c.imported {
		o = w.Adopt(providertest.TwoFactor)
	}
	w.Up(o, config)
	w.Wants(c.flags(false, true, true))
	email := false
	if c.changed {
		email = true
		w.Sets(c.flags(email, true, true))
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

	destruction := w.Plan(o, nil)
	if announced == nil {
		providertest.WantNoDiagnostics(t, destruction.Diags)
	} else {
		providertest.WantWarning(t, destruction.Diags, announced...)
		providertest.WantAbsent(t, destruction.Diags.String(), append(unannounced, "sms_otp_enabled")...)
	}
	w.Calls()
	state := o.State
	w.RefuseSettings(c.passing)
	diags := w.Apply(destruction)

	switch {
	case c.mode == "keep":
		providertest.WantNoDiagnostics(t, diags)
		w.WantCalls()
	case c.passing < c.all:
		fragments := []string{"Unable to hand back the two-factor settings", c.at.Refusal()}
		if c.passing == 1 {
			fragments = append(fragments, "Already written:\n\n  totp_enrollment_enabled: ",
				"The resource stays in the state")
			w.Wants(c.flags(email, true, false))
		} else {
			providertest.WantAbsent(t, diags.String(), "Already written")
			w.Wants(c.flags(email, true, true))
		}
		providertest.WantError(t, diags, fragments...)
		if diff := cmp.Diff(state, o.State); diff != "" {
			t.Errorf("the failure changed the state:\n%s", diff)
		}
		o.WantIdentity(t)

		// The next destroy finishes the work.
		w.Mock.ClearFaults()
		destruction = w.Plan(o, nil)
		providertest.WantWarning(t, destruction.Diags, "  totp_enabled: true -> false")
		providertest.WantAbsent(t, destruction.Diags.String(), "left as they are: totp")
		providertest.WantNoDiagnostics(t, w.Apply(destruction))
	default:
		providertest.WantNoDiagnostics(t, diags)
		want := c.at.DocumentsWrittenFor("totp_enabled", "totp_enrollment_enabled")
		slices.Reverse(want)
		if diff := cmp.Diff(want, w.Writes()); diff != "" {
			t.Errorf("what depends on TOTP goes first (- want, + got):\n%s", diff)
		}
	}
	if o.State != nil || o.Private != nil {
		t.Errorf("destroyed, but still in the state: %v", o.State)
	}
	w.Wants(after)
}

// enrollment is what the plan says that becomes of enrollment. In the application it is not Terraform's default.
func (c destroyCase) enrollment() providertest.FlagState {
	if c.mode == "reset" && c.at.String() == "application" {
		return providertest.FlagNotSet
	}
	return providertest.FlagOff
}

func TestOnDestroyOfThePortal(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
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
				w := providertest.NewWorkspaceIn(t, at)
				w.Sets(test.live)
				o := w.Create(providertest.Portal, test.config)
				w.Sets(test.console)
				destruction := w.Plan(o, nil)
				if test.warning == nil {
					providertest.WantNoDiagnostics(t, destruction.Diags)
				} else {
					providertest.WantWarning(t, providertest.WithoutSignOutWarning(destruction.Diags), test.warning...)
				}
				providertest.WantNoDiagnostics(t, w.Apply(destruction))
				w.Wants(test.want)
			})
		}
	})
}

// What depends on a factor that goes off goes off with it, declared or not, and what lacks its precondition stays off.
func TestOnDestroyLeavesNoContradiction(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
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
				w := providertest.NewWorkspaceIn(t, at)
				w.Sets(test.live)
				o := &providertest.Object{TypeName: providertest.TwoFactor}
				providertest.WantNoError(t, w.Apply(w.Plan(o, test.config)))
				w.Sets(test.console)
				destruction := w.Plan(o, nil)
				providertest.WantWarning(t, destruction.Diags, test.warning...)
				const undeclared = "(not managed here"
				said := strings.Count(destruction.Diags.String(), undeclared)
				if want := strings.Count(strings.Join(test.warning, ""), undeclared); said != want {
					t.Errorf("%d settings are said to be undeclared, want %d:\n%s", said, want, destruction.Diags)
				}
				diags := w.Apply(destruction)
				providertest.WantNoError(t, diags)
				if last := test.warning[len(test.warning)-1]; strings.Contains(last, "stays off") {
					providertest.WantWarning(t, diags, "Not all two-factor settings", last)
				} else {
					providertest.WantNoDiagnostics(t, diags)
				}
				w.Wants(test.want)
			})
		}
	})
}

// TestWhatADestroyLeavesToOthers is neither what it changes all the same, nor what is as it would make it.
func TestWhatADestroyLeavesToOthers(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for name, test := range map[string]struct {
			live, config, console values
			changed               string
			left                  bool
		}{
			"a factor goes back, and backup codes need it": {
				nil, values{"email_otp_enabled": true, "backup_codes_enabled": false},
				values{"email_otp_enabled": true, "backup_codes_enabled": true}, "backup_codes_enabled: true -> false", false,
			},
			"a reset": {
				values{"totp_enabled": true},
				values{"email_otp_enabled": true, "totp_enabled": true, "on_destroy": "reset"},
				values{"email_otp_enabled": true}, "email_otp_enabled: true -> false", false,
			},
			"somebody has switched a factor on": { // positive control
				nil, values{"email_otp_enabled": true, "totp_enabled": false},
				values{"email_otp_enabled": true, "totp_enabled": true}, "email_otp_enabled: true -> false", true,
			},
		} {
			w := providertest.NewWorkspaceIn(t, at)
			w.Sets(test.live)
			o := w.Create(providertest.TwoFactor, test.config)
			w.Sets(test.console)
			announced := w.Plan(o, nil).Diags
			providertest.WantWarning(t, announced, "Destroying the two-factor settings", test.changed)
			if left := strings.Contains(announced.String(), "left as they are"); left != test.left {
				t.Errorf("%s: others' values are left: %t:\n%s", name, left, announced)
			}
		}
	})
}

func TestDestroyWithoutRecord(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, setting := range map[string]values{
			providertest.Portal: {"enabled": false}, providertest.TwoFactor: {"email_otp_enabled": true},
		} {
			for _, mode := range []string{"restore", "reset"} {
				t.Run(typeName+" "+mode, func(t *testing.T) {
					t.Parallel()
					w := providertest.NewWorkspaceIn(t, at)
					config := values{"on_destroy": mode}
					maps.Copy(config, setting)
					o := w.Create(typeName, config)
					before := w.Organization()
					o.Private = nil // as "terraform taint" does

					destruction := w.Plan(o, nil)
					w.Calls()
					if mode == "reset" { // positive control: it needs no record
						providertest.WantWarning(t, destruction.Diags, `on_destroy = "reset"`)
						providertest.WantNoDiagnostics(t, w.Apply(destruction))
						if len(w.Writes()) != 1 {
							t.Error("reset wrote nothing")
						}
						return
					}
					providertest.WantWarning(t, destruction.Diags, "no record of what the settings were", `on_destroy = "reset"`)
					providertest.WantWarning(t, w.Apply(destruction), "Nothing to restore", "so they stay as they are")
					w.WantCalls()
					w.WantOrganization(before)
				})
			}
		}
	})
}

// TestDestroyOfThePredecessor is about create_before_destroy: the successor manages the same settings already.
func TestDestroyOfThePredecessor(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for typeName, config := range map[string]values{
			providertest.Portal: {"enabled": false}, providertest.TwoFactor: {"email_otp_enabled": true},
		} {
			t.Run(typeName, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				old := w.Create(typeName, config)
				held, copied := w.Organization(), *old

				successor := &providertest.Object{TypeName: typeName}
				p := w.Start()
				providertest.WantNoError(t, p.Apply(p.Plan(successor, config)))
				providertest.WantNoError(t, p.Apply(p.Plan(old, nil)))
				w.WantOrganization(held)
				if old.State != nil {
					t.Error("the predecessor is still in the state")
				}

				// Positive control: a process that has not created the successor hands back.
				providertest.WantNoError(t, w.Apply(w.Plan(&copied, nil)))
				if diff := cmp.Diff(held, w.Organization()); diff == "" {
					t.Error("nothing was handed back")
				}
			})
		}
	})
}

// TestDestroyOfAPredecessorWithoutRecord says nothing of what could not be restored: the successor has it.
func TestDestroyOfAPredecessorWithoutRecord(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, typeName := range []string{providertest.Portal, providertest.TwoFactor} {
			configs := providertest.ConfigsOf[typeName]
			w := providertest.NewWorkspaceIn(t, at)
			old := w.Create(typeName, configs[0])
			old.Private = nil // as "terraform taint" does
			held, copied := w.Organization(), *old
			p := w.Start()
			providertest.WantNoError(t, p.Apply(p.Plan(&providertest.Object{TypeName: typeName}, configs[0])))
			destruction := p.Plan(old, nil)
			providertest.WantNoDiagnostics(t, destruction.Diags)
			providertest.WantNoDiagnostics(t, p.Apply(destruction))
			w.WantOrganization(held)
			providertest.WantWarning(t, w.Apply(w.Plan(&copied, nil)), "Nothing to restore") // positive control
		}
	})
}

// TestDestroyLeavesTheSuccessorsSettings alone, and only those.
func TestDestroyLeavesTheSuccessorsSettings(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		w.Sets(values{"email_otp_enabled": false, "totp_enabled": false})
		old := w.Create(providertest.TwoFactor, values{"email_otp_enabled": true, "totp_enabled": true})
		destruction := w.Plan(old, nil)
		p := w.Start()
		providertest.WantNoError(
			t,
			p.Apply(p.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, values{"email_otp_enabled": true})),
		)
		diags := p.Apply(destruction)
		providertest.WantNoError(t, diags)
		providertest.WantWarning(
			t, diags, `Another resource has the two-factor settings of "bifrost" now`, "  email_otp_enabled = false",
		)
		providertest.WantAbsent(t, diags.String(), "totp_enabled =")
		w.Wants(values{"email_otp_enabled": true, "totp_enabled": false})
	})
}

// TestDestroyBesideCreate is a rename without a moved block: Terraform runs both at the same time.
func TestDestroyBesideCreate(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		config := values{"email_otp_enabled": true, "totp_enabled": true}
		w := providertest.NewWorkspaceIn(t, at)
		old := w.Create(providertest.TwoFactor, values{"email_otp_enabled": true})
		p := w.Start()
		fresh := &providertest.Object{TypeName: providertest.TwoFactor}
		creation, destruction := p.Plan(fresh, config), p.Plan(old, nil)
		p = w.Start()
		put := w.Place.Writes("bifrost")
		w.Mock.AddFault(mockserver.Fault{Match: put, Times: 1, Action: mockserver.ActionLatency, LatencyMS: 300})
		created := make(chan providertest.Diagnostics)
		go func() { created <- p.Apply(creation) }()
		for deadline := time.Now().Add(10 * time.Second); len(w.Mock.Faults()) > 0 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond) // until the create, with the lock held, waits for its PUT
		}
		providertest.WantNoError(t, p.Apply(destruction))
		providertest.WantNoError(t, <-created)
		w.WantAction(fresh, config, "no-op")
	})
}

// TestDestroyBesideCreateThatFails waits for what comes of the create, and hands back what it did not take.
func TestDestroyBesideCreateThatFails(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		before := values{"email_otp_enabled": false, "totp_enabled": false}
		w := providertest.NewWorkspaceIn(t, at)
		w.Wrap = providertest.BesidesFaults(t)
		w.Sets(before)
		old, fresh := w.Create(
			providertest.TwoFactor,
			values{"email_otp_enabled": true},
		), &providertest.Object{
			TypeName: providertest.TwoFactor,
		}
		p := w.Start()
		creation, destruction := p.Plan(
			fresh,
			values{"email_otp_enabled": true, "totp_enabled": true},
		), p.Plan(
			old,
			nil,
		)
		p = w.Start()
		put := w.Place.Writes("bifrost")
		w.Mock.AddFault(mockserver.Fault{
			Match: put, Times: 1, Action: mockserver.ActionStatus, Status: 400, LatencyMS: 300,
			Body: `{"code":"CONFIGM_00033","message":"no"}`,
		})
		created := make(chan providertest.Diagnostics)
		go func() { created <- p.Apply(creation) }()
		for deadline := time.Now().Add(10 * time.Second); len(w.Mock.Faults()) > 0 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond) // until the create waits for its PUT
		}
		diags := p.Apply(destruction)
		providertest.WantError(t, <-created, "Unable to create the two-factor settings")
		providertest.WantNoDiagnostics(t, diags)
		w.Wants(before)
	})
}

// TestWaitingForATurn ends when the operation's time does, and loses nothing.
func TestWaitingForATurn(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		short := values{"update": "100ms", "delete": "100ms"}
		w := providertest.NewWorkspaceIn(t, at)
		waits := w.Create(providertest.TwoFactor, values{"email_otp_enabled": true, "timeouts": short})
		p := w.Start()
		creation := p.Plan(&providertest.Object{TypeName: providertest.Portal}, values{"enabled": false})
		create := p.Plan(
			&providertest.Object{TypeName: providertest.TwoFactor},
			values{"totp_enabled": true, "timeouts": values{"create": "100ms"}},
		)
		update, destruction := p.Plan(
			waits,
			values{"email_otp_enabled": false, "timeouts": short},
		), p.Plan(
			waits,
			nil,
		)
		without := p.Plan(waits, values{"email_otp_enabled": true, "timeouts": short, "on_destroy": "keep"})
		p = w.Start()
		put := w.Place.Writes("bifrost")
		w.Mock.AddFault(mockserver.Fault{Match: put, Times: 1, Action: mockserver.ActionLatency, LatencyMS: 3000})
		created := make(chan providertest.Diagnostics)
		go func() { created <- p.Apply(creation) }()
		for deadline := time.Now().Add(10 * time.Second); len(w.Mock.Faults()) > 0 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond) // until the create, whose turn it is, waits for its PUT
		}
		for _, change := range []*providertest.Plan{create, update, destruction} {
			providertest.WantError(t, p.Apply(change), "Unable to ",
				`while another resource of organization "bifrost" was being changed`)
		}
		if waits.State["email_otp_enabled"] != true || create.Object.State != nil {
			t.Errorf("the states are %v and %v", waits.State, create.Object.State)
		}
		providertest.WantNoError(t, p.Apply(without)) // which changes no setting, and waits for nobody
		providertest.WantNoError(t, <-created)
	})
}

// TestDestroyLeavesAContradictionOfOthers as it is: it was there before, and nobody declared it. Only the classic place
// can hold one.
func TestDestroyLeavesAContradictionOfOthers(t *testing.T) {
	t.Parallel()

	w := providertest.NewWorkspace(t)
	before := stored{
		providertest.TwoFactorObject:  {"email_otp_enabled": "false", "totp_enabled": "true"},
		providertest.EnrollmentObject: {"enrolUserInAuthenticationFlow": "true"},
	}
	w.Console(before)
	o := w.Create(providertest.TwoFactor, values{"email_otp_enabled": true, "totp_enabled": true})
	w.Console(stored{providertest.TwoFactorObject: {"email_otp_enabled": "true", "totp_enabled": "false"}})
	destruction := w.Plan(o, nil)
	providertest.WantAbsent(t, destruction.Diags.String(), "totp_enrollment_enabled")
	providertest.WantNoError(t, w.Apply(destruction))
	w.WantStored(stored{
		providertest.TwoFactorObject:  {"email_otp_enabled": "false", "totp_enabled": "false"},
		providertest.EnrollmentObject: before[providertest.EnrollmentObject],
	})
}

// TestDestroyAfterUpdateTookOver is two resources that become one: what the other one declares now is its own.
func TestDestroyAfterUpdateTookOver(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		w.Sets(values{"email_otp_enabled": false, "totp_enabled": false})
		stays := w.Create(providertest.TwoFactor, values{"email_otp_enabled": true})
		leaves := w.Create(providertest.TwoFactor, values{"totp_enabled": true})
		both := values{"email_otp_enabled": true, "totp_enabled": true}
		p := w.Start()
		providertest.WantNoError(t, p.Refresh(stays))
		providertest.WantNoError(t, p.Refresh(leaves))
		update, destruction := p.Plan(stays, both), p.Plan(leaves, nil)
		p = w.Start()
		providertest.WantNoError(t, p.Apply(update))
		providertest.WantWarning(t, p.Apply(destruction), "Another resource has the two-factor settings",
			"totp_enabled = false")
		w.WantAction(stays, both, "no-op")
	})
}

// TestDestroyOfADeposedObject: with create_before_destroy, Terraform plans the destruction once more during apply.
func TestDestroyOfADeposedObject(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		old := w.Create(providertest.Portal, values{"enabled": false})
		p := w.Start()
		providertest.WantNoError(t,
			p.Apply(p.Plan(&providertest.Object{TypeName: providertest.Portal}, values{"enabled": false})))
		providertest.WantNoDiagnostics(t, p.Plan(old, nil).Diags)
		providertest.WantWarning(t, w.Start().Plan(old, nil).Diags, "Destroying the My Account portal") // positive control
	})
}

// TestRestoreOfSMSOTPWithoutASender would leave users without their passcodes.
func TestRestoreOfSMSOTPWithoutASender(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, sender := range []bool{false, true} {
			w := providertest.NewWorkspaceIn(t, at)
			w.WithSender()
			w.Sets(values{"sms_otp_enabled": true, "email_otp_enabled": false})
			o := w.Create(providertest.TwoFactor, values{"sms_otp_enabled": false, "email_otp_enabled": true})
			if !sender {
				w.SetSender(nil)
			}
			destruction := w.Plan(o, nil)
			diags := w.Apply(destruction)
			providertest.WantNoError(t, diags)
			w.Wants(values{"sms_otp_enabled": sender, "email_otp_enabled": false})
			if sender {
				providertest.WantWarning(t, destruction.Diags, "sms_otp_enabled: false -> true")
				providertest.WantNoDiagnostics(t, diags)
				continue
			}
			providertest.WantWarning(t, destruction.Diags, "sms_otp_enabled stays off", "no SMS sender")
			providertest.WantAbsent(t, destruction.Diags.String(), "sms_otp_enabled: false")
			providertest.WantWarning(t, diags, `Not all two-factor settings of "bifrost" are restored`)
		}

		w := providertest.NewWorkspaceIn(t, at) // who switched the check off answers for the sender
		w.Provider["skip_sms_sender_check"] = true
		before := values{"sms_otp_enabled": true}
		w.Sets(before)
		providertest.WantNoDiagnostics(t,
			w.Apply(w.Plan(w.Create(providertest.TwoFactor, values{"sms_otp_enabled": false}), nil)))
		w.Wants(before)
	})
}

func TestDestroyOfUnreachableSettingsIsAnnouncedFromTheState(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		w := providertest.NewWorkspaceIn(t, at)
		o := w.Create(providertest.Portal, values{"enabled": false})
		w.Provider["max_retries"] = 0
		providertest.Breaks("GET", providertest.APIPath, mockserver.Fault{
			Action: mockserver.ActionStatus, Status: 503,
			Body: `{"code":503,"message":"Service Unavailable","description":"Try again later."}`,
		})(w)
		destruction := w.Start().Plan(o, nil)
		providertest.WantWarning(t, destruction.Diags, `Destroying the My Account portal of "bifrost"`,
			"enabled: false -> true")
		providertest.WantError(t, w.Apply(destruction), "Unable to hand back the My Account portal", "HTTP status: 503")
		o.WantState(t, values{"enabled": false})
		w.Wants(values{"enabled": false})
	})
}
