// Package smssender manages an organization's connection to the gateway that sends its SMS passcodes.
package smssender

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

var (
	_ resource.ResourceWithConfigure      = (*connection)(nil)
	_ resource.ResourceWithIdentity       = (*connection)(nil)
	_ resource.ResourceWithImportState    = (*connection)(nil)
	_ resource.ResourceWithModifyPlan     = (*connection)(nil)
	_ resource.ResourceWithValidateConfig = (*connection)(nil)
)

const typeName = "asgardeo_sms_sender"

// connection manages an organization's connection to an SMS gateway, which SMS OTP needs.
type connection struct {
	data *session.Data
}

// NewResource returns the resource asgardeo_sms_sender.
func NewResource() resource.Resource { return &connection{} }

func (c *connection) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

func (c *connection) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	c.data = session.Configured(req.ProviderData, &resp.Diagnostics)
}

func (c *connection) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	diags := &resp.Diagnostics
	var plan, config model
	diags.Append(req.Plan.Get(ctx, &plan)...)
	diags.Append(req.Config.Get(ctx, &config)...)
	if diags.HasError() {
		return
	}
	ctx, cancel := session.WithTimeout(ctx, plan.Timeouts.Create, diags)
	defer cancel()
	organization, found := c.data.Organization(plan.Organization)
	diags.Append(found...)
	if organization == nil {
		return
	}
	sender, _ := plan.update(asgardeo.SMSSender{Name: asgardeo.SMSSenderName}, config, model{})
	var err error
	if smsrule.ReplaceSenderThatStayed(c.data, organization.Name()) {
		// It stayed although its resource was destroyed: SMS OTP needs it all the time.
		err = organization.UpdateSMSSender(ctx, func(asgardeo.SMSSender) (asgardeo.SMSSender, error) { return sender, nil })
	} else {
		err = organization.CreateSMSSender(ctx, sender)
	}
	if asgardeo.IsKind(err, asgardeo.SenderExists) && c.data.CreatedSender(organization.Name()) {
		diags.Append(createdTwice(organization.Name())...)
		return
	}
	if err != nil {
		diags.Append(unableTo("create the SMS sender", err)...)
		return
	}
	c.data.Sender(organization.Name(), func(notes *handover.SenderNotes) { notes.Created = true })
	diags.Append(resp.State.Set(ctx, &plan)...)
	diags.Append(setIdentity(ctx, resp.Identity, plan.Organization)...)
}

func (c *connection) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	diags := &resp.Diagnostics
	var state model
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	c.data.NoteRefresh()
	ctx, cancel := session.WithTimeout(ctx, state.Timeouts.Read, diags)
	defer cancel()
	// Also before a removal: the framework asks for the identity of what goes.
	diags.Append(setIdentity(ctx, resp.Identity, state.Organization)...)
	imported := state.ProviderName.IsNull()
	c.data.Sender(state.Organization.ValueString(), func(notes *handover.SenderNotes) { notes.InState = true })
	if !c.data.Ready() && !imported {
		diags.Append(c.data.NotRefreshed("SMS sender", state.Organization))
		return
	}
	organization, found := c.data.Organization(state.Organization)
	diags.Append(found...)
	if organization == nil {
		return
	}
	live, err := organization.ExpectedSMSSender(ctx)
	switch {
	case err != nil:
		diags.Append(unableTo("read the SMS sender", err)...)
		return
	case live == nil && imported:
		diags.Append(notImported(organization.Name())...)
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

func (c *connection) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	diags := &resp.Diagnostics
	var plan, config, state model
	diags.Append(req.Plan.Get(ctx, &plan)...)
	diags.Append(req.Config.Get(ctx, &config)...)
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	ctx, cancel := session.WithTimeout(ctx, plan.Timeouts.Update, diags)
	defer cancel()
	diags.Append(setIdentity(ctx, resp.Identity, plan.Organization)...)
	organization, found := c.data.Organization(plan.Organization)
	diags.Append(found...)
	if organization == nil {
		return
	}
	if plan.sendsNothing(state, config) {
		diags.Append(resp.State.Set(ctx, &plan)...)
		return
	}
	err := organization.UpdateSMSSender(ctx, func(live asgardeo.SMSSender) (asgardeo.SMSSender, error) {
		if names := state.changedOutside(&live); names != "" {
			diags.Append(overwritten(names, organization.Name())...)
		}
		sender, lost := plan.update(live, config, state)
		if lost.HasError() {
			return sender, session.Refusal{Diagnostics: lost}
		}
		return sender, nil
	})
	if err != nil {
		diags.Append(unableTo("update the SMS sender", err)...)
		return
	}
	diags.Append(resp.State.Set(ctx, &plan)...)
}

// changedOutside names the arguments that somebody else changed since the plan was made.
func (m *model) changedOutside(live *asgardeo.SMSSender) string {
	now := *m
	now.read(live)
	planned, found := m.arguments(), now.arguments()
	maps.DeleteFunc(found, func(name string, value attr.Value) bool { return planned[name].Equal(value) })
	return strings.Join(slices.Sorted(maps.Keys(found)), ", ")
}

func (c *connection) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	diags := &resp.Diagnostics
	var state model
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	ctx, cancel := session.WithTimeout(ctx, state.Timeouts.Delete, diags)
	defer cancel()
	diags.Append(setIdentity(ctx, resp.Identity, state.Organization)...)
	if state.keeps() {
		c.data.Sender(state.Organization.ValueString(), func(notes *handover.SenderNotes) { notes.Kept = true })
		return
	}
	organization, found := c.data.Organization(state.Organization)
	diags.Append(found...)
	if organization == nil {
		return
	}
	stays, err := smsrule.DeleteSender(ctx, c.data, organization, req.Private)
	diags.Append(stays...)
	if err != nil {
		diags.Append(unableTo("delete the SMS sender", err)...)
	}
}

func (c *connection) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = session.OrganizationIdentitySchema()
	resp.IdentitySchema.Attributes["name"] = identityschema.StringAttribute{
		OptionalForImport: true,
		Description:       "Name of the sender. Default, and the only one there is: " + asgardeo.SMSSenderName + ".",
	}
}

func (c *connection) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	diags := &resp.Diagnostics
	organization, found := session.ImportedOrganization(ctx, c.data, req)
	diags.Append(found...)
	if diags.HasError() {
		return
	}
	name := types.StringNull() // an identity may leave it out
	if req.Identity != nil && !req.Identity.Raw.IsNull() {
		diags.Append(req.Identity.GetAttribute(ctx, path.Root("name"), &name)...)
	}
	if !name.IsNull() && name.ValueString() != asgardeo.SMSSenderName {
		diags.AddError("Invalid import identity", fmt.Sprintf(
			"The only SMS sender is named %q. Leave name out of the identity.", asgardeo.SMSSenderName))
	}
	diags.Append(resp.State.SetAttribute(ctx, path.Root("organization"), organization)...)
	diags.Append(setIdentity(ctx, resp.Identity, organization)...)
}

// setIdentity is called on every path that ends with state, and before a removal.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, organization types.String) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	diags := identity.SetAttribute(ctx, path.Root("organization"), organization)
	return append(diags, identity.SetAttribute(ctx, path.Root("name"), asgardeo.SMSSenderName)...)
}
