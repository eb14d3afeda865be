package asgardeo

import (
	"context"
	"errors"
	"net/http"
)

// The server lists, creates, replaces and deletes senders; it has no call that changes a part of one.

const senderMemo = "sms sender"

// senderCodes are what the server says of a sender that does not exist.
var senderCodes = serverCodes{anyStatus: {"NSM-60006": NotFound, "NSM-65010": NotFound}}

// SMSSender asks the server for the organization's sender, secrets in clear text included. It is nil if there is none.
// Concurrent readers share one request.
func (o *Organization) SMSSender(ctx context.Context) (*SMSSender, error) {
	sender, err := o.seen.read(ctx, senderMemo, func() (any, error) { return o.readSender(ctx) })
	if err != nil {
		return nil, o.interrupted(err, readSenders)
	}
	return sender.(*SMSSender), nil
}

// RecentSMSSender is SMSSender, except that it returns what this process has read already, unless it was changed since.
func (o *Organization) RecentSMSSender(ctx context.Context) (*SMSSender, error) {
	if seen, ok := o.seen.recall(senderMemo); ok {
		return seen.(*SMSSender), nil
	}
	return o.SMSSender(ctx)
}

// SeenSMSSender returns what this process has read already, unless it was changed since. It makes no call.
func (o *Organization) SeenSMSSender() *SMSSender {
	seen, _ := o.seen.recall(senderMemo)
	sender, _ := seen.(*SMSSender)
	return sender
}

// ExpectedSMSSender is SMSSender where there should be one. A server of several nodes may answer, for a moment after a
// write, from a cache that does not know of it yet, so a sender counts as gone only when it is missing repeatedly.
func (o *Organization) ExpectedSMSSender(ctx context.Context) (*SMSSender, error) {
	for reread := 0; ; reread++ {
		sender, err := o.SMSSender(ctx)
		if err != nil || sender != nil || reread == staleRereads {
			return sender, err
		}
		if err := sleep(ctx, o.wait); err != nil {
			return nil, o.interrupted(err, readSenders)
		}
	}
}

// CreateSMSSender creates the sender. It is an error of kind Conflict if there is one. Who may not read senders creates
// none: nothing could be done with it later.
func (o *Organization) CreateSMSSender(ctx context.Context, sender SMSSender) error {
	return o.changingSender(ctx, func() error {
		before := o.SeenSMSSender()
		if _, sure := o.senderVersion.get(); !sure {
			var err error
			if before, err = o.senderToChange(ctx); err != nil {
				return err
			}
		}
		if err := o.checkAuthentication(sender, "create the SMS sender"); err != nil {
			return err
		}
		return o.addSender(ctx, sender, before != nil)
	})
}

// addSender creates the sender. Where no answer tells what came of the request, a look at what is there now does: it is
// this request's work if it is what was sent, and none existed before.
func (o *Organization) addSender(ctx context.Context, sender SMSSender, existed bool) error {
	err := o.postSender(ctx, sender)
	if !uncertain(err) {
		return err
	}
	found, lookErr := o.readSenderAfterAll(ctx)
	if lookErr == nil && found == nil && ctx.Err() == nil {
		// Even now the list may have been wrong: look once more if this fails.
		second := o.postSender(ctx, sender)
		if second == nil {
			return nil
		}
		if tellsMore(second) {
			err = second
		}
		found, lookErr = o.readSenderAfterAll(ctx)
	}
	failure, ok := errors.AsType[*Error](err)
	switch {
	case lookErr != nil, found == nil, !ok:
		return err
	case !existed && found.includes(sender):
		return nil
	}
	conflict := *failure
	conflict.Kind = Conflict
	return &conflict
}

// readSenderAfterAll is readSender, with a last look where the caller has given up.
func (o *Organization) readSenderAfterAll(ctx context.Context) (*SMSSender, error) {
	ctx, cancel := afterAll(ctx)
	defer cancel()
	return o.readSender(ctx)
}

// afterAll is the caller's context or, where the caller has given up, that of a last look.
func afterAll(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Err() == nil {
		return ctx, func() {}
	}
	return lastLook(ctx)
}

// tellsMore reports that the error of a second attempt tells more than that of the first, which left open what came of
// it: a failure to sign in, or to reach the server at all, does not.
func tellsMore(err error) bool {
	failure, ok := errors.AsType[*Error](err)
	answered := ok && failure.Scope == ScopeCreateSenders && failure.Status != 0
	return uncertain(err) || answered && failure.Kind != RateLimited
}

func (o *Organization) postSender(ctx context.Context, sender SMSSender) error {
	return o.do(ctx, call{
		doing: "create the SMS sender", method: http.MethodPost, path: o.sendersPath(), body: sender,
		scope: ScopeCreateSenders, codes: senderCodes, once: true, secrets: sender.secrets(),
	}, &storedSender{})
}

const changeSender = "change the SMS sender"

// UpdateSMSSender replaces the sender by what decide makes of the live one: the server keeps nothing that is not sent.
// It is an error of kind NotFound if there is none, and a [SwapError] if one of another channel had to go first.
func (o *Organization) UpdateSMSSender(ctx context.Context, decide func(live SMSSender) (SMSSender, error)) error {
	var before, sent SMSSender // of the latest try
	swap := false              // one cannot become the other
	replace := func(ctx context.Context) error {
		together(ctx, 2)
		live, err := o.senderToChange(ctx)
		switch {
		case err != nil:
			return err
		case live == nil:
			const gone = "there is no SMS sender of that name anymore"
			return &Error{Kind: NotFound, Doing: changeSender, Organization: o.name, Reason: gone}
		case sent.Name != "" && live.arrived(before, sent):
			return nil
		}
		changed, err := decide(*live)
		if err != nil || changed.same(*live) && !changed.hasHiddenSecrets() {
			return err
		}
		before, sent = *live, changed
		if err := o.checkAuthentication(changed, changeSender); err != nil {
			return err
		}
		if swap = changed.channel() != live.channel(); swap {
			return nil
		}
		return o.putSender(ctx, *live, changed)
	}
	return o.changingSender(ctx, func() error {
		if err := o.inUnits(ctx, replace); err != nil || !swap {
			return err
		}
		return o.swapSender(ctx, before, sent)
	})
}

func (o *Organization) putSender(ctx context.Context, live, changed SMSSender) error {
	body := changed
	body.Name = "" // the path has it; the body must not
	err := o.do(ctx, call{
		doing: changeSender, method: http.MethodPut, path: o.senderPath(), body: body,
		scope: ScopeUpdateSenders, codes: senderCodes, secrets: append(changed.secrets(), live.secrets()...),
	}, &storedSender{})
	if uncertain(err) && !unitOf(ctx).over {
		lookCtx, cancel := lastLook(ctx)
		defer cancel()
		if found, lookErr := o.readSender(lookCtx); lookErr == nil && found != nil && found.arrived(live, changed) {
			return nil
		}
	}
	return err
}

// changingSender runs a change under the lock that the organization's other writers of this process wait for.
func (o *Organization) changingSender(ctx context.Context, change func() error) error {
	if err := o.writing.Acquire(ctx, 1); err != nil {
		return o.interrupted(err, changeSender)
	}
	defer o.writing.Release(1)
	// Whatever the outcome, what was read before no longer counts: a failed call may have been applied.
	defer o.seen.clear(senderMemo)
	return change()
}
