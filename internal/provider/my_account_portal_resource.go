package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

var (
	_ resource.ResourceWithConfigure   = (*myAccountPortalResource)(nil)
	_ resource.ResourceWithIdentity    = (*myAccountPortalResource)(nil)
	_ resource.ResourceWithImportState = (*myAccountPortalResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*myAccountPortalResource)(nil)
)

// myAccountPortalResource switches an organization's My Account portal on and off.
type myAccountPortalResource struct {
	data      *providerData
	lifecycle lifecycle
}

func newMyAccountPortalResource() resource.Resource {
	return &myAccountPortalResource{lifecycle: lifecycle{
		typeName: "asgardeo_my_account_portal",
		thing:    "My Account portal",
		settings: []asgardeo.Setting{asgardeo.PortalEnabled},
	}}
}

type myAccountPortalModel struct {
	Organization types.String   `tfsdk:"organization"`
	Enabled      types.Bool     `tfsdk:"enabled"`
	URL          types.String   `tfsdk:"url"`
	OnDestroy    types.String   `tfsdk:"on_destroy"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

func (m *myAccountPortalModel) flags() flags {
	return flags{asgardeo.PortalEnabled: &m.Enabled}
}

func (m *myAccountPortalModel) settings(private privateState) settingsState {
	return settingsState{organization: m.Organization, flags: m.flags(), onDestroy: m.OnDestroy, private: private}
}

func (r *myAccountPortalResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.lifecycle.typeName
}

func (r *myAccountPortalResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Switches an organization's My Account self-service portal on or off. Every organization has the portal, and it is on until " +
			"somebody switches it off, so the resource takes over a setting that exists already.",
		Attributes: map[string]schema.Attribute{
			"organization": organizationAttribute(),
			"enabled": schema.BoolAttribute{
				Required:            true,
				MarkdownDescription: "Whether users can open the portal.",
			},
			"url": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Address at which the organization's users open the portal.",
			},
			"on_destroy": onDestroyAttribute("the portal is on"),
		},
		Blocks: map[string]schema.Block{"timeouts": timeoutsBlock(ctx)},
	}
}

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

func (r *myAccountPortalResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = organizationIdentitySchema()
}

func organizationIdentitySchema() identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"organization": identityschema.StringAttribute{
			OptionalForImport: true,
			Description:       "Name of the organization. Default: the provider's.",
		},
	}}
}

func (r *myAccountPortalResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = configured(req.ProviderData, &resp.Diagnostics)
}

func (r *myAccountPortalResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, plan, state myAccountPortalModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if req.Plan.Raw.IsNull() {
		if !resp.Diagnostics.HasError() {
			r.lifecycle.planDestroy(ctx, r.data, state.settings(req.Private), &resp.Diagnostics)
		}
		return
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	organization, diags := r.data.planOrganization(config.Organization, state.Organization)
	resp.Diagnostics.Append(diags...)
	plan.Organization = organization
	plan.URL = r.data.planURL(organization, state.Organization, plan.URL)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	exists := !state.Organization.IsNull()
	if moved(state.Organization, organization) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("organization"))
		r.lifecycle.planDestroy(ctx, r.data, state.settings(req.Private), &resp.Diagnostics)
	} else {
		resp.Diagnostics.Append(r.lifecycle.announceRivals(r.data, organization, plan.flags(), exists)...)
		if exists {
			return
		}
	}
	if live := r.lifecycle.live(ctx, r.data, organization, &resp.Diagnostics); live != nil {
		resp.Diagnostics.Append(r.lifecycle.announceTakeover(live, plan.flags(), organization.ValueString())...)
	}
}

func (r *myAccountPortalResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan myAccountPortalModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	organization := r.data.use(plan.Organization, &resp.Diagnostics)
	if organization == nil {
		return
	}
	resp.Diagnostics.Append(r.lifecycle.create(ctx, r.data, organization, plan.flags(), resp.Private, nil)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.URL = r.data.portalURL(plan.Organization)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, plan.Organization)...)
}

func (r *myAccountPortalResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state myAccountPortalModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.Organization)...)
	if r.lifecycle.read(ctx, r.data, state.Organization, state.flags(), resp.Private, &resp.Diagnostics) {
		state.URL = r.data.portalURL(state.Organization)
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	}
}

func (r *myAccountPortalResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state myAccountPortalModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	organization := r.data.use(plan.Organization, &resp.Diagnostics)
	if organization == nil {
		return
	}
	resp.Diagnostics.Append(r.lifecycle.update(ctx, r.data, organization, state.flags(), plan.flags(), resp.Private, nil)...)
	result := &plan
	if resp.Diagnostics.HasError() {
		result = &state
	} else {
		plan.URL = r.data.portalURL(plan.Organization)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, result)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, result.Organization)...)
}

func (r *myAccountPortalResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state myAccountPortalModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.Organization)...)
	r.lifecycle.destroy(ctx, r.data, state.settings(resp.Private), &resp.Diagnostics)
}

func (r *myAccountPortalResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	importOrganization(ctx, r.data, req, resp)
}
