package asgardeo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// API says where an installation keeps the settings of the portal.
type API string

// The places of the settings.
const (
	// ApplicationAPI keeps them in the application "My Account": in its switch and in its login flow.
	ApplicationAPI API = "application"
	// ClassicAPI keeps them in the server's generic configuration store, which the Console used until 2024.
	ClassicAPI API = "classic"
)

// APIs lists the places, the usual one first.
func APIs() []API {
	return []API{ApplicationAPI, ClassicAPI}
}

// store is one place where an installation keeps the settings, in one or more documents.
type store interface {
	// documents names those that hold the settings, in the order in which writes that switch things on go out.
	documents(settings []Setting) []string
	// writeOrder names those that hold the settings, in an order of writes that leaves no contradiction behind.
	writeOrder(want Settings) []string
	read(ctx context.Context, name string) (document, error)
	write(ctx context.Context, from, to document) error
	// silent reports that a write is answered without what is stored now, so that only reading can confirm it.
	silent() bool
	// initial is the value of a setting that nobody has chosen.
	initial(setting Setting) Value
}

// document is what a store reads and writes at once.
type document interface {
	values() Settings
	// merge returns the document with the change made, and the settings whose value differs then. An error says why
	// the document cannot take the change.
	merge(change Change) (document, []Setting, error)
	// same reports that a write from one to the other would change nothing.
	same(other document) bool
	// reached reports that a write of want has had its effect.
	reached(want document) bool
	// instead is what to write once more, after the server made this document of what was wanted. It is nil where
	// writing again would be no use, and an error where nobody should.
	instead(want document) (document, error)
}

// Change is what settings are to become. A setting that is left out stays as it is.
type Change struct {
	Want Settings
	// Origin is set when settings are handed back: Reading.Origin of the time when they were taken over.
	Origin string
}

// MyAccount reads and writes the settings of an organization's portal in one of their places.
type MyAccount struct {
	*Organization
	api   API
	store store
}

// MyAccount returns the settings in the given place.
func (o *Organization) MyAccount(api API) *MyAccount {
	m := &MyAccount{Organization: o, api: api, store: classicStore{o}}
	if api == ApplicationAPI {
		m.store = applicationStore{o}
	}
	return m
}

// API returns the place of the settings.
func (m *MyAccount) API() API {
	return m.api
}

// Initial is the value of a setting that nobody has chosen in this place.
func (m *MyAccount) Initial(setting Setting) Value {
	return m.store.initial(setting)
}

// Reading is what the settings were when they were read.
type Reading struct {
	Settings
	documents []document
}

// add completes the reading by a document that was read.
func (r *Reading) add(found document) {
	r.documents = append(r.documents, found)
	maps.Copy(r.Settings, found.values())
}

// Accepts returns an error if a change could not be written: of kind CustomFlow or ReadOnlyApplication.
func (r *Reading) Accepts(change Change) error {
	for _, found := range r.documents {
		if _, _, err := found.merge(change); err != nil {
			return err
		}
	}
	return nil
}

// Read asks the server for the documents that hold the given settings, and returns every setting of those documents.
// Concurrent readers of a document share one request.
func (m *MyAccount) Read(ctx context.Context, settings ...Setting) (*Reading, error) {
	return m.readAll(settings, func(name string) (document, error) { return m.readShared(ctx, name) })
}

// Recent is Read, except that it takes what this process has read already, unless it was changed since.
func (m *MyAccount) Recent(ctx context.Context, settings ...Setting) (*Reading, error) {
	return m.readAll(settings, func(name string) (document, error) {
		if seen, ok := m.seen.recall(m.key(name)); ok {
			return seen.(document), nil
		}
		return m.readShared(ctx, name)
	})
}

// Seen returns what this process has read already of the given settings, without asking the server.
func (m *MyAccount) Seen(settings ...Setting) *Reading {
	reading := &Reading{Settings: Settings{}}
	for _, name := range m.store.documents(settings) {
		if seen, ok := m.seen.recall(m.key(name)); ok {
			reading.add(seen.(document))
		}
	}
	return reading
}

func (m *MyAccount) readAll(settings []Setting, get func(string) (document, error)) (*Reading, error) {
	reading := &Reading{Settings: Settings{}}
	for _, name := range m.store.documents(settings) {
		found, err := get(name)
		if err != nil {
			return nil, err
		}
		reading.add(found)
	}
	return reading, m.missing(reading, settings)
}

// missing returns an error if a setting has no place on this server.
func (m *MyAccount) missing(reading *Reading, settings []Setting) error {
	for _, setting := range settings {
		if _, read := reading.Settings[setting]; !read {
			return &Error{Kind: SwitchMissing, Doing: doingRead, Organization: m.name}
		}
	}
	return nil
}

const (
	doingRead   = "read the My Account settings"
	doingChange = "change the My Account settings"
)

// key tells the documents of the places apart where the organization keeps things by name.
func (m *MyAccount) key(name string) string {
	return string(m.api) + " " + name
}

func (m *MyAccount) readShared(ctx context.Context, name string) (document, error) {
	found, err := m.seen.read(ctx, m.key(name), func() (any, error) { return m.get(ctx, name) })
	if err != nil {
		return nil, m.interrupted(err, doingRead)
	}
	return found.(document), nil
}

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
// asked again: its last word counts.
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

	live, byName := &Reading{Settings: Settings{}}, map[string]document{}
	var change Change
	for unread := settings; len(unread) > 0; unread = unjudged(change.Want, live.Settings) {
		for _, name := range m.store.documents(unread) {
			found, err := m.get(ctx, name)
			if err != nil {
				return written, err
			}
			byName[name] = found
			live.add(found)
		}
		if err := m.missing(live, unread); err != nil {
			return written, err
		}
		var err error
		if change, err = decide(live); err != nil {
			return written, err
		}
	}
	for setting := range change.Want {
		if _, read := live.Settings[setting]; !read {
			return written, fmt.Errorf("%s cannot be changed: it is not among the settings that were read", setting)
		}
	}
	if err := live.Accepts(change); err != nil {
		return written, err
	}
	for _, name := range m.store.writeOrder(change.Want) {
		changed, err := m.writeDocument(ctx, name, byName[name], func(live document) (document, []Setting, error) {
			return live.merge(change)
		}, document.instead)
		if err != nil {
			if uncertain(err) {
				written.Uncertain = changed
			}
			return written, err
		}
		written.Changed = append(written.Changed, changed...)
	}
	return written, nil
}

// writeDocument changes one document, and returns the settings that the change concerns. Where the server made
// something else of it, again says what to write then.
func (m *MyAccount) writeDocument(
	ctx context.Context, name string, live document, change func(live document) (document, []Setting, error),
	again func(made, wanted document) (document, error),
) ([]Setting, error) {
	merged, changed, err := change(live)
	if err != nil || merged.same(live) {
		return changed, err
	}
	made, err := m.save(ctx, name, live, merged)
	if made == nil || made.same(live) {
		return changed, err
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

// lastWrite is what this process last changed a document from and to.
type lastWrite struct {
	from, to document
	at       time.Time
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
	m.lastWritesMutex.Lock()
	defer m.lastWritesMutex.Unlock()
	last, ok := m.lastWrites[m.key(name)]
	return ok && time.Since(last.at) < staleFor && found.same(last.from)
}

// arrived looks whether a write that got no answer was applied all the same: the server may have been too slow, or
// the answer lost. A "no" may still turn out wrong.
func (m *MyAccount) arrived(ctx context.Context, name string, from, want document) bool {
	ctx, cancel := lastLook(ctx)
	defer cancel()
	found, err := m.store.read(ctx, name)
	return err == nil && found.reached(want) && !found.same(from) && !m.stale(name, found)
}

// save writes one document, and makes sure that the server has it then. Where the server made something else of the
// change, that is returned with the error.
func (m *MyAccount) save(ctx context.Context, name string, from, to document) (made document, err error) {
	// Whatever the outcome, what was read before no longer counts: a failed call may have been applied.
	defer m.seen.clear(m.key(name))
	err = m.store.write(ctx, from, to)
	if err != nil && (!uncertain(err) || !m.arrived(ctx, name, from, to)) {
		return nil, err
	}
	m.lastWritesMutex.Lock()
	m.lastWrites[m.key(name)] = lastWrite{from: from, to: to, at: time.Now()}
	m.lastWritesMutex.Unlock()
	if err != nil || !m.store.silent() {
		return nil, nil
	}
	return m.confirm(ctx, name, to)
}

// confirm reads what was written. The server accepts changes that it then does not make.
func (m *MyAccount) confirm(ctx context.Context, name string, want document) (made document, err error) {
	found, err := m.get(ctx, name)
	if failure, ok := errors.AsType[*Error](err); ok {
		unconfirmed := *failure
		unconfirmed.Doing, unconfirmed.Unsettled = "confirm the change of the My Account settings", true
		return nil, &unconfirmed
	}
	if err != nil || found.reached(want) {
		return nil, err
	}
	return found, &Error{Kind: NotApplied, Doing: doingChange, Organization: m.name, Fragment: fragmentOf(found)}
}

// interrupted turns the error of a context into one that says what it kept from happening.
func (o *Organization) interrupted(err error, doing string) error {
	var failure *Error
	if errors.As(err, &failure) || !gaveUp(err) {
		return err
	}
	return &Error{Kind: TimedOut, Doing: doing, Organization: o.name, Err: err}
}

// writeKeys lists what a change wants, in the Console's order.
func writeKeys(want Settings) []Setting {
	return slices.DeleteFunc(append([]Setting{PortalEnabled}, TwoFactor()...), func(setting Setting) bool {
		_, wanted := want[setting]
		return !wanted
	})
}
