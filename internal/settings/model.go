package settings

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// model is a configuration, plan or state of the resource.
type model struct {
	organization, api, url, onDestroy types.String
	smsSender                         types.String // the sender that SMS OTP needs, as the configuration refers to it
	declared                          handover.Declared
	timeouts                          timeouts.Value
}

// access reads an attribute of a configuration, a plan or a state into a variable, or writes it.
type access = func(ctx context.Context, at path.Path, value any) diag.Diagnostics

func (k *Kind) get(ctx context.Context, getAttribute access) (model, diag.Diagnostics) {
	var diags diag.Diagnostics
	get := func(name string, target any) { diags.Append(getAttribute(ctx, path.Root(name), target)...) }
	m := model{declared: handover.Declared{}}
	get("organization", &m.organization)
	get("api", &m.api)
	get("on_destroy", &m.onDestroy)
	get("timeouts", &m.timeouts)
	if k.hasURL {
		get("url", &m.url)
	}
	if k.inLoginFlow {
		get("sms_sender", &m.smsSender)
	}
	for _, setting := range k.settings {
		var value types.Bool
		get(handover.NameOf(setting), &value)
		switch {
		case value.IsUnknown():
			m.declared[setting] = portal.Unknown
		case !value.IsNull():
			m.declared[setting] = portal.ValueOf(value.ValueBool())
		}
	}
	return m, diags
}

// set writes what the provider decides; everything else is as configured.
func (k *Kind) set(ctx context.Context, setAttribute access, m model) diag.Diagnostics {
	var diags diag.Diagnostics
	set := func(name string, value any) { diags.Append(setAttribute(ctx, path.Root(name), value)...) }
	set("organization", m.organization)
	set("api", m.api)
	if k.hasURL {
		set("url", m.url)
	}
	for _, setting := range k.settings {
		value := types.BoolNull()
		switch on, known := m.declared[setting].Bool(); {
		case known:
			value = types.BoolValue(on)
		case m.declared.Has(setting):
			value = types.BoolUnknown()
		}
		set(handover.NameOf(setting), value)
	}
	return diags
}

// place is where the settings are kept. A state without it is older than the choice.
func (m model) place() portal.API {
	return portal.API(cmp.Or(m.api.ValueString(), string(portal.ClassicAPI)))
}

// accountOf returns the settings in the place where a resource has them, or for a call that may be left out, nil.
func (r *kindResource) accountOf(m model) *asgardeo.MyAccount {
	organization, _ := r.Organization(m.organization)
	if organization == nil {
		return nil
	}
	return organization.MyAccount(m.place())
}

// claim is what a resource with this model has, or wants.
func (m model) claim() handover.Claim {
	return handover.Claim{
		Organization: m.organization.ValueString(),
		API:          m.place(),
		Settings:     m.declared.Settings(),
	}
}
