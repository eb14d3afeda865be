package smssender

import (
	"context"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

// mayHoldCredentials ends the description of an argument of a request to a custom gateway.
const mayHoldCredentials = "Some gateways expect credentials in it, so it is hidden in plans. The state keeps it: " +
	"credentials are better off in `http_headers`."

func (c *connection) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	filled := []validator.String{validators.NotEmpty}
	text := func(description string) schema.StringAttribute {
		return optional(description, validators.NotEmpty, validators.Printable)
	}
	secret := func(name, meaning string) schema.StringAttribute {
		return hidden(optional(meaning+" Kept in the state as it is written here, so `"+name+"_wo` is better where the CLI "+
			"has write-only arguments. Left out, the server keeps the "+name+" it has.", filled...))
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Connects an organization to the gateway that sends its SMS one-time passcodes (Console: " +
			"*Notification Channels*, *SMS Provider*). An organization has one at the most. The server gives its key and " +
			"secret away in clear text to whoever may read it; the provider drops them.",
		Attributes: map[string]schema.Attribute{
			"organization": session.OrganizationAttribute(),
			"name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Name of the sender: always `" + asgardeo.SMSSenderName + "`.",
			},
			"provider_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The gateway: `Twilio`, `Vonage`, or `Custom` for any other one that takes an HTTP request.",
				Validators:          []validator.String{gatewayValidator},
			},
			"key":    secret("key", "Account SID at Twilio, API key at Vonage."),
			"secret": secret("secret", "Auth token at Twilio, API secret at Vonage."),
			"sender": text("Number or name that messages come from. Required for Twilio and Vonage."),
			"provider_url": hidden(optional(
				"Address of the gateway. Required for a custom one. "+mayHoldCredentials, gatewayURLValidator)),
			"content_type": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString("JSON"),
				MarkdownDescription: "Form of the request to the gateway: `JSON` or `FORM`. Default: `JSON`.",
				Validators:          []validator.String{validators.Choice("content_type", "JSON", "FORM")},
			},
			"http_method": text("HTTP method of the request to a custom gateway, such as `POST`."),
			"http_headers": hidden(text("HTTP headers of the request to a custom gateway, as the server expects them, such as " +
				"`Authorization: Bearer …, X-Tenant: 1`. Kept in the state, since it cannot be compared otherwise. Left out, " +
				"the server keeps the headers it has; once they were declared, leaving them out removes them.")),
			"authentication": authenticationAttribute(),
			"body": hidden(text("Body of the request to a custom gateway, with the placeholders `{{mobile}}` and `{{body}}`. " +
				"Required for a custom one. " + mayHoldCredentials)),
			"on_destroy": session.OnDestroyAttribute("What happens to the sender when the resource is destroyed or replaced:\n\n"+
				"    - `delete` (default): it is deleted, and no SMS passcode leaves the organization any more.\n"+
				"    - `keep`: nothing is changed; Terraform only forgets the resource.\n\n"+
				"    The value that counts is the one last applied.",
				"delete", handover.Keep),
		},
		Blocks: map[string]schema.Block{"timeouts": session.TimeoutsBlock(ctx)},
	}
	for _, name := range []string{"key", "secret", "http_headers"} {
		maps.Copy(resp.Schema.Attributes, writeOnlyForm(name, filled,
			"It is sent when the sender is created and whenever `"+name+"_wo_version` changes.", "again"))
	}
}

func optional(description string, checks ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: checks}
}

func hidden(attribute schema.StringAttribute) schema.StringAttribute {
	attribute.Sensitive = true
	return attribute
}

// writeOnlyForm are the two arguments with which a secret can be given without being kept. The descriptions say when it
// is sent, and when another version has it sent.
func writeOnlyForm(name string, checks []validator.String, sent, resent string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		name + "_wo": schema.StringAttribute{
			Optional: true, WriteOnly: true, Sensitive: true, Validators: checks,
			MarkdownDescription: "The same as `" + name + "`, but never kept in plan or state (Terraform and OpenTofu 1.11 " +
				"and later). " + sent,
		},
		name + "_wo_version": schema.Int64Attribute{
			Optional:            true,
			MarkdownDescription: "Any number; change it to have `" + name + "_wo` sent " + resent + ".",
		},
	}
}

// authenticationAttribute must not be computed: Terraform allows no write-only value in what is.
func authenticationAttribute() schema.SingleNestedAttribute {
	filled := []validator.String{validators.Printable, filledValidator}
	attributes := map[string]schema.Attribute{"type": schema.StringAttribute{
		Required: true,
		MarkdownDescription: "One of `" + strings.Join(authTypes, "`, `") + "`. `" + asgardeo.AuthPasswordCredential +
			"` needs a server of August 2026 or later.",
		Validators: []validator.String{validators.Choice("authentication.type", authTypes...)},
	}}
	for _, argument := range authArguments {
		need := "Required"
		if argument.optional {
			need = "Optional"
		}
		plain := optional(argument.meaning+". "+need+" for `"+strings.Join(argument.owners, "` and `")+"`.", filled...)
		if argument.name == "token_endpoint" {
			plain.Validators = []validator.String{
				validators.New("an http or https URL", "Invalid token_endpoint", gatewayURLValidator.Check),
			}
		}
		if argument.secret {
			plain = hidden(plain)
			plain.MarkdownDescription += " Kept in the state, so `" + argument.name + "_wo` is better where the CLI has " +
				"write-only arguments."
			maps.Copy(attributes, writeOnlyForm(argument.name, filled,
				"It goes with every change of the sender.", "although nothing else changes"))
		}
		attributes[argument.name] = plain
	}
	return schema.SingleNestedAttribute{
		Optional:   true,
		Attributes: attributes,
		MarkdownDescription: "How the server signs requests to a custom gateway (Asgardeo, and WSO2 Identity Server 7.3 " +
			"and later); not together with `key` and `secret`. The server keeps no secret that a change does not send, so the " +
			"secrets stay in the configuration. It does not tell them either: one that was changed elsewhere is not noticed. " +
			"Left out, the provider refuses changes of a sender that somebody gave an authentication with secrets; once it " +
			"was declared, leaving it out removes it.",
	}
}
