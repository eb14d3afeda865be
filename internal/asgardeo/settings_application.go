package asgardeo

import (
	"context"
	"maps"
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// Application is the portal as an application: its switch, and its login flow with the second factors.
type Application struct {
	ID       string
	ReadOnly bool // the server refuses every change
	Shared   bool // sub-organizations have it, too
	Flow     portal.Flow

	organization *Organization
	enabled      portal.Value // Unknown where the server has no such switch
	fragment     bool         // the copy of a sub-organization, which inherits the switch
}

func (a Application) values() portal.Settings {
	values := a.Flow.Settings()
	if a.enabled != portal.Unknown {
		values[portal.PortalEnabled] = a.enabled
	}
	return values
}

// merge changes the switch, and the flow where it can express what is wanted.
func (a Application) merge(change Change) (document, error) {
	merged, reason := a, ""
	if want := change.Want[portal.PortalEnabled]; want == portal.On || want == portal.Off {
		merged.enabled = want
	}
	if change.flow != nil {
		merged.Flow = change.flow.WrittenOver(a.Flow)
	} else if merged.Flow, reason = a.Flow.Merge(change.Want, change.Origin); reason != "" {
		return nil, a.customFlow(a.organization.clean(reason))
	}
	if a.ReadOnly && !merged.equals(a) {
		return nil, &Error{Kind: ReadOnlyApplication, Doing: doingChange, Organization: a.organization.name}
	}
	return merged, nil
}

func (a Application) customFlow(reason redact.Text) error {
	return &Error{
		Kind: CustomFlow, Doing: doingChange, Organization: a.organization.name, Reason: reason,
		Steps: a.organization.DescribeFlow(a.Flow),
	}
}

// Accepts returns an error if the application could not get another login flow: of kind ReadOnlyApplication.
func (a Application) Accepts(flow portal.Flow) error {
	_, err := a.merge(Change{flow: &flow})
	return err
}

func (a Application) equals(other document) bool {
	b := other.(Application)
	return a.enabled == b.enabled && a.hasFlowOf(b)
}

// hasFlowOf reports whether there is nothing to write of the flow.
func (a Application) hasFlowOf(b Application) bool {
	return a.Flow.Kind == b.Flow.Kind && a.Flow.Script == b.Flow.Script && a.Flow.SameSteps(b.Flow)
}

// asFarAsWritten keeps the switch and the flow, each if it is written.
func (a Application) asFarAsWritten(from, to document) document {
	before, after := from.(Application), to.(Application)
	if after.enabled == before.enabled {
		a.enabled = after.enabled
	}
	if after.hasFlowOf(before) {
		a.Flow = after.Flow
	}
	return a
}

// fulfills leaves to the server which flow is its own now, and whether it keeps that as one of the application, as it
// does for applications that are shared with other organizations.
func (a Application) fulfills(wanted document) bool {
	b := wanted.(Application)
	if a.enabled != b.enabled {
		return false
	}
	if b.Flow.Kind == portal.ServerFlow {
		if a.Flow.Kind == portal.ServerFlow || a.Shared && len(b.Flow.Steps) == 0 {
			return true
		}
		b.Flow.SubjectStep, b.Flow.AttributeStep = a.Flow.SubjectStep, a.Flow.AttributeStep
	}
	return a.Flow.Same(b.Flow)
}

// withoutFlow returns the application with the flow that it had before another one was sent, if that is there.
func (a Application) withoutFlow(was, sent Application) Application {
	sent.enabled = a.enabled
	if a.Flow.SameSteps(sent.Flow) || a.fulfills(sent) {
		a.Flow = was.Flow
	}
	return a
}

// corrected returns what to write once more, after the server made this application of what was wanted, or why not.
// A script stays with an application, out of sight, while it has the server's own flow, and runs again with a flow of
// its own. One that only executes steps gives way to one that executes them all. One that somebody has written is
// theirs, unless a flow as a whole is wanted.
func (a Application) corrected(wanted Application, change Change, notApplied error) (document, error) {
	switch {
	case change.flow != nil:
		return a.merge(change)
	case a.enabled != wanted.enabled || !a.Flow.SameSteps(wanted.Flow):
		return nil, notApplied // somebody else changed it in the same moment
	case a.Flow.HasOwnScript():
		return nil, a.customFlow(
			"with them, a login script came to light that somebody has written and that was out of sight before")
	}
	wanted.Flow.Script = wanted.Flow.ScriptOrGenerated()
	return wanted, nil
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

// Accepts returns an error if a change could not be written: of kind CustomFlow or ReadOnlyApplication.
func (r *Reading) Accepts(change Change) error {
	if r.application.ID == "" {
		return nil
	}
	_, err := r.application.merge(change)
	return err
}

// Shown is the settings as people should see them: one that is off only because another one is has no value of its
// own. Declared by mistake, it would hold when the other one goes on.
func (r *Reading) Shown() portal.Settings {
	if r.application.ID == "" || r.Settings[portal.TOTP] != portal.Off {
		return r.Settings
	}
	shown := maps.Clone(r.Settings)
	shown[portal.TOTPEnrollment] = portal.NotSet
	return shown
}

// Origin is what handing the settings back needs beside their values: empty, unless the flow is the server's own.
func (r *Reading) Origin() string {
	return r.application.Flow.Origin()
}

// CustomFlow says why the login flow decides by itself when second factors are asked for, if it does, and lists its
// steps.
func (r *Reading) CustomFlow() (reason redact.Text, steps []redact.Text) {
	if why := r.application.Flow.WhyCustom(); why != "" {
		o := r.application.organization
		return o.clean(why), o.DescribeFlow(r.application.Flow)
	}
	return "", nil
}

// SendsSMS reports whether users of the portal get passcodes by SMS, be it as first factor.
func (r *Reading) SendsSMS() bool {
	return r.Settings[portal.SMSOTP] == portal.On || r.application.Flow.SendsSMS()
}

// ResetsFlow reports that a change makes the login flow the server's own again.
func (r *Reading) ResetsFlow(change Change) bool {
	if r.application.ID == "" || r.application.Flow.Kind == portal.ServerFlow {
		return false
	}
	after, err := r.application.merge(change)
	return err == nil && after.(Application).Flow.Kind == portal.ServerFlow
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
