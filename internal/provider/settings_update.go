package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

// update writes what the plan changes, and whatever else the plan declares in the same stored documents: the state will
// say so. It returns what is reached, also when it fails half-way.
func (r *settingsResource) update(
	ctx context.Context, account *asgardeo.MyAccount, state, plan settingsModel, private privateState,
) (handover.Declared, diag.Diagnostics) {
	prior := state.declared
	earlier, diags := r.loadRecord(ctx, private, account.Name(), account)
	changed := plan.declared.Changing(prior, nil)
	if diags.HasError() || len(changed) == 0 {
		return prior, diags
	}
	action := "update the " + r.thing
	endTurn, err := r.data.Turn(ctx, account.Name())
	if err != nil {
		addError(&diags, action, err)
		return prior, diags
	}
	defer endTurn()
	check, missing := r.checkBeforeWrite(ctx, account, plan, prior)
	if missing.HasError() {
		return prior, append(diags, missing...)
	}
	var warnings diag.Diagnostics
	var found, want asgardeo.Settings
	written, err := account.Write(ctx, changed, func(live *asgardeo.Reading) (asgardeo.Change, error) {
		var refused error
		if warnings, refused = check(live); refused != nil {
			return asgardeo.Change{}, refused
		}
		found, want = live.Settings, plan.declared.ValuesRead(live.Settings)
		return asgardeo.Change{Want: want}, nil
	})
	diags.Append(warnings...)
	overtaken := slices.DeleteFunc(slices.Clone(written.Changed), func(setting asgardeo.Setting) bool {
		_, wanted := want[setting]
		return !wanted || !prior.Has(setting) || prior[setting] == found[setting]
	})
	diags.Append(r.announceOvertaken(account.Name(), overtaken, found, want)...)
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
		r.data.deleteSenderThatStayed(ctx, account.Organization, &diags)
	}
	return prior.With(plan.declared, reached), diags
}

// announceOvertaken warns of what somebody else has set since the plan, and the apply has changed back.
func (r *settingsResource) announceOvertaken(
	organization string, overtaken []asgardeo.Setting, found, want asgardeo.Settings,
) diag.Diagnostics {
	var lines []string
	for _, setting := range overtaken {
		lines = append(lines, transition(setting, found[setting], valueText(want[setting])))
	}
	if len(lines) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		fmt.Sprintf("The %s of %q changed outside Terraform", r.thing, organization),
		fmt.Sprintf(changedOutside, strings.Join(lines, "\n")))}
}
