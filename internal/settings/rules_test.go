package settings_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// The product's rules are judged on the values that will be in effect, declared or live: enrollment needs TOTP, and
// backup codes need a factor. The server itself checks nothing.

// passcodes are the factors that backup codes need one of, in the order of the messages.
var passcodes = handover.NamesOf(portal.Passcodes())

func without(name string, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(one string) bool { return one == name })
}

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
			providertest.EveryFactor(false).With(values{"backup_codes_enabled": true}),
			[]string{"[backup_codes_enabled]", "backup_codes_enabled needs " + strings.Join(passcodes, " or ")},
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
			"backup codes with one of the factors",
			values{"email_otp_enabled": false, "sms_otp_enabled": false, "totp_enabled": true, "backup_codes_enabled": true},
			nil,
		},
		{
			"backup codes with a factor that may be on",
			values{"email_otp_enabled": false, "sms_otp_enabled": false, "backup_codes_enabled": true}, nil,
		},
		{
			"enrollment with a TOTP that is not known yet",
			values{"totp_enabled": providertest.Unknown, "totp_enrollment_enabled": true}, nil,
		},
		{
			"backup codes with a factor that is not known yet",
			values{
				"email_otp_enabled": false, "sms_otp_enabled": providertest.Unknown, "totp_enabled": false,
				"backup_codes_enabled": true,
			},
			nil,
		},
		{
			"backup codes that are not known yet",
			values{
				"email_otp_enabled": false, "sms_otp_enabled": false, "totp_enabled": false,
				"backup_codes_enabled": providertest.Unknown,
			},
			nil,
		},
		{"nothing but unknown", values{"email_otp_enabled": providertest.Unknown}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			// "terraform validate" does not configure the provider. A plan without it shows errors of the validation alone.
			diags := providertest.NewProcess(t).Plan(&providertest.Object{TypeName: providertest.TwoFactor}, test.config).Diags
			if test.errors == nil {
				providertest.WantNoDiagnostics(t, diags)
				return
			}
			providertest.WantError(t, diags, test.errors...)
			providertest.WantAbsent(t, diags.String(), "Not declared here") // of the values: all are
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
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
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
				"[backup_codes_enabled]", strings.Join(passcodes, " is off, ") + " is off",
			}},
			{
				name: "backup codes, one factor live on", live: totpOn,
				config: values{"backup_codes_enabled": true, "email_otp_enabled": false},
			},
			{name: "backup codes, SMS OTP live on", live: smsOn, config: values{"backup_codes_enabled": true}},
			{name: "no factor, backup codes on", live: backupOn, config: values{"email_otp_enabled": false}, errors: []string{
				"[email_otp_enabled]",
				"backup_codes_enabled is on, " + strings.Join(without("email_otp_enabled", passcodes), " is off, ") + " is off",
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
				config: values{"backup_codes_enabled": true, "email_otp_enabled": providertest.Unknown},
			},
			{
				name:   "a TOTP that is not known yet",
				config: values{"totp_enrollment_enabled": true, "totp_enabled": providertest.Unknown},
			},
			{name: "an enrollment that is not known yet", config: values{"totp_enrollment_enabled": providertest.Unknown}},
		} {
			if test.only != "" && test.only != at.String() {
				continue
			}
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				w := providertest.NewWorkspaceIn(t, at)
				w.WithSender()
				w.Sets(test.live)

				// As the plan of a new resource…
				created := w.Plan(&providertest.Object{TypeName: providertest.TwoFactor}, test.config)
				test.check(t, created.Diags)
				// … and, judged with what the refresh has just read, of one that exists.
				o := w.Adopt(providertest.TwoFactor)
				w.Up(o, values{"sms_otp_enabled": o.State["sms_otp_enabled"]})
				w.Calls()
				updated := w.Plan(o, test.config)
				test.check(t, updated.Diags)
				w.WantCalls(append(at.Look(providertest.FlagsOfType()[providertest.TwoFactor]...), "POST token")...)
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
		broken      providertest.Stored
		warning     string
		other, part values // changes of the configuration: of something else, of what takes part
	}{
		"enrollment without TOTP": {
			values{"totp_enrollment_enabled": true}, stored{
				providertest.TwoFactorObject: {"totp_enabled": "false", "email_otp_enabled": "true"},
			},
			"totp_enrollment_enabled is on, but what it needs is off: totp_enabled.",
			values{"email_otp_enabled": false}, values{"totp_enabled": false},
		},
		"backup codes without a factor": {
			values{"backup_codes_enabled": true}, stored{
				providertest.TwoFactorObject: {
					"backup_code_enabled": "true", "totp_enabled": "false", "email_otp_enabled": "false",
				},
			},
			"backup_codes_enabled is on, but what it needs is off: " + strings.Join(passcodes, ", ") + ".",
			values{"totp_enrollment_enabled": false}, values{"email_otp_enabled": false},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := providertest.NewWorkspace(t)
			w.Console(stored{providertest.TwoFactorObject: {"totp_enabled": "true", "email_otp_enabled": "true"}})
			o := w.Create(providertest.TwoFactor, test.config)
			providertest.WantNoDiagnostics(t, w.WantAction(o, test.config, "no-op").Diags)

			w.Console(test.broken)
			providertest.WantWarning(
				t, w.WantAction(o, test.config, "no-op").Diags, "Contradictory settings", test.warning, "outside Terraform",
			)
			providertest.WantError(t, w.Plan(o, test.config.With(test.part)).Diags, " needs ")
			other := w.WantAction(o, test.config.With(test.other), "update")
			providertest.WantWarning(t, other.Diags.About("Contradictory settings"), test.warning, "outside Terraform")
			providertest.WantNoError(t, w.Apply(other))
			providertest.WantNoError(t, w.Apply(w.WantAction(o, nil, "delete")))
		})
	}
}

func (test ruleCase) check(t *testing.T, diags providertest.Diagnostics) {
	t.Helper()
	diags = slices.DeleteFunc(
		slices.Clone(diags),
		func(one *tfprotov6.Diagnostic) bool { return strings.HasPrefix(one.Summary, "Taking over") },
	)
	switch {
	case test.errors != nil:
		providertest.WantError(t, diags, test.errors...)
	case test.warning != nil:
		providertest.WantWarning(t, diags, test.warning...)
	default:
		providertest.WantNoDiagnostics(t, diags)
	}
}

// TestRulesAtApply is about values that the plan could not know.
func TestRulesAtApply(t *testing.T) {
	t.Parallel()
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
		for _, test := range []struct {
			name          string
			live          values
			config, known values
			errors        []string
		}{
			{
				"TOTP turns out to be off", nil,
				values{"totp_enabled": providertest.Unknown, "totp_enrollment_enabled": true}, values{"totp_enabled": false},
				[]string{"[totp_enrollment_enabled]", "needs totp_enabled"},
			},
			{
				"TOTP turns out to be undeclared and live off", nil,
				values{"totp_enabled": providertest.Unknown, "totp_enrollment_enabled": true}, values{"totp_enabled": nil},
				[]string{"[totp_enrollment_enabled]", `in organization "bifrost": totp_enabled is off`},
			},
			{
				"everything turns out to be undeclared", nil,
				values{"email_otp_enabled": providertest.Unknown}, values{"email_otp_enabled": nil},
				[]string{"No setting declared", "Set at least one"},
			},
			{
				"the last factor turns out to be off", values{"email_otp_enabled": true, "backup_codes_enabled": true},
				values{"email_otp_enabled": providertest.Unknown}, values{"email_otp_enabled": false},
				[]string{"[email_otp_enabled]", "backup_codes_enabled is on"},
			},
			{
				"TOTP turns out to be on", nil,
				values{"totp_enabled": providertest.Unknown, "totp_enrollment_enabled": true}, values{"totp_enabled": true}, nil,
			},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				for _, exists := range []bool{false, true} {
					w := providertest.NewWorkspaceIn(t, at)
					w.Sets(test.live)
					o := &providertest.Object{TypeName: providertest.TwoFactor}
					if exists {
						w.Up(o, values{"sms_otp_enabled": false})
					}
					before := w.Organization()
					saved := w.Plan(o, test.config)
					diags := w.Apply(saved, test.known)
					if test.errors == nil {
						providertest.WantNoError(t, diags)
						continue
					}
					providertest.WantError(t, diags, test.errors...)
					w.WantOrganization(before)
					if exists {
						o.WantState(t, values{"sms_otp_enabled": false})
					} else if o.State != nil {
						t.Errorf("the failed create left a state: %v", o.State)
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
	providertest.InBothPlaces(t, func(t *testing.T, at providertest.Place) {
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
				w := providertest.NewWorkspaceIn(t, at)
				w.Sets(test.live)
				o := w.Create(providertest.TwoFactor, test.first)
				saved := w.Plan(o, test.config)
				providertest.WantNoDiagnostics(t, saved.Diags)
				w.Sets(test.console)
				before := w.Organization()
				w.Calls()
				providertest.WantError(t, w.Apply(saved), test.errors...)
				calls := at.Look("totp_enabled")
				if test.wantReadsOfAll {
					calls = at.Look("totp_enabled", "totp_enrollment_enabled")
				}
				w.WantCalls(append(calls, "POST token")...)
				w.WantOrganization(before)
				o.WantState(t, test.first)
			})
		}
	})
}

// TestOrderOfWrites makes sure that no moment in between shows a contradiction: what depends on a factor comes after
// it and leaves before it.
func TestOrderOfWrites(t *testing.T) {
	t.Parallel()

	w := providertest.NewWorkspace(t)
	on := values{"totp_enabled": true, "totp_enrollment_enabled": true}
	off := values{"totp_enabled": false, "totp_enrollment_enabled": false}
	o := &providertest.Object{TypeName: providertest.TwoFactor}
	for _, step := range []struct {
		config values
		writes []string
	}{
		{on, []string{providertest.TwoFactorObject, providertest.EnrollmentObject}},
		{off, []string{providertest.EnrollmentObject, providertest.TwoFactorObject}},
		{on, []string{providertest.TwoFactorObject, providertest.EnrollmentObject}},
		{nil, []string{providertest.EnrollmentObject, providertest.TwoFactorObject}},
	} {
		saved := w.Plan(o, step.config)
		w.Calls()
		providertest.WantNoError(t, w.Apply(saved))
		if diff := cmp.Diff(step.writes, w.Writes()); diff != "" {
			t.Errorf("%v: writes differ (- want, + got):\n%s", step.config, diff)
		}
	}
}
