package asgardeo

import "maps"

// Application is the portal as an application: its switch, and its login flow with the second factors.
type Application struct {
	ID       string
	ReadOnly bool // the server refuses every change
	Shared   bool // sub-organizations have it, too
	Flow     LoginFlow

	organization *Organization
	enabled      Value // Unknown where the server has no such switch
	fragment     bool  // the copy of a sub-organization, which inherits the switch
}

func (a Application) values() Settings {
	values := a.Flow.values()
	if a.enabled != Unknown {
		values[PortalEnabled] = a.enabled
	}
	return values
}

// merge changes the switch, and the flow where it can express what is wanted.
func (a Application) merge(change Change) (document, []Setting, error) {
	merged := a
	if want := change.Want[PortalEnabled]; want == On || want == Off {
		merged.enabled = want
	}
	flow, refused := a.Flow.merge(change.Want, change.Origin)
	if refused != nil {
		return a, nil, &Error{
			Kind: CustomFlow, Doing: doingChange, Organization: a.organization.name,
			Reason: a.organization.cleaner()(refused.reason), Steps: a.organization.DescribeFlow(a.Flow),
		}
	}
	merged.Flow = flow
	if merged.same(a) {
		return a, nil, nil
	}
	if a.ReadOnly {
		return a, nil, a.isReadOnly()
	}
	var changed []Setting
	before, after := a.values(), merged.values()
	for _, setting := range writeKeys(change.Want) {
		if before[setting] != after[setting] {
			changed = append(changed, setting)
		}
	}
	return merged, changed, nil
}

// with returns the application with another login flow.
func (a Application) with(flow LoginFlow) (document, error) {
	changed := a
	changed.Flow = flow.over(a.Flow)
	if changed.same(a) {
		return a, nil
	}
	if a.ReadOnly {
		return a, a.isReadOnly()
	}
	return changed, nil
}

func (a Application) isReadOnly() error {
	return &Error{Kind: ReadOnlyApplication, Doing: doingChange, Organization: a.organization.name}
}

func (a Application) same(other document) bool {
	b := other.(Application)
	return a.enabled == b.enabled && !a.otherFlow(b)
}

// reached ignores what the server decides by itself: of a shared application, a flow that was reset counts as its own,
// and nobody can tell beforehand which steps it has then.
func (a Application) reached(want document) bool {
	b := want.(Application)
	if b.Flow.Kind == ServerFlow && len(b.Flow.Steps) == 0 {
		return a.enabled == b.enabled && (a.Flow.Kind == ServerFlow || a.Shared)
	}
	return a.enabled == b.enabled && a.Flow.reached(b.Flow)
}

// limitedTo keeps the switch and the flow, each if it is written.
func (a Application) limitedTo(from, to document) document {
	before, after := from.(Application), to.(Application)
	if after.enabled == before.enabled {
		a.enabled = after.enabled
	}
	if !after.otherFlow(before) {
		a.Flow = after.Flow
	}
	return a
}

// otherFlow reports whether the flow has to be written.
func (a Application) otherFlow(before Application) bool {
	return !a.Flow.same(before.Flow) || a.Flow.Kind != before.Flow.Kind
}

// instead handles a script that nobody could see: it stays with an application while the server's own flow is shown,
// and runs again with a flow of its own. One that only executes steps gives way to one that executes them all. One
// that somebody has written is theirs.
func (a Application) instead(want document) (document, error) {
	wanted := want.(Application)
	if a.enabled != wanted.enabled || a.Flow.canonical() != wanted.Flow.canonical() {
		return nil, nil // somebody else changed it in the same moment
	}
	if a.Flow.form().own {
		return nil, &Error{
			Kind: CustomFlow, Doing: doingChange, Organization: a.organization.name, Steps: a.organization.DescribeFlow(a.Flow),
			Reason: phrase("with them, a login script came to light that somebody has written and that was out of sight before"),
		}
	}
	wanted.Flow = wanted.Flow.explicit()
	return wanted, nil
}

func fragmentOf(found document) bool {
	a, ok := found.(Application)
	return ok && a.fragment
}

// application returns the application, if that is where the reading comes from.
func (r *Reading) application() (Application, bool) {
	for _, found := range r.documents {
		if a, ok := found.(Application); ok {
			return a, true
		}
	}
	return Application{}, false
}

// Shown is the settings as people should see them: one that is off only because another one is has no value of its
// own. Declared by mistake, it would hold when the other one goes on.
func (r *Reading) Shown() Settings {
	_, inApplication := r.application()
	if !inApplication || r.Settings[TOTP] != Off {
		return r.Settings
	}
	shown := maps.Clone(r.Settings)
	shown[TOTPEnrollment] = NotSet
	return shown
}

// Origin is what handing the settings back needs to know beside their values: empty, unless the flow is the
// server's own.
func (r *Reading) Origin() string {
	a, _ := r.application()
	return a.Flow.origin()
}

// CustomFlow says why the login flow decides by itself when second factors are asked for, and lists its steps. The
// reason is empty where it does not.
func (r *Reading) CustomFlow() (reason Text, steps []Text) {
	a, ok := r.application()
	if !ok {
		return "", nil
	}
	why := a.Flow.custom()
	if why == "" {
		return "", nil
	}
	return a.organization.cleaner()(why), a.organization.DescribeFlow(a.Flow)
}

// SendsSMS reports whether users of the portal get passcodes by SMS, be it as first factor.
func (r *Reading) SendsSMS() bool {
	a, ok := r.application()
	return r.Settings[SMSOTP] == On || ok && a.Flow.SendsSMS()
}

// ResetsFlow reports that a change makes the login flow the server's own again.
func (r *Reading) ResetsFlow(change Change) bool {
	before, ok := r.application()
	if !ok {
		return false
	}
	after, _, err := before.merge(change)
	return err == nil && after.(Application).Flow.Kind == ServerFlow && before.Flow.Kind != ServerFlow
}
