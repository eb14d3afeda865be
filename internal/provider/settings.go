package provider

import (
	"fmt"
	"slices"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// settingAttribute describes a setting as users write it. Schemas, models, data sources, list resources and messages
// follow from it.
type settingAttribute struct {
	setting     asgardeo.Setting
	name        string // of the attribute
	description string
	advice      string // for those who set it
}

// settingAttributes are in the Console's order, which is that of messages.
var settingAttributes = []settingAttribute{
	{
		setting: asgardeo.PortalEnabled, name: "enabled",
		description: "Whether users can open the portal.",
	},
	{
		setting: asgardeo.EmailOTP, name: "email_otp_enabled",
		description: "Whether a one-time passcode sent by email is offered as second factor.",
	},
	{
		setting: asgardeo.SMSOTP, name: "sms_otp_enabled",
		description: "Whether a one-time passcode sent by SMS is offered as second factor.",
		advice:      " It needs the organization's SMS sender (`asgardeo_sms_sender`).",
	},
	{
		setting: asgardeo.TOTP, name: "totp_enabled",
		description: "Whether the passcode of an authenticator app (TOTP) is offered as second factor.",
	},
	{
		setting: asgardeo.TOTPEnrollment, name: "totp_enrollment_enabled",
		description: "Whether users may enroll an authenticator app during login (TOTP progressive enrollment).",
		advice:      " Needs `totp_enabled`. It overrides the organization's own setting for TOTP, which decides if this argument is left out.",
	},
	{
		setting: asgardeo.BackupCodes, name: "backup_codes_enabled",
		description: "Whether users may sign in with backup codes.",
		advice:      " Needs at least one of the second factors.",
	},
}

// attributeNames are the settings' names in configuration.
var attributeNames = func() map[asgardeo.Setting]string {
	names := map[asgardeo.Setting]string{}
	for _, attribute := range settingAttributes {
		names[attribute.setting] = attribute.name
	}
	return names
}()

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

// attributes are those of the kind's settings, in the Console's order.
func (k *settingsKind) attributes() []settingAttribute {
	return slices.DeleteFunc(slices.Clone(settingAttributes), func(attribute settingAttribute) bool {
		return !slices.Contains(k.settings, attribute.setting)
	})
}

// transition is one line of a warning: what a value is and what it becomes.
func transition(setting asgardeo.Setting, from asgardeo.Value, to string) string {
	return fmt.Sprintf("  %s: %s -> %s", attributeNames[setting], valueText(from), to)
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

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
