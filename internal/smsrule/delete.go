package smsrule

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// An SMS sender that SMS OTP needs is not deleted: users could not receive their passcodes anymore. A configuration
// that has SMS OTP on and destroys the sender contradicts itself, and its plan fails. Else the sender stays, and
// Terraform forgets it: so a destroy always ends, and whoever set SMS OTP keeps it.
//
// Terraform destroys resources that do not depend on each other in any order. If SMS OTP goes off only after the
// sender's turn, whoever switches it off deletes the sender, too.

var errSenderNeeded = errors.New("SMS OTP needs the SMS sender")

// deleteUnlessNeeded deletes the sender, or returns errSenderNeeded. It asks right before each time the deletion is
// sent: SMS OTP may go on while that waits.
func deleteUnlessNeeded(ctx context.Context, data *session.Data, organization *asgardeo.Organization) error {
	return organization.DeleteSMSSender(ctx, func(ctx context.Context) error {
		live, err := organization.MyAccount(data.MyAccountAPI).Read(ctx, portal.SMSOTP)
		switch {
		case asgardeo.IsKind(err, asgardeo.MissingScope), asgardeo.IsKind(err, asgardeo.ClassicMissing),
			asgardeo.IsKind(err, asgardeo.ApplicationMissing):
			return nil // nobody may look, or there is nothing to look at: the server's own check has to do
		case err == nil && live.SendsSMS():
			return errSenderNeeded
		}
		return err
	})
}

// DeleteSender deletes the sender, unless it is needed: then it warns.
func DeleteSender(
	ctx context.Context, data *session.Data, organization *asgardeo.Organization, private session.PrivateReader,
) (diag.Diagnostics, error) {
	name := organization.Name()
	endTurn, err := data.Turn(ctx, name)
	if err != nil {
		return nil, err
	}
	defer endTurn()
	err = errSenderNeeded
	if len(session.LoadLeftToAnother(ctx, private)) == 0 {
		err = deleteUnlessNeeded(ctx, data, organization)
	}
	failure, ok := errors.AsType[*asgardeo.Error](err)
	// An older server says so itself, also for the login flow of another application.
	if needed := errors.Is(err, errSenderNeeded) || ok && failure.Code == "NSM-60008"; !needed {
		return nil, err
	}
	data.NoteSender(name, func(notes *handover.SenderNotes) { notes.Stayed = true })
	return senderNotDeleted(name), nil
}

// DeleteSenderThatStayed deletes the sender that was to be deleted earlier in this run, if SMS OTP does not need it
// anymore. The caller has the organization's turn.
func DeleteSenderThatStayed(
	ctx context.Context, data *session.Data, organization *asgardeo.Organization,
) diag.Diagnostics {
	name := organization.Name()
	if !data.SenderNotes(name).Stayed {
		return nil
	}
	switch err := deleteUnlessNeeded(ctx, data, organization); {
	case errors.Is(err, errSenderNeeded):
		return nil
	case err != nil:
		return senderStillThere(name, err)
	}
	data.NoteSender(name, func(notes *handover.SenderNotes) { notes.Stayed, notes.Kept = false, false })
	return senderDeleted(name)
}

// withoutSenderKey is where a plan keeps, for the destroy that it plans, that SMS OTP is not put back on, because the
// sender is destroyed, too. What a sender's own plan keeps, with [session.SaveLeftToAnother], is that it stays, because
// SMS OTP is put back on.
const withoutSenderKey = "without_sender"

// NoSenderInPlan returns the check of a destroy's plan whether SMS OTP would have no sender, if it were put back on. It
// goes by the senders that are there now, and by what this run has planned. The destroy learns the answer, too.
func NoSenderInPlan(
	ctx context.Context, data *session.Data, name types.String, private session.PrivateState,
) func() bool {
	if old, _ := private.GetKey(ctx, withoutSenderKey); len(old) > 0 { // of an earlier plan
		private.SetKey(ctx, withoutSenderKey, []byte("false"))
	}
	return func() bool {
		without := willLackSender(ctx, data, name)
		if without {
			private.SetKey(ctx, withoutSenderKey, []byte("true"))
		}
		return without
	}
}

// willLackSender reports that SMS OTP could not send anything after what is planned. Where nobody may look, there may
// be a sender.
func willLackSender(ctx context.Context, data *session.Data, name types.String) bool {
	organization, _ := data.Organization(name)
	if organization == nil {
		return false
	}
	notes := data.SenderNotes(organization.Name())
	goes := notes.Leaving && !notes.Remains
	if goes || data.SkipSMSSenderCheck || data.DeclaresSender(organization.Name()) {
		return goes
	}
	sender, err := organization.RecentSMSSender(ctx)
	return err == nil && !sender.Usable()
}

// NoSenderInDestroy returns the check of a destroy whether SMS OTP has no sender, if it is put back on. What its plan
// has decided holds.
func NoSenderInDestroy(
	ctx context.Context, data *session.Data, organization *asgardeo.Organization, private session.PrivateReader,
) func() bool {
	return func() bool {
		planned, _ := private.GetKey(ctx, withoutSenderKey)
		if without := string(planned) == "true"; without || data.SkipSMSSenderCheck {
			return without
		}
		sender, err := organization.ExpectedSMSSender(ctx)
		return err == nil && !sender.Usable()
	}
}

// AnnounceSenderStays warns in a destroy plan that the sender will not be deleted.
func AnnounceSenderStays(
	ctx context.Context, data *session.Data, organization *asgardeo.Organization, private session.PrivateState,
) diag.Diagnostics {
	name := organization.Name()
	before := data.NoteSender(name, func(notes *handover.SenderNotes) { notes.Leaving = true })
	var left []string
	if before.SMSOTP == portal.On {
		left = []string{asgardeo.SMSSenderName}
	}
	session.SaveLeftToAnother(ctx, private, left) // also where it is nothing: an earlier plan may have said otherwise
	switch {
	case before.Needed && !before.Declared:
		return senderNeeded(name)
	case before.SMSOTP == portal.Off:
		return nil
	}
	live, err := organization.MyAccount(data.MyAccountAPI).Recent(ctx, portal.SMSOTP)
	remains := before.SMSOTP == portal.On || err == nil && live.SendsSMS()
	data.NoteSender(name, func(notes *handover.SenderNotes) { notes.Remains = remains })
	if err != nil || !remains {
		return nil // what is wrong with it, the destroy itself will tell
	}
	return senderStays(name)
}
