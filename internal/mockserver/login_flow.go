package mockserver

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// change replaces a login flow as the server does: the steps as a whole, the script only by another one. It returns
// what is wrong with the change, "" when nothing is.
func (s *AuthenticationSequence) change(change sequenceChange, scriptSurvives bool) string {
	if change.requestPathAuthenticators != nil {
		s.RequestPathAuthenticators = *change.requestPathAuthenticators
	}
	switch {
	case change.kind != sequenceDefault:
		if problem := s.changeSteps(change); problem != "" {
			return problem
		}
	case s.Type != sequenceDefault:
		s.Type, s.Steps = sequenceDefault, nil
		if !scriptSurvives {
			s.Script = ""
			return ""
		}
	}
	if change.script != nil && !blank(*change.script) {
		s.Script = *change.script
	}
	return ""
}

func (s *AuthenticationSequence) changeSteps(change sequenceChange) string {
	steps := slices.Clone(change.steps)
	slices.SortStableFunc(steps, func(a, b stepChange) int { return cmp.Compare(a.id, b.id) })
	switch {
	case len(steps) == 0:
		return "Authentication steps cannot be empty for the type USER_DEFINED."
	case steps[len(steps)-1].id != len(steps):
		return "The ids of the authentication steps need to be consecutive."
	}
	s.Type, s.Steps = sequenceUserDefined, nil
	for _, step := range steps {
		var options []StepOption
		for _, option := range step.options {
			options = append(options, option.StepOption)
		}
		s.Steps = append(s.Steps, Step{Options: options})
	}
	// Absent, or more than there are: fill makes it 1, also where there was another one before.
	s.SubjectStepID, s.AttributeStepID = 0, 0
	if change.subjectStepID != nil {
		s.SubjectStepID = *change.subjectStepID
	}
	if change.attributeStepID != nil {
		s.AttributeStepID = *change.attributeStepID
	}
	return ""
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }

// handlers take part in a login without finding out who somebody is.
var handlers = []string{
	"IdentifierExecutor", "SessionExecutor", "OrganizationIdentifierHandler", "SharedUserIdentifierExecutor",
}

// requestPathAuthenticators are the only names a flow's list of them can have.
var requestPathAuthenticators = []string{"BasicAuthRequestPathAuthenticator", "OAuthRequestPathAuthenticator"}

var (
	scriptLoop = regexp.MustCompile(`\b(for|while|forEach)\b`)
	// scriptText is what the search for loops leaves out: texts and comments.
	scriptText = regexp.MustCompile(`(?s)"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|/\*.*?\*/|//[^\n]*`)
)

// accepts says whether the server takes a login flow. It looks at the whole flow in every update of the application,
// so one that has gone bad since blocks them all.
func (o *Organization) accepts(flow *AuthenticationSequence) bool {
	if scriptLoop.MatchString(scriptText.ReplaceAllString(flow.Script, "")) {
		return false
	}
	for _, name := range flow.RequestPathAuthenticators {
		if !slices.Contains(requestPathAuthenticators, name) {
			return false
		}
	}
	identifies := flow.Type == sequenceDefault
	for _, step := range flow.Steps {
		for _, option := range step.Options {
			if !o.offers(option) {
				return false
			}
			if option.IDP != localIDP || !slices.Contains(handlers, option.Authenticator) {
				identifies = true
			}
		}
	}
	return identifies
}

// offers says whether there is such an option in the organization.
func (o *Organization) offers(option StepOption) bool {
	switch option.IDP {
	case localIDP:
		return slices.Contains(o.localAuthenticators(), option.Authenticator)
	case organizationConnection:
		if option.Authenticator == organizationAuthenticator {
			return true
		}
	}
	return slices.Contains(o.Connections[option.IDP], option.Authenticator)
}

// share keeps the option for users of sub-organizations where it belongs: in step 1 of a shared application and
// nowhere in another one. An application without a login flow of its own gets one for that, without a script.
func (s *Server) share(a *Application) {
	isSharing := func(o StepOption) bool { return o.IDP != localIDP && o.Authenticator == organizationAuthenticator }
	steps := a.AuthenticationSequence.Steps
	configured := len(steps) > 0 && slices.ContainsFunc(steps[0].Options, isSharing)
	switch {
	case !a.Shared && configured && len(steps[0].Options) > 1: // a step is never left empty
		steps[0].Options = slices.DeleteFunc(steps[0].Options, isSharing)
	case a.Shared && !configured:
		if a.AuthenticationSequence.Type == sequenceDefault {
			a.AuthenticationSequence = new(s.effective(*a))
			a.AuthenticationSequence.Type = sequenceUserDefined
		}
		first := &a.AuthenticationSequence.Steps[0]
		first.Options = append(first.Options, StepOption{organizationConnection, organizationAuthenticator})
	}
	a.AuthenticationSequence.fill()
}
