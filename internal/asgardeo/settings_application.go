package asgardeo

import (
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

// ignoringUnwritten keeps the switch and the flow, each if it is written.
func (a Application) ignoringUnwritten(from, to document) document {
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

// withEarlierFlow returns the application with the flow it had before another one was sent, if it has that one now.
func (a Application) withEarlierFlow(was, sent Application) Application {
	sent.enabled = a.enabled
	if a.Flow.SameSteps(sent.Flow) || a.fulfills(sent) {
		a.Flow = was.Flow
	}
	return a
}

// correction returns what to write after the server made this application of what was wanted, or why nothing is.
// A script stays with an application, out of sight, while it has the server's own flow, and runs again with a flow of
// its own. One that only executes steps gives way to one that executes them all. One that somebody has written is
// theirs, unless a flow as a whole is wanted.
func (a Application) correction(wanted Application, change Change, notApplied error) (document, error) {
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
