// Package smsrule keeps SMS OTP and the SMS sender together: neither goes without the other, whichever resources have
// them, and in whichever order Terraform asks about these.
package smsrule

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

// SMS OTP without an SMS sender locks out users who have no other factor, and the server allows it. So the provider
// looks when SMS OTP is planned, and again right before it is written.

// Attribute is the reference to the sender, wherever SMS OTP can be declared.
func Attribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "The SMS sender that SMS OTP needs, as a reference: `asgardeo_sms_sender.<name>.name`. So " +
			"Terraform creates the sender before SMS OTP goes on, and deletes it after SMS OTP went off. A plan that has " +
			"it looks for no sender.",
		Validators: []validator.String{senderNameValidator},
	}
}

// senderNameValidator accepts the name of the SMS sender that SMS OTP uses.
var senderNameValidator = validators.New("the name of the SMS sender", "Invalid sms_sender", func(text string) error {
	if text != asgardeo.SMSSenderName {
		return fmt.Errorf("SMS OTP uses the sender with the name %q, and no other. Refer to the resource: "+
			"asgardeo_sms_sender.<name>.name", asgardeo.SMSSenderName)
	}
	return nil
})

// Argument is the argument that has users sent passcodes by SMS.
type Argument struct {
	At   path.Path
	Name string
	// Sender is the configuration's reference to the sender, if it has one. Terraform has created that one before.
	Sender types.String
}

// TwoFactorArgument is the argument of the two-factor settings.
func TwoFactorArgument(sender types.String) Argument {
	name := handover.NameOf(portal.SMSOTP)
	return Argument{path.Root(name), name, sender}
}

// Plan is what a plan makes of SMS OTP in an organization.
type Plan struct {
	Organization types.String
	Value        portal.Value
	Argument     Argument
	Changing     bool // nobody gets passcodes by SMS yet
}

// PlanSMSOTP checks a plan that uses SMS OTP. It costs no call where SMS OTP is not declared on, nor where the sender
// is referred to or planned, too. A sender that went away while SMS OTP stays on must be heard of, and must not stop
// everything else in the configuration. Where SMS OTP goes off, a sender that is destroyed, too, need not stay.
func PlanSMSOTP(ctx context.Context, data *session.Data, plan Plan) diag.Diagnostics {
	name := plan.Organization.ValueString()
	switch {
	case plan.Value == portal.Off:
		data.NoteSender(name, func(notes *handover.SenderNotes) { notes.SMSOTP = portal.Off })
		return nil
	case plan.Value == portal.Unknown, data.SkipSMSSenderCheck, !plan.Argument.Sender.IsNull():
		return nil
	}
	before := data.NoteSender(name, func(notes *handover.SenderNotes) { notes.Needed = true })
	switch {
	case data.DeclaresSender(name):
		return nil
	case before.Leaving:
		return senderNeeded(name)
	}
	organization, found := data.Organization(plan.Organization)
	if organization == nil {
		return found
	}
	sender, err := organization.RecentSMSSender(ctx)
	found = requireSender(name, plan.Argument, sender, err)
	if !plan.Changing {
		found = session.AsWarnings(found)
	}
	return found
}

// SenderOnce returns the check right before SMS OTP is switched on, which looks once however often it is asked.
func SenderOnce(
	ctx context.Context, data *session.Data, organization *asgardeo.Organization, argument Argument,
) func() diag.Diagnostics {
	return sync.OnceValue(func() diag.Diagnostics {
		if data.SkipSMSSenderCheck {
			return nil
		}
		sender, err := organization.ExpectedSMSSender(ctx) // this run may have created it a moment ago
		return requireSender(organization.Name(), argument, sender, err)
	})
}

// requireSender asks for a usable sender. A token that may not look is no reason to fail.
func requireSender(organization string, argument Argument, sender *asgardeo.SMSSender, err error) diag.Diagnostics {
	switch {
	case asgardeo.IsKind(err, asgardeo.MissingScope) && !argument.Sender.IsNull():
		return nil // Terraform has created it, with other credentials perhaps
	case asgardeo.IsKind(err, asgardeo.MissingScope):
		return senderNotChecked(organization, argument, err)
	case err != nil:
		return senderCheckFailed(argument, err)
	case !sender.Usable():
		return senderMissing(organization, argument)
	}
	return nil
}
