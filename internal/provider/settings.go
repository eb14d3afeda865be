package provider

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

// settingAttribute describes a setting as users write it. Schemas, models, data sources, list resources and messages
// follow from it.
type settingAttribute struct {
	setting     asgardeo.Setting
	description string
	advice      string // for those who set it
}

// name of the attribute.
func (a settingAttribute) name() string {
	return handover.NameOf(a.setting)
}

// settingAttributes are in the Console's order, which is that of messages.
var settingAttributes = []settingAttribute{
	{
		setting:     asgardeo.PortalEnabled,
		description: "Whether users can open the portal.",
	},
	{
		setting:     asgardeo.EmailOTP,
		description: "Whether a one-time passcode sent by email is offered as second factor.",
	},
	{
		setting:     asgardeo.SMSOTP,
		description: "Whether a one-time passcode sent by SMS is offered as second factor.",
		advice:      " It needs the organization's SMS sender (`asgardeo_sms_sender`).",
	},
	{
		setting:     asgardeo.TOTP,
		description: "Whether the passcode of an authenticator app (TOTP) is offered as second factor.",
	},
	{
		setting:     asgardeo.TOTPEnrollment,
		description: "Whether users may enroll an authenticator app during login (TOTP progressive enrollment).",
		advice: " Needs `totp_enabled`. It overrides the organization's own setting for TOTP, which decides if this " +
			"argument is left out.",
	},
	{
		setting:     asgardeo.BackupCodes,
		description: "Whether users may sign in with backup codes.",
		advice:      " Needs at least one of the second factors.",
	},
}

// settingsKind is a group of settings that a resource, a data source and a list resource manage and show together.
type settingsKind struct {
	typeName string
	thing    string // completes "Taking over the … of"
	settings []asgardeo.Setting
	required bool // every setting has to be declared
	hasURL   bool
	// hasSender says that SMS OTP is among the settings: the resource can refer to the SMS sender.
	hasSender bool
	// Descriptions of the resource and of the data source, and what reset means.
	resourceDescription, dataDescription, defaults string
}

func (k *settingsKind) newResource() resource.Resource {
	return &settingsResource{settingsKind: k}
}

func (k *settingsKind) newDataSource() datasource.DataSource {
	return &settingsDataSource{settingsKind: k}
}

// attributes are those of the kind's settings, in the Console's order.
func (k *settingsKind) attributes() []settingAttribute {
	return slices.DeleteFunc(slices.Clone(settingAttributes), func(attribute settingAttribute) bool {
		return !slices.Contains(k.settings, attribute.setting)
	})
}

// inLoginFlow reports whether the settings are a part of the login flow.
func (k *settingsKind) inLoginFlow() bool {
	return slices.Contains(k.settings, asgardeo.TOTP)
}

// transition is one line of a message: what a value is and what it becomes.
func transition(setting asgardeo.Setting, from asgardeo.Value, to string) string {
	return fmt.Sprintf("  %s: %s -> %s", handover.NameOf(setting), valueText(from), to)
}

// valueText is a value as users write it.
func valueText(value asgardeo.Value) string {
	switch value {
	case asgardeo.On, asgardeo.Off:
		return fmt.Sprint(value == asgardeo.On)
	case asgardeo.NotSet:
		return "not set"
	case asgardeo.Unknown:
	}
	return "unknown"
}
