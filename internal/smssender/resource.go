// Package smssender manages an organization's connection to the gateway that sends its SMS passcodes.
package smssender

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

var (
	_ resource.ResourceWithConfigure      = (*senderResource)(nil)
	_ resource.ResourceWithIdentity       = (*senderResource)(nil)
	_ resource.ResourceWithImportState    = (*senderResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*senderResource)(nil)
	_ resource.ResourceWithValidateConfig = (*senderResource)(nil)
)

// senderResource manages an organization's connection to an SMS gateway, which SMS OTP needs.
type senderResource struct {
	data *session.Data
}

func NewResource() resource.Resource {
	return &senderResource{}
}

func (r *senderResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "asgardeo_sms_sender"
}

func (r *senderResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.data = session.Configured(req.ProviderData, &resp.Diagnostics)
}

func (r *senderResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	diags := &resp.Diagnostics
	var plan, config senderModel
	diags.Append(req.Plan.Get(ctx, &plan)...)
	diags.Append(req.Config.Get(ctx, &config)...)
	if diags.HasError() {
		return
	}
	ctx, cancel := session.WithTimeout(ctx, plan.Timeouts.Create, diags)
	defer cancel()
	organization, found := r.data.Organization(plan.Organization)
	diags.Append(found...)
	if organization == nil {
		return
	}
	sender, _ := plan.update(asgardeo.SMSSender{Name: asgardeo.SMSSenderName}, config, senderModel{})
	err := createSender(ctx, r.data, organization, sender)
	if explain.IsKind(err, asgardeo.Conflict) && r.data.CreatedSender(organization.Name()) {
		diags.Append(senderCreatedTwice(organization.Name())...)
		return
	}
	if err != nil {
		diags.Append(senderError("create the SMS sender", err)...)
		return
	}
	r.data.Sender(organization.Name(), func(notes *handover.SenderNotes) { notes.Created = true })
	diags.Append(resp.State.Set(ctx, &plan)...)
	diags.Append(setSenderIdentity(ctx, resp.Identity, plan.Organization)...)
}

// createSender creates the sender. One that stayed although its resource was destroyed is replaced: SMS OTP needs it
// all the time.
func createSender(
	ctx context.Context, data *session.Data, organization *asgardeo.Organization, sender asgardeo.SMSSender,
) error {
	if !smsrule.ReplaceSenderThatStayed(data, organization.Name()) {
		return organization.CreateSMSSender(ctx, sender)
	}
	return organization.UpdateSMSSender(ctx, func(asgardeo.SMSSender) (asgardeo.SMSSender, error) { return sender, nil })
}

func (r *senderResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	diags := &resp.Diagnostics
	var state senderModel
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	r.data.NoteRefresh()
	ctx, cancel := session.WithTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	// Also before a removal: the framework asks for the identity of what goes.
	diags.Append(setSenderIdentity(ctx, resp.Identity, state.Organization)...)
	imported := state.ProviderName.IsNull()
	r.data.Sender(state.Organization.ValueString(), func(notes *handover.SenderNotes) { notes.InState = true })
	if !r.data.Ready() && !imported {
		diags.Append(r.data.NotRefreshed("SMS sender", state.Organization))
		return
	}
	organization, found := r.data.Organization(state.Organization)
	diags.Append(found...)
	if organization == nil {
		return
	}
	live, err := organization.ExpectedSMSSender(ctx)
	switch {
	case err != nil:
		diags.Append(senderError("read the SMS sender", err)...)
		return
	case live == nil && imported:
		diags.Append(senderNotImported(organization.Name())...)
		return
	case live == nil:
		resp.State.RemoveResource(ctx)
		return
	case imported && live.Irreplaceable():
		diags.Append(authenticationFound(live, organization.Name())...)
	}
	state.read(live)
	diags.Append(resp.State.Set(ctx, &state)...)
}

func (r *senderResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	diags := &resp.Diagnostics
	var plan, config, state senderModel
	diags.Append(req.Plan.Get(ctx, &plan)...)
	diags.Append(req.Config.Get(ctx, &config)...)
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	ctx, cancel := session.WithTimeout(ctx, plan.Timeouts.Update, diags)
	defer cancel()
	diags.Append(setSenderIdentity(ctx, resp.Identity, plan.Organization)...)
	organization, found := r.data.Organization(plan.Organization)
	diags.Append(found...)
	if organization == nil {
		return
	}
	if plan.sendsNothing(state, config) {
		diags.Append(resp.State.Set(ctx, &plan)...)
		return
	}
	err := organization.UpdateSMSSender(ctx, func(live asgardeo.SMSSender) (asgardeo.SMSSender, error) {
		diags.Append(state.changedOutside(&live)...)
		sender, lost := plan.update(live, config, state)
		if !lost.HasError() {
			lost = lostSecrets(sender)
		}
		if lost.HasError() {
			return sender, session.Refusal{Diagnostics: lost}
		}
		return sender, nil
	})
	if err != nil {
		diags.Append(senderError("update the SMS sender", err)...)
		return
	}
	diags.Append(resp.State.Set(ctx, &plan)...)
}

// changedOutside warns of fields that somebody else changed since the plan was made.
func (m *senderModel) changedOutside(live *asgardeo.SMSSender) diag.Diagnostics {
	now := *m
	now.read(live)
	planned, found := m.arguments(), now.arguments()
	names := slices.Sorted(maps.Keys(found))
	names = slices.DeleteFunc(names, func(name string) bool { return planned[name].Equal(found[name]) })
	if len(names) == 0 {
		return nil
	}
	return senderChangedOutside(names, m.Organization.ValueString())
}

func (r *senderResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	diags := &resp.Diagnostics
	var state senderModel
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	ctx, cancel := session.WithTimeout(ctx, state.Timeouts.Delete, diags)
	defer cancel()
	diags.Append(setSenderIdentity(ctx, resp.Identity, state.Organization)...)
	if state.keeps() {
		r.data.Sender(state.Organization.ValueString(), func(notes *handover.SenderNotes) { notes.Kept = true })
		return
	}
	organization, found := r.data.Organization(state.Organization)
	diags.Append(found...)
	if organization == nil {
		return
	}
	stays, err := smsrule.DeleteSender(ctx, r.data, organization, req.Private)
	diags.Append(stays...)
	if err != nil {
		diags.Append(senderError("delete the SMS sender", err)...)
	}
}

func (r *senderResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = session.OrganizationIdentitySchema()
	resp.IdentitySchema.Attributes["name"] = identityschema.StringAttribute{
		OptionalForImport: true,
		Description:       "Name of the sender. Default, and the only one there is: " + asgardeo.SMSSenderName + ".",
	}
}

func (r *senderResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	organization, found := session.ImportedOrganization(ctx, r.data, req)
	resp.Diagnostics.Append(found...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(checkSenderName(ctx, req.Identity)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("organization"), organization)...)
	resp.Diagnostics.Append(setSenderIdentity(ctx, resp.Identity, organization)...)
}

// setSenderIdentity is called on every path that ends with state, and before a removal.
func setSenderIdentity(
	ctx context.Context, identity *tfsdk.ResourceIdentity, organization types.String,
) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.Set(ctx, struct {
		Organization types.String `tfsdk:"organization"`
		Name         types.String `tfsdk:"name"`
	}{organization, types.StringValue(asgardeo.SMSSenderName)})
}

// checkSenderName accepts an import identity without a name, or with the only one there is.
func checkSenderName(ctx context.Context, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	if identity == nil || identity.Raw.IsNull() {
		return nil
	}
	var name types.String
	diags := identity.GetAttribute(ctx, path.Root("name"), &name)
	if !name.IsNull() && name.ValueString() != asgardeo.SMSSenderName {
		diags.AddError("Invalid import identity", fmt.Sprintf(
			"The only SMS sender is named %q. Leave name out of the identity.", asgardeo.SMSSenderName))
	}
	return diags
}
