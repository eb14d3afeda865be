package asgardeo

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Written is what came of a write.
type Written struct {
	Changed   []Setting // have a new value
	Uncertain []Setting // have it or not: the server gave no answer that tells
}

// Write changes settings. Under a lock that other writers of this process wait for, it reads the documents that hold
// the given settings, and asks decide, with every setting of those documents, what they are to become. Settings that
// decide leaves out, and everything else in the documents, stay as they are; a document that is right already is not
// written. With an error of decide nothing is written.
//
// Where decide changes a setting that a rule of the product connects with others, those are read, too, and decide is
// asked again, as it is when a write has to be repeated: its last word counts. It never sees what this call has changed.
//
// Documents are written in an order that leaves no contradiction behind at any moment. What was reached until then is
// returned also with an error.
func (m *MyAccount) Write(
	ctx context.Context, settings []Setting, decide func(live *Reading) (Change, error),
) (Written, error) {
	var written Written
	if len(settings) == 0 {
		return written, nil
	}
	if err := m.writing.Acquire(ctx, 1); err != nil {
		return written, m.interrupted(err, doingChange)
	}
	defer m.writing.Release(1)

	drafts := map[string]*draft{}
	err := m.inUnits(ctx, func(ctx context.Context) error {
		change, err := m.draftAll(ctx, settings, decide, drafts)
		if err != nil {
			return err
		}
		for _, name := range m.store.writeOrder(change.Want) {
			draft := drafts[name]
			unitOf(ctx).sent = &draft.attempts
			changed, err := m.writeDocument(ctx, name, draft.live, draft.with(change), draft.instead)
			if err != nil {
				written.Uncertain = nil
				if uncertain(err) || isKind(err, NotApplied) {
					draft.sent, written.Uncertain = true, changed
				}
				return err
			}
			draft.sent, written.Uncertain = true, nil
			written.add(changed)
		}
		return nil
	})
	return written, err
}

// writeDocument changes one document, and returns the settings that the change concerns: none where the server is known
// to have left them as they were. Where it made something else of the change, again says what to write then.
func (m *MyAccount) writeDocument(
	ctx context.Context, name string, live document, change func(live document) (document, []Setting, error),
	again func(made, wanted document) (document, error),
) ([]Setting, error) {
	merged, changed, err := change(live)
	if err != nil || merged.same(live) {
		return changed, err
	}
	made, err := m.save(ctx, name, live, merged)
	switch {
	case made == nil:
		return changed, err
	case made.same(live):
		return nil, err
	}
	instead, refused := again(made, merged)
	if refused != nil {
		return changed, refused
	}
	if instead == nil {
		return changed, err
	}
	if instead.same(made) {
		return changed, nil
	}
	_, err = m.save(ctx, name, made, instead)
	return changed, err
}

const (
	// A server of several nodes may answer, for a moment after a write, from a cache that does not know of it yet.
	staleFor     = 10 * time.Second
	staleRereads = 3
)

// oldCopy is what a document was before it changed.
type oldCopy struct {
	document
	until time.Time
}

// supersede notes that a document is not anymore what it was.
func (m *MyAccount) supersede(name string, was document) {
	m.oldCopiesMutex.Lock()
	defer m.oldCopiesMutex.Unlock()
	m.oldCopies[m.key(name)] = oldCopy{was, time.Now().Add(staleFor)}
}

// get reads one document, again if the answer is older than what this process has just written.
func (m *MyAccount) get(ctx context.Context, name string) (document, error) {
	for reread := 0; ; reread++ {
		found, err := m.store.read(ctx, name)
		if err != nil || reread == staleRereads || !m.stale(name, found) {
			return found, err
		}
		if err := sleep(ctx, m.wait); err != nil {
			return nil, &Error{Kind: TimedOut, Doing: doingRead, Organization: m.name, Err: err}
		}
	}
}

// stale reports whether a document still is what this process has just changed it from.
func (m *MyAccount) stale(name string, found document) bool {
	m.oldCopiesMutex.Lock()
	defer m.oldCopiesMutex.Unlock()
	old, ok := m.oldCopies[m.key(name)]
	return ok && time.Now().Before(old.until) && found.same(old.document)
}

// arrived looks whether a write that got no answer was applied all the same: the server may have been too slow, or
// the answer lost. A "no" may still turn out wrong.
func (m *MyAccount) arrived(ctx context.Context, name string, from, want document) bool {
	ctx, cancel := lastLook(ctx)
	defer cancel()
	found, err := m.store.read(ctx, name)
	if err != nil || m.stale(name, found) {
		return false
	}
	found = found.limitedTo(from, want)
	return found.reached(want) && !found.same(from)
}

// save writes one document, and makes sure that the server has it then. Where the server made something else of the
// change, that is returned with the error.
func (m *MyAccount) save(ctx context.Context, name string, from, to document) (made document, err error) {
	// Whatever the outcome, what was read before no longer counts: a failed call may have been applied.
	defer m.seen.clear(m.key(name))
	err = m.store.write(ctx, from, to)
	if err != nil && (unitOf(ctx).over || !uncertain(err) || !m.arrived(ctx, name, from, to)) {
		return nil, err
	}
	*unitOf(ctx).sent = attempts{} // what is sent from now on is another write
	m.supersede(name, from)
	if err != nil || !m.store.silent() {
		return nil, nil
	}
	return m.confirm(ctx, name, from, to)
}

// confirm reads what was written. The server accepts changes that it then does not make. What somebody else has changed
// beside it does not matter.
func (m *MyAccount) confirm(ctx context.Context, name string, from, want document) (made document, err error) {
	found, err := m.get(ctx, name)
	if failure, ok := errors.AsType[*Error](err); ok {
		unconfirmed := *failure
		unconfirmed.Doing, unconfirmed.Unsettled = "confirm the change of the My Account settings", true
		return nil, &unconfirmed
	}
	if err != nil {
		return nil, err
	}
	found = found.limitedTo(from, want)
	if found.reached(want) {
		return nil, nil
	}
	return found, &Error{Kind: NotApplied, Doing: doingChange, Organization: m.name, Fragment: fragmentOf(found)}
}

// writeKeys lists what a change wants, in the Console's order.
func writeKeys(want Settings) []Setting {
	return slices.DeleteFunc(append([]Setting{PortalEnabled}, TwoFactor()...), func(setting Setting) bool {
		_, wanted := want[setting]
		return !wanted
	})
}
