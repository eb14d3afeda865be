package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

// SMS OTP without an SMS sender locks out users who have no other factor, and the server allows it. So the provider looks
// when SMS OTP is planned, and again right before it is written.

// smsUse is an attribute that has users sent passcodes by SMS.
type smsUse struct {
	at   path.Path
	name string
	// sender is the configuration's reference to the sender, if it has one. Terraform has created that one before.
	sender types.String
}

// smsSetting is the attribute of the two-factor settings.
func smsSetting(sender types.String) smsUse {
	name := handover.NameOf(asgardeo.SMSOTP)
	return smsUse{path.Root(name), name, sender}
}

// planSMSOTP is planSMS for settings. It costs no call where SMS OTP is not declared on. Where it goes off, a sender that is
// destroyed, too, need not stay.
func (d *providerData) planSMSOTP(
	ctx context.Context, plan settingsModel, changing bool, diags *diag.Diagnostics,
) {
	switch on, known := plan.declared[asgardeo.SMSOTP].Bool(); {
	case on:
		d.planSMS(ctx, plan.organization, smsSetting(plan.smsSender), changing, diags)
	case known && d != nil:
		d.sender(plan.organization.ValueString(), func(notes *senderNotes) { notes.smsOTP = asgardeo.Off })
	}
}

// planSMS checks a plan that uses SMS OTP. It costs no call where the sender is referred to or planned, too. A sender that went away
// while SMS OTP stays on must be heard of, and must not stop everything else in the configuration.
func (d *providerData) planSMS(
	ctx context.Context, name types.String, use smsUse, changing bool, diags *diag.Diagnostics,
) {
	if d == nil || d.skipSMSSenderCheck || !use.sender.IsNull() || !d.ready() || name.IsUnknown() {
		return
	}
	var here, somewhere, leaves bool
	d.sender("", func(notes *senderNotes) { somewhere = notes.planned })
	d.sender(name.ValueString(), func(notes *senderNotes) {
		here, leaves, notes.needed = notes.planned, notes.leaves, true
	})
	switch {
	case here || somewhere:
		return
	case leaves:
		diags.Append(senderNeeded(name.ValueString()))
		return
	}
	if organization := d.use(name, diags); organization != nil {
		found := requireSender(organization.Name(), use, func() ([]asgardeo.SMSSender, error) {
			return organization.RecentSMSSenders(ctx)
		})
		if !changing {
			found = asWarnings(found)
		}
		diags.Append(found...)
	}
}

// senderOnce returns the check right before SMS OTP is switched on, which looks once however often it is asked.
func (d *providerData) senderOnce(
	ctx context.Context, organization *asgardeo.Organization, use smsUse,
) func() diag.Diagnostics {
	return sync.OnceValue(func() diag.Diagnostics {
		if d.skipSMSSenderCheck {
			return nil
		}
		return requireSender(organization.Name(), use, func() ([]asgardeo.SMSSender, error) {
			// This run may have created it a moment ago.
			sender, _, err := organization.SMSSender(ctx, asgardeo.SMSSenderName)
			return []asgardeo.SMSSender{sender}, err
		})
	})
}

// noSender reports that SMS OTP could not send anything. Where nobody may look, there may be a sender.
func (d *providerData) noSender(ctx context.Context, organization *asgardeo.Organization) bool {
	if d.skipSMSSenderCheck {
		return false
	}
	sender, _, err := organization.SMSSender(ctx, asgardeo.SMSSenderName)
	return err == nil && !sender.Usable()
}

// plansNoSender is noSender for a plan, which sees the senders that are there now and that this run has planned.
func (d *providerData) plansNoSender(ctx context.Context, organization *asgardeo.Organization) bool {
	if d.skipSMSSenderCheck || d.plansSender(types.StringValue(organization.Name())) {
		return false
	}
	senders, err := organization.RecentSMSSenders(ctx)
	return err == nil && !slices.ContainsFunc(senders, asgardeo.SMSSender.Usable)
}

// requireSender asks for a usable sender. A token that may not look is no reason to fail.
func requireSender(organization string, use smsUse, list func() ([]asgardeo.SMSSender, error)) diag.Diagnostics {
	var diags diag.Diagnostics
	senders, err := list()
	var failure *asgardeo.Error
	switch {
	case errors.As(err, &failure) && failure.Kind == asgardeo.MissingScope && !use.sender.IsNull():
		// Terraform has created it, with other credentials perhaps.
	case errors.As(err, &failure) && failure.Kind == asgardeo.MissingScope:
		diags.AddAttributeWarning(use.at, fmt.Sprintf("SMS sender of %q not checked", organization),
			"SMS OTP needs the organization's SMS sender, and the access token may not look whether there is one: that needs the scope "+
				failure.Scope+". "+missingScope(failure)+
				" Or set skip_sms_sender_check = true in the provider block if you know that there is one.")
	case err != nil:
		diags.AddAttributeError(use.at, "Unable to check the SMS sender", explain(err)+
			"\n\nskip_sms_sender_check = true in the provider block switches this check off.")
	case !slices.ContainsFunc(senders, asgardeo.SMSSender.Usable):
		diags.AddAttributeError(use.at, use.name+" needs an SMS sender", fmt.Sprintf(
			"Organization %q has no SMS sender that SMS OTP could use, so users could not receive their passcodes.\n\n"+
				"If an asgardeo_sms_sender for it is in this configuration, refer to it here: sms_sender = "+
				"asgardeo_sms_sender.<name>.name. Terraform creates the sender first then. If not, add one, or set one up in the "+
				"Console (Notification Channels, SMS Provider).", organization))
	}
	return diags
}

// asWarnings lowers errors about what the plan does not change.
func asWarnings(found diag.Diagnostics) diag.Diagnostics {
	var warnings diag.Diagnostics
	for _, diagnostic := range found {
		if at, ok := diagnostic.(diag.DiagnosticWithPath); ok {
			warnings.AddAttributeWarning(at.Path(), diagnostic.Summary(), diagnostic.Detail())
			continue
		}
		warnings.AddWarning(diagnostic.Summary(), diagnostic.Detail())
	}
	return warnings
}
