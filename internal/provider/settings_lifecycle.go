package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// completed is a plan with what is known after its apply.
func (r *settingsResource) completed(plan settingsModel, account *asgardeo.MyAccount) settingsModel {
	plan.api = types.StringValue(string(account.API()))
	plan.url = r.data.portalURL(plan.organization)
	return plan
}

// read refreshes the declared settings. Right after an import nothing is declared: all settings are read then, and
// recorded as what was found. It reports whether there is something to save.
func (k *settingsKind) read(
	ctx context.Context, data *providerData, state *settingsModel, private privateState, diags *diag.Diagnostics,
) bool {
	imported := len(state.flags.declared()) == 0 && !recorded(ctx, private)
	if !data.ready() && !imported {
		diags.Append(data.notRefreshed(k.thing, state.organization))
		return false
	}
	organization := data.use(state.organization, diags)
	if organization == nil {
		return false
	}
	account := organization.MyAccount(placeOf(state.api))
	if !imported { // before the call, so that no other resource misses it
		k.noteState(ctx, data, *state, private)
	}
	// Another resource of this run may have read the same document a moment ago.
	live, err := account.Recent(ctx, k.settings...)
	if isGone(err) && account.API() != data.myAccountAPI {
		// The place is gone that the state has the settings in, and the provider wants them in the other one. The plan moves
		// them there.
		diags.AddWarning(fmt.Sprintf("The %s of %q: not refreshed", k.thing, account.Name()), explain(err))
		return false
	}
	if err != nil {
		addError(diags, "read the "+k.thing, err)
		return false
	}
	state.api = types.StringValue(string(account.API()))
	state.url = data.portalURL(state.organization)
	if !imported {
		state.flags.fill(live.Settings, false)
		return true
	}
	state.flags.fill(live.Shown(), true)
	taken := newSnapshot(account)
	taken.Origin = k.origin(live)
	for _, setting := range k.settings {
		taken.found(setting, live.Settings[setting])
	}
	diags.Append(taken.save(ctx, private)...)
	k.noteState(ctx, data, *state, private)
	return !diags.HasError()
}

// isGone reports that a server has nothing where the settings would be.
func isGone(err error) bool {
	return isKind(err, asgardeo.FeatureMissing) || isKind(err, asgardeo.ApplicationMissing) || isKind(err, asgardeo.SwitchMissing)
}

// origin is what handing back needs to know beside the values. It is about second factors alone.
func (k *settingsKind) origin(live *asgardeo.Reading) string {
	if !slices.Contains(k.settings, asgardeo.TOTP) {
		return ""
	}
	return live.Origin()
}

// takeover is what a resource is about to manage, and why.
type takeover struct {
	account *asgardeo.MyAccount
	planned flags
	sender  types.String // the SMS sender that the configuration refers to
	action  string       // completes "Unable to …"
	failure string       // what comes of a takeover that failed half-way
}

func (k *settingsKind) creation(account *asgardeo.MyAccount, plan settingsModel) takeover {
	return takeover{account, plan.flags, plan.smsSender, "create the " + k.thing,
		"Nothing is kept in the state. The next apply continues from there, and takes these values for what was there " +
			"before Terraform: on_destroy = \"restore\" will leave them so."}
}

// move is a takeover by a resource that had its settings in the other place.
func (k *settingsKind) move(account *asgardeo.MyAccount, plan settingsModel) takeover {
	return takeover{account, plan.flags, plan.smsSender, fmt.Sprintf("move the %s to %s", k.thing, placeNames[account.API()]),
		"The state still has them in the other place. The next apply continues from there, and takes these values for " +
			"what was there before Terraform: on_destroy = \"restore\" will leave them so."}
}

// takeOver begins to manage settings. Of a create that fails no state is kept: Terraform would destroy the resource
// before it tries again. So what it wrote is put back, that nothing is left to remember.
func (k *settingsKind) takeOver(
	ctx context.Context, data *providerData, t takeover, private privateState,
) diag.Diagnostics {
	var diags, judgement diag.Diagnostics
	done, err := data.turn(ctx, t.account.Name())
	if err != nil {
		addError(&diags, t.action, err)
		return diags
	}
	defer done()
	check, missing := data.lastLook(ctx, t.account, t.sender, nil, t.planned)
	if missing.HasError() {
		return append(diags, missing...)
	}
	taken, want := newSnapshot(t.account), t.planned.wanted()
	written, err := t.account.Write(ctx, t.planned.declared(), func(live *asgardeo.Reading) (asgardeo.Change, error) {
		var err error
		if judgement, err = check(live); err != nil {
			return asgardeo.Change{}, err
		}
		taken = newSnapshot(t.account)
		taken.Origin = k.origin(live)
		for setting, value := range want {
			taken.found(setting, live.Settings[setting])
			taken.set(setting, value)
		}
		return asgardeo.Change{Want: want}, nil
	})
	diags.Append(judgement...)
	taken, inherited := data.inherit(t.account.Name(), t.account.API(), t.planned.declared(), taken)
	if err != nil {
		data.gaveUp(t.account, t.planned.declared())
		written.Changed = append(written.Changed, inherited...) // by the resource that this one replaces
		k.addWriteError(&diags, t.action, err, want, written, k.putBack(ctx, t, taken, written))
		return diags
	}
	data.took(t.account, t.planned.declared())
	diags.Append(taken.save(ctx, private)...)
	diags.Append(deleteSenderThatStayed(ctx, data, t.account.Organization)...)
	return diags
}

// putBackFor bounds an attempt that nobody waits for: the create has failed already.
const putBackFor = 20 * time.Second

// putBack undoes what a create has written before it failed, and says what came of that.
func (k *settingsKind) putBack(ctx context.Context, t takeover, taken snapshot, written asgardeo.Written) string {
	settings := append(slices.Clone(written.Changed), written.Uncertain...)
	if len(settings) == 0 {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), putBackFor)
	defer cancel()
	_, err := t.account.Write(ctx, settings, func(live *asgardeo.Reading) (asgardeo.Change, error) {
		want := asgardeo.Settings{}
		for _, setting := range settings {
			if current := live.Settings[setting]; taken.untouched(setting, current) && taken.before(setting) != current {
				want[setting] = taken.before(setting)
			}
		}
		return asgardeo.Change{Want: want, Origin: taken.Origin}, nil
	})
	if err != nil {
		return "Already written:\n\n%s\n\nPutting that back has failed, too. " + t.failure
	}
	return "Written before that, and put back again:\n\n%s\n\nThe settings are what they were. The next apply starts anew."
}

// update writes what the plan changes, and whatever else the plan declares in the same stored documents: the state will
// say so. It turns prior into the state that is reached also when it fails half-way.
func (k *settingsKind) update(
	ctx context.Context, data *providerData, account *asgardeo.MyAccount, prior flags, plan settingsModel, private privateState,
) diag.Diagnostics {
	planned := plan.flags
	earlier, diags := k.loadSnapshot(ctx, private, account.Name(), account)
	changed := planned.changedFrom(prior)
	if diags.HasError() || len(changed) == 0 {
		return diags
	}
	done, err := data.turn(ctx, account.Name())
	if err != nil {
		addError(&diags, "update the "+k.thing, err)
		return diags
	}
	defer done()
	var judgement diag.Diagnostics
	var overtaken map[asgardeo.Setting]string
	taken := earlier
	check, missing := data.lastLook(ctx, account, plan.smsSender, prior, planned)
	if missing.HasError() {
		return append(diags, missing...)
	}
	written, err := account.Write(ctx, changed, func(live *asgardeo.Reading) (asgardeo.Change, error) {
		var err error
		if judgement, err = check(live); err != nil {
			return asgardeo.Change{}, err
		}
		taken, overtaken = earlier.clone(), map[asgardeo.Setting]string{}
		want := planned.among(live.Settings)
		for setting, value := range want {
			current := live.Settings[setting]
			switch {
			case !prior.has(setting) && !taken.untouched(setting, current):
				taken.found(setting, current)
			case prior.has(setting) && current != asgardeo.ValueOf(prior[setting].ValueBool()):
				overtaken[setting] = transition(setting, current, valueText(value))
			}
		}
		return asgardeo.Change{Want: want}, nil
	})
	diags.Append(judgement...)
	var lines []string
	for _, setting := range written.Changed {
		if line, ok := overtaken[setting]; ok {
			lines = append(lines, line)
		}
	}
	if len(lines) > 0 {
		diags.AddWarning(fmt.Sprintf("The %s of %q changed outside Terraform", k.thing, account.Name()), fmt.Sprintf(
			"Since the plan was made, somebody else changed settings that it declares. Applying the plan changed them to "+
				"what it says:\n\n%s", strings.Join(lines, "\n")))
	}
	reached := slices.Clone(written.Changed)
	if err == nil {
		reached = append(reached, changed...) // one that was right already needed no write
	}
	data.took(account, slices.DeleteFunc(slices.Clone(reached), prior.has)) // what it declares anew
	for _, setting := range reached {
		prior[setting] = planned[setting]
	}
	taken.record(planned.wanted(), reached, written.Uncertain)
	diags.Append(taken.save(ctx, private)...)
	if err != nil {
		k.addWriteError(&diags, "update the "+k.thing, err, planned.wanted(), written, "Already written:\n\n%s\n\nThe state records it.")
		return diags
	}
	diags.Append(deleteSenderThatStayed(ctx, data, account.Organization)...)
	return diags
}

// lastLook returns the check right before a write, which judges with what is live then what the plan could not see. An SMS
// sender that is needed for certain is looked for at once, so that this call does not come between a read and its write.
func (d *providerData) lastLook(
	ctx context.Context, account *asgardeo.MyAccount, smsSender types.String, prior, planned flags,
) (check func(live *asgardeo.Reading) (diag.Diagnostics, error), missing diag.Diagnostics) {
	sender := senderOnce(ctx, d, account.Organization, smsSetting(smsSender))
	if planned.known()[asgardeo.SMSOTP] && slices.Contains(planned.changing(prior, nil), asgardeo.SMSOTP) {
		missing = sender()
	}
	return func(live *asgardeo.Reading) (diag.Diagnostics, error) {
		effective, changing := planned.effective(live.Settings), planned.changing(prior, live.Settings)
		judgement := judge(effective, planned, changing, account.Name())
		if !judgement.HasError() && effective[asgardeo.SMSOTP] && slices.Contains(changing, asgardeo.SMSOTP) {
			judgement.Append(sender()...)
		}
		if judgement.HasError() {
			return nil, refusal{judgement}
		}
		return judgement, nil
	}, missing
}
