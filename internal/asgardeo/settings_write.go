package asgardeo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// Written is what came of a write.
type Written struct {
	Changed   []portal.Setting // have a new value
	Uncertain []portal.Setting // have it or not: the server gave no answer that tells
}

// Write changes settings. Under a lock that other writers of this process wait for, it reads the documents that hold
// the given settings, and asks decide, with every setting of those documents, what they are to become. What decide
// leaves out stays as it is; a document that is right already is not written. With an error of decide nothing is.
//
// Where decide changes a setting that a rule of the product connects with others, those are read, too, and decide is
// asked again, as it is when a write has to be repeated: its last word counts. It never sees what this call has done.
// What was written is returned also with an error.
func (m *MyAccount) Write(
	ctx context.Context, settings []portal.Setting, decide func(live *Reading) (Change, error),
) (Written, error) {
	if len(settings) == 0 {
		return Written{}, nil
	}
	if err := m.writing.Acquire(ctx, 1); err != nil {
		return Written{}, m.interrupted(err, doingChange)
	}
	defer m.writing.Release(1)

	w := &settingsWrite{MyAccount: m, decide: decide, drafts: map[string]*draft{}}
	err := m.inUnits(ctx, func(ctx context.Context) error {
		if err := w.readAndDecide(ctx, settings); err != nil {
			return err
		}
		return w.writeAll(ctx)
	})
	return w.written, err
}

// settingsWrite is one call of Write, over all its tries.
type settingsWrite struct {
	*MyAccount
	decide  func(live *Reading) (Change, error)
	change  Change // that was decided last
	drafts  map[string]*draft
	written Written
}

// draft is a document on its way through a write.
type draft struct {
	live     document // as it was read last
	found    document // live without what an earlier try of this call has made of it
	sent     document // what an earlier try may have made of it; nil if none has got that far
	attempts attempts // to write it
}

// readAndDecide reads the documents of the settings, and of others that the change depends on.
func (w *settingsWrite) readAndDecide(ctx context.Context, settings []portal.Setting) error {
	found := &Reading{Settings: portal.Settings{}}
	for unread := settings; len(unread) > 0; unread = portal.UnreadRelated(w.change.Want, found.Settings) {
		names := w.store.documents(unread)
		announce(ctx, 2*len(names))
		for _, name := range names {
			live, err := w.readFresh(ctx, name)
			if err != nil {
				return err
			}
			found.add(w.noteLive(name, live))
		}
		if err := w.missing(found, unread); err != nil {
			return err
		}
		change, err := w.decide(found)
		if err != nil {
			return err
		}
		w.change = change
	}
	for setting := range w.change.Want {
		if _, read := found.Settings[setting]; !read {
			return fmt.Errorf("%s cannot be changed: it is not among the settings that were read", setting)
		}
	}
	return found.Accepts(w.change)
}

// noteLive notes a document as it is now, and returns it as it was found.
func (w *settingsWrite) noteLive(name string, live document) (found document) {
	d := w.drafts[name]
	if d == nil {
		d = &draft{}
		w.drafts[name] = d
	}
	found = live
	if d.sent != nil {
		if !live.equals(d.live) {
			w.noteOldCopy(name, d.live)
		}
		found = w.change.undo(live, d.found, d.sent)
	}
	d.live, d.found = live, found
	return found
}

// undo returns a document without what the write of a change has made of it. What others have done since stays.
func (c Change) undo(live, was, sent document) document {
	if c.flow != nil {
		return live.(Application).withEarlierFlow(was.(Application), sent.(Application))
	}
	application, _ := was.(Application)
	before, after, back := was.values(), sent.values(), Change{Want: portal.Settings{}, Origin: application.Flow.Origin()}
	for setting, value := range live.values() {
		if value == after[setting] && value != before[setting] {
			back.Want[setting] = before[setting]
		}
	}
	if undone, err := live.merge(back); err == nil {
		return undone
	}
	return live
}

// writeAll writes the documents in an order that leaves no contradiction behind at any moment: one that others depend
// on before them, and after them where they are switched off.
func (w *settingsWrite) writeAll(ctx context.Context) error {
	names := w.store.documents(slices.Collect(maps.Keys(w.change.Want)))
	if w.change.Want[portal.TOTPEnrollment] == portal.Off {
		slices.Reverse(names)
	}
	for _, name := range names {
		changed, err := w.writeDocument(ctx, name, w.drafts[name])
		w.written.Uncertain = nil
		if IsUnsettled(err) || IsKind(err, NotApplied) {
			w.written.Uncertain = changed
		}
		if err != nil {
			return err
		}
		for _, setting := range changed { // in this try, or in one before
			if !slices.Contains(w.written.Changed, setting) {
				w.written.Changed = append(w.written.Changed, setting)
			}
		}
	}
	return nil
}

// writeDocument changes one document, and returns the settings that have changed, or may have if it fails.
func (w *settingsWrite) writeDocument(ctx context.Context, name string, d *draft) ([]portal.Setting, error) {
	wanted, err := d.live.merge(w.change)
	if err != nil {
		return nil, err
	}
	before, after := d.found.values(), wanted.values()
	changed := slices.DeleteFunc(portal.EverySetting(), func(setting portal.Setting) bool {
		_, declared := w.change.Want[setting]
		return !declared || before[setting] == after[setting]
	})
	if wanted.equals(d.live) {
		return changed, nil
	}
	unitOf(ctx).write = &d.attempts
	made, err := w.save(ctx, name, d.live, wanted)
	if err != nil && made == nil && !IsUnsettled(err) {
		return nil, err // the document is as it was
	}
	d.sent = wanted
	if made != nil {
		var correction document
		if correction, err = made.(Application).correction(wanted.(Application), w.change, err); err == nil {
			_, err = w.save(ctx, name, made, correction)
		}
	}
	return changed, err
}

// oldCopy is what a document was before it changed.
type oldCopy struct {
	document
	until time.Time
}

// noteOldCopy notes what a document was before this process changed it: for a moment, reads may still find that.
func (m *MyAccount) noteOldCopy(name string, was document) {
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
	read := func(ctx context.Context) (document, error) { return m.store.read(ctx, name) }
	return reread(ctx, m.Organization, doingRead, read, func(found document) bool { return m.isStale(name, found) })
}

// save writes one document, and makes sure that the server has it then. What it has made of the document instead, if it
// changed anything, comes with the error.
func (m *MyAccount) save(ctx context.Context, name string, from, to document) (made document, err error) {
	// Whatever the outcome, what was read before no longer counts: a failed call may have been applied.
	defer m.memo.clear(m.key(name))
	err = m.store.write(ctx, from, to)
	if err != nil && (unitOf(ctx).startOver || !IsUnsettled(err) || !m.arrived(ctx, name, from, to)) {
		return nil, err
	}
	*unitOf(ctx).write = attempts{} // what is sent from now on is another write
	m.noteOldCopy(name, from)
	if err != nil || m.API == portal.ClassicAPI { // whose answer shows what is stored
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
	found = found.ignoringUnwritten(from, to)
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
	application := found.ignoringUnwritten(from, to).(Application)
	if application.fulfills(to) {
		return nil, nil
	}
	if !application.equals(from) {
		made = application
	}
	return made, &Error{Kind: NotApplied, Doing: doingChange, Organization: m.name, Fragment: application.fragment}
}
