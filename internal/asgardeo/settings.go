package asgardeo

import (
	"context"
	"maps"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

// store is one place where an installation keeps the settings, in one or more documents.
type store interface {
	// documents names those that hold the settings. One that others depend on comes before them.
	documents(settings []portal.Setting) []string
	read(ctx context.Context, name string) (document, error)
	// write works within a unit only: see [unit].
	write(ctx context.Context, from, to document) error
}

// document is what a store reads and writes at once.
type document interface {
	values() portal.Settings
	// merge returns the document with the change made. An error says why it cannot take the change.
	merge(change Change) (document, error)
	// equals reports that a write from one to the other would change nothing.
	equals(other document) bool
	// fulfills reports that a write of the wanted document has had its effect.
	fulfills(wanted document) bool
	// ignoringUnwritten returns the document with what this write did not change as in to: others may have changed it.
	ignoringUnwritten(from, to document) document
}

// Change is what settings are to become. A setting that is left out stays as it is.
type Change struct {
	Want portal.Settings
	// Origin is set when settings are handed back: Reading.Origin of the time when they were taken over.
	Origin string
	// flow is what the whole login flow is to become, instead of single settings.
	flow *portal.Flow
}

// MyAccount reads and writes the settings of an organization's portal in one of their places.
type MyAccount struct {
	*Organization
	API   portal.API // the place
	store store
}

// MyAccount returns the settings in the given place.
func (o *Organization) MyAccount(api portal.API) *MyAccount {
	if api == portal.ApplicationAPI {
		return &MyAccount{o, api, applicationStore{o}}
	}
	return &MyAccount{o, api, classicStore{o}}
}

// Initial is the value of a setting that nobody has chosen: the portal is on, without second factors. Whether users of
// the application may enroll TOTP is then up to the organization.
func (m *MyAccount) Initial(setting portal.Setting) portal.Value {
	if setting == portal.TOTPEnrollment && m.API == portal.ApplicationAPI {
		return portal.NotSet
	}
	return portal.ValueOf(setting == portal.PortalEnabled)
}

// Reading is what the settings were when they were read.
type Reading struct {
	portal.Settings
	application Application // without an id where they come from another place
}

func (r *Reading) add(found document) {
	maps.Copy(r.Settings, found.values())
	if application, ok := found.(Application); ok {
		r.application = application
	}
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

// Read asks the server for the documents that hold the given settings, and returns every setting of those documents.
func (m *MyAccount) Read(ctx context.Context, settings ...portal.Setting) (*Reading, error) {
	return m.readAll(ctx, settings, false)
}

// Recent is Read, except that it takes what this process has read already, unless it was changed since.
func (m *MyAccount) Recent(ctx context.Context, settings ...portal.Setting) (*Reading, error) {
	return m.readAll(ctx, settings, true)
}

// Known returns what this process has read already of the given settings, without asking the server.
func (m *MyAccount) Known(settings ...portal.Setting) *Reading {
	reading := &Reading{Settings: portal.Settings{}}
	for _, name := range m.store.documents(settings) {
		if known, ok := m.memo.recall(m.key(name)); ok {
			reading.add(known.(document))
		}
	}
	return reading
}

func (m *MyAccount) readAll(ctx context.Context, settings []portal.Setting, recent bool) (*Reading, error) {
	read := readShared[document]
	if recent {
		read = readRecent[document]
	}
	reading := &Reading{Settings: portal.Settings{}}
	for _, name := range m.store.documents(settings) {
		fetch := func(ctx context.Context) (document, error) { return m.readFresh(ctx, name) }
		found, err := read(ctx, m.Organization, m.key(name), doingRead, fetch)
		if err != nil {
			return nil, err
		}
		reading.add(found)
	}
	return reading, m.missing(reading, settings)
}

// missing returns an error if a setting has no place on this server.
func (m *MyAccount) missing(reading *Reading, settings []portal.Setting) error {
	for _, setting := range settings {
		if _, read := reading.Settings[setting]; !read {
			return &Error{Kind: SwitchMissing, Doing: doingRead, Organization: m.name}
		}
	}
	return nil
}

const (
	doingRead    = "read the My Account settings"
	doingChange  = "change the My Account settings"
	doingConfirm = "confirm the change of the My Account settings"
)

// key tells the documents of the places apart where the organization keeps things by name.
func (m *MyAccount) key(name string) string {
	return string(m.API) + " " + name
}
