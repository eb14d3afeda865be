package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// What is the same in every resource of an organization.

// organizationAttribute is the same in every resource. A change replaces the resource: ModifyPlan says so, because only
// it knows the provider's organization.
func organizationAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "Name of the organization. Default: the provider's. A change replaces the resource.",
		Validators:          []validator.String{organizationValidator},
	}
}

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

func organizationIdentitySchema() identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"organization": identityschema.StringAttribute{
			OptionalForImport: true,
			Description:       "Name of the organization. Default: the provider's.",
		},
	}}
}

// moved reports that a resource leaves its organization for another one.
func moved(state, plan types.String) bool {
	return !state.IsNull() && !plan.IsUnknown() && !state.Equal(plan)
}
