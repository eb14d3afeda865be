package loginflow

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
func (r *flowResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	diags := &resp.Diagnostics
	var config, plan, state model
	exists, destroyed := !req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	if exists {
		diags.Append(req.State.Get(ctx, &state)...)
	}
	if !destroyed {
		diags.Append(req.Config.Get(ctx, &config)...)
		diags.Append(req.Plan.Get(ctx, &plan)...)
	}
	if r.Data == nil || diags.HasError() {
		return
	}
	if destroyed {
		diags.Append(r.planDestroy(ctx, state, req.Private)...)
		return
	}
	organization, found := r.PlanOrganization(config.Organization, state.Organization)
	diags.Append(found...)
	plan.Organization = organization
	plan.Type, plan.ApplicationID = types.StringValue(portal.OwnFlow), types.StringUnknown()
	replaced := session.LeavesOrganization(state.Organization, organization)
	kept := exists && !replaced
	if replaced {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("organization"))
	}
	if kept {
		record, _ := loadRecord(ctx, req.Private, organization, nil) // what is wrong with it is said when it is used
		plan.attributes = plan.keeping(state.attributes, record)
	}
	diags.Append(resp.Plan.Set(ctx, &plan)...)
	if exists || len(session.LoadRecord(ctx, resp.Private)) == 0 { // else it is the new resource of a replacement
		diags.Append(r.declare(organization, kept)...)
	}
	switch {
	case diags.HasError():
	case kept:
		diags.Append(r.planChange(ctx, plan, state)...)
	case replaced:
		diags.Append(r.planDestroy(ctx, state, req.Private)...)
		diags.Append(r.planTakeover(ctx, plan)...)
	default:
		r.noteReplacement(ctx, plan, resp.Private)
		diags.Append(r.planTakeover(ctx, plan)...)
	}
}

// A resource may follow another one, under a new address or because it replaces it. The flow stays as it is in between,
// and the record of the earlier flow goes along, as with settings: see handover.Run.

// declare notes a resource of the configuration, and refuses it where another one would undo its work, or it
// that of another one.
func (r *flowResource) declare(organization types.String, exists bool) diag.Diagnostics {
	if organization.IsUnknown() {
		return nil
	}
	var diags diag.Diagnostics
	name := organization.ValueString()
	others := r.NoteDeclared(handover.FlowClaim(name), exists)
	switch {
	case !r.Ready(): // nobody knows yet in which place the factors are
	case r.IsDeclared(handover.FactorsClaim(name)):
		diags.Append(session.WholeFlowAndFactors(name)...)
	case len(others.Declared) > 0:
		diags.AddError(fmt.Sprintf("Two resources for the login flow of %q", name),
			fmt.Sprintf(twoFlows, TypeName, name, session.KeepOneOfThem))
	}
	if exists && len(others.Undone) > 0 {
		diags.AddError(fmt.Sprintf("Destroying another resource would undo the login flow of %q", name),
			fmt.Sprintf(flowUndone, TypeName, session.LetItForget))
	}
	return diags
}

// noteReplacement lets the resource that a replacement destroys know, by the private state of the plan, that it is to
// leave the flow as it is: a new one is planned here. Where Terraform does not tell what that one replaces, what the
// refresh noted has to do.
func (r *flowResource) noteReplacement(ctx context.Context, plan model, private session.PrivateState) {
	if !r.Ready() || plan.Organization.IsUnknown() {
		return
	}
	organization, _ := r.Organization(plan.Organization)
	record, _ := loadRecord(ctx, private, plan.Organization, organization)
	claim := handover.FlowClaim(plan.Organization.ValueString())
	if len(session.LoadRecord(ctx, private)) == 0 {
		record, _ = r.Known(claim).(flowRecord)
	}
	if record.Knows(handover.WholeFlow) {
		session.SaveRecord(ctx, private, record.encode())
		session.SaveLeftToAnother(ctx, private, handover.NamesOf(claim.Settings))
	}
}

// planTakeover compares the planned flow with the one that it replaces.
func (r *flowResource) planTakeover(ctx context.Context, plan model) diag.Diagnostics {
	if missing := r.UnknownFor(plan.Organization); len(missing) > 0 {
		return session.OneWarning(
			fmt.Sprintf("Taking over the login flow of %s: not compared", session.NameInText(plan.Organization)),
			fmt.Sprintf(takeoverNotCompared, strings.Join(missing, ", ")))
	}
	organization, diags := r.Organization(plan.Organization)
	if organization == nil {
		return diags
	}
	live, err := organization.RecentApplication(ctx)
	if err != nil {
		return session.UnableTo("plan the login flow", err)
	}
	diags.Append(foreseeRefusal(ctx, organization, live, plan)...)
	diags.Append(announceTakeover(organization, live.Flow, plan)...)
	diags.Append(r.planSender(ctx, live.Flow, plan)...)
	return diags
}

// planChange checks the plan against what the refresh has read. The check of a plan that is about to be applied finds
// nothing read: the write looks again.
func (r *flowResource) planChange(ctx context.Context, plan, state model) diag.Diagnostics {
	organization, _ := r.Organization(plan.Organization) // the refresh has reported what is wrong with it
	if organization == nil {
		return nil
	}
	live, read := organization.KnownApplication()
	if !read {
		return nil
	}
	var diags diag.Diagnostics
	if plan.differs(state.attributes) {
		diags.Append(foreseeRefusal(ctx, organization, live, plan)...)
	}
	diags.Append(r.planSender(ctx, live.Flow, plan)...)
	return diags
}

// foreseeRefusal says what will keep the flow from being written, or may do so.
func foreseeRefusal(
	ctx context.Context, organization *asgardeo.Organization, live asgardeo.Application, plan model,
) diag.Diagnostics {
	if plan.complete() {
		if err := live.Accepts(plan.flow()); err != nil {
			return session.UnableTo("plan the login flow", err)
		}
	}
	// A token that may not look is no reason to fail, and neither is anything else: the server decides by itself.
	all, err := organization.RecentAuthenticators(ctx)
	if err != nil || len(all.BuiltIn) == 0 {
		return nil
	}
	var diags diag.Diagnostics
	for _, option := range plan.declaredOptions() {
		if !option.complete || all.Has(option.Option) {
			continue
		}
		attribute, name := "authenticator", option.Authenticator
		if option.Connection != "" {
			attribute, name = "connection", option.Connection
		}
		diags.AddAttributeWarning(option.at.AtName(attribute),
			fmt.Sprintf("Organization %q has no %s %q", organization.Name(), attribute, name), unknownToServer)
	}
	return diags
}

// planSender checks the plan of SMS OTP. A sender that is missing is an error where nobody gets passcodes by SMS yet.
func (r *flowResource) planSender(ctx context.Context, live portal.Flow, plan model) diag.Diagnostics {
	sms, sends := plan.smsOTP()
	if !sends {
		return nil
	}
	return smsrule.PlanSMSOTP(ctx, r.Data, smsrule.Plan{
		Organization: plan.Organization, Value: portal.On, Argument: sms, Changing: !live.SendsSMS(),
	})
}

// smsOTP is where the first option with SMS OTP is declared, if there is one.
func (m model) smsOTP() (sms smsrule.Argument, sends bool) {
	for _, option := range m.declaredOptions() {
		if option.Factor() == portal.SMSOTP {
			at := option.at.AtName("authenticator")
			return smsrule.Argument{At: at, Name: option.Authenticator, Sender: m.SMSSender}, true
		}
	}
	return sms, false
}

// planDestroy says which flow comes back, and tells the destroy what only the plan knows of other resources.
func (r *flowResource) planDestroy(ctx context.Context, state model, private session.PrivateState) diag.Diagnostics {
	name, onDestroy := state.Organization.ValueString(), session.OnDestroyMode(state.OnDestroy)
	organization, _ := r.Organization(state.Organization)
	record, diags := loadRecord(ctx, private, state.Organization, organization)
	claim := handover.FlowClaim(name)
	own, toNew, toOld := r.NoteDestroyPlanned(claim, record)
	session.SaveLeftToAnother(ctx, private, handover.NamesOf(slices.Concat(toNew, toOld)))
	if len(own) == 0 && !r.MayBeApply() {
		const title = "The login flow of %q stays with another resource"
		diags.Append(warning(title, name, flowOfAnother+session.UseMoved)...)
	}
	if onDestroy == handover.Keep || len(own) == 0 {
		return diags
	}
	if earlier, left := r.Left(claim).(flowRecord); left {
		record = record.following(earlier)
		session.SaveRecord(ctx, private, record.encode())
	}
	const title = "Destroying the login flow of %q"
	if onDestroy == handover.Restore && !record.Knows(handover.WholeFlow) {
		return append(diags, warning(title, name, destroyWithoutRecord)...)
	}
	live := state.flow()
	if organization != nil { // where the server does not answer, the state must do: the destroy itself will tell
		if application, err := organization.RecentApplication(ctx); err == nil {
			live = application.Flow
		}
	}
	noSender := smsrule.NoSenderInPlan(ctx, r.Data, state.Organization, private)
	after, stays := record.afterDestroy(onDestroy, live, noSender)
	changes := !after.Same(live) || after.Kind != live.Kind
	if changes {
		r.NoteUndone(claim)
	}
	if after.SendsSMS() != live.SendsSMS() {
		r.NoteSender(name, func(notes *handover.SenderNotes) { notes.SMSOTP = portal.ValueOf(after.SendsSMS()) })
	}
	now := describe("now", organization, live)
	switch {
	case stays != "":
		diags.Append(warning(title, name, flowStays+stays+"\n\n"+now)...)
	case onDestroy == handover.Reset && live.Kind != portal.ServerFlow:
		diags.Append(warning(title, name, flowGivenUp+now)...)
	case onDestroy == handover.Restore && changes:
		diags.Append(warning(title, name, flowPutBack+now+"\n"+describe("then", organization, after))...)
	}
	return diags
}
