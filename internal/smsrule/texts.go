package smsrule

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

const howToDelete = "To have it deleted, switch SMS OTP off before, in an apply of its own."

func senderNotChecked(organization string, argument Argument, err error) diag.Diagnostics {
	failure, _ := errors.AsType[*asgardeo.Error](err)
	return session.OneWarningAt(argument.At, fmt.Sprintf("SMS sender of %q not checked", organization),
		"SMS OTP needs the organization's SMS sender, and the access token may not look whether there is one: that needs "+
			"the scope "+failure.Scope+". "+explain.NextStep(failure)+
			" Or set skip_sms_sender_check = true in the provider block if you know that there is one.")
}

func senderCheckFailed(argument Argument, err error) diag.Diagnostics {
	return session.OneErrorAt(argument.At, "Unable to check the SMS sender", explain.Error(err)+
		"\n\nskip_sms_sender_check = true in the provider block switches this check off.")
}

func senderMissing(organization string, argument Argument) diag.Diagnostics {
	return session.OneErrorAt(argument.At, argument.Name+" needs an SMS sender", fmt.Sprintf(
		"Organization %q has no SMS sender that SMS OTP could use, so users could not receive their passcodes.\n\n"+
			"If an asgardeo_sms_sender for it is in this configuration, refer to it here: sms_sender = "+
			"asgardeo_sms_sender.<name>.name. Terraform creates the sender first then. If not, add one, or set one up in the "+
			"Console (Notification Channels, SMS Provider).", organization))
}

func senderNeeded(organization string) diag.Diagnostics {
	return session.OneError(fmt.Sprintf("SMS OTP of %q needs the SMS sender", organization), fmt.Sprintf(
		"This plan destroys the SMS sender of organization %q, and the configuration has SMS OTP on, so users could not "+
			"receive their passcodes anymore. To go without both, set sms_otp_enabled = false in "+
			"asgardeo_my_account_two_factor (or take sms-otp-authenticator out of asgardeo_my_account_login_flow). To keep the "+
			"sender and let Terraform forget it, apply on_destroy = \"keep\" before, or write a removed block with lifecycle "+
			"{ destroy = false } for it. To destroy everything, run terraform destroy -refresh=false.", organization))
}

func senderStays(organization string) diag.Diagnostics {
	return session.OneWarning(fmt.Sprintf("The SMS sender of %q stays", organization),
		"SMS OTP is on and sends through it, so destroying the sender's resource does not delete it: Terraform only forgets "+
			"it. If SMS OTP goes off in the same run, the sender is deleted, too. "+howToDelete)
}

func senderNotDeleted(organization string) diag.Diagnostics {
	return session.OneWarning(fmt.Sprintf("The SMS sender of %q was not deleted", organization),
		"SMS OTP is on and sends through it, so users could not receive their passcodes anymore. Terraform has forgotten "+
			"the sender, unless it is replaced: then the new one takes its place. If SMS OTP goes off in this same run, the "+
			"sender is deleted then. "+howToDelete)
}

func senderStillThere(organization string, err error) diag.Diagnostics {
	return session.OneWarning(fmt.Sprintf("The SMS sender of %q is still there", organization), fmt.Sprintf(
		"SMS OTP went off, and so the sender was to be deleted. That failed: delete it in the Console (Notification "+
			"Channels, SMS Provider).\n\n%s", explain.Error(err)))
}

func senderDeleted(organization string) diag.Diagnostics {
	return session.OneWarning(fmt.Sprintf("The SMS sender of %q was deleted", organization),
		"SMS OTP is off now, so nothing needs the sender anymore.")
}
