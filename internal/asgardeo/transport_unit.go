package asgardeo

import (
	"context"
	"errors"
	"time"
)

// The server has no version to compare, and what a change leaves as it is has to be sent along as it was read. So a
// read and the write that follows from it are one unit: they wait for their permits together, and the write is never
// sent again after a wait. Instead the unit starts over, and reads what somebody may have changed meanwhile.
//
// The unit is in the context that inUnits makes. Outside of it, store.write and announce panic. Its field write has the
// attempts of the write that is being made, those of earlier runs included, and is emptied where another write begins.
// A failed write waits as any other request does. Then PrepareRetry, in [transport.loop], has the unit start over.

type unit struct {
	announced int       // requests that the next permits are for
	reserved  int       // permits that were waited for together with those of an earlier request
	write     *attempts // of the write, those of earlier runs included
	startOver bool      // the write failed, and the wait is over if there has to be one: what was sent is out of date
	extraRun  bool      // it has started over once although its write was not worth repeating
}

type unitKey struct{}

func unitOf(ctx context.Context) *unit {
	unit, _ := ctx.Value(unitKey{}).(*unit)
	return unit
}

// inUnits runs a unit until its write has an answer that is worth no other try.
func (o *Organization) inUnits(ctx context.Context, run func(ctx context.Context) error) error {
	unit := &unit{write: &attempts{}}
	ctx = context.WithValue(ctx, unitKey{}, unit)
	for earlier := error(nil); ; {
		unit.announced, unit.reserved, unit.startOver = 0, 0, false
		err := run(ctx)
		_, failed := errors.AsType[*Error](err)
		switch {
		case unit.startOver:
			earlier = err
		case failed && !IsUnsettled(err) && IsUnsettled(earlier):
			return earlier // what came of the write is the news, not the search for it
		default:
			return err
		}
	}
}

// startOverOnce lets the unit start over, once, although its write is not worth repeating by itself: something else
// has changed, a token for example.
func (u *unit) startOverOnce() {
	u.startOver = !u.extraRun
	u.extraRun = true
}

// announce lets the next requests of a unit, so many of them, wait for their permits as one. The last are its writes.
func announce(ctx context.Context, requests int) {
	unitOf(ctx).announced += requests
}

// permits returns how many permits a request waits for before its first attempt. Outside a unit it is one.
func (u *unit) permits(atOnce int) int {
	switch {
	case u == nil, u.announced == 0 && u.reserved == 0:
		return 1
	case u.announced == 0:
		u.reserved--
		return 0
	}
	permits := min(u.announced, atOnce)
	u.announced = 0
	u.reserved += permits - 1
	return permits
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

// lastLookIfGivenUp is the caller's context or, where the caller has given up, that of a last look.
func lastLookIfGivenUp(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Err() == nil {
		return ctx, func() {}
	}
	return lastLook(ctx)
}
