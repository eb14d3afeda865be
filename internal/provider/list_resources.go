package provider

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

var _ list.ListResourceWithConfigure = (*organizationListResource)(nil)

// organizationListResource lists what each organization has one of, for terraform query: it finds what can be imported.
type organizationListResource struct {
	data     *providerData
	typeName string
	thing    string // in the display name and in messages
	// read returns the attributes of the organization's resource, or nothing if it has none.
	read func(ctx context.Context, data *providerData, organization *asgardeo.Organization) (map[string]any, error)
	// identify sets the result's identity.
	identify func(ctx context.Context, result *list.ListResult, organization types.String) diag.Diagnostics
}

// newListResource lists the settings of a kind.
func (k *settingsKind) newListResource() list.ListResource {
	return &organizationListResource{
		typeName: k.typeName,
		thing:    k.thing,
		identify: identifySettings,
		read: func(ctx context.Context, data *providerData, organization *asgardeo.Organization) (map[string]any, error) {
			account := organization.MyAccount(data.myAccountAPI)
			live, err := account.Read(ctx, k.settings...)
			if err != nil {
				return nil, err
			}
			attributes := map[string]any{"api": string(account.API())}
			if k.hasURL {
				attributes["url"] = data.client.PortalURL(organization.Name())
			}
			for _, attribute := range k.attributes() {
				if on, known := live.Shown()[attribute.setting].Bool(); known {
					attributes[attribute.name()] = on
				}
			}
			return attributes, nil
		},
	}
}

func newSMSSenderListResource() list.ListResource {
	return &organizationListResource{
		typeName: "asgardeo_sms_sender",
		thing:    "SMS sender",
		identify: func(ctx context.Context, result *list.ListResult, organization types.String) diag.Diagnostics {
			return setSenderIdentity(ctx, result.Identity, organization)
		},
		read: func(ctx context.Context, _ *providerData, organization *asgardeo.Organization) (map[string]any, error) {
			senders, err := organization.SMSSenders(ctx)
			if err != nil {
				return nil, err
			}
			live, exists := asgardeo.FindSender(senders, asgardeo.SMSSenderName)
			if !exists {
				return nil, nil
			}
			var model smsSenderModel
			model.read(live)
			// Without what may hold credentials: the results of a query are printed.
			return map[string]any{
				"name":          model.Name,
				"provider_name": model.ProviderName,
				"sender":        model.Sender,
				"content_type":  model.ContentType,
				"http_method":   model.HTTPMethod,
			}, nil
		},
	}
}

func identifySettings(ctx context.Context, result *list.ListResult, organization types.String) diag.Diagnostics {
	return setIdentity(ctx, result.Identity, organization)
}

func (r *organizationListResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.typeName
}

func (r *organizationListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the " + r.thing + " of organizations, one for each, for `terraform query` (Terraform 1.14 and later). " +
			"An organization that cannot be read is a warning, as long as another one can be.",
		Attributes: map[string]schema.Attribute{
			"organization": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the organization to list. Default: the provider's.",
				Validators:          []validator.String{organizationValidator},
			},
			"organizations": schema.ListAttribute{
				Optional:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Names of several organizations to list, instead of one.",
				Validators: []validator.List{
					listvalidator.ConflictsWith(path.MatchRoot("organization")),
					listvalidator.SizeAtLeast(1),
					listvalidator.UniqueValues(),
					listvalidator.ValueStringsAre(organizationValidator),
				},
			},
		},
	}
}

func (r *organizationListResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = configured(req.ProviderData, &resp.Diagnostics)
}

// List reads each organization, also where Terraform asks for names only.
func (r *organizationListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config struct {
		Organization  types.String   `tfsdk:"organization"`
		Organizations []types.String `tfsdk:"organizations"`
	}
	if diags := req.Config.Get(ctx, &config); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	organizations := config.Organizations
	if len(organizations) == 0 {
		organizations = []types.String{config.Organization} // null means the provider's
	}
	stream.Results = r.results(ctx, req, organizations)
}

// results yields what the organizations have, and at the end what kept others from being read. Terraform drops the whole list
// at its first error, so these are warnings, unless no organization could be read.
func (r *organizationListResource) results(ctx context.Context, req list.ListRequest, organizations []types.String) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		var listed int64
		var warnings, failures diag.Diagnostics
		failed := 0
		for _, name := range organizations {
			result := req.NewListResult(ctx)
			exists := r.fill(ctx, req, &result, name)
			if result.Diagnostics.HasError() {
				failed++
				for _, failure := range result.Diagnostics.Errors() {
					// The organization makes the summary unique: Terraform folds warnings with equal ones.
					warnings.AddWarning(fmt.Sprintf("The %s of %q: not listed", r.thing, name.ValueString()), failure.Detail())
					failures.Append(failure)
				}
				continue
			}
			if !exists {
				continue
			}
			if !push(result) {
				return
			}
			listed++
			if listed == req.Limit {
				break
			}
		}
		if failed == len(organizations) {
			warnings = failures
		}
		if failed > 0 {
			push(list.ListResult{Diagnostics: warnings})
		}
	}
}

// fill completes the result for one organization. It reports whether the organization has anything to list.
func (r *organizationListResource) fill(ctx context.Context, req list.ListRequest, result *list.ListResult, name types.String) bool {
	organization := r.data.useOrDefault(name, &result.Diagnostics)
	if organization == nil {
		return false
	}
	attributes, err := r.read(ctx, r.data, organization)
	if err != nil {
		addError(&result.Diagnostics, fmt.Sprintf("list the %s of %q", r.thing, organization.Name()), err)
		return false
	}
	if attributes == nil {
		return false
	}
	owner := types.StringValue(organization.Name())
	result.DisplayName = fmt.Sprintf("%s of %s", upperFirst(r.thing), organization.Name())
	result.Diagnostics.Append(r.identify(ctx, result, owner)...)
	if req.IncludeResource {
		attributes["organization"] = owner
		for attribute, value := range attributes {
			result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root(attribute), value)...)
		}
	}
	return true
}
