package portal

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// secondFactors are the authenticators behind the settings, in the order in which they are written.
var secondFactors = []struct {
	setting       Setting
	authenticator string
}{
	{TOTP, "totp"},
	{EmailOTP, "email-otp-authenticator"},
	{SMSOTP, "sms-otp-authenticator"},
	{BackupCodes, "backup-code-authenticator"},
}

// handlers take part in a step without checking who the user is.
var handlers = []string{
	"IdentifierExecutor", "SessionExecutor", "OrganizationIdentifierHandler", "SharedUserIdentifierExecutor",
}

// Factor returns the setting behind an option, or nothing.
func (o Option) Factor() Setting {
	for _, factor := range secondFactors {
		if o.Connection == "" && o.Authenticator == factor.authenticator {
			return factor.setting
		}
	}
	return ""
}

// Handles reports that an option takes part in a step without checking who the user is.
func (o Option) Handles() bool {
	return o.Connection == "" && slices.Contains(handlers, o.Authenticator)
}

// verifies reports whether an option proves who the user is. A backup code only stands in for another factor.
func (o Option) verifies() bool {
	return o.Factor() != BackupCodes && !o.Handles()
}

func (s Step) verifies() bool {
	return slices.ContainsFunc(s.Options, Option.verifies)
}

func (s Step) offers(factors ...Setting) bool {
	return slices.ContainsFunc(s.Options, func(o Option) bool { return slices.Contains(factors, o.Factor()) })
}

func (s Step) offersOTP() bool {
	return s.offers(TOTP, EmailOTP, SMSOTP)
}

// secondFactorSteps returns the ids of the steps with second factors. A factor before all others is the first one.
func (f Flow) secondFactorSteps() []int {
	var ids []int
	verified := false
	for i, step := range f.Steps {
		if verified && (step.offersOTP() || step.offers(BackupCodes)) {
			ids = append(ids, i+1)
		}
		verified = verified || step.verifies()
	}
	return ids
}

// Settings returns what the flow says about two-factor authentication. Backup codes are of no use without an OTP.
func (f Flow) Settings() Settings {
	values := Settings{}
	for _, setting := range TwoFactor() {
		values[setting] = Off
	}
	form := f.form()
	for _, id := range f.secondFactorSteps() {
		step := f.Steps[id-1]
		for _, factor := range secondFactors {
			if id <= form.runs && step.offers(factor.setting) && step.offersOTP() {
				values[factor.setting] = On
			}
		}
	}
	if values[TOTP] == On {
		values[TOTPEnrollment] = form.enrollment // it stays off where TOTP is not offered: nobody can enroll there
	}
	return values
}

// SendsSMS reports whether the flow takes an SMS sender, be it for a second factor or for the first.
func (f Flow) SendsSMS() bool {
	return len(f.stepsOffering(SMSOTP)) > 0
}

// Shape tells flows apart by how far settings can describe them. With "none", users sign in without a second factor;
// with "simple", the last step is for second factors, and nothing else asks for them; anything else is "custom".
func (f Flow) Shape() string {
	switch {
	case f.WhyCustom() != "":
		return "custom"
	case len(f.secondFactorSteps()) == 0:
		return "none"
	}
	return "simple"
}

// WhyCustom returns why the settings cannot be changed in this flow without a decision that is not ours. It is empty
// for a flow with no second factors, or with a last step for them, that executes all its steps.
func (f Flow) WhyCustom() (reason string) {
	form, second, all := f.form(), f.secondFactorSteps(), len(f.Steps)
	empty := slices.IndexFunc(f.Steps, func(step Step) bool { return len(step.Options) == 0 })
	switch {
	case form.own:
		return "its script is not one that the Console generates"
	case form.runs < all:
		return fmt.Sprintf("its script runs %d of %d steps", form.runs, all)
	case form.runs > all:
		return fmt.Sprintf("its script runs %d steps, but it has only %d", form.runs, all)
	case empty >= 0: // the server hides some options, and refuses a step without any
		return fmt.Sprintf("step %d shows no option", empty+1)
	case len(second) == 0:
		return ""
	case len(second) == 2:
		return fmt.Sprintf("it has two steps with second factors (%d and %d)", second[0], second[1])
	case len(second) > 2:
		return fmt.Sprintf("it has %d steps with second factors", len(second))
	case second[0] < all:
		return fmt.Sprintf("step %d follows the second factors", second[0]+1)
	}
	return f.whyLastCustom()
}

// whyLastCustom is WhyCustom for the last step, which is the only one with second factors.
func (f Flow) whyLastCustom() (reason string) {
	id := len(f.Steps)
	last := f.Steps[id-1]
	other := slices.IndexFunc(last.Options, func(option Option) bool { return option.Factor() == "" })
	switch {
	case other >= 0:
		return fmt.Sprintf("step %d offers %s beside the second factors", id, last.Options[other].words())
	case !last.offersOTP():
		return fmt.Sprintf("backup codes stand alone in step %d", id)
	case f.SubjectStep == id:
		return fmt.Sprintf("the user is identified in step %d, the step of the second factors", id)
	case f.AttributeStep == id:
		return fmt.Sprintf("the user's attributes come from step %d, the step of the second factors", id)
	}
	for _, factor := range secondFactors {
		ids := f.stepsOffering(factor.setting)
		switch {
		case len(ids) < 2 || !last.offers(factor.setting): // once at the most, or before this step only
		case ids[0] == id:
			return fmt.Sprintf("it asks for %s twice (step %d)", factor.setting, id)
		default:
			return fmt.Sprintf("it asks for %s twice (steps %d and %d)", factor.setting, ids[0], id)
		}
	}
	return ""
}

// stepsOffering returns the ids of the steps that offer a factor, one for each option.
func (f Flow) stepsOffering(factor Setting) []int {
	var ids []int
	for i, step := range f.Steps {
		for _, option := range step.Options {
			if option.Factor() == factor {
				ids = append(ids, i+1)
			}
		}
	}
	return ids
}

// Lines describes the steps for a message, one line each.
func (f Flow) Lines() []string {
	const most = 10 // options in a line
	var lines []string
	for i, step := range f.Steps {
		var options []string
		for _, option := range step.Options[:min(most, len(step.Options))] {
			options = append(options, option.words())
		}
		if more := len(step.Options) - most; more > 0 {
			options = append(options, fmt.Sprintf("and %d more", more))
		}
		lines = append(lines, fmt.Sprintf("step %d: %s", i+1, strings.Join(options, ", ")))
	}
	return lines
}

// words names an option in a message: its authenticator, and the connection that it belongs to.
func (o Option) words() string {
	if o.Connection == "" {
		return shortened(o.Authenticator)
	}
	return fmt.Sprintf("%s (%s)", shortened(o.Authenticator), shortened(o.Connection))
}

// shortened puts a name on one line. What a terminal would act on goes before anything is cut off: it could hide a part
// of a secret.
func shortened(name string) string {
	const most = 60 // characters
	shown := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, name)
	runes := []rune(strings.Join(strings.Fields(shown), " "))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}
