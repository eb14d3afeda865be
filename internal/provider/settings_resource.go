package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

var (
	_ resource.ResourceWithConfigure      = (*settingsResource)(nil)
	_ resource.ResourceWithIdentity       = (*settingsResource)(nil)
	_ resource.ResourceWithImportState    = (*settingsResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*settingsResource)(nil)
	_ resource.ResourceWithValidateConfig = (*settingsResource)(nil)
)

// settingsResource manages settings that exist in every organization: they are taken over rather than created, and
// handed back rather than deleted.
type settingsResource struct {
	*settingsKind
	data *providerData
}

func (r *settingsResource) Metadata(
	_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = r.typeName
}

func (r *settingsResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = organizationIdentitySchema()
}

func (r *settingsResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.data = configured(req.ProviderData, &resp.Diagnostics)
}

// ValidateConfig finds contradictions among the declared settings. Those with live values are found in ModifyPlan.
func (r *settingsResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	config, diags := r.get(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if len(config.declared) == 0 && !r.required {
		resp.Diagnostics.AddError("No setting declared", fmt.Sprintf("The block declares none of the %s, so there is "+
			"nothing that Terraform could manage. Set at least one to true or false: %s.", r.thing, namesOf(r.settings)))
		return
	}
	findings := handover.Judge(config.declared, nil, nil)
	resp.Diagnostics.Append(brokenRules(findings, config.organization.ValueString())...)
}

func (r *settingsResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, diags := r.get(ctx, req.Plan)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, plan.timeouts.Create, &resp.Diagnostics)
	defer cancel()
	account := r.data.useAccount(plan.organization, &resp.Diagnostics)
	if account == nil {
		return
	}
	resp.Diagnostics.Append(r.takeOver(ctx, r.creation(account, plan), resp.Private)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(r.set(ctx, &resp.State, r.completed(plan, account))...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, plan.organization)...)
}

func (r *settingsResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, diags := r.get(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.data.NoteRefresh()
	ctx, cancel := withTimeout(ctx, state.timeouts.Read, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.organization)...)
	refreshed, diags := r.refresh(ctx, state, resp.Private)
	resp.Diagnostics.Append(diags...)
	if refreshed != nil {
		resp.Diagnostics.Append(r.set(ctx, &resp.State, *refreshed)...)
	}
}

func (r *settingsResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, diags := r.get(ctx, req.Plan)
	resp.Diagnostics.Append(diags...)
	state, diags := r.get(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, plan.timeouts.Update, &resp.Diagnostics)
	defer cancel()
	account := r.data.useAccount(plan.organization, &resp.Diagnostics)
	if account == nil {
		return
	}
	if placeOf(state.api) == account.API() {
		state.declared, diags = r.update(ctx, account, state, plan, resp.Private)
	} else {
		diags = r.takeOver(ctx, r.arrival(account, plan), resp.Private)
	}
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		resp.State.Raw = req.State.Raw
		resp.Diagnostics.Append(r.set(ctx, &resp.State, state)...) // with what was reached
	} else {
		resp.State.Raw = req.Plan.Raw
		resp.Diagnostics.Append(r.set(ctx, &resp.State, r.completed(plan, account))...)
	}
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.organization)...)
}

func (r *settingsResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, diags := r.get(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, state.timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.organization)...)
	resp.Diagnostics.Append(r.destroy(ctx, state, resp.Private)...)
}

func (r *settingsResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	importOrganization(ctx, r.data, req, resp)
	if r.data.ready() && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("api"), string(r.data.myAccountAPI))...)
	}
}
