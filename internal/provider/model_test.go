package provider_test

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Random sequences of what people and servers do: configurations change, the Console is used at the same time, calls
// fail. A model that shares no code with the provider keeps its own books and says what each step may and must have
// done. Each sequence runs in both places of the settings, and has to come out alike: see model_twins_test.go.

// TestModel runs 100 sequences, or as many as -rapid.checks says; other ones with another -rapid.seed, and new ones
// with 0.
func TestModel(t *testing.T) {
	t.Parallel()
	compared := &comparisons{}
	t.Cleanup(func() { compared.report(t) })
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kindsOfSequences).Draw(t, "kind")
		steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step { return drawStep(t, kind) }), 1, 8).Draw(t, "steps")
		runSteps(t, kind, steps, compared)
	})
}

// step is one thing that happens. It is plain data, so that a sequence can be printed and repeated.
type step struct {
	verb        string               // "apply", "plan", "import", "forget" or "console"
	targets     []target             // of apply, plan, import and forget
	edits       []providertest.Edit  // of the Console; in an apply: after the plan was saved
	meanwhile   []providertest.Edit  // of the Console, while an apply waits to write once more
	planFaults  []providertest.Hitch // while reading and planning, or importing
	applyFaults []providertest.Hitch
	again       bool // after a failure, try again at once, without faults
	// Where nothing depends on anything, as in "terraform destroy" of resources that do not refer to each other: the order
	// in which resources are planned and applied, and whether all are refreshed before the first one is planned.
	planTurns, turns []int
	together         bool
}

// target is a resource and what its configuration is to be.
type target struct {
	typeName string
	slot     int    // which of the two resources of that type
	move     bool   // to the other organization
	rename   bool   // the resource that is there gets the other slot, which is free, without a moved block
	config   values // without organization; nil: the resource is to be destroyed
}

// model is a workspace with two organizations, and two resources of each type, of which each organization has one at
// the most; in shared sequences, one organization has both.
type model struct {
	*providertest.Workspace
	t      providertest.Tester
	shared bool
	things map[string]*thing
	// What the step under way has come to, and what the server was after each edit of the Console in it.
	came      came
	sightings []mockserver.State
	meanwhile *meanwhile
}

// thing is a resource: what Terraform has of it, and what the model knows.
type thing struct {
	*providertest.Object
	name   string
	books  books  // of the settings
	config values // what was applied last, or imported
	// Whether the login flow was the server's own when the resource took it over, and whether that is not known.
	origin, unsureOrigin bool
}

var organizations = []string{"bifrost", "alfheim"}

func newModel(t providertest.Tester, p providertest.Place, kind sequenceKind) *model {
	w := providertest.NewWorkspaceIn(t, p, mockserver.WithOrganization(organizations...))
	w.Mock.Update(func(state *mockserver.State) {
		// One of them is on a server of a later version, which refuses to lose what it has come to know.
		state.Organizations["alfheim"].UnknownMembers = true
		alfheim := state.Organizations["alfheim"]
		alfheim.ClientID, alfheim.ClientSecret = "alfheim-client", "alfheim-secret"
	})
	m := &model{Workspace: w, t: t, shared: kind == sharedSequence, things: map[string]*thing{}, meanwhile: &meanwhile{}}
	check := providertest.BesidesFaults(t)
	w.Wrap = func(connection http.RoundTripper) http.RoundTripper {
		return &interfered{&textsOnly{mock: w.Mock, checked: check(connection), connection: connection}, m}
	}
	w.Provider["max_retries"] = 2
	w.Provider["credentials"] = values{
		"alfheim": values{"client_id": "alfheim-client", "client_secret": "alfheim-secret"},
	}
	for _, typeName := range []string{portalType, twoFactorType, senderType} {
		for slot := range organizations {
			name := fmt.Sprint(typeName, ".", slot)
			fresh := (&thing{name: name, Object: &providertest.Object{TypeName: typeName}}).fresh()
			m.things[name] = &fresh
		}
	}
	return m
}

// textsOnly checks what is exchanged as long as the server stores nothing but texts: only those are documented.
type textsOnly struct {
	mock                *mockserver.Server
	checked, connection http.RoundTripper
}

func (c *textsOnly) RoundTrip(request *http.Request) (*http.Response, error) {
	for _, organization := range c.mock.State().Organizations {
		for _, attributes := range organization.MyAccount {
			for _, value := range attributes {
				if _, text := value.(string); !text {
					return c.connection.RoundTrip(request)
				}
			}
		}
	}
	return c.checked.RoundTrip(request)
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the connection.
func (c *textsOnly) CloseIdleConnections() {
	if closer, ok := c.checked.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

func (m *model) step(s step) {
	m.came, m.sightings = came{}, nil
	switch s.verb {
	case "console":
		m.edit(s.edits)
	case "forget":
		for _, target := range s.targets {
			thing := m.thing(target)
			*thing = thing.fresh()
		}
	case "import":
		for _, target := range s.targets {
			m.adopt(target, s.planFaults)
		}
	default:
		m.apply(s)
	}
	m.checkRequests()
}

// fresh is a resource that Terraform has not got.
func (t *thing) fresh() thing {
	return thing{name: t.name, Object: &providertest.Object{TypeName: t.TypeName}, books: books{}}
}

func (m *model) thing(t target) *thing {
	return m.things[fmt.Sprint(t.typeName, ".", t.slot)]
}

// checkRequests looks at all that was sent in a step.
func (m *model) checkRequests() {
	for _, request := range m.Mock.Requests() {
		if request.ForeignToken {
			m.t.Errorf("%s %s used the token of another organization", request.Method, request.Path)
		}
		if request.Method == http.MethodDelete && !slices.Contains(senderPaths, request.Path) {
			m.t.Errorf("settings are never deleted, but: DELETE %s", request.Path)
		}
	}
	m.Mock.ClearRequests()
}

var senderPaths = []string{
	"/t/bifrost/api/server/v2/notification-senders/sms/SMSPublisher",
	"/t/alfheim/api/server/v2/notification-senders/sms/SMSPublisher",
}

// change is a target on its way through plan and apply.
type change struct {
	target
	thing        *thing
	organization string // that it belongs to afterwards; of a destroyed one, before
	plan         *providertest.Plan
	prior        values            // the state that the plan is based on
	handover     providertest.Live // what destroying it writes, by the books
	// Its turns where nothing depends on anything, and whether it was applied.
	planTurn, turn int
	done           bool
	// In a shared sequence: the other resource for the same settings, and what this one knew and found when it was
	// destroyed.
	rival       *change
	history     books
	found, left providertest.Live
}

// changes orders the targets of a step as dependencies do: two-factor settings depend on the sender. Targets that the
// present state makes impossible are left out. With turns, nothing depends on anything.
func (m *model) changes(s step) []*change {
	taken := map[string]string{} // type and organization -> name of the resource
	for name, thing := range m.things {
		if thing.State != nil {
			taken[fmt.Sprint(thing.TypeName, thing.State["organization"])] = name
		}
	}
	var changes []*change
	for _, target := range m.wholeRun(s) {
		c := &change{target: target, thing: m.thing(target), organization: m.home(target)}
		if c.thing.State != nil {
			c.organization = c.thing.State["organization"].(string)
		} else if target.config == nil {
			continue
		}
		if target.move && target.config != nil && !m.shared {
			c.organization = organizations[1-slices.Index(organizations, c.organization)]
		}
		spot := fmt.Sprint(target.typeName, c.organization)
		twice := slices.ContainsFunc(changes, func(other *change) bool { return other.thing == c.thing })
		name, ok := taken[spot]
		if twice || ok && name != c.thing.name && !m.mayShare(c, changes) {
			continue
		}
		taken[spot] = c.thing.name
		if c.config != nil && c.organization != "bifrost" { // which is the provider's
			c.config = maps.Clone(c.config)
			c.config["organization"] = c.organization
		}
		if len(s.turns) > 0 {
			c.planTurn, c.turn = s.planTurns[len(changes)], s.turns[len(changes)]
		}
		changes = append(changes, c)
	}
	m.findRivals(changes)
	if len(s.turns) > 0 {
		slices.SortStableFunc(changes, func(a, b *change) int { return a.planTurn - b.planTurn })
		return changes
	}
	order := func(c *change) int {
		return slices.Index([]string{
			twoFactorType + " gone", senderType, portalType, twoFactorType, portalType + " gone", senderType + " gone",
		},
			c.kind())
	}
	slices.SortStableFunc(changes, func(a, b *change) int { return order(a) - order(b) })
	return changes
}

func (c *change) kind() string {
	if c.config == nil {
		return c.typeName + " gone"
	}
	return c.typeName
}

// apply is "terraform plan" and, unless it fails or the step is a plan only, "terraform apply" of the saved plan.
func (m *model) apply(s step) {
	changes := m.changes(s)
	planned := m.planAll(s, changes)
	slices.SortStableFunc(changes, func(a, b *change) int { return a.turn - b.turn })
	round := &round{changes: changes, planned: planned, stayed: map[string]string{}}
	m.came.rounds = append(m.came.rounds, round)
	if !planned || s.verb == "plan" {
		return
	}
	m.edit(s.edits)
	disturbed := len(s.edits)+len(s.meanwhile) > 0 || lying(s.planFaults)
	failed := m.applyAll(s, round, disturbed)
	switch {
	case failed && s.again:
		m.apply(step{verb: "apply", targets: s.targets, planTurns: s.planTurns, turns: s.turns, together: s.together})
	case !failed && !disturbed && !lying(s.applyFaults):
		m.wantHistory(round)
		m.wantNothingToDo(changes)
	}
}

// planAll refreshes and plans, and reports whether that succeeded for all.
func (m *model) planAll(s step, changes []*change) bool {
	before := m.Mock.State()
	m.arm(s.planFaults)
	defer m.Mock.ClearFaults()
	p := m.Start()
	for _, c := range changes {
		// What a plan refreshes is saved by the apply only.
		refreshed := *c.thing.Object
		diags := p.Refresh(&refreshed)
		if len(diags.Errors()) > 0 {
			m.wantExcuse(s.planFaults, "refresh "+c.thing.name, diags)
			return false
		}
		m.checkRefresh(c, &refreshed, s.planFaults)
		c.prior = maps.Clone(refreshed.State)
		c.plan = &providertest.Plan{Object: &refreshed, Action: "no-op"}
		if !s.together {
			c.planIn(p)
		}
	}
	for _, c := range changes {
		if s.together {
			c.planIn(p)
		}
	}
	if !reflect.DeepEqual(before, m.Mock.State()) {
		m.t.Errorf("a plan changed the server")
	}
	succeeded := true
	for i, c := range changes {
		switch wrong := m.wrongToPlan(c, changes[:i]); {
		case wrong == perhaps:
		case len(c.plan.Diags.Errors()) > 0 && wrong == "":
			m.wantExcuse(s.planFaults, "plan "+c.thing.name, c.plan.Diags)
		case len(c.plan.Diags.Errors()) == 0 && wrong != "" && len(s.planFaults) == 0:
			m.t.Errorf("%s was planned, although %s: %v", c.thing.name, wrong, c.config)
		case len(s.planFaults) == 0 && wrong == "":
			m.checkAnnouncements(c, changes[:i])
		}
		if succeeded = succeeded && len(c.plan.Diags.Errors()) == 0; !succeeded {
			return false // what Terraform plans beside it is thrown away
		}
	}
	if len(s.planFaults) == 0 {
		m.checkSendersThatStay(changes)
		m.checkTwoResources(changes)
	}
	return true
}

// planIn plans, unless the resource is gone already.
func (c *change) planIn(p *providertest.Process) {
	if c.prior != nil || c.config != nil {
		c.plan = p.Plan(c.plan.Object, c.config)
	}
}

// wantExcuse accepts errors only where there were faults.
func (m *model) wantExcuse(faults []providertest.Hitch, what string, diags providertest.Diagnostics) {
	if len(faults) == 0 {
		m.t.Errorf("%s failed:\n%s", what, diags)
	}
}

// applyAll applies the plans in order; what depends on something that failed is left out. It reports whether anything
// failed.
func (m *model) applyAll(s step, now *round, disturbed bool) (failed bool) {
	m.arm(s.applyFaults)
	defer m.Mock.ClearFaults()
	p := m.Start()
	broken := map[string]bool{} // organizations in which something failed that other resources depend on
	for _, c := range now.changes {
		c.thing.Object, c.thing.config = c.plan.Object, c.config
		dependent := len(s.turns) == 0 && (c.kind() == twoFactorType || c.kind() == senderType+" gone")
		if dependent && broken[c.organization] {
			failed = true
			continue
		}
		m.checkRequests()
		before, hadState := m.Mock.State(), c.thing.State != nil
		m.meanwhile.await(s.meanwhile)
		diags := p.Apply(c.plan)
		if m.meanwhile.came() {
			editAll(m.Place, before, s.meanwhile)
			s.meanwhile = nil
			disturbed = true
		}
		errors := len(diags.Errors()) > 0
		if errors && hadState && c.thing.State == nil && c.plan.Action != "replace" {
			m.t.Errorf("%s disappeared from the state in a failure:\n%s", c.thing.name, diags)
		}
		if !errors && (c.thing.State == nil) != (c.config == nil) {
			m.t.Errorf("%s was applied, and its state is %v", c.thing.name, c.thing.State)
		}
		outcome := outcome{
			change: c, before: before, after: m.Mock.State(), diags: diags, failed: errors,
			disturbed: disturbed, faults: s.applyFaults, stayed: now.stayed,
		}
		if c.typeName == senderType {
			m.judgeSender(outcome)
		} else {
			m.judgeSettings(outcome)
		}
		now.outcomes = append(now.outcomes, outcome)
		c.done = !errors
		failed = failed || errors
		broken[c.organization] = broken[c.organization] || errors
	}
	return failed
}

// outcome is what an apply of one resource did.
type outcome struct {
	*change
	before, after mockserver.State
	diags         providertest.Diagnostics
	failed        bool
	disturbed     bool // the server was changed since the plan, or the plan saw something that was not true
	faults        []providertest.Hitch
	// organization -> why its sender is there that a resource of this run has left: "needed", "kept"
	stayed map[string]string
}

// wantNothingToDo plans again after a successful apply.
func (m *model) wantNothingToDo(changes []*change) {
	p := m.Start()
	for _, c := range changes {
		if c.thing.State == nil || c.contradictsRival() {
			continue
		}
		again := *c.thing.Object
		diags := p.Refresh(&again)
		if len(diags.Errors()) > 0 {
			m.t.Errorf("%s cannot be read after its apply:\n%s", c.thing.name, diags)
			continue
		}
		if next := p.Plan(&again, c.config); next.Action != "no-op" {
			m.t.Errorf("%s was applied, and the next plan would %s:\nstate   %v\nplanned %v\n%s", c.thing.name, next.Action,
				again.State, next.Planned, next.Diags)
		}
	}
}

// adopt imports a resource that is not managed yet.
func (m *model) adopt(t target, faults []providertest.Hitch) {
	thing, organization := m.thing(t), m.home(t)
	for _, other := range m.things {
		another := other.TypeName == t.typeName && other.State != nil && other.State["organization"] == organization
		if other == thing && other.State != nil || another && (!m.shared || t.typeName == senderType) {
			return
		}
	}
	before := m.Mock.State()
	m.arm(faults)
	defer m.Mock.ClearFaults()
	o, diags := m.Start().ImportByID(t.typeName, organization)
	if !reflect.DeepEqual(before, m.Mock.State()) {
		m.t.Errorf("an import changed the server")
	}
	nothing := t.typeName == senderType && senderIn(before, organization) == nil
	if len(diags.Errors()) > 0 {
		if !nothing {
			m.wantExcuse(faults, "import "+thing.name, diags)
		}
		return // Terraform keeps nothing of it
	}
	if nothing && !lying(faults) {
		m.t.Errorf("%s was imported, but there is no sender in %s", thing.name, organization)
	}
	adopted := thing.fresh()
	m.checkRefresh(&change{target: t, thing: &adopted, organization: organization}, o, faults)
	*thing, thing.Object = adopted, o
	thing.config = nil
	if t.typeName != senderType { // whose gateway may be one that nobody can declare
		thing.config = values{}
		for flag, on := range flagsIn(o.State) {
			thing.config[flag] = on
		}
	}
	m.came.imported = o.State
	thing.origin, thing.unsureOrigin = ownsNoFlow(before.Organizations[organization]), lying(faults)
	if !lying(faults) {
		found := m.Place.Read(before.Organizations[organization])
		for _, flag := range providertest.FlagsOfType()[t.typeName] {
			thing.books[flag] = &entry{before: found[flag], ours: found[flag]}
		}
	}
}
