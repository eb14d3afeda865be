package mockserver

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	defaultPageSize = 30
	maxPageSize     = 100
)

// applicationAttributes are the values of the query parameter attributes. A list item has these fields only when
// asked for.
var applicationAttributes = []string{
	"advancedConfigurations", "applicationEnabled", "clientId", "templateId", "templateVersion", "issuer",
	"associatedRoles.allowedAudience",
}

var applicationFilter = regexp.MustCompile(`^(\S+)\s+(\S+)\s+(.+)$`)

// The values of an application's access.
const (
	accessRead  = "READ"
	accessWrite = "WRITE"
)

// applications serves the list, the single application and its authenticators. Applications are neither created nor
// deleted.
func (s *Server) applications(c *call, rest []string) answer {
	method := c.request.Method
	switch {
	case len(rest) > 2 || len(rest) == 2 && rest[1] != "authenticators":
		return emptyAnswer(http.StatusNotFound)
	case len(rest) == 1 && method != http.MethodGet && method != http.MethodPatch:
		return methodNotAllowed(http.MethodGet, http.MethodPatch)
	case len(rest) != 1 && method != http.MethodGet:
		return methodNotAllowed(http.MethodGet)
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	switch {
	case len(rest) == 0:
		return s.listApplications(c)
	case method == http.MethodPatch:
		return s.patchApplication(c, rest[0])
	}
	application, refusal := s.findApplication(c, rest[0])
	switch {
	case refusal != nil:
		return *refusal
	case len(rest) == 2:
		return s.applicationAuthenticators(application)
	}
	return jsonAnswer(http.StatusOK, s.applicationBody(c.organization, application))
}

// The functions below run with the store locked.

// findApplication returns an application with its empty fields filled, or the answer that says that there is none. A
// GET may be stale.
func (s *Server) findApplication(c *call, id string) (Application, *answer) {
	var found *Application
	for _, application := range s.store.state.Organizations[c.organization].filledApplications(c.organization) {
		if application.ID == id {
			found = &application
		}
	}
	if c.request.Method == http.MethodGet {
		key := objectKey{c.organization, applicationKind, id}
		if was, written := s.store.previous[c.organization][key]; written && s.stale(c) {
			found = was.application
		}
	}
	if found == nil {
		return Application{}, new(s.serviceError(http.StatusNotFound, "APP-60006", "Application not found.",
			fmt.Sprintf("Application cannot be found for the provided id: %s in the tenantDomain: %s.", id, c.organization)))
	}
	return found.clone(), nil
}

// accessURL is where users find an application; that of the portal is known.
func (s *Server) accessURL(organization string, a Application) string {
	if a.AccessURL != "" || a.Name != myAccountApplication {
		return a.AccessURL
	}
	if organization == SuperOrganization {
		return s.URL() + "/myaccount"
	}
	return s.URL() + "/t/" + url.PathEscape(organization) + "/myaccount"
}

// applicationItem is an application in the list.
type applicationItem struct {
	ID                 string `json:"id"`
	Name               string `json:"name"`
	Description        string `json:"description,omitempty"`
	AccessURL          string `json:"accessUrl,omitempty"`
	ClientID           string `json:"clientId,omitempty"`
	Access             string `json:"access"`
	Self               string `json:"self"`
	ApplicationEnabled *bool  `json:"applicationEnabled,omitempty"`

	AdvancedConfigurations *advancedConfigurations `json:"advancedConfigurations,omitempty"`
}

func (s *Server) listApplications(c *call) answer {
	o := s.store.state.Organizations[c.organization]
	all := o.filledApplications(c.organization)
	query := c.request.URL.Query()
	if query.Has("sortBy") || query.Has("sortOrder") {
		return s.serviceError(http.StatusNotImplemented, "APP-65002", "Not implemented.", "Sorting is not implemented.")
	}
	limit, offset := defaultPageSize, 0
	for name, value := range map[string]*int{"limit": &limit, "offset": &offset} {
		if !query.Has(name) {
			continue
		}
		n, err := strconv.Atoi(query.Get(name))
		if err != nil || n < 0 || (name == "limit" && n == 0) {
			return s.invalidInput("The value of " + name + " is not valid.")
		}
		*value = n
	}
	var asked []string
	if query.Has("attributes") {
		for name := range strings.SplitSeq(query.Get("attributes"), ",") {
			name = strings.TrimSpace(name)
			// The servers that lack the field do not know its name here, either.
			if !slices.Contains(applicationAttributes, name) || name == "applicationEnabled" && o.ApplicationSwitchMissing {
				return s.serviceError(http.StatusBadRequest, "APP-60505", "Unsupported attribute.",
					"The attribute is not supported: "+name)
			}
			asked = append(asked, name)
		}
	}
	matches, problem := parseApplicationFilter(query.Get("filter"))
	if problem != "" {
		return s.serviceError(http.StatusBadRequest, "APP-60004", "Invalid filter.", problem)
	}
	all = slices.DeleteFunc(all, func(a Application) bool { return !matches(a) })

	start := min(offset, len(all))
	page := all[start:min(start+min(limit, maxPageSize), len(all))]
	items := make([]applicationItem, 0, len(page))
	for _, a := range page {
		item := applicationItem{
			ID: a.ID, Name: a.Name, Description: a.Description, AccessURL: s.accessURL(c.organization, a), Access: a.Access,
			Self: "/t/" + url.PathEscape(c.organization) + "/api/server/v1/applications/" + a.ID,
		}
		if slices.Contains(asked, "clientId") {
			item.ClientID = a.ClientID
		}
		if slices.Contains(asked, "applicationEnabled") {
			item.ApplicationEnabled = a.ApplicationEnabled
		}
		if slices.Contains(asked, "advancedConfigurations") {
			item.AdvancedConfigurations = new(newAdvancedConfigurations(a))
		}
		items = append(items, item)
	}
	return jsonAnswer(http.StatusOK, map[string]any{
		"totalResults": len(all), "startIndex": offset + 1, "count": len(items), "applications": items, "links": []string{},
	})
}

// parseApplicationFilter reads one comparison such as: name eq My Account. The value is not quoted.
func parseApplicationFilter(filter string) (matches func(Application) bool, problem string) {
	if filter == "" {
		return func(Application) bool { return true }, ""
	}
	parts := applicationFilter.FindStringSubmatch(filter)
	if parts == nil {
		return nil, "Filter needs to be in the format <attribute>+<operation>+<value>."
	}
	field := func(a Application) string { return a.Name }
	switch parts[1] {
	case "name":
	case "clientId":
		field = func(a Application) string { return a.ClientID }
	default:
		return nil, "Filtering cannot be done with the attribute " + parts[1] + "."
	}
	operations := map[string]func(s, value string) bool{
		"eq": func(s, value string) bool { return s == value },
		"co": strings.Contains, "sw": strings.HasPrefix, "ew": strings.HasSuffix,
	}
	operation := operations[parts[2]]
	if operation == nil {
		return nil, "The filtering operation is not supported: " + parts[2]
	}
	return func(a Application) bool { return operation(field(a), parts[3]) }, ""
}

// stableID is a UUID that depends on nothing but what it identifies, for things that are never created or deleted.
func stableID(parts ...string) string {
	b := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	b[6] = b[6]&0x0f | 0x50
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
