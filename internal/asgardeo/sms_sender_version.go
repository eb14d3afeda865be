package asgardeo

import (
	"context"
	"errors"
	"net/http"
	"sync"
)

// Version 2 of the API of senders knows their authentication, and a replacement through version 1 drops it. So version 1 is only for
// servers that have no other.

// The paths of the versions.
const (
	sendersPath   = "/api/server/v2/notification-senders/sms"
	sendersPathV1 = "/api/server/v1/notification-senders/sms"
)

// senderVersion is which version an organization's server has, decided once: by what the list of senders answers, never by a write.
type senderVersion struct {
	mutex sync.Mutex
	path  string // "": not decided yet
}

func (v *senderVersion) get() string {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	return v.path
}

func (v *senderVersion) decide(path string) {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	if v.path == "" {
		v.path = path
	}
}

func (o *Organization) listSenders(ctx context.Context) ([]SMSSender, error) {
	if path := o.senderVersion.get(); path != "" {
		return o.listSendersAt(ctx, path)
	}
	senders, err := o.listSendersAt(ctx, sendersPath)
	switch {
	case err == nil:
		o.senderVersion.decide(sendersPath)
	case lacksPath(err):
		// Servers without version 2 have no rule for its path, and refuse that as they refuse a bad token: with the same token,
		// version 1 tells which it is. A scope is missing only where there is such a version.
		older, olderErr := o.listSendersAt(ctx, sendersPathV1)
		if olderErr != nil && !lacksScope(olderErr) {
			return senders, err
		}
		// Something in between may have answered so for a moment. To take that for an old server would lose authentications.
		senders, err = o.listSendersAt(ctx, sendersPath)
		switch {
		case err == nil:
			o.senderVersion.decide(sendersPath)
		case lacksPath(err) && olderErr == nil:
			o.senderVersion.decide(sendersPathV1)
			return older, nil
		case lacksPath(err):
			return nil, olderErr
		}
	}
	return senders, err
}

func (o *Organization) listSendersAt(ctx context.Context, path string) ([]SMSSender, error) {
	var stored storedSenders
	err := o.do(ctx, call{doing: "read the SMS senders", method: http.MethodGet, path: path, scope: ScopeViewSenders, codes: senderCodes}, &stored)
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

// lacksPath reports an answer that servers without version 2 give.
func lacksPath(err error) bool {
	var failure *Error
	signedIn := errors.As(err, &failure) && failure.Scope != "" // the answer is not the token endpoint's
	return signedIn && (failure.Kind == TokenRejected || failure.Kind == NotAPI && failure.Status == http.StatusNotFound)
}

// sendersAt returns the path of the version to write through. Where nothing was read yet, it reads.
func (o *Organization) sendersAt(ctx context.Context) (string, error) {
	if o.senderVersion.get() == "" {
		if _, err := o.listSenders(ctx); err != nil {
			return "", err
		}
	}
	return o.senderVersion.get(), nil
}

// WithoutAuthentication reports that the server is known to have no authentication of senders. Before the first read of the senders,
// and on some servers at all, that is not known.
func (o *Organization) WithoutAuthentication() bool {
	return o.senderVersion.get() == sendersPathV1
}

// checkAuthentication refuses to write what the server has no place for.
func (o *Organization) checkAuthentication(sender SMSSender, doing string) error {
	if sender.Authentication != nil && o.WithoutAuthentication() {
		return &Error{Kind: AuthenticationMissing, Doing: doing, Organization: o.name, Reason: "the server has no authentication of SMS senders"}
	}
	return nil
}
