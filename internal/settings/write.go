package settings

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/smsrule"
)

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
	want     portal.Settings   // what was to be written then
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
		done.found, done.want, done.warnings = live, w.plan.declared.ValuesRead(live.Settings), diags
		return asgardeo.Change{Want: done.want}, nil
	})
	done.Written = written
	return done, err
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
	if on, known := f.want[setting].Bool(); known {
		before = portal.ValueOf(!on)
	}
	return transition(setting, before, valueText(f.want[setting]))
}
