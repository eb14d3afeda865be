package asgardeo

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// loginFlow is how an application signs users in: its authenticationSequence.
type loginFlow struct {
	kind  string
	steps []flowStep // in order; their ids are their positions, from 1
	// script says which steps are executed. Without one it is all of them, in order.
	script string
	// subjectStep tells who the user is, attributeStep what is known about the user. Both are ids of steps.
	subjectStep, attributeStep int
	// other holds the members that this package does not know. They go back as they came.
	other map[string]json.RawMessage
}

// The kinds of login flows.
const (
	// serverFlow stores nothing of its own: the server shows the flow that it has for all such applications.
	serverFlow = "DEFAULT"
	ownFlow    = "USER_DEFINED"
)

// flowStep is one page of the login. The user chooses one of its options.
type flowStep struct {
	options []flowOption
	other   map[string]json.RawMessage
}

type flowOption struct {
	idp           string // the name of a connection, or builtIn
	authenticator string
	other         map[string]json.RawMessage
}

// builtIn is the idp of the authenticators that come with the server.
const builtIn = "LOCAL"

// UnmarshalJSON reads a flow as the server shows it. What cannot be understood is an error: a flow goes back as a
// whole, so what was overlooked would be gone.
func (f *loginFlow) UnmarshalJSON(data []byte) error {
	other, err := membersOf(data)
	if err != nil {
		return fmt.Errorf("the login flow: %w", err)
	}
	read := loginFlow{kind: ownFlow, other: other}
	var kind string
	var steps []numberedStep
	var subject, attribute int
	if err := errors.Join(
		take(other, "type", &kind),
		take(other, "steps", &steps),
		take(other, "script", &read.script),
		take(other, "subjectStepId", &subject),
		take(other, "attributeStepId", &attribute),
	); err != nil {
		return fmt.Errorf("the login flow: %w", err)
	}
	if kind == "" && steps == nil {
		return errors.New("the login flow has neither a type nor steps")
	}
	if strings.EqualFold(kind, serverFlow) {
		read.kind = serverFlow
	}
	delete(other, "requestPathAuthenticators") // the server keeps them when they are not sent
	slices.SortStableFunc(steps, func(a, b numberedStep) int { return cmp.Compare(a.id, b.id) })
	for _, step := range steps {
		read.steps = append(read.steps, step.flowStep)
	}
	read.subjectStep, read.attributeStep = positionOf(steps, subject), positionOf(steps, attribute)
	*f = read
	return nil
}

// numberedStep is a step as it is sent: its id says where it belongs.
type numberedStep struct {
	flowStep
	id int
}

// UnmarshalJSON reads a step.
func (s *numberedStep) UnmarshalJSON(data []byte) error {
	other, err := membersOf(data)
	if err != nil {
		return fmt.Errorf("a step: %w", err)
	}
	*s = numberedStep{flowStep: flowStep{other: other}}
	if id := string(other["id"]); id == "" || id == "null" {
		return errors.New("a step has no id")
	}
	return errors.Join(take(other, "id", &s.id), take(other, "options", &s.options))
}

// UnmarshalJSON reads an option.
func (o *flowOption) UnmarshalJSON(data []byte) error {
	other, err := membersOf(data)
	if err != nil {
		return fmt.Errorf("an option: %w", err)
	}
	*o = flowOption{other: other}
	if err := errors.Join(take(other, "idp", &o.idp), take(other, "authenticator", &o.authenticator)); err != nil {
		return fmt.Errorf("an option: %w", err)
	}
	if o.idp == "" || o.authenticator == "" {
		return errors.New("an option lacks its idp or its authenticator")
	}
	return nil
}

// membersOf returns the members of a JSON object.
func membersOf(data []byte) (map[string]json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, err
	}
	if members == nil {
		return nil, errors.New("null instead of an object")
	}
	return members, nil
}

// take moves a member into a variable. One that is missing or null leaves the variable as it is.
func take(members map[string]json.RawMessage, name string, into any) error {
	data, ok := members[name]
	delete(members, name)
	if !ok || string(data) == "null" {
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%q: %w", name, err)
	}
	return nil
}

// positionOf returns the position of the step with an id. It is 1 where there is none, as it is to the server.
func positionOf(steps []numberedStep, id int) int {
	return max(1, 1+slices.IndexFunc(steps, func(step numberedStep) bool { return step.id == id }))
}

// patch returns what to send as authenticationSequence to turn one flow into another. The server replaces the whole,
// and a missing type resets the flow, so all is sent except the script: sending that takes a permission of its own.
func (f loginFlow) patch(from loginFlow) map[string]any {
	if f.kind == serverFlow {
		return map[string]any{"type": serverFlow}
	}
	var steps []map[string]any
	for i, step := range f.steps {
		var options []map[string]any
		for _, option := range step.options {
			options = append(options, with(option.other, map[string]any{
				"idp": option.idp, "authenticator": option.authenticator,
			}))
		}
		steps = append(steps, with(step.other, map[string]any{"id": i + 1, "options": options}))
	}
	sequence := with(f.other, map[string]any{
		"type": ownFlow, "steps": steps, "subjectStepId": f.subjectStep, "attributeStepId": f.attributeStep,
	})
	// The server keeps the script where none is sent, or a blank one. But the script that it shows with a flow of its
	// own is not stored with the application, so there is nothing to keep.
	if !blank(f.script) && (f.script != from.script || from.kind == serverFlow) {
		sequence["script"] = f.script
	}
	return sequence
}

// with adds the members that this package does not know.
func with(other map[string]json.RawMessage, members map[string]any) map[string]any {
	for name, value := range other {
		members[name] = value
	}
	return members
}
