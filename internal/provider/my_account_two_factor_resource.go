package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

var (
	_ resource.ResourceWithConfigure        = (*myAccountTwoFactorResource)(nil)
	_ resource.ResourceWithConfigValidators = (*myAccountTwoFactorResource)(nil)
	_ resource.ResourceWithIdentity         = (*myAccountTwoFactorResource)(nil)
	_ resource.ResourceWithImportState      = (*myAccountTwoFactorResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*myAccountTwoFactorResource)(nil)
	_ resource.ResourceWithValidateConfig   = (*myAccountTwoFactorResource)(nil)
)

// myAccountTwoFactorResource chooses the second factors of an organization's My Account portal.
type myAccountTwoFactorResource struct {
	data      *providerData
	lifecycle lifecycle
}

func newMyAccountTwoFactorResource() resource.Resource {
	return &myAccountTwoFactorResource{lifecycle: lifecycle{
		typeName: "asgardeo_my_account_two_factor",
		thing:    "two-factor settings",
		settings: asgardeo.TwoFactor(),
	}}
}

type myAccountTwoFactorModel struct {
	Organization          types.String   `tfsdk:"organization"`
	EmailOTPEnabled       types.Bool     `tfsdk:"email_otp_enabled"`
	SMSOTPEnabled         types.Bool     `tfsdk:"sms_otp_enabled"`
	TOTPEnabled           types.Bool     `tfsdk:"totp_enabled"`
	TOTPEnrollmentEnabled types.Bool     `tfsdk:"totp_enrollment_enabled"`
	BackupCodesEnabled    types.Bool     `tfsdk:"backup_codes_enabled"`
	OnDestroy             types.String   `tfsdk:"on_destroy"`
	Timeouts              timeouts.Value `tfsdk:"timeouts"`
}

func (m *myAccountTwoFactorModel) flags() flags {
	return flags{
		asgardeo.EmailOTP:       &m.EmailOTPEnabled,
		asgardeo.SMSOTP:         &m.SMSOTPEnabled,
		asgardeo.TOTP:           &m.TOTPEnabled,
		asgardeo.TOTPEnrollment: &m.TOTPEnrollmentEnabled,
		asgardeo.BackupCodes:    &m.BackupCodesEnabled,
	}
}

func (m *myAccountTwoFactorModel) settings(private privateState) settingsState {
	return settingsState{organization: m.Organization, flags: m.flags(), onDestroy: m.OnDestroy, private: private}
}

func (r *myAccountTwoFactorResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.lifecycle.typeName
}

func (r *myAccountTwoFactorResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Chooses the second factors that an organization's My Account portal asks its users for, and what goes with them. " +
			"The settings exist in every organization, so the resource takes them over. It owns those that the configuration " +
			"declares, and only those: a setting that is left out is not kept in the state and not changed. At least one must be declared.",
		Attributes: map[string]schema.Attribute{
			"organization": organizationAttribute(),
			"email_otp_enabled": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether a one-time passcode sent by email is offered as second factor.",
			},
			"sms_otp_enabled": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether a one-time passcode sent by SMS is offered as second factor. It needs the organization's SMS sender " +
					"(`asgardeo_sms_sender`).",
			},
			"totp_enabled": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether the passcode of an authenticator app (TOTP) is offered as second factor.",
			},
			"totp_enrollment_enabled": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether users may enroll an authenticator app while they sign in. Needs `totp_enabled`. Without it, users who have not enrolled " +
					"are told to contact their administrator.",
			},
			"backup_codes_enabled": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether users may sign in with backup codes. Needs at least one of the second factors.",
			},
			"on_destroy": onDestroyAttribute("everything is off"),
		},
		Blocks: map[string]schema.Block{"timeouts": timeoutsBlock(ctx)},
	}
}

func (r *myAccountTwoFactorResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = organizationIdentitySchema()
}

func (r *myAccountTwoFactorResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{resourcevalidator.AtLeastOneOf(
		path.MatchRoot("email_otp_enabled"),
		path.MatchRoot("sms_otp_enabled"),
		path.MatchRoot("totp_enabled"),
		path.MatchRoot("totp_enrollment_enabled"),
		path.MatchRoot("backup_codes_enabled"),
	)}
}

// ValidateConfig finds contradictions among the declared settings. Those with live values are found in ModifyPlan.
func (r *myAccountTwoFactorResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config myAccountTwoFactorModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	declared := config.flags()
	resp.Diagnostics.Append(judge(declared.known(), declared, declared.declared(), config.Organization.ValueString())...)
}

func (r *myAccountTwoFactorResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = configured(req.ProviderData, &resp.Diagnostics)
}

func (r *myAccountTwoFactorResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, plan, state myAccountTwoFactorModel
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
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	replaced, exists := moved(state.Organization, organization), !state.Organization.IsNull()
	if replaced {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("organization"))
		r.lifecycle.planDestroy(ctx, r.data, state.settings(req.Private), &resp.Diagnostics)
	} else {
		resp.Diagnostics.Append(r.lifecycle.announceRivals(r.data, organization, plan.flags(), exists)...)
	}
	var live asgardeo.Settings
	var prior flags // of what is updated
	if !exists || replaced {
		live = r.lifecycle.live(ctx, r.data, organization, &resp.Diagnostics)
		if live != nil {
			resp.Diagnostics.Append(r.lifecycle.announceTakeover(live, plan.flags(), organization.ValueString())...)
		}
	} else {
		live, prior = r.lifecycle.seen(r.data, organization), state.flags()
	}
	planned := plan.flags()
	changing := planned.changing(prior, live)
	resp.Diagnostics.Append(judge(planned.effective(live), planned, changing, organization.ValueString())...)
	if len(live) > 0 {
		r.data.planSMSOTP(ctx, organization, planned, slices.Contains(changing, asgardeo.SMSOTP), &resp.Diagnostics)
	}
}

func (r *myAccountTwoFactorResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan myAccountTwoFactorModel
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
	resp.Diagnostics.Append(r.lifecycle.create(ctx, r.data, organization, plan.flags(), resp.Private, r.data.smsOTPCheck(organization))...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, plan.Organization)...)
}

func (r *myAccountTwoFactorResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state myAccountTwoFactorModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.Organization)...)
	if r.lifecycle.read(ctx, r.data, state.Organization, state.flags(), resp.Private, &resp.Diagnostics) {
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	}
}

func (r *myAccountTwoFactorResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state myAccountTwoFactorModel
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
	resp.Diagnostics.Append(r.lifecycle.update(ctx, r.data, organization, state.flags(), plan.flags(), resp.Private, r.data.smsOTPCheck(organization))...)
	result := &plan
	if resp.Diagnostics.HasError() {
		result = &state
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, result)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, result.Organization)...)
}

func (r *myAccountTwoFactorResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state myAccountTwoFactorModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.Organization)...)
	r.lifecycle.destroy(ctx, r.data, state.settings(resp.Private), &resp.Diagnostics)
}

func (r *myAccountTwoFactorResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	importOrganization(ctx, r.data, req, resp)
}
