package settings

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

// settingsHandback is what destroying a resource is to do with its settings.
type settingsHandback struct {
	handover.Handback
	organization string
	account      *asgardeo.MyAccount // nil in a plan that cannot reach the server
}

// newHandback returns what is to be done with the settings that a resource leaves to no other one.
func (r *settingsResource) newHandback(
	state settingsModel, own []portal.Setting, record handover.Record,
) settingsHandback {
	h := settingsHandback{
		Handback:     handover.Handback{Mode: session.OnDestroyMode(state.onDestroy), Settings: own, Record: record},
		organization: state.organization.ValueString(),
		account:      r.data.Account(state.organization, state.api),
	}
	if h.account != nil {
		h.Initial = h.account.Initial
	}
	return h
}

// decision is what becomes of settings that are handed back.
type decision struct {
	change  asgardeo.Change
	outcome handover.Outcome
	// custom is why a login flow that somebody has changed cannot be put back.
	custom *asgardeo.Error
}

// decide returns what is written of what was read.
func (h settingsHandback) decide(live *asgardeo.Reading, noSender func() bool) (decision, error) {
	outcome := h.Decide(live.Settings, noSender)
	change := asgardeo.Change{Want: outcome.Want}
	if h.Mode == session.OnDestroyRestore {
		change.Origin = h.Record.Origin
	}
	err := live.Accepts(change)
	if explain.IsKind(err, asgardeo.CustomFlow) {
		custom, _ := errors.AsType[*asgardeo.Error](err)
		return decision{outcome: outcome, custom: custom}, nil
	}
	return decision{change: change, outcome: outcome}, err
}

// planDestroy announces in the plan what destroying the resource will write.
func (r *settingsResource) planDestroy(
	ctx context.Context, state settingsModel, private session.PrivateState,
) diag.Diagnostics {
	if r.data == nil {
		return nil
	}
	name := state.organization.ValueString()
	claim := state.claim()
	record, diags := r.loadRecord(ctx, private, state)
	unreadable := diags.HasError()
	own, toNew, toOld := r.data.NoteDestroyPlanned(claim, record)
	session.SaveLeftToAnother(ctx, private, handover.NamesOf(slices.Concat(toNew, toOld)))
	claim.Settings = own
	record, inherited := r.data.Inherit(claim, record)
	if len(inherited) > 0 {
		diags.Append(saveRecord(ctx, private, record)...)
	}
	h := r.newHandback(state, own, record)
	if !r.data.MayBeApply() { // of a deposed object, the destruction is planned once more in the apply
		diags.Append(r.announceLeaving(h, toNew, toOld)...)
	}
	if unreadable || h.Mode == session.OnDestroyKeep || len(h.Settings) == 0 {
		return diags
	}
	live := readForDestroyPlan(ctx, h)
	if live == nil {
		live = &asgardeo.Reading{Settings: state.declared.Values()}
	}
	decided, err := h.decide(live, smsrule.NoSenderInPlan(ctx, r.data, state.organization, private))
	if err != nil {
		diags.Append(session.UnableTo("plan handing back the "+r.thing, err))
		return diags
	}
	want := decided.change.Want
	if value, changes := want[portal.SMSOTP]; changes {
		diags.Append(smsrule.PlanSMSOTPAfterDestroy(r.data, name, value)...)
	}
	r.data.NoteUndone(handover.Claim{
		Organization: name, API: claim.API, Settings: slices.Collect(maps.Keys(want)),
	})
	return append(diags, r.announceHandback(h, live, decided)...)
}

// readForDestroyPlan returns what the organization has. Where the server does not answer, the announcement must do with
// the state: the destroy itself will tell.
func readForDestroyPlan(ctx context.Context, h settingsHandback) *asgardeo.Reading {
	if h.account == nil || h.HasNothing() {
		return nil
	}
	live, _ := h.account.Recent(ctx, portal.WithRelated(h.Settings)...)
	return live
}

// destroy hands the settings back. A failure keeps the state, so that the next destroy tries again.
func (r *settingsResource) destroy(
	ctx context.Context, state settingsModel, private session.PrivateState,
) diag.Diagnostics {
	name, action := state.organization.ValueString(), "hand back the "+r.thing
	record, diags := r.loadRecord(ctx, private, state)
	unreadable := diags.HasError()
	endTurn, err := r.data.Turn(ctx, name)
	if err != nil {
		diags.Append(session.UnableTo(action, err))
		return diags
	}
	defer endTurn()
	taken := r.data.Taken(state.claim())
	h := r.newHandback(state, r.data.NoteDestroyed(state.claim(), session.LoadLeftToAnother(ctx, private), record), record)
	if unreadable || h.Mode == session.OnDestroyKeep {
		return diags
	}
	diags.Append(r.announceSuccession(h, taken)...)
	if len(h.Settings) == 0 {
		return diags
	}
	if h.HasNothing() {
		diags.AddWarning(fmt.Sprintf("Nothing to restore for the %s of %q", r.thing, name), noSettingsToRestore)
		return diags
	}
	if organization, found := r.data.Organization(state.organization); organization == nil {
		return append(diags, found...) // which says why there is no account
	}
	noSender := sync.OnceValue(smsrule.NoSenderInDestroy(ctx, r.data, h.account.Organization, private))
	var decided decision
	written, err := h.account.Write(ctx, h.Settings, func(live *asgardeo.Reading) (asgardeo.Change, error) {
		var refused error
		decided, refused = h.decide(live, noSender)
		return decided.change, refused
	})
	diags.Append(r.announceNotRestored(h, decided)...)
	want := decided.change.Want
	if err != nil {
		record = record.Wrote(want, written.Changed, written.Uncertain)
		diags.Append(saveRecord(ctx, private, record)...)
		return append(diags, failedWrite{action, err, want, written, partlyHandedBack}.diagnostics()...)
	}
	diags.Append(smsrule.DeleteSenderThatStayed(ctx, r.data, h.account.Organization)...)
	return diags
}

// announceNotRestored says after a destroy what it has not put back.
func (r *settingsResource) announceNotRestored(h settingsHandback, decided decision) diag.Diagnostics {
	var diags diag.Diagnostics
	if lines := settingsThatStayOff(decided.outcome); len(lines) > 0 {
		diags.AddWarning(fmt.Sprintf("Not all %s of %q are restored", r.thing, h.organization), strings.Join(lines, "\n"))
	}
	if decided.custom != nil {
		diags.AddWarning(fmt.Sprintf("The login flow of %q is not restored", h.organization),
			customFlowStays(decided.custom))
	}
	return diags
}
