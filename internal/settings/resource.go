// Package settings manages the settings of My Account that every organization has: the portal and its second factors. A
// resource takes them over rather than creates them, and hands them back rather than deletes them.
package settings

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/validators"
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
	*Kind
	data *session.Data
}

func (r *settingsResource) Metadata(
	_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = r.TypeName
}

func (r *settingsResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"organization": session.OrganizationAttribute(),
		"api": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: "Where the settings are kept: `application` or `classic`. It follows the provider's " +
				"`my_account_api`; a change moves the resource to the other place and leaves the values in the old one.",
		},
		"on_destroy": onDestroyAttribute(r.defaults),
	}
	for _, attribute := range r.AttributesOf() {
		attributes[attribute.Name()] = schema.BoolAttribute{
			Required: r.required, Optional: !r.required,
			MarkdownDescription: attribute.Description + attribute.advice,
		}
	}
	if r.hasURL {
		attributes["url"] = schema.StringAttribute{Computed: true, MarkdownDescription: urlDescription}
	}
	if r.hasSender {
		attributes["sms_sender"] = smsrule.Attribute()
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: r.resourceDescription,
		Attributes:          attributes,
		Blocks:              map[string]schema.Block{"timeouts": session.TimeoutsBlock(ctx)},
	}
}

func (r *settingsResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = session.OrganizationIdentitySchema()
}

func (r *settingsResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.data = session.Configured(req.ProviderData, &resp.Diagnostics)
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
	ctx, cancel := session.WithTimeout(ctx, plan.timeouts.Create, &resp.Diagnostics)
	defer cancel()
	organization, found := r.data.Organization(plan.organization)
	resp.Diagnostics.Append(found...)
	if organization == nil {
		return
	}
	account := organization.MyAccount(r.data.MyAccountAPI)
	creation := takeover{account, plan, "create the " + r.thing, notCreated}
	resp.Diagnostics.Append(r.takeOver(ctx, creation, resp.Private)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(r.set(ctx, &resp.State, r.completed(plan, account))...)
	resp.Diagnostics.Append(session.SetIdentity(ctx, resp.Identity, plan.organization)...)
}

func (r *settingsResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, diags := r.get(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.data.NoteRefresh()
	ctx, cancel := session.WithTimeout(ctx, state.timeouts.Read, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(session.SetIdentity(ctx, resp.Identity, state.organization)...)
	refreshed, diags := r.refresh(ctx, state, resp.Private)
	resp.Diagnostics.Append(diags...)
	if refreshed != nil && !diags.HasError() {
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
	ctx, cancel := session.WithTimeout(ctx, plan.timeouts.Update, &resp.Diagnostics)
	defer cancel()
	organization, found := r.data.Organization(plan.organization)
	resp.Diagnostics.Append(found...)
	if organization == nil {
		return
	}
	account := organization.MyAccount(r.data.MyAccountAPI)
	if session.PlaceOf(state.api) == account.API() {
		state.declared, diags = r.update(ctx, account, state, plan, resp.Private)
	} else {
		action := fmt.Sprintf("move the %s to %s", r.thing, placeNames[account.API()])
		diags = r.takeOver(ctx, takeover{account, plan, action, notMoved}, resp.Private)
	}
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		resp.State.Raw = req.State.Raw
		resp.Diagnostics.Append(r.set(ctx, &resp.State, state)...) // with what was reached
	} else {
		resp.State.Raw = req.Plan.Raw
		resp.Diagnostics.Append(r.set(ctx, &resp.State, r.completed(plan, account))...)
	}
	resp.Diagnostics.Append(session.SetIdentity(ctx, resp.Identity, state.organization)...)
}

func (r *settingsResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, diags := r.get(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := session.WithTimeout(ctx, state.timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(session.SetIdentity(ctx, resp.Identity, state.organization)...)
	resp.Diagnostics.Append(r.destroy(ctx, state, resp.Private)...)
}

func (r *settingsResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	session.ImportOrganization(ctx, r.data, req, resp)
	if r.data.Ready() && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("api"), string(r.data.MyAccountAPI))...)
	}
}

const urlDescription = "Address at which the organization's users open the portal."

func onDestroyAttribute(defaults string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "What happens to the settings when the resource is destroyed. They cannot be deleted, only " +
			"changed:\n\n" +
			"    - `restore` (default): each declared setting that still is what Terraform made of it goes back to what it " +
			"was when the resource was created or imported. What somebody else changed since stays.\n" +
			"    - `reset`: the declared settings go to Asgardeo's defaults: " + defaults + ".\n" +
			"    - `keep`: nothing is changed; Terraform only forgets the resource.\n\n" +
			"    The plan lists what will be written. The value that counts is the one last applied.",
		Validators: []validator.String{
			validators.Choice("on_destroy", session.OnDestroyRestore, session.OnDestroyReset, session.OnDestroyKeep),
		},
	}
}
