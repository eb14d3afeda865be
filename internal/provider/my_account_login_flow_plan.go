package provider

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
)

// ModifyPlan fills in what the provider decides, and says what the plan does to others before anything is written.
func (r *loginFlowResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	diags := &resp.Diagnostics
	var config, plan, state loginFlowModel
	exists := !req.State.Raw.IsNull()
	if exists {
		diags.Append(req.State.Get(ctx, &state)...)
	}
	if req.Plan.Raw.IsNull() {
		if !diags.HasError() {
			r.planDestroy(ctx, state, req.Private, diags)
		}
		return
	}
	diags.Append(req.Config.Get(ctx, &config)...)
	diags.Append(req.Plan.Get(ctx, &plan)...)
	if diags.HasError() {
		return
	}
	organization, found := r.data.planOrganization(config.Organization, state.Organization)
	diags.Append(found...)
	plan.Organization = organization
	replaced := exists && moved(state.Organization, organization)
	if replaced {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("organization"))
	}
	plan.Type, plan.ApplicationID = types.StringValue(asgardeo.OwnFlow), types.StringUnknown()
	if exists && !replaced {
		record, _ := loadFlowRecord(ctx, req.Private, organization, nil) // what is wrong with it is said when it is used
		plan.stay(state, record)
	}
	diags.Append(resp.Plan.Set(ctx, &plan)...)
	if exists || !recorded(ctx, resp.Private) {
		diags.Append(r.noteDeclared(organization, exists && !replaced)...)
	}
	if diags.HasError() {
		return
	}
	if replaced {
		r.planDestroy(ctx, state, req.Private, diags)
	}
	if !exists {
		r.noteReplacement(ctx, plan, resp.Private)
	}
	if !exists || replaced {
		r.planTakeover(ctx, plan, diags)
	} else {
		r.planChange(ctx, plan, state, diags)
	}
}

// stay keeps what the plan need not change.
func (m *loginFlowModel) stay(state loginFlowModel, record flowRecord) {
	m.ApplicationID = state.ApplicationID
	flow, complete := m.flow()
	before, _ := state.flow()
	// Options have no order, and line ends change on the way: what differs in these alone needs no write.
	if complete && slices.EqualFunc(flow.Steps, before.Steps, asgardeo.LoginStep.Same) {
		m.Steps = state.Steps
	}
	if complete && !m.Script.IsNull() && !state.Script.IsNull() && flow.RunsLike(state.Script.ValueString()) {
		m.Script = state.Script
	}
	// The server's flow was found so, and does what is declared. One that Terraform made is made again.
	if complete && flow.Same(before) && record.Type == asgardeo.ServerFlow {
		m.Type = state.Type
	}
}

// changes reports that the flow has to be written to get from a state to the plan.
func (m loginFlowModel) changes(state loginFlowModel) bool {
	flow, complete := m.flow()
	before, _ := state.flow()
	return !complete || !flow.Same(before) || !m.Type.Equal(state.Type)
}

// planTakeover compares the planned flow with the one that it replaces.
func (r *loginFlowResource) planTakeover(ctx context.Context, plan loginFlowModel, diags *diag.Diagnostics) {
	if r.data == nil {
		return
	}
	if missing := r.data.missingFor(plan.Organization); len(missing) > 0 {
		diags.AddWarning(
			fmt.Sprintf("Taking over the login flow of %s: not compared", nameInText(plan.Organization)), fmt.Sprintf(
				"This is known during apply only: %s. So the plan cannot tell what the resource changes: creating it replaces "+
					"whatever flow there is, for every user of the organization.", strings.Join(missing, ", ")))
		return
	}
	organization := r.data.use(plan.Organization, diags)
	if organization == nil {
		return
	}
	live, err := organization.RecentApplication(ctx)
	if err != nil {
		addError(diags, "plan the login flow", err)
		return
	}
	r.planWrite(ctx, organization, live, plan, diags)
	diags.Append(announceFlowTakeover(organization, live.Flow, plan)...)
	r.planSender(ctx, plan, !live.Flow.SendsSMS(), diags)
}

// planChange judges the plan with what the refresh has seen. The check of a plan that is about to be applied has seen
// nothing: the write looks again.
func (r *loginFlowResource) planChange(ctx context.Context, plan, state loginFlowModel, diags *diag.Diagnostics) {
	if !r.data.ready() {
		return
	}
	organization := r.data.reach(plan.Organization.ValueString()) // the refresh has reported what is wrong with it
	if organization == nil {
		return
	}
	live, seen := organization.SeenApplication()
	if !seen {
		return
	}
	if plan.changes(state) {
		r.planWrite(ctx, organization, live, plan, diags)
	}
	r.planSender(ctx, plan, !live.Flow.SendsSMS(), diags)
}

// planWrite says what will keep the flow from being written, or may do so.
func (r *loginFlowResource) planWrite(
	ctx context.Context, organization *asgardeo.Organization, live asgardeo.Application, plan loginFlowModel,
	diags *diag.Diagnostics,
) {
	flow, complete := plan.flow()
	if complete {
		if err := live.Accepts(flow); err != nil {
			addError(diags, "plan the login flow", err)
			return
		}
	}
	diags.Append(announceUnknownNames(ctx, organization, plan)...)
}

// announceUnknownNames warns of options that the server does not have. A token that may not look is no reason to fail,
// and neither is anything else: the server judges by itself.
func announceUnknownNames(
	ctx context.Context, organization *asgardeo.Organization, plan loginFlowModel,
) diag.Diagnostics {
	var diags diag.Diagnostics
	all, err := organization.RecentAuthenticators(ctx)
	if err != nil || len(all.BuiltIn) == 0 {
		return nil
	}
	steps, _ := declaredSteps(plan.Steps)
	for _, step := range steps {
		for _, declared := range step.options {
			option, known := declared.known()
			if !known || all.Has(option) {
				continue
			}
			at, what := declared.at.AtName("authenticator"), fmt.Sprintf("authenticator %q", option.Authenticator)
			if option.Connection != "" {
				at, what = declared.at.AtName("connection"), fmt.Sprintf("connection %q", option.Connection)
			}
			diags.AddAttributeWarning(at, fmt.Sprintf("Organization %q has no %s", organization.Name(), what),
				"The server does not list it, and refuses flows with what it does not know, without saying why. Names are "+
					"case-sensitive. A connection that is created in the same apply has to come first: refer to it, or add "+
					"depends_on.")
		}
	}
	return diags
}

// planSender checks the plan of SMS OTP: changing says that nobody gets passcodes by SMS yet.
func (r *loginFlowResource) planSender(
	ctx context.Context, plan loginFlowModel, changing bool, diags *diag.Diagnostics,
) {
	if flow, _ := plan.flow(); flow.SendsSMS() {
		r.data.planSMS(ctx, plan.Organization, plan.smsOTP(), changing, diags)
	}
}

// smsOTP is where the first option with SMS OTP is declared.
func (m loginFlowModel) smsOTP() smsUse {
	steps, _ := declaredSteps(m.Steps)
	for _, step := range steps {
		for _, declared := range step.options {
			if option, _ := declared.known(); option.Factor() == asgardeo.SMSOTP {
				return smsUse{declared.at.AtName("authenticator"), option.Authenticator, m.SMSSender}
			}
		}
	}
	return smsUse{path.Root("steps"), "SMS OTP", m.SMSSender}
}

// planDestroy shows in the plan which flow comes back.
func (r *loginFlowResource) planDestroy(
	ctx context.Context, state loginFlowModel, private privateState, diags *diag.Diagnostics,
) {
	if r.data == nil {
		return
	}
	organization := r.data.reach(state.Organization.ValueString())
	record, loaded := loadFlowRecord(ctx, private, state.Organization, organization)
	diags.Append(loaded...)
	h := newFlowHandover(state.OnDestroy, record)
	if loaded.HasError() || h.mode == onDestroyKeep {
		return
	}
	claim := wholeFlow(state.Organization.ValueString())
	if own, _, _ := r.data.NoteDestroyPlanned(claim, record); len(own) == 0 {
		if !r.data.MayBeApply() {
			diags.AddWarning(fmt.Sprintf("The login flow of %q stays with another resource", state.Organization.ValueString()),
				"Another resource of this plan has it, too, so it stays as it is. "+useMoved)
		}
		saveLeft(ctx, private, handover.NamesOf(claim.Settings))
		return
	}
	saveLeft(ctx, private, nil)
	title := fmt.Sprintf("Destroying the login flow of %q", state.Organization.ValueString())
	if h.forgotten() {
		diags.AddWarning(title,
			"The state has no record of the flow that was there before Terraform, so on_destroy = \"restore\" leaves the flow "+
				"as it is. Set on_destroy = \"reset\" and apply before destroying if the server's default flow should come back.")
		return
	}
	// Where the server does not answer, the announcement must do with the state: the destroy itself will tell.
	flow, _ := state.flow()
	noSender := func() bool { return false }
	if organization != nil {
		if live, err := organization.RecentApplication(ctx); err == nil {
			flow = live.Flow
		}
		noSender = func() bool {
			without := r.data.losesSender(organization.Name()) || r.data.plansNoSender(ctx, organization)
			saveWithoutSender(ctx, private, without)
			return without
		}
	}
	saveWithoutSender(ctx, private, false)
	later := h.decide(flow, noSender)
	if !later.Same(flow) || later.Kind != flow.Kind {
		r.data.NoteUndone(claim)
	}
	if later.SendsSMS() != flow.SendsSMS() {
		diags.Append(r.data.planSMSOTPAfterDestroy(state.Organization.ValueString(), asgardeo.ValueOf(later.SendsSMS()))...)
	}
	switch {
	case h.stays != "":
		diags.AddWarning(title, "The login flow stays as it is. "+h.stays+"\n\n"+flowText("now", organization, flow))
	case h.mode == onDestroyReset && flow.Kind != asgardeo.ServerFlow:
		diags.AddWarning(title, "on_destroy = \"reset\" gives this flow up, for every user of the organization's portal. The "+
			"server's default flow comes back.\n\n"+flowText("now", organization, flow))
	case h.mode == onDestroyRestore && (!later.Same(flow) || later.Kind != flow.Kind):
		diags.AddWarning(title, "on_destroy = \"restore\" puts the flow back that was there before Terraform, for every user "+
			"of the organization's portal:\n\n"+flowText("now", organization, flow)+"\n"+flowText("then", organization, later))
	}
}
