package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
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

// settingsModel is a configuration, plan or state of the resource.
type settingsModel struct {
	organization, api, url, onDestroy types.String
	smsSender                         types.String // the sender that SMS OTP needs, as the configuration refers to it
	flags                             flags
	timeouts                          timeouts.Value
}

// attributeReader is a configuration, a plan or a state.
type attributeReader interface {
	GetAttribute(ctx context.Context, path path.Path, target any) diag.Diagnostics
}

// attributeWriter is a plan or a state.
type attributeWriter interface {
	SetAttribute(ctx context.Context, path path.Path, value any) diag.Diagnostics
}

func (k *settingsKind) get(ctx context.Context, from attributeReader, diags *diag.Diagnostics) settingsModel {
	model := settingsModel{flags: flags{}}
	get := func(name string, target any) { diags.Append(from.GetAttribute(ctx, path.Root(name), target)...) }
	get("organization", &model.organization)
	get("api", &model.api)
	get("on_destroy", &model.onDestroy)
	get("timeouts", &model.timeouts)
	if k.hasURL {
		get("url", &model.url)
	}
	if k.hasSender {
		get("sms_sender", &model.smsSender)
	}
	for _, attribute := range k.attributes() {
		var value types.Bool
		get(attribute.name, &value)
		model.flags[attribute.setting] = value
	}
	return model
}

// set writes what the provider decides; everything else is as configured.
func (k *settingsKind) set(ctx context.Context, to attributeWriter, model settingsModel, diags *diag.Diagnostics) {
	set := func(name string, value any) { diags.Append(to.SetAttribute(ctx, path.Root(name), value)...) }
	set("organization", model.organization)
	set("api", model.api)
	if k.hasURL {
		set("url", model.url)
	}
	for _, attribute := range k.attributes() {
		set(attribute.name, model.flags[attribute.setting])
	}
}

func (r *settingsResource) Metadata(
	_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = r.typeName
}

func (r *settingsResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"organization": organizationAttribute(),
		"api": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: "Where the settings are kept: `application` or `classic`. It follows the provider's " +
				"`my_account_api`; a change moves the resource to the other place and leaves the values in the old one.",
		},
		"on_destroy": onDestroyAttribute(r.defaults),
	}
	for _, attribute := range r.attributes() {
		attributes[attribute.name] = schema.BoolAttribute{
			Required: r.required, Optional: !r.required,
			MarkdownDescription: attribute.description + attribute.advice,
		}
	}
	if r.hasURL {
		attributes["url"] = schema.StringAttribute{Computed: true, MarkdownDescription: urlDescription}
	}
	if r.hasSender {
		attributes["sms_sender"] = smsSenderAttribute()
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: r.resourceDescription,
		Attributes:          attributes,
		Blocks:              map[string]schema.Block{"timeouts": timeoutsBlock(ctx)},
	}
}

const urlDescription = "Address at which the organization's users open the portal."

// smsSenderAttribute is the same wherever SMS OTP can be declared.
func smsSenderAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "The SMS sender that SMS OTP needs, as a reference: `asgardeo_sms_sender.<name>.name`. So Terraform creates " +
			"the sender before SMS OTP goes on, and deletes it after SMS OTP went off. A plan that has it looks for no sender.",
		Validators: []validator.String{senderNameValidator},
	}
}

func (r *settingsResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = organizationIdentitySchema()
}

// ValidateConfig finds contradictions among the declared settings. Those with live values are found in ModifyPlan.
func (r *settingsResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	config := r.get(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	declared := config.flags
	if len(declared.declared()) == 0 && !r.required {
		resp.Diagnostics.AddError("No setting declared", fmt.Sprintf("The block declares none of the %s, so there is nothing that Terraform "+
			"could manage. Set at least one to true or false: %s.", r.thing, namesOf(r.settings, ", ")))
		return
	}
	resp.Diagnostics.Append(
		judge(declared.known(), declared, declared.declared(), config.organization.ValueString())...)
}

func (r *settingsResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.data = configured(req.ProviderData, &resp.Diagnostics)
}

func (r *settingsResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan := r.get(ctx, req.Plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, plan.timeouts.Create, &resp.Diagnostics)
	defer cancel()
	account := r.data.useAccount(plan.organization, &resp.Diagnostics)
	if account == nil {
		return
	}
	resp.Diagnostics.Append(r.takeOver(ctx, r.data, r.creation(account, plan), resp.Private)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.State.Raw = req.Plan.Raw
	r.set(ctx, &resp.State, r.completed(plan, account), &resp.Diagnostics)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, plan.organization)...)
}

func (r *settingsResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := r.get(ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.data.refresh()
	ctx, cancel := withTimeout(ctx, state.timeouts.Read, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.organization)...)
	if r.read(ctx, r.data, &state, resp.Private, &resp.Diagnostics) {
		r.set(ctx, &resp.State, state, &resp.Diagnostics)
	}
}

func (r *settingsResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan := r.get(ctx, req.Plan, &resp.Diagnostics)
	state := r.get(ctx, req.State, &resp.Diagnostics)
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
		resp.Diagnostics.Append(r.update(ctx, r.data, account, state.flags, plan, resp.Private)...)
	} else {
		resp.Diagnostics.Append(r.takeOver(ctx, r.data, r.move(account, plan), resp.Private)...)
	}
	if resp.Diagnostics.HasError() {
		resp.State.Raw = req.State.Raw
		r.set(ctx, &resp.State, state, &resp.Diagnostics) // with what was reached
	} else {
		resp.State.Raw = req.Plan.Raw
		r.set(ctx, &resp.State, r.completed(plan, account), &resp.Diagnostics)
	}
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.organization)...)
}

func (r *settingsResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := r.get(ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, state.timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.organization)...)
	r.destroy(ctx, r.data, state, resp.Private, &resp.Diagnostics)
}

func (r *settingsResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	importOrganization(ctx, r.data, req, resp)
	if r.data.ready() && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("api"), string(r.data.myAccountAPI))...)
	}
}
