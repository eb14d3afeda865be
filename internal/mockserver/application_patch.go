package mockserver

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// reservedNames are those of the applications that the server itself brings. No other application can take one.
var reservedNames = []string{myAccountApplication, "Console"}

// applicationChange is the body of a PATCH: what is nil stays as it is.
type applicationChange struct {
	name        *string
	description *string
	accessURL   *string
	enabled     *bool
	sequence    *sequenceChange
	// enhancedOrganizations and rolesGiven are looked at, but not kept.
	enhancedOrganizations *bool
	rolesGiven            bool
}

// patchApplication changes an application. Its checks come in the order of the real server's.
func (s *Server) patchApplication(c *call, id string) answer {
	o := s.store.state.Organizations[c.organization]
	if !hasJSONBody(c) {
		return emptyAnswer(http.StatusUnsupportedMediaType)
	}
	change, err := o.decodeApplicationChange(c.body)
	if err != nil {
		return s.invalidInput("The request is not valid: " + err.Error() + ".")
	}
	was, refusal := s.findApplication(c, id)
	if refusal != nil {
		return *refusal
	}
	failed := "Error patching application with id: " + id
	next := was.clone()
	if change.sequence != nil {
		shown := s.sequenceBody(c.organization, was)
		if lost := shown.lost(*change.sequence); lost != "" {
			return s.invalidInput("Property " + lost + " cannot be null.")
		}
		if change.sequence.touchesScript(was) && !o.ScriptScopeIgnored && !slices.Contains(c.scopes, scriptScope) {
			return s.serviceError(http.StatusForbidden, "APP-60520", "Operation is forbidden.",
				"Updating the authentication script of the application is not permitted.")
		}
	}
	if change.name != nil && *change.name != was.Name && slices.Contains(reservedNames, *change.name) {
		return s.serviceError(http.StatusBadRequest, "APP-60516", "The application cannot be renamed.",
			"The name is reserved for an application of the system: "+*change.name)
	}
	if change.rolesGiven {
		return s.serviceError(http.StatusForbidden, "APP-60008", "Operation is forbidden.",
			"Roles cannot be associated with an application of the audience ORGANIZATION.")
	}
	change.applyTo(&next)
	if change.sequence != nil {
		if problem := next.AuthenticationSequence.change(*change.sequence, o.ScriptSurvivesReset); problem != "" {
			return s.serviceError(http.StatusBadRequest, "APP-60001", "Invalid request.", problem)
		}
	}
	if change.enhancedOrganizations != nil && *change.enhancedOrganizations && slices.Contains(reservedNames, was.Name) {
		return s.systemApplication(failed, was)
	}
	return s.updateApplication(c, was, next, failed)
}

// The members below may be in a PATCH and change nothing here. The first are texts, the others objects.
var (
	ignoredTexts   = []string{"applicationVersion", "imageUrl", "logoutReturnUrl", "templateId", "templateVersion"}
	ignoredObjects = []string{"claimConfiguration", "advancedConfigurations", "provisioningConfigurations"}
)

func (o *Organization) decodeApplicationChange(body []byte) (applicationChange, error) {
	allowed := []string{
		"name", "description", "accessUrl", "authenticationSequence", "enhancedOrgAuthenticationEnabled", "associatedRoles",
	}
	if !o.ApplicationSwitchMissing {
		allowed = append(allowed, "applicationEnabled")
	}
	fields, err := members(body, false, slices.Concat(allowed, ignoredTexts, ignoredObjects)...)
	if err != nil {
		return applicationChange{}, err
	}
	var change applicationChange
	var sequence, roles *json.RawMessage
	errs := []error{
		member(fields, "name", &change.name),
		member(fields, "description", &change.description),
		member(fields, "accessUrl", &change.accessURL),
		member(fields, "applicationEnabled", &change.enabled),
		member(fields, "enhancedOrgAuthenticationEnabled", &change.enhancedOrganizations),
		member(fields, "authenticationSequence", &sequence),
		member(fields, "associatedRoles", &roles),
	}
	for _, name := range ignoredTexts {
		errs = append(errs, member(fields, name, new(*string)))
	}
	for _, name := range ignoredObjects {
		errs = append(errs, member(fields, name, new(*map[string]any)))
	}
	if sequence != nil {
		decoded, err := decodeSequence(*sequence, o.UnknownMembers)
		errs = append(errs, err)
		change.sequence = &decoded
	}
	if roles != nil {
		given, err := decodeAssociatedRoles(*roles)
		errs = append(errs, err)
		change.rolesGiven = given
	}
	return change, cmp.Or(errs...)
}

// decodeAssociatedRoles says whether there is a role in it.
func decodeAssociatedRoles(raw json.RawMessage) (bool, error) {
	fields, err := members(raw, false, "allowedAudience", "roles")
	if err != nil {
		return false, err
	}
	var audience *string
	var roles *[]map[string]any
	err = cmp.Or(member(fields, "allowedAudience", &audience), member(fields, "roles", &roles))
	return roles != nil && len(*roles) > 0, err
}

func (c applicationChange) applyTo(a *Application) {
	for to, from := range map[*string]*string{&a.Name: c.name, &a.Description: c.description, &a.AccessURL: c.accessURL} {
		if from != nil {
			*to = *from
		}
	}
	if c.enabled != nil {
		a.ApplicationEnabled = c.enabled
	}
}

// touchesScript says whether a change needs the scope for scripts: a script is sent, even an empty one, or one that
// is stored would go, even one that does not show.
func (c sequenceChange) touchesScript(was Application) bool {
	return c.script != nil || c.kind == sequenceDefault && was.AuthenticationSequence.Script != ""
}

// updateApplication is what every update of an application goes through, whatever it changes.
func (s *Server) updateApplication(c *call, was, next Application, failed string) answer {
	o := s.store.state.Organizations[c.organization]
	refuse := func(description string) answer {
		return s.serviceError(http.StatusBadRequest, "APP-60001", failed, description)
	}
	for _, other := range o.filledApplications(c.organization) {
		if other.ID != next.ID && other.Name == next.Name {
			return s.serviceError(http.StatusConflict, "APP-60007", failed, "There is an application of this name: "+next.Name)
		}
	}
	next.AuthenticationSequence.fill()
	if next.Name == "" || !o.accepts(next.AuthenticationSequence) {
		// What is wrong is not told.
		return refuse(fmt.Sprintf("Invalid application configuration for application: '%s' of tenantDomain: %s.",
			was.Name, c.organization))
	}
	switch {
	case was.Access == accessRead:
		return s.systemApplication(failed, was)
	case was.Fragment && next.Name != was.Name:
		return refuse("Application name modification is not allowed for this organization.")
	case was.Fragment && !blank(next.AuthenticationSequence.Script):
		return refuse("Authentication script configuration not allowed for shared applications.")
	case was.Fragment: // it is on or off as the application it is a copy of
		next.ApplicationEnabled = was.ApplicationEnabled
	}
	s.share(&next)
	s.store.putApplication(c.organization, next)
	if !*next.ApplicationEnabled {
		o.Revocations++
	}
	return emptyAnswer(http.StatusOK)
}

// systemApplication refuses to change an application of the system. The code is not one of this service.
func (s *Server) systemApplication(failed string, a Application) answer {
	return s.serviceError(http.StatusBadRequest, "OAUTH-60005", failed,
		"Updating system applications is not allowed. Application name: "+a.Name)
}
