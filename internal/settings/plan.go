package settings

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

// ModifyPlan fills in what the provider decides, and says what the plan does to others before anything is written.
func (r *settingsResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	exists := !req.State.Raw.IsNull()
	var state settingsModel
	if exists {
		var diags diag.Diagnostics
		state, diags = r.get(ctx, req.State)
		resp.Diagnostics.Append(diags...)
	}
	if req.Plan.Raw.IsNull() {
		if !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(r.planDestroy(ctx, state, req.Private)...)
		}
		return
	}
	plan, diags := r.get(ctx, req.Plan)
	resp.Diagnostics.Append(diags...)
	config, diags := r.get(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	organization, diags := r.data.PlanOrganization(config.organization, state.organization)
	resp.Diagnostics.Append(diags...)
	plan.organization = organization
	plan.api = r.data.PlanAPI(plan.api)
	plan.url = r.data.PlanURL(organization, state.organization, plan.url)
	resp.Diagnostics.Append(r.set(ctx, &resp.Plan, plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if exists && session.LeavesOrganization(state.organization, organization) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("organization"))
		resp.Diagnostics.Append(r.planDestroy(ctx, state, req.Private)...)
		state, exists = settingsModel{}, false
	} else {
		if exists || !r.noteReplacement(ctx, plan, resp.Private) {
			resp.Diagnostics.Append(r.noteDeclared(plan, exists)...)
		}
		if r.inLoginFlow() {
			resp.Diagnostics.Append(session.RefuseBesideWholeFlow(r.data, organization)...)
		}
	}
	if exists || !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.planSettings(ctx, state, plan, req.Private)...)
	}
}

// settingsPlan is a plan of settings, and what it is compared with.
type settingsPlan struct {
	settingsModel
	prior handover.Declared // what the resource has in this place already
	live  *asgardeo.Reading // what the organization has there, as far as that is known
	// arrives says that the resource had its settings in the other place. "terraform destroy" plans this, too, before it
	// hands back what is there. So what is wrong with the new place must not stop the plan: applying it does.
	arrives bool
	// repairs says that Terraform has made the planned values real before: what is different now was changed by somebody
	// else. Such a plan must not fail for what that makes impossible, since "terraform destroy" makes it, too, before its
	// own. Applying it fails.
	repairs bool
}

// planSettings judges the planned values with what the organization has, and announces what they change.
func (r *settingsResource) planSettings(
	ctx context.Context, state, plan settingsModel, private session.PrivateState,
) diag.Diagnostics {
	var diags diag.Diagnostics
	p := settingsPlan{settingsModel: plan}
	exists := state.organization.ValueString() != ""
	switch {
	case exists && r.data.Ready() && session.PlaceOf(state.api) != r.data.MyAccountAPI:
		p.arrives = true
		var found diag.Diagnostics
		p.live, found = r.readForPlan(ctx, plan.organization)
		diags.Append(session.AsWarnings(found)...)
		diags.Append(r.announceTakeover(p)...)
	case exists:
		content, _ := private.GetKey(ctx, session.RecordKey)
		record, _ := handover.Decode(content, handover.Place{})
		p.prior, p.repairs = state.declared, record.Made(plan.declared.Values())
		p.live = r.readByRefresh(plan.organization)
		diags.Append(r.announceAdditions(p)...)
	default:
		p.live, diags = r.readForPlan(ctx, plan.organization)
		diags.Append(r.announceTakeover(p)...)
	}
	if p.live == nil {
		p.live = &asgardeo.Reading{}
	}
	changing := plan.declared.Changing(p.prior, p.live.Settings)
	diags.Append(r.judgePlan(p, changing)...)
	if r.data.Ready() && r.data.MyAccountAPI == portal.ApplicationAPI {
		diags.Append(announceSideEffects(p, changing)...)
	}
	if len(p.live.Settings) > 0 {
		diags.Append(smsrule.PlanSMSOTP(ctx, r.data, smsrule.Plan{
			Organization: plan.organization, Value: plan.declared.Values()[portal.SMSOTP],
			Argument: smsrule.TwoFactorArgument(
				plan.smsSender,
			), Changing: slices.Contains(changing, portal.SMSOTP) && !p.repairs,
		})...)
	}
	return diags
}

// judgePlan says what the rules of the product or the login flow refuse.
func (r *settingsResource) judgePlan(p settingsPlan, changing []portal.Setting) diag.Diagnostics {
	diags := brokenRules(handover.Judge(p.declared, p.prior, p.live.Settings), p.organization.ValueString())
	broken := diags.HasError()
	if p.repairs {
		diags = session.AsWarnings(diags)
	}
	if broken || len(p.declared.Values()) < len(p.declared) { // what is not known yet is judged by the apply
		return diags
	}
	flow := r.announceFlow(p, changing)
	if p.arrives || p.repairs {
		flow = session.AsWarnings(flow)
	}
	return append(diags, flow...)
}

// readForPlan returns what the organization has now in the place where the provider wants the settings, for the plan
// of a resource that has nothing there yet. It is nil while that cannot be told.
func (r *settingsResource) readForPlan(
	ctx context.Context, name types.String,
) (*asgardeo.Reading, diag.Diagnostics) {
	if r.data == nil {
		return nil, nil
	}
	var diags diag.Diagnostics
	if missing := r.data.UnknownFor(name); len(missing) > 0 {
		diags.AddWarning(fmt.Sprintf("Taking over the %s of %s: not compared", r.thing, session.NameInText(name)),
			fmt.Sprintf(settingsNotCompared, strings.Join(missing, ", ")))
		return nil, diags
	}
	organization, found := r.data.Organization(name)
	diags.Append(found...)
	if organization == nil {
		return nil, diags
	}
	live, err := organization.MyAccount(r.data.MyAccountAPI).Recent(ctx, r.settings...)
	if err != nil {
		diags.Append(session.UnableTo("plan the "+r.thing, err))
		return nil, diags
	}
	return live, diags
}

// readByRefresh returns what the refresh of this run has read already. That is nothing in a plan without refresh and in
// the check of a plan that is about to be applied: the write judges again, with what is live then.
func (r *settingsResource) readByRefresh(name types.String) *asgardeo.Reading {
	if !r.data.Ready() || name.IsUnknown() {
		return nil
	}
	organization, _ := r.data.Organization(name) // the refresh has reported what is wrong with it
	if organization == nil {
		return nil
	}
	return organization.MyAccount(r.data.MyAccountAPI).Seen(r.settings...)
}

// completed is a plan with what is known after its apply.
func (r *settingsResource) completed(plan settingsModel, account *asgardeo.MyAccount) settingsModel {
	plan.api = types.StringValue(string(account.API()))
	plan.url = r.data.PortalURL(plan.organization)
	return plan
}
