package asgardeo

import (
	"cmp"
	"encoding/json"
	"slices"
)

// over returns the flow as it is written over another one: with the members that this package does not know, and with
// another script only where the one that is there does something else.
func (f LoginFlow) over(live LoginFlow) LoginFlow {
	if f.Kind == ServerFlow {
		if live.Kind == ServerFlow {
			return live
		}
		return LoginFlow{Kind: ServerFlow, SubjectStep: 1, AttributeStep: 1}
	}
	written := f
	written.other = live.other
	written.Steps = nil
	for i, step := range f.Steps {
		written.Steps = append(written.Steps, step.over(live.formerStep(i, step)))
	}
	if stored := live.storedScript(); written.RunsLike(stored) {
		written.Script = stored
	} else {
		// A script cannot be taken out without giving the flow up. One that runs every step is as good as none.
		written.Script = written.scriptOrGenerated()
	}
	return written
}

// formerStep finds what a step at a position was before: the step at its place if they have an option in common, else
// one with the same options.
func (f LoginFlow) formerStep(position int, step LoginStep) LoginStep {
	if position < len(f.Steps) && slices.ContainsFunc(step.Options, func(option LoginOption) bool {
		return f.Steps[position].find(option) >= 0
	}) {
		return f.Steps[position]
	}
	if i := slices.IndexFunc(f.Steps, step.Same); i >= 0 {
		return f.Steps[i]
	}
	return LoginStep{}
}

func (s LoginStep) over(live LoginStep) LoginStep {
	written := LoginStep{other: live.other}
	for _, option := range s.Options {
		if i := live.find(option); i >= 0 {
			option.other = live.Options[i].other
		}
		written.Options = append(written.Options, option)
	}
	return written
}

// find returns the index of the same option, or -1.
func (s LoginStep) find(option LoginOption) int {
	return slices.IndexFunc(s.Options, func(o LoginOption) bool {
		return o.Connection == option.Connection && o.Authenticator == option.Authenticator
	})
}

// patch returns what to send as authenticationSequence to turn one flow into another. The server replaces the whole,
// and a missing type resets the flow, so all is sent except the script: sending that takes a permission of its own.
func (f LoginFlow) patch(from LoginFlow) map[string]any {
	if f.Kind == ServerFlow {
		return map[string]any{"type": ServerFlow}
	}
	var steps []map[string]any
	for i, step := range f.Steps {
		var options []map[string]any
		for _, option := range step.Options {
			options = append(options, withOthers(option.other, map[string]any{
				"idp": cmp.Or(option.Connection, builtIn), "authenticator": option.Authenticator,
			}))
		}
		steps = append(steps, withOthers(step.other, map[string]any{"id": i + 1, "options": options}))
	}
	sequence := withOthers(f.other, map[string]any{
		"type": OwnFlow, "steps": steps, "subjectStepId": f.SubjectStep, "attributeStepId": f.AttributeStep,
	})
	if !blank(f.Script) && f.Script != from.storedScript() { // the server keeps it where none is sent, or a blank one
		sequence["script"] = f.Script
	}
	return sequence
}

// withOthers adds the members that this package does not know.
func withOthers(other map[string]json.RawMessage, members map[string]any) map[string]any {
	for name, value := range other {
		members[name] = value
	}
	return members
}
