package mockserver

import (
	"fmt"
	"slices"
)

// A later version of the server may give a login flow members that today's clients do not know. The whole flow is
// replaced by a change, so a client has to send them back. [Organization.UnknownMembers] makes the server insist on
// it.

// introduceLater adds a member to a login flow, each of its steps and each of their options.
func (b *sequenceBody) introduceLater() {
	b.IntroducedLater = new("of the flow")
	for i := range b.Steps {
		step := &b.Steps[i]
		step.IntroducedLater = new(fmt.Sprintf("of step %d", step.ID))
		for j := range step.Options {
			option := &step.Options[j]
			option.IntroducedLater = new(fmt.Sprintf("of %s in step %d", option.Authenticator, step.ID))
		}
	}
}

// lost says what a change of a login flow does not send back, "" when nothing is missing. A step is the one that was
// shown when it has its id and at least one of its options; a new one cannot have the member. A flow that is given up
// has nothing to lose.
func (b *sequenceBody) lost(change sequenceChange) string {
	if change.kind == sequenceDefault {
		return ""
	}
	if !equalPointers(b.IntroducedLater, change.introducedLater) {
		return "introducedLater of the sequence"
	}
	for _, shown := range b.Steps {
		for _, step := range change.steps {
			if step.id != shown.ID {
				continue
			}
			kept := false
			for _, option := range step.options {
				i := slices.IndexFunc(shown.Options, func(o optionBody) bool {
					return o.IDP == option.IDP && o.Authenticator == option.Authenticator
				})
				if i < 0 {
					continue
				}
				kept = true
				if !equalPointers(shown.Options[i].IntroducedLater, option.introducedLater) {
					return fmt.Sprintf("introducedLater of %s in step %d", option.Authenticator, step.id)
				}
			}
			if kept && !equalPointers(shown.IntroducedLater, step.introducedLater) {
				return fmt.Sprintf("introducedLater of step %d", step.id)
			}
		}
	}
	return ""
}

func equalPointers(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
