package loginflow

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

// write makes the live flow the planned one, and returns what it found. The diagnostics say what went wrong, of an
// error, too.
func (r *flowResource) write(
	ctx context.Context, organization *asgardeo.Organization, plan model, action string,
) (found asgardeo.Application, diags diag.Diagnostics, err error) {
	endTurn, err := r.Turn(ctx, organization.Name())
	if err != nil {
		return found, session.UnableTo(action, err), err
	}
	defer endTurn()
	sms, sends := plan.smsOTP()
	checkSender := smsrule.SenderOnce(ctx, r.Data, organization, sms)
	var sender diag.Diagnostics
	err = organization.ChangeLoginFlow(ctx, func(live asgardeo.Application) (portal.Flow, error) {
		found = live
		if sends && !live.Flow.SendsSMS() {
			if sender = checkSender(); sender.HasError() {
				return live.Flow, session.Refusal{Diagnostics: sender}
			}
		}
		return plan.flow(), nil
	})
	if err != nil {
		return found, session.UnableTo(action, err), err
	}
	return found, append(sender, smsrule.DeleteSenderThatStayed(ctx, r.Data, organization)...), nil
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
		return diag.Diagnostics{warning("The login flow of %q may have been changed", organization.Name(),
			flowNotPutBack+describe("before", organization, before))}
	case back:
		return diag.Diagnostics{warning("The login flow of %q is what it was", organization.Name(), flowIsBack)}
	}
	return nil
}
