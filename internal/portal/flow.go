package portal

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Flow is how an application signs users in: its authenticationSequence.
type Flow struct {
	Kind  string
	Steps []Step // in order; their ids are their positions, from 1
	// Script says which steps are executed. Without one it is all of them, in order.
	Script string
	// SubjectStep tells who the user is, AttributeStep what is known about the user. Both are ids of steps.
	SubjectStep, AttributeStep int
	// RequestPath lists authenticators that read credentials from the request. It is not written: the server keeps them.
	RequestPath []string
	// other holds the members that this package does not know. They go back as they came.
	other map[string]json.RawMessage
}

// The kinds of login flows.
const (
	// ServerFlow stores nothing of its own: the server shows the flow that it has for all such applications.
	ServerFlow = "DEFAULT"
	OwnFlow    = "USER_DEFINED"
)

// Step is one page of the login. The user chooses one of its options.
type Step struct {
	Options []Option
	other   map[string]json.RawMessage
}

// Option is one way to go through a step.
type Option struct {
	Connection    string // its name; empty for what comes with the server
	Authenticator string
	other         map[string]json.RawMessage
}

// BuiltIn stands in place of a connection's name where the API wants one.
const BuiltIn = "LOCAL"

// UnmarshalJSON reads a flow as the server shows it. What cannot be understood is an error: a flow goes back as a
// whole, so what was overlooked would be gone.
func (f *Flow) UnmarshalJSON(data []byte) (err error) {
	*f = Flow{Kind: OwnFlow}
	var kind string
	var steps []numberedStep
	var subject, attribute int
	f.other, err = unmarshalMembers(data, map[string]any{
		"type": &kind, "steps": &steps, "script": &f.Script, "subjectStepId": &subject, "attributeStepId": &attribute,
		"requestPathAuthenticators": &f.RequestPath,
	})
	switch {
	case err != nil:
		return err
	case kind == "" && steps == nil:
		return errors.New("the login flow has neither a type nor steps")
	case strings.EqualFold(kind, ServerFlow):
		f.Kind = ServerFlow
	}
	slices.SortStableFunc(steps, func(a, b numberedStep) int { return cmp.Compare(*a.id, *b.id) })
	for _, step := range steps {
		f.Steps = append(f.Steps, step.Step)
	}
	f.SubjectStep, f.AttributeStep = positionOf(steps, subject), positionOf(steps, attribute)
	return nil
}

// numberedStep is a step as it is sent: its id says where it belongs.
type numberedStep struct {
	Step
	id *int
}

// UnmarshalJSON reads a step.
func (s *numberedStep) UnmarshalJSON(data []byte) (err error) {
	s.other, err = unmarshalMembers(data, map[string]any{"id": &s.id, "options": &s.Options})
	if err == nil && s.id == nil {
		return errors.New("a step has no id")
	}
	return err
}

// UnmarshalJSON reads an option.
func (o *Option) UnmarshalJSON(data []byte) (err error) {
	o.other, err = unmarshalMembers(data, map[string]any{"idp": &o.Connection, "authenticator": &o.Authenticator})
	if err == nil && (o.Connection == "" || o.Authenticator == "") {
		return errors.New("an option lacks its idp or its authenticator")
	}
	if o.Connection == BuiltIn {
		o.Connection = ""
	}
	return err
}

// unmarshalMembers reads the known members of a JSON object, by their exact names, and keeps the others. One that is
// missing or null leaves its variable as it is.
func unmarshalMembers(data []byte, known map[string]any) (others map[string]json.RawMessage, err error) {
	if err := json.Unmarshal(data, &others); err != nil {
		return nil, err
	}
	if others == nil {
		return nil, errors.New("null instead of an object")
	}
	for name, variable := range known {
		member := others[name]
		delete(others, name)
		if len(member) == 0 || string(member) == "null" {
			continue
		}
		if err := json.Unmarshal(member, variable); err != nil {
			return nil, fmt.Errorf("%q: %w", name, err)
		}
	}
	return others, nil
}

// positionOf returns the position of the step with an id. It is 1 where there is none, as it is to the server.
func positionOf(steps []numberedStep, id int) int {
	return max(1, 1+slices.IndexFunc(steps, func(step numberedStep) bool { return *step.id == id }))
}

// Patch returns what to send as authenticationSequence to turn one flow into another. The server replaces the whole,
// and a missing type resets the flow, so all is sent except the script: sending that takes a permission of its own.
func (f Flow) Patch(from Flow) map[string]any {
	if f.Kind == ServerFlow {
		return map[string]any{"type": ServerFlow}
	}
	var steps []map[string]any
	for i, step := range f.Steps {
		var options []map[string]any
		for _, option := range step.Options {
			options = append(options, withOthers(option.other, map[string]any{
				"idp": cmp.Or(option.Connection, BuiltIn), "authenticator": option.Authenticator,
			}))
		}
		steps = append(steps, withOthers(step.other, map[string]any{"id": i + 1, "options": options}))
	}
	sequence := withOthers(f.other, map[string]any{
		"type": OwnFlow, "steps": steps, "subjectStepId": f.SubjectStep, "attributeStepId": f.AttributeStep,
	})
	if bare(f.Script) != "" && f.Script != from.storedScript() { // the server keeps it where none is sent, or a blank one
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
