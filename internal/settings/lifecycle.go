package settings

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

// refresh reads the declared settings. Right after an import nothing is declared: all settings are read then, and
// recorded as what was found. It returns nil where the state stays as it is.
func (r *settingsResource) refresh(
	ctx context.Context, state settingsModel, private session.PrivateState,
) (*settingsModel, diag.Diagnostics) {
	var diags diag.Diagnostics
	imported := len(state.declared) == 0 && !session.HasRecord(ctx, private)
	if !r.data.Ready() && !imported {
		return nil, diag.Diagnostics{r.data.NotRefreshed(r.thing, state.organization)}
	}
	organization, found := r.data.Organization(state.organization)
	diags.Append(found...)
	if organization == nil {
		return nil, diags
	}
	account := organization.MyAccount(session.PlaceOf(state.api))
	if !imported { // before the call, so that no other resource misses it
		r.noteState(ctx, state, private)
	}
	// Another resource of this run may have read the same document a moment ago.
	live, err := account.Recent(ctx, r.settings...)
	if isGone(err) && account.API() != r.data.MyAccountAPI {
		// The place is gone that the state has the settings in, and the provider wants them in the other one. The plan
		// moves them there.
		diags.AddWarning(fmt.Sprintf("The %s of %q: not refreshed", r.thing, account.Name()), explain.Error(err))
		return nil, diags
	}
	if err != nil {
		diags.Append(session.UnableTo("read the "+r.thing, err))
		return nil, diags
	}
	state.api = types.StringValue(string(account.API()))
	state.url = r.data.PortalURL(state.organization)
	if !imported {
		state.declared = state.declared.Refreshed(live.Settings)
		return &state, diags
	}
	state.declared = r.allOf(live)
	diags.Append(saveRecord(ctx, private, r.recordOf(account, live, r.settings))...)
	r.noteState(ctx, state, private)
	return &state, diags
}

// allOf declares all settings that are on or off.
func (k *Kind) allOf(live *asgardeo.Reading) handover.Declared {
	declared := handover.Declared{}
	for _, setting := range k.settings {
		if on, known := live.Shown()[setting].Bool(); known {
			declared[setting] = portal.ValueOf(on)
		}
	}
	return declared
}

// isGone reports that a server has nothing where the settings would be.
func isGone(err error) bool {
	return explain.IsKind(err, asgardeo.FeatureMissing) || explain.IsKind(err, asgardeo.ApplicationMissing) ||
		explain.IsKind(err, asgardeo.SwitchMissing)
}

// takeover is what a resource is about to manage, and why.
type takeover struct {
	account *asgardeo.MyAccount
	plan    settingsModel
	action  string // completes "Unable to …"
	failure string // what comes of a takeover that failed half-way
}

// takeOver begins to manage settings. Of a create that fails no state is kept: Terraform would destroy the resource
// before it tries again. So what it wrote is put back, that nothing is left to remember.
func (r *settingsResource) takeOver(ctx context.Context, t takeover, private session.PrivateState) diag.Diagnostics {
	var diags, warnings diag.Diagnostics
	endTurn, err := r.data.Turn(ctx, t.account.Name())
	if err != nil {
		diags.Append(session.UnableTo(t.action, err))
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
	diags.Append(smsrule.DeleteSenderThatStayed(ctx, r.data, t.account.Organization)...)
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
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), session.PutBackFor)
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
	sender := smsrule.SenderOnce(ctx, r.data, account.Organization, smsrule.TwoFactorArgument(plan.smsSender))
	needsSender := func(live portal.Settings) bool {
		return plan.declared.Effective(live)[portal.SMSOTP] == portal.On &&
			slices.Contains(plan.declared.Changing(prior, live), portal.SMSOTP)
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
			return nil, session.Refusal{Diagnostics: found}
		}
		return found, nil
	}, missing
}

// update writes what the plan changes, and whatever else the plan declares in the same stored documents: the state will
// say so. It returns what is reached, also when it fails half-way.
func (r *settingsResource) update(
	ctx context.Context, account *asgardeo.MyAccount, state, plan settingsModel, private session.PrivateState,
) (handover.Declared, diag.Diagnostics) {
	prior := state.declared
	earlier, diags := r.loadRecord(ctx, private, state)
	changed := plan.declared.Changing(prior, nil)
	if diags.HasError() || len(changed) == 0 {
		return prior, diags
	}
	action := "update the " + r.thing
	endTurn, err := r.data.Turn(ctx, account.Name())
	if err != nil {
		diags.Append(session.UnableTo(action, err))
		return prior, diags
	}
	defer endTurn()
	check, missing := r.checkBeforeWrite(ctx, account, plan, prior)
	if missing.HasError() {
		return prior, append(diags, missing...)
	}
	var warnings diag.Diagnostics
	var found, want portal.Settings
	written, err := account.Write(ctx, changed, func(live *asgardeo.Reading) (asgardeo.Change, error) {
		var refused error
		if warnings, refused = check(live); refused != nil {
			return asgardeo.Change{}, refused
		}
		found, want = live.Settings, plan.declared.ValuesRead(live.Settings)
		return asgardeo.Change{Want: want}, nil
	})
	diags.Append(warnings...)
	var overtaken []string
	for _, setting := range written.Changed {
		if value, wanted := want[setting]; wanted && prior.Has(setting) && prior[setting] != found[setting] {
			overtaken = append(overtaken, transition(setting, found[setting], valueText(value)))
		}
	}
	if len(overtaken) > 0 {
		diags.AddWarning(fmt.Sprintf("The %s of %q changed outside Terraform", r.thing, account.Name()),
			fmt.Sprintf(changedOutside, strings.Join(overtaken, "\n")))
	}
	reached := slices.Clone(written.Changed)
	if err == nil {
		reached = append(reached, changed...) // one that was right already needed no write
	}
	anew := slices.DeleteFunc(slices.Clone(reached), prior.Has)
	r.data.NoteTaken(claimOf(account, anew))
	record := earlier.Extended(found, want, prior).Wrote(plan.declared.Values(), reached, written.Uncertain)
	diags.Append(saveRecord(ctx, private, record)...)
	if err != nil {
		diags.Append(failedWrite{action, err, plan.declared.Values(), written, partlyUpdated}.diagnostics()...)
	} else {
		diags.Append(smsrule.DeleteSenderThatStayed(ctx, r.data, account.Organization)...)
	}
	return prior.With(plan.declared, reached), diags
}

// failedWrite is a write of settings that failed, or was refused.
type failedWrite struct {
	action  string // completes "Unable to …"
	err     error
	want    portal.Settings
	written asgardeo.Written // all the same
	outcome string           // what comes of that, which it has a %s for
}

// diagnostics say what went wrong.
func (f failedWrite) diagnostics() diag.Diagnostics {
	var lines, detail []string
	for _, setting := range f.written.Changed {
		lines = append(lines, f.line(setting))
	}
	for _, setting := range f.written.Uncertain {
		lines = append(lines, f.line(setting)+" (perhaps: nothing confirms it)")
	}
	var diags diag.Diagnostics
	if refused, ok := errors.AsType[session.Refusal](f.err); ok {
		diags.Append(refused.Diagnostics...)
	} else {
		detail = append(detail, explain.Error(f.err))
	}
	if len(lines) > 0 {
		detail = append(detail, fmt.Sprintf(f.outcome, strings.Join(lines, "\n")))
	}
	if len(detail) > 0 {
		diags.AddError("Unable to "+f.action, strings.Join(detail, "\n\n"))
	}
	return diags
}

func (f failedWrite) line(setting portal.Setting) string {
	before := portal.Unknown
	if on, known := f.want[setting].Bool(); known {
		before = portal.ValueOf(!on)
	}
	return transition(setting, before, valueText(f.want[setting]))
}
