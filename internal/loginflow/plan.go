package loginflow

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

// ModifyPlan fills in what the provider decides, and says what the plan does to others before anything is written.
func (r *flowResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	var config, plan, state flowModel
	exists, destroyed := !req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	if exists {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !destroyed {
		resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if r.data == nil || resp.Diagnostics.HasError() {
		return
	}
	if destroyed {
		resp.Diagnostics.Append(r.planDestroy(ctx, state, req.Private)...)
		return
	}
	organization, found := r.data.PlanOrganization(config.Organization, state.Organization)
	resp.Diagnostics.Append(found...)
	plan.Organization = organization
	plan.Type, plan.ApplicationID = types.StringValue(portal.OwnFlow), types.StringUnknown()
	replaced := exists && session.LeavesOrganization(state.Organization, organization)
	kept := exists && !replaced
	if replaced {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("organization"))
	}
	if kept {
		record, _ := loadFlowRecord(ctx, req.Private, organization, nil) // what is wrong with it is said when it is used
		plan.flowAttributes = plan.keeping(state.flowAttributes, record)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	if exists || !session.HasRecord(ctx, resp.Private) {
		resp.Diagnostics.Append(r.noteDeclared(organization, kept)...)
	}
	switch {
	case resp.Diagnostics.HasError():
	case kept:
		resp.Diagnostics.Append(r.planChange(ctx, plan, state)...)
	case replaced:
		resp.Diagnostics.Append(r.planDestroy(ctx, state, req.Private)...)
		resp.Diagnostics.Append(r.planTakeover(ctx, plan)...)
	default:
		r.noteReplacement(ctx, plan, resp.Private)
		resp.Diagnostics.Append(r.planTakeover(ctx, plan)...)
	}
}

// planTakeover compares the planned flow with the one that it replaces.
func (r *flowResource) planTakeover(ctx context.Context, plan flowModel) diag.Diagnostics {
	var diags diag.Diagnostics
	if missing := r.data.UnknownFor(plan.Organization); len(missing) > 0 {
		diags.AddWarning(fmt.Sprintf("Taking over the login flow of %s: not compared", session.NameInText(plan.Organization)),
			fmt.Sprintf(takeoverNotCompared, strings.Join(missing, ", ")))
		return diags
	}
	organization, found := r.data.Organization(plan.Organization)
	diags.Append(found...)
	if organization == nil {
		return diags
	}
	live, err := organization.RecentApplication(ctx)
	if err != nil {
		diags.Append(session.UnableTo("plan the login flow", err))
		return diags
	}
	diags.Append(foreseeRefusal(ctx, organization, live, plan)...)
	diags.Append(announceFlowTakeover(organization, live.Flow, plan)...)
	diags.Append(r.planSender(ctx, live.Flow, plan)...)
	return diags
}

// planChange checks the plan against what the refresh has read. The check of a plan that is about to be applied finds
// nothing read: the write looks again.
func (r *flowResource) planChange(ctx context.Context, plan, state flowModel) diag.Diagnostics {
	organization, _ := r.data.Organization(plan.Organization) // the refresh has reported what is wrong with it
	if organization == nil {
		return nil
	}
	live, read := organization.SeenApplication()
	if !read {
		return nil
	}
	var diags diag.Diagnostics
	if plan.differs(state.flowAttributes) {
		diags.Append(foreseeRefusal(ctx, organization, live, plan)...)
	}
	diags.Append(r.planSender(ctx, live.Flow, plan)...)
	return diags
}

// foreseeRefusal says what will keep the flow from being written, or may do so.
func foreseeRefusal(
	ctx context.Context, organization *asgardeo.Organization, live asgardeo.Application, plan flowModel,
) diag.Diagnostics {
	var diags diag.Diagnostics
	if plan.complete() {
		if err := live.Accepts(plan.flow()); err != nil {
			diags.Append(session.UnableTo("plan the login flow", err))
			return diags
		}
	}
	// A token that may not look is no reason to fail, and neither is anything else: the server decides by itself.
	all, err := organization.RecentAuthenticators(ctx)
	if err != nil || len(all.BuiltIn) == 0 {
		return diags
	}
	for _, step := range plan.declaredSteps() {
		for _, option := range step.options {
			if !option.complete || all.Has(option.LoginOption) {
				continue
			}
			attribute, name := "authenticator", option.Authenticator
			if option.Connection != "" {
				attribute, name = "connection", option.Connection
			}
			diags.AddAttributeWarning(option.at.AtName(attribute),
				fmt.Sprintf("Organization %q has no %s %q", organization.Name(), attribute, name), unknownToServer)
		}
	}
	return diags
}

// planSender checks the plan of SMS OTP. A sender that is missing is an error where nobody gets passcodes by SMS yet.
func (r *flowResource) planSender(
	ctx context.Context, live portal.LoginFlow, plan flowModel,
) diag.Diagnostics {
	if sms, sends := plan.smsOTP(); sends {
		return smsrule.PlanSMSOTP(ctx, r.data, smsrule.Plan{
			Organization: plan.Organization, Value: portal.On, Argument: sms, Changing: !live.SendsSMS(),
		})
	}
	return nil
}

// smsOTP is where the first option with SMS OTP is declared, if there is one.
func (m flowModel) smsOTP() (sms smsrule.Argument, sends bool) {
	for _, step := range m.declaredSteps() {
		for _, option := range step.options {
			if option.Factor() == portal.SMSOTP {
				return smsrule.Argument{
					At: option.at.AtName("authenticator"), Name: option.Authenticator, Sender: m.SMSSender,
				}, true
			}
		}
	}
	return smsrule.Argument{}, false
}
