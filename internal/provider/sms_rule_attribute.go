package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// smsSenderAttribute is the same wherever SMS OTP can be declared.
func smsSenderAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "The SMS sender that SMS OTP needs, as a reference: `asgardeo_sms_sender.<name>.name`. So " +
			"Terraform creates the sender before SMS OTP goes on, and deletes it after SMS OTP went off. A plan that has " +
			"it looks for no sender.",
		Validators: []validator.String{senderNameValidator},
	}
}
