package smssender

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// NewDataSource returns the data source asgardeo_sms_sender, without anything that could be a secret.
func NewDataSource() datasource.DataSource {
	address := computed("Address of the gateway. " + mayHoldCredentials)
	address.Sensitive = true
	return &session.DataSource{
		TypeName: typeName, Thing: thing, Reader: readForDataSource,
		Description: "Reads an organization's SMS sender. Key, secret, headers and body, which may hold " +
			"credentials, are left out. It is an error if the organization has no sender.",
		Attributes: map[string]schema.Attribute{
			"name": computed("Name of the sender: always `" + asgardeo.SMSSenderName + "`."),
			"provider_name": computed(
				"The gateway: `Twilio`, `Vonage`, `Custom`, or `choreo` for the one that Asgardeo provides."),
			"sender":       computed("Number or name that messages come from."),
			"provider_url": address,
			"content_type": computed("Form of the request to the gateway: `JSON` or `FORM`."),
			"http_method":  computed("HTTP method of the request to a custom gateway."),
			"authentication": schema.SingleNestedAttribute{
				Computed:   true,
				Attributes: shownAuthentication(),
				MarkdownDescription: "How the server signs requests to a custom gateway, without secrets. Null: not at all, or " +
					"the server cannot tell.",
			},
			"usable": schema.BoolAttribute{
				Computed: true, MarkdownDescription: "Whether SMS OTP can send with it, by the Console's rule.",
			},
		},
	}
}

func computed(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// shownAuthentication are the arguments of authentication that are no secret.
func shownAuthentication() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{"type": computed("One of `" + strings.Join(authTypes, "`, `") + "`.")}
	for _, argument := range authArguments {
		if !argument.secret {
			attributes[argument.name] = computed(argument.meaning + ".")
		}
	}
	return attributes
}

func readForDataSource(
	ctx context.Context, _ *session.Data, organization *asgardeo.Organization,
) (map[string]any, error) {
	live, err := organization.SMSSender(ctx)
	switch {
	case err != nil:
		return nil, session.Refusal{Diagnostics: unableTo("read the SMS sender", err)}
	case live == nil:
		return nil, session.Refusal{Diagnostics: notFound(organization.Name())}
	}
	values := shown(live)
	values["provider_url"], values["usable"] = textOrNull(live.ProviderURL), live.Usable()
	authentication := readAuthentication(types.ObjectNull(authAttributeTypes), live)
	if authentication.IsNull() || live.Provider != "Custom" { // the others sign in with key and secret
		return values, nil
	}
	attributeTypes, arguments := map[string]attr.Type{}, map[string]attr.Value{}
	for name := range shownAuthentication() {
		attributeTypes[name], arguments[name] = types.StringType, authentication.Attributes()[name]
	}
	values["authentication"] = types.ObjectValueMust(attributeTypes, arguments)
	return values, nil
}

// NewListResource returns the list resource asgardeo_sms_sender.
func NewListResource() list.ListResource {
	return &session.ListResource{
		Resource: identified,
		Reader: func(ctx context.Context, _ *session.Data, organization *asgardeo.Organization) (map[string]any, error) {
			live, err := organization.SMSSender(ctx)
			if live == nil {
				return nil, err
			}
			return shown(live), nil
		},
	}
}

// shown is what a sender has, except what may hold credentials: the results of a query are printed.
func shown(live *asgardeo.SMSSender) map[string]any {
	var sender model
	sender.read(live)
	return map[string]any{
		"name": sender.Name, "provider_name": sender.ProviderName, "sender": sender.Sender,
		"content_type": sender.ContentType, "http_method": sender.HTTPMethod,
	}
}
