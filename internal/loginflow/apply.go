package loginflow

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

// write makes the live flow the planned one. What it found, and how it ended, is noted before the turn of another
// resource comes. The diagnostics say what went wrong.
func (r *flowResource) write(
	ctx context.Context, organization *asgardeo.Organization, plan model, action string,
	note func(found asgardeo.Application, err error) diag.Diagnostics,
) diag.Diagnostics {
	var found asgardeo.Application
	var sender diag.Diagnostics
	endTurn, err := r.Turn(ctx, organization.Name())
	if err == nil {
		defer endTurn()
		sms, sends := plan.smsOTP()
		checkSender := smsrule.SenderOnce(ctx, r.Data, organization, sms)
		err = organization.ChangeLoginFlow(ctx, func(live asgardeo.Application) (portal.Flow, error) {
			found = live
			if sends && !live.Flow.SendsSMS() {
				if sender = checkSender(); sender.HasError() {
					return live.Flow, session.Refusal{Diagnostics: sender}
				}
			}
			return plan.flow(), nil
		})
	}
	if err != nil {
		return append(session.UnableTo(action, err), note(found, err)...)
	}
	sender.Append(smsrule.DeleteSenderThatStayed(ctx, r.Data, organization)...)
	return append(sender, note(found, nil)...)
}

// putBack undoes what a create may have written before it failed, so that nothing is left of it to remember.
func (r *flowResource) putBack(
	ctx context.Context, organization *asgardeo.Organization, found portal.Flow, plan model, cause error,
) diag.Diagnostics {
	claim := handover.FlowClaim(organization.Name())
	r.NoteFailed(claim)
	before, record := found, newRecord(organization, found).wrote(plan.flow())
	if earlier, left := r.Left(claim).(flowRecord); left {
		before, record = earlier.earlierFlow(), earlier.mayHaveWritten(plan.flow())
	} else if !asgardeo.IsUnsettled(cause) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), session.PutBackFor)
	defer cancel()
	back := false
	err := organization.ChangeLoginFlow(ctx, func(live asgardeo.Application) (portal.Flow, error) {
		if back = record.isOurs(live.Flow) && !live.Flow.Same(before); back {
			return before, nil
		}
		return live.Flow, nil
	})
	switch {
	case err != nil:
		return warning("The login flow of %q may have been changed", organization.Name(),
			flowNotPutBack+describe("before", organization, before))
	case back:
		return warning("The login flow of %q is what it was", organization.Name(), flowIsBack)
	}
	return nil
}

// handBack puts the earlier flow back. A failure keeps the state, so that the next destroy tries again.
func (r *flowResource) handBack(ctx context.Context, state model, private session.PrivateReader) diag.Diagnostics {
	const action = "hand back the login flow"
	name, onDestroy := state.Organization.ValueString(), session.OnDestroyMode(state.OnDestroy)
	organization, reasons := r.Organization(state.Organization)
	record, diags := loadRecord(ctx, private, state.Organization, organization)
	endTurn, err := r.Turn(ctx, name)
	if err != nil {
		return append(diags, session.UnableTo(action, err)...)
	}
	defer endTurn()
	own := r.NoteDestroyed(handover.FlowClaim(name), session.LoadLeftToAnother(ctx, private), record)
	switch {
	case onDestroy == handover.Keep:
		return diags
	case onDestroy == handover.Restore && !record.Knows(handover.WholeFlow):
		return append(diags, warning("Nothing to restore for the login flow of %q", name, nothingToRestore)...)
	case len(r.Taken(handover.FactorsClaim(name))) > 0:
		return append(diags, warning("Another resource has the login flow of %q now", name, flowTakenByAnother)...)
	case len(own) == 0:
		return diags // the resource that follows has it
	case organization == nil:
		return append(diags, reasons...)
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
		diags.Append(warning(title, name, flowStays+stays+"\n\n"+describe("now", organization, after))...)
	}
	switch {
	case asgardeo.IsKind(err, asgardeo.InvalidFlow):
		// Trying again would never help: a connection of the flow is gone perhaps.
		before := describe("before", organization, record.earlierFlow())
		diags.Append(warning(title, name, flowStays+earlierFlowRefused+before+"\n\n"+explain.Error(err))...)
	case err != nil:
		diags.Append(session.UnableTo(action, err)...)
	default:
		diags.Append(smsrule.DeleteSenderThatStayed(ctx, r.Data, organization)...)
	}
	return diags
}
