package asgardeo

import (
	"context"
	"errors"
	"net/http"
	"slices"
)

// The server lists, creates, replaces and deletes senders; it has no call that changes a part of one.

const sendersMemo = "sms senders"

// senderCodes are what the server says of a sender that does not exist.
var senderCodes = serverCodes{anyStatus: {"NSM-60006": NotFound, "NSM-65010": NotFound}}

// SMSSenders asks the server for the organization's senders. It returns secrets in clear text. Concurrent readers share one
// request.
func (o *Organization) SMSSenders(ctx context.Context) ([]SMSSender, error) {
	senders, err := o.seen.read(ctx, sendersMemo, func() (any, error) { return o.listSenders(ctx) })
	if err != nil {
		return nil, o.interrupted(err, readSenders)
	}
	return senders.([]SMSSender), nil
}

// RecentSMSSenders is SMSSenders, except that it takes what this process has read already, unless it was changed since.
func (o *Organization) RecentSMSSenders(ctx context.Context) ([]SMSSender, error) {
	if seen, ok := o.seen.recall(sendersMemo); ok {
		return seen.([]SMSSender), nil
	}
	return o.SMSSenders(ctx)
}

// SeenSMSSenders returns what this process has read already, unless it was changed since. It makes no call.
func (o *Organization) SeenSMSSenders() []SMSSender {
	seen, _ := o.seen.recall(sendersMemo)
	senders, _ := seen.([]SMSSender)
	return senders
}

// SMSSender asks for one sender that is expected to exist, and reports whether it does. A server of several nodes may answer, for
// a moment after a write, from a cache that does not know of it yet, so a sender counts as gone only when it is missing repeatedly.
func (o *Organization) SMSSender(ctx context.Context, name string) (SMSSender, bool, error) {
	for reread := 0; ; reread++ {
		senders, err := o.SMSSenders(ctx)
		if err != nil {
			return SMSSender{}, false, err
		}
		if found, exists := FindSender(senders, name); exists || reread == staleRereads {
			return found, exists, nil
		}
		if err := sleep(ctx, o.wait); err != nil {
			return SMSSender{}, false, o.interrupted(err, readSenders)
		}
	}
}

// FindSender picks a sender by name.
func FindSender(senders []SMSSender, name string) (SMSSender, bool) {
	i := slices.IndexFunc(senders, func(s SMSSender) bool { return s.Name == name })
	if i < 0 {
		return SMSSender{}, false
	}
	return senders[i], true
}

// CreateSMSSender creates the sender. It is an error of kind Conflict if one of that name exists. Who may not read senders
// creates none: nothing could be done with it later.
func (o *Organization) CreateSMSSender(ctx context.Context, sender SMSSender) error {
	return o.changeSenders(ctx, func() error {
		before := o.SeenSMSSenders()
		if _, sure := o.senderVersion.get(); !sure {
			var err error
			if before, err = o.sendersToChange(ctx); err != nil {
				return err
			}
		}
		if err := o.checkAuthentication(sender, "create the SMS sender"); err != nil {
			return err
		}
		return o.addSender(ctx, sender, before)
	})
}

// addSender creates the sender, and finds out whether it came to be where no answer tells. One that was there before is somebody else's.
func (o *Organization) addSender(ctx context.Context, sender SMSSender, before []SMSSender) error {
	_, existed := FindSender(before, sender.Name)
	err := o.postSender(ctx, sender)
	unsettled := uncertain(err)
	for again := true; err != nil && unsettled; again = false {
		// The request may have been processed although no answer came. What is there now tells; it is this request's work if
		// it is what was sent.
		senders, listErr := o.sendersNow(ctx)
		found, exists := FindSender(senders, sender.Name)
		switch {
		case listErr != nil, !exists && !again:
			return err
		case !exists && ctx.Err() != nil:
			return err // which tells of the request that was sent
		case !exists:
			// Even now the list may have been wrong: look once more if this fails.
			if second := o.postSender(ctx, sender); second == nil || tellsMore(second) {
				err = second
			}
		case found.includes(sender) && !existed:
			return nil
		default:
			return occupied(err)
		}
	}
	return err
}

// tellsMore reports that the error of a second attempt tells more than that of the first, which left open what came of it: a
// failure to sign in, or to reach the server at all, does not.
func tellsMore(err error) bool {
	var failure *Error
	answered := errors.As(err, &failure) && failure.Scope == ScopeCreateSenders && failure.Status != 0
	return uncertain(err) || answered && failure.Kind != RateLimited
}

// occupied turns the error of a request that met somebody else's sender into one that says so.
func occupied(err error) error {
	var failure *Error
	if !errors.As(err, &failure) {
		return err
	}
	conflict := *failure
	conflict.Kind = Conflict
	return &conflict
}

func (o *Organization) postSender(ctx context.Context, sender SMSSender) error {
	return o.do(ctx, call{
		doing: "create the SMS sender", method: http.MethodPost, path: o.senderPath(), body: sender,
		scope: ScopeCreateSenders, codes: senderCodes, once: true, secrets: sender.secrets(),
	}, &storedSender{})
}

// UpdateSMSSender replaces the sender by what decide makes of the live one: the server keeps nothing that is not sent. It is an
// error of kind NotFound if there is no such sender, and a [SwapError] if one of another channel had to go first.
func (o *Organization) UpdateSMSSender(ctx context.Context, name string, decide func(live SMSSender) (SMSSender, error)) error {
	var from, sent SMSSender // of an earlier try
	swap := false            // one cannot become the other
	change := func(ctx context.Context) error {
		together(ctx, 2)
		senders, err := o.sendersToChange(ctx)
		if err != nil {
			return err
		}
		live, exists := FindSender(senders, name)
		if !exists {
			return &Error{Kind: NotFound, Doing: "change the SMS sender", Organization: o.name, Reason: "there is no SMS sender of that name anymore"}
		}
		if sent.Name != "" && live.includes(sent) && !live.same(from) {
			return nil // it came through without an answer
		}
		changed, err := decide(live)
		if err != nil || changed.same(live) && !changed.hides() {
			return err
		}
		from, sent = live, changed
		if err := o.checkAuthentication(changed, "change the SMS sender"); err != nil {
			return err
		}
		if changed.channel() != live.channel() {
			swap = true
			return nil
		}
		body := changed
		body.Name = "" // the path has it; the body must not
		err = o.do(ctx, call{
			doing: "change the SMS sender", method: http.MethodPut, path: o.senderPath(name), body: body,
			scope: ScopeUpdateSenders, codes: senderCodes, secrets: append(changed.secrets(), live.secrets()...),
		}, &storedSender{})
		if uncertain(err) && !unitOf(ctx).over && o.senderArrived(ctx, live, changed) {
			return nil
		}
		return err
	}
	return o.changeSenders(ctx, func() error {
		if err := o.inUnits(ctx, change); err != nil || !swap {
			return err
		}
		return o.swapSender(ctx, from, sent)
	})
}

// sendersNow lists the senders, be it with a last look.
func (o *Organization) sendersNow(ctx context.Context) ([]SMSSender, error) {
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = lastLook(ctx)
		defer cancel()
	}
	return o.listSenders(ctx)
}

// senderArrived is [Organization.arrived] for a sender.
func (o *Organization) senderArrived(ctx context.Context, from, want SMSSender) bool {
	ctx, cancel := lastLook(ctx)
	defer cancel()
	senders, err := o.listSenders(ctx)
	found, exists := FindSender(senders, want.Name)
	return err == nil && exists && found.includes(want) && !found.same(from)
}

// changeSenders runs a change under the lock that the organization's other writers of this process wait for.
func (o *Organization) changeSenders(ctx context.Context, change func() error) error {
	if err := o.writing.Acquire(ctx, 1); err != nil {
		return o.interrupted(err, "change the SMS sender")
	}
	defer o.writing.Release(1)
	// Whatever the outcome, what was read before no longer counts: a failed call may have been applied.
	defer o.seen.clear(sendersMemo)
	return change()
}
