package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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
		Validators: []validator.String{stringvalidator.OneOf(onDestroyRestore, onDestroyReset, onDestroyKeep)},
	}
}

// handover is what destroy does with the settings.
type handover struct {
	mode     string
	declared flags
	taken    snapshot
	// noSender says that SMS OTP could not send anything: it is not put back on.
	noSender bool
}

func newHandover(mode types.String, declared flags, taken snapshot) handover {
	h := handover{mode: mode.ValueString(), declared: declared, taken: taken}
	if h.mode == "" {
		h.mode = onDestroyRestore
	}
	return h
}

// forgotten reports that there is nothing to restore from: the state has no record of the earlier values.
func (h handover) forgotten() bool {
	return h.mode == onDestroyRestore && len(h.taken.Settings) == 0
}

// look asks whether there is an SMS sender, if SMS OTP is about to be put back on.
func (h *handover) look(live asgardeo.Settings, noSender func() bool) {
	if !h.noSender && h.want(live)[asgardeo.SMSOTP] {
		h.noSender = noSender()
	}
}

// want decides what is written. Settings that depend on one that goes off go off with it, also undeclared ones; a setting
// whose precondition is not met anymore is not switched on again.
func (h handover) want(live asgardeo.Settings) map[asgardeo.Setting]bool {
	want := map[asgardeo.Setting]bool{}
	for _, setting := range h.declared.declared() {
		value, read := live[setting]
		if !read {
			continue
		}
		if target, known := h.target(setting, value.On); known && target != value.On {
			want[setting] = target
		}
	}
	after := map[asgardeo.Setting]bool{}
	before := map[asgardeo.Setting]bool{}
	for setting, value := range live {
		before[setting], after[setting] = value.On, value.On
	}
	maps.Copy(after, want)
	preexisting := asgardeo.Violations(before)
	for _, violation := range asgardeo.Violations(after) {
		if slices.ContainsFunc(preexisting, func(v asgardeo.Violation) bool { return v.Setting == violation.Setting }) {
			continue // not of our making
		}
		if live[violation.Setting].On {
			want[violation.Setting] = false
		} else {
			delete(want, violation.Setting)
		}
	}
	return want
}

// target returns what a declared setting goes to.
func (h handover) target(setting asgardeo.Setting, live bool) (on, known bool) {
	switch {
	case setting == asgardeo.SMSOTP && h.noSender && !live:
		return false, false
	case h.mode == onDestroyReset:
		return setting.Default(), true
	case h.mode == onDestroyRestore && h.taken.untouched(setting, live):
		return h.taken.before(setting)
	}
	return false, false
}

// announceHandover warns in a destroy plan of what will be written.
func (l lifecycle) announceHandover(h handover, live asgardeo.Settings, organization string) diag.Diagnostics {
	title := fmt.Sprintf("Destroying the %s of %q", l.thing, organization)
	if h.forgotten() {
		return diag.Diagnostics{diag.NewWarningDiagnostic(title, "The state has no record of what the settings were before Terraform, so on_destroy = \"restore\" "+
			"leaves them as they are. Set on_destroy = \"reset\" and apply before destroying if they should go to Asgardeo's defaults.")}
	}
	want := h.want(live)
	var lines, theirs []string
	for _, setting := range allSettings {
		on, changes := want[setting]
		switch {
		case changes:
			line := transition(setting, live[setting].On, fmt.Sprint(on))
			if !h.declared.has(setting) {
				line += " (not managed here, but it cannot stay on alone)"
			}
			lines = append(lines, line)
		case h.mode == onDestroyRestore && h.declared.has(setting) && h.taken.overtaken(setting, live[setting].On):
			theirs = append(theirs, attributeNames[setting])
		}
	}
	var detail []string
	if len(lines) > 0 {
		what := "back to what they were before Terraform"
		if h.mode == onDestroyReset {
			what = "to Asgardeo's defaults"
		}
		detail = append(detail, fmt.Sprintf("on_destroy = %q changes these settings %s, for every user of the organization:\n\n%s", h.mode, what, strings.Join(lines, "\n")))
	}
	if h.noSender {
		detail = append(detail, noSenderLeft)
	}
	if len(theirs) > 0 {
		detail = append(detail, fmt.Sprintf("Changed outside Terraform, and therefore left as they are: %s.", strings.Join(theirs, ", ")))
	}
	if len(detail) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(title, strings.Join(detail, "\n\n"))}
}

const noSenderLeft = "sms_otp_enabled stays off, although it was on before Terraform: the organization has no SMS sender anymore that SMS OTP could use."

// planDestroy announces in the plan what destroying the resource will write.
func (l lifecycle) planDestroy(ctx context.Context, data *providerData, state settingsState, diags *diag.Diagnostics) {
	if data == nil {
		return
	}
	name := state.organization.ValueString()
	taken, loaded := l.loadSnapshot(ctx, state.private, name)
	diags.Append(loaded...)
	h := newHandover(state.onDestroy, data.leave(name, state.flags), taken)
	if loaded.HasError() || h.mode == onDestroyKeep || len(h.declared) == 0 {
		return
	}
	var live asgardeo.Settings
	if organization := data.reach(name); organization != nil && !h.forgotten() {
		// Where the server does not answer, the announcement must do with the state: the destroy itself will tell.
		live, _ = organization.Recent(ctx, asgardeo.WithRelated(h.declared.declared())...)
		h.look(live, func() bool { return data.plansNoSender(ctx, organization) })
	}
	if live == nil {
		live = asgardeo.Settings{}
		for setting, on := range state.flags.known() {
			live[setting] = asgardeo.Value{On: on, Stored: true}
		}
	}
	diags.Append(l.announceHandover(h, live, state.organization.ValueString())...)
}

// destroy hands the settings back. A failure keeps the state, so that the next destroy tries again.
func (l lifecycle) destroy(ctx context.Context, data *providerData, state settingsState, diags *diag.Diagnostics) {
	name := state.organization.ValueString()
	taken, loaded := l.loadSnapshot(ctx, state.private, name)
	diags.Append(loaded...)
	done, err := data.takeover(ctx, name)
	if err != nil {
		addError(diags, "hand back the "+l.thing, err)
		return
	}
	defer done()
	h := newHandover(state.onDestroy, data.leave(name, state.flags), taken)
	if loaded.HasError() || h.mode == onDestroyKeep {
		return
	}
	defer func() { diags.Append(l.announceSuccession(h, state.flags, name)...) }()
	if len(h.declared) == 0 {
		return
	}
	if h.forgotten() {
		diags.AddWarning(fmt.Sprintf("Nothing to restore for the %s of %q", l.thing, name),
			"The state has no record of what the settings were before Terraform, so they stay as they are.")
		return
	}
	organization := data.use(state.organization, diags)
	if organization == nil {
		return
	}
	var want map[asgardeo.Setting]bool
	written, err := organization.Write(ctx, h.declared.declared(), func(live asgardeo.Settings) map[asgardeo.Setting]bool {
		h.look(live, func() bool { return data.noSender(ctx, organization) })
		want = h.want(live)
		return want
	}, nil)
	if h.noSender {
		diags.AddWarning(fmt.Sprintf("SMS OTP of %q is not restored", name), upperFirst(noSenderLeft))
	}
	if err != nil {
		taken.record(want, written.Changed, written.Uncertain)
		diags.Append(taken.save(ctx, state.private)...)
		l.addWriteError(diags, "hand back the "+l.thing, err, want, written, "The resource stays in the state; the next destroy continues from there.")
	}
}

// announceSuccession says what is forgotten about settings that another resource took before this one left them.
func (l lifecycle) announceSuccession(h handover, declared flags, organization string) diag.Diagnostics {
	var lines []string
	for _, setting := range declared.declared() {
		before, known := h.taken.before(setting)
		if known && h.mode == onDestroyRestore && !h.declared.has(setting) && before != declared[setting].ValueBool() {
			lines = append(lines, fmt.Sprintf("  %s = %t", attributeNames[setting], before))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(fmt.Sprintf("Another resource has the %s of %q now", l.thing, organization), fmt.Sprintf(
		"It took them over before this one was destroyed. So these settings stay as they are, and destroying it later will not bring back what they were before Terraform:\n\n%s\n\n"+
			"To rename a resource, use a moved block: it keeps the record.", strings.Join(lines, "\n")))}
}
