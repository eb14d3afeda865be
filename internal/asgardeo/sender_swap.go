package asgardeo

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
)

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
	ctx, cancel := afterAll(ctx)
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
