package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// What on_destroy may say.
const (
	onDestroyRestore = "restore"
	onDestroyReset   = "reset"
	onDestroyKeep    = "keep"
)

func onDestroyAttribute(defaults string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "What happens to the settings when the resource is destroyed. They cannot be deleted, only changed:\n\n" +
			"    - `restore` (default): each declared setting that still is what Terraform made of it goes back to what it was when the resource " +
			"was created or imported. What somebody else changed since stays.\n" +
			"    - `reset`: the declared settings go to Asgardeo's defaults: " + defaults + ".\n" +
			"    - `keep`: nothing is changed; Terraform only forgets the resource.\n\n" +
			"    The plan lists what will be written. The value that counts is the one last applied.",
		Validators: []validator.String{choiceValidator("on_destroy", onDestroyRestore, onDestroyReset, onDestroyKeep)},
	}
}

// handover is what destroy does with the settings.
type handover struct {
	mode     string
	declared flags
	taken    snapshot
	account  *asgardeo.MyAccount // nil in a plan that cannot reach the server
	// noSender says that SMS OTP could not send anything: it is not put back on.
	noSender bool
	// unmet are settings that are not put back on, because what they need is off.
	unmet []asgardeo.Violation
	// custom is why a login flow that somebody has changed cannot be put back.
	custom *asgardeo.Error
}

func newHandover(mode types.String, declared flags, taken snapshot, account *asgardeo.MyAccount) handover {
	h := handover{mode: mode.ValueString(), declared: declared, taken: taken, account: account}
	if h.mode == "" {
		h.mode = onDestroyRestore
	}
	return h
}

// forgotten reports that there is nothing to restore from: the state has no record of the earlier values.
func (h *handover) forgotten() bool {
	return h.mode == onDestroyRestore && len(h.taken.Settings) == 0
}

// decide is what is written of what was read. It notes what will not be put back, and why.
func (h *handover) decide(live *asgardeo.Reading, noSender func() bool) (asgardeo.Change, error) {
	if !h.noSender && h.want(live.Settings)[asgardeo.SMSOTP] == asgardeo.On {
		h.noSender = noSender()
	}
	change := asgardeo.Change{Want: h.want(live.Settings)}
	if h.mode == onDestroyRestore {
		change.Origin = h.taken.Origin
	}
	err := live.Accepts(change)
	if isKind(err, asgardeo.CustomFlow) {
		h.custom, _ = errors.AsType[*asgardeo.Error](err)
		return asgardeo.Change{}, nil
	}
	h.custom = nil
	return change, err
}

// want decides what is written. Settings that depend on one that goes off go off with it, also undeclared ones; a
// setting whose precondition is not met anymore is not switched on again.
func (h *handover) want(live asgardeo.Settings) asgardeo.Settings {
	want := asgardeo.Settings{}
	h.unmet = nil
	for _, setting := range h.declared.declared() {
		value := live[setting]
		if value == asgardeo.Unknown {
			continue
		}
		target := h.target(setting, value)
		if target == asgardeo.NotSet && value == asgardeo.Off && live[asgardeo.TOTP] == asgardeo.Off {
			continue // without TOTP, enrollment has no value that could be taken away
		}
		if target != asgardeo.Unknown && target != value {
			want[setting] = target
		}
	}
	after := maps.Clone(live)
	maps.Copy(after, want)
	preexisting := asgardeo.Violations(live.Known())
	for _, violation := range asgardeo.Violations(after.Known()) {
		if slices.ContainsFunc(preexisting, func(v asgardeo.Violation) bool { return v.Setting == violation.Setting }) {
			continue // not of our making
		}
		if live[violation.Setting] == asgardeo.On {
			want[violation.Setting] = asgardeo.Off
		} else {
			delete(want, violation.Setting)
			h.unmet = append(h.unmet, violation)
		}
	}
	return want
}

// target returns what a declared setting goes to, or nothing where it stays.
func (h *handover) target(setting asgardeo.Setting, live asgardeo.Value) asgardeo.Value {
	switch {
	case setting == asgardeo.SMSOTP && h.noSender && live == asgardeo.Off:
		return asgardeo.Unknown
	case h.mode == onDestroyReset && h.account != nil:
		return h.account.Initial(setting)
	case h.mode == onDestroyRestore && h.taken.untouched(setting, live):
		return h.taken.before(setting)
	}
	return asgardeo.Unknown
}

// planDestroy announces in the plan what destroying the resource will write.
func (k *settingsKind) planDestroy(
	ctx context.Context, data *providerData, state settingsModel, private privateState, diags *diag.Diagnostics,
) {
	if data == nil {
		return
	}
	name := state.organization.ValueString()
	account := data.account(state.organization, state.api)
	taken, loaded := k.loadSnapshot(ctx, private, name, account)
	diags.Append(loaded...)
	toNew, toOld := k.planLeaving(ctx, data, state, taken, private)
	mine := state.flags.without(toNew, toOld)
	taken, inherited := data.inherit(name, placeOf(state.api), mine.declared(), taken)
	if len(inherited) > 0 {
		diags.Append(taken.save(ctx, private)...)
	}
	h := newHandover(state.onDestroy, mine, taken, account)
	if !data.applies() { // of a deposed object, the destruction is planned once more in the apply
		diags.Append(h.announceLeaving(k, toNew, toOld, name)...)
	}
	if loaded.HasError() || h.mode == onDestroyKeep || len(h.declared) == 0 {
		return
	}
	var live *asgardeo.Reading
	noSender := func() bool { return false }
	if account != nil && !h.forgotten() {
		// Where the server does not answer, the announcement must do with the state: the destroy itself will tell.
		live, _ = account.Recent(ctx, asgardeo.WithRelated(h.declared.declared())...)
		noSender = func() bool { return losesSender(data, name) || planLacksSender(ctx, data, account.Organization) }
	}
	if live == nil {
		live = &asgardeo.Reading{Settings: state.flags.wanted()}
	}
	change, err := h.decide(live, noSender)
	if err != nil {
		addError(diags, "plan handing back the "+k.thing, err)
		return
	}
	saveWithoutSender(ctx, private, h.noSender)
	if value, changes := change.Want[asgardeo.SMSOTP]; changes {
		diags.Append(planSMSOTPAfterDestroy(data, name, value)...)
	}
	data.notes(name, placeOf(state.api), slices.Collect(maps.Keys(change.Want)),
		func(_ asgardeo.Setting, notes *settingNotes) { notes.undone = true })
	diags.Append(k.announceHandover(&h, live, change, name)...)
}

// destroy hands the settings back. A failure keeps the state, so that the next destroy tries again.
func (k *settingsKind) destroy(
	ctx context.Context, data *providerData, state settingsModel, private privateState, diags *diag.Diagnostics,
) {
	name := state.organization.ValueString()
	account := data.account(state.organization, state.api)
	taken, loaded := k.loadSnapshot(ctx, private, name, account)
	diags.Append(loaded...)
	done, err := data.turn(ctx, name)
	if err != nil {
		addError(diags, "hand back the "+k.thing, err)
		return
	}
	defer done()
	succeeded := data.those(name, placeOf(state.api), state.flags.declared(), func(n *settingNotes) bool { return n.taken })
	h := newHandover(state.onDestroy, k.leave(ctx, data, state, taken, private), taken, account)
	if loaded.HasError() || h.mode == onDestroyKeep {
		return
	}
	diags.Append(k.announceSuccession(&h, succeeded, name)...)
	if len(h.declared) == 0 {
		return
	}
	if h.forgotten() {
		diags.AddWarning(fmt.Sprintf("Nothing to restore for the %s of %q", k.thing, name),
			"The state has no record of what the settings were before Terraform, so they stay as they are.")
		return
	}
	if data.use(state.organization, diags) == nil { // which says why there is no account
		return
	}
	var change asgardeo.Change
	noSender := sync.OnceValue(func() bool {
		return plannedWithoutSender(ctx, private) || lacksSender(ctx, data, account.Organization)
	})
	written, err := account.Write(ctx, h.declared.declared(), func(live *asgardeo.Reading) (asgardeo.Change, error) {
		var err error
		change, err = h.decide(live, noSender)
		return change, err
	})
	if left := h.stayOff(); len(left) > 0 {
		diags.AddWarning(fmt.Sprintf("Not all %s of %q are restored", k.thing, name), strings.Join(left, "\n"))
	}
	if h.custom != nil {
		diags.AddWarning(fmt.Sprintf("The login flow of %q is not restored", name), customFlowLeft(h.custom))
	}
	if err != nil {
		taken.record(change.Want, written.Changed, written.Uncertain)
		diags.Append(taken.save(ctx, private)...)
		k.addWriteError(diags, "hand back the "+k.thing, err, change.Want, written,
			"Already written:\n\n%s\n\nThe resource stays in the state; the next destroy continues from there.")
		return
	}
	diags.Append(deleteSenderThatStayed(ctx, data, account.Organization)...)
}
