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
	lookUp := func() (string, error) { return s.lookUp(ctx) }
	for again := false; ; again = true {
		id, err := readRecent(ctx, s.Organization, applicationIDMemo, doingRead, lookUp)
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
	list := call{
		doing:  doingRead,
		method: http.MethodGet,
		path:   applicationsPath,
		query:  url.Values{"filter": {"name eq " + ApplicationName}, "limit": {"10"}, "offset": {"0"}},
		scope:  ScopeViewApplications,
		codes:  applicationCodes,
	}
	var page struct {
		Applications []struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"applications"`
		TotalResults *int `json:"totalResults"`
	}
	// It comes before a unit's read, whose turns are not for it.
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
	get := call{
		doing:  doingRead,
		method: http.MethodGet,
		path:   applicationsPath + "/" + id,
		scope:  ScopeViewApplications,
		codes:  applicationCodes,
	}
	var stored storedApplication
	if err := s.do(ctx, get, &stored); err != nil {
		return Application{}, err
	}
	if stored.Name != ApplicationName || stored.Flow == nil {
		wrong := redact.Phrase("an application without a login flow")
		if stored.Name != ApplicationName {
			wrong = redact.Phrase(`the application "%s" instead of "My Account"`, s.clean(stored.Name))
		}
		return Application{}, s.unexpected(get, wrong)
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
		doing:  doingChange,
		method: http.MethodPatch,
		path:   applicationsPath + "/" + after.ID,
		body:   members,
		scope:  ScopeUpdateApplications,
		codes:  applicationCodes,
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
		unitOf(ctx).onceMore()
	}
	return err
}
