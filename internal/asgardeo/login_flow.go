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
		moveMember(other, "type", &kind),
		moveMember(other, "steps", &steps),
		moveMember(other, "script", &read.Script),
		moveMember(other, "subjectStepId", &subject),
		moveMember(other, "attributeStepId", &attribute),
		moveMember(other, "requestPathAuthenticators", &read.RequestPath),
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
	return errors.Join(moveMember(other, "id", &s.id), moveMember(other, "options", &s.Options))
}

// UnmarshalJSON reads an option.
func (o *LoginOption) UnmarshalJSON(data []byte) error {
	other, err := membersOf(data)
	if err != nil {
		return fmt.Errorf("an option: %w", err)
	}
	*o = LoginOption{other: other}
	if err := errors.Join(moveMember(other, "idp", &o.Connection), moveMember(other, "authenticator", &o.Authenticator)); err != nil {
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

// moveMember moves a member into a variable. One that is missing or null leaves the variable as it is.
func moveMember(members map[string]json.RawMessage, name string, into any) error {
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
