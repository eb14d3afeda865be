package asgardeo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

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
		if err := o.checkAuthentication(sender, createSender); err != nil {
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
	look := func() (*SMSSender, error) {
		ctx, cancel := lastLookIfGivenUp(ctx)
		defer cancel()
		return o.readSender(ctx)
	}
	found, lookErr := look()
	if lookErr == nil && found == nil && ctx.Err() == nil {
		// Even now the list may have been wrong: look once more if this fails.
		second := o.postSender(ctx, sender)
		if second == nil {
			return nil
		}
		if tellsMore(second) {
			err = second
		}
		found, lookErr = look()
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

// tellsMore reports that the error of a second attempt tells more than that of the first, which left open what came of
// it: a failure to sign in, or to reach the server at all, does not.
func tellsMore(err error) bool {
	failure, ok := errors.AsType[*Error](err)
	answered := ok && failure.Scope == ScopeCreateSenders && failure.Status != 0
	return IsUnsettled(err) || answered && failure.Kind != RateLimited
}

func (o *Organization) postSender(ctx context.Context, sender SMSSender) error {
	return o.do(ctx, call{
		doing: createSender, method: http.MethodPost, path: o.sendersPath(), body: sender,
		scope: ScopeCreateSenders, codes: senderCodes, secrets: sender.secrets(),
	}, &storedSender{})
}

// UpdateSMSSender replaces the sender by what decide makes of the live one: the server keeps nothing that is not sent.
// It is an error of kind SenderMissing if there is none, and a [SwapError] if one of another channel had to go first.
func (o *Organization) UpdateSMSSender(ctx context.Context, decide func(live SMSSender) (SMSSender, error)) error {
	var before, sent SMSSender // of the latest try
	swap := false              // one cannot become the other
	replace := func(ctx context.Context) error {
		announce(ctx, 2)
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
		doing: changeSender, method: http.MethodPut, path: o.sendersPath() + "/" + SMSSenderName, body: body,
		scope: ScopeUpdateSenders, codes: senderCodes, secrets: append(changed.secrets(), live.secrets()...),
	}, &storedSender{})
	return o.unlessMade(ctx, err, func(now *SMSSender) bool { return now != nil && now.arrived(live, changed) })
}

// unlessMade returns the error of a change, but nil where it leaves open what came of the change, and a look at the
// sender as it is now tells that it was made.
func (o *Organization) unlessMade(ctx context.Context, err error, isMade func(now *SMSSender) bool) error {
	if !IsUnsettled(err) || unitOf(ctx).startOver {
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
			announce(ctx, 3)
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
			doing: "delete the SMS sender", method: http.MethodDelete, path: o.sendersPath() + "/" + SMSSenderName,
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

// senderChannel is the property that a sender never loses: the server lets none change from one channel to another. The
// sender that Asgardeo provides itself has a channel of its own.
const (
	senderChannel  = "channel.type"
	defaultChannel = "default"
)

func (s SMSSender) channel() string {
	return cmp.Or(s.Properties.Get(senderChannel), defaultChannel)
}

// BuiltIn reports that the sender has a channel of its own.
func (s SMSSender) BuiltIn() bool { return s.channel() != defaultChannel }

// SwapError says that a sender had to be deleted for a new one, which could not be created.
type SwapError struct {
	Err     error // why there is no new one
	PutBack error // why the old one is not back; nil: it is, as it was
}

func (e *SwapError) Error() string {
	if e.PutBack == nil {
		return fmt.Sprintf("%v; the sender that was there before is back", e.Err)
	}
	return fmt.Sprintf("%v; the sender that was there before could not be put back: %v", e.Err, e.PutBack)
}

func (e *SwapError) Unwrap() error { return e.Err }

// swapSender puts a sender in the place of one of another channel. There can be no two of one name, so the old one goes
// first, and comes back if the new one does not come. If the old one is another by the time its deletion is repeated,
// it stays.
func (o *Organization) swapSender(ctx context.Context, old, sender SMSSender) error {
	if err := o.checkScopes("replace the SMS sender", ScopeDeleteSenders, ScopeCreateSenders); err != nil {
		return err
	}
	if err := o.removeSender(ctx, &old, nil); err != nil {
		return err
	}
	err := o.addSender(ctx, sender, false)
	if err == nil {
		return nil
	}
	ctx, cancel := lastLookIfGivenUp(ctx)
	defer cancel()
	back := o.addSender(ctx, old, false)
	if IsKind(back, SenderExists) {
		// There is one after all: the new one, whose answer was lost, or somebody else's.
		found, lookErr := o.readSender(ctx)
		if lookErr == nil && found != nil && found.includes(sender) && IsUnsettled(err) {
			return nil
		}
	}
	return &SwapError{Err: err, PutBack: back}
}

// checkScopes refuses a change of several calls that would fail half-way for want of a scope, as far as that is known.
func (o *Organization) checkScopes(doing string, scopes ...string) error {
	granted, known := o.granted()
	for _, scope := range scopes {
		if known && !slices.ContainsFunc(granted, func(text redact.Text) bool { return string(text) == scope }) {
			return &Error{
				Kind: MissingScope, Doing: doing, Organization: o.name, Scope: scope, Granted: granted, ScopesKnown: true,
			}
		}
	}
	return nil
}
