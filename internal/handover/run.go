package handover

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// Run is what a provider process remembers of the resources that it was asked about. Terraform starts one process for a
// plan and another one for its apply, and asks for one resource at a time, in an order that only dependencies decide.
// Resources that have the same settings, or the same login flow, find out about each other here:
//
//   - A refresh notes what a resource of the state has ([Run.NoteState]), and what that was before Terraform.
//   - The plan of a resource notes what it declares ([Run.NoteDeclared]), and hears of others that declare it, too,
//     or whose planned destruction would undo it. The plan of a destroy notes that ([Run.NoteDestroyPlanned]), and
//     hears who has the same settings and is to keep them as they are.
//   - An apply notes what was taken over ([Run.NoteTaken]), or could not be ([Run.NoteFailed]). A resource that is
//     destroyed hears what is left for it to hand back ([Run.NoteDestroyed]). What it knows of the rest is there for
//     the resource that has that now ([Run.Inherit]). So neither destroys the work of the other, in whichever order
//     they run, and what was there before Terraform is still known.
//
// Between a plan and its apply, only private state carries such a decision: see the callers.
type Run struct {
	refreshed atomic.Bool
	mutex     sync.Mutex // of the rest
	notes     map[subject]*notes
	senders   map[string]*SenderNotes // by organization; "" for one that is not known yet
	turns     sync.Map                // *semaphore.Weighted of each organization
}

// Claim is what a resource has or wants: settings of an organization in one of their places, or [WholeFlow].
type Claim struct {
	Organization string
	API          portal.API
	Settings     []portal.Setting
}

// FlowClaim is what a resource for the whole login flow has.
func FlowClaim(organization string) Claim {
	return Claim{organization, portal.ApplicationAPI, []portal.Setting{WholeFlow}}
}

// FactorsClaim is what a resource for the parts of a login flow can have.
func FactorsClaim(organization string) Claim {
	return Claim{organization, portal.ApplicationAPI, portal.TwoFactor()}
}

// Memory is what a resource knows of the time before Terraform.
type Memory interface {
	Knows(setting portal.Setting) bool
}

// subject is what notes are about: a setting of an organization in one of its places.
type subject struct {
	organization string
	api          portal.API
	setting      portal.Setting
}

// notes is what a run has seen of resources that have the same setting.
type notes struct {
	inState  int    // resources of the state
	known    Memory // of the first of those
	existing int    // resources of the configuration that are in the state
	created  int    // resources of the configuration that are not
	leaving  int    // resources whose destruction is planned
	undone   bool   // one of these changes the setting
	taken    bool   // a resource has taken it over
	failed   bool   // a resource that was to take it over could not
	left     Memory // of a resource that left the setting as it was
}

func (n *notes) remember(setting portal.Setting, memory Memory) {
	if memory.Knows(setting) {
		n.left = memory
	}
}

// NewRun returns a run that knows of nothing yet.
func NewRun() *Run {
	return &Run{notes: map[subject]*notes{}, senders: map[string]*SenderNotes{}}
}

// about goes through what is claimed, with the notes about each setting, while nobody else may look at them.
func (r *Run) about(claim Claim) iter.Seq2[portal.Setting, *notes] {
	return func(yield func(portal.Setting, *notes) bool) {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		for _, setting := range claim.Settings {
			key := subject{claim.Organization, claim.API, setting}
			if r.notes[key] == nil {
				r.notes[key] = &notes{}
			}
			if !yield(setting, r.notes[key]) {
				return
			}
		}
	}
}

// NoteRefresh notes that a resource was read.
func (r *Run) NoteRefresh() {
	r.refreshed.Store(true)
}

// MayBeApply reports that this may be an apply, which refreshes nothing.
func (r *Run) MayBeApply() bool {
	return !r.refreshed.Load()
}

// NoteState notes what a refreshed resource of the state has, and what it knows of the time before Terraform.
func (r *Run) NoteState(claim Claim, memory Memory) {
	for setting, notes := range r.about(claim) {
		notes.inState++
		if notes.known == nil && memory.Knows(setting) {
			notes.known = memory
		}
	}
}

// Known is what the first resource of the state that has a setting knows of it. It is nil if there is none.
func (r *Run) Known(claim Claim) (known Memory) {
	for _, notes := range r.about(claim) {
		known = notes.known
	}
	return known
}

// Left is what a resource that left a setting as it was knew of it. It is nil if there is none.
func (r *Run) Left(claim Claim) (left Memory) {
	for _, notes := range r.about(claim) {
		left = notes.left
	}
	return left
}

// Others lists which settings of a planned resource other resources have, too.
type Others struct {
	Declared []portal.Setting // by the configuration
	Leaving  []portal.Setting // and not declared, and the destruction of what has them is planned
	Undone   []portal.Setting // of those, what the destruction changes
}

// NoteDeclared notes what a resource of the configuration declares. It exists if it is in the state.
func (r *Run) NoteDeclared(claim Claim, exists bool) Others {
	var others Others
	for setting, notes := range r.about(claim) {
		switch {
		case notes.declared():
			others.Declared = append(others.Declared, setting)
		case notes.leaving > 0:
			others.Leaving = append(others.Leaving, setting)
			if notes.undone {
				others.Undone = append(others.Undone, setting)
			}
		}
		if exists {
			notes.existing++
		} else {
			notes.created++
		}
	}
	return others
}

func (n *notes) declared() bool {
	return n.existing+n.created > 0
}

// IsDeclared reports whether a resource of the configuration declares any of it.
func (r *Run) IsDeclared(claim Claim) bool {
	for _, notes := range r.about(claim) {
		if notes.declared() {
			return true
		}
	}
	return false
}

// NoteDestroyPlanned notes that the destruction of a resource is planned. It returns what is the resource's own, and
// what it leaves to another resource of this run: to a new one, or to one that has it already. What it knows of that
// is noted, in case the other one turns out to go, too.
func (r *Run) NoteDestroyPlanned(claim Claim, memory Memory) (own, toNew, toOld []portal.Setting) {
	for setting, notes := range r.about(claim) {
		others := notes.inState - 1 - notes.leaving
		notes.leaving++
		switch {
		case notes.created > 0:
			toNew = append(toNew, setting)
		case notes.existing > 0 || others > 0:
			toOld = append(toOld, setting)
		default:
			own = append(own, setting)
			continue
		}
		notes.remember(setting, memory)
	}
	return own, toNew, toOld
}

// NoteUndone notes what a planned destruction changes.
func (r *Run) NoteUndone(claim Claim) {
	for _, notes := range r.about(claim) {
		notes.undone = true
	}
}

// NoteTaken notes what a resource has begun to manage.
func (r *Run) NoteTaken(claim Claim) {
	for _, notes := range r.about(claim) {
		notes.taken = true
	}
}

// NoteFailed notes what no resource takes over after all.
func (r *Run) NoteFailed(claim Claim) {
	for _, notes := range r.about(claim) {
		notes.failed = true
	}
}

// Taken lists what a resource of this run has taken over.
func (r *Run) Taken(claim Claim) (taken []portal.Setting) {
	for setting, notes := range r.about(claim) {
		if notes.taken {
			taken = append(taken, setting)
		}
	}
	return taken
}

// NoteDestroyed returns what a resource that is destroyed has to hand back. It leaves the rest to another resource:
// to one that may have taken it over already, with create_before_destroy or under a new address, or to the one that
// its plan has named the settings for. What it knows of these is noted for the other one.
func (r *Run) NoteDestroyed(claim Claim, planned []string, memory Memory) (own []portal.Setting) {
	for setting, notes := range r.about(claim) {
		another := notes.declared() || slices.Contains(planned, NameOf(setting))
		if notes.taken || another && !notes.failed {
			notes.remember(setting, memory)
		} else {
			own = append(own, setting)
		}
	}
	return own
}

// Turn lets one resource at a time take an organization's settings over or hand them back, so that a resource which
// is destroyed sees what came of a create that runs at the same time. It returns what ends the turn. The client's
// lock is not enough: what came of a write, and whether it was put back, is noted after it.
func (r *Run) Turn(ctx context.Context, organization string) (end func(), err error) {
	stored, _ := r.turns.LoadOrStore(organization, semaphore.NewWeighted(1))
	turn := stored.(*semaphore.Weighted)
	if turn.Acquire(ctx, 1) != nil {
		return nil, fmt.Errorf("the operation was interrupted, or its time ran out, while another resource of "+
			"organization %q was being changed", organization)
	}
	return func() { turn.Release(1) }, nil
}

// Remember returns a record with what resources of the state know of settings.
func (r *Run) Remember(claim Claim, record Record) Record {
	for setting, notes := range r.about(claim) {
		if known, ok := notes.known.(Record); ok {
			record = record.with(setting, known.entry(setting))
			record.Origin = known.Origin
		}
	}
	return record
}

// Inherit completes the record of a resource that takes settings over, or is the last one that had them, by what an
// earlier one, which left them as they were, knew of the time before Terraform. It returns these settings, too.
func (r *Run) Inherit(claim Claim, own Record) (record Record, inherited []portal.Setting) {
	for setting, notes := range r.about(claim) {
		left, ok := notes.left.(Record)
		if !ok || own.Knows(setting) && !left.Untouched(setting, own.Before(setting)) {
			continue
		}
		entry := left.entry(setting)
		if own.Knows(setting) { // else the create has failed before it could look
			entry.Set = own.entry(setting).Set
		}
		own = own.with(setting, entry)
		own.Origin = cmp.Or(own.Origin, left.Origin)
		inherited = append(inherited, setting)
	}
	return own, inherited
}
