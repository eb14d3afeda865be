package asgardeo

import (
	"context"
	"errors"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// oldCopy is what a document was before it changed.
type oldCopy struct {
	document
	until time.Time
}

// supersede notes that a document is not anymore what it was.
func (m *MyAccount) supersede(name string, was document) {
	m.oldCopies.Store(m.key(name), oldCopy{was, time.Now().Add(staleFor)})
}

// isStale reports whether a document still is what this process has just changed it from.
func (m *MyAccount) isStale(name string, found document) bool {
	kept, _ := m.oldCopies.Load(m.key(name))
	old, known := kept.(oldCopy)
	return known && time.Now().Before(old.until) && found.equals(old.document)
}

// readFresh reads one document, again if the answer is older than what this process has just written.
func (m *MyAccount) readFresh(ctx context.Context, name string) (document, error) {
	read := func() (document, error) { return m.store.read(ctx, name) }
	return reread(ctx, m.Organization, doingRead, read, func(found document) bool { return m.isStale(name, found) })
}

// save writes one document, and makes sure that the server has it then. What it has made of the document instead, if it
// changed anything, comes with the error.
func (m *MyAccount) save(ctx context.Context, name string, from, to document) (made document, err error) {
	// Whatever the outcome, what was read before no longer counts: a failed call may have been applied.
	defer m.memo.clear(m.key(name))
	err = m.store.write(ctx, from, to)
	if err != nil && (unitOf(ctx).over || !IsUnsettled(err) || !m.arrived(ctx, name, from, to)) {
		return nil, err
	}
	*unitOf(ctx).sent = attempts{} // what is sent from now on is another write
	m.supersede(name, from)
	if err != nil || m.api == portal.ClassicAPI { // whose answer shows what is stored
		return nil, nil
	}
	return m.confirm(ctx, name, from, to)
}

// arrived looks whether a write that got no answer was applied all the same. A "no" may still turn out wrong.
func (m *MyAccount) arrived(ctx context.Context, name string, from, to document) bool {
	ctx, cancel := lastLook(ctx)
	defer cancel()
	found, err := m.store.read(ctx, name)
	if err != nil || m.isStale(name, found) {
		return false
	}
	found = found.asFarAsWritten(from, to)
	return found.fulfills(to) && !found.equals(from)
}

// confirm reads what was written: the answer to PATCH is empty, also where the server makes no change. What somebody
// else has changed beside it does not matter.
func (m *MyAccount) confirm(ctx context.Context, name string, from, to document) (made document, err error) {
	found, err := m.readFresh(ctx, name)
	if failure, ok := errors.AsType[*Error](err); ok {
		unconfirmed := *failure
		unconfirmed.Doing, unconfirmed.Unsettled = doingConfirm, true
		return nil, &unconfirmed
	}
	if err != nil {
		return nil, err
	}
	application := found.asFarAsWritten(from, to).(Application)
	if application.fulfills(to) {
		return nil, nil
	}
	if !application.equals(from) {
		made = application
	}
	return made, &Error{Kind: NotApplied, Doing: doingChange, Organization: m.name, Fragment: application.fragment}
}
