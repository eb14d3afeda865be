package loginflow

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

// loadFlowRecord returns the record, or an empty one where there is none that can be used. The organization is nil
// while it cannot be reached.
func loadFlowRecord(
	ctx context.Context, private session.PrivateReader, name types.String, organization *asgardeo.Organization,
) (flowRecord, diag.Diagnostics) {
	content, diags := private.GetKey(ctx, session.RecordKey)
	if diags.HasError() || len(content) == 0 {
		return flowRecord{}, diags
	}
	var record flowRecord
	err := json.Unmarshal(content, &record)
	switch {
	case err != nil || !record.known():
		diags.Append(flowWarning("Unreadable record of the earlier login flow of %q", name.ValueString(),
			fmt.Sprintf(recordOfAnotherVersion, record.Version)))
	case organization != nil &&
		(record.Installation != organization.Installation() || record.Organization != organization.Name()):
		diags.Append(flowWarning("The record is not about the login flow of %q", name.ValueString(),
			fmt.Sprintf(recordOfAnotherPlace, record.Organization, record.Installation)))
	default:
		return record, diags
	}
	return flowRecord{}, diags
}

// saveFlowRecord does nothing without a record: what was there before Terraform will not be known later, either.
func saveFlowRecord(ctx context.Context, private session.PrivateState, record flowRecord) diag.Diagnostics {
	if !record.known() {
		return nil
	}
	content, err := json.Marshal(record)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to record the earlier login flow", err.Error())}
	}
	return private.SetKey(ctx, session.RecordKey, content)
}

// planDestroy says which flow comes back, and tells the destroy what only the plan knows of other resources.
func (r *flowResource) planDestroy(
	ctx context.Context, state flowModel, private session.PrivateState,
) diag.Diagnostics {
	name, onDestroy := state.Organization.ValueString(), state.onDestroy()
	organization, _ := r.data.Organization(state.Organization)
	record, diags := loadFlowRecord(ctx, private, state.Organization, organization)
	if diags.HasError() || onDestroy == session.OnDestroyKeep {
		return diags
	}
	claim := handover.FlowClaim(name)
	if own, _, _ := r.data.NoteDestroyPlanned(claim, record); len(own) == 0 {
		session.SaveLeftToAnother(ctx, private, handover.NamesOf(claim.Settings))
		if r.data.MayBeApply() {
			return diags
		}
		return append(
			diags,
			flowWarning("The login flow of %q stays with another resource", name, flowOfAnother+session.UseMoved),
		)
	}
	session.SaveLeftToAnother(ctx, private, nil)
	const title = "Destroying the login flow of %q"
	if onDestroy == session.OnDestroyRestore && !record.known() {
		return append(diags, flowWarning(title, name, destroyWithoutRecord))
	}
	live := state.flow()
	if organization != nil { // where the server does not answer, the state must do: the destroy itself will tell
		if application, err := organization.RecentApplication(ctx); err == nil {
			live = application.Flow
		}
	}
	withoutSender := false
	after, stays := record.handover(onDestroy, live, func() bool {
		withoutSender = organization != nil &&
			(smsrule.LosesSender(r.data, name) || smsrule.PlanLacksSender(ctx, r.data, organization))
		return withoutSender
	})
	smsrule.SaveWithoutSender(ctx, private, withoutSender)
	changes := !after.Same(live) || after.Kind != live.Kind
	if changes {
		r.data.NoteUndone(claim)
	}
	if after.SendsSMS() != live.SendsSMS() {
		diags.Append(smsrule.PlanSMSOTPAfterDestroy(r.data, name, portal.ValueOf(after.SendsSMS()))...)
	}
	now := flowText("now", organization, live)
	switch {
	case stays != "":
		diags.Append(flowWarning(title, name, flowStays+stays+"\n\n"+now))
	case onDestroy == session.OnDestroyReset && live.Kind != portal.ServerFlow:
		diags.Append(flowWarning(title, name, flowGivenUp+now))
	case onDestroy == session.OnDestroyRestore && changes:
		diags.Append(flowWarning(title, name, flowPutBack+now+"\n"+flowText("then", organization, after)))
	}
	return diags
}

// handBack puts the earlier flow back. A failure keeps the state, so that the next destroy tries again.
func (r *flowResource) handBack(
	ctx context.Context, state flowModel, private session.PrivateReader,
) diag.Diagnostics {
	const action = "hand back the login flow"
	name, onDestroy := state.Organization.ValueString(), state.onDestroy()
	organization, found := r.data.Organization(state.Organization)
	record, diags := loadFlowRecord(ctx, private, state.Organization, organization)
	if diags.HasError() || onDestroy == session.OnDestroyKeep {
		return diags
	}
	if onDestroy == session.OnDestroyRestore && !record.known() {
		return append(diags, flowWarning("Nothing to restore for the login flow of %q", name, nothingToRestore))
	}
	if organization == nil {
		return append(diags, found...)
	}
	done, err := r.data.Turn(ctx, name)
	if err != nil {
		diags.Append(session.UnableTo(action, err))
		return diags
	}
	defer done()
	if len(r.data.Taken(handover.FactorsClaim(name))) > 0 {
		return append(diags, flowWarning("Another resource has the login flow of %q now", name, flowTakenByAnother))
	}
	if r.leavesFlow(ctx, name, record, private) {
		return diags
	}
	noSender := func() bool {
		return smsrule.PlannedWithoutSender(ctx, private) || smsrule.LacksSender(ctx, r.data, organization)
	}
	var after portal.LoginFlow
	var stays string
	err = organization.ChangeLoginFlow(ctx, func(live asgardeo.Application) (portal.LoginFlow, error) {
		after, stays = record.handover(onDestroy, live.Flow, noSender)
		return after, nil
	})
	const title = "The login flow of %q is not restored"
	if stays != "" {
		diags.Append(flowWarning(title, name, flowStays+stays+"\n\n"+flowText("now", organization, after)))
	}
	switch {
	case explain.IsKind(err, asgardeo.InvalidFlow): // trying again would never help: a connection of the flow is gone perhaps
		diags.Append(flowWarning(title, name, flowStays+earlierFlowRefused+
			flowText("before", organization, record.earlierFlow())+"\n\n"+explain.Error(err)))
	case err != nil:
		diags.Append(session.UnableTo(action, err))
	default:
		diags.Append(smsrule.DeleteSenderThatStayed(ctx, r.data, organization)...)
	}
	return diags
}
