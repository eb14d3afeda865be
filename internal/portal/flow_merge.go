package portal

import (
	"fmt"
	"slices"
)

// Merge returns the flow with the wanted settings and everything else as it was, or the reason why somebody has to
// decide about the flow as a whole. Steps before the second factors are never touched. origin is that of the server's
// flow that the application had once: when nothing is left that tells the two apart, it gets the server's flow again.
func (f Flow) Merge(want Settings, origin string) (merged Flow, reason string) {
	merged = f
	if !f.meets(want) {
		if merged, reason = f.changedTo(want); reason != "" {
			return f, reason
		}
	}
	// The server's flow may be another one now. While the application has it, a flow that differs has to be its own.
	if f.Kind != ServerFlow && origin != "" && merged.outline() == origin && merged.RunsEveryStep() {
		merged.Kind, merged.Script = ServerFlow, ""
	}
	return merged, ""
}

// meets reports whether every wanted setting has its value already.
func (f Flow) meets(want Settings) bool {
	values := f.Settings()
	for _, setting := range TwoFactor() {
		if _, known := want[setting].Bool(); known && want[setting] != values[setting] {
			return false
		}
	}
	return want[TOTPEnrollment] != NotSet || f.form().enrollment == NotSet
}

// changedTo returns the flow with the wanted settings, or why that cannot be.
func (f Flow) changedTo(want Settings) (changed Flow, reason string) {
	if reason := f.WhyCustom(); reason != "" {
		return f, reason
	}
	changed = f
	changed.Kind = OwnFlow
	var last Step
	if second := f.secondFactorSteps(); len(second) > 0 {
		changed.Steps, last = f.Steps[:second[0]-1], f.Steps[second[0]-1]
	}
	last.Options = last.optionsFor(want)
	if reason := changed.cannotEndWith(last, want); reason != "" {
		return f, reason
	}
	if len(last.Options) > 0 {
		changed.Steps = append(slices.Clip(changed.Steps), last)
	}
	enrollment := want[TOTPEnrollment]
	switch {
	case !last.offers(TOTP):
		enrollment = NotSet
	case enrollment == Unknown:
		enrollment = f.form().enrollment
	}
	// A script that says so already keeps its layout. One that executes fewer steps would skip the new one silently.
	if changed.form() != (scriptForm{runs: len(changed.Steps), enrollment: enrollment}) {
		changed.Script = changed.generatedScript(enrollment)
	}
	return changed, ""
}

// optionsFor returns the options of the step of the second factors once it offers what is wanted.
func (s Step) optionsFor(want Settings) []Option {
	var options []Option
	for _, factor := range secondFactors {
		option := Option{Authenticator: factor.authenticator}
		i := s.find(option)
		if i >= 0 {
			option = s.Options[i]
		}
		if on, known := want[factor.setting].Bool(); on || !known && i >= 0 {
			options = append(options, option)
		}
	}
	return options
}

// cannotEndWith returns why a last step with second factors cannot follow: users would not sign in as the settings say.
func (f Flow) cannotEndWith(last Step, want Settings) (reason string) {
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
	case !slices.ContainsFunc(f.Steps, Step.verifies):
		return "no step before the second factors checks who the user is"
	}
	return ""
}

// WrittenOver returns the flow as it is written over another one: with members that this package does not know, and
// with another script only where the one that is there does something else.
func (f Flow) WrittenOver(live Flow) Flow {
	if f.Kind == ServerFlow {
		if live.Kind == ServerFlow {
			return live
		}
		return Flow{Kind: ServerFlow, SubjectStep: 1, AttributeStep: 1}
	}
	written := f
	written.other, written.Steps = live.other, nil
	for i, step := range f.Steps {
		written.Steps = append(written.Steps, step.writtenOver(live.formerStep(i, step)))
	}
	// A script cannot be taken out without giving the flow up. One that runs every step is as good as none.
	written.Script = f.ScriptOrGenerated()
	if stored := live.storedScript(); f.RunsLike(stored) {
		written.Script = stored
	}
	return written
}

// formerStep finds what a step was before: the one at its place if they have an option in common, else its like.
func (f Flow) formerStep(position int, step Step) Step {
	if position < len(f.Steps) && slices.ContainsFunc(step.Options, func(option Option) bool {
		return f.Steps[position].find(option) >= 0
	}) {
		return f.Steps[position]
	}
	if i := slices.IndexFunc(f.Steps, step.Same); i >= 0 {
		return f.Steps[i]
	}
	return Step{}
}

func (s Step) writtenOver(live Step) Step {
	written := Step{other: live.other}
	for _, option := range s.Options {
		if i := live.find(option); i >= 0 {
			option.other = live.Options[i].other
		}
		written.Options = append(written.Options, option)
	}
	return written
}

// find returns the index of the same option, or -1.
func (s Step) find(option Option) int {
	return slices.IndexFunc(s.Options, func(o Option) bool {
		return o.Connection == option.Connection && o.Authenticator == option.Authenticator
	})
}
