package asgardeo

import (
	"context"
	"errors"
	"net/http"
)

// ErrSenderChanged says that a sender was not deleted: somebody has made another one of it while that waited.
var ErrSenderChanged = errors.New("somebody has changed the SMS sender while its deletion waited for another try, so " +
	"it was not deleted. Plan again: the new plan starts from the sender that is there now")

// DeleteSMSSender deletes the sender, unless check has an error. One that is gone already is no error. Where the
// deletion has to be sent again, check is asked again before, and a sender that is another one by then stays, with
// [ErrSenderChanged].
func (o *Organization) DeleteSMSSender(ctx context.Context, check func(ctx context.Context) error) error {
	return o.changingSender(ctx, func() error { return o.removeSender(ctx, o.SeenSMSSender(), check) })
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
		return o.sendDeletion(ctx)
	})
}

// senderToDelete is readSender, except that who may delete need not be allowed to look. Nothing is lost by the wrong
// version of the API here.
func (o *Organization) senderToDelete(ctx context.Context) (sender *SMSSender, allowed bool, err error) {
	sender, err = o.readSender(ctx)
	if isKind(err, MissingScope) {
		return nil, false, nil
	}
	return sender, true, err
}

func (o *Organization) sendDeletion(ctx context.Context) error {
	err := o.do(ctx, call{
		doing: "delete the SMS sender", method: http.MethodDelete, path: o.senderPath(),
		scope: ScopeDeleteSenders, codes: senderCodes,
	}, nil)
	if isKind(err, NotFound) {
		return nil
	}
	if uncertain(err) && !unitOf(ctx).over {
		lookCtx, cancel := lastLook(ctx)
		defer cancel()
		if found, lookErr := o.readSender(lookCtx); lookErr == nil && found == nil {
			return nil
		}
	}
	return err
}
