package asgardeo

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// ApplicationName is the name of the application that is the portal. The server keeps others from taking it.
const ApplicationName = "My Account"

const (
	applicationsPath = "/api/server/v1/applications"
	// Where the organization keeps, for as long as the process lives, the application's id.
	applicationIDMemo = "application id"
)

// applicationCodes are the errors of the application's API that mean something of their own.
var applicationCodes = serverCodes{
	http.StatusNotFound: {"APP-60006": ApplicationMissing},
	anyStatus:           {"APP-60001": InvalidFlow, "APP-60008": ApplicationForbidden, "OAUTH-60005": ReadOnlyApplication},
}

// applicationStore keeps all settings in one document, the application "My Account".
type applicationStore struct {
	*Organization
}

// documents are one: one call changes all second factors and what depends on them.
func (applicationStore) documents([]portal.Setting) []string {
	return []string{ApplicationName}
}

// read finds the application by its name. An id that is known already may be that of a former application.
func (s applicationStore) read(ctx context.Context, _ string) (document, error) {
	for again := false; ; again = true {
		id, err := readRecent(ctx, s.Organization, applicationIDMemo, doingRead, s.lookUp)
		if err != nil {
			return nil, err
		}
		found, err := s.readApplication(ctx, id)
		if !IsKind(err, ApplicationMissing) {
			return found, err
		}
		s.memo.clear(applicationIDMemo)
		if again {
			return found, err
		}
	}
}

// idPattern is what an id looks like. It becomes part of an address, so nothing else may pass for one.
var idPattern = regexp.MustCompile(`^[\w-]{1,255}$`)

func (s applicationStore) lookUp(ctx context.Context) (string, error) {
	list := get(doingRead, applicationsPath, ScopeViewApplications, applicationCodes)
	list.query = url.Values{"filter": {"name eq " + ApplicationName}, "limit": {"10"}, "offset": {"0"}}
	var page struct {
		Applications []struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"applications"`
		TotalResults *int `json:"totalResults"`
	}
	// It comes before a unit's read, whose permits are not for it.
	if err := s.do(context.WithValue(ctx, unitKey{}, nil), list, &page); err != nil {
		return "", err
	}
	if page.Applications == nil && page.TotalResults == nil {
		return "", s.unexpected(list, "an answer that is not a list of applications")
	}
	for _, item := range page.Applications {
		if item.Name != ApplicationName {
			continue // the filter is the server's; what is changed must be the portal
		}
		if !idPattern.MatchString(item.ID) {
			return "", s.unexpected(list, "an application with an id that cannot be one")
		}
		return item.ID, nil
	}
	return "", &Error{Kind: ApplicationMissing, Doing: doingRead, Organization: s.name}
}

// unexpected is the error for an answer that is valid JSON and still not what was asked for.
func (o *Organization) unexpected(c call, reason redact.Text) error {
	return &Error{
		Kind: Unexpected, Doing: c.doing, Organization: o.name, Method: c.method, URL: o.url + c.path, Scope: c.scope,
		Status: http.StatusOK, Reason: reason, Unsettled: c.method != http.MethodGet,
	}
}

// storedApplication is the server's representation, as far as it is used.
type storedApplication struct {
	Name    string       `json:"name"`
	Enabled any          `json:"applicationEnabled"`
	Access  string       `json:"access"`
	Flow    *portal.Flow `json:"authenticationSequence"`

	Advanced struct {
		Fragment   bool            `json:"fragment"`
		Properties json.RawMessage `json:"additionalSpProperties"`
	} `json:"advancedConfigurations"`
}

// shared reports whether sub-organizations have the application, too.
func (s storedApplication) shared() bool {
	type property struct{ Name, Value any }
	var properties []property
	err := json.Unmarshal(s.Advanced.Properties, &properties)
	return err == nil && slices.ContainsFunc(properties, func(property property) bool {
		return property.Name == "isAppShared" && (property.Value == "true" || property.Value == true)
	})
}

func (s applicationStore) readApplication(ctx context.Context, id string) (Application, error) {
	c := get(doingRead, applicationsPath+"/"+id, ScopeViewApplications, applicationCodes)
	var stored storedApplication
	if err := s.do(ctx, c, &stored); err != nil {
		return Application{}, err
	}
	switch {
	case stored.Name != ApplicationName:
		another := redact.Phrase(`the application "%s" instead of "My Account"`, s.clean(stored.Name))
		return Application{}, s.unexpected(c, another)
	case stored.Flow == nil:
		return Application{}, s.unexpected(c, "an application without a login flow")
	}
	found := Application{
		ID:           id,
		ReadOnly:     strings.EqualFold(stored.Access, "READ"),
		Shared:       stored.shared(),
		Flow:         *stored.Flow,
		organization: s.Organization,
		fragment:     stored.Advanced.Fragment,
	}
	if on, ok := stored.Enabled.(bool); ok {
		found.enabled = portal.ValueOf(on)
	}
	return found, nil
}

// write sends the members that differ, and those only: others of the application belong to others.
func (s applicationStore) write(ctx context.Context, from, to document) error {
	before, after := from.(Application), to.(Application)
	members := map[string]any{}
	if on, known := after.enabled.Bool(); known && after.enabled != before.enabled {
		members["applicationEnabled"] = on
	}
	if !after.hasFlowOf(before) {
		members["authenticationSequence"] = after.Flow.Patch(before.Flow)
	}
	err := s.do(ctx, call{
		doing: doingChange, method: http.MethodPatch, path: applicationsPath + "/" + after.ID, body: members,
		scope: ScopeUpdateApplications, codes: applicationCodes,
	}, nil)
	failure, failed := errors.AsType[*Error](err)
	if !failed {
		return err
	}
	failure.Fragment = before.fragment
	if failure.Code == "APP-60520" { // the token may change the application, but not its login script
		failure.Scope = ScopeUpdateScripts
	}
	if failure.Kind == ApplicationMissing {
		// The server denies what was read a moment ago. A new look tells whether it means it.
		s.memo.clear(applicationIDMemo)
		unitOf(ctx).startOverOnce()
	}
	return err
}

// Application asks the server for the portal's application.
func (o *Organization) Application(ctx context.Context) (Application, error) {
	return applicationIn(o.MyAccount(portal.ApplicationAPI).Read(ctx, portal.TwoFactor()...))
}

// RecentApplication is Application, except that it takes what this process has read, unless it was changed since.
func (o *Organization) RecentApplication(ctx context.Context) (Application, error) {
	return applicationIn(o.MyAccount(portal.ApplicationAPI).Recent(ctx, portal.TwoFactor()...))
}

// KnownApplication returns what this process has read already, without asking the server.
func (o *Organization) KnownApplication() (Application, bool) {
	known := o.MyAccount(portal.ApplicationAPI).Known(portal.TwoFactor()...).application
	return known, known.ID != ""
}

func applicationIn(reading *Reading, err error) (Application, error) {
	if err != nil {
		return Application{}, err
	}
	return reading.application, nil
}

// ChangeLoginFlow is Write for the whole login flow of the portal: decide says what it is to become. A script is sent
// only where it has to change.
func (o *Organization) ChangeLoginFlow(
	ctx context.Context, decide func(live Application) (portal.Flow, error),
) error {
	_, err := o.MyAccount(portal.ApplicationAPI).Write(ctx, portal.TwoFactor(), func(live *Reading) (Change, error) {
		flow, err := decide(live.application)
		return Change{flow: &flow}, err
	})
	return err
}

// DescribeFlow returns a flow's steps for a message, a line each. The organization is nil while it cannot be reached:
// then there are no secrets that the server could have put into names.
func (o *Organization) DescribeFlow(flow portal.Flow) []redact.Text {
	forMessage := func(line string) redact.Text { return redact.Clean(line, nil) }
	if o != nil {
		forMessage = o.clean
	}
	lines := []redact.Text{}
	for _, line := range flow.Lines() {
		lines = append(lines, forMessage(line))
	}
	return lines
}

// Authenticators are what steps of login flows can offer.
type Authenticators struct {
	BuiltIn     []string
	Connections []string // their names; which authenticators they have is not told
}

// Has reports whether there is such an option, as far as the list tells.
func (a Authenticators) Has(option portal.Option) bool {
	if option.Connection != "" {
		return slices.Contains(a.Connections, option.Connection)
	}
	return slices.Contains(a.BuiltIn, option.Authenticator)
}

const doingReadAuthenticators = "read the authenticators"

// RecentAuthenticators lists what the organization's login flows can offer. The server is asked once in a process.
func (o *Organization) RecentAuthenticators(ctx context.Context) (Authenticators, error) {
	return readRecent(ctx, o, "authenticators", doingReadAuthenticators, o.authenticators)
}

func (o *Organization) authenticators(ctx context.Context) (Authenticators, error) {
	var listed []struct {
		Name        string `json:"name"`
		DisplayName string `json:"displayName"`
		Type        string `json:"type"`
	}
	c := get(doingReadAuthenticators, "/api/server/v1/authenticators", ScopeViewAuthenticators, nil)
	err := o.do(ctx, c, &listed)
	var all Authenticators
	for _, item := range listed {
		if item.Type == portal.BuiltIn {
			all.BuiltIn = append(all.BuiltIn, item.Name)
		} else {
			all.Connections = append(all.Connections, item.Name, item.DisplayName)
		}
	}
	return all, err
}
