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
)

// SMS OTP without an SMS sender locks out users who have no other factor, and the server allows it. So the provider looks
// when SMS OTP is planned, and again right before it is written.

// smsUse is an attribute that has users sent passcodes by SMS.
type smsUse struct {
	at   path.Path
	name string
}

// smsSetting is the attribute of the two-factor settings.
func smsSetting() smsUse {
	name := attributeNames[asgardeo.SMSOTP]
	return smsUse{path.Root(name), name}
}

// planSMSOTP is planSMS for settings. It costs no call where SMS OTP is not declared on.
func (d *providerData) planSMSOTP(
	ctx context.Context, name types.String, planned flags, changing bool, diags *diag.Diagnostics,
) {
	if planned.known()[asgardeo.SMSOTP] {
		d.planSMS(ctx, name, smsSetting(), changing, diags)
	}
}

// planSMS checks a plan that uses SMS OTP. It costs no call where the sender is planned, too. A sender that went away
// while SMS OTP stays on must be heard of, and must not stop everything else in the configuration.
func (d *providerData) planSMS(
	ctx context.Context, name types.String, use smsUse, changing bool, diags *diag.Diagnostics,
) {
	if d == nil || d.skipSMSSenderCheck || !d.ready() || name.IsUnknown() || d.plansSender(name) {
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
				"If an asgardeo_sms_sender for it is in this configuration, add depends_on = [asgardeo_sms_sender.<name>] to this resource and let both use the same provider block, so that "+
				"the sender comes first. If not, add one, or set one up in the Console (Notification Channels, SMS Provider).", organization))
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

// senderInUse refuses to delete the sender while SMS OTP is on. Current servers would allow it.
func (d *providerData) senderInUse(ctx context.Context, organization *asgardeo.Organization) diag.Diagnostics {
	var diags diag.Diagnostics
	live, err := organization.MyAccount(d.myAccountAPI).Read(ctx, asgardeo.SMSOTP)
	switch {
	case isKind(err, asgardeo.MissingScope), isKind(err, asgardeo.FeatureMissing), isKind(err, asgardeo.ApplicationMissing):
		// Without the right to look, or without anything to look at, the server's own check has to do.
	case err != nil:
		addError(&diags, "delete the SMS sender", err)
	case live.SendsSMS():
		diags.AddError("Unable to delete the SMS sender", senderInUseText(organization.Name()))
	}
	return diags
}

// senderInUseText also helps who did switch SMS OTP off in the same apply: Terraform deletes what the configuration has lost before
// it updates what depended on it, so it never gets to the update.
func senderInUseText(organization string) string {
	return fmt.Sprintf("SMS OTP of organization %q is on and sends through this sender, so users could not receive their passcodes anymore.\n\n"+
		"Switch it off first: set sms_otp_enabled = false in asgardeo_my_account_two_factor, or take sms-otp-authenticator out of asgardeo_my_account_login_flow, and apply "+
		"that alone (-target=asgardeo_my_account_two_factor.<name>), or in the Console. A sender with lifecycle { create_before_destroy = true } leaves after SMS OTP went off in the same apply. Where both resources are "+
		"destroyed together, depends_on = [asgardeo_sms_sender.<name>] in the other one makes sure of the order. On a WSO2 Identity Server, the login "+
		"flow of an application may use the sender, too.", organization)
}
