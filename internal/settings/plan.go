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
func (r *kindResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	state, diags := r.get(ctx, req.State.GetAttribute) // which has nothing in the plan of a create
	resp.Diagnostics.Append(diags...)
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(r.planDestroy(ctx, state, req.Private)...)
		return
	}
	plan, diags := r.get(ctx, req.Plan.GetAttribute)
	resp.Diagnostics.Append(diags...)
	config, diags := r.get(ctx, req.Config.GetAttribute)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	organization, diags := r.PlanOrganization(config.organization, state.organization)
	resp.Diagnostics.Append(diags...)
	plan.organization = organization
	if r.Ready() {
		plan.api = types.StringValue(string(r.MyAccountAPI))
	}
	// Where nothing can be told, Terraform's proposal stands: the present one if nothing changes, else an unknown one.
	if url := r.PortalURL(organization); !url.IsUnknown() {
		plan.url = url
	}
	resp.Diagnostics.Append(r.set(ctx, resp.Plan.SetAttribute, plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	exists := !req.State.Raw.IsNull()
	if session.LeavesOrganization(state.organization, organization) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("organization"))
		resp.Diagnostics.Append(r.planDestroy(ctx, state, req.Private)...)
		state, exists = model{}, false
	} else {
		if exists || !r.noteReplacement(ctx, plan, resp.Private) {
			resp.Diagnostics.Append(r.declare(plan, exists)...)
		}
		resp.Diagnostics.Append(r.refuseBesideWholeFlow(organization)...)
	}
	if exists || !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.planSettings(ctx, state, plan, req.Private)...)
	}
}

// refuseBesideWholeFlow refuses to plan second factors where the whole login flow is planned, which they are a part of.
func (r *kindResource) refuseBesideWholeFlow(organization types.String) diag.Diagnostics {
	if !r.inLoginFlow || !r.Ready() || r.MyAccountAPI != portal.ApplicationAPI ||
		!r.IsDeclared(handover.FlowClaim(organization.ValueString())) {
		return nil
	}
	return session.WholeFlowAndFactors(organization.ValueString())
}

// comparison is a plan, and what it is compared with.
type comparison struct {
	model
	prior    handover.Declared // what the resource has in this place already
	live     *asgardeo.Reading // what the organization has there, as far as that is known
	changing []portal.Setting
	// arrives says that the resource had its settings in the other place. "terraform destroy" plans this, too, before it
	// hands back what is there. So what is wrong with the new place must not stop the plan: applying it does.
	arrives bool
	// repairs says that Terraform has made the planned values real before: what is different now was changed by somebody
	// else. Such a plan must not fail for what that makes impossible, since "terraform destroy" makes it, too, before its
	// own. Applying it fails.
	repairs bool
}

// planSettings compares the planned values with what the organization has, and announces what they change.
func (r *kindResource) planSettings(
	ctx context.Context, state, plan model, private session.PrivateState,
) diag.Diagnostics {
	var diags diag.Diagnostics
	exists := state.organization.ValueString() != ""
	c := comparison{model: plan, live: &asgardeo.Reading{}}
	c.arrives = exists && r.Ready() && state.place() != r.MyAccountAPI
	if exists && !c.arrives {
		record, _ := handover.Decode(session.LoadRecord(ctx, private), handover.Place{})
		c.prior, c.repairs = state.declared, record.MadeAll(plan.declared.Values())
		// The refresh of this run has read already. There is nothing in a plan without refresh, nor in the check of a plan
		// that is about to be applied: the write checks again, with what is live then.
		if account := r.accountOf(plan); account != nil {
			c.live = account.Known(r.settings...)
		}
		diags.Append(r.announceAdditions(c)...)
	} else {
		live, found := r.readForPlan(ctx, plan.organization)
		if c.arrives {
			found = session.AsWarnings(found)
		}
		diags.Append(found...)
		if live != nil {
			c.live = live
			diags.Append(r.announceTakeover(c)...)
		}
	}
	c.changing = plan.declared.Changing(c.prior, c.live.Settings)
	diags.Append(r.checkPlan(c)...)
	if r.Ready() && r.MyAccountAPI == portal.ApplicationAPI {
		diags.Append(announceSideEffects(c)...)
	}
	if len(c.live.Settings) > 0 {
		diags.Append(smsrule.PlanSMSOTP(ctx, r.Data, smsrule.Plan{
			Organization: plan.organization,
			Value:        plan.declared.Values()[portal.SMSOTP],
			Argument:     smsrule.TwoFactorArgument(plan.smsSender),
			Changing:     slices.Contains(c.changing, portal.SMSOTP) && !c.repairs,
		})...)
	}
	return diags
}

// checkPlan says what the rules of the product or the login flow refuse.
func (r *kindResource) checkPlan(c comparison) diag.Diagnostics {
	broken := handover.BrokenRules(c.declared, c.prior, c.live.Settings)
	diags := announceBrokenRules(broken, c.organization.ValueString())
	stops := diags.HasError()
	if c.repairs {
		diags = session.AsWarnings(diags)
	}
	if stops || len(c.declared.Values()) < len(c.declared) { // the apply checks what is not known yet
		return diags
	}
	flow := r.announceFlow(c)
	if c.arrives || c.repairs {
		flow = session.AsWarnings(flow)
	}
	return append(diags, flow...)
}

// readForPlan returns what the organization has now in the place where the provider wants the settings, for the plan
// of a resource that has nothing there yet. It is nil while that cannot be told.
func (r *kindResource) readForPlan(ctx context.Context, name types.String) (*asgardeo.Reading, diag.Diagnostics) {
	if r.Data == nil {
		return nil, nil
	}
	if missing := r.UnknownFor(name); len(missing) > 0 {
		return nil, session.OneWarning(
			fmt.Sprintf("Taking over the %s of %s: not compared", r.Thing, session.NameInText(name)),
			fmt.Sprintf(settingsNotCompared, strings.Join(missing, ", ")))
	}
	organization, diags := r.Organization(name)
	if organization == nil {
		return nil, diags
	}
	live, err := organization.MyAccount(r.MyAccountAPI).Recent(ctx, r.settings...)
	if err != nil {
		return nil, append(diags, session.UnableTo("plan the "+r.Thing, err)...)
	}
	return live, diags
}

// completed is a plan with what is known after its apply.
func (r *kindResource) completed(plan model, account *asgardeo.MyAccount) model {
	plan.api = types.StringValue(string(account.API))
	plan.url = r.PortalURL(plan.organization)
	return plan
}
