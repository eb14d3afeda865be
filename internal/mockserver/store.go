package mockserver

import (
	"crypto/rand"
	"fmt"
	"reflect"
	"sync"
	"time"
)

// myAccountType is the resource type that holds the settings of the My Account portal.
const myAccountType = "myaccount"

// senderKind stands where a resource type would, for objects that are SMS senders. A resource type cannot contain a
// blank.
const senderKind = "sms sender"

// applicationKind and connectorKind are the like for applications, by id, and for governance connectors.
const (
	applicationKind = "the application"
	connectorKind   = "the connector"
)

// store guards the state and remembers what the state does not show: ids, timestamps and, for stale reads, what each
// object held before its last write.
//
// Attributes, senders, applications and connectors inside state are never changed in place, only replaced: previous may
// keep them.
type store struct {
	mu           sync.Mutex
	started      time.Time
	state        State
	records      map[objectKey]record
	previous     map[string]map[objectKey]version // by organization
	descriptions map[objectKey]string             // of resource types
}

type objectKey struct{ organization, kind, name string }

// record is what the server itself adds to an object.
type record struct {
	id                string
	created, modified time.Time
}

// version is an object at one moment. Only the field of its kind is set, and none when it did not exist.
type version struct {
	record
	attributes  Attributes
	sender      *SMSSender
	application *Application
	connector   map[string]string
}

func (v version) exists() bool {
	return v.attributes != nil || v.sender != nil || v.application != nil || v.connector != nil
}

func newStore(state State) *store {
	return &store{
		started:      time.Now().UTC(),
		state:        state,
		records:      map[objectKey]record{},
		previous:     map[string]map[objectKey]version{},
		descriptions: map[objectKey]string{},
	}
}

// snapshot returns a copy of the state.
func (s *store) snapshot() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.clone()
}

// update lets edit change a copy of the state and adopts the copy. Objects that differ count as written.
func (s *store) update(edit func(*State)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	draft := s.state.clone()
	edit(&draft)
	if err := draft.validate(); err != nil {
		return err
	}
	next := draft.clone() // the editor may keep references into the draft, and the draft itself
	before := versions(s.state)
	after := versions(next)
	for key, was := range before {
		if is, still := after[key]; !still || !reflect.DeepEqual(was, is) {
			s.recordWrite(key, was, still)
		}
	}
	for key := range after {
		if _, existed := before[key]; !existed {
			s.recordWrite(key, version{}, true)
		}
	}
	s.state = next
	return nil
}

// versions lists every object of a state, without its record.
func versions(state State) map[objectKey]version {
	all := map[objectKey]version{}
	for organization, o := range state.Organizations {
		for name, attributes := range o.MyAccount {
			all[objectKey{organization, myAccountType, name}] = version{attributes: attributes}
		}
		for resourceType, objects := range o.OtherTypes {
			for name, attributes := range objects {
				all[objectKey{organization, resourceType, name}] = version{attributes: attributes}
			}
		}
		for name, sender := range o.SMSSenders {
			all[objectKey{organization, senderKind, name}] = version{sender: sender}
		}
		for _, application := range o.filledApplications(organization) {
			all[objectKey{organization, applicationKind, application.ID}] = version{application: &application}
		}
		for _, name := range o.connectors() {
			all[objectKey{organization, connectorKind, name}] = version{connector: o.connector(name)}
		}
	}
	return all
}

// The methods below need s.mu to be held.

// objects returns the objects of one resource type and whether that type exists.
func (s *store) objects(organization, resourceType string) (map[string]Attributes, bool) {
	o := s.state.Organizations[organization]
	if o == nil {
		return nil, false
	}
	if resourceType == myAccountType {
		return o.MyAccount, !o.TypeMissing
	}
	objects, ok := o.OtherTypes[resourceType]
	return objects, ok
}

// record returns id and timestamps of an existing object. Seeded objects get theirs when they are first looked at.
func (s *store) record(key objectKey) record {
	r, ok := s.records[key]
	if !ok {
		r = record{id: newID(), created: s.started, modified: s.started}
		s.records[key] = r
	}
	return r
}

// recordWrite notes that an object is about to change from what it was, and whether it will exist afterwards.
func (s *store) recordWrite(key objectKey, was version, exists bool) record {
	now := time.Now().UTC()
	next := record{id: newID(), created: now, modified: now}
	if was.exists() {
		was.record = s.record(key)
		// A client that compares timestamps must see a change even within one tick of the shortest format.
		if earliest := was.modified.Add(time.Millisecond); next.modified.Before(earliest) {
			next.modified = earliest
		}
		next.id, next.created = was.id, was.created
	}
	if s.previous[key.organization] == nil {
		s.previous[key.organization] = map[objectKey]version{}
	}
	s.previous[key.organization][key] = was
	if exists {
		s.records[key] = next
	} else {
		delete(s.records, key)
	}
	return next
}

// putAttributes stores an object of an existing type as a whole.
func (s *store) putAttributes(key objectKey, attributes Attributes) record {
	objects, _ := s.objects(key.organization, key.kind)
	written := s.recordWrite(key, version{attributes: objects[key.name]}, true)
	objects[key.name] = attributes
	return written
}

func (s *store) deleteAttributes(key objectKey) {
	objects, _ := s.objects(key.organization, key.kind)
	s.recordWrite(key, version{attributes: objects[key.name]}, false)
	delete(objects, key.name)
}

func (s *store) putSender(organization, name string, sender *SMSSender) {
	senders := s.state.Organizations[organization].SMSSenders
	s.recordWrite(objectKey{organization, senderKind, name}, version{sender: senders[name]}, true)
	senders[name] = sender
}

func (s *store) deleteSender(organization, name string) {
	senders := s.state.Organizations[organization].SMSSenders
	s.recordWrite(objectKey{organization, senderKind, name}, version{sender: senders[name]}, false)
	delete(senders, name)
}

// putApplication replaces the application that has the id of the given one, with empty fields filled.
func (s *store) putApplication(organization string, application Application) {
	o := s.state.Organizations[organization]
	all := o.filledApplications(organization)
	for i, was := range all {
		if was.ID == application.ID {
			s.recordWrite(objectKey{organization, applicationKind, was.ID}, version{application: &was}, true)
			all[i] = application
		}
	}
	o.Applications = all
}

func (s *store) putConnector(organization, name string, properties map[string]string) {
	o := s.state.Organizations[organization]
	s.recordWrite(objectKey{organization, connectorKind, name}, version{connector: o.connector(name)}, true)
	o.Governance[name] = properties
}

// newID returns a random UUID (version 4).
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails, by its contract
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
