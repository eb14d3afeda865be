package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// myAccountTwoFactor is the second factors of an organization's portal, and what goes with them.
var myAccountTwoFactor = &settingsKind{
	typeName:  "asgardeo_my_account_two_factor",
	thing:     "two-factor settings",
	settings:  asgardeo.TwoFactor(),
	hasSender: true,
	defaults:  "everything is off, and in the application the organization's own setting for TOTP enrollment holds",

	resourceDescription: "Chooses the second factors that an organization's My Account portal asks its users for, and what goes with " +
		"them. The settings exist in every organization, so the resource takes them over. It owns those that the configuration " +
		"declares, and only those: a setting that is left out is not kept in the state and not changed. At least one must be declared.",
	dataDescription: "Reads the second factors of an organization's My Account portal, and what goes with them.",
}

func newMyAccountTwoFactorResource() resource.Resource {
	return &settingsResource{settingsKind: myAccountTwoFactor}
}

func newMyAccountTwoFactorDataSource() datasource.DataSource {
	return &settingsDataSource{settingsKind: myAccountTwoFactor}
}

func newMyAccountTwoFactorListResource() list.ListResource {
	return myAccountTwoFactor.newListResource()
}
