package asgardeo

import (
	"fmt"
	"slices"
	"strings"
)

// customFlow refuses to change a flow. Whoever sees it has to decide about the flow as a whole.
type customFlow struct {
	reason string
	steps  []string // the flow, one line a step
}

// Error returns one line.
func (c *customFlow) Error() string {
	return fmt.Sprintf("the login flow cannot be changed: %s (%s)", c.reason, strings.Join(c.steps, "; "))
}

// merge returns the flow with the wanted settings and everything else as it was, or a refusal. Settings that are not
// wanted stay. Steps before the second factors are never touched. origin is the text of the server's flow that the
// application had once: when nothing is left that tells the two apart, the application gets the server's flow again.
func (f LoginFlow) merge(want Settings, origin string) (LoginFlow, *customFlow) {
	merged, reason := f, ""
	if !f.has(want) {
		merged, reason = f.changed(want)
	}
	if reason != "" {
		return f, &customFlow{reason, f.lines()}
	}
	// The server's flow may be another one now. While the application has it, a flow that differs has to be its own.
	if f.Kind != ServerFlow && origin != "" && merged.canonical() == origin && merged.scriptMeaning() == "" {
		merged.Kind, merged.Script = ServerFlow, ""
	}
	return merged, nil
}

// has reports whether every wanted setting has its value already.
func (f LoginFlow) has(want Settings) bool {
	values := f.values()
	for _, setting := range TwoFactor() {
		_, switched := want[setting].Bool()
		if switched && want[setting] != values[setting] {
			return false
		}
	}
	return want[TOTPEnrollment] != NotSet || f.form().enrollment == NotSet
}

// changed returns the flow with the wanted settings, or why that cannot be.
func (f LoginFlow) changed(want Settings) (merged LoginFlow, reason string) {
	if reason := f.custom(); reason != "" {
		return f, reason
	}
	before, last := f.Steps, LoginStep{}
	if asking := f.secondFactorSteps(); len(asking) > 0 {
		before, last = f.Steps[:asking[0]-1], f.Steps[asking[0]-1]
	}
	merged = f
	merged.Kind, merged.Steps = OwnFlow, before
	last.Options = last.optionsFor(want)
	if reason := merged.unfit(last, want); reason != "" {
		return f, reason
	}
	if len(last.Options) > 0 {
		merged.Steps = slices.Concat(before, []LoginStep{last})
	}
	enrollment := want[TOTPEnrollment]
	switch {
	case !last.offers(TOTP):
		enrollment = NotSet
	case enrollment == Unknown:
		enrollment = f.form().enrollment
	}
	// A script that says so already keeps its layout. One that executes fewer steps would skip the new one silently.
	if merged.form() != (scriptForm{runs: len(merged.Steps), enrollment: enrollment}) {
		merged.Script = merged.generatedScript(enrollment)
	}
	return merged, ""
}

// optionsFor returns the options of the step of the second factors once it offers what is wanted.
func (s LoginStep) optionsFor(want Settings) []LoginOption {
	var options []LoginOption
	for _, factor := range secondFactors {
		option := LoginOption{Authenticator: factor.authenticator}
		i := slices.IndexFunc(s.Options, func(o LoginOption) bool { return o.Factor() == factor.setting })
		if i >= 0 {
			option = s.Options[i]
		}
		if on, known := want[factor.setting].Bool(); on || !known && i >= 0 {
			options = append(options, option)
		}
	}
	return options
}

// unfit returns why a last step with second factors cannot follow the flow's steps. The server would take it, and
// sign users in another way than the settings say.
func (f LoginFlow) unfit(last LoginStep, want Settings) string {
	for _, factor := range secondFactors {
		if ids := f.stepsOffering(factor.setting); len(ids) > 0 && last.offers(factor.setting) {
			verb := "is"
			if factor.setting == BackupCodes {
				verb = "are"
			}
			return fmt.Sprintf("%s %s the first factor here (step %d)", factor.setting, verb, ids[0])
		}
	}
	switch {
	case want[TOTPEnrollment] == On && !last.offers(TOTP):
		return "nobody can enroll in TOTP where it is not a second factor"
	case len(last.Options) == 0:
		return ""
	case !last.offersOTP():
		return "backup codes need another second factor beside them"
	case !slices.ContainsFunc(f.Steps, LoginStep.verifies):
		return "no step before the second factors checks who the user is"
	}
	return ""
}

// same reports whether two flows sign users in alike. Options have no order: the server changes it. Whose flow it is
// does not matter, and neither do members that this package does not know.
func (f LoginFlow) same(other LoginFlow) bool {
	return f.canonical() == other.canonical() && f.comparableScript() == other.comparableScript()
}

// reached reports whether a flow, read after a write, is what was to be written. The server may have kept its own flow
// as one of the application, as it does for applications that are shared with other organizations; and its own flow
// may be another one by now.
func (f LoginFlow) reached(want LoginFlow) bool {
	if want.Kind == ServerFlow {
		if f.Kind == ServerFlow {
			return true
		}
		f.SubjectStep, f.AttributeStep = want.SubjectStep, want.AttributeStep
	}
	return f.canonical() == want.canonical() && f.scriptMeaning() == want.scriptMeaning()
}

// explicit is the flow with a script that executes all its steps, where it has none.
func (f LoginFlow) explicit() LoginFlow {
	if f.Kind == OwnFlow && blank(f.Script) {
		f.Script = f.generatedScript(NotSet)
	}
	return f
}

// origin returns a text that tells the server's flow from others. It is empty for a flow of the application, and where
// the server's flow has a script that does more than execute its steps.
func (f LoginFlow) origin() string {
	if f.Kind != ServerFlow || f.scriptMeaning() != "" {
		return ""
	}
	return f.canonical()
}

// canonical is equal for two flows whose steps offer the same and which identify the user in the same step.
func (f LoginFlow) canonical() string {
	var steps [][]string
	for _, step := range f.Steps {
		var options []string
		for _, option := range step.Options {
			options = append(options, fmt.Sprintf("%q", []string{option.Connection, option.Authenticator}))
		}
		slices.Sort(options)
		steps = append(steps, options)
	}
	return fmt.Sprintf("%s subject %d attributes %d", steps, f.SubjectStep, f.AttributeStep)
}
