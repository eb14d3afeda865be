package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

// refresh reads the declared settings. Right after an import nothing is declared: all settings are read then, and
// recorded as what was found. It returns nil where the state stays as it is.
func (r *settingsResource) refresh(
	ctx context.Context, state settingsModel, private privateState,
) (*settingsModel, diag.Diagnostics) {
	var diags diag.Diagnostics
	imported := len(state.declared) == 0 && !recorded(ctx, private)
	if !r.data.ready() && !imported {
		return nil, diag.Diagnostics{r.data.notRefreshed(r.thing, state.organization)}
	}
	organization := r.data.use(state.organization, &diags)
	if organization == nil {
		return nil, diags
	}
	account := organization.MyAccount(placeOf(state.api))
	if !imported { // before the call, so that no other resource misses it
		r.noteState(ctx, state, private)
	}
	// Another resource of this run may have read the same document a moment ago.
	live, err := account.Recent(ctx, r.settings...)
	if isGone(err) && account.API() != r.data.myAccountAPI {
		// The place is gone that the state has the settings in, and the provider wants them in the other one. The plan
		// moves them there.
		diags.AddWarning(fmt.Sprintf("The %s of %q: not refreshed", r.thing, account.Name()), explain(err))
		return nil, diags
	}
	if err != nil {
		addError(&diags, "read the "+r.thing, err)
		return nil, diags
	}
	state.api = types.StringValue(string(account.API()))
	state.url = r.data.portalURL(state.organization)
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
func (k *settingsKind) allOf(live *asgardeo.Reading) handover.Declared {
	declared := handover.Declared{}
	for _, setting := range k.settings {
		if on, known := live.Shown()[setting].Bool(); known {
			declared[setting] = asgardeo.ValueOf(on)
		}
	}
	return declared
}

// isGone reports that a server has nothing where the settings would be.
func isGone(err error) bool {
	return isKind(err, asgardeo.FeatureMissing) || isKind(err, asgardeo.ApplicationMissing) ||
		isKind(err, asgardeo.SwitchMissing)
}
