package asgardeo

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
)

// The server's generic configuration store keeps the settings as objects of this type. It has no path that lists the
// objects of a type, and PUT goes to the type's own path, with the object's name in the body.
const storePath = "/api/identity/config-mgt/v1.0/resource/myaccount"

const (
	// A server of several nodes may answer, for a moment after a write, from a cache that does not know of it yet.
	staleFor     = 10 * time.Second
	staleRereads = 3
)

// write is what this process last changed an object from and to.
type write struct {
	from, to object
	at       time.Time
}

// storedObject is the server's representation, as far as it is used.
type storedObject struct {
	ResourceType string      `json:"resourceType"`
	ResourceName string      `json:"resourceName"`
	Attributes   []attribute `json:"attributes"`
}

// UnmarshalJSON refuses JSON that is something else: read as an object without attributes it would mean defaults, and
// the next write would replace what is really stored.
func (s *storedObject) UnmarshalJSON(data []byte) error {
	type fields storedObject
	if err := json.Unmarshal(data, (*fields)(s)); err != nil {
		return err
	}
	if s.ResourceType == "" && s.ResourceName == "" && s.Attributes == nil {
		return errors.New("not an object of the configuration store")
	}
	return nil
}

// get reads one object. An object that was never written is an object without attributes: its defaults hold.
func (o *Organization) get(ctx context.Context, name string) (object, error) {
	for reread := 0; ; reread++ {
		found, err := o.getOnce(ctx, name)
		if err != nil || reread == staleRereads || !o.stale(found) {
			return found, err
		}
		if err := sleep(ctx, o.wait); err != nil {
			return object{}, &Error{Kind: TimedOut, Doing: "read the My Account settings", Organization: o.name, Err: err}
		}
	}
}

func (o *Organization) getOnce(ctx context.Context, name string) (object, error) {
	read := call{
		doing:  "read the My Account settings",
		method: http.MethodGet,
		path:   storePath + "/" + name,
		scope:  ScopeViewSettings,
	}
	var stored storedObject
	err := o.do(ctx, read, &stored)
	var failure *Error
	if errors.As(err, &failure) && failure.Kind == NotStored {
		return object{name: name}, nil
	}
	if err != nil {
		return object{}, err
	}
	if err := o.verify(read, name, stored); err != nil {
		return object{}, err
	}
	return newObject(name, stored.Attributes), nil
}

// verify refuses an object other than the one asked for. The server caches objects by name without regard to their
// type, so a namesake could come back.
func (o *Organization) verify(c call, name string, stored storedObject) error {
	var wrong Text
	switch {
	case stored.ResourceType != "" && !strings.EqualFold(stored.ResourceType, "myaccount"):
		wrong = phrase(`an object of type "%s" instead of "myaccount"`, o.cleaner()(stored.ResourceType))
	case stored.ResourceName != "" && stored.ResourceName != name:
		wrong = phrase(`the object "%s" instead of "%s"`, o.cleaner()(stored.ResourceName), o.cleaner()(name))
	default:
		return nil
	}
	return &Error{
		Kind: Unexpected, Doing: c.doing, Organization: o.name, Method: c.method, URL: o.url + c.path, Scope: c.scope,
		Status: http.StatusOK, Reason: wrong, Unsettled: c.method != http.MethodGet,
	}
}

// stale reports whether an object still is what this process has just changed it from.
func (o *Organization) stale(found object) bool {
	o.lastWritesMutex.Lock()
	defer o.lastWritesMutex.Unlock()
	last, ok := o.lastWrites[found.name]
	return ok && time.Since(last.at) < staleFor && found.same(last.from)
}

// arrived looks whether a write that got no answer was applied all the same: the server may have been too slow, or the answer
// lost. A "no" may still turn out wrong.
func (o *Organization) arrived(ctx context.Context, want object) bool {
	ctx, cancel := lastLook(ctx)
	defer cancel()
	found, err := o.getOnce(ctx, want.name)
	return err == nil && found.same(want) && !o.stale(found)
}

// put replaces one object. PUT creates it where it does not exist.
func (o *Organization) put(ctx context.Context, from, to object) error {
	replace := call{
		doing:  "change the My Account settings",
		method: http.MethodPut,
		path:   storePath,
		body: struct {
			Name       string      `json:"name"`
			Attributes []attribute `json:"attributes"`
		}{to.name, to.attributes},
		scope: ScopeUpdateSettings,
	}
	// Whatever the outcome, what was read before no longer counts: a failed call may have been applied.
	defer o.seen.clear(to.name)
	var stored storedObject
	err := o.do(ctx, replace, &stored)
	if err == nil {
		err = o.verify(replace, to.name, stored)
	}
	if err != nil && (!uncertain(err) || !o.arrived(ctx, to)) {
		return err
	}
	o.lastWritesMutex.Lock()
	defer o.lastWritesMutex.Unlock()
	o.lastWrites[to.name] = write{from: from, to: to, at: time.Now()}
	return nil
}
