package asgardeo

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
)

// Version 2 of the API of senders knows their authentication, and a replacement through version 1 drops it. So version
// 1 is only for servers that have no other.

const (
	sendersPathV2 = "/api/server/v2/notification-senders/sms"
	sendersPathV1 = "/api/server/v1/notification-senders/sms"

	readSenders  = "read the SMS senders"
	createSender = "create the SMS sender"
	changeSender = "change the SMS sender"
	senderMemo   = "sms sender"
)

// senderCodes are what the server says of a sender that does not exist.
var senderCodes = serverCodes{anyStatus: {"NSM-60006": SenderMissing, "NSM-65010": SenderMissing}}

// SMSSender asks the server for the organization's sender, secrets in clear text included. It is nil if there is none.
func (o *Organization) SMSSender(ctx context.Context) (*SMSSender, error) {
	return readShared(ctx, o, senderMemo, readSenders, o.readSender)
}

// RecentSMSSender is SMSSender, except that it returns what this process has read already, unless it was changed since.
func (o *Organization) RecentSMSSender(ctx context.Context) (*SMSSender, error) {
	return readRecent(ctx, o, senderMemo, readSenders, o.readSender)
}

// KnownSMSSender returns what this process has read already, unless it was changed since. It makes no call.
func (o *Organization) KnownSMSSender() *SMSSender {
	known, _ := o.memo.recall(senderMemo)
	sender, _ := known.(*SMSSender)
	return sender
}

// ExpectedSMSSender is SMSSender where there should be one: it counts as gone only when it is missing repeatedly.
func (o *Organization) ExpectedSMSSender(ctx context.Context) (*SMSSender, error) {
	return reread(ctx, o, readSenders, o.SMSSender, func(found *SMSSender) bool { return found == nil })
}

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

// sendersPath is where the server has senders, by its version, or by version 2 where nobody was allowed to look which.
func (o *Organization) sendersPath() string {
	path, _ := o.senderVersion.get()
	return cmp.Or(path, sendersPathV2)
}

// WithoutAuthentication reports that the server is known to have no authentication of senders. Before the first read of
// the senders, and on some servers at all, that is not known.
func (o *Organization) WithoutAuthentication() bool {
	path, _ := o.senderVersion.get()
	return path == sendersPathV1
}

// checkAuthentication refuses to write what the server has no place for.
func (o *Organization) checkAuthentication(sender SMSSender, doing string) error {
	if sender.Authentication == nil || !o.WithoutAuthentication() {
		return nil
	}
	return &Error{
		Kind: AuthenticationMissing, Doing: doing, Organization: o.name,
		Reason: "the server has no authentication of SMS senders",
	}
}

// readSender asks for the sender, the first time through both versions if need be. It is nil if there is none.
func (o *Organization) readSender(ctx context.Context) (*SMSSender, error) {
	if path, _ := o.senderVersion.get(); path != "" {
		return o.readSenderAt(ctx, path)
	}
	for renewed := !o.tokens.renewable(); ; renewed = true {
		token, err := o.token(ctx, readSenders, "")
		if err != nil {
			return nil, err
		}
		sender, err := o.readSenderAt(ctx, sendersPathV2)
		if !lacksPath(err) {
			if err == nil {
				o.senderVersion.decide(sendersPathV2, true)
			}
			return sender, err
		}
		// Servers without version 2 have no rule for its path, and refuse that as they refuse a bad token: with the same
		// token, version 1 tells which it is. A scope is missing only where there is such a version.
		sender, olderErr := o.readSenderAt(ctx, sendersPathV1)
		switch {
		case olderErr == nil, IsKind(olderErr, MissingScope):
			o.senderVersion.decide(sendersPathV1, false)
			return sender, olderErr
		case !lacksPath(olderErr):
			return nil, olderErr
		case renewed || !IsKind(err, TokenRejected) && !IsKind(olderErr, TokenRejected):
			return nil, err
		}
		if _, err := o.token(ctx, readSenders, token); err != nil {
			return nil, err
		}
	}
}

// senderToChange is readSender before a write. Something in between may have answered for a moment as servers without
// version 2 do, and a change through version 1 would lose an authentication: so version 2 is asked once more.
func (o *Organization) senderToChange(ctx context.Context) (*SMSSender, error) {
	sender, err := o.readSender(ctx)
	if _, sure := o.senderVersion.get(); err != nil || sure {
		return sender, err
	}
	newer, err := o.readSenderAt(ctx, sendersPathV2)
	switch {
	case err == nil:
		o.senderVersion.decide(sendersPathV2, true)
		return newer, nil
	case lacksPath(err):
		o.senderVersion.decide(sendersPathV1, true)
		return sender, nil
	}
	return nil, err
}

// readSenderAt asks for the sender through one version. Where that is not the one that the server is known to have, a
// 401 may be about the path.
func (o *Organization) readSenderAt(ctx context.Context, path string) (*SMSSender, error) {
	known, _ := o.senderVersion.get()
	var stored storedSenders
	c := get(readSenders, path, ScopeViewSenders, senderCodes)
	c.keepToken = path != known
	err := o.do(ctx, c, &stored)
	i := slices.IndexFunc(stored, func(sender storedSender) bool { return sender.Name == SMSSenderName })
	if i < 0 {
		return nil, err
	}
	sender := stored[i].sender()
	return &sender, err
}

// lacksPath reports an answer that servers without version 2 give. A failure to sign in is none, and has no scope.
func lacksPath(err error) bool {
	failure, ok := errors.AsType[*Error](err)
	return ok && failure.Scope != "" &&
		(failure.Kind == TokenRejected || failure.Kind == NotAPI && failure.Status == http.StatusNotFound)
}
