package loginflow

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

// planDestroy says which flow comes back, and tells the destroy what only the plan knows of other resources.
func (r *flowResource) planDestroy(ctx context.Context, state model, private session.PrivateState) diag.Diagnostics {
	name, onDestroy := state.Organization.ValueString(), session.OnDestroyMode(state.OnDestroy)
	organization, _ := r.Organization(state.Organization)
	record, diags := loadRecord(ctx, private, state.Organization, organization)
	if diags.HasError() || onDestroy == handover.Keep {
		return diags
	}
	claim := handover.FlowClaim(name)
	own, toNew, toOld := r.NoteDestroyPlanned(claim, record)
	session.SaveLeftToAnother(ctx, private, handover.NamesOf(slices.Concat(toNew, toOld)))
	if len(own) == 0 {
		if !r.MayBeApply() {
			const title = "The login flow of %q stays with another resource"
			diags.Append(warning(title, name, flowOfAnother+session.UseMoved))
		}
		return diags
	}
	const title = "Destroying the login flow of %q"
	if onDestroy == handover.Restore && !record.known() {
		return append(diags, warning(title, name, destroyWithoutRecord))
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
		diags.Append(smsrule.PlanSMSOTPAfterDestroy(r.Data, name, portal.ValueOf(after.SendsSMS()))...)
	}
	now := describe("now", organization, live)
	switch {
	case stays != "":
		diags.Append(warning(title, name, flowStays+stays+"\n\n"+now))
	case onDestroy == handover.Reset && live.Kind != portal.ServerFlow:
		diags.Append(warning(title, name, flowGivenUp+now))
	case onDestroy == handover.Restore && changes:
		diags.Append(warning(title, name, flowPutBack+now+"\n"+describe("then", organization, after)))
	}
	return diags
}

// handBack puts the earlier flow back. A failure keeps the state, so that the next destroy tries again.
func (r *flowResource) handBack(ctx context.Context, state model, private session.PrivateReader) diag.Diagnostics {
	const action = "hand back the login flow"
	name, onDestroy := state.Organization.ValueString(), session.OnDestroyMode(state.OnDestroy)
	organization, reasons := r.Organization(state.Organization)
	record, diags := loadRecord(ctx, private, state.Organization, organization)
	if diags.HasError() || onDestroy == handover.Keep {
		return diags
	}
	if onDestroy == handover.Restore && !record.known() {
		return append(diags, warning("Nothing to restore for the login flow of %q", name, nothingToRestore))
	}
	if organization == nil {
		return append(diags, reasons...)
	}
	endTurn, err := r.Turn(ctx, name)
	if err != nil {
		return append(diags, session.UnableTo(action, err)...)
	}
	defer endTurn()
	if len(r.Taken(handover.FactorsClaim(name))) > 0 {
		return append(diags, warning("Another resource has the login flow of %q now", name, flowTakenByAnother))
	}
	left := session.LoadLeftToAnother(ctx, private)
	if len(r.NoteDestroyed(handover.FlowClaim(name), left, record)) == 0 {
		return diags // the resource that follows has it
	}
	noSender := smsrule.NoSenderInDestroy(ctx, r.Data, organization, private)
	var after portal.Flow
	var stays string
	err = organization.ChangeLoginFlow(ctx, func(live asgardeo.Application) (portal.Flow, error) {
		after, stays = record.afterDestroy(onDestroy, live.Flow, noSender)
		return after, nil
	})
	const title = "The login flow of %q is not restored"
	if stays != "" {
		diags.Append(warning(title, name, flowStays+stays+"\n\n"+describe("now", organization, after)))
	}
	switch {
	case asgardeo.IsKind(err, asgardeo.InvalidFlow):
		// Trying again would never help: a connection of the flow is gone perhaps.
		before := describe("before", organization, record.earlierFlow())
		diags.Append(warning(title, name, flowStays+earlierFlowRefused+before+"\n\n"+explain.Error(err)))
	case err != nil:
		diags.Append(session.UnableTo(action, err)...)
	default:
		diags.Append(smsrule.DeleteSenderThatStayed(ctx, r.Data, organization)...)
	}
	return diags
}
