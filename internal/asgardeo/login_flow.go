package asgardeo

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// LoginFlow is how an application signs users in: its authenticationSequence.
type LoginFlow struct {
	Kind  string
	Steps []LoginStep // in order; their ids are their positions, from 1
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

// LoginStep is one page of the login. The user chooses one of its options.
type LoginStep struct {
	Options []LoginOption
	other   map[string]json.RawMessage
}

// LoginOption is one way to go through a step.
type LoginOption struct {
	Connection    string // its name; empty for what comes with the server
	Authenticator string
	other         map[string]json.RawMessage
}

// builtIn stands in place of a connection's name where the API wants one.
const builtIn = "LOCAL"

// UnmarshalJSON reads a flow as the server shows it. What cannot be understood is an error: a flow goes back as a
// whole, so what was overlooked would be gone.
func (f *LoginFlow) UnmarshalJSON(data []byte) error {
	other, err := membersOf(data)
	if err != nil {
		return fmt.Errorf("the login flow: %w", err)
	}
	read := LoginFlow{Kind: OwnFlow, other: other}
	var kind string
	var steps []numberedStep
	var subject, attribute int
	if err := errors.Join(
		take(other, "type", &kind),
		take(other, "steps", &steps),
		take(other, "script", &read.Script),
		take(other, "subjectStepId", &subject),
		take(other, "attributeStepId", &attribute),
		take(other, "requestPathAuthenticators", &read.RequestPath),
	); err != nil {
		return fmt.Errorf("the login flow: %w", err)
	}
	if kind == "" && steps == nil {
		return errors.New("the login flow has neither a type nor steps")
	}
	if strings.EqualFold(kind, ServerFlow) {
		read.Kind = ServerFlow
	}
	slices.SortStableFunc(steps, func(a, b numberedStep) int { return cmp.Compare(a.id, b.id) })
	for _, step := range steps {
		read.Steps = append(read.Steps, step.LoginStep)
	}
	read.SubjectStep, read.AttributeStep = positionOf(steps, subject), positionOf(steps, attribute)
	*f = read
	return nil
}

// numberedStep is a step as it is sent: its id says where it belongs.
type numberedStep struct {
	LoginStep
	id int
}

// UnmarshalJSON reads a step.
func (s *numberedStep) UnmarshalJSON(data []byte) error {
	other, err := membersOf(data)
	if err != nil {
		return fmt.Errorf("a step: %w", err)
	}
	*s = numberedStep{LoginStep: LoginStep{other: other}}
	if id := string(other["id"]); id == "" || id == "null" {
		return errors.New("a step has no id")
	}
	return errors.Join(take(other, "id", &s.id), take(other, "options", &s.Options))
}

// UnmarshalJSON reads an option.
func (o *LoginOption) UnmarshalJSON(data []byte) error {
	other, err := membersOf(data)
	if err != nil {
		return fmt.Errorf("an option: %w", err)
	}
	*o = LoginOption{other: other}
	if err := errors.Join(take(other, "idp", &o.Connection), take(other, "authenticator", &o.Authenticator)); err != nil {
		return fmt.Errorf("an option: %w", err)
	}
	if o.Connection == "" || o.Authenticator == "" {
		return errors.New("an option lacks its idp or its authenticator")
	}
	if o.Connection == builtIn {
		o.Connection = ""
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
// and a missing type resets the flow, so all is sent except the Script: sending that takes a permission of its own.
func (f LoginFlow) patch(from LoginFlow) map[string]any {
	if f.Kind == ServerFlow {
		return map[string]any{"type": ServerFlow}
	}
	var steps []map[string]any
	for i, step := range f.Steps {
		var options []map[string]any
		for _, option := range step.Options {
			options = append(options, with(option.other, map[string]any{
				"idp": cmp.Or(option.Connection, builtIn), "authenticator": option.Authenticator,
			}))
		}
		steps = append(steps, with(step.other, map[string]any{"id": i + 1, "options": options}))
	}
	sequence := with(f.other, map[string]any{
		"type": OwnFlow, "steps": steps, "subjectStepId": f.SubjectStep, "attributeStepId": f.AttributeStep,
	})
	// The server keeps the script where none is sent, or a blank one. But the script that it shows with a flow of its
	// own is not stored with the application, so there is nothing to keep.
	if !blank(f.Script) && (f.Script != from.Script || from.Kind == ServerFlow) {
		sequence["script"] = f.Script
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
