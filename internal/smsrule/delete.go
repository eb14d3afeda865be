package smsrule

import (
	"context"
	"errors"
	"strconv"

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

// sendsSMS reports that SMS OTP sends through the organization's sender. Without the right to look, or without anything
// to look at, the server's own check has to do.
func sendsSMS(ctx context.Context, data *session.Data, organization *asgardeo.Organization) (bool, error) {
	live, err := organization.MyAccount(data.MyAccountAPI).Read(ctx, portal.SMSOTP)
	switch {
	case asgardeo.IsKind(err, asgardeo.MissingScope), asgardeo.IsKind(err, asgardeo.FeatureMissing),
		asgardeo.IsKind(err, asgardeo.ApplicationMissing):
		return false, nil
	case err != nil:
		return false, err
	}
	return live.SendsSMS(), nil
}

// deleteUnlessNeeded asks whether the sender is needed right before each time the deletion is sent: SMS OTP may go on
// while that waits.
func deleteUnlessNeeded(
	ctx context.Context, data *session.Data, organization *asgardeo.Organization,
) (needed bool, err error) {
	err = organization.DeleteSMSSender(ctx, func(ctx context.Context) error {
		var unreadable error
		if needed, unreadable = sendsSMS(ctx, data, organization); needed {
			return errSenderNeeded
		}
		return unreadable
	})
	if errors.Is(err, errSenderNeeded) {
		err = nil
	}
	return needed, err
}

var errSenderNeeded = errors.New("SMS OTP needs the SMS sender")

// DeleteSender deletes the sender, unless it is needed: then it warns.
func DeleteSender(
	ctx context.Context, data *session.Data, organization *asgardeo.Organization, private session.PrivateReader,
) (diag.Diagnostics, error) {
	endTurn, err := data.Turn(ctx, organization.Name())
	if err != nil {
		return nil, err
	}
	defer endTurn()
	needed := len(session.LoadLeftToAnother(ctx, private)) > 0
	if !needed {
		needed, err = deleteUnlessNeeded(ctx, data, organization)
	}
	if failure, ok := errors.AsType[*asgardeo.Error](err); ok && failure.Code == "NSM-60008" {
		needed = true // an older server says so itself, also for the login flow of another application
	}
	if !needed {
		return nil, err
	}
	data.Sender(organization.Name(), func(notes *handover.SenderNotes) { notes.Stayed = true })
	return senderNotDeleted(organization.Name()), nil
}

// DeleteSenderThatStayed deletes the sender that was to be deleted earlier in this run, if SMS OTP does not need it
// anymore. The caller has the organization's turn.
func DeleteSenderThatStayed(
	ctx context.Context, data *session.Data, organization *asgardeo.Organization,
) diag.Diagnostics {
	var stayed bool
	data.Sender(organization.Name(), func(notes *handover.SenderNotes) { stayed = notes.Stayed })
	if !stayed {
		return nil
	}
	if needed, err := deleteUnlessNeeded(ctx, data, organization); err != nil {
		return senderStillThere(organization.Name(), err)
	} else if needed {
		return nil
	}
	ReplaceSenderThatStayed(data, organization.Name())
	return senderDeleted(organization.Name())
}

// HasSenderThatStayed reports whether the sender's resource was destroyed earlier in this run, and the sender is there
// for a new one to replace.
func HasSenderThatStayed(data *session.Data, organization string) (stayed bool) {
	data.Sender(organization, func(notes *handover.SenderNotes) { stayed = notes.Stayed || notes.Kept })
	return stayed
}

// ReplaceSenderThatStayed reports the same, and that a new one replaces it: it is there no longer.
func ReplaceSenderThatStayed(data *session.Data, organization string) (stayed bool) {
	data.Sender(organization, func(notes *handover.SenderNotes) {
		stayed = notes.Stayed || notes.Kept
		notes.Stayed, notes.Kept = false, false
	})
	return stayed
}

// PlanSMSOTPAfterDestroy notes what a planned destroy makes of SMS OTP. Where that needs a sender whose destruction was
// planned before, it says so.
func PlanSMSOTPAfterDestroy(data *session.Data, organization string, value portal.Value) diag.Diagnostics {
	var destroyed bool
	data.Sender(organization, func(notes *handover.SenderNotes) { notes.SMSOTP, destroyed = value, notes.Leaving })
	if !destroyed || value != portal.On {
		return nil
	}
	return senderStays(organization)
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
	keep := func(without bool) bool {
		if old, _ := private.GetKey(ctx, withoutSenderKey); without || len(old) > 0 {
			private.SetKey(ctx, withoutSenderKey, []byte(strconv.FormatBool(without)))
		}
		return without
	}
	keep(false) // an earlier plan may have said otherwise
	return func() bool { return keep(willLackSender(ctx, data, name)) }
}

// willLackSender reports that SMS OTP could not send anything after what is planned. Where nobody may look, there may
// be a sender.
func willLackSender(ctx context.Context, data *session.Data, name types.String) bool {
	organization, _ := data.Organization(name)
	if organization == nil {
		return false
	}
	var destroyed bool
	data.Sender(organization.Name(), func(notes *handover.SenderNotes) { destroyed = notes.Leaving && !notes.Remains })
	if destroyed || data.SkipSMSSenderCheck || data.DeclaresSender(organization.Name()) {
		return destroyed
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
	ctx context.Context, data *session.Data, name types.String, private session.PrivateState,
) diag.Diagnostics {
	organization, _ := data.Organization(name)
	if organization == nil {
		return nil
	}
	var smsOTP portal.Value // by what was planned before
	var contradicts bool
	data.Sender(organization.Name(), func(notes *handover.SenderNotes) {
		smsOTP, contradicts, notes.Leaving = notes.SMSOTP, notes.Needed && !notes.Declared, true
	})
	switch {
	case contradicts:
		return senderNeeded(organization.Name())
	case smsOTP == portal.Off:
		return nil
	}
	live, err := organization.MyAccount(data.MyAccountAPI).Recent(ctx, portal.SMSOTP)
	remains := smsOTP == portal.On || err == nil && live.SendsSMS()
	data.Sender(organization.Name(), func(notes *handover.SenderNotes) { notes.Remains = remains })
	var left []string
	if smsOTP == portal.On {
		left = []string{asgardeo.SMSSenderName}
	}
	session.SaveLeftToAnother(ctx, private, left)
	if err != nil || !remains {
		return nil // what is wrong with it, the destroy itself will tell
	}
	return senderStays(organization.Name())
}
