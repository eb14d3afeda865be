package asgardeo

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
)

// ErrSenderChanged says that a sender was not deleted: somebody has made another one of it while that waited.
var ErrSenderChanged = errors.New("somebody has changed the SMS sender while its deletion waited for another try, so it was " +
	"not deleted. Plan again: the new plan starts from the sender that is there now")

// DeleteSMSSender deletes the sender, unless check has an error. One that is gone already is no error. Where the deletion
// has to be sent again, check is asked again before, and a sender that is another one by then stays, with
// [ErrSenderChanged].
func (o *Organization) DeleteSMSSender(ctx context.Context, name string, check func(ctx context.Context) error) error {
	return o.changeSenders(ctx, func() error {
		return o.removeSender(ctx, name, o.SeenSMSSenders(), check)
	})
}

// removeSender deletes a sender as it was before, as far as that is known.
func (o *Organization) removeSender(
	ctx context.Context, name string, before []SMSSender, check func(ctx context.Context) error,
) error {
	sent := false
	return o.inUnits(ctx, func(ctx context.Context) error {
		if sent {
			together(ctx, 3)
			now, err := o.sendersToDelete(ctx)
			if err != nil {
				return err
			}
			live, exists := FindSender(now, name)
			was, known := FindSender(before, name)
			switch {
			case now != nil && !exists:
				return nil
			case exists && known && !live.same(was):
				return ErrSenderChanged
			case exists:
				before = now
			}
		}
		if check != nil {
			if err := check(ctx); err != nil {
				return err
			}
		}
		if !sent && o.senderPath() == "" {
			var err error
			if before, err = o.sendersToDelete(ctx); err != nil {
				return err
			}
		}
		sent = true
		return o.sendDeletion(ctx, name)
	})
}

// sendersToDelete is listSenders, except that who may delete need not be allowed to look: then the list is nil. Nothing
// is lost by the wrong version of the API here.
func (o *Organization) sendersToDelete(ctx context.Context) ([]SMSSender, error) {
	senders, err := o.listSenders(ctx)
	if lacksScope(err) {
		return nil, nil
	}
	return senders, err
}

func (o *Organization) sendDeletion(ctx context.Context, name string) error {
	path := cmp.Or(o.senderPath(), sendersPath) // not known where nobody is allowed to look
	err := o.do(ctx, call{
		doing: "delete the SMS sender", method: http.MethodDelete, path: path + "/" + url.PathEscape(name),
		scope: ScopeDeleteSenders, codes: senderCodes,
	}, nil)
	if isKind(err, NotFound) {
		return nil
	}
	if uncertain(err) && !unitOf(ctx).over {
		lookCtx, cancel := lastLook(ctx)
		defer cancel()
		senders, listErr := o.listSenders(lookCtx)
		if _, exists := FindSender(senders, name); listErr == nil && !exists {
			return nil
		}
	}
	return err
}
