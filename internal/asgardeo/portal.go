package asgardeo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Read asks the server for the stored objects that hold the given settings, and returns every setting of those
// objects. Concurrent readers of an object share one request.
func (o *Organization) Read(ctx context.Context, settings ...Setting) (Settings, error) {
	return o.read(settings, func(name string) (object, error) {
		return o.readObject(ctx, name)
	})
}

// Recent is Read, except that it takes what this process has read already, unless it was changed since.
func (o *Organization) Recent(ctx context.Context, settings ...Setting) (Settings, error) {
	return o.read(settings, func(name string) (object, error) {
		if seen, ok := o.seen.recall(name); ok {
			return seen.(object), nil
		}
		return o.readObject(ctx, name)
	})
}

// Seen returns what this process has read already of the given settings, without asking the server.
func (o *Organization) Seen(settings ...Setting) Settings {
	values := Settings{}
	for _, name := range objectsOf(settings) {
		if seen, ok := o.seen.recall(name); ok {
			maps.Copy(values, seen.(object).values())
		}
	}
	return values
}

func (o *Organization) read(settings []Setting, get func(string) (object, error)) (Settings, error) {
	values := Settings{}
	for _, name := range objectsOf(settings) {
		found, err := get(name)
		if err != nil {
			return nil, err
		}
		maps.Copy(values, found.values())
	}
	return values, nil
}

func (o *Organization) readObject(ctx context.Context, name string) (object, error) {
	found, err := o.seen.read(ctx, name, func() (any, error) { return o.get(ctx, name) })
	if err != nil {
		return object{}, o.interrupted(err, "read the My Account settings")
	}
	return found.(object), nil
}

// Written is what came of a write.
type Written struct {
	Changed   []Setting // have a new value
	Uncertain []Setting // have it or not: the server gave no answer that tells
}

// Write changes settings. Under a lock that other writers of this process wait for, it reads the stored objects that
// hold the given settings, and asks want, with every setting of those objects, what they are to become. Settings that want
// leaves out, and everything else in the objects, stay as they are; an object that is right already is not written.
//
// Where want changes a setting that a rule of the product connects with others, those are read, too, and want is asked again. The
// last word is check's: with an error, nothing is written. It may be nil.
//
// Objects are written in an order that leaves no contradiction behind at any moment. What was reached until then is
// returned also with an error.
func (o *Organization) Write(ctx context.Context, settings []Setting, want func(live Settings) map[Setting]bool, check func(live Settings) error) (Written, error) {
	var written Written
	if err := o.writing.Acquire(ctx, 1); err != nil {
		return written, o.interrupted(err, "change the My Account settings")
	}
	defer o.writing.Release(1)

	objects, live, wanted := map[string]object{}, Settings{}, map[Setting]bool{}
	for unread := settings; len(unread) > 0; unread = unjudged(wanted, live) {
		for _, name := range objectsOf(unread) {
			found, err := o.get(ctx, name)
			if err != nil {
				return written, err
			}
			objects[name] = found
			maps.Copy(live, found.values())
		}
		wanted = want(live)
	}
	for setting := range wanted {
		if _, read := live[setting]; !read {
			return written, fmt.Errorf("%s cannot be changed: it is not among the settings that were read", setting)
		}
	}
	if check != nil {
		if err := check(live); err != nil {
			return written, err
		}
	}
	for _, name := range writeOrder(wanted) {
		merged, changed := objects[name].merge(wanted)
		if len(changed) == 0 {
			continue
		}
		if err := o.put(ctx, objects[name], merged); err != nil {
			if uncertain(err) {
				written.Uncertain = changed
			}
			return written, err
		}
		written.Changed = append(written.Changed, changed...)
	}
	return written, nil
}

// writeOrder sorts the objects to write: factors go on before what depends on them and off after it.
func writeOrder(want map[Setting]bool) []string {
	names := objectsOf(slices.Collect(maps.Keys(want)))
	if on, wanted := want[TOTPEnrollment]; wanted && !on {
		slices.Reverse(names)
	}
	return names
}

// interrupted turns the error of a context into one that says what it kept from happening.
func (o *Organization) interrupted(err error, doing string) error {
	var failure *Error
	if errors.As(err, &failure) || !gaveUp(err) {
		return err
	}
	return &Error{Kind: TimedOut, Doing: doing, Organization: o.name, Err: err}
}
