package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

// takeover is what a resource is about to manage, and why.
type takeover struct {
	account *asgardeo.MyAccount
	plan    settingsModel
	action  string // completes "Unable to …"
	failure string // what comes of a takeover that failed half-way
}

// creation is the takeover by a new resource.
func (r *settingsResource) creation(account *asgardeo.MyAccount, plan settingsModel) takeover {
	return takeover{account, plan, "create the " + r.thing, notCreated}
}

// arrival is the takeover by a resource that had its settings in the other place.
func (r *settingsResource) arrival(account *asgardeo.MyAccount, plan settingsModel) takeover {
	return takeover{account, plan, fmt.Sprintf("move the %s to %s", r.thing, placeNames[account.API()]), notMoved}
}

// takeOver begins to manage settings. Of a create that fails no state is kept: Terraform would destroy the resource
// before it tries again. So what it wrote is put back, that nothing is left to remember.
func (r *settingsResource) takeOver(ctx context.Context, t takeover, private privateState) diag.Diagnostics {
	var diags, warnings diag.Diagnostics
	endTurn, err := r.data.Turn(ctx, t.account.Name())
	if err != nil {
		addError(&diags, t.action, err)
		return diags
	}
	defer endTurn()
	check, missing := r.checkBeforeWrite(ctx, t.account, t.plan, nil)
	if missing.HasError() {
		return missing
	}
	settings, want := t.plan.declared.Settings(), t.plan.declared.Values()
	record := newRecord(t.account)
	written, err := t.account.Write(ctx, settings, func(live *asgardeo.Reading) (asgardeo.Change, error) {
		var refused error
		if warnings, refused = check(live); refused != nil {
			return asgardeo.Change{}, refused
		}
		record = r.recordOf(t.account, live, settings).Wrote(want, settings, nil)
		return asgardeo.Change{Want: want}, nil
	})
	diags.Append(warnings...)
	claim := claimOf(t.account, settings)
	record, inherited := r.data.Inherit(claim, record)
	if err != nil {
		r.data.NoteFailed(claim)
		written.Changed = append(written.Changed, inherited...) // by the resource that this one replaces
		outcome := r.putBack(ctx, t, record, written)
		return append(diags, failedWrite{t.action, err, want, written, outcome}.diagnostics()...)
	}
	r.data.NoteTaken(claim)
	diags.Append(saveRecord(ctx, private, record)...)
	r.data.deleteSenderThatStayed(ctx, t.account.Organization, &diags)
	return diags
}

// putBack undoes what a create has written before it failed, and says what came of that.
func (r *settingsResource) putBack(
	ctx context.Context, t takeover, record handover.Record, written asgardeo.Written,
) string {
	settings := slices.Concat(written.Changed, written.Uncertain)
	if len(settings) == 0 {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), putBackFor)
	defer cancel()
	_, err := t.account.Write(ctx, settings, func(live *asgardeo.Reading) (asgardeo.Change, error) {
		return asgardeo.Change{Want: record.Earlier(live.Settings, settings), Origin: record.Origin}, nil
	})
	if err != nil {
		return notPutBack + t.failure
	}
	return putBackAgain
}

// checkBeforeWrite returns the check right before a write, which judges with what is live then what the plan could
// not see. An SMS sender that is needed for certain is looked for at once, so that this call does not come between a
// read and its write.
func (r *settingsResource) checkBeforeWrite(
	ctx context.Context, account *asgardeo.MyAccount, plan settingsModel, prior handover.Declared,
) (check func(live *asgardeo.Reading) (diag.Diagnostics, error), missing diag.Diagnostics) {
	sender := r.data.senderOnce(ctx, account.Organization, smsSetting(plan.smsSender))
	needsSender := func(live asgardeo.Settings) bool {
		return plan.declared.Effective(live)[asgardeo.SMSOTP] == asgardeo.On &&
			slices.Contains(plan.declared.Changing(prior, live), asgardeo.SMSOTP)
	}
	if needsSender(nil) {
		missing = sender()
	}
	return func(live *asgardeo.Reading) (diag.Diagnostics, error) {
		found := brokenRules(handover.Judge(plan.declared, prior, live.Settings), account.Name())
		if !found.HasError() && needsSender(live.Settings) {
			found.Append(sender()...)
		}
		if found.HasError() {
			return nil, refusal{found}
		}
		return found, nil
	}, missing
}
