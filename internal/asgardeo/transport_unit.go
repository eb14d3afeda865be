package asgardeo

import (
	"context"
	"errors"
	"time"
)

// The server has no version to compare, and what a change leaves as it is has to be sent along as it was read. So a
// read and the write that follows from it are one unit: they queue for their turns together, and the write is never
// sent again after a wait. Instead the unit starts over, and reads what somebody may have changed meanwhile.

type unit struct {
	announced int       // requests that the next turns are for
	reserved  int       // turns that were waited for together with those of an earlier request
	sent      *attempts // of the write, those of earlier runs included
	over      bool      // the write failed, and a wait is over if there has to be one: what was sent is out of date
	extraRun  bool      // it has started over once although its write was not worth repeating
}

type unitKey struct{}

func unitOf(ctx context.Context) *unit {
	unit, _ := ctx.Value(unitKey{}).(*unit)
	return unit
}

// inUnits runs a unit until its write has an answer that is worth no other try. The waits in between are those of any
// repeated request: see [transport.loop].
func (o *Organization) inUnits(ctx context.Context, run func(ctx context.Context) error) error {
	unit := &unit{sent: &attempts{}}
	ctx = context.WithValue(ctx, unitKey{}, unit)
	for earlier := error(nil); ; {
		unit.announced, unit.reserved, unit.over = 0, 0, false
		err := run(ctx)
		_, failed := errors.AsType[*Error](err)
		switch {
		case unit.over:
			earlier = err
		case failed && !IsUnsettled(err) && IsUnsettled(earlier):
			return earlier // what came of the write is the news, not the search for it
		default:
			return err
		}
	}
}

// onceMore lets the unit start over, once, although its write is not worth repeating by itself: something else has
// changed, a token for example.
func (u *unit) onceMore() {
	u.over = !u.extraRun
	u.extraRun = true
}

// together lets the next requests of a unit, so many of them, wait for their turns as one. The last are its writes.
func together(ctx context.Context, requests int) {
	unitOf(ctx).announced += requests
}

// turns returns how many turns a request waits for before its first attempt. Outside a unit it is one.
func (u *unit) turns(atOnce int) int {
	switch {
	case u == nil, u.announced == 0 && u.reserved == 0:
		return 1
	case u.announced == 0:
		u.reserved--
		return 0
	}
	turns := min(u.announced, atOnce)
	u.announced = 0
	u.reserved += turns - 1
	return turns
}

type lastLookKey struct{}

// lastLook prepares a look at what came of a call without an answer: one attempt, also where the caller has given up,
// but then not for long.
func lastLook(ctx context.Context) (context.Context, context.CancelFunc) {
	cancel := func() {}
	if ctx.Err() != nil {
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	}
	return context.WithValue(ctx, lastLookKey{}, true), cancel
}
