package provider

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// An SMS sender that SMS OTP needs is not deleted: users could not receive their passcodes anymore. A configuration that has
// SMS OTP on and destroys the sender contradicts itself, and its plan fails. Else the sender stays, and Terraform forgets it:
// so a destroy always ends, and whoever set SMS OTP keeps it.
//
// Terraform destroys resources that do not depend on each other in any order. If SMS OTP goes off only after the sender's
// turn, whoever switches it off deletes the sender, too.

// usesSender reports that SMS OTP sends through the organization's sender. Without the right to look, or without anything
// to look at, the server's own check has to do.
func (d *providerData) usesSender(ctx context.Context, organization *asgardeo.Organization) (bool, error) {
	live, err := organization.MyAccount(d.myAccountAPI).Read(ctx, asgardeo.SMSOTP)
	switch {
	case isKind(err, asgardeo.MissingScope), isKind(err, asgardeo.FeatureMissing), isKind(err, asgardeo.ApplicationMissing):
		return false, nil
	case err != nil:
		return false, err
	}
	return live.SendsSMS(), nil
}

var errSenderNeeded = errors.New("SMS OTP needs the SMS sender")

// deleteUnlessNeeded asks whether the sender is needed right before each time the deletion is sent: SMS OTP may go on while
// that waits.
func (d *providerData) deleteUnlessNeeded(ctx context.Context, organization *asgardeo.Organization) (needed bool, err error) {
	err = organization.DeleteSMSSender(ctx, asgardeo.SMSSenderName, func(ctx context.Context) error {
		needed, err := d.usesSender(ctx, organization)
		if needed {
			return errSenderNeeded
		}
		return err
	})
	if errors.Is(err, errSenderNeeded) {
		return true, nil
	}
	return false, err
}

// deleteSender deletes the sender, unless it is needed.
func (d *providerData) deleteSender(
	ctx context.Context, organization *asgardeo.Organization, private privateReader, diags *diag.Diagnostics,
) {
	const action = "delete the SMS sender"
	done, err := d.Turn(ctx, organization.Name())
	if err != nil {
		addError(diags, action, err)
		return
	}
	defer done()
	needed := len(loadLeft(ctx, private)) > 0
	if !needed {
		needed, err = d.deleteUnlessNeeded(ctx, organization)
	}
	if failure, ok := errors.AsType[*asgardeo.Error](err); ok && failure.Code == "NSM-60008" {
		needed = true // an older server says so itself, also for the login flow of another application
	}
	switch {
	case needed:
		d.sender(organization.Name(), func(notes *senderNotes) { notes.stays = true })
		diags.AddWarning(fmt.Sprintf("The SMS sender of %q was not deleted", organization.Name()),
			"SMS OTP is on and sends through it, so users could not receive their passcodes anymore. Terraform has forgotten the "+
				"sender, unless it is replaced: then the new one takes its place. If SMS OTP goes off in this same run, the sender "+
				"is deleted then. "+howToDelete)
	case err != nil:
		addSenderError(diags, action, err)
	}
}

const howToDelete = "To have it deleted, switch SMS OTP off before, in an apply of its own."

// deleteSenderThatStayed deletes the sender that was to be deleted earlier in this run, if SMS OTP does not need it
// anymore. The caller has the organization's turn.
func (d *providerData) deleteSenderThatStayed(
	ctx context.Context, organization *asgardeo.Organization, diags *diag.Diagnostics,
) {
	var stayed bool
	d.sender(organization.Name(), func(notes *senderNotes) { stayed = notes.stays })
	if !stayed {
		return
	}
	needed, err := d.deleteUnlessNeeded(ctx, organization)
	switch {
	case err != nil:
		diags.AddWarning(fmt.Sprintf("The SMS sender of %q is still there", organization.Name()), fmt.Sprintf(
			"SMS OTP went off, and so the sender was to be deleted. That failed: delete it in the Console (Notification Channels, "+
				"SMS Provider).\n\n%s", explain(err)))
	case !needed:
		d.tookSenderThatStayed(organization.Name())
		diags.AddWarning(fmt.Sprintf("The SMS sender of %q was deleted", organization.Name()),
			"SMS OTP is off now, so nothing needs the sender anymore.")
	}
}

// tookSenderThatStayed reports whether the sender's resource was destroyed earlier in this run, and the sender is there for
// a new one to take.
func (d *providerData) tookSenderThatStayed(organization string) (stayed bool) {
	d.sender(organization, func(notes *senderNotes) {
		stayed = notes.stays || notes.kept
		notes.stays, notes.kept = false, false
	})
	return stayed
}

// hasSenderThatStayed reports the same, and lets it wait.
func (d *providerData) hasSenderThatStayed(organization string) (stayed bool) {
	d.sender(organization, func(notes *senderNotes) { stayed = notes.stays || notes.kept })
	return stayed
}

// planSMSOTPAfterDestroy notes what a planned destroy makes of SMS OTP. Where that needs a sender whose destruction was
// planned before, it says so.
func (r *run) planSMSOTPAfterDestroy(organization string, value asgardeo.Value) diag.Diagnostics {
	var leaves bool
	r.sender(organization, func(notes *senderNotes) { notes.smsOTP, leaves = value, notes.leaves })
	if !leaves || value != asgardeo.On {
		return nil
	}
	return diag.Diagnostics{senderStays(organization)}
}

// withoutSenderKey is where a plan keeps, for the destroy that it plans, that SMS OTP is not put back on, because the sender
// is destroyed, too. What a sender's own plan keeps in leftKey is that it stays, because SMS OTP is put back on.
const withoutSenderKey = "without_sender"

// losesSender reports whether the sender will be gone by a destroy that was planned before.
func (r *run) losesSender(organization string) (loses bool) {
	r.sender(organization, func(notes *senderNotes) { loses = notes.leaves && !notes.remains })
	return loses
}

// saveWithoutSender keeps that for the destroy.
func saveWithoutSender(ctx context.Context, private privateState, without bool) {
	if old, _ := private.GetKey(ctx, withoutSenderKey); len(old) > 0 || without {
		private.SetKey(ctx, withoutSenderKey, []byte(strconv.FormatBool(without)))
	}
}

// plannedWithoutSender reports that the plan of this destroy does without the sender.
func plannedWithoutSender(ctx context.Context, private privateReader) bool {
	content, _ := private.GetKey(ctx, withoutSenderKey)
	return string(content) == "true"
}

// announceSenderStays warns in a destroy plan that the sender will not be deleted.
func (d *providerData) announceSenderStays(ctx context.Context, name types.String, private privateState) diag.Diagnostics {
	organization := d.reach(name.ValueString())
	if organization == nil {
		return nil
	}
	var planned asgardeo.Value // by what was planned before
	var contradicts bool
	d.sender(organization.Name(), func(notes *senderNotes) {
		planned, contradicts, notes.leaves = notes.smsOTP, notes.needed && !notes.planned, true
	})
	switch {
	case contradicts:
		return diag.Diagnostics{senderNeeded(organization.Name())}
	case planned == asgardeo.Off:
		return nil
	}
	live, err := organization.MyAccount(d.myAccountAPI).Recent(ctx, asgardeo.SMSOTP)
	d.sender(organization.Name(), func(notes *senderNotes) {
		notes.remains = planned == asgardeo.On || err == nil && live.SendsSMS()
	})
	if planned == asgardeo.On {
		saveLeft(ctx, private, []string{asgardeo.SMSSenderName})
	} else {
		saveLeft(ctx, private, nil)
	}
	if err != nil || planned != asgardeo.On && !live.SendsSMS() {
		return nil // what is wrong with it, the destroy itself will tell
	}
	return diag.Diagnostics{senderStays(organization.Name())}
}

func senderNeeded(organization string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("SMS OTP of %q needs the SMS sender", organization), fmt.Sprintf(
		"This plan destroys the SMS sender of organization %q, and the configuration has SMS OTP on, so users could not receive "+
			"their passcodes anymore. To go without both, set sms_otp_enabled = false in asgardeo_my_account_two_factor (or take "+
			"sms-otp-authenticator out of asgardeo_my_account_login_flow). To keep the sender and let Terraform forget it, apply "+
			"on_destroy = \"keep\" before, or write a removed block with lifecycle { destroy = false } for it. To destroy everything, run terraform destroy -refresh=false.",
		organization))
}

func senderStays(organization string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("The SMS sender of %q stays", organization),
		"SMS OTP is on and sends through it, so destroying the sender's resource does not delete it: Terraform only forgets it. "+
			"If SMS OTP goes off in the same run, the sender is deleted, too. "+howToDelete)
}
