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

// handback is what destroying a resource is to do with its settings.
type handback struct {
	handover.Handback
	organization string
	account      *asgardeo.MyAccount // nil in a plan that cannot reach the server
}

// newHandback returns what is to be done with the settings that a resource leaves to no other one.
func (r *kindResource) newHandback(state model, own []portal.Setting, record handover.Record) handback {
	h := handback{
		Handback:     handover.Handback{Mode: session.OnDestroyMode(state.onDestroy), Settings: own, Record: record},
		organization: state.organization.ValueString(),
		account:      r.accountOf(state),
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

// decideChange returns what is written of what was read.
func (h handback) decideChange(live *asgardeo.Reading, noSender func() bool) (decision, error) {
	outcome := h.Decide(live.Settings, noSender)
	change := asgardeo.Change{Want: outcome.Wanted}
	if h.Mode == handover.Restore {
		change.Origin = h.Record.Origin
	}
	err := live.Accepts(change)
	if asgardeo.IsKind(err, asgardeo.CustomFlow) {
		custom, _ := errors.AsType[*asgardeo.Error](err)
		return decision{outcome: outcome, custom: custom}, nil
	}
	return decision{change: change, outcome: outcome}, err
}

// planDestroy announces in the plan what destroying the resource will write.
func (r *kindResource) planDestroy(ctx context.Context, state model, private session.PrivateState) diag.Diagnostics {
	if r.Data == nil {
		return nil
	}
	claim := state.claim()
	record, diags := r.loadRecord(ctx, private, state)
	own, toNew, toOld := r.NoteDestroyPlanned(claim, record)
	session.SaveLeftToAnother(ctx, private, handover.NamesOf(slices.Concat(toNew, toOld)))
	claim.Settings = own
	record, inherited := r.Inherit(claim, record)
	if len(inherited) > 0 {
		session.SaveRecord(ctx, private, record.Encode())
	}
	h := r.newHandback(state, own, record)
	if !r.MayBeApply() { // of a deposed object, the destruction is planned once more in the apply
		diags.Append(r.announceLeaving(h, toNew, toOld)...)
	}
	if h.Mode == handover.Keep || len(own) == 0 {
		return diags
	}
	// Where the server does not answer, the announcement must do with the state: the destroy itself will tell.
	live := &asgardeo.Reading{Settings: state.declared.Values()}
	if h.account != nil && !h.HasNothing() {
		if found, err := h.account.Recent(ctx, portal.WithRelated(h.Settings)...); err == nil {
			live = found
		}
	}
	decided, err := h.decideChange(live, smsrule.NoSenderInPlan(ctx, r.Data, state.organization, private))
	if err != nil {
		return append(diags, session.UnableTo("plan handing back the "+r.Thing, err)...)
	}
	wanted := decided.change.Want
	if value, changes := wanted[portal.SMSOTP]; changes {
		r.NoteSender(h.organization, func(notes *handover.SenderNotes) { notes.SMSOTP = value })
	}
	claim.Settings = slices.Collect(maps.Keys(wanted))
	r.NoteUndone(claim)
	return append(diags, r.announceHandback(h, live, decided)...)
}

// destroy hands the settings back. A failure keeps the state, so that the next destroy tries again.
func (r *kindResource) destroy(ctx context.Context, state model, private session.PrivateState) diag.Diagnostics {
	claim, action := state.claim(), "hand back the "+r.Thing
	record, diags := r.loadRecord(ctx, private, state)
	endTurn, err := r.Turn(ctx, claim.Organization)
	if err != nil {
		return append(diags, session.UnableTo(action, err)...)
	}
	defer endTurn()
	taken := r.Taken(claim)
	own := r.NoteDestroyed(claim, session.LoadLeftToAnother(ctx, private), record)
	h := r.newHandback(state, own, record)
	if h.Mode == handover.Keep {
		return diags
	}
	diags.Append(r.warning("Another resource has the %s of %q now", h.organization,
		filledIn(settingsSucceeded, h.earlierValues(taken))...)...)
	if len(own) == 0 {
		return diags
	}
	if h.HasNothing() {
		return append(diags, r.warning("Nothing to restore for the %s of %q", h.organization, noSettingsToRestore)...)
	}
	if organization, found := r.Organization(state.organization); organization == nil {
		return append(diags, found...) // which says why there is no account
	}
	noSender := sync.OnceValue(smsrule.NoSenderInDestroy(ctx, r.Data, h.account.Organization, private))
	var decided decision
	written, err := h.account.Write(ctx, own, func(live *asgardeo.Reading) (asgardeo.Change, error) {
		var refused error
		decided, refused = h.decideChange(live, noSender)
		return decided.change, refused
	})
	diags.Append(r.announceNotRestored(h, decided)...)
	if err != nil {
		wanted := decided.change.Want
		record = record.Wrote(wanted, written.Changed, written.Uncertain)
		session.SaveRecord(ctx, private, record.Encode())
		failed := failedWrite{action: action, err: err, wanted: wanted, written: written, outcome: partlyHandedBack}
		return append(diags, failed.diagnostics()...)
	}
	return append(diags, smsrule.DeleteSenderThatStayed(ctx, r.Data, h.account.Organization)...)
}

// What the plan of a destroy says before anything is written, and the destroy itself after it.

// announceHandback warns in a destroy plan of what will be written.
func (r *kindResource) announceHandback(h handback, live *asgardeo.Reading, decided decision) diag.Diagnostics {
	const title = "Destroying the %s of %q"
	if h.HasNothing() {
		return r.warning(title, h.organization, restoreWithoutRecord)
	}
	wanted := decided.change.Want
	changes := handbackRestores
	if h.Mode == handover.Reset {
		changes = handbackResets
	}
	paragraphs := filledIn(changes, h.changeLines(live.Settings, wanted))
	if live.ResetsFlow(decided.change) {
		paragraphs = append(paragraphs, flowIsDefault)
	}
	paragraphs = append(paragraphs, decided.customFlowStays()...)
	paragraphs = append(paragraphs, settingsThatStayOff(decided.outcome)...)
	paragraphs = append(paragraphs, filledIn(othersValuesStay, namesOf(h.overtaken(live.Settings, wanted)))...)
	diags := r.warning(title, h.organization, paragraphs...)
	if wanted[portal.PortalEnabled] == portal.Off && h.account != nil && h.account.API == portal.ApplicationAPI {
		diags.Append(announceSignOut(h.organization))
	}
	return diags
}

// changeLines list what is written, a line each.
func (h handback) changeLines(live, wanted portal.Settings) string {
	var lines []string
	for _, setting := range portal.EverySetting() {
		value, changes := wanted[setting]
		if !changes {
			continue
		}
		line := transition(setting, live[setting], valueText(value))
		if !slices.Contains(h.Settings, setting) {
			line += handbackTakesToo
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// overtaken lists what stays because somebody else has changed it.
func (h handback) overtaken(live, wanted portal.Settings) []portal.Setting {
	return slices.DeleteFunc(slices.Clone(h.Settings), func(setting portal.Setting) bool {
		_, changes := wanted[setting]
		return changes || h.Mode != handover.Restore || !h.Record.Overtaken(setting, live[setting])
	})
}

// announceNotRestored says after a destroy what it has not put back.
func (r *kindResource) announceNotRestored(h handback, decided decision) diag.Diagnostics {
	var diags diag.Diagnostics
	if lines := settingsThatStayOff(decided.outcome); len(lines) > 0 {
		diags.Append(r.warning("Not all %s of %q are restored", h.organization, strings.Join(lines, "\n"))...)
	}
	for _, text := range decided.customFlowStays() {
		diags.AddWarning(fmt.Sprintf("The login flow of %q is not restored", h.organization), text)
	}
	return diags
}

// settingsThatStayOff says which settings are not put back on, although they were on before Terraform.
func settingsThatStayOff(outcome handover.Outcome) []string {
	var lines []string
	if outcome.NoSender {
		lines = append(lines, noSenderLeft)
	}
	for _, rule := range outcome.Unmet {
		needs := strings.Join(handover.NamesOf(rule.Needs), " or ")
		lines = append(lines, fmt.Sprintf(unmetStaysOff, handover.NameOf(rule.Setting), needs))
	}
	return lines
}

// customFlowStays says why a login flow that somebody has changed is not put back, if it is one.
func (d decision) customFlowStays() []string {
	if d.custom == nil {
		return nil
	}
	return []string{fmt.Sprintf(flowStaysCustom, d.custom.Reason, explain.Indent(d.custom.Steps))}
}

// announceLeaving says in a destroy plan that settings stay as they are, because another resource has them.
func (r *kindResource) announceLeaving(h handback, toNew, toOld []portal.Setting) diag.Diagnostics {
	paragraphs := slices.Concat(
		filledIn(settingsLeftToNew, namesOf(toNew)),
		filledIn(settingsLeftToOld, namesOf(toOld)),
		filledIn(settingsLost, h.earlierValues(toOld)),
	)
	return r.warning("The %s of %q stay with another resource", h.organization, paragraphs...)
}

// earlierValues list what settings were before Terraform, which nothing will bring back, a line each.
func (h handback) earlierValues(settings []portal.Setting) string {
	var lines []string
	for _, setting := range h.Lost(settings) {
		lines = append(lines, fmt.Sprintf("  %s = %s", handover.NameOf(setting), valueText(h.Record.Before(setting))))
	}
	return strings.Join(lines, "\n")
}
