package asgardeo

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
)

// Version 2 of the API of senders knows their authentication, and a replacement through version 1 drops it. So version 1 is only for
// servers that have no other.

// The paths of the versions.
const (
	sendersPath   = "/api/server/v2/notification-senders/sms"
	sendersPathV1 = "/api/server/v1/notification-senders/sms"
)

// senderVersion is which version an organization's server has: what the list of senders told, never a write.
type senderVersion struct {
	mutex sync.Mutex
	path  string // "": not known yet
	sure  bool   // looked at twice, before a write that the wrong version would do harm with
}

func (v *senderVersion) get() (path string, sure bool) {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	return v.path, v.sure
}

func (v *senderVersion) decide(path string, sure bool) {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	if !v.sure {
		v.path, v.sure = path, sure
	}
}

// listSenders asks for the senders, the first time through both versions if need be.
func (o *Organization) listSenders(ctx context.Context) ([]SMSSender, error) {
	if path, _ := o.senderVersion.get(); path != "" {
		return o.listSendersAt(ctx, path, false)
	}
	for renewed := !o.tokens.renewable(); ; renewed = true {
		token, err := o.token(ctx, readSenders, "")
		if err != nil {
			return nil, err
		}
		senders, err := o.listSendersAt(ctx, sendersPath, true)
		if !lacksPath(err) {
			if err == nil {
				o.senderVersion.decide(sendersPath, true)
			}
			return senders, err
		}
		// Servers without version 2 have no rule for its path, and refuse that as they refuse a bad token: with the same token,
		// version 1 tells which it is. A scope is missing only where there is such a version.
		senders, olderErr := o.listSendersAt(ctx, sendersPathV1, true)
		switch {
		case olderErr == nil, lacksScope(olderErr):
			o.senderVersion.decide(sendersPathV1, false)
			return senders, olderErr
		case !lacksPath(olderErr):
			return nil, olderErr
		case renewed || !isRejected(err) && !isRejected(olderErr):
			return nil, err
		}
		if _, err := o.token(ctx, readSenders, token); err != nil {
			return nil, err
		}
	}
}

// sendersToChange is listSenders before a write. Something in between may have answered for a moment as servers without version 2 do,
// and a change through version 1 would lose an authentication: so version 2 is asked once more.
func (o *Organization) sendersToChange(ctx context.Context) ([]SMSSender, error) {
	senders, err := o.listSenders(ctx)
	if _, sure := o.senderVersion.get(); err != nil || sure {
		return senders, err
	}
	newer, err := o.listSendersAt(ctx, sendersPath, true)
	switch {
	case err == nil:
		o.senderVersion.decide(sendersPath, true)
		return newer, nil
	case lacksPath(err):
		o.senderVersion.decide(sendersPathV1, true)
		return senders, nil
	}
	return nil, err
}

const readSenders = "read the SMS senders"

// listSendersAt asks for the senders through one version.
func (o *Organization) listSendersAt(ctx context.Context, path string, keepToken bool) ([]SMSSender, error) {
	var stored storedSenders
	err := o.do(ctx, call{
		doing: readSenders, method: http.MethodGet, path: path, scope: ScopeViewSenders, codes: senderCodes, keepToken: keepToken,
	}, &stored)
	senders := make([]SMSSender, len(stored))
	for i := range stored {
		senders[i] = stored[i].sender()
	}
	return senders, err
}

func lacksScope(err error) bool {
	var failure *Error
	return errors.As(err, &failure) && failure.Kind == MissingScope
}

// isRejected reports that the API has refused the token. A failure to sign in has no scope.
func isRejected(err error) bool {
	var failure *Error
	return errors.As(err, &failure) && failure.Scope != "" && failure.Kind == TokenRejected
}

// lacksPath reports an answer that servers without version 2 give.
func lacksPath(err error) bool {
	var failure *Error
	return isRejected(err) || errors.As(err, &failure) && failure.Scope != "" && failure.Kind == NotAPI && failure.Status == http.StatusNotFound
}

// senderPath is where a sender is written. The senders were read before.
func (o *Organization) senderPath(name ...string) string {
	path, _ := o.senderVersion.get()
	for _, segment := range name {
		path += "/" + url.PathEscape(segment)
	}
	return path
}

// WithoutAuthentication reports that the server is known to have no authentication of senders. Before the first read of the senders,
// and on some servers at all, that is not known.
func (o *Organization) WithoutAuthentication() bool {
	path, _ := o.senderVersion.get()
	return path == sendersPathV1
}

// checkAuthentication refuses to write what the server has no place for.
func (o *Organization) checkAuthentication(sender SMSSender, doing string) error {
	if sender.Authentication != nil && o.WithoutAuthentication() {
		return &Error{Kind: AuthenticationMissing, Doing: doing, Organization: o.name, Reason: "the server has no authentication of SMS senders"}
	}
	return nil
}
