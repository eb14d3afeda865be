package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

var (
	_ resource.ResourceWithConfigure      = (*smsSenderResource)(nil)
	_ resource.ResourceWithIdentity       = (*smsSenderResource)(nil)
	_ resource.ResourceWithImportState    = (*smsSenderResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*smsSenderResource)(nil)
	_ resource.ResourceWithValidateConfig = (*smsSenderResource)(nil)
)

// smsSenderResource manages an organization's connection to an SMS gateway, which SMS OTP needs.
type smsSenderResource struct {
	data *providerData
}

func newSMSSenderResource() resource.Resource {
	return &smsSenderResource{}
}

func (r *smsSenderResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "asgardeo_sms_sender"
}

// ValidateConfig asks for what each gateway needs, and for second thoughts. Secrets are not needed: an imported sender has them on
// the server.
func (r *smsSenderResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config smsSenderModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.missing()...)
		resp.Diagnostics.Append(config.checkForms()...)
		resp.Diagnostics.Append(config.checkAuthentication()...)
	}
	if !resp.Diagnostics.HasError() { // which may be what the doubts are about
		resp.Diagnostics.Append(config.doubts()...)
	}
}

func (r *smsSenderResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = configured(req.ProviderData, &resp.Diagnostics)
}

func (r *smsSenderResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, plan, state smsSenderModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(r.data.announceDeletion(ctx, state, resp.Private)...)
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
	plan.Name = types.StringValue(asgardeo.SMSSenderName)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	replaced := moved(state.Organization, organization)
	if replaced {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("organization"))
		resp.Diagnostics.Append(r.data.announceDeletion(ctx, state, resp.Private)...)
	}
	rewired := plan.rewired(state.ProviderName.ValueString(), state.ProviderURL.ValueString())
	if replaced || rewired { // also where there is no state
		resp.Diagnostics.Append(config.missingSecrets()...)
	}
	if (replaced || req.State.Raw.IsNull()) && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.data.announceExisting(ctx, organization)...)
	}
	if !replaced && !req.State.Raw.IsNull() && !resp.Plan.Raw.Equal(req.State.Raw) && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.data.announceUpdate(plan, config, state)...)
	}
	if req.State.Raw.IsNull() && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.data.refuseLoss(plan)...)
	}
	resp.Diagnostics.Append(r.data.checkServerAuthentication(organization, config.Authentication)...)
	r.data.planSender(organization)
}

func (r *smsSenderResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config smsSenderModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	organization := r.data.use(plan.Organization, &resp.Diagnostics)
	if organization == nil {
		return
	}
	sender := plan.sender(asgardeo.SMSSender{Name: asgardeo.SMSSenderName})
	sender.Key, sender.Secret = config.key(), config.secret()
	if headers := config.HTTPHeadersWO.ValueString(); headers != "" {
		sender.Properties = sender.Properties.With(asgardeo.SenderHTTPHeaders, headers)
	}
	if !config.Authentication.IsNull() {
		sender.Authentication = declaredAuthentication(config.Authentication)
	}
	create := organization.CreateSMSSender
	if r.data.tookSenderThatStayed(organization.Name()) {
		// It is replaced by this one, and SMS OTP needs it all the time.
		create = func(ctx context.Context, sender asgardeo.SMSSender) error {
			return organization.UpdateSMSSender(ctx, sender.Name, func(asgardeo.SMSSender) (asgardeo.SMSSender, error) {
				return sender, nil
			})
		}
	}
	err := create(ctx, sender)
	if isKind(err, asgardeo.Conflict) && r.data.createdSender(organization.Name()) {
		resp.Diagnostics.AddError("Unable to create the SMS sender", fmt.Sprintf("Another asgardeo_sms_sender of this configuration has just created "+
			"the SMS sender of organization %q, which can have only one. Remove one of the two blocks.", organization.Name()))
		return
	}
	if err != nil {
		addSenderError(&resp.Diagnostics, "create the SMS sender", err)
		return
	}
	r.data.sender(organization.Name(), func(notes *senderNotes) { notes.created = true })
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(setSenderIdentity(ctx, resp.Identity, plan.Organization)...)
}

func (r *smsSenderResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state smsSenderModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.data.NoteRefresh()
	ctx, cancel := withTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	// Also before a removal: the framework asks for the identity of what goes.
	resp.Diagnostics.Append(setSenderIdentity(ctx, resp.Identity, state.Organization)...)
	imported := state.ProviderName.IsNull()
	r.data.sender(state.Organization.ValueString(), func(notes *senderNotes) { notes.inState = true })
	if !r.data.ready() && !imported {
		resp.Diagnostics.Append(r.data.notRefreshed("SMS sender", state.Organization))
		return
	}
	organization := r.data.use(state.Organization, &resp.Diagnostics)
	if organization == nil {
		return
	}
	live, exists, err := organization.SMSSender(ctx, asgardeo.SMSSenderName)
	if err != nil {
		addSenderError(&resp.Diagnostics, "read the SMS sender", err)
		return
	}
	if !exists && imported {
		resp.Diagnostics.AddError("Unable to import the SMS sender", fmt.Sprintf(
			"Organization %q has no SMS sender. Terraform creates it: apply the configuration without importing it.", organization.Name()))
		return
	}
	if !exists {
		resp.State.RemoveResource(ctx)
		return
	}
	if imported && live.Irreplaceable() {
		resp.Diagnostics.Append(announceAuthentication(live, organization.Name()))
	}
	state.read(live)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}

func (r *smsSenderResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, config, state smsSenderModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(setSenderIdentity(ctx, resp.Identity, plan.Organization)...)
	organization := r.data.use(plan.Organization, &resp.Diagnostics)
	if organization == nil {
		return
	}
	if plan.sendsNothing(state, config) {
		resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
		return
	}
	err := organization.UpdateSMSSender(ctx, asgardeo.SMSSenderName, func(live asgardeo.SMSSender) (asgardeo.SMSSender, error) {
		resp.Diagnostics.Append(state.changedOutside(live, organization.Name())...)
		return plan.update(live, config, state)
	})
	if err != nil {
		addSenderError(&resp.Diagnostics, "update the SMS sender", err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

func (r *smsSenderResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state smsSenderModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(setSenderIdentity(ctx, resp.Identity, state.Organization)...)
	if state.keeps() {
		r.data.sender(state.Organization.ValueString(), func(notes *senderNotes) { notes.kept = true })
		return
	}
	organization := r.data.use(state.Organization, &resp.Diagnostics)
	if organization == nil {
		return
	}
	r.data.deleteSender(ctx, organization, req.Private, &resp.Diagnostics)
}

func (r *smsSenderResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	organization := importedOrganization(ctx, r.data, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(checkSenderName(ctx, req.Identity)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("organization"), organization)...)
	resp.Diagnostics.Append(setSenderIdentity(ctx, resp.Identity, organization)...)
}
