// Package loginflow manages the whole login flow of an organization's portal, for those whom the second factors alone
// are not enough.
package loginflow

import (
	"context"

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
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

var _ session.ManagedResource = (*flowResource)(nil)

// flowResource manages the whole login flow of the portal. Every organization has one, so it is taken over rather
// than created, and handed back rather than deleted.
type flowResource struct {
	session.Resource
}

const (
	// TypeName is what configurations call the resource and the data source.
	TypeName = "asgardeo_my_account_login_flow"
	thing    = "login flow"
)

// NewResource returns the resource for a whole login flow.
func NewResource() resource.Resource {
	return &flowResource{session.Resource{TypeName: TypeName, Thing: thing}}
}

func (r *flowResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
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
			"organization": session.OrganizationAttribute(),
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
			"sms_sender": smsrule.Attribute(),
			"on_destroy": session.OnDestroyAttribute(onDestroyDescription, handover.Restore, handover.Reset, handover.Keep),
			"type": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "`USER_DEFINED` for a flow of the application's own, which this resource always writes. " +
					"`DEFAULT` for the server's, which an imported resource may have.",
			},
			"application_id": schema.StringAttribute{
				Computed: true, MarkdownDescription: "Id of the application \"My Account\".",
			},
		},
		Blocks: map[string]schema.Block{"timeouts": session.TimeoutsBlock(ctx)},
	}
}

func (r *flowResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	diags := &resp.Diagnostics
	var plan model
	diags.Append(req.Plan.Get(ctx, &plan)...)
	if diags.HasError() {
		return
	}
	ctx, cancel, organization, found := r.Begin(ctx, plan.Organization, plan.Timeouts.Create)
	defer cancel()
	diags.Append(found...)
	if organization == nil {
		return
	}
	diags.Append(r.write(ctx, organization, plan, "create the login flow",
		func(found asgardeo.Application, err error) diag.Diagnostics {
			if err != nil {
				return r.putBack(ctx, organization, found.Flow, plan, err)
			}
			r.NoteTaken(handover.FactorsClaim(organization.Name()))
			plan.ApplicationID = types.StringValue(found.ID)
			earlier, _ := r.Left(handover.FlowClaim(organization.Name())).(flowRecord)
			record := newRecord(organization, found.Flow).following(earlier)
			session.SaveRecord(ctx, resp.Private, record.wrote(plan.flow()).encode())
			return nil
		})...)
	if diags.HasError() {
		return
	}
	diags.Append(resp.State.Set(ctx, &plan)...)
	diags.Append(r.SetIdentity(ctx, resp.Identity, plan.Organization)...)
}

// Read refreshes the flow. What it finds right after an import is recorded as what was there before Terraform.
func (r *flowResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	diags := &resp.Diagnostics
	var state model
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	r.NoteRefresh()
	ctx, cancel := session.WithTimeout(ctx, state.Timeouts.Read)
	defer cancel()
	diags.Append(r.SetIdentity(ctx, resp.Identity, state.Organization)...)
	imported := state.Steps.IsNull()
	if !r.Ready() && !imported {
		diags.Append(r.NotRefreshed(state.Organization)...)
		return
	}
	organization, reasons := r.Organization(state.Organization)
	diags.Append(reasons...)
	if organization == nil {
		return
	}
	record, _ := loadRecord(ctx, req.Private, state.Organization, organization)
	// This comes before the call, so that no other resource misses it.
	r.NoteState(handover.FlowClaim(organization.Name()), record)
	live, err := organization.RecentApplication(ctx)
	if err != nil {
		diags.Append(session.UnableTo("read the login flow", err)...)
		return
	}
	if imported {
		session.SaveRecord(ctx, resp.Private, newRecord(organization, live.Flow).encode())
	}
	state.attributes = state.refreshed(live)
	diags.Append(resp.State.Set(ctx, &state)...)
}

func (r *flowResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	diags := &resp.Diagnostics
	var plan, state model
	diags.Append(req.Plan.Get(ctx, &plan)...)
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	diags.Append(r.SetIdentity(ctx, resp.Identity, state.Organization)...)
	ctx, cancel, organization, found := r.Begin(ctx, plan.Organization, plan.Timeouts.Update)
	defer cancel()
	diags.Append(found...)
	if organization == nil {
		return
	}
	if plan.differs(state.attributes) {
		record, loaded := loadRecord(ctx, req.Private, state.Organization, organization)
		diags.Append(loaded...)
		diags.Append(r.write(ctx, organization, plan, "update the login flow",
			func(found asgardeo.Application, err error) diag.Diagnostics {
				switch {
				case asgardeo.IsUnsettled(err):
					session.SaveRecord(ctx, resp.Private, record.mayHaveWritten(plan.flow()).encode())
					return nil
				case err != nil:
					return nil
				}
				session.SaveRecord(ctx, resp.Private, record.wrote(plan.flow()).encode())
				return announceOvertaken(organization, found.Flow, state, plan)
			})...)
	}
	if diags.HasError() {
		return
	}
	diags.Append(resp.State.Set(ctx, &plan)...)
}

func (r *flowResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	diags := &resp.Diagnostics
	var state model
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	ctx, cancel := session.WithTimeout(ctx, state.Timeouts.Delete)
	defer cancel()
	diags.Append(r.SetIdentity(ctx, resp.Identity, state.Organization)...)
	diags.Append(r.handBack(ctx, state, req.Private)...)
}
