package settings

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// Attribute describes a setting as users write it. Schemas, models, data sources, list resources and messages
// follow from it.
type Attribute struct {
	Setting     portal.Setting
	Description string
	advice      string // for those who set it
}

// Name of the attribute.
func (a Attribute) Name() string {
	return handover.NameOf(a.Setting)
}

// Attributes are in the Console's order, which is that of messages.
var Attributes = []Attribute{
	{
		Setting:     portal.PortalEnabled,
		Description: "Whether users can open the portal.",
	},
	{
		Setting:     portal.EmailOTP,
		Description: "Whether a one-time passcode sent by email is offered as second factor.",
	},
	{
		Setting:     portal.SMSOTP,
		Description: "Whether a one-time passcode sent by SMS is offered as second factor.",
		advice:      " It needs the organization's SMS sender (`asgardeo_sms_sender`).",
	},
	{
		Setting:     portal.TOTP,
		Description: "Whether the passcode of an authenticator app (TOTP) is offered as second factor.",
	},
	{
		Setting:     portal.TOTPEnrollment,
		Description: "Whether users may enroll an authenticator app during login (TOTP progressive enrollment).",
		advice: " Needs `totp_enabled`. It overrides the organization's own setting for TOTP, which decides if this " +
			"argument is left out.",
	},
	{
		Setting:     portal.BackupCodes,
		Description: "Whether users may sign in with backup codes.",
		advice:      " Needs at least one of the second factors.",
	},
}

// Kind is a group of settings that a resource, a data source and a list resource manage and show together.
type Kind struct {
	TypeName string
	thing    string // completes "Taking over the … of"
	settings []portal.Setting
	required bool // every setting has to be declared
	hasURL   bool
	// hasSender says that SMS OTP is among the settings: the resource can refer to the SMS sender.
	hasSender bool
	// Descriptions of the resource and of the data source, and what reset means.
	resourceDescription, dataDescription, defaults string
}

func (k *Kind) NewResource() resource.Resource {
	return &settingsResource{Kind: k}
}

func (k *Kind) NewDataSource() datasource.DataSource {
	return &settingsDataSource{Kind: k}
}

// AttributesOf are those of the kind's settings, in the Console's order.
func (k *Kind) AttributesOf() []Attribute {
	return slices.DeleteFunc(slices.Clone(Attributes), func(attribute Attribute) bool {
		return !slices.Contains(k.settings, attribute.Setting)
	})
}

// inLoginFlow reports whether the settings are a part of the login flow.
func (k *Kind) inLoginFlow() bool {
	return slices.Contains(k.settings, portal.TOTP)
}

// transition is one line of a message: what a value is and what it becomes.
func transition(setting portal.Setting, from portal.Value, to string) string {
	return fmt.Sprintf("  %s: %s -> %s", handover.NameOf(setting), valueText(from), to)
}

// valueText is a value as users write it.
func valueText(value portal.Value) string {
	switch value {
	case portal.On, portal.Off:
		return fmt.Sprint(value == portal.On)
	case portal.NotSet:
		return "not set"
	case portal.Unknown:
	}
	return "unknown"
}
