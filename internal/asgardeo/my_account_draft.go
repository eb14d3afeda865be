package asgardeo

import (
	"context"
	"fmt"
	"slices"
)

// draft is a document on its way through a write.
type draft struct {
	live     document // as it was read last
	without  document // the same without what this call has made of it
	to       document // what it was to become
	sent     bool     // that may have come to be
	attempts attempts // to write it
}

// read takes a document as it is now, and returns it without what this call has made of it: that is nothing to be found.
func (d *draft) read(live document) document {
	without := live
	if d.sent {
		before, ours := d.without.values(), d.to.values()
		undo := Change{Want: Settings{}, Origin: (&Reading{documents: []document{d.without}}).Origin()}
		for setting, value := range live.values() {
			if value == ours[setting] && value != before[setting] {
				undo.Want[setting] = before[setting]
			}
		}
		if undone, _, err := live.merge(undo); err == nil {
			without = undone
		}
	}
	d.live, d.without = live, without
	return without
}

// with returns how the document is changed.
func (d *draft) with(change Change) func(live document) (document, []Setting, error) {
	return func(live document) (document, []Setting, error) {
		to, _, err := live.merge(change)
		if err != nil {
			return nil, nil, err
		}
		_, changed, err := d.without.merge(change)
		d.to = to
		return to, changed, err
	}
}

// instead is asked after a write that came through.
func (d *draft) instead(made, wanted document) (document, error) {
	d.sent = true
	return made.instead(wanted)
}

// draftAll reads the documents that a change takes, and asks what the change is.
func (m *MyAccount) draftAll(
	ctx context.Context, settings []Setting, decide func(live *Reading) (Change, error), drafts map[string]*draft,
) (Change, error) {
	live := &Reading{Settings: Settings{}}
	var change Change
	for unread := settings; len(unread) > 0; unread = unjudged(change.Want, live.Settings) {
		names := m.store.documents(unread)
		together(ctx, 2*len(names))
		for _, name := range names {
			found, err := m.get(ctx, name)
			if err != nil {
				return change, err
			}
			known := drafts[name]
			if known == nil {
				known = &draft{}
				drafts[name] = known
			} else if known.sent && !found.same(known.live) {
				m.supersede(name, known.live)
			}
			live.add(known.read(found))
		}
		if err := m.missing(live, unread); err != nil {
			return change, err
		}
		var err error
		if change, err = decide(live); err != nil {
			return change, err
		}
	}
	for setting := range change.Want {
		if _, read := live.Settings[setting]; !read {
			return change, fmt.Errorf("%s cannot be changed: it is not among the settings that were read", setting)
		}
	}
	return change, live.Accepts(change)
}

// add notes settings that were changed, in this run of a unit or in one before.
func (w *Written) add(changed []Setting) {
	for _, setting := range changed {
		if !slices.Contains(w.Changed, setting) {
			w.Changed = append(w.Changed, setting)
		}
	}
}
