package mockserver

import (
	"errors"
	"fmt"
	"slices"
)

// The values of [AuthenticationSequence.Type].
const (
	sequenceDefault     = "DEFAULT"
	sequenceUserDefined = "USER_DEFINED"
)

// localIDP is what an authenticator of the server itself has in place of the name of a connection.
const localIDP = "LOCAL"

// Application is a stored application. Empty fields are filled with what the real server has for "My Account".
type Application struct {
	ID                 string `json:"id,omitempty"`
	Name               string `json:"name"`
	Description        string `json:"description,omitempty"`
	AccessURL          string `json:"accessUrl,omitempty"`
	Access             string `json:"access,omitempty"` // READ: protected, every update is refused
	ClientID           string `json:"clientId,omitempty"`
	ApplicationEnabled *bool  `json:"applicationEnabled,omitempty"` // nil means true
	// AuthenticationSequence is the login flow; nil means that the application has none of its own (type DEFAULT).
	AuthenticationSequence *AuthenticationSequence `json:"authenticationSequence,omitempty"`
	// Shared is an application that the sub-organizations have, too. Every update puts their sign-in option, hidden
	// from the application's own representation, back into step 1.
	Shared bool `json:"shared,omitempty"`
	// Fragment is the copy of a shared application inside a sub-organization.
	Fragment bool `json:"fragment,omitempty"`
}

// AuthenticationSequence is a login flow as it is stored. Missing ids are filled: a step without one has the id of
// its place, and the subject and the attributes come from step 1.
type AuthenticationSequence struct {
	// Type is "DEFAULT" or "USER_DEFINED"; empty, it follows from whether there are steps. DEFAULT has no steps of
	// its own, though it may have a script that does not show.
	Type                      string   `json:"type,omitempty"`
	Steps                     []Step   `json:"steps,omitempty"`
	Script                    string   `json:"script,omitempty"`
	SubjectStepID             int      `json:"subjectStepId,omitempty"`
	AttributeStepID           int      `json:"attributeStepId,omitempty"`
	RequestPathAuthenticators []string `json:"requestPathAuthenticators,omitempty"`
}

// Step is one step of a login flow. Users choose among its options.
type Step struct {
	ID      int          `json:"id,omitempty"`
	Options []StepOption `json:"options"`
}

// StepOption is an authenticator of the server (IDP is "LOCAL" or empty) or of a connection.
type StepOption struct {
	IDP           string `json:"idp,omitempty"`
	Authenticator string `json:"authenticator"`
}

// MyAccountApplication returns the application "My Account" for reading and editing, nil if there is none. It puts the
// default one into Applications where that is nil.
func (o *Organization) MyAccountApplication() *Application {
	if o.Applications == nil {
		o.Applications = []Application{defaultApplication()}
	}
	i := slices.IndexFunc(o.Applications, func(a Application) bool { return a.Name == myAccountApplication })
	if i < 0 {
		return nil
	}
	return &o.Applications[i]
}

// myAccountApplication is the name of the portal's own application, which every organization has.
const myAccountApplication = "My Account"

func defaultApplication() Application {
	return Application{Name: myAccountApplication, ClientID: "MY_ACCOUNT"}
}

// filledApplications returns copies of an organization's applications with the empty fields filled.
func (o *Organization) filledApplications(organization string) []Application {
	all := make([]Application, 0, len(o.Applications))
	for _, a := range o.Applications {
		all = append(all, a.filled(organization))
	}
	if o.Applications == nil {
		all = append(all, defaultApplication().filled(organization))
	}
	return all
}

// filled returns a copy in the one form that all code but the state's works with.
func (a Application) filled(organization string) Application {
	a = a.clone()
	if a.ID == "" {
		a.ID = stableID("application", organization, a.Name)
	}
	if a.Access == "" {
		a.Access = accessWrite
	}
	if a.ApplicationEnabled == nil {
		a.ApplicationEnabled = new(true)
	}
	if a.AuthenticationSequence == nil {
		a.AuthenticationSequence = &AuthenticationSequence{}
	}
	a.AuthenticationSequence.fill()
	return a
}

// fill completes a login flow in place. Whatever the order in which options were written, those of connections come
// first.
func (s *AuthenticationSequence) fill() {
	if s.Type == "" {
		s.Type = sequenceDefault
		if len(s.Steps) > 0 {
			s.Type = sequenceUserDefined
		}
	}
	for i := range s.Steps {
		step := &s.Steps[i]
		step.ID = i + 1
		for j := range step.Options {
			if step.Options[j].IDP == "" {
				step.Options[j].IDP = localIDP
			}
		}
		slices.SortStableFunc(step.Options, func(a, b StepOption) int { return a.rank() - b.rank() })
	}
	for _, id := range []*int{&s.SubjectStepID, &s.AttributeStepID} {
		switch {
		case s.Type == sequenceDefault:
			*id = 0
		case *id < 1 || *id > len(s.Steps):
			*id = 1
		}
	}
}

func (o StepOption) rank() int {
	if o.IDP == localIDP {
		return 1
	}
	return 0
}

func (a Application) clone() Application {
	a.ApplicationEnabled = clonePointer(a.ApplicationEnabled)
	a.AuthenticationSequence = a.AuthenticationSequence.clone()
	return a
}

func (s *AuthenticationSequence) clone() *AuthenticationSequence {
	if s == nil {
		return nil
	}
	c := *s
	c.Steps = cloneSteps(s.Steps)
	c.RequestPathAuthenticators = slices.Clone(s.RequestPathAuthenticators)
	return &c
}

func cloneSteps(steps []Step) []Step {
	c := slices.Clone(steps)
	for i := range c {
		c[i].Options = slices.Clone(c[i].Options)
	}
	return c
}

func (a Application) validate() error {
	switch {
	case a.Name == "":
		return errors.New("has no name")
	case a.Access != "" && a.Access != accessRead && a.Access != accessWrite:
		return fmt.Errorf(`has the access %q, which must be "READ" or "WRITE"`, a.Access)
	case a.AuthenticationSequence == nil:
		return nil
	}
	if err := a.AuthenticationSequence.validate(); err != nil {
		return fmt.Errorf("has an authenticationSequence that %w", err)
	}
	return nil
}

func (s *AuthenticationSequence) validate() error {
	switch {
	case s.Type != "" && s.Type != sequenceDefault && s.Type != sequenceUserDefined:
		return fmt.Errorf(`has the type %q, which must be "DEFAULT" or "USER_DEFINED"`, s.Type)
	case s.Type == sequenceDefault && len(s.Steps) > 0:
		return errors.New("has steps, which type DEFAULT cannot have")
	case s.Type == sequenceUserDefined && len(s.Steps) == 0:
		return errors.New("has no steps, which type USER_DEFINED needs")
	}
	return validateSteps(s.Steps)
}

// validateSteps insists on ids in order, so that the state and the API agree on what a number means.
func validateSteps(steps []Step) error {
	for i, step := range steps {
		switch {
		case step.ID != 0 && step.ID != i+1:
			return fmt.Errorf("has a step with the id %d at place %d", step.ID, i+1)
		case len(step.Options) == 0:
			return fmt.Errorf("has no options in step %d", i+1)
		}
		for _, option := range step.Options {
			if option.Authenticator == "" {
				return fmt.Errorf("has an option without an authenticator in step %d", i+1)
			}
		}
	}
	return nil
}
