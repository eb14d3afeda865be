package asgardeo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// Application asks the server for the portal's application.
func (o *Organization) Application(ctx context.Context) (Application, error) {
	return applicationOf(o.MyAccount(ApplicationAPI).readShared(ctx, ApplicationName))
}

// RecentApplication is Application, except that it takes what this process has read already, unless it was changed
// since.
func (o *Organization) RecentApplication(ctx context.Context) (Application, error) {
	if seen, ok := o.SeenApplication(); ok {
		return seen, nil
	}
	return o.Application(ctx)
}

// SeenApplication returns what this process has read already, without asking the server.
func (o *Organization) SeenApplication() (Application, bool) {
	seen, ok := o.seen.recall(o.MyAccount(ApplicationAPI).key(ApplicationName))
	if !ok {
		return Application{}, false
	}
	return seen.(Application), true
}

func applicationOf(found document, err error) (Application, error) {
	if err != nil {
		return Application{}, err
	}
	return found.(Application), nil
}

// ChangeLoginFlow replaces the portal's login flow. Under a lock that other writers of this process wait for, it reads
// the application, and asks decide what the flow is to become. A flow that is right already is not written, and a
// script is sent only where it has to change. With an error of decide nothing is written. decide is asked again when the
// write has to be repeated, and never sees what this call has changed.
func (o *Organization) ChangeLoginFlow(
	ctx context.Context, decide func(live Application) (LoginFlow, error),
) error {
	m := o.MyAccount(ApplicationAPI)
	if err := m.writing.Acquire(ctx, 1); err != nil {
		return m.interrupted(err, doingChange)
	}
	defer m.writing.Release(1)
	var before, ours *Application
	return m.inUnits(ctx, func(ctx context.Context) error {
		together(ctx, 2)
		live, err := applicationOf(m.get(ctx, ApplicationName))
		if err != nil {
			return err
		}
		without := live
		if ours != nil && live.hasFlow(*ours) {
			m.supersede(ApplicationName, *before)
			without.Flow = before.Flow
		}
		want, err := decide(without)
		if err != nil {
			return err
		}
		to, err := live.with(want)
		if err != nil {
			return err
		}
		change := func(document) (document, []Setting, error) { return to, nil, nil }
		// A script that nobody could see may have come to light. The flow as a whole is what was asked for.
		again := func(made, _ document) (document, error) {
			before, ours = &without, new(to.(Application))
			return made.(Application).with(want)
		}
		_, err = m.writeDocument(ctx, ApplicationName, live, change, again)
		if uncertain(err) {
			before, ours = &without, new(to.(Application))
		}
		return err
	})
}

// hasFlow reports whether the application has the steps that were sent to it, whatever else was changed since.
func (a Application) hasFlow(sent Application) bool {
	sent.enabled = a.enabled
	return a.Flow.canonical() == sent.Flow.canonical() || a.reached(sent)
}

// DescribeFlow returns a flow's steps for a message, a line each. The organization is nil while it cannot be reached:
// then there are no secrets that the server could have put into names.
func (o *Organization) DescribeFlow(flow LoginFlow) []Text {
	var secrets []string
	if o != nil {
		secrets = slices.Concat(o.tokens.issued(), o.secrets)
	}
	lines := []Text{}
	for _, line := range flow.lines() {
		lines = append(lines, clean(line, secrets))
	}
	return lines
}

// Accepts returns an error if the application could not get another login flow: of kind ReadOnlyApplication.
func (a Application) Accepts(flow LoginFlow) error {
	_, err := a.with(flow)
	return err
}

// over returns the flow as it is written over another one: with the members that this package does not know, and with
// another script only where the one that is there does something else.
func (f LoginFlow) over(live LoginFlow) LoginFlow {
	switch {
	case f.Kind != ServerFlow:
	case live.Kind == ServerFlow:
		return live
	default:
		return LoginFlow{Kind: ServerFlow, SubjectStep: 1, AttributeStep: 1}
	}
	written := f
	written.other = live.other
	written.Steps = nil
	for i, step := range f.Steps {
		written.Steps = append(written.Steps, step.over(live.stepBehind(i, step)))
	}
	stored := live.Script
	if live.Kind == ServerFlow {
		stored = "" // what shows is not stored with the application
	}
	switch {
	case written.RunsLike(stored):
		written.Script = stored
	case blank(f.Script):
		// A script cannot be taken out without giving the flow up. One that runs every step is as good as none.
		written.Script = written.generatedScript(NotSet)
	}
	return written
}

// stepBehind finds the step that a step at a position once was: the one at its place if they have an option in common,
// else one with the same options.
func (f LoginFlow) stepBehind(position int, step LoginStep) LoginStep {
	if position < len(f.Steps) && slices.ContainsFunc(step.Options, f.Steps[position].has) {
		return f.Steps[position]
	}
	if i := slices.IndexFunc(f.Steps, step.Same); i >= 0 {
		return f.Steps[i]
	}
	return LoginStep{}
}

func (s LoginStep) over(live LoginStep) LoginStep {
	written := LoginStep{other: live.other}
	for _, option := range s.Options {
		if i := slices.IndexFunc(live.Options, option.same); i >= 0 {
			option.other = live.Options[i].other
		}
		written.Options = append(written.Options, option)
	}
	return written
}

func (s LoginStep) has(option LoginOption) bool {
	return slices.ContainsFunc(s.Options, option.same)
}

func (o LoginOption) same(other LoginOption) bool {
	return o.Connection == other.Connection && o.Authenticator == other.Authenticator
}

// Same reports whether two steps have the same options, in any order.
func (s LoginStep) Same(other LoginStep) bool {
	return LoginFlow{Steps: []LoginStep{s}}.canonical() == LoginFlow{Steps: []LoginStep{other}}.canonical()
}

// Same reports whether two flows sign users in alike. Options have no order: the server changes it. Whose flow it is
// does not matter, nor how a script says that every step is run.
func (f LoginFlow) Same(other LoginFlow) bool {
	return f.canonical() == other.canonical() && f.scriptMeaning() == other.scriptMeaning()
}

// RunsLike reports whether another script would do the same with the flow's steps.
func (f LoginFlow) RunsLike(script string) bool {
	other := f
	other.Script = script
	return f.scriptMeaning() == other.scriptMeaning()
}

// Fingerprint is equal for flows that are the same.
func (f LoginFlow) Fingerprint() string {
	sum := sha256.Sum256([]byte(f.canonical() + "\n" + f.scriptMeaning()))
	return hex.EncodeToString(sum[:])
}

// RunsEveryStep reports that nothing but its steps decides what the flow does: it has no script, or one that the
// Console generates.
func (f LoginFlow) RunsEveryStep() bool {
	return f.scriptMeaning() == ""
}
