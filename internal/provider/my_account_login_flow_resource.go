package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

var (
	_ resource.ResourceWithConfigure      = (*loginFlowResource)(nil)
	_ resource.ResourceWithIdentity       = (*loginFlowResource)(nil)
	_ resource.ResourceWithImportState    = (*loginFlowResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*loginFlowResource)(nil)
	_ resource.ResourceWithValidateConfig = (*loginFlowResource)(nil)
)

// loginFlowResource manages the whole login flow of the portal. Every organization has one, so it is taken over rather
// than created, and handed back rather than deleted.
type loginFlowResource struct {
	data *providerData
}

const loginFlowType = "asgardeo_my_account_login_flow"

func newMyAccountLoginFlowResource() resource.Resource {
	return &loginFlowResource{}
}

func (r *loginFlowResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = loginFlowType
}

func (r *loginFlowResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	name := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional: true, MarkdownDescription: description,
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		}
	}
	stepNumber := func(what string) schema.Int64Attribute {
		return schema.Int64Attribute{
			Optional: true, Computed: true, Default: int64default.StaticInt64(1),
			MarkdownDescription: "Number of the step that " + what + ", counted from 1. Default: `1`.",
			Validators:          []validator.Int64{int64validator.AtLeast(1)},
		}
	}
	// What is required in a step is the business of ValidateConfig: the framework takes the attributes of an element that
	// is not known yet, such as a variable during "terraform validate", for missing.
	options := schema.ListNestedAttribute{
		Optional:            true,
		MarkdownDescription: "What users can choose from, in any order. Every step needs it.",
		Validators:          []validator.List{listvalidator.SizeAtLeast(1)},
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"authenticator": name("Name of the authenticator, such as `BasicAuthenticator`, `totp` or " +
				"`GoogleOIDCAuthenticator`. Case matters. Every option needs it."),
			"connection": name("Name of the connection that the authenticator belongs to. Leave it out for the server's own " +
				"authenticators."),
		}},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Declares the whole login flow of an organization's My Account portal: every step, every " +
			"option, and the script. Every organization has a flow, so the resource takes it over and replaces it. If a " +
			"password and one step of second factors are enough, use `asgardeo_my_account_two_factor`, which is shorter.",
		Attributes: map[string]schema.Attribute{
			"organization": organizationAttribute(),
			"steps": schema.ListNestedAttribute{
				Required: true,
				MarkdownDescription: "The steps, in the order in which users go through them. In each of them, users choose one " +
					"of its options.",
				Validators:   []validator.List{listvalidator.SizeAtLeast(1)},
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{"options": options}},
			},
			"subject_step":   stepNumber("tells who the user is"),
			"attribute_step": stepNumber("the user's attributes come from"),
			"script": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Script that decides which steps are run (conditional authentication). Default: none, every " +
					"step is run in order. It needs the scope `internal_application_script_update`.",
				Validators: []validator.String{scriptValidator},
			},
			"sms_sender": smsSenderAttribute(),
			"on_destroy": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What happens to the flow when the resource is destroyed:\n\n" +
					"    - `restore` (default): the flow that was there when the resource was created or imported comes back, if " +
					"the flow still is what Terraform made of it. One that somebody has changed since stays.\n" +
					"    - `reset`: the server's default flow comes back.\n" +
					"    - `keep`: nothing is changed; Terraform only forgets the resource.\n\n" +
					"    The plan shows the flow that comes back. The value that counts is the one last applied.",
				Validators: []validator.String{choiceValidator("on_destroy", onDestroyRestore, onDestroyReset, onDestroyKeep)},
			},
			"type": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "`USER_DEFINED` for a flow of the application's own, which this resource always writes. " +
					"`DEFAULT` for the server's, which an imported resource may have.",
			},
			"application_id": schema.StringAttribute{
				Computed: true, MarkdownDescription: "Id of the application \"My Account\".",
			},
		},
		Blocks: map[string]schema.Block{"timeouts": timeoutsBlock(ctx)},
	}
}

func (r *loginFlowResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = organizationIdentitySchema()
}

func (r *loginFlowResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.data = configured(req.ProviderData, &resp.Diagnostics)
}

func (r *loginFlowResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan loginFlowModel
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
	found, diags, err := r.write(ctx, organization, plan, "create the login flow")
	resp.Diagnostics.Append(diags...)
	if err != nil {
		resp.Diagnostics.Append(r.putBackFlow(ctx, organization, found.Flow, plan, err)...)
		return
	}
	r.data.NoteTaken(handover.FactorsClaim(organization.Name()))
	plan.ApplicationID = types.StringValue(found.ID)
	record := r.inheritFlow(organization, found.Flow).wrote(plan.flow())
	resp.Diagnostics.Append(saveFlowRecord(ctx, resp.Private, record)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, plan.Organization)...)
}

// Read refreshes the flow. What it finds right after an import is recorded as what was there before Terraform.
func (r *loginFlowResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state loginFlowModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.data.NoteRefresh()
	ctx, cancel := withTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.Organization)...)
	imported := state.Steps.IsNull()
	if !r.data.ready() && !imported {
		resp.Diagnostics.Append(r.data.notRefreshed("login flow", state.Organization))
		return
	}
	organization := r.data.use(state.Organization, &resp.Diagnostics)
	if organization == nil {
		return
	}
	record, _ := loadFlowRecord(ctx, req.Private, state.Organization, organization)
	r.data.NoteState(handover.FlowClaim(organization.Name()), record) // before the call, so that no other resource misses it
	live, err := organization.RecentApplication(ctx)
	if err != nil {
		addError(&resp.Diagnostics, "read the login flow", err)
		return
	}
	if imported {
		resp.Diagnostics.Append(saveFlowRecord(ctx, resp.Private, newFlowRecord(organization, live.Flow))...)
	}
	state.flowAttributes = state.refreshed(live)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}

func (r *loginFlowResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state loginFlowModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.Organization)...)
	organization := r.data.use(plan.Organization, &resp.Diagnostics)
	if organization == nil {
		return
	}
	if plan.differs(state.flowAttributes) {
		record, loaded := loadFlowRecord(ctx, req.Private, state.Organization, organization)
		resp.Diagnostics.Append(loaded...)
		found, diags, err := r.write(ctx, organization, plan, "update the login flow")
		resp.Diagnostics.Append(diags...)
		if isUnsettled(err) {
			resp.Diagnostics.Append(saveFlowRecord(ctx, resp.Private, record.mayHaveWritten(plan.flow()))...)
		}
		if err != nil {
			return
		}
		resp.Diagnostics.Append(announceOvertaken(organization, found.Flow, state, plan)...)
		resp.Diagnostics.Append(saveFlowRecord(ctx, resp.Private, record.wrote(plan.flow()))...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

var errNoSender = errors.New("SMS OTP has no sender that could send it")

// write makes the live flow the planned one, and returns what it found. What is wrong with that is in the diagnostics,
// an error too.
func (r *loginFlowResource) write(
	ctx context.Context, organization *asgardeo.Organization, plan loginFlowModel, action string,
) (found asgardeo.Application, diags diag.Diagnostics, err error) {
	done, err := r.data.Turn(ctx, organization.Name())
	if err != nil {
		addError(&diags, action, err)
		return found, diags, err
	}
	defer done()
	sms, sends := plan.smsOTP()
	checkSender := senderOnce(ctx, r.data, organization, sms)
	var sender diag.Diagnostics
	err = organization.ChangeLoginFlow(ctx, func(live asgardeo.Application) (asgardeo.LoginFlow, error) {
		found = live
		if sends && !live.Flow.SendsSMS() {
			if sender = checkSender(); sender.HasError() {
				return live.Flow, errNoSender
			}
		}
		return plan.flow(), nil
	})
	switch {
	case errors.Is(err, errNoSender):
		diags.Append(sender...)
	case err != nil:
		addError(&diags, action, err)
	default:
		diags.Append(sender...)
		diags.Append(deleteSenderThatStayed(ctx, r.data, organization)...)
	}
	return found, diags, err
}

func (r *loginFlowResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state loginFlowModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.Organization)...)
	resp.Diagnostics.Append(r.handBack(ctx, state, req.Private)...)
}

func (r *loginFlowResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	importOrganization(ctx, r.data, req, resp)
}
