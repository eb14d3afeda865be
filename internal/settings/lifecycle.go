package settings

import (
	"context"
	"errors"
	"maps"
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
func (r *kindResource) refresh(
	ctx context.Context, state model, private session.PrivateState,
) (*model, diag.Diagnostics) {
	imported := len(state.declared) == 0 && len(session.LoadRecord(ctx, private)) == 0
	if !r.Ready() && !imported {
		return nil, r.NotRefreshed(state.organization)
	}
	organization, diags := r.Organization(state.organization)
	if organization == nil {
		return nil, diags
	}
	account := organization.MyAccount(state.place())
	r.noteRefreshed(ctx, state, private) // before the call, so that no other resource misses it
	// Another resource of this run may have read the same document a moment ago.
	live, err := account.Recent(ctx, r.settings...)
	if isGone(err) && account.API != r.MyAccountAPI {
		// The place is gone that the state has the settings in, and the provider wants them in the other one. The plan
		// moves them there.
		return nil, append(diags, r.warning("The %s of %q: not refreshed", account.Name(), explain.Error(err))...)
	}
	if err != nil {
		return nil, append(diags, session.UnableTo("read the "+r.Thing, err)...)
	}
	state.api = types.StringValue(string(account.API))
	state.url = r.PortalURL(state.organization)
	if !imported {
		state.declared = state.declared.Refreshed(live.Settings)
		return &state, diags
	}
	for _, setting := range r.settings {
		if value := live.Shown()[setting]; value == portal.On || value == portal.Off {
			state.declared[setting] = value
		}
	}
	session.SaveRecord(ctx, private, r.recordOf(account, live, r.settings).Encode())
	r.noteRefreshed(ctx, state, private)
	return &state, diags
}

// isGone reports that a server has nothing where the settings would be.
func isGone(err error) bool {
	return asgardeo.IsKind(err, asgardeo.ClassicMissing) || asgardeo.IsKind(err, asgardeo.ApplicationMissing) ||
		asgardeo.IsKind(err, asgardeo.SwitchMissing)
}

// takeover is what a resource is about to manage, and why.
type takeover struct {
	account *asgardeo.MyAccount
	plan    model
	action  string // completes "Unable to …"
	failure string // what comes of a takeover that failed half-way
}

// takeOver begins to manage settings. Of a create that fails no state is kept: Terraform would destroy the resource
// before it tries again. So what it wrote is put back, that nothing is left to remember.
func (r *kindResource) takeOver(ctx context.Context, t takeover, private session.PrivateState) diag.Diagnostics {
	endTurn, err := r.Turn(ctx, t.account.Name())
	if err != nil {
		return session.UnableTo(t.action, err)
	}
	defer endTurn()
	done, err := r.newCheckedWrite(ctx, t.account, t.plan, nil).run(ctx)
	diags, settings := done.warnings, t.plan.declared.Settings()
	record := r.recordOf(t.account, done.found, slices.Collect(maps.Keys(done.wanted))).Wrote(done.wanted, settings, nil)
	claim := claimOf(t.account, settings)
	record, inherited := r.Inherit(claim, record)
	if err != nil {
		r.NoteFailed(claim)
		done.Changed = append(done.Changed, inherited...) // by the resource that this one replaces
		failed := failedWrite{action: t.action, err: err, wanted: t.plan.declared.Values(), written: done.Written}
		failed.outcome = r.putBack(ctx, t, record, done.Written)
		return append(diags, failed.diagnostics()...)
	}
	r.NoteTaken(claim)
	session.SaveRecord(ctx, private, record.Encode())
	diags.Append(smsrule.DeleteSenderThatStayed(ctx, r.Data, t.account.Organization)...)
	return diags
}

// putBack undoes what a create has written before it failed, and says what came of that.
func (r *kindResource) putBack(
	ctx context.Context, t takeover, record handover.Record, written asgardeo.Written,
) string {
	settings := slices.Concat(written.Changed, written.Uncertain)
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

// update writes what the plan changes, and whatever else the plan declares in the same stored documents: the state will
// say so. It returns what is reached, also when it fails half-way.
func (r *kindResource) update(
	ctx context.Context, account *asgardeo.MyAccount, state, plan model, private session.PrivateState,
) (handover.Declared, diag.Diagnostics) {
	prior := state.declared
	record, diags := r.loadRecord(ctx, private, state)
	changed := plan.declared.Changing(prior, nil)
	if len(changed) == 0 {
		return prior, diags
	}
	action := "update the " + r.Thing
	endTurn, err := r.Turn(ctx, account.Name())
	if err != nil {
		return prior, append(diags, session.UnableTo(action, err)...)
	}
	defer endTurn()
	done, err := r.newCheckedWrite(ctx, account, plan, prior).run(ctx)
	diags.Append(done.warnings...)
	diags.Append(r.announceOvertaken(account.Name(), prior, done)...)
	reached := done.Changed
	if err == nil {
		reached = slices.Concat(reached, changed) // one that was right already needed no write
	}
	anew := slices.DeleteFunc(slices.Clone(reached), prior.Has)
	r.NoteTaken(claimOf(account, anew))
	wanted := plan.declared.Values()
	record = record.Extended(done.found.Settings, done.wanted, prior).Wrote(wanted, reached, done.Uncertain)
	session.SaveRecord(ctx, private, record.Encode())
	if err != nil {
		failed := failedWrite{action: action, err: err, wanted: wanted, written: done.Written, outcome: partlyUpdated}
		diags.Append(failed.diagnostics()...)
	} else {
		diags.Append(smsrule.DeleteSenderThatStayed(ctx, r.Data, account.Organization)...)
	}
	declared := maps.Clone(prior)
	for _, setting := range reached {
		declared[setting] = plan.declared[setting]
	}
	return declared, diags
}

// checkedWrite writes what a plan changes, unless that breaks a rule: right before the write, it checks with what is
// live then what the plan could not see.
type checkedWrite struct {
	account *asgardeo.MyAccount
	plan    model
	prior   handover.Declared
	sender  func() diag.Diagnostics // says what is wrong with the SMS sender
}

// applied is what came of a checked write.
type applied struct {
	asgardeo.Written
	found    *asgardeo.Reading // what was live before, and empty if the write was refused
	wanted   portal.Settings   // what was to be written then
	warnings diag.Diagnostics
}

func (r *kindResource) newCheckedWrite(
	ctx context.Context, account *asgardeo.MyAccount, plan model, prior handover.Declared,
) checkedWrite {
	sender := smsrule.SenderOnce(ctx, r.Data, account.Organization, smsrule.TwoFactorArgument(plan.smsSender))
	return checkedWrite{account: account, plan: plan, prior: prior, sender: sender}
}

func (w checkedWrite) needsSender(live portal.Settings) bool {
	return w.plan.declared.Effective(live)[portal.SMSOTP] == portal.On &&
		slices.Contains(w.plan.declared.Changing(w.prior, live), portal.SMSOTP)
}

func (w checkedWrite) run(ctx context.Context) (applied, error) {
	done := applied{found: &asgardeo.Reading{}}
	if w.needsSender(nil) { // for certain, so that looking for it does not come between the read and its write
		if missing := w.sender(); missing.HasError() {
			return done, session.Refusal{Diagnostics: missing}
		}
	}
	changed := w.plan.declared.Changing(w.prior, nil)
	written, err := w.account.Write(ctx, changed, func(live *asgardeo.Reading) (asgardeo.Change, error) {
		broken := handover.BrokenRules(w.plan.declared, w.prior, live.Settings)
		diags := announceBrokenRules(broken, w.account.Name())
		if !diags.HasError() && w.needsSender(live.Settings) {
			diags.Append(w.sender()...)
		}
		if diags.HasError() {
			done.warnings = nil
			return asgardeo.Change{}, session.Refusal{Diagnostics: diags}
		}
		done.found, done.wanted, done.warnings = live, w.plan.declared.ValuesRead(live.Settings), diags
		return asgardeo.Change{Want: done.wanted}, nil
	})
	done.Written = written
	return done, err
}

// failedWrite is a write of settings that failed, or was refused.
type failedWrite struct {
	action  string // completes "Unable to …"
	err     error
	wanted  portal.Settings
	written asgardeo.Written // all the same
	outcome string           // what comes of that, which it has a %s for
}

// diagnostics say what went wrong.
func (f failedWrite) diagnostics() diag.Diagnostics {
	var diags diag.Diagnostics
	var lines, detail []string
	for _, setting := range f.written.Changed {
		lines = append(lines, f.line(setting))
	}
	for _, setting := range f.written.Uncertain {
		lines = append(lines, f.line(setting)+" (perhaps: nothing confirms it)")
	}
	if refused, ok := errors.AsType[session.Refusal](f.err); ok {
		diags.Append(refused.Diagnostics...)
	} else {
		detail = append(detail, explain.Error(f.err))
	}
	detail = append(detail, filledIn(f.outcome, strings.Join(lines, "\n"))...)
	if len(detail) > 0 {
		diags.AddError("Unable to "+f.action, strings.Join(detail, "\n\n"))
	}
	return diags
}

func (f failedWrite) line(setting portal.Setting) string {
	before := portal.Unknown
	if on, known := f.wanted[setting].Bool(); known {
		before = portal.ValueOf(!on)
	}
	return transition(setting, before, valueText(f.wanted[setting]))
}
