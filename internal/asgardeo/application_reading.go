package asgardeo

import "maps"

// What a reading tells beyond its settings, if they come from the application.

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
func (r *Reading) Shown() Settings {
	if r.application.ID == "" || r.Settings[TOTP] != Off {
		return r.Settings
	}
	shown := maps.Clone(r.Settings)
	shown[TOTPEnrollment] = NotSet
	return shown
}

// Origin is what handing the settings back needs beside their values: empty, unless the flow is the server's own.
func (r *Reading) Origin() string {
	return r.application.Flow.Origin()
}

// CustomFlow says why the login flow decides by itself when second factors are asked for, if it does, and lists its
// steps.
func (r *Reading) CustomFlow() (reason Text, steps []Text) {
	if why := r.application.Flow.WhyCustom(); why != "" {
		o := r.application.organization
		return o.cleaner()(why), o.DescribeFlow(r.application.Flow)
	}
	return "", nil
}

// SendsSMS reports whether users of the portal get passcodes by SMS, be it as first factor.
func (r *Reading) SendsSMS() bool {
	return r.Settings[SMSOTP] == On || r.application.Flow.SendsSMS()
}

// ResetsFlow reports that a change makes the login flow the server's own again.
func (r *Reading) ResetsFlow(change Change) bool {
	if r.application.ID == "" || r.application.Flow.Kind == ServerFlow {
		return false
	}
	after, err := r.application.merge(change)
	return err == nil && after.(Application).Flow.Kind == ServerFlow
}
