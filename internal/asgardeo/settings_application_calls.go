package asgardeo

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

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
	fetch := func() (Authenticators, error) { return o.authenticators(ctx) }
	return readRecent(ctx, o, "authenticators", doingReadAuthenticators, fetch)
}

func (o *Organization) authenticators(ctx context.Context) (Authenticators, error) {
	var listed []struct {
		Name        string `json:"name"`
		DisplayName string `json:"displayName"`
		Type        string `json:"type"`
	}
	err := o.do(ctx, call{
		doing:  doingReadAuthenticators,
		method: http.MethodGet,
		path:   "/api/server/v1/authenticators",
		scope:  ScopeViewAuthenticators,
	}, &listed)
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
