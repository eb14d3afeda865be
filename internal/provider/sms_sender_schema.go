package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

func (r *smsSenderResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	optional := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: description,
			Validators:          []validator.String{notEmptyValidator, printableValidator},
		}
	}
	body := optional("Body of the request to a custom gateway, with the placeholders `{{mobile}}` and `{{body}}`. Required for a custom one. " + mayHoldCredentials)
	body.Sensitive = true
	resp.Schema = schema.Schema{
		MarkdownDescription: "Connects an organization to the gateway that sends its SMS one-time passcodes (Console: *Notification Channels*, *SMS Provider*). " +
			"An organization has one at the most. The server gives its key and secret away in clear text to whoever may read it; the provider drops them.",
		Attributes: map[string]schema.Attribute{
			"organization": organizationAttribute(),
			"name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Name of the sender: always `" + asgardeo.SMSSenderName + "`.",
			},
			"provider_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The gateway: `Twilio`, `Vonage`, or `Custom` for any other one that takes an HTTP request.",
				Validators:          []validator.String{gatewayValidator},
			},
			"key":               secretAttribute("key", "Account SID at Twilio, API key at Vonage.", "key_wo"),
			"key_wo":            writeOnlyAttribute("key", "key"),
			"key_wo_version":    versionAttribute("key"),
			"secret":            secretAttribute("secret", "Auth token at Twilio, API secret at Vonage.", "secret_wo"),
			"secret_wo":         writeOnlyAttribute("secret", "secret"),
			"secret_wo_version": versionAttribute("secret"),
			"sender":            optional("Number or name that messages come from. Required for Twilio and Vonage."),
			"provider_url": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "Address of the gateway. Required for a custom one. " + mayHoldCredentials,
				Validators:          []validator.String{gatewayURLValidator},
			},
			"content_type": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString("JSON"),
				MarkdownDescription: "Form of the request to the gateway: `JSON` or `FORM`. Default: `JSON`.",
				Validators:          []validator.String{choiceValidator("content_type", "JSON", "FORM")},
			},
			"http_method": optional("HTTP method of the request to a custom gateway, such as `POST`."),
			"http_headers": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "HTTP headers of the request to a custom gateway, as the server expects them, such as `Authorization: Bearer …, X-Tenant: 1`. " +
					"Kept in the state, since it cannot be compared otherwise. Left out, the server keeps the headers it has; once they were declared, leaving them out removes them.",
				Validators: []validator.String{notEmptyValidator, printableValidator},
			},
			"http_headers_wo":         writeOnlyAttribute("http_headers", "http_headers"),
			"http_headers_wo_version": versionAttribute("http_headers"),
			"authentication":          authenticationAttribute(),
			"body":                    body,
			"on_destroy":              senderOnDestroyAttribute(),
		},
		Blocks: map[string]schema.Block{"timeouts": timeoutsBlock(ctx)},
	}
}

func (r *smsSenderResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	identity := organizationIdentitySchema()
	identity.Attributes["name"] = identityschema.StringAttribute{
		OptionalForImport: true,
		Description:       "Name of the sender. Default, and the only one there is: " + asgardeo.SMSSenderName + ".",
	}
	resp.IdentitySchema = identity
}
