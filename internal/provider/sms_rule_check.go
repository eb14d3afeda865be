package provider

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

// SMS OTP without an SMS sender locks out users who have no other factor, and the server allows it. So the provider
// looks when SMS OTP is planned, and again right before it is written.

// smsArgument is the argument that has users sent passcodes by SMS.
type smsArgument struct {
	at   path.Path
	name string
	// sender is the configuration's reference to the sender, if it has one. Terraform has created that one before.
	sender types.String
}

// smsSetting is the argument of the two-factor settings.
func smsSetting(sender types.String) smsArgument {
	const name = "sms_otp_enabled"
	return smsArgument{path.Root(name), name, sender}
}

// smsPlan is what a plan makes of SMS OTP in an organization.
type smsPlan struct {
	organization types.String
	value        asgardeo.Value
	argument     smsArgument
	changing     bool // nobody gets passcodes by SMS yet
}

// planSMSOTP checks a plan that uses SMS OTP. It costs no call where SMS OTP is not declared on, nor where the sender
// is referred to or planned, too. A sender that went away while SMS OTP stays on must be heard of, and must not stop
// everything else in the configuration. Where SMS OTP goes off, a sender that is destroyed, too, need not stay.
func planSMSOTP(ctx context.Context, data *providerData, plan smsPlan) diag.Diagnostics {
	name := plan.organization.ValueString()
	switch {
	case data == nil, plan.value == asgardeo.Unknown:
		return nil
	case plan.value == asgardeo.Off:
		data.Sender(name, func(notes *handover.SenderNotes) { notes.SMSOTP = asgardeo.Off })
		return nil
	case !data.ready(), data.skipSMSSenderCheck, !plan.argument.sender.IsNull(), plan.organization.IsUnknown():
		return nil
	}
	var leaves bool
	data.Sender(name, func(notes *handover.SenderNotes) { leaves, notes.Needed = notes.Leaving, true })
	switch {
	case data.DeclaresSender(name):
		return nil
	case leaves:
		return senderNeeded(name)
	}
	var diags diag.Diagnostics
	organization := data.use(plan.organization, &diags)
	if organization == nil {
		return diags
	}
	sender, err := organization.RecentSMSSender(ctx)
	found := requireSender(name, plan.argument, sender, err)
	if !plan.changing {
		found = asWarnings(found)
	}
	return append(diags, found...)
}

// senderOnce returns the check right before SMS OTP is switched on, which looks once however often it is asked.
func senderOnce(
	ctx context.Context, data *providerData, organization *asgardeo.Organization, argument smsArgument,
) func() diag.Diagnostics {
	return sync.OnceValue(func() diag.Diagnostics {
		if data.skipSMSSenderCheck {
			return nil
		}
		sender, err := organization.ExpectedSMSSender(ctx) // this run may have created it a moment ago
		return requireSender(organization.Name(), argument, sender, err)
	})
}

// lacksSender reports that SMS OTP could not send anything. Where nobody may look, there may be a sender.
func lacksSender(ctx context.Context, data *providerData, organization *asgardeo.Organization) bool {
	if data.skipSMSSenderCheck {
		return false
	}
	sender, err := organization.ExpectedSMSSender(ctx)
	return err == nil && !sender.Usable()
}

// planLacksSender is lacksSender for a plan, which sees the senders that are there now and that this run has planned.
func planLacksSender(ctx context.Context, data *providerData, organization *asgardeo.Organization) bool {
	if data.skipSMSSenderCheck || data.DeclaresSender(organization.Name()) {
		return false
	}
	sender, err := organization.RecentSMSSender(ctx)
	return err == nil && !sender.Usable()
}

// requireSender asks for a usable sender. A token that may not look is no reason to fail.
func requireSender(
	organization string, argument smsArgument, sender *asgardeo.SMSSender, err error,
) diag.Diagnostics {
	switch {
	case isKind(err, asgardeo.MissingScope) && !argument.sender.IsNull():
		return nil // Terraform has created it, with other credentials perhaps
	case isKind(err, asgardeo.MissingScope):
		return senderNotChecked(organization, argument, err)
	case err != nil:
		return senderCheckFailed(argument, err)
	case !sender.Usable():
		return senderMissing(organization, argument)
	}
	return nil
}
