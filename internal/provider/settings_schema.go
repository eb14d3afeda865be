package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

func (r *settingsResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"organization": organizationAttribute(),
		"api": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: "Where the settings are kept: `application` or `classic`. It follows the provider's " +
				"`my_account_api`; a change moves the resource to the other place and leaves the values in the old one.",
		},
		"on_destroy": onDestroyAttribute(r.defaults),
	}
	for _, attribute := range r.attributes() {
		attributes[attribute.name()] = schema.BoolAttribute{
			Required: r.required, Optional: !r.required,
			MarkdownDescription: attribute.description + attribute.advice,
		}
	}
	if r.hasURL {
		attributes["url"] = schema.StringAttribute{Computed: true, MarkdownDescription: urlDescription}
	}
	if r.hasSender {
		attributes["sms_sender"] = smsSenderAttribute()
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: r.resourceDescription,
		Attributes:          attributes,
		Blocks:              map[string]schema.Block{"timeouts": timeoutsBlock(ctx)},
	}
}

const urlDescription = "Address at which the organization's users open the portal."

func onDestroyAttribute(defaults string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "What happens to the settings when the resource is destroyed. They cannot be deleted, only " +
			"changed:\n\n" +
			"    - `restore` (default): each declared setting that still is what Terraform made of it goes back to what it " +
			"was when the resource was created or imported. What somebody else changed since stays.\n" +
			"    - `reset`: the declared settings go to Asgardeo's defaults: " + defaults + ".\n" +
			"    - `keep`: nothing is changed; Terraform only forgets the resource.\n\n" +
			"    The plan lists what will be written. The value that counts is the one last applied.",
		Validators: []validator.String{choiceValidator("on_destroy", onDestroyRestore, onDestroyReset, onDestroyKeep)},
	}
}
