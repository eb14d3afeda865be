package smsrule

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

// Attribute is the same wherever SMS OTP can be declared.
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
