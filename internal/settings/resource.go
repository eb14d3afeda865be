// Package settings manages the settings of My Account that every organization has: the portal and its second factors. A
// resource takes them over rather than creates them, and hands them back rather than deletes them.
package settings

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

var _ session.ManagedResource = (*kindResource)(nil)

// kindResource manages settings that exist in every organization: they are taken over rather than created, and
// handed back rather than deleted.
type kindResource struct {
	session.Resource
	*Kind
}

func (r *kindResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"organization": session.OrganizationAttribute(),
		"api":          schema.StringAttribute{Computed: true, MarkdownDescription: apiDescription},
		"on_destroy": session.OnDestroyAttribute(
			fmt.Sprintf(onDestroyDescription, r.defaults), handover.Restore, handover.Reset, handover.Keep),
	}
	for _, setting := range r.settings {
		attributes[handover.NameOf(setting)] = schema.BoolAttribute{
			Required:            r.required,
			Optional:            !r.required,
			MarkdownDescription: descriptions[setting].text + descriptions[setting].advice,
		}
	}
	if r.hasURL {
		attributes["url"] = schema.StringAttribute{Computed: true, MarkdownDescription: urlDescription}
	}
	if r.inLoginFlow {
		attributes["sms_sender"] = smsrule.Attribute()
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: r.resourceDescription,
		Attributes:          attributes,
		Blocks:              map[string]schema.Block{"timeouts": session.TimeoutsBlock(ctx)},
	}
}

// ValidateConfig finds contradictions among the declared settings. Those with live values are found in ModifyPlan.
func (r *kindResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	config, diags := r.get(ctx, req.Config.GetAttribute)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if len(config.declared) == 0 && !r.required {
		resp.Diagnostics.AddError("No setting declared", fmt.Sprintf("The block declares none of the %s, so there is "+
			"nothing that Terraform could manage. Set at least one to true or false: %s.", r.Thing, namesOf(r.settings)))
		return
	}
	findings := handover.BrokenRules(config.declared, nil, nil)
	resp.Diagnostics.Append(announceBrokenRules(findings, config.organization.ValueString())...)
}

func (r *kindResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, diags := r.get(ctx, req.Plan.GetAttribute)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, organization, found := r.Begin(ctx, plan.organization, plan.timeouts.Create)
	defer cancel()
	resp.Diagnostics.Append(found...)
	if organization == nil {
		return
	}
	account := organization.MyAccount(r.MyAccountAPI)
	creation := takeover{account: account, plan: plan, action: "create the " + r.Thing, failure: notCreated}
	resp.Diagnostics.Append(r.takeOver(ctx, creation, resp.Private)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(r.set(ctx, resp.State.SetAttribute, r.completed(plan, account))...)
	resp.Diagnostics.Append(r.SetIdentity(ctx, resp.Identity, plan.organization)...)
}

func (r *kindResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, diags := r.get(ctx, req.State.GetAttribute)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.NoteRefresh()
	ctx, cancel := session.WithTimeout(ctx, state.timeouts.Read)
	defer cancel()
	resp.Diagnostics.Append(r.SetIdentity(ctx, resp.Identity, state.organization)...)
	refreshed, diags := r.refresh(ctx, state, resp.Private)
	resp.Diagnostics.Append(diags...)
	if refreshed != nil && !diags.HasError() {
		resp.Diagnostics.Append(r.set(ctx, resp.State.SetAttribute, *refreshed)...)
	}
}

func (r *kindResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, diags := r.get(ctx, req.Plan.GetAttribute)
	resp.Diagnostics.Append(diags...)
	state, diags := r.get(ctx, req.State.GetAttribute)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel, organization, found := r.Begin(ctx, plan.organization, plan.timeouts.Update)
	defer cancel()
	resp.Diagnostics.Append(found...)
	if organization == nil {
		return
	}
	account := organization.MyAccount(r.MyAccountAPI)
	if state.place() == account.API {
		state.declared, diags = r.update(ctx, account, state, plan, resp.Private)
	} else {
		action := fmt.Sprintf("move the %s to %s", r.Thing, placeNames[account.API])
		move := takeover{account: account, plan: plan, action: action, failure: notMoved}
		diags = r.takeOver(ctx, move, resp.Private)
	}
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.set(ctx, resp.State.SetAttribute, state)...) // with what was reached
	} else {
		resp.State.Raw = req.Plan.Raw
		resp.Diagnostics.Append(r.set(ctx, resp.State.SetAttribute, r.completed(plan, account))...)
	}
	resp.Diagnostics.Append(r.SetIdentity(ctx, resp.Identity, state.organization)...)
}

func (r *kindResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, diags := r.get(ctx, req.State.GetAttribute)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := session.WithTimeout(ctx, state.timeouts.Delete)
	defer cancel()
	resp.Diagnostics.Append(r.SetIdentity(ctx, resp.Identity, state.organization)...)
	resp.Diagnostics.Append(r.destroy(ctx, state, resp.Private)...)
}

func (r *kindResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	r.Resource.ImportState(ctx, req, resp)
	if r.Ready() && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("api"), string(r.MyAccountAPI))...)
	}
}
