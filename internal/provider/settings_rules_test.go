package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The product's rules are judged on the values that will be in effect, declared or live: enrollment needs TOTP, and
// backup codes need a factor. The server itself checks nothing.

func TestRulesAmongDeclaredSettings(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		name   string
		config values
		errors []string // nil: none
	}{
		{
			"an empty block", values{},
			[]string{
				"No setting declared", "Set at least one to true or false: ", "email_otp_enabled, ", "backup_codes_enabled",
			},
		},
		{"only on_destroy", values{"on_destroy": "keep"}, []string{"No setting declared", "Set at least one"}},
		{"only the organization", values{"organization": "bifrost"}, []string{"No setting declared", "Set at least one"}},
		{"enrollment without TOTP", values{"totp_enabled": false, "totp_enrollment_enabled": true}, []string{
			"[totp_enrollment_enabled]", "totp_enrollment_enabled needs totp_enabled",
			"Set totp_enabled = true, or totp_enrollment_enabled = false.",
		}},
		{
			"backup codes without a factor",
			values{"email_otp_enabled": false, "sms_otp_enabled": false, "totp_enabled": false, "backup_codes_enabled": true},
			[]string{
				"[backup_codes_enabled]", "backup_codes_enabled needs email_otp_enabled or sms_otp_enabled or totp_enabled",
			},
		},
		{"a word that on_destroy does not know", values{"email_otp_enabled": true, "on_destroy": "delete"}, []string{
			"[on_destroy]", "Invalid on_destroy", `"delete" is no value of on_destroy. Write "restore", "reset" or "keep".`,
		}},
		{"a misspelt on_destroy", values{"email_otp_enabled": true, "on_destroy": "Restor"}, []string{
			"[on_destroy]", `"Restor" is no value of on_destroy. Write "restore"; it can also be "reset" or "keep".`,
		}},
		{
			"a malformed organization", values{"email_otp_enabled": true, "organization": "Bifrost"},
			[]string{"[organization]", `write "bifrost"`},
		},
		{"one factor", values{"email_otp_enabled": true}, nil},
		{"one factor, declared off", values{"email_otp_enabled": false}, nil},
		{"enrollment with TOTP", values{"totp_enabled": true, "totp_enrollment_enabled": true}, nil},
		{
			"backup codes with one factor of three",
			values{"email_otp_enabled": false, "sms_otp_enabled": false, "totp_enabled": true, "backup_codes_enabled": true},
			nil,
		},
		{
			"backup codes with a factor that may be on",
			values{"email_otp_enabled": false, "sms_otp_enabled": false, "backup_codes_enabled": true}, nil,
		},
		{
			"enrollment with a TOTP that is not known yet",
			values{"totp_enabled": unknown, "totp_enrollment_enabled": true}, nil,
		},
		{
			"backup codes with a factor that is not known yet",
			values{
				"email_otp_enabled": false, "sms_otp_enabled": unknown, "totp_enabled": false, "backup_codes_enabled": true,
			},
			nil,
		},
		{
			"backup codes that are not known yet",
			values{
				"email_otp_enabled": false, "sms_otp_enabled": false, "totp_enabled": false, "backup_codes_enabled": unknown,
			},
			nil,
		},
		{"nothing but unknown", values{"email_otp_enabled": unknown}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			// "terraform validate" does not configure the provider. A plan without it shows errors of the validation alone.
			diags := newProcess(t).plan(&object{typeName: twoFactor}, test.config).diags
			if test.errors == nil {
				wantNoDiagnostics(t, diags)
				return
			}
			wantError(t, diags, test.errors...)
		})
	}
}

// ruleCase is a configuration for an organization with settings of its own; without errors and warning it is fine.
type ruleCase struct {
	name    string
	live    values
	config  values
	errors  []string
	warning []string
	only    string // the place that can have this
}

func TestRulesOnEffectiveValues(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		totpOn := values{"totp_enabled": true}
		enrollmentOn := values{"totp_enabled": true, "totp_enrollment_enabled": true}
		backupOn := values{"email_otp_enabled": true, "backup_codes_enabled": true}
		smsOn := values{"sms_otp_enabled": true}
		for _, test := range []ruleCase{
			{name: "enrollment, TOTP live on", live: totpOn, config: values{"totp_enrollment_enabled": true}},
			{name: "enrollment, TOTP live off", config: values{"totp_enrollment_enabled": true}, errors: []string{
				"[totp_enrollment_enabled]", `Not declared here, but in effect in organization "bifrost": totp_enabled is off.`,
			}},
			{name: "TOTP off, enrollment on", live: enrollmentOn, config: values{"totp_enabled": false}, errors: []string{
				"[totp_enabled]",
				`Not declared here, but in effect in organization "bifrost": totp_enrollment_enabled is on.`,
				"or totp_enrollment_enabled = false",
			}},
			{name: "TOTP off, enrollment live off", live: totpOn, config: values{"totp_enabled": false}},
			{name: "backup codes, all factors live off", config: values{"backup_codes_enabled": true}, errors: []string{
				"[backup_codes_enabled]", "email_otp_enabled is off, sms_otp_enabled is off, totp_enabled is off",
			}},
			{
				name: "backup codes, one factor live on", live: totpOn,
				config: values{"backup_codes_enabled": true, "email_otp_enabled": false},
			},
			{name: "backup codes, SMS OTP live on", live: smsOn, config: values{"backup_codes_enabled": true}},
			{name: "no factor, backup codes on", live: backupOn, config: values{"email_otp_enabled": false}, errors: []string{
				"[email_otp_enabled]", "backup_codes_enabled is on, sms_otp_enabled is off, totp_enabled is off",
			}},
			{
				name:   "one factor off, backup codes live on, another factor on",
				live:   values{"email_otp_enabled": true, "totp_enabled": true, "backup_codes_enabled": true},
				config: values{"email_otp_enabled": false},
			},
			{
				name:   "a contradiction in which nothing declared takes part",
				live:   values{"totp_enabled": false, "totp_enrollment_enabled": true},
				config: values{"email_otp_enabled": true},
				warning: []string{
					`Contradictory settings in organization "bifrost"`,
					"totp_enrollment_enabled is on, but what it needs is off: totp_enabled.", "Terraform does not manage",
				},
				only: "classic",
			},
			{
				name:   "a factor that is not known yet",
				config: values{"backup_codes_enabled": true, "email_otp_enabled": unknown},
			},
			{name: "a TOTP that is not known yet", config: values{"totp_enrollment_enabled": true, "totp_enabled": unknown}},
			{name: "an enrollment that is not known yet", config: values{"totp_enrollment_enabled": unknown}},
		} {
			if test.only != "" && test.only != at.String() {
				continue
			}
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				w.withSender()
				w.sets(test.live)

				// As the plan of a new resource…
				created := w.plan(&object{typeName: twoFactor}, test.config)
				test.check(t, created.diags)
				// … and, judged with what the refresh has just read, of one that exists.
				o := w.adopt(twoFactor)
				w.up(o, values{"sms_otp_enabled": o.state["sms_otp_enabled"]})
				w.calls()
				updated := w.plan(o, test.config)
				test.check(t, updated.diags)
				w.wantCalls(append(at.look(flagsOfType()[twoFactor]...), "POST token")...)
			})
		}
	})
}

// What was broken outside Terraform is heard of in every plan, and holds up neither that nor what comes after it,
// unless the plan changes a setting that takes part. Only the classic place can hold a contradiction: an application
// has no enrollment without TOTP, and no backup codes that count without a factor.
func TestRulesBrokenOutsideTerraform(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config      values
		broken      stored
		warning     string
		other, part values // changes of the configuration: of something else, of what takes part
	}{
		"enrollment without TOTP": {
			values{"totp_enrollment_enabled": true}, stored{
				twoFactorObject: {"totp_enabled": "false", "email_otp_enabled": "true"},
			},
			"totp_enrollment_enabled is on, but what it needs is off: totp_enabled.",
			values{"email_otp_enabled": false}, values{"totp_enabled": false},
		},
		"backup codes without a factor": {
			values{"backup_codes_enabled": true}, stored{
				twoFactorObject: {"backup_code_enabled": "true", "totp_enabled": "false", "email_otp_enabled": "false"},
			},
			"backup_codes_enabled is on, but what it needs is off: email_otp_enabled, sms_otp_enabled, totp_enabled.",
			values{"totp_enrollment_enabled": false}, values{"email_otp_enabled": false},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			w.console(stored{twoFactorObject: {"totp_enabled": "true", "email_otp_enabled": "true"}})
			o := w.create(twoFactor, test.config)
			wantNoDiagnostics(t, w.wantAction(o, test.config, "no-op").diags)

			w.console(test.broken)
			wantWarning(
				t, w.wantAction(o, test.config, "no-op").diags, "Contradictory settings", test.warning, "outside Terraform",
			)
			wantError(t, w.plan(o, test.config.with(test.part)).diags, " needs ")
			other := w.wantAction(o, test.config.with(test.other), "update")
			wantWarning(t, other.diags.about("Contradictory settings"), test.warning, "outside Terraform")
			wantNoError(t, w.apply(other))
			wantNoError(t, w.apply(w.wantAction(o, nil, "delete")))
		})
	}
}

func (test ruleCase) check(t *testing.T, diags diagnostics) {
	t.Helper()
	diags = slices.DeleteFunc(
		slices.Clone(diags),
		func(one *tfprotov6.Diagnostic) bool { return strings.HasPrefix(one.Summary, "Taking over") },
	)
	switch {
	case test.errors != nil:
		wantError(t, diags, test.errors...)
	case test.warning != nil:
		wantWarning(t, diags, test.warning...)
	default:
		wantNoDiagnostics(t, diags)
	}
}

// TestRulesAtApply is about values that the plan could not know.
func TestRulesAtApply(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, test := range []struct {
			name          string
			live          values
			config, known values
			errors        []string
		}{
			{
				"TOTP turns out to be off", nil,
				values{"totp_enabled": unknown, "totp_enrollment_enabled": true}, values{"totp_enabled": false},
				[]string{"[totp_enrollment_enabled]", "needs totp_enabled"},
			},
			{
				"TOTP turns out to be undeclared and live off", nil,
				values{"totp_enabled": unknown, "totp_enrollment_enabled": true}, values{"totp_enabled": nil},
				[]string{"[totp_enrollment_enabled]", `in organization "bifrost": totp_enabled is off`},
			},
			{
				"everything turns out to be undeclared", nil,
				values{"email_otp_enabled": unknown}, values{"email_otp_enabled": nil},
				[]string{"No setting declared", "Set at least one"},
			},
			{
				"the last factor turns out to be off", values{"email_otp_enabled": true, "backup_codes_enabled": true},
				values{"email_otp_enabled": unknown}, values{"email_otp_enabled": false},
				[]string{"[email_otp_enabled]", "backup_codes_enabled is on"},
			},
			{
				"TOTP turns out to be on", nil,
				values{"totp_enabled": unknown, "totp_enrollment_enabled": true}, values{"totp_enabled": true}, nil,
			},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				for _, exists := range []bool{false, true} {
					w := newWorkspaceIn(t, at)
					w.sets(test.live)
					o := &object{typeName: twoFactor}
					if exists {
						w.up(o, values{"sms_otp_enabled": false})
					}
					before := w.kept()
					saved := w.plan(o, test.config)
					diags := w.apply(saved, test.known)
					if test.errors == nil {
						wantNoError(t, diags)
						continue
					}
					wantError(t, diags, test.errors...)
					w.wantKept(before)
					if exists {
						o.wantState(t, values{"sms_otp_enabled": false})
					} else if o.state != nil {
						t.Errorf("the failed create left a state: %v", o.state)
					}
				}
			})
		}
	})
}

// TestContradictionThatAppearsBetweenPlanAndApply has only live values in its favour: the check right before the write
// finds it, and finds it in objects that do not change themselves.
func TestContradictionThatAppearsBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	inBothPlaces(t, func(t *testing.T, at place) {
		for _, test := range []struct {
			name           string
			live           values
			first, config  values
			console        values
			errors         []string
			wantReadsOfAll bool
		}{
			{
				"TOTP goes off, enrollment came on", values{"totp_enabled": true},
				values{"totp_enabled": true}, values{"totp_enabled": false},
				values{"totp_enrollment_enabled": true}, []string{"[totp_enabled]", "totp_enrollment_enabled is on"}, true,
			},
			{
				"enrollment goes on, TOTP went off", values{"totp_enabled": true},
				values{"totp_enrollment_enabled": false}, values{"totp_enrollment_enabled": true},
				values{"totp_enabled": false}, []string{"[totp_enrollment_enabled]", "totp_enabled is off"}, true,
			},
			{
				"the factor goes off, backup codes came on", values{"email_otp_enabled": true},
				values{"email_otp_enabled": true}, values{"email_otp_enabled": false},
				values{
					"email_otp_enabled": true, "backup_codes_enabled": true,
				}, []string{"[email_otp_enabled]", "backup_codes_enabled is on"}, false,
			},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := newWorkspaceIn(t, at)
				w.sets(test.live)
				o := w.create(twoFactor, test.first)
				saved := w.plan(o, test.config)
				wantNoDiagnostics(t, saved.diags)
				w.sets(test.console)
				before := w.kept()
				w.calls()
				wantError(t, w.apply(saved), test.errors...)
				calls := at.look("totp_enabled")
				if test.wantReadsOfAll {
					calls = at.look("totp_enabled", "totp_enrollment_enabled")
				}
				w.wantCalls(append(calls, "POST token")...)
				w.wantKept(before)
				o.wantState(t, test.first)
			})
		}
	})
}

// TestOrderOfWrites makes sure that no moment in between shows a contradiction: what depends on a factor comes after
// it and leaves before it.
func TestOrderOfWrites(t *testing.T) {
	t.Parallel()

	w := newWorkspace(t)
	on := values{"totp_enabled": true, "totp_enrollment_enabled": true}
	off := values{"totp_enabled": false, "totp_enrollment_enabled": false}
	o := &object{typeName: twoFactor}
	for _, step := range []struct {
		config values
		writes []string
	}{
		{on, []string{twoFactorObject, enrollmentObject}},
		{off, []string{enrollmentObject, twoFactorObject}},
		{on, []string{twoFactorObject, enrollmentObject}},
		{nil, []string{enrollmentObject, twoFactorObject}},
	} {
		saved := w.plan(o, step.config)
		w.calls()
		wantNoError(t, w.apply(saved))
		if diff := cmp.Diff(step.writes, w.writes()); diff != "" {
			t.Errorf("%v: writes differ (- want, + got):\n%s", step.config, diff)
		}
	}
}
