package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
)

// maxRetriesLimit is more patience than any pipeline has: half a minute for each retry.
const maxRetriesLimit = 100

func blockSchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"allow_http": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Allow a `base_url` with `http://` that leads to another machine. Secrets and tokens then " +
				"travel in clear text. Default: `false`. " + session.FromVariable("allow_http"),
		},
		"max_retries": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("How often a request is repeated that met a busy or faulty server or network. `0` "+
				"switches repetition off. Default: `%d`, which waits for more than a minute in all. ",
				asgardeo.DefaultMaxRetries) + session.FromVariable("max_retries"),
			Validators: []validator.Int64{int64validator.Between(0, maxRetriesLimit)},
		},
		"requests_per_minute": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("How many requests Terraform sends in any minute at the most. `0` switches pacing "+
				"off. Default: `%d`, Asgardeo's limit for one client address: lower it where others share the address. ",
				asgardeo.DefaultRequestsPerMinute) + session.FromVariable("requests_per_minute"),
			Validators: []validator.Int64{int64validator.AtLeast(0)},
		},
		"skip_sms_sender_check": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Do not check that the organization has an SMS sender before SMS OTP is switched on. " +
				"Default: `false`. " + session.FromVariable("skip_sms_sender_check"),
		},
		"credentials": credentialsAttribute,
	}
	for _, argument := range textArguments {
		attributes[argument.name] = schema.StringAttribute{
			Optional:            true,
			Sensitive:           argument.secret,
			MarkdownDescription: argument.description + " " + session.FromVariable(argument.name),
			Validators:          []validator.String{argument.validator},
		}
	}
	return schema.Schema{MarkdownDescription: blockDescription, Attributes: attributes}
}

const blockDescription = "Manages the My Account self-service portal of organizations in [WSO2 Identity " +
	"Platform](https://wso2.com/asgardeo/) (formerly Asgardeo) or WSO2 Identity Server: the portal itself, its " +
	"two-factor authentication options, and the SMS sender that SMS OTP needs.\n\nEvery argument except `credentials` " +
	"can be set with an environment variable instead. An argument in the configuration overrides its variable."

var textArguments = []struct {
	name        string
	secret      bool
	validator   validators.Text
	description string
}{
	{
		name: "organization", validator: validators.Organization,
		description: "Name of the organization (the tenant domain, in WSO2 Identity Server), as in the Console's address " +
			"after `/t/`. Resources and data sources without an `organization` of their own belong to it.",
	},
	{
		name: "region", validator: regionValidator,
		description: "Asgardeo's region that holds the organization: `us` or `eu`. Default: `us`. Conflicts with `base_url`.",
	},
	{
		name: "base_url", validator: baseURLValidator,
		description: "Address of a WSO2 Identity Server, or of the mock server, without `/t/{organization}`, such as " +
			"`https://is.example.com:9443`. Conflicts with `region`.",
	},
	{
		name: "client_id", validator: credentialValidator("client_id"),
		description: "Client ID of the application that Terraform signs in with (client credentials grant).",
	},
	{
		name: "client_secret", secret: true, validator: credentialValidator("client_secret"),
		description: "Client secret of that application. Better set with its variable.",
	},
	{
		name: "client_private_key", secret: true, validator: pemValidator("client_private_key"),
		description: "RSA private key of that application, instead of `client_secret`: PEM text, or the path of a PEM " +
			"file. The server has the certificate, and no secret is shared (Console: *Protocol*, client authentication method " +
			"*Private Key JWT*).",
	},
	{
		name: "access_token", secret: true, validator: credentialValidator("access_token"),
		description: "Access token for the management API, instead of `client_id` and `client_secret`. It is used as it is " +
			"and never renewed.",
	},
	{
		name: "ca_certificate", validator: pemValidator("ca_certificate"),
		description: "Certificate authority to trust besides those of the system: PEM text, or the path of a PEM file.",
	},
	{
		name: "request_timeout", validator: validators.Duration("request_timeout"),
		description: fmt.Sprintf("How long one request may take, as a duration such as `45s` or `2m`. Default: `%s`.",
			asgardeo.DefaultRequestTimeout),
	},
	{
		name: "my_account_api", validator: myAccountAPIValidator,
		description: "Where the organizations keep the settings of My Account: `application` (in the application \"My " +
			"Account\", its switch and its login flow, as the Console does) or `classic` (in the configuration store, as " +
			"Consoles did until 2024). Default: `application`.",
	},
}

var credentialsAttribute = schema.MapNestedAttribute{
	Optional:  true,
	Sensitive: true,
	MarkdownDescription: "Credentials of further organizations, by the organization's name, so that one provider block " +
		"serves a fleet. An entry for `organization` overrides `client_id` and `client_secret`, and `access_token`.",
	Validators: []validator.Map{mapvalidator.KeysAre(validators.Organization)},
	NestedObject: schema.NestedAttributeObject{
		Validators: []validator.Object{entryValidator{}},
		// Both are required, which is the validator's business: the framework takes the attributes of an entry that
		// is not known yet, such as a variable during "terraform validate", for missing.
		Attributes: map[string]schema.Attribute{
			"client_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Client ID of an application in that organization. Every entry needs it.",
			},
			"client_secret": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "Client secret of that application. Every entry needs it.",
			},
		},
	},
}
