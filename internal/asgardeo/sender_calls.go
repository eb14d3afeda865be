package asgardeo

import (
	"context"
	"errors"
	"net/http"
)

// The server lists, creates, replaces and deletes senders; it has no call that changes a part of one.

const senderMemo = "sms sender"

// senderCodes are what the server says of a sender that does not exist.
var senderCodes = serverCodes{anyStatus: {"NSM-60006": SenderMissing, "NSM-65010": SenderMissing}}

// SMSSender asks the server for the organization's sender, secrets in clear text included. It is nil if there is none.
// Concurrent readers share one request.
func (o *Organization) SMSSender(ctx context.Context) (*SMSSender, error) {
	return readShared(ctx, o, senderMemo, readSenders, func() (*SMSSender, error) { return o.readSender(ctx) })
}

// RecentSMSSender is SMSSender, except that it returns what this process has read already, unless it was changed since.
func (o *Organization) RecentSMSSender(ctx context.Context) (*SMSSender, error) {
	return readRecent(ctx, o, senderMemo, readSenders, func() (*SMSSender, error) { return o.readSender(ctx) })
}

// KnownSMSSender returns what this process has read already, unless it was changed since. It makes no call.
func (o *Organization) KnownSMSSender() *SMSSender {
	known, _ := o.memo.recall(senderMemo)
	sender, _ := known.(*SMSSender)
	return sender
}

// ExpectedSMSSender is SMSSender where there should be one: it counts as gone only when it is missing repeatedly.
func (o *Organization) ExpectedSMSSender(ctx context.Context) (*SMSSender, error) {
	read := func() (*SMSSender, error) { return o.SMSSender(ctx) }
	return reread(ctx, o, readSenders, read, func(found *SMSSender) bool { return found == nil })
}

// CreateSMSSender creates the sender. It is an error of kind SenderExists if there is one. Who may not read senders
// creates none: nothing could be done with it later.
func (o *Organization) CreateSMSSender(ctx context.Context, sender SMSSender) error {
	return o.changingSender(ctx, func() error {
		before := o.KnownSMSSender()
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
	if !IsUnsettled(err) {
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
	switch {
	case lookErr != nil, found == nil:
		return err
	case !existed && found.includes(sender):
		return nil
	}
	failure, _ := errors.AsType[*Error](err) // as everything that is uncertain or was answered
	failure.Kind = SenderExists
	return failure
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
	return IsUnsettled(err) || answered && failure.Kind != RateLimited
}

func (o *Organization) postSender(ctx context.Context, sender SMSSender) error {
	return o.do(ctx, call{
		doing: "create the SMS sender", method: http.MethodPost, path: o.sendersPath(), body: sender,
		scope: ScopeCreateSenders, codes: senderCodes, secrets: sender.secrets(),
	}, &storedSender{})
}

const changeSender = "change the SMS sender"

// UpdateSMSSender replaces the sender by what decide makes of the live one: the server keeps nothing that is not sent.
// It is an error of kind SenderMissing if there is none, and a [SwapError] if one of another channel had to go first.
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
			return &Error{Kind: SenderMissing, Doing: changeSender, Organization: o.name, Reason: gone}
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
	return o.unlessMade(ctx, err, func(now *SMSSender) bool { return now != nil && now.arrived(live, changed) })
}

// unlessMade returns the error of a change, but nil where it leaves open what came of the change, and a look at the
// sender as it is now tells that it was made.
func (o *Organization) unlessMade(ctx context.Context, err error, isMade func(now *SMSSender) bool) error {
	if !IsUnsettled(err) || unitOf(ctx).over {
		return err
	}
	ctx, cancel := lastLook(ctx)
	defer cancel()
	if now, lookErr := o.readSender(ctx); lookErr == nil && isMade(now) {
		return nil
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
	defer o.memo.clear(senderMemo)
	return change()
}

// ErrSenderChanged says that a sender was not deleted: somebody has made another one of it while that waited.
var ErrSenderChanged = errors.New("somebody has changed the SMS sender while its deletion waited for another try, so " +
	"it was not deleted. Plan again: the new plan starts from the sender that is there now")

// DeleteSMSSender deletes the sender, unless check has an error. One that is gone already is no error. Where the
// deletion has to be sent again, check is asked again before, and a sender that is another one by then stays, with
// [ErrSenderChanged].
func (o *Organization) DeleteSMSSender(ctx context.Context, check func(ctx context.Context) error) error {
	return o.changingSender(ctx, func() error { return o.removeSender(ctx, o.KnownSMSSender(), check) })
}

// removeSender deletes the sender as it was before, as far as that is known.
func (o *Organization) removeSender(
	ctx context.Context, before *SMSSender, check func(ctx context.Context) error,
) error {
	sent := false
	return o.inUnits(ctx, func(ctx context.Context) error {
		if sent {
			together(ctx, 3)
			now, allowed, err := o.senderToDelete(ctx)
			switch {
			case err != nil:
				return err
			case allowed && now == nil:
				return nil
			case now != nil && before != nil && !now.same(*before):
				return ErrSenderChanged
			case now != nil:
				before = now
			}
		}
		if check != nil {
			if err := check(ctx); err != nil {
				return err
			}
		}
		if path, _ := o.senderVersion.get(); path == "" && !sent {
			var err error
			if before, _, err = o.senderToDelete(ctx); err != nil {
				return err
			}
		}
		sent = true
		err := o.do(ctx, call{
			doing: "delete the SMS sender", method: http.MethodDelete, path: o.senderPath(),
			scope: ScopeDeleteSenders, codes: senderCodes,
		}, nil)
		if IsKind(err, SenderMissing) {
			return nil
		}
		return o.unlessMade(ctx, err, func(now *SMSSender) bool { return now == nil })
	})
}

// senderToDelete is readSender, except that who may delete need not be allowed to look. Nothing is lost by the wrong
// version of the API here.
func (o *Organization) senderToDelete(ctx context.Context) (sender *SMSSender, allowed bool, err error) {
	sender, err = o.readSender(ctx)
	if IsKind(err, MissingScope) {
		return nil, false, nil
	}
	return sender, true, err
}
