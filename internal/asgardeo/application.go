package asgardeo

// application is the portal as an application: its switch, and its login flow with the second factors.
type application struct {
	organization *Organization
	id           string
	enabled      Value // Unknown where the server has no such switch
	readOnly     bool  // the server refuses every change
	fragment     bool  // the copy of a sub-organization, which inherits the switch
	flow         loginFlow
}

func (a application) values() Settings {
	values := a.flow.values()
	if a.enabled != Unknown {
		values[PortalEnabled] = a.enabled
	}
	return values
}

// merge changes the switch, and the flow where it can express what is wanted.
func (a application) merge(change Change) (document, []Setting, error) {
	merged := a
	if want := change.Want[PortalEnabled]; want == On || want == Off {
		merged.enabled = want
	}
	flow, refused := a.flow.merge(change.Want, change.Origin)
	if refused != nil {
		return a, nil, &Error{
			Kind: CustomFlow, Doing: doingChange, Organization: a.organization.name,
			Reason: a.organization.cleaner()(refused.reason), Steps: a.cleaned(refused.steps),
		}
	}
	merged.flow = flow
	if merged.same(a) {
		return a, nil, nil
	}
	if a.readOnly {
		return a, nil, &Error{Kind: ReadOnlyApplication, Doing: doingChange, Organization: a.organization.name}
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

// cleaned makes the lines of a flow, whose names are the server's, fit for a message.
func (a application) cleaned(lines []string) []Text {
	clean, texts := a.organization.cleaner(), []Text{}
	for _, line := range lines {
		texts = append(texts, clean(line))
	}
	return texts
}

func (a application) same(other document) bool {
	b := other.(application)
	return a.enabled == b.enabled && a.flow.kind == b.flow.kind && a.flow.same(b.flow)
}

// reached ignores what the server decides by itself: a flow that was reset may still count as user-defined.
func (a application) reached(want document) bool {
	b := want.(application)
	return a.enabled == b.enabled && a.flow.reached(b.flow)
}

func fragmentOf(found document) bool {
	a, ok := found.(application)
	return ok && a.fragment
}

// application returns the application, if that is where the reading comes from.
func (r *Reading) application() (application, bool) {
	for _, found := range r.documents {
		if a, ok := found.(application); ok {
			return a, true
		}
	}
	return application{}, false
}

// Origin is what handing the settings back needs to know beside their values: empty, unless the flow is the
// server's own.
func (r *Reading) Origin() string {
	a, _ := r.application()
	return a.flow.origin()
}

// CustomFlow says why the login flow decides by itself when second factors are asked for, and lists its steps. The
// reason is empty where it does not.
func (r *Reading) CustomFlow() (reason Text, steps []Text) {
	a, ok := r.application()
	if !ok {
		return "", nil
	}
	why := a.flow.custom()
	if why == "" {
		return "", nil
	}
	return a.organization.cleaner()(why), a.cleaned(a.flow.lines())
}

// SendsSMS reports whether users of the portal get passcodes by SMS, be it as first factor.
func (r *Reading) SendsSMS() bool {
	a, ok := r.application()
	return r.Settings[SMSOTP] == On || ok && a.flow.sendsSMS()
}

// ResetsFlow reports that a change makes the login flow the server's own again.
func (r *Reading) ResetsFlow(change Change) bool {
	before, ok := r.application()
	if !ok {
		return false
	}
	after, _, err := before.merge(change)
	return err == nil && after.(application).flow.kind == serverFlow && before.flow.kind != serverFlow
}
