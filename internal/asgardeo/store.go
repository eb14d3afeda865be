package asgardeo

import (
	"context"
	"errors"
	"fmt"
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
	// The server caches objects by name without regard to their type, so a namesake could come back.
	if strings.EqualFold(stored.ResourceType, "myaccount") || stored.ResourceType == "" {
		return object{name: name, attributes: stored.Attributes}, nil
	}
	return object{}, &Error{
		Kind: Unexpected, Doing: read.doing, Organization: o.name, Method: read.method, URL: o.url + read.path, Status: http.StatusOK,
		Description: fmt.Sprintf("the server answered with an object of type %q instead of \"myaccount\"", o.redact(stored.ResourceType)),
	}
}

// stale reports whether an object still is what this process has just changed it from.
func (o *Organization) stale(found object) bool {
	o.wrote.Lock()
	defer o.wrote.Unlock()
	last, ok := o.writes[found.name]
	return ok && time.Since(last.at) < staleFor && found.same(last.from) && !found.same(last.to)
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
	if err := o.do(ctx, replace, &stored); err != nil {
		return err
	}
	o.wrote.Lock()
	defer o.wrote.Unlock()
	o.writes[to.name] = write{from: from, to: to, at: time.Now()}
	return nil
}
