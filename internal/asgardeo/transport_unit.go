package asgardeo

import (
	"context"
	"errors"
)

// The server has no version to compare, and what a change leaves as it is has to be sent along as it was read. So a read and
// the write that follows from it are one unit: they queue for their turns together, and the write is never sent again after
// a wait. Instead the unit starts over, and reads what somebody may have changed meanwhile.

type unit struct {
	need int       // turns that the next request waits for
	held int       // turns that were waited for and are not used yet
	sent *attempts // of the write, those of earlier runs included
	over bool      // the write failed and the wait before another try is over: what was sent is out of date
	more bool      // it started over once without having failed
}

type unitKey struct{}

func unitOf(ctx context.Context) *unit {
	unit, _ := ctx.Value(unitKey{}).(*unit)
	return unit
}

// inUnits runs a unit until its write has an answer that is worth no other try. The waits in between are those of any
// repeated request: see do.
func (o *Organization) inUnits(ctx context.Context, run func(ctx context.Context) error) error {
	unit := &unit{sent: &attempts{}}
	ctx = context.WithValue(ctx, unitKey{}, unit)
	for before := error(nil); ; {
		unit.need, unit.held, unit.over = 0, 0, false
		err := run(ctx)
		_, failed := errors.AsType[*Error](err)
		switch {
		case unit.over:
			before = err
		case failed && !uncertain(err) && uncertain(before):
			return before // what came of the write is the news, not the search for it
		default:
			return err
		}
	}
}

// onceMore lets the unit start over although its write is not worth another try by itself: something else has changed, a token
// for example. It does so once.
func (u *unit) onceMore() {
	u.over = !u.more
	u.more = true
}

// together lets the next requests of a unit, so many of them, wait for their turns as one. The last are its writes.
func together(ctx context.Context, requests int) {
	unitOf(ctx).need += requests
}

// turns returns how many turns a request waits for: those of requests that follow it closely, or none.
func (u *unit) turns(atOnce int) int {
	if u.need == 0 && u.held == 0 {
		return 1
	}
	wait := min(u.need, atOnce)
	u.held += wait - 1
	u.need = 0
	return wait
}
