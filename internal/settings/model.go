package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// settingsModel is a configuration, plan or state of the resource.
type settingsModel struct {
	organization, api, url, onDestroy types.String
	smsSender                         types.String // the sender that SMS OTP needs, as the configuration refers to it
	declared                          handover.Declared
	timeouts                          timeouts.Value
}

// attributeReader is a configuration, a plan or a state.
type attributeReader interface {
	GetAttribute(ctx context.Context, path path.Path, target any) diag.Diagnostics
}

// attributeWriter is a plan or a state.
type attributeWriter interface {
	SetAttribute(ctx context.Context, path path.Path, value any) diag.Diagnostics
}

func (k *Kind) get(ctx context.Context, from attributeReader) (settingsModel, diag.Diagnostics) {
	var diags diag.Diagnostics
	get := func(name string, target any) { diags.Append(from.GetAttribute(ctx, path.Root(name), target)...) }
	model := settingsModel{declared: handover.Declared{}}
	get("organization", &model.organization)
	get("api", &model.api)
	get("on_destroy", &model.onDestroy)
	get("timeouts", &model.timeouts)
	if k.hasURL {
		get("url", &model.url)
	}
	if k.hasSender {
		get("sms_sender", &model.smsSender)
	}
	for _, attribute := range k.AttributesOf() {
		var value types.Bool
		get(attribute.Name(), &value)
		switch {
		case value.IsUnknown():
			model.declared[attribute.Setting] = portal.Unknown
		case !value.IsNull():
			model.declared[attribute.Setting] = portal.ValueOf(value.ValueBool())
		}
	}
	return model, diags
}

// set writes what the provider decides; everything else is as configured.
func (k *Kind) set(ctx context.Context, to attributeWriter, model settingsModel) diag.Diagnostics {
	var diags diag.Diagnostics
	set := func(name string, value any) { diags.Append(to.SetAttribute(ctx, path.Root(name), value)...) }
	set("organization", model.organization)
	set("api", model.api)
	if k.hasURL {
		set("url", model.url)
	}
	for _, attribute := range k.AttributesOf() {
		value := types.BoolNull()
		switch on, known := model.declared[attribute.Setting].Bool(); {
		case known:
			value = types.BoolValue(on)
		case model.declared.Has(attribute.Setting):
			value = types.BoolUnknown()
		}
		set(attribute.Name(), value)
	}
	return diags
}

// claim is what a resource with this model has, or wants.
func (m settingsModel) claim() handover.Claim {
	return handover.Claim{
		Organization: m.organization.ValueString(), API: session.PlaceOf(m.api), Settings: m.declared.Settings(),
	}
}
