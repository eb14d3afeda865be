package provider_test

import (
	"reflect"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// One sequence of steps runs in both places of the settings. Both have to plan the same, to succeed or to fail alike,
// and to come to the same settings.
//
// There is one planned difference. The classic place knows enrollment as on or off; the application knows, with TOTP
// on, also "not set". What is not set counts as off here. But then a declared enrollment is null in the refreshed
// state, so that it differs from a configuration that says false, and does not differ from one that says nothing.
//
// The comparison ends where one place has something that the other cannot have, or when its model knows why the two
// have to go different ways: see apart.

// twins are two models of one sequence.
type twins struct {
	t                    providertest.Tester
	application, classic *model
	compared             *comparisons
	// apart is why the two are not compared anymore; empty while they are.
	apart string
	// undeclared are the resources whose import found an enrollment without a value in the application.
	undeclared map[string]bool
}

// came is what a step came to.
type came struct {
	rounds   []*round
	imported values // the state of an import
}

// round is a plan and, where that succeeded, what its apply came to. A step that failed may have a second one.
type round struct {
	changes  []*change
	planned  bool
	outcomes []outcome
	stayed   map[string]string // see outcome
}

// comparisons counts, so that a comparison which never takes place does not go unnoticed.
type comparisons struct {
	steps, plans, outcomes, imports, differences atomic.Int64
}

// The reasons for which twins go apart.
const (
	apartFaults   = "calls fail, and the places do not make the same calls"
	apartSettings = "settings that cannot be had in both"
	apartBooks    = "enrollment was not set before Terraform, or somebody took it out"
	apartRivals   = "two resources want different things, and an application is written as a whole"
	apartGuess    = "the classic place did not look at everything when somebody else was faster"
)

// report insists that most of the work was compared.
func (c *comparisons) report(t *testing.T) {
	t.Helper()
	t.Logf("compared %d steps: %d plans, %d of them with the planned difference, %d outcomes, %d imports",
		c.steps.Load(), c.plans.Load(), c.differences.Load(), c.outcomes.Load(), c.imports.Load())
	if !t.Failed() && (c.plans.Load() < 50 || c.outcomes.Load() < 50) {
		t.Errorf("hardly anything was compared: %d plans and %d outcomes", c.plans.Load(), c.outcomes.Load())
	}
}

// runSteps runs a sequence in both places, and in the end destroys what there is.
func runSteps(t providertest.Tester, kind sequenceKind, steps []step, compared *comparisons) {
	pair := &twins{
		t:           t,
		application: newModel(t, providertest.ApplicationPlace{}, kind),
		classic:     newModel(t, providertest.ClassicPlace{}, kind),
		compared:    compared,
	}
	pair.undeclared = map[string]bool{}
	for _, s := range steps {
		pair.step(s)
	}
	pair.step(step{verb: "apply", targets: everything()})
}

func (w *twins) step(s step) {
	w.application.step(s)
	w.classic.step(s)
	if len(s.planFaults)+len(s.applyFaults) > 0 {
		w.part(apartFaults)
	}
	if w.apart == "" {
		w.compared.steps.Add(1)
		w.compare(s)
	}
}

func (w *twins) part(reason string) {
	if w.apart == "" {
		w.apart = reason
	}
}

// compare compares in the order in which things happened.
func (w *twins) compare(s step) {
	a, c := w.application.came, w.classic.came
	if s.verb == "import" {
		w.compared.imports.Add(1)
		name := w.classic.thing(s.targets[0]).name
		if differs := w.compareStates(name, a.imported, c.imported); c.imported != nil {
			w.undeclared[name] = differs
		}
	}
	for i := range min(len(a.rounds), len(c.rounds)) {
		if slices.ContainsFunc(a.rounds[i].changes, (*change).contradictsRival) {
			w.part(apartRivals)
			return
		}
		w.comparePlans(a.rounds[i], c.rounds[i])
		if i == 0 {
			w.compareEdits(s.edits)
		}
		if w.apart != "" {
			return
		}
		w.compareOutcomes(a.rounds[i].outcomes, c.rounds[i].outcomes)
		if w.apart != "" {
			return
		}
	}
	if len(a.rounds) != len(c.rounds) {
		w.t.Errorf("the application was planned %d times, and the classic place %d times", len(a.rounds), len(c.rounds))
	}
	if s.verb == "console" {
		w.compareEdits(s.edits)
	}
	if w.apart == "" {
		w.compareSettings("after "+s.verb, w.application.Mock.State(), w.classic.Mock.State())
	}
}

// compareEdits compares what the Console has made of the edits of a step.
func (w *twins) compareEdits(edits []providertest.Edit) {
	// One flag after the other may pass through a contradiction, of which only the classic place keeps both.
	singly := len(edits) > 1 && slices.ContainsFunc(edits,
		func(e providertest.Edit) bool { return e.What == "set" || e.What == "unset" })
	for i, ours := range w.application.sightings {
		w.compareSightings(ours, w.classic.sightings[i], singly)
	}
}

// comparePlans insists on the same plans, but for the planned difference.
func (w *twins) comparePlans(a, c *round) {
	if len(a.changes) != len(c.changes) || a.planned != c.planned {
		w.t.Errorf("application: planned %t %d changes; classic: %t %d", a.planned, len(a.changes), c.planned, len(c.changes))
		return
	}
	for i, ours := range a.changes {
		theirs := c.changes[i]
		if ours.plan == nil || theirs.plan == nil {
			continue // a refresh before it failed in both
		}
		w.compared.plans.Add(1)
		differs := w.compareStates(ours.thing.name, ours.prior, theirs.prior)
		same := ours.plan.Action == theirs.plan.Action
		switch {
		case same:
		case differs && ours.plan.Action == ours.byState() && theirs.plan.Action == theirs.byState():
			w.compared.differences.Add(1)
		default:
			w.t.Errorf("the plan would %s %s in the application, and %s it in the classic place:\nstates %v\n       "+
				"%v\nconfig %v",
				ours.plan.Action, ours.thing.name, theirs.plan.Action, ours.prior, theirs.prior, ours.config)
		}
		if !reflect.DeepEqual(failures(ours.plan.Diags), failures(theirs.plan.Diags)) {
			w.t.Errorf("the plan of %s fails otherwise:\n%s\n%s", ours.thing.name, ours.plan.Diags, theirs.plan.Diags)
		}
		w.compareHandovers(ours, theirs)
	}
}

// compareStates compares refreshed states, and reports the planned difference: in the application, enrollment has no
// value of its own where the script says nothing of it, nor, right after an import, where TOTP is off.
func (w *twins) compareStates(name string, a, c values) (differs bool) {
	if (a == nil) != (c == nil) {
		w.t.Errorf("the states of %s are %v and %v", name, a, c)
	}
	for attribute := range c {
		switch {
		case attribute == "api" || attribute == "url" || providertest.Same(a[attribute], c[attribute]):
		case attribute == "totp_enrollment_enabled" && a[attribute] == nil && (c[attribute] == false || w.undeclared[name]):
			differs = true
		default:
			w.t.Errorf("%s of %s is %v in the application, and %v in the classic place", attribute, name, a[attribute],
				c[attribute])
		}
	}
	return differs
}

// byState is the action that follows from the difference between the state and the configuration.
func (c *change) byState() string {
	attributes := append([]string{"on_destroy"}, providertest.FlagsOfType()[c.typeName]...)
	if slices.ContainsFunc(
		attributes,
		func(name string) bool { return !providertest.Same(c.prior[name], c.config[name]) },
	) {
		return "update"
	}
	return "no-op"
}

// failures are the summaries of errors. Which arguments they are about is part of them.
func failures(diags providertest.Diagnostics) []string {
	var summaries []string
	for _, diagnostic := range diags.Errors() {
		summaries = append(summaries, diagnostic.Summary)
	}
	return summaries
}

// compareHandovers finds out whether the books of both lead to the same settings after a destroy.
func (w *twins) compareHandovers(a, c *change) {
	if (a.handover == nil) != (c.handover == nil) && w.application.shared {
		w.part(apartBooks) // enrollment is inherited where it is declared, and after an import that is in one place only
		return
	}
	if (a.handover == nil) != (c.handover == nil) {
		w.t.Errorf("only one of the places knows what destroying %s writes: %v, %v", a.thing.name, a.handover, c.handover)
	}
	if a.handover == nil {
		return
	}
	after := func(m *model, change *change) providertest.Live {
		return m.Place.Read(m.Mock.State().Organizations[change.prior["organization"].(string)]).With(change.handover)
	}
	ours, theirs := after(w.application, a), after(w.classic, c)
	for _, flag := range providertest.FlagsOfType()[a.typeName] {
		switch {
		case ours[flag].Alike(theirs[flag]) || w.apart != "":
		case flag == "totp_enrollment_enabled":
			w.part(apartBooks)
		default:
			w.t.Errorf("destroying %s leaves %s = %s in the application, and %s in the classic place", a.thing.name, flag,
				ours[flag], theirs[flag])
		}
	}
}

// compareSightings compares what the Console has made of an edit. Not everything can be had in both places.
func (w *twins) compareSightings(a, c mockserver.State, singly bool) {
	for name := range c.Organizations {
		contradictory := contradictionsIn(w.classic.Place.Read(c.Organizations[name]).On)
		if len(contradictory) > 0 || w.application.Place.Custom(a.Organizations[name]) {
			w.part(apartSettings)
		}
	}
	if singly && !w.alike(a, c) {
		w.part(apartSettings)
	}
	if w.apart == "" {
		w.compareSettings("after an edit", a, c)
	}
}

func (w *twins) alike(a, c mockserver.State) bool {
	for name := range c.Organizations {
		ours, theirs := w.application.Place.Read(a.Organizations[name]), w.classic.Place.Read(c.Organizations[name])
		if slices.ContainsFunc(providertest.AllFlags(), func(flag string) bool { return !ours[flag].Alike(theirs[flag]) }) {
			return false
		}
	}
	return true
}

func (w *twins) compareSettings(when string, a, c mockserver.State) {
	for name := range c.Organizations {
		ours, theirs := w.application.Place.Read(a.Organizations[name]), w.classic.Place.Read(c.Organizations[name])
		for _, flag := range providertest.AllFlags() {
			if !ours[flag].Alike(theirs[flag]) {
				w.t.Errorf("%s, %s of %s is %s in the application, and %s in the classic place", when, flag, name, ours[flag],
					theirs[flag])
			}
		}
	}
}

// compareOutcomes insists that both succeed or fail. Where somebody else was faster than the apply, the classic place
// looks at the objects that it writes, and at no others; the application is one document.
func (w *twins) compareOutcomes(a, c []outcome) {
	for i, ours := range a {
		if i >= len(c) {
			break
		}
		theirs := c[i]
		w.compared.outcomes.Add(1)
		partly := ours.disturbed && (ours.plan.Action == "update" || theirs.plan.Action == "update")
		if partly && ours.typeName == twoFactorType {
			settings := w.application.Place.Read(ours.after.Organizations[ours.organization])
			for flag, seen := range w.classic.Place.Read(theirs.after.Organizations[theirs.organization]) {
				if !settings[flag].Alike(seen) && theirs.config[flag] != nil {
					w.part(apartGuess)
				}
			}
			if ours.failed != theirs.failed {
				w.part(apartGuess)
			}
		}
		if w.apart != "" {
			return
		}
		if ours.failed != theirs.failed {
			w.t.Errorf("%s of %s failed: %t in the application, %t in the classic place:\n%s\n%s",
				ours.plan.Action, ours.thing.name, ours.failed, theirs.failed, ours.diags, theirs.diags)
		}
	}
	if len(a) != len(c) && w.apart == "" {
		w.t.Errorf("%d changes were applied in the application, and %d in the classic place", len(a), len(c))
	}
}
